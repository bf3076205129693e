//! The journal: who did what and when, in codes; only added to.
use super::{Result, Tx, execute};
use crate::{
    conversation::decision::JournalEntry,
    domain::{HouseholdId, PersonId},
};
use chrono::{DateTime, Utc};

/// One line, by whom and when (the office's clock), of a household or of none.
pub(super) async fn write(
    tx: &mut Tx,
    entry: &JournalEntry,
    household: Option<HouseholdId>,
    (by, at): (PersonId, DateTime<Utc>),
) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO journal (at, person_id, household_id, what, detail) \
         VALUES ($1, $2, $3, $4, $5)",
        at,
        by,
        household,
        entry.what,
        entry.detail.as_str(),
    )?;
    Ok(())
}
