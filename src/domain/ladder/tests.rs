//! Walks up the ladder, told as the list of who hears of a check-in and when.
use super::*;
use crate::domain::{
    CheckInId, HouseholdId, LeaveId, TeamId,
    check_in::{NewCheckIn, Plan, Purpose, Why, Window},
    people::{Language, Leave, Person, Role},
};
use chrono::Datelike;
use proptest::prelude::*;
use std::collections::BTreeSet;

#[derive(Deserialize)]
struct File {
    ladder: Settings,
}

pub(super) fn settings() -> Settings {
    let text = include_str!("../../../config/default.toml");
    toml::from_str::<File>(text).unwrap().ladder
}

pub(super) const MAIN: PersonId = PersonId(1);
pub(super) const SECOND: PersonId = PersonId(2);
/// Comes on Mondays, Wednesdays and Fridays.
const PART_TIMER: PersonId = PersonId(3);
/// Comes on Mondays.
const MONDAYS: PersonId = PersonId(4);
pub(super) const SUPERVISOR: PersonId = PersonId(5);
pub(super) const DEPUTY: PersonId = PersonId(6);
pub(super) const ADMIN: PersonId = PersonId(7);

fn person(id: PersonId, role: Role, working_days: u8) -> Person {
    Person {
        id,
        team: TeamId(1),
        name: format!("職員{}", id.0),
        role,
        language: Language::Japanese,
        working_days,
        left_on: None,
        morning_at: None,
    }
}

pub(super) fn team() -> Roster {
    let people = [
        (MAIN, Role::Nurse, Person::WEEKDAYS),
        (SECOND, Role::Nurse, Person::WEEKDAYS),
        (PART_TIMER, Role::Nurse, 0b001_0101),
        (MONDAYS, Role::Nurse, 0b000_0001),
        (SUPERVISOR, Role::Supervisor, Person::WEEKDAYS),
        (DEPUTY, Role::Deputy, Person::WEEKDAYS),
        (ADMIN, Role::Admin, Person::WEEKDAYS),
    ];
    Roster {
        people: people.map(|(id, role, days)| person(id, role, days)).into(),
        leaves: Vec::new(),
    }
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// An instant in Tokyo, written `2026-11-25 08:30`.
pub(super) fn tokyo(text: &str) -> DateTime<Utc> {
    let wall = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Calendar::japan().instant(wall.date(), wall.time())
}

/// One household's check-in among colleagues; each test changes what it tells of.
#[derive(Debug)]
struct Walk {
    roster: Roster,
    office: Calendar,
    settings: Settings,
    check_in: CheckIn,
    main: Option<PersonId>,
    second: Option<PersonId>,
}

impl Walk {
    /// Made by the main nurse on Monday, 2 November 2026 at 11:00.
    fn new(pace: Pace, on: &str, by: &str) -> Walk {
        let terms = NewCheckIn {
            window: Window {
                on: day(on),
                by: day(by),
            },
            purpose: Purpose::LookIn,
            pace,
            why: Why::Said,
            plan: Plan::default(),
            put_off: 0,
        };
        Walk {
            roster: team(),
            office: Calendar::japan(),
            settings: settings(),
            check_in: CheckIn {
                id: CheckInId(1),
                household: HouseholdId(1),
                made_at: tokyo("2026-11-02 11:00"),
                made_by: MAIN,
                terms,
                progress: Progress::default(),
            },
            main: Some(MAIN),
            second: Some(SECOND),
        }
    }

    fn made(mut self, at: &str, by: PersonId) -> Walk {
        self.check_in.made_at = tokyo(at);
        self.check_in.made_by = by;
        self
    }

    fn main(mut self, main: PersonId) -> Walk {
        self.main = Some(main);
        self
    }

    fn why(mut self, why: Why) -> Walk {
        self.check_in.terms.why = why;
        self
    }

    fn time(mut self, time: &str) -> Walk {
        self.check_in.terms.plan.time = Some(time.parse().unwrap());
        self
    }

    fn leave(mut self, who: PersonId, from: &str, to: &str, cover: Option<PersonId>) -> Walk {
        let leave = Leave {
            id: LeaveId(0),
            person: who,
            from: day(from),
            to: day(to),
            cover,
            entered_by: None,
            entered_at: None,
        };
        self.roster.leaves.push(leave);
        self
    }

    fn ladder(&self) -> Ladder<'_> {
        Ladder {
            roster: &self.roster,
            office: &self.office,
            settings: &self.settings,
        }
    }

    fn case(&self) -> Case<'_> {
        Case {
            check_in: &self.check_in,
            main: self.main,
            second: self.second,
        }
    }

    /// One look: what fires is applied, and a second look finds nothing.
    fn look(&mut self, now: DateTime<Utc>) -> Look {
        let look = self.ladder().look(&self.case(), now);
        assert!(look.again_at > now, "looks again at {now}");
        if let Some(firing) = &look.fire {
            let today = self.office.day_of(now);
            self.check_in.progress = self.check_in.progress.after(firing, today, now);
            let second = self.ladder().look(&self.case(), now);
            assert_eq!(second.fire, None, "fires twice at {now}");
        }
        look
    }

    /// Everything that fires from one instant to another, as the engine looks.
    fn firings(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<(DateTime<Utc>, Firing)> {
        let mut firings = Vec::new();
        let mut now = from;
        while now <= to {
            let look = self.look(now);
            firings.extend(look.fire.map(|firing| (now, firing)));
            now = look.again_at;
        }
        firings
    }

    /// The same as lines, from the making of the check-in on.
    fn until(&mut self, to: &str) -> Vec<String> {
        let from = self.check_in.made_at;
        self.lines(from, tokyo(&format!("{to} 23:59")))
    }

    fn lines(&mut self, from: DateTime<Utc>, to: DateTime<Utc>) -> Vec<String> {
        let firings = self.firings(from, to);
        firings
            .iter()
            .map(|(at, firing)| {
                let to: Vec<&str> = firing.to.iter().map(|id| short(*id)).collect();
                let at = self.office.local(*at).format("%m-%d %a %H:%M");
                format!("{at} {} {}", firing.rung.code(), to.join("+"))
            })
            .collect()
    }

    fn take(&mut self, at: &str, by: PersonId) -> DateTime<Utc> {
        let taken = self.ladder().take(by, tokyo(at));
        self.check_in.progress = self.check_in.progress.taking(taken);
        taken.until
    }
}

