//! An update of Telegram as a message to the engine.
use crate::conversation::{
    commands::{self, Call},
    message::{Account, AnswerTo, Incoming, Place, Platform, Readers, Said},
};
use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use teloxide_core::types::{
    CallbackQuery, CallbackQueryId, Chat, ChatId, MediaKind, Message, MessageKind, Update,
    UpdateKind, User,
};

/// Telegram keeps an update for a day; an older date is a wrong clock.
const TYPED_HOURS_MAX: i64 = 48;
/// Telegram's own limit for the name of a command.
const COMMAND_CHARS_MAX: usize = 32;

/// The bot as Telegram knows it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub(super) struct Bot {
    pub id: u64,
    pub username: String,
}

/// What an update is read against.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    /// Known when the update is of a group: only there it matters who is meant.
    pub bot: Option<&'a Bot>,
    pub free_lines_in_rooms: bool,
    /// Real time.
    pub now: DateTime<Utc>,
}

/// What an update is to us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// Not said to us.
    Nothing,
    Said(Incoming),
    /// A button; Telegram shows that it is being pressed until the query is
    /// answered.
    Pressed(CallbackQueryId, Incoming),
    /// Somebody wants the group to be used; who can read it is still to be asked.
    Setup(Request),
    /// The group has another id from now on.
    Moved {
        from: String,
        to: String,
    },
}

/// A message to the engine of which the rest is still to be found out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Request {
    pub group: i64,
    from: Account,
    place: Place,
    key: String,
    typed_at: Option<DateTime<Utc>>,
    answer_to: AnswerTo,
}

impl Request {
    pub fn saying(self, said: Said) -> Incoming {
        Incoming {
            from: self.from,
            place: self.place,
            said,
            key: self.key,
            typed_at: self.typed_at,
            answer_to: Some(self.answer_to),
        }
    }
}

/// Updates with the same are taken in order: those of one chat. That a group has
/// moved comes before what is said where it is now.
pub(super) fn order_of(update: &Update) -> Option<i64> {
    if let UpdateKind::Message(message) = &update.kind
        && let Some(to) = message.migrate_to_chat_id()
    {
        return Some(to.0);
    }
    chat_of(update).map(|chat| chat.id.0)
}

/// The chat in which it happened.
pub(super) fn chat_of(update: &Update) -> Option<&Chat> {
    match &update.kind {
        UpdateKind::CallbackQuery(query) => query.message.as_ref().map(|message| message.chat()),
        _ => update.chat(),
    }
}

/// What the update says to us.
pub(super) fn heard(update: &Update, ground: Ground<'_>) -> Heard {
    match &update.kind {
        UpdateKind::Message(message) => said(message, ground),
        UpdateKind::EditedMessage(message) => edited(message, ground),
        UpdateKind::CallbackQuery(query) => pressed(query),
        _ => Heard::Nothing,
    }
}

fn said(message: &Message, ground: Ground<'_>) -> Heard {
    if let Some(to) = message.migrate_to_chat_id() {
        return Heard::Moved {
            from: message.chat.id.to_string(),
            to: to.to_string(),
        };
    }
    let Some(request) = request(message, ground) else {
        return Heard::Nothing;
    };
    match meant(message, ground) {
        Some(Call::Said(said)) => Heard::Said(request.saying(said)),
        Some(Call::Setup) => Heard::Setup(request),
        None if message.chat.is_private() && is_of_media(message) => {
            Heard::Said(request.saying(Said::Unreadable))
        }
        // A form is for chats that have one, and never typed.
        Some(Call::Form) | None => Heard::Nothing,
    }
}

/// A message that was typed anew, where the first one was for us.
fn edited(message: &Message, ground: Ground<'_>) -> Heard {
    let (Some(mut request), Some(_)) = (request(message, ground), meant(message, ground)) else {
        return Heard::Nothing;
    };
    let edited_at = message.edit_date().unwrap_or(&message.date).timestamp();
    let (chat, id) = (message.chat.id, message.id);
    let of = std::mem::replace(
        &mut request.key,
        format!("telegram:edit:{chat}:{id}:{edited_at}"),
    );
    Heard::Said(request.saying(Said::Edited { of }))
}

fn pressed(query: &CallbackQuery) -> Heard {
    let place = query.message.as_ref();
    let room = place
        .map(|message| message.chat())
        .filter(|chat| !chat.is_private())
        .map(|chat| chat.id);
    let said = match query.data.as_deref().map(str::parse) {
        Some(Ok(action)) => Said::Press(action),
        Some(Err(_)) | None => Said::Forged,
    };
    let message = place.map(|message| message.id().0);
    let incoming = Incoming {
        said,
        key: format!("telegram:press:{}", query.id),
        from: account(&query.from),
        place: place_of(&query.from, room),
        typed_at: None,
        answer_to: Some(answer_to(&query.from, message.filter(|_| room.is_some()))),
    };
    Heard::Pressed(query.id.clone(), incoming)
}

