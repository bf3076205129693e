//! What of a line is yet to come.
use super::{Outline, REACH, Standing, has_break, is_close, is_kind, is_result, kind_of};
use crate::{
    conversation::reading::{
        dates::Day,
        forms::Form,
        lexer::{Token, What},
        sense::{Command, Sense},
    },
    domain::contact::{Kind, Outcome},
};

impl Outline<'_, '_> {
    /// Settles what is yet to come, and what belongs to it.
    pub(super) fn settle_plans(&mut self) {
        let mut told_before = false;
        for index in 0..self.tokens.len() {
            if !self.told(index) {
                continue;
            }
            if self.is_planned(index, told_before) {
                self.standing[index] = Standing::Planned;
            } else {
                let token = &self.tokens[index];
                told_before |= is_kind(token) || is_result(token);
            }
        }
        for index in 0..self.tokens.len() {
            if self.told(index) && self.goes_with_a_plan(index) {
                self.standing[index] = Standing::Planned;
            }
        }
    }

    /// Whether a kind, a talk or a sending is yet to come: by its own form, by
    /// 予定 or 予約 behind it, or by 次回 or a date ahead before it.
    fn is_planned(&self, index: usize, told_before: bool) -> bool {
        let token = &self.tokens[index];
        // 帰ってください: the household's own wish is no plan.
        let may_be_planned = token.senses().iter().any(|sense| match sense {
            Sense::Outcome(outcome) => !outcome.is_met(),
            Sense::Kind(_) | Sense::Again(_) | Sense::Met | Sense::Drop => true,
            _ => false,
        });
        if may_be_planned && self.is_once_there(index) {
            return true;
        }
        if !may_be_planned || matches!(token.form, Form::Done | Form::Denied) {
            return false;
        }
        let to_conference =
            kind_of(token) == Some(Kind::Conference) && self.after(index).starts_with(['へ', 'に']);
        if token.form == Form::ToCome || to_conference {
            return true;
        }
        if !is_plannable(token) || self.came_from(index) {
            return false;
        }
        let booked = index + 1 < self.tokens.len()
            && self.tokens[index + 1]
                .senses()
                .iter()
                .any(|sense| matches!(sense, Sense::Planned | Sense::Appointment))
            && is_close(self.gap(index, index + 1));
        if booked || (told_before && self.is_set_for_a_date(index)) {
            return true;
        }
        let by_form = is_kind(token)
            && (token.form == Form::Plain
                || token
                    .senses()
                    .iter()
                    .any(|sense| matches!(sense, Sense::Again(_))));
        (by_form || self.follows_a_plan(index, told_before) || self.precedes_a_date(index))
            && !self.is_told_after_all(index, told_before)
    }

    /// 来週訪れた際に確認, 来月訪問したら渡す: done by then, but yet to come.
    fn is_once_there(&self, index: usize) -> bool {
        self.tokens[index].form == Form::Done
            && ["ら", "とき", "時", "際", "後"]
                .iter()
                .any(|mark| self.after(index).starts_with(mark))
            && index.checked_sub(1).is_some_and(|date| {
                self.is_ahead(date) && matches!(self.gap(date, index), "" | "に")
            })
    }

    /// 来週の予約をキャンセルしたいと母より電話: who rang has rung; but 明日母から電話.
    fn came_from(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else {
            return false;
        };
        let is_caller = is_companion(&self.tokens[before])
            && matches!(
                self.gap(before, index),
                "より" | "から" | "さんから" | "さんより"
            );
        let is_dated = before.checked_sub(1).is_some_and(|dated| {
            self.tokens[dated].date().is_some() && self.gap(dated, before).chars().count() <= 1
        });
        is_caller && !is_dated
    }

    /// 手紙は来月: a kind as the topic of a date ahead.
    fn is_set_for_a_date(&self, index: usize) -> bool {
        let behind = index + 1;
        behind < self.tokens.len()
            && is_kind(&self.tokens[index])
            && matches!(self.gap(index, behind), "は" | "は、" | "は ")
            && self.is_ahead(behind)
    }

    /// 次回 or a date ahead stands before it, with nothing told in between.
    fn follows_a_plan(&self, index: usize, told_before: bool) -> bool {
        for before in (index.saturating_sub(REACH)..index).rev() {
            if has_break(self.gap(before, before + 1)) {
                return false;
            }
            let token = &self.tokens[before];
            if token.date().is_some() {
                let is_ahead = self.is_ahead(before) || told_before && self.is_later_today(before);
                return is_ahead && self.standing[before] != Standing::Void;
            }
            // 今すぐ訪問, behind what was told
            let is_urgent = told_before && token.is(Sense::Urgent) && before + 1 == index;
            if token.is(Sense::Next) || is_urgent {
                return true;
            }
            let passes = match token.what {
                What::Clock(_) | What::Count => true,
                What::Code(_) | What::Date(_) | What::Personal => false,
                // 来週火曜は仕事休みなので訪問, 12/10は不在かもしれないが訪問: what is on that day.
                What::Word(_) => {
                    is_aside(token)
                        || self.standing[before] == Standing::Planned
                        || token.is(Sense::Command(Command::Leave))
                        || self.standing[before] == Standing::Void && is_result(token)
                }
            };
            if !passes {
                return false;
            }
        }
        false
    }

