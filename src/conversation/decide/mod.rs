//! What is done about a message: a scene and a meaning or a press go in,
//! changes and words come out. Rights are checked here, for every command and
//! button.
mod alarms;
pub mod board;
mod chat;
mod correct;
pub mod course;
mod dates;
mod desk;
mod echo;
mod health;
pub mod joining;
pub mod level;
pub mod lists;
mod log;
pub mod nudging;
mod people;
mod record;
mod requests;
mod rhythm;
mod staff;
mod states;
mod telling;
mod undo;
mod unread;

pub use log::outcomes_of;

pub use dates::answering;

use super::{
    action::Action,
    decision::{Decision, Deed, DialogueChange, JournalEntry},
    meaning::{Due, Intent, Meaning, UnclearDate},
    message::{Account, Place, Readers},
    phrase::{HelpLine, Label, Next, Phrase},
    piece::{Choice, Piece},
    scene::{File, List, Pressed, Query, Scene, Subject, Wanted},
    secret::Secret,
};
use crate::domain::{calendar::Calendar, check_in::NewCheckIn, household::Code, ladder, proposal};
use chrono::{DateTime, NaiveDate, Utc};
use strum::VariantArray;

/// The office's settings, as far as deciding needs them.
#[derive(Debug, Clone)]
pub struct Office {
    pub calendar: Calendar,
    pub proposals: proposal::Settings,
    pub ladder: ladder::Settings,
    pub rhythm: crate::domain::rhythm::Settings,
    /// The office's own emergency card: label and number.
    pub card: Vec<(String, String)>,
    /// Where residents are counselled: telephone and hours.
    pub counselling: String,
    /// Where staff find the page.
    pub page_url: String,
}

/// Ten years.
const DAYS_MAX: i64 = 3_653;

/// What was heard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Heard {
    /// Words, read.
    Line(Box<Meaning>),
    /// Nothing but a code: it answers the question which household is meant.
    Code(Code),
    Press(Action),
    /// A form's value.
    Form(Action, String),
    /// The message with this key was typed anew.
    Edited(String),
    /// A shared place is to be used, which these can read.
    Setup(Readers),
    /// A button that carries no action of ours.
    Forged,
    /// Something that is no text.
    Unreadable,
}

/// Where a decision is made: what is known, by which rules, at which instant.
pub struct Desk<'a> {
    pub scene: &'a Scene,
    pub office: &'a Office,
    /// The office clock.
    pub now: DateTime<Utc>,
    /// The office's day.
    pub today: NaiveDate,
    pub arrival: &'a Arrival,
}

/// How a message has come to us; the default where nobody has said anything.
#[derive(Default)]
pub struct Arrival {
    pub place: Option<Place>,
    /// When it was typed, by the office clock.
    pub typed_at: Option<DateTime<Utc>>,
    /// None where the answer is read from a history, which keeps no secret.
    pub secrets: Option<Secrets>,
}

/// Drawn for this message alone, and used where it asks for one. Not shown by
/// accident: there is no `Debug`.
pub struct Secrets {
    pub join_code: Secret,
    /// Of a link to the page.
    pub token: Secret,
}

/// A longer text than is read: nothing of it is kept.
pub fn too_long() -> Decision {
    tell(Phrase::TooLong {
        max: super::message::WORDS_MAX,
    })
}

/// Somebody else was faster, again and again.
pub fn race_lost() -> Decision {
    tell(Phrase::RaceLost)
}

/// The code is not free; whose it is, nobody is told.
pub fn cannot_register() -> Decision {
    tell(Phrase::CannotRegister)
}

/// A line that logs each of several households on its own, as so many lines, in
/// their order; anything else as it is.
pub fn apart(heard: Heard) -> Vec<Heard> {
    match heard {
        Heard::Line(mut first) if !first.others.is_empty() => {
            let others = std::mem::take(&mut first.others);
            first.households.truncate(1);
            std::iter::once(*first)
                .chain(others)
                .map(|line| Heard::Line(Box::new(line)))
                .collect()
        }
        heard => vec![heard],
    }
}

