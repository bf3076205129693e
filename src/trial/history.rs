//! The course of one household, from its first report to the last contact.
use super::{
    MadeUpCheckIn, MadeUpContact, MadeUpHousehold, NURSES, Recipe,
    desk::{Desk, EXAMPLE, Slot, stream, weighted},
    ending::{Ending, Teller},
    main_nurse,
    pattern::{CONFERENCE, COURSES, FIRST_REPORTS, PATTERNS, Pattern, open_days_before},
};
use crate::domain::{
    calendar::months_after,
    check_in::Why,
    contact::{Details, Kind, Outcome, PartOfDay, Promise, Signs, SmallChange},
    household::{Class, CloseReason, Code, Flag, PauseReason, Route, State},
};
use chrono::{Days, NaiveDate, TimeDelta};
use rand::Rng;
use rand_chacha::ChaCha8Rng;

/// The history of no household is longer.
const DAYS_MAX: u64 = 730;

/// What happened, on which day; oldest first.
type Story = Vec<(Pattern, NaiveDate)>;

pub(super) fn household(recipe: &Recipe, number: u32, slot: Slot) -> MadeUpHousehold {
    let rng = &mut stream(recipe, number.into());
    let teller = Teller {
        recipe,
        number,
        course: weighted(&COURSES, rng),
    };
    let (known_by, first) = known_by(slot.desk, rng);
    let ending = teller.ending(slot.desk, first, rng);
    let story = match slot.desk {
        Desk::New => vec![(ending.pattern, ending.on)],
        _ => told(&teller, first, &ending, rng),
    };
    let main = main_nurse(number);
    let contacts: Vec<MadeUpContact> = story
        .iter()
        .map(|(pattern, on)| contact(recipe, main, (pattern, *on), rng))
        .collect();
    let check_in = contacts
        .last()
        .zip(ending.terms)
        .map(|(last, terms)| MadeUpCheckIn {
            terms,
            made_at: last.recorded_at,
            made_by: last.author,
        });
    MadeUpHousehold {
        code: Code::of(number),
        state: slot.state,
        pause_reason: (slot.state == State::Paused).then(|| weighted(&PAUSES, rng)),
        close_reason: close_reason(slot.state, rng),
        class: weighted(&CLASSES, rng),
        flags: flags(&story, rng),
        not_before: not_before(recipe, &story).filter(|_| slot.state.is_open()),
        known_by,
        known_on: story[0].1,
        main: main as usize,
        second: rng.random_ratio(1, 5).then(|| other_nurse(main, rng)),
        contacts,
        check_in,
    }
}

/// Who speaks for themselves is past the intake with the first call.
fn known_by(desk: Desk, rng: &mut ChaCha8Rng) -> (Route, Pattern) {
    let told: Vec<_> = FIRST_REPORTS
        .iter()
        .filter(|((_, first), _)| desk != Desk::New || first.kind == Kind::Info)
        .copied()
        .collect();
    weighted(&told, rng)
}

/// Told backwards from its end, since the end is what the desk needs.
fn told(teller: &Teller, first: Pattern, ending: &Ending, rng: &mut ChaCha8Rng) -> Story {
    let recipe = teller.recipe;
    let calendar = &recipe.calendar;
    let days = if teller.number == EXAMPLE {
        DAYS_MAX
    } else {
        rng.random_range(90..=DAYS_MAX)
    };
    let known_on = calendar
        .open_until(recipe.today - Days::new(days))
        .min(open_days_before(calendar, ending.on, 3));
    let whole = (ending.on - known_on).num_days().max(1);
    let mut story = vec![(ending.pattern, ending.on)];
    let mut on = ending.on;
    loop {
        let percent = (on - known_on).num_days() * 100 / whole;
        let at = teller.course.at(percent);
        let weights: Vec<(Pattern, u32)> = PATTERNS
            .iter()
            .map(|pattern| (*pattern, pattern.weight(at)))
            .collect();
        let pattern = weighted(&weights, rng);
        on = calendar.open_until(on - Days::new(gap(&pattern, rng)));
        if on <= known_on {
            break;
        }
        if pattern.outcome == Outcome::Hostile {
            let days = rng.random_range(1..=5);
            story.push((CONFERENCE, calendar.open_days_after(on, days)));
        }
        story.push((pattern, on));
    }
    story.push((first, known_on));
    story.reverse();
    story
}

/// Calendar days until the next contact; a rest is kept.
fn gap(pattern: &Pattern, rng: &mut ChaCha8Rng) -> u64 {
    let least = 31 * u64::from(pattern.rest);
    let drawn = pattern.wait.days() * rng.random_range(80..=180) / 100;
    drawn.max(least).max(1)
}

