//! A line cut into what is understood of it: codes, dates, times, words.
use super::{
    dates,
    forms::{self, Form},
    household,
    normalise::Line,
    personal::{self, Personal, Script, kind_of},
    sense::{Command, Sense},
    time::{self, Clock},
    words::Words,
};
use crate::domain::{
    contact::{Kind, Outcome},
    household::Code,
};
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
    let mut tokens: Vec<Token<'w>> = Vec::with_capacity(8);
    let mut personal = Personal::of(line);
    let (mut at, mut pauses) = (0, false);
    while let Some(c) = line.at(at) {
        let reader = Reader {
            line,
            words,
            today,
            last: tokens.last(),
            last_end: tokens.last().map_or(0, |token| token.range.end),
            pauses,
            at,
        };
        match reader.longest(c, &mut personal) {
            Some(token) => {
                at = token.range.end;
                pauses |= token.is(Sense::Command(Command::Pause));
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
    last: Option<&'l Token<'w>>,
    /// Where the last understood piece ended.
    last_end: usize,
    /// A pause was named: how long tells when it ends.
    pauses: bool,
    at: usize,
}

impl<'w> Reader<'_, 'w> {
    /// Of equal length the first stands, so the order here is one of rank.
    fn longest(&self, c: char, personal: &mut Personal) -> Option<Token<'w>> {
        let mut best: Option<Token<'w>> = None;
        let mut offer = |token: Option<Token<'w>>| {
            if let Some(token) = token
                && best
                    .as_ref()
                    .is_none_or(|best| token.range.end > best.range.end)
            {
                best = Some(token);
            }
        };
        if household::may_begin(c) {
            offer(
                household::code_at(self.line, self.at)
                    .map(|(end, code)| self.token(end, What::Code(code))),
            );
        }
        offer(
            personal
                .form_at(self.at)
                .map(|end| self.token(end, What::Personal)),
        );
        // Within a number none can begin: a long one is not gone over again.
        if !c.is_ascii_digit() || self.number_may_start() {
            if dates::may_begin(&self.line.folded[self.at..]) {
                offer(self.date());
            }
            if time::may_begin(c) {
                offer(self.clock());
                offer(self.count());
            }
        }
        offer(self.word());
        if personal.may_be_named(self.at) {
            offer(
                personal::name_at(self.line, self.at, self.words)
                    .map(|end| self.token(end, What::Personal)),
            );
        }
        best
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
        let is_routine = ["毎週", "毎月", "隔週", "毎", "every "]
            .iter()
            .any(|every| before.ends_with(every));
        // closed for a week; but: the schedule for next week
        let is_length = !self.pauses && before.ends_with("for ") && found.counted.is_some();
        let is_routine = is_routine || is_length;
        let is_routine = is_routine || found.counted.is_some() && is_duration(rest, length);
        (!is_routine && self.may_start(&rest[..length], &[]) && self.may_end(&rest[..length]))
            .then(|| self.token(self.at + length, What::Date(found)))
    }

    fn word(&self) -> Option<Token<'w>> {
        let rest = &self.line.folded[self.at..];
        let (reach, found, verb_form) = self
            .words
            .at_start(rest)
            .filter(|found| {
                self.may_start(&rest[..found.length], found.senses)
                    && self.may_end(&rest[..found.length])
                    && (!found.senses.contains(&Sense::Ahead) || self.is_ahead(found.length))
            })
            .filter_map(|found| {
                if !found.is_stem {
                    return Some((found.length, found, None));
                }
                let (ending, form) = forms::of_verb(&rest[..found.length], &rest[found.length..])?;
                Some((found.length + ending, found, Some(form)))
            })
            .max_by_key(|(reach, ..)| *reach)?;
        let (ending, form) = match verb_form {
            Some(form) => (0, form),
            None if found.senses.iter().any(|sense| takes_ending(*sense)) => {
                noun_ending(found.senses, &rest[reach..])
            }
            // 急ぎではない; but 至急お願い is a wish of its own.
            None if found.senses.contains(&Sense::Urgent) => Some(forms::of_noun(&rest[reach..]))
                .filter(|(_, form)| *form == Form::Denied)
                .unwrap_or((0, Form::Bare)),
            None => (0, Form::Bare),
        };
        // 行きます, 伺います are words of their own, and yet to come.
        let is_to_come = ending == 0 && rest[..reach].ends_with("ます");
        let is_kind = matches!(found.senses, [Sense::Kind(_) | Sense::Again(_), ..]);
        let form = match form {
            Form::Bare if is_kind && is_to_come => Form::ToCome,
            form => form,
        };
        let form = match form {
            Form::Bare if found.senses.contains(&Sense::Ahead) => Form::ToCome,
            Form::Bare if self.is_denied_before() => Form::Denied,
            form => form,
        };
        Some(Token {
            range: self.at..self.at + reach + ending,
            what: What::Word(found.senses),
            form,
        })
    }

    /// 明日行く, 来週の夕方にかける。: not 来週病院に行く, 明日行くと母, いくつ.
    fn is_ahead(&self, length: usize) -> bool {
        let gap = self.line.folded[self.last_end..self.at].trim_matches([' ', '、']);
        let after = &self.line.folded[self.at + length..];
        let goes_on = after.starts_with(|c| kind_of(c).is_some());
        let may_go_on = ["予定", "つもり", "ので", "から", "ね", "よ"]
            .iter()
            .any(|ending| after.starts_with(ending));
        self.last.is_some_and(is_time)
            && matches!(gap, "" | "に" | "は" | "には")
            && (!goes_on || may_go_on)
    }

    /// English denies before the word: no card, not returned.
    fn is_denied_before(&self) -> bool {
        let before = &self.line.folded[..self.at];
        if !before.ends_with(' ') {
            return false;
        }
        ["not ", "no ", "never ", "without ", "without a "]
            .iter()
            .any(|word| {
                before
                    .strip_suffix(word)
                    .is_some_and(|rest| !rest.ends_with(|c: char| c.is_ascii_alphanumeric()))
            })
    }

    /// Not within a Latin word or a number; a short kana word only where
    /// something else has ended; one kanji for a kind (訪×) only alone.
    fn may_start(&self, piece: &str, senses: &[Sense]) -> bool {
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
        if first == '出' && self.is_within_a_verb() {
            return false;
        }
        let next = self.line.at(self.at + piece.len());
        if piece.len() == first.len_utf8()
            && matches!(senses, [Sense::Kind(_)])
            && first.is_alphabetic()
        {
            let joined = |c: Option<char>| c.is_some_and(|c| kind_of(c).is_some());
            return !joined(before) && !joined(next);
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

    /// 持ち出した, 言い出した: the second part of a verb is no word of its own. Its
    /// first part is a kanji and a kana, and no word of ours (お便り出した).
    fn is_within_a_verb(&self) -> bool {
        let mut before = self.line.folded[..self.at].chars().rev();
        let kana = before.next();
        self.at != self.last_end
            && kana.is_some_and(|c| "いきぎけげしちびみり".contains(c))
            && before
                .next()
                .is_some_and(|c| kind_of(c) == Some(Script::Kanji))
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

fn is_time(token: &Token<'_>) -> bool {
    matches!(token.what, What::Date(_) | What::Clock(_)) || token.is(Sense::Next)
}

const PARTICLES: [&str; 16] = [
    "お", "ご", "と", "に", "は", "が", "を", "も", "の", "へ", "で", "や", "から", "より", "とは",
    "には",
];

/// 2週間姿を見ていない, 1か月外出なし: how long something has not been, and no date. It
/// has no 後, and its clause goes on at once and denies.
fn is_duration(text: &str, length: usize) -> bool {
    const CLAUSE_CHARS_MAX: usize = 20;
    let (span, behind) = text.split_at(length);
    let says_after = ["後", "ご", "内", "て", "る", "先", "ら", "あと"]
        .iter()
        .any(|mark| span.ends_with(mark));
    let goes_on = behind.starts_with(|c| kind_of(c) == Some(Script::Kanji));
    let ends = |c: &char| c.is_whitespace() || "、。,.」".contains(*c);
    let denies = || {
        let clause: String = behind
            .chars()
            .take(CLAUSE_CHARS_MAX)
            .take_while(|c| !ends(c))
            .collect();
        ["ない", "なし", "ず", "ません", "なく", "なかった"]
            .iter()
            .any(|mark| clause.contains(mark))
    };
    !says_after && goes_on && denies()
}

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

/// What is left somewhere, or kept.
fn may_be_taken(senses: &[Sense]) -> bool {
    matches!(senses, [Sense::Left(_) | Sense::Kind(Kind::Letter), ..])
}

/// The ending of a noun. 来ず denies a reply; behind anything else it is an
/// outcome of its own.
fn noun_ending(senses: &[Sense], after: &str) -> (usize, Form) {
    let (length, form) = match forms::of_noun(after) {
        (_, Form::Bare) if may_be_taken(senses) => {
            forms::of_taking(after).unwrap_or((0, Form::Bare))
        }
        ending => ending,
    };
    let ending = &after[..length];
    // 返事×, 名刺○; but 訪問×: that it was in vain is an outcome of its own.
    let may_be_marked = matches!(
        senses,
        [
            Sense::Left(_) | Sense::Drop | Sense::Sign(_) | Sense::Outcome(Outcome::Reply),
            ..
        ]
    );
    if !may_be_marked && ending.ends_with(|c: char| !c.is_alphanumeric() || c == '〇') {
        return (0, Form::Bare);
    }
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
