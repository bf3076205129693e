//! A log line finds its household: named, asked for, confirmed or registered.
use super::{
    Desk, choice, dates,
    record::{self, Entry, Heed},
    say, tell, telling, warn_of_personal_data,
};
use crate::{
    conversation::{
        action::Action,
        decision::{Decision, DialogueChange, HouseholdChange},
        dialogue::{Draft, Question},
        meaning::{Due, Meaning, UnclearDate},
        phrase::{ChatLine, Label, Phrase},
        piece::{Choice, Piece},
        scene::{Brief, File, Pressed},
    },
    domain::{
        CheckInId,
        contact::{Details, Kind, Left, Outcome, Whom},
        household::Code,
    },
};
use chrono::TimeDelta;
use strum::VariantArray;

/// Nobody makes the same contact twice within it.
const DOUBLE_PRESS: TimeDelta = TimeDelta::minutes(2);

/// A log line as it comes in.
pub fn line(meaning: &Meaning, desk: &Desk) -> Decision {
    let draft = as_of_today(&Draft::of(meaning, desk.today), desk);
    let mut decision = match meaning.households.as_slice() {
        [] => which(draft, desk),
        [code] => match &desk.scene.file {
            None => waiting(not_registered(code, desk), draft),
            Some(file) => known(draft, Heed::of(meaning), file, desk),
        },
        [..] => which_of_two(draft, &meaning.households, desk),
    };
    if let Some(typed_at) = desk.typed_long_ago().filter(|_| decision.change.is_some()) {
        let heading = Piece::Quiet(Phrase::Chat(ChatLine::TypedAt { at: typed_at }));
        decision.say.get_or_insert_default().insert(0, heading);
    }
    if meaning.contact.danger && decision.change.is_none() {
        // Nobody can be told before the household is known; the writer can call.
        let said = decision.say.take().unwrap_or_default();
        let first = telling::danger_lines(desk, false);
        decision.say = Some(first.into_iter().chain(said).collect());
    }
    decision.echo = Some(echo_of(meaning, desk));
    decision
}

fn echo_of(log: &Meaning, desk: &Desk) -> Vec<Piece> {
    vec![Piece::Line(Phrase::EchoContact {
        code: log.households.first().cloned(),
        contacts: record::contacts_of(&Draft::of(log, desk.today), desk.today),
        due: match &log.due {
            Due::Said(said) => Some(said.on),
            Due::Unsaid | Due::Unclear(_) => None,
        },
    })]
}

/// Chatter that may have been a log, said where nobody else reads it and logging is
/// allowed: it is asked about, once, and waits like a line without a household.
pub fn in_doubt(chatter: &Meaning, desk: &Desk) -> Decision {
    let Some(log) = chatter.doubtful.as_deref() else {
        return Decision::default();
    };
    let draft = Draft::of(log, desk.today);
    let question = Phrase::WasItALog {
        code: log.households.first().cloned(),
        contacts: record::contacts_of(&draft, desk.today),
    };
    let choices = match log.households.as_slice() {
        [] => households_to_choose(desk),
        [code] => vec![
            choice(Label::YesLog, desk.this_household(code)),
            choice(Label::Never, Action::Never),
        ],
        [..] => one_of(&log.households, desk),
    };
    let asked = say(vec![Piece::Line(question), Piece::Choices(choices)]);
    let mut decision = waiting(asked, draft);
    decision.echo = Some(echo_of(log, desk));
    if log.personal {
        warn_of_personal_data(&mut decision);
    }
    decision
}

fn known(draft: Draft, heed: Heed, file: &File, desk: &Desk) -> Decision {
    let urgent = draft.contact.danger;
    let reopens = !file.household.facts.state.is_open();
    if reopens && !urgent {
        return waiting(closed(file, desk), draft);
    }
    if !urgent && !desk.may_act_on(file) {
        return waiting(is_it_this(file, desk), draft);
    }
    let mut change = desk.change(file);
    if reopens {
        super::states::open_again(&mut change.facts, desk);
    }
    let entry = Entry {
        draft: &draft,
        code: &file.household.code,
        file: Some(file),
        heed,
    };
    let mut decision = record::record(&entry, change, desk);
    if reopens {
        // Danger is not held up by a question; what was done is said after it.
        let code = file.household.code.clone();
        let reopened = Piece::Line(Phrase::Reopened { code });
        decision.say.get_or_insert_default().push(reopened);
    }
    decision
}

