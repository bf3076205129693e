//! What lets somebody in: codes for joining by a chat, links and sessions for
//! the page. Only hashes are kept; all instants are real time.
use super::{
    Db, Fault, Result, Tx, execute, fetch, journal,
    people::{PersonRow, person_columns},
};
use crate::{
    conversation::{
        decision::{Deed, JournalEntry},
        message::{Account, JOIN_CODE_DAYS, LINK_MINUTES, Platform},
    },
    domain::{PersonId, people::Person},
};
use argon2::{Algorithm, Argon2, Params, Version};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sha2::{Digest, Sha256};

/// How long somebody stays signed in on the page.
pub const SESSION_HOURS: i64 = 12;

/// The page stands behind every chat.
pub(super) const PAGE_POSITION: i64 = 1_000;
/// One salt for all codes, so that a code is found by its hash; it keeps tables
/// that were made for others from fitting.
const CODE_SALT: &[u8] = b"koekake join code";

/// What became of a code that was sent to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Joined {
    /// The account is this person's from now on.
    As(PersonId),
    /// No such code, or spent, or too old, or its person has left.
    NoSuchCode,
    /// The account belongs to somebody else of the office.
    AnotherPersons,
}

/// Lets the person join with this code, and with no older one.
pub(super) async fn invite(
    tx: &mut Tx,
    code: &str,
    (person, made_by): (PersonId, PersonId),
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        &mut *tx,
        "UPDATE join_code SET expires_at = $2 \
         WHERE person_id = $1 AND spent_at IS NULL AND expires_at > $2",
        person,
        now,
    )?;
    execute!(
        tx,
        "INSERT INTO join_code (hash, person_id, made_by, made_at, expires_at) \
         VALUES ($1, $2, $3, $4, $5)",
        code_hash(code)?,
        person,
        made_by,
        now,
        now + TimeDelta::days(JOIN_CODE_DAYS),
    )?;
    Ok(())
}

/// The account becomes a route of whoever was invited with the code, which is
/// spent by it. It comes after the chats that the person has, before the page.
pub async fn join(
    db: &Db,
    code: &str,
    account: &Account,
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Result<Joined> {
    let typed = code.to_owned();
    let hash = tokio::task::spawn_blocking(move || code_hash(&typed)).await;
    let hash = hash.map_err(|problem| Fault::Broken(problem.to_string()))??;
    let mut tx = db.write().await?;
    let spent = fetch!(
        optional,
        (i64,),
        &mut tx,
        "UPDATE join_code SET spent_at = $2 WHERE hash = $1 AND spent_at IS NULL \
         AND expires_at > $2 AND person_id IN \
         (SELECT id FROM person WHERE left_on IS NULL OR left_on > $3) RETURNING person_id",
        hash.as_str(),
        now,
        today,
    )?;
    let Some((person,)) = spent else {
        return Ok(Joined::NoSuchCode);
    };
    let person = PersonId(person);
    match add_route(&mut tx, person, account, today).await? {
        true => {
            supersede(&mut tx, person, account, now).await?;
            tx.commit().await?;
            Ok(Joined::As(person))
        }
        // The code stays good for the account that it was meant for.
        false => Ok(Joined::AnotherPersons),
    }
}

/// Whoever joins with another account of the same platform has changed it, with
/// their telephone perhaps: nudges go where the older one stood, and there no more
/// until its person writes from it.
async fn supersede(
    tx: &mut Tx,
    person: PersonId,
    account: &Account,
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        &mut *tx,
        "UPDATE route SET position = (SELECT MIN(r.position) FROM route r \
         WHERE r.person_id = $1 AND r.platform = $2) \
         WHERE person_id = $1 AND platform = $2 AND account = $3",
        person,
        account.platform,
        account.id.as_str(),
    )?;
    execute!(
        tx,
        "UPDATE route SET dead_at = COALESCE(dead_at, $4), position = position + 1 \
         WHERE person_id = $1 AND platform = $2 AND account <> $3",
        person,
        account.platform,
        account.id.as_str(),
        now,
    )?;
    Ok(())
}

/// Makes the account a living route of the person; false where it belongs to
/// somebody else who has not left.
pub(super) async fn add_route(
    tx: &mut Tx,
    person: PersonId,
    account: &Account,
    today: NaiveDate,
) -> Result<bool> {
    let (position,) = fetch!(
        one,
        (i64,),
        &mut *tx,
        "SELECT COALESCE(MAX(position), 0) + 1 FROM route WHERE person_id = $1 AND position < $2",
        person,
        PAGE_POSITION,
    )?;
    let position = match account.platform {
        Platform::Page => PAGE_POSITION,
        Platform::Telegram | Platform::Discord => position,
    };
    let added = execute!(
        tx,
        "INSERT INTO route (person_id, platform, account, position) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (platform, account) DO UPDATE \
         SET person_id = excluded.person_id, position = excluded.position, dead_at = NULL \
         WHERE route.person_id = excluded.person_id OR EXISTS \
         (SELECT 1 FROM person p WHERE p.id = route.person_id AND p.left_on <= $5)",
        person,
        account.platform,
        account.id.as_str(),
        position,
        today,
    )?;
    Ok(added > 0)
}

