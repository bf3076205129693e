//! Before a tick: has the clock gone back, has the office other hours? Then what
//! was put off by the former ones is looked at again.
use super::{Engine, Fault};
use crate::{
    domain::calendar::{Calendar, days_after},
    store::{self, clock::Reach},
};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use std::sync::atomic::Ordering;

/// A clock may be put right by so much without a word; two processes on one
/// database may differ by it.
const CLOCK_SLACK_MINUTES: i64 = 5;
/// How far the clock has come is noted so often.
const CLOCK_NOTED_MINUTES: i64 = 10;

/// No claim is made for longer than two minutes.
const CLAIMS_REACH_MINUTES: i64 = 5;
/// No back-off of ours is longer than a quarter of an hour; a platform that has asked
/// for more than this asks again.
const WAITS_REACH_MINUTES: i64 = 60;

/// How far ahead of that instant of real time anything can honestly be put off.
pub(super) fn reach(now: DateTime<Utc>) -> Reach {
    Reach {
        now,
        claims: now + TimeDelta::minutes(CLAIMS_REACH_MINUTES),
        waits: now + TimeDelta::minutes(WAITS_REACH_MINUTES),
    }
}

impl Engine {
    /// What cannot be put right keeps no nudge back.
    pub(super) async fn look_out(&self, now: DateTime<Utc>) -> Result<(), Fault> {
        match self.mind_the_clock(now).await {
            Err(Fault::Store(fault)) if !fault.is_transient() => {
                tracing::error!(%fault, "a wrong clock or other hours cannot be put right");
                Ok(())
            }
            done => done,
        }
    }

    /// Looks again where the office has other hours since, and notes how far the
    /// clock has come. One that stands before that was ahead, or is behind: what
    /// was said and put off by its time is looked at again.
    async fn mind_the_clock(&self, now: DateTime<Utc>) -> Result<(), Fault> {
        let db = &self.shared.db;
        let looks = store::clock::looks(db).await?;
        let calendar = of_calendar(&self.shared.office.calendar);
        if looks.calendar.as_ref() != Some(&calendar) {
            store::clock::change_calendar(db, &calendar, now).await?;
        }
        let seen = looks.newest_at;
        if seen.is_some_and(|seen| now + TimeDelta::minutes(CLOCK_SLACK_MINUTES) < seen) {
            let calendar = &self.shared.office.calendar;
            let today = calendar.day_of(now);
            let put_right = store::clock::PutRight {
                now,
                today,
                tomorrow_at: calendar.instant(days_after(today, 1), NaiveTime::MIN),
                reach: reach(self.shared.clock.real()),
            };
            store::clock::put_right(db, &put_right).await?;
            self.shared
                .has_clock_gone_back
                .store(true, Ordering::Relaxed);
            tracing::warn!(?seen, ?now, "the clock has gone back");
        } else if seen.is_none_or(|seen| seen + TimeDelta::minutes(CLOCK_NOTED_MINUTES) <= now) {
            store::clock::note_look(db, now).await?;
        }
        Ok(())
    }
}

/// The office's zone, hours and closures as one text.
fn of_calendar(calendar: &Calendar) -> String {
    let Calendar {
        zone,
        opens,
        closes,
        closures,
    } = calendar;
    let closures: Vec<String> = closures.iter().map(NaiveDate::to_string).collect();
    format!("{zone} {opens} {closes} {}", closures.join(","))
}
