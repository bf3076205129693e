//! Lines that were typed anew, and lines that were typed while the bot was away.
use crate::{
    bot::{TestBot, home, instant},
    chat_bot::{At, account, incoming_from},
};
use koekake::conversation::message::{Incoming, Platform::*, Said};

async fn bot_with(time: &str) -> TestBot {
    let homes = [
        home(12, "佐藤", "2026-12-15"),
        home(13, "佐藤", "2026-12-16"),
    ];
    let mut bot = TestBot::at(time, &homes).await;
    bot.opens(Discord).await;
    bot
}

fn typed(bot: &mut TestBot, who: &str, words: &str, at: &str) -> Incoming {
    let key = bot.new_key();
    let place = At {
        platform: Discord,
        room: None,
    };
    let said = Said::Words(words.to_owned());
    Incoming {
        typed_at: Some(instant(at)),
        ..incoming_from(place, &account(Discord, who), said, &key)
    }
}

#[tokio::test]
async fn a_message_that_is_typed_anew_changes_nothing_and_offers_a_correction() {
    let mut bot = bot_with("2026-11-25 10:00").await;
    bot.says_on(Discord, "佐藤", "H-012 訪問 不在 3か月後")
        .await;
    let key = bot.last_key();
    insta::assert_snapshot!(bot.edits_on(Discord, "佐藤", &key).await, @"
    メッセージが書き直されました。記録は変えていません
    記録済みです H-012 訪問・不在
    [直す] [日付を変える]
    ");
    insta::assert_snapshot!(bot.presses_on(Discord, "佐藤", "日付を変える").await, @"
    いつにしますか
    [3日後] [1週間後] [2週間後] [1か月後] [ほかの日]
    ");
    insta::assert_snapshot!(bot.presses_on(Discord, "佐藤", "直す").await, @"
    H-012 訪問・不在 のどこを直しますか
    [同行訪問] [電話] [手紙] [メール] [来所] [家族会・集団] [情報提供] [ケース会議] [関係機関連絡] [受診同行]
    [名刺投函] [本人と話せた] [家族と話せた] [声だけ] [「大丈夫」とのこと] [拒否] [名刺返却] [怒鳴られた] [その他]
    ");
    let brief = bot.says_on(Discord, "佐藤", "H-012 前回は？").await;
    assert!(brief.contains("2027年2月25日(木)"), "{brief}");
    let other_day = bot.button_on(Discord, "佐藤", "ほかの日");
    let moved = bot.fills_on(Discord, "佐藤", other_day, "2027-02-10").await;
    assert!(moved.starts_with("変えました H-012"), "{moved}");
}

#[tokio::test]
async fn what_was_taken_back_is_not_offered_again() {
    let mut bot = bot_with("2026-11-25 10:00").await;
    bot.says_on(Discord, "佐藤", "H-012 訪問 不在 3か月後")
        .await;
    let key = bot.last_key();
    bot.presses_on(Discord, "佐藤", "取り消す").await;
    insta::assert_snapshot!(bot.edits_on(Discord, "佐藤", &key).await, @"書き直した文は読んでいません。記録するときは、新しく送ってください");
}

#[tokio::test]
async fn a_colleagues_message_that_is_typed_anew_is_passed_over() {
    let mut bot = bot_with("2026-11-25 10:00").await;
    bot.says_on(Discord, "佐藤", "H-012 訪問 不在 3か月後")
        .await;
    let own = bot.last_key();
    assert_eq!(bot.edits_on(Discord, "鈴木", &own).await, "");
}

#[tokio::test]
async fn of_a_line_for_several_households_the_last_is_offered() {
    let mut bot = bot_with("2026-11-25 10:00").await;
    bot.says_on(
        Discord,
        "佐藤",
        "H-012 訪問 不在 3か月後、H-013 電話 母と話せた 2週間後",
    )
    .await;
    let key = bot.last_key();
    bot.edits_on(Discord, "佐藤", &key).await;
    insta::assert_snapshot!(bot.presses_on(Discord, "佐藤", "直す").await, @"
    H-013 電話・母と話せた のどこを直しますか
    [訪問] [同行訪問] [手紙] [メール] [来所] [家族会・集団] [情報提供] [ケース会議] [関係機関連絡] [受診同行]
    [応答なし] [留守電] [本人と話せた] [「大丈夫」とのこと] [拒否] [怒鳴られた] [その他]
    ");
}

#[tokio::test]
async fn a_line_typed_while_the_bot_was_away_counts_from_its_own_day() {
    let mut bot = bot_with("2026-11-25 10:00").await;
    let line = typed(
        &mut bot,
        "佐藤",
        "H-012 訪問 不在 3か月後",
        "2026-11-24 15:20",
    );
    insta::assert_snapshot!(bot.takes(line).await.alone, @"
    11月24日(火) 15時20分に送られた分です
    記録しました H-012 訪問・不在
    次の声かけ 2027年2月24日(水)
    [取り消す] [日付を変える] [直す]
    家の様子は？
    [生活の様子あり] [いつもと同じ] [気になる] [見ていない]
    ");
    let brief = bot.says_on(Discord, "佐藤", "H-012 前回は？").await;
    insta::assert_snapshot!(brief, @"
    # H-012 支援中
    前回 11月24日(火) 訪問・不在
    次の声かけ 2027年2月24日(水)
    ");
}

/// Befell others: a step whose day had passed could not be done any more.
#[tokio::test]
async fn a_date_that_has_passed_meanwhile_is_asked_again() {
    let mut bot = bot_with("2026-11-30 10:00").await;
    let line = typed(
        &mut bot,
        "佐藤",
        "H-012 電話 応答なし 明日かけ直し",
        "2026-11-24 15:20",
    );
    insta::assert_snapshot!(bot.takes(line).await.alone, @"
    11月24日(火) 15時20分に送られた分です
    記録しました H-012 電話・応答なし
    11月25日(水)は過ぎた日です。次はいつにしますか。決まるまでは12月7日(月)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    let line = typed(
        &mut bot,
        "佐藤",
        "H-013 電話 応答なし 今月中に",
        "2026-11-24 15:25",
    );
    insta::assert_snapshot!(bot.takes(line).await.alone, @"
    11月24日(火) 15時25分に送られた分です
    記録しました H-013 電話・応答なし
    次の声かけ 今日 11月30日(月)
    [取り消す] [日付を変える] [直す]
    ");
}

#[tokio::test]
async fn a_line_that_comes_at_once_or_from_a_clock_ahead_has_no_heading() {
    let mut bot = bot_with("2026-11-25 10:00").await;
    for (words, at) in [
        ("H-012 電話 応答なし 2週間後", "2026-11-25 09:50"),
        ("H-012 電話 留守電 2週間後", "2026-11-25 10:30"),
    ] {
        let line = typed(&mut bot, "佐藤", words, at);
        let answer = bot.takes(line).await.alone;
        assert!(answer.starts_with("記録しました H-012"), "{answer}");
    }
    let asked = typed(&mut bot, "佐藤", "予定", "2026-11-24 15:20");
    let list = bot.takes(asked).await.alone;
    assert!(!list.contains("送られた分"), "{list}");
}
