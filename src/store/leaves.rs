//! Leaves and who covers them: rows ↔ values, and how a cover divides a leave.
use super::{Result, Tx, execute, fetch, households::Keyed};
use crate::{
    conversation::message::Place,
    domain::{LeaveId, MessageId, PersonId, people::Leave},
};
use chrono::{DateTime, Days, NaiveDate, Utc};
use sqlx::FromRow;

/// The columns of [`LeaveRow`], from `leave l`.
macro_rules! leave_columns {
    () => {
        "l.id AS leave_id, l.person_id AS leave_person_id, l.from_on, l.to_on, l.cover_id, \
         l.message_id, \
         (SELECT m.at FROM message m WHERE m.id = l.message_id) AS entered_at"
    };
}
pub(super) use leave_columns;

#[derive(FromRow)]
pub(super) struct LeaveRow {
    leave_id: i64,
    leave_person_id: i64,
    from_on: NaiveDate,
    to_on: NaiveDate,
    cover_id: Option<i64>,
    message_id: Option<i64>,
    entered_at: Option<DateTime<Utc>>,
}

impl Keyed for LeaveRow {
    const KEY: &'static str = "leave_id";
}

impl From<LeaveRow> for Leave {
    fn from(row: LeaveRow) -> Leave {
        Leave {
            id: LeaveId(row.leave_id),
            person: PersonId(row.leave_person_id),
            from: row.from_on,
            to: row.to_on,
            cover: row.cover_id.map(PersonId),
            entered_by: row.message_id.map(MessageId),
            entered_at: row.entered_at,
        }
    }
}

/// A leave to be.
pub(super) struct NewLeave {
    pub(super) person: PersonId,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
    pub(super) cover: Option<PersonId>,
    pub(super) entered_by: Option<MessageId>,
}

pub(super) async fn add(tx: &mut Tx, leave: &NewLeave) -> Result<LeaveId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO leave (person_id, from_on, to_on, cover_id, message_id) \
         VALUES ($1, $2, $3, $4, $5) RETURNING id",
        leave.person,
        leave.from,
        leave.to,
        leave.cover,
        leave.entered_by.map(|message| message.0),
    )?;
    Ok(LeaveId(id))
}

pub(super) async fn remove(tx: &mut Tx, leave: LeaveId) -> Result<()> {
    execute!(tx, "DELETE FROM leave WHERE id = $1", leave)?;
    Ok(())
}

/// Has the person covered on all these days and on no others: a leave that
/// reaches beyond them is divided at their edges, and days outside any leave
/// become one. The first leave that was made of such days.
pub(super) async fn cover(tx: &mut Tx, wanted: &NewLeave) -> Result<Option<LeaveId>> {
    let rows = fetch!(
        all,
        LeaveRow,
        &mut *tx,
        concat!(
            "SELECT ",
            leave_columns!(),
            " FROM leave l WHERE l.person_id = $1 AND l.from_on <= $3 AND l.to_on >= $2 \
             ORDER BY l.from_on, l.id"
        ),
        wanted.person,
        wanted.from,
        wanted.to,
    )?;
    let leaves: Vec<Leave> = rows.into_iter().map(Leave::from).collect();
    let mut made = None;
    for (from, to) in days_outside(&leaves, (wanted.from, wanted.to)) {
        let days = NewLeave {
            from,
            to,
            ..*wanted
        };
        let id = add(tx, &days).await?;
        made.get_or_insert(id);
    }
    for leave in &leaves {
        divide(tx, leave, wanted).await?;
    }
    Ok(made)
}

/// The days from the first to the last that no leave holds; the leaves touch
/// these days and are ordered by their first one.
fn days_outside(
    leaves: &[Leave],
    (from, to): (NaiveDate, NaiveDate),
) -> Vec<(NaiveDate, NaiveDate)> {
    let mut outside = Vec::new();
    let mut free_from = from;
    for leave in leaves {
        if free_from < leave.from {
            outside.push((free_from, leave.from - Days::new(1)));
        }
        if leave.to >= to {
            return outside;
        }
        free_from = free_from.max(leave.to + Days::new(1));
    }
    outside.push((free_from, to));
    outside
}

/// Gives the cover to the days that both have, and leaves the others as they were.
async fn divide(tx: &mut Tx, leave: &Leave, wanted: &NewLeave) -> Result<()> {
    let part = |from, to| NewLeave {
        person: leave.person,
        from,
        to,
        cover: leave.cover,
        entered_by: leave.entered_by,
    };
    if leave.from < wanted.from {
        add(tx, &part(leave.from, wanted.from - Days::new(1))).await?;
    }
    if leave.to > wanted.to {
        add(tx, &part(wanted.to + Days::new(1), leave.to)).await?;
    }
    execute!(
        tx,
        "UPDATE leave SET from_on = $2, to_on = $3, cover_id = $4 WHERE id = $1",
        leave.id,
        leave.from.max(wanted.from),
        leave.to.min(wanted.to),
        wanted.cover,
    )?;
    Ok(())
}

/// The newest leave that the person has entered in that place, if nothing of a
/// household was saved there since; of a divided one the first part.
pub(super) async fn newest(
    tx: &mut Tx,
    person: PersonId,
    place: &Place,
) -> Result<Option<LeaveId>> {
    let row = fetch!(
        optional,
        (i64,),
        tx,
        "SELECT l.id FROM leave l JOIN message m ON m.id = l.message_id \
         WHERE m.person_id = $1 AND m.platform = $2 AND m.place = $3 AND NOT EXISTS \
         (SELECT 1 FROM save s WHERE s.person_id = $1 AND s.platform = $2 AND s.place = $3 \
         AND s.message_id > m.id) ORDER BY m.id DESC, l.from_on LIMIT 1",
        person,
        place.platform,
        place.id.as_str(),
    )?;
    Ok(row.map(|(id,)| LeaveId(id)))
}
