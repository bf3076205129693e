//! What the auditor may find: a closed list, with what it is about.
use crate::domain::{HouseholdId, PersonId, TeamId, closed_list, household::Code};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};

closed_list! {
    /// Something that must not be in an office that is well.
    pub enum Trouble {
        /// An open household without exactly one open check-in.
        NoCheckIn,
        /// The hour of a look has passed and nobody has looked.
        LookMissed,
        /// The next look is later than the ladder says.
        LookTooFar,
        /// The ladder says that somebody is to be told by now, and nobody was.
        NudgeMissing,
        /// A message for somebody of the office waits for too long.
        DeliveryLate,
        /// Nobody was reached by any nudge of a check-in, and nobody else was told.
        NotDelivered,
        /// Answers in a chat wait for too long.
        LettersWait,
        /// A loop had died or hung.
        LoopStill,
        /// The machine's clock has jumped since the last audit.
        ClockJumped,
        /// The machine's clock stands before what was written down last.
        ClockBehind,
        /// A row that cannot be read was put aside.
        Unreadable,
        /// The office that should run has not audited itself lately.
        NoAudit,
    }
}

/// One thing that an audit has found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub trouble: Trouble,
    /// Whose team; None: everybody's.
    pub team: Option<TeamId>,
    pub household: Option<HouseholdId>,
    pub code: Option<Code>,
    /// The loop's name.
    pub which: Option<String>,
    /// Put right, or begun anew.
    pub mended: bool,
}

impl Finding {
    /// Of the whole office.
    pub fn of(trouble: Trouble) -> Finding {
        Finding {
            trouble,
            team: None,
            household: None,
            code: None,
            which: None,
            mended: false,
        }
    }

    /// Of a team.
    pub fn of_team(trouble: Trouble, team: TeamId) -> Finding {
        Finding {
            team: Some(team),
            ..Finding::of(trouble)
        }
    }
}

/// What an audit has found; nothing when all is well.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Audited {
    /// The office's clock.
    pub at: DateTime<Utc>,
    pub findings: Vec<Finding>,
}

/// Somebody whom no way reaches that calls them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutOfReach {
    pub person: PersonId,
    pub team: TeamId,
    /// The office's day on which the last way died; None: there never was one.
    pub since: Option<NaiveDate>,
}

/// What the auditor knows of the office, for the page.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Health {
    /// None: none yet.
    pub audited: Option<Audited>,
    /// Those of the reader's team.
    pub out_of_reach: Vec<OutOfReach>,
}
