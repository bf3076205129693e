//! Corrections: 「訂正」, 直す, and the answers that complete a contact. The last
//! record changes, and no contact is made.
use super::{
    Desk, choice,
    record::{self, Entry},
    say, tell,
    telling::{self, Telling},
};
use crate::{
    conversation::{
        action::Action,
        decision::{
            CheckInChange, ContactChange, Decision, Deed, DialogueChange, Ended, HouseholdChange,
            JournalEntry, MADE,
        },
        dialogue::Draft,
        meaning::Meaning,
        phrase::{Label, Phrase},
        piece::Piece,
        scene::{File, Pressed},
    },
    domain::{
        SaveId,
        check_in::{NewCheckIn, Pace, Purpose, Why},
        contact::{Contact, Details, Kind, Signs},
        proposal::Said,
    },
};
use strum::VariantArray;

/// 「さっき3か月後って入れたけど1か月後で」: changes the sender's last record.
pub fn line(meaning: &Meaning, desk: &Desk) -> Decision {
    let Some(file) = &desk.scene.file else {
        return tell(Phrase::NothingToCorrect);
    };
    if let Err(decision) = desk.in_hand(file) {
        return *decision;
    }
    let draft = Draft::of(meaning, desk.today);
    let contact = file
        .recent
        .iter()
        .find(|contact| contact.author == desk.sender());
    let said = record::said_of(&draft);
    let corrected = contact.map(|contact| (contact, merged(&contact.details, meaning)));
    match (corrected, said) {
        (Some((contact, details)), said) if details != contact.details => {
            amended(contact, details, said, file, desk)
        }
        (_, Some(said)) => date_changed(said, file, desk),
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

fn date_changed(said: Said, file: &File, desk: &Desk) -> Decision {
    let code = file.household.code.clone();
    let standing = file.check_in.as_ref();
    let terms = NewCheckIn {
        window: said.window,
        purpose: standing.map_or(Purpose::LookIn, |check_in| check_in.terms.purpose),
        pace: if said.appointment {
            Pace::Appointment
        } else {
            Pace::Ordinary
        },
        why: Why::Said,
        plan: said.plan,
        put_off: standing.map_or(0, |check_in| check_in.terms.put_off),
    };
    let mut pieces = vec![Piece::Line(Phrase::Changed {
        code,
        purpose: terms.purpose,
        from: standing.map(|check_in| check_in.terms.window),
        to: terms.window,
    })];
    pieces.extend(desk.beyond_class(terms.window, file.household.facts.class));
    let detail = terms.window.on.to_string();
    let mut change = desk.change(file);
    change.check_in = CheckInChange::Set {
        terms,
        old: Ended::Withdrawn,
    };
    corrected(pieces, change, Deed::CheckIn, &detail)
}

/// 直す: kind and outcome by buttons.
pub fn what(desk: &Desk) -> Decision {
    let Some((contact, file)) = pressed(desk) else {
        return tell(Phrase::NothingToCorrect);
    };
    if let Err(decision) = desk.in_hand(file) {
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
    let outcomes = super::log::outcomes_of(contact.details.kind.unwrap_or(Kind::Visit))
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
    if let Err(decision) = desk.in_hand(file) {
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
    let mut change = desk.change(file);
    change
        .contacts
        .push(ContactChange::Put(contact.id, Some(details.clone())));
    let mut pieces = vec![Piece::Line(Phrase::Corrected {
        code,
        contact: details.clone(),
    })];
    let is_newest = file
        .recent
        .first()
        .is_some_and(|newest| newest.id == contact.id);
    let mut decision = Decision::default();
    if is_newest && file.household.facts.state.is_open() {
        let (before, said) = without(contact, said, file);
        let draft = Draft::of_contact(details.clone(), desk.today);
        let entry = Entry {
            draft: &draft,
            file: Some(&before),
            repaired: &[],
            words_dropped: false,
        };
        let mut telling = Telling::new(&entry, desk);
        telling.follow(&details, said.as_ref(), &mut change);
        decision = telling.decided(change.clone());
        pieces.extend(decision.say.take().unwrap_or_default());
        keep_if_same(&mut change, file);
    }
    if details.outcome.is_none()
        && let Some(kind) = details.kind
    {
        pieces.extend(telling::ask_outcome(
            file.household.code.clone(),
            kind,
            contact.id,
        ));
    }
    let corrected = corrected(pieces, change, Deed::Corrected, &record::codes_of(&details));
    Decision {
        notices: decision.notices,
        ..corrected
    }
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

fn corrected(
    mut pieces: Vec<Piece>,
    change: HouseholdChange,
    what: Deed,
    detail: &str,
) -> Decision {
    pieces.insert(
        1.min(pieces.len()),
        Piece::Choices(vec![choice(Label::PutBack, Action::Undo(SaveId(MADE)))]),
    );
    Decision {
        say: Some(pieces),
        change: Some(change),
        dialogue: DialogueChange::Clear,
        journal: vec![JournalEntry {
            what,
            detail: detail.to_owned(),
        }],
        ..Decision::default()
    }
}
