//! A sealed copy of the SQLite file: made beside a running office, as of one
//! moment, and looked through before it is believed.
//!
//! The seal is one line behind the last page, where SQLite does not look: the file
//! stays one that every SQLite opens, and a single changed bit is seen.
use super::{Failed, hex};
use crate::{
    conversation::archive::{Flaw, Summary},
    store::{Fault, SQLITE, WAIT},
};
use sha2::{Digest, Sha256};
use sqlx::{ConnectOptions, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs::{File, OpenOptions},
    io::{Read, Seek, SeekFrom, Write},
    path::Path,
    time::Duration,
};

/// The head of every SQLite file; its page size stands behind it.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";
const SEAL: &str = "koekake-backup sha256=";
/// With 64 digits and the end of the line.
const SEAL_BYTES: usize = SEAL.len() + 64 + 1;
const CHUNK_BYTES: usize = 1 << 16;
/// Who is only looking has a database no longer open than that.
const PATIENCE: Duration = Duration::from_secs(2);

type Result<T> = std::result::Result<T, Failed>;

/// Rows of the tables from which nothing is ever taken out, before and after the
/// moment of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Copied {
    before: BTreeMap<String, i64>,
    after: BTreeMap<String, i64>,
}

/// A row of each is kept for ever.
const COUNTED: &str = "SELECT 'office', count(*) FROM office \
     UNION ALL SELECT 'team', count(*) FROM team \
     UNION ALL SELECT 'person', count(*) FROM person \
     UNION ALL SELECT 'household', count(*) FROM household \
     UNION ALL SELECT 'check_in', count(*) FROM check_in \
     UNION ALL SELECT 'contact', count(*) FROM contact \
     UNION ALL SELECT 'message', count(*) FROM message \
     UNION ALL SELECT 'save', count(*) FROM save \
     UNION ALL SELECT 'alarm', count(*) FROM alarm \
     UNION ALL SELECT 'request', count(*) FROM request \
     UNION ALL SELECT 'nudge', count(*) FROM nudge \
     UNION ALL SELECT 'delivery', count(*) FROM delivery \
     UNION ALL SELECT 'journal', count(*) FROM journal";

/// Copies the database at `from` into `to`, which is empty or not there, as of one
/// moment and beside whoever is writing. On a connection of its own, so that
/// nobody waits for it.
pub async fn copy(from: &Path, to: &Path) -> Result<Copied> {
    let options = SqliteConnectOptions::new()
        .filename(from)
        .busy_timeout(WAIT);
    let mut connection = options.connect().await?;
    let before = counted(&mut connection).await?;
    sqlx::query("VACUUM INTO $1")
        .bind(to.display().to_string())
        .execute(&mut connection)
        .await?;
    let after = counted(&mut connection).await?;
    connection.close().await?;
    Ok(Copied { before, after })
}

async fn counted(connection: &mut SqliteConnection) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(COUNTED).fetch_all(connection).await?;
    Ok(rows.into_iter().collect())
}

/// Puts the seal behind the last page of a finished copy.
pub fn seal(copy: &Path) -> Result<()> {
    let mut file = OpenOptions::new().read(true).append(true).open(copy)?;
    let sha256 = hash(&mut file, u64::MAX, |_| Ok(()))?;
    writeln!(file, "{SEAL}{sha256}")?;
    Ok(())
}

/// Writes what stands before the seal to the end of another file. One without a
/// seal, as other programs copy them, has to be whole pages.
pub fn unseal(backup: &Path, to: &mut impl Write) -> Result<()> {
    let mut file = File::open(backup)?;
    let length = file.metadata()?.len();
    let mut head = [0; 18];
    if file.read_exact(&mut head).is_err() || head[..16] != MAGIC[..] {
        return Err(Flaw::NotOurs.into());
    }
    let sealed = read_seal(&mut file, length)?;
    let body = match &sealed {
        Some(_) => length - SEAL_BYTES as u64,
        None => length,
    };
    // A page of 65,536 bytes is written as 1.
    let page = match u64::from(u16::from_be_bytes([head[16], head[17]])) {
        1 => 65_536,
        page => page,
    };
    if page == 0 || body % page != 0 {
        return Err(Flaw::Damaged.into());
    }
    file.seek(SeekFrom::Start(0))?;
    let found = hash(&mut file, body, |bytes| to.write_all(bytes))?;
    match sealed {
        Some(sealed) if sealed != found => Err(Flaw::Damaged.into()),
        _ => Ok(()),
    }
}

fn read_seal(file: &mut File, length: u64) -> Result<Option<String>> {
    let Some(start) = length.checked_sub(SEAL_BYTES as u64) else {
        return Ok(None);
    };
    let mut line = String::new();
    file.seek(SeekFrom::Start(start))?;
    // Pages are mostly no text.
    let _ = file.read_to_string(&mut line);
    let sha256 = line
        .strip_prefix(SEAL)
        .and_then(|rest| rest.strip_suffix('\n'));
    Ok(sha256.map(str::to_owned))
}

