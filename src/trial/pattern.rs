//! What happens between a nurse and a household, how often, and when she looks in again.
//!
//! The weights are ours: made so that the lists look like an ordinary office's,
//! not measured anywhere.
use crate::domain::{
    calendar::{Calendar, months_after},
    check_in::{Pace, Purpose, Why},
    contact::{Direction, Kind, Left, Outcome, Partner, Whom},
    household::Route,
};
use chrono::{Days, Months, NaiveDate};

/// How a household's support goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Course {
    /// Nobody opens.
    Quiet,
    /// The family is the client.
    Family,
    /// In time the person is met.
    Warming,
    /// The door opens, and closes again.
    Guarded,
}

/// Courses with their weights.
pub(super) const COURSES: [(Course, u32); 4] = [
    (Course::Quiet, 35),
    (Course::Family, 30),
    (Course::Warming, 20),
    (Course::Guarded, 15),
];

impl Course {
    /// The course that holds at this part of the story, in percent: meeting
    /// anybody takes long.
    pub(super) fn at(self, percent: i64) -> Course {
        match self {
            Course::Family if percent < 25 => Course::Quiet,
            Course::Warming if percent < 50 => Course::Quiet,
            Course::Warming if percent < 70 => Course::Family,
            course => course,
        }
    }
}

/// How long until the next look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wait {
    OpenDays(u32),
    Weeks(u64),
    Months(u32),
}

impl Wait {
    /// The open day on which something was, if it comes due on `due`.
    pub(super) fn before(self, due: NaiveDate, calendar: &Calendar) -> NaiveDate {
        match self {
            Wait::OpenDays(days) => open_days_before(calendar, due, days),
            Wait::Weeks(weeks) => calendar.open_until(due - Days::new(7 * weeks)),
            Wait::Months(months) => calendar.open_until(due - Months::new(months)),
        }
    }

    pub(super) fn after(self, day: NaiveDate, calendar: &Calendar) -> NaiveDate {
        match self {
            Wait::OpenDays(days) => calendar.open_days_after(day, days),
            Wait::Weeks(weeks) => calendar.open_from(day + Days::new(7 * weeks)),
            Wait::Months(months) => calendar.open_from(months_after(day, months)),
        }
    }

    /// Roughly, in calendar days.
    pub(super) fn days(self) -> u64 {
        match self {
            Wait::OpenDays(days) => u64::from(days) * 7 / 5,
            Wait::Weeks(weeks) => 7 * weeks,
            Wait::Months(months) => 30 * u64::from(months),
        }
    }
}

/// The open day from which `day` is the `count`-th open day.
pub(super) fn open_days_before(calendar: &Calendar, day: NaiveDate, count: u32) -> NaiveDate {
    (0..count).fold(calendar.open_until(day), |day, _| {
        calendar.open_until(day - Days::new(1))
    })
}

/// One kind of contact, with what follows from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pattern {
    pub kind: Kind,
    pub direction: Direction,
    pub outcome: Outcome,
    pub whom: &'static [Whom],
    pub left: &'static [Left],
    pub partner: Option<Partner>,
    pub why: Why,
    pub wait: Wait,
    /// Months without direct contact.
    pub rest: u32,
    /// Quiet, family, warming, guarded.
    pub weights: [u32; 4],
}

impl Pattern {
    pub(super) fn weight(&self, course: Course) -> u32 {
        self.weights[course as usize]
    }

    pub(super) fn purpose(&self) -> Purpose {
        match self.why {
            Why::Hostile => Purpose::Review,
            _ => Purpose::LookIn,
        }
    }

    pub(super) fn pace(&self) -> Pace {
        match self.wait {
            Wait::OpenDays(_) => Pace::Prompt,
            Wait::Weeks(_) | Wait::Months(_) => Pace::Ordinary,
        }
    }
}

const fn row(kind: Kind, outcome: Outcome, why: Why, wait: Wait, weights: [u32; 4]) -> Pattern {
    Pattern {
        kind,
        direction: Direction::Out,
        outcome,
        whom: &[],
        left: &[],
        partner: None,
        why,
        wait,
        rest: 0,
        weights,
    }
}

impl Pattern {
    const fn incoming(self) -> Pattern {
        Pattern {
            direction: Direction::In,
            ..self
        }
    }

    const fn with(self, whom: &'static [Whom]) -> Pattern {
        Pattern { whom, ..self }
    }

    const fn leaving(self, left: &'static [Left]) -> Pattern {
        Pattern { left, ..self }
    }

    const fn beside(self, partner: Partner) -> Pattern {
        Pattern {
            partner: Some(partner),
            ..self
        }
    }

    const fn resting(self, rest: u32) -> Pattern {
        Pattern { rest, ..self }
    }
}

