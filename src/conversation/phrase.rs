//! Every sentence and label that we say, as facts; `phrasing` has the words.

/// One sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Phrase {}

/// The words on a button.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Label {}
