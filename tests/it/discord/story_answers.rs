//! What is typed and pressed on Discord is recorded and answered, once.
use super::{
    fake::ROOM,
    office::{OnDiscord, button, fill, text, user},
};
use crate::bot::home;
use serde_json::{Value, json};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_line_is_recorded_and_its_answer_has_buttons() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let answer = chat.says("佐藤", "H-012 電話 母と話せた 3か月後").await;
    assert!(
        text(&answer).starts_with("記録しました H-012 電話"),
        "{answer}"
    );
    assert!(button(&answer, "取り消す").is_some(), "{answer}");
    let undone = chat.presses("佐藤", "取り消す").await;
    assert!(
        text(&undone).starts_with("取り消しました H-012"),
        "{undone}"
    );
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_day_is_filled_into_a_form_of_its_own() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.says("佐藤", "H-012 電話 応答なし").await;
    let asked = chat.presses("佐藤", "ほかの日").await;
    let form = form_button(&asked);
    let opened = chat.fake.presses((None, user("佐藤")), &form);
    let opened = chat.fake.answer(opened).await;
    assert_eq!(opened.kind, Some(9));
    let sent = fill(&opened.first, &["2026-12-02"]);
    let sent = chat.fake.asks((None, user("佐藤")), 5, sent);
    let answered = chat.fake.answer(sent).await;
    assert!(
        text(&answered.shown).contains("12月2日(水)"),
        "{answered:?}"
    );
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_forged_is_refused_kindly_and_changes_nothing() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.says("佐藤", "H-012 電話 応答なし").await;
    let requests = chat.fake.world().calls.len();
    let me = user("佐藤");
    let long = format!("undo:{}", "1".repeat(95));
    for forged in [
        "undo:x",
        "",
        "form:x2026:otherday:1",
        "menu:0",
        long.as_str(),
    ] {
        let pressed = chat.fake.presses((Some(ROOM), me), forged);
        let answered = chat.fake.answer(pressed).await;
        assert!(
            text(&answered.shown).contains("このボタンは使えません"),
            "{answered:?}"
        );
        assert_eq!(answered.shown["flags"], 64);
    }
    let menu = json!({"custom_id": "menu:0", "component_type": 3, "id": 1, "values": ["drop:1"]});
    let chosen = chat.fake.asks((Some(ROOM), me), 3, menu);
    let answered = chat.fake.answer(chosen).await;
    assert!(
        text(&answered.shown).contains("このボタンは使えません"),
        "{answered:?}"
    );
    assert_eq!(chat.fake.world().calls.len(), requests + 6);
    assert_eq!(chat.contacts().await.len(), 1);
    assert_eq!(chat.bot.journal("refused").await.len(), 6);
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_picture_without_a_word_gets_one_sentence() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let said = chat.says("佐藤", "").await;
    assert!(text(&said).contains("文字だけ受け取れます"), "{said}");
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_press_in_a_channel_is_answered_to_the_presser_alone() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let pressed = chat.fake.presses((Some(ROOM), user("佐藤")), "open:H-012");
    let answered = chat.fake.answer(pressed).await;
    assert!(text(&answered.shown).contains("H-012"), "{answered:?}");
    assert_eq!(answered.shown["flags"], 64);
    assert!(chat.fake.said_in(ROOM).is_empty());
    chat.stops().await;
}

/// The id of the button under a message that opens a form.
fn form_button(message: &Value) -> String {
    let rows = message["components"].as_array().into_iter().flatten();
    let mut parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let found = parts.find_map(|part| {
        let id = part["custom_id"].as_str()?;
        id.starts_with("form:").then(|| id.to_owned())
    });
    found.unwrap_or_else(|| panic!("no form in {message}"))
}
