//! Numbers as they are typed: digits, kanji, kana, and ranges of them.
use winnow::{
    ModalResult, Parser,
    combinator::{alt, opt},
    token::{any, take_while},
};

/// A count; of a range the earlier end, and then it is a guess.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Count {
    pub value: u32,
    pub is_guess: bool,
}

/// One to four ASCII digits; more are no number of a date.
pub(super) fn digits(input: &mut &str) -> ModalResult<u32> {
    take_while(1..=5, |c: char| c.is_ascii_digit())
        .verify(|text: &str| text.len() <= 4)
        .try_map(str::parse)
        .parse_next(input)
}

/// A number from 1 to 99 in kanji.
pub(super) fn kanji(input: &mut &str) -> ModalResult<u32> {
    take_while(1..=3, |c| kanji_digit(c).is_some() || c == '十')
        .verify_map(kanji_value)
        .parse_next(input)
}

/// Digits or kanji.
pub(super) fn number(input: &mut &str) -> ModalResult<u32> {
    alt((digits, kanji)).parse_next(input)
}

/// A number before a unit of time: also kana, 数, and ranges (2、3 · 1~2 · 二三).
pub(super) fn count(input: &mut &str) -> ModalResult<Count> {
    alt((several, kanji_pair, plain)).parse_next(input)
}

/// 数か月 is three.
fn several(input: &mut &str) -> ModalResult<Count> {
    alt(("数", "すう"))
        .value(Count {
            value: 3,
            is_guess: true,
        })
        .parse_next(input)
}

/// 二三か月
fn kanji_pair(input: &mut &str) -> ModalResult<Count> {
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

fn plain(input: &mut &str) -> ModalResult<Count> {
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

/// The numbers of kana before しゅうかん, かげつ, にち.
fn kana(input: &mut &str) -> ModalResult<u32> {
    alt((
        alt(("いっ", "いち", "ひと")).value(1),
        alt(("に", "ふた")).value(2),
        "さん".value(3),
        "よん".value(4),
        "ご".value(5),
        alt(("ろっ", "ろく")).value(6),
        "なな".value(7),
        alt(("はっ", "はち")).value(8),
        "きゅう".value(9),
        alt(("じゅっ", "じっ", "じゅう")).value(10),
    ))
    .parse_next(input)
}

fn kanji_digit(c: char) -> Option<u32> {
    let at = "一二三四五六七八九".chars().position(|digit| digit == c)?;
    u32::try_from(at + 1).ok()
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
