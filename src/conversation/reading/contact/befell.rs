//! What befell somebody, or something: when it was, and that it was no thing.
use super::Gathering;
use super::draft::Role;
use crate::conversation::reading::{
    lexer::Token,
    outline::{REACH, clause, has_break, is_result, kind_of, last_clause, partner_of, whom_of},
    personal::{Script, kind_of as script_of},
    sense::Sense,
};
use crate::domain::contact::{Kind, Outcome};

impl Gathering<'_, '_, '_> {
    /// 電話 母より 昨夜首を絞められたと, 2週間前に転倒したと: the day of what was told, not
    /// of the telling.
    pub(super) fn is_of_what_befell(&self, index: usize) -> bool {
        let behind = index + 1;
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        let is_ago = typed.ends_with('前') && self.outline.after(index).starts_with('に');
        let is_contact = |token: &Token<'_>| kind_of(token).is_some() || is_result(token);
        if is_ago && self.now.kind.is_some() {
            return !self.outline.tokens.get(behind).is_some_and(is_contact);
        }
        let Some(next) = self.outline.tokens.get(behind) else {
            return false;
        };
        let gap = self.outline.gap(index, behind);
        // 夫婦と面談 夫が昨日入院
        let is_told = self.now.kind.is_some() || self.now.has_result();
        let befalls = next.senses().iter().any(|sense| {
            matches!(
                sense,
                Sense::Outcome(
                    Outcome::Hospitalised | Outcome::Moved | Outcome::Died | Outcome::Missing
                )
            )
        });
        if is_told && befalls && matches!(gap, "" | "に" | "から") {
            return true;
        }
        let has_caller = self
            .now
            .pending
            .iter()
            .any(|named| named.role == Role::From);
        self.now.kind.is_some() && has_caller && next.is(Sense::Danger) && !has_break(gap)
    }

    /// 父が亡くなって3年, 亡くなってから, 2年前に父が亡くなった: long ago, and no outcome of
    /// today.
    pub(super) fn is_long_ago(&self, index: usize) -> bool {
        let start = self.outline.tokens[index].range.start;
        if last_clause(&self.outline.line.folded[..start]).contains("年前に") {
            return true;
        }
        let after = self.outline.after(index);
        let years = after
            .trim_start_matches(|c: char| c.is_ascii_digit() || "一二三四五六七八九十".contains(c));
        after.starts_with("から") || years.len() < after.len() && years.starts_with('年')
    }

    /// 本人先週から入院中: the one who stands right before it, or before its day.
    pub(super) fn is_right_behind_one(&self, index: usize) -> bool {
        let before = (0..index)
            .rev()
            .take(REACH)
            .find(|before| self.outline.tokens[*before].date().is_none());
        before.is_some_and(|before| {
            let is_joined = (before..index).all(|at| {
                let gap = self.outline.gap(at, at + 1);
                matches!(gap, "" | "から" | "に" | "より")
            });
            is_joined && whom_of(&self.outline.tokens[before]).is_some()
        })
    }

    /// 名刺は前回置いた, 先週の名刺: left another time, and not today; but
    /// 名刺は前回もだが今回も入れた.
    pub(super) fn is_of_last_time(&self, index: usize) -> bool {
        let range = &self.outline.tokens[index].range;
        let before = self.outline.line.folded[..range.start].trim_end_matches('の');
        let is_marked = before.len() < range.start;
        let after = self.outline.after(index);
        let behind = ["は", "も", "が"]
            .iter()
            .find_map(|particle| after.strip_prefix(particle));
        LAST_TIMES.iter().any(|time| {
            is_marked && before.ends_with(time)
                || behind.is_some_and(|behind| {
                    behind.starts_with(time) && !is_of_this_time_too(clause(behind))
                })
        })
    }

    /// 学校に行けず: their own going, and no visit that was called off; but 訪問に行けず.
    pub(super) fn is_of_their_going(&self, index: usize) -> bool {
        let range = &self.outline.tokens[index].range;
        let (before, typed) = (
            &self.outline.line.folded[..range.start],
            &self.outline.line.folded[range.clone()],
        );
        let goes = typed.starts_with("行け") || typed.starts_with("伺え");
        let is_ours = index.checked_sub(1).is_some_and(|kind| {
            kind_of(&self.outline.tokens[kind]).is_some_and(Kind::is_visit)
                && matches!(self.outline.gap(kind, index), "" | "に" | "へ" | "には")
        });
        goes && !is_ours
            && (self.kind_that_failed(index).is_none()
                || before.trim_end().ends_with(['に', 'へ', 'も', 'が']))
    }

    /// 部屋は使われていない; but 電話 使われていない, of a number.
    pub(super) fn is_of_a_room(&self, index: usize) -> bool {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        let is_called = index.checked_sub(1).is_some_and(|before| {
            kind_of(&self.outline.tokens[before]) == Some(Kind::Call)
                && matches!(
                    self.outline.gap(before, index),
                    "" | " " | "、" | "が" | "も"
                )
        });
        let names_a_thing = || {
            let mut after = self.outline.after(index).chars();
            after
                .next()
                .is_some_and(|c| script_of(c) == Some(Script::Kanji))
        };
        typed.starts_with("使われていな") && (!is_called || names_a_thing())
    }

    /// 本人が学校に電話しなくていい: not us.
    pub(super) fn is_of_an_agency(&self, index: usize) -> bool {
        index.checked_sub(1).is_some_and(|before| {
            partner_of(&self.outline.tokens[before]).is_some()
                && matches!(self.outline.gap(before, index), "に" | "へ" | "には")
        })
    }

    /// 就労につながるとよい: yet to be seen; but 2回目で母につながる, by telephone.
    pub(super) fn is_hope(&self, index: usize, kind: Option<Kind>) -> bool {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        typed.ends_with('る') && kind != Some(Kind::Call)
    }

    /// 本人は部屋から出てこず: not the one who was met.
    pub(super) fn stayed_within(&mut self, index: usize) {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        if typed.contains("出て") {
            self.now.pending.pop();
        }
    }

    /// the file is missing, 記録票が所在不明: a thing, not the person.
    pub(super) fn is_of_a_thing(&self, index: usize) -> bool {
        let range = &self.outline.tokens[index].range;
        let before = self.outline.line.folded[..range.start].trim_end();
        let subject = VERBS
            .iter()
            .find_map(|verb| before.strip_suffix(verb))
            .unwrap_or(before)
            .trim_end();
        THINGS.iter().any(|thing| subject.ends_with(thing))
            || self
                .what_is_named_by(index)
                .is_some_and(|after| THINGS.iter().any(|thing| after.starts_with(thing)))
    }

    /// 行方不明の鍵, missing file: the text where the word stands before a noun as a
    /// part of its name; never where somebody stands before it (本人が行方不明 荷物は…).
    fn what_is_named_by(&self, index: usize) -> Option<&str> {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        let after = self.outline.after(index);
        let is_of_one = index.checked_sub(1).is_some_and(|before| {
            whom_of(&self.outline.tokens[before]).is_some()
                && self.outline.gap(before, index).chars().count() <= 1
        });
        match typed.is_ascii() {
            _ if is_of_one => None,
            true => after.strip_prefix(' '),
            false => Some(after.strip_prefix('の').unwrap_or(after)),
        }
    }
}

