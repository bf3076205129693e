//! Which day a said date is, counted from the day on which it was typed.
use super::{Day, Feast, Found, Part, Said, Shape, Span, Unit, WeekPart, What, Year};
use crate::domain::calendar::{fiscal_year_end, monday_of, month_end};
use chrono::{Datelike, Days, Months, NaiveDate, TimeDelta, Weekday};

/// Longer spans are no plan of this work; the arithmetic stays in range.
const SPAN_DAYS_MAX: u32 = 3_660;

/// Of the dates with this month and day, the one meant by a writer who says no
/// year lies from 60 days back to 305 days ahead.
const NEAREST_BACK_DAYS: i64 = 60;
const NEAREST_AHEAD_DAYS: i64 = 305;

/// The day, how it was said, and what of it is in doubt. None for what lies
/// beyond the calendar.
pub(super) fn resolve(said: Said, today: NaiveDate) -> Option<Found> {
    let exact = |day: NaiveDate| Found::new(Day::On(day), Shape::Exact);
    let mut found = match said.what {
        What::After(span) => after(span, today)?,
        What::AfterOn(span, weekday) => exact(weekday_of(span, weekday, today)?),
        What::Ago(span) => exact(back(span, today)?).a_day(),
        What::Day(days) => exact(today + TimeDelta::days(days)).a_day(),
        What::Calendar {
            year,
            month,
            day,
            weekday,
        } => Found {
            is_full: true,
            ..month_and_day(year, month, day, weekday, today)?
                .a_day()
                .with_weekday(weekday)
        },
        What::DayOfMonth(day, weekday) => Found {
            last: last_day_of_month(day, today),
            ..exact(next_day_of_month(day, today)?)
                .a_day()
                .with_weekday(weekday)
        },
        What::Month { year, month, part } => part_of_month(year, month, part, today)?,
        What::RelativeMonth(months, part) => {
            let first = shift_months(today.with_day(1)?, months)?;
            Found {
                is_behind: months < 0,
                ..part_of(first, part)?
            }
        }
        What::Week(weeks, part) => Found {
            is_behind: weeks < 0,
            ..week(weeks, part, today)
        },
        What::Weekday(weekday) => Found {
            last: next_weekday(weekday, today)
                .checked_sub_days(Days::new(if today.weekday() == weekday { 14 } else { 7 })),
            ..exact(next_weekday(weekday, today))
        },
        What::NthWeekday(n, weekday) => exact(next_nth(n, weekday, today)?),
        What::Feast(feast, weekday) => match weekday {
            None => self::feast(feast, today)?,
            Some(weekday) => exact(first_on(weekday, feast_day(feast, today)?)?),
        },
        What::PartAhead(part) => part_ahead(part, today)?,
        What::NoDate => Found::new(Day::None, Shape::Exact),
    };
    if said.is_limit {
        found.shape = Shape::Limit;
    }
    found.is_guess |= said.is_guess;
    Some(found)
}

/// What was said as counted from a day that was found. Of a day that is none
/// nothing can be counted: it is asked about itself.
pub(super) fn from_there(said: Said, there: Found) -> Option<Found> {
    let Day::On(day) = there.day else {
        return Some(there);
    };
    Some(Found {
        is_day: there.is_day,
        is_guess: there.is_guess || said.is_guess,
        other_weekday: there.other_weekday,
        counted: None,
        last: None,
        ..resolve(said, day)?
    })
}

/// A span that was counted from today, counted from another day.
pub(in super::super) fn counted_from(found: Found, day: NaiveDate) -> Option<Found> {
    Some(Found {
        is_guess: found.is_guess,
        ..after(found.counted?, day)?
    })
}

impl Found {
    fn new(day: Day, shape: Shape) -> Found {
        Found {
            day,
            shape,
            is_guess: false,
            is_full: false,
            is_day: false,
            is_behind: false,
            other_weekday: None,
            counted: None,
            last: None,
        }
    }

