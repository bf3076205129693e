//! What is said about a chat itself: who may come in, what it may show, and
//! whom it cannot reach.
use crate::{
    conversation::message::Platform,
    domain::{household::Code, people::Role},
};
use chrono::NaiveDate;

/// One sentence about a chat. Beside [`Outside::CodeAndDay`] and
/// [`Outside::NewsOf`] none of them names a household.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum Outside {
    // To a stranger, who may be a resident.
    StaffOnly,
    Counselling {
        /// Telephone and hours, as the office has set them.
        at: String,
    },
    SendTheCode,
    // Joining.
    Joined {
        name: String,
        team: String,
        role: Role,
    },
    JoinedAlready {
        name: String,
    },
    /// A mistake of ours; of a line of several households some may be recorded.
    CouldNotRecord {
        in_part: bool,
    },
    // Where less than logging is allowed.
    NewsOnly,
    DatesOnly,
    News,
    NewsOf {
        code: Code,
    },
    UrgentNews,
    NewsIsOver,
    CodeAndDay {
        code: Code,
        on: NaiveDate,
    },
    DatesTitle,
    NoDates,
    PageAt {
        url: String,
    },
    // Whom and where a chat cannot reach.
    CheckRoutes {
        name: String,
    },
    RoomOpenToAll {
        platform: Platform,
    },
    RoomLost {
        platform: Platform,
    },
}