/// 前回もだが今回も入れた; not 先週置いたので今回なし.
fn is_of_this_time_too(clause: &str) -> bool {
    let this_time = ["今回", "今日", "本日"]
        .iter()
        .find_map(|time| clause.split_once(time));
    this_time.is_some_and(|(_, told)| {
        !["なし", "ない", "ず", "ません", "無"]
            .iter()
            .any(|mark| told.contains(mark))
    })
}

/// Of a thing, that it was left before.
const LAST_TIMES: [&str; 7] = ["前回", "先週", "先日", "先月", "以前", "前々回", "この前"];

/// What stands between a subject and what befell it.
const VERBS: [&str; 13] = [
    " is",
    " are",
    " was",
    " were",
    " has gone",
    " have gone",
    " went",
    " gone",
    "が",
    "は",
    "も",
    "の",
    "、",
];

const THINGS: [&str; 31] = [
    "file",
    "files",
    "folder",
    "form",
    "forms",
    "record",
    "records",
    "card",
    "letter",
    "key",
    "keys",
    "page",
    "document",
    "documents",
    "signature",
    "phone",
    "書類",
    "ふぁいる",
    "記録",
    "記録票",
    "台帳",
    "鍵",
    "用紙",
    "でーた",
    "名簿",
    "印鑑",
    "かるて",
    "資料",
    "封筒",
    "荷物",
    "財布",
];
