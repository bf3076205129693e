//! Updates as Telegram sends them, and what each is to us.
use super::{Bot, Ground, Heard, heard};
use crate::{
    conversation::{
        action::Action,
        message::{Account, AnswerTo, Incoming, Place, Platform, Readers, Said},
    },
    domain::CheckInId,
};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};

const NOW: i64 = 1_795_564_800;
const GROUP: i64 = -1_007;

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

fn understood(update: Value, free_lines_in_rooms: bool) -> Heard {
    let bot = Bot {
        id: 1,
        username: "koekake_bot".to_owned(),
    };
    let ground = Ground {
        bot: Some(&bot),
        free_lines_in_rooms,
        now: at(NOW),
    };
    let update = serde_json::from_str(&update.to_string()).expect("an update");
    heard(&update, ground)
}

fn user() -> Value {
    json!({"id": 77, "is_bot": false, "first_name": "見本"})
}

fn private(what: Value) -> Value {
    message(
        json!({"id": 77, "type": "private", "first_name": "見本"}),
        what,
    )
}

fn shared(what: Value) -> Value {
    message(
        json!({"id": GROUP, "type": "supergroup", "title": "班"}),
        what,
    )
}

fn message(chat: Value, what: Value) -> Value {
    let mut message = json!({"message_id": 5, "date": NOW - 60, "from": user(), "chat": chat});
    for (key, value) in what.as_object().expect("fields") {
        message[key] = value.clone();
    }
    message
}

fn incoming(said: Said, room: Option<i64>) -> Incoming {
    let chat = room.unwrap_or(77);
    Incoming {
        from: Account {
            platform: Platform::Telegram,
            id: "77".to_owned(),
        },
        place: Place {
            platform: Platform::Telegram,
            id: "77".to_owned(),
            room: room.map(|id| id.to_string()),
        },
        said,
        key: format!("telegram:{chat}:5"),
        typed_at: Some(at(NOW - 60)),
        answer_to: Some(AnswerTo {
            alone: "77".to_owned(),
            message: room.map(|_| "5".to_owned()),
        }),
    }
}

/// The words that are taken from a text in private and in a group.
fn words(text: &str, in_group: bool, free_lines: bool) -> Option<String> {
    let update = if in_group { shared } else { private };
    match understood(
        json!({"update_id": 1, "message": update(json!({"text": text}))}),
        free_lines,
    ) {
        Heard::Said(Incoming {
            said: Said::Words(words),
            ..
        }) => Some(words),
        Heard::Nothing => None,
        heard => panic!("{text}: {heard:?}"),
    }
}

#[test]
fn a_message_says_who_where_when_and_how_to_answer() {
    let said = Said::Words("H-012 訪問 不在".to_owned());
    let text = json!({"text": "H-012 訪問 不在"});
    assert_eq!(
        understood(
            json!({"update_id": 1, "message": private(text.clone())}),
            false
        ),
        Heard::Said(incoming(said.clone(), None))
    );
    assert_eq!(
        understood(json!({"update_id": 1, "message": shared(text)}), true),
        Heard::Said(incoming(said, Some(GROUP)))
    );
}

#[test]
fn what_is_read_depends_on_whom_it_is_meant_for() {
    for (text, alone, group, group_with_free_lines) in [
        ("訪問 不在", Some("訪問 不在"), None, Some("訪問 不在")),
        (
            "/record H-012",
            Some("/記録 H-012"),
            Some("/記録 H-012"),
            Some("/記録 H-012"),
        ),
        (
            "/record@Koekake_Bot H-012",
            Some("/記録 H-012"),
            Some("/記録 H-012"),
            Some("/記録 H-012"),
        ),
        ("/unknown 1", Some("/unknown 1"), None, Some("/unknown 1")),
        (
            "/unknown@koekake_bot 1",
            Some("/unknown 1"),
            Some("/unknown 1"),
            Some("/unknown 1"),
        ),
        (
            "/start 7KQ2-9M4T",
            Some("参加 7KQ2-9M4T"),
            Some("参加 7KQ2-9M4T"),
            Some("参加 7KQ2-9M4T"),
        ),
        ("/record@other_bot H-012", None, None, None),
        ("/3か月後", Some("/3か月後"), None, Some("/3か月後")),
        (
            "@koekake_bot 訪問",
            Some("@koekake_bot 訪問"),
            Some("訪問"),
            Some("訪問"),
        ),
        (
            "H-012 @KOEKAKE_BOT 訪問",
            Some("H-012 @KOEKAKE_BOT 訪問"),
            Some("H-012 訪問"),
            Some("H-012 訪問"),
        ),
        (
            "@koekake_bot_2 訪問",
            Some("@koekake_bot_2 訪問"),
            None,
            Some("@koekake_bot_2 訪問"),
        ),
        ("声@声かけ", Some("声@声かけ"), None, Some("声@声かけ")),
    ] {
        assert_eq!(words(text, false, false).as_deref(), alone, "{text}");
        assert_eq!(words(text, true, false).as_deref(), group, "{text}");
        assert_eq!(
            words(text, true, true).as_deref(),
            group_with_free_lines,
            "{text}"
        );
    }
}