/// What must be gathered before it can be decided.
pub fn wanted(heard: &Heard, from: Account, place: Place, today: NaiveDate) -> Wanted {
    let subject = match heard {
        Heard::Line(meaning) => match (&meaning.intent, meaning.households.first()) {
            (Intent::Undo, None) => Some(Subject::NewestSave),
            (Intent::Log, None) if meaning.corrects => Some(Subject::NewestSave),
            (_, Some(code)) => Some(Subject::Code(code.clone())),
            (_, None) => None,
        },
        Heard::Code(code) => Some(Subject::Code(code.clone())),
        Heard::Press(action) => subject_of(action),
        Heard::Form(Action::OtherHousehold, value) => {
            super::reading::household(value).map(Subject::Code)
        }
        Heard::Form(action, _) => subject_of(action),
        Heard::Edited(of) => Some(Subject::SaidAs(of.clone())),
        Heard::Setup(_) | Heard::Forged | Heard::Unreadable => None,
    };
    Wanted {
        from,
        place,
        today,
        subject,
        undoes: matches!(heard, Heard::Line(meaning) if meaning.intent == Intent::Undo),
        list: None,
        key: None,
    }
}

fn subject_of(action: &Action) -> Option<Subject> {
    use Action::*;
    match action {
        Undo(save) => Some(Subject::Save(*save)),
        Redate(id)
        | PutOff(id, _)
        | OnDay(id, _)
        | OtherDay(id)
        | Because(id, _)
        | Record(id)
        | RecordKind(id, _)
        | RecordAs(id, ..)
        | Take(id)
        | Consult(id)
        | ConsultFor(id, _)
        | AskNurse(id) => Some(Subject::CheckIn(*id)),
        Correct(id) | SetKind(id, _) | SetOutcome(id, _) | SetSigns(id, _) => {
            Some(Subject::Contact(*id))
        }
        ThisHousehold(code, _)
        | Register(code)
        | RegisterKnownBy(code, _)
        | PauseFor(code, ..)
        | CloseFor(code, _)
        | ClassFor(code, _)
        | Open(code)
        | Course(code, _)
        | Reassign(code)
        | AssignTo(code, _) => Some(Subject::Code(code.clone())),
        ConfirmAlarm(id) => Some(Subject::Alarm(*id)),
        Accept(id) | Decline(id) => Some(Subject::Request(*id)),
        OtherHousehold | Never | Upcoming(_) | Overdue(_) | CoverBy(..) | CoverFor(..)
        | HandOver(..) | CancelLeave(_) | UseRoom(_) | Invite(_) | RouteFirst(_) | Help => None,
    }
}

/// The list that the message asks for, once the sender is known.
pub fn listing(heard: &Heard, scene: &Scene, today: NaiveDate) -> Option<List> {
    match heard {
        Heard::Line(meaning) => match &meaning.intent {
            Intent::Overdue => Some(lists::overdue(scene, None)),
            Intent::Upcoming(span) if meaning.households.is_empty() => {
                Some(lists::coming(scene, *span, today))
            }
            Intent::Show { brief: false } if scene.file.is_some() => {
                Some(List::Course { before: None })
            }
            Intent::Leave { from, to, .. } | Intent::Cover { from, to, .. } => {
                Some(people::affected(scene, *from, *to))
            }
            intent => staff::query(intent, scene, today).map(List::Staff),
        },
        Heard::Press(Action::Overdue(after)) => Some(lists::overdue(scene, *after)),
        Heard::Press(Action::Upcoming(span)) => Some(lists::coming(scene, *span, today)),
        Heard::Press(Action::Course(_, before)) => Some(List::Course { before: *before }),
        Heard::Press(Action::CoverBy(_, from, to) | Action::CoverFor(_, _, from, to)) => {
            Some(people::affected(scene, *from, *to))
        }
        Heard::Press(Action::HandOver(person, _)) => Some(List::Staff(Query::Holds {
            person: *person,
            from: today,
        })),
        Heard::Press(Action::RouteFirst(_)) => Some(List::Staff(Query::Routes)),
        _ => None,
    }
}

