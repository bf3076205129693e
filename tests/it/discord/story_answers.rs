//! What is typed and pressed on Discord is recorded and answered, once.
use super::office::{OnDiscord, button, text};
use crate::bot::home;

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
