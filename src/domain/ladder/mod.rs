//! The ladder 段階: whom to tell next of a check-in that nobody has touched, and
//! when to look again.
//!
//! Nothing here ends a check-in, and there is no last rung: as long as one
//! stands open, [`Look::again_at`] names the next instant to look at it.
//!
//! While a check-in is due it is looked at at every opening of the office, not
//! only when a rung is expected: so a leave, a cover or a new main nurse that
//! was entered in between is seen on its first morning, whoever entered it.
mod alarm;
mod duty;
#[cfg(test)]
mod tests;

use super::{
    PersonId,
    calendar::{Calendar, days_after},
    check_in::{CheckIn, Pace, Progress, Rung, Taken},
    people::Roster,
};
use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeDelta, Utc};
use duty::push_new;
use serde::Deserialize;
use std::num::NonZeroU32;

pub use alarm::{AlarmFiring, AlarmLook};

/// The steps of the ladder. All are ours, from no guideline; each one's reason
/// stands beside its value in `config/default.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The holder's own working days after `due_by`.
    pub ordinary_again_days: u32,
    /// Open days after `due_by`.
    pub ordinary_supervisor_days: u32,
    /// Open days after `due_by`.
    pub ordinary_weekly_days: u32,
    /// The holder's own working days after `due_by`; also of an appointment.
    pub prompt_again_days: u32,
    /// Open days after `due_by`; also of an appointment.
    pub prompt_supervisor_days: u32,
    /// Wall clock.
    pub afternoon_at: NaiveTime,
    /// The presser's own working days.
    pub taken_days: u32,
    pub alarm_deputy_after_minutes: u32,
    pub alarm_everybody_after_minutes: u32,
    pub alarm_repeat_every_minutes: NonZeroU32,
    /// Wall clock.
    pub no_sign_of_life_until: NaiveTime,
}

/// What is needed to look at one open check-in.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    pub check_in: &'a CheckIn,
    /// 主担当
    pub main: Option<PersonId>,
    /// 副担当
    pub second: Option<PersonId>,
}

/// What a look at a check-in gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Who is to be told now; apply it with [`Progress::after`], and the same
    /// instant gives none any more.
    pub fire: Option<Firing>,
    /// When to look again, always later than the instant of this look.
    pub again_at: DateTime<Utc>,
}

/// Somebody is to be told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// The highest of the rungs that have come since the last firing.
    pub rung: Rung,
    /// Everybody whom any of these rungs tells; each once, never nobody.
    pub to: Vec<PersonId>,
}

/// One team's ladder: its people, the office's days and the steps.
#[derive(Debug, Clone, Copy)]
pub struct Ladder<'a> {
    pub roster: &'a Roster,
    pub office: &'a Calendar,
    pub settings: &'a Settings,
}

/// An appointment's day may lie on a closed day or a day off; it is announced
/// on the working day before, which is no further away than this.
const ANNOUNCED_BEFORE_DAYS_MAX: u64 = 14;

/// Days of a window that are looked at for a holder who comes on one of them.
const WINDOW_DAYS_MAX: usize = 62;

/// An office closed for longer than this is a broken setting; then every day
/// is looked at.
const SEARCH_DAYS_MAX: usize = 366;

