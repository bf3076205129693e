//! What administrators do with the staff, on both databases: refused where it
//! would leave somebody or something alone, and each with its line in the journal.
use crate::store::*;
use koekake::{
    conversation::message::{Account, Level, Platform},
    domain::{
        PersonId,
        household::State,
        people::{Language, Role},
    },
    store::{
        Db, Fault,
        import::{self, HouseholdRow, StaffRow},
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

/// Befell others: somebody was removed while their work was open.
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

/// Somebody of a table, on that line.
fn row(line: u64, name: &str, team: &str, account: Option<Account>) -> StaffRow {
    StaffRow {
        line,
        team: team.into(),
        newcomer: newcomer(name, Role::Nurse),
        account,
    }
}

fn household(line: u64, number: u32, team: &str, nurse: Option<&str>) -> HouseholdRow {
    HouseholdRow {
        line,
        code: code(number),
        team: team.into(),
        nurse: nurse.map(str::to_owned),
        facts: facts(State::Active),
        check_in: terms("2026-12-02", "2026-12-02"),
    }
}

#[tokio::test]
async fn a_table_of_staff_is_taken_as_a_whole_and_its_accounts_talk_at_once() {
    for office in administered().await {
        let db = &office.db;
        let team = founding().team;
        let good = [
            row(2, "高橋", &team, Some(telegram("1001"))),
            row(3, "田中", "第二班", None),
            row(4, "山本", "第二班", None),
        ];
        let bad = [
            good[0].clone(),
            row(3, "田中", "第三班", Some(telegram("1001"))),
            row(4, "小林", &team, None),
            row(5, "高橋", &team, None),
        ];
        let refused = import::staff(db, &bad, &act(), true).await.expect("trying");
        assert_eq!(
            refused.refused,
            [
                (3, import::Refusal::AccountTaken),
                (4, import::Refusal::NameTaken),
                (5, import::Refusal::NameTaken)
            ]
        );
        let tried = import::staff(db, &good, &act(), false)
            .await
            .expect("trying");
        assert_eq!(
            (tried.taken, tried.teams.as_slice()),
            (3, &["第二班".to_owned()][..])
        );
        assert_eq!(office.count("SELECT count(*) FROM person").await, 5);
        assert_eq!(office.count("SELECT count(*) FROM team").await, 1);
        assert_eq!(journal(&office).await.len(), 1);

        let taken = import::staff(db, &good, &act(), true)
            .await
            .expect("taking");
        assert_eq!(taken, tried);
        assert_eq!(journal(&office).await[1..], ["imported staff 3, teams 1"]);
        let logging = (Platform::Telegram, Level::Logging);
        let level = staff::set_level(db, logging, Some("第1号"), &act()).await;
        level.expect("setting").expect("set");
        let mut hers = wanted(NURSE, None);
        hers.from = telegram("1001");
        let scene = koekake::store::scene::scene(db, &hers).await;
        let scene = scene.expect("gathering").expect("of the office");
        assert_eq!(scene.sender.name, "高橋");
    }
}

#[tokio::test]
async fn a_table_of_households_is_taken_as_a_whole_each_with_its_date() {
    for office in administered().await {
        let db = &office.db;
        let team = founding().team;
        let add = InTeam::New("第二班".into());
        let added = staff::add(db, &add, &newcomer("高橋", Role::Nurse), &act()).await;
        added.expect("adding").expect("added");
        let good = [
            household(2, 201, &team, Some("さくら")),
            household(3, 202, "第二班", None),
        ];
        let bad = [
            good[0].clone(),
            good[0].clone(),
            household(4, 12, &team, None),
            household(5, 203, "第三班", None),
            household(6, 204, &team, Some("高橋")),
        ];
        let refused = import::households(db, &bad, &act(), true).await;
        assert_eq!(
            refused.expect("trying").refused,
            [
                (2, import::Refusal::CodeTaken),
                (4, import::Refusal::CodeTaken),
                (5, import::Refusal::NoSuchTeam),
                (6, import::Refusal::NoSuchNurse)
            ]
        );
        let before = office.count("SELECT count(*) FROM household").await;
        let taken = import::households(db, &good, &act(), true).await;
        assert_eq!(taken.expect("taking").taken, 2);
        assert_eq!(
            office.count("SELECT count(*) FROM household").await,
            before + 2
        );
        let file = office.file(201).await;
        assert_eq!(file.household.facts.main, Some(NURSE));
        let check_in = file.check_in.expect("a date");
        assert_eq!(check_in.terms, good[0].check_in);
        assert_eq!(
            (check_in.made_by, check_in.made_at),
            (ADMIN, kept("2026-11-25T01:00:00"))
        );
        let looked_at = "SELECT count(*) FROM household WHERE code IN ('H-201', 'H-202') \
            AND next_nudge_at = (SELECT max(at) FROM journal)";
        assert_eq!(office.count(looked_at).await, 2);
        assert_eq!(journal(&office).await[2..], ["imported households 2"]);
    }
}
