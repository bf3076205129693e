//! What is due for a look, and the nudges and deliveries of one tick.
//!
//! Every instant here is of the office's clock. A household that changed after
//! it was read is skipped: its change said "look again now" itself.
use super::{
    Db, Fault, Result, Tx,
    alarms::{AlarmRow, alarm_columns},
    execute, fetch,
    households::{CheckInRow, HouseholdRow, Tried, check_in_columns, household_columns},
    outbox::{self, Content, NewDelivery, NewItem, NewNudge},
    people,
};
use crate::domain::{
    AlarmId, CheckInId, DeliveryId, HouseholdId, PersonId, TeamId,
    alarm::Alarm,
    check_in::{CheckIn, Progress, Rung},
    household::Household,
    people::Roster,
};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use std::collections::{BTreeMap, BTreeSet};

/// What was found, and what could not be read: a broken row stops no other.
#[derive(Debug)]
pub struct Found<T, Id> {
    pub rows: Vec<T>,
    pub broken: Vec<(Id, Fault)>,
}

impl<T, Id> Found<T, Id> {
    pub(super) fn sort(rows: impl IntoIterator<Item = (Id, Result<T>)>) -> Found<T, Id> {
        let mut found = Found {
            rows: Vec::new(),
            broken: Vec::new(),
        };
        for (id, row) in rows {
            match row {
                Ok(row) => found.rows.push(row),
                Err(fault) => found.broken.push((id, fault)),
            }
        }
        found
    }
}

/// An open household and when it was to be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueCase {
    pub household: Household,
    pub check_in: CheckIn,
    pub next_nudge_at: DateTime<Utc>,
}

/// What the ladder said of one household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Looked {
    pub household: HouseholdId,
    /// As it was read.
    pub version: i64,
    /// The `next_nudge_at` that was read.
    pub seen_at: DateTime<Utc>,
    pub check_in: CheckInId,
    /// The new one; `told` follows from the nudges and is not looked at.
    pub progress: Progress,
    /// When to look the next time.
    pub again_at: DateTime<Utc>,
    /// Which rung fires to whom, if one does: any but an alarm's.
    pub firing: Option<(Rung, Vec<PersonId>)>,
}

/// When a tick is, and what its digests list beside what fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tick {
    pub now: DateTime<Utc>,
    pub office_day: NaiveDate,
    /// Listed in the recipient's digest, if one goes out in this tick.
    pub also: BTreeMap<PersonId, Vec<(HouseholdId, CheckInId)>>,
    /// Until when the digests of these people wait, by their own wish.
    pub mornings: BTreeMap<PersonId, DateTime<Utc>>,
    /// Since when nobody was told of anything, if digests are to say so.
    pub stopped_on: Option<NaiveDate>,
}

/// What a tick has done.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Fired {
    /// Nudges made.
    pub nudges: usize,
    /// Households that changed meanwhile and were left alone.
    pub skipped: usize,
}

/// An alarm that nobody has confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueAlarm {
    pub alarm: Alarm,
    pub team: TeamId,
    /// When it is looked at next.
    pub next_at: DateTime<Utc>,
}

/// To whom an alarm goes now, and when to look at it again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlarmCall {
    pub alarm: AlarmId,
    /// The step that was read.
    pub seen_step: i64,
    /// The new one; the same where nobody is called yet.
    pub step: i64,
    pub next_at: DateTime<Utc>,
    pub recipients: Vec<PersonId>,
    pub now: DateTime<Utc>,
    pub office_day: NaiveDate,
}

/// No digest lists more beside what fires.
const DUE_OF_TEAM_MAX: i64 = 500;

/// Days without a look, and until when digests tell of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stoppage {
    /// The first day with a look that was missed.
    pub since: NaiveDate,
    /// The last day whose digests say so.
    pub told_on: NaiveDate,
}

/// A row of [`select_cases!`], and whose it is though the rest be broken.
#[derive(FromRow)]
pub(super) struct TriedCase {
    household_id: i64,
    #[sqlx(flatten)]
    row: Tried<CaseRow>,
}

impl TriedCase {
    pub(super) fn read(self) -> (HouseholdId, Result<DueCase>) {
        let case = self.row.0.and_then(DueCase::try_from);
        (HouseholdId(self.household_id), case)
    }
}

#[derive(FromRow)]
struct CaseRow {
    #[sqlx(flatten)]
    household: HouseholdRow,
    #[sqlx(flatten)]
    check_in: CheckInRow,
    next_nudge_at: DateTime<Utc>,
}

impl TryFrom<CaseRow> for DueCase {
    type Error = Fault;

