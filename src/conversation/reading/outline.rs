//! What of a line was done, what is planned, what is asked or taken back.
use super::{
    dates::{Day, Shape},
    forms::Form,
    lexer::{Token, What},
    normalise::Line,
    words::Sense,
};
use crate::domain::contact::{Kind, Outcome};
use chrono::NaiveDate;
use std::{collections::HashMap, ops::Range};

/// A line's pieces, each with its standing.
pub(super) struct Outline<'a, 'w> {
    pub line: &'a Line,
    pub tokens: &'a [Token<'w>],
    pub standing: Vec<Standing>,
    pub today: NaiveDate,
    /// The line corrects the last record.
    pub corrects: bool,
}

/// How one piece stands in the line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// Told as it is.
    Told,
    /// Yet to come.
    Planned,
    /// In a question, or replaced by what follows.
    Void,
}

impl<'a, 'w> Outline<'a, 'w> {
    pub fn of(line: &'a Line, tokens: &'a [Token<'w>], today: NaiveDate) -> Outline<'a, 'w> {
        let mut outline = Outline {
            line,
            tokens,
            standing: vec![Standing::Told; tokens.len()],
            today,
            corrects: false,
        };
        outline.corrects = outline.is_correction();
        outline.void_questions();
        outline.void_what_is_taken_back();
        for index in 0..tokens.len() {
            if outline.standing[index] == Standing::Told && outline.is_planned(index) {
                outline.standing[index] = Standing::Planned;
            }
        }
        for index in 0..tokens.len() {
            if outline.standing[index] == Standing::Told && outline.goes_with_a_plan(index) {
                outline.standing[index] = Standing::Planned;
            }
        }
        outline
    }

    pub fn told(&self, index: usize) -> bool {
        self.standing[index] == Standing::Told
    }

    /// The text between the ends of two pieces.
    pub fn gap(&self, from: usize, to: usize) -> &str {
        let (start, end) = (self.tokens[from].range.end, self.tokens[to].range.start);
        self.line.folded.get(start..end).unwrap_or_default()
    }

    /// The text after a piece.
    pub fn after(&self, index: usize) -> &str {
        &self.line.folded[self.tokens[index].range.end..]
    }

    /// Whether a date is yet to come, or said as a part of the time ahead.
    pub fn is_ahead(&self, index: usize) -> bool {
        self.tokens[index]
            .date()
            .is_some_and(|found| match found.day {
                Day::On(day) => {
                    !found.is_behind
                        && (day > self.today || !found.is_day || found.shape == Shape::Limit)
                }
                Day::Impossible { .. } => true,
            })
    }

    /// Whether 次回 stands before a date, or 予定 behind it.
    pub fn is_said_as_plan(&self, index: usize) -> bool {
        let before = index > 0
            && self.tokens[index - 1]
                .senses()
                .iter()
                .any(|sense| matches!(sense, Sense::Next | Sense::Appointment))
            && !has_break(self.gap(index - 1, index));
        let behind = index + 1 < self.tokens.len()
            && self.tokens[index + 1].is(Sense::Planned)
            && is_close(self.gap(index, index + 1));
        before || behind
    }

    /// 訂正, or さっき…って入れたけど
    fn is_correction(&self) -> bool {
        let has = |sense| self.tokens.iter().any(|token| token.is(sense));
        let replaces = self.tokens.iter().any(|token| token.form == Form::Replaced)
            || has(Sense::Instead)
            || self.line.folded.contains("じゃなく")
            || self.line.folded.contains("ではなく");
        has(Sense::Correct) || (has(Sense::Just) && (has(Sense::Typed) || replaces))
    }

    fn void_questions(&mut self) {
        let names_household = self
            .tokens
            .iter()
            .any(|token| matches!(token.what, What::Code(_)));
        for sentence in sentences(&self.line.folded) {
            let within = self.indices_in(&sentence);
            // Danger in a household is never only a question.
            let danger = within
                .iter()
                .any(|index| self.tokens[*index].is(Sense::Danger));
            if !(danger && names_household) && self.is_question(&sentence, &within) {
                for index in within {
                    self.standing[index] = Standing::Void;
                }
            }
        }
    }

    fn indices_in(&self, sentence: &Range<usize>) -> Vec<usize> {
        (0..self.tokens.len())
            .filter(|index| sentence.contains(&self.tokens[*index].range.start))
            .collect()
    }

    /// A question mark alone after a kind and an outcome in note form is doubt,
    /// not a question.
    fn is_question(&self, sentence: &Range<usize>, within: &[usize]) -> bool {
        let has = |test: &dyn Fn(&Token<'_>) -> bool| {
            within
                .iter()
                .any(|index| test(&self.tokens[*index]) && !self.is_quoted(*index))
        };
        let is_told = has(&|token| is_kind(token)) && has(&|token| is_result(token));
        let text = self.line.folded[sentence.clone()].trim_end();
        let asks = text.ends_with('?')
            && (!is_told
                || text
                    .trim_end_matches('?')
                    .ends_with(['た', 'の', 'ね', 'は', 'か', 'て', 'る']));
        has(&|token| token.is(Sense::Question))
            || asks
            || (!is_told && has(&|token| token.is(Sense::Asking)))
    }

    /// Between 「 and 」: the words of others.
    pub fn is_quoted(&self, index: usize) -> bool {
        let before = &self.line.folded[..self.tokens[index].range.start];
        before.matches('「').count() > before.matches('」').count()
    }

    /// What stands before じゃなくて, って入れたけど, やっぱり or (dates only) →
    /// and is said anew behind it.
    fn void_what_is_taken_back(&mut self) {
        let count = self.tokens.len();
        let last_of: HashMap<Class, usize> = (0..count)
            .filter_map(|index| Some((class(&self.tokens[index])?, index)))
            .collect();
        for index in 0..count {
            let token = &self.tokens[index];
            let replaced = ["じゃな", "ではな", "でなく", "は間違", "は誤"]
                .iter()
                .any(|mark| self.after(index).starts_with(mark));
            if token.form == Form::Replaced || (replaced && token.date().is_some()) {
                self.standing[index] = Standing::Void;
            }
            let takes_back = token.is(Sense::Instead) || token.is(Sense::Typed);
            let is_arrow = index + 1 < count
                && ["→", "->", "⇒"]
                    .iter()
                    .any(|arrow| self.gap(index, index + 1).contains(arrow));
            if !takes_back && !is_arrow {
                continue;
            }
            let only_dates = !takes_back;
            for before in 0..=index {
                let Some(class) = class(&self.tokens[before]) else {
                    continue;
                };
                let again = last_of.get(&class).is_some_and(|last| *last > index);
                if again && (!only_dates || class == Class::Date && self.is_ahead(before)) {
                    self.standing[before] = Standing::Void;
                }
            }
        }
    }

    /// Whether a kind, a talk or a sending is yet to come: by its own form, by
    /// 予定 or 予約 behind it, or by 次回 or a date ahead before it.
    fn is_planned(&self, index: usize) -> bool {
        let token = &self.tokens[index];
        let may_be_planned = token.senses().iter().any(|sense| {
            matches!(
                sense,
                Sense::Kind(_) | Sense::Again(_) | Sense::Met | Sense::Drop | Sense::Outcome(_)
            )
        });
        if !may_be_planned || matches!(token.form, Form::Done | Form::Denied) {
            return false;
        }
        let to_conference =
            kind_of(token) == Some(Kind::Conference) && self.after(index).starts_with(['へ', 'に']);
        if token.form == Form::ToCome || to_conference {
            return true;
        }
        if !is_plannable(token) {
            return false;
        }
        let booked = index + 1 < self.tokens.len()
            && self.tokens[index + 1]
                .senses()
                .iter()
                .any(|sense| matches!(sense, Sense::Planned | Sense::Appointment))
            && is_close(self.gap(index, index + 1));
        if booked {
            return true;
        }
        let by_form = is_kind(token)
            && (token.form == Form::Plain
                || token
                    .senses()
                    .iter()
                    .any(|sense| matches!(sense, Sense::Again(_))));
        (by_form || self.follows_a_plan(index) || self.precedes_a_date(index))
            && !self.is_told_after_all(index)
    }

    /// 次回 or a date ahead stands before it, with nothing told in between.
    fn follows_a_plan(&self, index: usize) -> bool {
        for before in (0..index).rev() {
            if has_break(self.gap(before, before + 1)) {
                return false;
            }
            let token = &self.tokens[before];
            if token.date().is_some() {
                return self.is_ahead(before) && self.standing[before] != Standing::Void;
            }
            if token.is(Sense::Next) {
                return true;
            }
            let passes = match token.what {
                What::Clock(_) | What::Count => true,
                What::Code(_) | What::Date(_) | What::Personal => false,
                What::Word(_) => is_aside(token) || self.standing[before] == Standing::Planned,
            };
            if !passes {
                return false;
            }
        }
        false
    }

    /// English names the day last: call tomorrow, visit again next week.
    fn precedes_a_date(&self, index: usize) -> bool {
        let typed = &self.line.folded[self.tokens[index].range.clone()];
        if !typed.is_ascii()
            || typed.ends_with("ed")
            || typed == "rang"
            || !is_kind(&self.tokens[index])
        {
            return false;
        }
        (index + 1..self.tokens.len())
            .take_while(|behind| !has_break(self.gap(behind - 1, *behind)))
            .find(|behind| {
                !is_aside(&self.tokens[*behind]) && !self.tokens[*behind].is(Sense::Next)
            })
            .is_some_and(|behind| {
                let today = self.tokens[behind]
                    .date()
                    .is_some_and(|found| found.day == Day::On(self.today));
                self.is_ahead(behind) || today
            })
    }

    /// A result follows before the next kind, and nothing was told before: then
    /// the date merely came first (3か月後 訪問 不在).
    fn is_told_after_all(&self, index: usize) -> bool {
        let told_before = (0..index).any(|before| {
            self.standing[before] == Standing::Told
                && (is_kind(&self.tokens[before]) || is_result(&self.tokens[before]))
        });
        let again_now = self.tokens[index]
            .senses()
            .iter()
            .any(|sense| matches!(sense, Sense::Again(_)));
        if told_before && !again_now {
            return false;
        }
        (index + 1..self.tokens.len())
            .take_while(|behind| !is_kind(&self.tokens[*behind]))
            .take_while(|behind| !has_break(self.gap(behind - 1, *behind)))
            .any(|behind| {
                let token = &self.tokens[behind];
                is_result(token) && (!is_plannable(token) || token.form == Form::Done)
            })
    }

    /// Partners, persons and times that belong to a planned contact.
    fn goes_with_a_plan(&self, index: usize) -> bool {
        // 電話 母 来所予約: a word that stands alone belongs to what was told.
        let stands_alone = !matches!(self.tokens[index].what, What::Clock(_))
            && self.after(index).starts_with(char::is_whitespace)
            && !self.line.folded.is_ascii();
        if !is_companion(&self.tokens[index]) || stands_alone {
            return false;
        }
        for behind in index + 1..self.tokens.len() {
            if has_break(self.gap(behind - 1, behind)) {
                return false;
            }
            let token = &self.tokens[behind];
            if is_kind(token) || token.is(Sense::Met) {
                return self.standing[behind] == Standing::Planned;
            }
            if !is_companion(token) && !token.is(Sense::Filler) && !token.is(Sense::Next) {
                return false;
            }
        }
        false
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Class {
    Date,
    Kind,
    Result,
    Left,
}

fn class(token: &Token<'_>) -> Option<Class> {
    if token.date().is_some() {
        return Some(Class::Date);
    }
    if is_kind(token) {
        return Some(Class::Kind);
    }
    if token
        .senses()
        .iter()
        .any(|sense| matches!(sense, Sense::Left(_)))
    {
        return Some(Class::Left);
    }
    is_result(token).then_some(Class::Result)
}

pub(super) fn is_kind(token: &Token<'_>) -> bool {
    token
        .senses()
        .iter()
        .any(|sense| matches!(sense, Sense::Kind(_) | Sense::Again(_)))
}

/// The kind that a piece names.
pub(super) fn kind_of(token: &Token<'_>) -> Option<Kind> {
    token.senses().iter().find_map(|sense| match sense {
        Sense::Kind(kind) | Sense::Again(kind) => Some(*kind),
        _ => None,
    })
}

/// How a contact went, in whatever words.
pub(super) fn is_result(token: &Token<'_>) -> bool {
    token.senses().iter().any(|sense| {
        matches!(
            sense,
            Sense::Outcome(_)
                | Sense::Met
                | Sense::Unmet
                | Sense::Returned
                | Sense::ThroughDoor
                | Sense::Drop
        )
    })
}

/// Whether, as a noun or in its plain form, it may be yet to come: kinds, talks
/// and sendings, but not 不在 or 拒否.
fn is_plannable(token: &Token<'_>) -> bool {
    token.senses().iter().any(|sense| {
        matches!(
            sense,
            Sense::Kind(_)
                | Sense::Again(_)
                | Sense::Met
                | Sense::Drop
                | Sense::Outcome(Outcome::Sent)
        )
    })
}

/// Words that may stand between a date and what is planned for it.
fn is_aside(token: &Token<'_>) -> bool {
    is_companion(token)
        || token.senses().iter().any(|sense| {
            matches!(
                sense,
                Sense::Filler | Sense::Urgent | Sense::Appointment | Sense::Request
            )
        })
}

fn is_companion(token: &Token<'_>) -> bool {
    matches!(token.what, What::Clock(_))
        || token
            .senses()
            .iter()
            .any(|sense| matches!(sense, Sense::Whom(_) | Sense::Partner(_) | Sense::Together))
}

const BREAKS: [char; 5] = ['。', '!', '?', '\n', '；'];

pub(super) fn has_break(gap: &str) -> bool {
    gap.contains(BREAKS) || gap.contains(". ")
}

/// Nothing but a particle or a space.
pub(super) fn is_close(gap: &str) -> bool {
    matches!(
        gap.trim(),
        "" | "の" | "を" | "は" | "に" | "で" | "と" | "が"
    )
}

/// The sentences of a text, each with its closing mark.
pub(super) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut start = 0;
    for (at, c) in text.char_indices() {
        if BREAKS.contains(&c) {
            found.push(start..at + c.len_utf8());
            start = at + c.len_utf8();
        }
    }
    found.push(start..text.len());
    found
}
