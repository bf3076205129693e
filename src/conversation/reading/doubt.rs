//! Whether a line is meant for the bot at all: what speaks for it, and how much
//! speaks against it. In a shared place silence is the rule.
use super::{
    Reading,
    dates::Day,
    forms::Form,
    lexer::{Token, What},
    outline::{self, Outline},
    sense::{Command, Sense},
};
use crate::{
    conversation::meaning::{Due, Meaning},
    domain::contact::{Kind, Partner},
};

/// What a line tells, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Evidence {
    /// Danger to life or safety in a household: never passed over.
    Danger,
    /// A contact of a kind that is named, and how it went.
    Outcome,
    /// How it went, with no kind named.
    Implied,
    /// A contact of some kind, or signs of life, but not how it went.
    Contact,
    /// Only a next date.
    Date,
    Nothing,
}

// What speaks against a line, in points, weighed against what it tells
// ([`Evidence::allows`]).

/// The household is talked about: more than any outcome can outweigh.
const ABOUT: u32 = 12;
/// Something is asked of a colleague: a kind and an outcome outweigh it (who has
/// been there may ask for something besides), anything less does not.
const WISH: u32 = 6;
/// Words among colleagues (了解です): a kind alone does not outweigh them, a card that
/// was left does. Beside a result that is told they weigh nothing.
const CHAT: u32 = 4;
/// 机に: what was left there was left in the office, where no result is told.
const DESK: u32 = 6;
/// The code is part of a sentence: a date alone does not outweigh it together
/// with one unknown word.
const NAMED_IN_TALK: u32 = 2;
/// A story has more of them than a note.
const UNKNOWN_WORD: u32 = 1;
/// More unknown words than these add nothing: a long note is still a note.
const UNKNOWN_WORDS_MAX: usize = 5;
/// So much more doubt than a log may have is worth one question in a private
/// chat: less than a wish or talk about a household, so that those stay silence.
const UNCLEAR: u32 = 4;

/// How sure it is that a line is a log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    Log,
    /// Worth asking about where nobody else reads it.
    Unclear,
    Talk,
}

impl Evidence {
    /// The points against it with which a line that names a household is still a log.
    fn allows(self) -> Option<u32> {
        match self {
            Evidence::Danger => Some(u32::MAX),
            Evidence::Outcome => Some(11),
            Evidence::Implied => Some(5),
            Evidence::Contact => Some(3),
            Evidence::Date => Some(2),
            Evidence::Nothing => None,
        }
    }
}