    fn try_from(row: CaseRow) -> Result<DueCase> {
        Ok(DueCase {
            household: row.household.try_into()?,
            check_in: row.check_in.try_into()?,
            next_nudge_at: row.next_nudge_at,
        })
    }
}

/// A [`CaseRow`] of each open household.
macro_rules! select_cases {
    () => {
        concat!(
            "SELECT ",
            household_columns!(),
            ", h.next_nudge_at, ",
            check_in_columns!(),
            " FROM household h JOIN check_in c ON c.id = h.check_in_id "
        )
    };
}
pub(super) use select_cases;

/// The households to be looked at by now, those that have waited longest first.
pub async fn due_for_look(
    db: &Db,
    now: DateTime<Utc>,
    limit: i64,
) -> Result<Found<DueCase, HouseholdId>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        TriedCase,
        &mut tx,
        concat!(
            select_cases!(),
            "WHERE h.next_nudge_at IS NOT NULL AND h.next_nudge_at <= $1 \
             ORDER BY h.next_nudge_at, h.id LIMIT $2"
        ),
        now,
        limit,
    )?;
    Ok(Found::sort(rows.into_iter().map(TriedCase::read)))
}

/// A team's open households with `due_on` today or before, earliest first: from
/// them is chosen what digests list beside what fires. One that cannot be read
/// is left out here; its own look reports it.
pub async fn due_of_team(db: &Db, team: TeamId, today: NaiveDate) -> Result<Vec<DueCase>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        TriedCase,
        &mut tx,
        concat!(
            select_cases!(),
            "WHERE h.team_id = $1 AND c.state = 'open' AND c.due_on <= $2 \
             ORDER BY c.due_on, h.code LIMIT $3"
        ),
        team,
        today,
        DUE_OF_TEAM_MAX,
    )?;
    Ok(Found::sort(rows.into_iter().map(TriedCase::read)).rows)
}

/// The people of a team with the leaves that end today or later.
pub async fn roster(db: &Db, team: TeamId, today: NaiveDate) -> Result<Roster> {
    let mut tx = db.read().await?;
    people::roster(&mut tx, team, today).await
}

/// The earliest instant at which a household, an alarm or the calendar is to be
/// looked at.
pub async fn next_look_at(db: &Db) -> Result<Option<DateTime<Utc>>> {
    let mut tx = db.read().await?;
    let (household,) = fetch!(
        one,
        (Option<DateTime<Utc>>,),
        &mut tx,
        "SELECT min(next_nudge_at) FROM household WHERE next_nudge_at IS NOT NULL",
    )?;
    let (alarm,) = fetch!(
        one,
        (Option<DateTime<Utc>>,),
        &mut tx,
        "SELECT min(next_at) FROM alarm WHERE next_at IS NOT NULL",
    )?;
    let (occasion,) = fetch!(
        one,
        (Option<DateTime<Utc>>,),
        &mut tx,
        "SELECT min(occasion_at) FROM office",
    )?;
    let looks = [household, alarm, occasion];
    Ok(looks.into_iter().flatten().min())
}

/// When the first message that is held after that instant may go out.
pub async fn next_held_after(db: &Db, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let mut tx = db.read().await?;
    let (held,) = fetch!(
        one,
        (Option<DateTime<Utc>>,),
        &mut tx,
        "SELECT min(hold_until) FROM delivery WHERE state = 'pending' AND hold_until > $1",
        now,
    )?;
    Ok(held)
}

/// The last stoppage that is known.
pub async fn stoppage(db: &Db) -> Result<Option<Stoppage>> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        (Option<NaiveDate>, Option<NaiveDate>),
        &mut tx,
        "SELECT stopped_on, stopped_told_on FROM office",
    )?;
    Ok(row.and_then(|(since, told_on)| {
        Some(Stoppage {
            since: since?,
            told_on: told_on?,
        })
    }))
}

/// Remembers a stoppage until its digests have gone out.
pub async fn remember_stoppage(db: &Db, stoppage: &Stoppage) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "UPDATE office SET stopped_on = $1, stopped_told_on = $2",
        stoppage.since,
        stoppage.told_on,
    )?;
    tx.commit().await
}

