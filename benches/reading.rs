//! How long one line takes to be read: `cargo bench --bench reading -- LINES.TXT 2026-11-25`.
use anyhow::Context;
use chrono::NaiveDate;
use koekake::{
    conversation::reading::{Setting, Words, read},
    domain::calendar::Calendar,
    engine::clock::Clock,
};
use std::hint::black_box;

const ROUNDS: usize = 15;

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
    let clock = Clock::system(0);
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = clock.real();
            for line in &lines {
                black_box(read(line, &setting));
            }
            let taken = (clock.real() - start).to_std().unwrap_or_default();
            taken.as_secs_f64() / lines.len() as f64 * 1e6
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    println!(
        "koekake µs/line min {:.1} med {:.1}",
        rounds[0],
        rounds[ROUNDS / 2]
    );
    Ok(())
}
