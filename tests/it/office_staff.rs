//! What administrators do with the staff, on both databases: refused where it
//! would leave somebody or something alone, and each with its line in the journal.
use crate::store::*;
use koekake::{
    conversation::message::{Account, Level, Platform},
    domain::{
        PersonId,
        people::{Language, Role},
    },
    store::{
        Db, Fault,
        office::{self, OfficeRow},
        staff::{self, Act, InTeam, NewOffice, Newcomer, Refusal},
        tokens::{self, Joined},
    },
};

const ADMIN: PersonId = PersonId(5);

fn act() -> Act {
    Act {
        by: ADMIN,
        now: now(),
        today: today(),
    }
}

fn newcomer(name: &str, role: Role) -> Newcomer {
    Newcomer {
        name: name.into(),
        role,
        language: Language::Japanese,
    }
}

fn known(team: &str) -> InTeam {
    InTeam::Known(team.into())
}

/// The small offices, each with an administrator.
async fn administered() -> Vec<Office> {
    let offices = offices().await;
    for office in &offices {
        let team = known(&founding().team);
        let by_herself = newcomer("小林", Role::Admin);
        let added = staff::add(&office.db, &team, &by_herself, &act_of(NURSE)).await;
        assert_eq!(added.expect("adding"), Ok(ADMIN));
    }
    offices
}

fn act_of(by: PersonId) -> Act {
    Act { by, ..act() }
}

fn telegram(id: &str) -> Account {
    Account {
        platform: Platform::Telegram,
        id: id.into(),
    }
}

/// The newest lines of the journal, as `what detail`.
async fn journal(office: &Office) -> Vec<String> {
    let statement = "SELECT what || ' ' || detail FROM journal ORDER BY id";
    let lines: Vec<(String,)> = match &office.db {
        Db::Sqlite(pool, _) => sqlx::query_as(statement).fetch_all(pool).await,
        Db::Postgres(pool) => sqlx::query_as(statement).fetch_all(pool).await,
    }
    .expect("the journal");
    lines.into_iter().map(|(line,)| line).collect()
}

#[tokio::test]
async fn an_office_is_founded_with_a_team_and_an_administrator_on_the_page() {
    let new = NewOffice {
        row: OfficeRow {
            name: "見本市保健センター".into(),
            zone: chrono_tz::Asia::Tokyo,
            clock_offset_s: 0,
            made_up: false,
        },
        team: "第一班".into(),
        admin: "小林".into(),
        language: Language::English,
    };
    for office in empty().await {
        let admin = staff::found(&office.db, &new, (now(), today()))
            .await
            .expect("founding");
        let row = office::office(&office.db).await.expect("looking");
        assert_eq!(row.as_ref(), Some(&new.row));
        let people = office::people(&office.db).await.expect("reading");
        assert_eq!(people.len(), 1);
        assert_eq!((people[0].id, people[0].role), (admin, Role::Admin));
        assert_eq!(people[0].language, Language::English);
        let routes = staff::routes(&office.db).await.expect("reading");
        assert_eq!(routes[&admin], [Platform::Page]);
        assert_eq!(journal(&office).await, ["founded team 1, person 1"]);
        let again = staff::found(&office.db, &new, (now(), today())).await;
        assert!(matches!(again, Err(Fault::Duplicate)), "{again:?}");
        assert_eq!(journal(&office).await.len(), 1);
    }
}

#[tokio::test]
async fn people_are_added_to_teams_and_told_apart_by_their_names() {
    for office in administered().await {
        let added = async |team: InTeam, name: &str| {
            let newcomer = newcomer(name, Role::Nurse);
            let added = staff::add(&office.db, &team, &newcomer, &act()).await;
            added.expect("adding").map(|id| id.0)
        };
        assert_eq!(
            added(known("第二班"), "高橋").await,
            Err(Refusal::NoSuchTeam)
        );
        assert_eq!(added(InTeam::New("第二班".into()), "高橋").await, Ok(6));
        assert_eq!(added(InTeam::New("第二班".into()), "田中").await, Ok(7));
        assert_eq!(
            added(known("第二班"), "小林").await,
            Err(Refusal::NameTaken)
        );
        // A refusal makes no team either.
        assert_eq!(
            added(InTeam::New("第三班".into()), "田中").await,
            Err(Refusal::NameTaken)
        );
        let teams = staff::teams(&office.db).await.expect("reading");
        assert_eq!(teams.len(), 2);
        let lines = journal(&office).await;
        assert_eq!(
            &lines[1..],
            [
                "person_added person 6 nurse team 2",
                "person_added person 7 nurse team 2"
            ]
        );
    }
}

