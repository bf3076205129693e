//! Slash commands: registered once, completed while they are typed, called in a
//! channel or in private.
use super::{
    fake::ROOM,
    office::{OnDiscord, call, fill, text, user},
};
use crate::bot::home;
use serde_json::{Value, json};

async fn registrations(chat: &OnDiscord, count: usize) -> Value {
    let registered = |world: &super::fake::World| {
        let calls = world.calls.iter().filter(|call| call.method == "PUT");
        (calls.count() == count && world.commands.is_array()).then(|| world.commands.clone())
    };
    chat.fake.until("a registration", registered).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn commands_are_registered_once_under_both_names() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let commands = registrations(&chat, 1).await;
    let commands = commands.as_array().expect("a list");
    let record = commands.iter().find(|command| command["name"] == "record");
    let record = record.expect("/record");
    assert_eq!(record["name_localizations"]["ja"], "記録");
    assert_eq!(record["options"][0]["name"], "household");
    assert_eq!(record["options"][0]["autocomplete"], true);
    chat.keeps_the_commands().await;
    chat.stops().await;
    // Another process finds them as they should be.
    chat.is_another_process();
    chat.starts().await;
    chat.says("佐藤", "予定").await;
    registrations(&chat, 1).await;
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_is_a_line_and_its_answer_is_for_the_caller_alone() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let me = (Some(ROOM), user("佐藤"));
    let given = [
        ("household", "H-012"),
        ("kind", "phone"),
        ("outcome", "no_answer"),
        ("next", "1週間後"),
    ];
    let called = chat.fake.asks(me, 2, call("record", &given));
    let answered = chat.fake.answer(called).await;
    assert!(
        text(&answered.shown).starts_with("記録しました H-012 電話・応答なし"),
        "{answered:?}"
    );
    assert!(
        text(&answered.shown).contains("12月2日(水)"),
        "{answered:?}"
    );
    assert_eq!(
        (answered.kind, &answered.shown["flags"]),
        (Some(4), &json!(64))
    );
    let called = chat.fake.asks(me, 2, call("overdue", &[]));
    let answered = chat.fake.answer(called).await;
    assert_eq!(answered.shown["flags"], 64, "{answered:?}");
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_command_of_nobody_knows_is_refused_kindly() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let called = chat.fake.asks((None, user("佐藤")), 2, call("drop", &[]));
    let answered = chat.fake.answer(called).await;
    assert!(
        text(&answered.shown).contains("このボタンは使えません"),
        "{answered:?}"
    );
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_code_is_completed_ones_own_first() {
    let homes = [
        home(11, "鈴木", "2026-12-15"),
        home(12, "佐藤", "2026-12-15"),
        home(110, "佐藤", "2026-12-15"),
    ];
    let mut chat = OnDiscord::at("2026-11-25 10:00", &homes).await;
    let typing = |name: &str, value: &str| json!({"id": "77", "name": "record", "type": 1, "options": [{"name": name, "type": 3, "value": value, "focused": true}]});
    let completed = async |user: u64, name: &str, value: &str| {
        let asked = chat.fake.asks((None, user), 4, typing(name, value));
        let answered = chat.fake.answer(asked).await;
        assert_eq!(answered.kind, Some(8));
        let choices = answered.first["choices"]
            .as_array()
            .expect("choices")
            .clone();
        choices
            .iter()
            .map(|choice| choice["value"].as_str().expect("a text").to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        completed(user("佐藤"), "household", "H-").await,
        ["H-012", "H-110", "H-011"]
    );
    assert_eq!(
        completed(user("鈴木"), "household", "").await,
        ["H-011", "H-012", "H-110"]
    );
    assert_eq!(
        completed(user("鈴木"), "household", "11").await,
        ["H-011", "H-110"]
    );
    assert_eq!(completed(user("佐藤"), "outcome", "不在").await, ["absent"]);
    assert!(completed(user("佐藤"), "household", "%").await.is_empty());
    // Somebody of no office.
    assert!(completed(7, "household", "H-").await.is_empty());
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn record_without_a_word_opens_the_form_for_a_whole_contact() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let me = (Some(ROOM), user("佐藤"));
    let opened = chat.fake.asks(me, 2, call("record", &[]));
    let opened = chat.fake.answer(opened).await;
    assert_eq!(opened.kind, Some(9));
    let filled = fill(&opened.first, &["H-012", "電話", "応答なし", "1週間後", ""]);
    let sent = chat.fake.asks(me, 5, filled);
    let answered = chat.fake.answer(sent).await;
    assert!(
        text(&answered.shown).starts_with("記録しました H-012 電話・応答なし"),
        "{answered:?}"
    );
    assert!(
        text(&answered.shown).contains("12月2日(水)"),
        "{answered:?}"
    );
    chat.stops().await;
}
