//! A list that comes by the calendar: what is open of it, with what must be
//! minded, as long as it is read.
use super::{Item, mark, settled};
use crate::{
    conversation::{
        action::Action,
        decide::{Desk, choice, lists, told},
        meaning::Span,
        phrase::{Label, Phrase, RhythmLine},
        piece::Piece,
    },
    domain::{
        calendar::monday_of,
        check_in::Pace,
        rhythm::{Absence, Occasion},
    },
};
use chrono::NaiveDate;

/// The list; late where it was meant for an earlier day than that of its making,
/// and again where a wrong clock has brought it before.
pub fn listed(
    (occasion, is_again): (&Occasion, bool),
    items: &[Item],
    (meant_for, made_on): (NaiveDate, NaiveDate),
    desk: &Desk,
) -> Vec<Piece> {
    let open: Vec<&Item> = items.iter().filter(|item| item.is_open()).collect();
    let mut pieces = Vec::new();
    if meant_for < made_on {
        let day = meant_for;
        pieces.push(Piece::Quiet(Phrase::Rhythm(RhythmLine::MeantFor { day })));
    }
    if is_again {
        pieces.push(Piece::Quiet(Phrase::Rhythm(RhythmLine::ToldByWrongClock)));
    }
    let title = title(occasion, &open, made_on, desk);
    pieces.push(Piece::Heading(Phrase::Rhythm(title)));
    let shown = items.iter().take(lists::ROWS_MAX);
    pieces.extend(shown.map(|item| row(occasion, item, desk)));
    if items.len() > lists::ROWS_MAX {
        let rest = i64::try_from(items.len() - lists::ROWS_MAX).unwrap_or(i64::MAX);
        pieces.push(Piece::Quiet(Phrase::RestOfList { count: rest }));
    }
    if let Occasion::Week { from, .. } = occasion {
        let span = if *from <= monday_of(desk.today) {
            Span::ThisWeek
        } else {
            Span::NextWeek
        };
        let list = choice(Label::Upcoming(span), Action::Upcoming(span));
        pieces.push(Piece::Choices(vec![list]));
    }
    pieces
}

fn title(occasion: &Occasion, open: &[&Item], made_on: NaiveDate, desk: &Desk) -> RhythmLine {
    let count = open.len();
    match occasion {
        Occasion::Week { from, .. } => {
            let is_agreed = |item: &&&Item| item.check_in.terms.pace == Pace::Appointment;
            let appointments = open.iter().filter(is_agreed).count();
            let others = count - appointments;
            if *from <= made_on {
                RhythmLine::ThisWeek {
                    appointments,
                    others,
                }
            } else {
                RhythmLine::NextWeek {
                    appointments,
                    others,
                }
            }
        }
        Occasion::Closure { from, to } => RhythmLine::BeforeClosure {
            from: *from,
            to: *to,
            count,
        },
        Occasion::Transfers { to } => RhythmLine::BeforeTransfers { to: *to, count },
        Occasion::CoverAhead(absence) => RhythmLine::CoverAhead {
            name: desk.name(absence.person).unwrap_or_default(),
            from: absence.from,
            to: absence.to,
            count,
        },
        Occasion::CoverBegins(absence) => begins(absence, count, desk),
        Occasion::CoverEnds(absence) => ends(absence, count, desk),
    }
}

fn begins(absence: &Absence, count: usize, desk: &Desk) -> RhythmLine {
    let to = absence.to;
    if absence.person == desk.sender() {
        let cover = absence.cover.and_then(|cover| desk.name(cover));
        return RhythmLine::InGoodHands { to, cover, count };
    }
    RhythmLine::CoverBegins {
        name: desk.name(absence.person).unwrap_or_default(),
        to,
        count,
    }
}

fn ends(absence: &Absence, count: usize, desk: &Desk) -> RhythmLine {
    let to = absence.to;
    if absence.person == desk.sender() {
        let cover = absence.cover.and_then(|cover| desk.name(cover));
        return RhythmLine::HandedBack { to, cover, count };
    }
    RhythmLine::CoverEnds {
        name: desk.name(absence.person).unwrap_or_default(),
        to,
        count,
    }
}

/// A household of the list with its flags and its days without contact.
fn row(occasion: &Occasion, item: &Item, desk: &Desk) -> Piece {
    let facts = &item.household.facts;
    let terms = &item.check_in.terms;
    let code = item.household.code.clone();
    let nurse = facts.main.filter(|main| *main != desk.sender());
    let mut lines = vec![Phrase::FlagsCell {
        flags: facts.flags.clone(),
        not_before: facts.not_before.filter(|day| *day > desk.today),
    }];
    let is_ahead_of_rest = matches!(
        occasion,
        Occasion::Closure { .. } | Occasion::Transfers { .. }
    );
    if is_ahead_of_rest && occasion.last_day() < terms.window.on {
        lines.push(Phrase::Rhythm(RhythmLine::NotMetYet));
    }
    settled(item, desk).unwrap_or_else(|| Piece::Card {
        title: Phrase::ComingRow {
            code: code.clone(),
            next: told(terms),
            nurse: nurse.and_then(|main| desk.name(main)),
        },
        mark: mark(item, desk),
        lines,
        choices: vec![choice(Label::Open, Action::Open(code))],
    })
}
