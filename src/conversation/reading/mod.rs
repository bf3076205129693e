//! Reading: a line and the day on which it was typed in, its [`Meaning`] out.
//!
//! A line is spelt alike (`normalise`), cut into pieces (`lexer`: `household`
//! codes, `dates`, times, `words`), and outlined: what was done, planned, asked
//! or taken back (`outline`). From that come the contacts (`contact`), the next
//! date (`due`), or a command (`command`). Nothing here fails: what is not
//! understood is chatter.
mod command;
mod contact;
mod dates;
mod doubt;
mod due;
mod explain;
mod forms;
mod guide;
mod household;
mod join;
mod lexer;
mod normalise;
mod outline;
mod personal;
mod sense;
mod split;
mod time;
mod trie;
mod words;

pub use guide::guide;
pub use household::{alone as household, beginnings as code_beginnings};
pub use join::join_code;
pub use words::{Listed, Place, Words, WordsError};

use crate::{
    conversation::meaning::{Ask, Due, Intent, Meaning, UnclearDate},
    domain::{
        calendar::Calendar,
        check_in::Plan,
        contact::Details,
        household::{Code, Flag},
    },
};
use chrono::NaiveDate;
use command::{Asked, Rest};
use doubt::Verdict;
use lexer::{Token, What};
use normalise::Line;
use outline::Outline;
use sense::{Command, Sense};

/// A day alone has no more pieces: a date, and a word that makes it the next one.
const DAY_TOKENS_MAX: usize = 3;

/// What reading depends on beside the line.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    /// The office's day on which the line was typed.
    pub today: NaiveDate,
    pub calendar: &'a Calendar,
    pub words: &'a Words,
}

/// The meaning of one message. It never fails: what is not for the bot is
/// [`Intent::Chatter`].
pub fn read(text: &str, setting: &Setting<'_>) -> Meaning {
    Meaning {
        is_call: text.trim_start().starts_with(['/', '／']),
        ..read_line(text, setting)
    }
}

fn read_line(text: &str, setting: &Setting<'_>) -> Meaning {
    if let Some(intent) = command::of_office(text, setting) {
        return outlined(text, setting, |reading| reading.command(intent));
    }
    outlined(text, setting, |reading| {
        let mut meaning = reading.meaning();
        if meaning.intent != Intent::Log || meaning.households.len() < 2 {
            return meaning;
        }
        if let Some(logs) = split::logs(reading) {
            let mut logs = logs.into_iter();
            if let Some(first) = logs.next() {
                meaning = Meaning {
                    households: meaning.households,
                    personal: meaning.personal,
                    repaired: meaning.repaired,
                    not_understood: meaning.not_understood,
                    others: logs.collect(),
                    ..first
                };
            }
        }
        meaning
    })
}

/// The meaning of a text as a whole.
fn read_one(text: &str, setting: &Setting<'_>) -> Meaning {
    outlined(text, setting, |reading| reading.meaning())
}

/// Each piece that is understood, as typed, with the code of what it means.
pub fn explain(text: &str, setting: &Setting<'_>) -> Vec<(String, String)> {
    outlined(text, setting, |reading| explain::pieces(&reading.outline))
}

/// How often the rules look at a place of this text to read it: a measure of the
/// work that is the same on every machine.
pub fn looks(text: &str, setting: &Setting<'_>) -> usize {
    outlined(text, setting, |reading| {
        reading.meaning();
        reading.outline.line.looks()
    })
}

fn outlined<T>(text: &str, setting: &Setting<'_>, tell: impl FnOnce(&Reading<'_, '_>) -> T) -> T {
    let line = Line::of(text, setting.words);
    let mut tokens = lexer::tokens(&line, setting.words, setting.today);
    outline::settle_days(&line, &mut tokens);
    outline::settle_spans(&line, &mut tokens, setting.today);
    tell(&Reading {
        setting,
        unknown: not_understood(&line, &tokens),
        outline: Outline::of(&line, &tokens, setting.today),
    })
}

/// A line that has been outlined.
struct Reading<'a, 'w> {
    setting: &'a Setting<'a>,
    outline: Outline<'a, 'w>,
    unknown: Vec<Rest>,
}

impl Reading<'_, '_> {
    fn meaning(&self) -> Meaning {
        let asked = Asked {
            outline: &self.outline,
            unknown: &self.unknown,
            has_household: !self.codes().is_empty(),
        };
        match command::slashed(&self.outline.line.folded, self.setting.words) {
            Some(Some(Command::Log)) => self.log(),
            Some(command) => match command.and_then(|command| asked.slashed(command)) {
                Some(intent) => self.command(intent),
                None => self.blank(Intent::Chatter),
            },
            None => match asked.intent() {
                Some(intent) => self.command(intent),
                None if self.is_plainly_talk() => Meaning {
                    day_alone: self.day_alone(),
                    ..self.blank(Intent::Chatter)
                },
                None => {
                    let log = self.log();
                    match self.verdict(&log) {
                        Verdict::Log => log,
                        Verdict::Unclear => Meaning {
                            doubtful: Some(Box::new(log)),
                            ..self.blank(Intent::Chatter)
                        },
                        Verdict::Talk => self.blank(Intent::Chatter),
                    }
                }
            },
        }
    }

