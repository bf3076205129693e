//! Assigning, leave and cover, and the language of an answer.
use super::{Desk, choice, refuse, say, states::or_say, tell};
use crate::{
    conversation::{
        action::Action,
        decision::{Decision, Deed, JournalEntry, MADE, OfficeChange, Recipient},
        notice::Notice,
        phrase::{Label, Phrase},
        piece::Piece,
        scene::{File, List, Scene, Share},
    },
    domain::{
        LeaveId, PersonId,
        household::Code,
        people::{Language, Person, Role},
    },
};
use chrono::NaiveDate;

/// 担当を○○へ: those who lead assign; a household without a nurse may be taken.
pub fn assign(
    code: Option<&Code>,
    main: Option<&str>,
    second: Option<&str>,
    desk: &Desk,
) -> Decision {
    let file = or_say!(desk.file(code));
    match (colleague(main, desk), colleague(second, desk)) {
        (Ok(None), Ok(None)) => ask_nurse(&file.household.code, desk),
        (Ok(main), Ok(second)) => assigned(main, second, file, desk),
        (Err(unknown), _) => ask_another_nurse(*unknown, &file.household.code, desk),
        (_, Err(unknown)) => *unknown,
    }
}

/// One of the colleagues, chosen by a button.
pub fn assign_to(code: &Code, person: PersonId, desk: &Desk) -> Decision {
    let file = or_say!(desk.file(Some(code)));
    match desk
        .scene
        .roster
        .person(person)
        .filter(|person| person.is_staff_on(desk.today))
    {
        Some(person) => assigned(Some(person), None, file, desk),
        None => ask_nurse(code, desk),
    }
}

/// The name is nobody's: those who lead choose one of the team.
fn ask_another_nurse(unknown: Decision, code: &Code, desk: &Desk) -> Decision {
    let choices = desk.leads().then(|| ask_nurse(code, desk).say).flatten();
    let pieces = unknown.say.into_iter().chain(choices).flatten();
    say(pieces.collect())
}

/// Who shall it be? Neither the one who has it nor one whose last day is known;
/// where no other nurse is left, the rest of the team.
pub fn ask_nurse(code: &Code, desk: &Desk) -> Decision {
    let now = desk.scene.file.as_ref();
    let main = now.and_then(|file| file.household.facts.main);
    let people = &desk.scene.roster.people;
    let free: Vec<&Person> = people
        .iter()
        .filter(|person| person.left_on.is_none() && Some(person.id) != main)
        .collect();
    let (nurses, others): (Vec<&Person>, Vec<&Person>) = free
        .into_iter()
        .partition(|person| person.role == Role::Nurse);
    let offered = if nurses.is_empty() { others } else { nurses };
    let choices = offered
        .into_iter()
        .map(|person| {
            choice(
                Label::Person(person.name.clone()),
                Action::AssignTo(code.clone(), person.id),
            )
        })
        .collect();
    say(vec![
        Piece::Line(Phrase::WhichNurse { code: code.clone() }),
        Piece::Choices(choices),
    ])
}

