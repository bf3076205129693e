//! What is to be said, before it has words: pieces hold facts, and phrasing
//! turns them into a reply in the reader's language.
use super::{
    action::Action,
    message::Mark,
    phrase::{Label, Phrase},
};

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
    Choices(Vec<Choice>),
}

/// A button to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    pub label: Label,
    pub action: Action,
}
