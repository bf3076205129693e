//! The grammar of Japanese dates. It reads folded text: katakana as hiragana.
use super::{
    Feast, Part, Said, Span, Unit, WeekPart, What, Year,
    number::{count, digits, kanji, number},
};
use chrono::Weekday;
use winnow::{
    ModalResult, Parser,
    combinator::{alt, eof, fail, not, opt, peek, preceded, terminated},
    token::{any, one_of},
};

/// The said date at the start of the text, and what follows it.
pub(super) fn said(folded: &str) -> Option<(&str, Said)> {
    let mut rest = folded;
    let said = date.parse_next(&mut rest).ok()?;
    Some((rest, said))
}

fn date(input: &mut &str) -> ModalResult<Said> {
    let (what, is_guess, within) = alt((
        span,
        alt((calendar, compact, month)).map(plain),
        alt((relative_month, week, relative_day)).map(plain),
        alt((feast, nth_weekday, weekday.map(What::Weekday), day_of_month)).map(plain),
    ))
    .parse_next(input)?;
    let within = within
        || (matches!(what, What::Day(_))
            && opt(alt(("中に", "中", "じゅうに", "じゅう")))
                .parse_next(input)?
                .is_some());
    let about = opt(about).parse_next(input)?.is_some();
    let by = opt(alt(("までに", "まで", "迄に", "迄"))).parse_next(input)?;
    if !about {
        opt(self::about).parse_next(input)?;
    }
    Ok(Said {
        what,
        is_limit: within || by.is_some(),
        is_guess,
    })
}

fn plain(what: What) -> (What, bool, bool) {
    (what, false, false)
}

/// ころ, くらい: ignored.
fn about(input: &mut &str) -> ModalResult<()> {
    opt(' ').parse_next(input)?;
    alt((
        "ころ",
        "ごろ",
        "頃",
        "くらい",
        "ぐらい",
        "位",
        "あたり",
        "辺り",
        "前後",
        "ほど",
        "程度",
        "めど",
        "目処",
        "目途",
    ))
    .void()
    .parse_next(input)
}

/// 3か月後, 2週間, 10日後, 2w, 半年, 半月, 1か月半, 3日前, 2週間以内
fn span(input: &mut &str) -> ModalResult<(What, bool, bool)> {
    let (span, is_guess, needs_after) = alt((half, short, counted)).parse_next(input)?;
    opt((opt(' '), "間")).parse_next(input)?;
    opt(about).parse_next(input)?;
    if opt(alt(("前", "まえ"))).parse_next(input)?.is_some() {
        return Ok((What::Ago(span), is_guess, false));
    }
    let within = opt(alt(("以内", "のうちに"))).parse_next(input)?;
    let after = opt(after).parse_next(input)?;
    let is_other = peek(opt(alt((
        "ごと", "毎", "おき", "ぶり", "振り", "児", "目", "連続", "続け", "に1", "に一", "も",
        "健診", "検診", "分",
    ))))
    .parse_next(input)?;
    if (is_other.is_some() && after.is_none())
        || (needs_after && within.is_none() && after.is_none())
    {
        return fail.parse_next(input);
    }
    let weekday = opt(preceded(opt('の'), weekday)).parse_next(input)?;
    let what = match weekday {
        Some(weekday) if within.is_none() => What::AfterOn(span, weekday),
        _ => What::After(span),
    };
    Ok((what, is_guess, within.is_some()))
}

/// 後, and what is typed for it.
fn after(input: &mut &str) -> ModalResult<()> {
    alt((
        alt((
            "後",
            "のち",
            "あと",
            "御",
            "先",
            "たったら",
            "経ったら",
            "経過後",
            "空けて",
            "あけて",
        ))
        .void(),
        ("ご", not(alt(("と", "ろ")))).void(),
    ))
    .parse_next(input)
}

