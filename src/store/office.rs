//! The office itself: its row, its people, its journal, and how it is founded.
use super::{
    Db, Result, Tx, changes, check_ins, contacts, execute, fetch,
    people::{self, PersonRow, person_columns},
    tokens,
    value::read,
};
use crate::{
    conversation::message::Platform,
    domain::{
        PersonId, TeamId,
        check_in::NewCheckIn,
        contact::Details,
        household::{Code, Facts},
        people::{Language, Person, Role},
    },
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;

/// What is known of the office.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeRow {
    pub name: String,
    pub zone: Tz,
    /// What is added to real time to get the office's clock; 0 outside a trial.
    pub clock_offset_s: i64,
    /// A trial's office.
    pub made_up: bool,
}

/// A whole office to be. People are named by their index in `people`.
#[derive(Debug, Clone)]
pub struct Founding {
    pub name: String,
    pub zone: Tz,
    /// What is added to real time to get the office's clock; 0 outside a trial.
    pub clock_offset_s: i64,
    pub made_up: bool,
    /// The name of its one team.
    pub team: String,
    pub people: Vec<FoundingPerson>,
    pub households: Vec<FoundingHousehold>,
    /// Gives each person a route on the page, with their id as the account.
    pub page_routes: bool,
}

#[derive(Debug, Clone)]
pub struct FoundingPerson {
    pub name: String,
    pub role: Role,
    pub language: Language,
    /// Bit 0 is Monday, bit 6 Sunday.
    pub working_days: u8,
    pub left_on: Option<NaiveDate>,
}

#[derive(Debug, Clone)]
pub struct FoundingHousehold {
    pub code: Code,
    /// Without `main`, `second` and `check_in`, which stand beside.
    pub facts: Facts,
    pub main: Option<usize>,
    pub second: Option<usize>,
    pub contacts: Vec<FoundingContact>,
    /// There exactly when the state is open.
    pub check_in: Option<FoundingCheckIn>,
}

#[derive(Debug, Clone)]
pub struct FoundingContact {
    pub author: usize,
    pub recorded_at: DateTime<Utc>,
    pub details: Details,
}

#[derive(Debug, Clone)]
pub struct FoundingCheckIn {
    pub terms: NewCheckIn,
    pub made_at: DateTime<Utc>,
    pub made_by: usize,
    pub next_nudge_at: DateTime<Utc>,
}

/// The office; None where none was founded yet.
pub async fn office(db: &Db) -> Result<Option<OfficeRow>> {
    let mut tx = db.read().await?;
    let row = fetch!(
        optional,
        (String, String, i64, bool),
        &mut tx,
        "SELECT name, zone, clock_offset_s, made_up FROM office",
    )?;
    row.map(|(name, zone, clock_offset_s, made_up)| {
        Ok(OfficeRow {
            name,
            zone: read("office.zone", &zone)?,
            clock_offset_s,
            made_up,
        })
    })
    .transpose()
}

/// Everybody of the office by id, those who have left too.
pub async fn people(db: &Db) -> Result<Vec<Person>> {
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        PersonRow,
        &mut tx,
        concat!("SELECT ", person_columns!(), " FROM person p ORDER BY p.id"),
    )?;
    rows.into_iter().map(Person::try_from).collect()
}

/// What a team is called.
pub async fn team_name(db: &Db, team: TeamId) -> Result<String> {
    let mut tx = db.read().await?;
    let (name,) = fetch!(
        one,
        (String,),
        &mut tx,
        "SELECT name FROM team WHERE id = $1",
        team,
    )?;
    Ok(name)
}

/// One of the office.
pub async fn person(db: &Db, id: PersonId) -> Result<Person> {
    people::person(&mut db.read().await?, id).await
}

/// Sets the office's clock so many seconds ahead of real time.
pub async fn set_clock_offset(db: &Db, seconds: i64) -> Result<()> {
    let mut tx = db.write().await?;
    execute!(&mut tx, "UPDATE office SET clock_offset_s = $1", seconds)?;
    tx.commit().await
}

/// Founds a whole office in one transaction. `Duplicate` where one stands already.
///
/// # Panics
/// When a person's index lies outside `people`.
pub async fn found(db: &Db, founding: &Founding) -> Result<()> {
    let mut tx = db.write().await?;
    let office = OfficeRow {
        name: founding.name.clone(),
        zone: founding.zone,
        clock_offset_s: founding.clock_offset_s,
        made_up: founding.made_up,
    };
    add_office(&mut tx, &office).await?;
    let team = add_team(&mut tx, &founding.team).await?;
    let mut people = Vec::with_capacity(founding.people.len());
    for person in &founding.people {
        let id = add_person(&mut tx, team, person).await?;
        if founding.page_routes {
            add_page_route(&mut tx, id).await?;
        }
        people.push(id);
    }
    for household in &founding.households {
        add_household(&mut tx, team, &people, household).await?;
    }
    tx.commit().await
}

/// `Duplicate` where an office stands already.
pub(super) async fn add_office(tx: &mut Tx, office: &OfficeRow) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO office (id, name, zone, made_up, clock_offset_s) VALUES (1, $1, $2, $3, $4)",
        office.name.as_str(),
        office.zone.name(),
        office.made_up,
        office.clock_offset_s,
    )?;
    Ok(())
}

pub(super) async fn add_team(tx: &mut Tx, name: &str) -> Result<TeamId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO team (name) VALUES ($1) RETURNING id",
        name,
    )?;
    Ok(TeamId(id))
}

pub(super) async fn add_person(
    tx: &mut Tx,
    team: TeamId,
    person: &FoundingPerson,
) -> Result<PersonId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO person (team_id, name, role, language, working_days, left_on) \
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING id",
        team,
        person.name.as_str(),
        person.role,
        person.language,
        i64::from(person.working_days),
        person.left_on,
    )?;
    Ok(PersonId(id))
}

async fn add_page_route(tx: &mut Tx, person: PersonId) -> Result<()> {
    execute!(
        tx,
        "INSERT INTO route (person_id, platform, account, position) VALUES ($1, $2, $3, $4)",
        person,
        Platform::Page,
        person.0.to_string(),
        tokens::PAGE_POSITION,
    )?;
    Ok(())
}

async fn add_household(
    tx: &mut Tx,
    team: TeamId,
    people: &[PersonId],
    household: &FoundingHousehold,
) -> Result<()> {
    let facts = Facts {
        main: household.main.map(|index| people[index]),
        second: household.second.map(|index| people[index]),
        ..household.facts.clone()
    };
    let next_nudge_at = household.check_in.as_ref().map(|c| c.next_nudge_at);
    let id = changes::register(tx, team, &household.code, &facts, next_nudge_at).await?;
    if let Some(check_in) = &household.check_in {
        let made = (people[check_in.made_by], check_in.made_at);
        let check_in = check_ins::begin(tx, id, &check_in.terms, made).await?;
        check_ins::name(tx, id, check_in).await?;
    }
    for contact in &household.contacts {
        let origin = contacts::Origin {
            household: id,
            author: people[contact.author],
            recorded_at: contact.recorded_at,
            save: None,
        };
        contacts::add(tx, &origin, &contact.details).await?;
    }
    Ok(())
}
