//! 訪問の2週間後, 連休明けの1週間後: a span that is counted from a contact, or from a
//! time that is no date, rather than from today.
use super::{REACH, is_kind};
use crate::conversation::reading::{
    dates::{self, Day, Found},
    lexer::{Token, What},
    normalise::Line,
    sense::Sense,
};
use chrono::NaiveDate;

/// Counts such spans anew. From the contact of a day that was told it is that
/// day; of a vague time nothing can be counted, and both together are asked about.
pub(in super::super) fn settle_spans(line: &Line, tokens: &mut [Token<'_>], today: NaiveDate) {
    for index in 1..tokens.len() {
        let before = &tokens[index - 1];
        let gap = line.folded.get(before.range.end..tokens[index].range.start);
        let Some(found) = tokens[index].date() else {
            continue;
        };
        if found.counted.is_none() || !gap.is_some_and(is_joint) {
            continue;
        }
        let start = before.range.start;
        if before.is(Sense::Vague) {
            let day = Day::None;
            tokens[index].what = What::Date(Found { day, ..found });
            tokens[index].range.start = start;
            tokens[index - 1].range.end = start;
        } else if is_kind(before)
            && let Some(day) = day_of_contact(&tokens[..index], today)
            && let Some(found) = dates::counted_from(found, day)
        {
            tokens[index].what = What::Date(found);
        }
    }
}

fn is_joint(gap: &str) -> bool {
    matches!(gap, "の" | "から" | "より" | "から数えて")
}

/// The last day before today that was told.
fn day_of_contact(before: &[Token<'_>], today: NaiveDate) -> Option<NaiveDate> {
    before
        .iter()
        .rev()
        .take(REACH)
        .filter_map(Token::date)
        .find_map(|found| match found.day {
            Day::On(day) if found.is_day && day < today => Some(day),
            _ => None,
        })
}