impl Ladder<'_> {
    /// Whom to tell of a check-in now, and when to look again.
    pub fn look(&self, case: &Case, now: DateTime<Utc>) -> Look {
        Look {
            fire: self.firing(case, now),
            again_at: self.again_at(case, now),
        }
    }

    /// 「やります」 of that person, now; apply it with [`Progress::taking`].
    /// Whether it is offered at all says [`may_take`].
    pub fn take(&self, by: PersonId, now: DateTime<Utc>) -> Taken {
        let today = self.office.day_of(now);
        let asks_on = self
            .office
            .days_after_where(today, self.settings.taken_days, |day| {
                self.roster
                    .person(by)
                    .is_none_or(|_| self.works(&[by], day))
            });
        Taken {
            by,
            at: now,
            until: self.office.opening(asks_on),
        }
    }

    fn firing(&self, case: &Case, now: DateTime<Utc>) -> Option<Firing> {
        let today = self.office.day_of(now);
        if today < self.first_day(case) || !is_talking_time(self.office, self.settings, now) {
            return None;
        }
        let holder = self.holder(case, today);
        let holder = self.stands_in(case, &holder, today).unwrap_or(holder);
        let rungs = self.rungs_reached(case, &holder, now);
        let leads_hear = rungs
            .iter()
            .any(|rung| matches!(rung, Rung::Supervisor | Rung::Weekly));
        if !leads_hear && !self.works(&holder, today) {
            return None;
        }
        let mut to = Vec::new();
        for person in self.holder_hears(case, &holder, &rungs, now) {
            push_new(&mut to, person);
        }
        if leads_hear {
            for person in self.leads(today) {
                push_new(&mut to, person);
            }
        }
        let rung = rungs.into_iter().max().unwrap_or(Rung::First);
        (!to.is_empty()).then_some(Firing { rung, to })
    }

    /// The rungs that have come after the first firing.
    fn rungs_reached(&self, case: &Case, holder: &[PersonId], now: DateTime<Utc>) -> Vec<Rung> {
        let progress = &case.check_in.progress;
        let mut rungs = Vec::new();
        if progress.rung < Some(Rung::Appointment) && self.appointment_is_over(case, now) {
            rungs.push(Rung::Appointment);
        }
        let again_has_come = self.office.day_of(now) >= self.again_on(case, holder);
        let is_vain = progress.rung.is_some() && is_taken_in_vain(progress, now);
        if again_has_come && (is_vain || progress.rung < Some(Rung::Again)) {
            rungs.push(Rung::Again);
        } else if is_vain {
            // Asked within the window: the rung after it is still to come.
            rungs.push(Rung::First);
        }
        if progress.rung < Some(Rung::Supervisor) && now >= self.supervisor_at(case) {
            rungs.push(Rung::Supervisor);
        }
        if self.is_weekly(case, now) {
            rungs.push(Rung::Weekly);
        }
        rungs
    }

    /// Those of the holder who are told by these rungs: on the first rung only
    /// those who have not been told yet (a cover, a new main nurse); on a
    /// higher one all, and with the supervisor also a part-timer whose own turn
    /// has not come yet, so that nobody hears of it only through the supervisor.
    /// The message waits for her until she is in.
    fn holder_hears<'c>(
        &'c self,
        case: &'c Case,
        holder: &'c [PersonId],
        rungs: &'c [Rung],
        now: DateTime<Utc>,
    ) -> impl Iterator<Item = PersonId> + 'c {
        let progress = &case.check_in.progress;
        let all = rungs.iter().any(|rung| *rung != Rung::Supervisor)
            || (!rungs.is_empty() && progress.rung < Some(Rung::Again));
        holder.iter().copied().filter(move |person| {
            let is_quiet = progress
                .taken
                .is_some_and(|taken| taken.by == *person && now < taken.until);
            let is_new = !progress.told.contains(person) && !self.knows(case, holder, *person, now);
            !is_quiet && (all || is_new)
        })
    }

    /// The first day on which the check-in is spoken of: `due_on`. For an
    /// appointment it is the holder's last working day until then, for nobody can
    /// be reminded of Saturday's appointment on Monday; and so it is for a
    /// part-timer who does not come on any day of the window.
    fn first_day(&self, case: &Case) -> NaiveDate {
        let window = case.check_in.terms.window;
        let is_appointment = case.check_in.terms.pace == Pace::Appointment;
        if !is_appointment && self.comes_within(case, window.on) {
            return window.on;
        }
        let eve = days_back(window.on).find(|day| self.works(&self.holder(case, *day), *day));
        match eve {
            Some(eve) => eve,
            None if is_appointment => self.office.open_until(window.on),
            None => window.on,
        }
    }

    /// Whether whoever holds it works on a day from that one to the window's end,
    /// or nobody does, because the office is closed; of a long window only its
    /// first days are looked at.
    fn comes_within(&self, case: &Case, from: NaiveDate) -> bool {
        let mut open_days = from
            .iter_days()
            .take_while(|day| *day <= case.check_in.terms.window.by)
            .take(WINDOW_DAYS_MAX)
            .filter(|day| self.office.is_open(*day))
            .peekable();
        open_days.peek().is_none() || open_days.any(|day| self.works(&self.holder(case, day), day))
    }

    /// Who is told in place of a holder who was not told on an earlier day and
    /// does not come within the window any more: the second nurse; and for what
    /// somebody waits for, where she is not in either, the supervisors.
    fn stands_in(
        &self,
        case: &Case,
        holder: &[PersonId],
        today: NaiveDate,
    ) -> Option<Vec<PersonId>> {
        let terms = &case.check_in.terms;
        let is_untold = case.check_in.progress.rung.is_none();
        if !is_untold
            || terms.pace == Pace::Appointment
            || !self.office.is_open(today)
            || today < terms.window.on
            || terms.window.by < today
            || self.works(holder, today)
            || self.comes_within(case, today)
        {
            return None;
        }
        let second = case.second.filter(|id| self.roster.is_present(*id, today));
        let second: Vec<PersonId> = second.into_iter().collect();
        if self.works(&second, today) {
            return Some(second);
        }
        (terms.pace == Pace::Prompt).then(|| self.supervisors(today))
    }

    /// Whether a person knows of a check-in that was made after its first
    /// moment: she made it herself, or the alarm of that hour has told her. In
    /// the afternoon of the same day she is reminded, unless that is past. Who
    /// leads only since a colleague has gone off for the day may not have heard
    /// the alarm.
    fn knows(
        &self,
        case: &Case,
        holder: &[PersonId],
        person: PersonId,
        now: DateTime<Utc>,
    ) -> bool {
        let check_in = case.check_in;
        let made_on = self.office.day_of(check_in.made_at);
        let reminded_at = self.office.instant(made_on, self.settings.afternoon_at);
        let is_alarmed = check_in.terms.why.raises_alarm()
            && self.office.day_of(now) == made_on
            && !self.has_lead_gone_off_since(check_in.made_at, made_on);
        let first_on = self
            .first_day(case)
            .iter_days()
            .take(SEARCH_DAYS_MAX)
            .find(|day| self.works(holder, *day));
        let made_late = first_on.is_some_and(|day| check_in.made_at >= self.office.opening(day));
        made_late
            && (person == check_in.made_by || is_alarmed)
            && (now < reminded_at || reminded_at <= check_in.made_at)
    }

    /// Whether the leave of somebody who leads, on that day, was entered after that
    /// instant.
    fn has_lead_gone_off_since(&self, instant: DateTime<Utc>, day: NaiveDate) -> bool {
        let mut leaves = self.roster.leaves.iter();
        leaves.any(|leave| {
            leave.holds_on(day)
                && leave.entered_at.is_some_and(|entered| instant < entered)
                && self
                    .roster
                    .person(leave.person)
                    .is_some_and(|person| person.role.oversees())
        })
    }

    /// An appointment of today, or of a past day, whose afternoon question has
    /// come. One that is later in the day than the question, or was made after
    /// it, is asked about on the next working day.
    fn appointment_is_over(&self, case: &Case, now: DateTime<Utc>) -> bool {
        let terms = &case.check_in.terms;
        let asked_at = self
            .office
            .instant(terms.window.on, self.settings.afternoon_at);
        terms.pace == Pace::Appointment
            && terms
                .plan
                .time
                .is_none_or(|time| time < self.settings.afternoon_at)
            && case.check_in.made_at < asked_at
            && asked_at <= now
    }

    /// The day of the holder's second nudge.
    fn again_on(&self, case: &Case, holder: &[PersonId]) -> NaiveDate {
        let terms = &case.check_in.terms;
        let days = match terms.pace {
            Pace::Ordinary => self.settings.ordinary_again_days,
            Pace::Appointment | Pace::Prompt => self.settings.prompt_again_days,
        };
        self.office
            .days_after_where(terms.window.by, days, |day| self.works(holder, day))
    }

    fn supervisor_on(&self, case: &Case) -> NaiveDate {
        let days = match case.check_in.terms.pace {
            Pace::Ordinary => self.settings.ordinary_supervisor_days,
            Pace::Appointment | Pace::Prompt => self.settings.prompt_supervisor_days,
        };
        self.office
            .open_days_after(case.check_in.terms.window.by, days)
    }

    fn supervisor_at(&self, case: &Case) -> DateTime<Utc> {
        let at = self.office.opening(self.supervisor_on(case));
        case.check_in
            .progress
            .supervisor_from
            .map_or(at, |from| from.max(at))
    }

    /// Whether this week's list has not carried the check-in yet. A 「やります」
    /// never keeps it off the list.
    fn is_weekly(&self, case: &Case, now: DateTime<Utc>) -> bool {
        let from = match case.check_in.terms.pace {
            Pace::Ordinary => self.office.open_days_after(
                case.check_in.terms.window.by,
                self.settings.ordinary_weekly_days,
            ),
            Pace::Appointment | Pace::Prompt => days_after(self.supervisor_on(case), 1),
        };
        let today = self.office.day_of(now);
        self.office
            .first_open_day_of_week(today)
            .filter(|first| from <= *first && *first <= today)
            .is_some_and(|first| {
                let last = case.check_in.progress.weekly_on;
                last.is_none_or(|last| last < first)
            })
    }

    fn again_at(&self, case: &Case, now: DateTime<Utc>) -> DateTime<Utc> {
        let check_in = case.check_in;
        let is_appointment = check_in.terms.pace == Pace::Appointment;
        let today = self.office.day_of(now);
        let from = if is_appointment {
            days_back(check_in.terms.window.on)
                .last()
                .unwrap_or(check_in.terms.window.on)
        } else {
            self.first_day(case)
        };
        let opening = self.next_opening(from, now);
        let afternoon = self.office.instant(today, self.settings.afternoon_at);
        let has_afternoon = is_appointment || self.office.day_of(check_in.made_at) == today;
        if has_afternoon && now < afternoon && self.office.is_open(today) {
            opening.min(afternoon)
        } else {
            opening
        }
    }

    /// The first opening after `now` that is not before the day `from`.
    fn next_opening(&self, from: NaiveDate, now: DateTime<Utc>) -> DateTime<Utc> {
        let today = self.office.day_of(now);
        from.max(today)
            .iter_days()
            .take(SEARCH_DAYS_MAX)
            .filter(|day| self.office.is_open(*day))
            .map(|day| self.office.opening(day))
            .find(|opening| now < *opening)
            .unwrap_or_else(|| self.office.opening(days_after(today, 1)))
    }
}

