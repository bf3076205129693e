//! The question we wait on in a conversation. Codes only: what was typed is
//! not kept.
use super::meaning::{Due, Meaning};
use crate::domain::{check_in::Plan, contact::Details, household::Flag};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// What was asked last, of one person in one place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Which household the line is for, or whether it really is that one.
    Household(Box<Draft>),
    /// Whether the sender's team shall use that shared place.
    Room {
        /// The platform's own id.
        room: String,
    },
}

/// A line that waits for its household.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    pub contact: Details,
    pub more: Vec<Details>,
    pub due: Due,
    pub plan: Plan,
    pub appointment: bool,
    pub urgent: bool,
    pub flags: Vec<Flag>,
    /// The office's day on which it was typed.
    pub typed_on: NaiveDate,
}

impl Draft {
    /// What of a log line is kept while its household is asked for.
    pub fn of(meaning: &Meaning, typed_on: NaiveDate) -> Draft {
        Draft {
            contact: meaning.contact.clone(),
            more: meaning.more.clone(),
            due: meaning.due.clone(),
            plan: meaning.plan.clone(),
            appointment: meaning.appointment,
            urgent: meaning.urgent,
            flags: meaning.flags.clone(),
            typed_on,
        }
    }

    /// A contact alone, without a date.
    pub fn of_contact(contact: Details, typed_on: NaiveDate) -> Draft {
        Draft {
            contact,
            more: Vec::new(),
            due: Due::Unsaid,
            plan: Plan::default(),
            appointment: false,
            urgent: false,
            flags: Vec::new(),
            typed_on,
        }
    }
}

/// An open question with its age.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dialogue {
    pub question: Question,
    pub asked_at: DateTime<Utc>,
}
