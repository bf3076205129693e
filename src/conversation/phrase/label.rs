//! The words on buttons, as facts.
use crate::{
    conversation::{
        action::{After, Consultation, PutOffReason},
        meaning::Span,
        message::Platform,
    },
    domain::{
        contact::{Kind, Outcome, Signs},
        household::{Class, CloseReason, Code, PauseReason, Route},
    },
};
use chrono::NaiveDate;

/// The words on a button.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum Label {
    Undo,
    PutBack,
    StopUndo,
    Redate,
    Correct,
    PutOff,
    ChangeAppointment,
    /// Counted from today: 2週間後
    After(After),
    /// A span alone: 2週間
    Span(After),
    OtherDay,
    Day(NaiveDate),
    /// Without its month, where the question has named it.
    DayOfMonth(NaiveDate),
    Signs(Signs),
    Kind(Kind),
    Outcome(Outcome),
    Household {
        code: Code,
        last: Option<(NaiveDate, Option<Kind>)>,
    },
    Code(Code),
    OtherOne,
    YesLog,
    ReopenAndLog,
    Never,
    Register,
    Route(Route),
    Record,
    Take,
    Consult,
    Consultation(Consultation),
    Reason(PutOffReason),
    PauseReason(PauseReason),
    CloseReason(CloseReason),
    /// None where it is taken away.
    Class(Option<Class>),
    Came,
    DidNotCome,
    AlarmRead,
    Handled,
    AskNurse(String),
    Reassign,
    Person(String),
    Accept,
    Decline,
    AskCover,
    Open,
    Course,
    More,
    Upcoming(Span),
    /// To those who lead.
    Overdue,
    /// The same list to a nurse.
    PastDate,
    /// To an administrator, of a shared place.
    UseRoom,
    /// A join code for a colleague.
    Invite,
    /// Nudges go there first.
    RouteFirst(Platform),
    Help,
    Send,
}
