//! One's own rhythm: the hour of the morning's message, and the working days.
use crate::{conversation::meaning::Intent, domain::people::Person};
use chrono::NaiveTime;

/// What may stand before and behind the hour.
const BEFORE: [&str; 4] = ["at ", "朝", "は", "を"];
const BEHIND: [&str; 6] = [
    "に",
    "から",
    "で",
    "以降",
    "にお願いします",
    "からお願いします",
];
/// The opening itself.
const AT_OPENING: [&str; 6] = [
    "開庁",
    "開庁時",
    "はじめ",
    "opening",
    "the opening",
    "at opening",
];

/// お知らせ 9:00, remind me at 9: what stands behind the first words.
pub(super) fn morning(folded: &str) -> Option<Intent> {
    let said = folded.trim_matches([' ', '。', '.']);
    let said = BEFORE
        .iter()
        .fold(said, |said, word| said.strip_prefix(word).unwrap_or(said));
    let said = said.trim();
    if AT_OPENING.contains(&said) {
        return Some(Intent::Morning(None));
    }
    let said = BEHIND
        .iter()
        .find_map(|word| said.strip_suffix(word))
        .unwrap_or(said);
    clock(said.trim()).map(|at| Intent::Morning(Some(at)))
}

/// 9:00, 9時, 9時半, 9時15分
fn clock(said: &str) -> Option<NaiveTime> {
    let (hour, minute) = said.split_once([':', '時']).unwrap_or((said, ""));
    let minute = match minute.trim_end_matches('分') {
        "" => 0,
        "半" => 30,
        minute => minute.parse().ok()?,
    };
    NaiveTime::from_hms_opt(hour.trim().parse().ok()?, minute, 0)
}

/// Behind 勤務日: whose they are, if it is a colleague, and which: 佐藤 月水金.
pub(super) fn working_days(rest: &str) -> Option<(Option<&str>, u8)> {
    if let Some(days) = days(rest) {
        return Some((None, days));
    }
    rest.match_indices(' ').find_map(|(at, _)| {
        let days = days(rest[at..].trim())?;
        Some((Some(rest[..at].trim()), days))
    })
}

/// One bit a weekday, Monday first; None where anything else is said.
fn days(said: &str) -> Option<u8> {
    let said = said.to_lowercase();
    if ["毎日", "平日", "weekdays", "every day"].contains(&said.as_str()) {
        return Some(Person::WEEKDAYS);
    }
    let mut days = 0;
    for word in said
        .split([' ', '・', '、', ','])
        .filter(|word| !word.is_empty())
    {
        days |= named(word).or_else(|| run_together(word))?;
    }
    (days != 0).then_some(days)
}

fn named(word: &str) -> Option<u8> {
    const NAMES: [&str; 5] = ["monday", "tuesday", "wednesday", "thursday", "friday"];
    let is_meant = |name: &&&str| word.len() >= 3 && name.starts_with(word.trim_end_matches('.'));
    let day = NAMES.iter().find(is_meant)?;
    let place = NAMES.iter().position(|name| name == day)?;
    Some(1 << place)
}

/// 月水金, 月曜
fn run_together(word: &str) -> Option<u8> {
    let mut days = 0;
    for day in word.chars().filter(|c| !['曜', '日'].contains(c)) {
        days |= 1
            << ['月', '火', '水', '木', '金']
                .iter()
                .position(|name| *name == day)?;
    }
    (days != 0).then_some(days)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_hour_is_read_as_it_is_typed() {
        let at = |hour, minute| NaiveTime::from_hms_opt(hour, minute, 0);
        let cases = [
            (" 8:30", at(8, 30)),
            ("9時", at(9, 0)),
            ("は9時半に", at(9, 30)),
            (" 朝9時15分からお願いします", at(9, 15)),
            (" at 10", at(10, 0)),
        ];
        for (said, expected) in cases {
            assert_eq!(morning(said), Some(Intent::Morning(expected)), "{said}");
        }
        assert_eq!(morning(" 開庁時"), Some(Intent::Morning(None)));
        for said in [" ありがとう", " 25時", " 9時の訪問", " discord"] {
            assert_eq!(morning(said), None, "{said}");
        }
    }

    #[test]
    fn weekdays_are_read_in_both_languages() {
        let cases = [
            ("月水金", Some((None, 0b1_0101))),
            ("佐藤 月・木", Some((Some("佐藤"), 0b0_1001))),
            ("火曜日", Some((None, 0b0_0010))),
            ("Sato Mon Wed", Some((Some("Sato"), 0b0_0101))),
            ("平日", Some((None, 0b1_1111))),
            ("12月", None),
            ("", None),
        ];
        for (said, expected) in cases {
            assert_eq!(working_days(said), expected, "{said}");
        }
    }
}
