//! The sixteen patterns of the lines on which the speed is measured
//! (docs/measured.md), with the next date that each means.
use super::reading::read_on;
use chrono::{Datelike, NaiveDate, TimeDelta, Weekday};
use koekake::conversation::meaning::Due;
use proptest::prelude::*;

/// What varies in the patterns.
#[derive(Debug, Clone, Copy)]
struct Lot {
    month: u32,
    day: u32,
    count: i64,
    weekday: Weekday,
    hour: u32,
}

fn lots() -> impl Strategy<Value = Lot> {
    let weekdays = vec![
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
    ];
    let weekday = prop::sample::select(weekdays);
    (1_u32..=12, 1_u32..=28, 2_i64..=14, weekday, 9_u32..=17).prop_map(
        |(month, day, count, weekday, hour)| Lot {
            month,
            day,
            count,
            weekday,
            hour,
        },
    )
}

/// Wednesday.
fn today() -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day")
}

/// The lines of the patterns, each with its next date.
fn lines(lot: Lot) -> Vec<(String, Option<NaiveDate>)> {
    let Lot {
        month,
        day,
        count,
        weekday,
        hour,
    } = lot;
    let w = ["月", "火", "水", "木", "金"][weekday.num_days_from_monday() as usize];
    let later = hour % 5 + 1;
    let after = |days| Some(today() + TimeDelta::days(days));
    let in_week = |weeks: i64| {
        let monday = today() - TimeDelta::days(2) + TimeDelta::weeks(weeks);
        Some(monday + TimeDelta::days(i64::from(weekday.num_days_from_monday())))
    };
    let on = |year, month, day| NaiveDate::from_ymd_opt(year, month, day);
    let ahead = |date: Option<NaiveDate>| date.filter(|date| *date >= today());
    // From 60 days back (26 September) on it is this year's, else next year's.
    let nearest = match (month, day) {
        (9, 26..) | (10.., _) => ahead(on(2026, month, day)),
        _ => on(2027, month, day),
    };
    vec![
        (format!("次回{month}月{day}日に訪問"), nearest),
        (format!("来週の{w}曜日に電話"), in_week(1)),
        (format!("{count}日後に再訪"), after(count)),
        (format!("明日{hour}時に電話する"), after(1)),
        ("2週間後に手紙".to_owned(), after(14)),
        (format!("再来週{w}曜 {hour}時半"), in_week(2)),
        (format!("{month}/{day} 訪問予定"), nearest),
        (format!("来月{day}日"), on(2026, 12, day)),
        (format!("{count}週間後に家庭訪問"), after(7 * count)),
        ("今日は不在、明後日また行く".to_owned(), after(2)),
        ("三ヶ月後に様子を見る".to_owned(), on(2027, 2, 25)),
        (
            format!("令和8年{month}月{day}日 {hour}:30"),
            // Today's own date, with no word of a plan, is that of a contact.
            ahead(on(2026, month, day)).filter(|date| *date > today()),
        ),
        ("昨日電話したが応答なし".to_owned(), None),
        ("半年後".to_owned(), on(2027, 5, 25)),
        (
            format!("母と話せた。次は{month}月{day}日の午後{later}時"),
            nearest,
        ),
        ("本人と面談、変化なし".to_owned(), None),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn every_pattern_of_the_measured_lines_is_right(lot in lots()) {
        prop_assert_eq!(today().weekday(), Weekday::Wed);
        for (line, expected) in lines(lot) {
            prop_assert_eq!(next_date(&line), expected, "{}", line);
        }
    }
}

fn next_date(line: &str) -> Option<NaiveDate> {
    match read_on(&format!("H-012 {line}"), today()).due {
        Due::Said(said) => Some(said.on),
        Due::Unsaid | Due::Unclear(_) => None,
    }
}

/// As many lines as were measured.
const LINES: usize = 1000;

#[test]
fn the_next_dates_of_a_thousand_such_lines_are_right() {
    let weekdays = [
        Weekday::Mon,
        Weekday::Tue,
        Weekday::Wed,
        Weekday::Thu,
        Weekday::Fri,
    ];
    let lots = (0_u32..).map(|n| Lot {
        month: n % 12 + 1,
        day: n * 5 % 28 + 1,
        count: i64::from(n % 13 + 2),
        weekday: weekdays[n as usize % weekdays.len()],
        hour: n % 9 + 9,
    });
    let wrong: Vec<String> = lots
        .flat_map(lines)
        .take(LINES)
        .filter(|(line, expected)| next_date(line) != *expected)
        .map(|(line, _)| line)
        .collect();
    println!("{} of {LINES} next dates right", LINES - wrong.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}
