//! Arbitrary text is read without a panic, whatever the day, and what comes out
//! keeps its promises.
#![no_main]
use chrono::{NaiveDate, TimeDelta};
use koekake::{
    conversation::{
        meaning::{Due, Intent, Meaning},
        reading::{Setting, Words, explain, read},
    },
    domain::calendar::Calendar,
};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static WORDS: LazyLock<Words> = LazyLock::new(Words::built_in);
static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::japan);
static FIRST: LazyLock<NaiveDate> =
    LazyLock::new(|| NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day"));

fuzz_target!(|input: (u16, &str)| {
    let (days, text) = input;
    let setting = Setting {
        today: *FIRST + TimeDelta::days(i64::from(days % 4_000)),
        calendar: &CALENDAR,
        words: &WORDS,
    };
    let meaning = read(text, &setting);
    check(&meaning, &setting);
    for other in &meaning.others {
        assert_eq!(other.households.len(), 1);
        check(other, &setting);
    }
    explain(text, &setting);
});

fn check(meaning: &Meaning, setting: &Setting<'_>) {
    if let Due::Said(said) = &meaning.due {
        assert!(setting.today <= said.due_on && said.due_on <= said.due_by);
    }
    if meaning.intent == Intent::Chatter {
        assert!(meaning.households.is_empty() && meaning.due == Due::Unsaid);
    }
}
