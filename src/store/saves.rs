//! Saves: rows ↔ values, and the marks that an undo leaves on them.
use super::{
    Fault, Result, Tx, execute, fetch,
    households::{CheckInRow, Joined, check_in_columns},
    value::read_json,
};
use crate::{
    conversation::{message::Place, scene::Save},
    domain::{HouseholdId, PersonId, SaveId, check_in::CheckIn},
};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// A [`SaveRow`] of each save `s`.
macro_rules! select_saves {
    () => {
        concat!(
            "SELECT s.id, s.household_id, s.person_id, s.at, s.version, s.traces, s.undoes, s.undone_by, ",
            check_in_columns!(),
            " FROM save s LEFT JOIN check_in c ON c.id = s.check_in_before_id "
        )
    };
}

#[derive(FromRow)]
struct SaveRow {
    id: i64,
    household_id: i64,
    person_id: i64,
    at: DateTime<Utc>,
    version: i64,
    traces: String,
    undoes: Option<i64>,
    undone_by: Option<i64>,
    #[sqlx(flatten)]
    found: Joined<CheckInRow>,
}

impl TryFrom<SaveRow> for Save {
    type Error = Fault;

    fn try_from(row: SaveRow) -> Result<Save> {
        let found: Option<CheckIn> = row.found.0.map(CheckIn::try_from).transpose()?;
        Ok(Save {
            id: SaveId(row.id),
            household: HouseholdId(row.household_id),
            person: PersonId(row.person_id),
            at: row.at,
            version: row.version,
            made: read_json("save.traces", &row.traces)?,
            restores: found.map(|check_in| check_in.terms),
            undoes: row.undoes.map(SaveId),
            undone_by: row.undone_by.map(SaveId),
        })
    }
}

pub(super) async fn save(tx: &mut Tx, id: SaveId) -> Result<Option<Save>> {
    let row = fetch!(
        optional,
        SaveRow,
        tx,
        concat!(select_saves!(), "WHERE s.id = $1"),
        id,
    )?;
    row.map(Save::try_from).transpose()
}

/// The save that the message with this key made; of several households of a line,
/// that of the last.
pub(super) async fn said_as(tx: &mut Tx, key: &str) -> Result<Option<Save>> {
    let row = fetch!(
        optional,
        SaveRow,
        tx,
        concat!(
            select_saves!(),
            "WHERE s.message_id = (SELECT m.id FROM message m WHERE m.key = $1)"
        ),
        key,
    )?;
    row.map(Save::try_from).transpose()
}

/// The person's newest save in that place, taken back or not.
pub(super) async fn newest(tx: &mut Tx, person: PersonId, place: &Place) -> Result<Option<Save>> {
    let row = fetch!(
        optional,
        SaveRow,
        tx,
        concat!(
            select_saves!(),
            "WHERE s.person_id = $1 AND s.platform = $2 AND s.place = $3 \
             ORDER BY s.id DESC LIMIT 1"
        ),
        person,
        place.platform,
        place.id.as_str(),
    )?;
    row.map(Save::try_from).transpose()
}

/// Marks a save as taken back; what it had taken back itself stands again.
/// Stale if it was taken back before.
pub(super) async fn mark_undone(tx: &mut Tx, undone: SaveId, by: SaveId) -> Result<()> {
    let marked = execute!(
        tx,
        "UPDATE save SET undone_by = $2 WHERE id = $1 AND undone_by IS NULL",
        undone,
        by,
    )?;
    if marked == 0 {
        return Err(Fault::Stale);
    }
    execute!(
        tx,
        "UPDATE save SET undone_by = NULL WHERE undone_by = $1",
        undone,
    )?;
    Ok(())
}
