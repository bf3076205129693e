//! The commands of a chat as values: what each is called, what it takes, where it
//! is offered, and which words or button a call of it amounts to.
//! Their descriptions are the manual that a chat shows; `phrasing::manual` has
//! the words.
mod call;
mod value;

pub use call::{Call, Given, call, filled, typed};
pub use value::{Turn, Value};

use crate::domain::closed_list;

closed_list! {
    /// A command. Its code is its base name: ASCII, lower case.
    pub enum Command {
        Record,
        Correct,
        Undo,
        Overdue,
        Plan,
        Show,
        State,
        Add,
        Class,
        Assign,
        Leave,
        Cover,
        Page,
        Notify,
        Language,
        Help,
        Join,
        Invite,
        Staff,
        StaffAdd,
        StaffLeave,
        Setup,
    }
}

closed_list! {
    /// What a command takes. Its code is its base name.
    pub enum Argument {
        Household,
        Kind,
        Outcome,
        /// The next date, in words.
        Next,
        /// The rest of a line.
        Words,
        Span,
        State,
        Route,
        Class,
        Person,
        Second,
        CoveredBy,
        From,
        To,
        Platform,
        Language,
        Code,
        Name,
        Role,
        LastDay,
    }
}

/// What may be given for an argument.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Takes {
    /// A household's code, which can be completed.
    Household,
    /// One of these.
    OneOf(Vec<Value>),
    /// Words, of so many characters at most.
    Words { max: u16 },
}

/// Where a command is offered. Wherever it is called, the answer is to the
/// caller alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    Private,
    Room,
    Both,
}

/// One argument of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    pub argument: Argument,
    pub required: bool,
}

/// No household's code is longer as it is typed.
const CODE_MAX: u16 = 12;
const NAME_MAX: u16 = 40;
const DAY_MAX: u16 = 40;
/// A line with its other parts stays below what is read of a message.
const LINE_MAX: u16 = 1_000;

impl Command {
    /// What it takes: what must be given first.
    pub fn slots(self) -> Vec<Slot> {
        use Argument as A;
        let (must, may): (&[A], &[A]) = match self {
            Command::Record => (&[], &[A::Household, A::Kind, A::Outcome, A::Next, A::Words]),
            Command::Correct => (&[A::Household, A::Words], &[]),
            Command::Undo
            | Command::Overdue
            | Command::Page
            | Command::Help
            | Command::Staff
            | Command::Setup => (&[], &[]),
            Command::Plan => (&[], &[A::Span]),
            Command::Show => (&[A::Household], &[]),
            Command::State => (&[A::Household, A::State], &[]),
            Command::Add => (&[A::Household], &[A::Route]),
            Command::Class => (&[A::Household, A::Class], &[]),
            Command::Assign => (&[A::Household, A::Person], &[A::Second]),
            Command::Leave => (&[A::From], &[A::To, A::CoveredBy]),
            Command::Cover => (&[A::Person, A::CoveredBy, A::From], &[A::To]),
            Command::Notify => (&[A::Platform], &[]),
            Command::Language => (&[A::Language], &[]),
            Command::Join => (&[A::Code], &[]),
            Command::Invite => (&[A::Person], &[]),
            Command::StaffAdd => (&[A::Name, A::Role], &[]),
            Command::StaffLeave => (&[A::Person], &[A::LastDay]),
        };
        let slot = |required| {
            move |argument: &A| Slot {
                argument: *argument,
                required,
            }
        };
        must.iter()
            .map(slot(true))
            .chain(may.iter().map(slot(false)))
            .collect()
    }

    pub fn scope(self) -> Scope {
        match self {
            Command::Setup => Scope::Room,
            Command::Page
            | Command::Notify
            | Command::Join
            | Command::Invite
            | Command::Staff
            | Command::StaffAdd
            | Command::StaffLeave => Scope::Private,
            Command::Record
            | Command::Correct
            | Command::Undo
            | Command::Overdue
            | Command::Plan
            | Command::Show
            | Command::State
            | Command::Add
            | Command::Class
            | Command::Assign
            | Command::Leave
            | Command::Cover
            | Command::Language
            | Command::Help => Scope::Both,
        }
    }
}

impl Argument {
    /// What may be given for it.
    pub fn takes(self) -> Takes {
        match self {
            Argument::Household => Takes::Household,
            Argument::Kind
            | Argument::Outcome
            | Argument::Span
            | Argument::State
            | Argument::Route
            | Argument::Class
            | Argument::Platform
            | Argument::Language
            | Argument::Role => Takes::OneOf(Value::all_of(self)),
            Argument::Words => Takes::Words { max: LINE_MAX },
            Argument::Next | Argument::From | Argument::To | Argument::LastDay => {
                Takes::Words { max: DAY_MAX }
            }
            Argument::Person | Argument::Second | Argument::CoveredBy | Argument::Name => {
                Takes::Words { max: NAME_MAX }
            }
            Argument::Code => Takes::Words { max: CODE_MAX },
        }
    }
}

/// The fields of the form for a whole contact, in their order.
pub const FORM: [Slot; 5] = [
    Slot {
        argument: Argument::Household,
        required: true,
    },
    Slot {
        argument: Argument::Kind,
        required: true,
    },
    Slot {
        argument: Argument::Outcome,
        required: false,
    },
    Slot {
        argument: Argument::Next,
        required: false,
    },
    Slot {
        argument: Argument::Words,
        required: false,
    },
];

#[cfg(test)]
mod tests;
