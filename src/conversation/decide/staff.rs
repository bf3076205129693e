//! The staff: who is let in, who comes, who goes; and the link to one's own page.
use super::{Desk, choice, people, refuse, say, tell};
use crate::{
    conversation::{
        action::Action,
        decision::{Decision, Deed, JournalEntry, MADE, OfficeChange, Recipient},
        meaning::Intent,
        message::{self, JOIN_CODE_DAYS, LINK_MINUTES, Mark, Platform},
        notice::Notice,
        phrase::{Label, Phrase, StaffLine},
        piece::{Choice, Piece},
        scene::{Holds, Query, Scene, Staffing},
    },
    domain::{
        PersonId,
        household::Code,
        people::{self as staff, Person, Role},
    },
};
use chrono::NaiveDate;

/// Households that are shown before somebody can go.
const HOUSEHOLDS_MAX: usize = 5;

/// What must be known of the staff before it can be decided.
pub fn query(intent: &Intent, scene: &Scene, today: NaiveDate) -> Option<Query> {
    match intent {
        Intent::Staff | Intent::Notify(_) => Some(Query::Routes),
        Intent::AddStaff {
            name: Some(name), ..
        } => staff::name(name).map(Query::Namesake),
        Intent::LetGo {
            who: Some(who),
            last_day,
        } => {
            let person = people::named(who, scene, today)?.id;
            let from = first_day_gone(*last_day, today);
            Some(Query::Holds { person, from })
        }
        _ => None,
    }
}

/// 招待: a code with which a colleague joins by a chat.
pub fn invite(who: Option<&str>, is_call: bool, desk: &Desk) -> Decision {
    match colleague((who, is_call), StaffLine::WhomToInvite, desk) {
        Ok(person) => invited(person, desk),
        Err(decision) => *decision,
    }
}

/// 参加コードを作る
pub fn invite_person(person: PersonId, desk: &Desk) -> Decision {
    let known = desk.scene.roster.person(person);
    match known.filter(|person| person.is_staff_on(desk.today)) {
        Some(person) => invited(person, desk),
        None => tell(Phrase::UnknownColleague),
    }
}

fn invited(person: &Person, desk: &Desk) -> Decision {
    if let Some(refusal) = refusal(person.role, desk) {
        return refusal;
    }
    let Some(secrets) = &desk.arrival.secrets else {
        return tell(Phrase::Staff(StaffLine::InviteElsewhere));
    };
    let (name, code) = (person.name.clone(), secrets.join_code.clone());
    let made = StaffLine::JoinCodeMade { name: name.clone() };
    let how = StaffLine::JoinCodeHow {
        code: code.clone(),
        days: JOIN_CODE_DAYS,
    };
    Decision {
        kept: Some(vec![line(made)]),
        office: vec![OfficeChange::Invite {
            person: person.id,
            code: code.clone(),
        }],
        journal: vec![entry(Deed::Invited, format!("person {}", person.id.0))],
        ..say(vec![
            line(StaffLine::JoinCode { name, code }),
            Piece::Quiet(Phrase::Staff(how)),
        ])
    }
}

/// 職員追加: somebody joins the sender's team.
pub fn add(name: Option<&str>, role: Option<Role>, desk: &Desk) -> Decision {
    if let Some(refusal) = refusal(role.unwrap_or(Role::Nurse), desk) {
        return refusal;
    }
    let (Some(name), Some(role)) = (name.and_then(staff::name), role) else {
        return tell(Phrase::Staff(StaffLine::HowToAdd));
    };
    if desk.scene.staffing == Staffing::Namesake(true) {
        return tell(Phrase::Staff(StaffLine::NameTaken));
    }
    let added = StaffLine::Added {
        name: name.clone(),
        role,
    };
    let invite = choice(Label::Invite, Action::Invite(PersonId(MADE)));
    Decision {
        office: vec![OfficeChange::AddPerson {
            name,
            role,
            language: desk.scene.sender.language,
        }],
        ..say(vec![line(added), Piece::Choices(vec![invite])])
    }
}