/// Of a message by a person, in private or in a group, all but what was said.
fn request(message: &Message, ground: Ground<'_>) -> Option<Request> {
    let from = message.from.as_ref().filter(|user| !user.is_bot)?;
    let chat = &message.chat;
    let is_group = chat.is_group() || chat.is_supergroup();
    if !is_group && !chat.is_private() {
        return None;
    }
    let room = is_group.then_some(chat.id);
    Some(Request {
        group: chat.id.0,
        from: account(from),
        place: place_of(from, room),
        key: format!("telegram:{}:{}", chat.id, message.id),
        typed_at: likely(message.date, ground.now),
        answer_to: answer_to(from, is_group.then_some(message.id.0)),
    })
}

fn account(user: &User) -> Account {
    Account {
        platform: Platform::Telegram,
        id: user.id.to_string(),
    }
}

/// A person's private chat with us has the id of the person.
fn place_of(user: &User, room: Option<ChatId>) -> Place {
    Place {
        platform: Platform::Telegram,
        id: user.id.to_string(),
        room: room.map(|chat| chat.to_string()),
    }
}

fn answer_to(user: &User, message: Option<i32>) -> AnswerTo {
    AnswerTo {
        alone: user.id.to_string(),
        message: message.map(|id| id.to_string()),
    }
}

fn likely(typed_at: DateTime<Utc>, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    let age = now - typed_at;
    let is_likely = age >= TimeDelta::zero() && age <= TimeDelta::hours(TYPED_HOURS_MAX);
    is_likely.then_some(typed_at)
}

/// A picture, a voice, a sticker, a file, a place: whatever a person sends that
/// is no text, of kinds too that came up after us.
fn is_of_media(message: &Message) -> bool {
    match &message.kind {
        MessageKind::Common(common) => !matches!(
            common.media_kind,
            MediaKind::Text(_) | MediaKind::Migration(_)
        ),
        kind => matches!(kind, MessageKind::Empty {}),
    }
}

/// What a text for us amounts to; None: it is not for us, or no text.
fn meant(message: &Message, ground: Ground<'_>) -> Option<Call> {
    let text = message.text()?;
    let words = |words: &str| Call::Said(Said::Words(words.to_owned()));
    let is_private = message.chat.is_private();
    if let Some((name, of, rest)) = command(text) {
        let own = ground.bot.map(|bot| bot.username.as_str());
        if of
            .zip(own)
            .is_some_and(|(of, own)| !of.eq_ignore_ascii_case(own))
        {
            return None;
        }
        match called(name, rest) {
            // In a private chat there is nothing to set up: that is said.
            Some(Call::Setup) if is_private => {
                return Some(Call::Said(Said::Setup(Readers::Members(None))));
            }
            Some(call) => return Some(call),
            None if of.is_some() => return Some(words(&format!("/{name} {rest}"))),
            None => {}
        }
    }
    if is_private {
        return Some(words(text));
    }
    let bot = ground.bot?;
    if let Some(text) = without_mention(text, &bot.username) {
        return Some(words(&text));
    }
    let is_reply_to_us = message
        .reply_to_message()
        .and_then(|replied| replied.from.as_ref())
        .is_some_and(|author| author.id.0 == bot.id);
    (is_reply_to_us || ground.free_lines_in_rooms).then(|| words(text))
}

/// `/name@bot rest`: the name, the bot's, the rest.
fn command(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let text = text.strip_prefix('/')?;
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (name, bot) = match word.split_once('@') {
        Some((name, bot)) => (name, Some(bot)),
        None => (word, None),
    };
    let is_name = (1..=COMMAND_CHARS_MAX).contains(&name.len()) && name.bytes().all(is_of_a_name);
    is_name.then_some((name, bot, rest.trim()))
}

/// What a command amounts to; None: it is none of ours.
fn called(name: &str, rest: &str) -> Option<Call> {
    match (name, rest) {
        // A person opens the bot, or does so by a link with a code.
        ("start", "") => commands::typed("/help"),
        ("start", code) => commands::typed(&format!("/join {code}")),
        _ => commands::typed(&format!("/{name} {rest}")),
    }
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The text without the first `@name`, if it has one.
fn without_mention(text: &str, name: &str) -> Option<String> {
    let (at, _) = text.match_indices('@').find(|(at, _)| {
        let named = text.get(at + 1..at + 1 + name.len());
        let behind = text.as_bytes().get(at + 1 + name.len());
        named.is_some_and(|named| named.eq_ignore_ascii_case(name))
            && !behind.copied().is_some_and(is_of_a_name)
    })?;
    let (before, after) = (
        text[..at].trim_end(),
        text[at + 1 + name.len()..].trim_start(),
    );
    Some(format!("{before} {after}").trim().to_owned())
}

#[cfg(test)]
mod tests {
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
            let Heard::Said(incoming) =
                understood(json!({"update_id": 1, "message": update}), false)
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
}
