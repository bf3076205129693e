//! The auditor: what must not be is found, mended where that is safe, said once,
//! and shown on the page; and a quiet office proves each day that nothing is lost.
use crate::bot::{TestBot, home, instant, person, text_of};
use koekake::{
    conversation::{
        audit::{Audited, Trouble},
        message::Platform::*,
    },
    engine::{Auditor, SendError, pulse},
    store::Db,
};
use sqlx::Executor;

async fn two() -> TestBot {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "鈴木", "2026-12-10"),
    ];
    TestBot::at("2026-11-24 12:00", &homes).await
}

/// Two households, one of which is due and was told of this morning.
async fn morning() -> TestBot {
    let mut bot = two().await;
    bot.moves_to("2026-11-25 08:30").await;
    bot.all_read();
    bot
}

async fn audited(bot: &TestBot) -> Audited {
    let audited = bot.engine.audit(Auditor::Loop).await.expect("an audit");
    bot.engine.deliver_all().await.expect("deliveries");
    audited
}

/// What was found: trouble, household, whether it was mended.
async fn found(bot: &TestBot) -> Vec<(Trouble, Option<String>, bool)> {
    let audited = audited(bot).await;
    let findings = audited.findings.into_iter();
    findings
        .map(|found| {
            let code = found.code.map(|code| code.to_string());
            (found.trouble, code, found.mended)
        })
        .collect()
}

fn of(trouble: Trouble, code: &str, mended: bool) -> (Trouble, Option<String>, bool) {
    (trouble, Some(code.to_owned()), mended)
}

async fn page(bot: &TestBot) -> String {
    let seen = bot.engine.supervision(person("伊藤")).await;
    text_of(&seen.expect("the page").expect("it is for her"))
}

/// Changes rows that the schema would refuse.
async fn forces(bot: &TestBot, statements: &'static str) {
    let Db::Sqlite(_, writer) = &bot.db else {
        panic!("this is for SQLite");
    };
    let mut connection = writer.acquire().await.expect("a connection");
    connection
        .execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON")
        .await
        .expect("no checks");
    connection.execute(statements).await.expect(statements);
    connection
        .execute("PRAGMA foreign_keys = ON; PRAGMA ignore_check_constraints = OFF")
        .await
        .expect("checks");
}

#[tokio::test]
async fn in_an_office_that_is_well_nothing_is_found_at_any_hour() {
    let mut bot = two().await;
    assert!(
        page(&bot)
            .await
            .ends_with("自動点検はまだです(始めてから数分で行います)")
    );
    for time in [
        "2026-11-24 17:00",
        "2026-11-25 03:00",
        "2026-11-25 08:29",
        "2026-11-25 08:30",
        "2026-11-25 15:59",
        "2026-11-27 12:00",
        "2026-12-03 09:00",
        "2027-01-08 09:00",
    ] {
        bot.moves_to(time).await;
        assert_eq!(found(&bot).await, [], "{time}");
    }
    assert!(
        page(&bot)
            .await
            .ends_with("自動点検 1月8日(金) 09:00 異常はありません")
    );
    bot.all_read();
}

