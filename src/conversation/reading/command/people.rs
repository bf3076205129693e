//! Commands that name colleagues: leave, cover, assignment.
use super::Asked;
use crate::conversation::{
    meaning::Intent,
    reading::{
        lexer::What,
        outline::{is_kind, is_result, partner_of, whom_of},
        sense::{Command, Sense},
    },
};

impl Asked<'_, '_, '_> {
    /// 休み, 代行
    pub(super) fn absence(&self) -> Option<Intent> {
        let plain = !self.has_household
            && !self
                .outline
                .tokens
                .iter()
                .enumerate()
                .any(|(index, token)| {
                    is_kind(token)
                        || is_result(token)
                        || partner_of(token).is_some()
                        || whom_of(token).is_some()
                        || !self.outline.told(index)
                });
        if !plain {
            return None;
        }
        if self.has(Command::Leave) {
            self.leave(false)
        } else if self.has(Command::Cover) {
            self.cover(false)
        } else {
            None
        }
    }

    pub(super) fn leave(&self, slashed: bool) -> Option<Intent> {
        let (from, to) = self
            .days()
            .or(slashed.then_some((self.outline.today, self.outline.today)))?;
        let cover_at = self.place(Command::Cover);
        let names = self.names();
        let split = cover_at.unwrap_or(usize::MAX);
        let cover = names.iter().find(|name| name.at > split);
        let who = names.iter().find(|name| name.at < split);
        if names.len()
            > usize::from(cover.is_some()) + usize::from(who.is_some_and(|name| name.titled))
        {
            return None;
        }
        Some(Intent::Leave {
            who: who.map(|name| name.text.clone()),
            from,
            to,
            cover: cover.map(|name| name.text.clone()),
        })
    }

    pub(super) fn cover(&self, slashed: bool) -> Option<Intent> {
        let (from, to) = self
            .days()
            .or(slashed.then_some((self.outline.today, self.outline.today)))?;
        let at = self.place(Command::Cover).unwrap_or(0);
        let names = self.names();
        if names.len() > 2 || (names.is_empty() && !slashed) {
            return None;
        }
        let text = |name: Option<&Name>| name.map(|name| name.text.clone());
        let (who, cover) = match names.as_slice() {
            // Behind a slash the word comes before both.
            [who, cover] if slashed => (Some(who), Some(cover)),
            _ => (
                names.iter().find(|name| name.at < at),
                names.iter().find(|name| name.at > at),
            ),
        };
        Some(Intent::Cover {
            who: text(who),
            cover: text(cover),
            from,
            to,
        })
    }

    pub(super) fn assign(&self) -> Option<Intent> {
        let names = self.names();
        let after = |command| {
            let at = self.place(command)?;
            names
                .iter()
                .find(|name| name.at > at)
                .map(|name| name.text.clone())
        };
        let (mut main, second) = (after(Command::Assign), after(Command::AssignSecond));
        if main == second && self.place(Command::Assign) < self.place(Command::AssignSecond) {
            main = None;
        }
        if main.is_none() && second.is_none() {
            main = names.first().map(|name| name.text.clone());
        }
        (main.is_some() || second.is_some()).then_some(Intent::Assign { main, second })
    }

    /// 山本さん担当で: the colleague's name stands before the word.
    pub(super) fn assigned_by_name(&self) -> Option<Intent> {
        let tokens = self.outline.tokens;
        let tells = (0..tokens.len()).any(|index| {
            !self.outline.told(index) || is_kind(&tokens[index]) || is_result(&tokens[index])
        });
        let named = tokens.windows(2).find(|pair| {
            matches!(pair[0].what, What::Personal)
                && (pair[1].is(Sense::Command(Command::Assign))
                    || pair[1].is(Sense::Command(Command::AssignSecond)))
                && self.outline.line.folded[pair[0].range.end..pair[1].range.start]
                    .trim_matches([' ', 'が', 'に', 'を'])
                    .is_empty()
                && !self.outline.line.folded[pair[1].range.end..].starts_with("です")
        })?;
        let name = without_honorific(&self.outline.line.text[named[0].range.clone()]);
        let is_main = named[1].is(Sense::Command(Command::Assign));
        let (main, second) = if is_main {
            (Some(name), None)
        } else {
            (None, Some(name))
        };
        (!tells && self.unknown.is_empty()).then_some(Intent::Assign { main, second })
    }

    /// Colleagues' names as typed, without honorifics, in order.
    fn names(&self) -> Vec<Name> {
        let titled = self
            .outline
            .tokens
            .iter()
            .filter(|token| matches!(token.what, What::Personal));
        let mut names: Vec<Name> = titled
            .map(|token| Name {
                at: token.range.start,
                text: without_honorific(&self.outline.line.text[token.range.clone()]),
                titled: true,
            })
            .chain(self.unknown.iter().map(|rest| Name {
                at: rest.at,
                text: rest.text.clone(),
                titled: false,
            }))
            .collect();
        names.sort_by_key(|name| name.at);
        names
    }
}

struct Name {
    at: usize,
    text: String,
    /// An honorific was typed.
    titled: bool,
}

pub(super) fn without_honorific(name: &str) -> String {
    ["さん", "様", "氏", "くん", "君", "ちゃん", "殿"]
        .iter()
        .find_map(|mark| name.strip_suffix(mark))
        .unwrap_or(name)
        .to_owned()
}
