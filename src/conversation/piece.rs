//! What is to be said, before it has words: pieces hold facts, and phrasing
//! turns them into a reply in the reader's language.
use super::{
    action::Action,
    message::Mark,
    phrase::{Label, Phrase},
};
use crate::domain::household::Code;
use chrono::NaiveDate;

/// One part of what is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    Line(Phrase),
    Strong(Phrase),
    Quiet(Phrase),
    Heading(Phrase),
    Card {
        title: Phrase,
        mark: Mark,
        lines: Vec<Phrase>,
        choices: Vec<Choice>,
    },
    /// A list for a wide place.
    Table {
        caption: Phrase,
        head: Vec<Phrase>,
        rows: Vec<PieceRow>,
    },
    Choices(Vec<Choice>),
    /// Asks for a day, not before the given one.
    DayForm {
        action: Action,
        label: Phrase,
        from: NaiveDate,
    },
    /// Asks for a household's code.
    CodeForm {
        action: Action,
        label: Phrase,
    },
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PieceRow {
    pub mark: Mark,
    pub cells: Vec<Phrase>,
    pub code: Option<Code>,
}

/// A button to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub label: Label,
    pub action: Action,
}

impl Choice {
    pub fn new(label: Label, action: Action) -> Choice {
        Choice { label, action }
    }
}