impl Reading<'_, '_> {
    /// Most of what is said in a shared place: no household, no danger, and
    /// something unknown or nothing that could be how a contact went. It needs no
    /// further look.
    pub(super) fn is_plainly_talk(&self) -> bool {
        let tokens = self.outline.tokens;
        let has = |test: fn(&Token<'_>) -> bool| tokens.iter().any(test);
        !self.outline.corrects
            && !has(|token| matches!(token.what, What::Code(_)) || token.is(Sense::Danger))
            && (!self.unknown.is_empty() || !has(may_tell))
    }

    pub(super) fn verdict(&self, log: &Meaning) -> Verdict {
        let evidence = self.evidence(log);
        if evidence == Evidence::Danger {
            return Verdict::Log;
        }
        if log.households.is_empty() {
            return self.without_household(log);
        }
        let doubt = self.doubt(log, evidence);
        match evidence.allows() {
            Some(limit) if doubt <= limit => Verdict::Log,
            Some(limit) if doubt <= limit + UNCLEAR => Verdict::Unclear,
            _ => Verdict::Talk,
        }
    }

    fn evidence(&self, log: &Meaning) -> Evidence {
        let contact = &log.contact;
        let told = contact.kind.is_some() && contact.outcome.is_some();
        if contact.danger && (!log.households.is_empty() || told) {
            Evidence::Danger
        } else if contact.outcome.is_some() && self.names_kind() {
            Evidence::Outcome
        } else if contact.outcome.is_some() {
            Evidence::Implied
        } else if contact.kind.is_some() || contact.signs.is_some() {
            Evidence::Contact
        } else if log.due != Due::Unsaid && !self.names_no_date() {
            Evidence::Date
        } else {
            Evidence::Nothing
        }
    }

    /// The points that speak against a line that names a household.
    fn doubt(&self, log: &Meaning, evidence: Evidence) -> u32 {
        let unknown = self.unknown.len().min(UNKNOWN_WORDS_MAX) as u32 * UNKNOWN_WORD;
        let about = u32::from(self.is_about(log)) * ABOUT;
        let wish = u32::from(self.is_wish()) * WISH;
        let chat = match self.tells_something_done() {
            true => 0,
            false => self.chat(),
        };
        let in_talk = match evidence {
            Evidence::Date if log.plan.kind.is_none() && self.is_named_in_talk() => NAMED_IN_TALK,
            _ => 0,
        };
        unknown + about + wish + chat + in_talk
    }

    /// A contact without a household is asked about only where the line holds
    /// nothing else; it may as well be of a colleague (係長は不在です).
    fn without_household(&self, log: &Meaning) -> Verdict {
        let contact = &log.contact;
        let colleague = contact
            .partners
            .iter()
            .any(|partner| matches!(partner, Partner::Supervisor | Partner::Colleague));
        // Meetings are talked of among colleagues.
        let in_office = matches!(
            contact.kind,
            Some(Kind::Conference | Kind::Agency | Kind::Group)
        );
        // 母が入院したので来週休みます: the writer's own.
        let is_leave = self
            .outline
            .tokens
            .iter()
            .any(|token| token.is(Sense::Command(Command::Leave)));
        let is_errand = || self.outline.line.folded.contains("訪問で");
        if !self.unknown.is_empty()
            || self.is_wish()
            || self.chat() > 0
            || colleague
            || in_office
            || is_leave
            || is_errand()
        {
            return Verdict::Talk;
        }
        let whole = contact.outcome.is_some()
            && (self.names_kind() || !contact.left.is_empty() || log.due != Due::Unsaid);
        let corrected = log.corrects && (log.due != Due::Unsaid || contact.outcome.is_some());
        if whole || corrected {
            Verdict::Log
        } else if contact.outcome.is_some() {
            Verdict::Unclear
        } else {
            Verdict::Talk
        }
    }

    /// 13/45: figures that may be anything tell nothing by themselves.
    fn names_no_date(&self) -> bool {
        self.outline
            .tokens
            .iter()
            .filter_map(Token::date)
            .any(|found| found.day == Day::None)
    }

    fn names_kind(&self) -> bool {
        (0..self.outline.tokens.len())
            .any(|index| self.outline.told(index) && outline::is_kind(&self.outline.tokens[index]))
    }

    /// A wish to a colleague. 3か月後でお願いします, behind what was told or a
    /// date, is only polite.
    fn is_wish(&self) -> bool {
        let tokens = self.outline.tokens;
        (0..tokens.len()).any(|index| {
            let is_polite = index > 0
                && (tokens[index - 1].date().is_some() || outline::is_result(&tokens[index - 1]))
                && matches!(
                    self.outline.gap(index - 1, index),
                    "で" | "にて" | "に" | "にして" | "として"
                );
            // 折り返しお願い: the wish is the ending of a word.
            let typed = &self.outline.line.folded[tokens[index].range.clone()];
            let asks = tokens[index].is(Sense::Request)
                || (tokens[index].form == Form::ToCome
                    && !self.outline.told(index)
                    && (typed.ends_with("お願い") || typed.ends_with("ください")));
            let is_quoted = self.outline.is_quoted(index) || self.is_told_on(index);
            asks && self.outline.stands(index) && !is_quoted && !is_polite
        })
    }

    /// また声をかけさせてくださいと伝えた: somebody's words to somebody, without marks.
    fn is_told_on(&self, index: usize) -> bool {
        let rest = &self.outline.line.folded[self.outline.tokens[index].range.end..];
        let told = rest.trim_start_matches(['」', '』']).strip_prefix('と');
        told.is_some_and(|told| !told.starts_with(['き', 'こ', 'て', 'も', '思']))
    }

    /// What the words among colleagues weigh.
    fn chat(&self) -> u32 {
        let weight = |token: &Token<'_>| match token.senses() {
            [Sense::Desk, ..] => DESK,
            [Sense::Chat, ..] => CHAT,
            _ => 0,
        };
        let tokens = self.outline.tokens.iter().enumerate();
        tokens
            .map(|(index, token)| (index, weight(token)))
            .filter(|(index, weight)| {
                *weight > 0 && self.outline.stands(*index) && !self.outline.is_quoted(*index)
            })
            .map(|(_, weight)| weight)
            .max()
            .unwrap_or(0)
    }

    /// A result, or 電話しました.
    fn tells_something_done(&self) -> bool {
        (0..self.outline.tokens.len()).any(|index| {
            let token = &self.outline.tokens[index];
            let is_done = token.form == Form::Done && outline::is_kind(token);
            (is_done || outline::is_result(token)) && self.outline.told(index)
        })
    }

    /// 「H-5のバス」「H-031さん宅」: the code is part of a sentence about it.
    fn is_named_in_talk(&self) -> bool {
        let after = after_code(&self.outline);
        ["の", "さん", "って", "は", "出口", "行き"]
            .iter()
            .any(|mark| after.starts_with(mark))
    }

    /// 「H-012の件」「H-012の手紙、机に置きました」: the household is talked about.
    fn is_about(&self, log: &Meaning) -> bool {
        let after = after_code(&self.outline);
        let mentioned = [
            "の件",
            "に関して",
            "について",
            "に関する",
            "のこと",
            "さんのこと",
            "の話",
            "って",
        ]
        .iter()
        .any(|mark| after.starts_with(mark));
        let contact = &log.contact;
        let kind_alone = contact.outcome.is_none() && log.due == Due::Unsaid;
        let is_done = match contact.kind {
            Some(Kind::Info) => !contact.partners.is_empty(),
            Some(Kind::Conference | Kind::Agency) => false,
            Some(_) => contact.outcome.is_some(),
            None => false,
        };
        (mentioned && !is_done) || (after.starts_with('の') && kind_alone)
    }
}

/// Whether a piece may say how a contact went.
fn may_tell(token: &Token<'_>) -> bool {
    outline::is_result(token)
        || token.senses().iter().any(|sense| {
            matches!(
                sense,
                Sense::Whom(_)
                    | Sense::Left(_)
                    | Sense::Post
                    | Sense::Change(_)
                    | Sense::Report
                    | Sense::Partner(_)
                    | Sense::Kind(Kind::Info | Kind::Conference | Kind::Agency)
            )
        })
}

/// The text behind the first code.
fn after_code<'o>(outline: &'o Outline<'_, '_>) -> &'o str {
    outline
        .tokens
        .iter()
        .position(|token| matches!(token.what, What::Code(_)))
        .map_or("", |index| outline.after(index))
}
