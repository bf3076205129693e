//! The next check-in that a line names, and how it is planned.
mod theirs;

use super::{
    dates::{Day, Found, Shape},
    forms::Form,
    lexer::{Token, What},
    outline::{Outline, REACH, Standing, has_break, kind_of, partner_of},
    sense::{Command, Sense},
    time::Clock,
};
use crate::{
    conversation::meaning::{Due, SaidDate, UnclearDate},
    domain::{
        calendar::{Calendar, days_after, monday_of, month_end},
        check_in::Plan,
        contact::{Kind, Outcome, PartOfDay, Signs},
    },
};
use chrono::{Datelike, NaiveDate, NaiveTime, TimeDelta, Weekday};

/// The next date, the plan for it, and whether it was agreed.
pub(super) struct Next {
    pub due: Due,
    pub plan: Plan,
    pub appointment: bool,
    /// What was typed of a date that is none, to be named back.
    pub unresolved: Option<String>,
}

/// What the line says of the next time. Urgent dates stay where they are.
pub(super) fn next(outline: &Outline<'_, '_>, calendar: &Calendar, urgent: bool) -> Next {
    let chosen = chosen(outline);
    let plan = plan(outline, chosen);
    let appointment = chosen.is_some_and(|index| is_appointment(outline, index, plan.time));
    let due = match chosen.and_then(|index| Some((index, outline.tokens[index].date()?))) {
        Some((_, found)) => said(found, outline.today, calendar, appointment || urgent),
        None if outline.is_urgent() => today(outline.today),
        None if has(outline, Sense::Vague) => Due::Unclear(UnclearDate::Vague),
        None if is_later_today(outline) => today(outline.today),
        None => Due::Unsaid,
    };
    let unresolved = match due {
        Due::Unclear(_) => chosen
            .or_else(|| (0..outline.tokens.len()).find(|index| outline.says(*index, Sense::Vague)))
            .map(|index| outline.line.text[outline.tokens[index].range.clone()].to_owned()),
        Due::Unsaid | Due::Said(_) => None,
    };
    Next {
        due,
        plan,
        appointment,
        unresolved,
    }
}

/// The exact day that is said, before it is moved to an open one: talk needs no more,
/// and is most of what is read.
pub(super) fn day(outline: &Outline<'_, '_>) -> Option<NaiveDate> {
    let Some(found) = chosen(outline).and_then(|index| outline.tokens[index].date()) else {
        let is_today =
            outline.is_urgent() || !has(outline, Sense::Vague) && is_later_today(outline);
        return is_today.then_some(outline.today);
    };
    let Day::On(on) = found.day else { return None };
    let is_exact = found.other_weekday.is_none() && !found.is_guess;
    let is_ahead = on >= outline.today || found.shape == Shape::Limit;
    (is_exact && is_ahead).then_some(on)
}

fn today(today: NaiveDate) -> Due {
    Due::Said(SaidDate {
        on: today,
        due_on: today,
        due_by: today,
        by_weekday: None,
        guessed: false,
    })
}

/// 夕方もう一度かけます, 夕方また: a later part of the day before what is planned.
fn is_later_today(outline: &Outline<'_, '_>) -> bool {
    let is_last =
        |index: usize| index + 1 == outline.tokens.len() && outline.tokens[index].is(Sense::Next);
    (1..outline.tokens.len()).any(|index| {
        let later = matches!(
            outline.tokens[index - 1].what,
            What::Clock(Clock::Part(PartOfDay::Afternoon | PartOfDay::Evening))
        );
        later
            && (is_last(index)
                || outline.standing[index] == Standing::Planned
                    && kind_of(&outline.tokens[index]).is_some())
            && !has_break(outline.gap(index - 1, index))
    })
}

fn has(outline: &Outline<'_, '_>, sense: Sense) -> bool {
    (0..outline.tokens.len()).any(|index| outline.says(index, sense))
}

/// The date that is the next one: the corrected one, that of 次回, else the earliest.
fn chosen(outline: &Outline<'_, '_>) -> Option<usize> {
    let candidates: Vec<usize> = (0..outline.tokens.len())
        .filter(|index| outline.stands(*index))
        .filter(|index| is_next_date(outline, *index) && !is_second_to(outline, *index))
        .filter(|index| !is_moved(outline, *index))
        .collect();
    let candidates = theirs::left_out_of(outline, candidates);
    if outline.corrects {
        return candidates.last().copied();
    }
    let marked = candidates
        .iter()
        .find(|index| outline.is_said_as_plan(**index));
    marked.copied().or_else(|| {
        candidates
            .iter()
            .min_by_key(|index| {
                outline.tokens[**index].date().map(|found| match found.day {
                    Day::On(day) => day,
                    Day::Impossible { .. } | Day::None => NaiveDate::MAX,
                })
            })
            .copied()
    })
}

