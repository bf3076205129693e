//! How far the office's clock has come, and what a clock that was wrong has left
//! behind: put right in one transaction, so that nothing sleeps until a day that
//! is not there yet.
use super::{Db, Result, Tx, execute, fetch};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};

/// Until when, in real time, an honest claim or wait may reach that is made now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    pub now: DateTime<Utc>,
    pub claims: DateTime<Utc>,
    pub waits: DateTime<Utc>,
}

/// By the clock as it is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PutRight {
    pub now: DateTime<Utc>,
    /// The office's day.
    pub today: NaiveDate,
    /// When the next day begins: what was said later than that, was said too early.
    pub tomorrow_at: DateTime<Utc>,
    pub reach: Reach,
}

/// What is known of the looks so far.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Looks {
    /// The newest instant of a look that was noted.
    pub newest_at: Option<DateTime<Utc>>,
    /// By which zone, hours and closures they were put off.
    pub calendar: Option<String>,
}

pub async fn looks(db: &Db) -> Result<Looks> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        (Option<DateTime<Utc>>, Option<String>),
        &mut tx,
        "SELECT looked_at, calendar FROM office",
    )?;
    Ok(
        row.map_or_else(Looks::default, |(newest_at, calendar)| Looks {
            newest_at,
            calendar,
        }),
    )
}

/// Another zone, other hours or other closures hold from now on: all that was put
/// off is looked at again. Where no calendar was known yet, it is noted alone.
pub async fn change_calendar(db: &Db, calendar: &str, now: DateTime<Utc>) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "UPDATE household SET next_nudge_at = $1 WHERE next_nudge_at > $1 \
         AND EXISTS (SELECT 1 FROM office WHERE calendar IS NOT NULL AND calendar <> $2)",
        now,
        calendar,
    )?;
    execute!(
        &mut tx,
        "UPDATE office SET calendar = $1, occasion_at = NULL",
        calendar,
    )?;
    tx.commit().await
}

/// Notes that a look is made now.
pub async fn note_look(db: &Db, now: DateTime<Utc>) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "UPDATE office SET looked_at = $1 WHERE looked_at IS NULL OR looked_at < $1",
        now,
    )?;
    tx.commit().await
}

/// Takes back what lies in the future: nudges of coming days count as told to
/// nobody, and every household, every alarm and the calendar are looked at anew.
/// No check-in changes its date.
pub async fn put_right(db: &Db, to: &PutRight) -> Result<()> {
    let mut tx = db.write().await?;
    void_nudges(&mut tx, to).await?;
    climb_down(&mut tx, to).await?;
    wake(&mut tx, to).await?;
    free(&mut tx, &to.reach).await?;
    execute!(
        &mut tx,
        "UPDATE delivery SET hold_until = $2 WHERE hold_until >= $1 AND state = 'pending'",
        to.tomorrow_at,
        to.now,
    )?;
    execute!(
        &mut tx,
        "UPDATE office SET looked_at = $1, occasion_at = NULL, \
         stopped_on = CASE WHEN stopped_told_on <= $2 THEN stopped_on END, \
         stopped_told_on = CASE WHEN stopped_told_on <= $2 THEN stopped_told_on END",
        to.now,
        to.today,
    )?;
    tx.commit().await
}

/// Messages that wait with such nudges alone are not sent: new ones are made.
async fn void_nudges(tx: &mut Tx, to: &PutRight) -> Result<()> {
    execute!(
        &mut *tx,
        "UPDATE nudge SET void = TRUE WHERE made_at >= $1 AND NOT void",
        to.tomorrow_at,
    )?;
    execute!(
        &mut *tx,
        "UPDATE occasion SET void = TRUE WHERE made_at >= $1 AND what <> 'begun'",
        to.tomorrow_at,
    )?;
    execute!(
        &mut *tx,
        "UPDATE occasion SET made_at = $1 WHERE made_at > $1 AND what = 'begun'",
        to.now,
    )?;
    execute!(
        tx,
        "UPDATE delivery SET state = 'moot', lease = NULL, leased_until = NULL \
         WHERE state = 'pending' AND made_at >= $1 \
         AND (kind IN ('digest', 'appointment') OR (kind = 'notice' AND hold_until IS NOT NULL)) \
         AND NOT EXISTS (SELECT 1 FROM nudge n WHERE n.delivery_id = delivery.id AND NOT n.void)",
        to.tomorrow_at,
    )?;
    Ok(())
}

