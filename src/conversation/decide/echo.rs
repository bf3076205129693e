//! What the sender is shown to have said: the button or the command, never the
//! words that were typed.
use crate::conversation::{
    action::Action,
    meaning::Intent,
    phrase::{Command, Label, Phrase},
    piece::Piece,
};

/// A button, by its words.
pub fn of_press(action: &Action) -> Vec<Piece> {
    vec![Piece::Line(Phrase::EchoPress(label_of(action)))]
}

/// The words under which a button is usually shown.
fn label_of(action: &Action) -> Label {
    use Action::*;
    match action.clone() {
        Undo(_) => Label::Undo,
        Redate(_) => Label::Redate,
        PutOff(_, after) => Label::After(after),
        OnDay(_, day) => Label::Day(day),
        OtherDay(_) => Label::OtherDay,
        Because(_, reason) => Label::Reason(reason),
        Correct(_) => Label::Correct,
        SetKind(_, kind) | RecordKind(_, kind) => Label::Kind(kind),
        SetOutcome(_, outcome) | RecordAs(_, _, outcome) => Label::Outcome(outcome),
        SetSigns(_, signs) => Label::Signs(signs),
        ThisHousehold(code, _) => Label::Code(code),
        OtherHousehold => Label::OtherOne,
        Never => Label::Never,
        Register(_) => Label::Register,
        RegisterKnownBy(_, route) => Label::Route(route),
        Record(_) => Label::Record,
        Take(_) => Label::Take,
        Consult(_) => Label::Consult,
        ConsultFor(_, what) => Label::Consultation(what),
        AskNurse(_) => Label::Consult,
        ConfirmAlarm(_) => Label::AlarmRead,
        Accept(_) => Label::Accept,
        Decline(_) => Label::Decline,
        PauseFor(_, reason, _) => Label::PauseReason(reason),
        CloseFor(_, reason) => Label::CloseReason(reason),
        ClassFor(_, class) => Label::Class(class),
        Open(code) => Label::Code(code),
        Course(..) => Label::Course,
        Upcoming(span) => Label::Upcoming(span),
        Overdue(_) => Label::Overdue,
        Reassign(_) | AssignTo(..) => Label::Reassign,
        CoverBy(..) | CoverFor(..) => Label::AskCover,
        HandOver(..) => Label::Reassign,
        CancelLeave(_) => Label::Undo,
        UseRoom(_) => Label::UseRoom,
        Invite(_) => Label::Invite,
        RouteFirst(platform) => Label::RouteFirst(platform),
        Help => Label::Help,
    }
}

/// A command, by its name.
pub fn command_of(intent: &Intent, corrects: bool) -> Command {
    match intent {
        Intent::Log | Intent::Chatter if corrects => Command::Correct,
        Intent::Log | Intent::Chatter => Command::Add,
        Intent::Overdue => Command::Overdue,
        Intent::Upcoming(span) => Command::Upcoming(*span),
        Intent::Show { .. } => Command::Show,
        Intent::Undo => Command::Undo,
        Intent::Pause(_) => Command::Pause,
        Intent::Resume => Command::Resume,
        Intent::Watch => Command::Watch,
        Intent::Close(_) => Command::Close,
        Intent::Transfer => Command::Transfer,
        Intent::Received => Command::Received,
        Intent::Reopen => Command::Reopen,
        Intent::Assign { .. } => Command::Assign,
        Intent::Add { .. } => Command::Add,
        Intent::SetClass(_) | Intent::ClearClass => Command::SetClass,
        Intent::SetFlags { .. } => Command::SetFlags,
        Intent::NotBefore(_) => Command::NotBefore,
        Intent::Leave { .. } => Command::Leave,
        Intent::Cover { .. } => Command::Cover,
        Intent::Language(_) => Command::Language,
        Intent::Invite { .. } => Command::Invite,
        Intent::AddStaff { .. } => Command::StaffAdd,
        Intent::Staff => Command::Staff,
        Intent::LetGo { .. } => Command::StaffLeave,
        Intent::Page => Command::Page,
        Intent::Notify(_) => Command::Notify,
        Intent::Morning(_) => Command::Morning,
        Intent::WorkingDays { .. } => Command::WorkingDays,
        Intent::Help => Command::Help,
    }
}