#[tokio::test]
async fn a_look_that_nobody_made_is_found_after_five_minutes_of_office_hours() {
    let mut bot = morning().await;
    bot.sql(
        "UPDATE household SET next_nudge_at = '2026-11-25T08:00:00+00:00' WHERE code = 'H-013'",
    )
    .await;
    bot.engine.clock().stand_at(instant("2026-11-25 17:04"));
    assert_eq!(found(&bot).await, []);
    // The office closes at 17:15 and opens at 8:30.
    bot.engine.clock().stand_at(instant("2026-11-25 17:06"));
    assert_eq!(found(&bot).await, [of(Trouble::LookMissed, "H-013", false)]);
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    **自動点検: 見直す時刻を過ぎた世帯があります。確認をお願いします**
    くわしくはページの「係長」にあります
    ");
    // Once a day, however often it is found; and on the page all of it.
    assert_eq!(found(&bot).await, [of(Trouble::LookMissed, "H-013", false)]);
    assert!(bot.hears("伊藤").is_empty());
    insta::assert_snapshot!(page(&bot).await, @"
    予定の日を過ぎている世帯はありません(支援中2世帯、すべてに予定あり)
    # 返事待ちの依頼 0件
    **自動点検 11月25日(水) 17:06 気になる点が1件あります**
    H-013 見直す時刻を過ぎた世帯があります。確認をお願いします
    ");
    bot.engine.tick().await.expect("a tick");
    assert_eq!(found(&bot).await, []);
    assert!(
        page(&bot)
            .await
            .ends_with("自動点検 11月25日(水) 17:06 異常はありません")
    );
}

#[tokio::test]
async fn a_next_look_that_is_too_far_is_brought_back() {
    let mut bot = morning().await;
    bot.sql(
        "UPDATE household SET next_nudge_at = '2027-11-25T08:00:00+00:00' WHERE code = 'H-012'",
    )
    .await;
    assert_eq!(found(&bot).await, [of(Trouble::LookTooFar, "H-012", true)]);
    bot.engine.tick().await.expect("a tick");
    assert_eq!(found(&bot).await, []);
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 伊藤 **自動点検: 次に見直す時刻が先すぎる世帯がありました。直しました**");
}

/// Befell others: reminders that a list showed and nobody was sent.
#[tokio::test]
async fn a_nudge_that_the_ladder_asks_for_and_nobody_made_is_made() {
    let mut bot = two().await;
    bot.sql(
        "UPDATE household SET next_nudge_at = '2026-12-25T08:00:00+00:00' WHERE code = 'H-012'",
    )
    .await;
    bot.moves_to("2026-11-25 08:34").await;
    assert_eq!(found(&bot).await, [of(Trouble::LookTooFar, "H-012", true)]);
    bot.sql(
        "UPDATE household SET next_nudge_at = '2026-12-25T08:00:00+00:00' WHERE code = 'H-012'",
    )
    .await;
    bot.moves_to("2026-11-25 08:36").await;
    assert_eq!(
        found(&bot).await,
        [of(Trouble::NudgeMissing, "H-012", true)]
    );
    bot.engine.tick().await.expect("a tick");
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(found(&bot).await, []);
    insta::assert_snapshot!(bot.told(), @"
    2026-11-25 Wed 08:34 伊藤 **自動点検: 次に見直す時刻が先すぎる世帯がありました。直しました**
    2026-11-25 Wed 08:36 伊藤 **自動点検: お知らせが出ていない世帯がありました。直しました**
    2026-11-25 Wed 08:36 佐藤 ● H-012
    ");
}

#[tokio::test]
async fn a_household_without_a_date_is_found_though_the_schema_refuses_it() {
    let mut bot = morning().await;
    forces(
        &bot,
        "UPDATE check_in SET state = 'withdrawn', settled_by = 1, \
         settled_at = '2026-11-25T00:00:00+00:00' WHERE household_id = 2",
    )
    .await;
    assert_eq!(found(&bot).await, [of(Trouble::NoCheckIn, "H-013", false)]);
    let said = bot.says("伊藤", "期限超過").await;
    assert!(said.contains("予定のない世帯1"), "{said}");
    bot.all_read();
}

#[tokio::test]
async fn a_delivery_that_waits_is_late_after_five_minutes_of_office_hours() {
    let mut bot = two().await;
    bot.courier().fails_with = Some(SendError::Later { after: None });
    bot.moves_to("2026-11-25 08:30").await;
    bot.moves_to("2026-11-25 08:34").await;
    assert_eq!(found(&bot).await, []);
    bot.moves_to("2026-11-25 08:36").await;
    assert_eq!(found(&bot).await, [(Trouble::DeliveryLate, None, false)]);
    bot.courier().fails_with = None;
    bot.moves_to("2026-11-25 08:50").await;
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(found(&bot).await, []);
    insta::assert_snapshot!(bot.told(), @"
    2026-11-25 Wed 08:50 佐藤 ● H-012
    2026-11-25 Wed 08:50 伊藤 **自動点検: 5分たっても届いていないお知らせがあります。確認をお願いします**
    ");
}

#[tokio::test]
async fn a_claim_that_a_wrong_clock_has_made_for_hours_is_freed() {
    let mut bot = two().await;
    bot.courier().fails_with = Some(SendError::Later { after: None });
    bot.moves_to("2026-11-25 08:30").await;
    bot.courier().fails_with = None;
    bot.sql(
        "UPDATE delivery SET lease = 'dead', leased_until = '2026-11-26T08:00:00+00:00', \
         try_at = '2026-11-26T08:00:00+00:00'",
    )
    .await;
    bot.moves_to("2026-11-25 08:31").await;
    assert_eq!(found(&bot).await, []);
    // It may have gone out before: it says so.
    let heard = bot.hears("佐藤").join("\n");
    assert!(heard.contains("H-012"), "{heard}");
    insta::assert_snapshot!(heard.lines().next().unwrap_or_default(), @"再送かもしれません");
}

#[tokio::test]
async fn a_nudge_that_reached_nobody_and_was_told_to_nobody_is_found() {
    let mut bot = morning().await;
    bot.sql("UPDATE delivery SET state = 'gone', sent_at = NULL")
        .await;
    assert_eq!(
        found(&bot).await,
        [of(Trouble::NotDelivered, "H-012", false)]
    );
    // Somebody who leads was told that she is not reached: it has climbed.
    bot.sql(
        "INSERT INTO delivery (recipient_id, kind, office_day, number, state, attempts, \
         maybe_sent, stale, made_at, notice) VALUES (3, 'notice', '2026-11-25', 9, 'pending', 0, \
         0, 0, '2026-11-24T23:30:00+00:00', '{\"unreached\":{\"person\":1}}')",
    )
    .await;
    assert_eq!(found(&bot).await, []);
    bot.all_read();
}

/// Befell others: one broken reminder ended the round, and nothing was ever sent again.
#[tokio::test]
async fn what_cannot_be_read_is_found_and_stops_nothing() {
    let mut bot = morning().await;
    bot.sql("UPDATE household SET flags = 'of_another_version' WHERE code = 'H-013'")
        .await;
    assert_eq!(found(&bot).await, [(Trouble::Unreadable, None, false)]);
    assert_eq!(bot.hears("伊藤").len(), 1);
    bot.all_read();
}

#[tokio::test]
async fn a_broken_route_of_the_supervisor_hides_nothing_from_the_deputy() {
    let mut bot = morning().await;
    bot.sql("UPDATE route SET platform = 'of_another_version' WHERE person_id = 3")
        .await;
    bot.sql(
        "UPDATE household SET next_nudge_at = '2027-11-25T08:00:00+00:00' WHERE code = 'H-012'",
    )
    .await;
    assert_eq!(found(&bot).await, [of(Trouble::LookTooFar, "H-012", true)]);
    bot.engine.report().await.expect("a report");
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told(), @"
    2026-11-25 Wed 08:30 渡辺 **自動点検: 次に見直す時刻が先すぎる世帯がありました。直しました**
    2026-11-25 Wed 08:30 渡辺 **伊藤さんに届く連絡先がありません。連絡設定の確認をお願いします**
    ");
}

#[tokio::test]
async fn a_team_that_cannot_be_read_is_told_to_the_administrators() {
    let mut bot = morning().await;
    bot.sql("UPDATE person SET left_on = 'some day' WHERE id = 2")
        .await;
    assert_eq!(found(&bot).await, [(Trouble::Unreadable, None, false)]);
    let told = bot
        .count("SELECT count(*) FROM delivery WHERE recipient_id = 5 AND kind = 'notice'")
        .await;
    assert_eq!(told, 1);
    bot.all_read();
}

/// Befell others: after the clock was put ahead all fired at once.
#[tokio::test]
async fn a_clock_that_jumps_is_found_and_one_that_is_behind_as_long_as_it_is() {
    let mut bot = morning().await;
    assert_eq!(found(&bot).await, []);
    bot.engine.clock().jump_to(instant("2026-11-25 11:30"));
    assert_eq!(found(&bot).await, [(Trouble::ClockJumped, None, false)]);
    assert_eq!(found(&bot).await, []);
    bot.says("鈴木", "H-013 訪問 不在 来週").await;
    bot.engine.clock().jump_to(instant("2026-11-25 09:00"));
    let jumped = [
        (Trouble::ClockJumped, None, false),
        (Trouble::ClockBehind, None, false),
    ];
    assert_eq!(found(&bot).await, jumped);
    assert_eq!(found(&bot).await, jumped[1..]);
    bot.engine.clock().stand_at(instant("2026-11-25 11:31"));
    assert_eq!(found(&bot).await, []);
    bot.all_read();
}

#[tokio::test]
async fn a_clock_that_was_ahead_between_two_audits_is_found_all_the_same() {
    let mut bot = morning().await;
    assert_eq!(found(&bot).await, []);
    bot.engine.clock().jump_to(instant("2026-11-26 11:30"));
    bot.engine.tick().await.expect("a tick");
    bot.engine.clock().jump_to(instant("2026-11-25 08:31"));
    bot.engine.tick().await.expect("a tick");
    assert_eq!(found(&bot).await, [(Trouble::ClockJumped, None, false)]);
    assert_eq!(found(&bot).await, []);
    bot.all_read();
}

#[tokio::test]
async fn an_alarm_that_is_not_looked_at_or_too_late_is_found() {
    let mut bot = morning().await;
    bot.says("佐藤", "H-012 電話 本人 「死にたい」").await;
    bot.moves_to("2026-11-25 08:31").await;
    assert_eq!(found(&bot).await, []);
    bot.sql("UPDATE alarm SET next_at = '2026-11-26T08:00:00+00:00'")
        .await;
    assert_eq!(found(&bot).await, [(Trouble::LookTooFar, None, true)]);
    bot.engine.clock().stand_at(instant("2026-11-25 08:40"));
    assert_eq!(found(&bot).await, [(Trouble::LookMissed, None, false)]);
    bot.all_read();
}

#[tokio::test]
async fn a_loop_that_shows_no_life_is_found_by_its_name() {
    let mut bot = morning().await;
    bot.engine.beats(pulse::DELIVER);
    bot.engine.beats(pulse::LOOK);
    bot.engine.clock().stand_at(instant("2026-11-25 08:32"));
    assert!(bot.engine.still().is_empty());
    bot.engine.beats(pulse::LOOK);
    bot.engine.clock().stand_at(instant("2026-11-25 08:34"));
    assert_eq!(bot.engine.still(), [pulse::DELIVER]);
    assert_eq!(found(&bot).await, [(Trouble::LoopStill, None, false)]);
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    **自動点検: 止まった処理がありました(deliver)。確認をお願いします**
    くわしくはページの「係長」にあります
    ");
}

#[tokio::test]
async fn in_a_chat_below_logging_the_news_holds_no_detail() {
    let mut bot = morning().await;
    bot.opens(Telegram).await;
    bot.allows(Telegram, 2).await;
    bot.sql(
        "UPDATE household SET next_nudge_at = '2027-11-25T08:00:00+00:00' WHERE code = 'H-012'",
    )
    .await;
    assert_eq!(found(&bot).await.len(), 1);
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    お知らせがあります
    ページ https://koekake.test/
    ");
    bot.all_read();
}

#[tokio::test]
async fn on_a_day_without_a_digest_the_supervisor_gets_the_proof_alone_and_once() {
    let mut bot = morning().await;
    bot.engine.report().await.expect("a report");
    bot.moves_to("2026-11-25 08:34").await;
    assert!(bot.hears("伊藤").is_empty());
    bot.moves_to("2026-11-25 08:35").await;
    bot.engine.report().await.expect("a report");
    bot.moves_to("2026-11-25 09:00").await;
    bot.engine.report().await.expect("a report");
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:35 伊藤 支援中2世帯・全世帯に予定あり・本日のお知らせ1件・届かなかったお知らせ0件");
}

#[tokio::test]
async fn whoever_has_a_digest_today_has_the_proof_in_it() {
    let homes = [home(12, "佐藤", "2026-11-10")];
    let mut bot = TestBot::at("2026-11-25 08:29", &homes).await;
    bot.moves_to("2026-11-25 08:36").await;
    bot.engine.report().await.expect("a report");
    bot.engine.deliver_all().await.expect("deliveries");
    let heard = bot.hears("伊藤").join("\n---\n");
    assert_eq!(
        heard.matches("支援中1世帯・全世帯に予定あり").count(),
        1,
        "{heard}"
    );
    bot.all_read();
}

#[tokio::test]
async fn the_proof_has_the_figures_of_the_day() {
    let mut bot = two().await;
    bot.courier()
        .fails_for
        .insert("1".to_owned(), SendError::Gone);
    bot.moves_to("2026-11-25 08:36").await;
    bot.all_read();
    forces(
        &bot,
        "UPDATE check_in SET state = 'withdrawn', settled_by = 1, \
         settled_at = '2026-11-25T00:00:00+00:00' WHERE household_id = 2",
    )
    .await;
    bot.engine.report().await.expect("a report");
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"支援中2世帯・予定のない世帯1・本日のお知らせ1件・届かなかったお知らせ1件");
    bot.all_read();
}

/// Befell others: private messages were closed and nobody was told before one was
/// needed.
#[tokio::test]
async fn whom_nothing_reaches_is_named_each_morning_until_it_is_well() {
    let mut bot = morning().await;
    bot.sql("UPDATE route SET dead_at = '2026-11-24T03:00:00+00:00' WHERE person_id = 2")
        .await;
    bot.engine.report().await.expect("a report");
    bot.engine.report().await.expect("a report");
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 伊藤 **鈴木さんに11月24日(火)から届いていません。連絡設定の確認をお願いします**");
    insta::assert_snapshot!(page(&bot).await, @"
    予定の日を過ぎている世帯はありません(支援中2世帯、すべてに予定あり)
    # 返事待ちの依頼 0件
    **鈴木さんに11月24日(火)から届いていません。連絡設定の確認をお願いします**
    自動点検はまだです(始めてから数分で行います)
    ");
    bot.moves_to("2026-11-26 08:30").await;
    bot.all_read();
    bot.engine.report().await.expect("a report");
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told(), @"2026-11-26 Thu 08:30 伊藤 **鈴木さんに11月24日(火)から届いていません。連絡設定の確認をお願いします**");
    bot.sql("UPDATE route SET dead_at = NULL WHERE person_id = 2")
        .await;
    assert!(!page(&bot).await.contains("鈴木さんに"));
}

/// Befell others: the next one up could not be reached, and nobody knew before.
#[tokio::test]
async fn a_supervisor_whom_nothing_reaches_is_named_to_the_deputy_before_she_is_needed() {
    let mut bot = morning().await;
    bot.sql("DELETE FROM route WHERE person_id = 3").await;
    bot.engine.report().await.expect("a report");
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 渡辺 **伊藤さんに届く連絡先がありません。連絡設定の確認をお願いします**");
}
