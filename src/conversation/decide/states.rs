//! The states of a household, its class, flags and not-before; registering.
use super::{Desk, choice, log, people, refuse, requests, say, tell, told};
use crate::{
    conversation::{
        action::Action,
        decision::{
            CheckInChange, Decision, Deed, DialogueChange, Ended, HouseholdChange, JournalEntry,
            MADE, Target,
        },
        dialogue::Draft,
        meaning::{Due, Meaning},
        phrase::{Because, Label, Phrase},
        piece::Piece,
        scene::File,
    },
    domain::{
        SaveId,
        calendar::fiscal_year_end,
        check_in::{NewCheckIn, Window},
        household::{Class, CloseReason, Code, Facts, Flag, PauseReason, Route, State},
        people::Role,
        proposal::Occasion,
        request::Wish,
    },
};
use chrono::NaiveDate;
use strum::VariantArray;

/// Takes the value, or gives up with the decision that says why not.
macro_rules! or_say {
    ($found:expr) => {
        match $found {
            Ok(found) => found,
            Err(decision) => return *decision,
        }
    };
}
pub(super) use or_say;

/// 中断: a reason, and a review date of 3 months that never passes 31 March.
pub fn pause(
    code: Option<&Code>,
    reason: Option<PauseReason>,
    meaning: &Meaning,
    desk: &Desk,
) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let said = match &meaning.due {
        Due::Said(said) => Some(said.due_on),
        Due::Unsaid | Due::Unclear(_) => None,
    };
    match reason {
        Some(reason) => paused(reason, said, file, desk),
        None => {
            let code = file.household.code.clone();
            let reasons = PauseReason::VARIANTS
                .iter()
                .map(|reason| {
                    choice(
                        Label::PauseReason(*reason),
                        Action::PauseFor(code.clone(), *reason, said),
                    )
                })
                .collect();
            say(vec![
                Piece::Line(Phrase::WhyPaused { code: code.clone() }),
                Piece::Choices(reasons),
            ])
        }
    }
}

/// The reason, chosen by a button.
pub fn pause_for(
    code: &Code,
    (reason, said): (PauseReason, Option<NaiveDate>),
    desk: &Desk,
) -> Decision {
    let file = or_say!(desk.file_in_hand(Some(code)));
    // Pressed late, the date may have passed: then ours is proposed.
    let said = said.filter(|day| desk.today <= *day);
    paused(reason, said, file, desk)
}

fn paused(reason: PauseReason, said: Option<NaiveDate>, file: &File, desk: &Desk) -> Decision {
    let proposed = desk.guide().on_occasion(Occasion::Pause);
    let last = desk
        .office
        .calendar
        .open_until(fiscal_year_end(desk.today))
        .max(desk.today);
    let window = said.map_or(proposed.window, |said| Window::day(said.min(last)));
    let capped = window.on == last && said.is_none_or(|said| last < said);
    let terms = NewCheckIn { window, ..proposed };
    let because = match said {
        Some(_) => Because::Said,
        None => desk.guideline(&terms),
    };
    let mut change = desk.change(file);
    change.facts.state = State::Paused;
    change.facts.pause_reason = Some(reason);
    let mut pieces = vec![
        Piece::Line(Phrase::Paused {
            code: file.household.code.clone(),
            reason,
        }),
        Piece::Line(Phrase::Next(told(&terms), because)),
    ];
    if capped {
        pieces.push(Piece::Quiet(Phrase::ReviewCapped { day: last }));
    }
    change.check_in = CheckInChange::Set {
        terms,
        old: Ended::Withdrawn,
    };
    saved(pieces, change, Deed::Paused, reason.code())
}

/// 再開: from paused or watched to active; of a closed household it reopens.
pub fn resume(code: Option<&Code>, meaning: &Meaning, desk: &Desk) -> Decision {
    let file = or_say!(desk.file(code));
    let said = said_window(meaning);
    if !file.household.facts.state.is_open() {
        return reopened(said, file, desk);
    }
    or_say!(desk.in_hand(file));
    let code = file.household.code.clone();
    if !matches!(file.household.facts.state, State::Paused | State::Watching) {
        return tell(Phrase::NotPaused { code });
    }
    let mut change = desk.change(file);
    change.facts.state = State::Active;
    change.facts.pause_reason = None;
    let mut pieces = vec![Piece::Line(Phrase::Resumed { code })];
    if said.is_some() || file.household.facts.state == State::Paused {
        let (terms, next) = taken_up(said, desk);
        pieces.push(next);
        change.check_in = CheckInChange::Set {
            terms,
            old: Ended::Withdrawn,
        };
    } else if let Some(check_in) = &file.check_in {
        pieces.push(Piece::Line(Phrase::Next(
            told(&check_in.terms),
            Because::Kept,
        )));
    }
    saved(pieces, change, Deed::Resumed, "")
}

