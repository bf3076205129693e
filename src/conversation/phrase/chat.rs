//! What is said in shared places, and about how a message came to us.
use crate::{
    conversation::message::Platform,
    domain::{check_in::Purpose, contact::Kind, household::Code},
};
use chrono::{NaiveDate, NaiveDateTime};

/// One sentence of a chat.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum ChatLine {
    /// For all who read the place: a contact of that kind, or a date alone.
    Acknowledged {
        code: Code,
        what: Acknowledged,
        next: Option<(Purpose, NaiveDate)>,
    },
    /// Everybody could read it.
    RoomIsOpenToAll,
    /// Who can read it; how many, where that is known.
    RoomReaders {
        count: Option<u32>,
    },
    /// Another team uses it now.
    RoomMoves,
    RoomShowsLittle,
    /// To the administrator.
    RoomUsed,
    /// For all who read the place.
    RoomBegins,
    /// The same where the office allows no logging.
    RoomServes,
    NotARoom,
    /// The message was typed anew.
    Edited,
    /// A message was typed anew of which nothing is recorded.
    EditUnread,
    /// It may have been meant as a log.
    NotRead,
    /// What was chosen, for the date has changed meanwhile.
    NotRecorded {
        code: Code,
    },
    /// A command without what it needs, or none of ours.
    UnclearCall,
    /// Long before it reached us.
    TypedAt {
        at: NaiveDateTime,
    },
    RouteSet {
        platform: Platform,
    },
    NoRoute {
        platform: Platform,
    },
    WhichRoute,
    /// None of the chats has been joined.
    NoChat,
}

/// What was recorded, as far as all may read it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Acknowledged {
    Contact(Option<Kind>),
    Date,
}
