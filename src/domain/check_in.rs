//! A check-in 声かけ予定: its window, its standing, and how far it has climbed.
use super::{
    CheckInId, HouseholdId, PersonId, closed_list,
    contact::{Kind, Partner},
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

closed_list! {
    /// What somebody must do on the day.
    pub enum Purpose {
        /// 声かけ: look in on the household
        LookIn,
        /// 確認: look at the case in the office
        Review,
    }
}

closed_list! {
    /// Which ladder a check-in climbs.
    pub enum Pace {
        /// A guideline or a wish: 目安
        Ordinary,
        /// Agreed with the household: 約束
        Appointment,
        /// No-show, word from others, a reply, returned mail, office checks
        Prompt,
    }
}

closed_list! {
    /// Why the check-in stands on its day.
    pub enum Why {
        /// The nurse said the date.
        Said,
        /// A button or form set the date.
        Chosen,
        /// The household is new.
        NewHousehold,
        /// Danger to life or safety.
        Danger,
        /// No sign of life that worries.
        NoSignOfLife,
        NoShow,
        /// Shutters, post, a smell.
        WorryingWord,
        OtherWord,
        ReturnedMail,
        Reply,
        NoAnswer,
        MessageLeft,
        Absent,
        AbsentWithLife,
        PersonMet,
        FamilyMet,
        LetterSent,
        Declined,
        Refused,
        CardReturned,
        Hostile,
        Linked,
        Hospitalised,
        Moved,
        Missing,
        Died,
        /// 中断: the review of a pause.
        PauseReview,
        /// 移管: the other side has not confirmed receipt yet.
        AwaitingReceipt,
        Reopened,
        Other,
    }
}

impl Why {
    /// Whether the supervisor holds the check-in and not the nurse: she is not
    /// to call a household that has lost somebody or is not there, and after
    /// danger or no sign of life the supervisor decides.
    pub fn is_for_supervisor(self) -> bool {
        self.is_gone() || self.raises_alarm()
    }

    /// Whether the person is no longer where the office knew them to be.
    pub fn is_gone(self) -> bool {
        matches!(
            self,
            Why::Hospitalised | Why::Moved | Why::Missing | Why::Died
        )
    }

    /// Whether an alarm was raised together with the check-in.
    pub fn raises_alarm(self) -> bool {
        matches!(self, Why::Danger | Why::NoSignOfLife)
    }
}

/// From when to when a check-in is not yet late 目安の幅. `on <= by`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// `due_on`: the first day to look in.
    pub on: NaiveDate,
    /// `due_by`: the last day that is not late.
    pub by: NaiveDate,
}

impl Window {
    /// A single day.
    pub fn day(on: NaiveDate) -> Window {
        Window { on, by: on }
    }

    /// What the window is on that day. The one place that decides it.
    pub fn standing(self, today: NaiveDate) -> Standing {
        if today < self.on {
            Standing::Upcoming
        } else if today <= self.by {
            Standing::Due
        } else {
            Standing::Overdue {
                days: (today - self.by).num_days(),
            }
        }
    }
}

/// What a check-in is on a day 期限の状態.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Standing {
    Upcoming,
    Due,
    /// Calendar days after `due_by`, from 1.
    Overdue {
        days: i64,
    },
}

/// How the next contact is planned.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    pub kind: Option<Kind>,
    /// The office's wall clock.
    pub time: Option<NaiveTime>,
    pub partner: Option<Partner>,
}

/// A check-in that is to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewCheckIn {
    pub window: Window,
    pub purpose: Purpose,
    pub pace: Pace,
    pub why: Why,
    pub plan: Plan,
    /// How many times in a row the date has been put off by hand.
    pub put_off: i64,
}

/// A check-in as it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckIn {
    pub id: CheckInId,
    pub household: HouseholdId,
    pub made_at: DateTime<Utc>,
    pub made_by: PersonId,
    pub terms: NewCheckIn,
    pub progress: Progress,
}

closed_list! {
    /// Which part of the ladder a nudge was.
    pub enum Rung {
        /// On the day.
        First,
        /// 16:00 of an appointment's day, without a record.
        Appointment,
        /// Untouched after the window.
        Again,
        /// To the supervisor and the deputy.
        Supervisor,
        /// On the weekly list, for ever.
        Weekly,
        /// Danger, or no sign of life.
        Alarm,
    }
}

/// How far a check-in has climbed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    /// How many times it has fired.
    pub step: i64,
    /// The highest rung that has fired.
    pub rung: Option<Rung>,
    /// The day of the last weekly firing.
    pub weekly_on: Option<NaiveDate>,
    /// Everybody who has been nudged for it.
    pub told: Vec<PersonId>,
    /// 「やります」: by whom, and until when it is quiet.
    pub taken: Option<Taken>,
    /// The first 「やります」 keeps the supervisor's rung back until this
    /// instant; later ones do not move it.
    pub supervisor_from: Option<DateTime<Utc>>,
}

/// Somebody has said 「やります」.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Taken {
    pub by: PersonId,
    pub at: DateTime<Utc>,
    /// Asks again from this instant on.
    pub until: DateTime<Utc>,
}
