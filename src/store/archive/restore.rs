//! What a restored office is told, before anybody opens it: what happened since
//! its backup is not in it, and much of it was said aloud.
use super::{export::last_ids, import::set_last_ids};
use crate::{
    conversation::decision::{Deed, JournalEntry},
    domain::{PersonId, people::Role},
    store::{
        Db, Result, Tx, execute, fetch, journal,
        staff::{self, Act},
    },
};
use chrono::{DateTime, Utc};

/// Ids that were given since the backup stand on buttons that are still there, and
/// must not become those of something else: so many are passed over. No table of
/// an office gains so many rows between two backups.
const IDS_PASSED_OVER: i64 = 1_000_000;

/// Who restores; without a name the only administrator.
#[derive(Debug, Clone)]
pub struct Restorer<'a> {
    pub by: Option<&'a str>,
    /// Real time, which is the office's outside a trial.
    pub now: DateTime<Utc>,
}

/// What was to be said once more.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Mended {
    /// Nudges and letters that may have been sent before.
    pub repeated: u64,
}

/// Makes a restored database one that can go on: who had come in is out, what was
/// on its way or has fallen due may have been sent, and no id is given twice.
pub async fn mend(db: &Db, restorer: &Restorer<'_>) -> Result<Mended> {
    let mut tx = db.write().await?;
    let mended = mend_in(&mut tx, restorer).await?;
    tx.commit().await?;
    Ok(mended)
}

/// As [`mend`], within the transaction that brings the rows.
pub(super) async fn mend_in(tx: &mut Tx, restorer: &Restorer<'_>) -> Result<Mended> {
    void_entrances(tx).await?;
    let repeated = mark(tx, restorer.now).await?;
    pass_over_ids(tx).await?;
    execute!(&mut *tx, "UPDATE office SET restored_at = $1", restorer.now)?;
    if let Some(by) = restorer_of(tx, restorer).await? {
        let entry = JournalEntry {
            what: Deed::Restored,
            detail: String::new(),
        };
        journal::write(tx, &entry, None, (by, restorer.now)).await?;
    }
    Ok(Mended { repeated })
}

/// That everything went into a file, by whom.
pub async fn note_export(db: &Db, act: &Act) -> Result<()> {
    let mut tx = db.write().await?;
    staff::write(&mut tx, Deed::Exported, String::new(), act).await?;
    tx.commit().await
}

/// When the newest message of a restored office was said; None before the first.
pub async fn last_heard(db: &Db) -> Result<Option<DateTime<Utc>>> {
    let mut tx = db.read().await?;
    let (last,) = fetch!(
        one,
        (Option<DateTime<Utc>>,),
        &mut tx,
        "SELECT (SELECT at FROM message ORDER BY id DESC LIMIT 1)",
    )?;
    Ok(last)
}

/// Whoever was signed out, removed or shut out since the backup is not let in by it.
async fn void_entrances(tx: &mut Tx) -> Result<()> {
    execute!(&mut *tx, "DELETE FROM page_session")?;
    execute!(&mut *tx, "DELETE FROM page_link")?;
    execute!(tx, "DELETE FROM join_code")?;
    Ok(())
}

/// Marks what may have been sent since the backup; how many.
async fn mark(tx: &mut Tx, now: DateTime<Utc>) -> Result<u64> {
    let waiting = execute!(
        &mut *tx,
        "UPDATE delivery SET maybe_repeated = TRUE, lease = NULL, leased_until = NULL, try_at = NULL \
         WHERE state = 'pending'",
    )?;
    execute!(
        &mut *tx,
        "UPDATE delivery SET stale = TRUE, lease = NULL, leased_until = NULL \
         WHERE state = 'sent' AND lease IS NOT NULL",
    )?;
    let letters = execute!(
        &mut *tx,
        "UPDATE letter SET maybe_repeated = TRUE, under_way = FALSE, try_at = $1",
        now,
    )?;
    let due = execute!(
        &mut *tx,
        "UPDATE check_in SET maybe_told = TRUE WHERE state = 'open' AND id IN \
         (SELECT check_in_id FROM household WHERE next_nudge_at <= $1)",
        now,
    )?;
    let alarms = execute!(
        tx,
        "UPDATE alarm SET maybe_told = TRUE WHERE next_at <= $1",
        now,
    )?;
    Ok(waiting + letters + due + alarms)
}

async fn pass_over_ids(tx: &mut Tx) -> Result<()> {
    let mut last_ids = last_ids(tx).await?;
    for last in last_ids.values_mut() {
        *last += IDS_PASSED_OVER;
    }
    set_last_ids(tx, &last_ids).await
}

/// None where it is nobody's name, or there are several: the line is left out, and
/// the restoring is not.
async fn restorer_of(tx: &mut Tx, restorer: &Restorer<'_>) -> Result<Option<PersonId>> {
    let admins = fetch!(
        all,
        (i64, String),
        tx,
        "SELECT id, name FROM person WHERE role = $1 AND left_on IS NULL ORDER BY id",
        Role::Admin,
    )?;
    let is_meant = |name: &str| restorer.by.is_none_or(|by| by == name);
    let mut meant = admins.iter().filter(|(_, name)| is_meant(name));
    Ok(match (meant.next(), meant.next()) {
        (Some((id, _)), None) => Some(PersonId(*id)),
        _ => None,
    })
}
