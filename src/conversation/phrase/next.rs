//! A check-in as it is told, and why its date is what it is.
use crate::domain::{
    check_in::{Pace, Plan, Purpose, Why, Window},
    proposal::Interval,
};
use chrono::NaiveDate;

/// A check-in as it is told: what, when, how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub purpose: Purpose,
    pub window: Window,
    pub plan: Plan,
    pub pace: Pace,
}

/// Why the next date is what it is, behind an arrow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Because {
    /// It was said, and needs no word.
    Said,
    /// A range, 数か月, a month without a day: the date is a guess.
    Guessed,
    /// We propose it, by that span of the settings where it alone decided.
    Guideline { why: Why, span: Option<Interval> },
    /// The home is to be left in peace until that day.
    EndOfPeace,
    /// It stood before and stays.
    Kept,
    /// The day was closed, and a limit was meant: moved before it.
    MovedBack { from: NaiveDate },
    /// The day was closed: moved after it.
    MovedForward { from: NaiveDate },
}