fn half(input: &mut &str) -> ModalResult<(Span, bool, bool)> {
    let months = |count, extra_days| Span {
        count,
        unit: Unit::Month,
        extra_days,
    };
    alt((
        alt(("半年", "はんとし")).value((months(6, 0), false, false)),
        alt(("半月", "はんつき")).value((months(0, 15), false, false)),
        alt(("ひと月", "ひとつき")).value((months(1, 0), false, false)),
        alt(("ふた月", "ふたつき")).value((months(2, 0), false, false)),
    ))
    .parse_next(input)
}

/// 2w, 3m, 10d
fn short(input: &mut &str) -> ModalResult<(Span, bool, bool)> {
    let count = digits.parse_next(input)?;
    let unit = one_of(['w', 'm', 'd', 'y'])
        .map(|unit| match unit {
            'w' => (1, Unit::Week),
            'm' => (1, Unit::Month),
            'y' => (12, Unit::Month),
            _ => (1, Unit::Day),
        })
        .parse_next(input)?;
    not(one_of(|c: char| c.is_ascii_alphanumeric())).parse_next(input)?;
    let span = Span {
        count: count * unit.0,
        unit: unit.1,
        extra_days: 0,
    };
    Ok((span, false, false))
}

fn counted(input: &mut &str) -> ModalResult<(Span, bool, bool)> {
    let count = terminated(count, opt(' ')).parse_next(input)?;
    let (factor, unit, needs_after) = unit.parse_next(input)?;
    let half = opt("半").parse_next(input)?.is_some();
    // 1か月から2か月半: the unit may be said twice, and the earlier end holds.
    let upper =
        opt((alt(("~", "-", "から", "、")), number, self::unit, opt("半"))).parse_next(input)?;
    let is_guess = count.is_guess || upper.is_some();
    let mut span = Span {
        count: count.value * factor,
        unit,
        extra_days: 0,
    };
    match (half, unit, factor) {
        (true, Unit::Month, 1) => span.extra_days = 15,
        (true, Unit::Month, _) => span.count += 6,
        (true, Unit::Week, _) => span.extra_days = 3,
        _ => {}
    }
    Ok((span, is_guess, needs_after))
}

/// The unit, and whether it is a span only with 後 or the like: 10日 alone is a
/// day of the month (rule 9).
fn unit(input: &mut &str) -> ModalResult<(u32, Unit, bool)> {
    alt((
        (
            one_of(['か', 'け', 'ゖ', 'ゕ', '箇', '個', 'ヵ']),
            alt(("月", "げつ")),
        )
            .value((1, Unit::Month, false)),
        alt(("週間", "しゅうかん", "週", "しゅう")).value((1, Unit::Week, false)),
        alt(("日", "にち")).value((1, Unit::Day, true)),
        alt(("年", "ねん")).value((12, Unit::Month, true)),
    ))
    .parse_next(input)
}

/// 2026年12月10日(木), r8.12.10, 12/10, 来年1月15日
fn calendar(input: &mut &str) -> ModalResult<What> {
    let (year, month, day) = alt((year_month_day, month_day)).parse_next(input)?;
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return fail.parse_next(input);
    }
    let weekday = opt(beside).parse_next(input)?;
    Ok(What::Calendar {
        year,
        month,
        day,
        weekday,
    })
}

fn year_month_day(input: &mut &str) -> ModalResult<(Option<Year>, u32, u32)> {
    alt((
        (year, '年', opt(alt((' ', 'の'))), month_number, named_day)
            .map(|(year, _, _, month, day)| (Some(year), month, day)),
        (relative_year, alt((month_slash, month_number)), day_number)
            .map(|(year, month, day)| (Some(year), month, day)),
        separated('/'),
        separated('-'),
        separated('.'),
    ))
    .parse_next(input)
}

/// 2026/12/10, r8.12.10: the same sign twice.
fn separated<'t>(
    sign: char,
) -> impl winnow::ModalParser<&'t str, (Option<Year>, u32, u32), winnow::error::ContextError> {
    (year, sign, digits, sign, day_number).map(|(year, _, month, _, day)| (Some(year), month, day))
}

fn month_slash(input: &mut &str) -> ModalResult<u32> {
    terminated(digits, '/').parse_next(input)
}

