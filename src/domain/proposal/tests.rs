//! Contacts and what follows from them, in tables. Today is Wednesday,
//! 25 November 2026, 10:00, unless a test says otherwise.
use super::*;
use crate::domain::{
    CheckInId, HouseholdId, PersonId,
    check_in::{Progress, Standing},
    contact::{Outcome::*, PartOfDay},
};
use chrono::{NaiveDateTime, NaiveTime, Weekday};
use proptest::prelude::*;
use strum::VariantArray;

#[derive(Deserialize)]
struct Defaults {
    proposals: Settings,
}

fn settings() -> Settings {
    let text = include_str!("../../../config/default.toml");
    toml::from_str::<Defaults>(text).unwrap().proposals
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn tokyo(text: &str) -> DateTime<Utc> {
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").unwrap();
    Calendar::japan().instant(wall.date(), wall.time())
}

const NOW: &str = "2026-11-25 10:00";

fn with_guide<T>(now: &str, ask: impl FnOnce(Guide) -> T) -> T {
    let (office, settings) = (Calendar::japan(), settings());
    ask(Guide {
        office: &office,
        settings: &settings,
        now: tokyo(now),
    })
}

fn contact(kind: Kind, outcome: Outcome) -> Details {
    Details {
        kind: Some(kind),
        outcome: Some(outcome),
        ..Details::on(day("2026-11-25"))
    }
}

fn next(contact: &Details, said: Option<&Said>, file: &File) -> Next {
    with_guide(NOW, |guide| guide.next(contact, said, file))
}

/// Terms on one line: `2026-12-09..12-16 look_in ordinary absent`.
fn line(terms: &NewCheckIn) -> String {
    let window = terms.window;
    let by = if window.on == window.by {
        String::new()
    } else {
        window.by.format("..%m-%d").to_string()
    };
    let plan = terms.plan.kind.map_or("", |kind| kind.code());
    let words = [
        terms.purpose.code(),
        terms.pace.code(),
        terms.why.code(),
        plan,
    ];
    format!("{}{by} {}", window.on, words.join(" ").trim_end())
}

/// `keep`, or the new terms; with a `*` where the standing one was answered.
fn outcome_line(next: &Next) -> String {
    match &next.check_in {
        Settled::Keep => "keep".to_owned(),
        Settled::Set { terms, answered } => {
            format!("{}{}", if *answered { "*" } else { "" }, line(terms))
        }
    }
}

/// A standing check-in, made on Monday, 9 November.
fn standing(on: &str, purpose: Purpose, pace: Pace, why: Why) -> CheckIn {
    CheckIn {
        id: CheckInId(1),
        household: HouseholdId(1),
        made_at: tokyo("2026-11-09 11:00"),
        made_by: PersonId(1),
        terms: NewCheckIn {
            window: Window::day(day(on)),
            purpose,
            pace,
            why,
            plan: Plan::default(),
            put_off: 0,
        },
        progress: Progress::default(),
    }
}

fn look_in_on(on: &str) -> CheckIn {
    standing(on, Purpose::LookIn, Pace::Ordinary, Why::Said)
}

fn appointment_on(on: &str, kind: Option<Kind>, time: Option<&str>) -> CheckIn {
    let mut check_in = standing(on, Purpose::LookIn, Pace::Appointment, Why::Said);
    check_in.terms.plan.kind = kind;
    check_in.terms.plan.time = time.map(|time| time.parse().unwrap());
    check_in
}

fn review_on(on: &str, why: Why) -> CheckIn {
    standing(on, Purpose::Review, Pace::Prompt, why)
}

/// What becomes of a standing check-in after an undated contact.
fn after(check_in: &CheckIn, contact: &Details) -> String {
    let file = File {
        standing: Some(check_in),
        ..File::default()
    };
    outcome_line(&next(contact, None, &file))
}

fn said(on: &str, by: &str) -> Said {
    Said {
        window: Window {
            on: day(on),
            by: day(by),
        },
        appointment: false,
        plan: Plan::default(),
    }
}

#[test]
fn every_outcome_has_its_interval() {
    let table = [
        (
            Kind::Office,
            NoShow,
            "2026-11-25 look_in prompt no_show call",
        ),
        (Kind::Info, Info, "2026-11-30 look_in prompt other_word"),
        (
            Kind::Letter,
            ReturnedMail,
            "2026-11-30 look_in prompt returned_mail",
        ),
        (Kind::Letter, Reply, "2026-11-30 look_in prompt reply"),
        (
            Kind::Call,
            NoAnswer,
            "2026-12-02..12-09 look_in ordinary no_answer",
        ),
        (
            Kind::Call,
            MessageLeft,
            "2026-12-02..12-09 look_in ordinary message_left",
        ),
        (
            Kind::Visit,
            Absent,
            "2026-12-09..12-16 look_in ordinary absent",
        ),
        (
            Kind::Visit,
            CardLeft,
            "2026-12-09..12-16 look_in ordinary absent",
        ),
        (
            Kind::Visit,
            Person,
            "2026-12-09..12-16 look_in ordinary person_met",
        ),
        (
            Kind::Visit,
            Voice,
            "2026-12-09..12-16 look_in ordinary person_met",
        ),
        (
            Kind::Call,
            Family,
            "2026-12-25..01-07 look_in ordinary family_met",
        ),
        (
            Kind::Letter,
            Sent,
            "2026-12-25..01-07 look_in ordinary letter_sent",
        ),
        (
            Kind::Visit,
            Declined,
            "2026-12-25..01-07 look_in ordinary declined",
        ),
        (
            Kind::Visit,
            Refused,
            "2027-02-25..03-04 look_in ordinary refused",
        ),
        (
            Kind::Visit,
            CardReturned,
            "2027-02-25..03-04 look_in ordinary card_returned",
        ),
        (
            Kind::Visit,
            Hostile,
            "2026-12-02 review prompt hostile conference",
        ),
        (
            Kind::Accompany,
            Linked,
            "2026-12-25..01-07 look_in ordinary linked",
        ),
        (
            Kind::Call,
            Hospitalised,
            "2026-11-30 review prompt hospitalised",
        ),
        (Kind::Visit, Moved, "2026-11-30 review prompt moved"),
        (Kind::Visit, Missing, "2026-11-30 review prompt missing"),
        (Kind::Call, Died, "2026-11-30 review prompt died"),
        (
            Kind::Call,
            Cancelled,
            "2026-12-25..01-07 look_in ordinary other",
        ),
        (
            Kind::Visit,
            CalledOff,
            "2026-12-25..01-07 look_in ordinary other",
        ),
        (
            Kind::Visit,
            Other,
            "2026-12-25..01-07 look_in ordinary other",
        ),
    ];
    for (kind, outcome, expected) in table {
        let next = next(&contact(kind, outcome), None, &File::default());
        assert_eq!(outcome_line(&next), expected, "{kind:?} {outcome:?}");
        assert_eq!(next.alarm, None);
        assert_eq!(next.tell_supervisor, outcome == Hostile);
    }
    let listed: std::collections::BTreeSet<_> = table.iter().map(|row| row.1).collect();
    assert_eq!(listed.len(), Outcome::VARIANTS.len());
    let nothing_known = next(&Details::on(day("2026-11-25")), None, &File::default());
    assert_eq!(
        outcome_line(&nothing_known),
        "2026-12-25..01-07 look_in ordinary other"
    );
}

#[test]
fn what_was_seen_at_the_home_changes_the_interval() {
    let with = |kind, outcome, signs, worrying_word| Details {
        signs,
        worrying_word,
        ..contact(kind, outcome)
    };
    let worrying = Some(Signs::Worrying);
    let no_sign = "2026-11-25 review prompt no_sign_of_life";
    let same_day = "2026-11-25 look_in prompt worrying_word";
    let table = [
        (
            with(Kind::Visit, Absent, Some(Signs::Living), false),
            "2026-12-25..01-07 look_in ordinary absent_with_life",
        ),
        (
            with(Kind::Visit, CardLeft, Some(Signs::Usual), false),
            "2026-12-25..01-07 look_in ordinary absent_with_life",
        ),
        (
            with(Kind::Visit, Absent, Some(Signs::NotLooked), false),
            "2026-12-09..12-16 look_in ordinary absent",
        ),
        (with(Kind::Visit, Absent, worrying, false), no_sign),
        (with(Kind::Accompany, NoAnswer, worrying, false), no_sign),
        (with(Kind::Visit, Absent, None, true), no_sign),
        (with(Kind::Letter, Sent, worrying, false), no_sign),
        // Somebody was there who could be asked.
        (
            with(Kind::Visit, Family, worrying, false),
            "2026-12-25..01-07 look_in ordinary family_met",
        ),
        // Word of it is no alarm, but for the same day.
        (with(Kind::Info, Info, None, true), same_day),
        (with(Kind::Info, Info, worrying, false), same_day),
        (with(Kind::Call, NoAnswer, None, true), same_day),
        (
            with(Kind::Visit, Hospitalised, worrying, false),
            "2026-11-30 review prompt hospitalised",
        ),
    ];
    for (contact, expected) in table {
        let next = next(&contact, None, &File::default());
        assert_eq!(outcome_line(&next), expected, "{contact:?}");
        let alarm = (expected == no_sign).then_some(Grade::NoSignOfLife);
        assert_eq!(next.alarm, alarm, "{contact:?}");
    }
}

#[test]
fn danger_is_for_today_on_any_day_with_an_alarm() {
    for now in [NOW, "2026-11-28 21:00", "2026-12-31 09:00"] {
        let mut contact = contact(Kind::Call, Person);
        contact.danger = true;
        let next = with_guide(now, |guide| guide.next(&contact, None, &File::default()));
        let today = &now[..10];
        assert_eq!(outcome_line(&next), format!("{today} review prompt danger"));
        assert_eq!(next.alarm, Some(Grade::Danger));
    }
}

#[test]
fn what_is_for_the_same_day_stays_on_a_closed_day_and_other_dates_move_forward() {
    let saturday = "2026-11-28 10:00";
    let table = [
        (
            contact(Kind::Group, NoShow),
            "2026-11-28 look_in prompt no_show call",
        ),
        (
            contact(Kind::Letter, Reply),
            "2026-12-02 look_in prompt reply",
        ),
        // Two weeks on is a Saturday, a month on is in the year-end closure.
        (
            contact(Kind::Visit, Absent),
            "2026-12-14..12-21 look_in ordinary absent",
        ),
    ];
    for (contact, expected) in table {
        let next = with_guide(saturday, |guide| {
            guide.next(&contact, None, &File::default())
        });
        assert_eq!(outcome_line(&next), expected);
    }
    let next = with_guide("2026-11-30 10:00", |guide| {
        guide.next(&contact(Kind::Letter, Sent), None, &File::default())
    });
    assert_eq!(
        outcome_line(&next),
        "2027-01-04..01-12 look_in ordinary letter_sent"
    );
    // From the last day of a month, clamped.
    let next = with_guide("2027-01-29 10:00", |guide| {
        guide.next(&contact(Kind::Letter, Sent), None, &File::default())
    });
    assert_eq!(
        outcome_line(&next),
        "2027-03-01..03-08 look_in ordinary letter_sent"
    );
}

#[test]
fn linking_is_looked_after_more_and_more_rarely() {
    for (linked_before, on) in [
        (0, "2026-12-25"),
        (1, "2027-02-25"),
        (2, "2027-05-25"),
        (9, "2027-05-25"),
    ] {
        let file = File {
            linked_before,
            class: Some(Class::C),
            ..File::default()
        };
        let proposal = with_guide(NOW, |guide| {
            guide.propose(&contact(Kind::Agency, Linked), &file)
        });
        assert_eq!(proposal.terms.window.on, day(on), "{linked_before}");
    }
}

#[test]
fn the_class_caps_what_we_propose_and_marks_what_is_said() {
    let refused = contact(Kind::Visit, Refused);
    let linked = contact(Kind::Agency, Linked);
    let table = [
        (Some(Class::A), &refused, 0, "2026-12-25"),
        (Some(Class::A), &linked, 5, "2026-12-25"),
        (Some(Class::B), &linked, 5, "2027-02-25"),
        (None, &linked, 5, "2027-02-25"),
        (Some(Class::C), &linked, 5, "2027-05-25"),
    ];
    for (class, contact, linked_before, on) in table {
        let file = File {
            class,
            linked_before,
            ..File::default()
        };
        let proposal = with_guide(NOW, |guide| guide.propose(contact, &file));
        assert_eq!(proposal.terms.window.on, day(on), "{class:?}");
        let beyond = next(contact, None, &file).is_beyond_class;
        assert!(!beyond, "a proposal lies beyond {class:?}");
    }
    let table = [
        (Some(Class::A), "2026-12-25", false),
        (Some(Class::A), "2026-12-28", true),
        (None, "2027-02-25", false),
        (None, "2027-02-26", true),
        (Some(Class::C), "2027-05-25", false),
        (Some(Class::C), "2027-05-26", true),
    ];
    for (class, on, expected) in table {
        let file = File {
            class,
            ..File::default()
        };
        let next = next(&refused, Some(&said(on, on)), &file);
        assert_eq!(next.is_beyond_class, expected, "{class:?} {on}");
        assert!(outcome_line(&next).starts_with(on));
    }
    // A month from 28 November is a Monday after a weekend: within class A.
    with_guide("2026-11-27 10:00", |guide| {
        let monday = Window::day(day("2026-12-28"));
        assert!(!guide.is_beyond_class(monday, Some(Class::A)));
    });
}

#[test]
fn repeated_absence_never_lengthens_a_gap() {
    let absent = contact(Kind::Visit, Absent);
    let seen = Details {
        signs: Some(Signs::Living),
        ..absent.clone()
    };
    let table = [
        // (before, its gap, now, due)
        (
            contact(Kind::Call, NoAnswer),
            Some(7),
            &absent,
            "2026-12-02",
        ),
        (absent.clone(), Some(14), &seen, "2026-12-09"),
        (absent.clone(), Some(90), &absent, "2026-12-09"),
        (absent.clone(), Some(3), &absent, "2026-11-30"),
        // A same-day check says nothing of how often to come.
        (absent.clone(), Some(0), &absent, "2026-12-09"),
        (absent.clone(), Some(-2), &absent, "2026-12-09"),
        (absent.clone(), None, &absent, "2026-12-09"),
        (contact(Kind::Visit, Family), Some(7), &absent, "2026-12-09"),
    ];
    for (before, last_gap_days, now, on) in table {
        let file = File {
            recent: std::slice::from_ref(&before),
            last_gap_days,
            ..File::default()
        };
        let proposal = with_guide(NOW, |guide| guide.propose(now, &file));
        assert_eq!(
            proposal.terms.window.on,
            day(on),
            "{before:?} {last_gap_days:?}"
        );
    }
    let file = File {
        recent: &[absent],
        last_gap_days: Some(7),
        ..File::default()
    };
    let met = with_guide(NOW, |guide| {
        guide.propose(&contact(Kind::Visit, Family), &file)
    });
    assert_eq!(met.terms.window.on, day("2026-12-25"));
}

#[test]
fn refusal_and_hostility_leave_the_house_in_peace() {
    let table = [
        (Refused, None, None, Some("2026-12-25")),
        (CardReturned, None, None, Some("2026-12-25")),
        (Refused, Some("2026-12-07"), None, Some("2026-12-07")),
        (Refused, Some("2027-03-01"), None, Some("2026-12-25")),
        (Hostile, None, None, Some("2027-02-25")),
        (Hostile, Some("2027-05-25"), None, Some("2027-05-25")),
        // A longer peace that stands is not shortened by ours.
        (Refused, None, Some("2027-05-25"), Some("2027-05-25")),
        (Hostile, None, Some("2027-05-25"), Some("2027-05-25")),
        (Declined, None, None, None),
        (Family, None, Some("2027-05-25"), None),
    ];
    for (outcome, said_on, not_before, expected) in table {
        let said = said_on.map(|on| said(on, on));
        let file = File {
            not_before: not_before.map(day),
            ..File::default()
        };
        let next = next(&contact(Kind::Visit, outcome), said.as_ref(), &file);
        assert_eq!(
            next.not_before,
            expected.map(day),
            "{outcome:?} {said_on:?}"
        );
    }
}

#[test]
fn hostility_brings_a_conference_first_whatever_date_is_said() {
    let hostile = contact(Kind::Visit, Hostile);
    let table = [
        (None, "2026-12-02 review prompt hostile conference"),
        (
            Some("2027-05-25"),
            "2026-12-02 review prompt hostile conference",
        ),
        // Said to go again tomorrow: the case is looked at until then.
        (
            Some("2026-11-26"),
            "2026-11-26 review prompt hostile conference",
        ),
    ];
    for (said_on, expected) in table {
        let said = said_on.map(|on| said(on, on));
        let next = next(&hostile, said.as_ref(), &File::default());
        assert_eq!(outcome_line(&next), expected);
        assert!(next.tell_supervisor && !next.said_is_set_aside);
    }
}

#[test]
fn after_the_conference_the_check_in_is_the_day_until_which_we_hold_back() {
    let review = review_on("2026-12-02", Why::Hostile);
    let file = File {
        standing: Some(&review),
        not_before: Some(day("2027-05-25")),
        ..File::default()
    };
    let conference = contact(Kind::Conference, Other);
    // Held before its day, on it, and late.
    for now in ["2026-11-30 10:00", "2026-12-02 16:00", "2026-12-10 10:00"] {
        let held = Details {
            on: day(&now[..10]),
            ..conference.clone()
        };
        let next = with_guide(now, |guide| guide.next(&held, None, &file));
        assert_eq!(
            outcome_line(&next),
            "*2027-05-25..06-01 look_in ordinary hostile"
        );
        assert!(next.is_beyond_class, "said beyond class B, and marked");
        assert_eq!(next.not_before, None);
    }
    // After danger a conference does not put the household off for months.
    let danger = review_on("2026-11-25", Why::Danger);
    let file = File {
        standing: Some(&danger),
        ..file
    };
    assert_eq!(
        outcome_line(&next(&conference, None, &file)),
        "*2026-12-25..01-07 look_in ordinary other"
    );
}

#[test]
fn while_the_house_is_left_in_peace_what_is_for_today_is_decided_in_the_office() {
    let mut word = contact(Kind::Info, Info);
    word.worrying_word = true;
    let file = File {
        not_before: Some(day("2026-12-25")),
        ..File::default()
    };
    assert_eq!(
        outcome_line(&next(&word, None, &file)),
        "2026-11-25 review prompt worrying_word"
    );
}

#[test]
fn a_said_date_wins_save_over_todays_review() {
    let by_said = |contact: &Details| {
        let next = next(
            contact,
            Some(&said("2026-12-14", "2026-12-18")),
            &File::default(),
        );
        (outcome_line(&next), next.said_is_set_aside)
    };
    let mut danger = contact(Kind::Call, Person);
    danger.danger = true;
    let mut no_sign = contact(Kind::Visit, Absent);
    no_sign.signs = Some(Signs::Worrying);
    let table = [
        (
            contact(Kind::Visit, Absent),
            "2026-12-14..12-18 look_in ordinary said",
            false,
        ),
        (
            contact(Kind::Office, NoShow),
            "2026-12-14..12-18 look_in ordinary said",
            false,
        ),
        (
            contact(Kind::Visit, Refused),
            "2026-12-14..12-18 look_in ordinary said",
            false,
        ),
        (
            contact(Kind::Visit, Died),
            "2026-12-14..12-18 review prompt died",
            false,
        ),
        (
            contact(Kind::Call, Hospitalised),
            "2026-12-14..12-18 review prompt hospitalised",
            false,
        ),
        (danger, "2026-11-25 review prompt danger", true),
        (no_sign, "2026-11-25 review prompt no_sign_of_life", true),
    ];
    for (contact, expected, set_aside) in table {
        assert_eq!(by_said(&contact), (expected.to_owned(), set_aside));
    }
}

#[test]
fn a_said_date_keeps_what_was_said_with_it() {
    let reply = contact(Kind::Letter, Reply);
    let absent = contact(Kind::Visit, Absent);
    let with = |on: &str, appointment, kind, time: Option<&str>| Said {
        appointment,
        plan: Plan {
            kind,
            time: time.map(|time| time.parse().unwrap()),
            partner: None,
        },
        ..said(on, on)
    };
    let table = [
        (
            &absent,
            with("2026-12-10", true, Some(Kind::Office), Some("14:00:00")),
            "2026-12-10 look_in appointment said office",
        ),
        (
            &absent,
            with("2026-12-10", false, Some(Kind::Conference), None),
            "2026-12-10 review ordinary said conference",
        ),
        // Somebody waits: tomorrow is as prompt as ours, next week is not.
        (
            &reply,
            with("2026-11-26", false, None, None),
            "2026-11-26 look_in prompt said",
        ),
        (
            &reply,
            with("2026-12-07", false, None, None),
            "2026-12-07 look_in ordinary said",
        ),
    ];
    for (contact, said, expected) in table {
        let next = next(contact, Some(&said), &File::default());
        assert_eq!(outcome_line(&next), expected);
        let Settled::Set { terms, .. } = next.check_in else {
            panic!("a said date was not set");
        };
        assert_eq!(terms.plan, said.plan);
    }
}

#[test]
fn a_said_date_ends_whatever_stands() {
    let absent = contact(Kind::Visit, Absent);
    let table = [
        (look_in_on("2026-12-01"), "2026-12-14 look_in ordinary said"),
        (
            look_in_on("2026-11-20"),
            "*2026-12-14 look_in ordinary said",
        ),
        (
            appointment_on("2026-12-10", None, None),
            "2026-12-14 look_in ordinary said",
        ),
        (
            review_on("2026-11-25", Why::Danger),
            "2026-12-14 look_in ordinary said",
        ),
    ];
    for (check_in, expected) in table {
        let file = File {
            standing: Some(&check_in),
            ..File::default()
        };
        let next = next(&absent, Some(&said("2026-12-14", "2026-12-14")), &file);
        assert_eq!(outcome_line(&next), expected);
        assert!(!next.appointment_is_set_aside);
    }
}

#[test]
fn an_undated_contact_never_pushes_a_nearer_check_in_away() {
    let absent = contact(Kind::Visit, Absent);
    let info = contact(Kind::Info, Info);
    let proposal = "2026-12-09..12-16 look_in ordinary absent";
    let answered = "*2026-12-09..12-16 look_in ordinary absent";
    let table = [
        (look_in_on("2026-11-26"), &absent, "keep"),
        (look_in_on("2026-12-09"), &absent, "keep"),
        (look_in_on("2026-12-10"), &absent, proposal),
        // Due today, due in a window, overdue: this was it.
        (look_in_on("2026-11-25"), &absent, answered),
        (look_in_on("2026-10-01"), &absent, answered),
        // Nobody has approached the household.
        (look_in_on("2026-11-25"), &info, "keep"),
        (look_in_on("2026-10-01"), &info, "keep"),
        (
            look_in_on("2026-12-09"),
            &info,
            "2026-11-30 look_in prompt other_word",
        ),
    ];
    for (check_in, contact, expected) in table {
        let on = check_in.terms.window.on;
        assert_eq!(
            after(&check_in, contact),
            expected,
            "{on} {:?}",
            contact.kind
        );
    }
}

#[test]
fn only_what_approaches_the_household_settles_a_due_look_in() {
    let due = look_in_on("2026-11-24");
    let table = [
        (Kind::Visit, Absent, true),
        (Kind::Call, NoAnswer, true),
        (Kind::Letter, Sent, true),
        (Kind::Letter, Reply, true),
        (Kind::Office, NoShow, true),
        (Kind::Call, Cancelled, true),
        (Kind::Visit, Hospitalised, true),
        (Kind::Info, Info, false),
        (Kind::Agency, Other, false),
        (Kind::Conference, Other, false),
        (Kind::Letter, ReturnedMail, false),
        (Kind::Visit, CalledOff, false),
    ];
    for (kind, outcome, settles) in table {
        let line = after(&due, &contact(kind, outcome));
        assert_eq!(
            line.starts_with('*'),
            settles,
            "{kind:?} {outcome:?} {line}"
        );
        assert_eq!(line == "keep", !settles, "{kind:?} {outcome:?} {line}");
    }
}

#[test]
fn an_old_contact_that_is_recorded_late_settles_nothing() {
    let on = |text: &str| Details {
        on: day(text),
        ..contact(Kind::Visit, Absent)
    };
    let due = look_in_on("2026-11-25");
    // Yesterday, or some days early, it was the look-in all the same.
    for text in ["2026-11-24", "2026-11-18"] {
        assert!(after(&due, &on(text)).starts_with('*'), "{text}");
    }
    for text in ["2026-11-17", "2026-11-06"] {
        assert_eq!(after(&due, &on(text)), "keep", "{text}");
    }
    // Before this check-in was made (on the 9th), however overdue it is.
    assert_eq!(after(&look_in_on("2026-11-10"), &on("2026-11-08")), "keep");
}

#[test]
fn an_appointment_stays_until_it_is_answered() {
    let at_two = |kind| appointment_on("2026-11-25", Some(kind), Some("14:00:00"));
    let call = contact(Kind::Call, MessageLeft);
    let family_call = contact(Kind::Call, Family);
    let office = contact(Kind::Office, Family);
    let visit = contact(Kind::Visit, Absent);
    let keep = false;
    let table = [
        // (appointment, contact, recorded at, whether it was answered)
        (at_two(Kind::Office), &call, "2026-11-25 09:00", keep),
        (at_two(Kind::Office), &family_call, "2026-11-25 09:00", keep),
        (at_two(Kind::Office), &office, "2026-11-25 09:00", keep),
        (at_two(Kind::Office), &office, "2026-11-25 13:40", true),
        (at_two(Kind::Office), &office, "2026-11-25 15:10", true),
        // They did not come, she called, nobody answered: still open.
        (at_two(Kind::Office), &call, "2026-11-25 15:10", keep),
        (at_two(Kind::Office), &family_call, "2026-11-25 13:40", keep),
        (at_two(Kind::Office), &family_call, "2026-11-25 15:10", true),
        (at_two(Kind::Office), &visit, "2026-11-25 15:10", keep),
        (at_two(Kind::Visit), &visit, "2026-11-25 15:10", true),
        (at_two(Kind::Visit), &visit, "2026-11-25 09:30", keep),
        // Recorded on another day, overdue by then.
        (at_two(Kind::Office), &office, "2026-11-26 09:00", true),
        // Without a kind or an hour, whoever is met face to face.
        (
            appointment_on("2026-11-25", None, None),
            &office,
            "2026-11-25 09:00",
            true,
        ),
        (
            appointment_on("2026-11-25", None, None),
            &family_call,
            "2026-11-25 09:00",
            keep,
        ),
        // One to come.
        (
            appointment_on("2026-12-10", Some(Kind::Office), None),
            &call,
            NOW,
            keep,
        ),
        (
            appointment_on("2026-12-10", Some(Kind::Office), None),
            &office,
            NOW,
            keep,
        ),
        (
            appointment_on("2027-06-10", Some(Kind::Office), None),
            &office,
            NOW,
            keep,
        ),
    ];
    for (appointment, contact, now, answered) in table {
        let file = File {
            standing: Some(&appointment),
            ..File::default()
        };
        let next = with_guide(now, |guide| guide.next(contact, None, &file));
        let line = outcome_line(&next);
        assert_eq!(
            line.starts_with('*'),
            answered,
            "{contact:?} at {now}: {line}"
        );
        assert_eq!(line == "keep", !answered, "{contact:?} at {now}: {line}");
        assert!(!next.appointment_is_set_aside);
    }
    // The hour that the line says counts, not that of the typing.
    let early = Details {
        time: NaiveTime::from_hms_opt(9, 0, 0),
        ..visit.clone()
    };
    let appointment = at_two(Kind::Visit);
    let file = File {
        standing: Some(&appointment),
        ..File::default()
    };
    let next = with_guide("2026-11-25 17:00", |guide| guide.next(&early, None, &file));
    assert_eq!(next.check_in, Settled::Keep);
    // A day later a contact of that day answers it whatever it was.
    let later = Details {
        on: day("2026-11-26"),
        ..call
    };
    let next = with_guide("2026-11-26 10:00", |guide| guide.next(&later, None, &file));
    assert!(outcome_line(&next).starts_with('*'));
}

#[test]
fn a_no_show_and_a_cancelling_end_an_appointment() {
    let today = appointment_on("2026-11-25", Some(Kind::Office), Some("09:30:00"));
    let later = appointment_on("2026-12-10", Some(Kind::Office), Some("14:00:00"));
    let far = appointment_on("2027-02-10", Some(Kind::Office), Some("14:00:00"));
    let table = [
        (
            &today,
            contact(Kind::Office, NoShow),
            "*2026-11-25 look_in prompt no_show call",
            false,
        ),
        (
            &today,
            contact(Kind::Call, Cancelled),
            "*2026-12-25..01-07 look_in ordinary other",
            false,
        ),
        // We called it off: its day stays, as an ordinary date.
        (
            &today,
            contact(Kind::Office, CalledOff),
            "2026-11-25 look_in ordinary other office",
            false,
        ),
        (
            &later,
            contact(Kind::Call, Cancelled),
            "2026-12-10 look_in ordinary other office",
            false,
        ),
        (
            &far,
            contact(Kind::Call, Cancelled),
            "2026-12-25..01-07 look_in ordinary other",
            false,
        ),
        // Not this appointment, but somebody is to be called today.
        (
            &later,
            contact(Kind::Group, NoShow),
            "2026-11-25 look_in prompt no_show call",
            true,
        ),
    ];
    for (appointment, contact, expected, set_aside) in table {
        let file = File {
            standing: Some(appointment),
            ..File::default()
        };
        let next = next(&contact, None, &file);
        assert_eq!(outcome_line(&next), expected, "{contact:?}");
        assert_eq!(next.appointment_is_set_aside, set_aside, "{contact:?}");
        if let Settled::Set { terms, .. } = next.check_in {
            assert_eq!(terms.plan.time, None);
        }
    }
}

#[test]
fn what_is_for_today_goes_before_later_dates() {
    let mut word = contact(Kind::Info, Info);
    word.worrying_word = true;
    let mut danger = contact(Kind::Call, Person);
    danger.danger = true;
    let same_day = "2026-11-25 look_in prompt worrying_word";
    let mut prompt = look_in_on("2026-11-24");
    prompt.terms.pace = Pace::Prompt;
    let table = [
        (look_in_on("2026-12-01"), &word, same_day),
        (appointment_on("2026-12-10", None, None), &word, same_day),
        // A guideline date that is due is hurried.
        (look_in_on("2026-11-20"), &word, same_day),
        // What climbs as fast stays.
        (appointment_on("2026-11-25", None, None), &word, "keep"),
        (appointment_on("2026-11-24", None, None), &word, "keep"),
        (prompt, &word, "keep"),
        (review_on("2026-11-25", Why::Danger), &word, "keep"),
        (
            look_in_on("2026-12-01"),
            &danger,
            "2026-11-25 review prompt danger",
        ),
        (
            appointment_on("2026-11-25", None, Some("14:00:00")),
            &danger,
            "2026-11-25 review prompt danger",
        ),
    ];
    for (check_in, contact, expected) in table {
        assert_eq!(after(&check_in, contact), expected, "{:?}", check_in.terms);
    }
    // A life comes before an appointment, and the answer says so.
    let appointment = appointment_on("2026-12-10", None, None);
    let file = File {
        standing: Some(&appointment),
        ..File::default()
    };
    assert!(next(&danger, None, &file).appointment_is_set_aside);
}

#[test]
fn worrying_word_is_answered_only_by_somebody_who_has_seen() {
    let worry = standing(
        "2026-11-25",
        Purpose::LookIn,
        Pace::Prompt,
        Why::WorryingWord,
    );
    let table = [
        (contact(Kind::Call, NoAnswer), false),
        (contact(Kind::Letter, Sent), false),
        (contact(Kind::Call, Person), true),
        (contact(Kind::Visit, Absent), true),
    ];
    for (contact, answered) in table {
        assert_eq!(after(&worry, &contact) != "keep", answered, "{contact:?}");
    }
}

#[test]
fn a_review_is_answered_by_a_look_at_the_case() {
    let visit = contact(Kind::Visit, Person);
    let absent = contact(Kind::Visit, Absent);
    let living = Details {
        signs: Some(Signs::Living),
        ..absent.clone()
    };
    let agency = contact(Kind::Agency, Other);
    let conference = contact(Kind::Conference, Other);
    let hospital = contact(Kind::Call, Hospitalised);
    let mut said_conference = review_on("2026-11-25", Why::Said);
    said_conference.terms.pace = Pace::Ordinary;
    said_conference.terms.plan.kind = Some(Kind::Conference);
    let pause = standing(
        "2026-11-25",
        Purpose::Review,
        Pace::Ordinary,
        Why::PauseReview,
    );
    let table = [
        (review_on("2026-11-25", Why::Hostile), &visit, false),
        (review_on("2026-11-25", Why::Hostile), &agency, true),
        (review_on("2026-11-25", Why::Hostile), &conference, true),
        (review_on("2026-11-27", Why::Hostile), &conference, true),
        (review_on("2026-11-27", Why::Hostile), &agency, false),
        (review_on("2026-11-25", Why::Danger), &visit, false),
        (review_on("2026-11-25", Why::Danger), &hospital, false),
        (review_on("2026-11-25", Why::Danger), &conference, true),
        (review_on("2026-11-25", Why::NoSignOfLife), &absent, false),
        (review_on("2026-11-25", Why::NoSignOfLife), &living, true),
        (review_on("2026-11-25", Why::NoSignOfLife), &visit, true),
        (review_on("2026-11-25", Why::NoSignOfLife), &hospital, true),
        (review_on("2026-11-25", Why::Missing), &visit, false),
        (review_on("2026-11-25", Why::Missing), &agency, true),
        (said_conference, &visit, false),
        (pause, &visit, true),
    ];
    for (check_in, contact, answered) in table {
        let line = after(&check_in, contact);
        let why = check_in.terms.why;
        assert_eq!(
            line.starts_with('*'),
            answered,
            "{why:?} {contact:?} {line}"
        );
        assert_eq!(line == "keep", !answered, "{why:?} {contact:?} {line}");
    }
}

#[test]
fn an_earlier_date_brings_a_conference_forward_and_does_not_do_away_with_it() {
    let mut word = contact(Kind::Info, Info);
    word.worrying_word = true;
    let mut conference = review_on("2026-12-02", Why::Hostile);
    conference.terms.plan.kind = Some(Kind::Conference);
    let pause = standing(
        "2026-12-20",
        Purpose::Review,
        Pace::Ordinary,
        Why::PauseReview,
    );
    let table = [
        (
            &conference,
            contact(Kind::Info, Info),
            "2026-11-30 review prompt hostile conference",
        ),
        (
            &conference,
            word,
            "2026-11-25 review prompt worrying_word conference",
        ),
        // A paused household that gives a sign is looked in on.
        (
            &pause,
            contact(Kind::Letter, Reply),
            "2026-11-30 look_in prompt reply",
        ),
    ];
    for (check_in, contact, expected) in table {
        assert_eq!(after(check_in, &contact), expected, "{contact:?}");
    }
}

#[test]
fn nobody_is_sent_to_a_door_behind_which_nobody_is_or_where_a_nurse_was_shouted_at() {
    let died = contact(Kind::Call, Died);
    let hostile = contact(Kind::Visit, Hostile);
    let hospital_said = contact(Kind::Agency, Hospitalised);
    let table = [
        (
            look_in_on("2026-11-26"),
            &died,
            "2026-11-26 review prompt died",
        ),
        (
            look_in_on("2026-12-20"),
            &died,
            "2026-11-30 review prompt died",
        ),
        (
            appointment_on("2026-12-10", None, None),
            &died,
            "2026-11-30 review prompt died",
        ),
        (
            appointment_on("2026-11-26", None, None),
            &hostile,
            "2026-11-26 review prompt hostile conference",
        ),
        (
            look_in_on("2026-11-20"),
            &hospital_said,
            "2026-11-30 review prompt hospitalised",
        ),
        // The conference on hostility gives way to the check on a death, no later.
        (
            review_on("2026-11-26", Why::Hostile),
            &died,
            "2026-11-26 review prompt died",
        ),
        (
            review_on("2026-11-20", Why::Hostile),
            &died,
            "2026-11-25 review prompt died",
        ),
        // An overdue conference is not put off by more hostility.
        (review_on("2026-11-20", Why::Hostile), &hostile, "keep"),
        (review_on("2026-11-27", Why::Hostile), &hostile, "keep"),
        (review_on("2026-11-25", Why::Danger), &died, "keep"),
    ];
    for (check_in, contact, expected) in table {
        assert_eq!(after(&check_in, contact), expected, "{:?}", check_in.terms);
    }
}

#[test]
fn a_transfer_is_reviewed_until_its_receipt_whatever_happens_in_between() {
    let waiting = |on| standing(on, Purpose::Review, Pace::Ordinary, Why::AwaitingReceipt);
    let agency = contact(Kind::Agency, Other);
    let table = [
        (
            waiting("2026-11-25"),
            agency.clone(),
            "*2026-12-09..12-16 review ordinary awaiting_receipt",
        ),
        (waiting("2026-12-04"), agency, "keep"),
        (
            waiting("2026-11-25"),
            contact(Kind::Visit, Family),
            "*2026-12-09..12-16 review ordinary awaiting_receipt",
        ),
        (
            waiting("2026-12-04"),
            contact(Kind::Info, Info),
            "2026-11-30 review ordinary awaiting_receipt",
        ),
    ];
    for (check_in, contact, expected) in table {
        assert_eq!(after(&check_in, &contact), expected, "{contact:?}");
    }
}

#[test]
fn the_third_visit_in_a_row_that_met_nobody_suggests_a_conference() {
    let absent = contact(Kind::Visit, Absent);
    let card = contact(Kind::Accompany, CardLeft);
    let call = contact(Kind::Call, Family);
    let letter = contact(Kind::Letter, Sent);
    let info = contact(Kind::Info, Info);
    let met = contact(Kind::Visit, Voice);
    let came = contact(Kind::Office, Family);
    let called_off = contact(Kind::Visit, CalledOff);
    let held = contact(Kind::Conference, Other);
    let table: [(&Details, Vec<&Details>, bool); 10] = [
        (&absent, vec![], false),
        (&absent, vec![&absent], false),
        (&absent, vec![&absent, &card], true),
        (
            &card,
            vec![&call, &absent, &letter, &info, &called_off, &absent],
            true,
        ),
        (&absent, vec![&absent, &met, &absent], false),
        (&absent, vec![&came, &absent, &absent], false),
        (&absent, vec![&absent, &absent, &absent], true),
        (&absent, vec![&held, &absent, &absent, &absent], false),
        (&letter, vec![&absent, &absent, &absent], false),
        (&met, vec![&absent, &absent, &absent], false),
    ];
    for (contact, recent, expected) in table {
        let recent: Vec<Details> = recent.into_iter().cloned().collect();
        let file = File {
            recent: &recent,
            ..File::default()
        };
        let suggested = next(contact, None, &file).suggest_conference;
        assert_eq!(suggested, expected, "{recent:?}");
    }
}

#[test]
fn after_an_absence_another_weekday_and_part_of_the_day_are_suggested() {
    let visit = |on: &str, part_of_day| Details {
        on: day(on),
        part_of_day,
        ..contact(Kind::Visit, Absent)
    };
    let wednesday = visit("2026-11-25", Some(PartOfDay::Morning));
    let unknown = visit("2026-11-25", None);
    let timed = Details {
        time: NaiveTime::from_hms_opt(14, 30, 0),
        ..unknown.clone()
    };
    let thursday = visit("2026-11-12", Some(PartOfDay::Afternoon));
    let evening = visit("2026-10-20", Some(PartOfDay::Evening));
    let table = [
        (&wednesday, vec![], Weekday::Thu, Some(PartOfDay::Afternoon)),
        (&timed, vec![], Weekday::Thu, Some(PartOfDay::Morning)),
        (
            &wednesday,
            vec![thursday.clone()],
            Weekday::Fri,
            Some(PartOfDay::Evening),
        ),
        // All tried: the one of the longest ago.
        (
            &wednesday,
            vec![thursday, evening],
            Weekday::Fri,
            Some(PartOfDay::Evening),
        ),
        (&unknown, vec![], Weekday::Thu, None),
    ];
    for (contact, recent, weekday, part) in table {
        let file = File {
            recent: &recent,
            ..File::default()
        };
        let suggested = next(contact, None, &file).suggest_other_time;
        assert_eq!(suggested, Some(OtherTime { weekday, part }));
    }
    let mut living = wednesday.clone();
    living.signs = Some(Signs::Living);
    assert_eq!(
        next(&living, None, &File::default()).suggest_other_time,
        None
    );
    let with_date = next(
        &wednesday,
        Some(&said("2026-12-14", "2026-12-14")),
        &File::default(),
    );
    assert_eq!(with_date.suggest_other_time, None);
    let near = look_in_on("2026-11-27");
    let file = File {
        standing: Some(&near),
        ..File::default()
    };
    assert_eq!(next(&wednesday, None, &file).suggest_other_time, None);
}

#[test]
fn occasions_without_a_contact_have_their_dates() {
    let table = [
        (
            NOW,
            Occasion::NewHousehold,
            "2026-11-30 look_in ordinary new_household",
        ),
        (
            NOW,
            Occasion::Reopened,
            "2026-11-30 look_in ordinary reopened",
        ),
        (
            NOW,
            Occasion::Pause,
            "2027-02-25..03-04 review ordinary pause_review",
        ),
        (
            NOW,
            Occasion::Transfer,
            "2026-12-09..12-16 review ordinary awaiting_receipt",
        ),
        // Never beyond 31 March.
        (
            "2027-02-10 10:00",
            Occasion::Pause,
            "2027-03-31 review ordinary pause_review",
        ),
        (
            "2026-12-28 10:00",
            Occasion::Pause,
            "2027-03-29..03-31 review ordinary pause_review",
        ),
        (
            "2027-03-31 10:00",
            Occasion::Pause,
            "2027-03-31 review ordinary pause_review",
        ),
        // 31 March 2029 is a Saturday.
        (
            "2029-03-31 10:00",
            Occasion::Pause,
            "2029-03-31 review ordinary pause_review",
        ),
    ];
    for (now, occasion, expected) in table {
        let terms = with_guide(now, |guide| guide.on_occasion(occasion));
        assert_eq!(line(&terms), expected, "{now} {occasion:?}");
    }
}

prop_compose! {
    fn contacts()(
        kind in prop::option::of(prop::sample::select(Kind::VARIANTS)),
        outcome in prop::option::of(prop::sample::select(Outcome::VARIANTS)),
        signs in prop::option::of(prop::sample::select(Signs::VARIANTS)),
        (worrying_word, danger) in (any::<bool>(), prop::bool::weighted(0.1)),
        back in 0..40u64,
    ) -> Details {
        let on = day("2026-11-25") - chrono::Days::new(back);
        Details { kind, outcome, signs, worrying_word, danger, ..Details::on(on) }
    }
}

prop_compose! {
    fn check_ins()(
        offset in -60..200i64,
        width in 0..10i64,
        purpose in prop::sample::select(Purpose::VARIANTS),
        pace in prop::sample::select(Pace::VARIANTS),
        why in prop::sample::select(Why::VARIANTS),
        hour in prop::option::of(0..24u32),
    ) -> CheckIn {
        let on = day("2026-11-25") + chrono::TimeDelta::days(offset);
        let mut check_in = standing(&on.to_string(), purpose, pace, why);
        check_in.terms.window.by = on + chrono::TimeDelta::days(width);
        check_in.terms.plan.time = hour.and_then(|hour| NaiveTime::from_hms_opt(hour, 0, 0));
        check_in
    }
}

proptest! {
    /// The promise, for every contact on every standing check-in: the next date
    /// is never in the past unless it stood there, a nearer one is never pushed
    /// away by what does not answer it, and an alarm means today.
    #[test]
    fn an_undated_contact_leaves_a_sound_check_in(
        contact in contacts(),
        check_in in prop::option::of(check_ins()),
        recent in prop::collection::vec(contacts(), 0..4),
        last_gap_days in prop::option::of(-3..100i64),
        class in prop::option::of(prop::sample::select(vec![Class::A, Class::B, Class::C])),
        not_before in prop::option::of(0..200u64),
    ) {
        let today = day("2026-11-25");
        let file = File {
            class,
            not_before: not_before.map(|days| days_after(today, days)),
            standing: check_in.as_ref(),
            recent: &recent,
            linked_before: 1,
            last_gap_days,
        };
        let next = next(&contact, None, &file);
        match &next.check_in {
            Settled::Keep => prop_assert!(check_in.is_some()),
            Settled::Set { terms, answered } => {
                prop_assert!(terms.window.on <= terms.window.by);
                prop_assert!(today <= terms.window.on);
                let is_open = Calendar::japan().is_open(terms.window.on);
                let stood_there = check_in.as_ref().is_some_and(|c| c.terms.window.on == terms.window.on);
                prop_assert!(is_open || stood_there || terms.window.on == today);
                let stands_later = check_in
                    .as_ref()
                    .filter(|_| !answered)
                    .is_none_or(|c| terms.window.on <= c.terms.window.on.max(today)
                        || c.terms.window.standing(today) != Standing::Upcoming);
                prop_assert!(stands_later, "pushed away to {:?}", terms.window);
            }
        }
        if next.alarm.is_some() {
            let is_today = matches!(
                &next.check_in,
                Settled::Set { terms, .. } if terms.window.on == today && terms.why.raises_alarm()
            );
            prop_assert!(is_today);
        }
    }
}
