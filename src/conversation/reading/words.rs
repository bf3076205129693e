//! The table of words: what each means, built in and added by the office.
use super::{
    normalise::{fold, spelt_alike},
    sense::{Opening, Sense},
    trie::Trie,
};
use crate::conversation::message::Platform;
use std::{collections::BTreeMap, fmt, ops::Bound, str::FromStr};
use toml::Spanned;

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

/// All words, found by their first letters.
#[derive(Debug, Clone)]
pub struct Words {
    words: Trie<Ends>,
    /// What was meant by a slip.
    slips: Trie<String>,
    /// Words that mean something at the beginning of a line alone.
    openings: BTreeMap<String, (Opening, Place)>,
    platforms: BTreeMap<String, (Platform, Place)>,
    listed: Vec<Listed>,
}

/// What ends with a letter: a whole word, the stem of a verb.
#[derive(Debug, Clone, Default)]
struct Ends {
    word: Option<Entry>,
    stem: Option<Entry>,
}

#[derive(Debug, Clone)]
struct Entry {
    senses: Vec<Sense>,
    place: Place,
}

/// One word as it stands in a table.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    pub head: String,
    pub code: String,
    pub word: String,
    pub place: Place,
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
/// The mark for any particle, or none.
const ANY_PARTICLE: char = '_';
const PARTICLES: [&str; 9] = ["", "が", "は", "も", "を", "に", "の", "で", "と"];
/// The head of the slips: the key is the word that was meant.
const REPAIR: &str = "repair";
/// The heads of words that mean nothing within a line.
const OPENING: &str = "opening";
const PLATFORM: &str = "platform";

impl Words {
    /// The words of the house.
    pub fn built_in() -> Words {
        let mut words = Words {
            words: Trie::new(),
            slips: Trie::new(),
            openings: BTreeMap::new(),
            platforms: BTreeMap::new(),
            listed: Vec::new(),
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

    /// Every word as it stands in the tables, in their order.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    fn take_in(&mut self, source: &str, office: bool) -> Result<(), WordsError> {
        let lines = Lines::of(source, office);
        let table: Table = toml::from_str(source).map_err(|error| WordsError::Unreadable {
            place: lines.place(error.span().map_or(0, |span| span.start)),
            reason: error.message().to_owned(),
        })?;
        let from = self.listed.len();
        for (head, codes) in &table {
            for (code, words) in codes {
                for word in words {
                    self.add(Listed {
                        head: head.get_ref().clone(),
                        code: code.get_ref().clone(),
                        word: word.get_ref().clone(),
                        place: lines.place(word.span().start),
                    })?;
                }
            }
        }
        self.listed[from..].sort_by_key(|listed| listed.place.line);
        Ok(())
    }

    fn add(&mut self, listed: Listed) -> Result<(), WordsError> {
        for spelling in spellings(&listed.word) {
            if spelling.trim_end_matches(STEM).is_empty() {
                return Err(WordsError::Empty {
                    place: listed.place,
                    word: listed.word,
                });
            }
            match listed.head.as_str() {
                // Of a pattern, the word itself is no slip.
                REPAIR if spelling == fold(&listed.code) => {}
                REPAIR => *self.slips.entry(&spelling) = Some(listed.code.clone()),
                OPENING => put(&mut self.openings, &spelling, &listed)?,
                PLATFORM => put(&mut self.platforms, &spelling, &listed)?,
                _ => self.add_word(&spelling, &listed)?,
            }
        }
        self.listed.push(listed);
        Ok(())
    }

    fn add_word(&mut self, spelling: &str, listed: &Listed) -> Result<(), WordsError> {
        let place = listed.place;
        let senses = senses_of(&listed.head, &listed.code).ok_or_else(|| unknown_head(listed))?;
        let stem = spelling.strip_suffix(STEM);
        let ends = self
            .words
            .entry(stem.unwrap_or(spelling))
            .get_or_insert_default();
        let end = match stem {
            Some(_) => &mut ends.stem,
            None => &mut ends.word,
        };
        match end {
            Some(former) if former.senses != senses => Err(WordsError::Clash {
                word: listed.word.clone(),
                first: former.place,
                second: place,
            }),
            Some(_) => Ok(()),
            None => {
                *end = Some(Entry { senses, place });
                Ok(())
            }
        }
    }

    /// Every word with which a folded text begins, the shortest first.
    pub(super) fn at_start<'s>(&'s self, folded: &str) -> impl Iterator<Item = Found<'s>> {
        self.words.at_start(folded).flat_map(|(length, ends)| {
            [(false, &ends.word), (true, &ends.stem)]
                .into_iter()
                .filter_map(move |(is_stem, end)| {
                    Some(Found {
                        length,
                        is_stem,
                        senses: &end.as_ref()?.senses,
                    })
                })
        })
    }

    /// Whether the whole folded text is one word.
    pub(super) fn knows(&self, folded: &str) -> bool {
        self.words
            .at_start(folded)
            .any(|(length, ends)| length == folded.len() && ends.word.is_some())
    }

    /// Every opening word with which a folded text begins, the longest first: its
    /// length, and what it opens.
    pub(super) fn openings(&self, folded: &str) -> Vec<(usize, Opening)> {
        let mut found = at_start(&self.openings, folded);
        found.reverse();
        found
    }

    /// Whether a folded text that begins with this letter may begin with one.
    pub(super) fn may_open(&self, first: char) -> bool {
        let mut letter = [0; 4];
        let letter: &str = first.encode_utf8(&mut letter);
        let from_there = (Bound::Included(letter), Bound::Unbounded);
        let next = self.openings.range::<str, _>(from_there).next();
        next.is_some_and(|(word, _)| word.starts_with(first))
    }

    /// The platform with whose name a folded text begins, and the name's length.
    pub(super) fn platform(&self, folded: &str) -> Option<(usize, Platform)> {
        at_start(&self.platforms, folded).pop()
    }

    /// The slip with which a folded text begins: its length, and what was meant.
    pub(super) fn slip_at(&self, folded: &str) -> Option<(usize, &str)> {
        self.slips
            .longest(folded)
            .map(|(length, meant)| (length, meant.as_str()))
    }
}

