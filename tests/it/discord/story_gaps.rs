//! What was typed while the bot was away is recorded when it returns, in order,
//! and what Discord tells again changes nothing.
use super::{
    fake::{Fault, ROOM, World, private_channel},
    office::{OnDiscord, button, call, text, user},
};
use crate::{
    bot::{Home, home, instant},
    story_backup::Backup,
};
use koekake::conversation::message::Platform;
use serde_json::json;
use std::time::Duration;

/// For so long nobody gets at the database.
const SLOW: Duration = Duration::from_secs(5);
/// Discord waits no longer for the first answer to an interaction.
const ANSWERED_WITHIN: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ten_lines_of_a_gap_by_a_missed_heartbeat_are_recorded_in_order() {
    let homes: Vec<_> = (1..=11)
        .map(|code| home(code, "佐藤", "2026-12-15"))
        .collect();
    let mut chat = OnDiscord::not_listening("2026-11-25 10:00", &homes).await;
    chat.fake.world().gateway.heartbeat_ms = 600;
    chat.starts().await;
    chat.says("佐藤", "H-011 電話 応答なし").await;
    chat.reads_up_to_here().await;
    {
        let gateway = &mut chat.fake.world().gateway;
        gateway.is_deaf = true;
        gateway.answers_heartbeats = false;
    }
    // They are typed on that day, and read by the bot on the next.
    chat.engine.clock().stand_at(instant("2026-11-26 09:00"));
    for code in 1..=10 {
        let line = format!("H-{code:03} 電話 応答なし 1週間後");
        chat.fake.types(user("佐藤"), &line);
    }
    chat.fake
        .until("a new session", |world| {
            (world.gateway.number == 2).then_some(())
        })
        .await;
    for nth in 1..=10 {
        let answer = chat.fake.said(private_channel(user("佐藤")), nth).await;
        let (answer, code) = (text(&answer), format!("記録しました H-{nth:03}"));
        assert!(answer.contains(&code), "{answer}");
        // When it was typed is said, and its week counts from then.
        for own in ["11月25日(水) 10時に送られた分です", "12月2日(水)"] {
            assert!(answer.contains(own), "{answer}");
        }
    }
    let own_day = |code: u32| (format!("H-{code:03}"), "2026-11-25".to_owned());
    let mut expected = vec![own_day(11)];
    expected.extend((1..=10).map(own_day));
    assert_eq!(chat.contacts().await, expected);
    chat.stops().await;
    assert_eq!(chat.fake.said_in(private_channel(user("佐藤"))).len(), 11);
}

