//! An alarm 緊急: a person must know now, and must say that they have read it.
use super::{AlarmId, CheckInId, HouseholdId, PersonId, closed_list};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

closed_list! {
    /// What raised it.
    pub enum Grade {
        /// Words of danger to life or safety.
        Danger,
        /// No sign of life that worries: the supervisor decides how to look in.
        NoSignOfLife,
    }
}

/// An alarm stands beside the check-in: no contact, date or closure ends it,
/// only a person who confirms having read it, or the undo of the save that
/// raised it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarm {
    pub id: AlarmId,
    pub household: HouseholdId,
    /// The check-in that was made with it.
    pub check_in: CheckInId,
    pub grade: Grade,
    pub raised_by: PersonId,
    pub raised_at: DateTime<Utc>,
    /// How many times it has fired.
    pub step: i64,
    pub confirmed: Option<Confirmed>,
}

/// Somebody has read an alarm.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confirmed {
    pub by: PersonId,
    pub at: DateTime<Utc>,
}