/// Nobody is spoken to on closed days or outside the hours, save by an alarm.
/// Where the office closes early, the afternoon's questions still get their hour.
pub fn is_talking_time(office: &Calendar, settings: &Settings, now: DateTime<Utc>) -> bool {
    let local = office.local(now);
    let (asked_until, _) = settings
        .afternoon_at
        .overflowing_add_signed(TimeDelta::hours(1));
    office.is_open(local.date())
        && office.opens <= local.time()
        && local.time() < office.closes.max(asked_until)
}

/// Whether 「やります」 is offered: only for a guideline date. For what is
/// prompt somebody is waiting, and an appointment is kept or given a new date.
pub fn may_take(check_in: &CheckIn) -> bool {
    check_in.terms.pace == Pace::Ordinary
}

impl Progress {
    /// After a firing of that instant has been stored; `today` is its office day.
    pub fn after(&self, firing: &Firing, today: NaiveDate, now: DateTime<Utc>) -> Progress {
        let mut told = self.told.clone();
        for person in &firing.to {
            push_new(&mut told, *person);
        }
        Progress {
            step: self.step + 1,
            rung: self.rung.max(Some(firing.rung)),
            weekly_on: match firing.rung {
                Rung::Weekly => Some(today),
                _ => self.weekly_on,
            },
            told,
            taken: self.taken.filter(|taken| now < taken.until),
            supervisor_from: self.supervisor_from,
        }
    }

    /// After a 「やります」: it quiets whoever pressed it, and the first one also
    /// keeps the supervisor's rung back.
    pub fn taking(&self, taken: Taken) -> Progress {
        Progress {
            taken: Some(taken),
            supervisor_from: self.supervisor_from.or(Some(taken.until)),
            ..self.clone()
        }
    }
}

/// The time of a 「やります」 is up, and the check-in still stands.
fn is_taken_in_vain(progress: &Progress, now: DateTime<Utc>) -> bool {
    progress.taken.is_some_and(|taken| taken.until <= now)
}

/// That day and those before it in which an appointment may be announced.
fn days_back(day: NaiveDate) -> impl Iterator<Item = NaiveDate> {
    (0..=ANNOUNCED_BEFORE_DAYS_MAX).filter_map(move |back| day.checked_sub_days(Days::new(back)))
}
