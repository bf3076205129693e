//! Several households in one line: a log of each, where each has its own outcome.
use super::{
    Reading, Setting,
    lexer::What,
    outline::{is_close, is_kind},
    read_one,
};
use crate::conversation::meaning::{Due, Intent, Meaning};
use std::ops::Range;

/// More households than these in one line are asked about.
const HOUSEHOLDS_MAX: usize = 20;

/// What says that a date at the end is that of all.
const FOR_ALL: [&str; 6] = ["どちらも", "両方", "両世帯", "いずれも", "ともに", "both"];

/// The log of each household in the order typed; None where one of them has no
/// outcome of its own, or is named twice.
pub(super) fn logs(reading: &Reading<'_, '_>) -> Option<Vec<Meaning>> {
    let (header, parts) = parts(reading)?;
    let text = &reading.outline.line.text;
    let setting = reading.setting;
    let mut logs: Vec<Meaning> = parts
        .iter()
        .map(|part| log(&text[header.clone()], &text[part.clone()], setting))
        .collect::<Option<_>>()?;
    let last = parts.last()?;
    if FOR_ALL.iter().any(|mark| text[last.clone()].contains(mark)) {
        share_date(&mut logs);
    }
    Some(logs)
}

/// One household's log. The header names the kind or the day of all those that
/// name none of their own (昨日の訪問 …).
fn log(header: &str, part: &str, setting: &Setting<'_>) -> Option<Meaning> {
    let is_whole = |log: &Meaning| {
        log.intent == Intent::Log && log.contact.outcome.is_some() && log.households.len() == 1
    };
    let mut alone = read_one(part, setting);
    if header.trim().is_empty() || alone.contact.on != setting.today {
        return Some(alone).filter(is_whole);
    }
    let with_header = read_one(&format!("{header}{part}"), setting);
    if alone.contact.kind.is_none() {
        return Some(with_header).filter(is_whole);
    }
    alone.contact.on = with_header.contact.on;
    Some(alone).filter(is_whole)
}

/// The text before the households, and that of each.
fn parts(reading: &Reading<'_, '_>) -> Option<(Range<usize>, Vec<Range<usize>>)> {
    let outline = &reading.outline;
    let codes: Vec<usize> = (0..outline.tokens.len())
        .filter(|index| matches!(outline.tokens[*index].what, What::Code(_)))
        .take(HOUSEHOLDS_MAX + 1)
        .collect();
    if codes.len() != reading.codes().len() || codes.len() > HOUSEHOLDS_MAX {
        return None;
    }
    // 訪問 H-12 不在、電話 H-13 不通: the kind stands before each code.
    let kind_first = codes
        .iter()
        .all(|code| kind_before(reading, *code).is_some());
    let starts: Vec<usize> = codes
        .iter()
        .map(|code| {
            let first = kind_before(reading, *code).filter(|_| kind_first);
            outline.tokens[first.unwrap_or(*code)].range.start
        })
        .collect();
    let ends = starts
        .iter()
        .skip(1)
        .copied()
        .chain([outline.line.text.len()]);
    let parts = starts
        .iter()
        .copied()
        .zip(ends)
        .map(|(start, end)| start..end);
    Some((0..*starts.first()?, parts.collect()))
}

/// The kind that stands right before a code.
fn kind_before(reading: &Reading<'_, '_>, code: usize) -> Option<usize> {
    let outline = &reading.outline;
    let before = code.checked_sub(1)?;
    (is_kind(&outline.tokens[before]) && is_close(outline.gap(before, code))).then_some(before)
}

/// Gives the date of the last to those that have none.
fn share_date(logs: &mut [Meaning]) {
    let Some((last, others)) = logs.split_last_mut() else {
        return;
    };
    for log in others.iter_mut().filter(|log| log.due == Due::Unsaid) {
        log.due = last.due.clone();
        log.plan = last.plan.clone();
        log.ask = super::asks(log);
    }
}