fn short(id: PersonId) -> &'static str {
    match id.0 {
        1 => "main",
        2 => "second",
        3 => "part-timer",
        4 => "mondays",
        5 => "supervisor",
        6 => "deputy",
        _ => "admin",
    }
}

#[test]
fn an_ordinary_date_climbs_to_the_weekly_list_and_stays_there() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13");
    assert_eq!(
        walk.until("2026-12-15"),
        [
            "11-11 Wed 08:30 first main",
            "11-18 Wed 08:30 again main",
            "11-20 Fri 08:30 supervisor supervisor+deputy",
            // The tenth open day is the 30th: Monday the 23rd was a holiday.
            "11-30 Mon 08:30 weekly main+supervisor+deputy",
            "12-07 Mon 08:30 weekly main+supervisor+deputy",
            "12-14 Mon 08:30 weekly main+supervisor+deputy",
        ]
    );
}

#[test]
fn the_weekly_list_comes_on_the_first_open_day_and_never_ends() {
    let mut walk = Walk::new(Pace::Prompt, "2026-12-21", "2026-12-21");
    assert_eq!(
        walk.until("2027-01-18"),
        [
            "12-21 Mon 08:30 first main",
            "12-22 Tue 08:30 again main",
            "12-23 Wed 08:30 supervisor supervisor+deputy",
            "12-28 Mon 08:30 weekly main+supervisor+deputy",
            "01-04 Mon 08:30 weekly main+supervisor+deputy",
            // Coming-of-Age Day is a Monday.
            "01-12 Tue 08:30 weekly main+supervisor+deputy",
            "01-18 Mon 08:30 weekly main+supervisor+deputy",
        ]
    );
    let far = walk.lines(tokyo("2032-03-01 00:00"), tokyo("2032-03-02 23:59"));
    assert_eq!(far, ["03-01 Mon 08:30 weekly main+supervisor+deputy"]);
}

#[test]
fn a_week_without_an_open_day_is_passed_over() {
    let mut walk = Walk::new(Pace::Prompt, "2026-12-21", "2026-12-21");
    walk.office.closures = (4..=8)
        .filter_map(|date| NaiveDate::from_ymd_opt(2027, 1, date))
        .collect();
    assert_eq!(
        walk.until("2027-01-13")[3..],
        [
            "12-28 Mon 08:30 weekly main+supervisor+deputy",
            "01-12 Tue 08:30 weekly main+supervisor+deputy",
        ]
    );
}

#[test]
fn over_the_year_end_and_golden_week_only_open_days_count() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-12-24", "2026-12-25");
    assert_eq!(
        walk.until("2027-01-19"),
        [
            "12-24 Thu 08:30 first main",
            "01-05 Tue 08:30 again main",
            "01-07 Thu 08:30 supervisor supervisor+deputy",
            "01-18 Mon 08:30 weekly main+supervisor+deputy",
        ]
    );
    let mut walk = Walk::new(Pace::Ordinary, "2027-04-26", "2027-04-28");
    assert_eq!(
        walk.until("2027-05-18"),
        [
            "04-26 Mon 08:30 first main",
            "05-07 Fri 08:30 again main",
            "05-11 Tue 08:30 supervisor supervisor+deputy",
            // The tenth open day is Tuesday the 18th; the list follows on the 24th.
        ]
    );
    let from = tokyo("2027-05-18 23:59");
    assert_eq!(
        walk.lines(from, tokyo("2027-05-25 00:00")),
        ["05-24 Mon 08:30 weekly main+supervisor+deputy"]
    );
}