/// 12月2日〜9日: the earlier end of a range holds. 水曜(祝日なら木曜): not what
/// holds only in a case.
fn is_second_to(outline: &Outline<'_, '_>, index: usize) -> bool {
    if index == 0 {
        return false;
    }
    let gap = outline.gap(index - 1, index).trim();
    let is_range = outline.tokens[index - 1].date().is_some()
        && matches!(
            gap,
            "~" | "から" | "-" | "to" | "or" | "か" | "または" | "・"
        );
    // 出ないなら12/10訪問: the only one holds.
    let is_other_case = || {
        (gap.ends_with("なら") || gap.ends_with("の場合は"))
            && (index.saturating_sub(REACH)..index)
                .any(|before| outline.tokens[before].date().is_some())
    };
    is_range || is_other_case()
}

/// 12/10の来所を12/17 14時に変更: the later date takes the place of this one.
fn is_moved(outline: &Outline<'_, '_>, index: usize) -> bool {
    let later =
        (index + 1..outline.tokens.len()).find(|later| outline.tokens[*later].date().is_some());
    let Some(later) = later else {
        return false;
    };
    let between =
        &outline.line.folded[outline.tokens[index].range.end..outline.tokens[later].range.start];
    let behind = outline.after(later);
    let clause = behind.split(['。', '\n']).next().unwrap_or(behind);
    let is_from = ["を", "から", "→", "from"]
        .iter()
        .any(|mark| between.trim().ends_with(mark));
    let is_to = || is_moved_to(outline, later) && is_one_clause(between);
    !has_break(between) && (is_from && MOVED.iter().any(|word| clause.contains(word)) || is_to())
}

/// 12/17に延期, 12/17 14時へ変更
fn is_moved_to(outline: &Outline<'_, '_>, date: usize) -> bool {
    let is_timed = outline.tokens.get(date + 1).is_some_and(|token| {
        matches!(token.what, What::Clock(_)) && outline.gap(date, date + 1).trim().is_empty()
    });
    let after = outline.after(date + usize::from(is_timed));
    after
        .strip_prefix(['に', 'へ'])
        .is_some_and(|after| MOVED.iter().any(|word| after.starts_with(word)))
}

/// Nothing breaks the text, unless what stands before the break is its reason.
fn is_one_clause(text: &str) -> bool {
    text.split_inclusive([' ', '、', ',']).all(|part| {
        let told = part.trim_end_matches([' ', '、', ',']);
        told.len() == part.len()
            || ["ので", "ため", "が", "て", "で"]
                .iter()
                .any(|joint| told.ends_with(joint))
    })
}

/// What says that a date takes the place of another, behind に or へ.
const MOVED: [&str; 7] = ["変更", "延期", "変え", "移", "ずら", "振替", "振り替え"];

/// Dates ahead, and dates of today or before that are said as a plan; not those
/// on which something befalls the household (来月入院).
fn is_next_date(outline: &Outline<'_, '_>, index: usize) -> bool {
    let Some(found) = outline.tokens[index].date() else {
        return false;
    };
    let befalls = outline.tokens.get(index + 1).is_some_and(|token| {
        token.senses().iter().any(|sense| {
            matches!(
                sense,
                Sense::Outcome(
                    Outcome::Hospitalised | Outcome::Moved | Outcome::Died | Outcome::Missing
                )
            )
        }) && outline.gap(index, index + 1).chars().count() <= 2
    });
    let is_not_ours = theirs::is_of_their_affairs(outline, index)
        || theirs::is_past(outline, index)
        || theirs::is_time_of_contacts(outline, index);
    let resumes = outline
        .tokens
        .get(index + 1)
        .is_some_and(|token| token.is(Sense::Command(Command::Resume)));
    // 12月から1月にかけて
    let is_range = outline
        .tokens
        .get(index + 1)
        .is_some_and(|token| token.date().is_some() && outline.gap(index, index + 1) == "から");
    let after = outline.after(index);
    let since = after.starts_with("以来")
        || after.starts_with("から") && !after.starts_with("からまた") && !resumes && !is_range;
    // 今日訪問予定だったが中止, 11/20来所予定 来ず: that plan is over. A day ahead is so
    // only where it is itself what was called off.
    let is_over = match found.day {
        Day::On(day) if day <= outline.today => failed_later(outline, index),
        _ => is_what_was_called_off(outline, index),
    };
    let is_since = outline.line.folded[..outline.tokens[index].range.start].ends_with("since ");
    if befalls || is_not_ours || is_over || is_since || (since && !found.is_full) {
        return false;
    }
    let today_planned = match found.day {
        Day::On(day) => {
            day == outline.today
                && (stands_by_a_plan(outline, index) || is_called_for(outline, index))
        }
        Day::Impossible { .. } | Day::None => false,
    };
    outline.is_ahead(index) || outline.is_said_as_plan(index) || today_planned
}

