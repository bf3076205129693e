//! Partners: whether they came along, brought word, or were asked or spoken with
//! in place of the household.
use super::draft::Role;
use super::{Gathering, push};
use crate::conversation::reading::{
    outline::{REACH, has_break, partner_of, whom_of},
    sense::Sense,
};
use crate::domain::contact::{Kind, Partner, Whom};

impl Gathering<'_, '_, '_> {
    pub(super) fn take_partner(&mut self, index: usize, partner: Partner) {
        let after = self.outline.after(index);
        let after = ["さん", "の方", "の人", "様", "等"]
            .iter()
            .find_map(|mark| after.strip_prefix(mark))
            .unwrap_or(after);
        let from = FROM.iter().any(|mark| after.trim_start().starts_with(mark));
        let draft = &mut self.now;
        push(&mut draft.partners, partner);
        draft.from_partner |= from;
    }

    /// 連絡: word from whoever stands before it with から.
    pub(super) fn take_report(&mut self) {
        let draft = &mut self.now;
        let from_family = draft
            .pending
            .iter()
            .any(|named| named.role == Role::From && named.whom != Whom::Person);
        let from_person = draft
            .pending
            .iter()
            .any(|named| named.role == Role::From && named.whom == Whom::Person);
        if draft.kind.is_none() && (draft.from_partner || from_family) {
            draft.kind = Some(Kind::Info);
            draft.is_in = true;
        } else if from_person {
            draft.is_in = true;
        }
    }

    /// 聞く, 様子を伺う
    pub(super) fn asks(&self, index: usize) -> bool {
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        ["聞", "聴", "伺", "様子"]
            .iter()
            .any(|verb| typed.starts_with(verb))
    }

    /// お隣さんから様子を聞く, 大家さんに聞く: word of the household, not from it.
    pub(super) fn is_asked_of_a_partner(&self, index: usize) -> bool {
        let before = (0..index)
            .rev()
            .take(REACH)
            .find(|before| !self.outline.tokens[*before].is(Sense::Filler));
        self.asks(index)
            && before.is_some_and(|before| {
                let gap = self.outline.gap(before, before + 1);
                partner_of(&self.outline.tokens[before]).is_some()
                    && ["から", "より", "に", "へ"]
                        .iter()
                        .any(|mark| gap.contains(mark))
            })
    }

    /// 担任と面談, spoke to the neighbour: a talk, but not with the household.
    pub(super) fn is_with_a_partner(&self, index: usize) -> bool {
        let is_partner = |at: usize| partner_of(&self.outline.tokens[at]).is_some();
        let typed = &self.outline.line.folded[self.outline.tokens[index].range.clone()];
        if typed.is_ascii() {
            let behind = (index + 1..self.outline.tokens.len())
                .take(REACH)
                .find(|behind| !self.outline.tokens[*behind].is(Sense::Filler));
            return behind.is_some_and(|behind| {
                let gap = self.outline.gap(index, index + 1).trim();
                let is_joined = matches!(gap, "" | "to" | "with") || typed.ends_with(gap);
                is_partner(behind)
                    && is_joined
                    && (index..behind).all(|at| is_short(self.outline.gap(at, at + 1)))
            });
        }
        index.checked_sub(1).is_some_and(|before| {
            is_partner(before)
                && matches!(
                    self.outline.gap(before, index),
                    "と" | "さんと" | "の方と" | "の人と" | "の先生と"
                )
        })
    }

    /// Whoever of the household is said to have been there was met (母、担任と面談,
    /// ケアマネと面談 母同席); else it was a contact with the agency, if with nobody else.
    pub(super) fn take_talk_with_a_partner(&mut self, index: usize) {
        let outline = self.outline;
        let whom_at = |at: usize| outline.tokens.get(at).and_then(whom_of);
        let beside = index.checked_sub(2).filter(|before| {
            whom_at(*before).is_some()
                && matches!(
                    outline.gap(*before, before + 1),
                    "、" | "も" | "も、" | "と" | "・" | "と一緒に" | "が" | "は"
                )
        });
        let joins = whom_at(index + 1).filter(|_| {
            let after = outline.after(index + 1);
            let after = after.trim_start_matches(['も', 'が', 'は']);
            after.starts_with("同席")
        });
        if let Some(whom) = joins {
            push(&mut self.now.whom, whom);
        }
        if beside.is_some() || joins.is_some() {
            self.now.met();
        } else {
            self.now.talked_with_partner = true;
        }
    }
}

fn is_short(gap: &str) -> bool {
    !has_break(gap) && !gap.contains(',') && gap.trim().len() <= "with".len()
}

/// What makes of a partner the source of word.
const FROM: [&str; 13] = [
    "から",
    "より",
    "によると",
    "によれば",
    "の話",
    "いわく",
    "曰く",
    "reported",
    "reports",
    "told",
    "says",
    "informed",
    "contacted",
];