/// Puts a word in place that has one meaning only.
fn put<T: FromStr + Copy + PartialEq>(
    words: &mut BTreeMap<String, (T, Place)>,
    spelling: &str,
    listed: &Listed,
) -> Result<(), WordsError> {
    let place = listed.place;
    let meant: T = listed.code.parse().map_err(|_| unknown_head(listed))?;
    let (former, first) = *words.entry(spelling.to_owned()).or_insert((meant, place));
    if former == meant {
        return Ok(());
    }
    Err(WordsError::Clash {
        word: listed.word.clone(),
        first,
        second: place,
    })
}

/// Each of a few words with which a text begins, the shortest first: its length,
/// and what it means.
fn at_start<T: Copy>(words: &BTreeMap<String, (T, Place)>, text: &str) -> Vec<(usize, T)> {
    // A word sorts before all that go on behind it.
    words
        .iter()
        .filter(|(word, _)| text.starts_with(word.as_str()))
        .map(|(word, (meant, _))| (word.len(), *meant))
        .collect()
}

fn unknown_head(listed: &Listed) -> WordsError {
    WordsError::UnknownHead {
        place: listed.place,
        head: listed.head.clone(),
        code: listed.code.clone(),
    }
}

/// The lines of a table, by the places where they begin.
struct Lines {
    office: bool,
    ends: Vec<usize>,
}

impl Lines {
    fn of(source: &str, office: bool) -> Lines {
        Lines {
            office,
            ends: source.match_indices('\n').map(|(at, _)| at).collect(),
        }
    }

    fn place(&self, at: usize) -> Place {
        Place {
            office: self.office,
            line: 1 + self.ends.partition_point(|end| *end < at),
        }
    }
}

/// The spellings that an entry stands for, folded: `_` is any particle or none,
/// `[在材]` any one of the letters.
fn spellings(entry: &str) -> Vec<String> {
    let mut spellings = vec![String::new()];
    let mut rest = entry.trim();
    while let Some(c) = rest.chars().next() {
        let bracket = rest
            .strip_prefix('[')
            .and_then(|after| after.split_once(']'));
        let (choices, after) = match bracket {
            Some((letters, after)) => (letters.chars().map(String::from).collect(), after),
            None if c == ANY_PARTICLE => (PARTICLES.map(str::to_owned).to_vec(), &rest[1..]),
            None => (vec![c.to_string()], &rest[c.len_utf8()..]),
        };
        spellings = spellings
            .iter()
            .flat_map(|so_far| {
                choices
                    .iter()
                    .map(move |choice| format!("{so_far}{choice}"))
            })
            .collect();
        rest = after;
    }
    spellings
        .iter()
        .map(|spelling| fold(&spelt_alike(spelling)))
        .collect()
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
    fn one_entry_stands_for_several_spellings() {
        let words = Words::with_office("[sign]\nliving = [\"湯気_出た\"]\n").unwrap();
        for spelling in ["湯気出た", "湯気が出た", "湯気も出た"] {
            assert!(words.knows(spelling), "{spelling}");
        }
        let slips = Words::with_office("[repair]\n\"巡回\" = [\"[巡順][回会]\"]\n").unwrap();
        for (typed, meant) in [
            ("順回", Some("巡回")),
            ("巡会", Some("巡回")),
            ("巡回", None),
        ] {
            assert_eq!(
                slips.slip_at(typed).map(|(_, meant)| meant),
                meant,
                "{typed}"
            );
        }
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