/// 大家さんから連絡 物音がしない 今日: the last word behind a worrying sign.
fn is_called_for(outline: &Outline<'_, '_>, index: usize) -> bool {
    let is_last = index + 1 == outline.tokens.len() && outline.after(index).trim().is_empty();
    is_last
        && index.checked_sub(1).is_some_and(|before| {
            outline.tokens[before].is(Sense::Sign(Signs::Worrying))
                && matches!(outline.gap(before, index), " " | "、" | "。")
        })
}

/// 今日また電話します, visit today: a kind that is yet to come stands beside it.
fn stands_by_a_plan(outline: &Outline<'_, '_>, index: usize) -> bool {
    let before = index.checked_sub(1).is_some_and(|before| {
        // English alone names the day last.
        outline.standing[before] == Standing::Planned
            && outline.line.folded[outline.tokens[before].range.clone()].is_ascii()
            && outline.gap(before, index) == " "
            && kind_of(&outline.tokens[before]).is_some()
    });
    before
        || (index + 1..outline.tokens.len())
            .take(REACH)
            .take_while(|behind| !has_break(outline.gap(behind - 1, *behind)))
            .take_while(|behind| outline.tokens[*behind].date().is_none())
            .find(|behind| kind_of(&outline.tokens[*behind]).is_some())
            .is_some_and(|behind| {
                // no show today, call tomorrow: English names the day last.
                let has_its_day = outline.tokens.get(behind + 1).is_some_and(|token| {
                    token.date().is_some() && outline.gap(behind, behind + 1) == " "
                });
                outline.standing[behind] == Standing::Planned && !has_its_day
            })
}

fn said(found: Found, today: NaiveDate, calendar: &Calendar, stays: bool) -> Due {
    let on = match found.day {
        Day::On(on) => on,
        Day::Impossible { year, month, day } => {
            return Due::Unclear(impossible(year, month, day, today, calendar));
        }
        Day::None => return Due::Unclear(UnclearDate::Vague),
    };
    if on < today && found.shape != Shape::Limit {
        return Due::Unclear(UnclearDate::Past(on));
    }
    let due_on = match found.shape {
        _ if stays => on.max(today),
        Shape::Limit => calendar.open_until(on).max(today),
        _ => calendar.open_from(on),
    };
    Due::Said(SaidDate {
        on,
        due_on,
        due_by: last_day(found.shape, on, due_on, calendar),
        by_weekday: found.other_weekday.map(|weekday| nearest(weekday, on)),
        guessed: found.is_guess,
    })
}

/// The last day of the window (目安の幅 of the design). Ends move back to an open
/// day, but never before the first day.
fn last_day(shape: Shape, on: NaiveDate, due_on: NaiveDate, calendar: &Calendar) -> NaiveDate {
    let end = match shape {
        Shape::Exact | Shape::Limit => return due_on,
        Shape::Weeks => return calendar.open_days_after(due_on, 2),
        Shape::Months => return calendar.open_days_after(due_on, 5),
        Shape::Week => monday_of(on) + TimeDelta::days(4),
        Shape::Until(day) => on.with_day(day).unwrap_or(on),
        Shape::Month => month_end(on),
    };
    calendar.open_until(end).max(due_on)
}

/// The month's last day and the day after it, moved to open days, and not
/// before today.
fn impossible(
    year: i32,
    month: u32,
    day: u32,
    today: NaiveDate,
    calendar: &Calendar,
) -> UnclearDate {
    let Some(first) = NaiveDate::from_ymd_opt(year, month, 1) else {
        return UnclearDate::Vague;
    };
    let last = month_end(first);
    UnclearDate::Impossible {
        year,
        month,
        day,
        before: calendar.open_until(last).max(today),
        after: calendar.open_from(days_after(last, 1)),
    }
}

/// The nearest date with that weekday.
fn nearest(weekday: Weekday, on: NaiveDate) -> NaiveDate {
    let ahead = i64::from(weekday.days_since(on.weekday()));
    on + TimeDelta::days(if ahead > 3 { ahead - 7 } else { ahead })
}

/// Kind, time and partner of the next contact.
fn plan(outline: &Outline<'_, '_>, chosen: Option<usize>) -> Plan {
    let planned: Vec<usize> = (0..outline.tokens.len())
        .filter(|index| outline.standing[*index] == Standing::Planned)
        .collect();
    let kind_at = planned
        .iter()
        .filter(|index| !failed_later(outline, **index))
        .find(|index| kind_of(&outline.tokens[**index]).is_some());
    let kind = kind_at.and_then(|index| {
        let kind = kind_of(&outline.tokens[*index])?;
        Some(outline.kind_in_place(*index, kind))
    });
    let time = chosen.and_then(|index| time_of(outline, index));
    let partner = planned
        .iter()
        .find_map(|index| partner_of(&outline.tokens[*index]));
    let together = planned
        .iter()
        .any(|index| outline.tokens[*index].is(Sense::Together));
    Plan {
        kind: match kind {
            Some(Kind::Visit) if together && partner.is_some() => Some(Kind::Accompany),
            kind => kind,
        },
        time,
        partner,
    }
}

