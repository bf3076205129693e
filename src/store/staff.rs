//! What administrators do with the staff: found the office, add people, let them
//! in, let them go, and say what a chat may do.
//!
//! Each act is a transaction of its own with its line in the journal; what is
//! `pub(super)` does the same within another one, which writes its own line.
use super::{
    Db, Result, Tx, execute, fetch, households, journal,
    office::{self, FoundingPerson, OfficeRow},
    people, routes, tokens,
};
use crate::{
    conversation::{
        decision::{Deed, JournalEntry},
        message::{Account, Level, Platform},
    },
    domain::{
        PersonId, TeamId,
        people::{Language, Person, Role},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeMap;

/// Who does it, and when. A real office has one clock, so that an act and the
/// tokens that it makes have one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Act {
    pub by: PersonId,
    pub now: DateTime<Utc>,
    /// The office's day.
    pub today: NaiveDate,
}

/// Somebody who joins the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// As `domain::people::name` gives it.
    pub name: String,
    pub role: Role,
    pub language: Language,
}

/// The team of a newcomer, by its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum InTeam {
    Known(String),
    /// It is made if there is none of this name.
    New(String),
}

/// Why an act was not done. Nothing has changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody of the office is called so: people are told apart by their names.
    NameTaken,
    NoSuchTeam,
    /// Open households have them as main or second nurse: so many of each.
    InCharge {
        main: i64,
        second: i64,
    },
    HasLeft,
    /// Nobody could administer the office afterwards.
    LastAdmin,
    /// What a platform may do beyond notices needs the number of an approval.
    NoApproval,
}

/// Done, or refused, or not possible now.
pub type Outcome<T> = Result<std::result::Result<T, Refusal>>;

/// A team of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    pub id: TeamId,
    pub name: String,
}

/// An office to be, with its first team and its first administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewOffice {
    pub row: OfficeRow,
    pub team: String,
    pub admin: String,
    pub language: Language,
}

/// Founds an office. `Duplicate` where one stands already.
pub async fn found(
    db: &Db,
    new: &NewOffice,
    (now, today): (DateTime<Utc>, NaiveDate),
) -> Result<PersonId> {
    let mut tx = db.write().await?;
    office::add_office(&mut tx, &new.row).await?;
    let team = office::add_team(&mut tx, &new.team).await?;
    let admin = Newcomer {
        name: new.admin.clone(),
        role: Role::Admin,
        language: new.language,
    };
    let admin = enter(&mut tx, team, &admin, today).await?;
    let entry = entry(
        Deed::Founded,
        format!("team {}, person {}", team.0, admin.0),
    );
    journal::write(&mut tx, &entry, None, (admin, now)).await?;
    tx.commit().await?;
    Ok(admin)
}

/// Adds somebody to a team.
pub async fn add(db: &Db, team: &InTeam, person: &Newcomer, act: &Act) -> Outcome<PersonId> {
    let mut tx = db.write().await?;
    let (InTeam::Known(name) | InTeam::New(name)) = team;
    let team = match (team_named(&mut tx, name).await?, team) {
        (Some(team), _) => team,
        (None, InTeam::New(name)) => office::add_team(&mut tx, name).await?,
        (None, InTeam::Known(_)) => return Ok(Err(Refusal::NoSuchTeam)),
    };
    let id = match add_person(&mut tx, team, person, act).await? {
        Ok(id) => id,
        refused => return Ok(refused),
    };
    let detail = format!("person {} {} team {}", id.0, person.role.code(), team.0);
    write(&mut tx, Deed::PersonAdded, detail, act).await?;
    tx.commit().await?;
    Ok(Ok(id))
}

