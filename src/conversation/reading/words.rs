//! The table of words: what each means, built in and added by the office.
use super::normalise::{fold, spelt_alike};
use crate::domain::{
    closed_list,
    contact::{Kind, Left, Outcome, Partner, Promise, Signs, SmallChange, Whom},
    household::{CloseReason, Flag, PauseReason, Route},
    people::Language,
};
use std::{
    collections::{BTreeMap, HashMap},
    fmt,
    str::FromStr,
};
use toml::Spanned;

/// What one word means. A word may have several of one head (父母).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sense {
    Kind(Kind),
    /// 再訪: one more contact of a kind.
    Again(Kind),
    Outcome(Outcome),
    /// 会えず: holds only where nothing else was said.
    Unmet,
    /// 話せた, 会えた, 面談: with whom stands beside it.
    Met,
    /// ドア越し
    ThroughDoor,
    /// インターホン
    Interphone,
    Whom(Whom),
    Left(Left),
    /// 返された: a card, or a letter.
    Returned,
    /// ポスト
    Post,
    /// 投函
    Drop,
    Sign(Signs),
    Change(SmallChange),
    Promise(Promise),
    Partner(Partner),
    /// 連絡, 報告: word from somebody, where から stands before it.
    Report,
    /// 一緒に
    Together,
    Danger,
    Urgent,
    /// しばらくして, 未定
    Vague,
    /// 次回, また: what follows is yet to come.
    Next,
    /// 予定
    Planned,
    Appointment,
    /// 訂正
    Correct,
    /// さっき
    Just,
    /// って入れた
    Typed,
    /// やっぱり
    Instead,
    Command(Command),
    Language(Language),
    PauseReason(PauseReason),
    CloseReason(CloseReason),
    Flag(Flag),
    /// ですか, っけ
    Question,
    /// どこ, 誰: a question unless something done is told beside it.
    Asking,
    /// お願い, 教えて
    Request,
    Filler,
}

closed_list! {
    /// What can be asked of the bot by a word or a slash.
    pub enum Command {
        Log,
        Overdue,
        Upcoming,
        Show,
        Brief,
        Undo,
        Pause,
        Resume,
        Watch,
        Close,
        Transfer,
        Received,
        Reopen,
        Assign,
        AssignSecond,
        Add,
        Class,
        Flags,
        NotBefore,
        Leave,
        Cover,
        Language,
        Help,
    }
}

impl Sense {
    /// The meaning of the words under a head and a code; None for an unknown one.
    fn of(head: &str, code: &str) -> Option<Sense> {
        fn read<T: FromStr>(code: &str) -> Option<T> {
            code.parse().ok()
        }
        Some(match (head, code) {
            ("kind", code) => Sense::Kind(read(code)?),
            ("again", code) => Sense::Again(read(code)?),
            ("outcome", code) => Sense::Outcome(read(code)?),
            ("unmet", "absent") => Sense::Unmet,
            ("met", "met") => Sense::Met,
            ("voice", "voice") => Sense::ThroughDoor,
            ("voice", "interphone") => Sense::Interphone,
            ("whom", code) => Sense::Whom(read(code)?),
            ("left", code) => Sense::Left(read(code)?),
            ("returned", "returned") => Sense::Returned,
            ("place", "post") => Sense::Post,
            ("place", "drop") => Sense::Drop,
            ("sign", code) => Sense::Sign(read(code)?),
            ("change", code) => Sense::Change(read(code)?),
            ("promise", code) => Sense::Promise(read(code)?),
            ("partner", code) => Sense::Partner(read(code)?),
            ("report", "from") => Sense::Report,
            ("together", "together") => Sense::Together,
            ("danger", "danger") => Sense::Danger,
            ("urgent", "urgent") => Sense::Urgent,
            ("vague", "vague") => Sense::Vague,
            ("next", "next") => Sense::Next,
            ("next", "plan") => Sense::Planned,
            ("appointment", "appointment") => Sense::Appointment,
            ("correct", "correct") => Sense::Correct,
            ("correct", "just") => Sense::Just,
            ("correct", "typed") => Sense::Typed,
            ("correct", "instead") => Sense::Instead,
            ("command", code) => Sense::Command(read(code)?),
            ("language", code) => Sense::Language(read(code)?),
            ("pause_reason", code) => Sense::PauseReason(read(code)?),
            ("close_reason", code) => Sense::CloseReason(read(code)?),
            ("flag", code) => Sense::Flag(read(code)?),
            ("talk", "question") => Sense::Question,
            ("talk", "asking") => Sense::Asking,
            ("talk", "request") => Sense::Request,
            ("filler", "filler") => Sense::Filler,
            _ => return None,
        })
    }

