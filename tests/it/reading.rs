//! What nurses type, and what it means.
use chrono::NaiveDate;
use koekake::{
    conversation::{
        meaning::{Due, Intent, Meaning},
        reading::{Setting, Words, read},
    },
    domain::calendar::Calendar,
};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::{collections::BTreeMap, sync::LazyLock};

pub static WORDS: LazyLock<Words> = LazyLock::new(Words::built_in);
pub static CALENDAR: LazyLock<Calendar> = LazyLock::new(Calendar::japan);

pub fn read_on(text: &str, today: NaiveDate) -> Meaning {
    read(
        text,
        &Setting {
            today,
            calendar: &CALENDAR,
            words: &WORDS,
        },
    )
}

/// A meaning as the lines' fields spell it.
fn fields(meaning: &Meaning) -> Value {
    let said = match &meaning.due {
        Due::Said(said) => Some(said),
        Due::Unsaid | Due::Unclear(_) => None,
    };
    let is_log = meaning.intent == Intent::Log;
    let more: Vec<String> = meaning
        .more
        .iter()
        .filter_map(|contact| {
            Some(format!(
                "{}:{}",
                contact.kind?.code(),
                contact.outcome?.code()
            ))
        })
        .collect();
    json!({
        "intent": meaning.intent.code(),
        "household": meaning.households.first(),
        "kind": meaning.contact.kind,
        "outcome": meaning.contact.outcome,
        "left": meaning.contact.left,
        "whom": meaning.contact.whom,
        "signs": meaning.contact.signs,
        "worrying": meaning.contact.worrying_word,
        "on": is_log.then_some(meaning.contact.on),
        "due": said.map(|said| said.on),
        "due_open": said.map(|said| said.due_on),
        "due_by": said.map(|said| said.due_by),
        "ask": meaning.ask,
        "urgent": meaning.urgent,
        "pii": meaning.personal,
        "more": more,
        "plan": meaning.plan.kind,
        "plan_time": meaning.plan.time,
        "plan_partner": meaning.plan.partner,
        "part": meaning.contact.part_of_day,
        "partners": meaning.contact.partners,
        "changes": meaning.contact.small_changes,
        "promises": meaning.contact.promises,
        "flags": meaning.flags,
        "appointment": meaning.appointment,
        "corrects": meaning.corrects,
        "others": meaning.others.iter().map(other).collect::<Vec<_>>(),
    })
}

/// A further household's log: its code, kind and outcome, and its next date.
fn other(log: &Meaning) -> String {
    let due = match &log.due {
        Due::Said(said) => said.on.to_string(),
        Due::Unsaid | Due::Unclear(_) => "-".to_owned(),
    };
    format!(
        "{} {}:{} {due}",
        log.households[0],
        log.contact.kind.map_or("-", |kind| kind.code()),
        log.contact.outcome.map_or("-", |outcome| outcome.code()),
    )
}

/// What an intent carries, in the fields of our own table.
fn carried(intent: &Intent) -> Value {
    match intent {
        Intent::Assign { main, second } => json!({"main": main, "second": second}),
        Intent::Leave {
            cover, from, to, ..
        } => json!({"cover": cover, "from": from, "to": to}),
        Intent::Cover {
            who,
            cover,
            from,
            to,
        } => {
            json!({"who": who, "cover": cover, "from": from, "to": to})
        }
        Intent::Add { known_by, known_on } => json!({"known_by": known_by, "known_on": known_on}),
        Intent::Pause(reason) => json!({"reason": reason}),
        Intent::Close(reason) => json!({"reason": reason}),
        Intent::SetFlags { add, .. } => json!({"flags": add}),
        _ => json!({}),
    }
}

pub fn lines(source: &str) -> Vec<Value> {
    source
        .lines()
        .map(|line| serde_json::from_str(line).expect("a JSON object a line"))
        .collect()
}

fn read_line(line: &Value) -> Meaning {
    let text = line["text"].as_str().expect("a text");
    let today = line["ref"].as_str().expect("a day").parse().expect("a day");
    read_on(text, today)
}

const SCORED: [&str; 5] = ["intent", "household", "kind", "outcome", "due"];

