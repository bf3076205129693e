//! Commands, as words and with a slash.
mod office;
mod people;
mod query;
mod rhythm;

pub(super) use office::of_office;

use super::{
    dates::{Day, Shape},
    forms::Form,
    lexer::{Token, What},
    outline::{Outline, is_kind, is_result, whom_of},
    sense::{Command, Sense, route_of},
    words::Words,
};
use crate::{
    conversation::meaning::{Intent, Span},
    domain::{
        calendar::monday_of,
        contact::Outcome,
        household::{Class, CloseReason, Flag},
    },
};
use chrono::{NaiveDate, TimeDelta};

/// What is left of a line once everything known is taken out of it: possible names.
pub(super) struct Rest {
    pub at: usize,
    pub text: String,
}

/// A line looked at as a command.
pub(super) struct Asked<'o, 'a, 'w> {
    pub outline: &'o Outline<'a, 'w>,
    pub unknown: &'o [Rest],
    pub has_household: bool,
}

/// The command after a slash: None where no slash stands, `Some(None)` where the
/// word behind it is not one of ours.
pub(super) fn slashed(folded: &str, words: &Words) -> Option<Option<Command>> {
    let rest = folded.trim_start().strip_prefix('/')?;
    let word = rest.split_whitespace().next().unwrap_or_default();
    let word = word.split('@').next().unwrap_or_default().replace('_', " ");
    Some(words.at_start(&word).into_iter().find_map(|found| {
        if found.length != word.len() || found.is_stem {
            return None;
        }
        found.senses.iter().find_map(|sense| match sense {
            Sense::Command(command) => Some(*command),
            Sense::Planned => Some(Command::Upcoming),
            _ => None,
        })
    }))
}

/// Whether an intent is about one household.
pub(super) fn needs_household(intent: &Intent) -> bool {
    match intent {
        Intent::Show { .. }
        | Intent::Pause(_)
        | Intent::Resume
        | Intent::Watch
        | Intent::Close(_)
        | Intent::Transfer
        | Intent::Received
        | Intent::Reopen
        | Intent::Assign { .. }
        | Intent::Add { .. }
        | Intent::SetClass(_)
        | Intent::ClearClass
        | Intent::SetFlags { .. }
        | Intent::NotBefore(_) => true,
        Intent::Log
        | Intent::Overdue
        | Intent::Upcoming(_)
        | Intent::Undo
        | Intent::Leave { .. }
        | Intent::Cover { .. }
        | Intent::Language(_)
        | Intent::Invite { .. }
        | Intent::AddStaff { .. }
        | Intent::Staff
        | Intent::LetGo { .. }
        | Intent::Page
        | Intent::Notify(_)
        | Intent::Morning(_)
        | Intent::WorkingDays { .. }
        | Intent::Help
        | Intent::Chatter => false,
    }
}

