//! Takes an export into an empty database: all of it in one transaction, or
//! nothing.
use super::{
    FORMAT, Failed, Header, LINE_BYTES_MAX, Seal,
    cells::{Cell, RawLine, bound},
    count_rows, hex, newest_schema,
    restore::{Mended, Restorer, mend_in},
    tables::{TABLES, Table},
};
use crate::{
    conversation::archive::{Flaw, Flawed, Summary},
    store::{Db, Fault, Result, Tx, execute, fetch, value::Value},
};
use sha2::{Digest, Sha256};
use sqlx::AssertSqlSafe;
use std::{
    collections::BTreeMap,
    io::{BufRead, Read},
};

/// What came of a line.
enum Told {
    Row(&'static Table, Vec<Cell>),
    /// The last line, and all before it is as it was written.
    End,
}

/// Reads an export from its beginning to its end and changes nothing: what it holds.
pub fn inspect(from: impl BufRead) -> std::result::Result<Summary, Failed> {
    let mut lines = Lines::new(from);
    let header = lines.header()?;
    let mut rows = BTreeMap::new();
    while let Told::Row(table, _) = lines.next()? {
        *rows.entry(table.name.to_owned()).or_insert(0) += 1;
    }
    check_counts(&header, &rows)?;
    Ok(header.summary())
}

/// What was taken in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Taken {
    pub rows: u64,
    pub mended: Mended,
}

/// Takes an export in, as it is, or, for a restorer, as [`mend`] makes it.
/// `NotEmpty` where the database has a row.
///
/// [`mend`]: super::mend
pub async fn take_in(
    db: &Db,
    from: impl BufRead + Send,
    restorer: Option<&Restorer<'_>>,
) -> std::result::Result<Taken, Failed> {
    let mut lines = Lines::new(from);
    let header = lines.header()?;
    let own = newest_schema(db);
    match header.schema {
        file if file > own => return Err(Flaw::Newer.into()),
        file if file < own => return Err(Flaw::OtherTables { file, own }.into()),
        _ => {}
    }
    let mut tx = db.write().await?;
    if count_rows(&mut tx).await?.values().any(|rows| *rows > 0) {
        return Err(Failed::NotEmpty);
    }
    let eager = put_off_keys(&mut tx).await?;
    let mut rows = BTreeMap::new();
    while let Told::Row(table, cells) = lines.next()? {
        if let Err(fault) = insert(&mut tx, table, cells).await {
            return Err(match fault.is_transient() {
                true => fault.into(),
                false => lines.at_fault(Flaw::Refused),
            });
        }
        *rows.entry(table.name.to_owned()).or_insert(0) += 1;
    }
    check_counts(&header, &rows)?;
    keep_keys(&mut tx, &eager).await.map_err(unfit)?;
    set_last_ids(&mut tx, &header.last_ids).await?;
    let mended = match restorer {
        Some(restorer) => mend_in(&mut tx, restorer).await?,
        None => Mended::default(),
    };
    tx.commit().await.map_err(unfit)?;
    Ok(Taken {
        rows: rows.values().sum::<i64>().unsigned_abs(),
        mended,
    })
}

/// Rows that name one another do not fit together.
fn unfit(fault: Fault) -> Failed {
    match fault.is_transient() {
        true => fault.into(),
        false => Flaw::Refused.into(),
    }
}

fn check_counts(header: &Header, rows: &BTreeMap<String, i64>) -> std::result::Result<(), Failed> {
    let expected = header.rows.iter().filter(|(_, count)| **count > 0);
    match expected.eq(rows) {
        true => Ok(()),
        false => Err(Flaw::Counts.into()),
    }
}

/// The lines of an export, each with its number, and the hash of what was read.
struct Lines<R> {
    from: R,
    hash: Sha256,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    fn new(from: R) -> Lines<R> {
        Lines {
            from,
            hash: Sha256::new(),
            number: 0,
        }
    }

    fn at_fault(&self, flaw: Flaw) -> Failed {
        Failed::Flawed(Flawed {
            line: Some(self.number),
            flaw,
        })
    }

    /// The next line without its end; None at the end of the file.
    fn line(&mut self) -> std::result::Result<Option<Vec<u8>>, Failed> {
        self.number += 1;
        let mut line = Vec::new();
        let mut limited = self.from.by_ref().take(LINE_BYTES_MAX);
        if limited.read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        match line.pop() {
            Some(b'\n') => Ok(Some(line)),
            _ if line.len() as u64 + 1 == LINE_BYTES_MAX => Err(self.at_fault(Flaw::Unreadable)),
            _ => Err(self.at_fault(Flaw::Cut)),
        }
    }

