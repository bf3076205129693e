//! What is due for a look, and the nudges and deliveries of one tick.
//!
//! Every instant here is of the office's clock. A household that changed after
//! it was read is skipped: its change said "look again now" itself.
use super::{
    Db, Fault, Result, Tx,
    alarms::{AlarmRow, alarm_columns},
    execute, fetch,
    households::{CheckInRow, HouseholdRow, check_in_columns, household_columns},
    outbox::{self, Content, NewDelivery, NewNudge},
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
    pub also: Vec<(PersonId, HouseholdId, CheckInId)>,
}

/// What a tick has done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fired {
    /// Nudges made.
    pub nudges: usize,
    /// Households that changed meanwhile and were left alone.
    pub skipped: usize,
    /// Who gets a delivery.
    pub recipients: Vec<PersonId>,
}

/// An alarm that fires.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueAlarm {
    pub alarm: Alarm,
    pub household: Household,
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

/// The households to be looked at by now, those that have waited longest first.
pub async fn due_for_look(db: &Db, now: DateTime<Utc>, limit: i64) -> Result<Vec<DueCase>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        CaseRow,
        &mut tx,
        concat!(
            select_cases!(),
            "WHERE h.next_nudge_at IS NOT NULL AND h.next_nudge_at <= $1 \
             ORDER BY h.next_nudge_at, h.id LIMIT $2"
        ),
        now,
        limit,
    )?;
    rows.into_iter().map(DueCase::try_from).collect()
}

/// A team's open households with `due_on` today or before, earliest first: from
/// them is chosen what digests list beside what fires.
pub async fn due_of_team(db: &Db, team: TeamId, today: NaiveDate) -> Result<Vec<DueCase>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        CaseRow,
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
    rows.into_iter().map(DueCase::try_from).collect()
}

/// The people of a team with the leaves that end today or later.
pub async fn roster(db: &Db, team: TeamId, today: NaiveDate) -> Result<Roster> {
    let mut tx = db.read().await?;
    people::roster(&mut tx, team, today).await
}

/// The earliest instant at which a household or an alarm is to be looked at;
/// None where nothing is open.
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
    Ok(household.into_iter().chain(alarm).min())
}

/// Writes what a tick has found, in one transaction: the progress of each
/// household, nudges, and for each recipient one digest, and one delivery for
/// appointments.
pub async fn apply(db: &Db, looks: &[Looked], tick: &Tick) -> Result<Fired> {
    let mut tx = db.write().await?;
    let mut fired = Fired::default();
    let mut of_recipients: BTreeMap<PersonId, Vec<(Rung, &Looked)>> = BTreeMap::new();
    for look in looks {
        if !advance(&mut tx, look).await? {
            fired.skipped += 1;
            continue;
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
        fired.recipients.push(recipient);
        nudge(&mut tx, recipient, &firing, tick).await?;
    }
    tx.commit().await?;
    Ok(fired)
}

/// Whether the household still was as it was read; then it has moved on.
async fn advance(tx: &mut Tx, look: &Looked) -> Result<bool> {
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
        return Ok(false);
    }
    let progress = &look.progress;
    let taken = progress.taken;
    execute!(
        tx,
        "UPDATE check_in SET step = $2, rung = $3, weekly_on = $4, taken_by = $5, \
         taken_at = $6, taken_until = $7, supervisor_from = $8 WHERE id = $1",
        look.check_in,
        progress.step,
        progress.rung,
        progress.weekly_on,
        taken.map(|taken| taken.by),
        taken.map(|taken| taken.at),
        taken.map(|taken| taken.until),
        progress.supervisor_from,
    )?;
    Ok(true)
}

