//! What a delivery says: the digest of a morning, the question after an
//! appointment, an alarm, a notice. Rendered anew when a matter is settled.
use super::{Desk, choice, course, lists, told};
use crate::{
    conversation::{
        action::Action,
        meaning::Span,
        message::Mark,
        notice::Notice,
        phrase::{Label, Phrase},
        piece::{Choice, Piece},
        scene::File,
    },
    domain::{
        PersonId,
        alarm::{Alarm, Grade},
        check_in::{CheckIn, Pace, Purpose, Rung, Standing},
        contact::{Kind, Outcome},
        household::Code,
        ladder,
        request::Wish,
    },
};
use chrono::{DateTime, Utc};

/// Households that stand open in a digest with all that is known; with more,
/// a line each.
const OPEN_CARDS_MAX: usize = 3;
/// Lines of a longer digest; the rest by a button.
const LINES_MAX: usize = 5;
/// Attempts told with a household.
const ATTEMPTS_MAX: usize = 3;

/// One household in a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    pub file: File,
    pub check_in: CheckIn,
    /// The rung for which it is there.
    pub rung: Rung,
    pub state: ItemState,
}

/// What became of the check-in since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ItemState {
    Open,
    /// A contact or an office check answered it.
    Done {
        by: Option<PersonId>,
        at: Option<DateTime<Utc>>,
    },
    /// Another date took its place.
    Withdrawn,
}

/// Deliveries of the day, for the line that proves that all is well.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Proof {
    pub sent: i64,
    pub failed: i64,
}

/// The digest: what is due for the reader; to those who lead, what is overdue
/// in the team as well, and the proof that nothing is lost.
pub fn digest(items: &[Item], proof: Proof, desk: &Desk) -> Vec<Piece> {
    let (led, own): (Vec<&Item>, Vec<&Item>) = items.iter().partition(|item| is_led(item, desk));
    let mut pieces = Vec::new();
    if !own.is_empty() {
        pieces.extend(own_part(&own, desk));
    }
    if !led.is_empty() {
        pieces.extend(led_part(&led, desk));
    }
    if desk.leads() {
        let open = desk.scene.tally.open;
        pieces.push(Piece::Quiet(Phrase::Proof {
            open,
            sent: proof.sent,
            failed: proof.failed,
        }));
    }
    pieces
}

/// Whether it is there because the reader leads the team.
fn is_led(item: &Item, desk: &Desk) -> bool {
    desk.leads() && !item.check_in.terms.why.is_for_supervisor() && !desk.cares_for(&item.file)
}

fn own_part(items: &[&Item], desk: &Desk) -> Vec<Piece> {
    let open = || items.iter().filter(|item| item.state == ItemState::Open);
    let count = open().count();
    if items.len() <= OPEN_CARDS_MAX {
        let title = Piece::Heading(Phrase::GoodMorning { count });
        return std::iter::once(title)
            .chain(items.iter().map(|item| card(item, desk)))
            .collect();
    }
    let appointments = open()
        .filter(|item| item.check_in.terms.pace == Pace::Appointment)
        .count();
    let reviews = open()
        .filter(|item| item.check_in.terms.purpose == Purpose::Review)
        .count();
    let others = count.saturating_sub(appointments + reviews);
    let mut pieces = vec![Piece::Heading(Phrase::TodaysCounts {
        appointments,
        reviews,
        others,
    })];
    let mut sorted: Vec<&Item> = items.to_vec();
    sorted.sort_by_key(|item| urgency(item));
    pieces.extend(
        sorted
            .iter()
            .take(LINES_MAX)
            .map(|item| line_card(item, desk)),
    );
    if sorted.len() > LINES_MAX {
        let rest = i64::try_from(sorted.len() - LINES_MAX).unwrap_or(i64::MAX);
        pieces.push(Piece::Quiet(Phrase::RestOfList { count: rest }));
    }
    pieces.push(Piece::Choices(vec![
        choice(Label::Upcoming(Span::Today), Action::Upcoming(Span::Today)),
        choice(
            Label::Upcoming(Span::ThisWeek),
            Action::Upcoming(Span::ThisWeek),
        ),
    ]));
    pieces
}

