//! One value of a row, whatever its table: as both databases and an export have it.
use super::tables::Table;
use crate::conversation::archive::Flaw;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize, Serializer, ser::SerializeMap};
use serde_json::{Map, Value};

/// What a column holds; NULL is a matter of the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Number,
    Flag,
    Text,
    Instant,
    Day,
    Time,
}

#[derive(Debug, Clone, Serialize)]
#[serde(untagged)]
pub(super) enum Cell {
    Number(Option<i64>),
    Flag(Option<bool>),
    Text(Option<String>),
    Instant(Option<DateTime<Utc>>),
    Day(Option<NaiveDate>),
    Time(Option<NaiveTime>),
}

/// The cells of a row of either database, in the order of the table's columns.
macro_rules! cells {
    ($table:expr, $row:expr) => {{
        let mut cells = Vec::with_capacity($table.columns.len());
        for (at, (_, kind)) in $table.columns.iter().enumerate() {
            cells.push(match kind {
                Kind::Number => Cell::Number($row.try_get(at)?),
                Kind::Flag => Cell::Flag($row.try_get(at)?),
                Kind::Text => Cell::Text($row.try_get(at)?),
                Kind::Instant => Cell::Instant($row.try_get(at)?),
                Kind::Day => Cell::Day($row.try_get(at)?),
                Kind::Time => Cell::Time($row.try_get(at)?),
            });
        }
        cells
    }};
}

/// A statement with those cells bound to it, for either database.
macro_rules! bound {
    ($query:expr, $cells:expr) => {{
        let mut query = $query;
        for cell in $cells {
            query = match cell {
                Cell::Number(number) => query.bind(number),
                Cell::Flag(flag) => query.bind(flag),
                Cell::Text(text) => query.bind(text),
                Cell::Instant(instant) => query.bind(Value::bound(instant)),
                Cell::Day(day) => query.bind(day),
                Cell::Time(time) => query.bind(time),
            };
        }
        query
    }};
}
pub(super) use {bound, cells};

/// A row as a line of an export.
pub(super) struct Line<'a> {
    pub(super) table: &'a Table,
    pub(super) cells: &'a [Cell],
}

impl Serialize for Line<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        struct Row<'a>(&'a Line<'a>);
        impl Serialize for Row<'_> {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                let names = self.0.table.columns.iter().map(|(name, _)| name);
                serializer.collect_map(names.zip(self.0.cells))
            }
        }
        let mut line = serializer.serialize_map(Some(2))?;
        line.serialize_entry("table", self.table.name)?;
        line.serialize_entry("row", &Row(self))?;
        line.end()
    }
}

/// A line of an export that holds a row, unread.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct RawLine {
    pub(super) table: String,
    pub(super) row: Map<String, Value>,
}

impl RawLine {
    /// Its table, and its cells in the order of the table's columns.
    pub(super) fn read(mut self) -> Result<(&'static Table, Vec<Cell>), Flaw> {
        let table = Table::named(&self.table).ok_or(Flaw::UnknownTable)?;
        let mut cells = Vec::with_capacity(table.columns.len());
        for (name, kind) in table.columns {
            let value = self.row.remove(*name).ok_or(Flaw::Columns)?;
            cells.push(kind.read(value).map_err(|_| Flaw::Columns)?);
        }
        match self.row.is_empty() {
            true => Ok((table, cells)),
            false => Err(Flaw::Columns),
        }
    }
}

impl Kind {
    fn read(self, value: Value) -> serde_json::Result<Cell> {
        Ok(match self {
            Kind::Number => Cell::Number(serde_json::from_value(value)?),
            Kind::Flag => Cell::Flag(serde_json::from_value(value)?),
            Kind::Text => Cell::Text(serde_json::from_value(value)?),
            Kind::Instant => Cell::Instant(serde_json::from_value(value)?),
            Kind::Day => Cell::Day(serde_json::from_value(value)?),
            Kind::Time => Cell::Time(serde_json::from_value(value)?),
        })
    }
}
