//! Occasions of the calendar: when it is looked at next, and the lists of one
//! occasion, made once for a team.
use super::{
    Db, Result, Tx, execute, fetch,
    outbox::{self, Content, NewDelivery, NewItem},
    value::json,
};
use crate::{
    conversation::notice::Notice,
    domain::{CheckInId, HouseholdId, PersonId, TeamId},
};
use chrono::{DateTime, NaiveDate, Utc};

/// The first occasion of a team: its calendar is looked at from then on.
const BEGUN: &str = "begun";

/// The lists of one occasion for a team.
#[derive(Debug, Clone, PartialEq)]
pub struct Lists {
    pub team: TeamId,
    /// The occasion's kind, and which one of its kind it is.
    pub key: (&'static str, String),
    pub notice: Notice,
    /// Who gets which households, in their order; people by their ids, so that
    /// two ticks do not wait for one another.
    pub of: Vec<(PersonId, Vec<(HouseholdId, CheckInId)>)>,
}

/// By the office's clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Made {
    pub at: DateTime<Utc>,
    pub on: NaiveDate,
}

/// When the calendar is to be looked at; from now on, where it was to be at
/// once. None: there is no office.
pub async fn look_at(db: &Db, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        (Option<DateTime<Utc>>,),
        &mut tx,
        "SELECT occasion_at FROM office",
    )?;
    drop(tx);
    match row {
        None => Ok(None),
        Some((Some(at),)) => Ok(Some(at)),
        Some((None,)) => {
            let mut tx = db.write().await?;
            execute!(
                &mut tx,
                "UPDATE office SET occasion_at = $1 WHERE occasion_at IS NULL",
                now,
            )?;
            tx.commit().await?;
            Ok(Some(now))
        }
    }
}

/// The calendar is looked at again then, unless somebody has asked meanwhile
/// that it be sooner.
pub async fn looked(db: &Db, seen: DateTime<Utc>, next: DateTime<Utc>) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "UPDATE office SET occasion_at = $2 WHERE occasion_at = $1",
        seen,
        next,
    )?;
    tx.commit().await
}

/// Since when the team's calendar is looked at; since now, where it was not yet.
pub async fn begun_at(db: &Db, team: TeamId, now: DateTime<Utc>) -> Result<DateTime<Utc>> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        (DateTime<Utc>,),
        &mut tx,
        "SELECT made_at FROM occasion WHERE team_id = $1 AND what = $2",
        team,
        BEGUN,
    )?;
    drop(tx);
    if let Some((begun_at,)) = row {
        return Ok(begun_at);
    }
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "INSERT INTO occasion (team_id, what, which, made_at) VALUES ($1, $2, '', $3) \
         ON CONFLICT (team_id, what, which) DO NOTHING",
        team,
        BEGUN,
        now,
    )?;
    tx.commit().await?;
    Ok(now)
}

/// Those of these occasions that the team has not had yet.
pub async fn untold(db: &Db, team: TeamId, keys: &[(&'static str, String)]) -> Result<Vec<bool>> {
    let mut tx = db.read().await?;
    let mut untold = Vec::with_capacity(keys.len());
    for (what, which) in keys {
        let (told,) = fetch!(
            one,
            (i64,),
            &mut tx,
            "SELECT count(*) FROM occasion WHERE team_id = $1 AND what = $2 AND which = $3 \
             AND NOT void",
            team,
            *what,
            which.as_str(),
        )?;
        untold.push(told == 0);
    }
    Ok(untold)
}

/// Makes the lists of an occasion, each a delivery of its own; none where the
/// occasion has been. How many were made.
pub async fn make(db: &Db, lists: &Lists, made: Made) -> Result<usize> {
    let mut tx = db.write().await?;
    let Some(is_again) = begin(&mut tx, lists, made).await? else {
        return Ok(0);
    };
    let notice = match &lists.notice {
        Notice::Listed {
            occasion,
            meant_for,
            until,
            ..
        } => Notice::Listed {
            occasion: occasion.clone(),
            meant_for: *meant_for,
            until: *until,
            is_again,
        },
        other => other.clone(),
    };
    for (person, households) in &lists.of {
        add(&mut tx, *person, households, (&notice, made)).await?;
    }
    tx.commit().await?;
    Ok(lists.of.len())
}

/// Whether it has come before, by a clock that was wrong; None where it has come.
async fn begin(tx: &mut Tx, lists: &Lists, made: Made) -> Result<Option<bool>> {
    let (what, which) = (lists.key.0, lists.key.1.as_str());
    let again = execute!(
        &mut *tx,
        "UPDATE occasion SET void = FALSE, made_at = $4 \
         WHERE team_id = $1 AND what = $2 AND which = $3 AND void",
        lists.team,
        what,
        which,
        made.at,
    )?;
    if again > 0 {
        return Ok(Some(true));
    }
    let first = execute!(
        tx,
        "INSERT INTO occasion (team_id, what, which, made_at) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (team_id, what, which) DO NOTHING",
        lists.team,
        what,
        which,
        made.at,
    )?;
    Ok((first > 0).then_some(false))
}

async fn add(
    tx: &mut Tx,
    recipient: PersonId,
    households: &[(HouseholdId, CheckInId)],
    (notice, made): (&Notice, Made),
) -> Result<()> {
    let new = NewDelivery {
        recipient,
        office_day: made.on,
        made_at: made.at,
        hold_until: Some(made.at),
        content: Content::Notice(json(notice)?),
    };
    let delivery = outbox::add(tx, &new).await?;
    let items = households.iter().map(|(household, check_in)| NewItem {
        household: *household,
        check_in: *check_in,
        rung: None,
    });
    outbox::add_items(tx, delivery, items.collect()).await
}
