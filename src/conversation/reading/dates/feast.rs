//! The grammar of fixed points of the year: GW明け, お盆明けの水曜, 年度末.
use super::{Feast, Parsed, What, week::weekday};
use chrono::Weekday;
use winnow::{
    Parser,
    combinator::{alt, not, opt, preceded},
};

/// 明け and the like, and the weekday that is meant behind it.
fn past(input: &mut &str) -> Parsed<Option<Weekday>> {
    alt((
        "明けて",
        "明けたら",
        "明け",
        "あけ",
        "過ぎ",
        "すぎ",
        "が明けたら",
        "が終わったら",
        "後",
    ))
    .parse_next(input)?;
    opt(preceded(
        (opt(alt(("早々", "すぐ"))), opt(alt(('の', ' ')))),
        weekday,
    ))
    .parse_next(input)
}

/// GW明け, ゴールデンウィーク明けの金曜, 5月の連休明け
pub(super) fn golden_week(input: &mut &str) -> Parsed<What> {
    alt((
        "gw".void(),
        "ごーるでんうぃーく".void(),
        "大型連休".void(),
        (alt(("5月", "五月", "春")), opt('の'), "連休").void(),
    ))
    .parse_next(input)?;
    opt('の').parse_next(input)?;
    past.map(|weekday| What::Feast(Feast::AfterGoldenWeek, weekday))
        .parse_next(input)
}

/// お盆明け, 三が日明け, 正月明けの月曜
fn after_holidays(input: &mut &str) -> Parsed<What> {
    opt('お').parse_next(input)?;
    let feast = alt((
        (alt(("盆", "ぼん")), opt("休み")).value(Feast::AfterBon),
        alt(("彼岸", "ひがん")).value(Feast::AfterHigan),
        alt((
            "正月休み",
            "正月",
            "しょうがつ",
            "三が日",
            "三箇日",
            "3が日",
            "年末年始",
            "松の内",
            "冬休み",
        ))
        .value(Feast::NewYear),
    ))
    .parse_next(input)?;
    past.map(|weekday| What::Feast(feast, weekday))
        .parse_next(input)
}

pub(super) fn feast(input: &mut &str) -> Parsed<What> {
    alt((after_holidays, named_feast, named_day)).parse_next(input)
}

/// Days of the year with names of their own.
fn named_day(input: &mut &str) -> Parsed<What> {
    let (month, day) = alt((
        alt(("大晦日", "大みそか", "おおみそか")).value((12, 31)),
        alt(("元日", "元旦")).value((1, 1)),
        "くりすますいぶ".value((12, 24)),
        "くりすます".value((12, 25)),
        "節分".value((2, 3)),
        alt(("ひな祭り", "ひなまつり", "雛祭り")).value((3, 3)),
        "七夕".value((7, 7)),
    ))
    .parse_next(input)?;
    not(alt(("会", "前", "ぱーてぃ", "かい"))).parse_next(input)?;
    Ok(What::Calendar {
        year: None,
        month,
        day,
        weekday: None,
    })
}

fn named_feast(input: &mut &str) -> Parsed<What> {
    let feast = alt((
        alt(("年内", "ねんない", "年末", "今年中", "今年いっぱい")).value(Feast::YearEnd),
        alt((
            "年度末",
            "ねんどまつ",
            "年度内",
            "年度中",
            "今年度末",
            "今年度内",
            "今年度中",
            "年度いっぱい",
        ))
        .value(Feast::FiscalYearEnd),
        alt((
            "年度はじめ",
            "年度初め",
            "年度始め",
            "年度頭",
            "年度明け",
            "新年度",
            "来年度",
            "しんねんど",
            "翌年度",
        ))
        .value(Feast::FiscalYearStart),
        alt((
            "年末年始",
            "年明け早々",
            "年明け",
            "ねんあけ",
            "としあけ",
            "年が明けたら",
            "年始",
            "新年",
            "来年早々",
            "来年頭",
            "来年はじめ",
        ))
        .value(Feast::NewYear),
    ))
    .parse_next(input)?;
    let weekday = opt(preceded(opt(alt(('の', ' '))), weekday)).parse_next(input)?;
    Ok(What::Feast(feast, weekday))
}
