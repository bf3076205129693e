//! What of a line was done, what is planned, what is asked or taken back.
mod behind;
mod counted;
mod plans;
mod voids;

pub(super) use behind::settle_days;
pub(super) use counted::settle_spans;

use super::{
    dates::{Day, Shape},
    forms::Form,
    lexer::{Token, What},
    normalise::Line,
    sense::Sense,
};
use crate::domain::contact::{Kind, Partner, Whom};
use chrono::NaiveDate;
use std::ops::Range;

/// How many pieces away the words may stand that bear on one another. It keeps
/// the work linear in the length of the text.
pub(super) const REACH: usize = 16;

/// A line's pieces, each with its standing.
pub(super) struct Outline<'a, 'w> {
    pub line: &'a Line,
    pub tokens: &'a [Token<'w>],
    pub standing: Vec<Standing>,
    pub today: NaiveDate,
    /// The line corrects the last record.
    pub corrects: bool,
    quotes: Vec<Range<usize>>,
    /// The line is in Latin letters alone, as English is.
    is_ascii: bool,
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
            quotes: quotes(&line.folded),
            is_ascii: line.folded.is_ascii(),
        };
        outline.corrects = outline.is_correction();
        outline.void_questions();
        outline.void_what_is_taken_back();
        outline.settle_plans();
        outline
    }

    pub fn told(&self, index: usize) -> bool {
        self.line.count_look();
        self.standing[index] == Standing::Told
    }

    /// Told or planned, and neither asked nor taken back.
    pub fn stands(&self, index: usize) -> bool {
        self.line.count_look();
        self.standing[index] != Standing::Void
    }

    pub fn says(&self, index: usize, sense: Sense) -> bool {
        self.stands(index) && self.tokens[index].is(sense)
    }

    /// 至急; not 急ぎではない, nor すぐに断られた.
    pub fn is_urgent(&self) -> bool {
        (0..self.tokens.len()).any(|index| {
            let behind = index + 1;
            let is_told = self.tokens.get(behind).is_some_and(|token| {
                is_result(token) && token.form == Form::Done && self.gap(index, behind).is_empty()
            });
            self.says(index, Sense::Urgent) && self.tokens[index].form != Form::Denied && !is_told
        })
    }

    /// The text between the ends of two pieces.
    pub fn gap(&self, from: usize, to: usize) -> &str {
        self.line.count_look();
        let (start, end) = (self.tokens[from].range.end, self.tokens[to].range.start);
        self.line.folded.get(start..end).unwrap_or_default()
    }

    /// The text after a piece.
    pub fn after(&self, index: usize) -> &str {
        self.line.count_look();
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
                Day::Impossible { .. } | Day::None => true,
            })
    }

    /// Whether 次回 stands before a date, perhaps with 予定 or a kind in between,
    /// or 予定 behind it.
    pub fn is_said_as_plan(&self, index: usize) -> bool {
        let behind = index + 1 < self.tokens.len()
            && self.tokens[index + 1].is(Sense::Planned)
            && is_close(self.gap(index, index + 1));
        behind || self.follows_next(index)
    }

    fn follows_next(&self, index: usize) -> bool {
        for before in (index.saturating_sub(REACH)..index).rev() {
            if has_break(self.gap(before, before + 1)) {
                return false;
            }
            let token = &self.tokens[before];
            let is_next = token.is(Sense::Next) || token.is(Sense::Appointment);
            if is_next || self.standing[before] == Standing::Void {
                return is_next;
            }
            let passes = token.is(Sense::Planned) || token.is(Sense::Filler) || is_kind(token);
            if !passes || token.form == Form::Done {
                return false;
            }
        }
        false
    }

    /// A call from an agency is word from it; one to it is no call to the
    /// household; a visit with a partner is an accompanied one.
    pub fn kind_in_place(&self, index: usize, kind: Kind) -> Kind {
        let tokens = self.tokens;
        let Some(before) = (index.saturating_sub(REACH)..index)
            .rev()
            .find(|before| !is_passed_over(&tokens[*before]))
        else {
            return kind;
        };
        // 民生委員の佐藤さんと訪問: the name belongs to the partner.
        let is_name = matches!(tokens[before].what, What::Personal);
        let partner = partner_of(&tokens[before]).or_else(|| {
            let named = before.checked_sub(1).filter(|_| is_name)?;
            partner_of(&tokens[named])
        });
        let Some(partner) = partner else {
            return kind;
        };
        let gap: String = (before..index)
            .map(|at| self.gap(at, at + 1))
            .collect::<String>()
            .replace(' ', "");
        let gap = gap
            .trim_start_matches("さん")
            .trim_start_matches("の方")
            .trim_start_matches("の人")
            .trim_start_matches("の職員")
            .trim_start_matches("職員")
            .trim_start_matches("の担当者")
            .trim_start_matches('の')
            .trim_end_matches('の');
        match (kind, gap) {
            (Kind::Visit, "と" | "とともに" | "と共に" | "も") => Kind::Accompany,
            (Kind::Accompany, "へ" | "に" | "へ受診" | "受診") if partner == Partner::Clinic => {
                Kind::Clinic
            }
            (Kind::Call | Kind::Email, "から" | "より") => Kind::Info,
            // 民生委員が先週訪問: their own, and word to us.
            (Kind::Visit | Kind::Call | Kind::Letter, "が")
                if !matches!(partner, Partner::Supervisor | Partner::Colleague)
                    && !self.is_of_ourselves(before) =>
            {
                Kind::Info
            }
            (Kind::Call | Kind::Email | Kind::Letter, "に" | "へ") => Kind::Agency,
            _ => kind,
        }
    }

    /// 看護師が訪問: so a nurse may write of herself.
    fn is_of_ourselves(&self, partner: usize) -> bool {
        &self.line.folded[self.tokens[partner].range.clone()] == "看護師"
    }

    /// Between 「 and 」: the words of others.
    pub fn is_quoted(&self, index: usize) -> bool {
        self.line.count_look();
        self.quotes
            .iter()
            .any(|quote| quote.contains(&self.tokens[index].range.start))
    }
}

