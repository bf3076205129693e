//! What is sent arrives once, however Discord refuses it, and is shown as it is.
use super::{
    fake::{Fault, HALL, ROOM, private_channel},
    office::{OnDiscord, button, text, user},
};
use crate::bot::{home, person};
use chrono::TimeDelta;
use koekake::{
    conversation::{
        action::Action,
        message::{Account, Button, Card, Mark, Part, Platform, Readers, Reply, Row, Table, Tone},
    },
    domain::{CheckInId, DeliveryId, household::Code},
    engine::{Address, Letter, Parcel, SendError},
};
use std::time::Duration;

fn parcel(delivery: i64, to: &str, parts: Vec<Part>) -> Parcel {
    Parcel {
        delivery: DeliveryId(delivery),
        to: Account {
            platform: Platform::Discord,
            id: user(to).to_string(),
        },
        person: person(to),
        reply: Reply { parts },
        is_urgent: false,
        at: crate::bot::instant("2026-11-25 10:00"),
    }
}

/// An answer to somebody, written to them in private.
fn letter(to: &str, parts: Vec<Part>) -> Letter {
    Letter {
        id: Some(1),
        platform: Platform::Discord,
        address: Address::Alone(format!("user:{}", user(to))),
        person: Some(person(to)),
        reply: Reply { parts },
        attempts: 0,
        maybe_sent: false,
        maybe_repeated: false,
    }
}

fn line(text: &str) -> Vec<Part> {
    vec![Part::Line(text.to_owned())]
}

fn press(label: &str, action: Action) -> Button {
    Button {
        label: label.to_owned(),
        action,
        tone: Tone::Plain,
    }
}

/// A household's card with that many buttons.
fn card(code: u32, buttons: usize) -> Part {
    let id = CheckInId(i64::from(code));
    let all = [
        press("記録する", Action::Record(id)),
        press("やります", Action::Take(id)),
        press("日を変える", Action::Redate(id)),
        press("相談する", Action::Consult(id)),
    ];
    Part::Card(Card {
        title: format!("H-{code:03} 訪問"),
        mark: Mark::Due,
        lines: vec!["11月24日(火)の予定".to_owned()],
        buttons: all.into_iter().take(buttons).collect(),
    })
}