#[test]
fn a_due_day_on_a_closed_day_is_told_at_the_next_opening() {
    let mut walk = Walk::new(Pace::Prompt, "2026-11-22", "2026-11-22");
    assert_eq!(
        walk.until("2026-11-25"),
        [
            // Monday the 23rd is a holiday; the day and the next one come together.
            "11-24 Tue 08:30 again main",
            "11-25 Wed 08:30 supervisor supervisor+deputy",
        ]
    );
}

#[test]
fn an_appointment_is_asked_about_in_the_afternoon_and_climbs_fast() {
    let mut walk = Walk::new(Pace::Appointment, "2026-11-12", "2026-11-12").time("14:00:00");
    assert_eq!(
        walk.until("2026-11-24"),
        [
            "11-12 Thu 08:30 first main",
            "11-12 Thu 16:00 appointment main",
            "11-13 Fri 08:30 again main",
            "11-16 Mon 08:30 supervisor supervisor+deputy",
            "11-24 Tue 08:30 weekly main+supervisor+deputy",
        ]
    );
}

#[test]
fn an_appointment_in_the_evening_is_asked_about_on_the_next_working_day() {
    let mut walk = Walk::new(Pace::Appointment, "2026-11-12", "2026-11-12").time("18:30:00");
    assert_eq!(
        walk.until("2026-11-13"),
        ["11-12 Thu 08:30 first main", "11-13 Fri 08:30 again main"]
    );
}

#[test]
fn an_appointment_made_after_the_afternoon_question_is_asked_about_the_next_day() {
    let today = "2026-11-12";
    let mut walk = Walk::new(Pace::Appointment, today, today).made("2026-11-12 16:20", MAIN);
    assert_eq!(walk.until("2026-11-13"), ["11-13 Fri 08:30 again main"]);
}

#[test]
fn an_appointment_on_a_closed_day_or_a_day_off_is_announced_the_working_day_before() {
    let saturday = "2026-11-14";
    let mut walk = Walk::new(Pace::Appointment, saturday, saturday);
    assert_eq!(
        walk.until("2026-11-17"),
        [
            "11-13 Fri 08:30 first main",
            "11-16 Mon 08:30 again main",
            "11-17 Tue 08:30 supervisor supervisor+deputy",
        ]
    );
    let thursday = "2026-11-12";
    let mut walk = Walk::new(Pace::Appointment, thursday, thursday).main(PART_TIMER);
    assert_eq!(
        walk.until("2026-11-13"),
        [
            "11-11 Wed 08:30 first part-timer",
            "11-13 Fri 08:30 again part-timer",
        ]
    );
}

#[test]
fn a_part_timer_is_told_on_her_own_days() {
    let tuesday = "2026-11-10";
    let mut walk = Walk::new(Pace::Ordinary, tuesday, tuesday).main(PART_TIMER);
    assert_eq!(
        walk.until("2026-11-20"),
        [
            "11-09 Mon 08:30 first part-timer",
            "11-16 Mon 08:30 again part-timer",
            "11-17 Tue 08:30 supervisor supervisor+deputy",
        ]
    );
    // A window that holds one of her days waits for it.
    let mut walk = Walk::new(Pace::Ordinary, tuesday, "2026-11-12").main(PART_TIMER);
    assert_eq!(
        walk.until("2026-11-12"),
        ["11-11 Wed 08:30 first part-timer"]
    );
    // A holder who comes once a week hears of it before its day, and again with
    // the supervisor if her own second turn has not come.
    let mut walk = Walk::new(Pace::Prompt, tuesday, tuesday).main(MONDAYS);
    assert_eq!(
        walk.until("2026-11-16"),
        [
            "11-09 Mon 08:30 first mondays",
            "11-12 Thu 08:30 supervisor mondays+supervisor+deputy",
            "11-16 Mon 08:30 weekly mondays+supervisor+deputy",
        ]
    );
}

