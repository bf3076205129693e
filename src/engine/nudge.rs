//! The life of a nudge: one tick looks at all that is to be looked at by now.
//!
//! A tick takes all that is due at once, a recipient's whole occasion with it,
//! in one transaction: a check-in may tell two people, and a transaction for
//! each recipient would lose the second one at a crash in between.
use super::{Engine, Fault, Move};
use crate::{
    domain::{
        CheckInId, HouseholdId, PersonId, TeamId,
        check_in::Rung,
        ladder::{Case, Ladder},
        people::Roster,
    },
    store::nudges::{self, AlarmCall, DueAlarm, DueCase, Looked, Tick},
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use std::collections::{BTreeMap, BTreeSet};

/// Households looked at in one transaction.
const LOOKS_MAX: i64 = 500;
/// Transactions in one tick; what is left comes with the next.
const ROUNDS_MAX: usize = 100;
/// The clock of a trial is not moved further than this to find a nudge.
const SEARCH_DAYS_MAX: i64 = 400;

/// What a tick has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Ticked {
    /// Households and alarms looked at.
    pub looked: usize,
    /// Nudges made.
    pub nudges: usize,
}

impl Engine {
    /// Looks at all that is to be looked at by now.
    pub async fn tick(&self) -> Result<Ticked, Fault> {
        let _turn = self.shared.turn.lock().await;
        self.tick_now().await
    }

    /// Moves the office's clock on and runs every look in between, in order,
    /// each with its deliveries.
    pub async fn move_clock(&self, to: Move) -> Result<NaiveDateTime, Fault> {
        let _turn = self.shared.turn.lock().await;
        self.tick_now().await?;
        self.deliver_all().await?;
        let start = self.office_now();
        let target = match to {
            Move::Day => start + TimeDelta::days(1),
            Move::Week => start + TimeDelta::weeks(1),
            Move::NextNudge => start + TimeDelta::days(SEARCH_DAYS_MAX),
        };
        loop {
            let next = nudges::next_look_at(&self.shared.db).await?;
            let Some(at) = next.filter(|at| *at <= target) else {
                break;
            };
            self.set_office_clock(at).await?;
            let ticked = self.tick_now().await?;
            self.deliver_all().await?;
            if to == Move::NextNudge && ticked.nudges > 0 {
                self.tell_changed(None);
                return Ok(self.now().await);
            }
        }
        if to != Move::NextNudge {
            self.set_office_clock(target).await?;
        }
        self.tell_changed(None);
        Ok(self.now().await)
    }

    /// Never back: what was said to come would come again.
    async fn set_office_clock(&self, at: DateTime<Utc>) -> Result<(), Fault> {
        if at <= self.office_now() {
            return Ok(());
        }
        let offset_s = self.shared.clock.offset_to(at);
        crate::store::office::set_clock_offset(&self.shared.db, offset_s).await?;
        self.shared.clock.set_offset(offset_s);
        Ok(())
    }

    async fn tick_now(&self) -> Result<Ticked, Fault> {
        let now = self.office_now();
        let mut ticked = Ticked::default();
        for _ in 0..ROUNDS_MAX {
            let alarms = nudges::alarms_due(&self.shared.db, now, LOOKS_MAX).await?;
            let cases = nudges::due_for_look(&self.shared.db, now, LOOKS_MAX).await?;
            if alarms.is_empty() && cases.is_empty() {
                break;
            }
            ticked.looked += alarms.len() + cases.len();
            ticked.nudges += self.call_alarms(&alarms, now).await?;
            ticked.nudges += self.look_at(cases, now).await?;
        }
        if ticked.nudges > 0 {
            self.shared.to_deliver.notify_one();
        }
        Ok(ticked)
    }

    async fn call_alarms(&self, due: &[DueAlarm], now: DateTime<Utc>) -> Result<usize, Fault> {
        let today = self.shared.office.calendar.day_of(now);
        let mut calls = 0;
        for DueAlarm { alarm, household } in due {
            let roster = nudges::roster(&self.shared.db, household.team, today).await?;
            let look = self.ladder(&roster).look_alarm(alarm, now);
            let (step, recipients) = match look.fire {
                Some(firing) => (firing.step, firing.to),
                None => (alarm.step, Vec::new()),
            };
            let called = recipients.len();
            let call = AlarmCall {
                alarm: alarm.id,
                seen_step: alarm.step,
                step,
                next_at: look.again_at.unwrap_or(now + TimeDelta::hours(1)),
                recipients,
                now,
                office_day: today,
            };
            if nudges::apply_alarm(&self.shared.db, &call).await? {
                calls += called;
            }
        }
        Ok(calls)
    }