/// Appointments by their time, then reviews and what is prompt, then the rest
/// by day.
fn urgency(item: &Item) -> (u8, chrono::NaiveDate, Option<chrono::NaiveTime>) {
    let terms = &item.check_in.terms;
    let rank = match (terms.pace, terms.purpose) {
        _ if item.state != ItemState::Open => 4,
        (Pace::Appointment, _) => 0,
        (_, Purpose::Review) => 1,
        (Pace::Prompt, _) => 2,
        _ => 3,
    };
    (rank, terms.window.by, terms.plan.time)
}

/// A household with all that is known, and what can be done.
fn card(item: &Item, desk: &Desk) -> Piece {
    if let Some(piece) = settled_card(item, desk) {
        return piece;
    }
    let (file, terms) = (&item.file, &item.check_in.terms);
    let code = file.household.code.clone();
    let standing = terms.window.standing(desk.today);
    let mut lines = vec![Phrase::PlannedFor { next: told(terms) }];
    if let Standing::Overdue { .. } = standing {
        lines.push(Phrase::Standing { standing });
    }
    lines.push(Phrase::Attempts {
        recent: file.recent.iter().take(ATTEMPTS_MAX).cloned().collect(),
    });
    let met = file
        .recent
        .iter()
        .find(|contact| contact.details.outcome.is_some_and(Outcome::is_met));
    lines.extend(met.map(|contact| Phrase::LastMet(contact.clone())));
    lines.push(Phrase::CardsLeft {
        cards: file.counts.cards,
    });
    lines.extend(course::to_mind(file, desk));
    let taken = taken_by(item, desk);
    lines.extend(taken.map(|name| Phrase::BeingDealtWith {
        code: code.clone(),
        name,
    }));
    Piece::Card {
        title: Phrase::DueTitle {
            code,
            next: told(terms),
        },
        mark: mark(item, desk),
        lines,
        choices: choices(item, desk),
    }
}

fn choices(item: &Item, desk: &Desk) -> Vec<Choice> {
    let check_in = &item.check_in;
    let mut choices = vec![choice(Label::Record, Action::Record(check_in.id))];
    let is_free = taken_by(item, desk).is_none();
    if ladder::may_take(check_in) && is_free {
        choices.push(choice(Label::Take, Action::Take(check_in.id)));
    }
    let redate = if check_in.terms.pace == Pace::Appointment {
        Label::ChangeAppointment
    } else {
        Label::PutOff
    };
    choices.push(choice(redate, Action::Redate(check_in.id)));
    if !desk.leads() {
        choices.push(choice(Label::Consult, Action::Consult(check_in.id)));
    }
    choices
}

/// A line of a longer digest.
fn line_card(item: &Item, desk: &Desk) -> Piece {
    settled_card(item, desk).unwrap_or_else(|| {
        let code = item.file.household.code.clone();
        let terms = &item.check_in.terms;
        let mut lines = vec![Phrase::PlannedFor { next: told(terms) }];
        lines.extend(course::to_mind(&item.file, desk));
        lines.extend(taken_by(item, desk).map(|name| Phrase::BeingDealtWith {
            code: code.clone(),
            name,
        }));
        Piece::Card {
            title: Phrase::DueTitle {
                code: code.clone(),
                next: told(terms),
            },
            mark: mark(item, desk),
            lines,
            choices: vec![choice(Label::Open, Action::Open(code))],
        }
    })
}

/// A household that needs nothing more of the reader.
fn settled_card(item: &Item, desk: &Desk) -> Option<Piece> {
    let code = item.file.household.code.clone();
    let title = match item.state {
        ItemState::Open => return None,
        ItemState::Withdrawn => Phrase::NoLongerThere { code },
        ItemState::Done { by, at } => Phrase::Settled {
            code,
            name: by.and_then(|by| desk.name(by)).unwrap_or_default(),
            on: at.map_or(desk.today, |at| desk.office.calendar.day_of(at)),
        },
    };
    Some(Piece::Card {
        title,
        mark: Mark::Settled,
        lines: Vec::new(),
        choices: Vec::new(),
    })
}