fn contact(
    recipe: &Recipe,
    main: u32,
    (pattern, on): (&Pattern, NaiveDate),
    rng: &mut ChaCha8Rng,
) -> MadeUpContact {
    let calendar = &recipe.calendar;
    let open = (calendar.closes - calendar.opens).num_minutes().max(0);
    let begun = rng.random_range(0..=open * 3 / 4);
    let written = begun + rng.random_range(0..=open / 5);
    let time = calendar.opens + TimeDelta::minutes(begun);
    let author = if rng.random_ratio(1, 12) {
        other_nurse(main, rng)
    } else {
        main as usize
    };
    let mut details = details(pattern, on, rng);
    if !matches!(pattern.kind, Kind::Letter | Kind::Email) {
        details.part_of_day = Some(PartOfDay::of(time));
        details.time = rng.random_ratio(1, 3).then_some(time);
    }
    let written_at = calendar.opens + TimeDelta::minutes(written);
    MadeUpContact {
        author,
        recorded_at: calendar.instant(on, written_at),
        details,
    }
}

fn details(pattern: &Pattern, on: NaiveDate, rng: &mut ChaCha8Rng) -> Details {
    let mut details = Details {
        kind: Some(pattern.kind),
        direction: pattern.direction,
        outcome: Some(pattern.outcome),
        whom: pattern.whom.to_vec(),
        left: pattern.left.to_vec(),
        partners: pattern.partner.into_iter().collect(),
        ..Details::on(on)
    };
    match pattern.outcome {
        Outcome::Absent if pattern.why == Why::AbsentWithLife => {
            details.signs = Some(Signs::Living);
        }
        Outcome::Absent => details.signs = weighted(&SIGNS, rng),
        Outcome::Voice => details.small_changes.push(SmallChange::Voice),
        Outcome::Person if pattern.kind == Kind::Visit => {
            details.small_changes.extend(weighted(&SMALL_CHANGES, rng));
        }
        Outcome::Declined | Outcome::Family if rng.random_ratio(1, 3) => {
            details.promises.push(Promise::WillCallAgain);
        }
        _ => {}
    }
    details
}

fn other_nurse(main: u32, rng: &mut ChaCha8Rng) -> usize {
    ((main + rng.random_range(1..NURSES)) % NURSES) as usize
}

/// Until when the last contact asks everybody to keep away, if that is still ahead.
fn not_before(recipe: &Recipe, story: &Story) -> Option<NaiveDate> {
    let (pattern, on) = story.last()?;
    Some(months_after(*on, pattern.rest)).filter(|day| *day > recipe.today)
}

fn flags(story: &Story, rng: &mut ChaCha8Rng) -> Vec<Flag> {
    let mut flags: Vec<Flag> = weighted(&FLAGS, rng).into_iter().collect();
    let was_hostile = story
        .iter()
        .any(|(pattern, _)| pattern.outcome == Outcome::Hostile);
    if was_hostile && !flags.contains(&Flag::TwoTogether) {
        flags.push(Flag::TwoTogether);
    }
    flags
}

fn close_reason(state: State, rng: &mut ChaCha8Rng) -> Option<CloseReason> {
    match state {
        State::Closed => Some(weighted(&CLOSINGS, rng)),
        State::Transferred => Some(weighted(&TRANSFERS, rng)),
        _ => None,
    }
}

// The weights are ours, as in `pattern`.
const PAUSES: [(PauseReason, u32); 6] = [
    (PauseReason::FamilyWill, 30),
    (PauseReason::FamilyDisagreement, 15),
    (PauseReason::FamilyExpectation, 10),
    (PauseReason::FamilyFatigue, 15),
    (PauseReason::Person, 25),
    (PauseReason::Office, 5),
];
const CLOSINGS: [(CloseReason, u32); 4] = [
    (CloseReason::Solved, 25),
    (CloseReason::SocialLife, 30),
    (CloseReason::WillFaded, 30),
    (CloseReason::Other, 15),
];
const TRANSFERS: [(CloseReason, u32); 2] =
    [(CloseReason::PassedOn, 60), (CloseReason::MovedAway, 40)];
const CLASSES: [(Option<Class>, u32); 4] = [
    (Some(Class::A), 15),
    (Some(Class::B), 35),
    (Some(Class::C), 15),
    (None, 35),
];
const FLAGS: [(Option<Flag>, u32); 8] = [
    (None, 72),
    (Some(Flag::TwoTogether), 5),
    (Some(Flag::LeaveNothing), 5),
    (Some(Flag::PlainEnvelope), 6),
    (Some(Flag::NoAgencies), 4),
    (Some(Flag::CallMornings), 3),
    (Some(Flag::CallAfternoons), 3),
    (Some(Flag::CallEvenings), 2),
];
const SIGNS: [(Option<Signs>, u32); 3] = [
    (None, 60),
    (Some(Signs::Usual), 30),
    (Some(Signs::NotLooked), 10),
];
const SMALL_CHANGES: [(Option<SmallChange>, u32); 5] = [
    (None, 40),
    (Some(SmallChange::Face), 20),
    (Some(SmallChange::Door), 15),
    (Some(SmallChange::Nodded), 15),
    (Some(SmallChange::Waved), 10),
];
