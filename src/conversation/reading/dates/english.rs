//! The grammar of English dates. It reads lower-case text.
use super::{Feast, Parsed, Part, Said, Span, Unit, WeekPart, What};
use chrono::Weekday;
use winnow::{
    Parser,
    ascii::{space0, space1},
    combinator::{alt, not, opt, preceded, terminated},
    error::EmptyError,
    token::{one_of, take_while},
};

/// The said date at the start of the text, and what follows it.
pub(super) fn said(text: &str) -> Option<(&str, Said)> {
    let mut rest = text;
    let said = date.parse_next(&mut rest).ok()?;
    Some((rest, said))
}

/// What stands between a span and the day from which it is counted: a week after
/// new year, 2 months from the 10th, 3 days before 12/22. What follows it.
pub(super) fn span_joint<'t>(span: What, typed: &str, rest: &'t str) -> Option<&'t str> {
    match span {
        What::After(_) => [" after ", " from "]
            .iter()
            .find_map(|joint| rest.strip_prefix(joint)),
        What::Ago(_) if typed.ends_with("before") => rest.strip_prefix(' '),
        _ => None,
    }
}

/// friday week: a week behind the day that was said.
pub(super) fn a_week_on(rest: &str) -> Option<(&str, Said)> {
    let rest = rest.strip_prefix(" week")?;
    let ends = !rest.starts_with(|c: char| c.is_ascii_alphanumeric());
    let said = Said {
        what: What::After(Span {
            count: 7,
            unit: Unit::Day,
            extra_days: 0,
        }),
        is_limit: false,
        is_guess: false,
    };
    ends.then_some((rest, said))
}

fn date(input: &mut &str) -> Parsed<Said> {
    let limit = opt(terminated(
        alt(("by the", "by", "within", "until", "till", "before")),
        space1,
    ))
    .parse_next(input)?;
    let (what, is_guess) = alt((
        span,
        alt((
            weekday_slash,
            month_day,
            day_month,
            nth_weekday,
            day_of_month,
            part_of_month(limit.is_some()),
            relative_month,
        ))
        .map(|what| (what, false)),
        alt((
            week,
            relative_day,
            feast,
            preceded(opt(("on", space1)), weekday).map(What::Weekday),
        ))
        .map(|what| (what, false)),
    ))
    .parse_next(input)?;
    not(one_of(|c: char| c.is_ascii_alphanumeric())).parse_next(input)?;
    Ok(Said {
        what,
        is_limit: limit.is_some(),
        is_guess,
    })
}

/// in 2 weeks, 3 months, half a year, two weeks ago
fn span(input: &mut &str) -> Parsed<(What, bool)> {
    opt((alt(("in", "after")), space1)).parse_next(input)?;
    opt((alt(("about", "around")), space1)).parse_next(input)?;
    let (span, is_guess) = alt((
        ("half", space1, "a", space1, "year").value((
            Span {
                count: 6,
                unit: Unit::Month,
                extra_days: 0,
            },
            false,
        )),
        ("half", space1, "a", space1, "month").value((
            Span {
                count: 0,
                unit: Unit::Month,
                extra_days: 15,
            },
            false,
        )),
        "fortnight".value((
            Span {
                count: 14,
                unit: Unit::Day,
                extra_days: 0,
            },
            false,
        )),
        counted,
    ))
    .parse_next(input)?;
    let ago = opt((space1, alt(("ago", "before")))).parse_next(input)?;
    opt((space1, alt(("later", "from now", "time")))).parse_next(input)?;
    Ok((
        match ago {
            Some(_) => What::Ago(span),
            None => What::After(span),
        },
        is_guess,
    ))
}

fn counted(input: &mut &str) -> Parsed<(Span, bool)> {
    let (count, is_guess) = amount.parse_next(input)?;
    space0.parse_next(input)?;
    let (factor, unit) = alt((
        alt(("days", "day")).value((1, Unit::Day)),
        alt(("fortnights", "fortnight")).value((14, Unit::Day)),
        alt(("weeks", "week", "wks", "wk")).value((1, Unit::Week)),
        alt(("months", "month", "mths", "mth", "mo")).value((1, Unit::Month)),
        alt(("years", "year")).value((12, Unit::Month)),
    ))
    .parse_next(input)?;
    let half = opt(" and a half").parse_next(input)?.is_some();
    let (more, extra_days) = match (half, unit, factor) {
        (true, Unit::Month, 1) => (0, 15),
        (true, Unit::Month, _) => (6, 0),
        (true, Unit::Week, _) => (0, 3),
        _ => (0, 0),
    };
    let span = Span {
        count: count * factor + more,
        unit,
        extra_days,
    };
    Ok((span, is_guess))
}

