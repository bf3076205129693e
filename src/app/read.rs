//! `koekake read`: says what each message from standard input means, so that an
//! office can see which of its words are understood before anybody relies on it.
use crate::{
    conversation::{
        meaning::{Due, Intent, Meaning, SaidDate, UnclearDate},
        message::WORDS_MAX,
        reading::{self, Setting},
    },
    domain::contact::Details,
    engine::clock::Clock,
};
use chrono::NaiveDate;
use clap::Args;
use serde_json::{Value, json};
use std::{
    io::{self, BufRead, Read, Write},
    path::PathBuf,
};

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// The day on which they were typed; today if it is not said.
    #[arg(long, value_name = "YYYY-MM-DD")]
    on: Option<NaiveDate>,
    #[command(flatten)]
    format: Format,
    /// Read nothing; print the page that shows what can be said, with the
    /// office's own words.
    #[arg(long, conflicts_with_all = ["on", "json", "null"])]
    guide: bool,
    /// The folder with the office's own settings and words.
    #[arg(long, value_name = "DIR")]
    config: Option<PathBuf>,
}

/// How messages come and meanings go.
#[derive(Debug, Clone, Copy, Args)]
struct Format {
    /// Print one JSON object for each message, in order.
    #[arg(long)]
    json: bool,
    /// Each message ends with a NUL instead of a line break, which it may hold.
    #[arg(long)]
    null: bool,
}

/// Reads standard input with the office's words, as if typed on that day, or
/// on the office's today.
pub fn run(options: Options) -> anyhow::Result<()> {
    let config = super::load(options.config.as_deref())?;
    let words = super::words(&config)?;
    if options.guide {
        return Ok(io::stdout().write_all(reading::guide(&words).as_bytes())?);
    }
    let calendar = config.office.calendar();
    let today = options
        .on
        .unwrap_or_else(|| calendar.day_of(Clock::system(0).real()));
    let setting = Setting {
        today,
        calendar: &calendar,
        words: &words,
    };
    match read_all(
        io::stdin().lock(),
        io::stdout().lock(),
        &setting,
        options.format,
    ) {
        // Whoever closes the other end early (`head`) has seen enough.
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        read => Ok(read?),
    }
}

/// Reads every message of `input`. Bytes that are no UTF-8 are replaced, so
/// that one bad message does not stop the others.
fn read_all(
    mut input: impl BufRead,
    mut output: impl Write,
    setting: &Setting,
    format: Format,
) -> io::Result<()> {
    let end = if format.null { 0 } else { b'\n' };
    while let Some(message) = next_message(&mut input, end)? {
        // Nothing of a text that is too long is read, as in the conversation.
        let text = message.as_deref().unwrap_or_default();
        let meaning = reading::read(text, setting);
        let said = match format.json {
            true => as_json(&meaning, message.is_none()).to_string(),
            false if message.is_none() => format!("> ...\n  longer than {WORDS_MAX} characters"),
            false => as_lines(text, &meaning, setting),
        };
        writeln!(output, "{said}")?;
    }
    output.flush()
}

/// The next message up to `end`, or up to the input's own end; the inner None
/// is one that is too long. However long it is, only so much of it is kept.
fn next_message(input: &mut impl BufRead, end: u8) -> io::Result<Option<Option<String>>> {
    // A character has four bytes at most; beside them the line's own ending.
    const BYTES_MAX: u64 = 4 * WORDS_MAX as u64 + 2;
    let mut bytes = Vec::new();
    if input.by_ref().take(BYTES_MAX).read_until(end, &mut bytes)? == 0 {
        return Ok(None);
    }
    let is_whole = bytes.pop_if(|last| *last == end).is_some();
    if !is_whole && !input.fill_buf()?.is_empty() {
        input.skip_until(end)?;
        return Ok(Some(None));
    }
    let text = String::from_utf8_lossy(&bytes);
    let text = text.trim_end_matches('\r');
    let is_short = text.chars().nth(WORDS_MAX).is_none();
    Ok(Some(is_short.then(|| text.to_owned())))
}

