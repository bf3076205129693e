//! The calendar against the Cabinet Office's list, day by day.
use crate::missing::left_out;
use chrono::{Datelike, NaiveDate};
use koekake::domain::calendar::is_holiday;
use std::{collections::BTreeSet, path::Path};

/// The dates at the start of each line, in `2019-01-01` or `2019/1/1`.
fn dates_of(list: &str) -> BTreeSet<NaiveDate> {
    list.lines()
        .filter_map(|line| line.split(',').next())
        .filter_map(|date| NaiveDate::parse_from_str(&date.replace('/', "-"), "%Y-%m-%d").ok())
        .collect()
}

fn assert_agrees(list: &str) {
    let holidays = dates_of(list);
    assert!(holidays.len() > 150, "the list was read");
    let first = NaiveDate::from_ymd_opt(2019, 1, 1).expect("a day");
    let days = first.iter_days().take_while(|day| day.year() < 2028);
    let mut count = 0;
    for day in days {
        assert_eq!(is_holiday(day), holidays.contains(&day), "{day}");
        count += 1;
    }
    assert_eq!(count, 9 * 365 + 2);
}

#[test]
fn the_calendar_agrees_with_the_list_of_2019_to_2027() {
    assert_agrees(include_str!("data/holidays-2019-2027.csv"));
}

#[test]
fn the_calendar_agrees_with_the_cabinet_offices_own_file() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/syukujitsu.utf8.csv");
    match std::fs::read_to_string(&file) {
        Ok(list) => assert_agrees(&list),
        Err(_) => left_out("the Cabinet Office's own file", "syukujitsu.utf8.csv"),
    }
}