fn amount(input: &mut &str) -> Parsed<(u32, bool)> {
    let (count, is_guess) = alt((
        digits.map(|count| (count, false)),
        terminated(
            alt((
                word_number,
                alt(("a few", "few", "several")).value((3, true)),
            )),
            space1,
        ),
    ))
    .parse_next(input)?;
    let upper = opt(preceded(
        alt((" to ", " or ", "-", "~")),
        alt((
            digits,
            terminated(word_number.map(|(count, _)| count), space1),
        )),
    ))
    .parse_next(input)?;
    Ok((count, is_guess || upper.is_some()))
}

fn word_number(input: &mut &str) -> Parsed<(u32, bool)> {
    alt((
        "a couple of".value((2, true)),
        alt(("one", "an", "a")).value((1, false)),
        "two".value((2, false)),
        "three".value((3, false)),
        "four".value((4, false)),
        "five".value((5, false)),
        "six".value((6, false)),
        "seven".value((7, false)),
        "nine".value((9, false)),
        "twelve".value((12, false)),
        "eight".value((8, false)),
        "ten".value((10, false)),
    ))
    .parse_next(input)
}

fn digits(input: &mut &str) -> Parsed<u32> {
    take_while(1..=3, |c: char| c.is_ascii_digit())
        .try_map(str::parse)
        .parse_next(input)
}

/// december 15, dec 15th, 2026; the weekday may stand before or behind
fn month_day(input: &mut &str) -> Parsed<What> {
    let before = weekday_before.parse_next(input)?;
    let month = terminated(month, space1).parse_next(input)?;
    let day = ordinal.parse_next(input)?;
    let year = opt(preceded((opt(','), space1), year)).parse_next(input)?;
    let weekday = weekday_behind.parse_next(input)?.or(before);
    Ok(What::Calendar {
        year,
        month,
        day,
        weekday,
    })
}

/// 15 december, mon 15th of dec 2026
fn day_month(input: &mut &str) -> Parsed<What> {
    let before = weekday_before.parse_next(input)?;
    let day = terminated(ordinal, (space1, opt(("of", space1)))).parse_next(input)?;
    let month = month.parse_next(input)?;
    let year = opt(preceded((opt(','), space1), year)).parse_next(input)?;
    let weekday = weekday_behind.parse_next(input)?.or(before);
    Ok(What::Calendar {
        year,
        month,
        day,
        weekday,
    })
}

/// on, monday, mon the
fn weekday_before(input: &mut &str) -> Parsed<Option<Weekday>> {
    opt(("on", space1)).parse_next(input)?;
    // "sun" alone is a word like others.
    let weekday = alt((weekday, "sun".value(Weekday::Sun)));
    let weekday = opt(terminated(weekday, (opt(one_of([',', '.'])), space1))).parse_next(input)?;
    opt(("the", space1)).parse_next(input)?;
    Ok(weekday)
}

/// (thu)
fn weekday_behind(input: &mut &str) -> Parsed<Option<Weekday>> {
    opt(preceded(
        (space0, '('),
        terminated(weekday_in_brackets, ')'),
    ))
    .parse_next(input)
}

/// In brackets "sun" is a weekday.
pub(super) fn weekday_in_brackets(input: &mut &str) -> Parsed<Weekday> {
    terminated(alt((weekday, "sun".value(Weekday::Sun))), opt('.')).parse_next(input)
}

/// wed 12/22
fn weekday_slash(input: &mut &str) -> Parsed<What> {
    opt((alt(("on", "next", "this")), space1)).parse_next(input)?;
    let weekday = terminated(weekday, (opt(one_of([',', '.'])), space1)).parse_next(input)?;
    let month = terminated(digits.verify(|month| (1..=12).contains(month)), '/');
    let (month, day) = (month, digits.verify(|day| (1..=31).contains(day))).parse_next(input)?;
    not(one_of(|c: char| c == '/' || c.is_ascii_digit())).parse_next(input)?;
    Ok(What::Calendar {
        year: None,
        month,
        day,
        weekday: Some(weekday),
    })
}

