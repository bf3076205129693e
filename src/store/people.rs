//! People, their leaves and how they are reached: rows ↔ values.
use super::{Fault, Result, Tx, fetch, value::read};
use crate::{
    conversation::{
        decision::Recipient,
        message::{Account, Place},
    },
    domain::{
        LeaveId, PersonId, TeamId,
        people::{Leave, Person, Role, Roster},
    },
};
use chrono::NaiveDate;
use sqlx::FromRow;

/// The columns of [`PersonRow`], from `person p`.
macro_rules! person_columns {
    () => {
        "p.id AS person_id, p.team_id, p.name, p.role, p.language, p.working_days, p.left_on"
    };
}
pub(super) use person_columns;

#[derive(FromRow)]
pub(super) struct PersonRow {
    person_id: i64,
    team_id: i64,
    name: String,
    role: String,
    language: String,
    working_days: i64,
    left_on: Option<NaiveDate>,
}

impl TryFrom<PersonRow> for Person {
    type Error = Fault;

    fn try_from(row: PersonRow) -> Result<Person> {
        Ok(Person {
            id: PersonId(row.person_id),
            team: TeamId(row.team_id),
            name: row.name,
            role: read("person.role", &row.role)?,
            language: read("person.language", &row.language)?,
            working_days: u8::try_from(row.working_days)
                .map_err(|_| Fault::Broken("person.working_days is out of range".into()))?,
            left_on: row.left_on,
        })
    }
}

#[derive(FromRow)]
struct LeaveRow {
    id: i64,
    person_id: i64,
    from_on: NaiveDate,
    to_on: NaiveDate,
    cover_id: Option<i64>,
}

/// The people of a team by id, those who have left too, with the leaves that
/// end on that day or later.
pub(super) async fn roster(tx: &mut Tx, team: TeamId, today: NaiveDate) -> Result<Roster> {
    let people = fetch!(
        all,
        PersonRow,
        &mut *tx,
        concat!(
            "SELECT ",
            person_columns!(),
            " FROM person p WHERE p.team_id = $1 ORDER BY p.id"
        ),
        team,
    )?;
    let leaves = fetch!(
        all,
        LeaveRow,
        tx,
        "SELECT l.id, l.person_id, l.from_on, l.to_on, l.cover_id FROM leave l \
         JOIN person p ON p.id = l.person_id WHERE p.team_id = $1 AND l.to_on >= $2 \
         ORDER BY l.from_on, l.id",
        team,
        today,
    )?;
    let people: Result<Vec<Person>> = people.into_iter().map(Person::try_from).collect();
    Ok(Roster {
        people: people?,
        leaves: leaves
            .into_iter()
            .map(|row| Leave {
                id: LeaveId(row.id),
                person: PersonId(row.person_id),
                from: row.from_on,
                to: row.to_on,
                cover: row.cover_id.map(PersonId),
            })
            .collect(),
    })
}

/// The newest leave that the person has entered in that place, if nothing of a
/// household was saved there since.
pub(super) async fn newest_leave(
    tx: &mut Tx,
    person: PersonId,
    place: &Place,
) -> Result<Option<LeaveId>> {
    let row = fetch!(
        optional,
        (i64,),
        tx,
        "SELECT l.id FROM leave l JOIN message m ON m.id = l.message_id \
         WHERE m.person_id = $1 AND m.platform = $2 AND m.place = $3 AND NOT EXISTS \
         (SELECT 1 FROM save s WHERE s.person_id = $1 AND s.platform = $2 AND s.place = $3 \
         AND s.message_id > m.id) ORDER BY m.id DESC LIMIT 1",
        person,
        place.platform,
        place.id.as_str(),
    )?;
    Ok(row.map(|(id,)| LeaveId(id)))
}

pub(super) async fn person(tx: &mut Tx, id: PersonId) -> Result<Person> {
    fetch!(
        one,
        PersonRow,
        tx,
        concat!(
            "SELECT ",
            person_columns!(),
            " FROM person p WHERE p.id = $1"
        ),
        id,
    )?
    .try_into()
}

/// Everybody who is meant: supervisors that are present, else deputies, else
/// admins; when all of them are absent, the first of these roles that anybody
/// holds, because what is told to nobody is lost.
pub(super) fn recipients(roster: &Roster, recipient: Recipient, today: NaiveDate) -> Vec<PersonId> {
    const ORDER: [Role; 3] = [Role::Supervisor, Role::Deputy, Role::Admin];
    let of_role = |role: Role, present: bool| -> Vec<PersonId> {
        roster
            .with_role(role, today)
            .map(|person| person.id)
            .filter(|id| !present || roster.is_present(*id, today))
            .collect()
    };
    match recipient {
        Recipient::Person(person) => vec![person],
        Recipient::Supervisors => [true, false]
            .into_iter()
            .flat_map(|present| ORDER.map(|role| of_role(role, present)))
            .find(|people| !people.is_empty())
            .unwrap_or_default(),
    }
}

/// A living or dead way to reach somebody.
#[derive(FromRow)]
pub(super) struct RouteRow {
    pub(super) id: i64,
    pub(super) platform: String,
    pub(super) account: String,
}

/// The person behind an account, if they are still of the office on that day.
pub(super) async fn sender(
    tx: &mut Tx,
    account: &Account,
    today: NaiveDate,
) -> Result<Option<Person>> {
    let row = fetch!(
        optional,
        PersonRow,
        tx,
        concat!(
            "SELECT ",
            person_columns!(),
            " FROM person p JOIN route r ON r.person_id = p.id \
             WHERE r.platform = $1 AND r.account = $2 AND (p.left_on IS NULL OR p.left_on > $3)"
        ),
        account.platform,
        account.id.as_str(),
        today,
    )?;
    row.map(Person::try_from).transpose()
}
