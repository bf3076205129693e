//! The grammar of weeks and weekdays: 来週, 再来週の火曜, 金曜, 第2木曜, (火).
use super::{
    Parsed, WeekPart, What, english,
    number::{digits, in_kana, kanji, number},
};
use chrono::Weekday;
use winnow::{
    Parser,
    combinator::{alt, eof, opt, peek, preceded, terminated},
    token::{any, one_of},
};

/// 来週, 来週水曜, 再来週の(火), 今週中
pub(super) fn week(input: &mut &str) -> Parsed<What> {
    let weeks = alt((
        alt(("再々来週", "さ来々週")).value(3),
        alt(("再来週", "さ来週", "さらいしゅう", "翌々週", "来々週")).value(2),
        alt(("来週", "翌週", "らいしゅう", "次週", "週明け")).value(1),
        alt(("今週", "こんしゅう", "週末")).value(0),
        alt(("先々週", "せんせんしゅう")).value(-2),
        alt(("先週", "せんしゅう")).value(-1),
    ))
    .parse_next(input)?;
    let part = alt((
        preceded(
            opt(alt(('の', ' ', '、'))),
            alt((weekday, beside, short_weekday)),
        )
        .map(WeekPart::Day),
        alt((
            "末まで",
            "末",
            "中に",
            "中",
            "いっぱい",
            "じゅうに",
            "のうちに",
            "内に",
            "内",
        ))
        .value(WeekPart::Within),
        (opt('の'), alt(("前半", "頭", "はじめ", "初め", "あたま")))
            .value(WeekPart::Day(Weekday::Mon)),
        (opt('の'), "半ば").value(WeekPart::Day(Weekday::Wed)),
        (opt('の'), "後半").value(WeekPart::Day(Weekday::Thu)),
        "".value(if weeks == 0 {
            WeekPart::Within
        } else {
            WeekPart::Whole
        }),
    ))
    .parse_next(input)?;
    Ok(What::Week(weeks, part))
}

/// 来週水, 来週水木: one character that ends there.
fn short_weekday(input: &mut &str) -> Parsed<Weekday> {
    let day = one_weekday.parse_next(input)?;
    peek(alt((
        eof.void(),
        one_weekday.void(),
        any.verify(|c: &char| !is_kanji(*c)).void(),
    )))
    .parse_next(input)?;
    Ok(day)
}

fn is_kanji(c: char) -> bool {
    matches!(c, '\u{4E00}'..='\u{9FFF}')
}

fn one_weekday(input: &mut &str) -> Parsed<Weekday> {
    any.verify_map(|c| {
        Some(match c {
            '月' => Weekday::Mon,
            '火' => Weekday::Tue,
            '水' => Weekday::Wed,
            '木' => Weekday::Thu,
            '金' => Weekday::Fri,
            '土' => Weekday::Sat,
            '日' => Weekday::Sun,
            _ => return None,
        })
    })
    .parse_next(input)
}

/// 水曜, 水曜日, すいようび
pub(super) fn weekday(input: &mut &str) -> Parsed<Weekday> {
    let day = alt((
        terminated(one_weekday, alt(("曜", "よう"))),
        terminated(
            (
                in_kana,
                alt((
                    "げつ".value(Weekday::Mon),
                    "すい".value(Weekday::Wed),
                    "もく".value(Weekday::Thu),
                    "きん".value(Weekday::Fri),
                    "にち".value(Weekday::Sun),
                    "か".value(Weekday::Tue),
                    "ど".value(Weekday::Sat),
                )),
            )
                .map(|(_, day)| day),
            alt(("ようび", "曜日", "曜", "よう")),
        ),
    ))
    .parse_next(input)?;
    opt(alt(("日", "び"))).parse_next(input)?;
    Ok(day)
}

/// The weekday beside a date: (火), 火曜
pub(super) fn beside(input: &mut &str) -> Parsed<Weekday> {
    opt(' ').parse_next(input)?;
    alt((
        weekday,
        ('(', one_weekday, opt(("曜", opt("日"))), opt("・祝"), ')').map(|(_, day, _, _, _)| day),
        preceded('(', terminated(english::weekday_in_brackets, ')')),
        terminated(
            one_weekday,
            peek(alt((eof.void(), one_of([' ', '、', '。', '\n']).void()))),
        ),
    ))
    .parse_next(input)
}

pub(super) fn nth(input: &mut &str) -> Parsed<(u32, Weekday)> {
    preceded(
        "第",
        (
            alt((digits, kanji)).verify(|n| (1..=5).contains(n)),
            opt((one_of(['・', '、', ',']), opt('第'), number)),
            opt(alt((' ', '週'))),
            opt('の'),
            weekday,
        ),
    )
    .map(|(n, _, _, _, weekday)| (n, weekday))
    .parse_next(input)
}

/// 第3週
pub(super) fn nth_week(input: &mut &str) -> Parsed<u32> {
    (
        "第",
        alt((digits, kanji)).verify(|n| (1..=5).contains(n)),
        "週",
    )
        .map(|(_, n, _)| n)
        .parse_next(input)
}

pub(super) fn nth_weekday(input: &mut &str) -> Parsed<What> {
    nth.map(|(n, weekday)| What::NthWeekday(n, weekday))
        .parse_next(input)
}
