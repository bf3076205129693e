//! What a chat tells and takes by the level that the office has chosen for it.
use crate::bot::{TestBot, home};
use koekake::{
    conversation::{action::Action, message::Platform::*},
    domain::AlarmId,
};

async fn at_level(level: i64) -> TestBot {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-20"),
    ];
    let mut bot = TestBot::at("2026-11-25 08:29", &homes).await;
    bot.opens(Telegram).await;
    bot.allows(Telegram, level).await;
    bot
}

#[tokio::test]
async fn at_the_first_level_a_nudge_says_that_there_is_news_and_no_more() {
    let mut bot = at_level(1).await;
    bot.moves_to("2026-11-25 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    お知らせがあります
    ページ https://koekake.test/
    ");
    bot.all_read();
    let refused = bot
        .says_on(Telegram, "佐藤", "H-012 訪問 不在 3か月後")
        .await;
    insta::assert_snapshot!(refused, @"
    このチャットではお知らせだけをしています。何も残していません。記録はページで
    ページ https://koekake.test/
    ");
    for line in ["予定", "H-012 前回は？", "期限超過"] {
        assert_eq!(bot.says_on(Telegram, "佐藤", line).await, refused, "{line}");
    }
    let help = bot.says_on(Telegram, "佐藤", "使い方").await;
    assert!(help.contains("H-012"), "{help}");
    assert_eq!(bot.says_on(Telegram, "佐藤", "お昼行ってきます").await, "");
    // On the page, all of it.
    let logged = bot.says("佐藤", "H-012 訪問 不在 3か月後").await;
    assert!(logged.starts_with("記録しました"), "{logged}");
}

#[tokio::test]
async fn at_the_first_level_an_alarm_is_urgent_all_the_same() {
    let mut bot = at_level(1).await;
    bot.says("佐藤", "H-013 電話 本人 「死にたい」").await;
    bot.moves_to("2026-11-25 08:29").await;
    insta::assert_snapshot!(bot.hears("伊藤").join("\n---\n"), @"
    **緊急のお知らせがあります。すぐページを開くか、職場へ電話してください**
    ページ https://koekake.test/
    ");
    let danger = bot
        .says_on(Telegram, "佐藤", "H-013 電話 本人 「死にたい」")
        .await;
    insta::assert_snapshot!(danger, @"
    **いますぐ係長に電話してください。**
    緊急連絡先 (見本)
    このチャットではお知らせだけをしています。何も残していません。記録はページで
    ページ https://koekake.test/
    ");
    bot.presses_action("伊藤", Action::ConfirmAlarm(AlarmId(1)))
        .await;
    assert!(
        bot.sees_on(Telegram, "伊藤")
            .contains("このお知らせは済みました")
    );
    bot.all_read();
}

#[tokio::test]
async fn at_the_second_level_codes_and_dates_are_told_and_nothing_is_taken() {
    let mut bot = at_level(2).await;
    bot.moves_to("2026-11-25 08:30").await;
    insta::assert_snapshot!(bot.hears("佐藤").join("\n---\n"), @"
    お知らせがあります
    * H-012 11月25日(水)
    * H-013 11月20日(金)
    ページ https://koekake.test/
    ");
    bot.all_read();
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "期限超過").await, @"
    # 世帯の番号と予定の日
    * H-013 11月20日(金)
    ページ https://koekake.test/
    ");
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "今週の予定").await, @"
    # 世帯の番号と予定の日
    * H-012 11月25日(水)
    ページ https://koekake.test/
    ");
    insta::assert_snapshot!(bot.says_on(Telegram, "佐藤", "H-012 訪問 不在 3か月後").await, @"
    このチャットでは世帯の番号と日付だけをお見せしています。何も残していません。記録はページで
    ページ https://koekake.test/
    ");
    let course = bot.says_on(Telegram, "佐藤", "H-012 履歴").await;
    assert!(
        course.starts_with("このチャットでは世帯の番号と日付だけ"),
        "{course}"
    );
    // Settled on the page, it is told in the chat.
    bot.says("佐藤", "H-012 訪問 不在 3か月後").await;
    insta::assert_snapshot!(bot.sees_on(Telegram, "佐藤").split("\n---\n").last().unwrap_or(""), @"
    お知らせがあります
    * ✓ H-012 11月25日(水)
    * H-013 11月20日(金)
    ページ https://koekake.test/
    ");
}

#[tokio::test]
async fn several_households_in_one_line_are_refused_once() {
    let mut bot = at_level(2).await;
    let refused = bot
        .says_on(Telegram, "佐藤", "H-012 電話 不在、H-013 訪問 不在")
        .await;
    assert_eq!(refused.matches("このチャット").count(), 1, "{refused}");
}

#[tokio::test]
async fn a_chat_without_a_level_is_passed_over_and_the_page_tells() {
    let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.joins(Telegram, "佐藤").await;
    bot.moves_to("2026-11-25 08:30").await;
    assert_eq!(bot.chat(Telegram).attempts, Vec::<String>::new());
    insta::assert_snapshot!(bot.told(), @"2026-11-25 Wed 08:30 佐藤 ● H-012");
}
