//! Household codes as people type them: H7, H-007, #7, a leading bare 066.
use super::{
    normalise::{self, Line},
    personal::{Script, kind_of},
};
use crate::domain::household::Code;
use unicode_normalization::UnicodeNormalization;

/// The most digits of a code.
const DIGITS_MAX: usize = 6;

/// What stands before the number; spoken, H is spelt out.
const MARKS: [&str; 9] = [
    "h",
    "no.",
    "なんばー",
    "#",
    "世帯番号",
    "世帯",
    "えいち",
    "えっち",
    "けーす番号",
];
/// What may stand between the mark and the number.
const JOINTS: [&str; 10] = [
    " ",
    "-",
    "ー",
    "_",
    ".",
    "の",
    ":",
    "はいふん",
    "まいなす",
    "ばー",
];
/// Letters behind a number that make something else of it.
const COUNTED: &str = "年月日週時分秒人名枚通件回歳才円番号階台個箱本冊点か箇ゖゕけ%/-.:,~";

/// Whether a code can begin with this letter.
pub(super) fn may_begin(c: char) -> bool {
    c.is_ascii_digit() || matches!(c, 'h' | '#' | '世' | 'え' | 'け' | 'n' | 'な')
}

/// The code that begins at this place, and where it ends.
pub(super) fn code_at(line: &Line, at: usize) -> Option<(usize, Code)> {
    if line.before(at).is_some_and(|c| c.is_ascii_alphanumeric()) {
        return None;
    }
    marked(line, at).or_else(|| bare(line, at))
}

/// H-12, h12, hー7, #7, 世帯12, エイチの45番
fn marked(line: &Line, at: usize) -> Option<(usize, Code)> {
    let rest = &line.folded[at..];
    let mark = MARKS.iter().find(|mark| rest.starts_with(**mark))?;
    let mut after = &rest[mark.len()..];
    // One sign and one space at most: more is something else.
    for _ in 0..2 {
        let joint = JOINTS.iter().find(|joint| after.starts_with(**joint));
        after = &after[joint.map_or(0, |joint| joint.len())..];
    }
    let is_spoken = mark.len() > 1 && !mark.is_ascii();
    let (number, after) = digits(after).or_else(|| is_spoken.then(|| spoken(after)).flatten())?;
    let after = ["番", "ばん"]
        .iter()
        .find_map(|mark| after.strip_prefix(mark))
        .filter(|after| !goes_on(after))
        .unwrap_or(after);
    // 012号室, 5系統: a room, a bus.
    let is_longer = after.starts_with(|c: char| c.is_ascii_alphanumeric())
        || ["号", "系統", "便", "番線"]
            .iter()
            .any(|unit| after.starts_with(unit))
        || after
            .strip_prefix('-')
            .is_some_and(|more| more.starts_with(|c: char| c.is_ascii_digit()));
    if is_longer {
        return None;
    }
    Some((line.folded.len() - after.len(), Code::of(number)))
}

/// At the start of a line, three digits that are no date, time or count, or a
/// number with 番.
fn bare(line: &Line, at: usize) -> Option<(usize, Code)> {
    let mut before = line.folded[..at].chars().rev();
    if !matches!(before.find(|c| !" ・*●■".contains(*c)), None | Some('\n')) {
        return None;
    }
    let text = &line.folded[at..];
    let (number, after) = digits(text)?;
    if let Some(after) = after.strip_prefix('番').filter(|after| !goes_on(after)) {
        return Some((line.folded.len() - after.len(), Code::of(number)));
    }
    let is_counted = after
        .chars()
        .next()
        .is_none_or(|c| COUNTED.contains(c) || c.is_ascii_alphanumeric());
    if text.len() - after.len() != 3 || is_counted || after.trim().is_empty() {
        return None;
    }
    Some((line.folded.len() - after.len(), Code::of(number)))
}

/// 番目, 番地, 番線: no number of a household.
fn goes_on(after_number: &str) -> bool {
    after_number.is_empty()
        || after_number.starts_with(|c| kind_of(c).is_some_and(|script| script == Script::Kanji))
        || after_number.starts_with(|c: char| c.is_ascii_digit())
}

/// A number as it is said: 四十五, 二百五, ぜろよんご, にひゃくご. In kana it is one
/// only where 番 or nothing follows.
fn spoken(text: &str) -> Option<(u32, &str)> {
    let (mut numerals, mut rest) = (Vec::new(), text);
    while let Some((value, after)) = NUMERALS
        .iter()
        .find_map(|(numeral, value)| Some((*value, rest.strip_prefix(numeral)?)))
        .filter(|_| numerals.len() < DIGITS_MAX)
    {
        numerals.push(value);
        rest = after;
    }
    let is_kana = |c| kind_of(c) == Some(Script::Hiragana);
    let in_kana = text[..text.len() - rest.len()].ends_with(is_kana);
    // 世帯一覧, えいちごはん
    let is_other = |c| match kind_of(c) {
        Some(Script::Hiragana) => in_kana,
        Some(Script::Kanji) => c != '番',
        _ => false,
    };
    let ends = !rest.starts_with(is_other) || rest.starts_with("ばん");
    let is_number = !numerals.is_empty() && ends;
    is_number.then(|| (value(&numerals), rest))
}