/// Decides.
pub fn decide(heard: &Heard, desk: &Desk) -> Decision {
    if chat::is_overheard(heard, desk) {
        return Decision::default();
    }
    if let Some(decision) = level::instead(heard, desk) {
        return decision;
    }
    let mut decision = decided(heard, desk);
    note_what_is_theirs(&mut decision, desk);
    if decision.aloud.is_none() {
        decision.aloud = chat::acknowledged(&decision, desk);
    }
    decision
}

fn decided(heard: &Heard, desk: &Desk) -> Decision {
    match heard {
        Heard::Line(meaning) => line(meaning, desk),
        Heard::Code(code) => log::named(code, desk),
        Heard::Press(action) => {
            let mut decision = press(action, desk);
            decision.echo.get_or_insert_with(|| echo::of_press(action));
            decision
        }
        Heard::Form(action, value) => form(action, value, desk),
        Heard::Edited(_) => chat::edited(desk),
        Heard::Setup(readers) => chat::set_up(*readers, desk),
        Heard::Forged => refuse(Phrase::NoSuchButton, None),
        Heard::Unreadable => tell(Phrase::WordsOnly),
    }
}

fn line(meaning: &Meaning, desk: &Desk) -> Decision {
    if !days_of(&meaning.intent)
        .iter()
        .all(|day| desk.is_near(*day))
    {
        return tell(Phrase::NotADay);
    }
    let meaning = &with_a_near_date(meaning, desk);
    let code = meaning.households.first();
    let mut decision = match &meaning.intent {
        Intent::Chatter => return unread::answer(meaning, desk),
        Intent::Log if meaning.corrects => correct::line(meaning, desk),
        Intent::Log => log::line(meaning, desk),
        Intent::Overdue => lists::say_overdue(desk),
        Intent::Upcoming(_) if code.is_some() => course::brief(code, desk),
        Intent::Upcoming(span) => lists::say_coming(*span, desk),
        Intent::Show { brief: true } => course::brief(code, desk),
        Intent::Show { brief: false } => course::full(code, desk),
        Intent::Undo => undo::newest(desk),
        Intent::Pause(reason) => states::pause(code, *reason, meaning, desk),
        Intent::Resume => states::resume(code, meaning, desk),
        Intent::Watch => states::watch(code, desk),
        Intent::Close(reason) => states::close(code, *reason, desk),
        Intent::Transfer => states::transfer(code, desk),
        Intent::Received => states::received(code, desk),
        Intent::Reopen => states::reopen(code, meaning, desk),
        Intent::Assign { main, second } => {
            people::assign(code, main.as_deref(), second.as_deref(), desk)
        }
        Intent::Add { known_by, known_on } => states::add(code, *known_by, *known_on, desk),
        Intent::SetClass(Some(class)) => states::set_class(code, Some(*class), desk),
        Intent::SetClass(None) => states::ask_class(code, desk),
        Intent::ClearClass => states::set_class(code, None, desk),
        Intent::SetFlags { add, remove } => states::set_flags(code, (add, remove), desk),
        Intent::NotBefore(day) => states::not_before(code, *day, desk),
        Intent::Leave {
            who,
            from,
            to,
            cover,
        } => people::leave((who.as_deref(), cover.as_deref()), (*from, *to), desk),
        Intent::Cover {
            who,
            cover,
            from,
            to,
        } => people::cover((who.as_deref(), cover.as_deref()), (*from, *to), desk),
        Intent::Language(language) => people::language(*language, desk),
        Intent::Invite { who } => staff::invite(who.as_deref(), meaning.is_call, desk),
        Intent::AddStaff { name, role } => staff::add(name.as_deref(), *role, desk),
        Intent::Staff => staff::list(desk),
        Intent::LetGo { who, last_day } => {
            staff::let_go((who.as_deref(), meaning.is_call), *last_day, desk)
        }
        Intent::Page => staff::page(desk),
        Intent::Notify(Some(platform)) => chat::route_first(*platform, desk),
        Intent::Notify(None) => chat::ask_route(desk),
        Intent::Morning(at) => rhythm::morning(*at, desk),
        Intent::WorkingDays { who, days } => rhythm::working_days(who.as_deref(), *days, desk),
        Intent::Help => help(desk),
    };
    if decision.echo.is_none() {
        decision.echo = Some(vec![Piece::Line(Phrase::EchoCommand {
            code: code.cloned(),
            command: echo::command_of(&meaning.intent, meaning.corrects),
        })]);
    }
    if meaning.personal {
        warn_of_personal_data(&mut decision);
    }
    decision
}

