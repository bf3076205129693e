//! Faults of the machine and of the database in the midst of the work: what cannot
//! be done now is done later, once, and nothing is half done.
use crate::{
    bot::{TestBot, home, incoming, instant},
    chat_bot::{At, account, incoming_from},
    mortal::{self, Office, line},
    office_backup::SmallDisk,
    postgres,
};
use chrono::TimeDelta;
use koekake::{
    conversation::message::{Platform::Telegram, Said},
    engine::Fault,
    store::{Db, Location},
};
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{fs, io::Write, time::Duration};
use tempfile::TempDir;

/// In a plain test run; `KOEKAKE_LOCK_SECONDS=60` holds it for a minute.
const LOCK_SECONDS: usize = 2;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_another_holds_is_waited_for() {
    let seconds = crate::kills_chat::asked("KOEKAKE_LOCK_SECONDS").unwrap_or(LOCK_SECONDS);
    let folder = TempDir::new().expect("a temp folder");
    let file = folder.path().join("office.sqlite");
    let homes = [home(12, "佐藤", "2026-11-25")];
    let location = Location::File(file.clone());
    let mut bot = TestBot::on(location, Some(folder), "2026-11-25 08:30", &homes).await;
    let options = SqliteConnectOptions::new().filename(file);
    let mut holder = SqliteConnection::connect_with(&options)
        .await
        .expect("another connection");
    let begun = holder.begin_with("BEGIN IMMEDIATE").await.expect("a lock");
    let engine = bot.engine.clone();
    let saying = tokio::spawn(async move {
        let said = incoming(
            "佐藤",
            Said::Words("H-012 訪問 不在 3か月後".to_owned()),
            "k",
        );
        let mut refused = 0;
        loop {
            // As a platform does that gets no confirmation.
            match engine.answer(said.clone()).await {
                Ok(answered) => return (answered, refused),
                Err(fault) => assert!(fault.is_transient(), "{fault}"),
            }
            refused += 1;
        }
    });
    tokio::time::sleep(Duration::from_secs(seconds as u64)).await;
    begun.rollback().await.expect("letting it go");
    let (answered, refused) = saying.await.expect("an answer");
    println!("held for {seconds} s: refused {refused} times, recorded once");
    assert!(answered.reply.is_some());
    bot.engine.tick().await.expect("a tick");
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(bot.told(), "");
    let Db::Sqlite(pool, _) = &bot.db else {
        panic!("it is SQLite");
    };
    let contacts: i64 = sqlx::query_scalar("SELECT count(*) FROM contact")
        .fetch_one(pool)
        .await
        .expect("a count");
    assert_eq!(contacts, 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn on_a_full_disk_nothing_is_half_done_and_with_room_again_all_is() {
    let homes = [home(12, "佐藤", "2026-11-25")];
    let begin = "2026-11-25 08:30";
    let database = mortal::database(begin, &homes).await;
    let mut office = Office::of(&database, instant(begin)).await;
    let limit = |pages| format!("PRAGMA max_page_count = {pages}");
    let pages: i64 = sqlx::query_scalar("PRAGMA page_count")
        .fetch_one(&office.pool)
        .await
        .expect("a count");
    let run = async |office: &Office, statement: String| {
        let done = sqlx::query(sqlx::AssertSqlSafe(statement)).execute(&office.pool);
        done.await.expect("a pragma");
    };
    run(&office, limit(pages)).await;
    let mut said = 0;
    let full = loop {
        let key = format!("full:{said}");
        let message = line("佐藤", "H-012 手紙 投函 3か月後", &key);
        match office.engine.take(message.clone()).await {
            Ok(letters) => office.engine.send(letters).await,
            Err(fault) => break (message, fault),
        }
        said += 1;
        assert!(said < 500, "the disk is never full");
    };
    let (message, fault) = full;
    assert!(fault.is_transient(), "{fault}");
    for ended in [
        office.engine.tick().await.map(drop),
        office.engine.deliver_all().await.map(drop),
    ] {
        let is_later = ended.as_ref().err().is_none_or(Fault::is_transient);
        assert!(is_later, "{ended:?}");
    }
    let contacts = async |office: &Office| -> i64 {
        let count = sqlx::query_scalar("SELECT count(*) FROM contact").fetch_one(&office.pool);
        count.await.expect("a count")
    };
    assert_eq!(contacts(&office).await, said);
    run(&office, limit(1_000_000)).await;
    let engine = office.engine.clone();
    assert!(office.lives(mortal::say(&engine, message)).await);
    assert_eq!(contacts(&office).await, said + 1);
    println!("full after {said} lines; the next was recorded once when there was room");
}

/// Another program fills the disk on which the office lies: its log of writes cannot
/// grow by a page, and SQLite ends the transaction by itself. With room again the same
/// process goes on.
#[tokio::test]
async fn a_disk_that_fills_up_under_the_office_loses_no_line_and_no_nudge() {
    let Some(disk) = SmallDisk::of("8m") else {
        return;
    };
    let homes = [
        home(12, "佐藤", "2026-12-25"),
        home(13, "佐藤", "2026-11-25"),
    ];
    let location = Location::File(disk.0.path().join("office.sqlite"));
    let mut bot = TestBot::on(location, None, "2026-11-25 08:00", &homes).await;
    bot.opens(Telegram).await;
    let filler = disk.0.path().join("filler");
    fill(&filler);
    let at = At {
        platform: Telegram,
        room: None,
    };
    let typed = |number: u32| {
        let said = Said::Words("H-012 手紙 投函 1か月後".to_owned());
        let key = format!("full:{number}");
        incoming_from(at, &account(Telegram, "佐藤"), said, &key)
    };
    let mut recorded = 0;
    let fault = loop {
        match bot.engine.take(typed(recorded)).await {
            Ok(_) => recorded += 1,
            Err(fault) => break fault,
        }
        assert!(recorded < 500, "the disk is never full");
    };
    assert!(fault.is_transient(), "{fault}");
    bot.engine.clock().stand_at(instant("2026-11-25 08:30"));
    for ended in [
        bot.engine.tick().await.map(drop),
        bot.engine.deliver_all().await.map(drop),
    ] {
        let is_later = ended.as_ref().err().is_none_or(Fault::is_transient);
        assert!(is_later, "{ended:?}");
    }
    fs::remove_file(&filler).expect("room again");
    let contacts = bot.count("SELECT count(*) FROM contact").await;
    assert_eq!(contacts, i64::from(recorded));
    bot.moves_to("2026-11-25 08:40").await;
    let told = bot.told();
    assert_eq!(told.matches("佐藤 ● H-013").count(), 1, "{told}");
    let letters = bot.engine.take(typed(recorded)).await;
    assert_eq!(letters.expect("taken").len(), 1);
    let contacts = bot.count("SELECT count(*) FROM contact").await;
    assert_eq!(contacts, i64::from(recorded) + 1);
    let sound =
        bot.count("SELECT count(*) FROM pragma_integrity_check WHERE integrity_check = 'ok'");
    assert_eq!(sound.await, 1);
    bot.all_read();
    bot.db.close().await;
}

/// Writes there until not a byte more is taken.
fn fill(file: &std::path::Path) {
    let mut filler = fs::File::create(file).expect("a file");
    for size in [65_536, 4_096, 1] {
        let block = vec![0; size];
        while filler.write_all(&block).is_ok() {}
    }
}

/// Befell others: after the clock was put back nothing ran for hours; after the clock
/// was put ahead all fired at once.
#[tokio::test]
async fn a_clock_that_jumps_ahead_and_back_skips_and_repeats_nothing() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-12-07"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:30", &homes).await;
    bot.moves_to("2026-11-25 09:00").await;
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 佐藤 ● H-012");
    // Ten days ahead: what would be due then is told once, as after a stop.
    bot.is_down_until("2026-12-07 09:00").await;
    let ahead = bot.told();
    assert_eq!(ahead.matches("佐藤 ▲12 H-012").count(), 1, "{ahead}");
    // Put right: nothing is told again, a line is recorded, and its date comes.
    bot.is_down_until("2026-11-25 09:10").await;
    assert_eq!(bot.told(), "");
    let answer = bot.says("佐藤", "H-012 電話 応答なし 12/8").await;
    assert!(answer.contains("12月8日(火)"), "{answer}");
    bot.moves_to("2026-12-08 09:00").await;
    let told = bot.told();
    assert!(told.contains("2026-12-08 Tue 08:30 佐藤"), "{told}");
    assert!(told.contains("● H-012"), "{told}");
    // A day back over the night: the same morning comes twice and is told once.
    bot.moves_to("2026-12-09 08:31").await;
    let first = bot.told();
    let clock = bot.engine.clock();
    clock.stand_at(clock.real() - TimeDelta::days(1));
    bot.moves_to("2026-12-09 08:31").await;
    assert_eq!(bot.told(), "", "after {first}");
}