    fn log(&self) -> Meaning {
        let (contact, more) = contact::contacts(&self.outline);
        let urgent = contact.danger || self.outline.is_urgent();
        let next = due::next(&self.outline, self.setting.calendar, urgent);
        let mut meaning = Meaning {
            contact,
            more,
            due: next.due,
            plan: next.plan,
            appointment: next.appointment,
            urgent,
            flags: self.flags(),
            corrects: self.outline.corrects,
            personal: self.is_personal(),
            unresolved: next.unresolved,
            ..self.blank(Intent::Log)
        };
        meaning.ask = asks(&meaning);
        meaning
    }

    /// The exact day of a line that is nothing else, as a log would have it.
    fn day_alone(&self) -> Option<NaiveDate> {
        if !self.unknown.is_empty() || self.outline.tokens.len() > DAY_TOKENS_MAX {
            return None;
        }
        due::day(&self.outline)
    }

    /// A command; only a pause and its end, or a reopening, carry a date.
    fn command(&self, intent: Intent) -> Meaning {
        let mut meaning = self.blank(intent);
        if command::needs_household(&meaning.intent) && meaning.households.is_empty() {
            meaning.ask.push(Ask::Household);
        }
        let may_be_dated = matches!(
            meaning.intent,
            Intent::Pause(_) | Intent::Resume | Intent::Reopen
        );
        if may_be_dated {
            // しばらく中断: a pause without a date has one by rule.
            meaning.due = match due::next(&self.outline, self.setting.calendar, false).due {
                Due::Unclear(UnclearDate::Vague) => Due::Unsaid,
                due => due,
            };
            if is_in_doubt(&meaning.due) {
                meaning.ask.push(Ask::Date);
            }
        }
        // These name colleagues.
        meaning.personal = self.is_personal()
            && !matches!(
                meaning.intent,
                Intent::Assign { .. }
                    | Intent::Leave { .. }
                    | Intent::Cover { .. }
                    | Intent::Invite { .. }
                    | Intent::AddStaff { .. }
                    | Intent::LetGo { .. }
            );
        meaning
    }

    /// No contact, no date; the households, and what was understood.
    fn blank(&self, intent: Intent) -> Meaning {
        let is_chatter = intent == Intent::Chatter;
        Meaning {
            intent,
            households: if is_chatter { Vec::new() } else { self.codes() },
            contact: Details::on(self.setting.today),
            more: Vec::new(),
            due: Due::Unsaid,
            plan: Plan::default(),
            appointment: false,
            urgent: false,
            ask: Vec::new(),
            corrects: false,
            flags: Vec::new(),
            personal: false,
            repaired: if is_chatter {
                Vec::new()
            } else {
                self.outline.line.repaired.clone()
            },
            others: Vec::new(),
            unresolved: None,
            doubtful: None,
            is_call: false,
            day_alone: None,
            not_understood: self.unknown.iter().map(|rest| rest.text.clone()).collect(),
        }
    }

    fn codes(&self) -> Vec<Code> {
        let mut codes = Vec::new();
        for token in self.outline.tokens {
            if let What::Code(code) = &token.what
                && codes.len() < CODES_MAX
                && !codes.contains(code)
            {
                codes.push(code.clone());
            }
        }
        codes
    }

    fn flags(&self) -> Vec<Flag> {
        let mut flags = Vec::new();
        for (index, token) in self.outline.tokens.iter().enumerate() {
            for sense in token.senses() {
                if let Sense::Flag(flag) = sense
                    && self.outline.stands(index)
                    && !flags.contains(flag)
                {
                    flags.push(*flag);
                }
            }
        }
        flags
    }

    fn is_personal(&self) -> bool {
        self.outline
            .tokens
            .iter()
            .any(|token| matches!(token.what, What::Personal))
    }
}

/// Nobody names more households in a line.
const CODES_MAX: usize = 50;

/// What must be asked. A correction is of the last record, whose household is known.
fn asks(log: &Meaning) -> Vec<Ask> {
    let mut ask = Vec::new();
    if log.households.is_empty() && !log.corrects {
        ask.push(Ask::Household);
    }
    if log.contact.kind.is_none() {
        ask.push(Ask::Kind);
    }
    if log.contact.outcome.is_none() {
        ask.push(Ask::Outcome);
    }
    if is_in_doubt(&log.due) {
        ask.push(Ask::Date);
    }
    ask
}

fn is_in_doubt(due: &Due) -> bool {
    match due {
        Due::Unsaid => false,
        Due::Said(said) => said.by_weekday.is_some(),
        Due::Unclear(
            UnclearDate::Impossible { .. } | UnclearDate::Vague | UnclearDate::Past(_),
        ) => true,
    }
}

/// Runs of kanji, katakana, letters and figures that no piece covers.
fn not_understood(line: &Line, tokens: &[Token<'_>]) -> Vec<Rest> {
    let mut rests = Vec::new();
    let mut run: Option<Rest> = None;
    let mut covered = tokens.iter().map(|token| &token.range).peekable();
    for (at, c) in line.text.char_indices() {
        while covered.peek().is_some_and(|range| range.end <= at) {
            covered.next();
        }
        let is_covered = covered.peek().is_some_and(|range| range.contains(&at));
        let is_content = match personal::kind_of(c) {
            Some(personal::Script::Hiragana) => false,
            Some(_) => true,
            None => c.is_alphanumeric(),
        };
        if is_covered || !is_content {
            rests.extend(run.take());
        } else {
            run.get_or_insert_with(|| Rest {
                at,
                text: String::new(),
            })
            .text
            .push(c);
        }
    }
    rests.extend(run);
    rests
}
