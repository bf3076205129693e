//! What a chat may hear and say by the level that the office allows there: news
//! alone, codes and dates, or all of it.
use super::{Desk, Heard, Office, say, warn_of_personal_data};
use crate::{
    conversation::{
        action::Action,
        decision::Decision,
        meaning::{Intent, Meaning},
        message::{Level, Mark},
        notice::Notice,
        phrase::{Outside, Phrase},
        piece::Piece,
        scene::Brief,
    },
    domain::household::Code,
};
use chrono::NaiveDate;

/// Rows that a message shows; the page has the rest.
const ROWS_MAX: usize = 10;

/// What a message asks of a chat.
enum Asked {
    /// Nothing of a household: whoever has joined may ask it anywhere.
    Anywhere,
    /// The list that was gathered.
    List,
    /// All else, changes above all.
    Logging,
}

/// What is answered instead of deciding, where the office allows less there than
/// is asked; None where it may be decided.
pub(super) fn instead(heard: &Heard, desk: &Desk) -> Option<Decision> {
    let level = desk.scene.level;
    let mut decision = match (level, asked(heard)) {
        // An edit changes nothing, and there is nothing to offer.
        (Level::Notice | Level::Dates, _) if matches!(heard, Heard::Edited(_)) => {
            Decision::default()
        }
        (Level::Logging, _) | (_, Asked::Anywhere) => return None,
        (Level::Dates, Asked::List) => say(dates_of(&desk.scene.list, desk)),
        (Level::Dates, Asked::Logging) => refusal(Outside::DatesOnly, heard, desk),
        (Level::Notice, _) => refusal(Outside::NewsOnly, heard, desk),
    };
    if matches!(heard, Heard::Line(meaning) if meaning.personal) {
        warn_of_personal_data(&mut decision);
    }
    Some(decision)
}

fn asked(heard: &Heard) -> Asked {
    match heard {
        Heard::Line(meaning) => asked_by(meaning),
        Heard::Press(
            Action::Help
            | Action::Never
            | Action::UseRoom(_)
            | Action::Invite(_)
            | Action::RouteFirst(_),
        )
        | Heard::Setup(_)
        | Heard::Forged
        | Heard::Unreadable => Asked::Anywhere,
        Heard::Press(Action::Upcoming(_) | Action::Overdue(_)) => Asked::List,
        Heard::Code(_) | Heard::Press(_) | Heard::Form(..) | Heard::Edited(_) => Asked::Logging,
    }
}

fn asked_by(meaning: &Meaning) -> Asked {
    match meaning.intent {
        Intent::Chatter
        | Intent::Help
        | Intent::Language(_)
        | Intent::Page
        | Intent::Notify(_)
        | Intent::Morning(_)
        | Intent::Invite { .. }
        | Intent::AddStaff { .. }
        | Intent::Staff => Asked::Anywhere,
        Intent::Overdue => Asked::List,
        Intent::Upcoming(_) if meaning.households.is_empty() => Asked::List,
        _ => Asked::Logging,
    }
}

/// Nothing is kept; with words of danger the office's card comes all the same.
fn refusal(why: Outside, heard: &Heard, desk: &Desk) -> Decision {
    let mut pieces = Vec::new();
    if matches!(heard, Heard::Line(meaning) if meaning.contact.danger) {
        pieces.push(Piece::Strong(Phrase::CallSupervisorNow));
        let card = desk.office.card.iter();
        pieces.extend(card.map(|(label, number)| {
            Piece::Line(Phrase::OfficeCard {
                label: label.clone(),
                number: number.clone(),
            })
        }));
    }
    pieces.push(line(why));
    pieces.push(page(desk.office));
    say(pieces)
}

fn dates_of(list: &[Brief], desk: &Desk) -> Vec<Piece> {
    let rows: Vec<Row> = list
        .iter()
        .filter_map(|brief| {
            let check_in = brief.check_in.as_ref()?;
            Some(Row {
                code: brief.household.code.clone(),
                on: check_in.terms.window.on,
                is_over: false,
            })
        })
        .collect();
    let title = match rows.is_empty() {
        true => line(Outside::NoDates),
        false => Piece::Heading(Phrase::Outside(Outside::DatesTitle)),
    };
    let mut pieces = vec![title];
    let total = usize::try_from(desk.scene.list_total).unwrap_or(usize::MAX);
    pieces.extend(cards(&rows, total));
    pieces.push(page(desk.office));
    pieces
}

/// What a delivery is about, as far as a lower level may tell it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct News {
    /// An alarm.
    pub is_urgent: bool,
    /// Nothing of it needs the reader any more.
    pub is_over: bool,
    pub rows: Vec<Row>,
    /// The household of a notice that names no date.
    pub code: Option<Code>,
}

/// A household and its day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    pub code: Code,
    pub on: NaiveDate,
    pub is_over: bool,
}

impl News {
    /// Of what a colleague's message made known.
    pub fn of_notice(notice: &Notice) -> News {
        let row = notice.code().zip(notice.day()).map(|(code, on)| Row {
            code: code.clone(),
            on,
            is_over: false,
        });
        News {
            code: notice.code().filter(|_| row.is_none()).cloned(),
            rows: row.into_iter().collect(),
            is_urgent: matches!(notice, Notice::AlarmStands { .. }),
            is_over: false,
        }
    }
}

/// A delivery in a chat of that level, below logging: without a button, for all
/// that is done about it is done on the page.
pub fn news(news: &News, level: Level, office: &Office) -> Vec<Piece> {
    let mut pieces = vec![match (news.is_over, news.is_urgent, &news.code) {
        (true, ..) => line(Outside::NewsIsOver),
        (false, true, _) => Piece::Strong(Phrase::Outside(Outside::UrgentNews)),
        (false, false, Some(code)) if level != Level::Notice => {
            line(Outside::NewsOf { code: code.clone() })
        }
        (false, false, _) => line(Outside::News),
    }];
    if level != Level::Notice {
        pieces.extend(cards(&news.rows, news.rows.len()));
    }
    pieces.push(page(office));
    pieces
}

/// The first rows, and how many more there are.
fn cards(rows: &[Row], total: usize) -> Vec<Piece> {
    let shown = rows.len().min(ROWS_MAX);
    let mut pieces: Vec<Piece> = rows[..shown]
        .iter()
        .map(|row| Piece::Card {
            title: Phrase::Outside(Outside::CodeAndDay {
                code: row.code.clone(),
                on: row.on,
            }),
            mark: if row.is_over {
                Mark::Settled
            } else {
                Mark::Plain
            },
            lines: Vec::new(),
            choices: Vec::new(),
        })
        .collect();
    if total > shown {
        let count = i64::try_from(total - shown).unwrap_or(i64::MAX);
        pieces.push(Piece::Quiet(Phrase::RestOfList { count }));
    }
    pieces
}

fn page(office: &Office) -> Piece {
    line(Outside::PageAt {
        url: office.page_url.clone(),
    })
}

fn line(line: Outside) -> Piece {
    Piece::Line(Phrase::Outside(line))
}
