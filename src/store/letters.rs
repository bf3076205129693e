//! Letters: what has still to be said in a chat. A letter is born in the
//! transaction of the message that it answers, and is gone when it was sent.
use super::{
    Db, Fault, Result, Tx, execute, fetch,
    nudges::Found,
    value::{json, read, read_json},
};
use crate::{
    conversation::message::{Platform, Reply},
    domain::PersonId,
};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sqlx::FromRow;
use std::fmt;

/// Where a letter goes, in the platform's own handles.
#[derive(Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Address {
    /// Reaches one person alone.
    Alone(String),
    /// A shared place; with the message there that is answered.
    Room {
        room: String,
        message: Option<String>,
    },
}

/// Without the handle: on some platforms whoever has it can answer as the bot.
impl fmt::Debug for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Address::Alone(_) => f.debug_tuple("Alone").finish_non_exhaustive(),
            Address::Room { room, message } => f
                .debug_struct("Room")
                .field("room", room)
                .field("message", message)
                .finish(),
        }
    }
}

/// Something to be said in a chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// Never used again; None where it is tried once and not kept.
    pub id: Option<i64>,
    pub platform: Platform,
    pub address: Address,
    /// To whom, or at whose message.
    pub person: Option<PersonId>,
    pub reply: Reply,
    /// How many times it was tried, this time not counted.
    pub attempts: i64,
    /// An attempt ended without an answer: it may have arrived.
    pub maybe_sent: bool,
    /// What it answers may have been answered before the office was restored.
    pub maybe_repeated: bool,
}

/// No claim takes more: they are sent at once, and each may take its time.
pub const CLAIM_MAX: i64 = 8;

/// When a letter was made, and until when its maker sends it and has it; real time.
#[derive(Debug, Clone, Copy)]
pub(super) struct Begun {
    pub(super) made_at: DateTime<Utc>,
    pub(super) try_at: DateTime<Utc>,
    /// When what it answers was typed: before the office was restored, it may have
    /// been answered then.
    pub(super) typed_at: Option<DateTime<Utc>>,
}

/// Puts a letter down, which gets its id.
pub(super) async fn add(tx: &mut Tx, letter: &mut Letter, begun: Begun) -> Result<()> {
    let (id, maybe_repeated) = fetch!(
        one,
        (i64, bool),
        tx,
        "INSERT INTO letter (platform, address, person_id, reply, made_at, try_at, attempts, \
         under_way, maybe_sent, maybe_repeated) VALUES ($1, $2, $3, $4, $5, $6, 0, TRUE, FALSE, \
         coalesce($7 < (SELECT restored_at FROM office), FALSE)) RETURNING id, maybe_repeated",
        letter.platform,
        json(&letter.address)?,
        letter.person,
        json(&letter.reply)?,
        begun.made_at,
        begun.try_at,
        begun.typed_at,
    )?;
    letter.id = Some(id);
    letter.maybe_repeated = maybe_repeated;
    Ok(())
}

/// Puts a letter down that nobody has begun to send.
pub(super) async fn leave(tx: &mut Tx, letter: &Letter, now: DateTime<Utc>) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO letter (platform, address, person_id, reply, made_at, try_at, attempts, \
         under_way, maybe_sent) VALUES ($1, $2, $3, $4, $5, $5, 0, FALSE, FALSE)",
        letter.platform,
        json(&letter.address)?,
        letter.person,
        json(&letter.reply)?,
        now,
    )?;
    Ok(())
}

/// Takes over letters whose time has come, the oldest first; they are the
/// caller's until `until`. What its last sender left without a word may have
/// arrived. One that cannot be read stops no other.
pub async fn claim(
    db: &Db,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Found<Letter, i64>> {
    let mut tx = db.write().await?;
    let mut rows = fetch!(
        all,
        LetterRow,
        &mut tx,
        "UPDATE letter SET try_at = $2, attempts = attempts + 1, \
         maybe_sent = (maybe_sent OR under_way), under_way = TRUE \
         WHERE id IN (SELECT id FROM letter WHERE try_at <= $1 ORDER BY try_at, id LIMIT $3) \
         AND try_at <= $1 \
         RETURNING id, platform, address, person_id, reply, attempts, maybe_sent, maybe_repeated",
        now,
        until,
        CLAIM_MAX,
    )?;
    tx.commit().await?;
    rows.sort_by_key(|row| row.id);
    Ok(Found::sort(
        rows.into_iter().map(|row| (row.id, Letter::try_from(row))),
    ))
}

/// When a letter or delivery is tried again, and whether it may have arrived all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Again {
    pub try_at: DateTime<Utc>,
    pub maybe_sent: bool,
}

/// It is tried again.
pub async fn later(db: &Db, id: i64, again: &Again) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "UPDATE letter SET try_at = $2, maybe_sent = (maybe_sent OR $3), under_way = FALSE \
         WHERE id = $1",
        id,
        again.try_at,
        again.maybe_sent,
    )?;
    tx.commit().await
}

/// It goes there from now on.
pub async fn readdress(db: &Db, id: i64, address: &Address) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "UPDATE letter SET address = $2 WHERE id = $1",
        id,
        json(address)?,
    )?;
    tx.commit().await
}

/// Gives up letters that were made before that instant, by the platforms that
/// did not take them: an answer so old helps nobody.
pub async fn give_up(db: &Db, before: DateTime<Utc>) -> Result<Vec<(i64, String)>> {
    let mut tx = db.write().await?;
    let given_up = fetch!(
        all,
        (i64, String),
        &mut tx,
        "DELETE FROM letter WHERE made_at < $1 RETURNING id, platform",
        before,
    )?;
    tx.commit().await?;
    Ok(given_up)
}

/// These were sent, or need not be sent any more.
pub async fn settled(db: &Db, ids: &[i64]) -> Result<()> {
    let mut ids = ids.to_vec();
    ids.sort_unstable();
    let mut tx = db.write().await?;
    // They are neighbours mostly.
    for run in ids.chunk_by(|id, next| *next <= *id + 1) {
        let (Some(first), Some(last)) = (run.first(), run.last()) else {
            continue;
        };
        execute!(
            &mut tx,
            "DELETE FROM letter WHERE id BETWEEN $1 AND $2",
            *first,
            *last,
        )?;
    }
    tx.commit().await
}

/// Frees every letter to be tried now. Only for the sole holder of a database,
/// at its start: whoever had them is dead. How many there are.
pub async fn free(db: &Db, now: DateTime<Utc>) -> Result<u64> {
    let mut tx = db.write().await?;
    let freed = execute!(&mut tx, "UPDATE letter SET try_at = $1", now)?;
    tx.commit().await?;
    Ok(freed)
}

#[derive(FromRow)]
struct LetterRow {
    id: i64,
    platform: String,
    address: String,
    person_id: i64,
    reply: String,
    attempts: i64,
    maybe_sent: bool,
    maybe_repeated: bool,
}

impl TryFrom<LetterRow> for Letter {
    type Error = Fault;

    fn try_from(row: LetterRow) -> Result<Letter> {
        Ok(Letter {
            id: Some(row.id),
            platform: read("letter.platform", &row.platform)?,
            address: read_json("letter.address", &row.address)?,
            person: Some(PersonId(row.person_id)),
            reply: read_json("letter.reply", &row.reply)?,
            attempts: row.attempts,
            maybe_sent: row.maybe_sent,
            maybe_repeated: row.maybe_repeated,
        })
    }
}
