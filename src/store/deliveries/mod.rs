//! Deliveries are claimed, sent outside any transaction, and settled.
//!
//! A claim writes a lease with a token of the claimer's; whoever settles must
//! still hold it. A claimer that dies leaves a lease that runs out. Leases,
//! `try_at` and back-off are real time; only `made_at` and the office's day are
//! of the office's clock.
mod settle;

use super::{
    Db, Fault, Result, Tx, alarms, fetch, files,
    households::{CheckInRow, HouseholdRow, Tried, check_in_columns, household_columns},
    lists::has_alarm,
    nudges::Found,
    people,
    routes::{self, Route, Routes},
    value::{Value, read, read_json, read_some},
};
pub use super::{letters::Again, outbox::Kind};
use crate::{
    conversation::{
        decide::nudging::{Item, ItemState, Proof},
        notice::Notice,
        scene::File,
    },
    domain::{
        AlarmId, DeliveryId, HouseholdId, PersonId, TeamId, alarm::Alarm, household::Code,
        people::Person,
    },
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use sqlx::FromRow;

pub(super) use settle::reachable_leads;
pub use settle::{
    Receipt, Unreached, edited, free_leases, gone, later, moot, sent, sent_to_page_alone,
};

/// A delivery that is ours to send or to render anew, until the lease runs out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lease {
    pub id: DeliveryId,
    /// How many times it was tried since it was last settled, this time included.
    pub attempts: i64,
}

/// What is needed to render and send a delivery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Leased {
    pub id: DeliveryId,
    pub recipient: Person,
    pub kind: Kind,
    pub office_day: NaiveDate,
    /// The office's clock.
    pub made_at: DateTime<Utc>,
    /// An attempt ended without an answer: it may have arrived.
    pub maybe_sent: bool,
    /// What it says may have been said before the office was restored.
    pub maybe_repeated: bool,
    /// Since when its reader had heard nothing, where it makes up for that.
    pub stopped_on: Option<NaiveDate>,
    /// What a notice says.
    pub notice: Option<Notice>,
    /// What an alarm is about.
    pub alarm: Option<LeasedAlarm>,
    /// The ways to the recipient.
    pub routes: Routes,
    /// Where it stands, once it was sent.
    pub sent: Option<SentBy>,
}

/// An alarm as it stands now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeasedAlarm {
    pub alarm: Alarm,
    pub withdrawn: bool,
    pub code: Code,
}

/// By which way a delivery went, and how the platform knows the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SentBy {
    /// Living or dead.
    pub route: Route,
    pub message_ref: String,
}

/// No delivery shows more: as many as a team has households.
const ITEMS_MAX: i64 = 5_000;
/// A digest that is older goes out though there is more to look at. By the office's
/// clock.
const GATHERED_MINUTES: i64 = 2;

/// A statement that claims one delivery for a token ($3) until an instant ($2):
/// one that is due now ($1) and that nobody holds. The guard is repeated
/// outside: PostgreSQL looks at the inner one before it has the row's lock.
/// What is stale is shown anew by the claimer, unless it changes once more.
macro_rules! claim {
    ($wanted:literal, $locking:literal) => {
        concat!(
            "UPDATE delivery SET lease = $3, leased_until = $2, attempts = attempts + 1, \
             maybe_sent = (maybe_sent OR lease IS NOT NULL), stale = FALSE WHERE id = (SELECT id FROM delivery WHERE ",
            $wanted,
            " AND (try_at IS NULL OR try_at <= $1) AND (lease IS NULL OR leased_until <= $1) \
             ORDER BY CASE WHEN kind = 'alarm' THEN 0 ELSE 1 END, id LIMIT 1",
            $locking,
            ") AND ",
            $wanted,
            " AND (try_at IS NULL OR try_at <= $1) AND (lease IS NULL OR leased_until <= $1) \
             RETURNING id, attempts"
        )
    };
}
/// Runs a claim in the text of either database; the one difference is that
/// PostgreSQL passes over rows that another claimer has locked.
macro_rules! claimed {
    ($tx:expr, $wanted:literal, $now:expr, $until:expr, $token:expr $(, $more:expr)*) => {
        match $tx {
            Tx::Sqlite(tx) => {
                sqlx::query_as::<_, (i64, i64)>(claim!($wanted, ""))
                    .bind($now.bound())
                    .bind($until.bound())
                    .bind($token)
                    $(.bind($more))*
                    .fetch_optional(&mut **tx)
                    .await
            }
            Tx::Postgres(tx) => {
                sqlx::query_as::<_, (i64, i64)>(claim!($wanted, " FOR UPDATE SKIP LOCKED"))
                    .bind($now.bound())
                    .bind($until.bound())
                    .bind($token)
                    $(.bind($more))*
                    .fetch_optional(&mut **tx)
                    .await
            }
        }
    };
}

