//! Times of day and counts, as they are typed.
use super::dates::leading_number;
use crate::domain::contact::PartOfDay;
use chrono::NaiveTime;

/// A time of day, or only its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    At(NaiveTime),
    Part(PartOfDay),
}

/// What makes of an hour up to eleven one of the morning or of the later day.
const HALVES: [(&str, bool); 7] = [
    ("午前", false),
    ("午後", true),
    ("am", false),
    ("pm", true),
    ("夕方", true),
    ("夜", true),
    ("朝", false),
];

const PARTS: [(&str, PartOfDay); 12] = [
    ("午前中", PartOfDay::Morning),
    ("午前", PartOfDay::Morning),
    ("朝一", PartOfDay::Morning),
    ("朝いち", PartOfDay::Morning),
    ("午後", PartOfDay::Afternoon),
    ("昼過ぎ", PartOfDay::Afternoon),
    ("夕方以降", PartOfDay::Evening),
    ("夕方", PartOfDay::Evening),
    ("夜間", PartOfDay::Evening),
    ("morning", PartOfDay::Morning),
    ("afternoon", PartOfDay::Afternoon),
    ("evening", PartOfDay::Evening),
];

const UNITS: [&str; 31] = [
    "回目",
    "回",
    "かいめ",
    "かい",
    "人目",
    "人",
    "名",
    "枚目",
    "枚",
    "通目",
    "通",
    "件",
    "分間",
    "分",
    "時間",
    "歳",
    "才",
    "個",
    "号",
    "階",
    "度",
    "番",
    "円",
    "台",
    "本",
    "点",
    "代",
    "%",
    "times",
    "minutes",
    "min",
];

const FIRSTS: [char; 19] = [
    '午', '夕', '夜', '朝', '昼', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十', 'a',
    'm', 'p', 'e',
];

/// Whether a time or a count can begin with this letter.
pub(super) fn may_begin(c: char) -> bool {
    c.is_ascii_digit() || FIRSTS.contains(&c)
}

/// The time with which a folded text begins, and its length.
pub(super) fn at_start(folded: &str) -> Option<(usize, Clock)> {
    let length = |rest: &str| folded.len() - rest.len();
    match japanese(folded).or_else(|| english(folded)) {
        // 14時間 is no time of day, nor is 25時.
        Some((rest, _)) if rest.starts_with('間') => None,
        Some((rest, time)) => Some((length(rest), Clock::At(time?))),
        None => PARTS
            .iter()
            .find(|(word, _)| folded.starts_with(word))
            .map(|(word, part)| (word.len(), Clock::Part(*part))),
    }
}

/// 14時, 午後2時半, 9:05, 10時15分ごろ
fn japanese(folded: &str) -> Option<(&str, Option<NaiveTime>)> {
    let (late, rest) = half(folded);
    let (hour, rest) = leading_number(rest, 2)?;
    let (minute, rest) = match rest.strip_prefix('時') {
        Some(rest) => match rest.strip_prefix('半') {
            Some(rest) => (30, rest),
            None => minutes(rest).unwrap_or((0, rest)),
        },
        None => {
            let rest = rest.strip_prefix(':')?;
            let (minute, after) = leading_number(rest, 2)?;
            (minute, (rest.len() - after.len() == 2).then_some(after)?)
        }
    };
    let (later, rest) = am_or_pm(rest).unwrap_or((false, rest));
    let rest = ["ごろ", "頃", "ころ", "から", "より"]
        .iter()
        .find_map(|about| rest.strip_prefix(about))
        .unwrap_or(rest);
    Some((rest, time(hour, minute, late || later)))
}

fn minutes(rest: &str) -> Option<(u32, &str)> {
    let (minute, rest) = leading_number(rest, 2)?;
    Some((minute, rest.strip_prefix('分')?))
}

/// 2pm, at 10:30 am
fn english(folded: &str) -> Option<(&str, Option<NaiveTime>)> {
    let rest = folded.strip_prefix("at ").unwrap_or(folded);
    let (hour, rest) = leading_number(rest, 2)?;
    let (minute, rest) = rest
        .strip_prefix(':')
        .and_then(|rest| leading_number(rest, 2))
        .unwrap_or((0, rest));
    let (late, after) = am_or_pm(rest)?;
    let ends = !after.starts_with(|c: char| c.is_ascii_alphanumeric());
    ends.then_some((after, time(hour, minute, late)))
}

/// Whether 午後 or the like stands at the start, and what follows it.
fn half(text: &str) -> (bool, &str) {
    HALVES
        .iter()
        .find_map(|(word, late)| Some((*late, text.strip_prefix(word)?)))
        .map_or((false, text), |(late, rest)| {
            (late, rest.strip_prefix(' ').unwrap_or(rest))
        })
}

fn am_or_pm(text: &str) -> Option<(bool, &str)> {
    let text = text.strip_prefix(' ').unwrap_or(text);
    [("am", false), ("pm", true)]
        .iter()
        .find_map(|(mark, late)| Some((*late, text.strip_prefix(mark)?)))
}

fn time(hour: u32, minute: u32, late: bool) -> Option<NaiveTime> {
    let hour = if late && hour < 12 { hour + 12 } else { hour };
    NaiveTime::from_hms_opt(hour, minute, 0)
}

/// The length of the count with which a folded text begins.
pub(super) fn count_at_start(folded: &str) -> Option<usize> {
    let (_, rest) = leading_number(folded, 4)?;
    // 045 本人: a space stands only before an English unit.
    let unit = UNITS
        .iter()
        .find(|unit| rest.starts_with(**unit))
        .or_else(|| {
            let mut english = UNITS.iter().filter(|unit| unit.is_ascii());
            english.find(|unit| {
                rest.strip_prefix(' ')
                    .is_some_and(|rest| rest.starts_with(**unit))
            })
        })?;
    let space = usize::from(rest.starts_with(' '));
    Some(folded.len() - rest.len() + space + unit.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_in_many_spellings() {
        for (text, expected) in [
            ("14時", "14:00:00"),
            ("午後2時半", "14:30:00"),
            ("9:05", "09:05:00"),
            ("10時15分", "10:15:00"),
            ("2pm", "14:00:00"),
            ("at 10:30 am", "10:30:00"),
            ("夕方5時ごろ", "17:00:00"),
            ("十時半", "10:30:00"),
        ] {
            let time = match at_start(text) {
                Some((length, Clock::At(time))) if length == text.len() => time.to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(time, expected, "{text}");
        }
        for text in ["25時", "2時間", "14", "9:5"] {
            assert!(!matches!(at_start(text), Some((_, Clock::At(_)))), "{text}");
        }
    }

    #[test]
    fn counts_are_no_dates() {
        assert_eq!(count_at_start("3回目の"), Some("3回目".len()));
        assert_eq!(count_at_start("十人"), Some("十人".len()));
        assert_eq!(count_at_start("3日"), None);
    }
}
