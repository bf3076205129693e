//! Corrections: 「訂正」, 直す, and the answers that complete a contact. The last
//! record changes, and no contact is made.
use super::{
    Desk, alarm_first, choice, dates, log,
    record::{self, Entry, Heed},
    say, tell,
    telling::{self, Telling},
};
use crate::{
    conversation::{
        action::Action,
        decision::{
            CheckInChange, ContactChange, Decision, Deed, HouseholdChange, JournalEntry, MADE,
        },
        dialogue::Draft,
        meaning::{Due, Meaning},
        phrase::{Label, Phrase},
        piece::Piece,
        scene::{File, Pressed},
    },
    domain::{
        SaveId,
        check_in::{Pace, Why},
        contact::{Contact, Details, Kind, Signs},
        household::Code,
        proposal::Said,
    },
};
use strum::VariantArray;

/// 「さっき3か月後って入れたけど1か月後で」: changes the sender's last record. What of the
/// line was guessed is said.
pub fn line(meaning: &Meaning, desk: &Desk) -> Decision {
    let mut decision = corrected(meaning, desk);
    if let (Some(pieces), Some(_)) = (&mut decision.say, &decision.change) {
        let repaired = Some(&meaning.repaired).filter(|words| !words.is_empty());
        pieces.extend(repaired.map(|words| Piece::Quiet(Phrase::ReadAs(words.clone()))));
        let is_guess = matches!(&meaning.due, Due::Said(said) if said.guessed);
        pieces.extend(is_guess.then_some(Piece::Quiet(Phrase::DayIsAGuess)));
    }
    decision
}

fn corrected(meaning: &Meaning, desk: &Desk) -> Decision {
    let Some(file) = &desk.scene.file else {
        return tell(Phrase::NothingToCorrect);
    };
    let contact = file
        .recent
        .iter()
        .find(|contact| contact.author == desk.sender());
    if let Err(decision) = in_hand(contact, file, desk) {
        return *decision;
    }
    if !file.household.facts.state.is_open() {
        return tell(Phrase::NotOpen {
            code: file.household.code.clone(),
        });
    }
    let draft = Draft::of(meaning, desk.today);
    let said = record::said_of(&draft);
    let corrected = contact.map(|contact| (contact, merged(&contact.details, meaning)));
    match (corrected, said) {
        (Some((contact, details)), said) if details != contact.details => {
            amended(contact, details, said, file, desk)
        }
        (_, Some(_)) if desk.is_held_by_alarm(file) => alarm_first(file, desk),
        (_, Some(said)) => {
            let another = dates::another(file.check_in.as_ref(), said, Why::Said, desk);
            dates::changed(another, file, desk)
        }
        (Some((contact, _)), None) => offer(contact, file),
        (None, None) => tell(Phrase::NothingToCorrect),
    }
}

/// What the correction said takes the place of what was recorded.
fn merged(old: &Details, meaning: &Meaning) -> Details {
    let new = &meaning.contact;
    let mut details = old.clone();
    details.kind = new.kind.or(old.kind);
    if new.outcome.is_some() {
        details.outcome = new.outcome;
        details.whom = new.whom.clone();
        details.also = new.also.clone();
    }
    if !new.left.is_empty() {
        details.left = new.left.clone();
    }
    details.signs = new.signs.or(old.signs);
    details
}

/// Whoever has recorded a contact today may put it right, also for a
/// colleague's household.
fn in_hand(contact: Option<&Contact>, file: &File, desk: &Desk) -> Result<(), Box<Decision>> {
    let is_own = contact.is_some_and(|contact| {
        contact.author == desk.sender()
            && desk.office.calendar.day_of(contact.recorded_at) == desk.today
    });
    if is_own { Ok(()) } else { desk.in_hand(file) }
}

/// 直す: kind and outcome by buttons.
pub fn what(desk: &Desk) -> Decision {
    let Some((contact, file)) = pressed(desk) else {
        return tell(Phrase::NothingToCorrect);
    };
    if let Err(decision) = in_hand(Some(contact), file, desk) {
        return *decision;
    }
    offer(contact, file)
}

fn offer(contact: &Contact, file: &File) -> Decision {
    let id = contact.id;
    let kinds = Kind::VARIANTS
        .iter()
        .filter(|kind| Some(**kind) != contact.details.kind)
        .map(|kind| choice(Label::Kind(*kind), Action::SetKind(id, *kind)))
        .collect();
    let outcomes = log::outcomes_of(contact.details.kind.unwrap_or(Kind::Visit))
        .iter()
        .filter(|outcome| Some(**outcome) != contact.details.outcome)
        .map(|outcome| choice(Label::Outcome(*outcome), Action::SetOutcome(id, *outcome)))
        .collect();
    let question = Phrase::WhatToCorrect {
        code: file.household.code.clone(),
        contact: contact.details.clone(),
    };
    say(vec![
        Piece::Line(question),
        Piece::Choices(kinds),
        Piece::Choices(outcomes),
    ])
}

