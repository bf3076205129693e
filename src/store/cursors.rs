//! How far each place of a chat has been read, for platforms that do not deliver
//! again what was missed.
use super::{Db, Result, execute, fetch};
use crate::conversation::message::Platform;

/// A place of a platform and the last message that was taken from it, both in
/// the platform's own ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub place: String,
    pub seen: String,
}

/// The place has been read so far.
pub async fn put(db: &Db, platform: Platform, cursor: &Cursor) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "INSERT INTO cursor (platform, place, seen) VALUES ($1, $2, $3) \
         ON CONFLICT (platform, place) DO UPDATE SET seen = excluded.seen",
        platform,
        cursor.place.as_str(),
        cursor.seen.as_str(),
    )?;
    tx.commit().await
}

/// The place cannot be read any more.
pub async fn forget(db: &Db, platform: Platform, place: &str) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "DELETE FROM cursor WHERE platform = $1 AND place = $2",
        platform,
        place,
    )?;
    tx.commit().await
}

/// Every place of that platform: as many as people and shared places we talk in.
pub async fn all(db: &Db, platform: Platform) -> Result<Vec<Cursor>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        (String, String),
        &mut tx,
        "SELECT place, seen FROM cursor WHERE platform = $1 ORDER BY place",
        platform,
    )?;
    let cursor = |(place, seen)| Cursor { place, seen };
    Ok(rows.into_iter().map(cursor).collect())
}
