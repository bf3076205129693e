//! What of a line is asked, taken back or corrected, and so does not hold.
use super::{BREAKS, Outline, REACH, Standing, clause, is_kind, is_result, last_clause};
use crate::{
    conversation::reading::{
        dates::Day,
        forms::Form,
        lexer::{Token, What},
        personal::{Script, kind_of},
        sense::Sense,
    },
    domain::contact::Outcome,
};
use std::ops::Range;

impl Outline<'_, '_> {
    /// 訂正, or さっき…って入れたけど
    pub(super) fn is_correction(&self) -> bool {
        let has = |sense| self.tokens.iter().any(|token| token.is(sense));
        let replaces = || {
            self.tokens.iter().any(|token| token.form == Form::Replaced)
                || has(Sense::Instead)
                || self.line.folded.contains("じゃなく")
                || self.line.folded.contains("ではなく")
        };
        has(Sense::Correct) || (has(Sense::Just) && (has(Sense::Typed) || replaces()))
    }

    pub(super) fn void_questions(&mut self) {
        let names_household = self
            .tokens
            .iter()
            .any(|token| matches!(token.what, What::Code(_)));
        let mut from = 0;
        for sentence in sentences(&self.line.folded) {
            let to = from
                + self.tokens[from..]
                    .iter()
                    .take_while(|token| token.range.start < sentence.end)
                    .count();
            // Danger in a household is never only a question.
            let danger = (from..to).any(|index| self.tokens[index].is(Sense::Danger));
            if !(danger && names_household) && self.is_question(&sentence, from..to) {
                self.standing[from..to].fill(Standing::Void);
            }
            from = to;
        }
    }

    /// A question mark alone after a kind and an outcome in note form is doubt,
    /// not a question.
    fn is_question(&self, sentence: &Range<usize>, within: Range<usize>) -> bool {
        let has = |test: &dyn Fn(&Token<'_>) -> bool| {
            within
                .clone()
                .any(|index| test(&self.tokens[index]) && !self.is_quoted(index))
        };
        let is_told = has(&|token| is_kind(token)) && has(&|token| is_result(token));
        let text = self.line.folded[sentence.clone()].trim_end();
        let asks = text.ends_with('?')
            && (!is_told
                || text
                    .trim_end_matches('?')
                    .ends_with(['た', 'の', 'ね', 'は', 'か', 'て', 'る']));
        // 転居か?: doubt as well.
        let doubts = text
            .trim_end_matches('?')
            .strip_suffix('か')
            .is_some_and(|noun| noun.ends_with(|c| kind_of(c) == Some(Script::Kanji)));
        // また来てくれますかと母: told, not asked.
        let is_asked = within.clone().any(|index| {
            self.tokens[index].is(Sense::Question)
                && !self.is_quoted(index)
                && !self.after(index).starts_with('と')
        });
        is_asked
            || (asks && !(is_told && doubts))
            || (!is_told && has(&|token| token.is(Sense::Asking)))
    }

    /// What stands before じゃなくて, って入れたけど, やっぱり or (dates only) →
    /// or すみません, and is said anew behind it.
    pub(super) fn void_what_is_taken_back(&mut self) {
        let mut last_of = [None; CLASSES];
        for (index, token) in self.tokens.iter().enumerate() {
            if let Some(class) = class(token) {
                last_of[class as usize] = Some(index);
            }
        }
        // Of each class, the last place that takes back what is said anew.
        let mut taken_to = [None; CLASSES];
        for index in 0..self.tokens.len() {
            let is_left_then = index > 0
                && matches!(class(&self.tokens[index]), Some(Class::Left))
                && self.is_only_a_case(index - 1);
            if self.is_replaced(index)
                || self.is_of_before(index)
                || self.is_yet_to_be(index)
                || self.is_only_a_case(index)
                || is_left_then
            {
                self.standing[index] = Standing::Void;
            }
            let (all, dates) = self.takes_back(index);
            for class in 0..CLASSES {
                let again = last_of[class].is_some_and(|last| last > index);
                if again && (all || dates && class == Class::Date as usize) {
                    taken_to[class] = Some((index, all));
                }
            }
        }
        for index in 0..self.tokens.len() {
            let taken = class(&self.tokens[index]).and_then(|class| taken_to[class as usize]);
            if let Some((to, all)) = taken
                && index <= to
                && (all || self.is_ahead(index))
            {
                self.standing[index] = Standing::Void;
            }
        }
    }

