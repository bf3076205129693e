//! Taking back a save, with all that it made; taking that back is the same rule.
use super::{Desk, choice, people, say, tell, told};
use crate::{
    conversation::{
        action::Action,
        decision::{
            AlarmChange, CheckInChange, ContactChange, Decision, Deed, HouseholdChange,
            JournalEntry, MADE, Recipient, RequestChange,
        },
        notice::Notice,
        phrase::{Label, Phrase},
        piece::Piece,
        scene::{File, Pressed, Save},
    },
    domain::SaveId,
};

/// 「取り消し」: what the sender did last in this conversation, a save or a leave.
pub fn newest(desk: &Desk) -> Decision {
    if let Some(leave) = desk.scene.newest_leave {
        return people::cancel_leave(leave, desk);
    }
    match &desk.scene.newest_save {
        Some(save) => take_back(save, desk),
        None => tell(Phrase::NothingToUndo),
    }
}

/// The button on one answer.
pub fn pressed(_save: SaveId, desk: &Desk) -> Decision {
    match &desk.scene.pressed {
        Pressed::Save(save) => take_back(save, desk),
        _ => tell(Phrase::NothingToUndo),
    }
}

fn take_back(save: &Save, desk: &Desk) -> Decision {
    if save.person != desk.sender() {
        return super::refuse(Phrase::NotYourSave, None);
    }
    if save.undone_by.is_some() {
        return tell(Phrase::UndoneAlready);
    }
    let Some(file) = &desk.scene.file else {
        return tell(Phrase::NothingToUndo);
    };
    let code = file.household.code.clone();
    if file.household.version != save.version {
        return tell(Phrase::ChangedSince { code });
    }
    let next = save.restores.as_ref().map(told);
    let kept = save.made.facts.0.check_in == save.made.facts.1.check_in;
    let (phrase, again) = if brings_back(save) {
        (
            Phrase::Redone {
                code: code.clone(),
                next,
            },
            Label::Undo,
        )
    } else {
        (
            Phrase::Undone {
                code: code.clone(),
                next,
                kept,
            },
            Label::StopUndo,
        )
    };
    let mut decision = say(vec![
        Piece::Line(phrase),
        Piece::Choices(vec![choice(again, Action::Undo(SaveId(MADE)))]),
    ]);
    decision.change = Some(reversed(save, file, desk));
    decision.journal.push(JournalEntry {
        what: Deed::Undone,
        detail: save.id.0.to_string(),
    });
    for (alarm, _, stood_after) in &save.made.alarms {
        if *stood_after {
            let by = desk.sender();
            let notice = Notice::AlarmWithdrawn {
                alarm: *alarm,
                code: code.clone(),
                by,
            };
            decision.notices.push((Recipient::Supervisors, notice));
        }
    }
    decision
}

/// Whether taking it back puts in place again what was taken back. What it
/// has recorded is taken back, however often it went to and fro.
fn brings_back(save: &Save) -> bool {
    let mut contacts = save.made.contacts.iter();
    let recorded = contacts.any(|(_, before, after)| before.is_none() && after.is_some());
    save.undoes.is_some() && !recorded
}

/// The save with before and after exchanged.
fn reversed(save: &Save, file: &File, desk: &Desk) -> HouseholdChange {
    let (before, after) = &save.made.facts;
    let mut change = desk.change(file);
    change.facts = before.clone();
    if before.check_in != after.check_in {
        change.check_in = CheckInChange::Restore(before.check_in);
    }
    change.contacts = save
        .made
        .contacts
        .iter()
        .map(|(id, before, _)| ContactChange::Put(*id, before.clone()))
        .collect();
    change.alarms = save
        .made
        .alarms
        .iter()
        .map(|(id, stood, _)| AlarmChange::Put(*id, *stood))
        .collect();
    change.requests = save
        .made
        .requests
        .iter()
        .map(|(id, before, _)| RequestChange::Put(*id, *before))
        .collect();
    change.undoes = Some(save.id);
    change
}
