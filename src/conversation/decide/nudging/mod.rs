//! What a delivery says: the digest of a morning, the question after an
//! appointment, an alarm, a notice. Rendered anew when a matter is settled.
mod alarm;
mod digest;
mod listed;
mod notice;

use super::{Desk, choice, course, lists, told};
use crate::{
    conversation::{
        action::Action,
        message::Mark,
        phrase::{Label, Phrase},
        piece::{Choice, Piece},
        scene::File,
    },
    domain::{
        HouseholdId, PersonId,
        check_in::{CheckIn, Pace, Rung, Standing},
        contact::{Contact, Kind, Outcome},
        household::Household,
        ladder,
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

pub use alarm::alarm;
pub use digest::{digest, in_full};
pub use listed::listed;
pub use notice::notice;

/// Attempts told with a household.
const ATTEMPTS_MAX: usize = 3;

/// One household in a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub household: Household,
    /// The check-in that the delivery is about; not always the open one.
    pub check_in: CheckIn,
    /// An alarm of the household is unconfirmed.
    pub alarm: bool,
    /// The rung for which it is there; None if it is only listed beside others.
    pub rung: Option<Rung>,
    pub state: ItemState,
    /// The reader was told of it before, by a clock that was wrong.
    pub told_by_wrong_clock: bool,
}

impl Item {
    pub fn is_open(&self) -> bool {
        self.state == ItemState::Open
    }
}

/// What became of the check-in since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    Open,
    /// A contact or an office check answered it.
    Done {
        by: Option<PersonId>,
        at: Option<DateTime<Utc>>,
    },
    /// Another date took its place.
    Withdrawn,
}

/// What a digest says beside its households.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Report {
    pub proof: Proof,
    /// Since when the reader had heard nothing, where the digest makes up for it.
    pub stopped_on: Option<NaiveDate>,
    /// Households of the delivery that could not be read.
    pub unreadable: usize,
}

/// Deliveries of the day, for the line that proves that all is well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proof {
    pub made: i64,
    /// Tried, and not arrived.
    pub undelivered: i64,
}

/// 16:00, after an appointment without a record.
pub fn appointments(
    items: &[Item],
    files: &BTreeMap<HouseholdId, File>,
    desk: &Desk,
) -> Vec<Piece> {
    items
        .iter()
        .map(|item| appointment(item, files.get(&item.household.id), desk))
        .collect()
}

fn appointment(item: &Item, file: Option<&File>, desk: &Desk) -> Piece {
    let check_in = &item.check_in;
    if let Some(piece) = settled(item, desk) {
        return piece;
    }
    let kind = check_in.terms.plan.kind.unwrap_or(Kind::Office);
    Piece::Card {
        title: Phrase::HowWasAppointment {
            code: item.household.code.clone(),
            time: check_in.terms.plan.time,
        },
        mark: mark(item, desk),
        lines: to_mind(file, desk),
        choices: vec![
            choice(Label::Came, Action::RecordKind(check_in.id, kind)),
            choice(
                Label::DidNotCome,
                Action::RecordAs(check_in.id, kind, Outcome::NoShow),
            ),
            choice(Label::ChangeAppointment, Action::Redate(check_in.id)),
        ],
    }
}

/// A household with all that is known, and what can be done.
fn card(item: &Item, file: Option<&File>, desk: &Desk) -> Piece {
    let known = file.into_iter().flat_map(|file| attempts(item, file, desk));
    let mut lines = planned(item, known, desk);
    lines.extend(to_mind(file, desk));
    settled(item, desk).unwrap_or_else(|| due(item, lines, choices(item, desk), desk))
}

/// A line of a longer digest.
fn line(item: &Item, file: Option<&File>, desk: &Desk) -> Piece {
    let lines = planned(item, to_mind(file, desk), desk);
    let open = choice(Label::Open, Action::Open(item.household.code.clone()));
    settled(item, desk).unwrap_or_else(|| due(item, lines, vec![open], desk))
}