/// Two instances of the bot are given the same message at once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_that_are_given_one_message_record_it_once() {
    let Some(url) = postgres::database().await else {
        return;
    };
    let homes = [home(12, "佐藤", "2026-12-25")];
    let location = Location::Url(url);
    let mut bot = TestBot::on(location, None, "2026-11-25 08:30", &homes).await;
    let first = bot.engine.clone();
    bot.restarts().await;
    let line = || {
        incoming(
            "佐藤",
            Said::Words("H-012 電話 応答なし 1か月後".to_owned()),
            "k",
        )
    };
    let (one, other) = tokio::join!(first.answer(line()), bot.engine.answer(line()));
    let (one, other) = (one.expect("an answer"), other.expect("an answer"));
    assert_eq!(one.reply, other.reply);
    let course = bot.says("佐藤", "H-012 経過").await;
    assert!(course.contains("接触1回"), "{course}");
    bot.db.close().await;
}

/// Befell others: several nodes did one unique job.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_on_one_postgresql_tell_each_person_once() {
    let Some(url) = postgres::database().await else {
        return;
    };
    let homes: Vec<_> = (1..=30)
        .map(|code| {
            home(
                code,
                if code % 2 == 0 { "佐藤" } else { "鈴木" },
                "2026-11-25",
            )
        })
        .collect();
    let location = Location::Url(url);
    let mut bot = TestBot::on(location, None, "2026-11-25 08:30", &homes).await;
    let first = bot.engine.clone();
    bot.restarts().await;
    let engines = [first, bot.engine.clone()];
    let working = engines.map(|engine| {
        tokio::spawn(async move {
            let nudges = engine.tick().await.expect("a tick").nudges;
            engine.deliver_all().await.expect("deliveries");
            nudges
        })
    });
    let mut nudges = 0;
    for engine in working {
        nudges += engine.await.expect("no panic");
    }
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(nudges, 30);
    let told = bot.told();
    assert_eq!(told.lines().count(), 2, "{told}");
    bot.db.close().await;
}
