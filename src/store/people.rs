//! People and how they are reached: rows ↔ values.
use super::{
    Fault, Result, Tx, execute, fetch,
    households::Joined,
    leaves::{LeaveRow, leave_columns},
    levels,
    value::{read, read_json},
};
use crate::{
    conversation::{
        decision::Recipient,
        dialogue::Dialogue,
        message::{Account, Level, Place, Platform},
    },
    domain::{
        PersonId, TeamId,
        people::{Leave, Person, Role, Roster},
    },
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::FromRow;

/// The columns of [`PersonRow`], from `person p`.
macro_rules! person_columns {
    () => {
        "p.id AS person_id, p.team_id, p.name, p.role, p.language, p.working_days, p.left_on, \
         p.morning_at"
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
    morning_at: Option<NaiveTime>,
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
            morning_at: row.morning_at,
        })
    }
}

/// The people of a team by id, those who have left too, with the leaves that
/// end on that day or later.
pub(super) async fn roster(tx: &mut Tx, team: TeamId, today: NaiveDate) -> Result<Roster> {
    #[derive(FromRow)]
    struct RosterRow {
        #[sqlx(flatten)]
        person: PersonRow,
        #[sqlx(flatten)]
        leave: Joined<LeaveRow>,
    }
    let rows = fetch!(
        all,
        RosterRow,
        tx,
        concat!(
            "SELECT ",
            person_columns!(),
            ", ",
            leave_columns!(),
            " FROM person p LEFT JOIN leave l ON l.person_id = p.id AND l.to_on >= $2 \
             WHERE p.team_id = $1 ORDER BY p.id, l.id"
        ),
        team,
        today,
    )?;
    let mut roster = Roster {
        people: Vec::new(),
        leaves: Vec::new(),
    };
    for RosterRow { person, leave } in rows {
        roster.leaves.extend(leave.0.map(Leave::from));
        // One row for each of a person's leaves.
        let person = Person::try_from(person)?;
        if roster.people.last() != Some(&person) {
            roster.people.push(person);
        }
    }
    roster.leaves.sort_by_key(|leave| (leave.from, leave.id));
    Ok(roster)
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

/// Whether somebody is called so who is of the office that day.
pub(super) async fn is_called(tx: &mut Tx, name: &str, today: NaiveDate) -> Result<bool> {
    let found = fetch!(
        optional,
        (i64,),
        tx,
        "SELECT id FROM person WHERE name = $1 AND (left_on IS NULL OR left_on > $2) LIMIT 1",
        name,
        today,
    )?;
    Ok(found.is_some())
}

/// Whether somebody else administers the office that day.
pub(super) async fn has_another_admin(
    tx: &mut Tx,
    person: PersonId,
    on: NaiveDate,
) -> Result<bool> {
    let (others,) = fetch!(
        one,
        (i64,),
        tx,
        "SELECT COUNT(*) FROM person WHERE role = $1 AND id <> $2 \
         AND (left_on IS NULL OR left_on > $3)",
        Role::Admin,
        person,
        on,
    )?;
    Ok(others > 0)
}

/// When the person wants the morning's message, wall clock; None at the opening.
pub(super) async fn set_morning(
    tx: &mut Tx,
    person: PersonId,
    at: Option<NaiveTime>,
) -> Result<()> {
    execute!(
        tx,
        "UPDATE person SET morning_at = $2 WHERE id = $1",
        person,
        at,
    )?;
    Ok(())
}

/// On which weekdays the person works; bit 0 is Monday.
pub(super) async fn set_working_days(tx: &mut Tx, person: PersonId, days: u8) -> Result<()> {
    execute!(
        tx,
        "UPDATE person SET working_days = $2 WHERE id = $1",
        person,
        i64::from(days),
    )?;
    Ok(())
}

/// The person's nudges go to that platform first.
pub(super) async fn route_first(tx: &mut Tx, person: PersonId, platform: Platform) -> Result<()> {
    execute!(
        tx,
        "UPDATE route SET position = \
         (SELECT MIN(r.position) - 1 FROM route r WHERE r.person_id = $1) \
         WHERE person_id = $1 AND platform = $2",
        person,
        platform,
    )?;
    Ok(())
}

/// The person behind an account.
pub(super) struct Sender {
    pub(super) person: Person,
    /// What the office allows there.
    pub(super) level: Level,
    /// The account was taken for dead.
    pub(super) returned: bool,
    /// The message with the key was answered before.
    pub(super) is_answered: bool,
    /// The question that is open in the place.
    pub(super) dialogue: Option<Dialogue>,
}

/// What is looked up about a sender beside who it is.
pub(super) struct Said<'a> {
    pub(super) place: &'a Place,
    pub(super) key: Option<&'a str>,
}

/// The person behind an account, if they are still of the office on that day and
/// it allows anything there.
pub(super) async fn sender(
    tx: &mut Tx,
    account: &Account,
    today: NaiveDate,
    said: &Said<'_>,
) -> Result<Option<Sender>> {
    #[derive(FromRow)]
    struct SenderRow {
        #[sqlx(flatten)]
        person: PersonRow,
        dead_at: Option<DateTime<Utc>>,
        level: Option<i64>,
        message_id: Option<i64>,
        question: Option<String>,
        asked_at: Option<DateTime<Utc>>,
    }
    let row = fetch!(
        optional,
        SenderRow,
        tx,
        concat!(
            "SELECT ",
            person_columns!(),
            ", r.dead_at, l.level, m.id AS message_id, d.question, d.asked_at \
             FROM person p JOIN route r ON r.person_id = p.id \
             LEFT JOIN chat_level l ON l.platform = r.platform \
             LEFT JOIN message m ON m.key = $4 \
             LEFT JOIN dialogue d \
             ON d.platform = r.platform AND d.place = $5 AND d.person_id = p.id \
             WHERE r.platform = $1 AND r.account = $2 AND (p.left_on IS NULL OR p.left_on > $3)"
        ),
        account.platform,
        account.id.as_str(),
        today,
        said.key,
        said.place.id.as_str(),
    )?;
    let Some(row) = row else {
        return Ok(None);
    };
    let Some(level) = levels::read(account.platform, row.level)? else {
        return Ok(None);
    };
    let dialogue = row.question.zip(row.asked_at).map(|(question, asked_at)| {
        Ok::<_, Fault>(Dialogue {
            question: read_json("dialogue.question", &question)?,
            asked_at,
        })
    });
    Ok(Some(Sender {
        dialogue: dialogue.transpose()?,
        person: row.person.try_into()?,
        level,
        returned: row.dead_at.is_some(),
        is_answered: row.message_id.is_some(),
    }))
}
