//! A small office on each database, for the tests of the store.
use crate::postgres;
use chrono::{DateTime, NaiveDate, NaiveTime, SubsecRound, Utc};
use koekake::{
    conversation::{
        decision::{CheckInChange, ContactChange, Decision, Ended, HouseholdChange, Made, Target},
        message::{Account, Part, Place, Platform, Reply},
        piece::Piece,
        scene::{File, Scene, Subject, Wanted},
    },
    domain::{
        PersonId, TeamId,
        check_in::{NewCheckIn, Pace, Plan, Purpose, Why, Window},
        contact::{Details, Kind, Left, Outcome},
        household::{Class, CloseReason, Code, Facts, Flag, Route, State},
        people::{Language, Person, Role},
    },
    store::{
        Db, Location, Result,
        messages::Spoken,
        office::{
            self, Founding, FoundingCheckIn, FoundingContact, FoundingHousehold, FoundingPerson,
        },
        save::{self, Envelope},
        scene,
    },
};
use tempfile::TempDir;

pub const NURSE: PersonId = PersonId(1);
pub const COLLEAGUE: PersonId = PersonId(2);
pub const SUPERVISOR: PersonId = PersonId(3);
pub const DEPUTY: PersonId = PersonId(4);
pub const TEAM: TeamId = TeamId(1);

/// A founded office; its database goes with it.
pub struct Office {
    pub db: Db,
    _folder: Option<TempDir>,
}

/// The same office on SQLite and, where there is a server, on PostgreSQL.
pub async fn offices() -> Vec<Office> {
    let mut offices = empty().await;
    for office in &mut offices {
        office::found(&office.db, &founding())
            .await
            .expect("founding");
    }
    offices
}

/// Databases without an office.
pub async fn empty() -> Vec<Office> {
    let folder = TempDir::new().expect("a temp folder");
    let file = Location::File(folder.path().join("office.db"));
    let mut offices = vec![Office {
        db: Db::open(&file).await.expect("opening SQLite"),
        _folder: Some(folder),
    }];
    if let Some(url) = postgres::database().await {
        offices.push(Office {
            db: Db::open(&Location::Url(url))
                .await
                .expect("opening PostgreSQL"),
            _folder: None,
        });
    }
    offices
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().expect("a date")
}

/// An instant with more digits than a database keeps.
pub fn at(text: &str) -> DateTime<Utc> {
    format!("{text}.123456789Z").parse().expect("an instant")
}

/// The instant as a database gives it back.
pub fn kept(text: &str) -> DateTime<Utc> {
    at(text).trunc_subsecs(6)
}

pub fn today() -> NaiveDate {
    day("2026-11-25")
}

pub fn now() -> DateTime<Utc> {
    at("2026-11-25T01:00:00")
}

pub fn code(number: u32) -> Code {
    Code::of(number)
}

pub fn terms(on: &str, by: &str) -> NewCheckIn {
    NewCheckIn {
        window: Window {
            on: day(on),
            by: day(by),
        },
        purpose: Purpose::LookIn,
        pace: Pace::Ordinary,
        why: Why::Said,
        plan: Plan {
            kind: Some(Kind::Visit),
            time: NaiveTime::from_hms_opt(14, 30, 0),
            partner: None,
        },
        put_off: 0,
    }
}

pub fn facts(state: State) -> Facts {
    Facts {
        state,
        pause_reason: None,
        close_reason: (!state.is_open()).then_some(CloseReason::Solved),
        awaiting_receipt: false,
        class: Some(Class::B),
        flags: vec![Flag::TwoTogether, Flag::CallMornings],
        not_before: None,
        known_by: Some(Route::Person),
        known_on: Some(day("2025-04-02")),
        main: None,
        second: None,
        check_in: None,
    }
}

pub fn visit(on: &str) -> Details {
    Details {
        kind: Some(Kind::Visit),
        outcome: Some(Outcome::Absent),
        left: vec![Left::Card, Left::Leaflet],
        ..Details::on(day(on))
    }
}

fn person(name: &str, role: Role) -> FoundingPerson {
    FoundingPerson {
        name: name.into(),
        role,
        language: Language::Japanese,
        working_days: Person::WEEKDAYS,
        left_on: None,
    }
}

fn household(number: u32, main: usize, due: (&str, &str)) -> FoundingHousehold {
    FoundingHousehold {
        code: code(number),
        facts: facts(State::Active),
        main: Some(main),
        second: None,
        contacts: vec![FoundingContact {
            author: main,
            recorded_at: at("2026-10-01T02:00:00"),
            details: visit("2026-10-01"),
        }],
        check_in: Some(FoundingCheckIn {
            terms: terms(due.0, due.1),
            made_at: at("2026-10-01T02:00:00"),
            made_by: main,
            next_nudge_at: at("2026-11-20T23:30:00"),
        }),
    }
}