fn press(action: &Action, desk: &Desk) -> Decision {
    use Action::*;
    match action {
        Undo(save) => undo::pressed(*save, desk),
        Redate(_) => dates::choices(desk),
        PutOff(_, after) => dates::put_off(*after, desk),
        OnDay(_, day) => dates::on_day(*day, desk),
        OtherDay(id) => dates::ask_day(*id, desk),
        Because(_, reason) => dates::because(*reason, desk),
        Correct(_) => correct::what(desk),
        SetKind(_, kind) => correct::amend(desk, |details| details.kind = Some(*kind)),
        SetOutcome(_, outcome) => correct::amend(desk, |details| details.outcome = Some(*outcome)),
        SetSigns(_, signs) => correct::signs(*signs, desk),
        ThisHousehold(code, asked) => log::confirmed(code, *asked, desk),
        OtherHousehold => log::ask_code(desk),
        Never => say_and_clear(vec![Piece::Line(Phrase::Dropped)]),
        Register(code) => states::ask_route(code, desk),
        RegisterKnownBy(code, route) => states::register(code, *route, desk),
        Record(id) => log::ask_kind(*id, desk),
        RecordKind(id, kind) => log::ask_outcome(*id, *kind, desk),
        RecordAs(_, kind, outcome) => log::from_check_in(*kind, *outcome, desk),
        Take(_) => dates::take(desk),
        Consult(id) => requests::what_help(*id, desk),
        ConsultFor(_, what) => requests::consult(*what, desk),
        AskNurse(_) => requests::ask_nurse(desk),
        ConfirmAlarm(_) => alarms::confirm(desk),
        Accept(_) => requests::answer(true, desk),
        Decline(_) => requests::answer(false, desk),
        PauseFor(code, reason, said) => states::pause_for(code, (*reason, *said), desk),
        CloseFor(code, reason) => states::close(Some(code), Some(*reason), desk),
        ClassFor(code, class) => states::set_class(Some(code), *class, desk),
        Open(code) => course::open(code, desk),
        Course(code, _) => course::full(Some(code), desk),
        Upcoming(span) => lists::say_coming(*span, desk),
        Overdue(_) => lists::say_overdue(desk),
        Reassign(code) => people::ask_nurse(code, desk),
        AssignTo(code, person) => people::assign_to(code, *person, desk),
        CoverBy(person, from, to) => people::cover_by(*person, (*from, *to), desk),
        CoverFor(person, cover, from, to) => people::cover_for(*person, *cover, (*from, *to), desk),
        HandOver(from, to) => staff::hand_over(*from, *to, desk),
        CancelLeave(id) => people::cancel_leave(*id, desk),
        UseRoom(asked) => chat::use_room(*asked, desk),
        Invite(person) => staff::invite_person(*person, desk),
        RouteFirst(platform) => chat::route_first(*platform, desk),
        Help => help(desk),
    }
}

fn form(action: &Action, value: &str, desk: &Desk) -> Decision {
    match action {
        Action::OtherDay(_) => match value.trim().parse() {
            Ok(day) if desk.is_near(day) => {
                let mut decision = dates::on_day(day, desk);
                decision.echo = Some(vec![Piece::Line(Phrase::EchoPress(Label::Day(day)))]);
                decision
            }
            Ok(_) | Err(_) => tell(Phrase::NotADay),
        },
        Action::OtherHousehold => match super::reading::household(value) {
            Some(code) => log::named(&code, desk),
            None => log::ask_code(desk),
        },
        other => {
            let mut decision = press(other, desk);
            decision.echo.get_or_insert_with(|| echo::of_press(other));
            decision
        }
    }
}

