//! One spelling for many: width, case, dashes, kana, spaces, and slips of the keyboard.
use super::words::Words;
use std::cell::Cell;
use unicode_normalization::UnicodeNormalization;

/// A line in the one spelling that the rules read.
pub(super) struct Line {
    /// NFKC, lower case, slips repaired. Spoken of to the writer.
    pub text: String,
    /// `text` with katakana as hiragana, byte for byte at the same places: what
    /// is matched.
    pub folded: String,
    /// Words that were read as others.
    pub repaired: Vec<String>,
    /// How often the rules have looked at a place of the text.
    looks: Cell<usize>,
}

impl Line {
    pub fn of(text: &str, words: &Words) -> Line {
        let mut text = spelt_alike(text);
        if text.contains(' ') {
            text = closed_up(&text, words);
        }
        let mut line = Line {
            folded: fold(&text),
            text,
            repaired: Vec::new(),
            looks: Cell::new(0),
        };
        line.repair(words);
        line
    }

    /// The character before a place.
    pub fn before(&self, at: usize) -> Option<char> {
        self.count_look();
        self.folded[..at].chars().next_back()
    }

    /// The character at a place.
    pub fn at(&self, at: usize) -> Option<char> {
        self.count_look();
        self.folded[at..].chars().next()
    }

    pub fn count_look(&self) {
        self.looks.set(self.looks.get() + 1);
    }

    pub fn looks(&self) -> usize {
        self.looks.get()
    }

    /// Puts the word that was meant for each slip of the table.
    fn repair(&mut self, words: &Words) {
        let mut fixed = String::new();
        let mut copied = 0;
        let mut at = 0;
        while let Some(c) = self.at(at) {
            match words.slip_at(&self.folded[at..]) {
                Some((length, meant)) if copied == at || self.may_begin(at, words) => {
                    self.repaired.push(self.text[at..at + length].to_owned());
                    fixed.push_str(&self.text[copied..at]);
                    fixed.push_str(meant);
                    at += length;
                    copied = at;
                }
                _ => at += c.len_utf8(),
            }
        }
        if !self.repaired.is_empty() {
            fixed.push_str(&self.text[copied..]);
            self.folded = fold(&fixed);
            self.text = fixed;
        }
    }

    /// Whether a word may begin here: not within another (両方聞いた is no slip
    /// for 訪問), but behind a particle or a known word.
    fn may_begin(&self, at: usize, words: &Words) -> bool {
        let before = &self.folded[..at];
        let Some(last) = before.chars().next_back() else {
            return true;
        };
        if !last.is_alphabetic() || "はがもをにでとてし".contains(last) {
            return true;
        }
        let starts = before.char_indices().rev().take(WORD_CHARS_MAX).skip(1);
        starts
            .map(|(start, _)| &before[start..])
            .any(|word| words.knows(word))
    }
}

/// No word before a slip needs to be longer to be known.
const WORD_CHARS_MAX: usize = 6;

/// NFKC, one dash, one tilde, lower case, single spaces, and no characters that
/// are not seen.
pub(super) fn spelt_alike(text: &str) -> String {
    let mut spelt = String::with_capacity(text.len());
    if text.chars().all(is_plain) {
        for c in text.chars() {
            push(&mut spelt, c.to_ascii_lowercase());
        }
        return spelt;
    }
    let letters = text
        .nfkc()
        .filter(|c| !is_unseen(*c))
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' => '-',
            '\u{301C}' | '\u{FF5E}' => '~',
            '\t' | '\r' => ' ',
            c => c,
        })
        .flat_map(char::to_lowercase);
    for c in letters {
        push(&mut spelt, c);
    }
    spelt
}

/// Letters that compatibility and composition leave as they are, so that most
/// lines need no further look.
fn is_plain(c: char) -> bool {
    matches!(c, '\n' | ' '..='~' | '、' | '。' | '「' | '」' | '々'
        | '\u{3041}'..='\u{3096}' | '\u{30A1}'..='\u{30FC}' | '\u{4E00}'..='\u{9FFF}')
}

fn push(spelt: &mut String, c: char) {
    if c != ' ' || !spelt.ends_with(' ') {
        spelt.push(c);
    }
}

/// Zero-width and direction marks, variation selectors, tones of skin, control
/// characters.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{00AD}' | '\u{1F3FB}'..='\u{1F3FF}')
        || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

/// Katakana as hiragana. Both take three bytes, so places stay the same.
pub(super) fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    folded.extend(text.chars().map(fold_letter));
    folded
}

fn fold_letter(c: char) -> char {
    match c {
        '\u{30A1}'..='\u{30F6}' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
        c => c,
    }
}

/// The first letter of a text as it is spelt alike and folded, where that alone
/// tells it.
pub(super) fn first_as_folded(c: char) -> Option<char> {
    is_plain(c).then(|| fold_letter(c.to_ascii_lowercase()))
}

/// 訪 問: letters typed apart that make a known word together are put together.
fn closed_up(text: &str, words: &Words) -> String {
    let parts: Vec<&str> = text.split(' ').collect();
    let mut closed = String::with_capacity(text.len());
    let mut at = 0;
    while at < parts.len() {
        let letters = parts[at..]
            .iter()
            .take(WORD_CHARS_MAX)
            .take_while(|part| is_letter(part))
            .count();
        let together = (2..=letters)
            .rev()
            .find(|count| words.knows(&fold(&parts[at..at + count].concat())))
            .unwrap_or(1);
        if at > 0 {
            closed.push(' ');
        }
        parts[at..at + together]
            .iter()
            .for_each(|part| closed.push_str(part));
        at += together;
    }
    closed
}

/// One letter alone that is no digit and no Latin letter.
fn is_letter(part: &str) -> bool {
    let mut letters = part.chars();
    letters
        .next()
        .is_some_and(|c| !c.is_ascii() && c.is_alphabetic())
        && letters.next().is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn width_case_dashes_and_unseen_characters_make_no_difference() {
        for typed in ["Ｈ－０１２", "h‐012", "H−012", "ｈ\u{200B}-012"] {
            assert_eq!(spelt_alike(typed), "h-012");
        }
        assert_eq!(fold(&spelt_alike("ﾃﾞﾝﾜ")), "でんわ");
    }

    #[test]
    fn plain_letters_are_those_that_normalising_leaves_alone() {
        for c in ('\0'..='\u{FFFF}').filter(|c| is_plain(*c)) {
            assert!(std::iter::once(c).nfkc().eq([c]), "{c:?}");
        }
    }

    #[test]
    fn slips_are_repaired_and_named() {
        let words = Words::built_in();
        let line = Line::of("訪門 不材", &words);
        assert_eq!(line.text, "訪問 不在");
        assert_eq!(line.repaired, ["訪門", "不材"]);
        assert!(Line::of("双方聞いた", &words).repaired.is_empty());
    }

    #[test]
    fn letters_typed_apart_are_read_together() {
        let words = Words::built_in();
        assert_eq!(
            Line::of("訪　問　　不　在　母", &words).text,
            "訪問 不在 母"
        );
    }
}
