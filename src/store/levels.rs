//! What the office allows in a chat.
use super::{Fault, Result};
use crate::conversation::message::{Level, Platform};

/// The level of a platform, out of the table's number; None where the office
/// has not chosen one. The page is the office's own.
pub(super) fn read(platform: Platform, number: Option<i64>) -> Result<Option<Level>> {
    match (platform, number) {
        (Platform::Page, _) | (_, Some(3)) => Ok(Some(Level::Logging)),
        (_, Some(2)) => Ok(Some(Level::Dates)),
        (_, Some(1)) => Ok(Some(Level::Notice)),
        (_, None) => Ok(None),
        (_, Some(other)) => Err(Fault::Broken(format!("chat_level.level holds {other}"))),
    }
}

/// As offices speak of levels, and the table has them.
pub(super) fn number(level: Level) -> i64 {
    match level {
        Level::Notice => 1,
        Level::Dates => 2,
        Level::Logging => 3,
    }
}
