//! Recording a contact and the date that follows from it.
use super::{
    Desk, alarm_first, choice, dates, log, states,
    telling::{self, Telling},
    told,
};
use crate::{
    conversation::{
        action::Action,
        decision::{
            CheckInChange, ContactChange, Decision, Deed, Ended, HouseholdChange, JournalEntry,
            MADE,
        },
        dialogue::Draft,
        meaning::{Due, Meaning},
        phrase::{Label, Phrase},
        piece::Piece,
        scene::File,
    },
    domain::{
        CheckInId, SaveId,
        check_in::{CheckIn, Pace, Why, Window},
        contact::{Details, Kind, Outcome},
        household::{Code, Facts, Flag, State},
        proposal::{self, Next, Occasion, Said, Settled},
    },
};
use chrono::NaiveDate;

/// A line that has its household.
pub struct Entry<'a> {
    pub draft: &'a Draft,
    pub code: &'a Code,
    /// None while the household is being registered.
    pub file: Option<&'a File>,
    pub heed: Heed<'a>,
}

/// How a line was read, as far as its writer is told; none of it is kept.
#[derive(Clone, Copy, Default)]
pub struct Heed<'a> {
    /// Words that were read as others.
    pub repaired: &'a [String],
    /// What was typed of a date that is none.
    pub unresolved: Option<&'a str>,
    /// Words of the line were not kept.
    pub words_dropped: bool,
}

impl Heed<'_> {
    pub fn of(meaning: &Meaning) -> Heed<'_> {
        Heed {
            repaired: &meaning.repaired,
            unresolved: meaning.unresolved.as_deref(),
            words_dropped: !meaning.not_understood.is_empty(),
        }
    }
}

/// The contacts of a line, the main one first; none if only a date was said.
pub fn contacts_of(draft: &Draft, today: NaiveDate) -> Vec<Details> {
    let said_something = |contact: &Details| {
        contact.kind.is_some()
            || contact.outcome.is_some()
            || !contact.left.is_empty()
            || contact.danger
    };
    let mut contacts: Vec<Details> = std::iter::once(&draft.contact)
        .chain(&draft.more)
        .filter(|contact| said_something(contact))
        .map(|contact| Details {
            on: contact.on.min(today),
            ..contact.clone()
        })
        .collect();
    // Danger in any of them is the line's: what follows looks at the main one.
    let danger = contacts.iter().any(|contact| contact.danger);
    if let Some(main) = contacts.first_mut() {
        main.danger = danger;
    }
    contacts
}

/// Records it.
pub fn record(entry: &Entry, mut change: HouseholdChange, desk: &Desk) -> Decision {
    let contacts = contacts_of(entry.draft, desk.today);
    add_flags(&mut change.facts, &entry.draft.flags);
    let Some(main) = contacts.first() else {
        return date_alone(entry, change, desk);
    };
    take_up(&mut change.facts, main);
    // The main one is added last: it is the newest from now on.
    change
        .contacts
        .extend(contacts.iter().rev().cloned().map(ContactChange::Add));
    let mut telling = Telling::of_contacts(entry, &contacts, desk);
    let alarm = telling.follow(main, said_of(entry.draft).as_ref(), &mut change);
    telling.choices(main, &change);
    telling.questions(main);
    let mut decision = telling.decided(change);
    decision.journal.push(JournalEntry {
        what: Deed::Contact,
        detail: codes_of(main),
    });
    if alarm {
        decision.journal.push(JournalEntry {
            what: Deed::AlarmRaised,
            detail: String::new(),
        });
    }
    decision
}

/// All that follows from a contact. A date that its author has said or chosen
/// today for the same household stays: she may tell the date first and the
/// contact after it.
pub fn follow(
    contact: &Details,
    said: Option<&Said>,
    file: Option<&File>,
    facts: &Facts,
    desk: &Desk,
) -> Next {
    let recent: Vec<Details> = file
        .iter()
        .flat_map(|file| &file.recent)
        .map(|contact| contact.details.clone())
        .collect();
    let standing = file.and_then(|file| file.check_in.as_ref());
    let mut next = desk.guide().next(
        contact,
        said,
        &proposal::File {
            class: facts.class,
            not_before: facts.not_before,
            standing,
            recent: &recent,
            linked_before: file.map_or(0, |file| {
                u32::try_from(file.counts.linked).unwrap_or(u32::MAX)
            }),
            last_gap_days: file.and_then(|file| file.last_gap_days),
        },
    );
    let Settled::Set { terms, .. } = &mut next.check_in else {
        return next;
    };
    if next.alarm.is_none() && file.is_some_and(|file| desk.is_held_by_alarm(file)) {
        next.check_in = Settled::Keep;
        return next;
    }
    let plain = said.is_none() && next.alarm.is_none() && terms.pace == Pace::Ordinary;
    let is_called_off = matches!(
        contact.outcome,
        Some(Outcome::Cancelled | Outcome::CalledOff)
    );
    if plain && !is_called_off && standing.is_some_and(|check_in| is_said_today(check_in, desk)) {
        next.check_in = Settled::Keep;
    } else if next.alarm.is_none() && facts.awaiting_receipt {
        // However far away the date that was said: every two weeks.
        let check = desk.guide().on_occasion(Occasion::Transfer);
        if check.window.on < terms.window.on {
            *terms = check;
        }
    }
    next
}

