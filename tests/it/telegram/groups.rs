//! Groups of Telegram: set up by a command, read as far as they are meant for the
//! bot, and never told more than code, kind and date.
use super::{
    fake::{BOT_NAME, Fault, button, labels},
    line::{KOBAYASHI, Line, SATO},
};
use crate::bot::home;
use serde_json::{Value, json};

const GROUP: i64 = -1_001;
const MOVED: i64 = -1_002;

/// An office whose team uses the group.
async fn with_group(free_lines: bool) -> Line {
    let mut line = Line::quiet(&[home(12, "佐藤", "2026-12-10")]).await;
    if free_lines {
        line.reads_free_lines();
    }
    line.listens();
    line.fake.opens_group(GROUP, None);
    line.fake.says_in(GROUP, KOBAYASHI, "/setup");
    let asked = line.fake.message(KOBAYASHI, 1).await;
    line.fake
        .presses(KOBAYASHI, KOBAYASHI, &button(&asked, "このチームで使う"));
    line.fake.message(GROUP, 1).await;
    line.fake.confirmed().await;
    line
}

#[tokio::test]
async fn a_group_is_set_up_after_it_was_said_who_reads_it() {
    let line = Line::open(&[]).await;
    line.fake.opens_group(GROUP, None);
    line.fake
        .says_in(GROUP, KOBAYASHI, &format!("/setup@{BOT_NAME}"));
    let asked = line.fake.message(KOBAYASHI, 1).await;
    insta::assert_snapshot!(asked.text(), @"
    ここを見られるのはメンバー5人です
    ここに出すのは世帯の番号・方法・日付だけです。くわしい返事は、書いた方だけに届きます
    ");
    insta::assert_snapshot!(labels(&asked), @"[このチームで使う] [やめる]");
    line.fake
        .presses(KOBAYASHI, KOBAYASHI, &button(&asked, "このチームで使う"));
    let begun = line.fake.message(GROUP, 1).await;
    insta::assert_snapshot!(begun.text(), @"ここで記録できるようになりました。「H-012 訪問 不在 3か月後」のように1行で書いてください");
    line.fake.confirmed().await;
}

#[tokio::test]
async fn a_group_that_everybody_finds_is_refused() {
    let line = Line::open(&[]).await;
    line.fake.opens_group(GROUP, Some("open_to_all"));
    line.fake.says_in(GROUP, KOBAYASHI, "/setup");
    let refused = line.fake.message(KOBAYASHI, 1).await;
    insta::assert_snapshot!(refused.text(), @"このチャンネルは全員が見られるため使えません。メンバーを限ったチャンネルでお試しください");
    line.fake.confirmed().await;
    assert_eq!(line.count("SELECT COUNT(*) FROM room").await, 0);
}

#[tokio::test]
async fn only_what_is_meant_for_the_bot_is_read() {
    let line = with_group(false).await;
    for passed in [
        "H-012 訪問 不在 3か月後",
        "/record@another_bot H-012 訪問 不在 3か月後",
        "@koekake_test_bot_2 H-012 電話 留守電",
    ] {
        line.fake.says_in(GROUP, SATO, passed);
    }
    line.fake.confirmed().await;
    assert_eq!(line.contacts().await, 0);
    for (nth, read) in [
        format!("@{BOT_NAME} H-012 訪問 不在 3か月後"),
        format!("/record@{BOT_NAME} H-012 電話 留守電 3か月後"),
        "/record H-012 手紙 投函 3か月後".to_owned(),
    ]
    .iter()
    .enumerate()
    {
        line.fake.says_in(GROUP, SATO, read);
        let answer = line.fake.message(SATO, nth + 1).await;
        assert!(answer.text().starts_with("記録しました H-012"), "{read}");
    }
    line.fake.confirmed().await;
    assert_eq!(line.contacts().await, 3);
}

#[tokio::test]
async fn a_free_line_is_acknowledged_shortly_for_all_and_answered_to_its_writer_alone() {
    let line = with_group(true).await;
    let said = line.fake.says_in(GROUP, SATO, "H-012 訪問 不在 3か月後");
    let aloud = line.fake.message(GROUP, 2).await;
    insta::assert_snapshot!(aloud.text(), @"H-012 訪問を記録しました。次の声かけ 2027年2月25日(木)");
    assert!(aloud.buttons().is_empty());
    assert_eq!(aloud.body["reply_parameters"]["message_id"], said);
    let alone = line.fake.message(SATO, 1).await;
    assert!(alone.text().starts_with("記録しました H-012"));
    assert!(!alone.buttons().is_empty());
    line.fake.confirmed().await;
}

/// Befell others: a private channel was made public, and notices went on.
#[tokio::test]
async fn a_group_that_was_opened_to_all_is_told_nothing_more() {
    let line = with_group(true).await;
    line.fake.opens_group(GROUP, Some("open_to_all"));
    line.fake.says_in(GROUP, SATO, "H-012 訪問 不在 3か月後");
    line.fake.message(SATO, 1).await;
    let mut line = line;
    line.stops().await;
    let to_group = |call: &super::fake::Call| call.chat() == GROUP;
    assert_eq!(line.fake.until(1, "sendMessage", to_group).await.len(), 1);
    let closed = "SELECT COUNT(*) FROM room WHERE closed_at IS NOT NULL";
    assert_eq!(line.count(closed).await, 1);
}

/// Befell others: a group got another number, and nothing arrived there any more.
#[tokio::test]
async fn a_group_that_has_moved_is_followed() {
    let line = with_group(true).await;
    line.fake.opens_group(MOVED, None);
    // Somebody posts before Telegram has told of it.
    let moved = Fault::Refused(
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        json!({ "migrate_to_chat_id": MOVED }),
    );
    line.fake.fails("sendMessage", GROUP, moved);
    line.fake.says_in(GROUP, SATO, "H-012 訪問 不在 3か月後");
    let aloud = line.fake.message(MOVED, 1).await;
    assert!(aloud.text().contains("H-012"));
    assert_eq!(aloud.body.get("reply_parameters"), None::<&Value>);
    line.fake.confirmed().await;
    let there = "SELECT COUNT(*) FROM room WHERE place = '-1002'";
    assert_eq!(line.count(there).await, 1);
}

/// Befell others: a group's move was left to its users to put right.
#[tokio::test]
async fn a_group_that_tells_of_its_move_is_followed() {
    let line = with_group(true).await;
    line.fake.opens_group(MOVED, None);
    let told = json!({ "migrate_to_chat_id": MOVED });
    let told = line.fake.message_of(SATO, line.fake.group(GROUP), told);
    line.fake.happens(json!({ "message": told }));
    line.fake.says_in(MOVED, SATO, "H-012 訪問 不在 3か月後");
    let aloud = line.fake.message(MOVED, 1).await;
    assert!(aloud.text().contains("H-012"));
    line.fake.confirmed().await;
}

/// The bot is put out of the group, and Telegram may tell it or not: the next word
/// for the group finds it closed, and whoever administers hears so; nothing is tried
/// there again.
#[tokio::test]
async fn a_group_that_has_put_the_bot_out_is_closed_at_the_next_word_and_said() {
    for is_told in [true, false] {
        let line = with_group(true).await;
        if is_told {
            let now = 1_764_000_000;
            let member = json!({ "status": "member", "user": line.fake.bot() });
            let left = json!({ "status": "left", "user": line.fake.bot() });
            line.fake.happens(json!({ "my_chat_member": {
                "chat": line.fake.group(GROUP), "date": now,
                "from": { "id": KOBAYASHI, "is_bot": false, "first_name": "見本" },
                "old_chat_member": member, "new_chat_member": left,
            }}));
            line.fake.confirmed().await;
        }
        let out = || {
            Fault::Refused(
                403,
                "Forbidden: bot was kicked from the supergroup chat",
                Value::Null,
            )
        };
        for method in ["getChat", "sendMessage"] {
            line.fake.fails(method, GROUP, out());
        }
        // The last line of somebody who stands in the group.
        line.fake.says_in(GROUP, SATO, "H-012 訪問 不在 3か月後");
        line.fake.message(SATO, 1).await;
        line.fake.confirmed().await;
        let mut line = line;
        line.stops().await;
        let closed = "SELECT COUNT(*) FROM room WHERE closed_at IS NOT NULL";
        assert_eq!(line.count(closed).await, 1, "told: {is_told}");
        let said = "SELECT COUNT(*) FROM delivery WHERE recipient_id = 5 AND notice IS NOT NULL";
        assert_eq!(line.count(said).await, 1, "told: {is_told}");
        assert_eq!((line.contacts().await, line.letters().await), (1, 0));
    }
}
