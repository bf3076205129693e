//! How a message arrives though a platform fails, a process dies or a person
//! cannot be reached; no failure ever touches the check-in.
use crate::bot::{TestBot, home, person, text_of};
use koekake::engine::SendError;
use std::time::Duration;

const LATER: SendError = SendError::Later { after: None };

/// Befell others: a chat out of reach for some seconds as a reminder left, and it never
/// came; one server error of the chat stopped the scheduler for good.
#[tokio::test]
async fn what_cannot_be_sent_now_is_tried_again_with_patience_and_never_lost() {
    let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.courier().fails_with = Some(LATER);
    bot.moves_to("2026-11-25 08:30").await;
    assert_eq!(bot.told(), "");
    // The first wait is five seconds of real time, each further one twice as long.
    let mut failed_at = Vec::new();
    for second in 0..120 {
        let before = bot.courier().failures;
        bot.engine.deliver_all().await.expect("deliveries");
        if before < bot.courier().failures {
            failed_at.push(second);
        }
        bot.real_seconds_pass(1);
    }
    assert_eq!(failed_at, [5, 15, 35, 75]);
    bot.courier().fails_with = None;
    bot.moves_to("2026-11-25 08:40").await;
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:40 佐藤 ● H-012");
}

#[tokio::test]
async fn a_reminder_that_is_late_disturbs_nobodys_evening_or_weekend() {
    let mut bot = TestBot::at("2026-11-27 08:29", &[home(12, "佐藤", "2026-11-27")]).await;
    bot.courier().fails_with = Some(LATER);
    bot.moves_to("2026-11-27 19:00").await;
    bot.courier().fails_with = None;
    assert_eq!(bot.told_until("2026-11-28 12:00").await, "");
    insta::assert_snapshot!(bot.told_until("2026-11-30 12:00").await, @"2026-11-30 Mon 08:30 佐藤 ▲3 H-012");
}

/// Befell others: a message lost because it was one too many for the chat's limit.
#[tokio::test]
async fn the_time_that_a_platform_asks_for_is_kept() {
    let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.courier().fails_with = Some(SendError::Later {
        after: Some(Duration::from_secs(600)),
    });
    bot.moves_to("2026-11-25 08:30").await;
    bot.courier().fails_with = None;
    bot.moves_to("2026-11-25 08:39").await;
    assert_eq!(bot.told(), "");
    bot.moves_to("2026-11-25 08:40").await;
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:40 佐藤 ● H-012");
}

/// Befell others: after a stop all that had been missed came in a burst.
#[tokio::test]
async fn days_of_a_silent_platform_end_in_one_digest_a_reader() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-26"),
    ];
    let mut bot = TestBot::at("2026-11-24 12:00", &homes).await;
    bot.courier().fails_with = Some(LATER);
    bot.moves_to("2026-12-02 08:29").await;
    assert_eq!(bot.told(), "");
    bot.courier().fails_with = None;
    bot.moves_to("2026-12-02 08:46").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    11月25日(水)からお知らせが止まっていました。その間に時期が来た2世帯もこのお知らせに入れました
    # おはようございます。声かけの時期は2世帯です
    * ▲7 H-012
      11月25日(水)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    * ▲6 H-013
      11月26日(木)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    ");
    insta::assert_snapshot!(bot.told(), @"
    2026-12-02 Wed 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-02 Wed 08:30 渡辺 ▲7 H-012 7日 佐藤
    ");
}

#[tokio::test]
async fn a_dead_route_leads_to_the_next_one() {
    let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.sql(
        "INSERT INTO route (person_id, platform, account, position) VALUES (1, 'page', 'other', 1001)",
    )
    .await;
    bot.courier()
        .fails_for
        .insert("1".to_owned(), SendError::Gone);
    bot.moves_to("2026-11-25 08:30").await;
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 佐藤 ● H-012");
    let accounts: Vec<String> = bot.courier().accounts.values().cloned().collect();
    assert_eq!(accounts, ["other"]);
    // The dead one is not tried again.
    bot.courier().fails_for.clear();
    bot.moves_to("2026-11-30 08:30").await;
    let accounts: Vec<String> = bot.courier().accounts.values().cloned().collect();
    assert_eq!(accounts, ["other", "other"]);
    bot.all_read();
}