/// 職員一覧: the team, and where each of it is reached.
pub fn list(desk: &Desk) -> Decision {
    if let Some(refusal) = refusal(Role::Nurse, desk) {
        return refusal;
    }
    let roster = &desk.scene.roster;
    let staff = || {
        let people = roster.people.iter();
        people.filter(|person| person.is_staff_on(desk.today))
    };
    let title = StaffLine::Title {
        count: staff().count(),
    };
    let rows = staff().map(|person| {
        line(StaffLine::Row {
            name: person.name.clone(),
            role: person.role,
            platforms: platforms_of(person.id, desk),
            away_until: roster.away_until(person.id, desk.today),
            last_day: person.left_on.and_then(|left| left.pred_opt()),
        })
    });
    let title = Piece::Heading(Phrase::Staff(title));
    say(std::iter::once(title).chain(rows).collect())
}

fn platforms_of(person: PersonId, desk: &Desk) -> Vec<Platform> {
    match &desk.scene.staffing {
        Staffing::Routes(routes) => routes.get(&person).cloned().unwrap_or_default(),
        _ => Vec::new(),
    }
}

/// 退職, 転出: nobody goes while open households are theirs.
pub fn let_go(
    (who, is_call): (Option<&str>, bool),
    last_day: Option<NaiveDate>,
    desk: &Desk,
) -> Decision {
    let person = match colleague((who, is_call), StaffLine::WhoLeaves, desk) {
        Ok(person) => person,
        Err(decision) => return *decision,
    };
    if let Some(refusal) = refusal(person.role, desk) {
        return refusal;
    }
    let name = person.name.clone();
    if let Staffing::Holds(holds) = &desk.scene.staffing {
        if !holds.main.is_empty() || !holds.second.is_empty() {
            return say(still_in_charge(person, holds, desk));
        }
        if holds.is_last_admin && person.role == Role::Admin {
            return tell(Phrase::Staff(StaffLine::LastAdmin));
        }
    }
    let from = first_day_gone(last_day, desk.today);
    let said = match from.pred_opt() {
        Some(last_day) if desk.today < from => StaffLine::LeavesOn { name, last_day },
        _ => StaffLine::LeftNow { name },
    };
    Decision {
        office: vec![OfficeChange::EndPerson {
            person: person.id,
            from,
        }],
        journal: vec![entry(
            Deed::PersonLeft,
            format!("person {} on {from}", person.id.0),
        )],
        ..say(vec![line(said)])
    }
}

/// How many there are, and the first of them with the way to hand them on.
fn still_in_charge(person: &Person, holds: &Holds, desk: &Desk) -> Vec<Piece> {
    let (main, second) = (holds.main.len(), holds.second.len());
    let name = person.name.clone();
    let mut pieces = vec![line(StaffLine::StillInCharge { name, main, second })];
    let card = |code: &Code| Piece::Card {
        title: Phrase::Code(code.clone()),
        mark: Mark::Plain,
        lines: Vec::new(),
        choices: vec![choice(Label::Reassign, Action::Reassign(code.clone()))],
    };
    pieces.extend(holds.main.iter().take(HOUSEHOLDS_MAX).map(card));
    if main > HOUSEHOLDS_MAX {
        let count = i64::try_from(main - HOUSEHOLDS_MAX).unwrap_or(i64::MAX);
        pieces.push(Piece::Quiet(Phrase::RestOfList { count }));
    }
    let codes: Vec<Code> = holds.second.iter().take(HOUSEHOLDS_MAX).cloned().collect();
    if !codes.is_empty() {
        pieces.push(line(StaffLine::SecondNurseOf { codes }));
    }
    let roster = &desk.scene.roster;
    let colleagues = roster.with_role(Role::Nurse, desk.today);
    let others: Vec<Choice> = colleagues
        .filter(|other| other.id != person.id && other.left_on.is_none())
        .map(|other| {
            let all = Action::HandOver(person.id, other.id);
            choice(Label::Person(other.name.clone()), all)
        })
        .collect();
    if !others.is_empty() {
        pieces.push(line(StaffLine::HandAllTo));
        pieces.push(Piece::Choices(others));
    }
    pieces
}