#[test]
fn what_a_part_timer_can_be_told_on_no_earlier_day_goes_to_the_second_nurse() {
    // Made on Tuesday for Thursday by a colleague; she comes on Mondays alone.
    let thursday = "2026-11-12";
    let made = |pace| {
        Walk::new(pace, thursday, thursday)
            .made("2026-11-10 10:00", SECOND)
            .main(MONDAYS)
    };
    for pace in [Pace::Ordinary, Pace::Prompt] {
        let mut walk = made(pace);
        assert_eq!(walk.until("2026-11-12"), ["11-12 Thu 08:30 first second"]);
        walk.second = None;
        walk.check_in.progress = Progress::default();
        let without_a_second = walk.until("2026-11-13");
        match pace {
            // What nobody waits for waits for her; what somebody waits for does not.
            Pace::Ordinary => assert_eq!(without_a_second, Vec::<String>::new()),
            _ => assert_eq!(without_a_second, ["11-12 Thu 08:30 first supervisor"]),
        }
    }
    // She is told on her own next day all the same.
    let mut walk = made(Pace::Ordinary);
    assert_eq!(
        walk.until("2026-11-16"),
        [
            "11-12 Thu 08:30 first second",
            "11-16 Mon 08:30 first mondays",
        ]
    );
}

#[test]
fn a_holder_is_told_with_the_supervisor_before_her_own_second_turn() {
    let monday = "2026-11-09";
    let mut walk = Walk::new(Pace::Prompt, monday, monday).main(MONDAYS);
    assert_eq!(
        walk.until("2026-11-15"),
        [
            "11-09 Mon 08:30 first mondays",
            "11-11 Wed 08:30 supervisor mondays+supervisor+deputy",
        ]
    );
}

#[test]
fn a_roster_without_working_days_is_read_as_monday_to_friday() {
    for working_days in [0, 0b110_0000] {
        let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13");
        walk.roster.people[0].working_days = working_days;
        assert_eq!(
            walk.until("2026-11-18"),
            ["11-11 Wed 08:30 first main", "11-18 Wed 08:30 again main"]
        );
    }
}

#[test]
fn during_leave_the_cover_holds_it() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13").leave(
        MAIN,
        "2026-11-10",
        "2026-11-30",
        Some(PART_TIMER),
    );
    assert_eq!(
        walk.until("2026-11-20"),
        [
            "11-11 Wed 08:30 first part-timer",
            "11-20 Fri 08:30 supervisor part-timer+supervisor+deputy",
        ]
    );
}

#[test]
fn a_leave_that_begins_or_ends_while_it_is_due_hands_it_over_that_morning() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-18").leave(
        MAIN,
        "2026-11-12",
        "2026-11-16",
        Some(PART_TIMER),
    );
    assert_eq!(
        walk.until("2026-11-18"),
        [
            "11-11 Wed 08:30 first main",
            // The cover comes on Fridays.
            "11-13 Fri 08:30 first part-timer",
        ]
    );
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-18").leave(
        MAIN,
        "2026-11-11",
        "2026-11-16",
        Some(SECOND),
    );
    assert_eq!(
        walk.until("2026-11-18"),
        ["11-11 Wed 08:30 first second", "11-17 Tue 08:30 first main"]
    );
}

#[test]
fn on_leave_without_a_cover_the_second_and_the_supervisor_hold_it() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13").leave(
        MAIN,
        "2026-11-10",
        "2026-11-30",
        None,
    );
    assert_eq!(
        walk.until("2026-11-18"),
        [
            "11-11 Wed 08:30 first second+supervisor",
            "11-18 Wed 08:30 again second+supervisor",
        ]
    );
    // A cover who is away is no cover.
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13")
        .leave(MAIN, "2026-11-10", "2026-11-30", Some(PART_TIMER))
        .leave(PART_TIMER, "2026-11-01", "2026-11-30", None);
    assert_eq!(
        walk.until("2026-11-11"),
        ["11-11 Wed 08:30 first second+supervisor"]
    );
}

#[test]
fn the_holder_is_whoever_is_there() {
    let away = |walk: Walk, who| walk.leave(who, "2026-11-01", "2026-12-31", None);
    let walk = || Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13");
    let gone = |mut walk: Walk, who: PersonId| {
        for person in &mut walk.roster.people {
            if person.id == who {
                person.left_on = Some(day("2026-11-01"));
            }
        }
        walk
    };
    let nobody = |mut walk: Walk| {
        walk.main = None;
        walk.second = None;
        walk
    };
    let all_away = |walk: Walk| (1..=7).fold(walk, |walk, id| away(walk, PersonId(id)));
    let leads_away = |walk: Walk| {
        let leads = [SUPERVISOR, DEPUTY, ADMIN];
        leads.into_iter().fold(walk, away)
    };
    let table: [(Walk, &[PersonId]); 12] = [
        (walk(), &[MAIN]),
        (gone(walk(), MAIN), &[SECOND]),
        (away(away(walk(), MAIN), SECOND), &[SUPERVISOR]),
        (gone(gone(walk(), MAIN), SECOND), &[SUPERVISOR]),
        (nobody(walk()), &[SUPERVISOR]),
        (away(nobody(walk()), SUPERVISOR), &[DEPUTY]),
        (away(away(nobody(walk()), SUPERVISOR), DEPUTY), &[ADMIN]),
        (all_away(nobody(walk())), &[SUPERVISOR, DEPUTY, ADMIN]),
        (walk().why(Why::Missing), &[SUPERVISOR]),
        // The main nurse and everybody who leads are on leave: colleagues who are in.
        (
            leads_away(away(walk(), MAIN)),
            &[SECOND, PART_TIMER, MONDAYS],
        ),
        (
            leads_away(away(away(walk(), MAIN), SECOND)),
            &[PART_TIMER, MONDAYS],
        ),
        (
            leads_away(walk().why(Why::Missing)),
            &[MAIN, SECOND, PART_TIMER, MONDAYS],
        ),
    ];
    for (walk, expected) in table {
        let holder = walk.ladder().holder(&walk.case(), day("2026-11-11"));
        assert_eq!(holder, expected);
    }
}

