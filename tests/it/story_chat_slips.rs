//! Slips of a tired hand: commands without their words, days that are none, texts
//! that are typed anew, colleagues who cannot be meant.
use crate::bot::{TestBot, home};
use koekake::conversation::{action::Action, message::Platform::Telegram};

async fn bot() -> TestBot {
    let homes = [
        home(12, "佐藤", "2026-12-15"),
        home(13, "佐藤", "2026-12-16"),
        home(31, "鈴木", "2026-12-15"),
    ];
    let mut bot = TestBot::at("2026-11-25 10:00", &homes).await;
    bot.opens(Telegram).await;
    bot
}

#[tokio::test]
async fn whoever_goes_is_not_offered_their_own_households() {
    let mut bot = bot().await;
    let held = bot.says_on(Telegram, "小林", "退職 佐藤 3/31").await;
    assert!(held.contains("主担当2世帯"), "{held}");
    let asked = bot.presses_on(Telegram, "小林", "担当を変える").await;
    insta::assert_snapshot!(asked, @"
    H-012 の担当をどなたにしますか
    [鈴木さん]
    ");
    // 鈴木 goes as well: the rest of the team is left.
    bot.says_on(Telegram, "小林", "H-031 担当を佐藤へ").await;
    let gone = bot.says_on(Telegram, "小林", "退職 鈴木 3/31").await;
    assert!(gone.contains("3月31日(水)まで"), "{gone}");
    let asked = bot.presses_on(Telegram, "小林", "担当を変える").await;
    insta::assert_snapshot!(asked, @"
    H-012 の担当をどなたにしますか
    [伊藤さん] [渡辺さん] [小林さん]
    ");
    bot.hears("佐藤");
    bot.hears("鈴木");
}

#[tokio::test]
async fn the_main_nurse_named_as_second_leaves_the_second_in_place() {
    let mut bot = bot().await;
    bot.says_on(Telegram, "伊藤", "H-012 副担当 鈴木").await;
    bot.hears("鈴木");
    let same = bot.says_on(Telegram, "伊藤", "H-012 副担当 佐藤").await;
    insta::assert_snapshot!(same, @"主担当 佐藤・副担当 鈴木");
    let risen = bot.says_on(Telegram, "伊藤", "H-012 担当を鈴木へ").await;
    insta::assert_snapshot!(risen, @"
    H-012 の主担当を鈴木さんにしました
    [取り消す]
    ");
    let shown = bot.says_on(Telegram, "伊藤", "H-012 履歴").await;
    assert!(shown.contains("主担当 鈴木\n"), "{shown}");
    bot.hears("佐藤");
    bot.hears("鈴木");
}

#[tokio::test]
async fn nobody_is_proposed_as_cover_who_is_away_or_gone_by_then() {
    let mut bot = bot().await;
    bot.says_on(Telegram, "伊藤", "H-031 担当を佐藤へ").await;
    bot.says_on(Telegram, "小林", "退職 鈴木 12/10").await;
    bot.hears("佐藤");
    bot.hears("鈴木");
    let short = bot.says_on(Telegram, "佐藤", "休み 12/1から12/4").await;
    assert!(short.contains("鈴木さんへ代行をお願いしますか"), "{short}");
    let long = bot.says_on(Telegram, "佐藤", "休み 12/8から12/18").await;
    assert!(!long.contains("鈴木"), "{long}");
    assert!(long.contains("副担当と係長へお知らせします"), "{long}");
}

#[tokio::test]
async fn no_forged_button_puts_a_date_or_a_cover_out_of_reach() {
    let mut bot = bot().await;
    for data in [
        "day:1:2199-12-31",
        "putoff:1:1000m",
        "coverby:2:2026-12-01:2199-01-01",
        "coverby:2:2000-01-01:2026-12-01",
    ] {
        let action: Action = data.parse().expect(data);
        let refused = bot.acts_on(Telegram, "佐藤", action).await;
        insta::allow_duplicates! {
            insta::assert_snapshot!(refused, @"このボタンは使えません。もう一度表示してから押してください");
        }
    }
    assert_eq!(bot.journal("refused").await, ["H-012", "H-012", "", ""]);
    let stands = bot.says_on(Telegram, "佐藤", "H-012 前回は？").await;
    assert!(stands.contains("次の声かけ 12月15日(火)"), "{stands}");
}