/// The days that a command names.
fn days_of(intent: &Intent) -> Vec<NaiveDate> {
    match intent {
        Intent::Leave { from, to, .. } | Intent::Cover { from, to, .. } => vec![*from, *to],
        Intent::NotBefore(Some(day)) => vec![*day],
        Intent::LetGo { last_day, .. } => last_day.iter().copied().collect(),
        Intent::Add { known_on, .. } => known_on.iter().copied().collect(),
        _ => Vec::new(),
    }
}

/// A date that cannot be meant is asked for.
fn with_a_near_date(meaning: &Meaning, desk: &Desk) -> Meaning {
    let mut meaning = meaning.clone();
    if let Due::Said(said) = &meaning.due
        && !desk.is_near(said.due_by)
    {
        meaning.due = Due::Unclear(UnclearDate::Vague);
    }
    meaning
}

/// An alarm that nobody has read holds what would end or move its check-in.
fn alarm_first(file: &File, desk: &Desk) -> Decision {
    let code = file.household.code.clone();
    let read = |alarm: &crate::domain::alarm::Alarm| {
        choice(Label::AlarmRead, Action::ConfirmAlarm(alarm.id))
    };
    let mut pieces = vec![Piece::Line(Phrase::AlarmFirst { code })];
    if desk.leads() {
        pieces.push(Piece::Choices(file.alarms.iter().map(read).collect()));
    }
    say(pieces)
}

/// What can be said to us; of the staff to those who may change it.
fn help(desk: &Desk) -> Decision {
    let oversees = desk.scene.sender.role.oversees();
    say(HelpLine::VARIANTS
        .iter()
        .filter(|line| oversees || **line != HelpLine::Staff)
        .map(|line| Piece::Line(Phrase::Help(*line)))
        .collect())
}

/// Words alone; nothing changes.
fn say(pieces: Vec<Piece>) -> Decision {
    Decision {
        say: Some(pieces),
        ..Decision::default()
    }
}

/// One sentence alone.
fn tell(phrase: Phrase) -> Decision {
    say(vec![Piece::Line(phrase)])
}

/// The open question ends.
fn say_and_clear(pieces: Vec<Piece>) -> Decision {
    Decision {
        say: Some(pieces),
        dialogue: DialogueChange::Clear,
        ..Decision::default()
    }
}

/// Refused for want of rights: kindly, and with a line in the journal.
fn refuse(phrase: Phrase, code: Option<&Code>) -> Decision {
    Decision {
        say: Some(vec![Piece::Line(phrase)]),
        journal: vec![refused(code)],
        ..Decision::default()
    }
}

fn refused(code: Option<&Code>) -> JournalEntry {
    JournalEntry {
        what: Deed::Refused,
        detail: code.map(Code::to_string).unwrap_or_default(),
    }
}

/// Whoever reaches for another team's household finds nothing, and the journal
/// has it.
fn note_what_is_theirs(decision: &mut Decision, desk: &Desk) {
    if let (Pressed::Theirs(code), Some(_)) = (&desk.scene.pressed, &decision.say) {
        decision.journal.push(refused(code.as_ref()));
    }
}

fn warn_of_personal_data(decision: &mut Decision) {
    decision
        .say
        .get_or_insert_default()
        .push(Piece::Quiet(Phrase::PersonalDataSeen));
    decision.journal.push(JournalEntry {
        what: Deed::PersonalData,
        detail: String::new(),
    });
}

/// How a check-in's terms are told.
pub(super) fn told(terms: &NewCheckIn) -> Next {
    Next {
        purpose: terms.purpose,
        window: terms.window,
        plan: terms.plan.clone(),
        pace: terms.pace,
    }
}

/// A button.
pub(super) fn choice(label: Label, action: Action) -> Choice {
    Choice::new(label, action)
}