/// The day, what is known besides, and who is at it; how long the day is past
/// is told by the mark.
fn planned(item: &Item, known: impl IntoIterator<Item = Phrase>, desk: &Desk) -> Vec<Phrase> {
    let terms = &item.check_in.terms;
    let mut lines = vec![Phrase::PlannedFor { next: told(terms) }];
    lines.extend(known);
    lines.extend(being_dealt_with(item, desk));
    lines
}

fn due(item: &Item, lines: Vec<Phrase>, choices: Vec<Choice>, desk: &Desk) -> Piece {
    Piece::Card {
        title: Phrase::DueTitle {
            code: item.household.code.clone(),
            next: told(&item.check_in.terms),
        },
        mark: mark(item, desk),
        lines,
        choices,
    }
}

/// The last attempts, what others did since the date was set, who was met
/// last, and the cards left so far.
fn attempts(item: &Item, file: &File, desk: &Desk) -> Vec<Phrase> {
    let (since, earlier): (Vec<&Contact>, Vec<&Contact>) =
        file.recent.iter().partition(|contact| {
            contact.author != desk.sender() && item.check_in.made_at < contact.recorded_at
        });
    let mut lines = Vec::new();
    if !earlier.is_empty() || since.is_empty() {
        let recent = earlier.into_iter().take(ATTEMPTS_MAX).cloned().collect();
        lines.push(Phrase::Attempts { recent });
    }
    let since = since.into_iter().take(ATTEMPTS_MAX);
    lines.extend(since.map(|contact| Phrase::SinceThen {
        name: desk.name(contact.author).unwrap_or_default(),
        contact: contact.details.clone(),
    }));
    let met = file
        .recent
        .iter()
        .find(|contact| contact.details.outcome.is_some_and(Outcome::is_met));
    lines.extend(met.cloned().map(Phrase::LastMet));
    lines.push(Phrase::CardsLeft {
        cards: file.counts.cards,
    });
    lines
}

/// What must be minded; that it is not known where the file could not be read.
fn to_mind(file: Option<&File>, desk: &Desk) -> Vec<Phrase> {
    match file {
        Some(file) => course::to_mind(file, desk),
        None => vec![Phrase::CouldNotShow { count: 1 }],
    }
}

fn choices(item: &Item, desk: &Desk) -> Vec<Choice> {
    let check_in = &item.check_in;
    let mut choices = vec![choice(Label::Record, Action::Record(check_in.id))];
    if ladder::may_take(check_in) && being_dealt_with(item, desk).is_none() {
        choices.push(choice(Label::Take, Action::Take(check_in.id)));
    }
    let redate = if check_in.terms.pace == Pace::Appointment {
        Label::ChangeAppointment
    } else {
        Label::PutOff
    };
    choices.push(choice(redate, Action::Redate(check_in.id)));
    if !desk.leads() {
        choices.push(choice(Label::Consult, Action::Consult(check_in.id)));
    }
    choices
}

/// A household that needs nothing more of the reader.
fn settled(item: &Item, desk: &Desk) -> Option<Piece> {
    let code = item.household.code.clone();
    let title = match item.state {
        ItemState::Open => return None,
        ItemState::Withdrawn => Phrase::NoLongerThere { code },
        ItemState::Done { by, at } => Phrase::Settled {
            code,
            name: by.and_then(|by| desk.name(by)).unwrap_or_default(),
            on: at.map_or(desk.today, |at| desk.office.calendar.day_of(at)),
        },
    };
    Some(Piece::Card {
        title,
        mark: Mark::Settled,
        lines: Vec::new(),
        choices: Vec::new(),
    })
}

fn being_dealt_with(item: &Item, desk: &Desk) -> Option<Phrase> {
    lists::being_dealt_with(&item.household.code, &item.check_in, desk)
}

fn mark(item: &Item, desk: &Desk) -> Mark {
    match item.check_in.terms.window.standing(desk.today) {
        _ if item.alarm => Mark::Alarm,
        Standing::Overdue { days } => Mark::Overdue { days },
        Standing::Due => Mark::Due,
        Standing::Upcoming => Mark::Soon,
    }
}