    /// Whether a piece takes back all that stands before it, or dates only.
    fn takes_back(&self, index: usize) -> (bool, bool) {
        let token = &self.tokens[index];
        let all = token.is(Sense::Instead) || token.is(Sense::Typed);
        let is_arrow = index + 1 < self.tokens.len() && has_arrow(self.gap(index, index + 1));
        (
            all,
            is_arrow || token.is(Sense::Sorry) || token.is(Sense::Correct),
        )
    }

    /// 1 month, not 3 months; but not before dec 10.
    fn is_denied_in_english(&self, index: usize) -> bool {
        let range = &self.tokens[index].range;
        let typed = &self.line.folded[range.clone()];
        self.line.folded[..range.start].ends_with(" not ")
            && !["before", "until", "till"]
                .iter()
                .any(|limit| typed.starts_with(limit))
    }

    /// 以前は拒否だったが, 拒否していた前回と違い: how it went another time.
    fn is_of_before(&self, index: usize) -> bool {
        if !is_result(&self.tokens[index]) {
            return false;
        }
        let range = &self.tokens[index].range;
        let after = self.after(index);
        // 拒否していた前回と違い; not 不在前回同様.
        let told_of_it = ["だった", "でした", "の"]
            .iter()
            .find_map(|joint| after.strip_prefix(joint))
            .or_else(|| {
                self.line.folded[range.clone()]
                    .ends_with('た')
                    .then_some(after)
            });
        let is_contrast = told_of_it
            .is_some_and(|time| time.starts_with("前回") || time.starts_with("以前"))
            || [" last time", " previously", " before but"]
                .iter()
                .any(|time| after.starts_with(time));
        let clause_has = |times: &[&str]| {
            let clause = last_clause(&self.line.folded[..range.start]);
            times.iter().any(|time| clause.contains(time))
        };
        let typed = &self.line.folded[range.clone()];
        let goes_on = typed.ends_with('が')
            || ["が", "けど", "ものの", "のに", "だったが", "でしたが"]
                .iter()
                .any(|mark| after.starts_with(mark));
        let is_now = || {
            (index + 1..self.tokens.len()).take(REACH).any(|behind| {
                let found = self.tokens[behind].date();
                found.is_some_and(|found| found.is_day && found.day == Day::On(self.today))
            })
        };
        is_contrast
            || goes_on && clause_has(&["以前は", "前回は", "前は", "これまでは", "今までは"])
            // 3月に来たときは不在だった 今日は父; not 朝訪問した時は不在 今日は…
            || is_now()
                && clause_has(&["ときは", "時は", "際は"])
                && (clause_has(&["前回", "以前", "先日", "この前"])
                    || self.clause_has_another_day(index))
    }

    /// Whether the clause before a piece names another day than today.
    fn clause_has_another_day(&self, index: usize) -> bool {
        let start = self.tokens[index].range.start;
        let from = start - last_clause(&self.line.folded[..start]).len();
        self.tokens[..index]
            .iter()
            .rev()
            .take_while(|token| token.range.start >= from)
            .filter_map(Token::date)
            .any(|found| found.day != Day::On(self.today))
    }

