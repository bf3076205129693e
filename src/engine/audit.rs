//! The auditor: proves that nothing is lost, mends what can safely be mended, and
//! hides nothing. What should have been said by now, the ladder says; there is no
//! second opinion of its rules here.
use super::{Engine, Fault, lookout};
use crate::{
    conversation::{
        audit::{Audited, Finding, Trouble},
        notice::Notice,
    },
    domain::{
        HouseholdId, TeamId,
        check_in::Rung,
        ladder::{Case, Ladder, Look},
        people::Roster,
    },
    store::{
        self,
        audit::{self, Kept, Named},
        nudges::{self, DueCase},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    collections::{BTreeMap, BTreeSet, btree_map::Entry},
    sync::atomic::Ordering,
    time::Duration,
};
use tokio::time::timeout;

/// Office hours after which a look or a message is late.
pub(super) const LATE_MINUTES: i64 = 5;
/// Real time: an answer that waits longer is told of.
const LETTERS_WAIT_MINUTES: i64 = 60;
/// Wall clock and monotonic clock may differ by so much between two audits.
const JUMP_SECONDS: i64 = 60;
/// The clock may stand so much before what was written down last.
const BEHIND_SECONDS: i64 = 60;
/// Households that are read in one go.
const CASES_MAX: i64 = 500;
/// Whoever ticks for longer hangs, and is audited all the same.
const TURN_WAIT: Duration = Duration::from_secs(30);
/// The command misses the audits of the running office after so many minutes.
const NO_AUDIT_MINUTES: i64 = 20;

/// Who audits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Auditor {
    /// The running office itself.
    Loop,
    /// A command beside it, which has no loops of its own.
    Command,
}

/// What is remembered from one audit to the next.
#[derive(Debug, Clone, Copy)]
pub(super) struct Clocks {
    real: DateTime<Utc>,
    running: Duration,
}

impl Engine {
    /// Looks at everything that the promise rests on, mends what is safe to mend,
    /// and leaves the news for those who lead.
    pub async fn audit(&self, by: Auditor) -> Result<Audited, Fault> {
        // Nobody ticks meanwhile, or the office's clock would move under us.
        let _turn = timeout(TURN_WAIT, self.shared.turn.lock()).await.ok();
        let db = &self.shared.db;
        let at = self.office_now();
        let fallen = self.fallen();
        let mut findings = match by {
            Auditor::Loop => self.audit_loops(&fallen),
            Auditor::Command => self.audit_auditor().await?,
        };
        findings.extend(self.audit_clock().await?);
        let unscheduled = audit::unscheduled(db).await?;
        findings.extend(
            unscheduled
                .into_iter()
                .map(of_household(Trouble::NoCheckIn)),
        );
        findings.extend(self.audit_households(at).await?);
        findings.extend(self.audit_alarms(at).await?);
        findings.extend(self.audit_deliveries(at).await?);
        self.tell_of(&findings, at).await?;
        for finding in &findings {
            let (trouble, mended) = (finding.trouble.code(), finding.mended);
            let household = finding.household.map(|household| household.0);
            let which = finding.which.as_deref();
            tracing::warn!(
                trouble,
                household,
                which,
                mended,
                "the audit has found something"
            );
        }
        self.count(&findings);
        let audited = Audited { at, findings };
        if by == Auditor::Loop {
            self.keep(&audited).await?;
            self.forget_fallen(&fallen);
        }
        Ok(audited)
    }

    fn count(&self, findings: &[Finding]) {
        let metrics = &self.shared.metrics;
        let late = findings
            .iter()
            .filter(|found| found.trouble == Trouble::DeliveryLate);
        metrics
            .late
            .set(i64::try_from(late.count()).unwrap_or(i64::MAX));
        metrics
            .findings
            .set(i64::try_from(findings.len()).unwrap_or(i64::MAX));
    }

    async fn keep(&self, audited: &Audited) -> Result<(), Fault> {
        let kept = Kept {
            at: audited.at,
            made_at: self.shared.clock.real(),
            findings: audited.findings.clone(),
        };
        Ok(audit::keep(&self.shared.db, &kept).await?)
    }

