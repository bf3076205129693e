//! Every sentence that we say, in the reader's language: pieces become a reply.
//!
//! A language is one folder: the sentences as an exhaustive match over the
//! phrases, the buttons, the names, the help. The compiler shows what a new
//! phrase still lacks.
pub mod archive;
pub mod chat;
pub mod checkup;
pub mod discord;
mod english;
mod japanese;
pub mod manual;
pub mod page;

use super::{
    action::Action,
    decision::{MADE, Made},
    message::{Button, Card, Field, Form, Part, Reply, Row, Table, Tone},
    phrase::{Label, Phrase},
    piece::{Choice, Piece},
};
use crate::domain::{
    AlarmId, CheckInId, ContactId, RequestId, SaveId,
    contact::{Details, Direction, Kind, Outcome},
    people::Language,
};
use chrono::{Datelike, NaiveDate};

/// In which language, and seen from which day: a year is said when it is not
/// this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Voice {
    pub language: Language,
    /// The office's day.
    pub today: NaiveDate,
}

impl Voice {
    /// One sentence.
    pub fn say(&self, phrase: &Phrase) -> String {
        match self.language {
            Language::Japanese => japanese::say(phrase, self.today),
            Language::English => english::say(phrase, self.today),
        }
    }

    /// The words on one button.
    pub fn label(&self, label: &Label) -> String {
        match self.language {
            Language::Japanese => japanese::label(label, self.today),
            Language::English => english::label(label, self.today),
        }
    }

    /// Pieces as a reply; ids that the save has made are put in their place.
    pub fn reply(&self, pieces: &[Piece], made: &Made) -> Reply {
        Reply {
            parts: pieces.iter().map(|piece| self.part(piece, made)).collect(),
        }
    }

    /// Pieces as lines of plain text, for an echo.
    pub fn lines(&self, pieces: &[Piece]) -> String {
        let lines: Vec<String> = pieces
            .iter()
            .filter_map(|piece| match piece {
                Piece::Line(phrase)
                | Piece::Strong(phrase)
                | Piece::Quiet(phrase)
                | Piece::Heading(phrase) => Some(self.say(phrase)),
                _ => None,
            })
            .collect();
        lines.join("\n")
    }

    fn part(&self, piece: &Piece, made: &Made) -> Part {
        match piece {
            Piece::Line(phrase) => Part::Line(self.say(phrase)),
            Piece::Strong(phrase) => Part::Strong(self.say(phrase)),
            Piece::Quiet(phrase) => Part::Quiet(self.say(phrase)),
            Piece::Heading(phrase) => Part::Heading(self.say(phrase)),
            Piece::Card {
                title,
                mark,
                lines,
                choices,
            } => Part::Card(Card {
                title: self.say(title),
                mark: *mark,
                lines: lines
                    .iter()
                    .map(|line| self.say(line))
                    .filter(|line| !line.is_empty())
                    .collect(),
                buttons: self.buttons(choices, made),
            }),
            Piece::Table {
                caption,
                head,
                rows,
            } => Part::Table(Table {
                caption: self.say(caption),
                head: head.iter().map(|cell| self.say(cell)).collect(),
                rows: rows
                    .iter()
                    .map(|row| Row {
                        mark: row.mark,
                        cells: row.cells.iter().map(|cell| self.say(cell)).collect(),
                        code: row.code.clone(),
                    })
                    .collect(),
            }),
            Piece::Choices(choices) => Part::Buttons(self.buttons(choices, made)),
            Piece::DayForm {
                action,
                label,
                from,
            } => Part::Form(Form {
                action: resolved(action, made),
                label: self.say(label),
                field: Field::Day { from: *from },
                submit: self.label(&Label::Send),
            }),
            Piece::CodeForm { action, label } => Part::Form(Form {
                action: resolved(action, made),
                label: self.say(label),
                field: Field::Words { max: 12 },
                submit: self.label(&Label::Send),
            }),
        }
    }