/// What may be sent at this hour of the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hour {
    /// By the office's clock: what is held until later waits.
    Working(DateTime<Utc>),
    /// Reminders wait; alarms do not, nor what somebody at work has just caused.
    Quiet,
}

/// Claims one delivery that is to be sent, alarms first, then the oldest. But for
/// an alarm, its recipient has no other under way: theirs keep their order. A digest
/// waits for the looks that are still to be made, so that after a stop it tells all.
pub async fn lease(
    db: &Db,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
    token: &str,
    hour: Hour,
) -> Result<Option<Lease>> {
    let working_at = match hour {
        Hour::Working(now) => Some(now),
        Hour::Quiet => None,
    };
    let gathered = working_at.map(|now| now - TimeDelta::minutes(GATHERED_MINUTES));
    let mut tx = db.write().await?;
    let claimed = claimed!(
        &mut tx,
        "state = 'pending' AND (kind = 'alarm' OR (kind = 'notice' AND hold_until IS NULL) \
         OR ($4 IS NOT NULL AND (hold_until IS NULL OR hold_until <= $4))) \
         AND (kind <> 'digest' OR made_at <= $5 OR made_at > $4 OR NOT EXISTS \
         (SELECT 1 FROM household h WHERE h.next_nudge_at <= $4)) \
         AND (kind = 'alarm' OR NOT EXISTS \
         (SELECT 1 FROM delivery o WHERE o.recipient_id = delivery.recipient_id \
         AND o.state = 'pending' AND o.id <> delivery.id AND o.leased_until > $1))",
        now,
        until,
        token,
        working_at.bound(),
        gathered.bound()
    )?;
    tx.commit().await?;
    Ok(claimed.map(Lease::of))
}

/// As [`lease`], for alarms alone.
pub async fn lease_alarm(
    db: &Db,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
    token: &str,
) -> Result<Option<Lease>> {
    let mut tx = db.write().await?;
    let claimed = claimed!(
        &mut tx,
        "state = 'pending' AND kind = 'alarm'",
        now,
        until,
        token
    )?;
    tx.commit().await?;
    Ok(claimed.map(Lease::of))
}

/// As [`lease`], for a sent delivery that shows what is no longer so, or whose
/// last claimer died before it was shown anew.
pub async fn lease_stale(
    db: &Db,
    (now, until): (DateTime<Utc>, DateTime<Utc>),
    token: &str,
) -> Result<Option<Lease>> {
    let mut tx = db.write().await?;
    let claimed = claimed!(
        &mut tx,
        "state = 'sent' AND (stale OR lease IS NOT NULL)",
        now,
        until,
        token
    )?;
    tx.commit().await?;
    Ok(claimed.map(Lease::of))
}

impl Lease {
    fn of((id, attempts): (i64, i64)) -> Lease {
        Lease {
            id: DeliveryId(id),
            attempts,
        }
    }
}

#[derive(FromRow)]
struct LeasedRow {
    recipient_id: i64,
    kind: String,
    office_day: NaiveDate,
    made_at: DateTime<Utc>,
    maybe_sent: bool,
    maybe_repeated: bool,
    stopped_on: Option<NaiveDate>,
    notice: Option<String>,
    alarm_id: Option<i64>,
    route_id: Option<i64>,
    message_ref: Option<String>,
}

/// A claimed delivery as it stands now. Not read with the claim, so that one
/// that cannot be read stays claimed and lets the others pass.
pub async fn leased(db: &Db, id: DeliveryId) -> Result<Leased> {
    let mut tx = db.read().await?;
    let row = fetch!(
        one,
        LeasedRow,
        &mut tx,
        "SELECT recipient_id, kind, office_day, made_at, maybe_sent, maybe_repeated, stopped_on, notice, \
         alarm_id, route_id, message_ref FROM delivery WHERE id = $1",
        id,
    )?;
    let recipient = PersonId(row.recipient_id);
    let alarm = match row.alarm_id {
        Some(alarm) => Some(leased_alarm(&mut tx, AlarmId(alarm)).await?),
        None => None,
    };
    let sent = match (row.route_id, row.message_ref) {
        (Some(route), Some(message_ref)) => Some(SentBy {
            route: routes::route(&mut tx, route).await?,
            message_ref,
        }),
        _ => None,
    };
    Ok(Leased {
        id,
        recipient: people::person(&mut tx, recipient).await?,
        kind: read("delivery.kind", &row.kind)?,
        office_day: row.office_day,
        made_at: row.made_at,
        maybe_sent: row.maybe_sent,
        maybe_repeated: row.maybe_repeated,
        stopped_on: row.stopped_on,
        notice: row
            .notice
            .map(|notice| read_json("delivery.notice", &notice))
            .transpose()?,
        alarm,
        routes: routes::of_person(&mut tx, recipient).await?,
        sent,
    })
}

