//! One spelling for many: width, case, dashes, kana, and slips of the keyboard.
use super::words::Words;
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
}

impl Line {
    pub fn of(text: &str, words: &Words) -> Line {
        let mut repaired = Vec::new();
        let text = repair(&spelt_alike(text), words, &mut repaired);
        Line {
            folded: fold(&text),
            text,
            repaired,
        }
    }

    /// The character before a place.
    pub fn before(&self, at: usize) -> Option<char> {
        self.folded[..at].chars().next_back()
    }

    /// The character at a place.
    pub fn at(&self, at: usize) -> Option<char> {
        self.folded[at..].chars().next()
    }
}

/// NFKC, one dash, one tilde, lower case, and no characters that are not seen.
pub(super) fn spelt_alike(text: &str) -> String {
    text.nfkc()
        .filter(|c| !is_unseen(*c))
        .map(|c| match c {
            '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{FF0D}' => '-',
            '\u{301C}' | '\u{FF5E}' => '~',
            '\t' | '\r' => ' ',
            c => c,
        })
        .flat_map(char::to_lowercase)
        .collect()
}

/// Zero-width and direction marks, variation selectors, control characters.
fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}'
        | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{00AD}')
        || (c.is_control() && !matches!(c, '\n' | '\t' | '\r'))
}

/// Katakana as hiragana. Both take three bytes, so places stay the same.
pub(super) fn fold(text: &str) -> String {
    text.chars()
        .map(|c| match c {
            '\u{30A1}'..='\u{30F6}' => char::from_u32(c as u32 - 0x60).unwrap_or(c),
            c => c,
        })
        .collect()
}

/// Puts the word that was meant for each slip of the table.
fn repair(text: &str, words: &Words, repaired: &mut Vec<String>) -> String {
    let folded = fold(text);
    let mut fixed = String::with_capacity(text.len());
    let mut at = 0;
    while let Some(c) = text[at..].chars().next() {
        let step = match words.slip_at(&folded[at..]) {
            Some((length, meant)) => {
                repaired.push(text[at..at + length].to_owned());
                fixed.push_str(meant);
                length
            }
            None => {
                fixed.push(c);
                c.len_utf8()
            }
        };
        at += step;
    }
    fixed
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
    fn slips_are_repaired_and_named() {
        let line = Line::of("訪門 不材", &Words::built_in());
        assert_eq!(line.text, "訪問 不在");
        assert_eq!(line.repaired, ["訪門", "不材"]);
    }
}