fn is_failure(token: &Token<'_>) -> bool {
    let mut senses = token.senses().iter();
    senses.any(|sense| {
        matches!(
            sense,
            Sense::Outcome(Outcome::NoShow | Outcome::Cancelled | Outcome::CalledOff)
        )
    })
}

/// 12/10の来所をキャンセル, 12/10は来られない; not 次回12/3来所キャンセル, nor 12/17に延期.
/// cancelled Thursday's visit: English names the failure first.
fn is_what_was_called_off(outline: &Outline<'_, '_>, index: usize) -> bool {
    let failed = (index + 1..outline.tokens.len())
        .take(REACH)
        .take_while(|behind| {
            let gap = outline.gap(behind - 1, *behind);
            let is_timed = matches!(outline.tokens[*behind].what, What::Clock(_)) && gap == " ";
            is_timed || matches!(gap, "" | "の" | "を" | "は" | "が" | "も")
        })
        .find(|behind| !belongs_to_what_was_booked(&outline.tokens[*behind]))
        .filter(|behind| {
            let token = &outline.tokens[*behind];
            is_failure(token) && token.form != Form::Denied
        });
    let is_said_of_it = |behind: usize| !outline.gap(behind - 1, behind).is_empty();
    if failed.is_some_and(|behind| is_said_of_it(behind) || !outline.is_said_as_plan(index)) {
        return true;
    }
    outline.after(index).starts_with("'s")
        && (index.saturating_sub(2)..index).any(|before| {
            is_failure(&outline.tokens[before]) && !outline.gap(before, before + 1).contains(',')
        })
}

/// What may stand between a day and that it was called off: 12/10来所予定だったがキャンセル.
fn belongs_to_what_was_booked(token: &Token<'_>) -> bool {
    kind_of(token).is_some()
        || matches!(token.what, What::Clock(_))
        || token.senses().iter().any(|sense| {
            matches!(
                sense,
                Sense::Planned
                    | Sense::Appointment
                    | Sense::Filler
                    | Sense::Whom(_)
                    | Sense::Met
                    // 訪問予定は
                    | Sense::Command(Command::Upcoming)
            )
        })
}

/// 来所予定 来ず: what was planned is past.
fn failed_later(outline: &Outline<'_, '_>, index: usize) -> bool {
    let date_between =
        |behind: usize| (index + 1..behind).any(|between| outline.tokens[between].date().is_some());
    (index + 1..outline.tokens.len()).take(REACH).any(|behind| {
        is_failure(&outline.tokens[behind])
            && outline.tokens[behind].form != Form::Denied
            && !date_between(behind)
    })
}

/// The time of day that stands behind the date, before anything else is told.
fn time_of(outline: &Outline<'_, '_>, date: usize) -> Option<NaiveTime> {
    (date + 1..outline.tokens.len())
        .take(REACH)
        .take_while(|behind| !has_break(outline.gap(behind - 1, *behind)))
        .take_while(|behind| {
            let token = &outline.tokens[*behind];
            matches!(token.what, What::Clock(_) | What::Word(_)) && token.date().is_none()
        })
        .find_map(|behind| match outline.tokens[behind].what {
            What::Clock(Clock::At(time)) => Some(time),
            _ => None,
        })
}

/// Rule 13: 次回, 約束, 予約, アポ or 面談 with a full date and a time of day, or
/// 予約, 約束, アポ with a full date. Ours: also 予約, 約束, アポ with any exact day
/// and a time of day.
fn is_appointment(outline: &Outline<'_, '_>, index: usize, time: Option<NaiveTime>) -> bool {
    let Some(found) = outline.tokens[index].date() else {
        return false;
    };
    let agreed = (0..outline.tokens.len()).any(|at| {
        let token = &outline.tokens[at];
        token.is(Sense::Appointment)
            && outline.stands(at)
            && token.form != Form::Denied
            && !failed_later(outline, at)
    });
    let next = outline.is_said_as_plan(index)
        || (0..outline.tokens.len()).any(|at| {
            outline.tokens[at].is(Sense::Met) && outline.standing[at] == Standing::Planned
        });
    let timed = time.is_some();
    let exact = found.shape == Shape::Exact;
    exact && ((agreed && (found.is_full || timed)) || (next && found.is_full && timed))
}
