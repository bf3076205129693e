//! Requests that wait for an answer: rows ↔ values, and how one is made and answered.
use super::{
    Fault, Result, Tx, execute, fetch,
    value::{json, read, read_json},
};
use crate::{
    conversation::decision::RequestChange,
    domain::{
        HouseholdId, PersonId, RequestId, SaveId,
        request::{Request, Status, Wish},
    },
};
use chrono::{DateTime, Utc};
use sqlx::FromRow;

/// The columns of [`RequestRow`], from `request q`.
macro_rules! request_columns {
    () => {
        "q.id AS request_id, q.household_id AS request_household_id, q.wish, q.asked_by, \
         q.asked_at, q.status"
    };
}
pub(super) use request_columns;

#[derive(FromRow)]
pub(super) struct RequestRow {
    request_id: i64,
    request_household_id: i64,
    wish: String,
    asked_by: i64,
    asked_at: DateTime<Utc>,
    status: String,
}

impl TryFrom<RequestRow> for Request {
    type Error = Fault;

    fn try_from(row: RequestRow) -> Result<Request> {
        Ok(Request {
            id: RequestId(row.request_id),
            household: HouseholdId(row.request_household_id),
            wish: read_json("request.wish", &row.wish)?,
            asked_by: PersonId(row.asked_by),
            asked_at: row.asked_at,
            status: read("request.status", &row.status)?,
        })
    }
}

pub(super) async fn request(tx: &mut Tx, id: RequestId) -> Result<Option<Request>> {
    let row = fetch!(
        optional,
        RequestRow,
        tx,
        concat!(
            "SELECT ",
            request_columns!(),
            " FROM request q WHERE q.id = $1"
        ),
        id,
    )?;
    row.map(Request::try_from).transpose()
}

/// Who does it, when, and about which household in which save.
pub(super) struct Asking {
    pub(super) household: HouseholdId,
    pub(super) save: SaveId,
    pub(super) by: PersonId,
    pub(super) at: DateTime<Utc>,
}

async fn ask(tx: &mut Tx, asking: &Asking, wish: &Wish) -> Result<RequestId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO request (household_id, save_id, wish, asked_by, asked_at, status) \
         VALUES ($1, $2, $3, $4, $5, 'open') RETURNING id",
        asking.household,
        asking.save,
        json(wish)?,
        asking.by,
        asking.at,
    )?;
    Ok(RequestId(id))
}

/// Answers it, takes it back, or brings it back; what it was before. Stale when
/// two people answer the same one.
async fn put(tx: &mut Tx, asking: &Asking, id: RequestId, status: Status) -> Result<Status> {
    let (before,) = fetch!(
        one,
        (String,),
        &mut *tx,
        "SELECT status FROM request WHERE id = $1",
        id,
    )?;
    let before: Status = read("request.status", &before)?;
    if matches!(status, Status::Accepted | Status::Declined) && before != Status::Open {
        return Err(Fault::Stale);
    }
    let answered = status != Status::Open;
    let changed = execute!(
        tx,
        "UPDATE request SET status = $2, answered_by = $3, answered_at = $4 \
         WHERE id = $1 AND status = $5",
        id,
        status,
        answered.then_some(asking.by),
        answered.then_some(asking.at),
        before,
    )?;
    if changed == 0 {
        return Err(Fault::Stale);
    }
    Ok(before)
}

/// Makes or answers one: which, what it was before, what it is now.
pub(super) async fn change(
    tx: &mut Tx,
    asking: &Asking,
    change: &RequestChange,
) -> Result<(RequestId, Status, Status)> {
    match change {
        RequestChange::Ask(wish) => {
            let id = ask(tx, asking, wish).await?;
            Ok((id, Status::Withdrawn, Status::Open))
        }
        RequestChange::Put(id, status) => {
            let before = put(tx, asking, *id, *status).await?;
            Ok((*id, before, *status))
        }
    }
}