/// All open households of somebody go to a colleague at once, with their dates.
pub fn hand_over(from: PersonId, to: PersonId, desk: &Desk) -> Decision {
    let known = |id| {
        let person = desk.scene.roster.person(id);
        person.filter(|person| person.is_staff_on(desk.today))
    };
    let (Some(leaver), Some(heir)) = (known(from), known(to)) else {
        return tell(Phrase::UnknownColleague);
    };
    if let Some(refusal) = refusal(leaver.role, desk) {
        return refusal;
    }
    let count = match &desk.scene.staffing {
        Staffing::Holds(holds) => holds.main.len() + holds.second.len(),
        _ => 0,
    };
    if count == 0 || from == to {
        return tell(Phrase::UndoneAlready);
    }
    let mut decision = say(vec![line(StaffLine::HandedOver {
        name: leaver.name.clone(),
        to: heir.name.clone(),
        count,
    })]);
    decision.office.push(OfficeChange::HandOver { from, to });
    let detail = format!("person {} to {}", from.0, to.0);
    decision.journal.push(entry(Deed::HandedOver, detail));
    if to != desk.sender() {
        let by = desk.sender();
        let notice = Notice::EntrustedAll { from, by, count };
        decision.notices.push((Recipient::Person(to), notice));
    }
    decision
}

/// ページ: a link that opens one's own page.
pub fn page(desk: &Desk) -> Decision {
    let Some(secrets) = &desk.arrival.secrets else {
        return tell(Phrase::Staff(StaffLine::PageIsHere));
    };
    let token = secrets.token.clone();
    let how = StaffLine::PageLinkHow {
        minutes: LINK_MINUTES,
    };
    let link = StaffLine::PageLink {
        url: message::link(&desk.office.page_url, token.tell()).into(),
    };
    Decision {
        kept: Some(vec![line(StaffLine::PageLinkMade)]),
        office: vec![OfficeChange::PageLink { token }],
        journal: vec![entry(Deed::LinkMade, format!("person {}", desk.sender().0))],
        ..say(vec![Piece::Line(Phrase::Staff(how)), line(link)])
    }
}

/// The first day on which somebody is gone, never before today.
fn first_day_gone(last_day: Option<NaiveDate>, today: NaiveDate) -> NaiveDate {
    let after = last_day.and_then(|day| day.succ_opt());
    after.unwrap_or(today).max(today)
}

/// The colleague who is named, or what is said instead. Words that are nobody's
/// name were not said to us, if they may be talk (退職 おめでとう) or the sender may
/// not do it.
fn colleague<'a>(
    (who, is_call): (Option<&str>, bool),
    question: StaffLine,
    desk: &'a Desk,
) -> Result<&'a Person, Box<Decision>> {
    if let Some(person) = who.and_then(|who| people::named(who, desk.scene, desk.today)) {
        return Ok(person);
    }
    let refusal = refusal(Role::Nurse, desk);
    let is_kana = |c: char| ('\u{3041}'..='\u{3096}').contains(&c);
    let may_be_talk = refusal.is_some() || who.is_some_and(|who| who.contains(is_kana));
    let said = match (who, refusal) {
        (Some(_), _) if may_be_talk && !is_call => Decision::default(),
        (_, Some(refusal)) => refusal,
        (Some(_), None) => tell(Phrase::UnknownColleague),
        (None, None) => tell(Phrase::Staff(question)),
    };
    Err(Box::new(said))
}

/// Those who lead and administrators see to the staff; to administrators, who can
/// open the office to anybody, administrators alone.
fn refusal(role: Role, desk: &Desk) -> Option<Decision> {
    let sender = desk.scene.sender.role;
    if !sender.oversees() {
        return Some(refuse(Phrase::Staff(StaffLine::OverseersOnly), None));
    }
    (role == Role::Admin && sender != Role::Admin)
        .then(|| refuse(Phrase::Staff(StaffLine::AdminsOnly), None))
}

fn line(line: StaffLine) -> Piece {
    Piece::Line(Phrase::Staff(line))
}

fn entry(what: Deed, detail: String) -> JournalEntry {
    JournalEntry { what, detail }
}
