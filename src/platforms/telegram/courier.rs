//! Brings messages to Telegram, and says what became of them.
use super::{
    api::{Api, Failure, Refusal},
    pace::{NotYet, Pace},
    render::{self, Rendered},
};
use crate::{
    conversation::message::Readers,
    engine::{Address, Courier, Letter, Parcel, SendError},
    platforms::rank::Rank,
};
use futures_util::{FutureExt, future::BoxFuture};
use serde::{Deserialize, de::IgnoredAny};
use std::{sync::Arc, time::Duration};
use teloxide_core::{
    ApiError,
    payloads::{EditMessageText, GetChat, GetChatMemberCount, SendMessage},
    types::{ChatId, LinkPreviewOptions, MessageId, ReplyMarkup, ReplyParameters},
};

/// What only a person can mend, our token or a message that Telegram does not
/// take, is not tried in haste.
const MENDED_BY_HAND: Duration = Duration::from_secs(15 * 60);

pub(super) struct TelegramCourier {
    api: Arc<Api>,
    pace: Pace,
}

impl TelegramCourier {
    pub fn new(api: Arc<Api>, pace: Pace) -> TelegramCourier {
        TelegramCourier { api, pace }
    }
}

/// Of a sent message its id alone.
#[derive(Deserialize)]
struct Sent {
    message_id: i32,
}

impl Courier for TelegramCourier {
    fn repeats(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<String, SendError>> {
        async move {
            let chat = chat_id(&parcel.to.id)?;
            self.pace.turn(chat, Rank::of(parcel)).await?;
            let message = message_to(chat, render::reply(&parcel.reply), None);
            match self.say(chat, message).await {
                Ok(Sent { message_id }) => Ok(message_id.to_string()),
                // It stands there; without its id it is not shown anew later.
                Err(Failure::Unread) => Ok(String::new()),
                Err(failure) => Err(unsent(failure)),
            }
        }
        .boxed()
    }

    fn edit<'a>(
        &'a self,
        message: &'a str,
        parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            let chat = chat_id(&parcel.to.id)?;
            let Ok(message) = message.parse() else {
                return Ok(());
            };
            self.pace.turn(chat, Rank::Unasked).await?;
            let rendered = render::reply(&parcel.reply);
            let mut edit = EditMessageText::new(ChatId(chat), MessageId(message), rendered.text);
            edit.entities = (!rendered.entities.is_empty()).then_some(rendered.entities);
            edit.link_preview_options = Some(no_preview());
            edit.reply_markup = rendered.keyboard;
            match self.show(chat, edit).await {
                Ok(_) | Err(Failure::Unread) => Ok(()),
                Err(Failure::Refused(refusal)) => self.not_edited(chat, refusal),
                Err(failure) => Err(unsent(failure)),
            }
        }
        .boxed()
    }

    fn post<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            let (chat, answered) = match &letter.address {
                Address::Alone(chat) => (chat_id(chat)?, None),
                Address::Room { room, message } => (chat_id(room)?, message.as_deref()),
            };
            self.pace.turn(chat, Rank::Answer).await?;
            let message = message_to(chat, render::reply(&letter.reply), answered);
            match self.say(chat, message).await {
                Ok(_) | Err(Failure::Unread) => Ok(()),
                Err(failure) => Err(unsent(failure)),
            }
        }
        .boxed()
    }

    fn readers<'a>(&'a self, room: &'a str) -> BoxFuture<'a, Result<Readers, SendError>> {
        async move {
            let chat = chat_id(room)?;
            let known = Chat::of(&self.api, chat).await.map_err(unsent)?;
            // How many they are is asked when a group is set up.
            Ok(match known.is_open() {
                true => Readers::Everyone,
                false => Readers::Members(None),
            })
        }
        .boxed()
    }
}

impl TelegramCourier {
    /// One message. Where Telegram does not take how it looks, once more as
    /// plain text, so that what it says arrives.
    async fn say(&self, chat: i64, message: SendMessage) -> Result<Sent, Failure> {
        let said = self.api.call(&message).await;
        let said = match said {
            Err(Failure::Refused(refusal)) if is_of_form(&refusal) => {
                not_taken(chat, &refusal);
                let plain = SendMessage::new(ChatId(chat), message.text);
                self.api.call(&plain).await
            }
            said => said,
        };
        if let Err(Failure::Refused(refusal)) = &said
            && refusal.is_of_haste()
        {
            self.pace.hold(chat, refusal.retry_after);
        }
        said
    }

