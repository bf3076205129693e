//! The alarm's ladder: told at any hour of any day, until a person confirms.
use super::{Ladder, duty::push_new};
use crate::domain::{
    PersonId,
    alarm::{Alarm, Grade},
    people::Role,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// What a look at an alarm gave.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmLook {
    pub fire: Option<AlarmFiring>,
    /// When to look again, always later than the instant of this look; None
    /// once a person has confirmed.
    pub again_at: Option<DateTime<Utc>>,
}

/// Somebody is to be told of an alarm.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmFiring {
    /// The alarm's new `step`. After downtime it rises by more than one, for
    /// the calls that were missed are made as one.
    pub step: i64,
    /// Each once, never nobody.
    pub to: Vec<PersonId>,
}

impl Ladder<'_> {
    /// Whom to tell of an alarm now. The calls are counted from `raised_at`
    /// alone, so that a restart neither repeats nor loses one.
    pub fn look_alarm(&self, alarm: &Alarm, now: DateTime<Utc>) -> AlarmLook {
        if alarm.confirmed.is_some() {
            return AlarmLook {
                fire: None,
                again_at: None,
            };
        }
        let calls = Calls::of(alarm, self);
        let come = calls.come_until(now);
        let today = self.office.day_of(now);
        let mut to = Vec::new();
        // Every call from the third on tells the same people.
        for call in alarm.step..come.min(alarm.step + CALLS_THAT_DIFFER) {
            for person in self.called(calls.rank(call), today) {
                push_new(&mut to, person);
            }
        }
        AlarmLook {
            fire: (!to.is_empty()).then_some(AlarmFiring { step: come, to }),
            again_at: Some(calls.at(come)),
        }
    }

    /// Whether no sign of life is at once a matter for everybody, with no hours
    /// left for the supervisor to decide in: it is late in the day, the office
    /// is closed, or closes tomorrow.
    pub fn is_at_once(&self, raised_at: DateTime<Utc>) -> bool {
        let local = self.office.local(raised_at);
        let tomorrow = local.date().succ_opt().unwrap_or(local.date());
        !self.office.is_open_at(raised_at)
            || self.settings.no_sign_of_life_until <= local.time()
            || !self.office.is_open(tomorrow)
    }

    fn called(&self, rank: i64, day: NaiveDate) -> Vec<PersonId> {
        let people = match rank {
            0 => self.supervisors_called(day),
            1 => self.deputies_called(day),
            _ => self.staff(&[Role::Supervisor, Role::Deputy, Role::Admin], day),
        };
        if people.is_empty() {
            self.supervisors(day)
        } else {
            people
        }
    }

    /// With every supervisor away, they are called all the same, and the
    /// deputies with them.
    fn supervisors_called(&self, day: NaiveDate) -> Vec<PersonId> {
        let mut people = self.present(&[Role::Supervisor], day);
        if people.is_empty() {
            people = self.staff(&[Role::Supervisor], day);
            people.extend(self.deputies_called(day));
        }
        people
    }

    fn deputies_called(&self, day: NaiveDate) -> Vec<PersonId> {
        let people = self.present(&[Role::Deputy], day);
        if people.is_empty() {
            self.staff(&[Role::Deputy], day)
        } else {
            people
        }
    }
}

/// The supervisors' first call, the supervisors' call that opens the full
/// ladder later in the day, the deputy's, and one of everybody.
const CALLS_THAT_DIFFER: i64 = 4;

/// When an alarm calls, counted from 0.
struct Calls {
    raised_at: DateTime<Utc>,
    /// From when on the calls follow each other.
    full_from: DateTime<Utc>,
    deputy_after: TimeDelta,
    everybody_after: TimeDelta,
    repeat_every: TimeDelta,
}

impl Calls {
    fn of(alarm: &Alarm, ladder: &Ladder) -> Calls {
        let settings = ladder.settings;
        let day = ladder.office.day_of(alarm.raised_at);
        let full_from = match alarm.grade {
            Grade::NoSignOfLife if !ladder.is_at_once(alarm.raised_at) => ladder
                .office
                .instant(day, settings.no_sign_of_life_until)
                .max(alarm.raised_at),
            Grade::NoSignOfLife | Grade::Danger => alarm.raised_at,
        };
        let deputy_after = minutes(settings.alarm_deputy_after_minutes);
        Calls {
            raised_at: alarm.raised_at,
            full_from,
            deputy_after,
            everybody_after: minutes(settings.alarm_everybody_after_minutes).max(deputy_after),
            repeat_every: minutes(settings.alarm_repeat_every_minutes.get()),
        }
    }

    /// How many calls come before the full ladder begins.
    fn before_full(&self) -> i64 {
        i64::from(self.raised_at < self.full_from)
    }

    /// Whom a call reaches: 0 the supervisors, 1 the deputies, from 2 everybody.
    fn rank(&self, call: i64) -> i64 {
        (call - self.before_full()).max(0)
    }

    fn at(&self, call: i64) -> DateTime<Utc> {
        match call - self.before_full() {
            ..0 => self.raised_at,
            0 => self.full_from,
            1 => self.full_from + self.deputy_after,
            nth => {
                let repeats = i32::try_from(nth - 2).unwrap_or(i32::MAX);
                self.full_from + self.everybody_after + self.repeat_every * repeats
            }
        }
    }

    /// How many calls have come by then.
    fn come_until(&self, now: DateTime<Utc>) -> i64 {
        let since = now - self.full_from;
        if now < self.raised_at {
            0
        } else if since < TimeDelta::zero() {
            self.before_full()
        } else if since < self.deputy_after {
            self.before_full() + 1
        } else if since < self.everybody_after {
            self.before_full() + 2
        } else {
            let repeats =
                (since - self.everybody_after).num_seconds() / self.repeat_every.num_seconds();
            self.before_full() + 3 + repeats
        }
    }
}

fn minutes(count: u32) -> TimeDelta {
    TimeDelta::minutes(i64::from(count))
}
