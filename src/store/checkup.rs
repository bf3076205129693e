//! What a checkup reads: whether the tables are those of this program, and what
//! of an office cannot be as it is. It changes nothing.
use super::{Db, Fault, Location, POSTGRES, Result, SQLITE, WAIT, fetch, levels, value::read};
use crate::{
    conversation::{
        checkup::{Room, Spot},
        message::{Level, Platform},
    },
    domain::PersonId,
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sqlx::{
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqlitePoolOptions},
};
use std::collections::{BTreeMap, BTreeSet};

/// One check after another.
const CONNECTIONS_MAX: u32 = 1;

/// How the tables stand to this program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Schema {
    Current,
    /// So many steps are still to be done.
    Behind(usize),
    /// There are steps that this program does not know.
    Ahead,
    /// A step was begun and not finished.
    Halted,
}

/// Open households, and those of them without an open check-in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Households {
    pub open: i64,
    pub unscheduled: i64,
}

/// Opens a database to look at it: no table is made or changed, and no statement
/// can write.
pub async fn open(location: &Location) -> Result<Db> {
    Ok(match location {
        Location::File(path) => {
            let options = SqliteConnectOptions::new()
                .filename(path)
                .pragma("query_only", "ON")
                .busy_timeout(WAIT);
            let pool = SqlitePoolOptions::new()
                .max_connections(CONNECTIONS_MAX)
                .acquire_timeout(WAIT)
                .connect_with(options)
                .await?;
            Db::Sqlite(pool.clone(), pool)
        }
        Location::Url(url) => {
            let options: PgConnectOptions = url.parse()?;
            let options = options.options([("default_transaction_read_only", "on")]);
            let pool = PgPoolOptions::new()
                .max_connections(CONNECTIONS_MAX)
                .acquire_timeout(WAIT)
                .connect_with(options)
                .await?;
            Db::Postgres(pool)
        }
    })
}

/// Closes every connection, without tidying up as [`Db::close`] does: somebody
/// else may be at work.
pub async fn leave(db: Db) {
    match db {
        Db::Sqlite(pool, _) => pool.close().await,
        Db::Postgres(pool) => pool.close().await,
    }
}

/// `Refused` where the tables are none of ours.
pub async fn schema(db: &Db) -> Result<Schema> {
    let known: BTreeSet<i64> = match db {
        Db::Sqlite(..) => SQLITE.iter().map(|step| step.version).collect(),
        Db::Postgres(_) => POSTGRES.iter().map(|step| step.version).collect(),
    };
    let mut tx = db.read().await?;
    let steps = fetch!(
        all,
        (i64, bool),
        &mut tx,
        "SELECT version, success FROM _sqlx_migrations ORDER BY version",
    )?;
    let done: BTreeSet<i64> = steps.iter().map(|(version, _)| *version).collect();
    Ok(match known.difference(&done).count() {
        _ if steps.iter().any(|(_, is_whole)| !is_whole) => Schema::Halted,
        _ if !done.is_subset(&known) => Schema::Ahead,
        0 => Schema::Current,
        missing => Schema::Behind(missing),
    })
}

/// What is damaged in a SQLite database, the first of it in SQLite's own words: they
/// name tables and rows by number, never what stands there. A PostgreSQL looks after
/// its own pages.
pub async fn damage(db: &Db) -> Result<Option<String>> {
    let Db::Sqlite(pool, _) = db else {
        return Ok(None);
    };
    let checked = sqlx::query_scalar::<_, String>("PRAGMA integrity_check(1)")
        .fetch_one(pool)
        .await;
    match checked {
        Ok(said) => Ok((said != "ok").then_some(said)),
        Err(error) => match Fault::from(error) {
            Fault::Damaged(problem) => Ok(Some(problem.to_string())),
            fault => Err(fault),
        },
    }
}

/// What the office has chosen for each platform.
pub async fn levels(db: &Db) -> Result<BTreeMap<Platform, Level>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        (String, i64),
        &mut tx,
        "SELECT platform, level FROM chat_level ORDER BY platform",
    )?;
    let mut levels = BTreeMap::new();
    for (platform, number) in rows {
        let platform = read("chat_level.platform", &platform)?;
        if let Some(level) = levels::read(platform, Some(number))? {
            levels.insert(platform, level);
        }
    }
    Ok(levels)
}

/// The registered places of a platform. The day on which one was registered is
/// that of the zone.
pub async fn rooms(db: &Db, platform: Platform, zone: Tz) -> Result<Vec<Room>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        (String, String, DateTime<Utc>, bool),
        &mut tx,
        "SELECT r.place, t.name, r.registered_at, r.closed_at IS NULL FROM room r \
         JOIN team t ON t.id = r.team_id WHERE r.platform = $1 ORDER BY r.id",
        platform,
    )?;
    let room = |(place, team, at, is_open): (String, String, DateTime<Utc>, bool)| Room {
        place,
        spot: Spot {
            team,
            registered_on: at.with_timezone(&zone).date_naive(),
        },
        is_open,
    };
    Ok(rows.into_iter().map(room).collect())
}

/// People to whom a chat led that has died.
pub async fn lost_chats(db: &Db) -> Result<BTreeSet<PersonId>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        (i64,),
        &mut tx,
        "SELECT DISTINCT person_id FROM route WHERE dead_at IS NOT NULL AND platform <> $1",
        Platform::Page,
    )?;
    Ok(rows.into_iter().map(|(id,)| PersonId(id)).collect())
}

pub async fn households(db: &Db) -> Result<Households> {
    let mut tx = db.read().await?;
    let (open, unscheduled) = fetch!(
        one,
        (i64, i64),
        &mut tx,
        "SELECT count(*), COALESCE(SUM(CASE WHEN NOT EXISTS (SELECT 1 FROM check_in c \
         WHERE c.household_id = h.id AND c.state = 'open') THEN 1 ELSE 0 END), 0) \
         FROM household h WHERE h.state NOT IN ('closed', 'transferred')",
    )?;
    Ok(Households { open, unscheduled })
}

/// Answers that have waited to be brought since before that instant of real time.
pub async fn letters_before(db: &Db, instant: DateTime<Utc>) -> Result<i64> {
    let mut tx = db.read().await?;
    let (letters,) = fetch!(
        one,
        (i64,),
        &mut tx,
        "SELECT count(*) FROM letter WHERE made_at < $1",
        instant,
    )?;
    Ok(letters)
}

/// When the newest message was heard, in real time; None before the first.
pub async fn newest_message(db: &Db) -> Result<Option<DateTime<Utc>>> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        (DateTime<Utc>,),
        &mut tx,
        "SELECT heard_at FROM message WHERE key IS NOT NULL ORDER BY heard_at DESC LIMIT 1",
    )?;
    Ok(row.map(|(heard_at,)| heard_at))
}