/// H-012 (overdue) and H-021 are the nurse's, H-031 (due today) the
/// colleague's with the nurse as second, H-045 (overdue longer) the
/// colleague's alone, H-099 is closed.
pub fn founding() -> Founding {
    Founding {
        name: "みなと保健所".into(),
        zone: chrono_tz::Asia::Tokyo,
        clock_offset_s: 0,
        made_up: true,
        team: "地域支援".into(),
        people: vec![
            person("さくら", Role::Nurse),
            person("つばき", Role::Nurse),
            person("かえで", Role::Supervisor),
            person("もみじ", Role::Deputy),
        ],
        households: vec![
            household(12, 0, ("2026-11-18", "2026-11-20")),
            household(21, 0, ("2026-12-10", "2026-12-17")),
            FoundingHousehold {
                second: Some(0),
                ..household(31, 1, ("2026-11-25", "2026-11-25"))
            },
            household(45, 1, ("2026-11-02", "2026-11-06")),
            FoundingHousehold {
                facts: facts(State::Closed),
                check_in: None,
                ..household(99, 1, ("2026-11-02", "2026-11-06"))
            },
        ],
        page_routes: true,
    }
}

pub fn place(of: PersonId) -> Place {
    Place {
        platform: Platform::Page,
        id: of.0.to_string(),
        room: None,
    }
}

pub fn account(of: PersonId) -> Account {
    Account {
        platform: Platform::Page,
        id: of.0.to_string(),
    }
}

pub fn wanted(of: PersonId, subject: Option<Subject>) -> Wanted {
    Wanted {
        from: account(of),
        place: place(of),
        today: today(),
        subject,
        undoes: true,
        list: None,
        key: None,
    }
}

/// Real time is far behind the office's, as in a trial.
pub const HEARD_AT: &str = "2026-08-01T01:00:00";

pub fn envelope(key: &str, of: PersonId) -> Envelope {
    Envelope {
        key: key.into(),
        person: of,
        team: TEAM,
        place: place(of),
        heard_at: at(HEARD_AT),
        typed_at: None,
        now: now(),
        today: today(),
        letters_until: at(HEARD_AT),
    }
}

pub fn reply(text: &str) -> Reply {
    Reply {
        parts: vec![Part::Line(text.into())],
    }
}

pub fn spoken(text: &str) -> Spoken {
    Spoken {
        echo: Some(format!("> {text}")),
        reply: Some(reply(text)),
    }
}

impl Office {
    pub async fn scene(&self, wanted: &Wanted) -> Scene {
        scene::scene(&self.db, wanted)
            .await
            .expect("gathering")
            .expect("of the office")
    }

    pub async fn file(&self, number: u32) -> File {
        let subject = Some(Subject::Code(code(number)));
        let scene = self.scene(&wanted(NURSE, subject)).await;
        scene.file.expect("a household of the team")
    }

    /// Saves, and gives the ids that were made.
    pub async fn save(&self, key: &str, of: PersonId, decision: &Decision) -> Result<Made> {
        let mut ids = None;
        save::save(&self.db, decision, &envelope(key, of), |made| {
            ids = Some(*made);
            (spoken(key), Vec::new())
        })
        .await?;
        Ok(ids.expect("phrased"))
    }

    /// Runs a statement that the database must refuse; the message of its refusal.
    pub async fn refusal(&self, statement: &'static str) -> String {
        self.refusal_of(&[statement]).await
    }

    /// As [`Office::refusal`], of statements in one transaction, one of which
    /// must be refused, or the transaction in the end.
    pub async fn refusal_of(&self, statements: &[&'static str]) -> String {
        macro_rules! run_all {
            ($pool:expr) => {
                async {
                    let mut tx = $pool.begin().await?;
                    for statement in statements {
                        sqlx::query(*statement).execute(&mut *tx).await?;
                    }
                    tx.commit().await
                }
                .await
            };
        }
        let done: sqlx::Result<()> = match &self.db {
            Db::Sqlite(pool, _) => run_all!(pool),
            Db::Postgres(pool) => run_all!(pool),
        };
        match done {
            Ok(()) => panic!("not refused: {statements:?}"),
            Err(problem) => problem.to_string(),
        }
    }

    /// Runs a statement of the test's own.
    pub async fn run(&self, statement: &'static str) -> u64 {
        match &self.db {
            Db::Sqlite(pool, _) => sqlx::query(statement)
                .execute(pool)
                .await
                .map(|done| done.rows_affected()),
            Db::Postgres(pool) => sqlx::query(statement)
                .execute(pool)
                .await
                .map(|done| done.rows_affected()),
        }
        .expect(statement)
    }

    /// One number out of the database.
    pub async fn count(&self, query: &'static str) -> i64 {
        match &self.db {
            Db::Sqlite(pool, _) => sqlx::query_scalar(query).fetch_one(pool).await,
            Db::Postgres(pool) => sqlx::query_scalar(query).fetch_one(pool).await,
        }
        .expect(query)
    }
}

/// A change of one household, from its file as it stands.
pub fn change(file: &File, check_in: CheckInChange) -> HouseholdChange {
    HouseholdChange {
        target: Target::Known {
            id: file.household.id,
            version: file.household.version,
        },
        facts: file.household.facts.clone(),
        check_in,
        contacts: Vec::new(),
        alarms: Vec::new(),
        requests: Vec::new(),
        undoes: None,
    }
}

pub fn decision(change: HouseholdChange) -> Decision {
    Decision {
        say: Some(Vec::<Piece>::new()),
        change: Some(change),
        ..Decision::default()
    }
}

/// A contact with a new date: the old check-in is done.
pub fn logged(file: &File, contact: Details, next: NewCheckIn) -> Decision {
    let set = CheckInChange::Set {
        terms: next,
        old: Ended::Done,
    };
    decision(HouseholdChange {
        contacts: vec![ContactChange::Add(contact)],
        ..change(file, set)
    })
}