    /// A sent message anew, and as plain text where Telegram does not take how it
    /// looks.
    async fn show(&self, chat: i64, edit: EditMessageText) -> Result<IgnoredAny, Failure> {
        match self.api.call(&edit).await {
            Err(Failure::Refused(refusal)) if is_of_form(&refusal) && !is_settled(&refusal) => {
                not_taken(chat, &refusal);
                let plain = EditMessageText::new(ChatId(chat), edit.message_id, edit.text);
                self.api.call(&plain).await
            }
            shown => shown,
        }
    }

    fn not_edited(&self, chat: i64, refusal: Refusal) -> Result<(), SendError> {
        if refusal.is_of_haste() {
            self.pace.hold(chat, refusal.retry_after);
        }
        match is_settled(&refusal) {
            true => Ok(()),
            false => Err(unsent(Failure::Refused(refusal))),
        }
    }
}

fn not_taken(chat: i64, refusal: &Refusal) {
    tracing::error!(
        chat,
        code = refusal.code,
        "a message was not taken as it is; its text alone is sent"
    );
}

/// A message that stands there as it should, or is not there any more, need not be
/// shown anew.
fn is_settled(refusal: &Refusal) -> bool {
    matches!(
        refusal.error,
        Some(
            ApiError::MessageNotModified
                | ApiError::MessageToEditNotFound
                | ApiError::MessageIdInvalid
                | ApiError::MessageCantBeEdited
        )
    )
}

fn message_to(chat: i64, rendered: Rendered, answered: Option<&str>) -> SendMessage {
    let mut message = SendMessage::new(ChatId(chat), rendered.text);
    message.entities = (!rendered.entities.is_empty()).then_some(rendered.entities);
    message.link_preview_options = Some(no_preview());
    message.reply_markup = rendered.keyboard.map(ReplyMarkup::InlineKeyboard);
    message.reply_parameters = answered
        .and_then(|message| message.parse().ok())
        .map(|id| ReplyParameters::new(MessageId(id)).allow_sending_without_reply());
    message
}

/// A preview would fetch the address, and show more than was said.
fn no_preview() -> LinkPreviewOptions {
    LinkPreviewOptions {
        is_disabled: true,
        url: None,
        prefer_small_media: false,
        prefer_large_media: false,
        show_above_text: false,
    }
}

/// What is no chat of Telegram's cannot be reached there.
fn chat_id(handle: &str) -> Result<i64, SendError> {
    handle.parse().map_err(|_| SendError::Gone)
}

impl From<NotYet> for SendError {
    fn from(NotYet(after): NotYet) -> SendError {
        SendError::Later { after: Some(after) }
    }
}

/// What a failure means for what was to be sent.
pub(super) fn unsent(failure: Failure) -> SendError {
    match failure {
        Failure::Unreached | Failure::Trouble { .. } => SendError::Later { after: None },
        Failure::NoAnswer | Failure::Unread => SendError::Unknown,
        Failure::Refused(refusal) => refused(&refusal),
    }
}

fn refused(refusal: &Refusal) -> SendError {
    if let Some(chat) = refusal.moved_to {
        return SendError::Moved {
            to: chat.to_string(),
        };
    }
    match refusal.code {
        429 => SendError::Later {
            after: refusal.retry_after,
        },
        // Blocked, kicked, deactivated, or never talked with; a place that is not
        // there. Without Telegram's words it was somebody between us and them.
        403 if refusal.error.is_some() => SendError::Gone,
        400 if !is_of_form(refusal) => SendError::Gone,
        code => {
            tracing::error!(code, "Telegram does not take what we send");
            SendError::Later {
                after: Some(MENDED_BY_HAND),
            }
        }
    }
}

/// Whether it was how the message looks, and not where it was to go.
fn is_of_form(refusal: &Refusal) -> bool {
    let is_of_place = matches!(
        refusal.error,
        Some(
            ApiError::ChatNotFound
                | ApiError::UserNotFound
                | ApiError::GroupDeactivated
                | ApiError::BotKicked
                | ApiError::CantInitiateConversation
                | ApiError::CantTalkWithBots
                | ApiError::NotEnoughRightsToPostMessages
        )
    );
    refusal.code == 400 && refusal.moved_to.is_none() && !is_of_place
}

/// Of a chat, by what it is found, and what its members may do.
#[derive(Deserialize)]
pub(super) struct Chat {
    username: Option<String>,
    #[serde(default)]
    active_usernames: Vec<String>,
    permissions: Option<Permissions>,
}

