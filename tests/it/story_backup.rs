//! An office that was put back to its backup: what fell due since is told once
//! more and says that it may be a repetition, and what is new does not say so.
use crate::{
    bot::{TestBot, home},
    store,
};
use chrono::{DateTime, NaiveDateTime, Utc};
use koekake::{
    app::backup::daily::Daily,
    config,
    conversation::{
        decision::Decision,
        message::{Platform, Reply},
    },
    domain::{PersonId, calendar::Calendar},
    engine::SendError,
    store::{
        Db, Location,
        archive::{self, Restorer},
        letters::{Address, Letter},
        messages::Spoken,
        save,
    },
};
use std::{fs, path::PathBuf};
use tempfile::TempDir;

const REPEATED: &str = "再送かもしれません";

async fn file_of(bot: &TestBot) -> PathBuf {
    let Db::Sqlite(_, writer) = &bot.db else {
        panic!("the bot is on SQLite");
    };
    let file: String = sqlx::query_scalar("SELECT file FROM pragma_database_list")
        .fetch_one(writer)
        .await
        .expect("its file");
    file.into()
}

/// A copy of the bot's office, as `koekake backup` makes it.
pub struct Backup {
    folder: TempDir,
}

impl Backup {
    pub async fn of(bot: &TestBot) -> Backup {
        let file = file_of(bot).await;
        let folder = TempDir::new().expect("a temp folder");
        let copy = folder.path().join("office.sqlite");
        archive::copy(&file, &copy).await.expect("a copy");
        Backup { folder }
    }

    /// As `koekake restore` leaves it at that instant.
    pub async fn restored_at(&self, now: DateTime<Utc>) -> Db {
        let copy = Location::File(self.folder.path().join("office.sqlite"));
        let db = Db::open(&copy).await.expect("the copy");
        let mended = archive::mend(&db, &Restorer { by: None, now }).await;
        mended.expect("mended");
        db
    }

    /// The bot goes on with it.
    async fn restored(&self, bot: &mut TestBot) {
        bot.db = self.restored_at(bot.engine.clock().real()).await;
        bot.restarts().await;
    }
}

#[tokio::test]
async fn what_fell_due_since_the_backup_is_told_once_more_and_says_so() {
    let homes = [
        home(12, "佐藤", "2026-11-26"),
        home(21, "佐藤", "2026-11-27"),
        home(31, "鈴木", "2026-12-10"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:50", &homes).await;
    bot.moves_to("2026-11-25 09:00").await;
    let backup = Backup::of(&bot).await;
    insta::assert_snapshot!(
        bot.told_until("2026-11-26 10:00").await,
        @"2026-11-26 Thu 08:30 佐藤 ● H-012"
    );
    backup.restored(&mut bot).await;
    bot.moves_to("2026-11-26 10:05").await;
    let told = bot.hears("佐藤");
    assert_eq!(told.len(), 1, "once: {told:?}");
    assert!(told[0].starts_with(REPEATED), "{}", told[0]);
    assert!(told[0].contains("H-012"), "{}", told[0]);
    // What is new is no repetition, and says so of nothing.
    bot.moves_to("2026-11-27 08:31").await;
    let told = bot.hears("佐藤");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("H-021"), "{}", told[0]);
    assert!(!told[0].contains(REPEATED), "{}", told[0]);
    assert_eq!(bot.told(), "");
}

#[tokio::test]
async fn each_day_has_its_backup_at_its_time_and_what_cannot_be_made_is_tried_again() {
    let bot = TestBot::at("2026-11-25 01:00", &[home(12, "佐藤", "2026-12-26")]).await;
    // A made-up office would be refused.
    bot.sql("UPDATE office SET made_up = FALSE").await;
    let folder = TempDir::new().expect("a temp folder");
    let settings = config::Backup {
        dir: folder.path().join("backups"),
        at: "02:00:00".parse().expect("a time"),
        keep: 1,
    };
    let office = (bot.db.clone(), Location::File(file_of(&bot).await));
    let mut daily = Daily::of(&settings, Calendar::japan(), office).expect("wanted");
    let names = || -> Vec<String> {
        let entries = fs::read_dir(&settings.dir).into_iter().flatten();
        let names = entries.map(|entry| entry.expect("a file").file_name());
        names.map(|name| name.to_string_lossy().into()).collect()
    };
    let wall = |text: &str| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a time");
    daily.look(wall("2026-11-25 01:59")).await;
    assert_eq!(names(), Vec::<String>::new(), "it is not time");
    // Somebody was killed over the one of the day before.
    fs::create_dir(&settings.dir).expect("the folder");
    let half_done = settings.dir.join(".koekake-2026-11-24.sqlite.part");
    fs::write(half_done, b"half").expect("writing");
    // On the last of them nobody ran at that time.
    for (day, clock) in [
        ("2026-11-25", "02:00"),
        ("2026-11-26", "02:00"),
        ("2026-11-30", "11:00"),
    ] {
        daily.look(wall(&format!("{day} {clock}"))).await;
        assert_eq!(names(), [format!("koekake-{day}.sqlite")], "one is kept");
    }
    // The disk goes away, and comes back.
    let away = folder.path().join("away");
    fs::rename(&settings.dir, &away).expect("it goes away");
    fs::write(&settings.dir, b"").expect("no folder");
    let first = daily.look(wall("2026-12-01 02:00")).await;
    let second = daily.look(wall("2026-12-02 02:00")).await;
    assert_eq!(second, first * 2, "it waits longer each time");
    fs::remove_file(&settings.dir).expect("no folder");
    fs::rename(&away, &settings.dir).expect("it comes back");
    assert_eq!(
        names(),
        ["koekake-2026-11-30.sqlite"],
        "the last good one stays"
    );
    daily.look(wall("2026-12-02 02:05")).await;
    assert_eq!(names(), ["koekake-2026-12-02.sqlite"]);
}

#[tokio::test]
async fn restored_at_night_it_still_says_so_in_the_morning() {
    let mut bot = TestBot::at("2026-11-25 09:00", &[home(12, "佐藤", "2026-11-26")]).await;
    let backup = Backup::of(&bot).await;
    bot.told_until("2026-11-26 21:00").await;
    backup.restored(&mut bot).await;
    assert_eq!(bot.told_until("2026-11-27 08:00").await, "", "at night");
    bot.moves_to("2026-11-27 08:31").await;
    let told = bot.hears("佐藤");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].starts_with(REPEATED), "{}", told[0]);
}