    fn a_day(self) -> Found {
        Found {
            is_day: true,
            ..self
        }
    }

    /// Notes the weekday that was typed beside it, if it is another one.
    fn with_weekday(self, weekday: Option<Weekday>) -> Found {
        let own = match self.day {
            Day::On(day) => Some(day.weekday()),
            Day::Impossible { .. } | Day::None => None,
        };
        Found {
            other_weekday: weekday.filter(|weekday| own.is_some_and(|own| own != *weekday)),
            ..self
        }
    }
}

fn after(span: Span, today: NaiveDate) -> Option<Found> {
    let day = moved(span, today, true)?;
    let shape = match span.unit {
        Unit::Day => Shape::Exact,
        Unit::Week => Shape::Weeks,
        Unit::Month => Shape::Months,
    };
    Some(Found {
        counted: Some(span),
        ..Found::new(Day::On(day), shape)
    })
}

/// The weekday of the week that is meant; of longer spans the first one from
/// that day on.
fn weekday_of(span: Span, weekday: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    let day = moved(span, today, true)?;
    let from = match span.unit {
        Unit::Week => monday_of(day),
        Unit::Day | Unit::Month => day,
    };
    first_on(weekday, from)
}

/// The first day with that weekday, from that day on.
fn first_on(weekday: Weekday, from: NaiveDate) -> Option<NaiveDate> {
    from.checked_add_days(Days::new(u64::from(weekday.days_since(from.weekday()))))
}

fn back(span: Span, today: NaiveDate) -> Option<NaiveDate> {
    moved(span, today, false)
}

/// Months first, clamped to the month's end, then days.
fn moved(span: Span, today: NaiveDate, ahead: bool) -> Option<NaiveDate> {
    let (months, days) = match span.unit {
        Unit::Day => (0, span.count),
        Unit::Week => (0, span.count.checked_mul(7)?),
        Unit::Month => (span.count, 0),
    };
    let days = days.checked_add(span.extra_days)?;
    if days > SPAN_DAYS_MAX || months > SPAN_DAYS_MAX / 30 {
        return None;
    }
    let (months, days) = (Months::new(months), Days::new(u64::from(days)));
    if ahead {
        today.checked_add_months(months)?.checked_add_days(days)
    } else {
        today.checked_sub_months(months)?.checked_sub_days(days)
    }
}

fn month_and_day(
    year: Option<Year>,
    month: u32,
    day: u32,
    weekday: Option<Weekday>,
    today: NaiveDate,
) -> Option<Found> {
    let year = match year {
        Some(year) => of_year(year, today),
        None => year_of_weekday(month, day, weekday, today)
            .or_else(|| nearest_year(month, day, today))?,
    };
    Some(match NaiveDate::from_ymd_opt(year, month, day) {
        Some(day) => Found::new(Day::On(day), Shape::Exact),
        None => Found::new(Day::Impossible { year, month, day }, Shape::Exact),
    })
}

fn of_year(year: Year, today: NaiveDate) -> i32 {
    match year {
        Year::Exact(year) => year,
        Year::Relative(years) => today.year() + years,
    }
}

/// Of a day of this year that lies farther ahead than the nearest, the weekday
/// tells that it is meant (in January: 20 December with its weekday).
fn year_of_weekday(
    month: u32,
    day: u32,
    weekday: Option<Weekday>,
    today: NaiveDate,
) -> Option<i32> {
    let date = NaiveDate::from_ymd_opt(today.year(), month, day)?;
    let is_far = (date - today).num_days() >= NEAREST_AHEAD_DAYS;
    (is_far && weekday == Some(date.weekday())).then_some(date.year())
}