#[derive(Deserialize)]
struct Permissions {
    can_send_messages: Option<bool>,
}

impl Chat {
    pub async fn of(api: &Api, chat: i64) -> Result<Chat, Failure> {
        api.call(&GetChat::new(ChatId(chat))).await
    }

    /// Whether it is open to whoever comes: it has a public name.
    pub fn is_open(&self) -> bool {
        self.username.is_some() || !self.active_usernames.is_empty()
    }

    /// Whether a member who has no say of their own may write.
    pub fn lets_members_write(&self) -> bool {
        let permissions = self.permissions.as_ref();
        permissions.and_then(|own| own.can_send_messages) != Some(false)
    }
}

/// Who can read that group, and how many they are.
pub(super) async fn readers(api: &Api, chat: i64) -> Result<Readers, Failure> {
    if Chat::of(api, chat).await?.is_open() {
        return Ok(Readers::Everyone);
    }
    let members = api.call(&GetChatMemberCount::new(ChatId(chat))).await;
    Ok(Readers::Members(match members {
        Ok(count) => Some(count),
        Err(Failure::Unread) => None,
        Err(failure) => return Err(failure),
    }))
}

#[cfg(test)]
mod tests {
    use super::{Failure, Refusal, is_of_form, unsent};
    use crate::engine::SendError;
    use serde_json::json;
    use std::time::Duration;

    fn refusal(code: u16, description: &str) -> Refusal {
        Refusal {
            code,
            error: serde_json::from_value(json!(description)).ok(),
            retry_after: None,
            moved_to: None,
        }
    }

    #[test]
    fn each_failure_says_what_to_do_about_it() {
        let later = |after: Option<u64>| SendError::Later {
            after: after.map(Duration::from_secs),
        };
        let refused = |code, description| Failure::Refused(refusal(code, description));
        let mut haste = refusal(429, "Too Many Requests: retry after 7");
        haste.retry_after = Some(Duration::from_secs(7));
        let mut moved = refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
        );
        moved.moved_to = Some(-1007);
        for (failure, expected) in [
            (Failure::Unreached, later(None)),
            (Failure::Trouble { status: 502 }, later(None)),
            (Failure::NoAnswer, SendError::Unknown),
            (Failure::Refused(haste), later(Some(7))),
            (refused(429, "Too Many Requests"), later(None)),
            (
                Failure::Refused(moved),
                SendError::Moved {
                    to: "-1007".to_owned(),
                },
            ),
            (
                refused(403, "Forbidden: bot was blocked by the user"),
                SendError::Gone,
            ),
            (
                refused(403, "Forbidden: words of another year"),
                SendError::Gone,
            ),
            (Failure::Refused(Refusal::bare(403)), later(Some(900))),
            (
                refused(403, "Forbidden: user is deactivated"),
                SendError::Gone,
            ),
            (
                refused(403, "Forbidden: bot was kicked from the supergroup chat"),
                SendError::Gone,
            ),
            (refused(400, "Bad Request: chat not found"), SendError::Gone),
            (
                refused(
                    400,
                    "Bad Request: need administrator rights in the channel chat",
                ),
                SendError::Gone,
            ),
            // Telegram has told this of every place before, by a fault of its own.
            (
                refused(
                    400,
                    "Bad Request: not enough rights to send text messages to the chat",
                ),
                later(Some(900)),
            ),
            (
                refused(400, "Bad Request: message is too long"),
                later(Some(900)),
            ),
            (
                refused(
                    400,
                    "Bad Request: can't parse entities: unsupported start tag",
                ),
                later(Some(900)),
            ),
            (
                refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                ),
                later(Some(900)),
            ),
            (refused(400, "Bad Request: something new"), later(Some(900))),
            (refused(401, "Unauthorized"), later(Some(900))),
            (refused(404, "Not Found"), later(Some(900))),
        ] {
            let said = format!("{failure:?}");
            assert_eq!(unsent(failure), expected, "{said}");
        }
    }

    #[test]
    fn a_place_that_is_gone_is_no_fault_of_form() {
        assert!(is_of_form(&refusal(
            400,
            "Bad Request: BUTTON_DATA_INVALID"
        )));
        assert!(is_of_form(&refusal(400, "Bad Request: something new")));
        assert!(!is_of_form(&refusal(400, "Bad Request: chat not found")));
        assert!(!is_of_form(&refusal(403, "Forbidden: something new")));
    }
}
