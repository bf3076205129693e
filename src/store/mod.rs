//! The only SQL: an office's rows on SQLite or PostgreSQL, from one text for both.
//!
//! [`Db`] opens and migrates; every function takes it and returns domain values
//! or a [`Fault`]. Rows stay in here. Reads of several statements see one
//! moment; writes are one transaction each, and no network is called inside.
//!
//! Two clocks: what the office does (contacts, check-ins, nudges) is told the
//! office's clock, leases and back-off are told real time. This room reads neither.
mod alarms;
pub mod archive;
pub mod audit;
mod changes;
mod check_ins;
pub mod checkup;
pub mod clock;
mod contacts;
pub mod cursors;
pub mod deliveries;
mod fault;
mod files;
mod households;
pub mod import;
mod journal;
mod leaves;
pub mod letters;
mod levels;
pub mod lists;
pub mod lock;
pub mod messages;
pub mod nudges;
pub mod occasions;
pub mod office;
mod outbox;
mod people;
mod requests;
pub mod rooms;
pub mod routes;
pub mod save;
mod saves;
pub mod scene;
pub mod staff;
mod staffing;
pub mod suggest;
pub mod tokens;
mod value;

pub use fault::{Fault, Result};

use sqlx::{
    Connection, PgConnection, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    migrate::Migrator,
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{path::PathBuf, time::Duration};

const BEGIN: &str = "BEGIN IMMEDIATE";

static SQLITE: Migrator = sqlx::migrate!("migrations/sqlite");
static POSTGRES: Migrator = sqlx::migrate!("migrations/postgres");

/// One message or tick needs one connection; the rest wait.
const CONNECTIONS_MAX: u32 = 8;
/// On SQLite each connection has its own pages and statements in memory: few
/// know more of them.
const READERS_MAX: u32 = 2;
/// How long a writer waits for another on SQLite, and anybody for a connection.
const WAIT: Duration = Duration::from_secs(10);

/// On PostgreSQL no statement takes longer, waits longer for another's lock, or
/// holds a transaction open without a word; on SQLite the lock alone can be waited for.
const POSTGRES_LIMITS: [(&str, &str); 3] = [
    ("statement_timeout", "30s"),
    ("lock_timeout", "10s"),
    ("idle_in_transaction_session_timeout", "60s"),
];

/// Where an office's data are. Not shown in logs: a URL may hold a password.
#[derive(Clone, PartialEq, Eq)]
pub enum Location {
    /// A SQLite database, made if there is none.
    File(PathBuf),
    /// A PostgreSQL database: `postgres://…`
    Url(String),
}

/// An office's open database.
#[derive(Debug, Clone)]
pub enum Db {
    /// The connections that read, and the one that writes: who waits inside SQLite
    /// sleeps and looks again, who waits for that one goes on in turn.
    Sqlite(SqlitePool, SqlitePool),
    Postgres(PgPool),
}

impl Db {
    /// Opens the database and brings its tables up to date.
    pub async fn open(location: &Location) -> Result<Db> {
        match location {
            Location::File(path) => {
                let options = SqliteConnectOptions::new()
                    .filename(path)
                    .create_if_missing(true)
                    .journal_mode(SqliteJournalMode::Wal)
                    // NORMAL loses acknowledged rows when the power goes.
                    .synchronous(SqliteSynchronous::Full)
                    .foreign_keys(true)
                    .busy_timeout(WAIT);
                let pool = |connections| {
                    SqlitePoolOptions::new()
                        .max_connections(connections)
                        .acquire_timeout(WAIT)
                        // There is no network on which a file could get lost.
                        .test_before_acquire(false)
                };
                let writer = pool(1).connect_with(options.clone()).await?;
                SQLITE.run(&writer).await?;
                let readers = pool(READERS_MAX).connect_with(options).await?;
                Ok(Db::Sqlite(readers, writer))
            }
            Location::Url(url) => {
                let options: PgConnectOptions = url.parse()?;
                // Bringing tables up to date may take its time.
                let mut first = PgConnection::connect_with(&options).await?;
                POSTGRES.run(&mut first).await?;
                first.close().await?;
                let pool = PgPoolOptions::new()
                    .max_connections(CONNECTIONS_MAX)
                    .acquire_timeout(WAIT)
                    .connect_with(options.options(POSTGRES_LIMITS))
                    .await?;
                Ok(Db::Postgres(pool))
            }
        }
    }

    /// Waits for what is under way and closes every connection. On SQLite the
    /// file alone holds everything afterwards: the last connection to close would
    /// see to that, but one that was still being opened may outlive the pool.
    pub async fn close(&self) {
        match self {
            Db::Sqlite(readers, writer) => {
                readers.close().await;
                let moved = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(writer);
                if let Err(error) = moved.await {
                    tracing::warn!(%error, "the last writes stay beside the database's file");
                }
                writer.close().await;
            }
            Db::Postgres(pool) => pool.close().await,
        }
    }

    /// Begins a transaction that writes. On SQLite it takes the write lock at
    /// once: one that begins with reading could not get it later.
    async fn write(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite(_, writer) => Tx::Sqlite(begin_to_write(writer).await?),
            Db::Postgres(pool) => Tx::Postgres(pool.begin().await?),
        })
    }

    /// Begins a transaction that only reads, all of it as of one moment. It
    /// ends when it is dropped.
    async fn read(&self) -> Result<Tx> {
        Ok(match self {
            Db::Sqlite(readers, _) => Tx::Sqlite(readers.begin().await?),
            Db::Postgres(pool) => Tx::Postgres(
                pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
                    .await?,
            ),
        })
    }
}

