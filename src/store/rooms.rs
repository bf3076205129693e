//! Shared places of a chat, and the teams that use them.
use super::{Result, Tx, execute, fetch};
use crate::{
    conversation::{
        message::{Place, Platform},
        scene::Room,
    },
    domain::{PersonId, TeamId},
};
use chrono::{DateTime, Utc};

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