/// 見守り: the standing date stays.
pub fn watch(code: Option<&Code>, desk: &Desk) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let mut change = desk.change(file);
    change.facts.state = State::Watching;
    change.facts.pause_reason = None;
    let mut pieces = vec![Piece::Line(Phrase::Watched {
        code: file.household.code.clone(),
    })];
    if let Some(check_in) = &file.check_in {
        pieces.push(Piece::Line(Phrase::Next(
            told(&check_in.terms),
            Because::Kept,
        )));
    }
    saved(pieces, change, Deed::Watched, "")
}

/// 終結: asks for the supervisor's confirmation; the date stays until then.
pub fn close(code: Option<&Code>, reason: Option<CloseReason>, desk: &Desk) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let code = file.household.code.clone();
    let Some(reason) = reason else {
        let reasons = CloseReason::VARIANTS
            .iter()
            .filter(|reason| **reason != CloseReason::Mistaken)
            .map(|reason| {
                choice(
                    Label::CloseReason(*reason),
                    Action::CloseFor(code.clone(), *reason),
                )
            })
            .collect();
        return say(vec![
            Piece::Line(Phrase::WhyClosed { code: code.clone() }),
            Piece::Choices(reasons),
        ]);
    };
    if waits_for_ending(file) {
        return tell(Phrase::AskedAlready { code });
    }
    let mut decision = tell(Phrase::CloseAsked { code, reason });
    requests::ask(&mut decision, Wish::Close { reason }, (file, None), desk);
    decision.journal = vec![JournalEntry {
        what: Deed::CloseAsked,
        detail: reason.code().to_owned(),
    }];
    decision
}

/// 移管: asks for the supervisor's confirmation; the date stays until then.
pub fn transfer(code: Option<&Code>, desk: &Desk) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let code = file.household.code.clone();
    if waits_for_ending(file) {
        return tell(Phrase::AskedAlready { code });
    }
    let mut decision = tell(Phrase::TransferAsked { code });
    requests::ask(&mut decision, Wish::Transfer, (file, None), desk);
    decision.journal = vec![JournalEntry {
        what: Deed::TransferAsked,
        detail: String::new(),
    }];
    decision
}

fn waits_for_ending(file: &File) -> bool {
    file.requests
        .iter()
        .any(|request| matches!(request.wish, Wish::Close { .. } | Wish::Transfer))
}

/// The supervisor has confirmed a closure.
pub fn closed(reason: CloseReason, file: &File, desk: &Desk) -> Decision {
    let mut change = desk.change(file);
    change.facts.state = State::Closed;
    change.facts.close_reason = Some(reason);
    change.facts.pause_reason = None;
    change.facts.awaiting_receipt = false;
    change.check_in = CheckInChange::End;
    let pieces = vec![Piece::Line(Phrase::Closed {
        code: file.household.code.clone(),
    })];
    saved(pieces, change, Deed::Closed, reason.code())
}

/// The supervisor has confirmed a transfer: checked every two weeks until the
/// other side has confirmed receipt.
pub fn transfer_confirmed(file: &File, desk: &Desk) -> Decision {
    let mut change = desk.change(file);
    change.facts.awaiting_receipt = true;
    let terms = desk.guide().on_occasion(Occasion::Transfer);
    let pieces = vec![
        Piece::Line(Phrase::TransferConfirmed {
            code: file.household.code.clone(),
        }),
        Piece::Line(Phrase::Next(told(&terms), desk.guideline(&terms))),
    ];
    change.check_in = CheckInChange::Set {
        terms,
        old: Ended::Withdrawn,
    };
    saved(pieces, change, Deed::TransferConfirmed, "")
}

/// 受理確認: the other side has received it.
pub fn received(code: Option<&Code>, desk: &Desk) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let code = file.household.code.clone();
    if !file.household.facts.awaiting_receipt {
        return tell(Phrase::NotTransferring { code });
    }
    let mut change = desk.change(file);
    change.facts.state = State::Transferred;
    change.facts.awaiting_receipt = false;
    change.facts.pause_reason = None;
    change.check_in = CheckInChange::End;
    saved(
        vec![Piece::Line(Phrase::ReceiptConfirmed { code })],
        change,
        Deed::Received,
        "",
    )
}

