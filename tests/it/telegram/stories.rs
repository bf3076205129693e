//! What people do on Telegram, and what they read there.
use super::{
    fake::{BOT_NAME, Fake, button, labels, private},
    line::{ITO, Line, SATO, SUZUKI},
};
use crate::bot::home;
use serde_json::json;

const GROUP: i64 = -1_001;
/// Somebody who is nobody of the office.
const STRANGER: i64 = 9_999;

/// What was sent, in order, without what it said.
fn methods(fake: &Fake) -> Vec<String> {
    let story = fake.story();
    let first = |told: &String| told.split(' ').next().unwrap_or_default().to_owned();
    story.iter().map(first).collect()
}

#[tokio::test]
async fn a_line_is_recorded_and_answered_in_its_chat() {
    let mut line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    line.fake.says(SATO, "H-012 訪問 不在 名刺 3か月後");
    let answer = line.fake.message(SATO, 1).await;
    insta::assert_snapshot!(answer.text(), @"
    記録しました H-012 訪問・不在・名刺投函
    次の声かけ 2027年2月25日(木)
    家の様子は？
    ");
    insta::assert_snapshot!(labels(&answer), @"[取り消す] [日付を変える] [直す] [生活の様子あり] [いつもと同じ] [気になる] [見ていない]");
    line.stops().await;
    assert_eq!((line.contacts().await, line.letters().await), (1, 0));
    // One request an answer, nothing else.
    assert_eq!(methods(&line.fake), ["sendmessage"]);
}

#[tokio::test]
async fn a_press_is_answered_first_and_then_done() {
    let line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    line.fake.says(SATO, "H-012 訪問 不在 名刺 3か月後");
    let answer = line.fake.message(SATO, 1).await;
    line.fake.presses(SATO, SATO, &button(&answer, "取り消す"));
    let undone = line.fake.message(SATO, 2).await;
    insta::assert_snapshot!(undone.text(), @"取り消しました H-012 次の声かけは 12月10日(木) に戻りました");
    line.fake.until(1, "answerCallbackQuery", |_| true).await;
    line.fake.confirmed().await;
    assert_eq!(
        line.count("SELECT COUNT(*) FROM contact WHERE NOT withdrawn")
            .await,
        0
    );
}

/// Befell others: one press was carried out several times.
#[tokio::test]
async fn the_same_press_twice_changes_nothing_more() {
    let line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    line.fake.says(SATO, "H-012 訪問 不在 名刺 3か月後");
    let answer = line.fake.message(SATO, 1).await;
    let again = line.fake.presses(SATO, SATO, &button(&answer, "気になる"));
    line.fake.message(SATO, 2).await;
    line.fake.happens(again);
    line.fake.confirmed().await;
    line.fake.says(SATO, "H-012 前回は？");
    let asked = line.fake.message(SATO, 3).await;
    assert!(asked.text().starts_with("H-012"), "{}", asked.text());
    assert_eq!(line.count("SELECT COUNT(*) FROM alarm").await, 1);
    assert_eq!(line.contacts().await, 1);
}

/// Of a button on an old message Telegram tells no more than the chat and a number,
/// with the date 0: what it does stands in its data.
#[tokio::test]
async fn a_press_on_a_message_that_telegram_has_forgotten_is_done_all_the_same() {
    let line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    line.fake.says(SATO, "H-012 訪問 不在 名刺 3か月後");
    let answer = line.fake.message(SATO, 1).await;
    let forgotten = json!({ "chat": private(SATO), "message_id": 7, "date": 0 });
    line.fake.happens(json!({ "callback_query": {
        "id": "old", "from": { "id": SATO, "is_bot": false, "first_name": "見本" },
        "chat_instance": "1", "data": button(&answer, "取り消す"), "message": forgotten,
    }}));
    let undone = line.fake.message(SATO, 2).await;
    assert!(
        undone.text().starts_with("取り消しました H-012"),
        "{}",
        undone.text()
    );
    line.fake.confirmed().await;
}

#[tokio::test]
async fn a_command_and_its_rest_are_read_as_a_line() {
    let line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    line.fake.says(SATO, &format!("/overdue@{BOT_NAME}"));
    let list = line.fake.message(SATO, 1).await;
    line.fake.says(SATO, "/overdue");
    let again = line.fake.message(SATO, 2).await;
    assert_eq!(list.text(), again.text());
    line.fake.confirmed().await;
}

#[tokio::test]
async fn pictures_are_declined_kindly_in_private_and_passed_in_groups() {
    let line = Line::open(&[]).await;
    let photo = || {
        json!({"caption": "H-012 訪問", "photo": [
            {"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1},
        ]})
    };
    let alone = line.fake.message_of(SATO, private(SATO), photo());
    line.fake.happens(json!({ "message": alone }));
    let answer = line.fake.message(SATO, 1).await;
    insta::assert_snapshot!(answer.text(), @"文字だけ受け取れます。写真・音声・ファイルは何も残していません");
    line.fake.opens_group(GROUP, None);
    let shared = line.fake.message_of(SATO, line.fake.group(GROUP), photo());
    line.fake.happens(json!({ "message": shared }));
    line.fake.confirmed().await;
    assert_eq!(line.fake.calls("sendMessage").len(), 1);
}

#[tokio::test]
async fn a_forged_button_does_nothing_and_stands_in_the_journal() {
    let line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    for (nth, forged) in ["alarm:1:2:3", "undo:-", "🦊", "undo:1;drop"]
        .iter()
        .enumerate()
    {
        line.fake.presses(SATO, SATO, forged);
        let answer = line.fake.message(SATO, nth + 1).await;
        assert_eq!(
            answer.text(),
            "このボタンは使えません。もう一度表示してから押してください"
        );
    }
    line.fake.confirmed().await;
    let refused = "SELECT COUNT(*) FROM journal WHERE what = 'refused'";
    assert_eq!(line.count(refused).await, 4);
}

#[tokio::test]
async fn markup_in_a_line_is_no_markup_in_the_answer() {
    let line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    line.fake
        .says(SATO, "H-012 訪問 不在 <b>名刺</b> *3か月後* @everyone");
    let answer = line.fake.message(SATO, 1).await;
    assert!(answer.text().starts_with("記録しました H-012"));
    for sign in ['<', '*', '@'] {
        assert!(!answer.text().contains(sign), "{}", answer.text());
    }
    assert!(answer.body.get("parse_mode").is_none());
    line.fake.confirmed().await;
}

/// Befell others: taken on elsewhere, the buttons of the chat stayed alive.
#[tokio::test]
async fn a_nudge_comes_with_its_buttons_and_is_shown_anew_when_it_is_dealt_with() {
    let mut line = Line::quiet(&[
        home(44, "佐藤", "2026-11-25"),
        home(60, "佐藤", "2026-11-25"),
    ])
    .await;
    line.listens();
    line.engine.tick().await.expect("a tick");
    line.engine.deliver_all().await.expect("deliveries");
    let digest = line.fake.message(SATO, 1).await;
    insta::assert_snapshot!(digest.text(), @"
    おはようございます。声かけの時期は2世帯です

    ● H-044
    11月25日(水)の予定
    接触はまだありません

    ● H-060
    11月25日(水)の予定
    接触はまだありません
    ");
    insta::assert_snapshot!(labels(&digest), @"[H-044 記録する] [H-044 やります] [H-044 日を変える] [H-044 相談する] [H-060 記録する] [H-060 やります] [H-060 日を変える] [H-060 相談する]");
    line.fake
        .presses(SATO, SATO, &button(&digest, "H-044 やります"));
    line.fake.message(SATO, 2).await;
    line.engine.deliver_all().await.expect("deliveries");
    let shown = line.fake.until(1, "editMessageText", |_| true).await;
    assert!(
        shown[0].text().contains("H-044 佐藤さんが対応中"),
        "{}",
        shown[0].text()
    );
    line.fake.confirmed().await;
}

#[tokio::test]
async fn two_nurses_are_answered_each_in_their_own_chat() {
    let line = Line::open(&[
        home(12, "佐藤", "2026-12-10"),
        home(31, "鈴木", "2026-12-10"),
    ])
    .await;
    line.fake.says(SATO, "H-012 電話 留守電 来週の水曜");
    line.fake.says(SUZUKI, "H-031 手紙 投函 3か月後");
    let of_sato = line.fake.message(SATO, 1).await;
    let of_suzuki = line.fake.message(SUZUKI, 1).await;
    assert!(of_sato.text().contains("H-012") && !of_sato.text().contains("H-031"));
    assert!(of_suzuki.text().contains("H-031") && !of_suzuki.text().contains("H-012"));
    line.fake.confirmed().await;
}

#[tokio::test]
async fn a_list_is_rows_of_text_with_what_goes_on_below() {
    let line = Line::open(&[
        home(12, "佐藤", "2026-12-03"),
        home(44, "佐藤", "2026-11-20"),
        home(57, "鈴木", "2026-10-15"),
    ])
    .await;
    line.fake.says(ITO, "期限超過");
    let overdue = line.fake.message(ITO, 1).await;
    insta::assert_snapshot!(overdue.text(), @"
    期限超過 2世帯(支援中3世帯、すべてに予定あり)

    ▲ H-057 41日 鈴木
    10月15日(木)の予定

    ▲ H-044 5日 佐藤
    11月20日(金)の予定
    ");
    insta::assert_snapshot!(labels(&overdue), @"[H-057 鈴木さんに聞く] [H-057 担当を変える] [H-057 日を変える] [H-057 開く] [H-044 佐藤さんに聞く] [H-044 担当を変える] [H-044 日を変える] [H-044 開く]");
    line.fake.says(ITO, "来週の予定");
    let coming = line.fake.message(ITO, 2).await;
    insta::assert_snapshot!(coming.text(), @"
    来週の予定

    H-012 12月3日(木) 声かけ 佐藤
    ");
    line.fake.says(ITO, "H-044 履歴");
    let course = line.fake.message(ITO, 3).await;
    insta::assert_snapshot!(course.text(), @"
    H-044 支援中
    主担当 佐藤
    把握経路 家族・第一報 2025年4月1日(火)
    接触0回・名刺0枚・手紙0通
    次の声かけ 11月20日(金)
    接触はまだありません
    ");
    line.fake.confirmed().await;
}

#[tokio::test]
async fn the_menu_of_commands_is_set_once_per_language_and_kind_of_chat() {
    let mut line = Line::open(&[]).await;
    let set = line.fake.until(4, "setMyCommands", |_| true).await;
    let kinds: Vec<String> = set
        .iter()
        .map(|call| {
            format!(
                "{} {}",
                call.body["scope"]["type"], call.body["language_code"]
            )
        })
        .collect();
    assert_eq!(
        kinds,
        [
            r#""all_private_chats" null"#,
            r#""all_group_chats" null"#,
            r#""all_private_chats" "en""#,
            r#""all_group_chats" "en""#,
        ]
    );
    // The first poll does not wait for it.
    line.fake.until(1, "getUpdates", |_| true).await;
    line.stops().await;
    line.listens();
    line.fake.until(8, "getMyCommands", |_| true).await;
    line.stops().await;
    assert_eq!(line.fake.calls("setMyCommands").len(), 4);
}

/// Befell others: a message typed anew ran its old command again.
#[tokio::test]
async fn a_message_that_was_typed_anew_changes_nothing_and_offers_to() {
    let line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    let typed = line.fake.says(SATO, "H-012 訪問 不在 名刺 3か月後");
    line.fake.message(SATO, 1).await;
    line.fake.edits(SATO, typed, "H-012 電話 留守電 1か月後");
    let offer = line.fake.message(SATO, 2).await;
    insta::assert_snapshot!(offer.text(), @"
    メッセージが書き直されました。記録は変えていません
    記録済みです H-012 訪問・不在・名刺投函
    ");
    insta::assert_snapshot!(labels(&offer), @"[直す] [日付を変える]");
    line.fake.confirmed().await;
    assert_eq!(line.contacts().await, 1);
}

#[tokio::test]
async fn a_stranger_reads_the_one_message_for_strangers() {
    let line = Line::open(&[home(12, "佐藤", "2026-12-10")]).await;
    line.fake.says(STRANGER, "H-012 訪問 不在 名刺 3か月後");
    let answer = line.fake.message(STRANGER, 1).await;
    insta::assert_snapshot!(answer.text(), @"
    職員専用です。ここではご相談をお受けできません
    ご相談は (見本) へ、命の危険があるときは110・119へお電話ください
    職員の方は、参加コードを送ってください
    For staff only: no requests can be taken here
    For advice please call (見本); in danger to life 110 or 119
    Staff: please send your join code
    ");
    assert!(answer.buttons().is_empty());
    line.fake.presses(STRANGER, STRANGER, "undo:1");
    let again = line.fake.message(STRANGER, 2).await;
    assert_eq!(again.text(), answer.text());
    line.fake.confirmed().await;
    assert_eq!(line.contacts().await, 0);
}

#[tokio::test]
async fn another_day_is_asked_for_and_told_in_the_next_line() {
    let line = Line::open(&[
        home(12, "佐藤", "2026-12-10"),
        home(31, "佐藤", "2026-12-10"),
    ])
    .await;
    line.fake.says(SATO, "H-012 手紙 投函");
    let answer = line.fake.message(SATO, 1).await;
    line.fake
        .presses(SATO, SATO, &button(&answer, "日付を変える"));
    let choices = line.fake.message(SATO, 2).await;
    line.fake.presses(SATO, SATO, &button(&choices, "ほかの日"));
    let asked = line.fake.message(SATO, 3).await;
    insta::assert_snapshot!(asked.text(), @"いつにしますか");
    line.fake.says(SATO, "12/22");
    let told = line.fake.message(SATO, 4).await;
    insta::assert_snapshot!(told.text(), @"
    変えました H-012 次の声かけ 12月10日(木) → 12月22日(火)
    理由は
    ");
    // It was answered: a date alone changes nothing any more, and that is said.
    line.fake.says(SATO, "12/24");
    let told = line.fake.message(SATO, 5).await;
    insta::assert_snapshot!(told.text(), @"記録として読み取れなかったため、何も残していません。「H-012 訪問 不在」のように1行で送ってください");
}