    /// 今夜
    fn is_later_today(&self, index: usize) -> bool {
        let typed = &self.line.folded[self.tokens[index].range.clone()];
        ["今夜", "今晩", "今夕", "tonight"].contains(&typed)
    }

    /// English names the day last: call tomorrow, visit again next week.
    fn precedes_a_date(&self, index: usize) -> bool {
        let typed = &self.line.folded[self.tokens[index].range.clone()];
        let verb = typed.split(' ').next().unwrap_or_default();
        let is_past = verb.ends_with("ed")
            || ["rang", "came", "went", "at", "in", "on", "by", "over"].contains(&verb);
        if !typed.is_ascii() || is_past || !is_kind(&self.tokens[index]) {
            return false;
        }
        (index + 1..self.tokens.len())
            .take(REACH)
            .take_while(|behind| !has_break(self.gap(behind - 1, *behind)))
            // office visit, mum, next appt 12/3: of another clause.
            .take_while(|behind| {
                !(self.tokens[*behind].is(Sense::Next)
                    && self.gap(behind - 1, *behind).contains(','))
            })
            .find(|behind| {
                !is_aside(&self.tokens[*behind]) && !self.tokens[*behind].is(Sense::Next)
            })
            .is_some_and(|behind| {
                let today = self.tokens[behind]
                    .date()
                    .is_some_and(|found| found.day == Day::On(self.today));
                // call today no answer
                let told = self.tokens.get(behind + 1).is_some_and(is_result);
                self.is_ahead(behind) || today && !told
            })
    }

    /// A result follows before the next kind, and nothing was told before: then
    /// the date merely came first (3か月後 訪問 不在).
    fn is_told_after_all(&self, index: usize, told_before: bool) -> bool {
        let again_now = self.tokens[index]
            .senses()
            .iter()
            .any(|sense| matches!(sense, Sense::Again(_)));
        if told_before && !again_now {
            return false;
        }
        // 包括と伺う。会えず: a diary goes on behind its first sentence.
        let is_diary = self.tokens[index].form == Form::Plain
            && !told_before
            && !self.follows_a_plan(index, told_before);
        (index + 1..self.tokens.len())
            .take(REACH)
            .take_while(|behind| !is_kind(&self.tokens[*behind]))
            .take_while(|behind| is_diary || !has_break(self.gap(behind - 1, *behind)))
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
            && !self.is_ascii;
        if !is_companion(&self.tokens[index]) || stands_alone || self.is_source(index) {
            return false;
        }
        let typed_ascii = self.line.folded[self.tokens[index].range.clone()].is_ascii();
        for behind in (index + 1..self.tokens.len()).take(REACH) {
            let gap = self.gap(behind - 1, behind);
            if has_break(gap) || (typed_ascii && gap.contains(',')) {
                break;
            }
            let token = &self.tokens[behind];
            if is_kind(token) || token.is(Sense::Met) {
                return self.standing[behind] == Standing::Planned;
            }
            if !is_companion(token) && !token.is(Sense::Filler) && !token.is(Sense::Next) {
                break;
            }
        }
        typed_ascii && self.follows_planned_kind(index)
    }

    /// 母より相談 …折り返し電話予定: who told something, and does not ring.
    fn is_source(&self, index: usize) -> bool {
        let after = self.after(index);
        let is_from = after.starts_with("より") || after.starts_with("から");
        let rings = self.tokens.get(index + 1).is_some_and(|behind| {
            is_kind(behind) && matches!(self.gap(index, index + 1), "より" | "から" | "からの")
        });
        is_from && !rings
    }

    /// English names the companion last: visit with the care manager.
    fn follows_planned_kind(&self, index: usize) -> bool {
        for before in (index.saturating_sub(REACH)..index).rev() {
            if has_break(self.gap(before, before + 1)) || self.gap(before, before + 1).contains(',')
            {
                return false;
            }
            let token = &self.tokens[before];
            if is_kind(token) {
                return self.standing[before] == Standing::Planned;
            }
            if !is_companion(token) && !token.is(Sense::Filler) {
                return false;
            }
        }
        false
    }
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
                Sense::Filler | Sense::Urgent | Sense::Appointment | Sense::Request | Sense::Chat
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
