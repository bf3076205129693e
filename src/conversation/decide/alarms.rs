//! 「確認した」 on an alarm: only a person who leads ends it.
use super::{Desk, refuse, say, tell};
use crate::{
    conversation::{
        decision::{AlarmChange, Decision, Deed, JournalEntry, Recipient},
        notice::Notice,
        phrase::Phrase,
        piece::Piece,
        scene::Pressed,
    },
    domain::people::Role,
};

/// Somebody says that they have read it. The author learns who and when.
pub fn confirm(desk: &Desk) -> Decision {
    let Pressed::Alarm { alarm, withdrawn } = &desk.scene.pressed else {
        return tell(Phrase::QuestionOver);
    };
    let Some(file) = &desk.scene.file else {
        return tell(Phrase::QuestionOver);
    };
    let code = file.household.code.clone();
    if !desk.leads() && desk.scene.sender.role != Role::Admin {
        return refuse(Phrase::AlarmOnlyLeads, Some(&code));
    }
    if let Some(confirmed) = alarm.confirmed {
        let name = desk.name(confirmed.by).unwrap_or_default();
        return tell(Phrase::AlarmAlready {
            name,
            at: desk.office.calendar.local(confirmed.at),
        });
    }
    if *withdrawn {
        let name = desk.name(alarm.raised_by).unwrap_or_default();
        return tell(Phrase::AlarmWithdrawn { code, name });
    }
    let mut change = desk.change(file);
    change.alarms.push(AlarmChange::Confirm(alarm.id));
    let mut decision = say(vec![Piece::Line(Phrase::AlarmConfirmedTo {
        code: code.clone(),
        name: desk.sender_name(),
        at: desk.local(),
    })]);
    decision.change = Some(change);
    decision.journal.push(JournalEntry {
        what: Deed::AlarmConfirmed,
        detail: alarm.id.0.to_string(),
    });
    if alarm.raised_by != desk.sender() {
        let notice = Notice::AlarmConfirmed {
            code,
            by: desk.sender(),
            at: desk.now,
        };
        decision
            .notices
            .push((Recipient::Person(alarm.raised_by), notice));
    }
    decision
}