    fn is_replaced(&self, index: usize) -> bool {
        let token = &self.tokens[index];
        token.form == Form::Replaced
            || token.date().is_some() && self.is_denied_in_english(index)
            || token.date().is_some()
                && NOT_THAT_DAY
                    .iter()
                    .any(|mark| self.after(index).starts_with(mark))
            || token.date().is_some() && self.is_their_day(index)
    }

    /// 12/10は仕事とのこと, 火曜は通院なので水曜に訪問: a day on which they are away; not one
    /// that is said as the next, nor one for which something of ours is named before
    /// any other day (来週火曜は休みなので訪問, 12/10は受診同行), nor the first that is told.
    fn is_their_day(&self, index: usize) -> bool {
        let after = self.after(index);
        let is_said_first = || {
            !(index.saturating_sub(REACH)..index)
                .any(|before| is_kind(&self.tokens[before]) || is_result(&self.tokens[before]))
        };
        if !THEIR_DAY.iter().any(|mark| after.starts_with(mark))
            || self.is_said_as_plan(index)
            || is_said_first()
        {
            return false;
        }
        let end = self.tokens[index].range.end + clause(after).len();
        let ours = self.tokens[index + 1..]
            .iter()
            .take_while(|token| token.range.start < end)
            .find(|token| token.date().is_some() || is_kind(token) || token.is(Sense::Met))
            .is_some_and(|token| token.date().is_none() && token.form != Form::Denied);
        !ours
    }

    /// 不在なら名刺, 欠席の場合は電話: how it may go, and not how it went; nor 拒否したい
    /// わけではない.
    fn is_only_a_case(&self, index: usize) -> bool {
        let after = self.after(index);
        let after = after.trim_start_matches(['し', 'て', 'い', 'る']);
        is_result(&self.tokens[index]) && CASES.iter().any(|mark| after.starts_with(mark))
    }

    /// 12/10は留守, 次回12/10は不在かもしれないが訪問: of a day ahead, and no outcome of today.
    fn is_yet_to_be(&self, index: usize) -> bool {
        let Some(before) = index.checked_sub(1) else {
            return false;
        };
        let is_ahead = || {
            let found = self.tokens[before].date();
            found.is_some_and(|found| {
                found.is_day && matches!(found.day, Day::On(day) if day > self.today)
            })
        };
        self.tokens[index].is(Sense::Outcome(Outcome::Absent))
            && self.gap(before, index) == "は"
            && is_ahead()
    }
}

/// Behind a result, that it may be so, or is not.
const CASES: [&str; 7] = [
    "なら",
    "の場合",
    "だったら",
    "であれば",
    "でしたら",
    "わけではな",
    "わけじゃな",
];

/// Behind a day, that they have something else then.
const THEIR_DAY: [&str; 12] = [
    "は通院",
    "は受診",
    "は通所",
    "はでい",
    "は学校",
    "は休",
    "は仕事",
    "は留守",
    "は不在",
    "は外出",
    "は用事",
    "はいない",
];

/// Behind a day, that it is not meant: じゃなくて, は避けて, は難しい.
const NOT_THAT_DAY: [&str; 23] = [
    "じゃな",
    "ではな",
    "でなく",
    "は間違",
    "は誤",
    "は取り消",
    "は避け",
    "を避け",
    "は難し",
    "は無理",
    "は不可",
    "はだめ",
    "は都合",
    "は厳し",
    "は忙し",
    "は訪問できな",
    "は訪問できず",
    "は訪問できませ",
    "は行けな",
    "は行けず",
    "は伺えな",
    "は伺えず",
    "以外",
];

fn has_arrow(gap: &str) -> bool {
    gap.contains(['→', '⇒']) || (gap.contains('>') && gap.contains("->"))
}

/// How many classes of words there are that one can take back.
const CLASSES: usize = 4;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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

/// The sentences of a text, each with its closing mark.
fn sentences(text: &str) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    text.split_inclusive(BREAKS).map(move |sentence| {
        let from = start;
        start += sentence.len();
        from..start
    })
}