    fn header(&mut self) -> std::result::Result<Header, Failed> {
        let line = match self.line() {
            Ok(Some(line)) => line,
            Ok(None) | Err(Failed::Flawed(_)) => return Err(Flaw::NotOurs.into()),
            Err(other) => return Err(other),
        };
        let header: Header = serde_json::from_slice(&line).map_err(|_| Flaw::NotOurs)?;
        if header.koekake_export > FORMAT {
            return Err(Flaw::Newer.into());
        }
        self.pass(&line);
        Ok(header)
    }

    fn next(&mut self) -> std::result::Result<Told, Failed> {
        let line = self.line()?.ok_or_else(|| self.at_fault(Flaw::Cut))?;
        if let Ok(seal) = serde_json::from_slice::<Seal>(&line) {
            return self.end(&seal);
        }
        let raw: RawLine =
            serde_json::from_slice(&line).map_err(|_| self.at_fault(Flaw::Unreadable))?;
        let (table, cells) = raw.read().map_err(|flaw| self.at_fault(flaw))?;
        self.pass(&line);
        Ok(Told::Row(table, cells))
    }

    fn pass(&mut self, line: &[u8]) {
        self.hash.update(line);
        self.hash.update(b"\n");
    }

    fn end(&mut self, seal: &Seal) -> std::result::Result<Told, Failed> {
        if hex(&self.hash.clone().finalize()) != seal.sha256 {
            return Err(Flaw::Damaged.into());
        }
        match self.line() {
            Ok(None) => Ok(Told::End),
            Ok(Some(_)) | Err(Failed::Flawed(_)) => Err(self.at_fault(Flaw::Continued)),
            Err(other) => Err(other),
        }
    }
}

async fn insert(tx: &mut Tx, table: &Table, cells: Vec<Cell>) -> Result<()> {
    let insert = AssertSqlSafe(table.insert());
    match tx {
        Tx::Sqlite(tx) => {
            bound!(sqlx::query(insert), cells)
                .execute(&mut **tx)
                .await?;
        }
        Tx::Postgres(tx) => {
            bound!(sqlx::query(insert), cells)
                .execute(&mut **tx)
                .await?;
        }
    }
    Ok(())
}

/// Tables name one another in circles: foreign keys are looked at when all rows
/// are there. The keys of PostgreSQL that are not made so, by table and name.
async fn put_off_keys(tx: &mut Tx) -> Result<Vec<(String, String)>> {
    let Tx::Postgres(tx) = tx else {
        execute!(tx, "PRAGMA defer_foreign_keys = ON")?;
        return Ok(Vec::new());
    };
    let eager: Vec<(String, String)> = sqlx::query_as(
        "SELECT conrelid::regclass::text, quote_ident(conname) FROM pg_constraint \
         WHERE contype = 'f' AND NOT condeferrable AND connamespace = current_schema()::regnamespace",
    )
    .fetch_all(&mut **tx)
    .await?;
    for (table, key) in &eager {
        let later =
            format!("ALTER TABLE {table} ALTER CONSTRAINT {key} DEFERRABLE INITIALLY DEFERRED");
        sqlx::query(AssertSqlSafe(later)).execute(&mut **tx).await?;
    }
    Ok(eager)
}

/// Looks at them, and makes them as they were.
async fn keep_keys(tx: &mut Tx, eager: &[(String, String)]) -> Result<()> {
    let Tx::Postgres(tx) = tx else {
        return Ok(());
    };
    sqlx::query("SET CONSTRAINTS ALL IMMEDIATE")
        .execute(&mut **tx)
        .await?;
    for (table, key) in eager {
        let again = format!("ALTER TABLE {table} ALTER CONSTRAINT {key} NOT DEFERRABLE");
        sqlx::query(AssertSqlSafe(again)).execute(&mut **tx).await?;
    }
    Ok(())
}

/// The next row of each table gets the id after that one.
pub(super) async fn set_last_ids(tx: &mut Tx, last_ids: &BTreeMap<String, i64>) -> Result<()> {
    for table in TABLES.iter().filter(|table| table.is_numbered()) {
        let last = last_ids.get(table.name).copied().unwrap_or(0);
        if last == 0 {
            continue;
        }
        match &mut *tx {
            Tx::Sqlite(_) => {
                let changed = execute!(
                    &mut *tx,
                    "UPDATE sqlite_sequence SET seq = $2 WHERE name = $1",
                    table.name,
                    last,
                )?;
                if changed == 0 {
                    execute!(
                        &mut *tx,
                        "INSERT INTO sqlite_sequence (name, seq) VALUES ($1, $2)",
                        table.name,
                        last,
                    )?;
                }
            }
            Tx::Postgres(_) => {
                fetch!(
                    one,
                    (i64,),
                    &mut *tx,
                    "SELECT setval(pg_get_serial_sequence($1, 'id'), $2)",
                    table.name,
                    last,
                )?;
            }
        }
    }
    Ok(())
}
