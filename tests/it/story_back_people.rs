//! Whoever is away, a date lies on somebody's desk: leave and cover, the second
//! nurse, part-timers, a new main nurse, somebody who has left.
use crate::bot::{Home, TestBot, home};

fn shared(code: u32, due_on: &'static str) -> Home {
    Home {
        second: Some("鈴木"),
        ..home(code, "佐藤", due_on)
    }
}

/// Befell others: whoever stood in heard of it when the leave had begun.
#[tokio::test]
async fn a_cover_gets_the_digest_and_the_nurse_has_it_back_on_her_return() {
    let homes = [
        home(12, "佐藤", "2026-11-26"),
        home(13, "佐藤", "2026-12-02"),
    ];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    insta::assert_snapshot!(bot.says("佐藤", "休み 11/26から12/1 代行 鈴木").await, @"
    佐藤さんの休み 11月26日(木)から12月1日(火)まで。代行は鈴木さんです
    [取り消す]
    ");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"11月26日(木)から12月1日(火)まで 佐藤さんの代行です。いま1世帯、期間中に0世帯");
    insta::assert_snapshot!(bot.told_until("2026-12-03 09:00").await, @"
    2026-11-26 Thu 08:30 鈴木 ● H-012
    2026-11-26 Thu 08:30 佐藤 ● H-012 11月26日(木) 声かけ
    2026-11-26 Thu 08:30 鈴木 ● H-012 11月26日(木) 声かけ 佐藤
    2026-11-27 Fri 15:00 佐藤 ○ H-013 12月2日(水) 声かけ
    2026-12-01 Tue 08:30 鈴木 ▲5 H-012
    2026-12-02 Wed 08:30 佐藤 ▲6 H-012 / ● H-013
    2026-12-02 Wed 08:30 佐藤 ▲6 H-012 11月26日(木) 声かけ / ● H-013 12月2日(水) 声かけ
    2026-12-02 Wed 08:30 鈴木 ▲6 H-012 11月26日(木) 声かけ 佐藤 / ● H-013 12月2日(水) 声かけ 佐藤
    2026-12-03 Thu 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-03 Thu 08:30 渡辺 ▲7 H-012 7日 佐藤
    ");
}

async fn on_leave_with_two_covers(homes: &[Home]) -> TestBot {
    let mut bot = TestBot::at("2026-11-25 09:00", homes).await;
    bot.says("佐藤", "休み 12/1から12/20").await;
    bot.says("佐藤", "代行 12/1から12/5 鈴木").await;
    bot.says("伊藤", "佐藤さん 代行 12/6から12/20 渡辺").await;
    bot.all_read();
    bot
}

#[tokio::test]
async fn two_covers_share_one_leave_and_each_has_its_days() {
    let homes = [
        home(12, "佐藤", "2026-12-03"),
        home(13, "佐藤", "2026-12-10"),
    ];
    let mut bot = on_leave_with_two_covers(&homes).await;
    insta::assert_snapshot!(bot.told_until("2026-12-10 09:00").await, @"
    2026-11-27 Fri 15:00 鈴木 ○ H-012 12月3日(木) 声かけ 佐藤
    2026-11-30 Mon 08:30 鈴木 ○ H-012 12月3日(木) 声かけ 佐藤
    2026-12-01 Tue 08:30 佐藤 ○ H-012 12月3日(木) 声かけ
    2026-12-01 Tue 08:30 鈴木 ○ H-012 12月3日(木) 声かけ 佐藤
    2026-12-03 Thu 08:30 鈴木 ● H-012
    2026-12-04 Fri 08:30 渡辺 ▲1 H-012 12月3日(木) 声かけ 佐藤 / ○ H-013 12月10日(木) 声かけ 佐藤
    2026-12-04 Fri 15:00 渡辺 ○ H-013 12月10日(木) 声かけ 佐藤
    2026-12-07 Mon 08:30 渡辺 ▲4 H-012
    2026-12-07 Mon 08:30 鈴木 ▲4 H-012 12月3日(木) 声かけ 佐藤
    2026-12-07 Mon 08:30 佐藤 ▲4 H-012 12月3日(木) 声かけ / ○ H-013 12月10日(木) 声かけ
    2026-12-07 Mon 08:30 渡辺 ▲4 H-012 12月3日(木) 声かけ 佐藤 / ○ H-013 12月10日(木) 声かけ 佐藤
    2026-12-08 Tue 08:30 渡辺 ▲5 H-012
    2026-12-10 Thu 08:30 伊藤 ▲7 H-012 7日 佐藤(休み、代行 渡辺)
    2026-12-10 Thu 08:30 渡辺 ▲7 H-012 / ● H-013
    ");
}

#[tokio::test]
async fn a_leave_with_two_covers_is_taken_back_as_one() {
    let mut bot = on_leave_with_two_covers(&[home(12, "佐藤", "2026-12-03")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "取り消し").await, @"取り消しました 佐藤さんの休み 12月1日(火)から12月20日(日)まで");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"12月1日(火)から12月5日(土)までの佐藤さんの代行はなくなりました");
    insta::assert_snapshot!(bot.hears("渡辺").join("\n---\n"), @"12月6日(日)から12月20日(日)までの佐藤さんの代行はなくなりました");
    insta::assert_snapshot!(bot.told_until("2026-12-03 09:00").await, @"
    2026-11-27 Fri 15:00 佐藤 ○ H-012 12月3日(木) 声かけ
    2026-12-03 Thu 08:30 佐藤 ● H-012
    ");
}

/// Befell others: the work of somebody absent was stuck and had to be moved piece by
/// piece.
#[tokio::test]
async fn on_leave_without_a_cover_the_second_nurse_and_the_supervisor_hear_on_the_first_day() {
    let homes = [shared(12, "2026-11-26"), home(13, "佐藤", "2026-11-26")];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    bot.says("佐藤", "休み 11/26から12/4").await;
    bot.all_read();
    bot.moves_to("2026-11-27 09:00").await;
    insta::assert_snapshot!(bot.sees("伊藤"), @"
    # 声かけの時期です
    * ● H-012
      11月26日(木)の予定
      担当 佐藤さん、12月4日(金)まで休み
      [担当を変える] [日を変える] [開く]
    * ● H-013
      11月26日(木)の予定
      担当 佐藤さん、12月4日(金)まで休み
      [担当を変える] [日を変える] [開く]
    支援中2世帯・全世帯に予定あり・本日のお知らせ2件・届かなかったお知らせ0件
    ---
    # 佐藤さんは12月4日(金)までお休みです。その間の2世帯をお願いします
    * ● H-012 11月26日(木) 声かけ 佐藤
      [開く]
    * ● H-013 11月26日(木) 声かけ 佐藤
      [開く]
    ");
    insta::assert_snapshot!(bot.told(), @"
    2026-11-26 Thu 08:30 鈴木 ● H-012
    2026-11-26 Thu 08:30 伊藤 ● H-012 / ● H-013
    2026-11-26 Thu 08:30 佐藤 ● H-012 11月26日(木) 声かけ / ● H-013 11月26日(木) 声かけ
    2026-11-26 Thu 08:30 鈴木 ● H-012 11月26日(木) 声かけ 佐藤
    2026-11-26 Thu 08:30 伊藤 ● H-012 11月26日(木) 声かけ 佐藤 / ● H-013 11月26日(木) 声かけ 佐藤
    ");
}

#[tokio::test]
async fn a_leave_that_begins_while_a_date_is_due_is_seen_on_its_first_morning() {
    let mut bot = TestBot::at("2026-11-25 09:00", &[shared(12, "2026-11-25")]).await;
    insta::assert_snapshot!(bot.told_until("2026-11-25 12:00").await, @"2026-11-25 Wed 09:00 佐藤 ● H-012");
    bot.says("佐藤", "休み 11/26から12/4").await;
    bot.all_read();
    insta::assert_snapshot!(bot.told_until("2026-11-26 09:00").await, @"
    2026-11-26 Thu 08:30 鈴木 ▲1 H-012
    2026-11-26 Thu 08:30 伊藤 ▲1 H-012 1日 佐藤(休み、代行なし)
    2026-11-26 Thu 08:30 佐藤 ▲1 H-012 11月25日(水) 声かけ
    2026-11-26 Thu 08:30 鈴木 ▲1 H-012 11月25日(水) 声かけ 佐藤
    2026-11-26 Thu 08:30 伊藤 ▲1 H-012 11月25日(水) 声かけ 佐藤
    ");
}

#[tokio::test]
async fn who_is_ill_this_morning_hands_the_days_households_over() {
    let mut bot = TestBot::at("2026-11-25 09:00", &[home(12, "佐藤", "2026-11-25")]).await;
    insta::assert_snapshot!(bot.told_until("2026-11-25 09:05").await, @"2026-11-25 Wed 09:00 佐藤 ● H-012");
    insta::assert_snapshot!(bot.says("佐藤", "今日休み").await, @"
    佐藤さんは今日お休みです。今日の約束0・声かけ1。代行が決まるまで、副担当と係長へお知らせします
    鈴木さんへ代行をお願いしますか
    [お願いする]
    [取り消す]
    ");
    insta::assert_snapshot!(bot.told_until("2026-11-25 09:10").await, @"2026-11-25 Wed 09:05 伊藤 ● H-012");
}

#[tokio::test]
async fn a_new_main_nurse_is_told_of_what_is_due_and_the_former_no_more() {
    let mut bot = TestBot::at("2026-11-25 09:00", &[home(12, "佐藤", "2026-11-25")]).await;
    assert_eq!(bot.told_until("2026-11-25 09:05").await.lines().count(), 1);
    insta::assert_snapshot!(bot.says("伊藤", "H-012 担当 鈴木").await, @"
    H-012 の主担当を鈴木さんにしました
    [取り消す]
    ");
    insta::assert_snapshot!(bot.told_until("2026-12-01 09:00").await, @"
    2026-11-25 Wed 09:05 佐藤 H-012 の主担当は鈴木さんになりました(伊藤さんより)
    2026-11-25 Wed 09:05 鈴木 H-012 の主担当になりました(伊藤さんより)。次は11月25日(水)
    2026-11-25 Wed 09:05 鈴木 ● H-012
    2026-11-30 Mon 08:30 鈴木 ▲5 H-012
    ");
}

#[tokio::test]
async fn working_days_are_the_part_timers_own() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-25")]).await;
    // Mondays and Thursdays.
    bot.sql("UPDATE person SET working_days = 9 WHERE id = 1")
        .await;
    insta::assert_snapshot!(bot.told_until("2026-12-15 12:00").await, @"
    2026-11-26 Thu 08:30 佐藤 ▲1 H-012
    2026-12-02 Wed 08:30 佐藤 ▲7 H-012
    2026-12-02 Wed 08:30 伊藤 ▲7 H-012 7日 佐藤
    2026-12-02 Wed 08:30 渡辺 ▲7 H-012 7日 佐藤
    2026-12-14 Mon 08:30 佐藤 ▲19 H-012
    2026-12-14 Mon 08:30 伊藤 ▲19 H-012 19日 佐藤
    2026-12-14 Mon 08:30 渡辺 ▲19 H-012 19日 佐藤
    ");
}

/// Befell others: whoever had made a reminder was gone, and nobody could take it over.
#[tokio::test]
async fn the_date_of_somebody_who_has_left_lies_with_the_supervisor() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.sql("UPDATE person SET left_on = '2026-11-25' WHERE id = 1")
        .await;
    insta::assert_snapshot!(bot.told_until("2026-12-01 12:00").await, @"
    2026-11-25 Wed 08:30 伊藤 ● H-012
    2026-11-30 Mon 08:30 伊藤 ▲5 H-012 5日 佐藤
    ");
}

#[tokio::test]
async fn with_every_lead_away_the_admin_hears_what_climbs() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.sql(
        "INSERT INTO leave (person_id, from_on, to_on) VALUES (3, '2026-11-25', '2026-12-31'), \
         (4, '2026-11-25', '2026-12-31')",
    )
    .await;
    bot.moves_to("2026-12-03 12:00").await;
    insta::assert_snapshot!(bot.sees("小林"), @"
    # 期限超過 1世帯
    * ▲7 H-012
      11月25日(水)の予定
      担当 佐藤さん
      [開く]
    ");
    insta::assert_snapshot!(bot.told(), @"
    2026-11-25 Wed 08:30 佐藤 ● H-012
    2026-11-30 Mon 08:30 佐藤 ▲5 H-012
    2026-12-02 Wed 08:30 小林 ▲7 H-012
    ");
}

#[tokio::test]
async fn everybody_hears_in_their_own_language() {
    let mut bot = TestBot::at("2026-11-24 12:00", &[shared(12, "2026-11-25")]).await;
    bot.sql("UPDATE person SET language = 'english' WHERE id = 1")
        .await;
    bot.moves_to("2026-12-02 09:00").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    # Good morning. Households to look in on: 1
    * ● H-012
      Planned for Wed 25 Nov
      No contact yet
      [Record] [I will do it] [Another day] [Ask for help]
    ---
    # Good morning. Households to look in on: 1
    * ▲5 H-012
      Planned for Wed 25 Nov
      No contact yet
      [Record] [I will do it] [Another day] [Ask for help]
    ");
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    # 期限超過 1世帯
    * ▲7 H-012 7日 佐藤
      11月25日(水)の予定
      [佐藤さんに聞く] [担当を変える] [日を変える] [開く]
    支援中1世帯・全世帯に予定あり・本日のお知らせ2件・届かなかったお知らせ0件
    ");
    bot.all_read();
}
