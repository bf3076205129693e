//! One household: 「前回は？」 in three lines, its course, and its buttons.
use super::{Desk, choice, lists, log, say, told};
use crate::{
    conversation::{
        action::Action,
        decision::Decision,
        message::Mark,
        phrase::{Because, Label, Phrase},
        piece::{Choice, Piece},
        scene::{Brief, File},
    },
    domain::{contact::Contact, household::Code, ladder},
};

/// Contacts a message shows at once; the rest by 次へ.
pub const CONTACTS_MAX: usize = 10;

/// 「前回は？」 in the car: last time, before that, next time and what to mind.
pub fn brief(code: Option<&Code>, desk: &Desk) -> Decision {
    let file = match desk.file(code) {
        Ok(file) => file,
        Err(decision) => return *decision,
    };
    let mut pieces = vec![Piece::Heading(title(file))];
    match file.recent.first() {
        Some(contact) => pieces.push(Piece::Line(Phrase::LastTime(contact.clone()))),
        None => pieces.push(Piece::Line(Phrase::NeverYet)),
    }
    pieces.extend(
        file.recent
            .get(1)
            .map(|contact| Piece::Line(Phrase::BeforeThat(contact.clone()))),
    );
    pieces.extend(next_line(file));
    pieces.extend(to_mind(file, desk).into_iter().map(Piece::Line));
    say(pieces)
}

/// The course: the facts, and the contacts newest first.
pub fn full(code: Option<&Code>, desk: &Desk) -> Decision {
    let file = match desk.file(code) {
        Ok(file) => file,
        Err(decision) => return *decision,
    };
    let going_on = !desk.scene.course.is_empty()
        && file.recent.first().map(|contact| contact.id)
            != desk.scene.course.first().map(|contact| contact.id);
    let mut pieces = vec![Piece::Heading(title(file))];
    if !going_on {
        pieces.extend(facts(file, desk));
        pieces.extend(next_line(file));
    }
    pieces.extend(contacts(desk));
    let shown = desk.scene.course.iter().take(CONTACTS_MAX).next_back();
    if desk.scene.course.len() > CONTACTS_MAX
        && let Some(last) = shown
    {
        let more = Action::Course(file.household.code.clone(), Some(last.id));
        pieces.push(Piece::Choices(vec![choice(Label::More, more)]));
    }
    say(pieces)
}

/// 開く: the household with what can be done.
pub fn open(code: &Code, desk: &Desk) -> Decision {
    let Some(file) = &desk.scene.file else {
        return log::unknown(code, desk);
    };
    let mut lines: Vec<Phrase> = Vec::new();
    lines.extend(file.check_in.as_ref().map(|check_in| Phrase::PlannedFor {
        next: told(&check_in.terms),
    }));
    lines.push(Phrase::Attempts {
        recent: file.recent.iter().take(3).cloned().collect(),
    });
    lines.push(Phrase::CardsLeft {
        cards: file.counts.cards,
    });
    lines.extend(to_mind(file, desk));
    if file.check_in.is_none() {
        return say(vec![Piece::Card {
            title: title(file),
            mark: Mark::Plain,
            lines,
            choices: Vec::new(),
        }]);
    }
    let mark = lists::mark(&brief_of(file), desk.today);
    say(vec![Piece::Card {
        title: title(file),
        mark,
        lines,
        choices: buttons(file, desk),
    }])
}

/// The page of a household, for a wide place.
pub fn sheet(desk: &Desk) -> Vec<Piece> {
    let Some(file) = &desk.scene.file else {
        return Vec::new();
    };
    let mut pieces = vec![Piece::Heading(title(file))];
    pieces.extend(facts(file, desk));
    pieces.extend(next_line(file));
    pieces.extend(to_mind(file, desk).into_iter().map(Piece::Strong));
    pieces.extend(
        file.requests
            .iter()
            .map(|request| Piece::Quiet(Phrase::WaitsFor(request.wish))),
    );
    pieces.push(Piece::Choices(buttons(file, desk)));
    pieces.push(Piece::Heading(Phrase::Course));
    if desk.scene.course.is_empty() {
        pieces.push(Piece::Line(Phrase::NeverYet));
    }
    pieces.extend(
        desk.scene
            .course
            .iter()
            .map(|contact| Piece::Line(contact_line(contact, desk))),
    );
    pieces
}