fn assigned(main: Option<&Person>, second: Option<&Person>, file: &File, desk: &Desk) -> Decision {
    let code = file.household.code.clone();
    let after = main.map(|person| person.id).or(file.household.facts.main);
    let second = match second {
        Some(second) if Some(second.id) == after && main.is_none() => {
            return already_main(second, file, desk);
        }
        second => second.filter(|second| Some(second.id) != after),
    };
    let takes_a_free_one = file.household.facts.main.is_none()
        && main.is_some_and(|person| person.id == desk.sender());
    if !desk.leads() && desk.scene.sender.role != Role::Admin && !takes_a_free_one {
        return refuse(Phrase::LeadsOnly, Some(&code));
    }
    let mut change = desk.change(file);
    let mut pieces = Vec::new();
    let mut decision = Decision::default();
    for (person, is_main) in [(main, true), (second, false)] {
        let Some(person) = person else { continue };
        let slot = if is_main {
            &mut change.facts.main
        } else {
            &mut change.facts.second
        };
        let former = slot.replace(person.id);
        if let Some(former) = former.filter(|former| *former != person.id) {
            let notice = Notice::HandedOn {
                code: code.clone(),
                by: desk.sender(),
                to: person.id,
                main: is_main,
            };
            tell_unless_sender(&mut decision, former, notice, desk);
        }
        pieces.push(Piece::Line(Phrase::Assigned {
            code: code.clone(),
            name: person.name.clone(),
            main: is_main,
        }));
        let notice = Notice::Entrusted {
            code: code.clone(),
            by: desk.sender(),
            main: is_main,
            check_in: file.check_in.as_ref().map(|check_in| check_in.id),
            window: file.check_in.as_ref().map(|check_in| check_in.terms.window),
        };
        tell_unless_sender(&mut decision, person.id, notice, desk);
    }
    if change.facts.second == change.facts.main {
        change.facts.second = None;
    }
    let detail = format!(
        "{:?} {:?}",
        main.map(|person| person.id.0),
        second.map(|person| person.id.0)
    );
    let saved = super::states::saved(pieces, change, Deed::Assigned, &detail);
    Decision {
        notices: decision.notices,
        ..saved
    }
}

/// The main nurse cannot be the second as well: who it is stays as it is.
fn already_main(main: &Person, file: &File, desk: &Desk) -> Decision {
    let second = file.household.facts.second;
    tell(Phrase::Nurses {
        main: Some(main.name.clone()),
        second: second.and_then(|second| desk.name(second)),
    })
}

fn tell_unless_sender(decision: &mut Decision, person: PersonId, notice: Notice, desk: &Desk) {
    if person != desk.sender() {
        decision.notices.push((Recipient::Person(person), notice));
    }
}

/// 休み: one's own, or for a colleague by those who lead.
pub fn leave(
    who: (Option<&str>, Option<&str>),
    days: (NaiveDate, NaiveDate),
    desk: &Desk,
) -> Decision {
    let (who, cover) = who;
    let person = or_say!(colleague(who, desk)).unwrap_or(&desk.scene.sender);
    let cover = or_say!(colleague(cover, desk));
    let (from, to) = days;
    if to < from {
        return tell(Phrase::LeaveOrder);
    }
    if person.id != desk.sender() && !desk.leads() {
        return refuse(Phrase::LeadsOnly, None);
    }
    let cover = cover.filter(|cover| cover.id != person.id);
    let name = person.name.clone();
    let cover_name = cover.map(|cover| cover.name.clone());
    let first = if from == desk.today && to == desk.today {
        let appointments: i64 = shares_of(person.id, desk)
            .map(|share| share.appointments)
            .sum();
        let others: i64 = shares_of(person.id, desk).map(|share| share.others).sum();
        Phrase::LeaveToday {
            name,
            appointments,
            others,
            cover: cover_name,
        }
    } else {
        Phrase::LeaveSaved {
            name,
            from,
            to,
            cover: cover_name,
        }
    };
    let mut pieces = vec![Piece::Line(first)];
    if cover.is_none() {
        pieces.extend(ask_to_cover(person.id, days, desk));
    }
    pieces.push(Piece::Choices(vec![choice(
        Label::Undo,
        Action::CancelLeave(LeaveId(MADE)),
    )]));
    let mut decision = say(pieces);
    decision.office.push(OfficeChange::Leave {
        person: person.id,
        from,
        to,
        cover: cover.map(|cover| cover.id),
    });
    decision.journal.push(JournalEntry {
        what: Deed::Leave,
        detail: format!("{} {from} {to}", person.id.0),
    });
    if let Some(cover) = cover {
        decision
            .notices
            .push(covering(person.id, cover.id, days, desk));
    }
    decision
}