/// Lets somebody go on that day.
pub async fn leave(db: &Db, person: PersonId, on: NaiveDate, act: &Act) -> Outcome<()> {
    let mut tx = db.write().await?;
    if let Err(refusal) = end_person(&mut tx, person, on, act).await? {
        return Ok(Err(refusal));
    }
    let detail = format!("person {} on {on}", person.0);
    write(&mut tx, Deed::PersonLeft, detail, act).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// Hands all open households of somebody to a colleague of the same team, with
/// their dates; how many, None where that is not possible.
pub async fn hand_over(db: &Db, from: PersonId, to: PersonId, act: &Act) -> Result<Option<u64>> {
    let mut tx = db.write().await?;
    let (leaver, heir) = (
        people::person(&mut tx, from).await?,
        people::person(&mut tx, to).await?,
    );
    if from == to || leaver.team != heir.team || !heir.is_staff_on(act.today) {
        return Ok(None);
    }
    let count = households::hand_over(&mut tx, (from, to), act.now).await?;
    let detail = format!("person {} to {}", from.0, to.0);
    write(&mut tx, Deed::HandedOver, detail, act).await?;
    tx.commit().await?;
    Ok(Some(count))
}

/// Lets the person join by a chat with that code, and with no older one.
pub async fn invite(db: &Db, code: &str, person: PersonId, act: &Act) -> Result<()> {
    let mut tx = db.write().await?;
    tokens::invite(&mut tx, code, (person, act.by), act.now).await?;
    let detail = format!("person {}", person.0);
    write(&mut tx, Deed::Invited, detail, act).await?;
    tx.commit().await
}

/// Lets the person open the page once with that token.
pub async fn link(db: &Db, token: &str, person: PersonId, act: &Act) -> Result<()> {
    let mut tx = db.write().await?;
    tokens::link(&mut tx, token, person, act.now).await?;
    let detail = format!("person {}", person.0);
    write(&mut tx, Deed::LinkMade, detail, act).await?;
    tx.commit().await
}

/// Says what a platform may do from now on, by which approval of the office.
pub async fn set_level(
    db: &Db,
    (platform, level): (Platform, Level),
    approval: Option<&str>,
    act: &Act,
) -> Outcome<()> {
    let mut tx = db.write().await?;
    if let Err(refusal) = put_level(&mut tx, (platform, level), approval, act).await? {
        return Ok(Err(refusal));
    }
    let detail = level_detail((platform, level), approval);
    write(&mut tx, Deed::LevelSet, detail, act).await?;
    tx.commit().await?;
    Ok(Ok(()))
}

/// The teams of the office by name.
pub async fn teams(db: &Db) -> Result<Vec<Team>> {
    teams_of(&mut db.read().await?).await
}

/// The platforms on which each person can be reached, first ones first.
pub async fn routes(db: &Db) -> Result<BTreeMap<PersonId, Vec<Platform>>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        (i64, String),
        &mut tx,
        "SELECT person_id, platform FROM route WHERE dead_at IS NULL \
         ORDER BY person_id, position, id",
    )?;
    routes::by_person(rows)
}

/// The person, with the page as the last way to reach them.
pub(super) async fn add_person(
    tx: &mut Tx,
    team: TeamId,
    newcomer: &Newcomer,
    act: &Act,
) -> Outcome<PersonId> {
    // Where two administrators add at once, one waits here for the other.
    execute!(&mut *tx, "UPDATE office SET name = name")?;
    if people::is_called(tx, &newcomer.name, act.today).await? {
        return Ok(Err(Refusal::NameTaken));
    }
    let id = enter(tx, team, newcomer, act.today).await?;
    if newcomer.role.oversees() {
        households::look_again(tx, team, act.now).await?;
    }
    Ok(Ok(id))
}

