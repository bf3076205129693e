//! A line cut into what is understood of it: codes, dates, times, words.
use super::{
    dates,
    forms::{self, Form},
    household,
    normalise::Line,
    personal::{self, Script, kind_of},
    time::{self, Clock},
    words::{Sense, Words},
};
use crate::domain::{contact::Outcome, household::Code};
use chrono::NaiveDate;
use std::ops::Range;

/// One understood piece of a line.
#[derive(Debug, Clone)]
pub(super) struct Token<'w> {
    /// In the line, its ending included.
    pub range: Range<usize>,
    pub what: What<'w>,
    pub form: Form,
}

#[derive(Debug, Clone)]
pub(super) enum What<'w> {
    Code(Code),
    Date(dates::Found),
    Clock(Clock),
    Personal,
    Word(&'w [Sense]),
    /// 3回目, 60分
    Count,
}

impl Token<'_> {
    /// The meanings of a word; none for the others.
    pub fn senses(&self) -> &[Sense] {
        match self.what {
            What::Word(senses) => senses,
            _ => &[],
        }
    }

    pub fn is(&self, sense: Sense) -> bool {
        self.senses().contains(&sense)
    }

    pub fn date(&self) -> Option<dates::Found> {
        match self.what {
            What::Date(found) => Some(found),
            _ => None,
        }
    }
}

/// Cuts the line from left to right; the longest piece wins.
pub(super) fn tokens<'w>(line: &Line, words: &'w Words, today: NaiveDate) -> Vec<Token<'w>> {
    let forms = personal::by_form(line);
    let mut tokens: Vec<Token<'w>> = Vec::new();
    let mut at = 0;
    while let Some(c) = line.at(at) {
        let reader = Reader {
            line,
            words,
            today,
            last_end: tokens.last().map_or(0, |token| token.range.end),
            at,
        };
        let form = forms.iter().find(|form| form.start == at);
        match reader.longest(form) {
            Some(token) => {
                at = token.range.end;
                tokens.push(token);
            }
            None => at += c.len_utf8(),
        }
    }
    tokens
}

struct Reader<'l, 'w> {
    line: &'l Line,
    words: &'w Words,
    today: NaiveDate,
    /// Where the last understood piece ended.
    last_end: usize,
    at: usize,
}

