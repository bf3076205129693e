//! What goes wrong between Telegram and us, and that nothing is lost by it.
use super::{
    fake::{Fault, private},
    line::{Line, SATO, SUZUKI},
};
use crate::bot::home;
use serde_json::{Value, json};

const RECORD: &str = "H-012 訪問 不在 名刺 3か月後";

fn haste(seconds: Option<u64>) -> Fault {
    let parameters = seconds.map_or(Value::Null, |after| json!({ "retry_after": after }));
    Fault::Refused(429, "Too Many Requests: retry after a while", parameters)
}

async fn one_household() -> Line {
    Line::quiet(&[home(12, "佐藤", "2026-12-10")]).await
}

#[tokio::test]
async fn an_update_that_comes_again_after_a_crash_changes_nothing() {
    let mut line = one_household().await;
    line.fake.says(SATO, RECORD);
    // It is stored and answered; then the process dies before it is confirmed.
    line.fake.fails("getUpdates", 0, Fault::Fine);
    line.fake.fails("getUpdates", 0, Fault::Hang);
    line.listens();
    line.fake.message(SATO, 1).await;
    line.fake.until(2, "getUpdates", |_| true).await;
    line.dies().await;
    assert_eq!(line.fake.unconfirmed(), 1);
    line.listens();
    line.fake.confirmed().await;
    line.fake.says(SATO, "H-012 前回は？");
    line.fake.message(SATO, 2).await;
    assert_eq!(line.contacts().await, 1);
    assert_eq!(line.fake.calls("sendMessage").len(), 2);
}

#[tokio::test]
async fn whoever_ends_in_order_has_sent_and_confirmed() {
    let mut line = one_household().await;
    line.listens();
    line.fake.says(SATO, RECORD);
    line.fake.message(SATO, 1).await;
    line.stops().await;
    assert_eq!((line.fake.unconfirmed(), line.letters().await), (0, 0));
}

/// Befell others: a message lost because it was one too many for the chat's limit; the
/// adaptor that keeps the chat's limit handed it on as an error.
#[tokio::test]
async fn an_answer_that_came_too_fast_is_sent_when_telegram_wants_it() {
    for (after, too_soon, then) in [(Some(60), 50, 11), (None, 4, 2)] {
        let mut line = one_household().await;
        line.fake.fails("sendMessage", SATO, haste(after));
        line.listens();
        line.fake.says(SATO, RECORD);
        line.fake
            .until(1, "sendMessage", |call| !call.was_done())
            .await;
        line.fake.confirmed().await;
        line.stops().await;
        assert_eq!((line.contacts().await, line.letters().await), (1, 1));
        // Another process: what has still to be said is on disk.
        line.listens();
        line.seconds_pass(too_soon);
        line.engine.send_waiting().await.expect("letters");
        assert_eq!(line.letters().await, 1);
        line.seconds_pass(then);
        line.engine.send_waiting().await.expect("letters");
        let answer = line.fake.message(SATO, 1).await;
        assert!(answer.text().starts_with("記録しました H-012"));
        assert_eq!(line.letters().await, 0);
    }
}

/// Befell others: one server error of the chat stopped the scheduler for good.
#[tokio::test]
async fn what_surely_did_not_arrive_is_sent_again_as_it_was() {
    for fault in [
        Fault::Trouble(502),
        Fault::Refused(500, "Internal Server Error", Value::Null),
        Fault::Refused(401, "Unauthorized", Value::Null),
    ] {
        let mut line = one_household().await;
        line.fake.fails("sendMessage", SATO, fault);
        line.listens();
        line.fake.says(SATO, RECORD);
        line.fake
            .until(1, "sendMessage", |call| !call.was_done())
            .await;
        line.stops().await;
        line.seconds_pass(1_000);
        line.engine.send_waiting().await.expect("letters");
        let answer = line.fake.message(SATO, 1).await;
        assert!(answer.text().starts_with("記録しました H-012"));
        assert_eq!((line.contacts().await, line.letters().await), (1, 0));
    }
}