/// A leave that was entered by mistake, with all parts into which covers have
/// divided it; whoever was to stand in is told.
pub fn cancel_leave(id: LeaveId, desk: &Desk) -> Decision {
    let leaves = &desk.scene.roster.leaves;
    let Some(leave) = leaves.iter().find(|leave| leave.id == id) else {
        return tell(Phrase::UndoneAlready);
    };
    if leave.person != desk.sender() && !desk.leads() {
        return refuse(Phrase::LeadsOnly, None);
    }
    let parts = || leaves.iter().filter(|part| part.is_entered_with(leave));
    let from = parts()
        .map(|part| part.from)
        .fold(leave.from, NaiveDate::min);
    let to = parts().map(|part| part.to).fold(leave.to, NaiveDate::max);
    let name = desk.name(leave.person).unwrap_or_default();
    let mut decision = tell(Phrase::LeaveCancelled { name, from, to });
    decision.journal.push(JournalEntry {
        what: Deed::Leave,
        detail: format!("{} {from} {to} cancelled", leave.person.0),
    });
    for part in parts() {
        decision.office.push(OfficeChange::CancelLeave(part.id));
        let Some(cover) = part.cover else { continue };
        let notice = Notice::CoverCancelled {
            person: part.person,
            from: part.from,
            to: part.to,
        };
        tell_unless_sender(&mut decision, cover, notice, desk);
    }
    decision
}

/// 代行: who stands in for whom.
pub fn cover(
    who: (Option<&str>, Option<&str>),
    days: (NaiveDate, NaiveDate),
    desk: &Desk,
) -> Decision {
    let (who, cover) = who;
    let person = or_say!(colleague(who, desk)).unwrap_or(&desk.scene.sender);
    let Some(cover) = or_say!(colleague(cover, desk)) else {
        return tell(Phrase::WhoIsMeant);
    };
    set_cover(person, cover, days, desk)
}

/// お願いする: a colleague for the sender, chosen by a button.
pub fn cover_by(person: PersonId, days: (NaiveDate, NaiveDate), desk: &Desk) -> Decision {
    match desk
        .scene
        .roster
        .person(person)
        .filter(|person| person.is_staff_on(desk.today))
    {
        Some(cover) => set_cover(&desk.scene.sender, cover, days, desk),
        None => tell(Phrase::WhoIsMeant),
    }
}

/// お願いする: a colleague for another, by those who lead.
pub fn cover_for(
    person: PersonId,
    cover: PersonId,
    days: (NaiveDate, NaiveDate),
    desk: &Desk,
) -> Decision {
    let staff = |id| {
        let known = desk.scene.roster.person(id);
        known.filter(|person| person.is_staff_on(desk.today))
    };
    match (staff(person), staff(cover)) {
        (Some(person), Some(cover)) => set_cover(person, cover, days, desk),
        _ => tell(Phrase::WhoIsMeant),
    }
}

fn set_cover(
    person: &Person,
    cover: &Person,
    days: (NaiveDate, NaiveDate),
    desk: &Desk,
) -> Decision {
    let (from, to) = days;
    if to < from {
        return tell(Phrase::LeaveOrder);
    }
    if to < desk.today {
        return tell(Phrase::PastDayChosen);
    }
    if !desk.is_near(from) || !desk.is_near(to) {
        return refuse(Phrase::NoSuchButton, None);
    }
    if person.id != desk.sender() && !desk.leads() {
        return refuse(Phrase::LeadsOnly, None);
    }
    if cover.id == person.id {
        return tell(Phrase::WhoIsMeant);
    }
    let name = person.name.clone();
    let mut decision = tell(Phrase::CoverSaved {
        name,
        cover: cover.name.clone(),
        from,
        to,
    });
    decision.office.push(OfficeChange::Cover {
        person: person.id,
        from,
        to,
        cover: cover.id,
    });
    decision.journal.push(JournalEntry {
        what: Deed::Cover,
        detail: format!("{} {} {from} {to}", person.id.0, cover.id.0),
    });
    decision
        .notices
        .push(covering(person.id, cover.id, days, desk));
    decision
}

/// What is due, or falls due, in somebody's absence.
pub fn affected(scene: &Scene, from: NaiveDate, to: NaiveDate) -> List {
    let of = (!scene.sender.role.leads()).then_some(scene.sender.id);
    List::Absence { from, to, of }
}