#[test]
fn an_office_without_people_is_looked_at_again_all_the_same() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13");
    walk.roster.people.clear();
    let now = tokyo("2026-11-20 10:00");
    let look = walk.look(now);
    assert_eq!(look.fire, None);
    assert_eq!(look.again_at, tokyo("2026-11-24 08:30"));
}

#[test]
fn a_new_main_nurse_is_told_at_once_in_office_hours_else_at_the_opening() {
    let told = |at: &str| {
        let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-18");
        walk.until("2026-11-11");
        walk.main = Some(PART_TIMER);
        walk.lines(tokyo(at), tokyo("2026-11-18 00:00"))
    };
    assert_eq!(
        told("2026-11-13 10:20"),
        ["11-13 Fri 10:20 first part-timer"]
    );
    for at in ["2026-11-13 18:00", "2026-11-14 10:00"] {
        assert_eq!(told(at), ["11-16 Mon 08:30 first part-timer"], "{at}");
    }
    // Not her day.
    assert_eq!(
        told("2026-11-12 10:20"),
        ["11-13 Fri 08:30 first part-timer"]
    );
}

#[test]
fn a_date_made_for_today_is_told_at_once_or_in_the_afternoon() {
    let today = "2026-11-11";
    let walk = || Walk::new(Pace::Prompt, today, today);
    let table: [(Walk, &str); 6] = [
        // Somebody else made it: the holder hears at once.
        (
            walk().made("2026-11-11 10:30", SUPERVISOR),
            "11-11 Wed 10:30 first main",
        ),
        // She made it herself and knows: a word in the afternoon.
        (
            walk().made("2026-11-11 10:30", MAIN),
            "11-11 Wed 16:00 first main",
        ),
        (
            walk().made("2026-11-11 16:30", MAIN),
            "11-12 Thu 08:30 again main",
        ),
        // Before the opening nothing is late yet.
        (
            walk().made("2026-11-11 07:50", MAIN),
            "11-11 Wed 08:30 first main",
        ),
        // The alarm of the morning has told the supervisor.
        (
            walk().why(Why::Danger).made("2026-11-11 10:30", MAIN),
            "11-11 Wed 16:00 first supervisor",
        ),
        (
            walk().why(Why::Danger).made("2026-11-11 17:00", MAIN),
            "11-12 Thu 08:30 again supervisor",
        ),
    ];
    for (mut walk, expected) in table {
        assert_eq!(walk.until("2026-11-12")[0], expected);
    }
}

#[test]
fn a_supervisor_who_goes_off_after_an_alarm_leaves_it_with_one_who_is_told_at_once() {
    let mut walk = Walk::new(Pace::Prompt, "2026-11-11", "2026-11-11")
        .why(Why::Danger)
        .made("2026-11-11 10:30", MAIN);
    let from = tokyo("2026-11-11 10:30");
    assert_eq!(walk.lines(from, tokyo("2026-11-11 11:00")), [""; 0]);
    walk = walk.leave(SUPERVISOR, "2026-11-11", "2026-11-11", None);
    for leave in &mut walk.roster.leaves {
        leave.entered_at = Some(tokyo("2026-11-11 11:00"));
    }
    assert_eq!(
        walk.lines(tokyo("2026-11-11 11:00"), tokyo("2026-11-11 15:00")),
        ["11-11 Wed 11:00 first deputy"]
    );
}

#[test]
fn what_the_supervisor_decides_never_goes_to_the_nurse() {
    for why in [
        Why::Hospitalised,
        Why::Moved,
        Why::Missing,
        Why::Died,
        Why::NoSignOfLife,
        Why::Danger,
    ] {
        let mut walk = Walk::new(Pace::Prompt, "2026-11-11", "2026-11-11").why(why);
        assert_eq!(
            walk.until("2026-11-16"),
            [
                "11-11 Wed 08:30 first supervisor",
                "11-12 Thu 08:30 again supervisor",
                "11-13 Fri 08:30 supervisor supervisor+deputy",
                "11-16 Mon 08:30 weekly supervisor+deputy",
            ],
            "{why:?}"
        );
    }
}