/// A kind or an outcome, corrected or completed by a button.
pub fn amend(desk: &Desk, set: impl FnOnce(&mut Details)) -> Decision {
    let Some((contact, file)) = pressed(desk) else {
        return tell(Phrase::NothingToCorrect);
    };
    if let Err(decision) = in_hand(Some(contact), file, desk) {
        return *decision;
    }
    let mut details = contact.details.clone();
    set(&mut details);
    amended(contact, details, None, file, desk)
}

/// 家の様子は？ → the answer.
pub fn signs(signs: Signs, desk: &Desk) -> Decision {
    amend(desk, |details| details.signs = Some(signs))
}

/// The corrected contact, and the date that follows from it: the one said now,
/// else that said before, else the proposal anew.
fn amended(
    contact: &Contact,
    details: Details,
    said: Option<Said>,
    file: &File,
    desk: &Desk,
) -> Decision {
    let code = file.household.code.clone();
    if details == contact.details && said.is_none() {
        return tell(Phrase::RecordedAlready {
            code,
            contact: details,
        });
    }
    let mut change = desk.change(file);
    change
        .contacts
        .push(ContactChange::Put(contact.id, Some(details.clone())));
    let is_newest = file
        .recent
        .first()
        .is_some_and(|newest| newest.id == contact.id);
    let (before, said) = without(contact, said, file);
    let draft = Draft::of_contact(details.clone(), desk.today);
    let entry = Entry {
        draft: &draft,
        code: &file.household.code,
        file: Some(&before),
        heed: Heed::default(),
    };
    let mut telling = Telling::new(&entry, desk).with_standing_alarm(raises_same(
        &contact.details,
        &details,
        desk,
    ));
    telling.say(Piece::Line(told(contact, &details, code.clone())));
    if is_newest && file.household.facts.state.is_open() {
        telling.follow(&details, said.as_ref(), &mut change);
        keep_if_same(&mut change, file);
    }
    telling.say(way_back());
    if let Some(kind) = details
        .kind
        .filter(|kind| lacks_outcome(*kind, contact, &details))
    {
        telling.extend(telling::ask_outcome(code, kind, contact.id));
    }
    let mut decision = telling.decided(change);
    decision.journal.push(JournalEntry {
        what: Deed::Corrected,
        detail: record::codes_of(&details),
    });
    decision
}

/// None was said, or the one that was cannot be of the corrected kind.
fn lacks_outcome(kind: Kind, contact: &Contact, details: &Details) -> bool {
    details.outcome.is_none_or(|outcome| {
        contact.details.kind != Some(kind) && !log::outcomes_of(kind).contains(&outcome)
    })
}

/// An answer completes what was recorded; anything else corrects it.
fn told(contact: &Contact, details: &Details, code: Code) -> Phrase {
    let old = &contact.details;
    let is_answer = (old.kind.is_none() || old.kind == details.kind)
        && (old.outcome.is_none() || old.outcome == details.outcome)
        && (old.signs.is_none() || old.signs == details.signs)
        && old.left == details.left;
    let contact = details.clone();
    if is_answer {
        Phrase::Completed { code, contact }
    } else {
        Phrase::Corrected { code, contact }
    }
}

/// Whether the contact has raised that alarm already.
fn raises_same(old: &Details, new: &Details, desk: &Desk) -> bool {
    let alarm = |details| desk.guide().propose(details, &Default::default()).alarm;
    alarm(new).is_some_and(|grade| alarm(old) == Some(grade))
}

/// The file as it was before this contact. The check-in that was made with the
/// contact falls with it; a date that was said with it is said again.
fn without(contact: &Contact, said: Option<Said>, file: &File) -> (File, Option<Said>) {
    let mut before = file.clone();
    before.recent.retain(|other| other.id != contact.id);
    let made_with_it = before.check_in.take_if(|check_in| {
        check_in.made_by == contact.author && contact.recorded_at <= check_in.made_at
    });
    let said = said.or_else(|| {
        made_with_it
            .filter(|check_in| matches!(check_in.terms.why, Why::Said | Why::Chosen))
            .map(|check_in| Said {
                window: check_in.terms.window,
                appointment: check_in.terms.pace == Pace::Appointment,
                plan: check_in.terms.plan,
            })
    });
    (before, said)
}

/// The same terms again are no new check-in: what it has climbed stays.
fn keep_if_same(change: &mut HouseholdChange, file: &File) {
    let standing = file.check_in.as_ref().map(|check_in| &check_in.terms);
    if let CheckInChange::Set { terms, .. } = &change.check_in
        && standing.is_some_and(|standing| {
            standing.window == terms.window && standing.purpose == terms.purpose
        })
    {
        change.check_in = CheckInChange::Keep;
    }
}

fn pressed<'a>(desk: &'a Desk) -> Option<(&'a Contact, &'a File)> {
    match (&desk.scene.pressed, &desk.scene.file) {
        (Pressed::Contact(contact), Some(file)) => Some((contact, file)),
        _ => None,
    }
}

fn way_back() -> Piece {
    Piece::Choices(vec![choice(Label::PutBack, Action::Undo(SaveId(MADE)))])
}
