//! How a value of ours is written into a column, and read out of it.
use super::{Fault, Result, outbox};
use crate::{
    conversation::{
        decision::{Deed, Ended},
        message::Platform,
    },
    domain::{
        AlarmId, CheckInId, ContactId, DeliveryId, HouseholdId, LeaveId, PersonId, RequestId,
        SaveId, TeamId,
        alarm::Grade,
        check_in::{Pace, Purpose, Rung, Why},
        contact::{Direction, Kind, Outcome, PartOfDay, Partner, Signs},
        household::{Class, CloseReason, Code, PauseReason, Route, State},
        people::{Language, Role},
        request::Status,
    },
};
use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, Utc};
use serde::{Serialize, de::DeserializeOwned};
use std::str::FromStr;

/// What can be bound to a statement on both databases.
pub(super) trait Value {
    type Bound;
    fn bound(self) -> Self::Bound;
}

impl<T: Value> Value for Option<T> {
    type Bound = Option<T::Bound>;
    fn bound(self) -> Self::Bound {
        self.map(T::bound)
    }
}

/// PostgreSQL keeps microseconds; what is compared later must be equal on both.
impl Value for DateTime<Utc> {
    type Bound = DateTime<Utc>;
    fn bound(self) -> DateTime<Utc> {
        self.trunc_subsecs(6)
    }
}

impl<'a> Value for &'a Code {
    type Bound = &'a str;
    fn bound(self) -> &'a str {
        self.as_str()
    }
}

macro_rules! as_they_are {
    ($($type:ty),+ $(,)?) => {$(
        impl Value for $type {
            type Bound = $type;
            fn bound(self) -> $type {
                self
            }
        }
    )+};
}
as_they_are!(i64, bool, String, NaiveDate, NaiveTime);

impl<'a> Value for &'a str {
    type Bound = &'a str;
    fn bound(self) -> &'a str {
        self
    }
}

macro_rules! ids {
    ($($type:ty),+ $(,)?) => {$(
        impl Value for $type {
            type Bound = i64;
            fn bound(self) -> i64 {
                self.0
            }
        }
    )+};
}
ids!(
    AlarmId,
    CheckInId,
    ContactId,
    DeliveryId,
    HouseholdId,
    LeaveId,
    PersonId,
    RequestId,
    SaveId,
    TeamId,
);

macro_rules! codes {
    ($($type:ty),+ $(,)?) => {$(
        impl Value for $type {
            type Bound = &'static str;
            fn bound(self) -> &'static str {
                self.code()
            }
        }
    )+};
}
codes!(
    Class,
    CloseReason,
    Deed,
    Direction,
    Ended,
    Grade,
    Kind,
    Language,
    Outcome,
    Pace,
    PartOfDay,
    Partner,
    PauseReason,
    Platform,
    Purpose,
    Role,
    Route,
    Rung,
    Signs,
    State,
    Status,
    Why,
    outbox::Kind,
);

/// A closed list's codes, comma-separated.
pub(super) fn list<T: Copy + Into<&'static str>>(members: &[T]) -> String {
    let codes: Vec<&str> = members.iter().map(|member| (*member).into()).collect();
    codes.join(",")
}

/// A code, a zone or the like out of a text column.
pub(super) fn read<T: FromStr>(column: &str, text: &str) -> Result<T> {
    text.parse()
        .map_err(|_| Fault::Broken(format!("{column} holds {text:?}")))
}

/// As [`read`], of a column that may be empty.
pub(super) fn read_some<T: FromStr>(column: &str, text: Option<&str>) -> Result<Option<T>> {
    text.map(|text| read(column, text)).transpose()
}

/// The members whose codes stand in a comma-separated column.
pub(super) fn read_list<T: FromStr>(column: &str, text: &str) -> Result<Vec<T>> {
    text.split(',')
        .filter(|code| !code.is_empty())
        .map(|code| read(column, code))
        .collect()
}

pub(super) fn json<T: Serialize>(value: &T) -> Result<String> {
    serde_json::to_string(value).map_err(|problem| Fault::Broken(problem.to_string()))
}

pub(super) fn read_json<T: DeserializeOwned>(column: &str, text: &str) -> Result<T> {
    // The problem's own words may quote the column, which holds people's words.
    serde_json::from_str(text).map_err(|problem| {
        Fault::Broken(format!(
            "{column} is no such JSON: {:?} error at column {}",
            problem.classify(),
            problem.column()
        ))
    })
}
