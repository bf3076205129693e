//! What was understood is said back: guesses as guesses, a date that is none by its
//! own words, and an unclear line by one question where nobody else reads it.
use crate::{
    bot::{Home, TestBot, home},
    chat_bot::Heard,
};
use koekake::conversation::message::Platform::*;

/// Wednesday, 25 November 2026, at nine.
const NOW: &str = "2026-11-25 09:00";
const ROOM: &str = "-100";

async fn bot_with(homes: &[Home]) -> TestBot {
    TestBot::at(NOW, homes).await
}

#[tokio::test]
async fn a_time_that_is_no_date_is_named_back_in_the_question() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 訪問 不在 しばらくしてから").await, @"
    記録しました H-012 訪問・不在
    「しばらくしてから」はいつでしょうか。決まるまでは12月9日(水)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 電話 出ず 13/5").await, @"
    記録しました H-012 電話・応答なし
    「13/5」はいつでしょうか。決まるまでは12月2日(水)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "H-012 手紙 投函 連休明けの1週間後").await, @"
    記録しました H-012 手紙・投函(1通目)
    「連休明けの1週間後」はいつでしょうか。決まるまでは12月2日(水)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    ");
}

#[tokio::test]
async fn it_is_named_back_in_english_too() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.says("佐藤", "English").await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 visit absent, some day").await, @"
    Recorded H-012: visit, nobody home
    When is “some day”? Until then it is Wed 9 Dec
    [2 weeks] [1 month] [3 months] [Another day]
    [Undo] [Correct]
    ");
}

#[tokio::test]
async fn what_was_guessed_is_said_to_be_a_guess() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    for (line, guessed) in [
        ("H-012 訪門 母と話せた 12/10", "(「訪門」をこう読みました)"),
        (
            "H-012 電話 母と話せた 1〜2か月後",
            "12月25日(金) ← 早いほうの目安で入れました",
        ),
        (
            "H-012 電話 母と話せた 数か月後",
            "2027年2月25日(木) ← 早いほうの目安で入れました",
        ),
        (
            "H-012 電話 母と話せた 来月",
            "12月1日(火) ← 早いほうの目安で入れました",
        ),
        // The first of January is closed, and nobody has said it.
        (
            "H-012 電話 母と話せた 1月",
            "2027年1月4日(月) ← 早いほうの目安で入れました",
        ),
        (
            "H-012 さっきのじゃなくて2月",
            "日は早いほうの目安で入れました",
        ),
        ("H-012 訂正 伝話 数か月後", "「伝話」をこう読みました"),
    ] {
        let answer = bot.says("佐藤", line).await;
        assert!(answer.contains(guessed), "{line}: {answer}");
    }
    let exact = bot.says("佐藤", "H-012 電話 母と話せた 12/10").await;
    assert!(
        !exact.contains("目安") && !exact.contains("読みました"),
        "{exact}"
    );
}

#[tokio::test]
async fn an_unclear_line_is_asked_about_once_in_private() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    insta::assert_snapshot!(bot.says("佐藤", "H-012 電話 山道 坂 雨 車 遠い").await, @"
    記録でしょうか H-012 電話
    [はい、記録する] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "はい、記録する").await, @"
    記録しました H-012 電話
    次の声かけ 12月25日(金) ← ふだんの目安(1か月)です
    [2週間] [1か月] [3か月] [ほかの日]
    [取り消す] [直す]
    H-012 電話はいかがでしたか
    [応答なし] [留守電] [本人と話せた] [家族と話せた] [「大丈夫」とのこと] [拒否] [怒鳴られた] [その他]
    ");
    insta::assert_snapshot!(bot.says("佐藤", "不在でした").await, @"
    記録でしょうか 訪問・不在。どの世帯ですか
    [H-012 前回11/25電話] [ほか] [やめる]
    ");
    insta::assert_snapshot!(bot.presses("佐藤", "やめる").await, @"やめました");
    let history = bot.says("佐藤", "H-012 履歴").await;
    assert!(!history.contains("不在"), "{history}");
}

#[tokio::test]
async fn talk_is_passed_over_in_private_and_an_unclear_line_wherever_others_read_it() {
    let mut bot = bot_with(&[home(12, "佐藤", "2026-11-24")]).await;
    bot.opens(Telegram).await;
    bot.registers(Telegram, ROOM).await;
    let talk = bot
        .says("佐藤", "H-012の件、あとで相談させてください")
        .await;
    assert_eq!(talk, "");
    for line in ["不在でした", "H-012 電話 山道 坂 雨 車 遠い"] {
        let heard = bot.says_in_room((Telegram, ROOM), "佐藤", line).await;
        assert_eq!(heard, Heard::default(), "{line}");
        let alone = bot.says_on(Telegram, "佐藤", line).await;
        assert!(alone.starts_with("記録でしょうか"), "{line}: {alone}");
    }
}