/// The fields of the page on what nurses type, and some of our own.
fn as_json(meaning: &Meaning, is_too_long: bool) -> Value {
    let said = said(meaning);
    let is_log = meaning.intent == Intent::Log;
    json!({
        "intent": meaning.intent.code(),
        "household": meaning.households.first(),
        "kind": meaning.contact.kind,
        "outcome": meaning.contact.outcome,
        "left": meaning.contact.left,
        "on": is_log.then_some(meaning.contact.on),
        "due": said.map(|said| said.on),
        "due_open": said.map(|said| said.due_on),
        "due_by": said.map(|said| said.due_by),
        "ask": meaning.ask,
        "urgent": meaning.urgent,
        "pii": meaning.personal,
        "more": meaning.more.iter().map(brief).collect::<Vec<_>>(),
        "households": meaning.households,
        "whom": meaning.contact.whom,
        "partners": meaning.contact.partners,
        "signs": meaning.contact.signs,
        "danger": meaning.contact.danger,
        "appointment": meaning.appointment,
        "plan": meaning.plan,
        "corrects": meaning.corrects,
        "repaired": meaning.repaired,
        "unresolved": meaning.unresolved,
        "others": meaning.others.iter().map(|other| as_json(other, false)).collect::<Vec<_>>(),
        "too_long": is_too_long,
    })
}

fn said(meaning: &Meaning) -> Option<&SaidDate> {
    match &meaning.due {
        Due::Said(said) => Some(said),
        Due::Unsaid | Due::Unclear(_) => None,
    }
}

/// `kind:outcome`
fn brief(contact: &Details) -> String {
    let kind = contact.kind.map_or("?", |kind| kind.code());
    let outcome = contact.outcome.map_or("?", |outcome| outcome.code());
    format!("{kind}:{outcome}")
}

/// A few lines for a person: the message, its meaning, and its words.
fn as_lines(text: &str, meaning: &Meaning, setting: &Setting<'_>) -> String {
    let mut lines = vec![format!("> {text}")];
    let codes: Vec<&str> = meaning
        .households
        .iter()
        .map(|code| code.as_str())
        .collect();
    lines.push(
        format!("  {} {}", meaning.intent.code(), codes.join(" "))
            .trim_end()
            .to_owned(),
    );
    if meaning.intent == Intent::Log {
        lines.push(format!(
            "  contact on {}: {}",
            meaning.contact.on,
            brief(&meaning.contact)
        ));
        lines.extend(
            meaning
                .more
                .iter()
                .map(|contact| format!("  also on {}: {}", contact.on, brief(contact))),
        );
    }
    lines.extend(next_line(&meaning.due));
    for other in &meaning.others {
        lines.push(format!(
            "  apart from it {}: {}",
            other
                .households
                .iter()
                .map(|code| code.as_str())
                .collect::<String>(),
            brief(&other.contact)
        ));
        lines.extend(next_line(&other.due));
    }
    let ask: Vec<&str> = meaning.ask.iter().map(|ask| ask.code()).collect();
    let understood: Vec<String> = reading::explain(text, setting)
        .iter()
        .map(|(typed, meant)| format!("{typed}={meant}"))
        .collect();
    let marks = [
        (!ask.is_empty(), format!("asks for {}", ask.join(", "))),
        (meaning.urgent, "urgent".to_owned()),
        (meaning.personal, "personal data was typed".to_owned()),
        (
            !meaning.repaired.is_empty(),
            format!("read as other words: {}", meaning.repaired.join(" ")),
        ),
        (
            !understood.is_empty(),
            format!("understood: {}", understood.join(" ")),
        ),
        (
            !meaning.not_understood.is_empty(),
            format!("not understood: {}", meaning.not_understood.join(" ")),
        ),
    ];
    lines.extend(
        marks
            .into_iter()
            .filter(|(holds, _)| *holds)
            .map(|(_, mark)| format!("  {mark}")),
    );
    lines.join("\n")
}

fn next_line(due: &Due) -> Option<String> {
    Some(match due {
        Due::Unsaid => return None,
        Due::Said(said) if said.due_by == said.due_on => {
            format!("  next {} (said {})", said.due_on, said.on)
        }
        Due::Said(said) => format!(
            "  next {} to {} (said {})",
            said.due_on, said.due_by, said.on
        ),
        Due::Unclear(UnclearDate::Impossible {
            year, month, day, ..
        }) => {
            format!("  no such day: {year}-{month:02}-{day:02}")
        }
        Due::Unclear(UnclearDate::Past(day)) => format!("  planned for a day that is past: {day}"),
        Due::Unclear(UnclearDate::Vague) => "  a time that is no date".to_owned(),
    })
}