/// The year in which this month and day lie nearest; for a day that does not
/// exist, that of the month's last day.
fn nearest_year(month: u32, day: u32, today: NaiveDate) -> Option<i32> {
    let in_year = |year: i32| {
        let last = month_end(NaiveDate::from_ymd_opt(year, month, 1)?);
        last.with_day(day.min(last.day()))
    };
    (today.year() - 1..=today.year() + 1).find(|year| {
        in_year(*year).is_some_and(|day| {
            (-NEAREST_BACK_DAYS..=NEAREST_AHEAD_DAYS).contains(&(day - today).num_days())
        })
    })
}

fn part_of_month(year: Option<Year>, month: u32, part: Part, today: NaiveDate) -> Option<Found> {
    let year = match year {
        Some(year) => of_year(year, today),
        None => {
            let day = match part {
                Part::Whole => 1,
                Part::Early => 5,
                Part::Mid => 15,
                Part::Late => 25,
                Part::FirstHalf => 1,
                Part::SecondHalf => 16,
                Part::Day(day, _) => day,
                Part::NthWeek(n) => first_of_week(n),
                Part::End | Part::Nth(..) | Part::Last(_) => 31,
            };
            nearest_year(month, day, today)?
        }
    };
    let first = NaiveDate::from_ymd_opt(year, month, 1)?;
    Some(Found {
        is_behind: month_end(first) < today,
        ..part_of(first, part)?
    })
}

/// A part of the month that begins on `first`.
fn part_of(first: NaiveDate, part: Part) -> Option<Found> {
    let on = |day: u32, shape| Some(Found::new(Day::On(first.with_day(day)?), shape));
    match part {
        Part::Whole => on(1, Shape::Month),
        Part::Early => on(5, Shape::Until(10)),
        Part::Mid => on(15, Shape::Until(20)),
        Part::Late => on(25, Shape::Month),
        Part::FirstHalf => on(1, Shape::Until(15)),
        Part::SecondHalf => on(16, Shape::Month),
        Part::End => Some(Found::new(Day::On(month_end(first)), Shape::Limit)),
        Part::Day(day, weekday) => Some(Found {
            is_full: true,
            ..match first.with_day(day) {
                Some(day) => Found::new(Day::On(day), Shape::Exact),
                None => Found::new(
                    Day::Impossible {
                        year: first.year(),
                        month: first.month(),
                        day,
                    },
                    Shape::Exact,
                ),
            }
            .a_day()
            .with_weekday(weekday)
        }),
        Part::Nth(n, weekday) => Some(Found::new(
            Day::On(nth_weekday(first, n, weekday)?),
            Shape::Exact,
        )),
        Part::NthWeek(n) => on(first_of_week(n), Shape::Until(first_of_week(n) + 6)),
        Part::Last(weekday) => {
            let last = month_end(first);
            let back = u64::from(last.weekday().days_since(weekday));
            Some(Found::new(Day::On(last - Days::new(back)), Shape::Exact))
        }
    }
    .map(|found| Found {
        is_guess: matches!(found.shape, Shape::Month | Shape::Until(_)),
        ..found
    })
}

fn first_of_week(n: u32) -> u32 {
    7 * (n - 1) + 1
}

/// The part of this month, or of the next where it is past.
fn part_ahead(part: Part, today: NaiveDate) -> Option<Found> {
    let first = today.with_day(1)?;
    let of_month = |months| part_of(shift_months(first, months)?, part);
    of_month(0)
        .filter(|found| matches!(found.day, Day::On(day) if day > today))
        .or_else(|| of_month(1))
}

fn shift_months(first: NaiveDate, months: i32) -> Option<NaiveDate> {
    let count = Months::new(months.unsigned_abs());
    if months < 0 {
        first.checked_sub_months(count)
    } else {
        first.checked_add_months(count)
    }
}

