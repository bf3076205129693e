//! What the office allows in a chat.
use super::{Fault, Result};
use crate::conversation::message::{Level, Platform};

/// The level of a platform, out of the table's number; None where the office
/// has not chosen one. The page is the office's own.
pub(super) fn read(platform: Platform, number: Option<i64>) -> Result<Option<Level>> {
    if platform == Platform::Page {
        return Ok(Some(Level::Logging));
    }
    let Some(number) = number else {
        return Ok(None);
    };
    let level = u8::try_from(number).ok().and_then(Level::of);
    let level = level.ok_or_else(|| Fault::Broken(format!("chat_level.level holds {number}")))?;
    Ok(Some(level))
}