/// 12月, and the の that may follow.
fn month_number(input: &mut &str) -> ModalResult<u32> {
    terminated(
        number.verify(|month| (1..=12).contains(month)),
        (alt(("月", "がつ")), opt(alt((' ', 'の')))),
    )
    .parse_next(input)
}

/// 来年の, 今年
fn relative_year(input: &mut &str) -> ModalResult<Year> {
    terminated(
        alt((
            alt(("再来年", "さらいねん")).value(Year::Relative(2)),
            alt(("来年", "翌年", "らいねん")).value(Year::Relative(1)),
            alt(("今年", "ことし", "本年")).value(Year::Relative(0)),
            alt(("昨年", "去年")).value(Year::Relative(-1)),
        )),
        opt(alt((' ', 'の'))),
    )
    .parse_next(input)
}

/// A year with four digits or of the Reiwa era.
fn year(input: &mut &str) -> ModalResult<Year> {
    alt((
        digits.verify(|year| (2000..2100).contains(year)),
        preceded(
            (alt(("令和", "れいわ", "r")), opt(one_of([' ', '.']))),
            alt((number, "元".value(1))).verify(|year| (1..80).contains(year)),
        )
        .map(|year| year + 2018),
    ))
    .try_map(|year| i32::try_from(year).map(Year::Exact))
    .parse_next(input)
}

fn month_day(input: &mut &str) -> ModalResult<(Option<Year>, u32, u32)> {
    alt((
        (month_number, named_day).map(|(month, day)| (None, month, day)),
        (digits, '/', day_number).map(|(month, _, day)| (None, month, day)),
        two_digits_each,
    ))
    .parse_next(input)
}

/// 12-15 and 12.15, where both have two digits; else it is a house or a count.
fn two_digits_each(input: &mut &str) -> ModalResult<(Option<Year>, u32, u32)> {
    let two = |input: &mut &str| {
        winnow::token::take_while(2..=2, |c: char| c.is_ascii_digit())
            .try_map(str::parse::<u32>)
            .parse_next(input)
    };
    let (month, _, day) = (two, one_of(['-', '.']), two).parse_next(input)?;
    not_going_on.parse_next(input)?;
    Ok((None, month, day))
}

/// A day in figures that nothing turns into something else.
fn day_number(input: &mut &str) -> ModalResult<u32> {
    let day = number.parse_next(input)?;
    if opt(alt(("日", "にち"))).parse_next(input)?.is_none() {
        not_going_on.parse_next(input)?;
    }
    Ok(day)
}

fn named_day(input: &mut &str) -> ModalResult<u32> {
    terminated(number, alt(("日", "にち"))).parse_next(input)
}

/// Not `2-3-5`, `3/4回`, `1/2週`.
fn not_going_on(input: &mut &str) -> ModalResult<()> {
    not((
        opt(one_of(['/', '-', '.'])),
        one_of(|c: char| c.is_ascii_digit()),
    ))
    .parse_next(input)?;
    not((one_of(['か', 'ゖ', 'ゕ', '箇', '個']), alt(("月", "げつ")))).parse_next(input)?;
    not(one_of([
        '回', '人', '名', '枚', '通', '件', '分', '時', '歳', '才', '週', '号', '番', '丁', '階',
        '%', '円', '-',
    ]))
    .parse_next(input)
}

/// 20261215
fn compact(input: &mut &str) -> ModalResult<What> {
    let text = winnow::token::take_while(8..=8, |c: char| c.is_ascii_digit()).parse_next(input)?;
    not(one_of(|c: char| c.is_ascii_digit())).parse_next(input)?;
    let (year, month, day) = (&text[..4], &text[4..6], &text[6..]);
    match (year.parse(), month.parse(), day.parse()) {
        (Ok(year @ 2000..2100), Ok(month @ 1..=12), Ok(day @ 1..=31)) => Ok(What::Calendar {
            year: Some(Year::Exact(year)),
            month,
            day,
            weekday: None,
        }),
        _ => fail.parse_next(input),
    }
}

