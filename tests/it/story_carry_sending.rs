//! Nothing lost on the way out: what a platform says of a message decides where
//! and when it goes next, and who is told when it goes nowhere.
use crate::{
    bot::{TestBot, home, instant},
    chat_bot::{At, account, incoming_from},
};
use koekake::{
    conversation::message::{Platform::*, Readers, Said},
    engine::SendError,
};

const ROOM: &str = "-100";
const LATER: SendError = SendError::Later { after: None };

async fn office(time: &str) -> TestBot {
    let mut bot = TestBot::at(time, &[home(12, "佐藤", "2026-11-25")]).await;
    bot.opens(Telegram).await;
    bot
}

/// Befell others: a reminder deleted because its channel was gone; a reader who had
/// left the server broke the round; a reader who had blocked the bot was no case of its
/// own; a reader whose private messages are closed was no case of its own.
#[tokio::test]
async fn a_dead_chat_leads_to_the_page_and_those_who_lead_and_the_team_hear_of_it() {
    let mut bot = office("2026-11-25 08:29").await;
    bot.registers(Telegram, ROOM).await;
    let nurse = account(Telegram, "佐藤");
    bot.chat(Telegram)
        .fails_for
        .insert(nurse.clone(), SendError::Gone);
    insta::assert_snapshot!(bot.told_until("2026-11-25 08:31").await, @"
    2026-11-25 Wed 08:30 佐藤 ● H-012
    2026-11-25 Wed 08:30 伊藤 **佐藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**
    ");
    bot.sends_what_waits().await;
    insta::assert_snapshot!(bot.reads(Telegram, ROOM), @"佐藤さん、連絡設定の確認をお願いします");
    // Once a day.
    insta::assert_snapshot!(bot.told_until("2026-12-01 09:00").await, @"
    2026-11-30 Mon 08:30 佐藤 ▲5 H-012
    2026-11-30 Mon 08:30 伊藤 **佐藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**
    ");
    bot.sends_what_waits().await;
    insta::assert_snapshot!(bot.reads(Telegram, ROOM), @"佐藤さん、連絡設定の確認をお願いします");
    // It lives again when its person writes from there.
    bot.chat(Telegram).fails_for.clear();
    bot.says_on(Telegram, "佐藤", "使い方").await;
    bot.says("鈴木", "H-012 電話 不在 今日").await;
    bot.presses("鈴木", "はい、記録する").await;
    bot.all_read();
    let attempts = bot.chat(Telegram).attempts.clone();
    assert_eq!(attempts.last(), Some(&nurse), "{attempts:?}");
}

#[tokio::test]
async fn an_alarm_on_a_page_that_calls_nobody_goes_on_at_once() {
    let mut bot = office("2026-11-25 10:00").await;
    let supervisor = account(Telegram, "伊藤");
    bot.chat(Telegram)
        .fails_for
        .insert(supervisor, SendError::Gone);
    bot.says_on(Telegram, "佐藤", "H-012 電話 本人 「死にたい」")
        .await;
    bot.moves_to("2026-11-25 10:00").await;
    insta::assert_snapshot!(bot.told(), @"
    2026-11-25 Wed 10:00 伊藤 ■ H-012 緊急
    2026-11-25 Wed 10:00 渡辺 ■ H-012 緊急
    2026-11-25 Wed 10:00 渡辺 **伊藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**
    ");
    bot.presses_on(Telegram, "渡辺", "確認した").await;
    bot.all_read();
}

#[tokio::test]
async fn an_account_that_has_moved_gets_the_same_there() {
    let mut bot = office("2026-11-25 08:29").await;
    bot.chat(Telegram).next.push_back(SendError::Moved {
        to: "5555".to_owned(),
    });
    bot.moves_to("2026-11-25 08:30").await;
    assert_eq!(bot.hears("佐藤").len(), 1);
    let attempts = bot.chat(Telegram).attempts.clone();
    assert_eq!(attempts, [account(Telegram, "佐藤"), "5555".to_owned()]);
    bot.sql("UPDATE route SET position = 2 WHERE account = '5555'")
        .await;
}

#[tokio::test]
async fn what_may_have_arrived_says_so_only_where_it_would_come_twice() {
    for (platform, expected) in [(Telegram, true), (Discord, false)] {
        let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
        bot.opens(platform).await;
        bot.chat(platform).next.push_back(SendError::Unknown);
        bot.moves_to("2026-11-25 08:30").await;
        assert_eq!(bot.hears("佐藤").len(), 0);
        bot.real_seconds_pass(5);
        bot.sends_what_waits().await;
        let heard = bot.hears("佐藤").join("\n---\n");
        assert_eq!(
            heard.starts_with("再送かもしれません\n"),
            expected,
            "{heard}"
        );

        bot.chat(platform).next.push_back(SendError::Unknown);
        bot.says_on(platform, "佐藤", "language en").await;
        bot.real_seconds_pass(5);
        bot.sends_what_waits().await;
        let answer = bot.reads(platform, &account(platform, "佐藤"));
        assert_eq!(
            answer.starts_with("This may be a repetition\n"),
            expected,
            "{answer}"
        );
    }
}

#[tokio::test]
async fn an_answer_to_somebody_who_has_blocked_us_ends_their_route() {
    let mut bot = office("2026-11-25 08:00").await;
    bot.chat(Telegram).next.push_back(SendError::Gone);
    assert_eq!(bot.says_on(Telegram, "佐藤", "予定").await, "");
    bot.moves_to("2026-11-25 08:30").await;
    insta::assert_snapshot!(bot.told(), @"
    2026-11-25 Wed 08:30 佐藤 ● H-012
    2026-11-25 Wed 08:30 伊藤 **佐藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**
    ");
}

/// Befell others: a group that was deleted refused every send from then on; a private
/// channel was made public, and notices went on.
#[tokio::test]
async fn a_room_is_posted_to_only_while_members_alone_can_read_it() {
    for (readers, closed) in [
        (Ok(Readers::Everyone), true),
        (Err(SendError::Gone), true),
        (Err(LATER), false),
        (Err(SendError::Unknown), false),
    ] {
        let mut bot = office("2026-11-25 08:29").await;
        bot.registers(Telegram, ROOM).await;
        let nurse = account(Telegram, "佐藤");
        bot.chat(Telegram).fails_for.insert(nurse, SendError::Gone);
        bot.chat(Telegram)
            .readers
            .insert(ROOM.to_owned(), readers.clone());
        bot.moves_to("2026-11-25 08:30").await;
        bot.sends_what_waits().await;
        assert_eq!(bot.reads(Telegram, ROOM), "", "{readers:?}");
        let told = bot.hears("小林").join("\n---\n");
        assert_eq!(
            told.contains("Telegramの登録した場所"),
            closed,
            "{readers:?}: {told}"
        );
        assert!(!told.contains("H-012"), "{told}");
        bot.chat(Telegram).readers.clear();
        bot.real_seconds_pass(10);
        bot.sends_what_waits().await;
        let later = bot.reads(Telegram, ROOM);
        let expected = if closed {
            ""
        } else {
            "佐藤さん、連絡設定の確認をお願いします"
        };
        assert_eq!(later, expected, "{readers:?}");
        bot.all_read();
    }
}

#[tokio::test]
async fn a_group_that_has_moved_is_posted_to_where_it_is() {
    let mut bot = office("2026-11-25 08:29").await;
    bot.registers(Telegram, ROOM).await;
    let nurse = account(Telegram, "佐藤");
    bot.chat(Telegram).fails_for.insert(nurse, SendError::Gone);
    let moved = SendError::Moved {
        to: "-200".to_owned(),
    };
    bot.chat(Telegram).fails_for.insert(ROOM.to_owned(), moved);
    bot.moves_to("2026-11-25 08:30").await;
    bot.sends_what_waits().await;
    assert_eq!(
        bot.reads(Telegram, "-200"),
        "佐藤さん、連絡設定の確認をお願いします"
    );
    bot.sql("UPDATE room SET closed_at = NULL WHERE place = '-200'")
        .await;
    bot.all_read();
}

#[tokio::test]
async fn another_teams_room_is_never_posted_to() {
    let mut bot = office("2026-11-25 08:29").await;
    bot.registers(Telegram, ROOM).await;
    bot.sql("INSERT INTO team (name) VALUES ('ほかのチーム')")
        .await;
    bot.sql("UPDATE room SET team_id = 2").await;
    let nurse = account(Telegram, "佐藤");
    bot.chat(Telegram).fails_for.insert(nurse, SendError::Gone);
    bot.moves_to("2026-11-25 08:30").await;
    bot.sends_what_waits().await;
    assert!(!bot.chat(Telegram).attempts.contains(&ROOM.to_owned()));
    bot.all_read();
}

#[tokio::test]
async fn an_answer_that_no_chat_takes_for_a_day_is_given_up_and_its_record_stands() {
    let mut bot = office("2026-11-25 10:00").await;
    bot.chat(Telegram).fails_with = Some(LATER);
    bot.says_on(Telegram, "佐藤", "H-012 電話 不在").await;
    bot.real_seconds_pass(23 * 3_600);
    assert_eq!(bot.engine.give_up_old_letters().await.expect("tidying"), 0);
    bot.real_seconds_pass(2 * 3_600);
    assert_eq!(bot.engine.give_up_old_letters().await.expect("tidying"), 1);
    bot.chat(Telegram).fails_with = None;
    bot.sends_what_waits().await;
    let brief = bot.says_on(Telegram, "佐藤", "H-012 前回は？").await;
    assert!(brief.contains("電話"), "{brief}");
    bot.all_read();
}

#[tokio::test]
async fn answers_to_one_place_keep_their_order() {
    let mut bot = office("2026-11-25 10:00").await;
    let nurse = account(Telegram, "佐藤");
    bot.chat(Telegram).fails_with = Some(LATER);
    bot.says_on(Telegram, "佐藤", "H-012 電話 不在").await;
    bot.says_on(Telegram, "佐藤", "取り消し").await;
    bot.chat(Telegram).fails_with = None;
    bot.chat(Telegram).next.push_back(LATER);
    bot.real_seconds_pass(5);
    bot.sends_what_waits().await;
    assert_eq!(
        bot.reads(Telegram, &nurse),
        "",
        "the second waits with the first"
    );
    bot.real_seconds_pass(10);
    bot.sends_what_waits().await;
    let read = bot.reads(Telegram, &nurse);
    let (first, second) = read.split_once("\n---\n").expect("two answers");
    assert!(first.starts_with("記録しました"), "{read}");
    assert!(second.starts_with("取り消しました"), "{read}");
}

/// Befell others: one reader's trouble kept the notice from another.
#[tokio::test]
async fn who_hangs_holds_up_nobody_else_and_no_alarm() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(21, "鈴木", "2026-11-25"),
        home(31, "伊藤", "2026-11-25"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:29", &homes).await;
    bot.opens(Telegram).await;
    bot.has_patience();
    for who in ["佐藤", "伊藤"] {
        bot.chat(Telegram).hangs_for.insert(account(Telegram, who));
    }
    bot.engine.clock().stand_at(instant("2026-11-25 08:30"));
    bot.engine.tick().await.expect("a tick");
    let engine = bot.engine.clone();
    let hanging = tokio::spawn(async move { engine.deliver_due().await });
    bot.until_attempted(Telegram, 3).await;
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 鈴木 ● H-021");
    // The process dies over them; who has them under way is not known for a minute.
    hanging.abort();
    assert!(hanging.await.expect_err("it hangs").is_cancelled());
    // An alarm for somebody whose reminder hangs goes out all the same.
    bot.chat(Telegram)
        .hangs_for
        .remove(&account(Telegram, "伊藤"));
    let key = bot.new_key();
    let line = Said::Words("H-021 電話 本人 「死にたい」".to_owned());
    let at = At {
        platform: Telegram,
        room: None,
    };
    let incoming = incoming_from(at, &account(Telegram, "鈴木"), line, &key);
    let letters = bot.engine.take(incoming).await.expect("taken");
    bot.engine.send(letters).await;
    bot.engine.tick().await.expect("a tick");
    assert_eq!(bot.engine.deliver_alarms().await.expect("alarms"), 1);
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 伊藤 ■ H-021 緊急");
    bot.all_read();
}