async fn chat() -> OnDiscord {
    OnDiscord::not_listening("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await
}

/// Befell others: a message lost because it was one too many for the chat's limit.
#[tokio::test]
async fn a_limit_with_a_time_is_waited_for_and_one_without_is_tried_later() {
    let chat = chat().await;
    let messages = format!("/channels/{}/messages", private_channel(user("佐藤")));
    for is_global in [false, true] {
        let after = Some(0.2);
        chat.fake
            .fails(&messages, Fault::Limit { after, is_global });
    }
    let sent = chat.courier.send(&parcel(1, "佐藤", line("一"))).await;
    assert!(sent.is_ok(), "{sent:?}");
    assert_eq!(chat.fake.calls(&messages).len(), 3);
    let without = Fault::Limit {
        after: None,
        is_global: false,
    };
    chat.fake.fails(&messages, without);
    let sent = chat.courier.send(&parcel(2, "佐藤", line("二"))).await;
    assert_eq!(sent, Err(SendError::Later { after: None }));
}

#[tokio::test]
async fn with_a_limit_in_the_way_the_alarm_and_the_answer_leave_before_the_nudges() {
    let chat = chat().await;
    let nudges: Vec<Parcel> = ["一", "二", "三"]
        .into_iter()
        .zip(1..)
        .map(|(text, delivery)| parcel(delivery, "佐藤", line(text)))
        .collect();
    let alarm = Parcel {
        is_urgent: true,
        ..parcel(9, "佐藤", line("緊急"))
    };
    let answer = letter("佐藤", line("答え"));
    let limit = Fault::Limit {
        after: Some(0.3),
        is_global: false,
    };
    chat.fake.fails("/messages", limit);
    let courier = &chat.courier;
    let (first, second, third, answered, called) = tokio::join!(
        courier.send(&nudges[0]),
        courier.send(&nudges[1]),
        courier.send(&nudges[2]),
        courier.post(&answer),
        courier.send(&alarm),
    );
    for sent in [first, second, third, called] {
        assert!(sent.is_ok(), "{sent:?}");
    }
    assert_eq!(answered, Ok(()));
    let said = chat.fake.said_in(private_channel(user("佐藤")));
    let said: Vec<&str> = said.iter().map(text).collect();
    // The first nudge was on its way already.
    assert_eq!(said[2..], ["答え", "二", "三"], "{said:?}");
    assert!(said.contains(&"緊急"), "{said:?}");
    assert_eq!(chat.fake.calls("/messages").len(), 6);
}

/// Befell others: one server error of the chat stopped the scheduler for good; private
/// messages were closed and nobody was told before one was needed; a reader who had
/// left the server broke the round; a reader whose private messages are closed was no
/// case of its own.
#[tokio::test]
async fn each_refusal_says_whether_the_person_can_be_reached() {
    let chat = chat().await;
    for (status, code, expected) in [
        (403, 50_007, SendError::Gone),
        (403, 50_001, SendError::Gone),
        (404, 10_003, SendError::Gone),
        (503, 0, SendError::Later { after: None }),
        (401, 0, SendError::Later { after: None }),
        (504, 0, SendError::Unknown),
    ] {
        chat.fake.fails("/messages", Fault::Refused(status, code));
        let sent = chat.courier.send(&parcel(1, "佐藤", line("一"))).await;
        assert_eq!(sent, Err(expected), "{code}");
    }
    assert!(chat.fake.said_in(private_channel(user("佐藤"))).is_empty());
}

#[tokio::test]
async fn a_message_whose_look_is_refused_goes_out_as_plain_text_and_is_then_left_alone() {
    let chat = chat().await;
    let by_hand = SendError::Later {
        after: Some(Duration::from_secs(15 * 60)),
    };
    let sent = parcel(1, "佐藤", vec![card(12, 2)]);
    chat.fake.fails("/messages", Fault::Refused(400, 50_035));
    let message = chat.courier.send(&sent).await.expect("sent");
    let said = chat.fake.said_in(private_channel(user("佐藤")));
    assert!(text(&said[0]).contains("H-012 訪問"), "{said:?}");
    assert_eq!(said[0]["components"].as_array().map(Vec::len), Some(0));
    // Shown anew, it is tried both ways, too.
    chat.fake.fails("/messages", Fault::Refused(400, 50_035));
    assert_eq!(chat.courier.edit(&message, &sent).await, Ok(()));
    // And no more than that in one go.
    for _ in 0..2 {
        chat.fake.fails("/messages", Fault::Refused(400, 50_035));
    }
    assert_eq!(
        chat.courier.edit(&message, &sent).await,
        Err(by_hand.clone())
    );
    let next = parcel(2, "佐藤", line("二"));
    for _ in 0..2 {
        chat.fake.fails("/messages", Fault::Refused(400, 50_035));
    }
    assert_eq!(chat.courier.send(&next).await, Err(by_hand.clone()));
    for _ in 0..2 {
        chat.fake.fails("/messages", Fault::Refused(400, 50_035));
    }
    let posted = chat.courier.post(&letter("佐藤", line("三"))).await;
    assert_eq!(posted, Err(by_hand.clone()));
    // Where it is too many of something, its look is not to blame.
    let before = chat.fake.calls("/messages").len();
    chat.fake.fails("/messages", Fault::Refused(400, 30_003));
    assert_eq!(chat.courier.send(&next).await, Err(by_hand));
    assert_eq!(chat.fake.calls("/messages").len(), before + 1);
    assert_eq!(chat.fake.said_in(private_channel(user("佐藤"))).len(), 1);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_to_a_press_whose_look_is_refused_is_given_as_plain_text() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let answer = chat.says("佐藤", "H-012 電話 母と話せた 3か月後").await;
    chat.fake.fails("/callback", Fault::Refused(400, 50_035));
    let undo = button(&answer, "取り消す").expect("a button");
    let pressed = chat.fake.presses((None, user("佐藤")), &undo);
    let answered = chat.fake.answer(pressed).await;
    assert!(
        text(&answered.shown).starts_with("取り消しました H-012"),
        "{answered:?}"
    );
    assert_eq!(
        answered.shown["components"].as_array().map(Vec::len),
        Some(0)
    );
    chat.stops().await;
}

#[tokio::test]
async fn what_is_sent_again_after_no_answer_stands_there_once() {
    let chat = chat().await;
    chat.fake.fails("/messages", Fault::Lost);
    let parcel = parcel(1, "佐藤", line("一"));
    assert_eq!(chat.courier.send(&parcel).await, Err(SendError::Unknown));
    let message = chat.courier.send(&parcel).await.expect("sent");
    let channel = private_channel(user("佐藤"));
    let said = chat.fake.said_in(channel);
    assert_eq!(said.len(), 1);
    assert_eq!(
        message,
        format!("{channel}:{}", said[0]["id"].as_str().expect("an id"))
    );
}

/// Sent again under its nonce after somebody deleted it, Discord knows no such message:
/// it was delivered, and is not sent once more.
#[tokio::test]
async fn what_was_deleted_before_it_is_sent_again_has_been_delivered() {
    let chat = chat().await;
    let parcel = parcel(1, "佐藤", line("一"));
    let letter = letter("佐藤", line("二"));
    for fault in [Fault::Lost, Fault::Lost] {
        chat.fake.fails("/messages", fault);
    }
    assert_eq!(chat.courier.send(&parcel).await, Err(SendError::Unknown));
    assert_eq!(chat.courier.post(&letter).await, Err(SendError::Unknown));
    let channel = private_channel(user("佐藤"));
    assert_eq!(chat.fake.said_in(channel).len(), 2);
    chat.fake.world().messages.clear();
    assert!(chat.courier.send(&parcel).await.is_ok());
    assert_eq!(chat.courier.post(&letter).await, Ok(()));
    assert!(chat.fake.said_in(channel).is_empty());
}

#[tokio::test]
async fn a_sent_message_is_shown_anew() {
    let chat = chat().await;
    let message = chat
        .courier
        .send(&parcel(1, "佐藤", line("前")))
        .await
        .expect("sent");
    chat.courier
        .edit(&message, &parcel(1, "佐藤", line("後")))
        .await
        .expect("shown");
    let said = chat.fake.said_in(private_channel(user("佐藤")));
    assert_eq!(said.iter().map(text).collect::<Vec<_>>(), ["後"]);
}

#[tokio::test]
async fn a_channel_that_everyone_reads_is_told_from_one_of_the_team() {
    let chat = chat().await;
    let readers = async |room: u64| chat.courier.readers(&room.to_string()).await;
    assert_eq!(readers(ROOM).await, Ok(Readers::Members(None)));
    assert_eq!(readers(HALL).await, Ok(Readers::Everyone));
    assert_eq!(readers(7).await, Err(SendError::Gone));
}

/// Befell others: a list too long for one message was never sent.
#[tokio::test]
async fn a_long_text_is_cut_and_says_so() {
    let chat = chat().await;
    let parts = (0..100)
        .map(|at| Part::Line(format!("{at} *{}*", "長い行".repeat(20))))
        .collect();
    chat.courier
        .send(&parcel(1, "佐藤", parts))
        .await
        .expect("sent");
    let parts = vec![Part::Strong("*".repeat(3_000))];
    chat.courier
        .send(&parcel(2, "佐藤", parts))
        .await
        .expect("sent");
    for said in chat.fake.said_in(private_channel(user("佐藤"))) {
        assert!(text(&said).encode_utf16().count() <= 2_000);
        assert!(text(&said).ends_with("-# (続きはページにあります / More is on the page)"));
    }
}

/// Befell others: a list too long for one message was never sent.
#[tokio::test]
async fn up_to_four_cards_have_their_buttons_beside_them_and_more_a_menu() {
    let chat = chat().await;
    let with_next = |mut parts: Vec<Part>| {
        parts.push(Part::Buttons(vec![press("次へ", Action::Overdue(None))]));
        parts
    };
    let few = with_next((1..=4).map(|code| card(code, 4)).collect());
    chat.courier
        .send(&parcel(1, "佐藤", few))
        .await
        .expect("sent");
    let many = with_next((1..=6).map(|code| card(code, 4)).collect());
    chat.courier
        .send(&parcel(2, "佐藤", many))
        .await
        .expect("sent");
    let long = with_next((1..=200).map(|code| card(code, 1)).collect());
    chat.courier
        .send(&parcel(3, "佐藤", long))
        .await
        .expect("sent");
    let said = chat.fake.said_in(private_channel(user("佐藤")));
    let rows = |at: usize| said[at]["components"].as_array().expect("rows").clone();
    assert_eq!(rows(0).len(), 5);
    assert_eq!(
        button(&said[0], "H-003 やります").as_deref(),
        Some("take:3")
    );
    assert_eq!(button(&said[0], "次へ").as_deref(), Some("overdue"));
    // Six households with four buttons each are 24 entries.
    let menu = &rows(1)[0]["components"][0];
    assert_eq!(menu["options"].as_array().map(Vec::len), Some(24));
    assert_eq!(menu["options"][21]["label"], "H-006 やります");
    assert_eq!(button(&said[1], "次へ").as_deref(), Some("overdue"));
    assert_eq!(rows(2).len(), 5);
    assert!(text(&said[2]).ends_with("More is on the page)"));
}

/// An entry of over 100 characters breaks no menu: it is cut by characters, and the
/// word that says what it does stays.
#[tokio::test]
async fn a_title_that_is_too_long_for_a_menu_is_cut_and_the_menu_opens() {
    let chat = chat().await;
    let long = |code: u32| {
        let Part::Card(card) = card(code, 2) else {
            panic!("a card");
        };
        let title = format!("H-{code:03} {}", "声かけ🏠".repeat(60));
        Part::Card(Card { title, ..card })
    };
    let six = (1..=6).map(long).collect();
    let sent = chat.courier.send(&parcel(1, "佐藤", six)).await;
    sent.expect("sent");
    let said = chat.fake.said_in(private_channel(user("佐藤")));
    let menu = &said[0]["components"][0]["components"][0];
    let options = menu["options"].as_array().expect("entries");
    assert_eq!(options.len(), 12);
    for option in options {
        let label = option["label"].as_str().expect("a label");
        assert!(label.encode_utf16().count() <= 100, "{label}");
        assert!(label.starts_with("H-00"), "{label}");
    }
}

#[tokio::test]
async fn a_row_of_a_table_opens_its_household() {
    let chat = chat().await;
    let row = |code: u32| Row {
        mark: Mark::Overdue { days: 3 },
        cells: vec![format!("H-{code:03}"), "佐藤".to_owned()],
        code: Some(Code::of(code)),
    };
    let table = Part::Table(Table {
        caption: "期限超過".to_owned(),
        head: vec!["世帯".to_owned(), "担当".to_owned()],
        rows: vec![row(1), row(2), row(2)],
    });
    chat.courier
        .send(&parcel(1, "佐藤", vec![table]))
        .await
        .expect("sent");
    let said = chat.fake.said_in(private_channel(user("佐藤")));
    assert!(text(&said[0]).starts_with("▲3 H-001 · 佐藤\n"), "{said:?}");
    let menu = &said[0]["components"][0]["components"][0];
    assert_eq!(menu["options"].as_array().map(Vec::len), Some(2));
    assert_eq!(menu["options"][1]["value"], "open:H-002");
}

/// Befell others: a sign in the text was read as markup, and nothing was sent.
#[tokio::test]
async fn markdown_and_mentions_are_shown_as_they_are_and_ping_nobody() {
    let chat = chat().await;
    let evil = "@everyone <@9001> **太** [a](https://a.example) `b`\n# c";
    let parts = vec![
        Part::Line(evil.to_owned()),
        Part::Heading(evil.to_owned()),
        Part::Quiet(evil.to_owned()),
        Part::Buttons(vec![press(evil, Action::Help)]),
    ];
    chat.courier
        .send(&parcel(1, "佐藤", parts))
        .await
        .expect("sent");
    let call = chat.fake.calls("/messages").pop().expect("a request");
    let parse = &call.body["allowed_mentions"]["parse"];
    assert_eq!(parse.as_array().map(Vec::len), Some(0));
    let shown = "\\@everyone \\<\\@9001\\> \\*\\*太\\*\\* \\[a\\](https://a.example) \\`b\\` \\# c";
    let said = chat.fake.said_in(private_channel(user("佐藤")));
    assert_eq!(text(&said[0]), format!("{shown}\n**{shown}**\n-# {shown}"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_whose_way_is_closed_harms_nothing() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.fake.fails("/messages", Fault::Refused(403, 50_007));
    chat.fake.types(user("佐藤"), "H-012 電話 応答なし");
    let refused = |world: &super::fake::World| {
        let mut calls = world.calls.iter();
        calls.any(|call| call.status == 403).then_some(())
    };
    chat.fake.until("a refusal", refused).await;
    chat.says("佐藤", "予定").await;
    chat.stops().await;
    assert_eq!(chat.contacts().await.len(), 1);
    let later = chat.engine.clock().real() + TimeDelta::hours(1);
    chat.engine.clock().stand_at(later);
    assert_eq!(chat.engine.send_waiting().await.expect("letters"), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_answer_that_is_lost_on_its_way_stands_there_once() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    let answer = chat.says("佐藤", "H-012 電話 母と話せた 3か月後").await;
    chat.fake.fails("/callback", Fault::Lost);
    let undo = button(&answer, "取り消す").expect("a button");
    let pressed = chat.fake.presses((None, user("佐藤")), &undo);
    chat.fake.answer(pressed).await;
    chat.sends_what_waits().await;
    let answered = chat.fake.world().interactions[&pressed].clone();
    assert_eq!((answered.kind, answered.further.len()), (Some(4), 0));
    assert!(
        text(&answered.shown).starts_with("取り消しました H-012"),
        "{answered:?}"
    );
    chat.stops().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_stop_does_not_wait_for_ever() {
    let mut chat = OnDiscord::at("2026-11-25 10:00", &[home(12, "佐藤", "2026-12-15")]).await;
    chat.fake.fails("/messages", Fault::Silent);
    chat.fake.types(user("佐藤"), "H-012 電話 応答なし");
    let asked = |world: &super::fake::World| {
        let mut calls = world.calls.iter();
        calls
            .any(|call| call.path.contains("/messages"))
            .then_some(())
    };
    chat.fake.until("an attempt", asked).await;
    chat.stops().await;
    assert_eq!(chat.contacts().await.len(), 1);
}