#[test]
fn a_reply_to_the_bot_is_meant_for_it() {
    let by = |author: u64| {
        let mut replied = shared(json!({"text": "いつですか"}));
        replied["from"]["id"] = author.into();
        let text = json!({"text": "3か月後", "reply_to_message": replied});
        understood(json!({"update_id": 1, "message": shared(text)}), false)
    };
    let words = Said::Words("3か月後".to_owned());
    assert_eq!(by(1), Heard::Said(incoming(words, Some(GROUP))));
    assert_eq!(by(78), Heard::Nothing);
}

#[test]
fn an_edit_names_the_message_that_was_typed_before() {
    let edited = json!({"text": "H-012 電話", "edit_date": NOW - 5});
    let mut expected = incoming(
        Said::Edited {
            of: "telegram:77:5".to_owned(),
        },
        None,
    );
    expected.key = format!("telegram:edit:77:5:{}", NOW - 5);
    assert_eq!(
        understood(
            json!({"update_id": 1, "edited_message": private(edited.clone())}),
            false
        ),
        Heard::Said(expected)
    );
    assert_eq!(
        understood(
            json!({"update_id": 1, "edited_message": shared(edited)}),
            false
        ),
        Heard::Nothing
    );
}

#[test]
fn a_press_carries_its_action_even_under_a_message_that_telegram_has_forgotten() {
    let pressed = |data: &str, date: i64| {
        let mut shown = shared(json!({"text": "…"}));
        shown["date"] = date.into();
        let query = json!({"id": "q", "from": user(), "chat_instance": "1", "data": data,
            "message": shown});
        match understood(json!({"update_id": 1, "callback_query": query}), false) {
            Heard::Pressed(id, incoming) => {
                assert_eq!(id.0, "q");
                incoming
            }
            heard => panic!("{heard:?}"),
        }
    };
    let mut expected = incoming(Said::Press(Action::Take(CheckInId(7))), Some(GROUP));
    expected.key = "telegram:press:q".to_owned();
    expected.typed_at = None;
    assert_eq!(pressed("take:7", NOW), expected);
    // So old that it comes without its date.
    assert_eq!(pressed("take:7", 0), expected);
    expected.said = Said::Forged;
    assert_eq!(pressed("take:seven", NOW), expected);
}

#[test]
fn a_date_of_a_wrong_clock_is_none() {
    for (date, is_likely) in [
        (NOW, true),
        (NOW - 47 * 3_600, true),
        (NOW - 49 * 3_600, false),
        (NOW + 60, false),
    ] {
        let mut update = private(json!({"text": "訪問"}));
        update["date"] = date.into();
        let Heard::Said(incoming) = understood(json!({"update_id": 1, "message": update}), false)
        else {
            panic!("nothing was said");
        };
        assert_eq!(incoming.typed_at, is_likely.then(|| at(date)), "{date}");
    }
}

#[test]
fn whatever_is_no_text_by_a_person_is_passed_or_declined() {
    let voice = || json!({"voice": {"file_id": "a", "file_unique_id": "b", "duration": 1}});
    assert_eq!(
        understood(json!({"update_id": 1, "message": private(voice())}), false),
        Heard::Said(incoming(Said::Unreadable, None))
    );
    assert_eq!(
        understood(json!({"update_id": 1, "message": shared(voice())}), true),
        Heard::Nothing
    );
    let mut by_a_bot = shared(json!({"text": "@koekake_bot 訪問"}));
    by_a_bot["from"]["is_bot"] = true.into();
    assert_eq!(
        understood(json!({"update_id": 1, "message": by_a_bot}), true),
        Heard::Nothing
    );
    let title = shared(json!({"new_chat_title": "班"}));
    assert_eq!(
        understood(json!({"update_id": 1, "message": title}), true),
        Heard::Nothing
    );
}

#[test]
fn a_group_is_set_up_by_a_command_in_it() {
    let text = json!({"text": "/setup@koekake_bot"});
    let said = understood(json!({"update_id": 1, "message": shared(text)}), false);
    let Heard::Setup(request) = said else {
        panic!("{said:?}");
    };
    assert_eq!(request.group, GROUP);
    let setup = Said::Setup(Readers::Everyone);
    assert_eq!(request.saying(setup.clone()), incoming(setup, Some(GROUP)));
    let alone = json!({"update_id": 1, "message": private(json!({"text": "/setup"}))});
    let nowhere = Said::Setup(Readers::Members(None));
    assert_eq!(
        understood(alone, false),
        Heard::Said(incoming(nowhere, None))
    );
}

#[test]
fn a_group_that_has_moved_says_where_to() {
    let moved = shared(json!({"migrate_to_chat_id": -1_008}));
    assert_eq!(
        understood(json!({"update_id": 1, "message": moved}), false),
        Heard::Moved {
            from: GROUP.to_string(),
            to: "-1008".to_owned(),
        }
    );
}
