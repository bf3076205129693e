//! How a claimed delivery ends: sent, later, gone, moot, shown anew. Whoever
//! settles must still hold the lease; each function says whether that was so.
use crate::{
    conversation::{decision::Recipient, notice::Notice},
    domain::{AlarmId, DeliveryId, PersonId, TeamId},
    store::{
        Db, Result, Tx, execute, fetch,
        outbox::{self, Content, NewDelivery},
        people,
        value::json,
    },
};
use chrono::{DateTime, NaiveDate, Utc};

/// That a platform has taken a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The route's id.
    pub route: i64,
    /// The platform's own id of the message, by which it is edited later.
    pub message_ref: String,
    pub at: DateTime<Utc>,
}

/// It was sent.
pub async fn sent(db: &Db, id: DeliveryId, token: &str, receipt: &Receipt) -> Result<bool> {
    let mut tx = db.write().await?;
    let held = execute!(
        &mut tx,
        "UPDATE delivery SET state = 'sent', sent_at = $3, route_id = $4, message_ref = $5, \
         attempts = 0, try_at = NULL, maybe_sent = FALSE, lease = NULL, leased_until = NULL \
         WHERE id = $1 AND lease = $2 AND state = 'pending'",
        id,
        token,
        receipt.at,
        receipt.route,
        receipt.message_ref.as_str(),
    )?;
    tx.commit().await?;
    Ok(held > 0)
}

/// When it is tried again, and whether it may have arrived all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Again {
    pub try_at: DateTime<Utc>,
    pub maybe_sent: bool,
}

/// It is sent, or shown anew, at the given instant at the earliest.
pub async fn later(db: &Db, id: DeliveryId, token: &str, again: &Again) -> Result<bool> {
    let mut tx = db.write().await?;
    let held = execute!(
        &mut tx,
        "UPDATE delivery SET try_at = $3, maybe_sent = (maybe_sent OR $4), \
         stale = (stale OR state = 'sent'), lease = NULL, leased_until = NULL \
         WHERE id = $1 AND lease = $2",
        id,
        token,
        again.try_at,
        again.maybe_sent,
    )?;
    tx.commit().await?;
    Ok(held > 0)
}

/// Whom a delivery did not reach, and when on the office's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unreached {
    pub person: PersonId,
    pub team: TeamId,
    pub at: DateTime<Utc>,
    pub office_day: NaiveDate,
}

/// There is no living way to the recipient. Those who lead are told so once a
/// day, and an alarm goes to them at once: to whom, or to nobody where none of
/// them can be reached either.
pub async fn gone(
    db: &Db,
    id: DeliveryId,
    token: &str,
    unreached: &Unreached,
) -> Result<Vec<PersonId>> {
    let mut tx = db.write().await?;
    let held = fetch!(
        optional,
        (Option<i64>,),
        &mut tx,
        "UPDATE delivery SET state = 'gone', lease = NULL, leased_until = NULL \
         WHERE id = $1 AND lease = $2 AND state = 'pending' RETURNING alarm_id",
        id,
        token,
    )?;
    let Some((alarm,)) = held else {
        return Ok(Vec::new());
    };
    let told = reachable_leads(&mut tx, unreached).await?;
    for person in &told {
        if let Some(alarm) = alarm {
            tell_once(&mut tx, *person, Content::Alarm(AlarmId(alarm)), unreached).await?;
        }
        let notice = json(&Notice::Unreached {
            person: unreached.person,
        })?;
        tell_once(&mut tx, *person, Content::Notice(notice), unreached).await?;
    }
    tx.commit().await?;
    Ok(told)
}

async fn reachable_leads(tx: &mut Tx, unreached: &Unreached) -> Result<Vec<PersonId>> {
    let reachable = fetch!(
        all,
        (i64,),
        &mut *tx,
        "SELECT DISTINCT r.person_id FROM route r JOIN person p ON p.id = r.person_id \
         WHERE p.team_id = $1 AND r.dead_at IS NULL AND p.id <> $2",
        unreached.team,
        unreached.person,
    )?;
    let mut roster = people::roster(tx, unreached.team, unreached.office_day).await?;
    roster
        .people
        .retain(|person| reachable.contains(&(person.id.0,)));
    let leads = Recipient::Supervisors;
    Ok(people::recipients(&roster, leads, unreached.office_day))
}

/// Unless the person was told the same on that day.
async fn tell_once(
    tx: &mut Tx,
    person: PersonId,
    content: Content,
    unreached: &Unreached,
) -> Result<()> {
    let (alarm, notice) = match &content {
        Content::Alarm(alarm) => (Some(*alarm), None),
        Content::Notice(notice) => (None, Some(notice.as_str())),
        Content::Digest | Content::Appointment => (None, None),
    };
    let (known,) = fetch!(
        one,
        (i64,),
        &mut *tx,
        "SELECT count(*) FROM delivery WHERE recipient_id = $1 AND office_day = $2 \
         AND (alarm_id = $3 OR notice = $4)",
        person,
        unreached.office_day,
        alarm,
        notice,
    )?;
    if known == 0 {
        let new = NewDelivery {
            recipient: person,
            office_day: unreached.office_day,
            made_at: unreached.at,
            content,
        };
        outbox::add(tx, &new).await?;
    }
    Ok(())
}

/// Nothing of it stands any more: it is not sent.
pub async fn moot(db: &Db, id: DeliveryId, token: &str) -> Result<bool> {
    let mut tx = db.write().await?;
    let held = execute!(
        &mut tx,
        "UPDATE delivery SET state = 'moot', lease = NULL, leased_until = NULL \
         WHERE id = $1 AND lease = $2 AND state = 'pending'",
        id,
        token,
    )?;
    tx.commit().await?;
    Ok(held > 0)
}

/// A sent one was shown anew, or cannot be. If it changed meanwhile, it is
/// stale again.
pub async fn edited(db: &Db, id: DeliveryId, token: &str) -> Result<bool> {
    let mut tx = db.write().await?;
    let held = execute!(
        &mut tx,
        "UPDATE delivery SET attempts = 0, try_at = NULL, maybe_sent = FALSE, lease = NULL, \
         leased_until = NULL \
         WHERE id = $1 AND lease = $2 AND state = 'sent'",
        id,
        token,
    )?;
    tx.commit().await?;
    Ok(held > 0)
}

/// The platform says that nobody can be reached this way; whether it was alive.
pub async fn route_dead(db: &Db, route: i64, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = db.write().await?;
    let died = execute!(
        &mut tx,
        "UPDATE route SET dead_at = $2 WHERE id = $1 AND dead_at IS NULL",
        route,
        now,
    )?;
    tx.commit().await?;
    Ok(died > 0)
}

/// Frees every claim. Only for the sole holder of a database, at its start:
/// whoever held them then is dead, and an alarm need not wait for a lease to
/// run out. How many there were.
pub async fn free_leases(db: &Db) -> Result<u64> {
    let mut tx = db.write().await?;
    let freed = execute!(
        &mut tx,
        // Whether it had been sent, only the dead claimer knew.
        "UPDATE delivery SET leased_until = NULL, lease = NULL, stale = (stale OR state = 'sent'), \
         maybe_sent = (maybe_sent OR state = 'pending') WHERE lease IS NOT NULL",
    )?;
    tx.commit().await?;
    Ok(freed)
}