/// 再開 of a closed household, on the said day or within 3 open days.
pub fn reopen(code: Option<&Code>, meaning: &Meaning, desk: &Desk) -> Decision {
    let file = or_say!(desk.file(code));
    if file.household.facts.state.is_open() {
        return resume(code, meaning, desk);
    }
    reopened(said_window(meaning), file, desk)
}

fn said_window(meaning: &Meaning) -> Option<Window> {
    match &meaning.due {
        Due::Said(said) => Some(Window {
            on: said.due_on,
            by: said.due_by,
        }),
        Due::Unsaid | Due::Unclear(_) => None,
    }
}

/// The first check-in of a household that is taken up again: as said, else ours.
fn taken_up(said: Option<Window>, desk: &Desk) -> (NewCheckIn, Piece) {
    let proposed = desk.guide().on_occasion(Occasion::Reopened);
    let because = match said {
        Some(_) => Because::Said,
        None => desk.guideline(&proposed),
    };
    let terms = NewCheckIn {
        window: said.unwrap_or(proposed.window),
        ..proposed
    };
    let next = Piece::Line(Phrase::Next(told(&terms), because));
    (terms, next)
}

fn reopened(said: Option<Window>, file: &File, desk: &Desk) -> Decision {
    let mut change = desk.change(file);
    open_again(&mut change.facts, desk);
    let (terms, next) = taken_up(said, desk);
    let pieces = vec![
        Piece::Line(Phrase::Reopened {
            code: file.household.code.clone(),
        }),
        next,
    ];
    change.check_in = CheckInChange::Set {
        terms,
        old: Ended::Withdrawn,
    };
    saved(pieces, change, Deed::Reopened, "")
}

/// The facts of a household that is taken up again, with somebody to care for it.
pub fn open_again(facts: &mut Facts, desk: &Desk) {
    facts.state = State::Active;
    facts.close_reason = None;
    let main_is_here = facts.main.is_some_and(|main| {
        desk.scene
            .roster
            .person(main)
            .is_some_and(|person| person.is_staff_on(desk.today))
    });
    if !main_is_here && desk.scene.sender.role == Role::Nurse {
        facts.main = Some(desk.sender());
    }
}

/// 登録: asks how it became known where that was not said.
pub fn add(
    code: Option<&Code>,
    known_by: Option<Route>,
    known_on: Option<NaiveDate>,
    desk: &Desk,
) -> Decision {
    let Some(code) = code else {
        return tell(Phrase::CodeMissing);
    };
    if let Some(file) = &desk.scene.file {
        return registered_already(file);
    }
    // A line that waits for another household is not this one's.
    let decision = match known_by {
        Some(route) => registered(code, (route, known_on), None, desk),
        None => ask_route(code, desk),
    };
    Decision {
        dialogue: DialogueChange::Clear,
        ..decision
    }
}

/// One that was closed, by taking back its registration too, is reopened.
fn registered_already(file: &File) -> Decision {
    let code = file.household.code.clone();
    if file.household.facts.state.is_open() {
        tell(Phrase::RegisteredAlready { code })
    } else {
        tell(Phrase::NotOpen { code })
    }
}

/// Who told of it?
pub fn ask_route(code: &Code, desk: &Desk) -> Decision {
    if let Some(file) = &desk.scene.file {
        return registered_already(file);
    }
    let routes = Route::VARIANTS
        .iter()
        .map(|route| {
            choice(
                Label::Route(*route),
                Action::RegisterKnownBy(code.clone(), *route),
            )
        })
        .collect();
    say(vec![
        Piece::Line(Phrase::WhichRoute { code: code.clone() }),
        Piece::Choices(routes),
    ])
}

/// Registers it, and records the line that waited for it.
pub fn register(code: &Code, route: Route, desk: &Desk) -> Decision {
    registered(code, (route, None), log::waiting_draft(desk), desk)
}

fn registered(
    code: &Code,
    (route, known_on): (Route, Option<NaiveDate>),
    draft: Option<&Draft>,
    desk: &Desk,
) -> Decision {
    if let Some(file) = &desk.scene.file {
        return registered_already(file);
    }
    let terms = desk.guide().on_occasion(Occasion::NewHousehold);
    let change = HouseholdChange {
        target: Target::New(code.clone()),
        facts: new_facts(route, known_on, desk),
        check_in: CheckInChange::Set {
            terms: terms.clone(),
            old: Ended::Withdrawn,
        },
        contacts: Vec::new(),
        alarms: Vec::new(),
        requests: Vec::new(),
        undoes: None,
    };
    let first = Piece::Line(Phrase::Registered {
        code: code.clone(),
        route,
    });
    match draft {
        Some(draft) => {
            let mut decision = log::with_registration(draft, code, change, desk);
            decision.say.get_or_insert_default().insert(0, first);
            decision
        }
        None => {
            let next = Piece::Line(Phrase::Next(told(&terms), desk.guideline(&terms)));
            let mut decision = saved(vec![first, next], change, Deed::Registered, code.as_str());
            if desk.scene.sender.role != Role::Nurse {
                let nurses = people::ask_nurse(code, desk).say.unwrap_or_default();
                decision.say.get_or_insert_default().extend(nurses);
            }
            decision
        }
    }
}

