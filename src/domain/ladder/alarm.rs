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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{
        AlarmId, CheckInId, HouseholdId,
        alarm::Confirmed,
        calendar::Calendar,
        ladder::tests::{ADMIN, DEPUTY, MAIN, SUPERVISOR, settings, team, tokyo},
        people::{Leave, Roster},
    };
    use proptest::prelude::*;

    fn alarm(grade: Grade, raised_at: &str) -> Alarm {
        Alarm {
            id: AlarmId(1),
            household: HouseholdId(1),
            check_in: CheckInId(1),
            grade,
            raised_by: MAIN,
            raised_at: tokyo(raised_at),
            step: 0,
            confirmed: None,
        }
    }

    fn away(roster: &mut Roster, person: PersonId) {
        roster.leaves.push(Leave {
            id: crate::domain::LeaveId(0),
            person,
            from: NaiveDate::MIN,
            to: NaiveDate::MAX,
            cover: None,
            entered_by: None,
            entered_at: None,
        });
    }

    /// All calls until an instant, as the engine looks; each look is made twice.
    fn calls(roster: &Roster, mut alarm: Alarm, until: &str) -> Vec<(String, Vec<PersonId>)> {
        let office = Calendar::japan();
        let settings = settings();
        let ladder = Ladder {
            roster,
            office: &office,
            settings: &settings,
        };
        let mut calls = Vec::new();
        let mut now = alarm.raised_at;
        while now <= tokyo(until) {
            let look = ladder.look_alarm(&alarm, now);
            if let Some(firing) = look.fire {
                alarm.step = firing.step;
                let at = office.local(now).format("%d %H:%M").to_string();
                calls.push((at, firing.to));
                assert_eq!(ladder.look_alarm(&alarm, now).fire, None);
            }
            let again_at = look.again_at.unwrap();
            assert!(now < again_at);
            now = again_at;
        }
        calls
    }

    #[test]
    fn danger_calls_the_supervisor_the_deputy_and_then_everybody_until_confirmed() {
        let all = vec![SUPERVISOR, DEPUTY, ADMIN];
        // A Saturday night.
        let calls = calls(
            &team(),
            alarm(Grade::Danger, "2026-11-28 23:20"),
            "2026-11-29 00:50",
        );
        assert_eq!(
            calls,
            [
                ("28 23:20".to_owned(), vec![SUPERVISOR]),
                ("28 23:35".to_owned(), vec![DEPUTY]),
                ("28 23:50".to_owned(), all.clone()),
                ("29 00:20".to_owned(), all.clone()),
                ("29 00:50".to_owned(), all),
            ]
        );
    }

    #[test]
    fn no_sign_of_life_waits_for_the_afternoon_and_then_calls_in_full() {
        let calls = calls(
            &team(),
            alarm(Grade::NoSignOfLife, "2026-11-25 10:00"),
            "2026-11-25 15:30",
        );
        assert_eq!(
            calls,
            [
                ("25 10:00".to_owned(), vec![SUPERVISOR]),
                ("25 15:00".to_owned(), vec![SUPERVISOR]),
                ("25 15:15".to_owned(), vec![DEPUTY]),
                ("25 15:30".to_owned(), vec![SUPERVISOR, DEPUTY, ADMIN]),
            ]
        );
    }

    #[test]
    fn no_sign_of_life_calls_in_full_at_once_when_no_hours_are_left() {
        let at_once = [
            ("2026-11-25 10:00", false),
            ("2026-11-25 14:59", false),
            ("2026-11-25 15:00", true),
            // Before the opening, after the closing, a holiday.
            ("2026-11-25 07:00", true),
            ("2026-11-25 19:00", true),
            ("2026-11-23 10:00", true),
            // Tomorrow is Saturday, or the year end.
            ("2026-11-27 10:00", true),
            ("2026-12-28 10:00", true),
        ];
        for (raised_at, expected) in at_once {
            let until = tokyo(raised_at) + TimeDelta::minutes(15);
            let until = Calendar::japan()
                .local(until)
                .format("%Y-%m-%d %H:%M")
                .to_string();
            let calls = calls(&team(), alarm(Grade::NoSignOfLife, raised_at), &until);
            let called_deputy = calls.iter().any(|(_, to)| to.contains(&DEPUTY));
            assert_eq!(called_deputy, expected, "{raised_at}");
        }
    }

    #[test]
    fn whoever_leads_is_called_even_from_leave_and_never_nobody() {
        let first = |away_people: &[PersonId], gone: &[PersonId]| {
            let mut roster = team();
            for person in away_people {
                away(&mut roster, *person);
            }
            roster.people.retain(|person| !gone.contains(&person.id));
            let calls = calls(
                &roster,
                alarm(Grade::Danger, "2026-11-25 10:00"),
                "2026-11-25 10:15",
            );
            calls.into_iter().map(|(_, to)| to).collect::<Vec<_>>()
        };
        assert_eq!(
            first(&[SUPERVISOR], &[]),
            [vec![SUPERVISOR, DEPUTY], vec![DEPUTY]]
        );
        assert_eq!(first(&[], &[SUPERVISOR]), [vec![DEPUTY], vec![DEPUTY]]);
        assert_eq!(first(&[], &[DEPUTY]), [vec![SUPERVISOR], vec![SUPERVISOR]]);
        assert_eq!(
            first(&[], &[SUPERVISOR, DEPUTY]),
            [vec![ADMIN], vec![ADMIN]]
        );
        let nurses_only = first(&[], &[SUPERVISOR, DEPUTY, ADMIN]);
        assert!(nurses_only.iter().all(|to| to.contains(&MAIN)));
    }

    #[test]
    fn a_confirmed_alarm_is_silent_for_good() {
        let mut alarm = alarm(Grade::Danger, "2026-11-25 10:00");
        alarm.confirmed = Some(Confirmed {
            by: SUPERVISOR,
            at: tokyo("2026-11-25 10:05"),
        });
        let (roster, office, settings) = (team(), Calendar::japan(), settings());
        let ladder = Ladder {
            roster: &roster,
            office: &office,
            settings: &settings,
        };
        let look = ladder.look_alarm(&alarm, tokyo("2026-11-25 11:00"));
        assert_eq!((look.fire, look.again_at), (None, None));
    }

    proptest! {
        #[test]
        fn downtime_neither_loses_nor_repeats_a_call(
            stops in prop::collection::vec(0..20_000i64, 1..20),
            raised in 0..20_000i64,
            is_danger in any::<bool>(),
        ) {
            let (roster, office, settings) = (team(), Calendar::japan(), settings());
            let ladder = Ladder { roster: &roster, office: &office, settings: &settings };
            let grade = if is_danger { Grade::Danger } else { Grade::NoSignOfLife };
            let mut alarm = alarm(grade, "2026-12-20 00:00");
            alarm.raised_at += TimeDelta::minutes(raised);
            let mut instants: Vec<_> =
                stops.iter().map(|m| alarm.raised_at + TimeDelta::minutes(*m)).collect();
            instants.sort();
            let mut told = Vec::new();
            let mut due_at = alarm.raised_at;
            for now in instants {
                let look = ladder.look_alarm(&alarm, now);
                prop_assert_eq!(look.fire.is_some(), due_at <= now);
                if let Some(firing) = look.fire {
                    prop_assert!(alarm.step < firing.step);
                    alarm.step = firing.step;
                    told.extend(firing.to);
                }
                due_at = look.again_at.unwrap_or(now);
                prop_assert!(now < due_at);
                // Raised at the opening, it has reached everybody by 15:30.
                if now - alarm.raised_at >= TimeDelta::hours(7) {
                    for person in [SUPERVISOR, DEPUTY, ADMIN] {
                        prop_assert!(told.contains(&person));
                    }
                }
            }
        }
    }
}
