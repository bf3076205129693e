//! Dates as they are said, and the days that they are.
//!
//! [`at_start`] recognises one said date at the start of a text (`japanese`,
//! `english`); [`resolve`](resolve::resolve) says which day it is.
mod english;
mod feast;
mod japanese;
mod number;
mod resolve;
mod span;
mod week;

pub(super) use number::leading_number;
pub(super) use resolve::counted_from;

use chrono::{NaiveDate, Weekday};
use winnow::error::EmptyError;

/// What a rule reads, or that it does not apply: why not is never told, so that
/// trying the next rule costs nothing.
type Parsed<T> = Result<T, EmptyError>;

/// A date as it was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Said {
    pub what: What,
    /// までに, by: it must be kept.
    pub is_limit: bool,
    /// 数か月, 1〜2か月
    pub is_guess: bool,
}

/// The kinds of said dates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum What {
    /// 3か月後, 2週間後, 10日後
    After(Span),
    /// 2週間後の火曜
    AfterOn(Span, Weekday),
    /// 3日前
    Ago(Span),
    /// 今日 is 0, 明日 1, 昨日 -1
    Day(i64),
    /// A day of a month, with or without a year, perhaps with its weekday.
    Calendar {
        year: Option<Year>,
        month: u32,
        day: u32,
        weekday: Option<Weekday>,
    },
    /// 10日
    DayOfMonth(u32, Option<Weekday>),
    /// A month with or without a year, and what of it.
    Month {
        year: Option<Year>,
        month: u32,
        part: Part,
    },
    /// 今月 is 0, 来月 1
    RelativeMonth(i32, Part),
    /// 今週 is 0, 来週 1
    Week(i64, WeekPart),
    Weekday(Weekday),
    /// 第2木曜
    NthWeekday(u32, Weekday),
    /// GW明け, GW明けの金曜
    Feast(Feast, Option<Weekday>),
    /// 中旬: of this month, or of the next where it is past.
    PartAhead(Part),
    /// 13/5
    NoDate,
}

/// A year that was said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Year {
    Exact(i32),
    /// 今年 is 0, 来年 1
    Relative(i32),
}

/// So many days, weeks or months; 1か月半 is a month and 15 days.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub count: u32,
    pub unit: Unit,
    pub extra_days: u32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unit {
    Day,
    Week,
    Month,
}

/// What of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Whole,
    Early,
    Mid,
    Late,
    /// 前半: until the 15th
    FirstHalf,
    /// 後半: from the 16th
    SecondHalf,
    /// 末, 中に
    End,
    Day(u32, Option<Weekday>),
    Nth(u32, Weekday),
    /// 第3週: the third seven days.
    NthWeek(u32),
    /// 最終金曜
    Last(Weekday),
}

/// What of a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum WeekPart {
    Whole,
    Day(Weekday),
    /// 来週中
    Within,
}

/// Fixed points of the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Feast {
    /// 年明け
    NewYear,
    /// 年内
    YearEnd,
    /// 年度末
    FiscalYearEnd,
    /// 新年度
    FiscalYearStart,
    /// GW明け
    AfterGoldenWeek,
    /// お盆明け
    AfterBon,
    /// お彼岸過ぎ
    AfterHigan,
}

/// A said date, resolved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Found {
    pub day: Day,
    pub shape: Shape,
    pub is_guess: bool,
    /// Month and day were said.
    pub is_full: bool,
    /// It may be the day of a contact: no month, part of one, or span ahead.
    pub is_day: bool,
    /// 先週, 先月: it cannot be the next date.
    pub is_behind: bool,
    /// The weekday that was typed, if it is not that of the day.
    pub other_weekday: Option<Weekday>,
    /// So much was counted from today (2週間後), where nothing else was named.
    pub counted: Option<Span>,
    /// The last such day before, where a bare 20日 or 金曜 turns out to be that
    /// of a contact.
    pub last: Option<NaiveDate>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Day {
    On(NaiveDate),
    /// No such day in that month.
    Impossible {
        year: i32,
        month: u32,
        day: u32,
    },
    /// No month or no day of any month has that number.
    None,
}

/// How a date was said, as far as its window and its moving depend on it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Shape {
    Exact,
    /// Moves back to an open day, so that the limit is kept.
    Limit,
    Weeks,
    Months,
    /// 来週
    Week,
    /// 来月, 1月
    Month,
    /// 上旬 to the 10th, 前半 to the 15th, 中旬 to the 20th of its month.
    Until(u32),
}

