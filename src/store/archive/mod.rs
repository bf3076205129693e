//! An office as a file: a backup, which is a sealed copy of the SQLite file, or an
//! export, which is every row as a line and goes into either database.
mod backup;
mod cells;
mod export;
mod import;
mod restore;
mod tables;

pub use backup::{Copied, Settled, check, copy, seal, settle, unseal};
pub use export::write;
pub use import::{Taken, inspect, take_in};
pub use restore::{Mended, Restorer, last_heard, mend, note_export};

use super::{Db, Fault, POSTGRES, Result, SQLITE, Tx};
use crate::conversation::archive::{Flaw, Flawed, Summary};
use serde::{Deserialize, Serialize};
use sqlx::AssertSqlSafe;
use std::{collections::BTreeMap, io};
use tables::TABLES;

/// The layout of an export's lines.
const FORMAT: u32 = 1;
/// No line of an export is longer.
const LINE_BYTES_MAX: u64 = 16 << 20;

/// The first line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    koekake_export: u32,
    /// The newest migration of its tables.
    schema: i64,
    office: String,
    zone: String,
    /// How many rows of each table follow.
    rows: BTreeMap<String, i64>,
    /// The last id that was given in each table, whether or not its row is there.
    last_ids: BTreeMap<String, i64>,
}

/// The last line of an export.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Seal {
    /// Of all bytes before this line.
    sha256: String,
}

impl Header {
    fn summary(&self) -> Summary {
        let count = |table: &str| self.rows.get(table).copied().unwrap_or_default();
        Summary {
            office: self.office.clone(),
            households: count("household"),
            contacts: count("contact"),
        }
    }
}

/// Why a file was not written or not taken. Nothing of it is half done.
#[derive(Debug, thiserror::Error)]
pub enum Failed {
    #[error("the store: {0}")]
    Store(#[from] Fault),
    #[error("the file: {0}")]
    Io(#[from] io::Error),
    /// The file is at fault.
    #[error("the file cannot be taken: {0:?}")]
    Flawed(Flawed),
    /// The database that was to take an export holds something.
    #[error("the database is not empty")]
    NotEmpty,
}

impl From<Flaw> for Failed {
    fn from(flaw: Flaw) -> Failed {
        Failed::Flawed(Flawed { line: None, flaw })
    }
}

impl From<sqlx::Error> for Failed {
    fn from(error: sqlx::Error) -> Failed {
        Failed::Store(error.into())
    }
}

/// The newest migration that this program knows.
fn newest_schema(db: &Db) -> i64 {
    let known = match db {
        Db::Sqlite(..) => &SQLITE,
        Db::Postgres(_) => &POSTGRES,
    };
    known.iter().map(|step| step.version).max().unwrap_or(0)
}

/// How many rows each table has.
async fn count_rows(tx: &mut Tx) -> Result<BTreeMap<String, i64>> {
    let mut rows = BTreeMap::new();
    for table in TABLES {
        let count = format!("SELECT count(*) FROM {}", table.name);
        let count: i64 = match &mut *tx {
            Tx::Sqlite(tx) => {
                sqlx::query_scalar(AssertSqlSafe(count))
                    .fetch_one(&mut **tx)
                    .await?
            }
            Tx::Postgres(tx) => {
                sqlx::query_scalar(AssertSqlSafe(count))
                    .fetch_one(&mut **tx)
                    .await?
            }
        };
        rows.insert(table.name.to_owned(), count);
    }
    Ok(rows)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
