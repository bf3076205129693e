//! Writes every row as a line of JSON, as of one moment, from either database to
//! the same bytes.
use super::{
    FORMAT, Failed, Header, Seal,
    cells::{Cell, Kind, Line, cells},
    count_rows, hex, newest_schema,
    tables::{TABLES, Table},
};
use crate::{
    conversation::archive::{Flaw, Summary},
    store::{Db, Result, Tx, fetch},
};
use futures_util::TryStreamExt;
use serde::Serialize;
use sha2::{Digest, Sha256};
use sqlx::{AssertSqlSafe, Row};
use std::{collections::BTreeMap, io::Write};

/// Writes the office, row by row and never more of it in memory, with personal
/// data: the file is for its owner alone. What it holds.
pub async fn write(db: &Db, to: impl Write + Send) -> std::result::Result<Summary, Failed> {
    let mut tx = db.read().await?;
    let header = header(db, &mut tx).await?;
    let mut out = Out {
        to,
        hash: Sha256::new(),
    };
    out.line(&header)?;
    for table in TABLES {
        write_table(&mut tx, table, &mut out).await?;
    }
    let sha256 = hex(&out.hash.clone().finalize());
    out.line(&Seal { sha256 })?;
    out.to.flush()?;
    Ok(header.summary())
}

/// Where lines go, and the hash of those that went.
struct Out<W> {
    to: W,
    hash: Sha256,
}

impl<W: Write> Out<W> {
    fn line(&mut self, line: &impl Serialize) -> std::result::Result<(), Failed> {
        let mut bytes = serde_json::to_vec(line).map_err(std::io::Error::from)?;
        bytes.push(b'\n');
        self.hash.update(&bytes);
        self.to.write_all(&bytes)?;
        Ok(())
    }
}

async fn header(db: &Db, tx: &mut Tx) -> std::result::Result<Header, Failed> {
    let office = fetch!(
        optional,
        (String, String),
        &mut *tx,
        "SELECT name, zone FROM office",
    )?;
    let (office, zone) = office.ok_or(Flaw::NoOffice)?;
    Ok(Header {
        koekake_export: FORMAT,
        schema: newest_schema(db),
        office,
        zone,
        rows: count_rows(tx).await?,
        last_ids: last_ids(tx).await?,
    })
}

/// Those of rows that are gone count as well: no id is given twice.
pub(super) async fn last_ids(tx: &mut Tx) -> Result<BTreeMap<String, i64>> {
    let mut last_ids = BTreeMap::new();
    for table in TABLES.iter().filter(|table| table.is_numbered()) {
        let last: Option<i64> = match &mut *tx {
            Tx::Sqlite(tx) => {
                sqlx::query_scalar("SELECT seq FROM sqlite_sequence WHERE name = $1")
                    .bind(table.name)
                    .fetch_optional(&mut **tx)
                    .await?
            }
            Tx::Postgres(tx) => {
                sqlx::query_scalar(
                    "SELECT pg_sequence_last_value(pg_get_serial_sequence($1, 'id')::regclass)",
                )
                .bind(table.name)
                .fetch_one(&mut **tx)
                .await?
            }
        };
        last_ids.insert(table.name.to_owned(), last.unwrap_or(0));
    }
    Ok(last_ids)
}

async fn write_table<W: Write>(
    tx: &mut Tx,
    table: &Table,
    out: &mut Out<W>,
) -> std::result::Result<(), Failed> {
    macro_rules! each_row {
        ($tx:expr, $bytes:literal) => {{
            let select = AssertSqlSafe(table.select($bytes));
            let mut rows = sqlx::query(select).fetch(&mut **$tx);
            while let Some(row) = rows.try_next().await? {
                let cells = cells!(table, row);
                let line = Line {
                    table,
                    cells: &cells,
                };
                out.line(&line)?;
            }
        }};
    }
    match tx {
        Tx::Sqlite(tx) => each_row!(tx, ""),
        Tx::Postgres(tx) => each_row!(tx, " COLLATE \"C\""),
    }
    Ok(())
}
