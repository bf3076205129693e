//! The rhythm of the office: lists that come by the calendar and not by the date
//! of one household.
//!
//! Each occasion comes once for a team. One that was missed is made up for as
//! long as it is of use, and left out afterwards.
use super::{
    LeaveId, PersonId,
    calendar::{Calendar, days_after, monday_of},
    people::{Leave, Roster},
};
use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

/// When the lists come; each value's reason stands in `config/default.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// Wall clock of the week's last open day.
    pub next_week_at: NaiveTime,
    /// So many closed days in a row are a long closure.
    pub long_closure_days: u32,
    /// Open days before a long closure.
    pub before_closure_days: u32,
    /// The list before the transfers of April comes on that day of March, or on
    /// the next open one; 0: never.
    pub transfers_march_day: u32,
    /// No morning's message is put off beyond that wall clock time.
    pub morning_until: NaiveTime,
}

/// What a list is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Occasion {
    /// The week from that Monday.
    Week { from: NaiveDate, to: NaiveDate },
    /// The first and the last day on which the office is closed.
    Closure { from: NaiveDate, to: NaiveDate },
    /// Until the end of April.
    Transfers { to: NaiveDate },
    /// The cover is told on the last open day before.
    CoverAhead(Absence),
    /// The household's dates lie with others from now on.
    CoverBegins(Absence),
    /// The nurse has them back.
    CoverEnds(Absence),
}

/// Somebody's leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Absence {
    pub leave: LeaveId,
    pub person: PersonId,
    pub cover: Option<PersonId>,
    pub from: NaiveDate,
    pub to: NaiveDate,
}

/// An occasion and its time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timed {
    pub occasion: Occasion,
    pub at: DateTime<Utc>,
    /// The last day on which the list is still of use.
    pub until: NaiveDate,
}

impl Occasion {
    /// Its kind, and which one of its kind it is: the key by which it comes once.
    pub fn key(&self) -> (&'static str, String) {
        match self {
            Occasion::Week { from, .. } => ("week", from.to_string()),
            Occasion::Closure { from, .. } => ("closure", from.to_string()),
            Occasion::Transfers { to } => ("transfers", to.year().to_string()),
            Occasion::CoverAhead(absence) => ("cover_ahead", absence.leave.0.to_string()),
            Occasion::CoverBegins(absence) => ("cover_begins", absence.leave.0.to_string()),
            Occasion::CoverEnds(absence) => ("cover_ends", absence.leave.0.to_string()),
        }
    }

    /// The last day whose check-ins it tells of.
    pub fn last_day(&self) -> NaiveDate {
        match self {
            Occasion::Week { to, .. }
            | Occasion::Closure { to, .. }
            | Occasion::Transfers { to } => *to,
            Occasion::CoverAhead(absence)
            | Occasion::CoverBegins(absence)
            | Occasion::CoverEnds(absence) => absence.to,
        }
    }
}

/// So far ahead the calendar is looked at.
const AHEAD_DAYS: u64 = 60;
/// So far back: what was missed longer ago is of no use to anybody.
pub const BACK_DAYS: u64 = 21;
/// A hand-back list is of use for a week.
const HANDED_BACK_DAYS: u64 = 6;

/// What comes by the calendar alone around that day, each once, in no order.
pub fn of_calendar(office: &Calendar, settings: &Settings, today: NaiveDate) -> Vec<Timed> {
    let mut timed = Vec::new();
    let monday = monday_of(today);
    timed.extend([0, 7, 14].map(|days| week(office, settings, days_after(monday, days))));
    timed.extend(closures(office, settings, today));
    timed.extend(transfers(office, settings, today));
    timed
}

/// What the leaves of a team bring.
pub fn of_leaves(office: &Calendar, roster: &Roster) -> Vec<Timed> {
    let leaves = roster.leaves.iter();
    leaves
        .flat_map(|leave| of_leave(office, roster, leave))
        .collect()
}

/// What is to be said now: it has come, and is still of use. What came before
/// anybody looked is said only where it is of something ahead.
pub fn due(
    timed: Vec<Timed>,
    (now, begun_at): (DateTime<Utc>, DateTime<Utc>),
    today: NaiveDate,
) -> Vec<Timed> {
    let is_ahead = |timed: &Timed| match &timed.occasion {
        Occasion::Week { .. } | Occasion::CoverEnds(_) => false,
        Occasion::Closure { .. }
        | Occasion::Transfers { .. }
        | Occasion::CoverAhead(_)
        | Occasion::CoverBegins(_) => true,
    };
    timed
        .into_iter()
        .filter(|timed| timed.at <= now && today <= timed.until)
        .filter(|timed| begun_at <= timed.at || is_ahead(timed))
        .collect()
}