/// The person is of the office no longer from that day on, and out of the page
/// and the chats as soon as it has come.
pub(super) async fn end_person(
    tx: &mut Tx,
    person: PersonId,
    on: NaiveDate,
    act: &Act,
) -> Outcome<()> {
    let leaver = people::person(tx, person).await?;
    if !leaver.is_staff_on(act.today) {
        return Ok(Err(Refusal::HasLeft));
    }
    let (main, second) = fetch!(
        one,
        (i64, i64),
        &mut *tx,
        "SELECT COALESCE(SUM(CASE WHEN main_id = $1 THEN 1 ELSE 0 END), 0), \
         COALESCE(SUM(CASE WHEN second_id = $1 THEN 1 ELSE 0 END), 0) \
         FROM household WHERE (main_id = $1 OR second_id = $1) AND check_in_id IS NOT NULL",
        person,
    )?;
    if main + second > 0 {
        return Ok(Err(Refusal::InCharge { main, second }));
    }
    if leaver.role == Role::Admin && !people::has_another_admin(tx, person, on).await? {
        return Ok(Err(Refusal::LastAdmin));
    }
    execute!(
        &mut *tx,
        "UPDATE person SET left_on = $2 WHERE id = $1",
        person,
        on,
    )?;
    if on <= act.today {
        tokens::end_all(tx, person).await?;
    }
    households::look_again(tx, leaver.team, act.now).await?;
    Ok(Ok(()))
}

/// What a platform may do from now on.
pub(super) async fn put_level(
    tx: &mut Tx,
    (platform, level): (Platform, Level),
    approval: Option<&str>,
    act: &Act,
) -> Outcome<()> {
    if level != Level::Notice && approval.is_none() {
        return Ok(Err(Refusal::NoApproval));
    }
    // What still waits to be said there was written for a higher level.
    execute!(
        &mut *tx,
        "DELETE FROM letter WHERE platform = $1 AND EXISTS \
         (SELECT 1 FROM chat_level WHERE platform = $1 AND level > $2)",
        platform,
        i64::from(level.number()),
    )?;
    execute!(
        tx,
        "INSERT INTO chat_level (platform, level, approval, set_by, set_at) \
         VALUES ($1, $2, $3, $4, $5) ON CONFLICT (platform) DO UPDATE \
         SET level = excluded.level, approval = excluded.approval, \
         set_by = excluded.set_by, set_at = excluded.set_at",
        platform,
        i64::from(level.number()),
        approval,
        act.by,
        act.now,
    )?;
    Ok(Ok(()))
}

/// What the journal says of a level.
pub(super) fn level_detail((platform, level): (Platform, Level), approval: Option<&str>) -> String {
    let approval = approval.map(|number| format!(", approval {number}"));
    let (platform, level) = (platform.code(), level.number());
    format!("{platform} {level}{}", approval.unwrap_or_default())
}

pub(super) async fn teams_of(tx: &mut Tx) -> Result<Vec<Team>> {
    let rows = fetch!(
        all,
        (i64, String),
        tx,
        "SELECT id, name FROM team ORDER BY name, id",
    )?;
    let team = |(id, name)| Team {
        id: TeamId(id),
        name,
    };
    Ok(rows.into_iter().map(team).collect())
}

pub(super) async fn team_named(tx: &mut Tx, name: &str) -> Result<Option<TeamId>> {
    let row = fetch!(
        optional,
        (i64,),
        tx,
        "SELECT id FROM team WHERE name = $1 ORDER BY id LIMIT 1",
        name,
    )?;
    Ok(row.map(|(id,)| TeamId(id)))
}

async fn enter(
    tx: &mut Tx,
    team: TeamId,
    newcomer: &Newcomer,
    today: NaiveDate,
) -> Result<PersonId> {
    let person = FoundingPerson {
        name: newcomer.name.clone(),
        role: newcomer.role,
        language: newcomer.language,
        working_days: Person::WEEKDAYS,
        left_on: None,
    };
    let id = office::add_person(tx, team, &person).await?;
    // The page knows a person by their id, and stands behind every chat.
    let page = Account {
        platform: Platform::Page,
        id: id.0.to_string(),
    };
    tokens::add_route(tx, id, &page, today).await?;
    Ok(id)
}

/// A line of the journal, of no household.
pub(super) async fn write(tx: &mut Tx, what: Deed, detail: String, act: &Act) -> Result<()> {
    journal::write(tx, &entry(what, detail), None, (act.by, act.now)).await
}

fn entry(what: Deed, detail: String) -> JournalEntry {
    JournalEntry { what, detail }
}
