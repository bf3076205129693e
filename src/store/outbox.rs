//! How a delivery comes to be: in the transaction that made it necessary.
use super::{Result, Tx, execute, fetch};
use crate::domain::{
    AlarmId, CheckInId, DeliveryId, HouseholdId, PersonId, check_in::Rung, closed_list,
};
use chrono::{DateTime, NaiveDate, Utc};

closed_list! {
    /// What a delivery carries.
    pub enum Kind {
        /// A recipient's due check-ins of one occasion.
        Digest,
        /// 16:00 of an appointment's day.
        Appointment,
        Alarm,
        /// What a colleague's message says to others.
        Notice,
    }
}

/// A delivery to be; it is sent at once.
pub(super) struct NewDelivery {
    pub(super) recipient: PersonId,
    pub(super) office_day: NaiveDate,
    /// The office's clock.
    pub(super) made_at: DateTime<Utc>,
    pub(super) content: Content,
}

pub(super) enum Content {
    /// Items follow.
    Digest,
    /// Items follow.
    Appointment,
    Alarm(AlarmId),
    /// A notice as JSON.
    Notice(String),
}

/// Adds a delivery with the recipient's next number of that kind and day.
pub(super) async fn add(tx: &mut Tx, new: &NewDelivery) -> Result<DeliveryId> {
    number_alone(tx, new.recipient).await?;
    let (kind, alarm, notice) = match &new.content {
        Content::Digest => (Kind::Digest, None, None),
        Content::Appointment => (Kind::Appointment, None, None),
        Content::Alarm(alarm) => (Kind::Alarm, Some(*alarm), None),
        Content::Notice(notice) => (Kind::Notice, None, Some(notice.as_str())),
    };
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO delivery (recipient_id, kind, office_day, number, state, attempts, stale, \
         made_at, alarm_id, notice) SELECT $1, $2, $3, coalesce(max(number), 0) + 1, 'pending', \
         0, FALSE, $4, $5, $6 FROM delivery \
         WHERE recipient_id = $1 AND kind = $2 AND office_day = $3 RETURNING id",
        new.recipient,
        kind,
        new.office_day,
        new.made_at,
        alarm,
        notice,
    )?;
    Ok(DeliveryId(id))
}

/// Holds the recipient until the end of the transaction, so that two of them
/// do not give the same number. On SQLite there is only one writer anyway.
async fn number_alone(tx: &mut Tx, recipient: PersonId) -> Result<()> {
    if let Tx::Postgres(tx) = tx {
        sqlx::query("SELECT id FROM person WHERE id = $1 FOR NO KEY UPDATE")
            .bind(recipient.0)
            .execute(&mut **tx)
            .await?;
    }
    Ok(())
}

/// The recipient's digest of that day that nobody has begun to send; it cannot
/// be leased until this transaction ends.
pub(super) async fn unsent_digest(
    tx: &mut Tx,
    recipient: PersonId,
    office_day: NaiveDate,
) -> Result<Option<DeliveryId>> {
    let row = fetch!(
        optional,
        (i64,),
        tx,
        "UPDATE delivery SET state = 'pending' WHERE id = (SELECT min(id) FROM delivery \
         WHERE recipient_id = $1 AND kind = 'digest' AND office_day = $2 AND state = 'pending' \
         AND lease IS NULL) AND state = 'pending' AND lease IS NULL RETURNING id",
        recipient,
        office_day,
    )?;
    Ok(row.map(|(id,)| DeliveryId(id)))
}

/// A household in a delivery, at its end; a rung if it made the delivery
/// necessary, none if it is only listed there.
pub(super) async fn add_item(
    tx: &mut Tx,
    delivery: DeliveryId,
    (household, check_in): (HouseholdId, CheckInId),
    rung: Option<Rung>,
) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO delivery_item (delivery_id, position, household_id, check_in_id, fired, rung) \
         SELECT $1, coalesce(max(position), 0) + 1, $2, $3, $4, $5 FROM delivery_item \
         WHERE delivery_id = $1 ON CONFLICT (delivery_id, check_in_id) DO UPDATE SET \
         fired = delivery_item.fired OR excluded.fired, \
         rung = coalesce(excluded.rung, delivery_item.rung)",
        delivery,
        household,
        check_in,
        rung.is_some(),
        rung,
    )?;
    Ok(())
}

/// A nudge of a check-in or of the alarm beside it.
pub(super) struct NewNudge {
    pub(super) check_in: CheckInId,
    pub(super) alarm: Option<AlarmId>,
    pub(super) step: i64,
    pub(super) rung: Rung,
    /// The office's clock.
    pub(super) made_at: DateTime<Utc>,
}

/// `Duplicate`: the person was told of this step already.
pub(super) async fn add_nudge(
    tx: &mut Tx,
    nudge: &NewNudge,
    recipient: PersonId,
    delivery: DeliveryId,
) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO nudge (check_in_id, alarm_id, step, recipient_id, rung, delivery_id, made_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        nudge.check_in,
        nudge.alarm,
        nudge.step,
        recipient,
        nudge.rung,
        delivery,
        nudge.made_at,
    )?;
    Ok(())
}