impl<'w> Reader<'_, 'w> {
    fn longest(&self, personal: Option<&Range<usize>>) -> Option<Token<'w>> {
        let name = || personal::name_at(self.line, self.at, self.words);
        let candidates = [
            household::code_at(self.line, self.at)
                .map(|(end, code)| self.token(end, What::Code(code))),
            personal.map(|range| self.token(range.end, What::Personal)),
            self.date(),
            self.clock(),
            self.count(),
            self.word(),
            name().map(|end| self.token(end, What::Personal)),
        ];
        // Of equal length the first stands, so the order above is one of rank.
        candidates.into_iter().flatten().reduce(|best, next| {
            if next.range.end > best.range.end {
                next
            } else {
                best
            }
        })
    }

    fn token(&self, end: usize, what: What<'w>) -> Token<'w> {
        Token {
            range: self.at..end,
            what,
            form: Form::Bare,
        }
    }

    fn clock(&self) -> Option<Token<'w>> {
        let (length, clock) = time::at_start(&self.line.folded[self.at..])?;
        self.number_may_start()
            .then(|| self.token(self.at + length, What::Clock(clock)))
    }

    fn count(&self) -> Option<Token<'w>> {
        let length = time::count_at_start(&self.line.folded[self.at..])?;
        self.number_may_start()
            .then(|| self.token(self.at + length, What::Count))
    }

    fn date(&self) -> Option<Token<'w>> {
        let rest = &self.line.folded[self.at..];
        let (length, found) = dates::at_start(rest, self.today)?;
        let before = &self.line.folded[..self.at];
        let is_routine = ["毎週", "毎月", "隔週", "毎", "for ", "every "]
            .iter()
            .any(|every| before.ends_with(every));
        (!is_routine && self.may_start(&rest[..length]) && self.may_end(&rest[..length]))
            .then(|| self.token(self.at + length, What::Date(found)))
    }

    fn word(&self) -> Option<Token<'w>> {
        let rest = &self.line.folded[self.at..];
        self.words
            .at_start(rest)
            .into_iter()
            .filter(|found| {
                self.may_start(&rest[..found.length]) && self.may_end(&rest[..found.length])
            })
            .filter_map(|found| {
                let after = &rest[found.length..];
                let (ending, form) = if found.is_stem {
                    forms::of_verb(after)?
                } else if found.senses.iter().any(|sense| takes_ending(*sense)) {
                    noun_ending(found.senses, after)
                } else {
                    (0, Form::Bare)
                };
                let form = if form == Form::Bare && self.is_denied_before() {
                    Form::Denied
                } else {
                    form
                };
                let reach = found.length + if found.is_stem { ending } else { 0 };
                Some((reach, self.at + found.length + ending, form, found.senses))
            })
            .max_by_key(|(reach, ..)| *reach)
            .map(|(_, end, form, senses)| Token {
                range: self.at..end,
                what: What::Word(senses),
                form,
            })
    }

    /// English denies before the word: no card, not returned.
    fn is_denied_before(&self) -> bool {
        let before = &self.line.folded[..self.at];
        ["not ", "no ", "never ", "without ", "without a "]
            .iter()
            .any(|word| {
                before
                    .strip_suffix(word)
                    .is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
            })
    }

    /// Not within a Latin word or a number; a short kana word only where
    /// something else has ended.
    fn may_start(&self, piece: &str) -> bool {
        let Some(first) = piece.chars().next() else {
            return false;
        };
        if first.is_ascii_digit() {
            return self.number_may_start();
        }
        let before = self.line.before(self.at);
        if first.is_ascii_alphabetic() {
            return before.is_none_or(|c| !c.is_ascii_alphanumeric());
        }
        let count = piece.chars().count();
        let is_kana = piece
            .chars()
            .all(|c| kind_of(c).is_some_and(|script| script != Script::Kanji));
        if !is_kana || count > 3 || self.at == self.last_end {
            return true;
        }
        let gap = &self.line.folded[self.last_end..self.at];
        match before.and_then(kind_of) {
            None => true,
            Some(Script::Kanji) => count > 2,
            Some(_) => self.last_end > 0 && PARTICLES.contains(&gap.trim()),
        }
    }

    fn number_may_start(&self) -> bool {
        let before = &self.line.folded[..self.at];
        let last = before.chars().next_back();
        let joined = last.is_some_and(|c| matches!(c, '-' | '/' | '.' | ':'))
            && before
                .trim_end_matches(['-', '/', '.', ':'])
                .ends_with(|c: char| c.is_ascii_digit());
        !joined && last.is_none_or(|c| !c.is_ascii_alphanumeric())
    }

    /// A Latin word ends where no further letter follows.
    fn may_end(&self, piece: &str) -> bool {
        let next = self.line.at(self.at + piece.len());
        !piece.ends_with(|c: char| c.is_ascii_alphanumeric())
            || next.is_none_or(|c| !c.is_ascii_alphanumeric())
    }
}

const PARTICLES: [&str; 14] = [
    "と", "に", "は", "が", "を", "も", "の", "へ", "で", "や", "から", "より", "とは", "には",
];

/// Whether what follows a word tells whether it was done.
fn takes_ending(sense: Sense) -> bool {
    matches!(
        sense,
        Sense::Kind(_)
            | Sense::Again(_)
            | Sense::Outcome(_)
            | Sense::Met
            | Sense::Left(_)
            | Sense::Returned
            | Sense::Drop
            | Sense::Sign(_)
            | Sense::Danger
            | Sense::Report
            | Sense::Appointment
    )
}

/// The ending of a noun. 来ず denies a reply; behind anything else it is an
/// outcome of its own.
fn noun_ending(senses: &[Sense], after: &str) -> (usize, Form) {
    let (length, form) = forms::of_noun(after);
    let ending = &after[..length];
    let comes = ["来", "こ", "き"].iter().any(|come| {
        ending
            .trim_start_matches(['は', 'が', 'も'])
            .starts_with(come)
    });
    if form == Form::Denied && comes && !senses.contains(&Sense::Outcome(Outcome::Reply)) {
        return (0, Form::Bare);
    }
    (length, form)
}