/// Whether a date can begin with this text: most places begin none.
pub(super) fn may_begin(folded: &str) -> bool {
    let mut letters = folded.chars();
    match letters.next() {
        Some(first @ '\u{3041}'..='\u{3096}') => letters
            .next()
            .is_some_and(|next| japanese::may_begin_in_kana(first, next)),
        Some(c) => c.is_ascii_alphanumeric() || japanese::may_begin(c),
        None => false,
    }
}

/// The said date with which a folded text begins, and its length in bytes.
pub(super) fn at_start(folded: &str, today: NaiveDate) -> Option<(usize, Found)> {
    let (rest, said) = longest(folded)?;
    let typed = &folded[..folded.len() - rest.len()];
    let (rest, found) = match counted_before((said, typed), rest, today) {
        Some(counted) => counted,
        None => {
            let found = resolve::resolve(said, today)?;
            counted_behind(rest, found).unwrap_or((rest, found))
        }
    };
    Some((folded.len() - rest.len(), found))
}

/// The longer one of what either language reads, and what follows it.
fn longest(folded: &str) -> Option<(&str, Said)> {
    let english = may_be_english(folded)
        .then(|| english::said(folded))
        .flatten();
    match (japanese::said(folded), english) {
        (Some(a), Some(b)) if b.0.len() < a.0.len() => Some(b),
        (Some(a), _) => Some(a),
        (None, b) => b,
    }
}

/// two weeks after dec 10: English names the span first.
fn counted_before<'t>(
    (span, typed): (Said, &str),
    rest: &'t str,
    today: NaiveDate,
) -> Option<(&'t str, Found)> {
    let (rest, said) = longest(english::span_joint(span.what, typed, rest)?)?;
    let there = resolve::resolve(said, today)?;
    Some((rest, resolve::from_there(span, there)?))
}

/// What is counted from a day that was found, where that follows it.
fn counted_behind(rest: &str, there: Found) -> Option<(&str, Found)> {
    let (rest, said) = japanese::counted_from_there(rest).or_else(|| english::a_week_on(rest))?;
    Some((rest, resolve::from_there(said, there)?))
}