fn is_said_today(check_in: &CheckIn, desk: &Desk) -> bool {
    matches!(check_in.terms.why, Why::Said | Why::Chosen) && dates::is_fresh(check_in, desk)
}

/// The date of the line, where it said one.
pub fn said_of(draft: &Draft) -> Option<Said> {
    match &draft.due {
        Due::Said(said) => Some(Said {
            window: Window {
                on: said.due_on,
                by: said.due_by,
            },
            appointment: draft.appointment,
            plan: draft.plan.clone(),
        }),
        Due::Unsaid | Due::Unclear(_) => None,
    }
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

/// Kind and outcome, for the journal.
pub fn codes_of(contact: &Details) -> String {
    let kind = contact.kind.map_or("-", Kind::code);
    let outcome = contact.outcome.map_or("-", Outcome::code);
    format!("{kind}:{outcome}")
}

/// A date without a contact: it is set, and what was done is asked.
fn date_alone(entry: &Entry, mut change: HouseholdChange, desk: &Desk) -> Decision {
    let Some(file) = entry.file else {
        return registered_alone(change, desk);
    };
    let code = file.household.code.clone();
    let standing = file.check_in.as_ref();
    let Some(said) = said_of(entry.draft) else {
        return nothing_said(entry, change, desk);
    };
    if desk.is_held_by_alarm(file) {
        return alarm_first(file, desk);
    }
    let dates::Another { terms, puts_off } = dates::another(standing, said, Why::Said, desk);
    change.check_in = CheckInChange::Set {
        terms: terms.clone(),
        old: Ended::Withdrawn,
    };
    let mut telling = Telling::new(entry, desk);
    telling.say(Piece::Line(Phrase::DateSet { code: code.clone() }));
    telling.next(&terms, false);
    telling.extend(desk.beyond_class(terms.window, file.household.facts.class));
    let asks_why =
        puts_off && standing.is_some_and(|check_in| check_in.terms.window.on <= desk.today);
    let question = if asks_why {
        Phrase::WhichKindOrReason { code }
    } else {
        Phrase::WhichKind { code }
    };
    let undo = choice(Label::Undo, Action::Undo(SaveId(MADE)));
    let redate = choice(Label::Redate, Action::Redate(CheckInId(MADE)));
    telling.extend([
        Piece::Choices(vec![undo, redate]),
        Piece::Line(question),
        Piece::Choices(log::kinds(CheckInId(MADE))),
    ]);
    telling.extend(asks_why.then(dates::reasons));
    let mut decision = telling.decided(change);
    let from = standing.map(|check_in| check_in.terms.window);
    decision
        .journal
        .push(dates::journal_entry(from, terms.window, puts_off));
    decision
        .notices
        .extend(dates::tell_main(terms.window, file, desk));
    decision
}

/// Neither a contact nor a date: flags are kept, and what was done is asked.
fn nothing_said(entry: &Entry, change: HouseholdChange, desk: &Desk) -> Decision {
    let Some(file) = entry.file else {
        return registered_alone(change, desk);
    };
    if change.facts.state.is_open() && !file.household.facts.state.is_open() {
        return reopened_alone(change, desk);
    }
    let code = file.household.code.clone();
    let mut pieces = Vec::new();
    let kept = change.facts.flags != file.household.facts.flags;
    if kept {
        pieces.push(Piece::Line(Phrase::FlagsSet {
            code: code.clone(),
            flags: change.facts.flags.clone(),
        }));
    }
    if let (Due::Unclear(unclear), Some(check_in)) = (&entry.draft.due, &file.check_in) {
        let until = check_in.terms.window.on;
        pieces.extend(telling::unclear_question(
            unclear,
            entry.heed.unresolved,
            until,
        ));
    } else if let Some(check_in) = &file.check_in {
        pieces.push(Piece::Line(Phrase::WhichKind { code }));
        pieces.push(Piece::Choices(log::kinds(check_in.id)));
    }
    Decision {
        say: Some(pieces),
        change: kept.then_some(change),
        ..Decision::default()
    }
}

fn registered_alone(change: HouseholdChange, desk: &Desk) -> Decision {
    let terms = desk.guide().on_occasion(Occasion::NewHousehold);
    let next = Piece::Line(Phrase::Next(told(&terms), desk.guideline(&terms)));
    states::saved(vec![next], change, Deed::Registered, "")
}

/// A closed household that is taken up again without a contact or a date.
fn reopened_alone(mut change: HouseholdChange, desk: &Desk) -> Decision {
    let terms = desk.guide().on_occasion(Occasion::Reopened);
    let next = Piece::Line(Phrase::Next(told(&terms), desk.guideline(&terms)));
    change.check_in = CheckInChange::Set {
        terms,
        old: Ended::Withdrawn,
    };
    states::saved(vec![next], change, Deed::Reopened, "")
}
