//! What a colleague's message, or a delivery that failed, makes known to others.
use crate::{
    conversation::{
        action::Action,
        decide::{Desk, choice},
        message::Mark,
        notice::Notice,
        phrase::{AuditLine, Label, Outside, Phrase, StaffLine},
        piece::Piece,
    },
    domain::{PersonId, household::Code, request::Wish},
};

/// One thing that a colleague's message made known.
pub fn notice(notice: &Notice, desk: &Desk) -> Vec<Piece> {
    let name = |person: PersonId| desk.name(person).unwrap_or_default();
    match notice {
        Notice::LoggedFor {
            code,
            by,
            kind,
            outcome,
            window,
        } => vec![
            Piece::Line(Phrase::LoggedFor {
                code: code.clone(),
                name: name(*by),
                kind: *kind,
                outcome: *outcome,
                window: *window,
            }),
            open(code),
        ],
        Notice::DateChanged { code, by, window } => vec![
            Piece::Line(Phrase::DateChangedBy {
                code: code.clone(),
                name: name(*by),
                window: *window,
            }),
            open(code),
        ],
        Notice::AlarmConfirmed { code, by, at } => vec![Piece::Line(Phrase::AlarmConfirmedTo {
            code: code.clone(),
            name: name(*by),
            at: desk.office.calendar.local(*at),
        })],
        Notice::AlarmWithdrawn { code, by, .. } => {
            vec![Piece::Line(Phrase::AlarmWithdrawn {
                code: code.clone(),
                name: name(*by),
            })]
        }
        Notice::Asked { code, by, wish, .. } => {
            let title = Phrase::AskedTitle {
                name: name(*by),
                code: code.clone(),
                wish: *wish,
            };
            vec![asked(notice, title)]
        }
        Notice::Answered {
            code,
            by,
            wish,
            accepted,
        } => vec![Piece::Line(Phrase::AnsweredTo {
            code: code.clone(),
            name: name(*by),
            wish: *wish,
            accepted: *accepted,
        })],
        Notice::Entrusted {
            code,
            by,
            main,
            window,
            ..
        } => vec![
            Piece::Line(Phrase::EntrustedTo {
                code: code.clone(),
                name: name(*by),
                main: *main,
                window: *window,
            }),
            open(code),
        ],
        Notice::EntrustedAll { from, by, count } => {
            vec![Piece::Line(Phrase::Staff(StaffLine::EntrustedAll {
                name: name(*from),
                by: name(*by),
                count: *count,
            }))]
        }
        Notice::HandedOn { code, by, to, main } => vec![Piece::Line(Phrase::HandedOn {
            code: code.clone(),
            name: name(*by),
            to: name(*to),
            main: *main,
        })],
        Notice::AlarmStands { alarm, code, by } => vec![
            Piece::Strong(Phrase::AlarmStands {
                code: code.clone(),
                name: name(*by),
            }),
            Piece::Choices(vec![choice(Label::AlarmRead, Action::ConfirmAlarm(*alarm))]),
        ],
        Notice::CoverCancelled { person, from, to } => vec![Piece::Line(Phrase::CoverCancelled {
            name: name(*person),
            from: *from,
            to: *to,
        })],
        Notice::Covering {
            person,
            from,
            to,
            due_now,
            due_within,
        } => vec![Piece::Line(Phrase::Covering {
            name: name(*person),
            from: *from,
            to: *to,
            due_now: *due_now,
            due_within: *due_within,
        })],
        Notice::Unreached { person } => vec![Piece::Strong(Phrase::Unreached(name(*person)))],
        Notice::OutOfReach { person, since } => {
            vec![Piece::Strong(Phrase::Audit(AuditLine::OutOfReach {
                name: name(*person),
                since: *since,
            }))]
        }
        Notice::Audit {
            trouble,
            which,
            mended,
        } => vec![
            Piece::Strong(Phrase::Audit(AuditLine::Trouble {
                trouble: *trouble,
                which: which.clone(),
                mended: *mended,
            })),
            Piece::Line(Phrase::Audit(AuditLine::DetailsOnPage)),
        ],
        Notice::Proof {
            open,
            unscheduled,
            sent,
            failed,
        } => vec![Piece::Quiet(Phrase::Audit(AuditLine::Proof {
            open: *open,
            unscheduled: *unscheduled,
            sent: *sent,
            failed: *failed,
        }))],
        // Its words need the households that stand beside it.
        Notice::Listed { .. } => Vec::new(),
        Notice::RoomClosed {
            platform,
            open_to_all,
        } => {
            let platform = *platform;
            let line = match open_to_all {
                true => Outside::RoomOpenToAll { platform },
                false => Outside::RoomLost { platform },
            };
            vec![Piece::Strong(Phrase::Outside(line))]
        }
    }
}

fn open(code: &Code) -> Piece {
    Piece::Choices(vec![choice(Label::Open, Action::Open(code.clone()))])
}

/// A request with the buttons that answer it.
fn asked(notice: &Notice, title: Phrase) -> Piece {
    let Notice::Asked {
        request,
        code,
        wish,
        check_in,
        contacts,
        last_on,
        ..
    } = notice
    else {
        return Piece::Line(title);
    };
    let mut lines = Vec::new();
    if matches!(wish, Wish::Close { .. } | Wish::Transfer) {
        lines.push(Phrase::ClosureFigures {
            contacts: *contacts,
            last_on: *last_on,
        });
    }
    let mut choices = match (wish, check_in) {
        (Wish::HowIsIt, Some(check_in)) => vec![
            choice(Label::Record, Action::Record(*check_in)),
            choice(Label::PutOff, Action::Redate(*check_in)),
            choice(Label::Consult, Action::Consult(*check_in)),
        ],
        (Wish::HowIsIt, None) => Vec::new(),
        _ => vec![
            choice(Label::Accept, Action::Accept(*request)),
            choice(Label::Decline, Action::Decline(*request)),
        ],
    };
    choices.push(choice(Label::Course, Action::Course(code.clone(), None)));
    Piece::Card {
        title,
        mark: Mark::Plain,
        lines,
        choices,
    }
}
