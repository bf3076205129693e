//! The ways to reach people: those that live, where they lead, and how they die
//! and live again.
use super::{Db, Fault, Result, Tx, execute, fetch, levels, value::read};
use crate::{
    conversation::message::{Account, Level, Platform},
    domain::PersonId,
};
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::FromRow;
use std::collections::BTreeMap;

/// A way to reach somebody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Route {
    pub id: i64,
    pub account: Account,
    /// What may be sent there; None: nothing yet.
    pub level: Option<Level>,
}

/// All the ways to somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Routes {
    /// In the order of preference.
    pub living: Vec<Route>,
    /// A chat was theirs and has died, and no other chat lives: the page alone is
    /// left, which does not call anybody.
    pub has_lost_chat: bool,
}

/// What an account is to the office.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Of somebody who has not left.
    Known,
    /// Of nobody.
    Stranger,
    /// The office allows nothing on its platform.
    Off,
}

/// Nobody has more ways to be reached.
const ROUTES_MAX: i64 = 20;

/// The columns of [`RouteRow`]; conditions on `r` follow.
macro_rules! select_routes {
    () => {
        "SELECT r.id, r.platform, r.account, r.dead_at, l.level FROM route r \
         LEFT JOIN chat_level l ON l.platform = r.platform WHERE "
    };
}

#[derive(FromRow)]
struct RouteRow {
    id: i64,
    platform: String,
    account: String,
    dead_at: Option<DateTime<Utc>>,
    level: Option<i64>,
}

impl TryFrom<RouteRow> for Route {
    type Error = Fault;

    fn try_from(row: RouteRow) -> Result<Route> {
        let platform = read("route.platform", &row.platform)?;
        Ok(Route {
            id: row.id,
            account: Account {
                platform,
                id: row.account,
            },
            level: levels::read(platform, row.level)?,
        })
    }
}

pub(super) async fn of_person(tx: &mut Tx, person: PersonId) -> Result<Routes> {
    let rows = fetch!(
        all,
        RouteRow,
        tx,
        concat!(
            select_routes!(),
            "r.person_id = $1 ORDER BY r.position, r.id LIMIT $2"
        ),
        person,
        ROUTES_MAX,
    )?;
    let is_chat = |row: &&RouteRow| row.platform != Platform::Page.code();
    let (living, dead): (Vec<RouteRow>, Vec<RouteRow>) =
        rows.into_iter().partition(|row| row.dead_at.is_none());
    let has_lost_chat =
        dead.iter().any(|row| is_chat(&row)) && !living.iter().any(|row| is_chat(&row));
    let living: Result<Vec<Route>> = living.into_iter().map(Route::try_from).collect();
    Ok(Routes {
        living: living?,
        has_lost_chat,
    })
}

/// Platforms by person, in the order of the rows: person and platform.
pub(super) fn by_person(rows: Vec<(i64, String)>) -> Result<BTreeMap<PersonId, Vec<Platform>>> {
    let mut platforms: BTreeMap<PersonId, Vec<Platform>> = BTreeMap::new();
    for (person, platform) in rows {
        let platform = read("route.platform", &platform)?;
        platforms
            .entry(PersonId(person))
            .or_default()
            .push(platform);
    }
    Ok(platforms)
}

pub(super) async fn route(tx: &mut Tx, id: i64) -> Result<Route> {
    fetch!(
        one,
        RouteRow,
        tx,
        concat!(select_routes!(), "r.id = $1"),
        id,
    )?
    .try_into()
}

/// What that account is to the office.
pub async fn standing(db: &Db, account: &Account, today: NaiveDate) -> Result<Standing> {
    let mut tx = db.read().await?;
    let (number, of) = fetch!(
        one,
        (Option<i64>, Option<i64>),
        &mut tx,
        "SELECT (SELECT level FROM chat_level WHERE platform = $1), \
         (SELECT r.person_id FROM route r JOIN person p ON p.id = r.person_id \
         WHERE r.platform = $1 AND r.account = $2 AND (p.left_on IS NULL OR p.left_on > $3))",
        account.platform,
        account.id.as_str(),
        today,
    )?;
    Ok(match (levels::read(account.platform, number)?, of) {
        (None, _) => Standing::Off,
        (Some(_), Some(_)) => Standing::Known,
        (Some(_), None) => Standing::Stranger,
    })
}

/// The platform says that nobody can be reached this way; whether it was alive.
pub async fn died(db: &Db, route: i64, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = db.write().await?;
    let died = execute!(
        &mut tx,
        "UPDATE route SET dead_at = $2 WHERE id = $1 AND dead_at IS NULL",
        route,
        now,
    )?;
    tx.commit().await?;
    Ok(died > 0)
}

/// As [`died`], of the way that leads to this account.
pub async fn account_died(db: &Db, account: &Account, now: DateTime<Utc>) -> Result<bool> {
    let mut tx = db.write().await?;
    let died = execute!(
        &mut tx,
        "UPDATE route SET dead_at = $3 WHERE platform = $1 AND account = $2 AND dead_at IS NULL",
        account.platform,
        account.id.as_str(),
        now,
    )?;
    tx.commit().await?;
    Ok(died > 0)
}

/// Its person has written from there: it lives.
pub async fn returned(db: &Db, account: &Account) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "UPDATE route SET dead_at = NULL WHERE platform = $1 AND account = $2",
        account.platform,
        account.id.as_str(),
    )?;
    tx.commit().await
}

/// It leads to another account of its platform from now on. `Duplicate` where
/// that one is known already.
pub async fn moved(db: &Db, route: i64, to: &str) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(
        &mut tx,
        "UPDATE route SET account = $2 WHERE id = $1",
        route,
        to
    )?;
    tx.commit().await
}
