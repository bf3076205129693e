//! Commands as they are echoed, and the lines of the help.
use crate::conversation::meaning::Span;

/// A command as it is echoed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantNames)]
pub enum Command {
    Overdue,
    Upcoming(Span),
    Show,
    Undo,
    Correct,
    Pause,
    Resume,
    Watch,
    Close,
    Transfer,
    Received,
    Reopen,
    Assign,
    Add,
    SetClass,
    SetFlags,
    NotBefore,
    Leave,
    Cover,
    Language,
    Invite,
    StaffAdd,
    Staff,
    StaffLeave,
    Page,
    Notify,
    Morning,
    WorkingDays,
    Help,
}

/// The lines of the help, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantArray)]
pub enum HelpLine {
    Log,
    Dates,
    Lists,
    Course,
    Undo,
    States,
    People,
    Chats,
    /// To those who may change it.
    Staff,
    Silence,
    Emergency,
}