/// A code alone: the household of the line that waits, if one was asked for
/// today, or a moment before midnight; else it is not for us.
pub fn named(code: &Code, desk: &Desk) -> Decision {
    let dialogue = desk.scene.dialogue.as_ref();
    let is_recent = dialogue.is_some_and(|now| dates::is_recent(now, desk.now));
    let may_answer = |draft: &&Draft| draft.typed_on == desk.today || is_recent;
    let Some(draft) = waiting_draft(desk).filter(may_answer) else {
        return Decision::default();
    };
    let mut decision = match &desk.scene.file {
        Some(file) => known(draft.clone(), Heed::default(), file, desk),
        None => waiting(not_registered(code, desk), draft.clone()),
    };
    decision.echo = Some(vec![Piece::Line(Phrase::Code(code.clone()))]);
    decision
}

/// The household of the line that waits, chosen or confirmed by a button.
pub fn confirmed(code: &Code, asked: i64, desk: &Desk) -> Decision {
    let dialogue = desk.scene.dialogue.as_ref();
    let is_this_question = dialogue.is_some_and(|now| now.asked_at.timestamp() == asked);
    let Some(draft) = waiting_draft(desk).filter(|_| is_this_question) else {
        return tell(Phrase::QuestionOver);
    };
    let draft = &as_of_today(draft, desk);
    let Some(file) = &desk.scene.file else {
        return waiting(not_registered(code, desk), draft.clone());
    };
    let mut change = desk.change(file);
    let entry = Entry {
        draft,
        code: &file.household.code,
        file: Some(file),
        heed: Heed::default(),
    };
    let reopens = !file.household.facts.state.is_open();
    if reopens {
        super::states::open_again(&mut change.facts, desk);
    }
    let mut decision = record::record(&entry, change, desk);
    decision.dialogue = DialogueChange::Clear;
    if reopens {
        let first = Piece::Line(Phrase::Reopened {
            code: file.household.code.clone(),
        });
        decision.say.get_or_insert_default().insert(0, first);
    }
    decision
}

/// A line that has waited: a date that has passed meanwhile is asked again.
fn as_of_today(draft: &Draft, desk: &Desk) -> Draft {
    let mut draft = draft.clone();
    if let Due::Said(said) = &draft.due
        && said.due_by < desk.today
    {
        draft.due = Due::Unclear(UnclearDate::Past(said.on));
    }
    draft
}

/// The line that waits is recorded together with the registration.
pub fn with_registration(
    draft: &Draft,
    code: &Code,
    change: HouseholdChange,
    desk: &Desk,
) -> Decision {
    let draft = &as_of_today(draft, desk);
    let entry = Entry {
        draft,
        code,
        file: None,
        heed: Heed::default(),
    };
    let mut decision = record::record(&entry, change, desk);
    decision.dialogue = DialogueChange::Clear;
    decision
}

/// ほか: the code is sent next, or filled in. The question stays the same.
pub fn ask_code(desk: &Desk) -> Decision {
    if waiting_draft(desk).is_none() {
        return tell(Phrase::QuestionOver);
    }
    say(vec![Piece::CodeForm {
        action: Action::OtherHousehold,
        label: Phrase::WhichCode,
    }])
}

/// The line that waits for its household.
pub fn waiting_draft<'a>(desk: &'a Desk) -> Option<&'a Draft> {
    match &desk.scene.dialogue.as_ref()?.question {
        Question::Household(draft) => Some(draft),
        Question::Day(_) | Question::Room { .. } => None,
    }
}

impl Desk<'_> {
    /// Answers the question that is asked now.
    fn this_household(&self, code: &Code) -> Action {
        Action::ThisHousehold(code.clone(), self.now.timestamp())
    }
}

