//! What the auditor reads, the few things that it mends, and what it leaves to be
//! told. `now` and `made_at` are of the office's clock, where nothing else is said.
use super::{
    Db, Result, Tx, deliveries, execute, fetch,
    households::{check_in_columns, household_columns},
    nudges::{DueCase, Found, TriedCase, select_cases},
    outbox::{self, Content, Kind, NewDelivery},
    routes::{self, Routes},
    value::{json, read, read_json},
};
use crate::{
    conversation::{audit::Finding, notice::Notice},
    domain::{AlarmId, DeliveryId, HouseholdId, PersonId, TeamId, household::Code, people::Role},
};
use chrono::{DateTime, NaiveDate, Utc};

/// No audit tells of more of one kind.
const ROWS_MAX: i64 = 1_000;

/// A household as a finding names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    pub household: HouseholdId,
    /// None where it cannot be read.
    pub code: Option<Code>,
    pub team: TeamId,
}

type NamedRow = (i64, String, i64);

fn named((household, code, team): NamedRow) -> Named {
    Named {
        household: HouseholdId(household),
        code: read("household.code", &code).ok(),
        team: TeamId(team),
    }
}

/// None where a row is broken: it must not keep the auditor from the others.
fn unless_broken<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Err(fault) if !fault.is_transient() => {
            tracing::error!(%fault, "a row cannot be read");
            Ok(None)
        }
        read => read.map(Some),
    }
}

/// Open households that have not exactly one open check-in, their own, and a next
/// look. The schema refuses them; it is looked at all the same.
pub async fn unscheduled(db: &Db) -> Result<Vec<Named>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        NamedRow,
        &mut tx,
        "SELECT h.id, h.code, h.team_id FROM household h \
         WHERE h.state NOT IN ('closed', 'transferred') AND (h.next_nudge_at IS NULL \
         OR (SELECT count(*) FROM check_in c WHERE c.household_id = h.id AND c.state = 'open') <> 1 \
         OR NOT EXISTS (SELECT 1 FROM check_in c WHERE c.id = h.check_in_id \
         AND c.household_id = h.id AND c.state = 'open')) ORDER BY h.id LIMIT $1",
        ROWS_MAX,
    )?;
    Ok(rows.into_iter().map(named).collect())
}

/// The next of the open households after that one, by id.
pub async fn cases(
    db: &Db,
    after: HouseholdId,
    limit: i64,
) -> Result<(Found<DueCase, HouseholdId>, Option<HouseholdId>)> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        TriedCase,
        &mut tx,
        concat!(select_cases!(), "WHERE h.id > $1 ORDER BY h.id LIMIT $2"),
        after,
        limit,
    )?;
    let rows: Vec<_> = rows.into_iter().map(TriedCase::read).collect();
    let last = rows.last().map(|(household, _)| *household);
    Ok((Found::sort(rows), last))
}

/// A delivery that has not gone out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Waiting {
    pub delivery: DeliveryId,
    pub is_alarm: bool,
    pub team: TeamId,
    /// Since when it might have been sent: made, and not held back any more.
    pub since: DateTime<Utc>,
}

/// The deliveries that wait since before that instant, the oldest first.
pub async fn waiting(db: &Db, before: DateTime<Utc>) -> Result<Vec<Waiting>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        (i64, String, i64, DateTime<Utc>),
        &mut tx,
        "SELECT d.id, d.kind, p.team_id, coalesce(d.hold_until, d.made_at) AS since \
         FROM delivery d JOIN person p ON p.id = d.recipient_id \
         WHERE d.state = 'pending' AND coalesce(d.hold_until, d.made_at) < $1 \
         ORDER BY since, d.id LIMIT $2",
        before,
        ROWS_MAX,
    )?;
    let waiting = |(id, kind, team, since): (i64, String, i64, DateTime<Utc>)| Waiting {
        delivery: DeliveryId(id),
        is_alarm: kind == Kind::Alarm.code(),
        team: TeamId(team),
        since,
    };
    Ok(rows.into_iter().map(waiting).collect())
}

/// Open check-ins with nudges of which none has arrived or is on its way, and of
/// whose recipients no one who leads was told that they cannot be reached.
pub async fn undelivered(db: &Db) -> Result<Vec<Named>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        (i64, String, i64, i64, NaiveDate),
        &mut tx,
        "SELECT h.id, h.code, h.team_id, d.recipient_id, d.office_day \
         FROM household h JOIN nudge n ON n.check_in_id = h.check_in_id \
         JOIN delivery d ON d.id = n.delivery_id \
         WHERE NOT n.void \
         AND n.id = (SELECT max(l.id) FROM nudge l WHERE l.check_in_id = h.check_in_id) \
         AND NOT EXISTS (SELECT 1 FROM nudge o JOIN delivery s ON s.id = o.delivery_id \
         WHERE o.check_in_id = h.check_in_id AND s.state IN ('sent', 'pending')) \
         ORDER BY h.id LIMIT $1",
        ROWS_MAX,
    )?;
    let mut found = Vec::new();
    for (household, code, team, person, day) in rows {
        if !is_told_of(&mut tx, PersonId(person), day).await? {
            found.push(named((household, code, team)));
        }
    }
    Ok(found)
}