#[test]
fn the_lines_that_staff_type_are_understood() {
    let lines = lines(include_str!("utterances.jsonl"));
    let beside = ["left", "on", "ask", "urgent", "pii", "more"];
    let mut right = vec![0; beside.len()];
    let mut exact = 0;
    let mut wrong = Vec::new();
    for line in &lines {
        let found = fields(&read_line(line));
        if SCORED.iter().all(|field| found[field] == line[field]) {
            exact += 1;
        } else {
            wrong.push(format!("{} {found}", line["text"]));
        }
        if line["intent"] == "chatter" {
            assert_eq!(found["intent"], "chatter", "{}", line["text"]);
        }
        if found["due"] == line["due"] {
            assert_eq!(found["due_open"], line["due_open"], "{}", line["text"]);
        }
        for (count, field) in right.iter_mut().zip(beside) {
            *count += usize::from(found[field] == line[field]);
            if found[field] != line[field] {
                println!("{field}: {} {}", line["text"], found[field]);
            }
        }
    }
    println!("exact {exact} of {}", lines.len());
    assert!(exact >= 90, "{exact} exact; {wrong:#?}");
    for (count, field) in right.iter().zip(beside) {
        println!("{field} {count} of {}", lines.len());
        assert!(count * 10 >= lines.len() * 9, "{field}: {count}");
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn further_lines_mean_what_they_say() {
    let mut wrong = Vec::new();
    for line in lines(include_str!("reading_more.jsonl")) {
        let meaning = read_line(&line);
        let (found, carried) = (fields(&meaning), carried(&meaning.intent));
        for (field, expected) in line.as_object().expect("an object") {
            let is_input = matches!(field.as_str(), "text" | "ref");
            let value = carried.get(field).unwrap_or(&found[field]);
            if !is_input && value != expected {
                wrong.push(format!(
                    "{}: {field} is {value}, not {expected}",
                    line["text"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{} wrong: {wrong:#?}", wrong.len());
}

/// The least share of the lines written before their rules that is exactly right.
const FRESH_LEAST_PERCENT: usize = 97;

#[test]
fn lines_written_before_their_rules_are_understood() {
    let lines: Vec<Value> = [
        include_str!("reading_fresh.jsonl"),
        include_str!("reading_second.jsonl"),
    ]
    .into_iter()
    .flat_map(lines)
    .collect();
    let mut counts: BTreeMap<&str, [usize; 2]> = BTreeMap::new();
    let mut exact = 0;
    for line in &lines {
        let meaning = read_line(line);
        let (found, carried) = (fields(&meaning), carried(&meaning.intent));
        let mut is_exact = true;
        for (field, expected) in line.as_object().expect("an object") {
            if matches!(field.as_str(), "text" | "ref" | "lang") {
                continue;
            }
            let value = carried.get(field).unwrap_or(&found[field]);
            let [right, all] = counts.entry(field).or_default();
            *right += usize::from(value == expected);
            *all += 1;
            if value != expected {
                println!("{field}: {} is {value}, not {expected}", line["text"]);
                is_exact &= !SCORED.contains(&field.as_str());
            }
        }
        exact += usize::from(is_exact);
    }
    println!("exact {exact} of {}", lines.len());
    for (field, [right, all]) in &counts {
        println!("{field} {right} of {all}");
        assert!(right * 100 >= all * 95, "{field}: {right} of {all}");
    }
    assert!(exact * 100 >= lines.len() * FRESH_LEAST_PERCENT, "{exact}");
}

#[test]
fn two_households_in_a_line_are_both_named() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day");
    let meaning = read_on("H-12とH-13 訪問 不在", today);
    let codes: Vec<&str> = meaning
        .households
        .iter()
        .map(|code| code.as_str())
        .collect();
    assert_eq!(codes, ["H-012", "H-013"]);
}

#[test]
fn slips_that_were_read_as_other_words_are_named() {
    let today = NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day");
    let meaning = read_on("H-050 訪門 不材 名詞 3ヶ月ご", today);
    assert_eq!(meaning.repaired, ["訪門", "不材", "名詞"]);
}

proptest! {
    #[test]
    fn no_text_breaks_the_reading(text in any::<String>()) {
        read_on(&text, NaiveDate::from_ymd_opt(2026, 11, 25).expect("a day"));
    }

    #[test]
    fn no_mixture_of_words_breaks_the_reading(
        parts in prop::collection::vec(
            prop::sample::select(vec![
                "H-", "#", "99999999", "12", "/", "-", "月", "日", "か月", "後", "第", "木曜", "(火)", "来週", "令和",
                "元", "年", "半", "さん", "様", "「", "」", "死にたい", "母", "と", "話せ", "ず", "じゃなくて", "→", "?",
                "。", " ", "\u{200b}", "訪問", "不在", "名刺", "ﾎﾟ", "㍿", "𠮷", "👩‍👩‍👧", "in 2 weeks", "by", "予定",
                "2/30", "0", "三", "十", "w", "代行", "取消", "さっき", "なし", "14時", ":30", "am", "ー", "İ",
            ]),
            0..12,
        ),
        days in 0_i64..3000,
    ) {
        let today = NaiveDate::from_ymd_opt(2024, 1, 1).expect("a day") + chrono::TimeDelta::days(days);
        read_on(&parts.concat(), today);
    }
}