/// All of it, in one table.
#[rustfmt::skip]
pub(super) const PATTERNS: &[Pattern] = &[
    row(Kind::Visit, Outcome::Absent, Why::Absent, Wait::Weeks(2), [28, 9, 6, 14]).leaving(&[Left::Card]),
    row(Kind::Visit, Outcome::Absent, Why::Absent, Wait::Weeks(2), [8, 3, 2, 4]).leaving(&[Left::Slip]),
    row(Kind::Visit, Outcome::Absent, Why::AbsentWithLife, Wait::Months(1), [12, 3, 3, 6]).leaving(&[Left::Card]),
    row(Kind::Visit, Outcome::Absent, Why::Absent, Wait::Weeks(2), [10, 3, 2, 6]),
    row(Kind::Accompany, Outcome::Absent, Why::Absent, Wait::Weeks(2), [8, 2, 2, 3]).leaving(&[Left::Card]).beside(Partner::Commissioner),
    row(Kind::Call, Outcome::NoAnswer, Why::NoAnswer, Wait::Weeks(1), [12, 7, 5, 8]),
    row(Kind::Call, Outcome::MessageLeft, Why::MessageLeft, Wait::Weeks(1), [6, 4, 3, 3]),
    row(Kind::Letter, Outcome::Sent, Why::LetterSent, Wait::Months(1), [16, 5, 5, 10]).leaving(&[Left::Letter]),
    row(Kind::Letter, Outcome::ReturnedMail, Why::ReturnedMail, Wait::OpenDays(3), [1, 0, 0, 0]),
    row(Kind::Visit, Outcome::Family, Why::FamilyMet, Wait::Months(1), [2, 14, 6, 4]).with(&[Whom::Mother]),
    row(Kind::Visit, Outcome::Family, Why::FamilyMet, Wait::Months(1), [1, 6, 2, 2]).with(&[Whom::Father]).leaving(&[Left::Leaflet]),
    row(Kind::Accompany, Outcome::Family, Why::FamilyMet, Wait::Months(1), [0, 4, 2, 2]).with(&[Whom::Mother]).beside(Partner::SupportCentre),
    row(Kind::Call, Outcome::Family, Why::FamilyMet, Wait::Months(1), [1, 10, 5, 4]).with(&[Whom::Mother]),
    row(Kind::Office, Outcome::Family, Why::FamilyMet, Wait::Months(1), [0, 6, 3, 1]).with(&[Whom::Father, Whom::Mother]).incoming(),
    row(Kind::Group, Outcome::Family, Why::FamilyMet, Wait::Months(1), [0, 4, 2, 0]).with(&[Whom::Mother]),
    row(Kind::Office, Outcome::NoShow, Why::NoShow, Wait::OpenDays(0), [0, 2, 1, 1]),
    row(Kind::Visit, Outcome::Voice, Why::PersonMet, Wait::Weeks(2), [1, 3, 8, 2]).with(&[Whom::Person]),
    row(Kind::Visit, Outcome::Person, Why::PersonMet, Wait::Weeks(2), [0, 1, 10, 1]).with(&[Whom::Person]),
    row(Kind::Call, Outcome::Person, Why::PersonMet, Wait::Weeks(2), [0, 1, 6, 0]).with(&[Whom::Person]),
    row(Kind::Letter, Outcome::Reply, Why::Reply, Wait::OpenDays(3), [0, 1, 2, 1]).with(&[Whom::Person]).incoming(),
    row(Kind::Clinic, Outcome::Linked, Why::Linked, Wait::Months(1), [0, 0, 3, 0]).with(&[Whom::Person]).beside(Partner::Clinic),
    row(Kind::Visit, Outcome::Declined, Why::Declined, Wait::Months(1), [2, 6, 3, 14]).with(&[Whom::Mother]),
    row(Kind::Call, Outcome::Declined, Why::Declined, Wait::Months(1), [1, 2, 2, 6]).with(&[Whom::Person]),
    row(Kind::Visit, Outcome::Refused, Why::Refused, Wait::Months(3), [0, 1, 0, 5]).with(&[Whom::Person]).resting(1),
    row(Kind::Visit, Outcome::CardReturned, Why::CardReturned, Wait::Months(3), [0, 1, 0, 3]).with(&[Whom::Father]).resting(1),
    row(Kind::Visit, Outcome::Hostile, Why::Hostile, Wait::OpenDays(5), [0, 0, 0, 4]).with(&[Whom::Father]).resting(3),
    row(Kind::Info, Outcome::Info, Why::OtherWord, Wait::OpenDays(3), [3, 2, 1, 2]).beside(Partner::Commissioner).incoming(),
    row(Kind::Agency, Outcome::Info, Why::Other, Wait::Months(1), [2, 2, 3, 2]).beside(Partner::SupportCentre),
];

/// How a household becomes known, and how often. The weights are ours.
#[rustfmt::skip]
pub(super) const FIRST_REPORTS: &[((Route, Pattern), u32)] = &[
    ((Route::Neighbour, word_from(Partner::Neighbour)), 15),
    ((Route::Commissioner, word_from(Partner::Commissioner)), 25),
    ((Route::SupportCentre, word_from(Partner::SupportCentre)), 20),
    ((Route::CareManager, word_from(Partner::CareManager)), 8),
    ((Route::Utility, word_from(Partner::Utility)), 4),
    ((Route::Other, word_from(Partner::Other)), 3),
    ((Route::Family, row(Kind::Call, Outcome::Family, Why::NewHousehold, Wait::OpenDays(3), [0; 4]).with(&[Whom::Mother]).incoming()), 21),
    ((Route::Person, row(Kind::Call, Outcome::Person, Why::NewHousehold, Wait::OpenDays(3), [0; 4]).with(&[Whom::Person]).incoming()), 4),
];

const fn word_from(partner: Partner) -> Pattern {
    row(
        Kind::Info,
        Outcome::Info,
        Why::NewHousehold,
        Wait::OpenDays(3),
        [0; 4],
    )
    .beside(partner)
    .incoming()
}

/// What follows when a nurse was shouted at; then everybody keeps away.
pub(super) const CONFERENCE: Pattern = row(
    Kind::Conference,
    Outcome::Other,
    Why::Hostile,
    Wait::Months(3),
    [0; 4],
)
.beside(Partner::Supervisor);
