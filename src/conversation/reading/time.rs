//! Times of day and counts, as they are typed.
use crate::domain::contact::PartOfDay;
use chrono::NaiveTime;
use regex::Regex;
use std::sync::LazyLock;

/// A time of day, or only its part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Clock {
    At(NaiveTime),
    Part(PartOfDay),
}

static TIME: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?P<half>午前|午後|am|pm|夕方|夜|朝)?\s?",
        r"(?P<hour>\d{1,2})(?:時(?P<past>半|(?P<minute>\d{1,2})分)?|:(?P<minutes>\d{2}))",
        r"\s?(?P<after>am|pm)?(?:ごろ|頃|ころ|から|より)?",
    ))
    .expect("the pattern is tested to be sound")
});

static ENGLISH: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"^(?:at\s)?(?P<hour>\d{1,2})(?::(?P<minutes>\d{2}))?\s?(?P<after>am|pm)\b")
        .expect("the pattern is tested to be sound")
});

static COUNT: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(concat!(
        r"^(?:[0-9]{1,4}|[一二三四五六七八九十]{1,3})",
        r"(?:回目|回|かいめ|かい|人目|人|名|枚目|枚|通目|通|件|分間|分|時間|歳|才|個|号|階|度|番|円|台|本|点|代|%|times|minutes|min)",
    ))
    .expect("the pattern is tested to be sound")
});

const PARTS: [(&str, PartOfDay); 10] = [
    ("午前中", PartOfDay::Morning),
    ("午前", PartOfDay::Morning),
    ("朝一", PartOfDay::Morning),
    ("午後", PartOfDay::Afternoon),
    ("夕方以降", PartOfDay::Evening),
    ("夕方", PartOfDay::Evening),
    ("夜間", PartOfDay::Evening),
    ("morning", PartOfDay::Morning),
    ("afternoon", PartOfDay::Afternoon),
    ("evening", PartOfDay::Evening),
];

/// The time with which a folded text begins, and its length.
pub(super) fn at_start(folded: &str) -> Option<(usize, Clock)> {
    for pattern in [&*TIME, &*ENGLISH] {
        let Some(found) = pattern.captures(folded) else {
            continue;
        };
        let number = |name: &str| {
            found
                .name(name)
                .and_then(|part| part.as_str().parse::<u32>().ok())
        };
        let is = |name: &str, words: &[&str]| {
            found
                .name(name)
                .is_some_and(|part| words.contains(&part.as_str()))
        };
        let whole = found.get(0)?;
        if folded[whole.end()..].starts_with('間') {
            return None;
        }
        let hour = number("hour")?;
        let late = (is("half", &["午後", "pm", "夕方", "夜"]) || is("after", &["pm"])) && hour < 12;
        let minute = if is("past", &["半"]) {
            30
        } else {
            number("minute").or(number("minutes")).unwrap_or(0)
        };
        let time = NaiveTime::from_hms_opt(if late { hour + 12 } else { hour }, minute, 0)?;
        return Some((whole.end(), Clock::At(time)));
    }
    PARTS
        .iter()
        .find(|(word, _)| folded.starts_with(word))
        .map(|(word, part)| (word.len(), Clock::Part(*part)))
}

/// The length of the count with which a folded text begins.
pub(super) fn count_at_start(folded: &str) -> Option<usize> {
    COUNT.find(folded).map(|found| found.end())
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
            ("夕方5時ごろ", "17:00:00"),
        ] {
            let time = match at_start(text) {
                Some((length, Clock::At(time))) if length == text.len() => time.to_string(),
                other => format!("{other:?}"),
            };
            assert_eq!(time, expected, "{text}");
        }
        for text in ["25時", "2時間", "14"] {
            assert!(!matches!(at_start(text), Some((_, Clock::At(_)))), "{text}");
        }
    }
}
