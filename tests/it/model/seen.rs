//! What is on the disk after a step, read in a few statements.
use crate::mortal::Office;
use chrono::{DateTime, NaiveDate, Utc};
use sqlx::{FromRow, SqlitePool, sqlite::SqliteRow};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    pub homes: Vec<Home>,
    /// Of open check-ins and unconfirmed alarms.
    pub nudges: Vec<Nudge>,
    pub people: BTreeMap<i64, Person>,
    /// By their ids, the unconfirmed ones.
    pub alarms: Vec<i64>,
    /// By their ids, the open ones.
    pub requests: Vec<i64>,
    /// Deliveries that wait.
    pub pending: i64,
    /// Who was told of the same date twice on one day, other than of an appointment.
    pub twice: Vec<(i64, i64, String)>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Home {
    pub code: String,
    pub state: String,
    pub version: i64,
    pub main: Option<i64>,
    /// Check-ins that are open.
    pub opens: i64,
    pub next_nudge_at: Option<DateTime<Utc>>,
    pub check_in: Option<CheckIn>,
    /// Contacts that stand, and all that ever were.
    pub contacts: (i64, i64),
    /// By their ids, in order.
    pub saves: Vec<i64>,
}

#[derive(Debug, Clone, PartialEq)]
pub struct CheckIn {
    pub id: i64,
    pub due_on: NaiveDate,
    pub due_by: NaiveDate,
    pub pace: String,
    pub made_at: DateTime<Utc>,
    pub made_by: i64,
    pub taken: Option<(i64, DateTime<Utc>)>,
    pub supervisor_from: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone, PartialEq, FromRow)]
pub struct Nudge {
    pub check_in_id: i64,
    pub alarm_id: Option<i64>,
    pub recipient_id: i64,
    /// Of its delivery.
    pub state: String,
    pub made_at: DateTime<Utc>,
}

#[derive(Debug, Clone, PartialEq, Default)]
pub struct Person {
    pub leads: bool,
    pub left_on: Option<NaiveDate>,
    /// From, to, and the cover.
    pub leaves: Vec<(NaiveDate, NaiveDate, Option<i64>)>,
}

impl Person {
    pub fn is_staff_on(&self, day: NaiveDate) -> bool {
        self.left_on.is_none_or(|left_on| day < left_on)
    }

    pub fn is_there_on(&self, day: NaiveDate) -> bool {
        let away = |(from, to, _): &(NaiveDate, NaiveDate, _)| *from <= day && day <= *to;
        self.is_staff_on(day) && !self.leaves.iter().any(away)
    }
}

#[derive(FromRow)]
struct HomeRow {
    code: String,
    state: String,
    version: i64,
    main_id: Option<i64>,
    opens: i64,
    next_nudge_at: Option<DateTime<Utc>>,
    check_in: Option<i64>,
    due_on: Option<NaiveDate>,
    due_by: Option<NaiveDate>,
    pace: Option<String>,
    made_at: Option<DateTime<Utc>>,
    made_by: Option<i64>,
    taken_by: Option<i64>,
    taken_until: Option<DateTime<Utc>>,
    supervisor_from: Option<DateTime<Utc>>,
    contacts: i64,
    contacts_ever: i64,
    saves: Option<String>,
}

impl From<HomeRow> for Home {
    fn from(row: HomeRow) -> Home {
        let check_in = row.check_in.map(|id| CheckIn {
            id,
            due_on: row.due_on.expect("it has one"),
            due_by: row.due_by.expect("it has one"),
            pace: row.pace.expect("it has one"),
            made_at: row.made_at.expect("it has one"),
            made_by: row.made_by.expect("it has one"),
            taken: row.taken_by.zip(row.taken_until),
            supervisor_from: row.supervisor_from,
        });
        let saves = row.saves.unwrap_or_default();
        Home {
            code: row.code,
            state: row.state,
            version: row.version,
            main: row.main_id,
            opens: row.opens,
            next_nudge_at: row.next_nudge_at,
            check_in,
            contacts: (row.contacts, row.contacts_ever),
            saves: saves.split(',').filter_map(|id| id.parse().ok()).collect(),
        }
    }
}

