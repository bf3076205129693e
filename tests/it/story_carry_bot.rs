//! The same office in its chats: what is said there is answered there, and what
//! is brought comes by the first way that a person has.
use crate::{
    bot::{TestBot, home},
    chat_bot::account,
};
use koekake::{conversation::message::Platform::*, engine::SendError};

const ROOM: &str = "-100";

#[tokio::test]
async fn a_line_in_a_chat_is_recorded_and_answered_there() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    bot.opens(Telegram).await;
    let answer = bot
        .says_on(Telegram, "佐藤", "H-012 電話 母と話せた 3か月後")
        .await;
    assert!(answer.starts_with("記録しました H-012"), "{answer}");
    let undone = bot.presses_on(Telegram, "佐藤", "取り消す").await;
    assert!(undone.starts_with("取り消しました H-012"), "{undone}");
    assert_eq!(
        bot.sees_on(Telegram, "佐藤"),
        format!("{answer}\n---\n{undone}")
    );
    let brief = bot.says_on(Telegram, "佐藤", "H-012 前回は？").await;
    assert!(brief.contains("接触はまだありません"), "{brief}");
    assert_eq!(bot.sees_on(Discord, "佐藤"), "");
}

#[tokio::test]
async fn what_is_said_in_a_room_is_answered_to_the_sender_alone() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    bot.opens(Discord).await;
    bot.registers(Discord, ROOM).await;
    let heard = bot
        .says_in_room((Discord, ROOM), "佐藤", "H-012 前回は？")
        .await;
    assert!(heard.alone.contains("接触はまだありません"), "{heard:?}");
    assert_eq!(heard.aloud, "");
}

#[tokio::test]
async fn a_nudge_comes_in_the_chat_and_is_pressed_there() {
    let mut bot = TestBot::at("2026-11-25 08:29", &[home(12, "佐藤", "2026-11-25")]).await;
    bot.opens(Telegram).await;
    bot.moves_to("2026-11-25 08:30").await;
    assert_eq!(bot.hears("佐藤").len(), 1);
    assert_eq!(bot.chat(Telegram).attempts, [account(Telegram, "佐藤")]);
    let taken = bot.presses_on(Telegram, "佐藤", "やります").await;
    assert!(taken.starts_with("H-012 対応中にしました"), "{taken}");
    assert!(bot.sees_on(Telegram, "佐藤").contains("佐藤さんが対応中"));
}

#[tokio::test]
async fn an_answer_that_a_chat_does_not_take_comes_later_and_once() {
    let mut bot = TestBot::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    bot.opens(Discord).await;
    bot.chat(Discord)
        .next
        .push_back(SendError::Later { after: None });
    assert_eq!(bot.says_on(Discord, "佐藤", "予定").await, "");
    bot.sends_what_waits().await;
    assert_eq!(bot.reads(Discord, &account(Discord, "佐藤")), "");
    bot.real_seconds_pass(5);
    bot.sends_what_waits().await;
    let answer = bot.reads(Discord, &account(Discord, "佐藤"));
    assert!(answer.contains("予定"), "{answer}");
    bot.real_seconds_pass(3_600);
    bot.sends_what_waits().await;
    assert_eq!(bot.reads(Discord, &account(Discord, "佐藤")), "");
}
