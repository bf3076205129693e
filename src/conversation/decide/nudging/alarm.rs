//! An alarm's message: until a person has confirmed it, and what became of it.
use crate::{
    conversation::{
        action::Action,
        decide::{Desk, choice},
        message::Mark,
        phrase::{Label, Phrase},
        piece::Piece,
    },
    domain::{
        alarm::{Alarm, Grade},
        household::Code,
    },
};

/// An alarm, until a person has said that they have read it.
pub fn alarm(alarm: &Alarm, code: &Code, withdrawn: bool, desk: &Desk) -> Vec<Piece> {
    let by = Phrase::AlarmBy {
        name: desk.name(alarm.raised_by).unwrap_or_default(),
        at: desk.office.calendar.local(alarm.raised_at),
    };
    let over = over(alarm, code, withdrawn, desk);
    let mark = match over {
        Some(_) => Mark::Settled,
        None => Mark::Alarm,
    };
    let mut choices = vec![choice(Label::Open, Action::Open(code.clone()))];
    let mut lines = vec![by];
    match over {
        Some(over) => lines.push(over),
        None => {
            let read = choice(Label::AlarmRead, Action::ConfirmAlarm(alarm.id));
            choices.insert(0, read);
            let card = desk.office.card.iter();
            lines.extend(card.map(|(label, number)| Phrase::OfficeCard {
                label: label.clone(),
                number: number.clone(),
            }));
        }
    }
    vec![Piece::Card {
        title: Phrase::AlarmTitle {
            code: code.clone(),
            danger: alarm.grade == Grade::Danger,
        },
        mark,
        lines,
        choices,
    }]
}

/// What ended it: it was taken back, or somebody has read it.
fn over(alarm: &Alarm, code: &Code, withdrawn: bool, desk: &Desk) -> Option<Phrase> {
    if withdrawn {
        return Some(Phrase::AlarmWithdrawn {
            code: code.clone(),
            name: desk.name(alarm.raised_by).unwrap_or_default(),
        });
    }
    let confirmed = alarm.confirmed?;
    Some(Phrase::AlarmConfirmed {
        name: desk.name(confirmed.by).unwrap_or_default(),
        at: desk.office.calendar.local(confirmed.at),
    })
}
