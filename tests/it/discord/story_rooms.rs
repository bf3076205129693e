//! Channels: registered by an administrator after saying who reads them, answered
//! with code, kind and date alone.
use super::{
    fake::{HALL, ROOM, private_channel},
    office::{OnDiscord, button, call, text, user},
};
use crate::bot::home;
use serde_json::json;

/// The team uses [`ROOM`].
async fn registered() -> OnDiscord {
    let chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.registers_the_room().await;
    chat
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_in_the_teams_channel_is_acknowledged_there_and_answered_in_private() {
    let mut chat = registered().await;
    let line = chat.fake.types_in(
        Some(ROOM),
        user("佐藤"),
        "H-012 訪問 母と話せた 涙ぐんでいた 3か月後",
    );
    let aloud = chat.fake.said(ROOM, 1).await;
    assert_eq!(aloud["message_reference"]["message_id"], line.to_string());
    assert!(
        text(&aloud).contains("H-012") && !text(&aloud).contains("母"),
        "{aloud}"
    );
    let alone = chat.fake.said(private_channel(user("佐藤")), 0).await;
    assert!(
        text(&alone).starts_with("記録しました H-012 訪問・母と話せた"),
        "{alone}"
    );
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_channel_that_everyone_reads_is_refused() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let asked = chat
        .fake
        .asks((Some(HALL), user("小林")), 2, call("setup", &[]));
    let answered = chat.fake.answer(asked).await;
    assert!(
        text(&answered.shown).contains("全員が見られる"),
        "{answered:?}"
    );
    assert!(button(&answered.shown, "このチームで使う").is_none());
    chat.stops().await;
}

/// An outage of the server, and even being taken out of it, deletes nothing: the
/// room is the team's when it is back, and so is the household.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_for_a_while_takes_no_room_and_no_record_with_it() {
    let mut chat = registered().await;
    chat.says("佐藤", "H-012 電話 応答なし 1週間後").await;
    for gone in [
        json!({"id": "2000", "unavailable": true}),
        json!({"id": "2000"}),
    ] {
        chat.fake.dispatch("GUILD_DELETE", gone);
    }
    let line = "H-012 訪問 母と話せた 3か月後";
    chat.fake.types_in(Some(ROOM), user("佐藤"), line);
    let aloud = chat.fake.said(ROOM, 1).await;
    assert!(text(&aloud).contains("H-012"), "{aloud}");
    assert_eq!(chat.contacts().await.len(), 2);
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_that_was_typed_anew_offers_a_correction_and_changes_nothing() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let me = user("佐藤");
    let line = chat.fake.types(me, "H-012 電話 応答なし 3か月後");
    chat.fake.said(private_channel(me), 0).await;
    let before = chat.contacts().await;
    // The preview of a link is no edit.
    let mut with_preview = chat.fake.world().messages[&line].clone();
    with_preview["embeds"] = serde_json::json!([{"type": "rich", "title": "?"}]);
    chat.fake.dispatch("MESSAGE_UPDATE", with_preview);
    chat.fake.edits(line, "H-012 訪問 不在 1か月後", None);
    let offered = chat.fake.said(private_channel(me), 1).await;
    assert!(button(&offered, "直す").is_some(), "{offered}");
    assert_eq!(chat.contacts().await, before);
    assert_eq!(chat.fake.said_in(private_channel(me)).len(), 2);
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_in_a_channel_of_nobodys_is_no_line_for_us() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.fake
        .types_in(Some(HALL), user("佐藤"), "H-012 電話 応答なし");
    chat.says("佐藤", "予定").await;
    assert!(chat.contacts().await.is_empty());
    assert!(chat.fake.said_in(HALL).is_empty());
    chat.stops().await;
}