/// Of whoever registers it, if that is a nurse.
fn new_facts(route: Route, known_on: Option<NaiveDate>, desk: &Desk) -> Facts {
    let sender = &desk.scene.sender;
    Facts {
        state: State::Intake,
        pause_reason: None,
        close_reason: None,
        awaiting_receipt: false,
        class: None,
        flags: Vec::new(),
        not_before: None,
        known_by: Some(route),
        known_on: Some(known_on.unwrap_or(desk.today)),
        main: (sender.role == Role::Nurse).then_some(sender.id),
        second: None,
        check_in: None,
    }
}

/// 区分 alone says none: asked, lest the one that stands be lost.
pub fn ask_class(code: Option<&Code>, desk: &Desk) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let code = file.household.code.clone();
    let classes = Class::VARIANTS.iter().copied().map(Some).chain([None]);
    let choices = classes
        .map(|class| choice(Label::Class(class), Action::ClassFor(code.clone(), class)))
        .collect();
    say(vec![
        Piece::Line(Phrase::WhichClass(code)),
        Piece::Choices(choices),
    ])
}

/// 区分
pub fn set_class(code: Option<&Code>, class: Option<Class>, desk: &Desk) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let mut change = desk.change(file);
    change.facts.class = class;
    let mut pieces = vec![Piece::Line(Phrase::ClassSet {
        code: file.household.code.clone(),
        class,
    })];
    if let Some(check_in) = &file.check_in {
        pieces.extend(desk.beyond_class(check_in.terms.window, class));
    }
    saved(
        pieces,
        change,
        Deed::Class,
        class.map(Class::code).unwrap_or("none"),
    )
}

/// 配慮事項
pub fn set_flags(code: Option<&Code>, flags: (&[Flag], &[Flag]), desk: &Desk) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let (add, remove) = flags;
    if add.is_empty() && remove.is_empty() {
        return tell(Phrase::FlagsSet {
            code: file.household.code.clone(),
            flags: file.household.facts.flags.clone(),
        });
    }
    let mut change = desk.change(file);
    change.facts.flags.retain(|flag| !remove.contains(flag));
    for flag in add {
        if !change.facts.flags.contains(flag) {
            change.facts.flags.push(*flag);
        }
    }
    change.facts.flags.sort();
    let codes: Vec<&str> = change.facts.flags.iter().map(|flag| flag.code()).collect();
    let detail = codes.join(",");
    let flags = change.facts.flags.clone();
    let pieces = vec![Piece::Line(Phrase::FlagsSet {
        code: file.household.code.clone(),
        flags,
    })];
    saved(pieces, change, Deed::Flags, &detail)
}

/// 訪問を控える期間: set by whoever has it in hand, cleared by those who lead.
pub fn not_before(code: Option<&Code>, day: Option<NaiveDate>, desk: &Desk) -> Decision {
    let file = or_say!(desk.file_in_hand(code));
    let code = file.household.code.clone();
    if day.is_none() && !desk.leads() {
        return refuse(Phrase::LeadsOnly, Some(&code));
    }
    if day.is_some_and(|day| day < desk.today) {
        return tell(Phrase::PastDayChosen);
    }
    let mut change = desk.change(file);
    change.facts.not_before = day;
    let phrase = match day {
        Some(day) => Phrase::NoContactSet { code, day },
        None => Phrase::NoContactCleared { code },
    };
    let detail = day
        .map(|day| day.to_string())
        .unwrap_or_else(|| "none".to_owned());
    saved(vec![Piece::Line(phrase)], change, Deed::NotBefore, &detail)
}

/// A change with its words and its way back.
pub fn saved(
    mut pieces: Vec<Piece>,
    change: HouseholdChange,
    what: Deed,
    detail: &str,
) -> Decision {
    pieces.push(Piece::Choices(vec![choice(
        Label::Undo,
        Action::Undo(SaveId(MADE)),
    )]));
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