/// All that one recipient is told in this tick.
async fn nudge(
    tx: &mut Tx,
    recipient: PersonId,
    firing: &[(Rung, &Looked)],
    tick: &Tick,
) -> Result<()> {
    let new = |content| NewDelivery {
        recipient,
        office_day: tick.office_day,
        made_at: tick.now,
        content,
    };
    let (mut digest, mut appointments) = (None, None);
    for (rung, look) in firing {
        let delivery = match rung {
            Rung::First | Rung::Again | Rung::Supervisor | Rung::Weekly => match digest {
                Some(digest) => digest,
                None => *digest.insert(open_digest(tx, &new(Content::Digest)).await?),
            },
            Rung::Appointment => match appointments {
                Some(appointments) => appointments,
                None => *appointments.insert(outbox::add(tx, &new(Content::Appointment)).await?),
            },
            Rung::Alarm => return Err(Fault::Broken("an alarm is no rung of a check-in".into())),
        };
        let what = (look.household, look.check_in);
        outbox::add_item(tx, delivery, what, Some(*rung)).await?;
        let nudge = NewNudge {
            check_in: look.check_in,
            alarm: None,
            step: look.progress.step,
            rung: *rung,
            made_at: tick.now,
        };
        outbox::add_nudge(tx, &nudge, recipient, delivery).await?;
    }
    if let Some(digest) = digest {
        for (_, household, check_in) in tick.also.iter().filter(|(to, ..)| *to == recipient) {
            outbox::add_item(tx, digest, (*household, *check_in), None).await?;
        }
    }
    Ok(())
}

/// The recipient's digest of the day that nobody has begun to send, or a new one.
async fn open_digest(tx: &mut Tx, new: &NewDelivery) -> Result<DeliveryId> {
    match outbox::unsent_digest(tx, new.recipient, new.office_day).await? {
        Some(digest) => Ok(digest),
        None => outbox::add(tx, new).await,
    }
}

/// Pushes a household out of the way that cannot be looked at, so that it does
/// not stop the others; whether it is open.
pub async fn postpone(db: &Db, household: HouseholdId, until: DateTime<Utc>) -> Result<bool> {
    let mut tx = db.write().await?;
    let postponed = execute!(
        &mut tx,
        "UPDATE household SET next_nudge_at = $2 WHERE id = $1 AND next_nudge_at IS NOT NULL",
        household,
        until,
    )?;
    tx.commit().await?;
    Ok(postponed > 0)
}

/// The alarms that fire by now, those that have waited longest first.
pub async fn alarms_due(db: &Db, now: DateTime<Utc>, limit: i64) -> Result<Vec<DueAlarm>> {
    #[derive(FromRow)]
    struct DueRow {
        #[sqlx(flatten)]
        alarm: AlarmRow,
        #[sqlx(flatten)]
        household: HouseholdRow,
    }
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        DueRow,
        &mut tx,
        concat!(
            "SELECT ",
            alarm_columns!(),
            ", ",
            household_columns!(),
            " FROM alarm a JOIN household h ON h.id = a.household_id \
             WHERE a.next_at IS NOT NULL AND a.next_at <= $1 ORDER BY a.next_at, a.id LIMIT $2"
        ),
        now,
        limit,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok(DueAlarm {
                alarm: row.alarm.try_into()?,
                household: row.household.try_into()?,
            })
        })
        .collect()
}

/// Moves an alarm on: a nudge and a delivery of its own for each recipient. Not
/// if it has fired, was confirmed or was withdrawn meanwhile; whether it moved.
pub async fn apply_alarm(db: &Db, call: &AlarmCall) -> Result<bool> {
    let mut tx = db.write().await?;
    let held = fetch!(
        optional,
        (i64, i64),
        &mut tx,
        "UPDATE alarm SET step = $3, next_at = $4 \
         WHERE id = $1 AND step = $2 AND next_at IS NOT NULL RETURNING household_id, check_in_id",
        call.alarm,
        call.seen_step,
        call.step,
        call.next_at,
    )?;
    let Some((household, check_in)) = held else {
        return Ok(false);
    };
    let (household, check_in) = (HouseholdId(household), CheckInId(check_in));
    for recipient in call.recipients.iter().collect::<BTreeSet<_>>() {
        let new = NewDelivery {
            recipient: *recipient,
            office_day: call.office_day,
            made_at: call.now,
            content: Content::Alarm(call.alarm),
        };
        let delivery = outbox::add(&mut tx, &new).await?;
        let what = (household, check_in);
        outbox::add_item(&mut tx, delivery, what, Some(Rung::Alarm)).await?;
        let nudge = NewNudge {
            check_in,
            alarm: Some(call.alarm),
            step: call.step,
            rung: Rung::Alarm,
            made_at: call.now,
        };
        outbox::add_nudge(&mut tx, &nudge, *recipient, delivery).await?;
    }
    tx.commit().await?;
    Ok(true)
}