/// Befell others: a send whose answer was late counted as failed and came twice.
#[tokio::test]
async fn what_may_have_arrived_is_repeated_once_and_says_so() {
    for fault in [Fault::Reset, Fault::ResetAfter, Fault::Trouble(504)] {
        let mut line = one_household().await;
        line.fake.fails("sendMessage", SATO, fault);
        line.listens();
        line.fake.says(SATO, RECORD);
        line.fake.until(1, "sendMessage", |_| true).await;
        line.stops().await;
        line.seconds_pass(10);
        line.engine.send_waiting().await.expect("letters");
        let sent = line.fake.until(2, "sendMessage", |_| true).await;
        assert!(
            sent[1].text().starts_with("再送かもしれません"),
            "{}",
            sent[1].text()
        );
        assert!(sent[1].text().ends_with(sent[0].text()));
        assert_eq!((line.contacts().await, line.letters().await), (1, 0));
    }
}

#[tokio::test]
async fn an_answer_to_a_message_that_cannot_be_read_is_no_reason_to_repeat_it() {
    let mut line = one_household().await;
    line.fake.fails("sendMessage", SATO, Fault::Odd);
    line.listens();
    line.fake.says(SATO, RECORD);
    line.fake.message(SATO, 1).await;
    line.stops().await;
    assert_eq!(line.letters().await, 0);
}

/// Befell others: a sign in the text was read as markup, and nothing was sent.
#[tokio::test]
async fn a_message_whose_look_is_refused_goes_out_as_plain_text() {
    let mut line = one_household().await;
    let refused = Fault::Refused(400, "Bad Request: BUTTON_DATA_INVALID", Value::Null);
    line.fake.fails("sendMessage", SATO, refused);
    line.listens();
    line.fake.says(SATO, RECORD);
    let sent = line.fake.until(2, "sendMessage", |_| true).await;
    assert_eq!(sent[0].text(), sent[1].text());
    assert!(sent[1].buttons().is_empty());
    line.stops().await;
    assert_eq!(line.letters().await, 0);
}

#[tokio::test]
async fn a_message_shown_anew_whose_look_is_refused_is_shown_as_plain_text() {
    let line = Line::quiet(&[home(44, "佐藤", "2026-11-25")]).await;
    line.engine.tick().await.expect("a tick");
    line.engine.deliver_all().await.expect("deliveries");
    line.fake.message(SATO, 1).await;
    let refused = Fault::Refused(400, "Bad Request: BUTTON_DATA_INVALID", Value::Null);
    line.fake.fails("editMessageText", SATO, refused);
    line.count("UPDATE delivery SET stale = 1 RETURNING 1")
        .await;
    line.engine.renew_stale().await.expect("renewals");
    let shown = line.fake.until(2, "editMessageText", |_| true).await;
    assert_eq!(shown[0].text(), shown[1].text());
    assert!(!shown[0].buttons().is_empty() && shown[1].buttons().is_empty());
    let stale = "SELECT COUNT(*) FROM delivery WHERE stale";
    assert_eq!(line.count(stale).await, 0);
}

/// Befell others: a reader who had blocked the bot was no case of its own.
#[tokio::test]
async fn a_nudge_to_somebody_who_has_blocked_the_bot_goes_to_the_page() {
    let line = Line::quiet(&[home(44, "佐藤", "2026-11-25")]).await;
    let blocked = Fault::Refused(403, "Forbidden: bot was blocked by the user", Value::Null);
    line.fake.fails("sendMessage", SATO, blocked);
    line.engine.tick().await.expect("a tick");
    line.engine.deliver_all().await.expect("deliveries");
    let dead = "SELECT COUNT(*) FROM route WHERE dead_at IS NOT NULL AND platform = 'telegram'";
    assert_eq!(line.count(dead).await, 1);
    let sent = "SELECT COUNT(*) FROM delivery JOIN route ON route.id = delivery.route_id \
                WHERE delivery.state = 'sent' AND route.platform = 'page'";
    assert_eq!(line.count(sent).await, 1);
    let open = "SELECT COUNT(*) FROM check_in WHERE state = 'open'";
    assert_eq!(line.count(open).await, 1);
}

