//! What is asked of the bot without naming a household: lists, undo, help.
use super::Asked;
use crate::conversation::{
    meaning::{Intent, Span},
    reading::{
        lexer::What,
        outline::{is_kind, is_result},
        personal::{Script, kind_of},
        sense::{Command, Sense},
    },
};

impl Asked<'_, '_, '_> {
    /// Questions to the bot that name no household; nothing but the question may
    /// stand in the line.
    pub(super) fn query(&self) -> Option<Intent> {
        let may_ask = self.outline.tokens.iter().any(|token| {
            token.senses().iter().any(|sense| {
                matches!(
                    sense,
                    Sense::Command(_) | Sense::Language(_) | Sense::Planned | Sense::Just
                )
            })
        });
        if !may_ask {
            return None;
        }
        if self.is_just_denied() {
            return Some(Intent::Undo);
        }
        let is_pure = self.unknown.is_empty()
            && self.loose_kana() <= LOOSE_KANA_MAX
            && !self.outline.tokens.iter().any(|token| {
                is_kind(token)
                    || is_result(token)
                    || matches!(token.what, What::Personal)
                    || token.senses().iter().any(|sense| {
                        matches!(
                            sense,
                            Sense::Partner(_) | Sense::Whom(_) | Sense::Left(_) | Sense::Danger
                        )
                    })
            });
        if !is_pure {
            return None;
        }
        if self.has(Command::Undo) {
            return Some(Intent::Undo);
        }
        if self.has_household {
            return None;
        }
        if self.has(Command::Overdue) {
            return Some(Intent::Overdue);
        }
        if self.has(Command::Help) {
            return Some(Intent::Help);
        }
        if let Some(intent) = self.language() {
            return Some(intent);
        }
        let dated = self
            .outline
            .tokens
            .iter()
            .any(|token| token.date().is_some());
        let planned = self
            .outline
            .tokens
            .iter()
            .any(|token| token.is(Sense::Planned));
        if self.has(Command::Upcoming) || planned {
            return match self.span() {
                Some(span) => Some(Intent::Upcoming(span)),
                None if !dated => Some(Intent::Upcoming(Span::ThisWeek)),
                None => None,
            };
        }
        None
    }

    /// How much of the line is kana that no piece covers: particles and endings.
    fn loose_kana(&self) -> usize {
        let covered: usize = self
            .outline
            .tokens
            .iter()
            .map(|token| {
                self.outline.line.text[token.range.clone()]
                    .chars()
                    .filter(is_kana)
                    .count()
            })
            .sum();
        self.outline.line.text.chars().filter(is_kana).count() - covered
    }

    /// さっきのなし
    fn is_just_denied(&self) -> bool {
        (0..self.outline.tokens.len()).any(|index| {
            let after = self
                .outline
                .after(self.behind_instead(index))
                .trim_start_matches(['の', 'は', ' ', '、']);
            self.outline.tokens[index].is(Sense::Just)
                && [
                    "なし",
                    "無し",
                    "無かったこと",
                    "なかったこと",
                    "消して",
                    "けして",
                ]
                .iter()
                .any(|mark| after.starts_with(mark))
        })
    }

    /// さっきのやっぱりなし: やっぱり may stand in between.
    fn behind_instead(&self, index: usize) -> usize {
        let next = self.outline.tokens.get(index + 1);
        index + usize::from(next.is_some_and(|token| token.is(Sense::Instead)))
    }

    pub(super) fn language(&self) -> Option<Intent> {
        let tokens = self.outline.tokens;
        let all = tokens.iter().all(|token| {
            token.senses().iter().any(|sense| {
                matches!(
                    sense,
                    Sense::Language(_)
                        | Sense::Filler
                        | Sense::Request
                        | Sense::Command(Command::Language)
                )
            })
        });
        tokens.iter().filter(|_| all).find_map(|token| {
            token.senses().iter().find_map(|sense| match sense {
                Sense::Language(language) => Some(Intent::Language(*language)),
                _ => None,
            })
        })
    }
}

/// With more than this, thanks or a story stands around the word.
const LOOSE_KANA_MAX: usize = 6;

fn is_kana(c: &char) -> bool {
    matches!(kind_of(*c), Some(Script::Hiragana))
}