async fn leased_alarm(tx: &mut Tx, id: AlarmId) -> Result<LeasedAlarm> {
    let found = alarms::alarm(tx, id).await?;
    let (alarm, withdrawn) =
        found.ok_or_else(|| Fault::Broken(format!("there is no alarm {}", id.0)))?;
    let (code,) = fetch!(
        one,
        (String,),
        tx,
        "SELECT code FROM household WHERE id = $1",
        alarm.household,
    )?;
    Ok(LeasedAlarm {
        alarm,
        withdrawn,
        code: read("household.code", &code)?,
    })
}

/// What a delivery shows, in its order, as it stands now.
pub async fn items(db: &Db, delivery: DeliveryId) -> Result<Found<Item, HouseholdId>> {
    #[derive(FromRow)]
    struct ItemRow {
        #[sqlx(flatten)]
        household: HouseholdRow,
        #[sqlx(flatten)]
        check_in: CheckInRow,
        item_rung: Option<String>,
        alarm: bool,
        told_by_wrong_clock: bool,
    }
    #[derive(FromRow)]
    struct TriedItem {
        household_id: i64,
        #[sqlx(flatten)]
        row: Tried<ItemRow>,
    }
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        TriedItem,
        &mut tx,
        concat!(
            "SELECT i.rung AS item_rung, ",
            has_alarm!(),
            " AS alarm, EXISTS (SELECT 1 FROM nudge v JOIN delivery d ON d.id = i.delivery_id \
             WHERE v.check_in_id = i.check_in_id AND v.recipient_id = d.recipient_id \
             AND v.void AND v.delivery_id <> d.id) AS told_by_wrong_clock, ",
            household_columns!(),
            ", ",
            check_in_columns!(),
            " FROM delivery_item i JOIN household h ON h.id = i.household_id \
             JOIN check_in c ON c.id = i.check_in_id \
             WHERE i.delivery_id = $1 ORDER BY i.position LIMIT $2"
        ),
        delivery,
        ITEMS_MAX,
    )?;
    let item = |row: ItemRow| {
        Ok(Item {
            state: item_state(&row.check_in)?,
            household: row.household.try_into()?,
            check_in: row.check_in.try_into()?,
            alarm: row.alarm,
            told_by_wrong_clock: row.told_by_wrong_clock,
            rung: read_some("delivery_item.rung", row.item_rung.as_deref())?,
        })
    };
    Ok(Found::sort(rows.into_iter().map(|row| {
        (HouseholdId(row.household_id), row.row.0.and_then(item))
    })))
}

/// The file of a household that a delivery shows in full.
pub async fn file(db: &Db, household: HouseholdId) -> Result<Option<File>> {
    files::file(&mut db.read().await?, household, None).await
}

fn item_state(row: &CheckInRow) -> Result<ItemState> {
    match row.check_in_state.as_str() {
        "open" => Ok(ItemState::Open),
        "done" => Ok(ItemState::Done {
            by: row.settled_by.map(PersonId),
            at: row.settled_at,
        }),
        "withdrawn" => Ok(ItemState::Withdrawn),
        other => Err(Fault::Broken(format!("check_in.state holds {other:?}"))),
    }
}

/// How many deliveries that remind a team were made on that day, and how many
/// of them have not arrived though they were tried.
pub async fn proof(db: &Db, team: TeamId, office_day: NaiveDate) -> Result<Proof> {
    let mut tx = db.read().await?;
    let (made, undelivered) = fetch!(
        one,
        (i64, i64),
        &mut tx,
        "SELECT count(*), \
         count(CASE WHEN d.state = 'gone' OR (d.state = 'pending' AND d.try_at IS NOT NULL) \
         THEN 1 END) FROM delivery d JOIN person p ON p.id = d.recipient_id \
         WHERE d.office_day = $2 AND p.team_id = $1 AND d.kind <> 'notice' AND d.state <> 'moot'",
        team,
        office_day,
    )?;
    Ok(Proof { made, undelivered })
}
