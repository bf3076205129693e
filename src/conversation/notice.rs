//! What others are told because of one message: a fact with its ids, phrased
//! in the reader's language when it is sent.
use super::{
    audit::Trouble,
    decision::{MADE, Made},
    message::Platform,
};
use crate::domain::{
    AlarmId, CheckInId, PersonId, RequestId,
    check_in::Window,
    contact::{Kind, Outcome},
    household::Code,
    request::Wish,
    rhythm::Occasion,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

/// One thing that somebody is told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Notice {
    /// A colleague has recorded a contact with your household.
    LoggedFor {
        code: Code,
        by: PersonId,
        kind: Option<Kind>,
        outcome: Option<Outcome>,
        window: Option<Window>,
    },
    /// A supervisor has changed the date of your household.
    DateChanged {
        code: Code,
        by: PersonId,
        window: Window,
    },
    /// Your alarm was read.
    AlarmConfirmed {
        code: Code,
        by: PersonId,
        at: DateTime<Utc>,
    },
    /// The alarm you were told of was taken back.
    AlarmWithdrawn {
        alarm: AlarmId,
        code: Code,
        by: PersonId,
    },
    /// A colleague asks something of you; with the household's figures for a closure.
    Asked {
        request: RequestId,
        code: Code,
        by: PersonId,
        wish: Wish,
        check_in: Option<CheckInId>,
        contacts: i64,
        last_on: Option<NaiveDate>,
    },
    /// What you asked for was answered.
    Answered {
        code: Code,
        by: PersonId,
        wish: Wish,
        accepted: bool,
    },
    /// The household is yours from now on, as main or second nurse.
    Entrusted {
        code: Code,
        by: PersonId,
        main: bool,
        check_in: Option<CheckInId>,
        window: Option<Window>,
    },
    /// All households of a colleague are yours from now on.
    EntrustedAll {
        from: PersonId,
        by: PersonId,
        count: usize,
    },
    /// The household is a colleague's from now on, and no longer yours.
    HandedOn {
        code: Code,
        by: PersonId,
        to: PersonId,
        main: bool,
    },
    /// The alarm that was taken back stands again.
    AlarmStands {
        alarm: AlarmId,
        code: Code,
        by: PersonId,
    },
    /// You need not stand in after all.
    CoverCancelled {
        person: PersonId,
        from: NaiveDate,
        to: NaiveDate,
    },
    /// You stand in for a colleague; how many households are due now and by then.
    Covering {
        person: PersonId,
        from: NaiveDate,
        to: NaiveDate,
        due_now: i64,
        due_within: i64,
    },
    /// What was to be brought to that colleague did not arrive by any route, or
    /// on the page alone though they had chosen a chat.
    Unreached { person: PersonId },
    /// No way reaches that colleague, who has open households or leads.
    OutOfReach {
        person: PersonId,
        since: Option<NaiveDate>,
    },
    /// The auditor has found that.
    Audit {
        trouble: Trouble,
        /// The loop's name.
        which: Option<String>,
        mended: bool,
    },
    /// On a day without a digest: that nothing is lost.
    Proof {
        open: i64,
        unscheduled: i64,
        sent: i64,
        failed: i64,
    },
    /// A list that comes by the calendar; its households stand beside it.
    Listed {
        occasion: Occasion,
        /// When it was to come; it may come later.
        meant_for: NaiveDate,
        /// The last day on which it is of use.
        until: NaiveDate,
        /// It has come before, by a clock that was wrong.
        is_again: bool,
    },
    /// A shared place of the team is used no more.
    RoomClosed {
        platform: Platform,
        /// Everybody could read it; else it cannot be posted to.
        open_to_all: bool,
    },
}

impl Notice {
    /// The household that it tells of.
    pub fn code(&self) -> Option<&Code> {
        match self {
            Notice::LoggedFor { code, .. }
            | Notice::DateChanged { code, .. }
            | Notice::AlarmConfirmed { code, .. }
            | Notice::AlarmWithdrawn { code, .. }
            | Notice::Asked { code, .. }
            | Notice::Answered { code, .. }
            | Notice::Entrusted { code, .. }
            | Notice::HandedOn { code, .. }
            | Notice::AlarmStands { code, .. } => Some(code),
            Notice::CoverCancelled { .. }
            | Notice::Covering { .. }
            | Notice::Unreached { .. }
            | Notice::OutOfReach { .. }
            | Notice::Audit { .. }
            | Notice::Proof { .. }
            | Notice::Listed { .. }
            | Notice::EntrustedAll { .. }
            | Notice::RoomClosed { .. } => None,
        }
    }

    /// The next date of that household, where it tells of one.
    pub fn day(&self) -> Option<NaiveDate> {
        match self {
            Notice::DateChanged { window, .. } => Some(window.on),
            Notice::LoggedFor { window, .. } | Notice::Entrusted { window, .. } => {
                window.map(|window| window.on)
            }
            _ => None,
        }
    }

    /// With the ids that the save has made.
    pub fn resolved(mut self, made: &Made) -> Notice {
        match &mut self {
            Notice::Asked {
                request, check_in, ..
            } => {
                if request.0 == MADE {
                    *request = made.request.unwrap_or(*request);
                }
                if let Some(id) = check_in
                    && id.0 == MADE
                {
                    *id = made.check_in.unwrap_or(*id);
                }
            }
            Notice::Entrusted {
                check_in: Some(id), ..
            } if id.0 == MADE => {
                *id = made.check_in.unwrap_or(*id);
            }
            _ => {}
        }
        self
    }
}