/// Writes what a tick has found, in one transaction: the progress of each
/// household, nudges, and for each recipient one digest, and one delivery for
/// appointments.
pub async fn apply(db: &Db, looks: &[Looked], tick: &Tick) -> Result<Fired> {
    let mut tx = db.write().await?;
    let mut fired = Fired::default();
    let mut of_recipients: BTreeMap<PersonId, Vec<(Rung, &Looked)>> = BTreeMap::new();
    let mut repeats = BTreeSet::new();
    for look in looks {
        let Some(maybe_told) = advance(&mut tx, look).await? else {
            fired.skipped += 1;
            continue;
        };
        if maybe_told && look.firing.is_some() {
            outbox::is_told(&mut tx, look.check_in).await?;
            repeats.insert(look.check_in);
        }
        if let Some((rung, recipients)) = &look.firing {
            for recipient in recipients.iter().collect::<BTreeSet<_>>() {
                let firing = of_recipients.entry(*recipient).or_default();
                firing.push((*rung, look));
            }
        }
    }
    // In the order of their ids, so that two ticks do not wait for one another.
    for (recipient, firing) in of_recipients {
        fired.nudges += firing.len();
        let deliveries = nudge(&mut tx, recipient, &firing, tick).await?;
        if firing
            .iter()
            .any(|(_, look)| repeats.contains(&look.check_in))
        {
            outbox::may_repeat(&mut tx, &deliveries).await?;
        }
    }
    tx.commit().await?;
    Ok(fired)
}

/// None: the household was no longer as it was read. Else it has moved on, and
/// whether its next nudge may repeat one.
async fn advance(tx: &mut Tx, look: &Looked) -> Result<Option<bool>> {
    let held = execute!(
        &mut *tx,
        "UPDATE household SET next_nudge_at = $5 \
         WHERE id = $1 AND version = $2 AND next_nudge_at = $3 AND check_in_id = $4",
        look.household,
        look.version,
        look.seen_at,
        look.check_in,
        look.again_at,
    )?;
    if held == 0 {
        return Ok(None);
    }
    let progress = &look.progress;
    let taken = progress.taken;
    let advanced = fetch!(
        optional,
        (bool,),
        tx,
        "UPDATE check_in SET step = $2, rung = $3, weekly_on = $4, taken_by = $5, \
         taken_at = $6, taken_until = $7, supervisor_from = $8 WHERE id = $1 \
         RETURNING maybe_told",
        look.check_in,
        progress.step,
        progress.rung,
        progress.weekly_on,
        taken.map(|taken| taken.by),
        taken.map(|taken| taken.at),
        taken.map(|taken| taken.until),
        progress.supervisor_from,
    )?;
    Ok(Some(advanced.is_some_and(|(maybe_told,)| maybe_told)))
}

/// All that one recipient is told in this tick; by which deliveries.
async fn nudge(
    tx: &mut Tx,
    recipient: PersonId,
    firing: &[(Rung, &Looked)],
    tick: &Tick,
) -> Result<Vec<DeliveryId>> {
    let mut deliveries = Vec::new();
    let new = |content| NewDelivery {
        recipient,
        office_day: tick.office_day,
        made_at: tick.now,
        hold_until: None,
        content,
    };
    let (appointments, due): (Vec<_>, Vec<_>) = firing
        .iter()
        .copied()
        .partition(|(rung, _)| *rung == Rung::Appointment);
    if !appointments.is_empty() {
        let delivery = outbox::add(tx, &new(Content::Appointment)).await?;
        tell(tx, (recipient, delivery), &appointments, tick.now).await?;
        deliveries.push(delivery);
    }
    if !due.is_empty() {
        let held = NewDelivery {
            hold_until: tick.mornings.get(&recipient).copied(),
            ..new(Content::Digest)
        };
        let digest = open_digest(tx, &held).await?;
        tell(tx, (recipient, digest), &due, tick.now).await?;
        let also = tick.also.get(&recipient).into_iter().flatten();
        let also = also.map(|(household, check_in)| NewItem {
            household: *household,
            check_in: *check_in,
            rung: None,
        });
        outbox::add_items(tx, digest, also.collect()).await?;
        if let Some(since) = tick.stopped_on {
            outbox::stopped(tx, digest, since).await?;
        }
        deliveries.push(digest);
    }
    Ok(deliveries)
}

/// What fires, as nudges and as households of that delivery.
async fn tell(
    tx: &mut Tx,
    (recipient, delivery): (PersonId, DeliveryId),
    firing: &[(Rung, &Looked)],
    now: DateTime<Utc>,
) -> Result<()> {
    for (rung, look) in firing {
        if *rung == Rung::Alarm {
            return Err(Fault::Broken("an alarm is no rung of a check-in".into()));
        }
        let nudge = NewNudge {
            check_in: look.check_in,
            alarm: None,
            step: look.progress.step,
            rung: *rung,
            made_at: now,
        };
        outbox::add_nudge(tx, &nudge, recipient, delivery).await?;
    }
    let items = firing.iter().map(|(rung, look)| NewItem {
        household: look.household,
        check_in: look.check_in,
        rung: Some(*rung),
    });
    outbox::add_items(tx, delivery, items.collect()).await
}

