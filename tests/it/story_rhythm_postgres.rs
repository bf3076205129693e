//! The rhythm on PostgreSQL: the same lists, hours, hand-overs and repairs as on
//! SQLite.
use crate::{
    bot::{Home, TestBot, home},
    postgres,
};
use koekake::store::Location;

async fn on_postgres(time: &str, homes: &[Home]) -> Option<TestBot> {
    let url = postgres::database().await?;
    Some(TestBot::on(Location::Url(url), None, time, homes).await)
}

#[tokio::test]
async fn lists_leaves_and_ones_own_hour_are_the_same_there() {
    let homes = [
        home(12, "佐藤", "2026-12-02"),
        home(13, "佐藤", "2026-12-07"),
    ];
    let Some(mut bot) = on_postgres("2026-11-25 09:00", &homes).await else {
        return;
    };
    bot.says("鈴木", "お知らせ 9:30").await;
    bot.says("佐藤", "勤務日 月火水木").await;
    bot.says("佐藤", "休み 12/1から12/4 代行 鈴木").await;
    insta::assert_snapshot!(bot.told_until("2026-12-07 09:00").await, @"
    2026-11-25 Wed 09:00 鈴木 12月1日(火)から12月4日(金)まで 佐藤さんの代行です。いま0世帯、期間中に1世帯
    2026-11-27 Fri 15:00 鈴木 ○ H-012 12月2日(水) 声かけ 佐藤
    2026-11-30 Mon 08:30 鈴木 ○ H-012 12月2日(水) 声かけ 佐藤
    2026-12-01 Tue 08:30 佐藤 ○ H-012 12月2日(水) 声かけ
    2026-12-01 Tue 08:30 鈴木 ○ H-012 12月2日(水) 声かけ 佐藤
    2026-12-02 Wed 09:30 鈴木 ● H-012
    2026-12-04 Fri 15:00 佐藤 ○ H-013 12月7日(月) 声かけ
    2026-12-07 Mon 08:30 佐藤 ▲5 H-012 / ● H-013
    2026-12-07 Mon 08:30 佐藤 ▲5 H-012 12月2日(水) 声かけ / ● H-013 12月7日(月) 声かけ
    2026-12-07 Mon 08:30 鈴木 ▲5 H-012 12月2日(水) 声かけ 佐藤 / ● H-013 12月7日(月) 声かけ 佐藤
    ");
    bot.says("伊藤", "退職 佐藤").await;
    bot.presses("伊藤", "鈴木さん").await;
    insta::assert_snapshot!(bot.told_until("2026-12-08 12:00").await, @"
    2026-12-07 Mon 09:00 鈴木 佐藤さんの2世帯を引き継ぎました(伊藤さんより)。予定日はそのままです
    2026-12-07 Mon 09:30 鈴木 ▲5 H-012 / ● H-013
    ");
}

#[tokio::test]
async fn a_wrong_clock_is_put_right_there() {
    let homes = [home(12, "佐藤", "2026-12-02")];
    let Some(mut bot) = on_postgres("2026-11-25 09:00", &homes).await else {
        return;
    };
    bot.says("佐藤", "H-012 電話 本人 「もう消えてしまいたい」")
        .await;
    bot.moves_to("2026-11-25 09:01").await;
    bot.presses("伊藤", "確認した").await;
    bot.is_down_until("2026-12-25 09:30").await;
    bot.is_down_until("2026-11-25 09:31").await;
    bot.all_read();
    bot.says("佐藤", "H-012 訪問 本人と会えた 12/2").await;
    insta::assert_snapshot!(bot.told_until("2026-12-02 09:00").await, @"
    2026-11-27 Fri 15:00 佐藤 ○ H-012 12月2日(水) 声かけ
    2026-12-02 Wed 08:30 佐藤 ● H-012
    ");
}