#[tokio::test]
async fn nobody_leaves_whose_households_have_not_been_handed_on() {
    for office in administered().await {
        let leave = async |person| {
            let left = staff::leave(&office.db, person, today(), &act()).await;
            left.expect("leaving")
        };
        let in_charge = |main, second| Err(Refusal::InCharge { main, second });
        assert_eq!(leave(NURSE).await, in_charge(2, 1));
        assert_eq!(leave(COLLEAGUE).await, in_charge(2, 0));
        // H-099 of hers is closed: nobody need take it over.
        office
            .run("UPDATE household SET main_id = 1 WHERE check_in_id IS NOT NULL")
            .await;
        assert_eq!(leave(COLLEAGUE).await, Ok(()));
        assert_eq!(leave(COLLEAGUE).await, Err(Refusal::HasLeft));
        assert_eq!(leave(ADMIN).await, Err(Refusal::LastAdmin));
        assert_eq!(
            journal(&office).await[1..],
            ["person_left person 2 on 2026-11-25"]
        );
        // Whom the others of the team are told about may have changed.
        let later = "SELECT count(*) FROM household \
            WHERE next_nudge_at > (SELECT max(at) FROM journal)";
        assert_eq!(office.count(later).await, 0);
    }
}

#[tokio::test]
async fn what_lets_somebody_in_ends_when_they_leave() {
    for office in administered().await {
        let db = &office.db;
        let team = known(&founding().team);
        let added = staff::add(db, &team, &newcomer("高橋", Role::Nurse), &act()).await;
        let person = added.expect("adding").expect("added");
        staff::link(db, "link", person, &act())
            .await
            .expect("a link");
        staff::link(db, "unused", person, &act())
            .await
            .expect("a link");
        staff::invite(db, "7KQ2-9M4T", person, &act())
            .await
            .expect("a code");
        let signed_in = tokens::sign_in(db, ("link", "session"), now(), today()).await;
        assert_eq!(signed_in.expect("signing in"), Some(person));
        let again = tokens::sign_in(db, ("link", "other"), now(), today()).await;
        assert_eq!(again.expect("looking"), None);
        let whose = async || {
            let found = tokens::signed_in(db, "session", now(), today()).await;
            found.expect("looking").map(|person| person.id)
        };
        assert_eq!(whose().await, Some(person));
        // On a later day they are still of the staff, and then no longer.
        let later = day("2026-12-01");
        let left = staff::leave(db, person, later, &act()).await;
        assert_eq!(left.expect("leaving"), Ok(()));
        assert_eq!(whose().await, Some(person));
        let found = tokens::signed_in(db, "session", now(), later).await;
        assert_eq!(found.expect("looking"), None);
        let code = tokens::join(db, "7KQ2-9M4T", &telegram("77"), (now(), later)).await;
        assert_eq!(code.expect("joining"), Joined::NoSuchCode);
        let link = tokens::sign_in(db, ("unused", "other"), now(), later).await;
        assert_eq!(link.expect("looking"), None);
        // At once.
        let left = staff::leave(db, person, today(), &act()).await;
        assert_eq!(left.expect("leaving"), Ok(()));
        assert_eq!(whose().await, None);
        for table in [
            "SELECT count(*) FROM join_code",
            "SELECT count(*) FROM page_link",
            "SELECT count(*) FROM page_session",
        ] {
            assert_eq!(office.count(table).await, 0, "{table}");
        }
        let lines = journal(&office).await;
        let kept = ["link_made person 6", "invited person 6", "signed_in "];
        for line in kept {
            assert!(lines.iter().any(|kept| kept == line), "{line}: {lines:?}");
        }
    }
}

#[tokio::test]
async fn a_chat_does_more_than_tell_of_news_by_an_approval_alone() {
    for office in administered().await {
        let set = async |level, approval| {
            let chosen = (Platform::Telegram, level);
            let set = staff::set_level(&office.db, chosen, approval, &act()).await;
            set.expect("setting")
        };
        for level in [Level::Dates, Level::Logging] {
            assert_eq!(set(level, None).await, Err(Refusal::NoApproval));
        }
        assert_eq!(office.count("SELECT count(*) FROM chat_level").await, 0);
        assert_eq!(set(Level::Logging, Some("情報第12号")).await, Ok(()));
        let level = "SELECT level FROM chat_level WHERE approval IS NOT NULL";
        assert_eq!(office.count(level).await, 3);
        assert_eq!(set(Level::Notice, None).await, Ok(()));
        let level = "SELECT level FROM chat_level WHERE approval IS NULL";
        assert_eq!(office.count(level).await, 1);
        assert_eq!(
            journal(&office).await[1..],
            [
                "level_set telegram 3, approval 情報第12号",
                "level_set telegram 1"
            ]
        );
    }
}
