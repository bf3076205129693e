//! The page's wide lists: the board by standing, and what waits for those who lead.
use super::{Desk, choice, health, lists, told};
use crate::{
    conversation::{
        action::Action,
        audit::Health,
        message::Mark,
        phrase::{BoardGroup, Column, Label, Phrase},
        piece::{Piece, PieceRow},
        scene::Brief,
    },
    domain::{household::Code, request::Request},
};

/// The households by standing, the most urgent group first. What stands on
/// another page is not looked at.
pub fn board(rows: &[Brief], desk: &Desk) -> Vec<Piece> {
    const GROUPS: [BoardGroup; 6] = [
        BoardGroup::Alarm,
        BoardGroup::Overdue,
        BoardGroup::Due,
        BoardGroup::ThisWeek,
        BoardGroup::Later,
        BoardGroup::NotOpen,
    ];
    let mut pieces = Vec::new();
    for group in GROUPS {
        let mut members: Vec<&Brief> = rows
            .iter()
            .filter(|brief| group_of(brief, desk) == group)
            .collect();
        members.sort_by_key(|brief| {
            brief
                .check_in
                .as_ref()
                .map(|check_in| check_in.terms.window.by)
        });
        if !members.is_empty() {
            pieces.push(Piece::Heading(Phrase::BoardGroup(group)));
            pieces.push(table(group, &members, desk));
        }
    }
    pieces
}

fn group_of(brief: &Brief, desk: &Desk) -> BoardGroup {
    match lists::mark(brief, desk.today) {
        Mark::Alarm => BoardGroup::Alarm,
        Mark::Overdue { .. } => BoardGroup::Overdue,
        Mark::Due => BoardGroup::Due,
        Mark::Soon => BoardGroup::ThisWeek,
        Mark::Plain | Mark::Settled if brief.check_in.is_some() => BoardGroup::Later,
        Mark::Plain | Mark::Settled => BoardGroup::NotOpen,
    }
}

fn table(group: BoardGroup, members: &[&Brief], desk: &Desk) -> Piece {
    const COLUMNS: [Column; 6] = [
        Column::Household,
        Column::Next,
        Column::Nurse,
        Column::Last,
        Column::Mind,
        Column::State,
    ];
    Piece::Table {
        caption: Phrase::BoardGroup(group),
        head: COLUMNS.map(Phrase::Column).to_vec(),
        rows: members.iter().map(|brief| row(brief, desk)).collect(),
    }
}

fn row(brief: &Brief, desk: &Desk) -> PieceRow {
    let facts = &brief.household.facts;
    PieceRow {
        mark: lists::mark(brief, desk.today),
        cells: vec![
            Phrase::Code(brief.household.code.clone()),
            Phrase::DateCell(
                brief
                    .check_in
                    .as_ref()
                    .map(|check_in| told(&check_in.terms)),
            ),
            Phrase::Name(facts.main.and_then(|main| desk.name(main))),
            Phrase::LastCell(brief.last.clone()),
            Phrase::FlagsCell {
                flags: facts.flags.clone(),
                not_before: facts.not_before.filter(|day| *day > desk.today),
            },
            Phrase::StateCell(facts.state),
        ],
        code: Some(brief.household.code.clone()),
    }
}

/// 係長: what is overdue, the requests that wait for an answer, and how the office
/// itself is.
pub fn supervision(requests: &[(Request, Code)], health: &Health, desk: &Desk) -> Vec<Piece> {
    let mut pieces = lists::say_overdue(desk).say.unwrap_or_default();
    pieces.push(Piece::Heading(Phrase::Waiting {
        count: requests.len(),
    }));
    pieces.extend(
        requests
            .iter()
            .map(|(request, code)| waiting(request, code, desk)),
    );
    pieces.extend(health::said(health, desk));
    pieces
}

fn waiting(request: &Request, code: &Code, desk: &Desk) -> Piece {
    let mut choices = Vec::new();
    if request.may_be_answered_by(&desk.scene.sender) {
        choices.push(choice(Label::Accept, Action::Accept(request.id)));
        choices.push(choice(Label::Decline, Action::Decline(request.id)));
    }
    choices.push(choice(Label::Course, Action::Course(code.clone(), None)));
    Piece::Card {
        title: Phrase::WaitingRow {
            code: code.clone(),
            wish: request.wish,
            name: desk.name(request.asked_by).unwrap_or_default(),
            on: desk.office.calendar.day_of(request.asked_at),
        },
        mark: Mark::Plain,
        lines: Vec::new(),
        choices,
    }
}