/// the 10th, on the 3rd, mon 14th
fn day_of_month(input: &mut &str) -> Parsed<What> {
    let on = opt(("on", space1)).parse_next(input)?;
    let weekday = opt(terminated(weekday, (opt(one_of([',', '.'])), space1))).parse_next(input)?;
    let the = opt(("the", space1)).parse_next(input)?;
    if on.is_none() && weekday.is_none() && the.is_none() {
        return winnow::combinator::fail.parse_next(input);
    }
    let day = terminated(
        digits.verify(|day| (1..=31).contains(day)),
        alt(("st", "nd", "rd", "th")),
    )
    .parse_next(input)?;
    Ok(What::DayOfMonth(day, weekday))
}

/// second thursday of december, last friday of next month, the first monday
fn nth_weekday(input: &mut &str) -> Parsed<What> {
    opt(("on", space1)).parse_next(input)?;
    opt(("the", space1)).parse_next(input)?;
    let n = alt((nth.map(Some), "last".value(None))).parse_next(input)?;
    let weekday = preceded(space1, weekday).parse_next(input)?;
    let part = match n {
        Some(n) => Part::Nth(n, weekday),
        None => Part::Last(weekday),
    };
    let of = (space1, alt(("of", "in")), space1);
    let month = opt(preceded(
        of,
        alt((
            month.map(Some),
            (opt(("the", space1)), "next month").value(None),
        )),
    ))
    .parse_next(input)?;
    match (month, n) {
        (Some(Some(month)), _) => Ok(What::Month {
            year: None,
            month,
            part,
        }),
        (Some(None), _) => Ok(What::RelativeMonth(1, part)),
        (None, Some(n)) => Ok(What::NthWeekday(n, weekday)),
        // last Friday is a day behind us.
        (None, None) => winnow::combinator::fail.parse_next(input),
    }
}

fn ordinal(input: &mut &str) -> Parsed<u32> {
    terminated(
        digits.verify(|day| (1..=31).contains(day)),
        opt(alt(("st", "nd", "rd", "th"))),
    )
    .parse_next(input)
}

fn year(input: &mut &str) -> Parsed<super::Year> {
    take_while(4..=4, |c: char| c.is_ascii_digit())
        .try_map(str::parse)
        .verify(|year| (2000..2100).contains(year))
        .map(super::Year::Exact)
        .parse_next(input)
}

/// mid december, early next month, end of january, january. "may" and "march"
/// alone are words like others, unless in, by or until stands before.
fn part_of_month<'t>(is_limit: bool) -> impl winnow::Parser<&'t str, What, EmptyError> {
    move |input: &mut &'t str| {
        let within = opt(("in", space1)).parse_next(input)?;
        let part = opt(terminated(part, alt((space1, "-")))).parse_next(input)?;
        if part.is_some() {
            opt(("of", space1)).parse_next(input)?;
        }
        let is_plain = is_limit || within.is_some() || part.is_some();
        let month = month
            .verify(|month| is_plain || ![3, 5].contains(month))
            .parse_next(input)?;
        let year = opt(preceded(space1, year)).parse_next(input)?;
        Ok(What::Month {
            year,
            month,
            part: part.unwrap_or(Part::Whole),
        })
    }
}

fn part(input: &mut &str) -> Parsed<Part> {
    opt(("the", space1)).parse_next(input)?;
    alt((
        nth_part,
        alt(("mid", "the middle of", "middle of", "middle")).value(Part::Mid),
        "early".value(Part::Early),
        "late".value(Part::Late),
        alt(("the end of", "end of", "end")).value(Part::End),
        alt((
            "the start of",
            "start of",
            "the beginning of",
            "beginning of",
            "first of",
        ))
        .value(Part::Whole),
    ))
    .parse_next(input)
}

/// first week of, second half of
fn nth_part(input: &mut &str) -> Parsed<Part> {
    let n = terminated(nth, space1).parse_next(input)?;
    let is_week = alt(("week".value(true), "half".value(false))).parse_next(input)?;
    let part = match (is_week, n) {
        (true, n) => Part::NthWeek(n),
        (false, 1) => Part::FirstHalf,
        (false, 2) => Part::SecondHalf,
        (false, _) => return winnow::combinator::fail.parse_next(input),
    };
    (space1, alt(("of", "in"))).parse_next(input)?;
    Ok(part)
}

fn nth(input: &mut &str) -> Parsed<u32> {
    alt((
        alt(("first", "1st")).value(1),
        alt(("second", "2nd")).value(2),
        alt(("third", "3rd")).value(3),
        alt(("fourth", "4th")).value(4),
    ))
    .parse_next(input)
}

