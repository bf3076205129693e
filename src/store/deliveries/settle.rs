//! How a claimed delivery ends: sent, later, gone, moot, shown anew. Whoever
//! settles must still hold the lease; each function says whether that was so.
use crate::{
    conversation::{decision::Recipient, message::Reply, notice::Notice},
    domain::{AlarmId, DeliveryId, PersonId, TeamId},
    store::{
        Db, Result, Tx, execute, fetch,
        letters::{self, Address, Again, Letter},
        outbox::{self, Content, NewDelivery},
        people, rooms, routes,
        value::{json, read},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

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
    let held = note(&mut tx, id, token, receipt).await?;
    tx.commit().await?;
    Ok(held.is_some())
}

/// It was sent to the page alone, though the recipient had a chat: others are told
/// as in [`gone`], in the same transaction, for nobody would find out later. To whom.
pub async fn sent_to_page_alone(
    db: &Db,
    id: DeliveryId,
    token: &str,
    receipt: &Receipt,
    unreached: &Unreached,
) -> Result<Vec<PersonId>> {
    let mut tx = db.write().await?;
    let Some(alarm) = note(&mut tx, id, token, receipt).await? else {
        return Ok(Vec::new());
    };
    let told = tell_others(&mut tx, alarm, unreached).await?;
    tx.commit().await?;
    Ok(told)
}

/// Notes that it was sent, with the alarm that it is of, if it is; None where
/// somebody else has it.
async fn note(
    tx: &mut Tx,
    id: DeliveryId,
    token: &str,
    receipt: &Receipt,
) -> Result<Option<Option<AlarmId>>> {
    let held = fetch!(
        optional,
        (Option<i64>,),
        tx,
        "UPDATE delivery SET state = 'sent', sent_at = $3, route_id = $4, message_ref = $5, \
         attempts = 0, try_at = NULL, maybe_sent = FALSE, lease = NULL, leased_until = NULL \
         WHERE id = $1 AND lease = $2 AND state = 'pending' RETURNING alarm_id",
        id,
        token,
        receipt.at,
        receipt.route,
        receipt.message_ref.as_str(),
    )?;
    Ok(held.map(|(alarm,)| alarm.map(AlarmId)))
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

/// Whom a delivery did not reach.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreached {
    pub person: PersonId,
    pub team: TeamId,
    /// The office's clock.
    pub at: DateTime<Utc>,
    pub office_day: NaiveDate,
    /// What is asked of them in the places of their team.
    pub asked: Reply,
    /// Real time.
    pub asked_at: DateTime<Utc>,
    /// A way to them has died over this delivery.
    pub has_just_died: bool,
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
    let told = tell_others(&mut tx, alarm.map(AlarmId), unreached).await?;
    tx.commit().await?;
    Ok(told)
}

/// Those who lead, and the places of the team; each once a day.
async fn tell_others(
    tx: &mut Tx,
    alarm: Option<AlarmId>,
    unreached: &Unreached,
) -> Result<Vec<PersonId>> {
    let (person, day) = (unreached.person, unreached.office_day);
    let told = reachable_leads(tx, unreached.team, Some(person), day).await?;
    let notice = json(&Notice::Unreached {
        person: unreached.person,
    })?;
    let mut is_new = unreached.has_just_died;
    for person in &told {
        if let Some(alarm) = alarm {
            tell_once(tx, *person, Content::Alarm(alarm), unreached).await?;
        }
        let content = Content::Notice(notice.clone());
        is_new |= tell_once(tx, *person, content, unreached).await?;
    }
    if is_new {
        ask_in_rooms(tx, unreached).await?;
    }
    Ok(told)
}

async fn ask_in_rooms(tx: &mut Tx, unreached: &Unreached) -> Result<()> {
    for (platform, room) in rooms::of_team(tx, unreached.team).await? {
        let letter = Letter {
            id: None,
            platform: read("room.platform", &platform)?,
            address: Address::Room {
                room,
                message: None,
            },
            person: Some(unreached.person),
            reply: unreached.asked.clone(),
            attempts: 0,
            maybe_sent: false,
            maybe_repeated: false,
        };
        letters::leave(tx, &letter, unreached.asked_at).await?;
    }
    Ok(())
}

/// Those of the leads to whom a way lives, but for that person; first of all those
/// who have not lost their own chat.
pub(in crate::store) async fn reachable_leads(
    tx: &mut Tx,
    team: TeamId,
    but_for: Option<PersonId>,
    day: NaiveDate,
) -> Result<Vec<PersonId>> {
    let mut roster = people::roster(tx, team, day).await?;
    let mut well = BTreeSet::new();
    let mut reachable = BTreeSet::new();
    for person in &roster.people {
        let routes = match routes::of_person(tx, person.id).await {
            // Nobody can say where it leads.
            Err(fault) if !fault.is_transient() => continue,
            routes => routes?,
        };
        if Some(person.id) == but_for || routes.living.is_empty() {
            continue;
        }
        reachable.insert(person.id);
        if !routes.has_lost_chat {
            well.insert(person.id);
        }
    }
    roster
        .people
        .retain(|person| reachable.contains(&person.id));
    let all = people::recipients(&roster, Recipient::Supervisors, day);
    roster.people.retain(|person| well.contains(&person.id));
    let first = people::recipients(&roster, Recipient::Supervisors, day);
    Ok(if first.is_empty() { all } else { first })
}

/// Unless the person was told the same on that day; whether it is new.
async fn tell_once(
    tx: &mut Tx,
    person: PersonId,
    content: Content,
    unreached: &Unreached,
) -> Result<bool> {
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
            hold_until: None,
            recipient: person,
            office_day: unreached.office_day,
            made_at: unreached.at,
            content,
        };
        outbox::add(tx, &new).await?;
    }
    Ok(known == 0)
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
