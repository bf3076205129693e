//! A made-up office: the same for the same seed, households and day on every machine.
//!
//! Pure values. Nothing in it comes from a real office, and nobody in it exists.
mod desk;
mod ending;
mod founding;
mod history;
mod pattern;

pub use founding::founding;

use crate::domain::{
    calendar::Calendar,
    check_in::NewCheckIn,
    contact::Details,
    household::{Class, CloseReason, Code, Flag, PauseReason, Route, State},
    people::{Language, Person, Role},
};
use chrono::{DateTime, NaiveDate, Utc};

/// What a made-up office is made from.
#[derive(Debug, Clone)]
pub struct Recipe {
    pub seed: u64,
    pub households: u32,
    /// The office's first day in the trial; all history lies before it.
    pub today: NaiveDate,
    pub calendar: Calendar,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeUpOffice {
    pub name: String,
    pub team: String,
    /// Four nurses, then the supervisor, then the deputy.
    pub people: Vec<MadeUpPerson>,
    /// In the order of their codes, from `H-001`.
    pub households: Vec<MadeUpHousehold>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeUpPerson {
    pub name: String,
    pub role: Role,
    pub language: Language,
    /// As in [`Person`]: bit 0 is Monday.
    pub working_days: u8,
}

/// A household with its course. People are told by their place in
/// [`MadeUpOffice::people`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeUpHousehold {
    pub code: Code,
    pub state: State,
    pub pause_reason: Option<PauseReason>,
    pub close_reason: Option<CloseReason>,
    pub class: Option<Class>,
    pub flags: Vec<Flag>,
    pub not_before: Option<NaiveDate>,
    pub known_by: Route,
    pub known_on: NaiveDate,
    pub main: usize,
    pub second: Option<usize>,
    /// Oldest first.
    pub contacts: Vec<MadeUpContact>,
    /// None exactly when the household is not open.
    pub check_in: Option<MadeUpCheckIn>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeUpContact {
    pub author: usize,
    pub recorded_at: DateTime<Utc>,
    pub details: Details,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MadeUpCheckIn {
    pub terms: NewCheckIn,
    pub made_at: DateTime<Utc>,
    pub made_by: usize,
}

/// Common family names, as Japanese specimen forms use them.
const STAFF: [(&str, Role); 6] = [
    ("佐藤", Role::Nurse),
    ("鈴木", Role::Nurse),
    ("高橋", Role::Nurse),
    ("田中", Role::Nurse),
    ("伊藤", Role::Supervisor),
    ("渡辺", Role::Deputy),
];
const NURSES: u32 = 4;

/// Makes the office. `households` may be any number; history reaches back two years.
pub fn office(recipe: &Recipe) -> MadeUpOffice {
    let people = STAFF.map(|(name, role)| MadeUpPerson {
        name: name.to_owned(),
        role,
        language: Language::Japanese,
        working_days: Person::WEEKDAYS,
    });
    let slots = desk::slots(recipe);
    MadeUpOffice {
        name: "見本市保健センター(架空)".to_owned(),
        team: "見本チーム".to_owned(),
        people: people.to_vec(),
        households: (1..=recipe.households)
            .zip(slots)
            .map(|(number, slot)| history::household(recipe, number, slot))
            .collect(),
    }
}

/// The nurse of the household with this number. Every fourth is the first
/// nurse's, so that the codes of the guide's examples lie on one desk.
fn main_nurse(number: u32) -> u32 {
    number % NURSES
}

#[cfg(test)]
mod tests;
