//! Lists that come by the calendar: next week's, before a long closure, before
//! the transfers; each once, also after a crash or ten days of downtime.
use crate::bot::{Home, TestBot, home, instant};
use koekake::domain::check_in::{NewCheckIn, Pace};

fn appointment(code: u32, main: &'static str, due_on: &'static str) -> Home {
    let home = home(code, main, due_on);
    Home {
        terms: NewCheckIn {
            pace: Pace::Appointment,
            ..home.terms.clone()
        },
        ..home
    }
}

#[tokio::test]
async fn next_weeks_list_comes_on_friday_at_three_to_each_nurse() {
    let homes = [
        home(12, "佐藤", "2026-11-30"),
        appointment(13, "佐藤", "2026-12-03"),
        home(14, "佐藤", "2026-12-08"),
        home(21, "鈴木", "2026-12-04"),
    ];
    let mut bot = TestBot::at("2026-11-27 09:00", &homes).await;
    assert_eq!(bot.told_until("2026-11-27 14:59").await, "");
    bot.moves_to("2026-11-27 15:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # 来週の予定(約束1・声かけ1)
    * ○ H-012 11月30日(月) 声かけ
      [開く]
    * ○ H-013 12月3日(木) 約束 声かけ
      [開く]
    [来週の予定]
    ");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    # 来週の予定(約束0・声かけ1)
    * ○ H-021 12月4日(金) 声かけ
      [開く]
    [来週の予定]
    ");
    // Settled on the same day, it says what is left.
    bot.says("佐藤", "H-012 訪問 本人と会えた 2週間後").await;
    insta::assert_snapshot!(bot.sees("佐藤"), @"
    # 来週の予定(約束1・声かけ0)
    * ✓ H-012 予定が変わりました
    * ○ H-013 12月3日(木) 約束 声かけ
      [開く]
    [来週の予定]
    ");
    bot.restarts().await;
    assert_eq!(bot.told_until("2026-11-27 23:00").await, "");
}

#[tokio::test]
async fn before_the_years_end_each_nurse_and_the_supervisor_see_what_would_wait() {
    let homes = [
        home(12, "佐藤", "2026-12-28"),
        home(13, "佐藤", "2027-01-15"),
        home(21, "鈴木", "2027-01-15"),
    ];
    let mut bot = TestBot::at("2026-12-16 09:00", &homes).await;
    // Nobody was met at H-021; a letter to H-013 tells nothing of that.
    bot.says("鈴木", "H-021 訪問 不在 1/15").await;
    bot.says("佐藤", "H-013 手紙 投函 1/15").await;
    bot.moves_to("2026-12-24 08:00").await;
    bot.all_read();
    bot.moves_to("2026-12-24 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # 12月29日(火)から2027年1月3日(日)まで 閉庁します。その間に時期が来る、またはまだ会えていない1世帯です
    * ○ H-012 12月28日(月) 声かけ
      [開く]
    ");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"
    # 12月29日(火)から2027年1月3日(日)まで 閉庁します。その間に時期が来る、またはまだ会えていない1世帯です
    * ○ H-021 2027年1月15日(金) 声かけ
      前回は会えていません
      [開く]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    # 12月29日(火)から2027年1月3日(日)まで 閉庁します。その間に時期が来る、またはまだ会えていない2世帯です
    * ○ H-012 12月28日(月) 声かけ 佐藤
      [開く]
    * ○ H-021 2027年1月15日(金) 声かけ 鈴木
      前回は会えていません
      [開く]
    ");
    let later = bot.told_until("2027-01-08 17:00").await;
    assert!(!later.contains("閉庁"), "{later}");
}

#[tokio::test]
async fn before_the_transfers_the_list_comes_in_march() {
    let homes = [
        home(12, "佐藤", "2027-04-20"),
        home(13, "佐藤", "2027-05-20"),
    ];
    let mut bot = TestBot::at("2027-03-09 12:00", &homes).await;
    bot.moves_to("2027-03-10 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # 4月の異動の前に。4月30日(金)までに時期が来る、またはまだ会えていない1世帯です
    * ○ H-012 4月20日(火) 声かけ
      [開く]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    # 4月の異動の前に。4月30日(金)までに時期が来る、またはまだ会えていない1世帯です
    * ○ H-012 4月20日(火) 声かけ 佐藤
      [開く]
    ");
    assert_eq!(bot.told_until("2027-03-31 23:00").await, "");
}

#[tokio::test]
async fn a_list_that_was_missed_comes_while_it_is_of_use_and_says_so() {
    let homes = [
        home(12, "佐藤", "2026-12-03"),
        home(13, "佐藤", "2026-12-10"),
    ];
    let mut bot = TestBot::at("2026-11-26 12:00", &homes).await;
    bot.moves_to("2026-11-26 13:00").await;
    bot.is_down_until("2026-12-01 10:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    11月27日(金)にお送りするはずの一覧です
    # 今週の予定(約束0・声かけ1)
    * ○ H-012 12月3日(木) 声かけ
      [開く]
    [今週の予定]
    ");
    // Ten days later nothing of the weeks in between is of use.
    bot.is_down_until("2026-12-11 10:00").await;
    let heard = bot.hears("佐藤").join("\n---\n");
    assert!(!heard.contains("週の予定"), "{heard}");
    bot.all_read();
}

#[tokio::test]
async fn a_list_that_could_not_be_sent_in_its_time_is_left_out() {
    let mut bot = TestBot::at("2026-11-27 09:00", &[home(12, "佐藤", "2026-12-03")]).await;
    bot.moves_to("2026-11-27 14:00").await;
    bot.courier().fails_with = Some(koekake::engine::SendError::Later { after: None });
    bot.moves_to("2026-11-27 15:00").await;
    assert_eq!(bot.told(), "");
    bot.engine.clock().stand_at(instant("2026-12-08 10:00"));
    bot.courier().fails_with = None;
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(bot.told(), "", "the week is over");
    // What is due is told all the same.
    bot.engine.tick().await.expect("a tick");
    bot.engine.deliver_all().await.expect("deliveries");
    assert!(bot.told().contains("H-012"));
    bot.all_read();
}

#[tokio::test]
async fn a_list_that_waits_over_night_is_not_brought_at_night() {
    let mut bot = TestBot::at("2026-11-27 09:00", &[home(12, "佐藤", "2026-12-03")]).await;
    bot.moves_to("2026-11-27 14:00").await;
    bot.courier().fails_with = Some(koekake::engine::SendError::Later { after: None });
    bot.moves_to("2026-11-27 15:00").await;
    bot.courier().fails_with = None;
    bot.engine.clock().stand_at(instant("2026-11-27 21:00"));
    bot.engine.deliver_all().await.expect("deliveries");
    assert_eq!(bot.told(), "");
    insta::assert_snapshot!(bot.told_until("2026-11-30 08:30").await, @"2026-11-30 Mon 08:30 佐藤 ○ H-012 12月3日(木) 声かけ");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_processes_at_once_make_each_list_once() {
    let homes = [
        home(12, "佐藤", "2026-12-03"),
        home(21, "鈴木", "2026-12-04"),
    ];
    let mut bot = TestBot::at("2026-11-27 14:00", &homes).await;
    bot.moves_to("2026-11-27 14:30").await;
    let first = bot.engine.clone();
    bot.restarts().await;
    let second = bot.engine.clone();
    for engine in [&first, &second] {
        engine.clock().stand_at(instant("2026-11-27 15:00"));
    }
    let (one, other) = tokio::join!(first.tick(), second.tick());
    let made = one.expect("a tick").nudges + other.expect("a tick").nudges;
    assert_eq!(made, 2);
    bot.engine.deliver_all().await.expect("deliveries");
    insta::assert_snapshot!(bot.told(), @"
    2026-11-27 Fri 15:00 佐藤 ○ H-012 12月3日(木) 声かけ
    2026-11-27 Fri 15:00 鈴木 ○ H-021 12月4日(金) 声かけ
    ");
}

/// A list whose making fails at its first query is not taken for made: it is tried
/// again after an hour.
#[tokio::test]
async fn a_list_that_could_not_be_made_is_made_an_hour_later() {
    let mut bot = TestBot::at("2026-11-27 14:00", &[home(12, "佐藤", "2026-12-02")]).await;
    bot.moves_to("2026-11-27 14:59").await;
    bot.sql("UPDATE person SET left_on = 'some day' WHERE id = 2")
        .await;
    assert_eq!(bot.told_until("2026-11-27 15:30").await, "");
    bot.sql("UPDATE person SET left_on = NULL WHERE id = 2")
        .await;
    insta::assert_snapshot!(bot.told_until("2026-11-27 16:30").await, @"2026-11-27 Fri 16:00 佐藤 ○ H-012 12月2日(水) 声かけ");
}