/// 1月, 1月中旬, 2027年1月末, 12月の第2木曜
fn month(input: &mut &str) -> ModalResult<What> {
    let year = opt(alt((terminated(year, ('年', opt('の'))), relative_year))).parse_next(input)?;
    let month = terminated(number, alt(("月", "がつ")))
        .verify(|month| (1..=12).contains(month))
        .parse_next(input)?;
    let part = part.parse_next(input)?;
    Ok(What::Month { year, month, part })
}

/// 今月, 来月上旬, 再来月第1月曜, 月末, 月初
fn relative_month(input: &mut &str) -> ModalResult<What> {
    alt((
        (
            alt((
                alt(("再来月", "さ来月", "さらいげつ", "翌々月")).value(2),
                alt(("来月", "翌月", "らいげつ", "次月")).value(1),
                alt(("今月", "こんげつ", "当月")).value(0),
                alt(("先々月", "せんせんげつ")).value(-2),
                alt(("先月", "せんげつ", "前月")).value(-1),
            )),
            part,
        )
            .map(|(months, part)| {
                What::RelativeMonth(
                    months,
                    if months == 0 && part == Part::Whole {
                        Part::End
                    } else {
                        part
                    },
                )
            }),
        preceded(("月末", opt('の')), weekday)
            .map(|weekday| What::RelativeMonth(0, Part::Last(weekday))),
        alt(("月末", "げつまつ", "月内")).value(What::RelativeMonth(0, Part::End)),
        alt(("月初め", "月初", "月明け", "げつしょ")).value(What::RelativeMonth(1, Part::Whole)),
    ))
    .parse_next(input)
}

fn part(input: &mut &str) -> ModalResult<Part> {
    opt('の').parse_next(input)?;
    alt((
        (named_day, opt(beside)).map(|(day, weekday)| Part::Day(day, weekday)),
        nth.map(|(n, weekday)| Part::Nth(n, weekday)),
        preceded((alt(("最終", "最後の", "末の")), opt("週の")), weekday).map(Part::Last),
        weekday.map(|weekday| Part::Nth(1, weekday)),
        alt(("上旬", "初旬", "じょうじゅん", "しょじゅん", "前半")).value(Part::Early),
        alt((
            "中旬",
            "ちゅうじゅん",
            "半ば",
            "なかば",
            "中頃",
            "中ごろ",
            "中ば",
            "真ん中",
        ))
        .value(Part::Mid),
        alt(("下旬", "げじゅん", "後半", "終わり", "おわり")).value(Part::Late),
        alt((
            "末日",
            "末",
            "まつ",
            "中に",
            "中",
            "じゅうに",
            "いっぱい",
            "うちに",
            "内に",
            "内",
        ))
        .value(Part::End),
        alt(("頭", "あたま", "初め", "始め", "はじめ", "初頭", "早々", "")).value(Part::Whole),
    ))
    .parse_next(input)
}

