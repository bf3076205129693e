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

/// A delivery to be; it is sent at once if it is not held.
pub(super) struct NewDelivery {
    pub(super) recipient: PersonId,
    pub(super) office_day: NaiveDate,
    /// The office's clock.
    pub(super) made_at: DateTime<Utc>,
    /// Not before then by the office's clock, and never outside its hours.
    pub(super) hold_until: Option<DateTime<Utc>>,
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
        "INSERT INTO delivery (recipient_id, kind, office_day, number, state, attempts, \
         maybe_sent, stale, made_at, alarm_id, notice, hold_until) \
         SELECT $1, $2, $3, coalesce(max(number), 0) + 1, 'pending', 0, FALSE, FALSE, $4, $5, $6, $7 \
         FROM delivery \
         WHERE recipient_id = $1 AND kind = $2 AND office_day = $3 RETURNING id",
        new.recipient,
        kind,
        new.office_day,
        new.made_at,
        alarm,
        notice,
        new.hold_until,
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

/// The recipient's digest that nobody has begun to send; it cannot be leased
/// until this transaction ends. One that waits since an earlier day becomes
/// this day's, so that nobody gets several at once, and says since when.
pub(super) async fn unsent_digest(tx: &mut Tx, new: &NewDelivery) -> Result<Option<DeliveryId>> {
    let row = fetch!(
        optional,
        (i64, NaiveDate),
        &mut *tx,
        "UPDATE delivery SET state = 'pending' WHERE id = (SELECT min(id) FROM delivery \
         WHERE recipient_id = $1 AND kind = 'digest' AND state = 'pending' AND lease IS NULL) \
         AND state = 'pending' AND lease IS NULL RETURNING id, office_day",
        new.recipient,
    )?;
    let Some((id, office_day)) = row else {
        return Ok(None);
    };
    let id = DeliveryId(id);
    if office_day < new.office_day {
        number_alone(tx, new.recipient).await?;
        execute!(
            &mut *tx,
            "UPDATE delivery SET office_day = $3, made_at = $4, number = (SELECT \
             coalesce(max(number), 0) + 1 FROM delivery \
             WHERE recipient_id = $2 AND kind = 'digest' AND office_day = $3) WHERE id = $1",
            id,
            new.recipient,
            new.office_day,
            new.made_at,
        )?;
        stopped(tx, id, office_day).await?;
    }
    Ok(Some(id))
}

/// The digest says that its reader had heard nothing since that day, if it does
/// not name an earlier one.
pub(super) async fn stopped(tx: &mut Tx, digest: DeliveryId, since: NaiveDate) -> Result<()> {
    execute!(
        tx,
        "UPDATE delivery SET stopped_on = $2 \
         WHERE id = $1 AND (stopped_on IS NULL OR stopped_on > $2)",
        digest,
        since,
    )?;
    Ok(())
}

/// What they carry may have been sent before the office was restored.
pub(super) async fn may_repeat(tx: &mut Tx, deliveries: &[DeliveryId]) -> Result<()> {
    for delivery in deliveries {
        execute!(
            &mut *tx,
            "UPDATE delivery SET maybe_repeated = TRUE WHERE id = $1",
            *delivery,
        )?;
    }
    Ok(())
}

/// Its next nudge repeats none.
pub(super) async fn is_told(tx: &mut Tx, check_in: CheckInId) -> Result<()> {
    execute!(
        tx,
        "UPDATE check_in SET maybe_told = FALSE WHERE id = $1",
        check_in
    )?;
    Ok(())
}

/// As [`is_told`], of an alarm.
pub(super) async fn alarm_is_told(tx: &mut Tx, alarm: AlarmId) -> Result<()> {
    execute!(
        tx,
        "UPDATE alarm SET maybe_told = FALSE WHERE id = $1",
        alarm
    )?;
    Ok(())
}

/// A household in a delivery.
pub(super) struct NewItem {
    pub(super) household: HouseholdId,
    pub(super) check_in: CheckInId,
    /// If it made the delivery necessary; None if it is only listed there.
    pub(super) rung: Option<Rung>,
}

/// Adds them at the end of a delivery, in this order.
pub(super) async fn add_items(
    tx: &mut Tx,
    delivery: DeliveryId,
    items: Vec<NewItem>,
) -> Result<()> {
    let (last,) = fetch!(
        one,
        (i64,),
        &mut *tx,
        "SELECT coalesce(max(position), 0) FROM delivery_item WHERE delivery_id = $1",
        delivery,
    )?;
    for (position, item) in (last + 1..).zip(items) {
        execute!(
            &mut *tx,
            "INSERT INTO delivery_item \
             (delivery_id, position, household_id, check_in_id, fired, rung) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (delivery_id, check_in_id) DO UPDATE SET \
             fired = delivery_item.fired OR excluded.fired, \
             rung = coalesce(excluded.rung, delivery_item.rung)",
            delivery,
            position,
            item.household,
            item.check_in,
            item.rung.is_some(),
            item.rung,
        )?;
    }
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