/// Which household is the line for?
pub fn which(draft: Draft, desk: &Desk) -> Decision {
    waiting(
        say(vec![
            Piece::Line(Phrase::WhichHousehold),
            Piece::Choices(households_to_choose(desk)),
        ]),
        draft,
    )
}

fn households_to_choose(desk: &Desk) -> Vec<Choice> {
    let mut choices: Vec<Choice> = desk
        .scene
        .suggestions
        .iter()
        .map(|brief| suggestion(brief, desk))
        .collect();
    choices.push(choice(Label::OtherOne, Action::OtherHousehold));
    choices.push(choice(Label::Never, Action::Never));
    choices
}

fn which_of_two(draft: Draft, codes: &[Code], desk: &Desk) -> Decision {
    let choices = one_of(codes, desk);
    let question = Phrase::WhichOfTwo {
        codes: codes.to_vec(),
    };
    waiting(
        say(vec![Piece::Line(question), Piece::Choices(choices)]),
        draft,
    )
}

fn one_of(codes: &[Code], desk: &Desk) -> Vec<Choice> {
    let mut choices: Vec<Choice> = codes
        .iter()
        .take(4)
        .map(|code| choice(Label::Code(code.clone()), desk.this_household(code)))
        .collect();
    choices.push(choice(Label::Never, Action::Never));
    choices
}

fn is_it_this(file: &File, desk: &Desk) -> Decision {
    let code = file.household.code.clone();
    let nurse = file.household.facts.main.and_then(|main| desk.name(main));
    let mut choices = vec![choice(Label::YesLog, desk.this_household(&code))];
    choices.extend(
        desk.scene
            .suggestions
            .iter()
            .filter(|brief| brief.household.code != code)
            .take(2)
            .map(|brief| suggestion(brief, desk)),
    );
    choices.push(choice(Label::Never, Action::Never));
    say(vec![
        Piece::Line(Phrase::IsItThis { code, nurse }),
        Piece::Choices(choices),
    ])
}

fn closed(file: &File, desk: &Desk) -> Decision {
    let code = file.household.code.clone();
    let question = Phrase::ClosedHousehold {
        code: code.clone(),
        state: file.household.facts.state,
    };
    say(vec![
        Piece::Line(question),
        Piece::Choices(vec![
            choice(Label::ReopenAndLog, desk.this_household(&code)),
            choice(Label::Never, Action::Never),
        ]),
    ])
}

/// There is no such household to look at: what may have been meant.
pub fn unknown(code: &Code, desk: &Desk) -> Decision {
    let near = desk
        .scene
        .suggestions
        .iter()
        .take(3)
        .map(|brief| {
            let code = brief.household.code.clone();
            choice(Label::Code(code.clone()), Action::Open(code))
        })
        .collect();
    say(vec![
        Piece::Line(Phrase::NotRegistered { code: code.clone() }),
        Piece::Choices(near),
    ])
}

/// There is no such household: what may have been meant, or a new one.
fn not_registered(code: &Code, desk: &Desk) -> Decision {
    let mut choices: Vec<Choice> = desk
        .scene
        .suggestions
        .iter()
        .take(3)
        .map(|brief| suggestion(brief, desk))
        .collect();
    choices.push(choice(Label::Register, Action::Register(code.clone())));
    choices.push(choice(Label::Never, Action::Never));
    say(vec![
        Piece::Line(Phrase::NotRegistered { code: code.clone() }),
        Piece::Choices(choices),
    ])
}

fn waiting(decision: Decision, draft: Draft) -> Decision {
    Decision {
        dialogue: DialogueChange::Ask(Question::Household(Box::new(draft))),
        ..decision
    }
}

fn suggestion(brief: &Brief, desk: &Desk) -> Choice {
    let code = brief.household.code.clone();
    let last = brief
        .last
        .as_ref()
        .map(|contact| (contact.details.on, contact.details.kind));
    choice(
        Label::Household {
            code: code.clone(),
            last,
        },
        desk.this_household(&code),
    )
}

/// 記録する: what was done?
pub fn ask_kind(id: CheckInId, desk: &Desk) -> Decision {
    let (file, _) = match dates::open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    let code = file.household.code.clone();
    say(vec![
        Piece::Line(Phrase::WhichKind { code }),
        Piece::Choices(kinds(id)),
    ])
}