/// Back to the rung of what was said in time; a 「やります」 of a day to come is none.
async fn climb_down(tx: &mut Tx, to: &PutRight) -> Result<()> {
    execute!(
        &mut *tx,
        "UPDATE check_in SET rung = (SELECT n.rung FROM nudge n WHERE n.check_in_id = check_in.id \
         AND n.alarm_id IS NULL AND NOT n.void ORDER BY CASE n.rung WHEN 'weekly' THEN 4 \
         WHEN 'supervisor' THEN 3 WHEN 'again' THEN 2 WHEN 'appointment' THEN 1 ELSE 0 END DESC \
         LIMIT 1), \
         weekly_on = CASE WHEN weekly_on <= $1 THEN weekly_on ELSE (SELECT max(d.office_day) \
         FROM nudge n JOIN delivery d ON d.id = n.delivery_id WHERE n.check_in_id = check_in.id \
         AND n.rung = 'weekly' AND NOT n.void AND d.office_day <= $1) END \
         WHERE state = 'open' AND EXISTS \
         (SELECT 1 FROM nudge v WHERE v.check_in_id = check_in.id AND v.void)",
        to.today,
    )?;
    execute!(
        tx,
        "UPDATE check_in SET taken_by = NULL, taken_at = NULL, taken_until = NULL, \
         supervisor_from = NULL WHERE state = 'open' AND taken_at >= $1",
        to.tomorrow_at,
    )?;
    Ok(())
}

/// Every look that was put off; an alarm that has called by such a clock begins
/// to call anew.
async fn wake(tx: &mut Tx, to: &PutRight) -> Result<()> {
    execute!(
        &mut *tx,
        "UPDATE household SET next_nudge_at = $1 WHERE next_nudge_at > $1",
        to.now,
    )?;
    execute!(
        tx,
        "UPDATE alarm SET next_at = $1, void_steps = step, \
         raised_at = CASE WHEN raised_at > $1 THEN $1 ELSE raised_at END \
         WHERE next_at > $1 AND (raised_at > $1 OR next_at > $2 OR EXISTS \
         (SELECT 1 FROM nudge n WHERE n.alarm_id = alarm.id AND n.made_at > $1))",
        to.now,
        to.tomorrow_at + TimeDelta::days(1),
    )?;
    Ok(())
}

/// Frees what nobody can take: claims and waits that reach further than any is
/// made, by a clock that was wrong. How many.
pub async fn free_stuck(db: &Db, reach: &Reach) -> Result<u64> {
    let mut tx = db.write().await?;
    let freed = free(&mut tx, reach).await?;
    tx.commit().await?;
    Ok(freed)
}

async fn free(tx: &mut Tx, reach: &Reach) -> Result<u64> {
    let leases = execute!(
        &mut *tx,
        "UPDATE delivery SET leased_until = NULL, lease = NULL, stale = (stale OR state = 'sent'), \
         maybe_sent = (maybe_sent OR state = 'pending') \
         WHERE lease IS NOT NULL AND leased_until > $1",
        reach.claims,
    )?;
    let deliveries = execute!(
        &mut *tx,
        "UPDATE delivery SET try_at = NULL \
         WHERE try_at > $1 AND (state = 'pending' OR (state = 'sent' AND stale))",
        reach.waits,
    )?;
    let letters = execute!(
        tx,
        "UPDATE letter SET try_at = $2 WHERE try_at > $1",
        reach.waits,
        reach.now,
    )?;
    Ok(leases + deliveries + letters)
}