    /// The looks of each team, one transaction a team.
    async fn look_at(&self, cases: Vec<DueCase>, now: DateTime<Utc>) -> Result<usize, Fault> {
        let mut teams: BTreeMap<TeamId, Vec<DueCase>> = BTreeMap::new();
        for case in cases {
            teams.entry(case.household.team).or_default().push(case);
        }
        let mut made = 0;
        for (team, cases) in teams {
            made += self.look_at_team(team, &cases, now).await?;
        }
        Ok(made)
    }

    async fn look_at_team(
        &self,
        team: TeamId,
        cases: &[DueCase],
        now: DateTime<Utc>,
    ) -> Result<usize, Fault> {
        let today = self.shared.office.calendar.day_of(now);
        let roster = nudges::roster(&self.shared.db, team, today).await?;
        let ladder = self.ladder(&roster);
        let looks: Vec<Looked> = cases
            .iter()
            .map(|case| looked(&ladder, case, now))
            .collect();
        let also = if looks.iter().any(|look| look.firing.is_some()) {
            let due = nudges::due_of_team(&self.shared.db, team, today).await?;
            listed(&due, &looks, &roster, (now, today))
        } else {
            Vec::new()
        };
        let tick = Tick {
            now,
            office_day: today,
            also,
        };
        let fired = nudges::apply(&self.shared.db, &looks, &tick).await?;
        Ok(fired.nudges)
    }

    fn ladder<'a>(&'a self, roster: &'a Roster) -> Ladder<'a> {
        Ladder {
            roster,
            office: &self.shared.office.calendar,
            settings: &self.shared.office.ladder,
        }
    }
}

fn looked(ladder: &Ladder, case: &DueCase, now: DateTime<Utc>) -> Looked {
    let facts = &case.household.facts;
    let look = ladder.look(
        &Case {
            check_in: &case.check_in,
            main: facts.main,
            second: facts.second,
        },
        now,
    );
    let progress = match &look.fire {
        Some(firing) => case
            .check_in
            .progress
            .after(firing, ladder.office.day_of(now), now),
        None => case.check_in.progress.clone(),
    };
    Looked {
        household: case.household.id,
        version: case.household.version,
        seen_at: case.next_nudge_at,
        check_in: case.check_in.id,
        progress,
        again_at: look.again_at,
        firing: look.fire.map(|firing| (firing.rung, firing.to)),
    }
}

/// What digests list beside what fires: what the recipient was told of before,
/// has still in hand, and is not being dealt with. Those who lead see again
/// what has climbed to them.
fn listed(
    due: &[DueCase],
    looks: &[Looked],
    roster: &Roster,
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Vec<(PersonId, HouseholdId, CheckInId)> {
    let recipients: BTreeSet<PersonId> = looks
        .iter()
        .filter_map(|look| look.firing.as_ref())
        .flat_map(|(_, to)| to.iter().copied())
        .collect();
    let fires = |case: &DueCase| {
        looks
            .iter()
            .any(|look| look.check_in == case.check_in.id && look.firing.is_some())
    };
    let waiting = due.iter().filter(|case| {
        let is_quiet = case
            .check_in
            .progress
            .taken
            .is_some_and(|taken| now < taken.until);
        !is_quiet && !fires(case)
    });
    waiting
        .flat_map(|case| {
            let told = case.check_in.progress.told.iter().copied();
            let on_desk = told.filter(|person| {
                recipients.contains(person) && is_on_desk(case, *person, roster, today)
            });
            on_desk.map(|person| (person, case.household.id, case.check_in.id))
        })
        .collect()
}

fn is_on_desk(case: &DueCase, person: PersonId, roster: &Roster, today: NaiveDate) -> bool {
    let in_hand = case.household.facts.care().is_with(person, roster, today);
    let leads = roster
        .person(person)
        .is_some_and(|person| person.role.leads());
    let climbed = matches!(
        case.check_in.progress.rung,
        Some(Rung::Supervisor | Rung::Weekly)
    );
    in_hand || (leads && (climbed || case.check_in.terms.why.is_for_supervisor()))
}