fn taken_by(item: &Item, desk: &Desk) -> Option<String> {
    let taken = item
        .check_in
        .progress
        .taken
        .filter(|taken| desk.now < taken.until)?;
    desk.name(taken.by)
}

fn mark(item: &Item, desk: &Desk) -> Mark {
    match item.check_in.terms.window.standing(desk.today) {
        Standing::Overdue { days } => Mark::Overdue { days },
        Standing::Due => Mark::Due,
        Standing::Upcoming => Mark::Soon,
    }
}

/// What is overdue in the team.
fn led_part(items: &[&Item], desk: &Desk) -> Vec<Piece> {
    let open = items
        .iter()
        .filter(|item| item.state == ItemState::Open)
        .count();
    let mut pieces = vec![Piece::Heading(Phrase::SupervisorTitle { count: open })];
    for item in items.iter().take(lists::ROWS_MAX) {
        let settled = settled_card(item, desk);
        let brief = course::brief_of(&item.file);
        pieces.extend(settled.or_else(|| lists::overdue_card(&brief, desk)));
    }
    if items.len() > lists::ROWS_MAX {
        pieces.push(Piece::Choices(vec![choice(
            Label::Overdue,
            Action::Overdue(None),
        )]));
    }
    pieces
}

/// 16:00, after an appointment without a record.
pub fn appointments(items: &[Item], desk: &Desk) -> Vec<Piece> {
    items.iter().map(|item| appointment(item, desk)).collect()
}

fn appointment(item: &Item, desk: &Desk) -> Piece {
    if let Some(piece) = settled_card(item, desk) {
        return piece;
    }
    let check_in = &item.check_in;
    let kind = check_in.terms.plan.kind.unwrap_or(Kind::Office);
    let code = item.file.household.code.clone();
    if check_in.terms.pace != Pace::Appointment {
        return card(item, desk);
    }
    Piece::Card {
        title: Phrase::HowWasAppointment {
            code,
            time: check_in.terms.plan.time,
        },
        mark: mark(item, desk),
        lines: course::to_mind(&item.file, desk),
        choices: vec![
            choice(Label::Came, Action::RecordKind(check_in.id, kind)),
            choice(
                Label::DidNotCome,
                Action::RecordAs(check_in.id, kind, Outcome::NoShow),
            ),
            choice(Label::ChangeAppointment, Action::Redate(check_in.id)),
        ],
    }
}

/// An alarm, until a person has said that they have read it.
pub fn alarm(alarm: &Alarm, code: &Code, withdrawn: bool, desk: &Desk) -> Vec<Piece> {
    let local = |at: DateTime<Utc>| desk.office.calendar.local(at);
    let title = Phrase::AlarmTitle {
        code: code.clone(),
        danger: alarm.grade == Grade::Danger,
    };
    let by = Phrase::AlarmBy {
        name: desk.name(alarm.raised_by).unwrap_or_default(),
        at: local(alarm.raised_at),
    };
    let open = choice(Label::Open, Action::Open(code.clone()));
    if withdrawn {
        let name = desk.name(alarm.raised_by).unwrap_or_default();
        let lines = vec![
            by,
            Phrase::AlarmWithdrawn {
                code: code.clone(),
                name,
            },
        ];
        return vec![Piece::Card {
            title,
            mark: Mark::Settled,
            lines,
            choices: vec![open],
        }];
    }
    if let Some(confirmed) = alarm.confirmed {
        let name = desk.name(confirmed.by).unwrap_or_default();
        let lines = vec![
            by,
            Phrase::AlarmConfirmed {
                name,
                at: local(confirmed.at),
            },
        ];
        return vec![Piece::Card {
            title,
            mark: Mark::Settled,
            lines,
            choices: vec![open],
        }];
    }
    let mut lines = vec![by];
    lines.extend(
        desk.office
            .card
            .iter()
            .map(|(label, number)| Phrase::OfficeCard {
                label: label.clone(),
                number: number.clone(),
            }),
    );
    let choices = vec![
        choice(Label::AlarmRead, Action::ConfirmAlarm(alarm.id)),
        open,
    ];
    vec![Piece::Card {
        title,
        mark: Mark::Alarm,
        lines,
        choices,
    }]
}

