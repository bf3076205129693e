//! The digest of a morning: what is due for the reader, to those who lead also
//! what has climbed to them, and the proof that nothing is lost.
use super::{Item, ItemState, Report, card, line, mark, planned, settled};
use crate::{
    conversation::{
        action::Action,
        decide::{Desk, choice, lists, told},
        meaning::Span,
        phrase::{AuditLine, Label, Phrase, RhythmLine},
        piece::Piece,
        scene::{Brief, File},
    },
    domain::{
        HouseholdId,
        check_in::{NewCheckIn, Pace, Purpose, Standing},
    },
};
use chrono::{NaiveDate, NaiveTime};
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
    if items
        .iter()
        .any(|item| item.is_open() && item.told_by_wrong_clock)
    {
        pieces.push(Piece::Quiet(Phrase::Rhythm(RhythmLine::ToldByWrongClock)));
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
        pieces.push(Piece::Quiet(Phrase::Audit(AuditLine::Proof {
            open: desk.scene.tally.open,
            unscheduled: desk.scene.tally.unscheduled,
            sent: report.proof.made,
            failed: report.proof.undelivered,
        })));
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
    own.sort_by_key(|item| urgency(item, desk.today));
    let (mut open, settled): (Vec<&Item>, Vec<&Item>) =
        led.into_iter().partition(|item| item.is_open());
    open.sort_by_key(|item| (!item.alarm, item.check_in.terms.window.by));
    open.extend(settled);
    (open, own)
}

/// Whether it is a colleague's, and is there because the reader leads the team
/// or stands in for those who do.
fn is_led(item: &Item, desk: &Desk) -> bool {
    let care = item.household.facts.care();
    let decides = desk.leads() && item.check_in.terms.why.is_for_supervisor();
    !decides && !care.is_with(desk.sender(), &desk.scene.roster, desk.today)
}

/// Appointments that are still ahead by their time; then what made the digest
/// necessary, for a long list would hide it; then what was told before. In each,
/// reviews and what is prompt come first, then the rest by day.
fn urgency(item: &Item, today: NaiveDate) -> (u8, u8, NaiveDate, Option<NaiveTime>) {
    let terms = &item.check_in.terms;
    let group = match terms.pace {
        _ if item.state != ItemState::Open => 3,
        Pace::Appointment if today <= terms.window.by => 0,
        _ if item.rung.is_some() => 1,
        _ => 2,
    };
    let rank = match (terms.pace, terms.purpose) {
        (Pace::Appointment, _) | (_, Purpose::Review) => 0,
        (Pace::Prompt, _) => 1,
        (Pace::Ordinary, _) => 2,
    };
    (group, rank, terms.window.by, terms.plan.time)
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

/// What is overdue in the team, and what is due while nobody is there for it.
fn led_part(items: &[&Item], desk: &Desk) -> Vec<Piece> {
    let (overdue, due): (Vec<&Item>, Vec<&Item>) = items
        .iter()
        .partition(|item| !item.is_open() || is_overdue(item, desk));
    let mut pieces = Vec::new();
    if !overdue.is_empty() {
        let count = overdue.iter().filter(|item| item.is_open()).count();
        pieces.push(Piece::Heading(Phrase::SupervisorTitle { count }));
        let shown = overdue.iter().take(lists::ROWS_MAX);
        pieces.extend(shown.map(|item| led_card(item, desk)));
    }
    if !due.is_empty() {
        pieces.push(Piece::Heading(Phrase::ReminderTitle));
        let shown = due.iter().take(lists::ROWS_MAX);
        pieces.extend(shown.map(|item| led_card(item, desk)));
    }
    if overdue.len().max(due.len()) > lists::ROWS_MAX {
        pieces.push(Piece::Choices(vec![
            choice(Label::Overdue, Action::Overdue(None)),
            choice(Label::Upcoming(Span::Today), Action::Upcoming(Span::Today)),
        ]));
    }
    pieces
}

fn is_overdue(item: &Item, desk: &Desk) -> bool {
    let standing = item.check_in.terms.window.standing(desk.today);
    matches!(standing, Standing::Overdue { .. })
}

/// A colleague's household: to those who lead with what they can do about it.
fn led_card(item: &Item, desk: &Desk) -> Piece {
    let brief = || Brief {
        household: item.household.clone(),
        check_in: Some(item.check_in.clone()),
        last: None,
        alarm: item.alarm,
    };
    let leads_row = (desk.leads() && is_overdue(item, desk))
        .then(|| lists::overdue_card(&brief(), desk))
        .flatten();
    settled(item, desk).or(leads_row).unwrap_or_else(|| {
        let code = item.household.code.clone();
        let mut choices = vec![choice(Label::Open, Action::Open(code.clone()))];
        if desk.leads() {
            choices.insert(0, choice(Label::PutOff, Action::Redate(item.check_in.id)));
            choices.insert(0, choice(Label::Reassign, Action::Reassign(code.clone())));
        }
        Piece::Card {
            title: Phrase::DueTitle {
                code,
                next: told(&item.check_in.terms),
            },
            mark: mark(item, desk),
            lines: planned(item, nurse(item, desk), desk),
            choices,
        }
    })
}

/// Whose it is, and until when they are away.
fn nurse(item: &Item, desk: &Desk) -> Option<Phrase> {
    let main = item.household.facts.main?;
    let roster = &desk.scene.roster;
    Some(Phrase::NurseOf {
        name: desk.name(main)?,
        away_until: roster.away_until(main, desk.today),
        cover: roster
            .cover_of(main, desk.today)
            .and_then(|cover| desk.name(cover)),
    })
}