/// Whether somebody was, or will be, told since that day that nothing reaches the person.
async fn is_told_of(tx: &mut Tx, person: PersonId, since: NaiveDate) -> Result<bool> {
    let notice = json(&Notice::Unreached { person })?;
    let (told,) = fetch!(
        one,
        (i64,),
        tx,
        "SELECT count(*) FROM delivery WHERE kind = 'notice' AND notice = $1 \
         AND office_day >= $2 AND state IN ('sent', 'pending')",
        notice,
        since,
    )?;
    Ok(told > 0)
}

/// The newest instant of real time that was written down in passing.
pub async fn newest(db: &Db) -> Result<Option<DateTime<Utc>>> {
    let mut tx = db.read().await?;
    let (heard, sent) = fetch!(
        one,
        (Option<DateTime<Utc>>, Option<DateTime<Utc>>),
        &mut tx,
        "SELECT (SELECT max(heard_at) FROM message WHERE key IS NOT NULL), \
         (SELECT max(n.sent_at) FROM (SELECT sent_at FROM delivery ORDER BY id DESC LIMIT 200) n)",
    )?;
    Ok(heard.max(sent))
}

/// Looks at the household now instead of at that instant; whether it still stood so.
pub async fn look_now(
    db: &Db,
    (household, seen_at): (HouseholdId, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<bool> {
    let mut tx = db.write().await?;
    let held = execute!(
        &mut tx,
        "UPDATE household SET next_nudge_at = $3 WHERE id = $1 AND next_nudge_at = $2",
        household,
        seen_at,
        now,
    )?;
    tx.commit().await?;
    Ok(held > 0)
}

/// As [`look_now`], an alarm.
pub async fn call_now(
    db: &Db,
    (alarm, seen_at): (AlarmId, DateTime<Utc>),
    now: DateTime<Utc>,
) -> Result<bool> {
    let mut tx = db.write().await?;
    let held = execute!(
        &mut tx,
        "UPDATE alarm SET next_at = $3 WHERE id = $1 AND next_at = $2",
        alarm,
        seen_at,
        now,
    )?;
    tx.commit().await?;
    Ok(held > 0)
}

/// Leaves these notices for those who lead the team and can be reached, but for
/// whom they are about, each of them once a day; how many are new.
pub async fn tell(
    db: &Db,
    team: TeamId,
    notices: &[Notice],
    about: Option<PersonId>,
    (now, office_day): (DateTime<Utc>, NaiveDate),
) -> Result<usize> {
    let mut tx = db.write().await?;
    let mut new = 0;
    let leads = deliveries::reachable_leads(&mut tx, team, about, office_day).await;
    let mut readers = unless_broken(leads)?.unwrap_or_default();
    if readers.is_empty() {
        readers = admins(&mut tx, office_day).await?;
        readers.retain(|person| Some(*person) != about);
    }
    for person in readers {
        let known = told_on(&mut tx, person, office_day).await?;
        for notice in notices.iter().filter(|notice| !is_known(notice, &known)) {
            let is_proof = matches!(notice, Notice::Proof { .. });
            if is_proof && has_digest(&mut tx, person, office_day).await? {
                continue;
            }
            let content = NewDelivery {
                recipient: person,
                office_day,
                made_at: now,
                hold_until: None,
                content: Content::Notice(json(notice)?),
            };
            outbox::add(&mut tx, &content).await?;
            new += 1;
        }
    }
    tx.commit().await?;
    Ok(new)
}

/// The administrators of the whole office, reached or not: what is told to nobody
/// is lost.
async fn admins(tx: &mut Tx, office_day: NaiveDate) -> Result<Vec<PersonId>> {
    let rows = fetch!(
        all,
        (i64,),
        tx,
        "SELECT id FROM person WHERE role = $1 AND (left_on IS NULL OR left_on > $2) ORDER BY id",
        Role::Admin,
        office_day,
    )?;
    Ok(rows.into_iter().map(|(id,)| PersonId(id)).collect())
}

/// The notices of that person and day that can be read.
async fn told_on(tx: &mut Tx, person: PersonId, office_day: NaiveDate) -> Result<Vec<Notice>> {
    let rows = fetch!(
        all,
        (Option<String>,),
        tx,
        "SELECT notice FROM delivery \
         WHERE office_day = $2 AND recipient_id = $1 AND kind = 'notice' LIMIT $3",
        person,
        office_day,
        ROWS_MAX,
    )?;
    let notices = rows.into_iter().filter_map(|(notice,)| notice);
    Ok(notices
        .filter_map(|notice| read_json("delivery.notice", &notice).ok())
        .collect())
}

/// Whether it says what was said that day: figures may have changed since.
fn is_known(notice: &Notice, known: &[Notice]) -> bool {
    known.iter().any(|known| match (notice, known) {
        (Notice::Proof { .. }, Notice::Proof { .. }) => true,
        (
            Notice::Audit { trouble, which, .. },
            Notice::Audit {
                trouble: known,
                which: of,
                ..
            },
        ) => trouble == known && which == of,
        (
            Notice::OutOfReach { person, .. },
            Notice::OutOfReach { person: known, .. } | Notice::Unreached { person: known },
        ) => person == known,
        _ => notice == known,
    })
}

/// Whether a digest of that day tells the person the same as a proof.
async fn has_digest(tx: &mut Tx, person: PersonId, office_day: NaiveDate) -> Result<bool> {
    let (digests,) = fetch!(
        one,
        (i64,),
        tx,
        "SELECT count(*) FROM delivery WHERE office_day = $2 AND recipient_id = $1 \
         AND kind = 'digest' AND state IN ('sent', 'pending')",
        person,
        office_day,
    )?;
    Ok(digests > 0)
}

/// Somebody on whom others count, and the ways to them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Counted {
    pub person: PersonId,
    pub team: TeamId,
    pub routes: Routes,
    /// When the last of their ways died, in real time.
    pub died_at: Option<DateTime<Utc>>,
}

/// Everybody with an open household, as main or second nurse, and everybody who
/// leads, of those who are of the office that day.
pub async fn counted_on(db: &Db, today: NaiveDate) -> Result<Vec<Counted>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        (i64, i64, Option<DateTime<Utc>>),
        &mut tx,
        "SELECT p.id, p.team_id, (SELECT max(r.dead_at) FROM route r WHERE r.person_id = p.id) \
         FROM person p WHERE (p.left_on IS NULL OR p.left_on > $1) AND (p.role IN ($2, $3) \
         OR EXISTS (SELECT 1 FROM household h WHERE h.main_id = p.id AND h.check_in_id IS NOT NULL) \
         OR EXISTS (SELECT 1 FROM household h WHERE h.second_id = p.id \
         AND h.check_in_id IS NOT NULL)) ORDER BY p.id",
        today,
        Role::Supervisor,
        Role::Deputy,
    )?;
    let mut counted = Vec::new();
    for (person, team, died_at) in rows {
        let person = PersonId(person);
        counted.push(Counted {
            person,
            team: TeamId(team),
            routes: unless_broken(routes::of_person(&mut tx, person).await)?.unwrap_or_default(),
            died_at,
        });
    }
    Ok(counted)
}

