//! The machine's clock is wrong and is put right, by hours and by days, both ways:
//! nothing is lost, and nothing is said twice without words.
use crate::bot::{TestBot, home, instant};
use koekake::engine::SendError;

/// The clock shows that from now on; a look is made.
async fn shows(bot: &mut TestBot, time: &str) {
    bot.is_down_until(time).await;
}

/// Befell others: after the clock was put back nothing ran for hours.
#[tokio::test]
async fn a_month_ahead_and_back_the_day_is_told_in_its_time_and_says_so() {
    let homes = [
        home(12, "佐藤", "2026-12-02"),
        home(13, "佐藤", "2027-02-15"),
    ];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    bot.moves_to("2026-11-25 09:30").await;
    shows(&mut bot, "2026-12-25 09:30").await;
    assert!(bot.told().contains("H-012"));
    shows(&mut bot, "2026-11-25 09:31").await;
    assert_eq!(bot.told(), "");
    bot.moves_to("2026-12-02 08:29").await;
    bot.all_read();
    bot.moves_to("2026-12-02 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    機器の時計が合っていなかったため、前にもお知らせした世帯があります
    # おはようございます。声かけの時期は1世帯です
    * ● H-012
      12月2日(水)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    ");
    // It climbs as every other does.
    insta::assert_snapshot!(bot.told_until("2026-12-10 09:00").await, @"
    2026-12-07 Mon 08:30 佐藤 ▲5 H-012
    2026-12-09 Wed 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-09 Wed 08:30 渡辺 ▲7 H-012 7日 佐藤
    ");
    assert_eq!(bot.sees("佐藤").matches("お知らせが止まって").count(), 1);
}

#[tokio::test]
async fn what_was_told_before_the_clock_went_wrong_is_not_told_again() {
    let mut bot = TestBot::at("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-25")]).await;
    assert_eq!(bot.told_until("2026-11-25 10:00").await.lines().count(), 1);
    shows(&mut bot, "2027-01-12 10:00").await;
    bot.all_read();
    shows(&mut bot, "2026-11-25 10:05").await;
    insta::assert_snapshot!(bot.told_until("2026-11-30 17:00").await, @"2026-11-30 Mon 08:30 佐藤 ▲5 H-012");
}

#[tokio::test]
async fn some_hours_ahead_and_back_nothing_is_lost_or_repeated() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-26"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:00", &homes).await;
    shows(&mut bot, "2026-11-25 13:00").await;
    assert_eq!(bot.told().lines().count(), 1);
    shows(&mut bot, "2026-11-25 08:10").await;
    insta::assert_snapshot!(bot.told_until("2026-11-26 09:00").await, @"2026-11-26 Thu 08:30 佐藤 ● H-013 / ▲1 H-012");
}

#[tokio::test]
async fn ten_days_behind_and_put_right_it_is_made_up_for() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-26"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:00", &homes).await;
    assert_eq!(bot.told_until("2026-11-25 10:00").await.lines().count(), 1);
    shows(&mut bot, "2026-11-15 10:00").await;
    assert_eq!(bot.told(), "");
    // A day passes before somebody notices.
    bot.moves_to("2026-11-16 10:00").await;
    assert_eq!(bot.told(), "");
    shows(&mut bot, "2026-11-26 10:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    11月25日(水)からお知らせが止まっていました。その間に時期が来た2世帯もこのお知らせに入れました
    機器の時計が合っていなかったため、前にもお知らせした世帯があります
    # おはようございます。声かけの時期は2世帯です
    * ▲1 H-012
      11月25日(水)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    * ● H-013
      11月26日(木)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    ---
    11月20日(金)にお送りするはずの一覧です
    # 今週の予定(約束0・声かけ1)
    * ● H-013 11月26日(木) 声かけ
      [開く]
    [今週の予定]
    ");
}

#[tokio::test]
async fn an_alarm_is_called_whatever_the_clock_did() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-25")]).await;
    bot.says("佐藤", "H-012 電話 本人 「もう消えてしまいたい」")
        .await;
    bot.moves_to("2026-11-25 10:01").await;
    bot.all_read();
    shows(&mut bot, "2026-12-25 10:00").await;
    bot.all_read();
    shows(&mut bot, "2026-11-25 10:16").await;
    let told = bot.told();
    assert!(told.contains("伊藤") && told.contains("渡辺"), "{told}");
    let told = bot.told_until("2026-11-25 10:31").await;
    assert!(told.contains("小林"), "{told}");
}

#[tokio::test]
async fn what_was_to_be_tried_again_by_a_wrong_clock_is_tried_now() {
    let mut bot = TestBot::at("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.moves_to("2026-11-25 08:20").await;
    bot.courier().fails_with = Some(SendError::Later { after: None });
    // The clock goes wrong behind the look, before the delivery.
    bot.moves_to("2026-11-25 08:30").await;
    bot.engine.clock().stand_at(instant("2026-12-25 09:00"));
    bot.engine.deliver_all().await.expect("deliveries");
    bot.courier().fails_with = None;
    bot.engine.tick().await.expect("a tick");
    shows(&mut bot, "2026-11-25 08:40").await;
    bot.real_seconds_pass(120);
    bot.engine.deliver_all().await.expect("deliveries");
    let told = bot.told();
    assert_eq!(told.matches("佐藤").count(), 1, "{told}");
    bot.all_read();
}

#[tokio::test]
async fn yarimasu_of_a_day_to_come_quiets_nobody() {
    let mut bot = TestBot::at("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-27")]).await;
    shows(&mut bot, "2026-12-25 09:00").await;
    bot.all_read();
    bot.presses("佐藤", "やります").await;
    shows(&mut bot, "2026-11-25 08:10").await;
    let told = bot.told_until("2026-11-27 09:00").await;
    assert!(told.contains("佐藤 ● H-012"), "{told}");
}