/// A person's morning on that day; None where it is at the opening, or no
/// later. Never beyond the limit, nor when the office is closed already.
pub fn morning(
    office: &Calendar,
    settings: &Settings,
    wanted: Option<NaiveTime>,
    day: NaiveDate,
) -> Option<DateTime<Utc>> {
    let wanted = wanted?.min(settings.morning_until);
    (office.opens < wanted && wanted < office.closes).then(|| office.instant(day, wanted))
}

/// The list of the week from that Monday: on the last open day before it.
fn week(office: &Calendar, settings: &Settings, monday: NaiveDate) -> Timed {
    let day = open_before(office, monday);
    let at = if settings.next_week_at < office.closes {
        settings.next_week_at
    } else {
        office.opens
    };
    let to = days_after(monday, 6);
    Timed {
        occasion: Occasion::Week { from: monday, to },
        at: office.instant(day, at),
        until: to,
    }
}

/// The long closures that begin soon.
fn closures(office: &Calendar, settings: &Settings, today: NaiveDate) -> Vec<Timed> {
    let mut timed = Vec::new();
    let last = days_after(today, AHEAD_DAYS);
    let mut day = today;
    while day <= last {
        let from = next_closed(office, day, last);
        let reopens = office.open_from(from);
        let long = i64::from(settings.long_closure_days.max(1));
        if from <= last && (reopens - from).num_days() >= long {
            let told_on = open_days_before(office, from, settings.before_closure_days);
            timed.push(Timed {
                occasion: Occasion::Closure {
                    from,
                    to: reopens - Days::new(1),
                },
                at: office.opening(told_on),
                until: from - Days::new(1),
            });
        }
        day = days_after(reopens.max(from), 1);
    }
    timed
}

/// The first closed day from that one on, before which the office was open.
fn next_closed(office: &Calendar, from: NaiveDate, last: NaiveDate) -> NaiveDate {
    from.iter_days()
        .take_while(|day| *day <= last)
        .find(|day| !office.is_open(*day) && day.pred_opt().is_some_and(|eve| office.is_open(eve)))
        .unwrap_or_else(|| days_after(last, 1))
}

fn transfers(office: &Calendar, settings: &Settings, today: NaiveDate) -> Option<Timed> {
    let march = |day| NaiveDate::from_ymd_opt(today.year(), 3, day);
    let told_on = office.open_from(march(settings.transfers_march_day)?);
    Some(Timed {
        occasion: Occasion::Transfers {
            to: NaiveDate::from_ymd_opt(today.year(), 4, 30)?,
        },
        at: office.opening(told_on),
        until: march(31)?,
    })
}

/// A leave is spoken of before it begins, at its beginning and at its end; not
/// before it was entered, and nothing of one that was entered when it was over.
fn of_leave(office: &Calendar, roster: &Roster, leave: &Leave) -> Vec<Timed> {
    let absence = Absence {
        leave: leave.id,
        person: leave.person,
        cover: leave.cover,
        from: leave.from,
        to: leave.to,
    };
    let entered = leave.entered_at.unwrap_or(DateTime::<Utc>::MIN_UTC);
    let (first, back_on) = (
        office.open_from(leave.from),
        office.open_from(days_after(leave.to, 1)),
    );
    if leave.to < first || office.opening(back_on) <= entered {
        return Vec::new();
    }
    let mut timed = vec![Timed {
        occasion: Occasion::CoverBegins(absence),
        at: office.opening(first).max(entered),
        until: leave.to,
    }];
    let ahead = office.opening(open_before(office, leave.from));
    // Whoever is asked later than that has just been told.
    if leave.cover.is_some() && entered < ahead {
        timed.push(Timed {
            occasion: Occasion::CoverAhead(absence),
            at: ahead,
            until: leave.from - Days::new(1),
        });
    }
    // One that goes on under another cover is handed back at its very end.
    if leave.cover.is_some() || !roster.is_on_leave(leave.person, back_on) {
        timed.push(Timed {
            occasion: Occasion::CoverEnds(absence),
            at: office.opening(back_on),
            until: days_after(back_on, HANDED_BACK_DAYS),
        });
    }
    timed
}