#[test]
fn after_downtime_one_firing_tells_all_who_missed_a_rung() {
    let table = [
        ("2026-11-18 13:00", Rung::Again, vec![MAIN]),
        (
            "2026-11-20 13:00",
            Rung::Supervisor,
            vec![MAIN, SUPERVISOR, DEPUTY],
        ),
        (
            "2027-02-10 13:00",
            Rung::Weekly,
            vec![MAIN, SUPERVISOR, DEPUTY],
        ),
    ];
    for (now, rung, to) in table {
        let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13");
        let look = walk.look(tokyo(now));
        assert_eq!(look.fire, Some(Firing { rung, to }), "{now}");
    }
    // Back at night, on a closed day: nobody is woken.
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13");
    for now in ["2026-11-20 22:00", "2026-11-21 13:00", "2026-11-23 13:00"] {
        let look = walk.look(tokyo(now));
        assert_eq!(look.fire, None);
        assert_eq!(look.again_at, tokyo("2026-11-24 08:30"), "{now}");
    }
}

#[test]
fn a_week_missed_in_the_middle_is_made_up_for_on_the_first_day_back() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13");
    walk.until("2026-12-01");
    let back = tokyo("2026-12-09 11:00");
    assert_eq!(
        walk.lines(back, tokyo("2026-12-15 00:00")),
        [
            "12-09 Wed 11:00 weekly main+supervisor+deputy",
            "12-14 Mon 08:30 weekly main+supervisor+deputy",
        ]
    );
}

#[test]
fn yarimasu_quiets_the_nurse_until_her_fifth_working_day() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-09", "2026-11-11");
    walk.until("2026-11-16");
    let until = walk.take("2026-11-16 09:10", MAIN);
    assert_eq!(until, tokyo("2026-11-24 08:30"));
    assert_eq!(
        walk.lines(tokyo("2026-11-16 09:11"), tokyo("2026-11-30 23:59")),
        [
            // Without the press the supervisor would have heard on the 18th.
            "11-24 Tue 08:30 supervisor main+supervisor+deputy",
            "11-30 Mon 08:30 weekly main+supervisor+deputy",
        ]
    );
    assert_eq!(walk.check_in.progress.taken, None);
}

#[test]
fn what_was_taken_on_within_its_window_is_asked_for_again_after_it() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-09", "2026-11-25");
    walk.until("2026-11-09");
    walk.take("2026-11-09 09:10", MAIN);
    assert_eq!(
        walk.lines(tokyo("2026-11-09 09:11"), tokyo("2026-12-03 00:00")),
        [
            "11-16 Mon 08:30 first main",
            "11-30 Mon 08:30 again main",
            "12-02 Wed 08:30 supervisor supervisor+deputy",
        ]
    );
}

#[test]
fn a_part_timers_yarimasu_counts_her_own_days_and_not_those_of_her_leave() {
    let walk = Walk::new(Pace::Ordinary, "2026-11-09", "2026-11-11").leave(
        PART_TIMER,
        "2026-11-13",
        "2026-11-13",
        None,
    );
    let taken = walk.ladder().take(PART_TIMER, tokyo("2026-11-09 09:00"));
    // Wed 11, Mon 16, Wed 18, Fri 20, and Monday 23 is a holiday: Wed 25.
    assert_eq!(taken.until, tokyo("2026-11-25 08:30"));
}

#[test]
fn a_second_yarimasu_does_not_put_off_the_supervisor_further() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-09", "2026-11-11");
    walk.until("2026-11-16");
    walk.take("2026-11-16 09:10", MAIN);
    walk.take("2026-11-20 09:10", MAIN);
    assert_eq!(
        walk.lines(tokyo("2026-11-20 09:11"), tokyo("2026-12-01 00:00")),
        [
            "11-24 Tue 08:30 supervisor supervisor+deputy",
            "11-30 Mon 08:30 weekly main+supervisor+deputy",
        ]
    );
}

#[test]
fn the_weekly_list_is_never_put_off_but_spares_whoever_is_at_it() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-09", "2026-11-11");
    walk.until("2026-11-26");
    walk.take("2026-11-27 09:10", MAIN);
    assert_eq!(
        walk.lines(tokyo("2026-11-27 09:11"), tokyo("2026-12-08 00:00")),
        [
            "11-30 Mon 08:30 weekly supervisor+deputy",
            "12-04 Fri 08:30 again main",
            "12-07 Mon 08:30 weekly main+supervisor+deputy",
        ]
    );
}

