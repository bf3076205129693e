//! Asking a colleague, and the answer: 相談する, ○○さんに聞く, 確認・差し戻す.
use super::{Desk, alarm_first, choice, dates, people, refuse, say, states, tell};
use crate::{
    conversation::{
        action::{Action, Consultation},
        decision::{Decision, Deed, JournalEntry, Recipient, RequestChange},
        notice::Notice,
        phrase::{Label, Phrase},
        piece::Piece,
        scene::{File, Pressed},
    },
    domain::{
        CheckInId,
        request::{Request, Status, Wish},
    },
};
use strum::VariantArray;

/// 相談する: what shall be asked?
pub fn what_help(id: CheckInId, desk: &Desk) -> Decision {
    let (file, _) = match dates::open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    say(vec![
        Piece::Line(Phrase::WhatHelp {
            code: file.household.code.clone(),
        }),
        Piece::Choices(
            Consultation::VARIANTS
                .iter()
                .map(|what| choice(Label::Consultation(*what), Action::ConsultFor(id, *what)))
                .collect(),
        ),
    ])
}

/// The nurse asks the supervisor.
pub fn consult(what: Consultation, desk: &Desk) -> Decision {
    let (file, check_in) = match dates::open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    let wish = match what {
        Consultation::StandInOnce => Wish::StandInOnce,
        Consultation::ComeAlong => Wish::ComeAlong,
        Consultation::HandOver => Wish::HandOver,
    };
    if file.requests.iter().any(|request| request.wish == wish) {
        return tell(Phrase::AskedAlready {
            code: file.household.code.clone(),
        });
    }
    let mut decision = tell(Phrase::Consulted);
    ask(&mut decision, wish, (file, Some(check_in.id)), desk);
    decision
}

/// Adds a request to the supervisors, with its notice.
pub fn ask(decision: &mut Decision, wish: Wish, of: (&File, Option<CheckInId>), desk: &Desk) {
    let (file, check_in) = of;
    let mut change = decision.change.take().unwrap_or_else(|| desk.change(file));
    change.requests.push(RequestChange::Ask(wish));
    decision.change = Some(change);
    decision.notices.push((
        Recipient::Supervisors,
        dates::asked(wish, file, check_in, desk),
    ));
    decision.journal.push(JournalEntry {
        what: Deed::Asked,
        detail: wish_code(wish).to_owned(),
    });
}

/// ○○さんに聞く: the supervisor asks the main nurse how it is going.
pub fn ask_nurse(desk: &Desk) -> Decision {
    let (file, check_in) = match dates::open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    if !desk.leads() {
        return refuse(Phrase::LeadsOnly, Some(&file.household.code));
    }
    let Some(main) = file.household.facts.main else {
        return tell(Phrase::NotYours { name: None });
    };
    let mut decision = tell(Phrase::QuestionSent {
        name: desk.name(main).unwrap_or_default(),
    });
    let notice = dates::asked(Wish::HowIsIt, file, Some(check_in.id), desk);
    decision.notices.push((Recipient::Person(main), notice));
    let detail = format!("{} {}", file.household.code, wish_code(Wish::HowIsIt));
    decision.journal.push(JournalEntry {
        what: Deed::Asked,
        detail,
    });
    decision
}

/// The answer to a request.
pub fn answer(accepted: bool, desk: &Desk) -> Decision {
    let Pressed::Request(request) = &desk.scene.pressed else {
        return tell(Phrase::QuestionOver);
    };
    if request.status != Status::Open {
        return tell(Phrase::AnsweredAlready);
    }
    if !request.may_be_answered_by(&desk.scene.sender) {
        return refuse(Phrase::LeadsOnly, None);
    }
    let Some(file) = &desk.scene.file else {
        return tell(Phrase::QuestionOver);
    };
    let ends = matches!(request.wish, Wish::Close { .. } | Wish::Transfer);
    if accepted && ends && !file.alarms.is_empty() {
        return alarm_first(file, desk);
    }
    let (mut decision, status) = if accepted {
        (accept(request, file, desk), Status::Accepted)
    } else {
        (tell(Phrase::Declined), Status::Declined)
    };
    let change = decision.change.get_or_insert_with(|| desk.change(file));
    change.requests.push(RequestChange::Put(request.id, status));
    let notice = Notice::Answered {
        code: file.household.code.clone(),
        by: desk.sender(),
        wish: request.wish,
        accepted,
    };
    decision
        .notices
        .push((Recipient::Person(request.asked_by), notice));
    decision.journal.push(JournalEntry {
        what: Deed::Answered,
        detail: format!("{} {}", wish_code(request.wish), status.code()),
    });
    decision
}

fn accept(request: &Request, file: &File, desk: &Desk) -> Decision {
    match request.wish {
        Wish::Close { reason } => states::closed(reason, file, desk),
        Wish::Transfer => states::transfer_confirmed(file, desk),
        Wish::HandOver | Wish::StandInOnce => people::ask_nurse(&file.household.code, desk),
        Wish::ComeAlong | Wish::ShortHanded | Wish::HowIsIt => tell(Phrase::Accepted),
    }
}

/// The code of a wish, for the journal.
pub fn wish_code(wish: Wish) -> &'static str {
    match wish {
        Wish::Close { .. } => "close",
        Wish::Transfer => "transfer",
        Wish::StandInOnce => "stand_in_once",
        Wish::ComeAlong => "come_along",
        Wish::HandOver => "hand_over",
        Wish::ShortHanded => "short_handed",
        Wish::HowIsIt => "how_is_it",
    }
}
