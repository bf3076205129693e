//! How far each place of a chat has been read, for platforms that do not deliver
//! again what was missed.
use super::{Db, Result, execute, fetch};
use crate::conversation::message::Platform;
use chrono::{DateTime, Utc};

/// A place of a platform and the last message that was taken from it, both in
/// the platform's own ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cursor {
    pub place: String,
    pub seen: String,
}

/// Where people may have said something of which nothing was taken yet, so that
/// there is no cursor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Begun {
    /// The open shared places, and since when they are registered, in real time.
    pub rooms: Vec<(String, DateTime<Utc>)>,
    /// Of each living route the first message that was brought there.
    pub messages: Vec<String>,
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

/// Where reading begins: as many as shared places and people whom we write to.
pub async fn begun(db: &Db, platform: Platform) -> Result<Begun> {
    let mut tx = db.read().await?;
    let rooms = fetch!(
        all,
        (String, DateTime<Utc>),
        &mut tx,
        "SELECT place, registered_at FROM room WHERE platform = $1 AND closed_at IS NULL \
         ORDER BY id",
        platform,
    )?;
    let messages = fetch!(
        all,
        (String,),
        &mut tx,
        "SELECT message_ref FROM delivery WHERE id IN (SELECT MIN(sent.id) FROM delivery sent \
         JOIN route r ON r.id = sent.route_id WHERE r.platform = $1 AND r.dead_at IS NULL \
         AND sent.message_ref IS NOT NULL AND sent.message_ref <> '' GROUP BY r.id) ORDER BY id",
        platform,
    )?;
    Ok(Begun {
        rooms,
        messages: messages.into_iter().map(|(message,)| message).collect(),
    })
}
