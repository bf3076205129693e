//! What is said over the lists that come by the calendar, of the hour at which
//! somebody wants the morning's message, and after a wrong clock.
use chrono::{NaiveDate, NaiveTime, Weekday};

/// One sentence over a list, or about when one comes.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum RhythmLine {
    /// It comes later than it was to come.
    MeantFor {
        day: NaiveDate,
    },
    NextWeek {
        appointments: usize,
        others: usize,
    },
    /// As above, when that week has begun.
    ThisWeek {
        appointments: usize,
        others: usize,
    },
    BeforeClosure {
        from: NaiveDate,
        to: NaiveDate,
        count: usize,
    },
    BeforeTransfers {
        to: NaiveDate,
        count: usize,
    },
    /// Of a household that is there because nobody was met the last time.
    NotMetYet,
    CoverAhead {
        name: String,
        from: NaiveDate,
        to: NaiveDate,
        count: usize,
    },
    CoverBegins {
        name: String,
        to: NaiveDate,
        count: usize,
    },
    /// To whoever is away.
    InGoodHands {
        to: NaiveDate,
        cover: Option<String>,
        count: usize,
    },
    /// To whoever stood in.
    CoverEnds {
        name: String,
        to: NaiveDate,
        count: usize,
    },
    /// To whoever is back.
    HandedBack {
        to: NaiveDate,
        cover: Option<String>,
        count: usize,
    },
    // お知らせの時刻
    MorningSet {
        at: NaiveTime,
    },
    MorningAtOpening {
        opens: NaiveTime,
    },
    MorningWithin {
        from: NaiveTime,
        to: NaiveTime,
    },
    WorkingDays {
        name: String,
        days: Vec<Weekday>,
    },
    /// A clock was wrong when some of it was told before.
    ToldByWrongClock,
}