fn title(file: &File) -> Phrase {
    Phrase::SheetTitle {
        code: file.household.code.clone(),
        state: file.household.facts.state,
    }
}

fn facts(file: &File, desk: &Desk) -> Vec<Piece> {
    let facts = &file.household.facts;
    let mut lines = vec![
        Piece::Line(Phrase::Nurses {
            main: facts.main.and_then(|main| desk.name(main)),
            second: facts.second.and_then(|second| desk.name(second)),
        }),
        Piece::Line(Phrase::KnownBy {
            route: facts.known_by,
            on: facts.known_on,
        }),
    ];
    lines.extend(facts.class.map(|class| Piece::Line(Phrase::ClassIs(class))));
    lines.push(Piece::Line(Phrase::Counts {
        contacts: file.counts.contacts,
        cards: file.counts.cards,
        letters: file.counts.letters,
    }));
    lines
}

fn next_line(file: &File) -> Option<Piece> {
    file.check_in
        .as_ref()
        .map(|check_in| Piece::Line(Phrase::Next(told(&check_in.terms), Because::Said)))
}

fn contacts(desk: &Desk) -> Vec<Piece> {
    if desk.scene.course.is_empty() {
        return vec![Piece::Line(Phrase::NeverYet)];
    }
    desk.scene
        .course
        .iter()
        .take(CONTACTS_MAX)
        .map(|contact| Piece::Line(contact_line(contact, desk)))
        .collect()
}

fn contact_line(contact: &Contact, desk: &Desk) -> Phrase {
    Phrase::ContactLine {
        contact: contact.clone(),
        author: desk.name(contact.author).unwrap_or_default(),
    }
}

/// Flags and the time to leave the household in peace.
pub fn to_mind(file: &File, desk: &Desk) -> Vec<Phrase> {
    let facts = &file.household.facts;
    let mut lines = Vec::new();
    if !facts.flags.is_empty() {
        lines.push(Phrase::FlagsToMind(facts.flags.clone()));
    }
    if let Some(day) = facts.not_before.filter(|day| *day > desk.today) {
        lines.push(Phrase::NoContactUntil { day });
    }
    if was_hostile(file, desk) {
        lines.push(Phrase::TwoTogether);
    }
    lines
}

/// Shouted at within the time in which it is to be left in peace, or as the
/// newest contact: the next visit is made by two, and the supervisor knows.
pub fn was_hostile(file: &File, desk: &Desk) -> bool {
    use crate::domain::contact::Outcome;
    let resting = file
        .household
        .facts
        .not_before
        .is_some_and(|day| day > desk.today);
    let mut hostile = file
        .recent
        .iter()
        .map(|contact| contact.details.outcome == Some(Outcome::Hostile));
    hostile.next().unwrap_or(false) || (resting && hostile.any(|was| was))
}

/// What can be done with a household whose check-in stands.
pub fn buttons(file: &File, desk: &Desk) -> Vec<Choice> {
    let code = file.household.code.clone();
    let Some(check_in) = &file.check_in else {
        return Vec::new();
    };
    if !desk.may_act_on(file) {
        return vec![choice(Label::Course, Action::Course(code, None))];
    }
    let mut buttons = vec![choice(Label::Record, Action::Record(check_in.id))];
    let due = check_in.terms.window.on <= desk.today;
    if due && ladder::may_take(check_in) && !desk.leads() {
        buttons.push(choice(Label::Take, Action::Take(check_in.id)));
    }
    buttons.push(choice(Label::PutOff, Action::Redate(check_in.id)));
    if desk.leads() {
        buttons.push(choice(Label::Reassign, Action::Reassign(code.clone())));
    } else {
        buttons.push(choice(Label::Consult, Action::Consult(check_in.id)));
    }
    buttons.push(choice(Label::Course, Action::Course(code, None)));
    buttons
}

/// A file as a row of a list.
pub fn brief_of(file: &File) -> Brief {
    Brief {
        household: file.household.clone(),
        check_in: file.check_in.clone(),
        last: file.recent.first().cloned(),
        alarm: !file.alarms.is_empty(),
    }
}