/// Lets the person open the page once with this token.
pub(super) async fn link(
    tx: &mut Tx,
    token: &str,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO page_link (hash, person_id, made_at, expires_at) VALUES ($1, $2, $3, $4)",
        token_hash(token),
        person,
        now,
        now + TimeDelta::minutes(LINK_MINUTES),
    )?;
    Ok(())
}

/// Spends the link with this token and begins a session with another: whose. None:
/// no such link, or spent, or too old, or its person has left.
pub async fn sign_in(
    db: &Db,
    (link, session): (&str, &str),
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Option<PersonId>> {
    let mut tx = db.write().await?;
    let spent = fetch!(
        optional,
        (i64,),
        &mut tx,
        "UPDATE page_link SET spent_at = $2 WHERE hash = $1 AND spent_at IS NULL \
         AND expires_at > $2 AND person_id IN \
         (SELECT id FROM person WHERE left_on IS NULL OR left_on > $3) RETURNING person_id",
        token_hash(link),
        now,
        today,
    )?;
    let Some((person,)) = spent else {
        return Ok(None);
    };
    let person = PersonId(person);
    execute!(
        &mut tx,
        "INSERT INTO page_session (hash, person_id, made_at, expires_at) \
         VALUES ($1, $2, $3, $4)",
        token_hash(session),
        person,
        now,
        now + TimeDelta::hours(SESSION_HOURS),
    )?;
    let entry = JournalEntry {
        what: Deed::SignedIn,
        detail: String::new(),
    };
    journal::write(&mut tx, &entry, None, (person, now)).await?;
    tx.commit().await?;
    Ok(Some(person))
}

/// Whose session it is; None where there is none, or it has ended, or the
/// person has left.
pub async fn signed_in(
    db: &Db,
    session: &str,
    now: DateTime<Utc>,
    today: NaiveDate,
) -> Result<Option<Person>> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        PersonRow,
        &mut tx,
        concat!(
            "SELECT ",
            person_columns!(),
            " FROM person p JOIN page_session s ON s.person_id = p.id WHERE s.hash = $1 \
             AND s.expires_at > $2 AND (p.left_on IS NULL OR p.left_on > $3)"
        ),
        token_hash(session),
        now,
        today,
    )?;
    row.map(Person::try_from).transpose()
}

/// Ends that session.
pub async fn sign_out(db: &Db, session: &str) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "DELETE FROM page_session WHERE hash = $1",
        token_hash(session),
    )?;
    tx.commit().await
}

/// Ends all that lets the person in: codes, links and sessions.
pub(super) async fn end_all(tx: &mut Tx, person: PersonId) -> Result<()> {
    execute!(
        &mut *tx,
        "DELETE FROM join_code WHERE person_id = $1",
        person
    )?;
    execute!(
        &mut *tx,
        "DELETE FROM page_link WHERE person_id = $1",
        person
    )?;
    execute!(tx, "DELETE FROM page_session WHERE person_id = $1", person)?;
    Ok(())
}

/// Forgets what has run out by then.
pub async fn forget_old(db: &Db, now: DateTime<Utc>) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(&mut tx, "DELETE FROM join_code WHERE expires_at <= $1", now)?;
    execute!(&mut tx, "DELETE FROM page_link WHERE expires_at <= $1", now)?;
    execute!(
        &mut tx,
        "DELETE FROM page_session WHERE expires_at <= $1",
        now
    )?;
    tx.commit().await
}

/// A code is short: its hash is slow to guess. Case, spaces and dashes do not
/// matter.
fn code_hash(code: &str) -> Result<String> {
    let typed: String = code
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|c| c.to_ascii_uppercase())
        .collect();
    let broken = |problem: argon2::Error| Fault::Broken(problem.to_string());
    let mut hash = [0; 32];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, Params::default())
        .hash_password_into(typed.as_bytes(), CODE_SALT, &mut hash)
        .map_err(broken)?;
    Ok(hex(&hash))
}

/// A token is long and random: no table holds it.
fn token_hash(token: &str) -> String {
    hex(&Sha256::digest(token.as_bytes()))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
