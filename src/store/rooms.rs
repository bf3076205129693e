//! Shared places of a chat: the teams that use them, whether something may be
//! posted there, and what becomes of a place that has moved, opened or gone.
use super::{
    Db, Result, Tx, execute, fetch,
    outbox::{self, Content, NewDelivery},
    people,
    value::json,
};
use crate::{
    conversation::{
        decision::Recipient,
        message::{Place, Platform},
        notice::Notice,
        scene::Room,
    },
    domain::{
        PersonId, TeamId,
        people::{Role, Roster},
    },
};
use chrono::{DateTime, NaiveDate, Utc};

/// A team has no more places.
const ROOMS_MAX: i64 = 20;

/// Which team uses the place in which it was said.
pub(super) async fn said_in(tx: &mut Tx, place: &Place) -> Result<Room> {
    let Some(room) = &place.room else {
        return Ok(Room::Alone);
    };
    let row = fetch!(
        optional,
        (i64, bool),
        tx,
        "SELECT team_id, closed_at IS NULL FROM room WHERE platform = $1 AND place = $2",
        place.platform,
        room.as_str(),
    )?;
    Ok(match row {
        Some((team, is_open)) => Room::Of {
            team: TeamId(team),
            is_open,
        },
        None => Room::Unregistered,
    })
}

/// The team uses the place from now on, and no other team does; one that was
/// closed is open again. The instant is real time.
pub(super) async fn register(
    tx: &mut Tx,
    (platform, room): (Platform, &str),
    team: TeamId,
    (by, at): (PersonId, DateTime<Utc>),
) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO room (platform, place, team_id, registered_by, registered_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (platform, place) DO UPDATE \
         SET team_id = excluded.team_id, registered_by = excluded.registered_by, \
         registered_at = excluded.registered_at, closed_at = NULL",
        platform,
        room,
        team,
        by,
        at,
    )?;
    Ok(())
}

/// Whether that place is registered for the person's team, and open.
pub async fn may_post(
    db: &Db,
    (platform, room): (Platform, &str),
    person: PersonId,
) -> Result<bool> {
    let mut tx = db.read().await?;
    let (found,) = fetch!(
        one,
        (i64,),
        &mut tx,
        "SELECT count(*) FROM room o JOIN person p ON p.team_id = o.team_id \
         WHERE o.platform = $1 AND o.place = $2 AND o.closed_at IS NULL AND p.id = $3",
        platform,
        room,
        person,
    )?;
    Ok(found > 0)
}

/// The open places of a team.
pub(super) async fn of_team(tx: &mut Tx, team: TeamId) -> Result<Vec<(String, String)>> {
    fetch!(
        all,
        (String, String),
        tx,
        "SELECT platform, place FROM room WHERE team_id = $1 AND closed_at IS NULL \
         ORDER BY id LIMIT $2",
        team,
        ROOMS_MAX,
    )
}

/// The place has another id from now on. Where it is open under that one already,
/// the old one goes, lest all be posted there twice.
pub async fn moved(db: &Db, platform: Platform, from: &str, to: &str) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "DELETE FROM room WHERE platform = $1 AND place = $2 AND EXISTS \
         (SELECT 1 FROM room o WHERE o.platform = $1 AND o.place = $3 AND o.closed_at IS NULL)",
        platform,
        from,
        to,
    )?;
    execute!(
        &mut tx,
        "DELETE FROM room WHERE platform = $1 AND place = $3 AND closed_at IS NOT NULL \
         AND EXISTS (SELECT 1 FROM room o WHERE o.platform = $1 AND o.place = $2)",
        platform,
        from,
        to,
    )?;
    execute!(
        &mut tx,
        "UPDATE room SET place = $3 WHERE platform = $1 AND place = $2",
        platform,
        from,
        to,
    )?;
    tx.commit().await
}

/// A place that is used no more.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing<'a> {
    pub platform: Platform,
    pub room: &'a str,
    /// Everybody could read it; else it cannot be posted to.
    pub open_to_all: bool,
    /// Real time.
    pub closed_at: DateTime<Utc>,
    /// The office's clock.
    pub now: DateTime<Utc>,
    pub office_day: NaiveDate,
}

/// Closes it, and tells the team's administrators; whether it was open.
pub async fn close(db: &Db, closing: &Closing<'_>) -> Result<bool> {
    let mut tx = db.write().await?;
    let closed = fetch!(
        optional,
        (i64,),
        &mut tx,
        "UPDATE room SET closed_at = $3 WHERE platform = $1 AND place = $2 \
         AND closed_at IS NULL RETURNING team_id",
        closing.platform,
        closing.room,
        closing.closed_at,
    )?;
    let Some((team,)) = closed else {
        return Ok(false);
    };
    let roster = people::roster(&mut tx, TeamId(team), closing.office_day).await?;
    let notice = json(&Notice::RoomClosed {
        platform: closing.platform,
        open_to_all: closing.open_to_all,
    })?;
    for recipient in administrators(&roster, closing.office_day) {
        let new = NewDelivery {
            hold_until: None,
            recipient,
            office_day: closing.office_day,
            made_at: closing.now,
            content: Content::Notice(notice.clone()),
        };
        outbox::add(&mut tx, &new).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Those of the team; where it has none, those who lead it.
fn administrators(roster: &Roster, today: NaiveDate) -> Vec<PersonId> {
    let admins: Vec<PersonId> = roster
        .with_role(Role::Admin, today)
        .map(|person| person.id)
        .collect();
    if admins.is_empty() {
        return people::recipients(roster, Recipient::Supervisors, today);
    }
    admins
}