#[tokio::test]
async fn what_was_waiting_to_be_sent_and_an_alarm_say_so_as_well() {
    let homes = [
        home(12, "佐藤", "2026-11-26"),
        home(13, "佐藤", "2026-12-15"),
    ];
    let mut bot = TestBot::at("2026-11-26 08:29", &homes).await;
    bot.says("佐藤", "H-013 電話 本人 「もう消えてしまいたい」")
        .await;
    bot.moves_to("2026-11-26 08:29").await;
    assert_eq!(bot.hears("伊藤").len(), 1, "the supervisor is called");
    bot.courier().fails_with = Some(SendError::Later { after: None });
    bot.moves_to("2026-11-26 08:30").await;
    let backup = Backup::of(&bot).await;
    bot.courier().fails_with = None;
    bot.moves_to("2026-11-26 08:46").await;
    bot.all_read();
    backup.restored(&mut bot).await;
    bot.moves_to("2026-11-26 08:47").await;
    for who in ["佐藤", "渡辺"] {
        let told = bot.hears(who);
        assert_eq!(told.len(), 1, "{who}: {told:?}");
        assert!(told[0].starts_with(REPEATED), "{who}: {}", told[0]);
    }
    // The next call of the alarm is one that nobody has heard.
    bot.moves_to("2026-11-26 09:00").await;
    let called = bot.hears("渡辺");
    assert_eq!(called.len(), 1, "{called:?}");
    assert!(!called[0].contains(REPEATED), "{}", called[0]);
    bot.all_read();
}

#[tokio::test]
async fn nobody_is_let_in_by_what_was_made_before_and_no_id_is_given_twice() {
    for office in store::offices().await {
        let made = [
            "INSERT INTO page_session (hash, person_id, made_at, expires_at) VALUES \
             ('s', 1, '2026-11-25T01:00:00+00:00', '2026-11-25T13:00:00+00:00')",
            "INSERT INTO page_link (hash, person_id, made_at, expires_at) VALUES \
             ('l', 1, '2026-11-25T01:00:00+00:00', '2026-11-25T01:10:00+00:00')",
            "INSERT INTO join_code (hash, person_id, made_by, made_at, expires_at) VALUES \
             ('j', 1, 4, '2026-11-25T01:00:00+00:00', '2026-12-02T01:00:00+00:00')",
        ];
        for statement in made {
            assert_eq!(office.run(statement).await, 1);
        }
        let restorer = Restorer {
            by: None,
            now: store::now(),
        };
        let mended = archive::mend(&office.db, &restorer).await.expect("mended");
        assert_eq!(
            mended.repeated, 4,
            "each open household was to be looked at"
        );
        let entrances = "SELECT (SELECT count(*) FROM page_session) \
            + (SELECT count(*) FROM page_link) + (SELECT count(*) FROM join_code)";
        assert_eq!(office.count(entrances).await, 0);
        assert_eq!(office.run(made[0]).await, 1);
        let after = office
            .run("DELETE FROM page_session WHERE id > 1000000")
            .await;
        assert_eq!(after, 1, "ids since the backup are passed over");
    }
}

#[tokio::test]
async fn a_line_that_was_typed_before_the_restoring_may_have_been_answered() {
    for office in store::offices().await {
        let restorer = Restorer {
            by: None,
            now: store::at("2026-11-25T03:00:00"),
        };
        archive::mend(&office.db, &restorer).await.expect("mended");
        for (typed_at, maybe_repeated) in [
            (Some("2026-11-25T02:59:59"), true),
            (Some("2026-11-25T03:00:01"), false),
            (None, false),
        ] {
            let mut envelope = store::envelope(&format!("{typed_at:?}"), PersonId(1));
            envelope.typed_at = typed_at.map(store::at);
            let letter = Letter {
                id: None,
                platform: Platform::Discord,
                address: Address::Alone("7001".into()),
                person: Some(PersonId(1)),
                reply: Reply { parts: Vec::new() },
                attempts: 0,
                maybe_sent: false,
                maybe_repeated: false,
            };
            let said = |_: &_| (Spoken::default(), vec![letter]);
            let saved = save::save(&office.db, &Decision::default(), &envelope, said).await;
            let (_, letters) = saved.expect("saved");
            assert_eq!(letters[0].maybe_repeated, maybe_repeated, "{typed_at:?}");
        }
    }
}