/// One thing that a colleague's message made known.
pub fn notice(notice: &Notice, desk: &Desk) -> Vec<Piece> {
    let name = |person: PersonId| desk.name(person).unwrap_or_default();
    match notice {
        Notice::LoggedFor {
            code,
            by,
            kind,
            outcome,
            window,
        } => vec![
            Piece::Line(Phrase::LoggedFor {
                code: code.clone(),
                name: name(*by),
                kind: *kind,
                outcome: *outcome,
                window: *window,
            }),
            open(code),
        ],
        Notice::DateChanged { code, by, window } => vec![
            Piece::Line(Phrase::DateChangedBy {
                code: code.clone(),
                name: name(*by),
                window: *window,
            }),
            open(code),
        ],
        Notice::AlarmConfirmed { code, by, at } => vec![Piece::Line(Phrase::AlarmConfirmedTo {
            code: code.clone(),
            name: name(*by),
            at: desk.office.calendar.local(*at),
        })],
        Notice::AlarmWithdrawn { code, by, .. } => {
            vec![Piece::Line(Phrase::AlarmWithdrawn {
                code: code.clone(),
                name: name(*by),
            })]
        }
        Notice::Asked { code, by, wish, .. } => {
            let title = Phrase::AskedTitle {
                name: name(*by),
                code: code.clone(),
                wish: *wish,
            };
            vec![asked(notice, title)]
        }
        Notice::Answered {
            code,
            by,
            wish,
            accepted,
        } => vec![Piece::Line(Phrase::AnsweredTo {
            code: code.clone(),
            name: name(*by),
            wish: *wish,
            accepted: *accepted,
        })],
        Notice::Entrusted {
            code,
            by,
            main,
            window,
            ..
        } => vec![
            Piece::Line(Phrase::EntrustedTo {
                code: code.clone(),
                name: name(*by),
                main: *main,
                window: *window,
            }),
            open(code),
        ],
        Notice::Covering {
            person,
            from,
            to,
            due_now,
            due_within,
        } => vec![Piece::Line(Phrase::Covering {
            name: name(*person),
            from: *from,
            to: *to,
            due_now: *due_now,
            due_within: *due_within,
        })],
    }
}

fn open(code: &Code) -> Piece {
    Piece::Choices(vec![choice(Label::Open, Action::Open(code.clone()))])
}

/// A request with the buttons that answer it.
fn asked(notice: &Notice, title: Phrase) -> Piece {
    let Notice::Asked {
        request,
        code,
        wish,
        check_in,
        contacts,
        last_on,
        ..
    } = notice
    else {
        return Piece::Line(title);
    };
    let mut lines = Vec::new();
    if matches!(wish, Wish::Close { .. } | Wish::Transfer) {
        lines.push(Phrase::ClosureFigures {
            contacts: *contacts,
            last_on: *last_on,
        });
    }
    let mut choices = match (wish, check_in) {
        (Wish::HowIsIt, Some(check_in)) => vec![
            choice(Label::Record, Action::Record(*check_in)),
            choice(Label::PutOff, Action::Redate(*check_in)),
            choice(Label::Consult, Action::Consult(*check_in)),
        ],
        (Wish::HowIsIt, None) => Vec::new(),
        _ => vec![
            choice(Label::Accept, Action::Accept(*request)),
            choice(Label::Decline, Action::Decline(*request)),
        ],
    };
    choices.extend(
        code.as_ref()
            .map(|code| choice(Label::Course, Action::Course(code.clone(), None))),
    );
    Piece::Card {
        title,
        mark: Mark::Plain,
        lines,
        choices,
    }
}