/// Digits in a row, or with tens and hundreds.
fn value(numerals: &[u32]) -> u32 {
    if numerals.iter().all(|numeral| *numeral < 10) {
        return numerals.iter().fold(0, |number, digit| number * 10 + digit);
    }
    let (mut whole, mut digit) = (0, 0);
    for numeral in numerals {
        if *numeral < 10 {
            digit = *numeral;
        } else {
            whole += digit.max(1) * numeral;
            digit = 0;
        }
    }
    whole + digit
}

/// Numerals with what they stand for; the longer ones first.
const NUMERALS: [(&str, u32); 35] = [
    ("ひゃく", 100),
    ("びゃく", 100),
    ("ぴゃく", 100),
    ("百", 100),
    ("じゅう", 10),
    ("十", 10),
    ("ぜろ", 0),
    ("れい", 0),
    ("まる", 0),
    ("〇", 0),
    ("零", 0),
    ("いち", 1),
    ("一", 1),
    ("二", 2),
    ("さん", 3),
    ("三", 3),
    ("よん", 4),
    ("四", 4),
    ("五", 5),
    ("ろく", 6),
    ("ろっ", 6),
    ("六", 6),
    ("なな", 7),
    ("しち", 7),
    ("七", 7),
    ("はち", 8),
    ("はっ", 8),
    ("八", 8),
    ("きゅう", 9),
    ("九", 9),
    ("に", 2),
    ("ご", 5),
    ("く", 9),
    ("し", 4),
    ("よ", 4),
];

/// The number at the start, and what follows it.
fn digits(text: &str) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    if length == 0 || length > DIGITS_MAX {
        return None;
    }
    Some((text[..length].parse().ok()?, &text[length..]))
}

/// A text that is nothing but a code: what is filled in where a code was asked
/// for. Its mark may be missing: 12, 012, H-12, Ｈ－１２.
pub fn alone(text: &str) -> Option<Code> {
    let folded = normalise::fold(&normalise::spelt_alike(text));
    let trimmed = folded.trim();
    let digits = trimmed
        .strip_prefix(['h', '#'])
        .unwrap_or(trimmed)
        .trim_start_matches(['-', 'ー', ' ']);
    let (number, rest) = self::digits(digits)?;
    rest.is_empty().then(|| Code::of(number))
}

/// How codes begin of which this was typed, with the zeros before a number or
/// without them; None where it is no beginning of a code.
pub fn beginnings(typed: &str) -> Option<[String; 3]> {
    let spelt: String = typed.nfkc().collect();
    let spelt = spelt.trim().to_lowercase();
    let digits = spelt.strip_prefix('h').unwrap_or(&spelt);
    let digits = digits.trim_start_matches(['-', '\u{2010}', '\u{2212}', 'ー', ' ']);
    if !digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let exact = format!("H-{digits}");
    if digits.is_empty() || digits.starts_with('0') {
        return Some([exact.clone(), exact.clone(), exact]);
    }
    Some([exact, format!("H-0{digits}"), format!("H-00{digits}")])
}

#[cfg(test)]
mod tests {
    use super::{beginnings, spoken};

    #[test]
    fn a_number_is_read_as_it_is_said() {
        for (said, number) in [
            ("四十五", Some(45)),
            ("二百五番", Some(205)),
            ("二〇五", Some(205)),
            ("ぜろよんご", Some(45)),
            ("にひゃくごばん", Some(205)),
            ("ひゃくにじゅう", Some(120)),
            ("ごはんの", None),
            ("にいった", None),
            ("一覧", None),
        ] {
            assert_eq!(spoken(said).map(|(number, _)| number), number, "{said}");
        }
    }

    #[test]
    fn a_code_begins_as_it_is_typed_with_its_zeros_or_without() {
        let first = |typed: &str| beginnings(typed).map(|found| found.join(" "));
        for (typed, expected) in [
            ("", Some("H- H- H-")),
            ("h", Some("H- H- H-")),
            ("H-0", Some("H-0 H-0 H-0")),
            ("1", Some("H-1 H-01 H-001")),
            ("Ｈ－12", Some("H-12 H-012 H-0012")),
            ("x", None),
            ("%", None),
            ("訪問", None),
        ] {
            assert_eq!(first(typed).as_deref(), expected, "{typed}");
        }
    }
}
