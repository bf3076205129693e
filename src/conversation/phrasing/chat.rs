//! What a chat adds to a reply that is already phrased. Whose language it was
//! is not known there any more, so it is said in both.

/// The last line of a text of which a part did not fit.
pub const MORE_ON_PAGE: &str = "(続きはページにあります / More is on the page)";