    fn audit_loops(&self, fallen: &BTreeSet<&'static str>) -> Vec<Finding> {
        let still = self.still();
        let found = |name: &&'static str| Finding {
            which: Some((*name).to_owned()),
            mended: !still.contains(name),
            ..Finding::of(Trouble::LoopStill)
        };
        let new = still.iter().filter(|name| !fallen.contains(*name));
        fallen.iter().chain(new).map(found).collect()
    }

    /// Whether the office that should be running audits itself.
    async fn audit_auditor(&self) -> Result<Vec<Finding>, Fault> {
        let since = self.shared.clock.real() - TimeDelta::minutes(NO_AUDIT_MINUTES);
        let last = audit::last(&self.shared.db).await?;
        let is_missed = last.is_some_and(|last| last.made_at < since);
        Ok(is_missed
            .then(|| Finding::of(Trouble::NoAudit))
            .into_iter()
            .collect())
    }

    /// The wall clock against the monotonic one since the last audit, and against
    /// what was written down last; what a wrong clock has left is freed.
    async fn audit_clock(&self) -> Result<Vec<Finding>, Fault> {
        let now = Clocks {
            real: self.shared.clock.real(),
            running: self.shared.clock.running(),
        };
        let mut findings = Vec::new();
        let last = self.shared.clocks.lock().await.replace(now);
        let has_jumped =
            last.is_some_and(|last| JUMP_SECONDS < last.drift(&now).num_seconds().abs());
        // It may have been ahead and right again since the last audit.
        let has_gone_back = &self.shared.has_clock_gone_back;
        if has_gone_back.swap(false, Ordering::Relaxed) || has_jumped {
            findings.push(Finding::of(Trouble::ClockJumped));
        }
        let ahead = now.real + TimeDelta::seconds(BEHIND_SECONDS);
        let newest = audit::newest(&self.shared.db).await?;
        if newest.is_some_and(|newest| ahead < newest) {
            findings.push(Finding::of(Trouble::ClockBehind));
        }
        let reach = lookout::reach(now.real);
        let freed = store::clock::free_stuck(&self.shared.db, &reach).await?;
        if freed > 0 {
            tracing::warn!(freed, "what a wrong clock had held up goes on");
            self.tell_of_deliveries();
            self.tell_of_letters();
        }
        Ok(findings)
    }

    async fn audit_households(&self, now: DateTime<Utc>) -> Result<Vec<Finding>, Fault> {
        let mut findings = Vec::new();
        let mut rosters: BTreeMap<TeamId, Option<Roster>> = BTreeMap::new();
        let mut after = HouseholdId(0);
        loop {
            let (found, last) = audit::cases(&self.shared.db, after, CASES_MAX).await?;
            for (household, fault) in &found.broken {
                tracing::error!(household = household.0, %fault, "a household cannot be read");
                findings.push(Finding {
                    household: Some(*household),
                    ..Finding::of(Trouble::Unreadable)
                });
            }
            for case in &found.rows {
                let team = case.household.team;
                let roster = match rosters.entry(team) {
                    Entry::Occupied(known) => known.into_mut(),
                    Entry::Vacant(new) => {
                        new.insert(self.audit_roster(team, now, &mut findings).await?)
                    }
                };
                if let Some(roster) = roster {
                    findings.extend(self.audit_household(case, roster, now).await?);
                }
            }
            match last {
                Some(last) => after = last,
                None => return Ok(findings),
            }
        }
    }

    /// None where somebody of the team cannot be read.
    async fn audit_roster(
        &self,
        team: TeamId,
        now: DateTime<Utc>,
        findings: &mut Vec<Finding>,
    ) -> Result<Option<Roster>, Fault> {
        let today = self.shared.office.calendar.day_of(now);
        match nudges::roster(&self.shared.db, team, today).await {
            Ok(roster) => Ok(Some(roster)),
            Err(fault) if fault.is_transient() => Err(fault.into()),
            Err(fault) => {
                tracing::error!(team = team.0, %fault, "a team cannot be read");
                findings.push(Finding::of(Trouble::Unreadable));
                Ok(None)
            }
        }
    }

    async fn audit_household(
        &self,
        case: &DueCase,
        roster: &Roster,
        now: DateTime<Utc>,
    ) -> Result<Option<Finding>, Fault> {
        let Some(trouble) = self.judge(case, &self.ladder(roster), now) else {
            return Ok(None);
        };
        let household = case.household.id;
        let mended = trouble != Trouble::LookMissed && {
            let seen = (household, case.next_nudge_at);
            audit::look_now(&self.shared.db, seen, now).await?
        };
        self.shared.to_look_at.notify_one();
        let named = Named {
            household,
            code: Some(case.household.code.clone()),
            team: case.household.team,
        };
        Ok(Some(Finding {
            mended,
            ..of_household(trouble)(named)
        }))
    }

    /// What is wrong with the next look of a household, if anything is.
    fn judge(&self, case: &DueCase, ladder: &Ladder, now: DateTime<Utc>) -> Option<Trouble> {
        if case.next_nudge_at <= now {
            return self
                .is_late(case.next_nudge_at, now)
                .then_some(Trouble::LookMissed);
        }
        let facts = &case.household.facts;
        let asked = Case {
            check_in: &case.check_in,
            main: facts.main,
            second: facts.second,
        };
        let look = ladder.look(&asked, now);
        let before = ladder.look(&asked, now - TimeDelta::minutes(LATE_MINUTES));
        let reached = case.check_in.progress.rung;
        if is_owed(&look, reached) && is_owed(&before, reached) {
            return Some(Trouble::NudgeMissing);
        }
        (look.again_at < case.next_nudge_at).then_some(Trouble::LookTooFar)
    }

    async fn audit_alarms(&self, now: DateTime<Utc>) -> Result<Vec<Finding>, Fault> {
        let db = &self.shared.db;
        let late = now - TimeDelta::minutes(LATE_MINUTES);
        let found = nudges::alarms_due(db, None, CASES_MAX).await?;
        let mut findings = Vec::new();
        for (alarm, fault) in &found.broken {
            tracing::error!(alarm = alarm.0, %fault, "an alarm cannot be read");
            findings.push(Finding::of(Trouble::Unreadable));
        }
        for due in &found.rows {
            let next_at = due.next_at;
            let of_team = |trouble| Finding {
                household: Some(due.alarm.household),
                ..Finding::of_team(trouble, due.team)
            };
            if next_at <= now {
                let is_late = next_at < late;
                findings.extend(is_late.then(|| of_team(Trouble::LookMissed)));
                continue;
            }
            let Some(roster) = self.audit_roster(due.team, now, &mut findings).await? else {
                continue;
            };
            let look = self.ladder(&roster).look_alarm(&due.alarm, now);
            // One that was put aside is looked at again soon enough.
            let is_aside = next_at <= now + TimeDelta::minutes(LATE_MINUTES);
            let is_too_far = look.fire.is_some() || look.again_at.is_some_and(|at| at < next_at);
            if is_too_far && !is_aside {
                let mended = audit::call_now(db, (due.alarm.id, next_at), now).await?;
                self.shared.to_look_at.notify_one();
                findings.push(Finding {
                    mended,
                    ..of_team(Trouble::LookTooFar)
                });
            }
        }
        Ok(findings)
    }

    async fn audit_deliveries(&self, now: DateTime<Utc>) -> Result<Vec<Finding>, Fault> {
        let db = &self.shared.db;
        let late = now - TimeDelta::minutes(LATE_MINUTES);
        let waiting = audit::waiting(db, late).await?;
        // An alarm goes out at any hour; all else waits for the office to open.
        let late = waiting
            .iter()
            .filter(|waiting| waiting.is_alarm || self.is_late(waiting.since, now));
        let mut findings: Vec<Finding> = late
            .map(|waiting| {
                tracing::warn!(delivery = waiting.delivery.0, "a delivery is late");
                Finding::of_team(Trouble::DeliveryLate, waiting.team)
            })
            .collect();
        let undelivered = audit::undelivered(db).await?;
        findings.extend(
            undelivered
                .into_iter()
                .map(of_household(Trouble::NotDelivered)),
        );
        let before = self.shared.clock.real() - TimeDelta::minutes(LETTERS_WAIT_MINUTES);
        if store::checkup::letters_before(db, before).await? > 0 {
            findings.push(Finding::of(Trouble::LettersWait));
        }
        if !findings.is_empty() {
            self.tell_of_deliveries();
            self.tell_of_letters();
        }
        Ok(findings)
    }

    fn is_late(&self, since: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let waited = self.shared.office.calendar.open_time(since, now);
        TimeDelta::minutes(LATE_MINUTES) < waited
    }

    /// Each kind of trouble once a team and day, without any household.
    async fn tell_of(&self, findings: &[Finding], now: DateTime<Utc>) -> Result<(), Fault> {
        let today = self.shared.office.calendar.day_of(now);
        if findings.is_empty() {
            return Ok(());
        }
        let mut new = 0;
        for store::staff::Team { id: team, .. } in store::staff::teams(&self.shared.db).await? {
            let mut notices: Vec<Notice> = Vec::new();
            for finding in findings {
                let notice = Notice::Audit {
                    trouble: finding.trouble,
                    which: finding.which.clone(),
                    mended: finding.mended,
                };
                let is_theirs = finding.team.is_none_or(|of| of == team);
                let is_new = !notices.iter().any(|known| is_same_trouble(known, &notice));
                if is_theirs && is_new {
                    notices.push(notice);
                }
            }
            new += audit::tell(&self.shared.db, team, &notices, None, (now, today)).await?;
        }
        if new > 0 {
            self.tell_of_deliveries();
        }
        Ok(())
    }
}

impl Clocks {
    /// By how much more the wall clock has gone on than the monotonic one.
    fn drift(&self, now: &Clocks) -> TimeDelta {
        let running = now.running.saturating_sub(self.running);
        let running = TimeDelta::from_std(running).unwrap_or(TimeDelta::MAX);
        now.real - self.real - running
    }
}

fn of_household(trouble: Trouble) -> impl Fn(Named) -> Finding {
    move |named| Finding {
        household: Some(named.household),
        code: named.code,
        ..Finding::of_team(trouble, named.team)
    }
}

/// Whether somebody is to be told of more than that they have it in hand now: a
/// new holder hears of it at the next opening.
fn is_owed(look: &Look, reached: Option<Rung>) -> bool {
    let fire = look.fire.as_ref();
    fire.is_some_and(|fire| reached.is_none() || fire.rung > Rung::First)
}

fn is_same_trouble(one: &Notice, other: &Notice) -> bool {
    match (one, other) {
        (
            Notice::Audit { trouble, which, .. },
            Notice::Audit {
                trouble: also,
                which: of,
                ..
            },
        ) => trouble == also && which == of,
        _ => one == other,
    }
}
