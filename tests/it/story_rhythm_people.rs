//! The people's own rhythm: the hour of the morning's message, a part-timer's
//! days, 「今日休み」, and somebody who leaves the office.
use crate::bot::{Home, TestBot, home};

fn shared(code: u32, due_on: &'static str) -> Home {
    Home {
        second: Some("鈴木"),
        ..home(code, "佐藤", due_on)
    }
}

#[tokio::test]
async fn the_mornings_message_comes_at_ones_own_hour_and_shows_what_is_left_then() {
    let homes = [
        home(12, "佐藤", "2026-11-26"),
        home(13, "佐藤", "2026-11-26"),
        home(21, "鈴木", "2026-11-26"),
    ];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    insta::assert_snapshot!(bot.says("佐藤", "お知らせ 9:30").await, @"朝のお知らせは9時30分にお送りします。緊急のお知らせは待たずに届きます");
    insta::assert_snapshot!(bot.told_until("2026-11-26 09:00").await, @"2026-11-26 Thu 08:30 鈴木 ● H-021");
    // What she has done meanwhile needs no word.
    bot.says("佐藤", "H-012 訪問 本人と会えた 2週間後").await;
    insta::assert_snapshot!(bot.told_until("2026-11-26 12:00").await, @"2026-11-26 Thu 09:30 佐藤 ● H-013");
    insta::assert_snapshot!(bot.says("佐藤", "お知らせ 7:00").await, @"朝のお知らせの時刻は8時30分から12時までで選べます(例 「お知らせ 9:00」)");
    insta::assert_snapshot!(bot.says("佐藤", "お知らせは13時に").await, @"朝のお知らせの時刻は8時30分から12時までで選べます(例 「お知らせ 9:00」)");
    insta::assert_snapshot!(bot.says("佐藤", "remind me at 8:30").await, @"朝のお知らせは開庁の8時30分にお送りします");
    insta::assert_snapshot!(bot.told_until("2026-12-01 09:00").await, @"
    2026-12-01 Tue 08:30 佐藤 ▲5 H-013
    2026-12-01 Tue 08:30 鈴木 ▲5 H-021
    ");
}

#[tokio::test]
async fn a_crash_in_ones_own_hour_loses_nothing_and_repeats_nothing() {
    let mut bot = TestBot::at("2026-11-25 09:00", &[home(12, "佐藤", "2026-11-26")]).await;
    bot.says("佐藤", "お知らせ 10時").await;
    assert_eq!(bot.told_until("2026-11-26 09:59").await, "");
    bot.restarts().await;
    insta::assert_snapshot!(bot.told_until("2026-11-26 17:00").await, @"2026-11-26 Thu 10:00 佐藤 ● H-012");
}

#[tokio::test]
async fn an_alarm_waits_for_nobodys_hour() {
    let mut bot = TestBot::at("2026-11-25 09:00", &[home(12, "佐藤", "2026-12-26")]).await;
    bot.says("伊藤", "お知らせ 11:00").await;
    bot.moves_to("2026-11-26 08:40").await;
    bot.says("佐藤", "H-012 電話 本人 「もう消えてしまいたい」")
        .await;
    bot.moves_to("2026-11-26 08:41").await;
    assert!(bot.told().contains("伊藤 ■"));
    bot.all_read();
}

#[tokio::test]
async fn a_part_timers_date_comes_on_her_day_before_or_to_the_second_nurse() {
    let homes = [
        home(12, "佐藤", "2026-12-02"),
        shared(13, "2026-11-27"),
        home(14, "佐藤", "2026-11-27"),
    ];
    let mut bot = TestBot::at("2026-11-25 09:00", &homes).await;
    insta::assert_snapshot!(bot.says("佐藤", "勤務日 月・火").await, @"佐藤さんの勤務日は月・火です。ほかの日の声かけは、その前の勤務日か副担当へお知らせします");
    // Nobody else may say so but those who oversee the team.
    insta::assert_snapshot!(bot.says("鈴木", "勤務日 佐藤 月火").await, @"係長・代理・管理者の方ができることです。係長に伝えてください");
    assert!(
        bot.says("伊藤", "勤務日 佐藤 月火")
            .await
            .contains("月・火")
    );
    insta::assert_snapshot!(bot.told_until("2026-12-02 09:00").await, @"
    2026-11-27 Fri 08:30 鈴木 ● H-013
    2026-11-27 Fri 15:00 佐藤 ○ H-012 12月2日(水) 声かけ
    2026-11-30 Mon 08:30 佐藤 ▲3 H-013 / ▲3 H-014
    2026-12-01 Tue 08:30 佐藤 ○ H-012 / ▲4 H-013 / ▲4 H-014
    ");
}

#[tokio::test]
async fn the_supervisor_hands_over_somebodys_day_in_one_tap() {
    let mut bot = TestBot::at("2026-11-25 08:00", &[home(12, "佐藤", "2026-11-25")]).await;
    assert_eq!(bot.told_until("2026-11-25 09:00").await.lines().count(), 1);
    insta::assert_snapshot!(bot.says("伊藤", "佐藤さん 今日休み").await, @"
    佐藤さんは今日お休みです。今日の約束0・声かけ1。代行が決まるまで、副担当と係長へお知らせします
    鈴木さんへ代行をお願いしますか
    [お願いする]
    [取り消す]
    ");
    insta::assert_snapshot!(bot.presses("伊藤", "お願いする").await, @"11月25日(水) 佐藤さんの代行は鈴木さんです");
    insta::assert_snapshot!(bot.told_until("2026-11-25 17:00").await, @"
    2026-11-25 Wed 09:00 鈴木 11月25日(水) 佐藤さんの代行です。いま1世帯、期間中に0世帯
    2026-11-25 Wed 09:00 鈴木 ● H-012
    ");
    // It ends by itself.
    insta::assert_snapshot!(bot.told_until("2026-11-26 09:00").await, @"
    2026-11-26 Thu 08:30 佐藤 ▲1 H-012 11月25日(水) 声かけ
    2026-11-26 Thu 08:30 鈴木 ▲1 H-012 11月25日(水) 声かけ 佐藤
    ");
}

/// Befell others: whoever had made a reminder was gone, and nobody could take it over;
/// the work of somebody absent was stuck and had to be moved piece by piece.
#[tokio::test]
async fn who_leaves_is_let_go_once_all_of_it_has_a_new_owner() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        shared(13, "2026-12-15"),
        Home {
            second: Some("佐藤"),
            ..home(21, "鈴木", "2026-12-15")
        },
    ];
    let mut bot = TestBot::at("2026-11-25 08:00", &homes).await;
    assert_eq!(bot.told_until("2026-11-25 09:00").await.lines().count(), 1);
    insta::assert_snapshot!(bot.says("伊藤", "退職 佐藤").await, @"
    佐藤さんには主担当2世帯・副担当1世帯があります。引き継ぎが済むと外せます
    * H-012
      [担当を変える]
    * H-013
      [担当を変える]
    副担当 H-021。「H-021 副担当 (苗字)」のように替えられます
    まとめて引き継ぐ方を選べます
    [鈴木さん]
    ");
    insta::assert_snapshot!(bot.presses("伊藤", "鈴木さん").await, @"佐藤さんの3世帯を鈴木さんへ引き継ぎました。予定日はそのままです");
    insta::assert_snapshot!(bot.hears("鈴木").join("\n---\n"), @"佐藤さんの3世帯を引き継ぎました(伊藤さんより)。予定日はそのままです");
    // The nudges go along.
    insta::assert_snapshot!(bot.told_until("2026-11-25 09:05").await, @"2026-11-25 Wed 09:00 鈴木 ● H-012");
    insta::assert_snapshot!(bot.says("伊藤", "退職 佐藤").await, @"佐藤さんを職員から外しました。ページとチャットは使えなくなります");
    insta::assert_snapshot!(bot.says("伊藤", "H-021 前回は？").await, @"
    # H-021 支援中
    接触はまだありません
    次の声かけ 12月15日(火)
    ");
}
