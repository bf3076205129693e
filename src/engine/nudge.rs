//! The life of a nudge: one tick looks at all that is to be looked at by now.
//!
//! A tick takes all that is due at once, a recipient's whole occasion with it,
//! in one transaction: a check-in may tell two people, and a transaction for
//! each recipient would lose the second one at a crash in between.
use super::{Engine, Fault, Move, pulse};
use crate::{
    domain::{
        AlarmId, CheckInId, HouseholdId, PersonId, TeamId,
        calendar::days_after,
        check_in::Rung,
        ladder::{Case, Ladder},
        people::{Person, Roster},
        rhythm,
    },
    store::{
        self,
        nudges::{self, AlarmCall, DueAlarm, DueCase, Looked, Stoppage, Tick},
    },
};
use chrono::{DateTime, NaiveDate, NaiveDateTime, TimeDelta, Utc};
use std::{
    collections::{BTreeMap, BTreeSet},
    slice,
};

/// Households looked at in one transaction.
const LOOKS_MAX: i64 = 500;
/// Transactions in one tick; what is left comes with the next.
const ROUNDS_MAX: usize = 100;
/// A look that is made later than this, on another day, was missed.
const LATE_MINUTES: i64 = 60;
/// What cannot be looked at is tried again after so long.
const ASIDE_MINUTES: i64 = 60;
/// An alarm waits less: somebody may be in danger.
const ALARM_ASIDE_MINUTES: i64 = 5;
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
            let looked = nudges::next_look_at(&self.shared.db).await?;
            let held = nudges::next_held_after(&self.shared.db, self.office_now()).await?;
            let next = looked.into_iter().chain(held).min();
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
        store::office::set_clock_offset(&self.shared.db, offset_s).await?;
        self.shared.clock.set_offset(offset_s);
        Ok(())
    }

    async fn tick_now(&self) -> Result<Ticked, Fault> {
        let now = self.office_now();
        self.look_out(now).await?;
        let mut ticked = Ticked::default();
        for _ in 0..ROUNDS_MAX {
            self.goes_on(pulse::LOOK);
            let alarms = nudges::alarms_due(&self.shared.db, Some(now), LOOKS_MAX).await?;
            let cases = nudges::due_for_look(&self.shared.db, now, LOOKS_MAX).await?;
            let looked = alarms.rows.len() + cases.rows.len();
            if looked + alarms.broken.len() + cases.broken.len() == 0 {
                break;
            }
            ticked.looked += looked;
            for (alarm, fault) in &alarms.broken {
                self.set_alarm_aside(*alarm, fault, now).await?;
            }
            for (household, fault) in &cases.broken {
                self.set_aside(*household, fault, now).await?;
            }
            ticked.nudges += self.call_alarms(&alarms.rows, now).await?;
            self.notice_stoppage(&cases.rows, now).await?;
            ticked.nudges += self.look_at(cases.rows, now).await?;
        }
        let lists = self.list_by_calendar(now).await?;
        ticked.nudges += lists;
        if ticked.nudges > 0 {
            let nudges = u64::try_from(ticked.nudges).unwrap_or_default();
            self.shared.metrics.nudges.inc_by(nudges);
            self.tell_of_deliveries();
        }
        Ok(ticked)
    }

    /// A household that cannot be looked at is out of the way of the others for
    /// a while, and whoever runs the office reads of it in the log.
    async fn set_aside(
        &self,
        household: HouseholdId,
        fault: &store::Fault,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        tracing::error!(household = household.0, %fault, "a household cannot be looked at");
        let until = now + TimeDelta::minutes(ASIDE_MINUTES);
        nudges::postpone(&self.shared.db, household, now, until).await?;
        Ok(())
    }

    async fn set_alarm_aside(
        &self,
        alarm: AlarmId,
        fault: &store::Fault,
        now: DateTime<Utc>,
    ) -> Result<(), Fault> {
        tracing::error!(alarm = alarm.0, %fault, "an alarm cannot be looked at");
        let until = now + TimeDelta::minutes(ALARM_ASIDE_MINUTES);
        nudges::postpone_alarm(&self.shared.db, alarm, now, until).await?;
        Ok(())
    }

    /// Looks that come on a later day tell that nobody has ticked since. The digests
    /// of the day on which it goes on say so; it may go on at night.
    async fn notice_stoppage(&self, cases: &[DueCase], now: DateTime<Utc>) -> Result<(), Fault> {
        let calendar = &self.shared.office.calendar;
        let today = calendar.day_of(now);
        let late = now - TimeDelta::minutes(LATE_MINUTES);
        let missed = cases.iter().map(|case| case.next_nudge_at).min();
        let missed_on = missed.filter(|at| *at < late).map(|at| calendar.day_of(at));
        let Some(missed_on) = missed_on.filter(|day| *day < today) else {
            return Ok(());
        };
        let is_over = calendar.closes <= calendar.local(now).time();
        let known = nudges::stoppage(&self.shared.db).await?;
        let untold = known.filter(|known| today <= known.told_on);
        let stoppage = Stoppage {
            since: untold.map_or(missed_on, |known| known.since.min(missed_on)),
            told_on: calendar.open_from(days_after(today, u64::from(is_over))),
        };
        nudges::remember_stoppage(&self.shared.db, &stoppage).await?;
        Ok(())
    }

    async fn call_alarms(&self, due: &[DueAlarm], now: DateTime<Utc>) -> Result<usize, Fault> {
        let mut calls = 0;
        for due in due {
            match self.call_alarm(due, now).await {
                Err(Fault::Store(fault)) if !fault.is_transient() => {
                    self.set_alarm_aside(due.alarm.id, &fault, now).await?;
                }
                called => calls += called?,
            }
        }
        Ok(calls)
    }

    async fn call_alarm(&self, due: &DueAlarm, now: DateTime<Utc>) -> Result<usize, Fault> {
        let today = self.shared.office.calendar.day_of(now);
        let roster = nudges::roster(&self.shared.db, due.team, today).await?;
        let look = self.ladder(&roster).look_alarm(&due.alarm, now);
        let (step, recipients) = match look.fire {
            Some(firing) => (firing.step, firing.to),
            None => (due.alarm.step, Vec::new()),
        };
        let called = recipients.len();
        let call = AlarmCall {
            alarm: due.alarm.id,
            seen_step: due.alarm.step,
            step,
            next_at: look.again_at.unwrap_or(now + TimeDelta::hours(1)),
            recipients,
            now,
            office_day: today,
        };
        let moved = nudges::apply_alarm(&self.shared.db, &call).await?;
        Ok(if moved { called } else { 0 })
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

    /// Together; where that is refused, one by one, so that the household at
    /// fault stands aside and the others do not wait for it.
    async fn look_at_team(
        &self,
        team: TeamId,
        cases: &[DueCase],
        now: DateTime<Utc>,
    ) -> Result<usize, Fault> {
        match self.look_together(team, cases, now).await {
            Err(Fault::Store(fault)) if !fault.is_transient() => {}
            looked => return looked,
        }
        let mut made = 0;
        for case in cases {
            match self.look_together(team, slice::from_ref(case), now).await {
                Err(Fault::Store(fault)) if !fault.is_transient() => {
                    self.set_aside(case.household.id, &fault, now).await?;
                }
                looked => made += looked?,
            }
        }
        Ok(made)
    }

    async fn look_together(
        &self,
        team: TeamId,
        cases: &[DueCase],
        now: DateTime<Utc>,
    ) -> Result<usize, Fault> {
        let db = &self.shared.db;
        let today = self.shared.office.calendar.day_of(now);
        let roster = nudges::roster(db, team, today).await?;
        let ladder = self.ladder(&roster);
        let looks: Vec<Looked> = cases
            .iter()
            .map(|case| looked(&ladder, case, now))
            .collect();
        let mut tick = Tick {
            now,
            office_day: today,
            also: BTreeMap::new(),
            mornings: self.mornings(&roster, now),
            stopped_on: None,
        };
        if looks.iter().any(|look| look.firing.is_some()) {
            let due = nudges::due_of_team(db, team, today).await?;
            tick.also = listed(&due, &looks, &roster, (now, today));
            let stoppage = nudges::stoppage(db).await?;
            let untold = stoppage.filter(|stoppage| today <= stoppage.told_on);
            tick.stopped_on = untold.map(|stoppage| stoppage.since);
        }
        let fired = nudges::apply(db, &looks, &tick).await?;
        tracing::debug!(team = team.0, ?fired, "looked");
        Ok(fired.nudges)
    }

    /// Until when the digests of those who want theirs later wait today.
    fn mornings(&self, roster: &Roster, now: DateTime<Utc>) -> BTreeMap<PersonId, DateTime<Utc>> {
        let office = &self.shared.office;
        let today = office.calendar.day_of(now);
        let morning = |person: &Person| {
            let wanted = person.morning_at;
            let at = rhythm::morning(&office.calendar, &office.rhythm, wanted, today)?;
            (now < at).then_some((person.id, at))
        };
        roster.people.iter().filter_map(morning).collect()
    }

    pub(super) fn ladder<'a>(&'a self, roster: &'a Roster) -> Ladder<'a> {
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
) -> BTreeMap<PersonId, Vec<(HouseholdId, CheckInId)>> {
    let mut told_now: BTreeMap<PersonId, BTreeSet<CheckInId>> = BTreeMap::new();
    for look in looks {
        for person in look.firing.iter().flat_map(|(_, to)| to) {
            told_now.entry(*person).or_default().insert(look.check_in);
        }
    }
    let mut listed: BTreeMap<PersonId, Vec<(HouseholdId, CheckInId)>> = BTreeMap::new();
    for case in due {
        let progress = &case.check_in.progress;
        if progress.taken.is_some_and(|taken| now < taken.until) {
            continue;
        }
        for person in &progress.told {
            let Some(fires) = told_now.get(person) else {
                continue;
            };
            let is_new = !fires.contains(&case.check_in.id);
            if is_new && is_on_desk(case, *person, roster, today) {
                let what = (case.household.id, case.check_in.id);
                listed.entry(*person).or_default().push(what);
            }
        }
    }
    listed
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
