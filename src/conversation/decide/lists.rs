//! 期限超過 and 予定: one's own for a nurse, the team's for those who oversee it.
use super::{Desk, choice, say, told};
use crate::{
    conversation::{
        action::Action,
        decision::Decision,
        meaning::Span,
        message::Mark,
        phrase::{Label, Phrase},
        piece::{Choice, Piece},
        scene::{Brief, List, Scene},
    },
    domain::{
        CheckInId, PersonId,
        calendar::{days_after, monday_of},
        check_in::{CheckIn, Standing},
        household::Code,
    },
};
use chrono::{Days, NaiveDate};

/// Rows a message shows at once; the rest by 次へ.
pub const ROWS_MAX: usize = 10;

fn whose(scene: &Scene) -> Option<PersonId> {
    (!scene.sender.role.oversees()).then_some(scene.sender.id)
}

pub fn overdue(scene: &Scene, after: Option<CheckInId>) -> List {
    List::Overdue {
        of: whose(scene),
        after,
    }
}

pub fn coming(scene: &Scene, span: Span, today: NaiveDate) -> List {
    let (from, to) = days_of(span, today);
    List::Coming {
        from,
        to,
        of: whose(scene),
    }
}

/// However long ago a window began, today's list knows of it; ten years.
const DUE_DAYS_MAX: u64 = 3_653;

/// From the first to the last day of a span; today's takes in all that is due.
pub fn days_of(span: Span, today: NaiveDate) -> (NaiveDate, NaiveDate) {
    let monday = monday_of(today);
    match span {
        Span::Today => (today - Days::new(DUE_DAYS_MAX), today),
        Span::ThisWeek => (monday, days_after(monday, 6)),
        Span::NextWeek => (days_after(monday, 7), days_after(monday, 13)),
    }
}

/// What is past its window: to a nurse her own, without a word of blame; to
/// those who oversee it the team's, by urgency and then by days.
pub fn say_overdue(desk: &Desk) -> Decision {
    let scene = desk.scene;
    let total = scene.list_total;
    if total == 0 {
        return say(vec![Piece::Line(Phrase::NothingOverdue {
            open: scene.tally.open,
            unscheduled: scene.tally.unscheduled,
        })]);
    }
    let title = if scene.sender.role.oversees() {
        Phrase::OverdueTeam {
            overdue: total,
            open: scene.tally.open,
            unscheduled: scene.tally.unscheduled,
        }
    } else {
        Phrase::OverdueOwn { overdue: total }
    };
    let mut pieces = vec![Piece::Heading(title)];
    pieces.extend(
        scene
            .list
            .iter()
            .take(ROWS_MAX)
            .filter_map(|brief| overdue_card(brief, desk)),
    );
    let last = scene
        .list
        .iter()
        .take(ROWS_MAX)
        .next_back()
        .and_then(|brief| brief.check_in.as_ref());
    if scene.list.len() > ROWS_MAX
        && let Some(last) = last
    {
        pieces.push(Piece::Choices(vec![choice(
            Label::More,
            Action::Overdue(Some(last.id)),
        )]));
    }
    say(pieces)
}

/// One overdue household with what can be done about it.
pub fn overdue_card(brief: &Brief, desk: &Desk) -> Option<Piece> {
    let check_in = brief.check_in.as_ref()?;
    let days = match check_in.terms.window.standing(desk.today) {
        Standing::Overdue { days } => days,
        Standing::Upcoming | Standing::Due => 0,
    };
    let code = brief.household.code.clone();
    if !desk.scene.sender.role.oversees() {
        return Some(Piece::Card {
            title: Phrase::ComingRow {
                code,
                next: told(&check_in.terms),
                nurse: None,
            },
            mark: mark(brief, desk.today),
            lines: brief
                .last
                .clone()
                .map(Phrase::LastTime)
                .into_iter()
                .collect(),
            choices: card_choices(brief, check_in.id, desk),
        });
    }
    let main = brief.household.facts.main;
    let roster = &desk.scene.roster;
    let away = main
        .filter(|main| roster.is_on_leave(*main, desk.today))
        .map(|main| desk.name(roster.cover_of(main, desk.today)?));
    let title = Phrase::OverdueRow {
        code: code.clone(),
        alarm: brief.alarm,
        days,
        nurse: main.and_then(|main| desk.name(main)),
        away,
        put_off: check_in.terms.put_off,
    };
    let mut lines = vec![Phrase::PlannedFor {
        next: told(&check_in.terms),
    }];
    lines.extend(being_dealt_with(&code, check_in, desk));
    Some(Piece::Card {
        title,
        mark: mark(brief, desk.today),
        lines,
        choices: card_choices(brief, check_in.id, desk),
    })
}

