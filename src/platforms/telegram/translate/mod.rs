//! An update of Telegram as a message to the engine.
mod meant;
#[cfg(test)]
mod tests;

use crate::conversation::{
    commands::Call,
    message::{Account, AnswerTo, Incoming, Place, Platform, Said},
};
use chrono::{DateTime, TimeDelta, Utc};
use meant::meant;
use serde::Deserialize;
use teloxide_core::types::{
    CallbackQuery, CallbackQueryId, Chat, ChatId, MediaKind, Message, MessageKind, Update,
    UpdateKind, User,
};

/// Telegram keeps an update for a day; an older date is a wrong clock.
const TYPED_HOURS_MAX: i64 = 48;

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
