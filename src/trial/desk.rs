//! What lies on each nurse's desk on the first morning.
use super::{NURSES, Recipe, main_nurse};
use crate::domain::household::State;
use chrono::{Days, NaiveDate};
use rand::{
    Rng, SeedableRng,
    seq::{IndexedRandom, SliceRandom},
};
use rand_chacha::ChaCha8Rng;

/// The household of the guide's first example: active, and free to be visited.
pub(super) const EXAMPLE: u32 = 12;
/// Codes that the examples of the guide name; all of them are in support.
const NAMED: [u32; 5] = [EXAMPLE, 31, 44, 52, 60];

/// States with their weights.
const STATES: [(State, u32); 6] = [
    (State::Active, 62),
    (State::Watching, 13),
    (State::Paused, 8),
    (State::Intake, 6),
    (State::Closed, 8),
    (State::Transferred, 3),
];

/// From and to how many days ahead, with their weights.
const AHEAD: [((u64, u64), u32); 4] = [
    ((1, 7), 20),
    ((8, 30), 35),
    ((31, 90), 30),
    // Six months at the most, the longest wait that is said.
    ((91, 178), 15),
];

/// Where a household stands on the first morning.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Slot {
    pub state: State,
    pub desk: Desk,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Desk {
    /// `due_on` is this open day.
    Due(NaiveDate),
    /// `due_by` was this open day.
    Overdue(NaiveDate),
    Appointment(NaiveDate),
    /// 受理: nobody has been there yet.
    New,
    /// 中断: the review of the pause.
    Review,
    /// No longer open.
    Gone,
}

/// Everything that is made has a random stream of its own, so that one more draw
/// for one household changes no other.
pub(super) fn stream(recipe: &Recipe, number: u64) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(recipe.seed);
    rng.set_stream(number);
    rng
}

/// The slots of households 1, 2, … in order.
pub(super) fn slots(recipe: &Recipe) -> Vec<Slot> {
    // The streams of the desks lie beyond those of the households.
    let desk_stream = |desk: u32| stream(recipe, (1 << 32) + u64::from(desk));
    let mut rng = desk_stream(NURSES);
    let mut slots: Vec<Slot> = (1..=recipe.households)
        .map(|number| unpressed(recipe, number, &mut rng))
        .collect();
    for nurse in 0..NURSES {
        let mut rng = desk_stream(nurse);
        let mut hers: Vec<u32> = (1..=recipe.households)
            .filter(|number| main_nurse(*number) == nurse && *number != EXAMPLE)
            .filter(|number| matches!(slots[*number as usize - 1].desk, Desk::Due(_)))
            .collect();
        hers.shuffle(&mut rng);
        for (number, desk) in hers.into_iter().zip(pressing(recipe, nurse, &mut rng)) {
            slots[number as usize - 1].desk = desk;
        }
    }
    slots
}

/// Where a household stands that does not press.
fn unpressed(recipe: &Recipe, number: u32, rng: &mut ChaCha8Rng) -> Slot {
    let drawn = weighted(&STATES, rng);
    let ahead = day_ahead(recipe, rng);
    let state = if NAMED.contains(&number) {
        State::Active
    } else {
        drawn
    };
    let desk = match state {
        State::Intake => Desk::New,
        State::Active | State::Watching => Desk::Due(ahead),
        State::Paused => Desk::Review,
        State::Closed | State::Transferred => Desk::Gone,
    };
    Slot { state, desk }
}

/// What a nurse finds on the first morning: something overdue, something due,
/// and on two of the desks an appointment.
fn pressing(recipe: &Recipe, nurse: u32, rng: &mut ChaCha8Rng) -> Vec<Desk> {
    let calendar = &recipe.calendar;
    let morning = calendar.open_from(recipe.today);
    let due = rng.random_range(2..=4_usize);
    let late = rng.random_range(1..=2_usize);
    let mut desks = vec![Desk::Due(morning); due];
    desks.extend((0..late).map(|_| {
        // Up to 20 once the year's turn or Golden Week has moved it back.
        let days = rng.random_range(1..=14);
        Desk::Overdue(calendar.open_until(recipe.today - Days::new(days)))
    }));
    match nurse {
        0 => desks.push(Desk::Appointment(morning)),
        2 => desks.push(Desk::Appointment(calendar.open_days_after(morning, 3))),
        _ => {}
    }
    desks
}

fn day_ahead(recipe: &Recipe, rng: &mut ChaCha8Rng) -> NaiveDate {
    let (from, to) = weighted(&AHEAD, rng);
    let days = rng.random_range(from..=to);
    let calendar = &recipe.calendar;
    let tomorrow = calendar.open_days_after(calendar.open_from(recipe.today), 1);
    calendar
        .open_until(recipe.today + Days::new(days))
        .max(tomorrow)
}

/// One of the list, by weight. The lists are constants whose weights are not all zero.
pub(super) fn weighted<T: Copy>(list: &[(T, u32)], rng: &mut ChaCha8Rng) -> T {
    list.choose_weighted(rng, |(_, weight)| *weight)
        .map_or(list[0].0, |(item, _)| *item)
}
