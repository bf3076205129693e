//! Numbers as they are typed: digits, kanji, kana, and ranges of them.
use super::Parsed;
use winnow::{
    Parser,
    combinator::{alt, fail, opt, terminated},
    token::{any, take_while},
};

/// A count; of a range the earlier end, and then it is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub value: u32,
    pub is_guess: bool,
}

/// One to four ASCII digits; more are no number of a date.
pub(super) fn digits(input: &mut &str) -> Parsed<u32> {
    take_while(1..=5, |c: char| c.is_ascii_digit())
        .verify(|text: &str| text.len() <= 4)
        .try_map(str::parse)
        .parse_next(input)
}

/// A number from 1 to 99 in kanji.
pub(super) fn kanji(input: &mut &str) -> Parsed<u32> {
    take_while(1..=3, |c| kanji_digit(c).is_some() || c == '十')
        .verify_map(kanji_value)
        .parse_next(input)
}

/// Digits or kanji.
pub(super) fn number(input: &mut &str) -> Parsed<u32> {
    alt((digits, kanji)).parse_next(input)
}

/// A number before a unit of time: also kana, 数, and ranges (2、3 · 1~2 · 二三).
pub(super) fn count(input: &mut &str) -> Parsed<Count> {
    alt((several, kanji_pair, plain)).parse_next(input)
}

/// 数か月 is three.
fn several(input: &mut &str) -> Parsed<Count> {
    alt(("数", "すう"))
        .value(Count {
            value: 3,
            is_guess: true,
        })
        .parse_next(input)
}

/// 二三か月
fn kanji_pair(input: &mut &str) -> Parsed<Count> {
    (
        any.verify_map(kanji_digit),
        opt(alt(("、", ","))),
        any.verify_map(kanji_digit),
    )
        .verify(|(low, _, high)| low + 1 == *high)
        .map(|(low, _, _)| Count {
            value: low,
            is_guess: true,
        })
        .parse_next(input)
}

fn plain(input: &mut &str) -> Parsed<Count> {
    let value = alt((digits, kanji, kana)).parse_next(input)?;
    let upper = opt((
        alt(("~", "-", "、", ",", "・", "から", "ないし", "か", "or ")),
        number,
    ))
    .parse_next(input)?;
    Ok(Count {
        value,
        is_guess: upper.is_some(),
    })
}

/// A number from 1 to 99 in kana, as it is said before しゅうかん, かげつ, にち.
fn kana(input: &mut &str) -> Parsed<u32> {
    in_kana(input)?;
    let tens = opt(terminated(
        opt(kana_digit),
        alt(("じゅう", "じゅっ", "じっ")),
    ))
    .parse_next(input)?
    .map(|tens| 10 * tens.unwrap_or(1));
    let ones = match tens {
        Some(_) => opt(kana_digit).parse_next(input)?.unwrap_or(0),
        None => kana_digit.parse_next(input)?,
    };
    Ok(tens.unwrap_or(0) + ones)
}

fn kana_digit(input: &mut &str) -> Parsed<u32> {
    alt((
        alt(("いっ", "いち", "ひと")).value(1),
        alt(("に", "ふた")).value(2),
        "さん".value(3),
        "よん".value(4),
        "ご".value(5),
        alt(("ろっ", "ろく")).value(6),
        alt(("なな", "しち")).value(7),
        alt(("はっ", "はち")).value(8),
        alt(("きゅう", "く")).value(9),
    ))
    .parse_next(input)
}

/// Spares the trying of many words where none can stand.
pub(super) fn in_kana(input: &mut &str) -> Parsed<()> {
    match input.chars().next() {
        Some('\u{3041}'..='\u{3096}') => Ok(()),
        _ => fail.parse_next(input),
    }
}

/// じゅうにがつ
pub(super) fn kana_month(input: &mut &str) -> Parsed<u32> {
    in_kana(input)?;
    terminated(alt((kana, "し".value(4))), "がつ").parse_next(input)
}

/// とおか, はつか, じゅうごにち
pub(super) fn kana_day(input: &mut &str) -> Parsed<u32> {
    in_kana(input)?;
    alt((kana_day_name, terminated(kana, "にち"))).parse_next(input)
}

/// The days of a month that have names of their own.
pub(super) fn kana_day_name(input: &mut &str) -> Parsed<u32> {
    in_kana(input)?;
    alt((
        "ついたち".value(1),
        "ふつか".value(2),
        "みっか".value(3),
        "よっか".value(4),
        "いつか".value(5),
        "むいか".value(6),
        "なのか".value(7),
        "ようか".value(8),
        "ここのか".value(9),
        "とおか".value(10),
        "じゅうよっか".value(14),
        "はつか".value(20),
        "にじゅうよっか".value(24),
    ))
    .parse_next(input)
}

/// The number at the start of a text, in at most so many digits or in kanji, and
/// what follows it; more digits are no number of a time or a count.
pub(in super::super) fn leading_number(text: &str, digits_max: usize) -> Option<(u32, &str)> {
    let length = text.bytes().take_while(u8::is_ascii_digit).count();
    if length > 0 {
        let number = (length <= digits_max).then(|| text[..length].parse().ok())??;
        return Some((number, &text[length..]));
    }
    if !text.starts_with(|c| kanji_digit(c).is_some() || c == '十') {
        return None;
    }
    let mut rest = text;
    Some((kanji.parse_next(&mut rest).ok()?, rest))
}

fn kanji_digit(c: char) -> Option<u32> {
    Some(match c {
        '一' => 1,
        '二' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    })
}

/// 三, 十, 十二, 二十, 二十五; nothing else.
fn kanji_value(text: &str) -> Option<u32> {
    let (tens, ones) = match text.split_once('十') {
        Some((tens, ones)) => (tens, ones),
        None => return kanji_digit(text.chars().next()?).filter(|_| text.chars().count() == 1),
    };
    let one = |part: &str, absent: u32| match part.chars().count() {
        0 => Some(absent),
        1 => kanji_digit(part.chars().next()?),
        _ => None,
    };
    Some(one(tens, 1)? * 10 + one(ones, 0)?)
}
