//! Staff and households out of an office's own tables, each in one transaction:
//! every row is tried, and all of them are kept or none.
use super::{
    Db, Result, Tx, changes, check_ins, fetch, files, office,
    people::{PersonRow, person_columns},
    staff::{self, Act, Newcomer},
    tokens,
};
use crate::{
    conversation::{decision::Deed, message::Account},
    domain::{
        PersonId, TeamId,
        check_in::NewCheckIn,
        household::{Code, Facts},
        people::Person,
    },
};
use std::collections::BTreeMap;

/// Somebody to be added.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StaffRow {
    /// In the file.
    pub line: u64,
    /// It is made if there is none of this name.
    pub team: String,
    pub newcomer: Newcomer,
    /// Through which they talk from the beginning.
    pub account: Option<Account>,
}

/// A household to be registered, which is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdRow {
    /// In the file.
    pub line: u64,
    pub code: Code,
    pub team: String,
    /// The name of its main nurse.
    pub nurse: Option<String>,
    /// Without `main`, `second` and `check_in`, which stand beside.
    pub facts: Facts,
    pub check_in: NewCheckIn,
}

/// Why a row was not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Somebody of the office, or of an earlier row, is called so.
    NameTaken,
    /// The account is somebody else's.
    AccountTaken,
    NoSuchTeam,
    /// Nobody of the team is called so.
    NoSuchNurse,
    /// A household of the office, or of an earlier row, has the code.
    CodeTaken,
}

/// What came of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Imported {
    pub taken: u64,
    /// The names of the teams that were made.
    pub teams: Vec<String>,
    /// The lines that were not taken.
    pub refused: Vec<(u64, Refusal)>,
}

/// Adds people. Nothing is kept where a row is refused, or unless `keep`: then
/// it says what would be made.
pub async fn staff(db: &Db, rows: &[StaffRow], act: &Act, keep: bool) -> Result<Imported> {
    let mut tx = db.write().await?;
    let mut teams = teams_by_name(&mut tx).await?;
    let mut imported = Imported::default();
    for row in rows {
        let team = match teams.get(&row.team) {
            Some(team) => *team,
            None => {
                let team = office::add_team(&mut tx, &row.team).await?;
                teams.insert(row.team.clone(), team);
                imported.teams.push(row.team.clone());
                team
            }
        };
        match add_person(&mut tx, team, row, act).await? {
            Ok(()) => imported.taken += 1,
            Err(refusal) => imported.refused.push((row.line, refusal)),
        }
    }
    let detail = format!("staff {}, teams {}", imported.taken, imported.teams.len());
    end(tx, imported, detail, (act, keep)).await
}

/// Registers households, with their first check-ins. As [`staff`].
pub async fn households(db: &Db, rows: &[HouseholdRow], act: &Act, keep: bool) -> Result<Imported> {
    let mut tx = db.write().await?;
    let teams = teams_by_name(&mut tx).await?;
    let nurses = nurses_by_name(&mut tx, act).await?;
    let mut imported = Imported::default();
    for row in rows {
        let placed = place(row, &teams, &nurses);
        let added = match placed {
            Ok((team, nurse)) => add_household(&mut tx, row, (team, nurse), act).await?,
            Err(refusal) => Err(refusal),
        };
        match added {
            Ok(()) => imported.taken += 1,
            Err(refusal) => imported.refused.push((row.line, refusal)),
        }
    }
    let detail = format!("households {}", imported.taken);
    end(tx, imported, detail, (act, keep)).await
}

async fn end(
    mut tx: Tx,
    imported: Imported,
    detail: String,
    (act, keep): (&Act, bool),
) -> Result<Imported> {
    if keep && imported.refused.is_empty() {
        staff::write(&mut tx, Deed::Imported, detail, act).await?;
        tx.commit().await?;
    }
    Ok(imported)
}

async fn add_person(
    tx: &mut Tx,
    team: TeamId,
    row: &StaffRow,
    act: &Act,
) -> Result<std::result::Result<(), Refusal>> {
    let person = match staff::add_person(tx, team, &row.newcomer, act).await? {
        Ok(person) => person,
        // Somebody who is new is refused for nothing else.
        Err(_) => return Ok(Err(Refusal::NameTaken)),
    };
    let is_added = match &row.account {
        Some(account) => tokens::add_route(tx, person, account, act.today).await?,
        None => true,
    };
    Ok(is_added.then_some(()).ok_or(Refusal::AccountTaken))
}

async fn add_household(
    tx: &mut Tx,
    row: &HouseholdRow,
    (team, nurse): (TeamId, Option<PersonId>),
    act: &Act,
) -> Result<std::result::Result<(), Refusal>> {
    if files::is_taken(tx, &row.code).await? {
        return Ok(Err(Refusal::CodeTaken));
    }
    let facts = Facts {
        main: nurse,
        ..row.facts.clone()
    };
    // Looked at at the next tick, which says when to look again.
    let household = changes::register(tx, team, &row.code, &facts, Some(act.now)).await?;
    let check_in = check_ins::begin(tx, household, &row.check_in, (act.by, act.now)).await?;
    check_ins::name(tx, household, check_in).await?;
    Ok(Ok(()))
}

/// The row's team and nurse.
fn place(
    row: &HouseholdRow,
    teams: &BTreeMap<String, TeamId>,
    nurses: &BTreeMap<(TeamId, String), PersonId>,
) -> std::result::Result<(TeamId, Option<PersonId>), Refusal> {
    let team = *teams.get(&row.team).ok_or(Refusal::NoSuchTeam)?;
    let Some(name) = &row.nurse else {
        return Ok((team, None));
    };
    let nurse = nurses.get(&(team, name.clone()));
    nurse
        .map(|nurse| (team, Some(*nurse)))
        .ok_or(Refusal::NoSuchNurse)
}

/// Of teams with one name, the first.
async fn teams_by_name(tx: &mut Tx) -> Result<BTreeMap<String, TeamId>> {
    let teams = staff::teams_of(tx).await?;
    let by_name = teams.into_iter().rev().map(|team| (team.name, team.id));
    Ok(by_name.collect())
}

/// Everybody who is of the office on the day, by team and name.
async fn nurses_by_name(tx: &mut Tx, act: &Act) -> Result<BTreeMap<(TeamId, String), PersonId>> {
    let rows = fetch!(
        all,
        PersonRow,
        tx,
        concat!(
            "SELECT ",
            person_columns!(),
            " FROM person p WHERE p.left_on IS NULL OR p.left_on > $1 ORDER BY p.id"
        ),
        act.today,
    )?;
    rows.into_iter()
        .map(|row| {
            let person = Person::try_from(row)?;
            Ok(((person.team, person.name), person.id))
        })
        .collect()
}