/// Befell others: done yesterday and written today, and the day was one off.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_typed_while_the_bot_was_down_counts_from_its_own_day() {
    let mut chat = OnDiscord::at("2026-11-25 16:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.says("佐藤", "予定").await;
    chat.stops().await;
    chat.fake
        .types(user("佐藤"), "H-012 電話 母と話せた 1週間後");
    chat.is_another_process();
    chat.engine.clock().stand_at(instant("2026-11-27 09:00"));
    chat.starts().await;
    let answer = chat.fake.said(private_channel(user("佐藤")), 1).await;
    assert!(text(&answer).contains("12月2日(水)"), "{answer}");
    assert_eq!(
        chat.contacts().await,
        [("H-012".to_owned(), "2026-11-25".to_owned())]
    );
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_typed_since_the_backup_is_recorded_again_and_says_so() {
    let homes = [
        home(11, "佐藤", "2026-12-15"),
        home(12, "佐藤", "2026-12-15"),
    ];
    let mut chat = OnDiscord::at("2026-11-25 10:00", &homes).await;
    chat.says("佐藤", "H-011 電話 応答なし").await;
    chat.reads_up_to_here().await;
    let backup = Backup::of(&chat.bot).await;
    chat.says("佐藤", "H-012 電話 母と話せた 1週間後").await;
    chat.stops().await;
    let later = instant("2026-11-25 10:30");
    chat.bot.db = backup.restored_at(later).await;
    chat.is_another_process();
    chat.engine.clock().stand_at(later);
    chat.starts().await;
    let answer = chat.fake.said(private_channel(user("佐藤")), 2).await;
    let answer = text(&answer);
    assert!(answer.contains("再送かもしれません"), "{answer}");
    assert!(answer.contains("記録しました H-012"), "{answer}");
    let own_day = |code: &str| (code.to_owned(), "2026-11-25".to_owned());
    assert_eq!(chat.contacts().await, [own_day("H-011"), own_day("H-012")]);
    chat.stops().await;
}

/// Types a line for each household while nobody listens, and lets the bot return
/// on the next day; each is recorded in order and counts from its own day.
async fn are_found_by_the_next_process(chat: &mut OnDiscord, room: Option<u64>) {
    for code in 1..=3 {
        let line = format!("H-{code:03} 電話 応答なし 1週間後");
        chat.fake.types_in(room, user("佐藤"), &line);
    }
    chat.is_another_process();
    chat.engine.clock().stand_at(instant("2026-11-26 09:00"));
    chat.starts().await;
    let channel = private_channel(user("佐藤"));
    let recorded = |world: &World, code: u32| {
        let code = format!("記録しました H-{code:03}");
        let said = world.said_in(channel);
        let mut said = said.filter(|message| text(message).contains(&code));
        said.next().cloned()
    };
    for code in 1..=3 {
        let answer = chat
            .fake
            .until("an answer", |world| recorded(world, code))
            .await;
        for own in ["11月25日(水) 10時に送られた分です", "12月2日(水)"] {
            assert!(text(&answer).contains(own), "{answer}");
        }
    }
    chat.stops().await;
    let expected: Vec<_> = (1..=3)
        .map(|code| (format!("H-{code:03}"), "2026-11-25".to_owned()))
        .collect();
    assert_eq!(chat.contacts().await, expected);
}

fn three_homes(next_on: &'static str) -> Vec<Home> {
    (1..=3).map(|code| home(code, "佐藤", next_on)).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_registered_room_in_which_nothing_was_ever_said_is_read_after_a_gap() {
    for keeps_cursor in [true, false] {
        let homes = three_homes("2026-12-15");
        let mut chat = OnDiscord::at("2026-11-25 10:00", &homes).await;
        chat.registers_the_room().await;
        chat.stops().await;
        if !keeps_cursor {
            // As if the process had died before it was kept: the room is.
            let forgotten = format!("room:{ROOM}");
            let engine = &chat.engine;
            let forgotten = engine.forget_cursor(Platform::Discord, &forgotten).await;
            forgotten.expect("no cursor");
        }
        are_found_by_the_next_process(&mut chat, Some(ROOM)).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_types_who_was_only_written_to_so_far_is_read_after_a_gap() {
    let mut chat = OnDiscord::not_listening("2026-11-25 10:00", &three_homes("2026-11-25")).await;
    chat.engine.tick().await.expect("a tick");
    chat.engine.deliver_all().await.expect("deliveries");
    chat.fake.said(private_channel(user("佐藤")), 0).await;
    are_found_by_the_next_process(&mut chat, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_somebody_types_who_has_only_called_commands_so_far_is_read_after_a_gap() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &three_homes("2026-12-15")).await;
    let asked = chat.fake.asks((None, user("佐藤")), 2, call("help", &[]));
    chat.fake.answer(asked).await;
    chat.stops().await;
    are_found_by_the_next_process(&mut chat, None).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_could_not_be_read_is_read_the_next_time() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &three_homes("2026-12-15")).await;
    chat.says("佐藤", "予定").await;
    chat.stops().await;
    chat.fake.types(user("佐藤"), "H-001 電話 応答なし");
    chat.is_another_process();
    // Somebody between us and Discord has written this.
    chat.fake.fails("/messages", Fault::Refused(403, 0));
    chat.starts().await;
    chat.says("佐藤", "H-002 電話 応答なし").await;
    chat.stops().await;
    chat.is_another_process();
    chat.starts().await;
    let missed = chat.fake.said(private_channel(user("佐藤")), 2).await;
    assert!(text(&missed).contains("記録しました H-001"), "{missed}");
    chat.stops().await;
    assert_eq!(chat.contacts().await.len(), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_again_changes_nothing() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let me = user("佐藤");
    let line = chat.fake.types(me, "H-012 電話 母と話せた 3か月後");
    let answer = chat.fake.said(private_channel(me), 0).await;
    let undo = button(&answer, "取り消す").expect("a button");
    let pressed = chat.fake.presses((None, me), &undo);
    chat.fake.answer(pressed).await;
    let requests = chat.fake.world().calls.len();
    // The same message and the same press, as a resume may tell them.
    chat.fake.repeats(line, None);
    let told = chat.fake.world().gateway.told("INTERACTION_CREATE");
    chat.fake.dispatch("INTERACTION_CREATE", told);
    chat.says("佐藤", "H-012 前回は？").await;
    assert_eq!(
        chat.fake.world().calls.len(),
        requests + 1,
        "{}",
        chat.fake.told()
    );
    assert!(chat.contacts().await.is_empty());
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn events_of_a_place_are_taken_in_the_order_in_which_they_were_typed() {
    let homes: Vec<_> = (1..=6)
        .map(|code| home(code, "佐藤", "2026-12-15"))
        .collect();
    let mut chat = OnDiscord::at("2026-11-25 10:00", &homes).await;
    let me = user("佐藤");
    chat.fake.world().gateway.is_deaf = true;
    let typed: Vec<u64> = (1..=6)
        .map(|code| chat.fake.types(me, &format!("H-{code:03} 電話 応答なし")))
        .collect();
    chat.fake.world().gateway.is_deaf = false;
    for id in typed.iter().rev() {
        chat.fake.repeats(*id, None);
    }
    chat.fake.said(private_channel(me), 5).await;
    let codes: Vec<String> = chat
        .contacts()
        .await
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    let expected: Vec<String> = (1..=6).map(|code| format!("H-{code:03}")).collect();
    assert_eq!(codes, expected);
    chat.stops().await;
}

/// Befell others: with the network off the listener spun on errors without a pause;
/// each reconnection began a second loop.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_connection_that_ends_is_made_again() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.says("佐藤", "予定").await;
    chat.reads_up_to_here().await;
    // RECONNECT: the session goes on, and tells what was missed.
    chat.fake
        .sends_frame(json!({"op": 7, "d": null, "s": null, "t": null}));
    chat.resumes(1).await;
    chat.says("佐藤", "予定").await;
    // An outage on their side.
    chat.fake.closes(4_000);
    chat.resumes(2).await;
    chat.says("佐藤", "予定").await;
    // INVALID_SESSION: a new one begins.
    chat.fake
        .sends_frame(json!({"op": 9, "d": false, "s": null, "t": null}));
    chat.fake.types(user("佐藤"), "H-012 電話 応答なし");
    chat.fake
        .until("a new session", |world| {
            (world.gateway.number == 2).then_some(())
        })
        .await;
    let recorded = chat.fake.said(private_channel(user("佐藤")), 3).await;
    assert!(
        text(&recorded).starts_with("記録しました H-012"),
        "{recorded}"
    );
    assert_eq!(chat.contacts().await.len(), 1);
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn intents_that_are_refused_end_nothing() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.fake.closes(4_014);
    chat.fake
        .dispatch("GUILD_DELETE", json!({"id": "2000", "unavailable": true}));
    assert!(chat.still_listens());
    chat.stops().await;
}

/// Befell others: a slow database missed the three seconds that the chat gives.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_database_that_is_slow_defers_the_answer_and_gives_it_once() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let me = user("佐藤");
    let answer = chat.says("佐藤", "H-012 電話 母と話せた 3か月後").await;
    let undo = button(&answer, "取り消す").expect("a button");
    let turn = chat.holds_the_database().await;
    let slow = tokio::spawn(async move {
        tokio::time::sleep(SLOW).await;
        drop(turn);
    });
    let pressed = chat.fake.presses((None, me), &undo);
    let deferred = chat.fake.until("a deferral", |world| {
        (world.interactions[&pressed].kind == Some(5)).then_some(())
    });
    let deferred = tokio::time::timeout(ANSWERED_WITHIN, deferred).await;
    deferred.expect("within the time that Discord gives");
    assert!(!slow.is_finished());
    assert_eq!(chat.fake.world().interactions[&pressed].edits, 0);
    chat.fake.types(me, "H-012 電話 応答なし 1週間後");
    let answered = chat.fake.answer(pressed).await;
    slow.await.expect("no panic");
    assert!(
        text(&answered.shown).starts_with("取り消しました H-012"),
        "{answered:?}"
    );
    let line = chat.fake.said(private_channel(me), 1).await;
    assert!(text(&line).starts_with("記録しました H-012"), "{line}");
    chat.stops().await;
    let answered = chat.fake.world().interactions[&pressed].clone();
    assert_eq!((answered.edits, answered.further.len()), (1, 0));
    assert_eq!(chat.fake.calls("callback").len(), 1);
    assert_eq!(chat.fake.said_in(private_channel(me)).len(), 2);
    assert_eq!(chat.contacts().await.len(), 1);
}

/// Calls a command of a process that dies before its answer is taken; the
/// interaction.
async fn dies_over_an_answer(chat: &mut OnDiscord, refusals: usize) -> u64 {
    for _ in 0..refusals {
        chat.fake.fails("/callback", Fault::Refused(503, 0));
    }
    let given = [("household", "H-012"), ("words", "電話 応答なし")];
    let asked = chat
        .fake
        .asks((None, user("佐藤")), 2, call("record", &given));
    chat.fake
        .until("an attempt", |world| {
            let mut calls = world.calls.iter();
            calls
                .any(|call| call.path.contains("callback"))
                .then_some(())
        })
        .await;
    chat.stops().await;
    assert_eq!(chat.contacts().await.len(), 1);
    chat.is_another_process();
    asked
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_process_has_deferred_before_it_died_is_answered_by_the_next() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let asked = dies_over_an_answer(&mut chat, 1).await;
    chat.sends_what_waits().await;
    let answered = chat.fake.world().interactions[&asked].clone();
    assert_eq!(answered.kind, Some(5));
    assert!(
        text(&answered.further[0]).starts_with("記録しました H-012"),
        "{answered:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_nobody_has_deferred_is_answered_in_private() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let asked = dies_over_an_answer(&mut chat, 2).await;
    chat.sends_what_waits().await;
    let said = chat.fake.said(private_channel(user("佐藤")), 0).await;
    assert!(text(&said).starts_with("記録しました H-012"), "{said}");
    assert_eq!(chat.fake.world().interactions[&asked].kind, None);
}
