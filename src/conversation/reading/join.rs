//! Join codes as people type them, with and without the word for it.
use unicode_normalization::UnicodeNormalization;

/// Letters and digits of a code.
const LENGTH: usize = 8;
/// Before a code, in small letters; the longer ones first.
const WORDS: [&str; 7] = [
    "参加コード",
    "参加",
    "さんか",
    "join code",
    "join",
    "/start",
    "/join",
];
/// What may stand in a code or beside it.
const JOINTS: [char; 10] = ['-', 'ー', '‐', '‑', '–', '—', '−', '_', ':', ' '];

/// The code in a message that is nothing else, in capital letters.
///
/// Where `is_certain`, a word before it says so, or the way in which it is
/// written; elsewhere any eight letters are one, for who is not of the office
/// yet has nothing else to say to us.
pub fn join_code(text: &str, is_certain: bool) -> Option<String> {
    let folded: String = text.nfkc().flat_map(char::to_lowercase).collect();
    let line = folded.trim();
    let named = WORDS.iter().find_map(|word| line.strip_prefix(word));
    let rest = named.unwrap_or(line);
    let mut code = String::new();
    for c in rest
        .chars()
        .filter(|c| !JOINTS.contains(c) && !c.is_whitespace())
    {
        if !c.is_ascii_alphanumeric() || code.len() == LENGTH {
            return None;
        }
        code.push(c.to_ascii_uppercase());
    }
    let is_mixed = code.contains(|c: char| c.is_ascii_digit())
        && code.contains(|c: char| c.is_ascii_alphabetic());
    let is_told = named.is_some() || !is_certain || is_mixed;
    (code.len() == LENGTH && is_told).then_some(code)
}

#[cfg(test)]
mod tests {
    use super::join_code;

    #[test]
    fn a_code_is_found_however_it_is_typed() {
        for text in [
            "参加 7KQ2-9M4T",
            "参加コード:7kq2-9m4t",
            "さんか　７ＫＱ２ー９Ｍ４Ｔ",
            "join 7kq2 9m4t",
            "/start 7KQ29M4T",
            "7KQ2-9M4T",
            " 7kq29m4t\n",
        ] {
            for is_certain in [true, false] {
                let code = join_code(text, is_certain);
                assert_eq!(code.as_deref(), Some("7KQ29M4T"), "{text}");
            }
        }
    }

    #[test]
    fn whoever_is_of_the_office_may_write_eight_letters() {
        for text in ["tomorrow", "20261125", "well-done"] {
            assert_eq!(join_code(text, true), None, "{text}");
            assert!(join_code(text, false).is_some(), "{text}");
        }
    }

    #[test]
    fn other_words_are_no_code() {
        for text in [
            "",
            "参加",
            "/start",
            "H-012 訪問 不在",
            "7KQ2-9M4T です",
            "7KQ2-9M4T-X",
            "参加 7KQ2-9M4",
            "H-012 12/25",
        ] {
            for is_certain in [true, false] {
                assert_eq!(join_code(text, is_certain), None, "{text}");
            }
        }
    }
}