/// Befell others: a reminder closed though neither way to its reader had worked.
#[tokio::test]
async fn whom_nothing_reaches_the_supervisor_hears_of_and_the_date_climbs_on() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-26"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:29", &homes).await;
    bot.courier()
        .fails_for
        .insert("1".to_owned(), SendError::Gone);
    bot.moves_to("2026-11-25 08:30").await;
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"**佐藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**");
    insta::assert_snapshot!(bot.told_until("2026-12-03 09:00").await, @"
    2026-11-26 Thu 08:30 伊藤 **佐藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**
    2026-11-30 Mon 08:30 伊藤 **佐藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**
    2026-12-01 Tue 08:30 伊藤 **佐藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**
    2026-12-02 Wed 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-02 Wed 08:30 渡辺 ▲7 H-012 7日 佐藤
    2026-12-03 Thu 08:30 伊藤 ▲8 H-012 8日 佐藤 / ▲7 H-013 7日 佐藤
    2026-12-03 Thu 08:30 渡辺 ▲8 H-012 8日 佐藤 / ▲7 H-013 7日 佐藤
    ");
    insta::assert_snapshot!(bot.says("伊藤", "期限超過").await, @"
    # 期限超過 2世帯(支援中2世帯、すべてに予定あり)
    * ▲8 H-012 8日 佐藤
      11月25日(水)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    * ▲7 H-013 7日 佐藤
      11月26日(木)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    ");
    let page = bot.engine.supervision(person("伊藤")).await;
    let page = text_of(&page.expect("the page").expect("it is for her"));
    let since = "佐藤さんに11月25日(水)から届いていません";
    assert!(page.contains(since), "{page}");
}

/// Befell others: the next one up could not be reached, and nobody knew before.
#[tokio::test]
async fn an_alarm_that_cannot_reach_the_supervisor_goes_to_the_deputy_at_once() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(13, "佐藤", "2026-12-15")]).await;
    bot.courier()
        .fails_for
        .insert("3".to_owned(), SendError::Gone);
    bot.says("佐藤", "H-013 電話 本人 「死にたい」").await;
    insta::assert_snapshot!(bot.told_until("2026-11-25 10:20").await, @"
    2026-11-25 Wed 10:00 渡辺 ■ H-013 緊急
    2026-11-25 Wed 10:00 渡辺 **伊藤さんへのお知らせが届きませんでした。連絡設定の確認をお願いします**
    2026-11-25 Wed 10:15 渡辺 ■ H-013 緊急
    ");
    bot.presses("渡辺", "確認した").await;
    bot.all_read();
}

/// Befell others: what a stopped process had claimed stayed so after the restart.
#[tokio::test]
async fn a_claimer_that_died_is_followed_by_another_and_the_message_says_so() {
    let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.courier().fails_with = Some(LATER);
    bot.moves_to("2026-11-25 08:30").await;
    bot.courier().fails_with = None;
    bot.sql(
        "UPDATE delivery SET try_at = NULL, lease = 'of the dead', \
         leased_until = '2026-11-24T23:31:00+00:00'",
    )
    .await;
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(bot.told(), "", "the lease still holds");
    bot.real_seconds_pass(60);
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    再送かもしれません
    # おはようございます。声かけの時期は1世帯です
    * ● H-012
      11月25日(水)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    ");
}

/// Befell others: a send whose answer was late counted as failed and came twice.
#[tokio::test]
async fn a_courier_that_hangs_is_left_and_tried_again() {
    let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.courier().hangs = true;
    bot.moves_to("2026-11-25 08:30").await;
    assert_eq!(bot.told(), "");
    bot.courier().hangs = false;
    bot.real_seconds_pass(5);
    bot.engine.deliver_all().await.expect("deliveries");
    let heard = bot.hears("佐藤").join("\n---\n");
    assert!(heard.starts_with("再送かもしれません\n"), "{heard}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_loops_send_each_message_once() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(21, "鈴木", "2026-11-25"),
        home(31, "佐藤", "2026-11-12"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:29", &homes).await;
    bot.courier().fails_with = Some(LATER);
    bot.moves_to("2026-11-25 08:30").await;
    bot.courier().fails_with = None;
    bot.real_seconds_pass(60);
    let loops: Vec<_> = (0..4)
        .map(|_| {
            let engine = bot.engine.clone();
            tokio::spawn(async move { engine.deliver_all().await.expect("deliveries") })
        })
        .collect();
    let mut sent = 0;
    for one in loops {
        sent += one.await.expect("delivering");
    }
    assert_eq!((sent, bot.courier().sends), (4, 4));
    bot.all_read();
}

/// Befell others: the reminder came though somebody had just called.
#[tokio::test]
async fn what_is_settled_before_it_is_sent_is_not_sent() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-25"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:29", &homes).await;
    bot.courier().fails_with = Some(LATER);
    bot.moves_to("2026-11-25 08:30").await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    bot.says("佐藤", "H-013 訪問 不在 名刺 3か月後").await;
    bot.courier().fails_with = None;
    assert_eq!(bot.told_until("2026-11-25 12:00").await, "");
}

/// Befell others: what was decided long before was sent to whom it no longer concerned.
#[tokio::test]
async fn what_is_settled_in_part_before_it_is_sent_tells_the_rest() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-25"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:29", &homes).await;
    bot.courier().fails_with = Some(LATER);
    bot.moves_to("2026-11-25 08:30").await;
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    bot.courier().fails_with = None;
    insta::assert_snapshot!(bot.told_until("2026-11-25 12:00").await, @"2026-11-25 Wed 12:00 佐藤 ● H-013");
}

#[tokio::test]
async fn an_edit_that_fails_is_made_later() {
    let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.moves_to("2026-11-25 08:30").await;
    assert_eq!(bot.hears("佐藤").len(), 1);
    bot.courier().fails_with = Some(LATER);
    bot.says("佐藤", "H-012 訪問 不在 名刺 3か月後").await;
    assert!(!bot.sees("佐藤").contains('✓'), "{}", bot.sees("佐藤"));
    bot.courier().fails_with = None;
    bot.real_seconds_pass(5);
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.sees("佐藤"), @"
    # おはようございます。このお知らせの世帯はすべて済みました
    * ✓ H-012 佐藤さんが対応 11月25日(水)
    ");
}