#[test]
fn a_yarimasu_long_before_the_day_does_not_spoil_the_day() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-24", "2026-11-26");
    walk.take("2026-11-04 09:10", MAIN);
    assert_eq!(
        walk.until("2026-12-01"),
        ["11-24 Tue 08:30 first main", "12-01 Tue 08:30 again main"]
    );
}

#[test]
fn yarimasu_quiets_nobody_but_the_one_who_pressed() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-09", "2026-11-11").leave(
        MAIN,
        "2026-11-12",
        "2026-11-20",
        Some(SECOND),
    );
    walk.until("2026-11-10");
    walk.take("2026-11-10 09:10", MAIN);
    assert_eq!(
        walk.lines(tokyo("2026-11-10 09:11"), tokyo("2026-11-16 23:59")),
        [
            "11-12 Thu 08:30 first second",
            "11-16 Mon 08:30 again second"
        ]
    );
}

#[test]
fn yarimasu_is_offered_for_a_guideline_date_alone() {
    for (pace, expected) in [
        (Pace::Ordinary, true),
        (Pace::Appointment, false),
        (Pace::Prompt, false),
    ] {
        let walk = Walk::new(pace, "2026-11-11", "2026-11-11");
        assert_eq!(may_take(&walk.check_in), expected, "{pace:?}");
    }
}

#[test]
fn an_office_that_closes_at_noon_still_asks_about_its_appointments() {
    let mut walk = Walk::new(Pace::Appointment, "2026-11-12", "2026-11-12");
    walk.office.closes = "12:00:00".parse().unwrap();
    assert_eq!(
        walk.until("2026-11-12")[1],
        "11-12 Thu 16:00 appointment main"
    );
}

#[test]
fn an_office_that_never_opens_is_looked_at_every_day() {
    let mut walk = Walk::new(Pace::Ordinary, "2026-11-11", "2026-11-13");
    walk.office.closures = day("2026-11-01").iter_days().take(800).collect();
    let now = tokyo("2026-11-20 10:00");
    assert_eq!(walk.look(now).again_at, tokyo("2026-11-21 08:30"));
}

/// Open days strictly between two days.
fn open_days_between(office: &Calendar, from: NaiveDate, to: NaiveDate) -> usize {
    from.iter_days()
        .skip(1)
        .take_while(|day| *day < to)
        .filter(|day| office.is_open(*day))
        .count()
}

prop_compose! {
    fn leaves()(
        leaves in prop::collection::vec((1..=7i64, 0..200u64, 0..40u64, prop::option::of(1..=7i64)), 0..8)
    ) -> Vec<Leave> {
        leaves
            .into_iter()
            .map(|(person, from, length, cover)| Leave {
                id: LeaveId(0),
                person: PersonId(person),
                from: days_after(day("2026-10-20"), from),
                to: days_after(day("2026-10-20"), from + length),
                cover: cover.map(PersonId),
                entered_by: None,
                entered_at: None,
            })
            .collect()
    }
}

prop_compose! {
    fn walks()(
        pace in prop::sample::select(vec![Pace::Ordinary, Pace::Appointment, Pace::Prompt]),
        why in prop::sample::select(vec![Why::Said, Why::Missing, Why::Danger]),
        on in 0..180u64,
        width in 0..8u64,
        made_minutes in 0..14_400i64,
        (main, second, made_by) in (prop::option::of(1..=8i64), prop::option::of(1..=8i64), 1..=8i64),
        leaves in leaves(),
        working_days in prop::collection::vec(0..128u8, 7),
        gone in prop::collection::vec(prop::option::of(0..250u64), 7),
        closures in prop::collection::btree_set(0..250u64, 0..30),
        zone in prop::sample::select(vec![
            chrono_tz::Asia::Tokyo,
            chrono_tz::America::New_York,
            chrono_tz::Australia::Lord_Howe,
        ]),
    ) -> Walk {
        let on = days_after(day("2026-11-01"), on);
        let by = if pace == Pace::Ordinary { days_after(on, width) } else { on };
        let mut walk = Walk::new(pace, &on.to_string(), &by.to_string()).why(why);
        walk.office.zone = zone;
        walk.office.closures = closures.into_iter().map(|n| days_after(day("2026-10-20"), n)).collect();
        walk.check_in.made_at = walk.office.instant(on, NaiveTime::MIN) + TimeDelta::days(1)
            - TimeDelta::minutes(made_minutes);
        walk.check_in.made_by = PersonId(made_by);
        walk.main = main.map(PersonId);
        walk.second = second.map(PersonId);
        walk.roster.leaves = leaves;
        for ((person, days), gone) in walk.roster.people.iter_mut().zip(working_days).zip(gone) {
            person.working_days = days;
            // One person stays whatever happens.
            person.left_on = gone
                .filter(|_| person.id != MONDAYS)
                .map(|n| days_after(day("2026-10-20"), n));
        }
        walk
    }
}