/// The last open day before that one.
fn open_before(office: &Calendar, day: NaiveDate) -> NaiveDate {
    office.open_until(day.pred_opt().unwrap_or(day))
}

/// The `count`-th open day before that one; the next before it for 0.
fn open_days_before(office: &Calendar, day: NaiveDate, count: u32) -> NaiveDate {
    (0..count.max(1)).fold(day, |day, _| open_before(office, day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn settings() -> Settings {
        Settings {
            next_week_at: NaiveTime::from_hms_opt(15, 0, 0).expect("a time"),
            long_closure_days: 4,
            before_closure_days: 3,
            transfers_march_day: 10,
            morning_until: NaiveTime::from_hms_opt(12, 0, 0).expect("a time"),
        }
    }

    fn lines(office: &Calendar, today: &str) -> Vec<String> {
        let timed = of_calendar(office, &settings(), day(today));
        let mut lines: Vec<String> = timed
            .iter()
            .map(|timed| {
                let (what, which) = timed.occasion.key();
                let at = office.local(timed.at).format("%m-%d %a %H:%M");
                let last = timed.occasion.last_day();
                format!("{at} {what} {which} to {last} until {}", timed.until)
            })
            .collect();
        lines.sort();
        lines
    }

    #[test]
    fn a_week_is_listed_on_the_last_open_day_before_it() {
        // 23 November is a holiday: the week before ends on Friday all the same.
        assert_eq!(
            lines(&Calendar::japan(), "2026-11-18"),
            [
                "03-10 Tue 08:30 transfers 2026 to 2026-04-30 until 2026-03-31",
                "11-13 Fri 15:00 week 2026-11-16 to 2026-11-22 until 2026-11-22",
                "11-20 Fri 15:00 week 2026-11-23 to 2026-11-29 until 2026-11-29",
                "11-27 Fri 15:00 week 2026-11-30 to 2026-12-06 until 2026-12-06",
                "12-24 Thu 08:30 closure 2026-12-29 to 2027-01-03 until 2026-12-28",
            ]
        );
    }

    #[test]
    fn golden_week_and_the_offices_own_closure_are_told_of_open_days_before() {
        let mut office = Calendar::japan();
        let closures = |office: &Calendar, today| {
            let lines = lines(office, today);
            let those = lines.into_iter().filter(|line| line.contains("closure"));
            those.collect::<Vec<_>>()
        };
        assert_eq!(
            closures(&office, "2027-04-10"),
            ["04-27 Tue 08:30 closure 2027-05-01 to 2027-05-05 until 2027-04-30"]
        );
        assert_eq!(closures(&office, "2027-06-20"), Vec::<String>::new());
        office.closures = ["2027-08-12", "2027-08-13"].map(day).into();
        assert_eq!(
            closures(&office, "2027-07-20"),
            ["08-06 Fri 08:30 closure 2027-08-11 to 2027-08-15 until 2027-08-10"]
        );
    }

    #[test]
    fn what_is_of_use_no_more_is_left_out() {
        let office = Calendar::japan();
        let due_at = |text: &str| {
            let today = day(text);
            let now = office.opening(today);
            let timed = of_calendar(&office, &settings(), today);
            let due = due(timed, (now, DateTime::<Utc>::MIN_UTC), today);
            let keys = due.iter().map(|timed| timed.occasion.key().0);
            keys.collect::<Vec<_>>()
        };
        assert_eq!(due_at("2026-12-28"), ["week", "closure"]);
        assert_eq!(due_at("2027-01-04"), ["week"]);
        assert_eq!(due_at("2027-03-09"), ["week"]);
        assert_eq!(due_at("2027-03-10"), ["week", "transfers"]);
        assert_eq!(due_at("2027-04-01"), ["week"]);
    }

    #[test]
    fn a_morning_stays_between_the_opening_and_noon() {
        let office = Calendar::japan();
        let at = |hour| {
            let wanted = NaiveTime::from_hms_opt(hour, 0, 0);
            let morning = morning(&office, &settings(), wanted, day("2026-11-25"));
            morning.map(|at| office.local(at).format("%H:%M").to_string())
        };
        assert_eq!(at(7), None);
        assert_eq!(at(9), Some("09:00".to_owned()));
        assert_eq!(at(20), Some("12:00".to_owned()));
    }
}