/// What stands between 「 and 」, or from 「 to the end; at most [`REACH`] of them.
fn quotes(text: &str) -> Vec<Range<usize>> {
    text.match_indices('「')
        .take(REACH)
        .map(|(start, _)| {
            let end = text[start..]
                .find('」')
                .map_or(text.len(), |end| start + end);
            start..end
        })
        .collect()
}

/// What may stand between a partner and the kind: 大家さんから今日電話.
fn is_passed_over(token: &Token<'_>) -> bool {
    token.is(Sense::Filler) || matches!(token.what, What::Date(_) | What::Clock(_))
}

/// The partner whom a piece names.
pub(super) fn partner_of(token: &Token<'_>) -> Option<Partner> {
    token.senses().iter().find_map(|sense| match sense {
        Sense::Partner(partner) => Some(*partner),
        _ => None,
    })
}

/// Who of the household is named by a piece.
pub(super) fn whom_of(token: &Token<'_>) -> Option<Whom> {
    token.senses().iter().find_map(|sense| match sense {
        Sense::Whom(whom) => Some(*whom),
        _ => None,
    })
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

const BREAKS: [char; 5] = ['。', '!', '?', '\n', ';'];

pub(super) fn has_break(gap: &str) -> bool {
    gap.contains(BREAKS) || (gap.contains('.') && gap.contains(". "))
}

/// What of a text belongs to its first clause; a long one is cut short.
pub(super) fn clause(text: &str) -> &str {
    let end = text
        .char_indices()
        .enumerate()
        .find(|(count, (_, c))| *count == CLAUSE_CHARS_MAX || ends_clause(*c));
    end.map_or(text, |(_, (at, _))| &text[..at])
}

/// The same of the last clause.
pub(super) fn last_clause(text: &str) -> &str {
    let start = text
        .char_indices()
        .rev()
        .enumerate()
        .find(|(count, (_, c))| *count == CLAUSE_CHARS_MAX || ends_clause(*c));
    start.map_or(text, |(_, (at, c))| &text[at + c.len_utf8()..])
}

fn ends_clause(c: char) -> bool {
    c.is_whitespace() || "、。,」".contains(c)
}

const CLAUSE_CHARS_MAX: usize = 24;

/// Nothing but a particle or a space.
pub(super) fn is_close(gap: &str) -> bool {
    matches!(
        gap.trim(),
        "" | "の" | "を" | "は" | "に" | "で" | "と" | "が"
    )
}