impl Seen {
    pub async fn of(office: &Office) -> Seen {
        let pool = &office.pool;
        let homes: Vec<HomeRow> = all(
            pool,
            "SELECT h.code, h.state, h.version, h.main_id, h.next_nudge_at, c.id AS check_in, \
             (SELECT count(*) FROM check_in o WHERE o.household_id = h.id AND o.state = 'open') \
             AS opens, c.due_on, c.due_by, c.pace, c.made_at, c.made_by, c.taken_by, \
             c.taken_until, c.supervisor_from, \
             (SELECT count(*) FROM contact k WHERE k.household_id = h.id AND NOT k.withdrawn) \
             AS contacts, \
             (SELECT count(*) FROM contact k WHERE k.household_id = h.id) AS contacts_ever, \
             (SELECT group_concat(id) FROM (SELECT s.id FROM save s WHERE s.household_id = h.id \
             ORDER BY s.id)) AS saves \
             FROM household h LEFT JOIN check_in c ON c.id = h.check_in_id ORDER BY h.id",
        )
        .await;
        let people: Vec<(i64, String, Option<NaiveDate>)> =
            all(pool, "SELECT id, role, left_on FROM person").await;
        let mut people: BTreeMap<i64, Person> = people
            .into_iter()
            .map(|(id, role, left_on)| {
                let leads = role != "nurse";
                let leaves = Vec::new();
                let person = Person {
                    leads,
                    left_on,
                    leaves,
                };
                (id, person)
            })
            .collect();
        let leaves: Vec<(i64, NaiveDate, NaiveDate, Option<i64>)> = all(
            pool,
            "SELECT person_id, from_on, to_on, cover_id FROM leave",
        )
        .await;
        for (person, from, to, cover) in leaves {
            let person = people.entry(person).or_default();
            person.leaves.push((from, to, cover));
        }
        let alarms: Vec<(i64,)> = all(
            pool,
            "SELECT id FROM alarm WHERE next_at IS NOT NULL ORDER BY id",
        )
        .await;
        let requests: Vec<(i64,)> = all(
            pool,
            "SELECT id FROM request WHERE status = 'open' ORDER BY id",
        )
        .await;
        let pending: Vec<(i64,)> = all(
            pool,
            "SELECT count(*) FROM delivery WHERE state = 'pending'",
        )
        .await;
        Seen {
            homes: homes.into_iter().map(Home::from).collect(),
            nudges: all(
                pool,
                "SELECT n.check_in_id, n.alarm_id, n.recipient_id, d.state, n.made_at \
                 FROM nudge n JOIN delivery d ON d.id = n.delivery_id \
                 WHERE n.check_in_id IN (SELECT check_in_id FROM household) \
                 OR n.alarm_id IN (SELECT id FROM alarm WHERE next_at IS NOT NULL)",
            )
            .await,
            people,
            alarms: alarms.into_iter().map(|(id,)| id).collect(),
            requests: requests.into_iter().map(|(id,)| id).collect(),
            pending: pending[0].0,
            twice: all(
                pool,
                // The office's day, nine hours ahead.
                "SELECT check_in_id, recipient_id, date(made_at, '+9 hours') FROM nudge \
                 WHERE alarm_id IS NULL AND rung <> 'appointment' \
                 GROUP BY 1, 2, 3 HAVING count(*) > 1",
            )
            .await,
        }
    }
}

async fn all<R>(pool: &SqlitePool, query: &'static str) -> Vec<R>
where
    R: for<'r> FromRow<'r, SqliteRow> + Send + Unpin,
{
    sqlx::query_as(query).fetch_all(pool).await.expect(query)
}
