//! The office's calendar: open days, hours and zone.
use chrono::{
    DateTime, Datelike, Days, Months, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone,
    Utc, Weekday,
};
use chrono_tz::Tz;
use std::collections::BTreeSet;

/// Which days the office is open, and its hours in its own zone.
///
/// Closed are Saturdays, Sundays, national holidays, 29 December to 3 January
/// (Act on Holidays of Administrative Organs, art. 1) and the office's own days.
#[derive(Debug, Clone)]
pub struct Calendar {
    pub zone: Tz,
    /// Wall clock.
    pub opens: NaiveTime,
    /// Wall clock.
    pub closes: NaiveTime,
    pub closures: BTreeSet<NaiveDate>,
}

/// No search for an open day goes further; an office closed for a year is a
/// broken setting, and then the day itself is used.
const SEARCH_DAYS_MAX: usize = 366;

impl Calendar {
    /// Asia/Tokyo, 8:30 to 17:15, no closures of its own.
    pub fn japan() -> Calendar {
        Calendar {
            zone: chrono_tz::Asia::Tokyo,
            opens: NaiveTime::from_hms_opt(8, 30, 0).unwrap_or_default(),
            closes: NaiveTime::from_hms_opt(17, 15, 0).unwrap_or_default(),
            closures: BTreeSet::new(),
        }
    }

    pub fn is_open(&self, day: NaiveDate) -> bool {
        !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)
            && !matches!((day.month(), day.day()), (12, 29..=31) | (1, 1..=3))
            && !is_holiday(day)
            && !self.closures.contains(&day)
    }

    /// The day itself if open, else the next open one.
    pub fn open_from(&self, day: NaiveDate) -> NaiveDate {
        day.iter_days()
            .take(SEARCH_DAYS_MAX)
            .find(|day| self.is_open(*day))
            .unwrap_or(day)
    }

    /// The day itself if open, else the last open one before it.
    pub fn open_until(&self, day: NaiveDate) -> NaiveDate {
        std::iter::successors(Some(day), |day| day.pred_opt())
            .take(SEARCH_DAYS_MAX)
            .find(|day| self.is_open(*day))
            .unwrap_or(day)
    }

    /// The `count`-th open day after `day`; `day` itself for 0.
    pub fn open_days_after(&self, day: NaiveDate, count: u32) -> NaiveDate {
        self.days_after_where(day, count, |_| true)
    }

    /// As [`Calendar::open_days_after`], counting only the open days that
    /// `also` lets through (a part-timer's own working days).
    pub fn days_after_where(
        &self,
        day: NaiveDate,
        count: u32,
        also: impl Fn(NaiveDate) -> bool,
    ) -> NaiveDate {
        let mut left = count;
        let mut at = day;
        for next in day
            .iter_days()
            .skip(1)
            .take(SEARCH_DAYS_MAX + 7 * count as usize)
        {
            if left == 0 {
                break;
            }
            if self.is_open(next) && also(next) {
                left -= 1;
                at = next;
            }
        }
        at
    }

    /// The first open day of the week (from Monday) of that day; None when the
    /// office is closed the whole week.
    pub fn first_open_day_of_week(&self, day: NaiveDate) -> Option<NaiveDate> {
        let monday = monday_of(day);
        monday.iter_days().take(7).find(|day| self.is_open(*day))
    }

    /// The office's wall clock at that instant.
    pub fn local(&self, now: DateTime<Utc>) -> NaiveDateTime {
        now.with_timezone(&self.zone).naive_local()
    }

    /// The office's day at that instant.
    pub fn day_of(&self, now: DateTime<Utc>) -> NaiveDate {
        self.local(now).date()
    }

    /// The instant of a wall clock time in the office's zone: the earlier one
    /// when the clocks are put back, the first one after a gap.
    pub fn instant(&self, day: NaiveDate, time: NaiveTime) -> DateTime<Utc> {
        let wall = day.and_time(time);
        for minutes in [0, 30, 60, 90, 120, 180] {
            let shifted = wall + TimeDelta::minutes(minutes);
            if let Some(instant) = self.zone.from_local_datetime(&shifted).earliest() {
                return instant.with_timezone(&Utc);
            }
        }
        Utc.from_utc_datetime(&wall)
    }

    /// The instant at which the office opens on that day.
    pub fn opening(&self, day: NaiveDate) -> DateTime<Utc> {
        self.instant(day, self.opens)
    }

    /// Whether the office is open at that instant.
    pub fn is_open_at(&self, now: DateTime<Utc>) -> bool {
        let local = self.local(now);
        self.is_open(local.date()) && self.opens <= local.time() && local.time() < self.closes
    }

    /// How much of the time between these instants the office was open; of a very
    /// long time only its beginning is counted.
    pub fn open_time(&self, from: DateTime<Utc>, to: DateTime<Utc>) -> TimeDelta {
        let last = self.day_of(to);
        self.day_of(from)
            .iter_days()
            .take(SEARCH_DAYS_MAX)
            .take_while(|day| *day <= last)
            .filter(|day| self.is_open(*day))
            .map(|day| {
                let opened = self.opening(day).max(from);
                let closed = self.instant(day, self.closes).min(to);
                (closed - opened).max(TimeDelta::zero())
            })
            .sum()
    }
}

/// The same day of the month `months` later, clamped to the month's end.
pub fn months_after(day: NaiveDate, months: u32) -> NaiveDate {
    day.checked_add_months(Months::new(months))
        .unwrap_or(NaiveDate::MAX)
}

/// `days` calendar days later.
pub fn days_after(day: NaiveDate, days: u64) -> NaiveDate {
    day.checked_add_days(Days::new(days))
        .unwrap_or(NaiveDate::MAX)
}

/// The Monday of the week of that day.
pub fn monday_of(day: NaiveDate) -> NaiveDate {
    day - Days::new(u64::from(day.weekday().num_days_from_monday()))
}

/// The last day of the month of that day.
pub fn month_end(day: NaiveDate) -> NaiveDate {
    let first = day.with_day(1).unwrap_or(day);
    months_after(first, 1).pred_opt().unwrap_or(day)
}

/// 31 March of the fiscal year of that day.
pub fn fiscal_year_end(day: NaiveDate) -> NaiveDate {
    let year = if day.month() <= 3 {
        day.year()
    } else {
        day.year() + 1
    };
    NaiveDate::from_ymd_opt(year, 3, 31).unwrap_or(day)
}

/// A national holiday of Japan, substitute and in-between holidays included.
pub fn is_holiday(day: NaiveDate) -> bool {
    yasumi::is_holiday(day)
}

/// How many national holidays there are from one day to another, both counted.
pub fn holidays(from: NaiveDate, to: NaiveDate) -> usize {
    from.iter_days()
        .take_while(|day| *day <= to)
        .filter(|day| is_holiday(*day))
        .count()
}