    /// How `koekake read` names it; None for words that carry no meaning.
    pub fn code(self) -> Option<String> {
        Some(match self {
            Sense::Kind(kind) => format!("kind:{}", kind.code()),
            Sense::Again(kind) => format!("again:{}", kind.code()),
            Sense::Outcome(outcome) => format!("outcome:{}", outcome.code()),
            Sense::Whom(whom) => format!("whom:{}", whom.code()),
            Sense::Left(left) => format!("left:{}", left.code()),
            Sense::Sign(signs) => format!("signs:{}", signs.code()),
            Sense::Change(change) => format!("change:{}", change.code()),
            Sense::Promise(promise) => format!("promise:{}", promise.code()),
            Sense::Partner(partner) => format!("partner:{}", partner.code()),
            Sense::Command(command) => format!("command:{}", command.code()),
            Sense::Language(language) => format!("language:{}", language.code()),
            Sense::PauseReason(reason) => format!("pause:{}", reason.code()),
            Sense::CloseReason(reason) => format!("close:{}", reason.code()),
            Sense::Flag(flag) => format!("flag:{}", flag.code()),
            Sense::Filler => return None,
            other => format!("{other:?}").to_lowercase(),
        })
    }
}

/// The route by which a household became known, for a partner or a relative.
pub(super) fn route_of(sense: Sense) -> Option<Route> {
    Some(match sense {
        Sense::Partner(Partner::Neighbour) => Route::Neighbour,
        Sense::Partner(Partner::Commissioner) => Route::Commissioner,
        Sense::Partner(Partner::SupportCentre) => Route::SupportCentre,
        Sense::Partner(Partner::CareManager) => Route::CareManager,
        Sense::Partner(Partner::Utility) => Route::Utility,
        Sense::Partner(Partner::Family) => Route::Family,
        Sense::Partner(_) => Route::Other,
        Sense::Whom(Whom::Person) => Route::Person,
        Sense::Whom(_) => Route::Family,
        _ => return None,
    })
}

/// Where a word was written down.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub office: bool,
    /// From 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let table = if self.office {
            "the office's words"
        } else {
            "the built-in words"
        };
        write!(f, "line {} of {table}", self.line)
    }
}

/// Why a table of words cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WordsError {
    #[error("{place}: {reason}")]
    Unreadable { place: Place, reason: String },
    #[error("{place}: 「{head}.{code}」 is not a head of the table of words")]
    UnknownHead {
        place: Place,
        head: String,
        code: String,
    },
    #[error("{place}: 「{word}」 is empty once it is spelt alike")]
    Empty { place: Place, word: String },
    #[error("「{word}」 has two meanings: {first} and {second}")]
    Clash {
        word: String,
        first: Place,
        second: Place,
    },
}

/// All words, found by their first characters.
#[derive(Debug, Clone)]
pub struct Words {
    entries: Vec<Entry>,
    /// Node and next character to the next node; 0 is the root.
    steps: HashMap<(usize, char), usize>,
    /// What ends at a node: a whole word, the stem of a verb.
    ends: Vec<[Option<usize>; 2]>,
    slips: HashMap<String, String>,
    slip_chars_max: usize,
}

#[derive(Debug, Clone)]
struct Entry {
    senses: Vec<Sense>,
    place: Place,
}

/// A word found at the start of a text.
pub(super) struct Found<'w> {
    /// In bytes.
    pub length: usize,
    pub is_stem: bool,
    pub senses: &'w [Sense],
}

type Table = BTreeMap<Spanned<String>, BTreeMap<Spanned<String>, Vec<Spanned<String>>>>;

/// The mark at the end of a verb's stem.
const STEM: char = '~';
/// The head of the slips: the key is the word that was meant.
const REPAIR: &str = "repair";

impl Words {
    /// The words of the house.
    pub fn built_in() -> Words {
        let mut words = Words {
            entries: Vec::new(),
            steps: HashMap::new(),
            ends: vec![[None; 2]],
            slips: HashMap::new(),
            slip_chars_max: 0,
        };
        let base = include_str!("../../../config/words.toml");
        words
            .take_in(base, false)
            .expect("the built-in words are tested to be sound");
        words
    }

    /// The words of the house and those of the office.
    pub fn with_office(extra_toml: &str) -> Result<Words, WordsError> {
        let mut words = Words::built_in();
        words.take_in(extra_toml, true)?;
        Ok(words)
    }