fn covering(
    person: PersonId,
    cover: PersonId,
    days: (NaiveDate, NaiveDate),
    desk: &Desk,
) -> (Recipient, Notice) {
    let (from, to) = days;
    let notice = Notice::Covering {
        person,
        from,
        to,
        due_now: shares_of(person, desk).map(Share::due_now).sum(),
        due_within: shares_of(person, desk).map(|share| share.later).sum(),
    };
    (Recipient::Person(cover), notice)
}

fn shares_of<'a>(main: PersonId, desk: &'a Desk) -> impl Iterator<Item = &'a Share> {
    let shares = desk.scene.shares.iter();
    shares.filter(move |share| share.main == Some(main))
}

/// One colleague is proposed, and the others can be chosen: of those who are there
/// on the first day and on the last.
fn ask_to_cover(absent: PersonId, days: (NaiveDate, NaiveDate), desk: &Desk) -> Vec<Piece> {
    let (from, to) = days;
    let mut colleagues: Vec<&Person> = desk
        .scene
        .roster
        .with_role(Role::Nurse, to)
        .filter(|person| {
            let is_away = |day| desk.scene.roster.is_on_leave(person.id, day);
            person.id != absent && !is_away(from) && !is_away(to)
        })
        .collect();
    // Whoever is second nurse of the most of what is due knows it best.
    colleagues.sort_by_key(|person| std::cmp::Reverse(seconds(absent, person.id, desk)));
    let Some((proposed, others)) = colleagues.split_first() else {
        return Vec::new();
    };
    let by = |cover| match absent == desk.sender() {
        true => Action::CoverBy(cover, from, to),
        false => Action::CoverFor(absent, cover, from, to),
    };
    let ask = choice(Label::AskCover, by(proposed.id));
    let others = others
        .iter()
        .map(|person| choice(Label::Person(person.name.clone()), by(person.id)));
    vec![
        Piece::Line(Phrase::AskToCover {
            name: proposed.name.clone(),
        }),
        Piece::Choices(std::iter::once(ask).chain(others).collect()),
    ]
}

fn seconds(absent: PersonId, second: PersonId, desk: &Desk) -> i64 {
    shares_of(absent, desk)
        .filter(|share| share.second == Some(second))
        .map(|share| share.due_now() + share.later)
        .sum()
}

/// English / 日本語
pub fn language(language: Language, desk: &Desk) -> Decision {
    let mut decision = tell(Phrase::LanguageSet);
    decision.office.push(OfficeChange::Language {
        person: desk.sender(),
        language,
    });
    decision.journal.push(JournalEntry {
        what: Deed::Language,
        detail: language.code().to_owned(),
    });
    decision
}

/// A colleague of the team by name: the whole name, or its beginning.
pub(super) fn colleague<'a>(
    name: Option<&str>,
    desk: &'a Desk,
) -> Result<Option<&'a Person>, Box<Decision>> {
    let Some(name) = name.map(str::trim).filter(|name| !name.is_empty()) else {
        return Ok(None);
    };
    match named(name, desk.scene, desk.today) {
        Some(person) => Ok(Some(person)),
        // What was typed is not repeated: it may be anybody's name.
        None => Err(Box::new(tell(Phrase::UnknownColleague))),
    }
}

/// The one of the team who is meant by a name, or by its beginning.
pub fn named<'a>(name: &str, scene: &'a Scene, today: NaiveDate) -> Option<&'a Person> {
    let people = || {
        let people = scene.roster.people.iter();
        people.filter(|person| person.is_staff_on(today))
    };
    let exact = people().find(|person| person.name == name);
    let mut begins = people().filter(|person| {
        person.name.to_lowercase().starts_with(&name.to_lowercase())
            || name.starts_with(&person.name)
    });
    match (exact, begins.next(), begins.next()) {
        (Some(person), ..) | (None, Some(person), None) => Some(person),
        _ => None,
    }
}