/// Weeks start on Monday. A weekday of this or last week may be a contact's.
fn week(weeks: i64, part: WeekPart, today: NaiveDate) -> Found {
    let monday = monday_of(today) + TimeDelta::weeks(weeks);
    let friday = monday + TimeDelta::days(4);
    match part {
        WeekPart::Whole => Found::new(Day::On(monday), Shape::Week),
        WeekPart::Within => Found::new(Day::On(friday), Shape::Limit),
        WeekPart::Day(weekday) => {
            let day = monday + TimeDelta::days(i64::from(weekday.num_days_from_monday()));
            Found::new(Day::On(day), Shape::Exact).a_day()
        }
    }
}

/// Strictly after today.
fn next_weekday(weekday: Weekday, today: NaiveDate) -> NaiveDate {
    let ahead = today.weekday().days_since(weekday);
    today + TimeDelta::days(7 - i64::from(ahead))
}

/// The next such day after today; months without it are skipped.
fn next_day_of_month(day: u32, today: NaiveDate) -> Option<NaiveDate> {
    let first = today.with_day(1)?;
    (0..12)
        .filter_map(|months| shift_months(first, months)?.with_day(day))
        .find(|day| *day > today)
}

/// The last such day before today, if it lies within a month.
fn last_day_of_month(day: u32, today: NaiveDate) -> Option<NaiveDate> {
    let first = today.with_day(1)?;
    [0, -1]
        .iter()
        .filter_map(|months| shift_months(first, *months)?.with_day(day))
        .find(|day| *day < today)
}

fn nth_weekday(first: NaiveDate, n: u32, weekday: Weekday) -> Option<NaiveDate> {
    let n = u8::try_from(n).ok()?;
    NaiveDate::from_weekday_of_month_opt(first.year(), first.month(), weekday, n)
}

/// The next occurrence after today.
fn next_nth(n: u32, weekday: Weekday, today: NaiveDate) -> Option<NaiveDate> {
    let first = today.with_day(1)?;
    (0..12)
        .filter_map(|months| nth_weekday(shift_months(first, months)?, n, weekday))
        .find(|day| *day > today)
}

fn feast(feast: Feast, today: NaiveDate) -> Option<Found> {
    let shape = match feast {
        Feast::YearEnd | Feast::FiscalYearEnd => Shape::Limit,
        Feast::NewYear
        | Feast::FiscalYearStart
        | Feast::AfterGoldenWeek
        | Feast::AfterBon
        | Feast::AfterHigan => Shape::Exact,
    };
    Some(Found::new(Day::On(feast_day(feast, today)?), shape))
}

/// The next one, today included.
fn feast_day(feast: Feast, today: NaiveDate) -> Option<NaiveDate> {
    let next = |month, day| {
        (today.year()..=today.year() + 1)
            .filter_map(|year| NaiveDate::from_ymd_opt(year, month, day))
            .find(|date| *date >= today)
    };
    match feast {
        Feast::NewYear => next(1, 4),
        Feast::YearEnd => next(12, 31),
        Feast::FiscalYearEnd => Some(fiscal_year_end(today)),
        Feast::FiscalYearStart => next(4, 1),
        Feast::AfterGoldenWeek => next(5, 6),
        Feast::AfterBon => next(8, 17),
        Feast::AfterHigan => equinoxes(today.year())
            .into_iter()
            .chain(equinoxes(today.year() + 1))
            .flatten()
            // Three days on each side of the equinox, and the day after them.
            .map(|equinox| equinox + TimeDelta::days(4))
            .find(|date| *date >= today),
    }
}

/// The days of the equinoxes, 春分 and 秋分, by the formula in use for 1980-2099.
fn equinoxes(year: i32) -> [Option<NaiveDate>; 2] {
    let years = year - 1980;
    let day = |base: f64| {
        let day = (base + 0.242_194 * f64::from(years)).floor() - f64::from(years.div_euclid(4));
        day as u32
    };
    [
        NaiveDate::from_ymd_opt(year, 3, day(20.843_1)),
        NaiveDate::from_ymd_opt(year, 9, day(23.248_8)),
    ]
}
