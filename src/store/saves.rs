//! Saves: rows ↔ values, and the marks that an undo leaves on them.
use super::{
    Fault, Result, Tx, execute, fetch,
    households::{CheckInRow, check_in_columns},
    value::read_json,
};
use crate::{
    conversation::{message::Place, scene::Save},
    domain::{HouseholdId, PersonId, SaveId, check_in::CheckIn},
};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// The columns of [`SaveRow`], from `save s`.
macro_rules! save_columns {
    () => {
        "s.id, s.household_id, s.person_id, s.at, s.version, s.traces, s.undoes, s.undone_by"
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
}

impl TryFrom<SaveRow> for Save {
    type Error = Fault;

    fn try_from(row: SaveRow) -> Result<Save> {
        Ok(Save {
            id: SaveId(row.id),
            household: HouseholdId(row.household_id),
            person: PersonId(row.person_id),
            at: row.at,
            version: row.version,
            made: read_json("save.traces", &row.traces)?,
            restores: None,
            undoes: row.undoes.map(SaveId),
            undone_by: row.undone_by.map(SaveId),
        })
    }
}

pub(super) async fn save(tx: &mut Tx, id: SaveId) -> Result<Option<Save>> {
    let row = fetch!(
        optional,
        SaveRow,
        &mut *tx,
        concat!("SELECT ", save_columns!(), " FROM save s WHERE s.id = $1"),
        id,
    )?;
    with_terms(tx, row).await
}

/// The person's newest save in that place, taken back or not.
pub(super) async fn newest(tx: &mut Tx, person: PersonId, place: &Place) -> Result<Option<Save>> {
    let row = fetch!(
        optional,
        SaveRow,
        &mut *tx,
        concat!(
            "SELECT ",
            save_columns!(),
            " FROM save s WHERE s.person_id = $1 AND s.platform = $2 AND s.place = $3 \
             ORDER BY s.id DESC LIMIT 1"
        ),
        person,
        place.platform,
        place.id.as_str(),
    )?;
    with_terms(tx, row).await
}

/// The save, with the terms of the check-in that stood before it.
async fn with_terms(tx: &mut Tx, row: Option<SaveRow>) -> Result<Option<Save>> {
    let Some(mut save) = row.map(Save::try_from).transpose()? else {
        return Ok(None);
    };
    if let Some(before) = save.made.facts.0.check_in {
        let row = fetch!(
            optional,
            CheckInRow,
            tx,
            concat!(
                "SELECT ",
                check_in_columns!(),
                " FROM check_in c WHERE c.id = $1"
            ),
            before,
        )?;
        let check_in = row.map(CheckIn::try_from).transpose()?;
        save.restores = check_in.map(|check_in| check_in.terms);
    }
    Ok(Some(save))
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