/// One transaction; dropped without [`Tx::commit`], it is rolled back.
enum Tx {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

/// A full disk and a write that fails end the transaction inside SQLite, while the
/// connection counts it for ever, and begins no other: then it makes room for a new one.
async fn begin_to_write(writer: &SqlitePool) -> Result<Transaction<'static, Sqlite>> {
    match writer.begin_with(BEGIN).await {
        Err(sqlx::Error::InvalidSavePointStatement) => {
            tracing::warn!("the connection that writes is made anew after a failed write");
            writer.acquire().await?.close().await?;
            Ok(writer.begin_with(BEGIN).await?)
        }
        begun => Ok(begun?),
    }
}

impl Tx {
    async fn commit(self) -> Result<()> {
        match self {
            Tx::Sqlite(tx) => tx.commit().await?,
            Tx::Postgres(tx) => tx.commit().await?,
        }
        Ok(())
    }
}

/// Runs a statement on either database: `execute!(tx, "…", a, b)` gives the
/// count of changed rows.
macro_rules! execute {
    ($tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => sqlx::query($sql)
                $(.bind($crate::store::value::Value::bound($bind)))*
                .execute(&mut **tx).await.map(|done| done.rows_affected()),
            $crate::store::Tx::Postgres(tx) => sqlx::query($sql)
                $(.bind($crate::store::value::Value::bound($bind)))*
                .execute(&mut **tx).await.map(|done| done.rows_affected()),
        }
        .map_err($crate::store::Fault::from)
    };
}

/// Runs a query on either database: `fetch!(all, Row, tx, "…", a, b)`, with
/// `all`, `optional` or `one`.
macro_rules! fetch {
    (all, $($rest:tt)*) => { $crate::store::fetch!(@ fetch_all, $($rest)*) };
    (optional, $($rest:tt)*) => { $crate::store::fetch!(@ fetch_optional, $($rest)*) };
    (one, $($rest:tt)*) => { $crate::store::fetch!(@ fetch_one, $($rest)*) };
    (@ $method:ident, $row:ty, $tx:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $tx {
            $crate::store::Tx::Sqlite(tx) => sqlx::query_as::<_, $row>($sql)
                $(.bind($crate::store::value::Value::bound($bind)))*
                .$method(&mut **tx).await,
            $crate::store::Tx::Postgres(tx) => sqlx::query_as::<_, $row>($sql)
                $(.bind($crate::store::value::Value::bound($bind)))*
                .$method(&mut **tx).await,
        }
        .map_err($crate::store::Fault::from)
    };
}
use {execute, fetch};