    fn take_in(&mut self, source: &str, office: bool) -> Result<(), WordsError> {
        let place = |at: usize| Place {
            office,
            line: 1 + source
                .bytes()
                .take(at)
                .filter(|byte| *byte == b'\n')
                .count(),
        };
        let table: Table = toml::from_str(source).map_err(|error| WordsError::Unreadable {
            place: place(error.span().map_or(0, |span| span.start)),
            reason: error.message().to_owned(),
        })?;
        for (head, codes) in &table {
            for (code, words) in codes {
                let senses = senses_of(head.get_ref(), code.get_ref());
                for word in words {
                    let place = place(word.span().start);
                    if head.get_ref() == REPAIR {
                        self.add_slip(word.get_ref(), code.get_ref());
                        continue;
                    }
                    let senses = senses.clone().ok_or_else(|| WordsError::UnknownHead {
                        place,
                        head: head.get_ref().clone(),
                        code: code.get_ref().clone(),
                    })?;
                    self.add(word.get_ref(), Entry { senses, place })?;
                }
            }
        }
        Ok(())
    }

    fn add_slip(&mut self, slip: &str, meant: &str) {
        let slip = fold(&spelt_alike(slip));
        self.slip_chars_max = self.slip_chars_max.max(slip.chars().count());
        self.slips.insert(slip, meant.to_owned());
    }

    fn add(&mut self, word: &str, entry: Entry) -> Result<(), WordsError> {
        let spelt = fold(&spelt_alike(word.trim()));
        let stem = spelt.strip_suffix(STEM);
        let mut node = 0;
        for c in stem.unwrap_or(&spelt).chars() {
            node = match self.steps.get(&(node, c)) {
                Some(next) => *next,
                None => {
                    self.ends.push([None; 2]);
                    self.steps.insert((node, c), self.ends.len() - 1);
                    self.ends.len() - 1
                }
            };
        }
        if node == 0 {
            return Err(WordsError::Empty {
                place: entry.place,
                word: word.to_owned(),
            });
        }
        let end = &mut self.ends[node][usize::from(stem.is_some())];
        match end.map(|index| &self.entries[index]) {
            Some(former) if former.senses != entry.senses => Err(WordsError::Clash {
                word: word.to_owned(),
                first: former.place,
                second: entry.place,
            }),
            Some(_) => Ok(()),
            None => {
                *end = Some(self.entries.len());
                self.entries.push(entry);
                Ok(())
            }
        }
    }

    /// Every word with which a folded text begins, the shortest first.
    pub(super) fn at_start(&self, folded: &str) -> Vec<Found<'_>> {
        let mut found = Vec::new();
        let mut node = 0;
        for (at, c) in folded.char_indices() {
            match self.steps.get(&(node, c)) {
                Some(next) => node = *next,
                None => break,
            }
            for (is_stem, end) in [(false, self.ends[node][0]), (true, self.ends[node][1])] {
                if let Some(index) = end {
                    found.push(Found {
                        length: at + c.len_utf8(),
                        is_stem,
                        senses: &self.entries[index].senses,
                    });
                }
            }
        }
        found
    }

    /// Whether the whole folded text is one word.
    pub(super) fn knows(&self, folded: &str) -> bool {
        self.at_start(folded)
            .iter()
            .any(|found| found.length == folded.len() && !found.is_stem)
    }

    /// The slip with which a folded text begins: its length, and what was meant.
    pub(super) fn slip_at(&self, folded: &str) -> Option<(usize, &str)> {
        folded
            .char_indices()
            .take(self.slip_chars_max)
            .map(|(at, c)| at + c.len_utf8())
            .filter_map(|end| Some((end, self.slips.get(&folded[..end])?.as_str())))
            .last()
    }
}

/// The meanings of a head with one or several codes.
fn senses_of(head: &str, codes: &str) -> Option<Vec<Sense>> {
    codes
        .split_whitespace()
        .map(|code| Sense::of(head, code))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_office_adds_words_of_its_own() {
        let words = Words::with_office("[kind]\nvisit = [\"声かけ訪問\"]\n").unwrap();
        assert!(words.knows("声かけ訪問"));
    }

    #[test]
    fn a_clash_names_both_lines() {
        let error = Words::with_office("[kind]\nvisit = [\n  \"電話\",\n]\n").unwrap_err();
        let told = error.to_string();
        assert!(told.contains("line 3 of the office's words"), "{told}");
        assert!(told.contains("of the built-in words"), "{told}");
    }

    #[test]
    fn a_bad_entry_names_its_line() {
        for (extra, line) in [
            ("[kind]\nvist = [\"寄った\"]", 2),
            ("[kind]\nvisit = [1]", 2),
            ("[kind]\n\nvisit = [\"  \"]", 3),
            ("[kind\n", 1),
        ] {
            let told = Words::with_office(extra).unwrap_err().to_string();
            let expected = format!("line {line} of the office's words");
            assert!(told.contains(&expected), "{told}");
        }
    }
}
