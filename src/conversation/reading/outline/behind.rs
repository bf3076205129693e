//! 20日に訪問した: a bare day or weekday that is that of a contact, and so lies
//! behind, though alone it would be the next one.
use super::{REACH, has_break, is_kind, is_result};
use crate::conversation::reading::{
    dates::{Day, Found},
    forms::Form,
    lexer::{Token, What},
    normalise::Line,
    sense::Sense,
};

/// Turns such days to the last ones before today.
pub(in super::super) fn settle_days(line: &Line, tokens: &mut [Token<'_>]) {
    let mut told_before = false;
    for index in 0..tokens.len() {
        let last = tokens[index].date().and_then(|found| found.last);
        if let Some(last) = last
            && is_of_contact(line, tokens, index, told_before)
            && let What::Date(found) = tokens[index].what
        {
            tokens[index].what = What::Date(Found {
                day: Day::On(last),
                is_day: true,
                ..found
            });
        }
        told_before |= is_kind(&tokens[index]) || is_result(&tokens[index]);
    }
}

/// A kind stands behind it that is done; or nothing was told before, a result
/// follows, and に or a further date says that the day is not the next one.
fn is_of_contact(line: &Line, tokens: &[Token<'_>], index: usize, told_before: bool) -> bool {
    let gap = |behind: usize| {
        let (start, end) = (tokens[behind - 1].range.end, tokens[behind].range.start);
        line.folded.get(start..end).unwrap_or_default()
    };
    let is_next = index > 0 && tokens[index - 1].is(Sense::Next);
    let in_reach = || (index + 1..tokens.len()).take(REACH);
    let Some(kind) = in_reach()
        .take_while(|behind| !has_break(gap(*behind)))
        .take_while(|behind| tokens[*behind].date().is_none())
        .find(|behind| is_kind(&tokens[*behind]) || is_result(&tokens[*behind]))
    else {
        return false;
    };
    if is_next || !is_kind(&tokens[kind]) {
        return false;
    }
    let typed = &line.folded[tokens[kind].range.clone()];
    if tokens[kind].form == Form::Done && !typed.ends_with("して") {
        return true;
    }
    let result = (kind + 1..tokens.len())
        .take(REACH)
        .take_while(|behind| !has_break(gap(*behind)))
        .take_while(|behind| tokens[*behind].date().is_none())
        .any(|behind| is_result(&tokens[behind]));
    let by_particle = line.folded[tokens[index].range.end..].starts_with('に');
    let further = in_reach().any(|behind| tokens[behind].date().is_some());
    !told_before && result && (by_particle || further)
}