impl Asked<'_, '_, '_> {
    /// The command that the line as a whole is; None where it is none.
    pub fn intent(&self) -> Option<Intent> {
        self.query()
            .or_else(|| self.absence())
            .or_else(|| self.of_household())
    }

    /// The intent of a command that was given with a slash.
    pub fn slashed(&self, command: Command) -> Option<Intent> {
        Some(match command {
            Command::Log => Intent::Log,
            Command::Overdue => Intent::Overdue,
            Command::Upcoming => Intent::Upcoming(self.span().unwrap_or(Span::ThisWeek)),
            Command::Undo => Intent::Undo,
            Command::Help => Intent::Help,
            Command::Language => self.language()?,
            Command::Leave => self.leave(true)?,
            Command::Cover => self.cover(true)?,
            command => self.build(command)?,
        })
    }

    /// Commands that name a household.
    fn of_household(&self) -> Option<Intent> {
        if !self.has_household {
            return None;
        }
        if let Some(intent) = self.show().or_else(|| self.assigned_by_name()) {
            return Some(intent);
        }
        let tokens = self.outline.tokens;
        let first = (0..tokens.len()).find(|index| {
            !matches!(tokens[*index].what, What::Code(_)) && !tokens[*index].is(Sense::Filler)
        })?;
        let leads = self.command_at(first).is_some()
            && !self
                .unknown
                .iter()
                .any(|rest| rest.at < tokens[first].range.start);
        // 状況変わらず 電話 父, 前回不在 今回訪問 母と話せた: the course is told, not asked.
        let is_told_of = self.is_told_of(first);
        let leads = leads && !is_told_of;
        // 死亡のため終結: what happened is the reason of the command.
        let closes = self.has(Command::Close);
        let is_reason = |index: usize| {
            let mut senses = tokens[index].senses().iter();
            closes && senses.any(|sense| close_reason(*sense).is_some())
        };
        let tells = (0..tokens.len()).any(|index| {
            self.outline.told(index)
                && (is_kind(&tokens[index]) || is_result(&tokens[index]))
                && !is_reason(index)
        });
        let wishes = tokens.iter().any(|token| token.is(Sense::Request));
        let at = if leads {
            first
        } else if tells || wishes || self.unknown.len() > 2 {
            return None;
        } else {
            (0..tokens.len()).find(|index| self.command_at(*index).is_some())?
        };
        // 移管先 受理確認, 佐藤さんへ 担当変更: the later word says what is meant.
        let command = if self.has(Command::Received) {
            Command::Received
        } else {
            self.command_at(at)?
        };
        self.build(command)
    }

    /// A word for the course of a household, where a contact is told behind it.
    fn is_told_of(&self, index: usize) -> bool {
        let is_course = matches!(self.command_at(index), Some(Command::Show | Command::Brief));
        let tokens = self.outline.tokens;
        let tells = |test: fn(&Token<'_>) -> bool| {
            (index + 1..tokens.len()).any(|at| self.outline.told(at) && test(&tokens[at]))
        };
        is_course && tells(is_kind) && (tells(is_result) || tells(|token| whom_of(token).is_some()))
    }

    /// 経過, and 前回は？ in short.
    fn show(&self) -> Option<Intent> {
        let tokens = self.outline.tokens;
        let tells =
            (0..tokens.len()).any(|index| self.outline.told(index) && is_result(&tokens[index]));
        if tells {
            return None;
        }
        let asks = self.outline.line.folded.contains('?')
            || tokens
                .iter()
                .any(|token| token.is(Sense::Asking) || token.is(Sense::Question));
        let few = self
            .unknown
            .iter()
            .map(|rest| rest.text.chars().count())
            .sum::<usize>()
            <= 2;
        let next_asked = asks
            && few
            && tokens.iter().any(|token| token.is(Sense::Next))
            && !tokens
                .iter()
                .any(|token| is_kind(token) || token.date().is_some());
        // when is H-012 due?
        let due_asked = asks
            && few
            && self
                .outline
                .line
                .folded
                .trim_end_matches(['?', ' '])
                .ends_with(" due")
            && tokens.iter().any(|token| token.is(Sense::Asking));
        if due_asked
            || (self.has(Command::Brief) && asks && few)
            || next_asked
            || (few && self.asks_when_done())
        {
            return Some(Intent::Show { brief: true });
        }
        (self.has(Command::Show) && self.unknown.is_empty() && !tokens.iter().any(is_kind))
            .then_some(Intent::Show { brief: false })
    }

    /// 最後に会えたのいつ？, いつ電話した？
    fn asks_when_done(&self) -> bool {
        let tokens = self.outline.tokens;
        let when = tokens.iter().any(|token| {
            let typed = &self.outline.line.folded[token.range.clone()];
            token.is(Sense::Asking) && matches!(typed, "いつ" | "何日" | "when")
        });
        let done = tokens
            .iter()
            .any(|token| (is_kind(token) || is_result(token)) && token.form == Form::Done);
        when && done
    }

    fn build(&self, command: Command) -> Option<Intent> {
        Some(match command {
            Command::Show => Intent::Show { brief: false },
            Command::Brief => Intent::Show { brief: true },
            Command::Pause => Intent::Pause(self.find(|sense| match sense {
                Sense::PauseReason(reason) => Some(reason),
                _ => None,
            })),
            Command::Resume => Intent::Resume,
            Command::Watch => Intent::Watch,
            Command::Close => Intent::Close(self.find(close_reason)),
            Command::Transfer => Intent::Transfer,
            Command::Received => Intent::Received,
            Command::Reopen => Intent::Reopen,
            Command::Assign | Command::AssignSecond => self.assign()?,
            Command::Add => Intent::Add {
                known_by: self.find(route_of),
                known_on: self
                    .days()
                    .map(|(from, _)| from)
                    .filter(|day| *day <= self.outline.today),
            },
            Command::Class => match self.class() {
                None if self.takes_away(Command::Class) => Intent::ClearClass,
                class => Intent::SetClass(class),
            },
            Command::Flags => self.flags(),
            Command::NotBefore => self.not_before()?,
            Command::Log
            | Command::Overdue
            | Command::Upcoming
            | Command::Undo
            | Command::Help
            | Command::Language
            | Command::Leave
            | Command::Cover => return None,
        })
    }

    /// The letter behind the word, or the one that ends it: 区分 B, 区分B.
    fn class(&self) -> Option<Class> {
        let at = self.place(Command::Class)?;
        let folded = &self.outline.line.folded;
        let ends_word = folded[..at].chars().next_back();
        folded[at..]
            .chars()
            .rev()
            .chain(ends_word)
            .find_map(|c| match c {
                'a' => Some(Class::A),
                'b' => Some(Class::B),
                'c' => Some(Class::C),
                _ => None,
            })
    }

    /// 区分 なし, 区分を外して, no class
    fn takes_away(&self, command: Command) -> bool {
        let mut tokens = self.outline.tokens.iter();
        let is_denied =
            tokens.any(|token| token.is(Sense::Command(command)) && token.form == Form::Denied);
        let after = self
            .place(command)
            .map_or("", |at| &self.outline.line.folded[at..]);
        let says_none = ["なし", "無し", "なしに", "none", "no"].iter().any(|word| {
            after
                .split([' ', '、', 'は', 'を'])
                .any(|part| part == *word)
        });
        is_denied || says_none || self.clears()
    }

    fn flags(&self) -> Intent {
        let named: Vec<Flag> = self
            .outline
            .tokens
            .iter()
            .flat_map(|token| token.senses())
            .filter_map(|sense| match sense {
                Sense::Flag(flag) => Some(*flag),
                _ => None,
            })
            .collect();
        if self.clears() {
            Intent::SetFlags {
                add: Vec::new(),
                remove: named,
            }
        } else {
            Intent::SetFlags {
                add: named,
                remove: Vec::new(),
            }
        }
    }

    fn not_before(&self) -> Option<Intent> {
        match self.days() {
            _ if self.clears() => Some(Intent::NotBefore(None)),
            Some((_, to)) => Some(Intent::NotBefore(Some(to))),
            None => None,
        }
    }

    fn clears(&self) -> bool {
        [
            "解除",
            "削除",
            "外す",
            "外して",
            "なくす",
            "remove",
            "clear",
        ]
        .iter()
        .any(|word| self.outline.line.folded.contains(word))
    }

    /// The first and the last day named; of a week its Monday and Friday.
    fn days(&self) -> Option<(NaiveDate, NaiveDate)> {
        let days: Vec<(NaiveDate, NaiveDate)> = self
            .outline
            .tokens
            .iter()
            .filter_map(|token| {
                let found = token.date()?;
                let Day::On(day) = found.day else { return None };
                Some(match found.shape {
                    Shape::Week => (day, day + TimeDelta::days(4)),
                    _ => (day, day),
                })
            })
            .collect();
        let from = days.iter().map(|(from, _)| *from).min()?;
        let to = days.iter().map(|(_, to)| *to).max()?;
        Some((from, to))
    }

    /// Of the days asked for: today, this week, or the next.
    fn span(&self) -> Option<Span> {
        let (day, _) = self.days()?;
        let week = monday_of(self.outline.today);
        if day == self.outline.today {
            Some(Span::Today)
        } else if monday_of(day) == week {
            Some(Span::ThisWeek)
        } else if monday_of(day) == week + TimeDelta::weeks(1) {
            Some(Span::NextWeek)
        } else {
            None
        }
    }

    fn find<T>(&self, read: impl Fn(Sense) -> Option<T>) -> Option<T> {
        self.outline
            .tokens
            .iter()
            .flat_map(|token| token.senses())
            .find_map(|sense| read(*sense))
    }

    /// The command of a piece, unless it is part of a longer word (終結会議).
    fn command_at(&self, index: usize) -> Option<Command> {
        let token = &self.outline.tokens[index];
        let end = token.range.end;
        let goes_on = self
            .unknown
            .binary_search_by_key(&end, |rest| rest.at)
            .is_ok();
        let is_name = self
            .outline
            .tokens
            .get(index + 1)
            .is_some_and(|next| next.range.start == end && matches!(next.what, What::Personal));
        // 前に担当してました: a story, no command.
        let is_past = [
            "してた",
            "していた",
            "してまし",
            "していまし",
            "でした",
            "だった",
        ]
        .iter()
        .any(|past| self.outline.after(index).starts_with(past));
        let is_denied = NO_COMMAND
            .iter()
            .any(|denied| self.outline.after(index).starts_with(denied));
        // 主担当佐藤
        // 山田さんの担当です: told, not asked for.
        let is_told_of = token.is(Sense::Command(Command::Assign))
            && self.outline.after(index).starts_with("です");
        let names_one = token.is(Sense::Command(Command::AssignSecond))
            || self.outline.line.folded[token.range.clone()].starts_with("主担当");
        if goes_on && !is_name && !names_one
            || is_told_of
            || is_past
            || is_denied
            || !self.outline.told(index)
        {
            return None;
        }
        token.senses().iter().find_map(|sense| match sense {
            Sense::Command(command) => Some(*command),
            _ => None,
        })
    }

    fn has(&self, command: Command) -> bool {
        self.outline
            .tokens
            .iter()
            .any(|token| token.is(Sense::Command(command)))
    }

    /// Where the command's word ends.
    fn place(&self, command: Command) -> Option<usize> {
        self.outline
            .tokens
            .iter()
            .find(|token| token.is(Sense::Command(command)))
            .map(|token| token.range.end)
    }
}

/// What behind the word of a command says that it is none: 終結せず, 終結を検討中,
/// 終結してよいか.
const NO_COMMAND: [&str; 22] = [
    "されて",
    "してあ",
    "済みの",
    "せず",
    "しない",
    "しませ",
    "できず",
    "できな",
    "ではな",
    "じゃな",
    "は見送",
    "してよ",
    "していい",
    "しても",
    "でよいか",
    "でいいか",
    "について",
    "の件",
    "の相談",
    "を検討",
    "検討",
    "の方向",
];

fn close_reason(sense: Sense) -> Option<CloseReason> {
    match sense {
        Sense::CloseReason(reason) => Some(reason),
        Sense::Outcome(Outcome::Died) => Some(CloseReason::Died),
        Sense::Outcome(Outcome::Moved) => Some(CloseReason::MovedAway),
        _ => None,
    }
}
