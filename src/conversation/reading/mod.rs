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
mod due;
mod forms;
mod household;
mod lexer;
mod normalise;
mod outline;
mod personal;
mod time;
mod words;

pub use household::alone as household;
pub use words::{Place, Words, WordsError};

use crate::{
    conversation::meaning::{Ask, Due, Intent, Meaning, UnclearDate},
    domain::{
        calendar::Calendar,
        check_in::Plan,
        contact::{Details, Kind, Partner},
        household::{Code, Flag},
    },
};
use chrono::NaiveDate;
use command::{Asked, Rest};
use lexer::{Token, What};
use normalise::Line;
use outline::{Outline, Standing};
use words::{Command, Sense};

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
    let line = Line::of(text, setting.words);
    let tokens = lexer::tokens(&line, setting.words, setting.today);
    let unknown = not_understood(&line, &tokens);
    let outline = Outline::of(&line, &tokens, setting.today);
    let reading = Reading {
        setting,
        outline,
        unknown,
    };
    let mut meaning = reading.meaning();
    if meaning.intent != Intent::Chatter {
        meaning.repaired = line.repaired.clone();
    }
    meaning
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
                None => {
                    let log = self.log();
                    if self.is_log(&log) {
                        log
                    } else {
                        self.blank(Intent::Chatter)
                    }
                }
            },
        }
    }

    fn log(&self) -> Meaning {
        let (contact, more) = contact::contacts(&self.outline);
        let urgent = contact.danger || self.says(Sense::Urgent);
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
            ..self.blank(Intent::Log)
        };
        meaning.ask = asks(&meaning);
        meaning
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
        // Assigning, leave and cover name colleagues.
        meaning.personal = self.is_personal()
            && !matches!(
                meaning.intent,
                Intent::Assign { .. } | Intent::Leave { .. } | Intent::Cover { .. }
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
            repaired: Vec::new(),
            understood: understood(&self.outline),
            not_understood: self.unknown.iter().map(|rest| rest.text.clone()).collect(),
        }
    }

    /// Whether a line tells of a contact or names a next date, and is no talk
    /// among colleagues.
    fn is_log(&self, log: &Meaning) -> bool {
        let told = log.contact.kind.is_some() && log.contact.outcome.is_some();
        if log.contact.danger && (!log.households.is_empty() || told) {
            return true;
        }
        if log.households.is_empty() {
            return self.is_log_without_household(log);
        }
        if told || log.contact.outcome.is_some() {
            return !self.is_about(log);
        }
        let about = self.is_about(log);
        let few = self.unknown.len() <= 3;
        if log.contact.kind.is_some() || log.contact.signs.is_some() {
            return !about && few && !self.says(Sense::Request);
        }
        let dated = log.due != Due::Unsaid;
        let polite = !self.says(Sense::Request) || self.unknown.is_empty();
        let allowed = if log.plan.kind.is_some() || !self.is_named_in_talk() {
            2
        } else {
            0
        };
        dated && !about && polite && self.unknown.len() <= allowed
    }

    /// 「H-5のバス」「H-031さん宅」: the code is part of a sentence about it.
    fn is_named_in_talk(&self) -> bool {
        self.after_code().is_some_and(|after| {
            ["の", "さん", "って", "は", "出口", "行き"]
                .iter()
                .any(|mark| after.starts_with(mark))
        })
    }

    /// The text behind the first code.
    fn after_code(&self) -> Option<&str> {
        self.outline
            .tokens
            .iter()
            .position(|token| matches!(token.what, What::Code(_)))
            .map(|index| self.outline.after(index))
    }

    /// A contact without a household is asked about only where the line holds
    /// nothing else; it may as well be of a colleague (係長は不在です).
    fn is_log_without_household(&self, log: &Meaning) -> bool {
        if !self.unknown.is_empty() || self.says(Sense::Request) {
            return false;
        }
        let colleague = log
            .contact
            .partners
            .iter()
            .any(|partner| matches!(partner, Partner::Supervisor | Partner::Colleague));
        let states_kind = (0..self.outline.tokens.len())
            .any(|index| self.outline.told(index) && outline::is_kind(&self.outline.tokens[index]));
        let is_errand = self.outline.line.folded.contains("訪問で");
        let whole = log.contact.outcome.is_some()
            && (states_kind || !log.contact.left.is_empty() || log.due != Due::Unsaid);
        let corrected = log.corrects && (log.due != Due::Unsaid || log.contact.outcome.is_some());
        !colleague && !is_errand && (whole || corrected)
    }

    /// 「H-012の件」「H-012の手紙、机に置きました」: the household is talked about.
    fn is_about(&self, log: &Meaning) -> bool {
        let after_code = self.after_code();
        let mentioned = after_code
            .is_some_and(|after| after.starts_with("の件") || after.starts_with("に関して"));
        let owns = after_code.is_some_and(|after| after.starts_with('の'));
        let kind_alone = log.contact.outcome.is_none() && log.due == Due::Unsaid;
        let is_done = matches!(log.contact.kind, Some(Kind::Info))
            || (log.contact.outcome.is_some() && log.contact.kind.is_some());
        (mentioned && !is_done) || (owns && kind_alone)
    }

    fn codes(&self) -> Vec<Code> {
        let mut codes = Vec::new();
        for token in self.outline.tokens {
            if let What::Code(code) = &token.what
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
                    && self.outline.standing[index] != Standing::Void
                    && !flags.contains(flag)
                {
                    flags.push(*flag);
                }
            }
        }
        flags
    }

    fn says(&self, sense: Sense) -> bool {
        (0..self.outline.tokens.len()).any(|index| {
            self.outline.standing[index] != Standing::Void && self.outline.tokens[index].is(sense)
        })
    }

    fn is_personal(&self) -> bool {
        self.outline
            .tokens
            .iter()
            .any(|token| matches!(token.what, What::Personal))
    }
}

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

/// Each piece as typed, with the code of what it means.
fn understood(outline: &Outline<'_, '_>) -> Vec<(String, String)> {
    outline
        .tokens
        .iter()
        .filter_map(|token| {
            let typed = outline.line.text[token.range.clone()].to_owned();
            let meant = match &token.what {
                What::Code(code) => format!("household:{code}"),
                What::Date(found) => match found.day {
                    dates::Day::On(day) => format!("date:{day}"),
                    dates::Day::Impossible { month, day, .. } => {
                        format!("impossible:{month}/{day}")
                    }
                },
                What::Clock(time::Clock::At(at)) => format!("time:{}", at.format("%H:%M")),
                What::Clock(time::Clock::Part(part)) => format!("time:{}", part.code()),
                What::Personal => "personal".to_owned(),
                What::Count => return None,
                What::Word(senses) => {
                    let codes: Vec<String> =
                        senses.iter().filter_map(|sense| sense.code()).collect();
                    if codes.is_empty() {
                        return None;
                    }
                    codes.join("+")
                }
            };
            Some((typed, meant))
        })
        .collect()
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