/// The buttons that ask for the kind of a contact.
pub fn kinds(id: CheckInId) -> Vec<Choice> {
    Kind::VARIANTS
        .iter()
        .map(|kind| choice(Label::Kind(*kind), Action::RecordKind(id, *kind)))
        .collect()
}

/// How did it go?
pub fn ask_outcome(id: CheckInId, kind: Kind, desk: &Desk) -> Decision {
    let (file, _) = match dates::open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return *decision,
    };
    let question = Phrase::WhichOutcome {
        code: file.household.code.clone(),
        kind: Some(kind),
    };
    let choices = outcomes_of(kind)
        .iter()
        .map(|outcome| {
            choice(
                Label::Outcome(*outcome),
                Action::RecordAs(id, kind, *outcome),
            )
        })
        .collect();
    say(vec![Piece::Line(question), Piece::Choices(choices)])
}

/// The outcomes that a kind can have, the most usual first.
pub fn outcomes_of(kind: Kind) -> &'static [Outcome] {
    use Outcome::*;
    match kind {
        Kind::Visit | Kind::Accompany => &[
            Absent,
            CardLeft,
            Person,
            Family,
            Voice,
            Declined,
            Refused,
            CardReturned,
            Hostile,
            Other,
        ],
        Kind::Call => &[
            NoAnswer,
            MessageLeft,
            Person,
            Family,
            Declined,
            Refused,
            Hostile,
            Other,
        ],
        Kind::Letter => &[Sent, Reply, ReturnedMail],
        Kind::Email => &[Sent, Reply, Other],
        Kind::Office | Kind::Group | Kind::Clinic => {
            &[Person, Family, NoShow, Cancelled, CalledOff, Other]
        }
        Kind::Info => &[Info, Hospitalised, Moved, Missing, Died],
        Kind::Conference | Kind::Agency => &[Info, Linked, Other],
    }
}

/// Kind and outcome by buttons: a contact of today.
pub fn from_check_in(kind: Kind, outcome: Outcome, desk: &Desk) -> Decision {
    let mut details = Details::on(desk.today);
    details.kind = Some(kind);
    details.outcome = Some(outcome);
    if outcome == Outcome::CardLeft {
        details.left.push(Left::Card);
    }
    if outcome == Outcome::Person {
        details.whom.push(Whom::Person);
    }
    if let Some(file) = &desk.scene.file
        && let Some(contact) = just_recorded(&details, file, desk)
    {
        return tell(Phrase::RecordedAlready {
            code: file.household.code.clone(),
            contact,
        });
    }
    let (file, _) = match dates::open_in_hand(desk) {
        Ok(found) => found,
        Err(decision) => return not_recorded(*decision, desk),
    };
    let draft = Draft::of_contact(details, desk.today);
    let entry = Entry {
        draft: &draft,
        code: &file.household.code,
        file: Some(file),
        heed: Heed::default(),
    };
    record::record(&entry, desk.change(file), desk)
}

/// Somebody has changed the date meanwhile: the contact that was to be recorded is
/// not, lest it be so twice.
fn not_recorded(mut decision: Decision, desk: &Desk) -> Decision {
    let is_over = matches!(desk.scene.pressed, Pressed::CheckIn { open: false, .. });
    let file = desk
        .scene
        .file
        .as_ref()
        .filter(|file| desk.may_act_on(file));
    if let (true, Some(file)) = (is_over, file) {
        let code = file.household.code.clone();
        let line = Piece::Line(Phrase::Chat(ChatLine::NotRecorded { code }));
        decision.say.get_or_insert_default().push(line);
    }
    decision
}

/// The same by the same person, as newest contact a moment ago: a button that
/// was pressed twice.
fn just_recorded(details: &Details, file: &File, desk: &Desk) -> Option<Details> {
    let newest = file.recent.first()?;
    let is_same = newest.author == desk.sender() && newest.details == *details;
    (is_same && desk.now - newest.recorded_at <= DOUBLE_PRESS).then(|| newest.details.clone())
}