/// Somebody has said 「やります」.
pub fn being_dealt_with(code: &Code, check_in: &CheckIn, desk: &Desk) -> Option<Phrase> {
    let taken = check_in.progress.taken?;
    (desk.now < taken.until).then(|| Phrase::BeingDealtWith {
        code: code.clone(),
        name: desk.name(taken.by).unwrap_or_default(),
    })
}

fn card_choices(brief: &Brief, check_in: CheckInId, desk: &Desk) -> Vec<Choice> {
    let code = brief.household.code.clone();
    if !desk.scene.sender.role.oversees() {
        return vec![
            choice(Label::Record, Action::Record(check_in)),
            choice(Label::PutOff, Action::Redate(check_in)),
            choice(Label::Open, Action::Open(code)),
        ];
    }
    let reassign = choice(Label::Reassign, Action::Reassign(code.clone()));
    let open = choice(Label::Open, Action::Open(code));
    if !desk.leads() {
        return vec![reassign, open];
    }
    let ask = brief
        .household
        .facts
        .main
        .and_then(|main| desk.name(main))
        .map(|name| choice(Label::AskNurse(name), Action::AskNurse(check_in)));
    let put_off = choice(Label::PutOff, Action::Redate(check_in));
    ask.into_iter().chain([reassign, put_off, open]).collect()
}

/// The plans of a day or a week; what is past its window is in a list of its
/// own, and is only counted here.
pub fn say_coming(span: Span, desk: &Desk) -> Decision {
    let scene = desk.scene;
    let mut pieces = if scene.list.is_empty() {
        vec![Piece::Line(Phrase::NothingComing(span))]
    } else {
        vec![Piece::Heading(Phrase::ComingTitle(span))]
    };
    pieces.extend(
        scene
            .list
            .iter()
            .filter_map(|brief| coming_card(brief, desk)),
    );
    let shown = i64::try_from(scene.list.len()).unwrap_or(i64::MAX);
    if scene.list_total > shown {
        pieces.push(Piece::Quiet(Phrase::RestOfList {
            count: scene.list_total - shown,
        }));
    }
    if scene.list_overdue > 0 {
        pieces.push(Piece::Line(Phrase::OverdueOwn {
            overdue: scene.list_overdue,
        }));
        let label = if scene.sender.role.oversees() {
            Label::Overdue
        } else {
            Label::PastDate
        };
        pieces.push(Piece::Choices(vec![choice(label, Action::Overdue(None))]));
    }
    say(pieces)
}

/// One planned household.
pub fn coming_card(brief: &Brief, desk: &Desk) -> Option<Piece> {
    let check_in = brief.check_in.as_ref()?;
    let code = brief.household.code.clone();
    let nurse = if desk.scene.sender.role.oversees() {
        brief.household.facts.main.and_then(|main| desk.name(main))
    } else {
        None
    };
    Some(Piece::Card {
        title: Phrase::ComingRow {
            code: code.clone(),
            next: told(&check_in.terms),
            nurse,
        },
        mark: mark(brief, desk.today),
        lines: vec![Phrase::FlagsCell {
            flags: brief.household.facts.flags.clone(),
            not_before: brief
                .household
                .facts
                .not_before
                .filter(|day| *day > desk.today),
        }],
        choices: vec![choice(Label::Open, Action::Open(code))],
    })
}

/// The shape by which a household's standing is told.
pub fn mark(brief: &Brief, today: NaiveDate) -> Mark {
    if brief.alarm {
        return Mark::Alarm;
    }
    match brief
        .check_in
        .as_ref()
        .map(|check_in| (check_in.terms.window.standing(today), check_in))
    {
        None => Mark::Plain,
        Some((Standing::Overdue { days }, _)) => Mark::Overdue { days },
        Some((Standing::Due, _)) => Mark::Due,
        Some((Standing::Upcoming, check_in)) => {
            if monday_of(check_in.terms.window.on) == monday_of(today) {
                Mark::Soon
            } else {
                Mark::Plain
            }
        }
    }
}
