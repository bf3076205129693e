//! The process was away, or the office's clock was moved: nothing is skipped,
//! nothing comes in a burst, and time never goes back.
use crate::bot::{TestBot, home, instant};
use koekake::engine::{Move, Ticked};

/// Befell others: what fell due while the bot was off was marked missed and never said;
/// after a stop all that had been missed came in a burst.
#[tokio::test]
async fn after_days_without_nudges_one_digest_tells_all_and_since_when() {
    let homes = [
        home(12, "佐藤", "2026-11-16"),
        home(13, "佐藤", "2026-11-18"),
        home(14, "佐藤", "2026-11-12"),
        home(21, "鈴木", "2026-12-01"),
    ];
    let mut bot = TestBot::at("2026-11-12 12:00", &homes).await;
    assert_eq!(bot.told_until("2026-11-13 12:00").await.lines().count(), 1);
    // It comes back on a Saturday; on Monday the digest says so.
    bot.is_down_until("2026-11-21 10:00").await;
    assert_eq!(bot.told(), "", "nobody is spoken to on a Saturday");
    bot.moves_to("2026-11-24 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    11月16日(月)からお知らせが止まっていました。その間に時期が来た2世帯もこのお知らせに入れました
    # おはようございます。声かけの時期は3世帯です
    * ▲12 H-014
      11月12日(木)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    * ▲8 H-012
      11月16日(月)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    * ▲6 H-013
      11月18日(水)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    11月16日(月)からお知らせが止まっていました。その間に時期が来た1世帯もこのお知らせに入れました
    # 期限超過 2世帯
    * ▲12 H-014 12日 佐藤
      11月12日(木)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    * ▲8 H-012 8日 佐藤
      11月16日(月)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    支援中4世帯・全世帯に予定あり・本日のお知らせ3件・届かなかったお知らせ0件
    ");
    bot.all_read();
    insta::assert_snapshot!(bot.told_until("2026-11-30 09:00").await, @"
    2026-11-26 Thu 08:30 伊藤 ▲14 H-014 14日 佐藤 / ▲10 H-012 10日 佐藤 / ▲8 H-013 8日 佐藤
    2026-11-26 Thu 08:30 渡辺 ▲14 H-014 14日 佐藤 / ▲10 H-012 10日 佐藤 / ▲8 H-013 8日 佐藤
    2026-11-27 Fri 15:00 鈴木 ○ H-021 12月1日(火) 声かけ
    2026-11-30 Mon 08:30 佐藤 ▲18 H-014 / ▲14 H-012 / ▲12 H-013
    2026-11-30 Mon 08:30 伊藤 ▲18 H-014 18日 佐藤 / ▲14 H-012 14日 佐藤 / ▲12 H-013 12日 佐藤
    2026-11-30 Mon 08:30 渡辺 ▲18 H-014 18日 佐藤 / ▲14 H-012 14日 佐藤 / ▲12 H-013 12日 佐藤
    ");
    let later = bot.sees("佐藤");
    assert_eq!(later.matches("止まっていました").count(), 1, "{later}");
}

#[tokio::test]
async fn a_digest_waits_for_the_looks_that_are_still_to_be_made_and_not_without_end() {
    let homes = [12, 13, 14].map(|code| home(code, "佐藤", "2026-11-25"));
    let mut bot = TestBot::at("2026-11-24 12:00", &homes).await;
    bot.moves_to("2026-11-24 13:00").await;
    bot.engine.clock().stand_at(instant("2026-11-25 08:30"));
    // A tick that ended in its midst: two of them were not looked at.
    bot.sql("UPDATE household SET next_nudge_at = '2026-11-30T00:00:00+00:00' WHERE id > 1")
        .await;
    bot.engine.tick().await.expect("a tick");
    bot.sql("UPDATE household SET next_nudge_at = '2026-11-24T23:30:00+00:00' WHERE id = 2")
        .await;
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(bot.told(), "");
    bot.engine.tick().await.expect("a tick");
    bot.sql("UPDATE household SET next_nudge_at = '2026-11-24T23:30:00+00:00' WHERE id = 3")
        .await;
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(bot.told(), "");
    bot.engine.clock().stand_at(instant("2026-11-25 08:32"));
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:32 佐藤 ● H-012 / ● H-013");
}

#[tokio::test]
async fn a_short_absence_is_made_up_for_without_a_word() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.moves_to("2026-11-25 08:00").await;
    bot.is_down_until("2026-11-25 14:00").await;
    let heard = bot.hears("佐藤").join("\n");
    assert!(
        heard.contains("H-012") && !heard.contains("止まって"),
        "{heard}"
    );
}

#[tokio::test]
async fn outside_the_hours_the_missed_looks_wait_for_the_opening() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.moves_to("2026-11-25 08:00").await;
    bot.is_down_until("2026-11-26 20:00").await;
    insta::assert_snapshot!(bot.told_until("2026-11-27 09:00").await, @"2026-11-27 Fri 08:30 佐藤 ▲2 H-012");
    insta::assert_snapshot!(bot.sees("佐藤"), @"
    11月25日(水)からお知らせが止まっていました。その間に時期が来た1世帯もこのお知らせに入れました
    # おはようございます。声かけの時期は1世帯です
    * ▲2 H-012
      11月25日(水)の予定
      接触はまだありません
      [記録する] [やります] [日を変える] [相談する]
    ");
}

#[tokio::test]
async fn what_was_looked_at_is_not_looked_at_again_before_its_time() {
    let bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-25")]).await;
    let first = bot.engine.tick().await.expect("a tick");
    assert_eq!((first.looked, first.nudges), (1, 0));
    assert_eq!(bot.engine.tick().await.expect("a tick"), Ticked::default());
}

/// Befell others: reminders fired again after a restart.
#[tokio::test]
async fn the_clock_of_a_trial_runs_every_look_in_between_in_order() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-30"),
    ];
    let mut bot = TestBot::at("2026-11-24 12:00", &homes).await;
    let wall = bot
        .engine
        .move_clock(Move::NextNudge)
        .await
        .expect("moving");
    assert_eq!(wall.to_string(), "2026-11-25 08:30:00");
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 佐藤 ● H-012");
    let wall = bot.engine.move_clock(Move::Day).await.expect("moving");
    assert_eq!(wall.to_string(), "2026-11-26 08:30:00");
    assert_eq!(bot.told(), "");
    let wall = bot.engine.move_clock(Move::Week).await.expect("moving");
    assert_eq!(wall.to_string(), "2026-12-03 08:30:00");
    insta::assert_snapshot!(bot.told(), @"
    2026-11-27 Fri 15:00 佐藤 ○ H-013 11月30日(月) 声かけ
    2026-11-30 Mon 08:30 佐藤 ▲5 H-012 / ● H-013
    2026-12-02 Wed 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-02 Wed 08:30 渡辺 ▲7 H-012 7日 佐藤
    2026-12-03 Thu 08:30 佐藤 ▲3 H-013 / ▲8 H-012
    ");
    // A restart keeps the office's time, and repeats nothing.
    bot.restarts().await;
    assert_eq!(bot.wall().to_string(), "2026-12-03 08:30:00");
    bot.engine.tick().await.expect("a tick");
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(bot.told(), "");
    let wall = bot
        .engine
        .move_clock(Move::NextNudge)
        .await
        .expect("moving");
    assert_eq!(wall.to_string(), "2026-12-07 08:30:00");
    insta::assert_snapshot!(bot.told(), @"
    2026-12-07 Mon 08:30 伊藤 ▲12 H-012 12日 佐藤 / ▲7 H-013 7日 佐藤
    2026-12-07 Mon 08:30 渡辺 ▲12 H-012 12日 佐藤 / ▲7 H-013 7日 佐藤
    ");
}

#[tokio::test]
async fn time_never_goes_back() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.engine.move_clock(Move::Week).await.expect("moving");
    assert_eq!(bot.wall().to_string(), "2026-12-01 12:00:00");
    // A look that was missed long ago is made now, not then.
    bot.sql("UPDATE household SET next_nudge_at = '2026-11-20T00:00:00+00:00'")
        .await;
    bot.engine
        .move_clock(Move::NextNudge)
        .await
        .expect("moving");
    let now = bot.engine.clock().office();
    assert!(now >= instant("2026-12-01 12:00"), "{now}");
    bot.all_read();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn ticks_and_deliveries_beside_a_moving_clock_repeat_nothing() {
    let homes: Vec<_> = (1..=20)
        .map(|code| home(code, "佐藤", "2026-11-25"))
        .collect();
    let mut bot = TestBot::at("2026-11-24 12:00", &homes).await;
    let beside: Vec<_> = (0..4)
        .map(|_| {
            let engine = bot.engine.clone();
            tokio::spawn(async move {
                for _ in 0..20 {
                    engine.tick().await.expect("a tick");
                    engine.deliver_all().await.expect("deliveries");
                }
            })
        })
        .collect();
    for _ in 0..3 {
        bot.engine.move_clock(Move::Week).await.expect("moving");
    }
    for task in beside {
        task.await.expect("ticking");
    }
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told().lines().map(|line| &line[..27]).collect::<Vec<_>>().join("\n"), @"
    2026-11-25 Wed 08:30 佐藤
    2026-11-30 Mon 08:30 佐藤
    2026-12-02 Wed 08:30 伊藤
    2026-12-02 Wed 08:30 渡辺
    2026-12-14 Mon 08:30 佐藤
    2026-12-14 Mon 08:30 伊藤
    2026-12-14 Mon 08:30 渡辺
    ");
}