/// The last audit of the running office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    pub at: DateTime<Utc>,
    /// Real time.
    pub made_at: DateTime<Utc>,
    pub findings: Vec<Finding>,
}

pub async fn keep(db: &Db, kept: &Kept) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "INSERT INTO audit (id, at, made_at, findings) VALUES (1, $1, $2, $3) \
         ON CONFLICT (id) DO UPDATE SET at = excluded.at, made_at = excluded.made_at, \
         findings = excluded.findings",
        kept.at,
        kept.made_at,
        json(&kept.findings)?,
    )?;
    tx.commit().await
}

/// None before the first, or where another version wrote it.
pub async fn last(db: &Db) -> Result<Option<Kept>> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        (DateTime<Utc>, DateTime<Utc>, String),
        &mut tx,
        "SELECT at, made_at, findings FROM audit",
    )?;
    let kept = |(at, made_at, findings): (_, _, String)| {
        let findings = read_json("audit.findings", &findings).ok()?;
        Some(Kept {
            at,
            made_at,
            findings,
        })
    };
    Ok(row.and_then(kept))
}

/// How long the queues are: looks that are due, deliveries and letters that wait.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Queues {
    pub looks: i64,
    pub deliveries: i64,
    pub letters: i64,
}

pub async fn queues(db: &Db, now: DateTime<Utc>) -> Result<Queues> {
    let mut tx = db.read().await?;
    let (looks, deliveries, letters) = fetch!(
        one,
        (i64, i64, i64),
        &mut tx,
        "SELECT (SELECT count(*) FROM household \
         WHERE next_nudge_at IS NOT NULL AND next_nudge_at <= $1), \
         (SELECT count(*) FROM delivery WHERE state = 'pending'), (SELECT count(*) FROM letter)",
        now,
    )?;
    Ok(Queues {
        looks,
        deliveries,
        letters,
    })
}
