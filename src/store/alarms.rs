//! Alarms: rows ↔ values, and how one is raised, confirmed and withdrawn.
use super::{Fault, Result, Tx, execute, fetch, value::read};
use crate::domain::{
    AlarmId, CheckInId, HouseholdId, PersonId,
    alarm::{Alarm, Confirmed, Grade},
};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// The columns of [`AlarmRow`], from `alarm a`.
macro_rules! alarm_columns {
    () => {
        "a.id AS alarm_id, a.household_id AS alarm_household_id, \
         a.check_in_id AS alarm_check_in_id, a.grade, a.raised_by, a.raised_at, \
         a.step - a.void_steps AS alarm_step, a.withdrawn AS alarm_withdrawn, a.confirmed_by, a.confirmed_at"
    };
}
pub(super) use alarm_columns;

#[derive(FromRow)]
pub(super) struct AlarmRow {
    alarm_id: i64,
    alarm_household_id: i64,
    alarm_check_in_id: i64,
    grade: String,
    raised_by: i64,
    raised_at: DateTime<Utc>,
    alarm_step: i64,
    pub(super) alarm_withdrawn: bool,
    confirmed_by: Option<i64>,
    confirmed_at: Option<DateTime<Utc>>,
}

impl TryFrom<AlarmRow> for Alarm {
    type Error = Fault;

    fn try_from(row: AlarmRow) -> Result<Alarm> {
        Ok(Alarm {
            id: AlarmId(row.alarm_id),
            household: HouseholdId(row.alarm_household_id),
            check_in: CheckInId(row.alarm_check_in_id),
            grade: read("alarm.grade", &row.grade)?,
            raised_by: PersonId(row.raised_by),
            raised_at: row.raised_at,
            step: row.alarm_step,
            confirmed: row
                .confirmed_by
                .zip(row.confirmed_at)
                .map(|(by, at)| Confirmed {
                    by: PersonId(by),
                    at,
                }),
        })
    }
}

/// An alarm and whether it was withdrawn.
pub(super) async fn alarm(tx: &mut Tx, id: AlarmId) -> Result<Option<(Alarm, bool)>> {
    let row = fetch!(
        optional,
        AlarmRow,
        tx,
        concat!("SELECT ", alarm_columns!(), " FROM alarm a WHERE a.id = $1"),
        id,
    )?;
    row.map(|row| {
        let withdrawn = row.alarm_withdrawn;
        Ok((row.try_into()?, withdrawn))
    })
    .transpose()
}

/// Where an alarm is raised.
pub(super) struct Raised {
    pub(super) household: HouseholdId,
    pub(super) check_in: CheckInId,
    pub(super) save: crate::domain::SaveId,
    pub(super) by: PersonId,
    /// It fires at the next tick.
    pub(super) at: DateTime<Utc>,
}

pub(super) async fn raise(tx: &mut Tx, grade: Grade, raised: &Raised) -> Result<AlarmId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO alarm (household_id, check_in_id, save_id, grade, raised_by, raised_at, \
         step, next_at, withdrawn) VALUES ($1, $2, $3, $4, $5, $6, 0, $6, FALSE) RETURNING id",
        raised.household,
        raised.check_in,
        raised.save,
        grade,
        raised.by,
        raised.at,
    )?;
    Ok(AlarmId(id))
}

/// Somebody has read it; stale if somebody else had, or it was taken back.
pub(super) async fn confirm(
    tx: &mut Tx,
    id: AlarmId,
    by: PersonId,
    at: DateTime<Utc>,
) -> Result<()> {
    let confirmed = execute!(
        &mut *tx,
        "UPDATE alarm SET confirmed_by = $2, confirmed_at = $3, next_at = NULL \
         WHERE id = $1 AND confirmed_at IS NULL AND NOT withdrawn",
        id,
        by,
        at,
    )?;
    if confirmed == 0 {
        return Err(Fault::Stale);
    }
    show_anew(tx, id).await
}

/// Withdraws it or brings it back; then it fires at the next tick, unless it
/// was confirmed. Whether it stood before.
pub(super) async fn put(
    tx: &mut Tx,
    id: AlarmId,
    stands: bool,
    now: DateTime<Utc>,
) -> Result<bool> {
    show_anew(tx, id).await?;
    let (withdrawn,) = fetch!(
        one,
        (bool,),
        &mut *tx,
        "SELECT withdrawn FROM alarm WHERE id = $1",
        id,
    )?;
    execute!(
        tx,
        "UPDATE alarm SET withdrawn = NOT $2, \
         next_at = CASE WHEN $2 AND confirmed_at IS NULL THEN $3 END WHERE id = $1",
        id,
        stands,
        now,
    )?;
    Ok(!withdrawn)
}

/// Every delivery of the alarm is rendered anew; those under way too, because
/// they may have been rendered already.
async fn show_anew(tx: &mut Tx, id: AlarmId) -> Result<()> {
    execute!(
        tx,
        "UPDATE delivery SET stale = TRUE WHERE state IN ('pending', 'sent') AND alarm_id = $1",
        id,
    )?;
    Ok(())
}
