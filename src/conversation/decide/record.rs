//! Recording a contact and what follows from it: the next check-in, the time
//! to leave the household in peace, an alarm, and the words; corrections too.
use super::{Desk, choice, course, dates, log, say, tell, told};
use crate::{
    conversation::{
        action::{Action, After},
        decision::{
            AlarmChange, CheckInChange, ContactChange, Decision, Deed, Ended, HouseholdChange, JournalEntry, MADE,
            Recipient,
        },
        dialogue::Draft,
        meaning::{Due, Meaning, SaidDate, UnclearDate},
        notice::Notice,
        phrase::{Because, Label, Phrase},
        piece::{Choice, Piece},
        scene::{File, Pressed},
    },
    domain::{
        CheckInId, ContactId, SaveId,
        alarm::Grade,
        calendar::days_after,
        check_in::{CheckIn, NewCheckIn, Pace, Purpose, Why, Window},
        contact::{Contact, Details, Kind, Outcome, Signs},
        household::{Class, Facts, Flag, State},
        proposal::{self, Past, Said, Wanted},
    },
};
use chrono::NaiveDate;

/// Days back in which somebody met answers how the home looks.
const MET_LATELY_DAYS: u64 = 14;

/// A line that has its household.
pub struct Entry<'a> {
    pub draft: &'a Draft,
    /// None while the household is being registered.
    pub file: Option<&'a File>,
    pub repaired: &'a [String],
    /// Words of the line were not kept.
    pub words_dropped: bool,
}

/// The contacts of a line, the main one first; none if only a date was said.
pub fn contacts_of(draft: &Draft, today: NaiveDate) -> Vec<Details> {
    let said_something =
        |contact: &Details| contact.kind.is_some() || contact.outcome.is_some() || !contact.left.is_empty();
    std::iter::once(&draft.contact)
        .chain(&draft.more)
        .filter(|contact| said_something(contact))
        .map(|contact| Details { on: contact.on.min(today), ..contact.clone() })
        .collect()
}

/// Records it.
pub fn record(entry: &Entry, mut change: HouseholdChange, desk: &Desk) -> Decision {
    let contacts = contacts_of(entry.draft, desk.today);
    add_flags(&mut change.facts, &entry.draft.flags);
    let Some(main) = contacts.first() else { return date_alone(entry, change, desk) };
    take_up(&mut change.facts, main);
    let next = proposed(entry, main, &change.facts, desk);
    let mut telling = Telling::of(entry, &contacts, desk);
    apply(&next, entry.file, &mut change, &mut telling);
    for contact in &contacts {
        change.contacts.push(ContactChange::Add(contact.clone()));
    }
    finish(entry, main, change, telling, desk)
}

/// A first contact that is more than information ends the intake.
fn take_up(facts: &mut Facts, contact: &Details) {
    if facts.state == State::Intake && contact.kind.is_some_and(|kind| kind != Kind::Info) {
        facts.state = State::Active;
    }
}

fn add_flags(facts: &mut Facts, flags: &[Flag]) {
    for flag in flags {
        if !facts.flags.contains(flag) {
            facts.flags.push(*flag);
        }
    }
    facts.flags.sort();
}

/// What is being told and to whom, while a contact is recorded.
struct Telling {
    decision: Decision,
    pieces: Vec<Piece>,
    /// A question is asked already: one at a time.
    asked: bool,
    /// The date was proposed, and the usual spans are offered.
    offers_spans: bool,
}

impl Telling {
    fn of(entry: &Entry, contacts: &[Details], desk: &Desk) -> Telling {
        let mut pieces = Vec::new();
        let main = &contacts[0];
        if main.danger {
            pieces.extend(danger_lines(desk));
        }
        let letter_number = (main.kind == Some(Kind::Letter) && main.outcome == Some(Outcome::Sent))
            .then(|| entry.file.map_or(0, |file| file.counts.letters) + 1);
        if let Some(file) = entry.file {
            pieces.push(Piece::Line(Phrase::Recorded {
                code: file.household.code.clone(),
                contacts: contacts.to_vec(),
                letter_number,
                repaired: entry.repaired.to_vec(),
            }));
        }
        Telling { decision: Decision::default(), pieces, asked: false, offers_spans: false }
    }

    fn ask(&mut self, pieces: Vec<Piece>) {
        if !self.asked {
            self.asked = true;
            self.pieces.extend(pieces);
        }
    }

    fn notice(&mut self, to: Recipient, notice: Notice) {
        self.decision.notices.push((to, notice));
    }
}

/// What the writer must do first, whatever is recorded.
fn danger_lines(desk: &Desk) -> Vec<Piece> {
    let mut pieces = vec![Piece::Strong(Phrase::CallSupervisorNow)];
    let reached = desk.scene.roster.people.iter().any(|person| {
        person.id != desk.sender() && person.is_staff_on(desk.today) && person.role != crate::domain::people::Role::Nurse
    });
    pieces.push(Piece::Strong(if reached { Phrase::SentToSupervisor } else { Phrase::NobodyToSend }));
    if !desk.office.calendar.is_open_at(desk.now) {
        pieces.push(Piece::Strong(Phrase::OutOfHours));
    }
    pieces.extend(desk.office.card.iter().map(|(label, number)| {
        Piece::Line(Phrase::OfficeCard { label: label.clone(), number: number.clone() })
    }));
    pieces
}
