//! Another date by a button, its reason, and 「やります」.
use super::{Desk, Heard, alarm_first, choice, log, refuse, say, tell, told};
use crate::{
    conversation::{
        action::{Action, After, PutOffReason},
        decision::{
            CheckInChange, Decision, Deed, DialogueChange, Ended, JournalEntry, MADE, Recipient,
            RequestChange,
        },
        dialogue::{Dialogue, Question},
        notice::Notice,
        phrase::{Label, Phrase},
        piece::{Choice, Piece},
        scene::{File, Pressed, Room, Scene},
    },
    domain::{
        CheckInId, RequestId, SaveId,
        calendar::{days_after, months_after},
        check_in::{CheckIn, NewCheckIn, Pace, Plan, Purpose, Why, Window},
        ladder,
        proposal::Said,
        request::{Request, Wish},
    },
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use strum::VariantArray;

/// After that a line is taken for no answer.
const ASKED_MINUTES: i64 = 30;
/// The spans offered for another date.
const OFFERED: [After; 4] = [
    After::Days(3),
    After::Weeks(1),
    After::Weeks(2),
    After::Months(1),
];

/// 日を変える: which day shall it be?
pub fn choices(desk: &Desk) -> Decision {
    let (_, check_in) = match open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    let mut offered: Vec<Choice> = OFFERED
        .into_iter()
        .map(|after| choice(Label::After(after), Action::PutOff(check_in.id, after)))
        .collect();
    offered.push(choice(Label::OtherDay, Action::OtherDay(check_in.id)));
    say(vec![Piece::Line(Phrase::WhichDay), Piece::Choices(offered)])
}

/// ほかの日: a day to fill in.
pub fn ask_day(id: CheckInId, desk: &Desk) -> Decision {
    match open_in_hand(desk) {
        Ok(_) => Decision {
            // A line that waits for its household is not given up for a date.
            dialogue: match log::waiting_draft(desk) {
                Some(_) => DialogueChange::Keep,
                None => DialogueChange::Ask(Question::Day(id)),
            },
            ..say(vec![Piece::DayForm {
                action: Action::OtherDay(id),
                label: Phrase::WhichDay,
                from: desk.today,
            }])
        },
        Err(decision) => *decision,
    }
}

/// The press that a line amounts to: soon after a day was asked for in private,
/// nothing but a date.
pub fn answering(heard: &Heard, scene: &Scene, now: DateTime<Utc>) -> Option<Heard> {
    let dialogue = scene.dialogue.as_ref()?;
    let (Question::Day(id), Heard::Line(meaning)) = (&dialogue.question, heard) else {
        return None;
    };
    let is_asked = scene.room == Room::Alone && is_day_asked(scene, now) == Some(true);
    let day = meaning.day_alone.filter(|_| is_asked)?;
    Some(Heard::Press(Action::OnDay(*id, day)))
}

/// Whether a day was asked for last, and whether that was not long ago.
pub fn is_day_asked(scene: &Scene, now: DateTime<Utc>) -> Option<bool> {
    let dialogue = scene.dialogue.as_ref()?;
    let is_day = matches!(dialogue.question, Question::Day(_));
    is_day.then(|| is_recent(dialogue, now))
}

/// Whether a line without a button may still answer it.
pub fn is_recent(dialogue: &Dialogue, now: DateTime<Utc>) -> bool {
    now - dialogue.asked_at <= TimeDelta::minutes(ASKED_MINUTES)
}

/// A span from today: moved to an open day, with the window of its unit.
pub fn put_off(after: After, desk: &Desk) -> Decision {
    let calendar = &desk.office.calendar;
    let (day, width) = match after {
        After::Days(days) => (days_after(desk.today, u64::from(days)), 0),
        After::Weeks(weeks) => (days_after(desk.today, u64::from(weeks) * 7), 2),
        After::Months(months) => (months_after(desk.today, months), 5),
    };
    let on = calendar.open_from(day);
    set(
        Window {
            on,
            by: calendar.open_days_after(on, width),
        },
        desk,
    )
}

/// An exact day: moved to an open day if it is a closed one.
pub fn on_day(day: NaiveDate, desk: &Desk) -> Decision {
    if day < desk.today {
        return tell(Phrase::PastDayChosen);
    }
    let on = desk.office.calendar.open_from(day);
    let mut decision = set(Window::day(on), desk);
    if let (Some(pieces), true) = (&mut decision.say, decision.change.is_some() && day < on) {
        pieces.insert(1, Piece::Quiet(Phrase::ClosedDay { day }));
    }
    let asked = desk.scene.dialogue.as_ref().map(|now| &now.question);
    if decision.change.is_some() && matches!(asked, Some(Question::Day(_))) {
        decision.dialogue = DialogueChange::Clear;
    }
    decision
}

fn set(window: Window, desk: &Desk) -> Decision {
    let (file, check_in) = match open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    if !desk.is_near(window.by) {
        // No button of ours has named it.
        return refuse(Phrase::NoSuchButton, Some(&file.household.code));
    }
    if desk.is_held_by_alarm(file) {
        return alarm_first(file, desk);
    }
    let chosen = Said {
        window,
        appointment: check_in.terms.pace == Pace::Appointment,
        plan: check_in.terms.plan.clone(),
    };
    let another = another(Some(check_in), chosen, Why::Chosen, desk);
    changed(another, file, desk)
}

/// Another date in the place of the one that stands, without a contact.
pub struct Another {
    pub terms: NewCheckIn,
    /// It puts off what somebody else, or an earlier day, has set: it is
    /// counted, and its reason is asked. One's own of today is only corrected.
    pub puts_off: bool,
}

/// The terms of another date. A review stays what it is for, whoever is to look
/// at the case still is; and what is prompt stays so.
pub fn another(standing: Option<&CheckIn>, said: Said, why: Why, desk: &Desk) -> Another {
    let puts_off = standing.is_some_and(|check_in| !is_fresh(check_in, desk));
    let review = standing.filter(|check_in| check_in.terms.purpose == Purpose::Review);
    let pace = match standing.map(|check_in| check_in.terms.pace) {
        _ if said.appointment => Pace::Appointment,
        Some(Pace::Prompt) => Pace::Prompt,
        Some(Pace::Ordinary | Pace::Appointment) | None => Pace::Ordinary,
    };
    let plan = match review {
        Some(check_in) if said.plan == Plan::default() => check_in.terms.plan.clone(),
        _ => said.plan,
    };
    let terms = NewCheckIn {
        window: said.window,
        purpose: review.map_or(Purpose::LookIn, |check_in| check_in.terms.purpose),
        pace,
        why: review.map_or(why, |check_in| check_in.terms.why),
        plan,
        put_off: standing.map_or(0, |check_in| check_in.terms.put_off) + i64::from(puts_off),
    };
    Another { terms, puts_off }
}

/// Says and saves another date; the main nurse hears of it.
pub fn changed(another: Another, file: &File, desk: &Desk) -> Decision {
    let Another { terms, puts_off } = another;
    let code = file.household.code.clone();
    let window = terms.window;
    let from = file.check_in.as_ref().map(|check_in| check_in.terms.window);
    let mut pieces = vec![Piece::Line(Phrase::Changed {
        code: code.clone(),
        purpose: terms.purpose,
        from,
        to: window,
    })];
    pieces.extend(desk.beyond_class(window, file.household.facts.class));
    pieces.push(Piece::Choices(vec![choice(
        Label::PutBack,
        Action::Undo(SaveId(MADE)),
    )]));
    if puts_off {
        pieces.extend(ask_reason());
    }
    let mut change = desk.change(file);
    change.check_in = CheckInChange::Set {
        terms,
        old: Ended::Withdrawn,
    };
    let mut decision = say(pieces);
    decision.change = Some(change);
    decision.journal.push(journal_entry(from, window, puts_off));
    decision.notices.extend(tell_main(window, file, desk));
    decision
}

/// The journal's line of another date.
pub fn journal_entry(from: Option<Window>, to: Window, puts_off: bool) -> JournalEntry {
    JournalEntry {
        what: if puts_off {
            Deed::PutOff
        } else {
            Deed::CheckIn
        },
        detail: match from {
            Some(from) => format!("{} → {}", from.on, to.on),
            None => to.on.to_string(),
        },
    }
}

/// The main nurse hears of a date that somebody else has set.
pub fn tell_main(window: Window, file: &File, desk: &Desk) -> Option<(Recipient, Notice)> {
    let main = file.household.facts.main;
    let main = main.filter(|main| *main != desk.sender())?;
    let notice = Notice::DateChanged {
        code: file.household.code.clone(),
        by: desk.sender(),
        window,
    };
    Some((Recipient::Person(main), notice))
}

/// Why was it put off?
fn ask_reason() -> [Piece; 2] {
    [Piece::Line(Phrase::WhichReason), reasons()]
}

/// The reasons for putting off what this save sets.
pub fn reasons() -> Piece {
    let reasons = PutOffReason::VARIANTS.iter().map(|reason| {
        choice(
            Label::Reason(*reason),
            Action::Because(CheckInId(MADE), *reason),
        )
    });
    Piece::Choices(reasons.collect())
}

/// Set by the sender today: another date corrects it, and puts nothing off.
pub fn is_fresh(check_in: &CheckIn, desk: &Desk) -> bool {
    check_in.made_by == desk.sender() && desk.office.calendar.day_of(check_in.made_at) == desk.today
}

/// Why it was put off: kept in the journal; 手が足りない asks for help as well.
pub fn because(reason: PutOffReason, desk: &Desk) -> Decision {
    let (file, check_in) = match open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    let detail = format!("{} {}", file.household.code, reason.code());
    let entry = JournalEntry {
        what: Deed::PutOff,
        detail,
    };
    if reason != PutOffReason::ShortHanded {
        let mut decision = tell(Phrase::ReasonSaved);
        decision.journal.push(entry);
        return decision;
    }
    let is_asked = |request: &Request| request.wish == Wish::ShortHanded;
    if file.requests.iter().any(is_asked) {
        return tell(Phrase::AskedAlready {
            code: file.household.code.clone(),
        });
    }
    let mut change = desk.change(file);
    change.requests.push(RequestChange::Ask(Wish::ShortHanded));
    let mut decision = tell(Phrase::HelpAsked);
    decision.notices.push((
        Recipient::Supervisors,
        asked(Wish::ShortHanded, file, Some(check_in.id), desk),
    ));
    decision.change = Some(change);
    decision.journal.push(entry);
    decision
}

/// The notice of a request that this save makes.
pub fn asked(wish: Wish, file: &File, check_in: Option<CheckInId>, desk: &Desk) -> Notice {
    Notice::Asked {
        request: RequestId(MADE),
        code: file.household.code.clone(),
        by: desk.sender(),
        wish,
        check_in,
        contacts: file.counts.contacts,
        last_on: file.recent.first().map(|contact| contact.details.on),
    }
}

/// やります: quiet for a while; the supervisor's rung is put off once at most.
pub fn take(desk: &Desk) -> Decision {
    let (file, check_in) = match open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    let code = file.household.code.clone();
    if !ladder::may_take(check_in) {
        return tell(Phrase::CannotTake { code });
    }
    if let Some(taken) = check_in
        .progress
        .taken
        .filter(|taken| taken.until > desk.now)
    {
        if taken.by != desk.sender() {
            return tell(Phrase::TakenAlready {
                name: desk.name(taken.by).unwrap_or_default(),
            });
        }
        let until = desk.office.calendar.day_of(taken.until);
        return tell(Phrase::Taken { code, until });
    }
    let taken = desk.ladder().take(desk.sender(), desk.now);
    let mut change = desk.change(file);
    change.check_in = CheckInChange::Take {
        taken,
        supervisor_from: check_in.progress.taking(taken).supervisor_from,
    };
    let mut decision = tell(Phrase::Taken {
        code,
        until: desk.office.calendar.day_of(taken.until),
    });
    decision.change = Some(change);
    decision.journal.push(JournalEntry {
        what: Deed::Taken,
        detail: check_in.id.0.to_string(),
    });
    decision
}

/// The check-in that was pressed, if it still stands and is the sender's.
pub fn open_in_hand<'a>(desk: &'a Desk) -> Result<(&'a File, &'a CheckIn), Box<Decision>> {
    let Some(file) = &desk.scene.file else {
        return Err(Box::new(tell(Phrase::QuestionOver)));
    };
    match &desk.scene.pressed {
        Pressed::CheckIn {
            check_in,
            open: true,
        } => {
            // Whoever has set a date today may set another one, also for a
            // colleague's household.
            if !is_fresh(check_in, desk) {
                desk.in_hand(file)?;
            }
            Ok((file, check_in))
        }
        _ => {
            desk.in_hand(file)?;
            Err(Box::new(tell(Phrase::CheckInOver {
                code: file.household.code.clone(),
                next: file.check_in.as_ref().map(|now| told(&now.terms)),
            })))
        }
    }
}
