//! How long a line takes to be read, and that a text ten times as long takes ten
//! times as long: `cargo bench --bench reading -- LINES.TXT 2026-11-25`.
use anyhow::Context;
use chrono::NaiveDate;
use koekake::{
    conversation::reading::{Setting, Words, read},
    domain::calendar::Calendar,
    engine::clock::Clock,
};
use std::hint::black_box;

const ROUNDS: usize = 60;

/// Pieces of which long texts are made, likely and unlikely.
const PIECES: [&str; 16] = [
    "訪問",
    "H-12 訪問 不在 ",
    "訪問不在\n",
    "母と",
    "来週",
    "12/22 ",
    "「",
    "090-1234-5678 ",
    "1",
    "やっぱり訪問",
    "電話連絡母から",
    "高橋さん",
    "訪 問 ",
    "visit with ",
    "----",
    "漢字",
];

fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench");
    let path = arguments.next().context("a file of lines")?;
    let today: NaiveDate = arguments.next().context("the day of the lines")?.parse()?;
    let text = std::fs::read_to_string(&path).with_context(|| path.clone())?;
    let lines: Vec<&str> = text.lines().collect();
    let (words, calendar) = (Words::built_in(), Calendar::japan());
    let setting = Setting {
        today,
        calendar: &calendar,
        words: &words,
    };
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| micros(&lines, &setting) / lines.len() as f64)
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!(
        "koekake µs/line min {:.1} med {:.1}",
        rounds[0],
        rounds[ROUNDS / 2]
    );
    for piece in PIECES {
        let of_length = |length: usize| piece.repeat(length / piece.chars().count());
        let (short, long) = (of_length(20_000), of_length(200_000));
        micros(&[&short], &setting);
        let (short, long) = (micros(&[&short], &setting), micros(&[&long], &setting));
        println!(
            "{:7.1} ms for 20,000 characters, {:7.1} for 200,000: {piece:?}",
            short / 1e3,
            long / 1e3
        );
    }
    Ok(())
}

fn micros(lines: &[&str], setting: &Setting<'_>) -> f64 {
    let clock = Clock::system(0);
    let start = clock.real();
    for line in lines {
        black_box(read(line, setting));
    }
    let taken = (clock.real() - start).to_std().unwrap_or_default();
    taken.as_secs_f64() * 1e6
}
