//! The parts and heads of the board.

/// The parts into which the board falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum BoardGroup {
    Alarm,
    Overdue,
    Due,
    ThisWeek,
    Later,
    NotOpen,
}

/// The heads of the board.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum Column {
    Household,
    Next,
    Nurse,
    Last,
    Mind,
    State,
}