    fn buttons(&self, choices: &[Choice], made: &Made) -> Vec<Button> {
        choices
            .iter()
            .map(|choice| Button {
                label: self.label(&choice.label),
                action: resolved(&choice.action, made),
                tone: tone(&choice.label),
            })
            .collect()
    }
}

/// Whether it must be said that the other side began it; who comes to the
/// office or writes back has said so already.
fn comes_in(details: &Details) -> bool {
    let can_be_either = matches!(details.kind, Some(Kind::Call | Kind::Email | Kind::Agency));
    can_be_either && details.direction == Direction::In && details.outcome != Some(Outcome::Reply)
}

/// A day of this year is said without it, unless it is so far ahead that,
/// typed so, it would be read as the one that has passed (rule 8).
fn goes_without_year(day: NaiveDate, today: NaiveDate) -> bool {
    day.year() == today.year() && (day - today).num_days() <= DAYS_AHEAD_WITHOUT_YEAR
}

/// Below the 305 days that are looked ahead for a date without a year.
const DAYS_AHEAD_WITHOUT_YEAR: i64 = 300;

/// The buttons that are pressed most stand out; those that undo or end are quiet.
fn tone(label: &Label) -> Tone {
    match label {
        Label::Record
        | Label::AlarmRead
        | Label::Accept
        | Label::YesLog
        | Label::ReopenAndLog
        | Label::UseRoom
        | Label::Came => Tone::Primary,
        Label::Undo | Label::Never | Label::Decline => Tone::Careful,
        _ => Tone::Plain,
    }
}

/// The action with the ids that the save has made.
fn resolved(action: &Action, made: &Made) -> Action {
    let check_in = |id: CheckInId| {
        if id.0 == MADE {
            made.check_in.unwrap_or(id)
        } else {
            id
        }
    };
    let contact = |id: ContactId| {
        if id.0 == MADE {
            made.contact.unwrap_or(id)
        } else {
            id
        }
    };
    let save = |id: SaveId| {
        if id.0 == MADE {
            made.save.unwrap_or(id)
        } else {
            id
        }
    };
    let alarm = |id: AlarmId| {
        if id.0 == MADE {
            made.alarm.unwrap_or(id)
        } else {
            id
        }
    };
    let request = |id: RequestId| {
        if id.0 == MADE {
            made.request.unwrap_or(id)
        } else {
            id
        }
    };
    match action.clone() {
        Action::Undo(id) => Action::Undo(save(id)),
        Action::Redate(id) => Action::Redate(check_in(id)),
        Action::PutOff(id, after) => Action::PutOff(check_in(id), after),
        Action::OnDay(id, day) => Action::OnDay(check_in(id), day),
        Action::OtherDay(id) => Action::OtherDay(check_in(id)),
        Action::Because(id, reason) => Action::Because(check_in(id), reason),
        Action::Correct(id) => Action::Correct(contact(id)),
        Action::SetKind(id, kind) => Action::SetKind(contact(id), kind),
        Action::SetOutcome(id, outcome) => Action::SetOutcome(contact(id), outcome),
        Action::SetSigns(id, signs) => Action::SetSigns(contact(id), signs),
        Action::Record(id) => Action::Record(check_in(id)),
        Action::RecordKind(id, kind) => Action::RecordKind(check_in(id), kind),
        Action::RecordAs(id, kind, outcome) => Action::RecordAs(check_in(id), kind, outcome),
        Action::Take(id) => Action::Take(check_in(id)),
        Action::Consult(id) => Action::Consult(check_in(id)),
        Action::ConsultFor(id, what) => Action::ConsultFor(check_in(id), what),
        Action::AskNurse(id) => Action::AskNurse(check_in(id)),
        Action::ConfirmAlarm(id) => Action::ConfirmAlarm(alarm(id)),
        Action::Accept(id) => Action::Accept(request(id)),
        Action::Decline(id) => Action::Decline(request(id)),
        Action::Invite(id) if id.0 == MADE => Action::Invite(made.person.unwrap_or(id)),
        Action::CancelLeave(id) if id.0 == MADE => Action::CancelLeave(made.leave.unwrap_or(id)),
        other => other,
    }
}