/// 来週, 来週水曜, 再来週の(火), 今週中
fn week(input: &mut &str) -> ModalResult<What> {
    let weeks = alt((
        alt(("再来週", "さ来週", "さらいしゅう", "翌々週")).value(2),
        alt(("来週", "翌週", "らいしゅう", "次週", "週明け")).value(1),
        alt(("今週", "こんしゅう")).value(0),
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
fn short_weekday(input: &mut &str) -> ModalResult<Weekday> {
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

fn one_weekday(input: &mut &str) -> ModalResult<Weekday> {
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
fn weekday(input: &mut &str) -> ModalResult<Weekday> {
    let day = alt((
        terminated(one_weekday, alt(("曜", "よう"))),
        terminated(
            alt((
                "げつ".value(Weekday::Mon),
                "すい".value(Weekday::Wed),
                "もく".value(Weekday::Thu),
                "きん".value(Weekday::Fri),
                "にち".value(Weekday::Sun),
                "か".value(Weekday::Tue),
                "ど".value(Weekday::Sat),
            )),
            alt(("ようび", "曜日", "曜", "よう")),
        ),
    ))
    .parse_next(input)?;
    opt(alt(("日", "び"))).parse_next(input)?;
    Ok(day)
}

/// The weekday beside a date: (火), 火曜
fn beside(input: &mut &str) -> ModalResult<Weekday> {
    opt(' ').parse_next(input)?;
    alt((
        weekday,
        ('(', one_weekday, opt(("曜", opt("日"))), opt("・祝"), ')').map(|(_, day, _, _, _)| day),
        terminated(
            one_weekday,
            peek(alt((eof.void(), one_of([' ', '、', '。', '\n']).void()))),
        ),
    ))
    .parse_next(input)
}

fn nth(input: &mut &str) -> ModalResult<(u32, Weekday)> {
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

fn nth_weekday(input: &mut &str) -> ModalResult<What> {
    nth.map(|(n, weekday)| What::NthWeekday(n, weekday))
        .parse_next(input)
}

fn relative_day(input: &mut &str) -> ModalResult<What> {
    alt((
        alt(("しあさって", "明々後日", "明明後日")).value(3),
        alt(("明後日", "あさって", "翌々日", "みょうごにち")).value(2),
        alt(("明日", "あした", "あす", "翌日", "みょうにち", "明朝")).value(1),
        alt(("今日", "本日", "きょう", "今朝", "けさ", "今夕", "当日")).value(0),
        alt(("一昨日", "おととい", "おとつい", "前々日")).value(-2),
        alt(("昨日", "きのう", "昨夜", "昨晩", "前日", "昨夕")).value(-1),
    ))
    .map(What::Day)
    .parse_next(input)
}

/// 10日, 10日(木): a day of the month, never a span.
fn day_of_month(input: &mut &str) -> ModalResult<What> {
    let day = named_day
        .verify(|day| (1..=31).contains(day))
        .parse_next(input)?;
    not(alt((
        "間", "目", "前", "分", "曜", "程", "数", "中", "おき",
    )))
    .parse_next(input)?;
    let weekday = opt(beside).parse_next(input)?;
    Ok(What::DayOfMonth(day, weekday))
}

fn feast(input: &mut &str) -> ModalResult<What> {
    alt((
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
            "年明け早々",
            "年明け",
            "ねんあけ",
            "としあけ",
            "年が明けたら",
            "年始",
            "新年",
            "正月明け",
            "お正月明け",
            "松の内明け",
            "来年早々",
            "来年頭",
            "来年はじめ",
        ))
        .value(Feast::NewYear),
        (
            alt(("gw", "ごーるでんうぃーく", "大型連休")),
            opt('の'),
            alt(("明け", "あけ", "後")),
        )
            .value(Feast::AfterGoldenWeek),
        (
            opt('お'),
            alt(("盆", "ぼん")),
            opt("休み"),
            alt(("明け", "あけ")),
        )
            .value(Feast::AfterBon),
    ))
    .map(What::Feast)
    .parse_next(input)
}

#[cfg(test)]
mod tests {
    use super::super::number::Count;
    use super::*;

    #[test]
    fn a_bare_day_is_no_span_and_a_house_number_no_date() {
        assert!(matches!(
            said("10日").map(|(_, said)| said.what),
            Some(What::DayOfMonth(10, None))
        ));
        assert_eq!(said("2-3-5"), None);
        assert_eq!(said("3/4回"), None);
    }

    #[test]
    fn the_earlier_end_of_a_range_is_taken() {
        for range in ["1~2か月", "一、二か月後", "1か月から2か月"] {
            let (rest, said) = said(range).unwrap();
            assert_eq!(rest, "");
            assert!(said.is_guess);
            assert!(matches!(said.what, What::After(Span { count: 1, .. })));
        }
    }

    #[test]
    fn counts_are_kept() {
        let mut text = "数か月";
        let read = count.parse_next(&mut text).unwrap();
        assert_eq!(
            read,
            Count {
                value: 3,
                is_guess: true
            }
        );
    }
}
