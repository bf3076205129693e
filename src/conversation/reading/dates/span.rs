//! The grammar of spans: 3か月後, 2週間, 半年, 10d, 3日前, 以内.
use super::{
    Parsed, Span, Unit, What,
    japanese::about,
    number::{count, digits, kana_day_name, number},
    week::weekday,
};
use winnow::{
    Parser,
    combinator::{alt, fail, not, opt, peek, preceded, terminated},
    error::EmptyError,
    token::one_of,
};

/// 3か月後, 2週間, 10日後, 2w, 半年, 半月, 1か月半, 3日前, 2週間以内
pub(super) fn span(input: &mut &str) -> Parsed<(What, bool, bool)> {
    let (span, is_guess, needs_after) = length.parse_next(input)?;
    if opt(ago).parse_next(input)?.is_some() {
        return Ok((What::Ago(span), is_guess, false));
    }
    let within = opt(preceded(opt(' '), within(span, is_guess))).parse_next(input)?;
    let after = opt(preceded(opt(' '), after)).parse_next(input)?;
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

/// 2週間後, 3日前の金曜, behind a day from which it is counted: unlike alone, 後 or
/// 前 must be said, for 12/10から2週間 is how long something lasts.
pub(super) fn span_from_there(input: &mut &str) -> Parsed<(What, bool)> {
    let (span, is_guess, _) = length.parse_next(input)?;
    let is_back =
        alt((ago.value(true), preceded(opt(' '), after).value(false))).parse_next(input)?;
    let weekday = opt(preceded(opt('の'), weekday)).parse_next(input)?;
    let what = match weekday {
        _ if is_back => What::Ago(span),
        Some(weekday) => What::AfterOn(span, weekday),
        None => What::After(span),
    };
    Ok((what, is_guess))
}

/// A span, whether it is a guess, and whether it is one only with 後 behind it.
fn length(input: &mut &str) -> Parsed<(Span, bool, bool)> {
    let length = alt((both_days, half, short, counted, named_days)).parse_next(input)?;
    opt((opt(' '), "間")).parse_next(input)?;
    opt(about).parse_next(input)?;
    Ok(length)
}

fn ago(input: &mut &str) -> Parsed<()> {
    alt(("前", "まえ")).void().parse_next(input)
}

/// 以内; 中 only of a few days, for 10日中 is of a day of the month.
fn within<'t>(span: Span, is_guess: bool) -> impl winnow::Parser<&'t str, (), EmptyError> {
    move |input: &mut &'t str| {
        let few = is_guess && span.unit == Unit::Day || span == ONE_OR_TWO_DAYS;
        alt((
            "以内".void(),
            "のうちに".void(),
            (alt(("中に", "中", "うちに"))).verify(|_: &str| few).void(),
        ))
        .parse_next(input)
    }
}

/// 一両日
const ONE_OR_TWO_DAYS: Span = Span {
    count: 2,
    unit: Unit::Day,
    extra_days: 0,
};

fn both_days(input: &mut &str) -> Parsed<(Span, bool, bool)> {
    alt(("一両日", "1両日"))
        .value((ONE_OR_TWO_DAYS, false, true))
        .parse_next(input)
}

/// はつか後, みっかご
fn named_days(input: &mut &str) -> Parsed<(Span, bool, bool)> {
    let count = kana_day_name.parse_next(input)?;
    let span = Span {
        count,
        unit: Unit::Day,
        extra_days: 0,
    };
    Ok((span, false, true))
}

/// 後, and what is typed for it.
fn after(input: &mut &str) -> Parsed<()> {
    alt((
        alt((
            "後",
            "のち",
            "あと",
            "御",
            "語",
            "先",
            "経過後",
            "経過したら",
        ))
        .void(),
        (
            opt(alt(("間を", "間隔を", "期間を"))),
            alt((
                "空けて",
                "あけて",
                "開けて",
                "置いて",
                "おいて",
                "空ける",
                "あける",
                "空けます",
                "あけます",
                "空けたい",
                "あけたい",
            )),
        )
            .void(),
        alt((
            "たったら",
            "経ったら",
            "たってから",
            "経ってから",
            "してから",
            "したら",
        ))
        .void(),
        ("ご", not(alt(("と", "ろ")))).void(),
    ))
    .parse_next(input)
}

fn half(input: &mut &str) -> Parsed<(Span, bool, bool)> {
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
fn short(input: &mut &str) -> Parsed<(Span, bool, bool)> {
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

fn counted(input: &mut &str) -> Parsed<(Span, bool, bool)> {
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
fn unit(input: &mut &str) -> Parsed<(u32, Unit, bool)> {
    alt((
        (
            one_of(['か', 'け', 'ゖ', 'ゕ', '箇', '個', 'ヵ']),
            alt(("月", "げつ")),
        )
            .value((1, Unit::Month, false)),
        alt(("週間", "週刊", "週感", "しゅうかん", "週", "しゅう")).value((1, Unit::Week, false)),
        alt(("日", "にち")).value((1, Unit::Day, true)),
        alt(("年", "ねん")).value((12, Unit::Month, true)),
    ))
    .parse_next(input)
}
