//! Messages: the keys that were answered and with what, and the chat's history.
use super::{
    Db, Result, Tx, execute, fetch,
    save::Envelope,
    value::{json, read_json},
};
use crate::{
    conversation::message::{Place, Reply},
    domain::{DeliveryId, PersonId},
};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// What is shown for a message: the sender's own words as codes, and our reply.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Spoken {
    pub echo: Option<String>,
    /// None: silence.
    pub reply: Option<Reply>,
}

/// A message in the history of a place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredMessage {
    pub id: i64,
    /// The office's clock.
    pub at: DateTime<Utc>,
    pub echo: Option<String>,
    pub reply: Option<Reply>,
}

/// What we post unasked: a delivery on a platform whose chat is kept here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Posting {
    pub place: Place,
    pub person: PersonId,
    pub delivery: DeliveryId,
    pub reply: Reply,
    /// The office's clock.
    pub at: DateTime<Utc>,
}

/// No page of the history is longer.
pub const HISTORY_MAX: i64 = 200;

/// The saved reply of a message that was answered already.
pub async fn answered(db: &Db, key: &str) -> Result<Option<Spoken>> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        (Option<String>, Option<String>),
        &mut tx,
        "SELECT echo, reply FROM message WHERE key = $1",
        key,
    )?;
    row.map(|(echo, reply)| {
        Ok(Spoken {
            echo,
            reply: read_reply(reply)?,
        })
    })
    .transpose()
}

/// The newest messages of a place before the given one, oldest first.
pub async fn history(
    db: &Db,
    place: &Place,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<StoredMessage>> {
    #[derive(FromRow)]
    struct MessageRow {
        id: i64,
        at: DateTime<Utc>,
        echo: Option<String>,
        reply: Option<String>,
    }
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        MessageRow,
        &mut tx,
        "SELECT id, at, echo, reply FROM message WHERE platform = $1 AND place = $2 \
         AND ($3 IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
        place.platform,
        place.id.as_str(),
        before,
        limit.min(HISTORY_MAX),
    )?;
    rows.into_iter()
        .rev()
        .map(|row| {
            Ok(StoredMessage {
                id: row.id,
                at: row.at,
                echo: row.echo,
                reply: read_reply(row.reply)?,
            })
        })
        .collect()
}

/// Posts a delivery, once: a second time gives the message of the first, with
/// the words of the second. Its id.
pub async fn post(db: &Db, posting: &Posting) -> Result<i64> {
    let mut tx = db.write().await?;
    let (id,) = fetch!(
        one,
        (i64,),
        &mut tx,
        "INSERT INTO message (platform, place, person_id, delivery_id, reply, at) \
         VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (delivery_id) \
         DO UPDATE SET reply = excluded.reply RETURNING id",
        posting.place.platform,
        posting.place.id.as_str(),
        posting.person,
        posting.delivery,
        json(&posting.reply)?,
        posting.at,
    )?;
    tx.commit().await?;
    Ok(id)
}

/// Shows other words in the place of a posted delivery; whether it was posted.
pub async fn revise(db: &Db, delivery: DeliveryId, reply: &Reply) -> Result<bool> {
    let mut tx = db.write().await?;
    let revised = execute!(
        &mut tx,
        "UPDATE message SET reply = $2 WHERE delivery_id = $1",
        delivery,
        json(reply)?,
    )?;
    tx.commit().await?;
    Ok(revised > 0)
}

/// Forgets the keys of messages that were heard before that instant of real
/// time; how many.
pub async fn forget_keys(db: &Db, before: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.write().await?;
    let forgotten = execute!(
        &mut tx,
        "UPDATE message SET key = NULL WHERE key IS NOT NULL AND heard_at < $1",
        before,
    )?;
    tx.commit().await?;
    Ok(forgotten)
}

/// A row for the message, which is what refuses its key a second time.
pub(super) async fn begin(tx: &mut Tx, envelope: &Envelope) -> Result<i64> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO message (platform, place, person_id, key, at, heard_at) \
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        envelope.place.platform,
        envelope.place.id.as_str(),
        envelope.person,
        envelope.key.as_str(),
        envelope.now,
        envelope.heard_at,
    )?;
    Ok(id)
}

/// What was said to it.
pub(super) async fn end(tx: &mut Tx, id: i64, spoken: &Spoken) -> Result<()> {
    execute!(
        tx,
        "UPDATE message SET echo = $2, reply = $3 WHERE id = $1",
        id,
        spoken.echo.as_deref(),
        spoken.reply.as_ref().map(json).transpose()?,
    )?;
    Ok(())
}

fn read_reply(text: Option<String>) -> Result<Option<Reply>> {
    text.map(|text| read_json("message.reply", &text))
        .transpose()
}
