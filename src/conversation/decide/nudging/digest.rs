//! The digest of a morning: what is due for the reader, to those who lead also
//! what has climbed to them, and the proof that nothing is lost.
use super::{Item, ItemState, Report, card, line, settled};
use crate::{
    conversation::{
        action::Action,
        decide::{Desk, choice, lists},
        meaning::Span,
        phrase::{Label, Phrase},
        piece::Piece,
        scene::{Brief, File},
    },
    domain::{
        HouseholdId,
        check_in::{NewCheckIn, Pace, Purpose},
    },
};
use std::collections::BTreeMap;

/// Households that stand open in a digest with all that is known; with more,
/// a line each.
const OPEN_CARDS_MAX: usize = 3;
/// Lines of a longer digest, and as many that say what is settled; the rest by
/// a button.
const LINES_MAX: usize = 5;

/// The digest. Where a household in it could not be read, it says so.
pub fn digest(
    items: &[Item],
    files: &BTreeMap<HouseholdId, File>,
    report: &Report,
    desk: &Desk,
) -> Vec<Piece> {
    let (led, own) = parted(items, desk);
    let mut pieces = Vec::new();
    if let Some(since) = report.stopped_on {
        let meanwhile = items
            .iter()
            .filter(|item| item.is_open() && since <= item.check_in.terms.window.on);
        pieces.push(Piece::Line(Phrase::NudgesHadStopped {
            since,
            count: meanwhile.count(),
        }));
    }
    if !own.is_empty() {
        pieces.extend(own_part(&own, files, desk));
    }
    if !led.is_empty() {
        pieces.extend(led_part(&led, desk));
    }
    if report.unreadable > 0 {
        pieces.push(Piece::Strong(Phrase::CouldNotShow {
            count: report.unreadable,
        }));
    }
    if desk.leads() {
        pieces.push(Piece::Quiet(Phrase::Proof {
            open: desk.scene.tally.open,
            sent: report.proof.made,
            failed: report.proof.undelivered,
        }));
    }
    pieces
}

/// The households whose files a digest of these items needs.
pub fn in_full(items: &[Item], desk: &Desk) -> Vec<HouseholdId> {
    let (_, own) = parted(items, desk);
    let shown = own.iter().filter(|item| item.is_open()).take(LINES_MAX);
    shown.map(|item| item.household.id).collect()
}

/// What is there because the reader leads the team, and what is the reader's
/// own; what must come first stands first, what is settled last.
fn parted<'a>(items: &'a [Item], desk: &Desk) -> (Vec<&'a Item>, Vec<&'a Item>) {
    let (led, mut own): (Vec<&Item>, Vec<&Item>) =
        items.iter().partition(|item| is_led(item, desk));
    own.sort_by_key(|item| urgency(item));
    let (mut open, settled): (Vec<&Item>, Vec<&Item>) =
        led.into_iter().partition(|item| item.is_open());
    open.sort_by_key(|item| (!item.alarm, item.check_in.terms.window.by));
    open.extend(settled);
    (open, own)
}

/// Whether it is there because the reader leads the team.
fn is_led(item: &Item, desk: &Desk) -> bool {
    let care = item.household.facts.care();
    desk.leads()
        && !item.check_in.terms.why.is_for_supervisor()
        && !care.is_with(desk.sender(), &desk.scene.roster, desk.today)
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

fn own_part(items: &[&Item], files: &BTreeMap<HouseholdId, File>, desk: &Desk) -> Vec<Piece> {
    let file = |item: &Item| files.get(&item.household.id);
    let open: Vec<&Item> = items
        .iter()
        .copied()
        .filter(|item| item.is_open())
        .collect();
    if items.len() <= OPEN_CARDS_MAX {
        let title = Piece::Heading(Phrase::GoodMorning { count: open.len() });
        let cards = items.iter().map(|item| card(item, file(item), desk));
        return std::iter::once(title).chain(cards).collect();
    }
    let mut pieces = vec![Piece::Heading(counts(&open))];
    let lines = open.iter().take(LINES_MAX);
    pieces.extend(lines.map(|item| line(item, file(item), desk)));
    let done = items.iter().filter_map(|item| settled(item, desk));
    pieces.extend(done.take(LINES_MAX));
    if open.len() > LINES_MAX {
        let rest = i64::try_from(open.len() - LINES_MAX).unwrap_or(i64::MAX);
        pieces.push(Piece::Quiet(Phrase::RestOfList { count: rest }));
    }
    let spans = [Span::Today, Span::ThisWeek];
    pieces.push(Piece::Choices(
        spans
            .map(|span| choice(Label::Upcoming(span), Action::Upcoming(span)))
            .into(),
    ));
    pieces
}

fn counts(open: &[&Item]) -> Phrase {
    let count = |is: fn(&NewCheckIn) -> bool| {
        let those = open.iter().filter(|item| is(&item.check_in.terms));
        those.count()
    };
    let appointments = count(|terms| terms.pace == Pace::Appointment);
    let reviews =
        count(|terms| terms.pace != Pace::Appointment && terms.purpose == Purpose::Review);
    Phrase::TodaysCounts {
        appointments,
        reviews,
        others: open.len() - appointments - reviews,
    }
}

/// What is overdue in the team.
fn led_part(items: &[&Item], desk: &Desk) -> Vec<Piece> {
    let open = items.iter().filter(|item| item.is_open()).count();
    let mut pieces = vec![Piece::Heading(Phrase::SupervisorTitle { count: open })];
    for item in items.iter().take(lists::ROWS_MAX) {
        let brief = Brief {
            household: item.household.clone(),
            check_in: Some(item.check_in.clone()),
            last: None,
            alarm: item.alarm,
        };
        pieces.extend(settled(item, desk).or_else(|| lists::overdue_card(&brief, desk)));
    }
    if items.len() > lists::ROWS_MAX {
        pieces.push(Piece::Choices(vec![choice(
            Label::Overdue,
            Action::Overdue(None),
        )]));
    }
    pieces
}