/// The hash of so many bytes at most, each piece handed on.
fn hash(
    file: &mut File,
    length: u64,
    mut each: impl FnMut(&[u8]) -> std::io::Result<()>,
) -> Result<String> {
    let mut hash = Sha256::new();
    let mut chunk = vec![0; CHUNK_BYTES];
    let mut limited = file.take(length);
    loop {
        match limited.read(&mut chunk)? {
            0 => return Ok(hex(&hash.finalize())),
            read => {
                hash.update(&chunk[..read]);
                each(&chunk[..read])?;
            }
        }
    }
}

/// What became of a database that was to be one file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Settled {
    /// Nothing stands beside it any more, and nobody has it open.
    Whole,
    /// SQLite cannot read it.
    Unreadable,
}

/// Moves all that stands beside a database into its file. `Busy` where somebody
/// has it open. One that cannot be read is not touched: opened to be written,
/// SQLite throws away what stands beside it.
pub async fn settle(database: &Path) -> crate::store::Result<Settled> {
    if !is_readable(database).await {
        return Ok(Settled::Unreadable);
    }
    let options = SqliteConnectOptions::new()
        .filename(database)
        .busy_timeout(PATIENCE);
    let mut connection = options.connect().await?;
    let mode = sqlx::query_scalar("PRAGMA journal_mode = DELETE")
        .fetch_one(&mut connection)
        .await;
    connection.close().await?;
    match mode
        .map(|mode: String| mode == "delete")
        .map_err(Fault::from)
    {
        Ok(true) => Ok(Settled::Whole),
        Err(fault) if fault.is_transient() => Err(fault),
        Ok(false) | Err(_) => Ok(Settled::Unreadable),
    }
}

/// Whether its first page is one of a database.
async fn is_readable(database: &Path) -> bool {
    let options = SqliteConnectOptions::new()
        .filename(database)
        .read_only(true)
        .immutable(true);
    let looked = async {
        let mut connection = options.connect().await?;
        let version: i64 = sqlx::query_scalar("PRAGMA schema_version")
            .fetch_one(&mut connection)
            .await?;
        connection.close().await?;
        Ok::<_, sqlx::Error>(version)
    };
    looked.await.is_ok_and(|version| version > 0)
}

/// Looks a copy through, without its seal or with it, and changes nothing: pages,
/// foreign keys, whether the tables are ours and no newer than this program,
/// whether an office is in it, and, where it was copied just now, that no row is
/// missing. What it holds.
pub async fn check(copy: &Path, copied: Option<&Copied>) -> Result<Summary> {
    let options = SqliteConnectOptions::new()
        .filename(copy)
        .read_only(true)
        // Nobody else has it, and nothing is to be made beside it.
        .immutable(true);
    let mut connection = options.connect().await.map_err(|_| Flaw::NotOurs)?;
    let looked = look(&mut connection, copied).await;
    connection.close().await?;
    looked
}

async fn look(connection: &mut SqliteConnection, copied: Option<&Copied>) -> Result<Summary> {
    let broken = |_: sqlx::Error| Failed::from(Flaw::Damaged);
    let whole: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check")
        .fetch_all(&mut *connection)
        .await
        .map_err(broken)?;
    if whole != ["ok"] {
        return Err(Flaw::Damaged.into());
    }
    check_steps(connection).await?;
    let astray = sqlx::query("PRAGMA foreign_key_check")
        .fetch_all(&mut *connection)
        .await
        .map_err(broken)?;
    if !astray.is_empty() {
        return Err(Flaw::Damaged.into());
    }
    let office: Option<(String, bool)> = sqlx::query_as("SELECT name, made_up FROM office")
        .fetch_optional(&mut *connection)
        .await
        .map_err(broken)?;
    let (office, made_up) = office.ok_or(Flaw::NoOffice)?;
    if made_up {
        return Err(Flaw::MadeUp.into());
    }
    let found = counted(connection).await?;
    let is_whole = copied.is_none_or(|copied| {
        found.iter().all(|(table, rows)| {
            copied.before.get(table) <= Some(rows) && Some(rows) <= copied.after.get(table)
        })
    });
    if !is_whole {
        return Err(Flaw::Counts.into());
    }
    let count = |table: &str| found.get(table).copied().unwrap_or_default();
    Ok(Summary {
        office,
        households: count("household"),
        contacts: count("contact"),
    })
}

/// Its tables are ours, by migrations that were finished and that we know as they are.
async fn check_steps(connection: &mut SqliteConnection) -> Result<()> {
    let steps: Vec<(i64, bool, Vec<u8>)> =
        sqlx::query_as("SELECT version, success, checksum FROM _sqlx_migrations")
            .fetch_all(connection)
            .await
            .map_err(|_| Flaw::NotOurs)?;
    let known: BTreeMap<i64, &[u8]> = SQLITE
        .iter()
        .map(|step| (step.version, &*step.checksum))
        .collect();
    let done: BTreeSet<i64> = steps.iter().map(|(version, ..)| *version).collect();
    if done.iter().any(|version| !known.contains_key(version)) {
        return Err(Flaw::Newer.into());
    }
    let is_ours = |(version, is_done, sum): &(i64, bool, Vec<u8>)| {
        *is_done && known.get(version) == Some(&sum.as_slice())
    };
    match !steps.is_empty() && steps.iter().all(is_ours) {
        true => Ok(()),
        false => Err(Flaw::NotOurs.into()),
    }
}