#[tokio::test]
async fn a_chat_is_answered_in_order_while_another_one_hangs() {
    let mut line = Line::quiet(&[
        home(12, "佐藤", "2026-12-10"),
        home(31, "鈴木", "2026-12-10"),
    ])
    .await;
    line.fake.fails("sendMessage", SATO, Fault::Hang);
    line.listens();
    line.fake.says(SATO, RECORD);
    for kind in ["訪問 不在", "電話 留守電", "手紙 投函"] {
        line.fake.says(SUZUKI, &format!("H-031 {kind} 3か月後"));
    }
    let words = ["訪問・不在", "電話・留守電", "手紙・投函"];
    for (nth, words) in words.iter().enumerate() {
        let answer = line.fake.message(SUZUKI, nth + 1).await;
        assert!(answer.text().contains(words), "{}", answer.text());
    }
    // Nor does it hold up what comes in.
    line.fake.confirmed().await;
    assert_eq!(line.contacts().await, 4);
}

/// Befell others: the listener died after a while and nobody began it anew.
#[tokio::test]
async fn an_update_that_nobody_can_read_stops_no_other() {
    let mut line = one_household().await;
    line.fake
        .garbles(json!({"message": {"message_id": "seven"}}));
    line.fake.garbles(json!({"something_new": {"a": 1}}));
    line.fake.says(SATO, RECORD);
    line.fake.garbles(json!({"callback_query": 7}));
    line.listens();
    line.fake.message(SATO, 1).await;
    line.fake.confirmed().await;
    assert_eq!(line.contacts().await, 1);
}

#[tokio::test]
async fn updates_that_come_twice_and_out_of_order_are_taken_once_and_in_order() {
    let mut line = one_household().await;
    let message = line
        .fake
        .message_of(SATO, private(SATO), json!({ "text": RECORD }));
    line.fake.happens(json!({ "message": message }));
    line.fake.happens(json!({ "message": message }));
    line.fake.says(SATO, "H-012 電話 留守電 1か月後");
    line.fake.shuffles();
    line.listens();
    let answers = [
        line.fake.message(SATO, 1).await,
        line.fake.message(SATO, 2).await,
    ];
    assert!(
        answers[0].text().contains("訪問・不在"),
        "{}",
        answers[0].text()
    );
    assert!(
        answers[1].text().contains("電話・留守電"),
        "{}",
        answers[1].text()
    );
    line.fake.confirmed().await;
    assert_eq!(line.contacts().await, 2);
}

/// Befell others: the listener died after a while and nobody began it anew.
#[tokio::test]
async fn updates_are_asked_for_until_they_come() {
    let faults = [Fault::Trouble(502), Fault::Reset, Fault::Odd, haste(None)];
    let lines = faults.map(|fault| async {
        let mut line = one_household().await;
        line.fake.fails("getUpdates", 0, fault);
        line.fake.says(SATO, RECORD);
        line.listens();
        line.fake.message(SATO, 1).await;
        line.fake.confirmed().await;
        assert_eq!(line.contacts().await, 1);
    });
    futures_util::future::join_all(lines).await;
}

#[tokio::test]
async fn while_the_store_is_busy_nothing_is_confirmed_and_then_it_is_taken() {
    let mut line = one_household().await;
    let busy = line.holds_the_store().await;
    line.fake.says(SATO, RECORD);
    line.listens();
    line.fake.until(1, "getUpdates", |_| true).await;
    assert_eq!(line.fake.unconfirmed(), 1);
    busy.await;
    line.fake.message(SATO, 1).await;
    line.fake.confirmed().await;
    assert_eq!(line.contacts().await, 1);
}