fn relative_month(input: &mut &str) -> Parsed<What> {
    let part = opt(terminated(part, space1)).parse_next(input)?;
    opt(("of", space1)).parse_next(input)?;
    let months = alt((
        ("next", space1, "month").value(1),
        ("last", space1, "month").value(-1),
        (alt(("this", "the")), space1, "month").value(0),
        "month".verify(|_: &str| part == Some(Part::End)).value(0),
    ))
    .parse_next(input)?;
    let whole = if months == 0 { Part::End } else { Part::Whole };
    Ok(What::RelativeMonth(months, part.unwrap_or(whole)))
}

/// next week, next friday, this friday, last friday
fn week(input: &mut &str) -> Parsed<What> {
    let within =
        opt((opt((alt(("the", "by the")), space1)), "end of", space1)).parse_next(input)?;
    opt(("on", space1)).parse_next(input)?;
    let weeks = terminated(
        alt((
            (
                opt(("the", space1)),
                "week",
                space1,
                "after",
                space1,
                "next",
            )
                .value(2),
            "next".value(1),
            "this".value(0),
            "last".value(-1),
        )),
        space0,
    )
    .parse_next(input)?;
    let part = alt((
        "week".value(WeekPart::Whole),
        weekday.map(WeekPart::Day),
        "".verify(|_: &str| weeks == 2).value(WeekPart::Whole),
    ))
    .parse_next(input)?;
    let ends = within.is_some() || weeks == 0;
    Ok(What::Week(
        weeks,
        match part {
            WeekPart::Whole if ends => WeekPart::Within,
            part => part,
        },
    ))
}

fn relative_day(input: &mut &str) -> Parsed<What> {
    alt((
        alt(("the day after tomorrow", "day after tomorrow")).value(2),
        alt(("tomorrow", "tmrw", "tmr", "tomorow")).value(1),
        alt(("today", "this morning", "this afternoon", "tonight")).value(0),
        alt(("the day before yesterday", "day before yesterday")).value(-2),
        alt(("yesterday", "last night")).value(-1),
    ))
    .map(What::Day)
    .parse_next(input)
}

/// Days of the year with names of their own.
fn named_day(input: &mut &str) -> Parsed<(u32, u32)> {
    alt((
        alt(("new year's eve", "new years eve")).value((12, 31)),
        alt(("new year's day", "new years day")).value((1, 1)),
        "christmas eve".value((12, 24)),
        alt(("christmas day", "christmas", "xmas")).value((12, 25)),
        alt(("valentine's day", "valentines day")).value((2, 14)),
    ))
    .parse_next(input)
}

fn feast(input: &mut &str) -> Parsed<What> {
    if let Some((month, day)) = opt(named_day).parse_next(input)? {
        return Ok(What::Calendar {
            year: None,
            month,
            day,
            weekday: None,
        });
    }
    alt((
        alt(("after new year", "after the new year", "new year")).value(Feast::NewYear),
        alt(("end of the year", "end of year", "year end", "year-end")).value(Feast::YearEnd),
        alt((
            "end of the fiscal year",
            "end of fiscal year",
            "fiscal year end",
        ))
        .value(Feast::FiscalYearEnd),
        alt((
            "start of the fiscal year",
            "new fiscal year",
            "next fiscal year",
        ))
        .value(Feast::FiscalYearStart),
        alt(("after golden week",)).value(Feast::AfterGoldenWeek),
        alt(("after obon", "after bon")).value(Feast::AfterBon),
    ))
    .map(|feast| What::Feast(feast, None))
    .parse_next(input)
}

fn weekday(input: &mut &str) -> Parsed<Weekday> {
    alt((
        alt(("monday", "mon")).value(Weekday::Mon),
        alt(("tuesday", "tues", "tue")).value(Weekday::Tue),
        alt(("wednesday", "wed")).value(Weekday::Wed),
        alt(("thursday", "thurs", "thu")).value(Weekday::Thu),
        alt(("friday", "fri")).value(Weekday::Fri),
        alt(("saturday", "sat")).value(Weekday::Sat),
        alt(("sunday",)).value(Weekday::Sun),
    ))
    .parse_next(input)
}

fn month(input: &mut &str) -> Parsed<u32> {
    alt((
        alt(("january", "jan")).value(1),
        alt(("february", "feb")).value(2),
        alt(("march", "mar")).value(3),
        alt(("april", "apr")).value(4),
        "may".value(5),
        alt(("june", "jun")).value(6),
        alt(("july", "jul")).value(7),
        alt(("august", "aug")).value(8),
        alt(("september", "sept", "sep")).value(9),
        alt((
            alt(("october", "oct")).value(10),
            alt(("november", "nov")).value(11),
            alt(("december", "dec")).value(12),
        )),
    ))
    .parse_next(input)
}
