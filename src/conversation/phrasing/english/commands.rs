//! The English names of commands, and the help.
use crate::conversation::{
    meaning::Span,
    phrase::{Command, HelpLine},
};

/// As it is echoed.
pub fn name(command: Command) -> &'static str {
    match command {
        Command::Overdue => "overdue",
        Command::Upcoming(Span::Today) => "plans for today",
        Command::Upcoming(Span::ThisWeek) => "plans for this week",
        Command::Upcoming(Span::NextWeek) => "plans for next week",
        Command::Show => "history",
        Command::Undo => "undo",
        Command::Correct => "correct",
        Command::Pause => "pause",
        Command::Resume => "resume",
        Command::Watch => "watch",
        Command::Close => "close",
        Command::Transfer => "transfer",
        Command::Received => "received",
        Command::Reopen => "reopen",
        Command::Assign => "assign",
        Command::Add => "add",
        Command::SetClass => "class",
        Command::SetFlags => "flags",
        Command::NotBefore => "not before",
        Command::Leave => "leave",
        Command::Cover => "cover",
        Command::Language => "language",
        Command::Invite => "invite",
        Command::StaffAdd => "add staff",
        Command::Staff => "staff",
        Command::StaffLeave => "staff leave",
        Command::Page => "page",
        Command::Notify => "notify",
        Command::Morning => "morning message",
        Command::WorkingDays => "working days",
        Command::Help => "help",
    }
}

/// One line of the help.
pub fn help(line: HelpLine) -> &'static str {
    match line {
        HelpLine::Log => {
            "Record in one line, in any order: \u{201c}H-012 visit absent card 3m\u{201d}"
        }
        HelpLine::Dates => "Dates: in 3 months, next Tuesday, 12/15, mid January, end of the month",
        HelpLine::Lists => {
            "Lists: \u{201c}plans today\u{201d}, \u{201c}plans this week\u{201d}, \u{201c}plans next week\u{201d}, \u{201c}overdue\u{201d}"
        }
        HelpLine::Course => {
            "Course: \u{201c}H-012 last time?\u{201d}, \u{201c}H-012 history\u{201d}"
        }
        HelpLine::Undo => {
            "Take back: \u{201c}undo\u{201d}. Correct: \u{201c}correct H-012 1 month\u{201d}"
        }
        HelpLine::States => {
            "States: \u{201c}H-012 pause\u{201d}, resume, watch, close, transfer, class A, flags, add"
        }
        HelpLine::People => {
            "People: \u{201c}H-012 assign to Sato\u{201d}, \u{201c}leave 12/1 to 12/12 cover Sato\u{201d}"
        }
        HelpLine::Chats => {
            "Your page: \u{201c}page\u{201d}. Nudges: \u{201c}notify discord\u{201d}, \u{201c}remind me at 9:00\u{201d}. \
             Your days: \u{201c}working days Mon Wed Fri\u{201d}"
        }
        HelpLine::Staff => {
            "Staff: \u{201c}invite Sato\u{201d}, \u{201c}staff\u{201d}, \u{201c}add staff Yamada nurse\u{201d}, \u{201c}staff leave Sato 3/31\u{201d}"
        }
        HelpLine::Silence => "Small talk gets no answer and leaves no trace",
        HelpLine::Emergency => {
            "Where life or safety is at stake, telephone first. This is no emergency service"
        }
    }
}
