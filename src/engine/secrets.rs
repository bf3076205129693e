//! Codes and tokens that let somebody in: drawn here from the system's secure
//! generator, told once, kept by the store as hashes.
use crate::conversation::decide::Secrets;
use rand::{Rng, seq::IndexedRandom};

/// Digits and letters that cannot be taken for one another, read aloud or on
/// paper; without U, no word comes out by accident.
const ALPHABET: [char; 30] = [
    '2', '3', '4', '5', '6', '7', '8', '9', 'A', 'B', 'C', 'D', 'E', 'F', 'G', 'H', 'J', 'K', 'M',
    'N', 'P', 'Q', 'R', 'S', 'T', 'V', 'W', 'X', 'Y', 'Z',
];

/// What one message may need.
pub(super) fn draw() -> Secrets {
    Secrets {
        join_code: join_code().into(),
        token: token().into(),
    }
}

/// A code for joining by a chat, to be typed by hand: `7KQ2-9M4T`.
pub fn join_code() -> String {
    let mut rng = rand::rng();
    let mut draw = || -> String {
        let drawn = (0..4).filter_map(|_| ALPHABET.choose(&mut rng));
        drawn.collect()
    };
    format!("{}-{}", draw(), draw())
}

/// A token for a link or a session: 256 bits.
pub fn token() -> String {
    let bytes: [u8; 32] = rand::rng().random();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::{ALPHABET, join_code, token};
    use std::collections::BTreeSet;

    #[test]
    fn a_code_is_eight_characters_that_cannot_be_taken_for_one_another() {
        let codes: BTreeSet<String> = (0..200).map(|_| join_code()).collect();
        assert_eq!(codes.len(), 200);
        for code in codes {
            let (first, second) = code.split_once('-').expect("a dash");
            assert_eq!((first.len(), second.len()), (4, 4), "{code}");
            assert!(!code.contains(['0', 'O', '1', 'I', 'L', 'U']), "{code}");
        }
        assert_eq!(BTreeSet::from(ALPHABET).len(), ALPHABET.len());
    }

    #[test]
    fn a_token_is_64_digits_and_drawn_anew() {
        assert_eq!(token().len(), 64);
        assert!(token().bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert_ne!(token(), token());
    }
}