/// The recipient's digest that nobody has begun to send, or a new one.
async fn open_digest(tx: &mut Tx, new: &NewDelivery) -> Result<DeliveryId> {
    match outbox::unsent_digest(tx, new).await? {
        Some(digest) => Ok(digest),
        None => outbox::add(tx, new).await,
    }
}

/// Pushes a household out of the way that is due by `now` and cannot be looked at,
/// so that it does not stop the others; whether it was. A look that somebody has
/// laid on another time meanwhile stays there.
pub async fn postpone(
    db: &Db,
    household: HouseholdId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool> {
    let mut tx = db.write().await?;
    let postponed = execute!(
        &mut tx,
        "UPDATE household SET next_nudge_at = $3 WHERE id = $1 AND next_nudge_at <= $2",
        household,
        now,
        until,
    )?;
    tx.commit().await?;
    Ok(postponed > 0)
}

/// As [`postpone`], an alarm that calls by `now`.
pub async fn postpone_alarm(
    db: &Db,
    alarm: AlarmId,
    now: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<bool> {
    let mut tx = db.write().await?;
    let postponed = execute!(
        &mut tx,
        "UPDATE alarm SET next_at = $3 WHERE id = $1 AND next_at <= $2",
        alarm,
        now,
        until,
    )?;
    tx.commit().await?;
    Ok(postponed > 0)
}

/// The alarms that fire by then, or all, those that have waited longest first.
pub async fn alarms_due(
    db: &Db,
    by: Option<DateTime<Utc>>,
    limit: i64,
) -> Result<Found<DueAlarm, AlarmId>> {
    #[derive(FromRow)]
    struct TriedAlarm {
        alarm_id: i64,
        #[sqlx(flatten)]
        alarm: Tried<AlarmRow>,
        team_id: i64,
        next_at: DateTime<Utc>,
    }
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        TriedAlarm,
        &mut tx,
        concat!(
            "SELECT ",
            alarm_columns!(),
            ", h.team_id, a.next_at FROM alarm a JOIN household h ON h.id = a.household_id \
             WHERE a.next_at IS NOT NULL AND ($1 IS NULL OR a.next_at <= $1) \
             ORDER BY a.next_at, a.id LIMIT $2"
        ),
        by,
        limit,
    )?;
    Ok(Found::sort(rows.into_iter().map(|row| {
        let alarm = row.alarm.0.and_then(Alarm::try_from);
        let due = alarm.map(|alarm| DueAlarm {
            alarm,
            team: TeamId(row.team_id),
            next_at: row.next_at,
        });
        (AlarmId(row.alarm_id), due)
    })))
}

/// Moves an alarm on: a nudge and a delivery of its own for each recipient. Not
/// if it has fired, was confirmed or was withdrawn meanwhile; whether it moved.
pub async fn apply_alarm(db: &Db, call: &AlarmCall) -> Result<bool> {
    let mut tx = db.write().await?;
    let held = fetch!(
        optional,
        (i64, i64, i64, bool),
        &mut tx,
        "UPDATE alarm SET step = void_steps + $3, next_at = $4 \
         WHERE id = $1 AND step - void_steps = $2 AND next_at IS NOT NULL \
         RETURNING household_id, check_in_id, step, maybe_told",
        call.alarm,
        call.seen_step,
        call.step,
        call.next_at,
    )?;
    let Some((household, check_in, step, maybe_told)) = held else {
        return Ok(false);
    };
    let (household, check_in) = (HouseholdId(household), CheckInId(check_in));
    for recipient in call.recipients.iter().collect::<BTreeSet<_>>() {
        let new = NewDelivery {
            recipient: *recipient,
            office_day: call.office_day,
            made_at: call.now,
            hold_until: None,
            content: Content::Alarm(call.alarm),
        };
        let delivery = outbox::add(&mut tx, &new).await?;
        let item = NewItem {
            household,
            check_in,
            rung: Some(Rung::Alarm),
        };
        outbox::add_items(&mut tx, delivery, vec![item]).await?;
        let nudge = NewNudge {
            check_in,
            alarm: Some(call.alarm),
            step,
            rung: Rung::Alarm,
            made_at: call.now,
        };
        outbox::add_nudge(&mut tx, &nudge, *recipient, delivery).await?;
        if maybe_told {
            outbox::may_repeat(&mut tx, &[delivery]).await?;
        }
    }
    if maybe_told && !call.recipients.is_empty() {
        outbox::alarm_is_told(&mut tx, call.alarm).await?;
    }
    tx.commit().await?;
    Ok(true)
}
