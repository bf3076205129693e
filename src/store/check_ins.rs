//! Check-ins: how one begins, ends, opens again and is taken on.
//!
//! What shows one is rendered anew whenever it changes.
use super::{Fault, Result, Tx, execute, fetch};
use crate::{
    conversation::decision::Ended,
    domain::{
        CheckInId, HouseholdId, PersonId, SaveId,
        check_in::{NewCheckIn, Taken},
    },
};
use chrono::{DateTime, Utc};

/// A new open check-in, made by whom and when; its household has to name it.
pub(super) async fn begin(
    tx: &mut Tx,
    household: HouseholdId,
    terms: &NewCheckIn,
    (by, at): (PersonId, DateTime<Utc>),
) -> Result<CheckInId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO check_in (household_id, state, due_on, due_by, purpose, pace, why, \
         plan_kind, plan_time, plan_partner, put_off, made_by, made_at, step) \
         VALUES ($1, 'open', $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, 0) \
         RETURNING id",
        household,
        terms.window.on,
        terms.window.by,
        terms.purpose,
        terms.pace,
        terms.why,
        terms.plan.kind,
        terms.plan.time,
        terms.plan.partner,
        terms.put_off,
        by,
        at,
    )?;
    Ok(CheckInId(id))
}

/// The household names that one as its own.
pub(super) async fn name(tx: &mut Tx, household: HouseholdId, id: CheckInId) -> Result<()> {
    execute!(
        tx,
        "UPDATE household SET check_in_id = $2 WHERE id = $1",
        household,
        id,
    )?;
    Ok(())
}

/// Ends an open one, by whom and when; stale if it has ended.
pub(super) async fn end(
    tx: &mut Tx,
    id: CheckInId,
    how: Ended,
    (by, at): (PersonId, DateTime<Utc>),
) -> Result<()> {
    let ended = execute!(
        &mut *tx,
        "UPDATE check_in SET state = $2, settled_at = $3, settled_by = $4 \
         WHERE id = $1 AND state = 'open'",
        id,
        how,
        at,
        by,
    )?;
    if ended == 0 {
        return Err(Fault::Stale);
    }
    show_anew(tx, id).await
}

/// Opens an ended check-in again; how far it had climbed stays.
pub(super) async fn reopen(tx: &mut Tx, household: HouseholdId, id: CheckInId) -> Result<()> {
    let reopened = execute!(
        &mut *tx,
        "UPDATE check_in SET state = 'open', settled_at = NULL, settled_by = NULL \
         WHERE id = $1 AND household_id = $2 AND state <> 'open'",
        id,
        household,
    )?;
    if reopened == 0 {
        return Err(Fault::Broken(format!(
            "check-in {} cannot be opened again for household {}",
            id.0, household.0
        )));
    }
    show_anew(tx, id).await
}

/// 「やります」
pub(super) async fn take(
    tx: &mut Tx,
    id: CheckInId,
    taken: &Taken,
    supervisor_from: Option<DateTime<Utc>>,
) -> Result<()> {
    execute!(
        &mut *tx,
        "UPDATE check_in SET taken_by = $2, taken_at = $3, taken_until = $4, \
         supervisor_from = $5 WHERE id = $1",
        id,
        taken.by,
        taken.at,
        taken.until,
        supervisor_from,
    )?;
    show_anew(tx, id).await
}

/// Where a 「やります」 is undone, that press alone is taken back, no other one.
pub(super) async fn untake(tx: &mut Tx, id: CheckInId, undone: SaveId) -> Result<()> {
    let untaken = execute!(
        &mut *tx,
        "UPDATE check_in SET taken_by = NULL, taken_at = NULL, taken_until = NULL, \
         supervisor_from = CASE WHEN supervisor_from <> taken_until THEN supervisor_from END \
         WHERE id = $1 AND taken_at = (SELECT at FROM save WHERE id = $2)",
        id,
        undone,
    )?;
    if untaken > 0 {
        show_anew(tx, id).await?;
    }
    Ok(())
}

/// Every delivery that shows the check-in is rendered anew; those under way
/// too, because they may have been rendered already.
async fn show_anew(tx: &mut Tx, check_in: CheckInId) -> Result<()> {
    execute!(
        tx,
        "UPDATE delivery SET stale = TRUE WHERE state IN ('pending', 'sent') \
         AND id IN (SELECT delivery_id FROM delivery_item WHERE check_in_id = $1)",
        check_in,
    )?;
    Ok(())
}