/// What holds of every walk: the looks move forward (asserted in `look`), nobody
/// is told of a closed day's or night's doing, and somebody is always told.
fn check_firings(walk: &Walk, firings: &[(DateTime<Utc>, Firing)]) {
    for (at, firing) in firings {
        let day = walk.office.day_of(*at);
        assert!(walk.office.is_open(day), "fires on {day}");
        assert!(!firing.to.is_empty());
        let each: BTreeSet<_> = firing.to.iter().collect();
        assert_eq!(each.len(), firing.to.len(), "told twice: {firing:?}");
        assert!(firing.to.iter().all(|id| {
            walk.roster
                .person(*id)
                .is_some_and(|person| person.is_staff_on(day))
        }));
    }
}

/// No more than so many open days pass between two firings once the window is
/// over: 5 to the supervisor, and from there to the list of the week after the
/// tenth. Without closures that is a gap of 14 calendar days.
const SILENT_OPEN_DAYS_MAX: usize = 9;

fn check_gaps(walk: &Walk, firings: &[(DateTime<Utc>, Firing)], end: NaiveDate, max: usize) {
    let days = firings
        .iter()
        .map(|(at, _)| walk.office.day_of(*at))
        .chain([end]);
    let mut last = walk.check_in.terms.window.by;
    for day in days.filter(|day| *day > walk.check_in.terms.window.by) {
        let silent = open_days_between(&walk.office, last, day);
        assert!(silent <= max, "{silent} silent open days until {day}");
        last = day;
    }
}

proptest! {
    /// Befell others: after the clocks changed what had run counted as missed;
    /// reminders came an hour off after the clocks had changed; reminders were right in
    /// UTC alone.
    #[test]
    fn nobody_can_silence_a_check_in_by_leaves_closures_or_zones(mut walk in walks()) {
        let end = days_after(walk.check_in.terms.window.by, 70);
        let firings = walk.firings(walk.check_in.made_at, walk.office.instant(end, NaiveTime::MIN));
        check_firings(&walk, &firings);
        check_gaps(&walk, &firings, end, SILENT_OPEN_DAYS_MAX);
    }

    #[test]
    fn however_often_yarimasu_is_pressed_the_supervisor_hears(
        mut walk in walks(),
        presses in prop::collection::vec((0..40i64, 1..=8i64), 1..6),
    ) {
        walk.check_in.terms.pace = Pace::Ordinary;
        let by = walk.check_in.terms.window.by;
        let end = days_after(by, 70);
        let mut presses: Vec<(DateTime<Utc>, PersonId)> = presses
            .into_iter()
            .map(|(days, id)| {
                let noon = walk.office.instant(walk.check_in.terms.window.on, NaiveTime::MIN);
                (noon + TimeDelta::days(days) + TimeDelta::hours(12), PersonId(id))
            })
            .collect();
        presses.sort();
        let mut from = walk.check_in.made_at;
        let mut firings = Vec::new();
        for (at, id) in presses {
            firings.extend(walk.firings(from, at));
            let taken = walk.ladder().take(id, at);
            walk.check_in.progress = walk.check_in.progress.taking(taken);
            from = at.max(from);
        }
        firings.extend(walk.firings(from, walk.office.instant(end, NaiveTime::MIN)));
        check_firings(&walk, &firings);
        // The list of the first week after the tenth open day is the latest.
        check_gaps(&walk, &firings, end, 14);
        let deadline = days_after(walk.office.open_days_after(by, 14), 1);
        let led = firings.iter().any(|(at, firing)| {
            walk.office.day_of(*at) <= deadline && firing.rung >= Rung::Supervisor
        });
        prop_assert!(led, "nobody who leads has heard by {deadline}");
    }

    #[test]
    fn restarts_at_any_hour_lose_and_repeat_nothing(
        mut walk in walks(),
        stops in prop::collection::vec(0..100_000i64, 0..12),
    ) {
        let by = walk.check_in.terms.window.by;
        let start = walk.office.instant(walk.check_in.terms.window.on, NaiveTime::MIN);
        let mut instants: Vec<DateTime<Utc>> =
            stops.into_iter().map(|minutes| start + TimeDelta::minutes(minutes)).collect();
        instants.sort();
        let mut step = 0;
        for now in instants {
            let look = walk.look(now);
            step += i64::from(look.fire.is_some());
            prop_assert_eq!(walk.check_in.progress.step, step);
            let today = walk.office.day_of(now);
            let is_late = today > walk.office.open_days_after(by, 14);
            if is_late && walk.office.is_open_at(now) {
                let listed_on = walk.check_in.progress.weekly_on;
                prop_assert_eq!(listed_on.map(|day| day.iso_week()), Some(today.iso_week()));
            }
        }
    }
}