/// A Latin word (of one letter only a), or figures with a space, a letter or a
/// range behind them.
fn may_be_english(folded: &str) -> bool {
    let bytes = folded.as_bytes();
    let digits = bytes
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count();
    match (digits, bytes.get(digits), bytes.get(digits + 1)) {
        (0, Some(b'a'), _) => true,
        (0, Some(first), Some(second)) => {
            first.is_ascii_alphabetic() && second.is_ascii_alphabetic()
        }
        (1.., Some(behind), _) => behind.is_ascii_alphabetic() || b" -~".contains(behind),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(today: &str, text: &str, expected: &str) {
        let today: NaiveDate = today.parse().unwrap();
        let day = match at_start(text, today) {
            Some((_, found)) => match found.day {
                Day::On(day) => day.to_string(),
                Day::Impossible { .. } => "impossible".to_owned(),
                Day::None => "no date".to_owned(),
            },
            None => "none".to_owned(),
        };
        assert_eq!(day, expected, "{text} on {today}");
    }

    #[test]
    fn a_date_in_kana_may_begin() {
        let words = "あさって あした あす いっしゅうかん いちにち いつか おととい おとつい おしょうがつ \
            おぼん お盆 お正月 お年末 かよう きゅうにち きょう きのう きんよう くがつ くか月 けさ げつよう \
            げつまつ げじゅん げつしょ こんしゅう こんげつ ことし ここのか ごがつ ごか月 ごしゅうかん ご週間 \
            ごじゅうにち ごーるでんうぃーく さんか月 さらいしゅう さらいげつ さらいねん さ来週 さ来月 しちがつ \
            しがつ しあさって しょうがつ しんねんど しょじゅん じゅうにち じっか月 じょうじゅん すうか月 \
            すいよう せんしゅう せんげつ せんせんしゅう ちゅうじゅん ついたち とおか としあけ どよう \
            なながつ なのか なかば にか月 に週間 にしゅうかん ににち にちよう にじゅうにち ねんない \
            ねんどまつ ねんあけ はっか月 はちがつ はんとし はんつき はつか ひとつき ひと月 ふたつき ふつか \
            ぼん みっか みょうにち みょうごにち むいか もくよう よんか月 よっか ようか らいしゅう らいげつ \
            らいねん れいわ ろっか月 ろくがつ";
        for word in words.split_whitespace() {
            assert!(may_begin(word), "{word}");
        }
        for word in ["した", "なし", "せた", "った", "した。", "は"] {
            assert!(!may_begin(word), "{word}");
        }
    }

    /// Befell others: a weekday was put into the past; a date without an era or a year
    /// was read as another; a written date that could not be read was guessed; a series
    /// begun at a month's end stayed on the 28th or left months out; 29 February had no
    /// day in other years.
    #[test]
    fn dates_are_the_days_that_they_say() {
        for (today, text, expected) in [
            ("2026-11-30", "3か月後", "2027-02-28"),
            ("2026-11-25", "十二月十日", "2026-12-10"),
            ("2026-11-25", "12/32", "no date"),
            ("2026-11-25", "13/3", "no date"),
            ("2026-11-25", "120/80", "none"),
            ("2026-11-25", "2/30", "impossible"),
            ("2028-01-10", "2/29", "2028-02-29"),
            ("2027-01-10", "2/29", "impossible"),
            ("2028-02-29", "1年後", "2029-02-28"),
            ("2026-11-25", "来週火曜日午後3:00", "2026-12-01"),
            ("2026-11-25", "8月22日", "2027-08-22"),
            ("2026-11-25", "1月3日", "2027-01-03"),
            ("2026-11-25", "月曜", "2026-11-30"),
            ("2026-11-25", "水曜", "2026-12-02"),
            ("2026-11-25", "今週の水曜", "2026-11-25"),
            ("2026-12-31", "年明け", "2027-01-04"),
            ("2027-01-02", "年明け", "2027-01-04"),
            ("2027-03-31", "年度末", "2027-03-31"),
            ("2027-04-01", "年度末", "2028-03-31"),
            ("2026-11-25", "3か月前から", "2026-08-25"),
            ("2026-11-25", "3か月ぶり", "none"),
            ("2026-11-25", "3か月ごと", "none"),
            ("2026-11-25", "r9/1/15", "2027-01-15"),
            ("2026-11-25", "令和元年5月1日", "2019-05-01"),
            ("2026-11-25", "end of january", "2027-01-31"),
            ("2026-11-25", "this friday", "2026-11-27"),
            ("2026-11-25", "dec 15th", "2026-12-15"),
            ("2026-11-25", "15 december 2026", "2026-12-15"),
            ("2026-01-31", "来月末", "2026-02-28"),
            ("2026-11-25", "2週間後の火曜", "2026-12-08"),
            ("2026-11-25", "3か月後の月曜", "2027-03-01"),
            ("2026-11-25", "来月の最終金曜", "2026-12-25"),
            ("2026-11-25", "月末の金曜", "2026-11-27"),
            ("2026-11-25", "ひと月後", "2026-12-25"),
            ("2026-11-25", "お彼岸過ぎ", "2027-03-25"),
            ("2026-06-01", "彼岸明け", "2026-09-27"),
            ("2026-11-25", "3000年1月10日", "no date"),
            ("2026-11-25", "wed 12/22", "2026-12-22"),
            ("2026-11-25", "next wed 12/22", "2026-12-22"),
            ("2026-11-25", "12/22(wed)", "2026-12-22"),
            ("2026-11-25", "in a fortnight", "2026-12-09"),
            ("2026-11-25", "1/31の1か月後", "2027-02-28"),
            ("2026-11-25", "12/10から2週間後の月曜", "2026-12-21"),
            ("2026-11-25", "12月22日の3日前", "2026-12-19"),
            ("2026-11-25", "来月10日の翌週", "2026-12-14"),
            ("2026-11-25", "12/10から2週間", "2026-12-10"),
            ("2026-11-25", "年明けから数えて10日後", "2027-01-14"),
            ("2026-11-25", "2/30の1週間後", "impossible"),
            ("2026-11-25", "a month after jan 31", "2027-02-28"),
            ("2026-11-25", "3 days before 12/22", "2026-12-19"),
            ("2026-11-25", "monday week", "2026-12-07"),
        ] {
            check(today, text, expected);
        }
    }
}
