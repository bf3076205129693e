//! What we ask of Discord over HTTP, and what its refusals mean.
use super::{remembered::Remembered, render::Shown};
use crate::engine::SendError;
use reqwest::header::DATE;
use serde::Deserialize;
use serenity::{
    all::{
        ApplicationFlags, ApplicationId, Channel, ChannelId, ChannelType, CreateAllowedMentions,
        CreateCommand, CreateInteractionResponse, CreateInteractionResponseFollowup,
        CreateInteractionResponseMessage, CreateMessage, CurrentUser, EditInteractionResponse,
        EditMessage, GuildId, Http, InteractionId, InteractionResponseFlags, Member, Message,
        MessageId, MessagePagination, MessageReference, Nonce, PartialGuild, Role, UserId,
    },
    http::{HttpError, LightMethod, Request, Route},
};
use std::{ops::Range, time::Duration};
use tokio::sync::Mutex;

/// No single request takes longer, a wait for Discord's limits included: with the
/// wait for a turn, opening a private channel and saying something there stay
/// below what the engine waits for a courier.
const REQUEST_WAIT: Duration = Duration::from_secs(12);
/// What only a person can mend is not tried in haste.
const MENDED_BY_HAND: Duration = Duration::from_secs(15 * 60);
/// Codes that say that there are too many of something.
const OF_NUMBER: Range<isize> = 30_000..40_000;
/// Values from which an option is chosen.
pub const CHOICES_MAX: usize = 25;
/// Messages of one page.
pub const PAGE: u8 = 100;
/// Private channels that are remembered; the oldest is asked for again.
const CHANNELS_KEPT: usize = 2_000;

/// Why a request brought nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    #[error("not now")]
    Later,
    /// Nothing was taken: no connection came about.
    #[error("not reached")]
    Unreached,
    /// Our token is no token: an administrator's turn.
    #[error("the token is refused")]
    Token,
    /// It may have been done all the same.
    #[error("no answer")]
    Unknown,
    /// The person or channel cannot be reached any more.
    #[error("gone")]
    Gone,
    /// The interaction or message is over, or was never there.
    #[error("no such interaction or message")]
    Over,
    /// The interaction was answered before.
    #[error("answered before")]
    Answered,
    /// It did what was asked, and said so in a way that we cannot read.
    #[error("an answer that cannot be read")]
    Garbled,
    /// What we sent was wrong: a mistake of ours.
    #[error("refused with status {status} and code {code}")]
    Refused { status: u16, code: isize },
}

impl Failure {
    /// Whether the same again, later, can bring an answer.
    pub fn may_pass(self) -> bool {
        matches!(
            self,
            Failure::Later | Failure::Unreached | Failure::Token | Failure::Unknown
        )
    }

    /// Whether it was how the message looks, and not where it was to go or how
    /// many there are of something.
    pub fn is_of_form(self) -> bool {
        matches!(
            self,
            Failure::Refused { status: 400 | 413, code } if !OF_NUMBER.contains(&code)
        )
    }

    /// Of a request before anything was said: a lost answer is none.
    pub fn before_saying(self) -> Failure {
        match self {
            Failure::Unknown | Failure::Garbled => Failure::Later,
            failure => failure,
        }
    }
}

impl From<serenity::Error> for Failure {
    fn from(error: serenity::Error) -> Failure {
        match error {
            serenity::Error::Http(HttpError::UnsuccessfulRequest(answer)) => {
                failure(answer.status_code.as_u16(), answer.error.code)
            }
            serenity::Error::Http(HttpError::Request(error)) => {
                match error.is_connect() || error.is_builder() {
                    true => Failure::Unreached,
                    false => Failure::Unknown,
                }
            }
            // The limiter could not read what came with an answer.
            serenity::Error::Http(HttpError::RateLimitI64F64 | HttpError::RateLimitUtf8) => {
                Failure::Unknown
            }
            serenity::Error::Json(_) => Failure::Garbled,
            // We do not know our own application before the first READY.
            serenity::Error::Http(_) => Failure::Later,
            _ => Failure::Refused { status: 0, code: 0 },
        }
    }
}

impl From<Failure> for SendError {
    fn from(failure: Failure) -> SendError {
        match failure {
            Failure::Later | Failure::Unreached | Failure::Token => {
                SendError::Later { after: None }
            }
            Failure::Unknown | Failure::Answered | Failure::Garbled => SendError::Unknown,
            Failure::Gone => SendError::Gone,
            Failure::Over | Failure::Refused { .. } => {
                tracing::error!(%failure, "Discord does not take what we send");
                SendError::Later {
                    after: Some(MENDED_BY_HAND),
                }
            }
        }
    }
}

/// The meaning of a JSON error code, or of the status where the code tells nothing.
///
/// Source: Discord's table of JSON error codes.
fn failure(status: u16, code: isize) -> Failure {
    match (code, status) {
        // Unknown channel, guild or user; no access; closed to us; a channel without
        // text; no permission; nobody who can be written to; an archived or locked
        // thread; nothing in common with the person.
        (
            10_003 | 10_004 | 10_013 | 50_001 | 50_007 | 50_008 | 50_013 | 50_024 | 50_033 | 50_083
            | 50_278 | 160_005,
            _,
        ) => Failure::Gone,
        // Unknown message, webhook or interaction; a token that has run out.
        (10_008 | 10_015 | 10_062 | 50_027, _) => Failure::Over,
        (40_060, _) => Failure::Answered,
        // Too fast, by the limits of a channel, a server or of new private channels;
        // switched off or overloaded for a while.
        (20_016 | 20_022 | 20_028 | 20_029 | 40_003 | 40_004 | 130_000, _) => Failure::Later,
        // Whoever stands between does not know what became of it.
        (_, 504) => Failure::Unknown,
        (_, 401) => Failure::Token,
        // Limits without a time, and trouble on the other side.
        (_, 429 | 500..) => Failure::Later,
        _ => Failure::Refused { status, code },
    }
}

/// Discord's HTTP interface, behind its limiter.
pub struct Api {
    http: Http,
    /// The private channel of each person.
    channels: Mutex<Remembered<UserId, ChannelId>>,
}

/// Of the bot's application, what it has been given.
#[derive(Deserialize)]
struct Application {
    flags: ApplicationFlags,
}

/// What a message is sent with.
#[derive(Debug, Clone, Default)]
pub struct Sending {
    /// The same again within minutes is the same message.
    pub nonce: Option<String>,
    /// The message that is answered.
    pub answers: Option<MessageId>,
}

type Asked<T> = Result<T, Failure>;

async fn within<T>(asked: impl Future<Output = serenity::Result<T>>) -> Asked<T> {
    match tokio::time::timeout(REQUEST_WAIT, asked).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(Failure::Unknown),
    }
}

fn nobody() -> CreateAllowedMentions {
    CreateAllowedMentions::new().replied_user(false)
}

impl Api {
    pub fn new(http: Http) -> Api {
        Api {
            http,
            channels: Mutex::new(Remembered::new(CHANNELS_KEPT)),
        }
    }

    /// Says something in a channel; nobody is pinged by it.
    pub async fn say(
        &self,
        channel: ChannelId,
        shown: &Shown,
        sending: Sending,
    ) -> Asked<MessageId> {
        let mut message = CreateMessage::new()
            .content(&shown.content)
            .components(shown.rows.clone())
            .allowed_mentions(nobody());
        if let Some(nonce) = sending.nonce {
            message = message.nonce(Nonce::String(nonce)).enforce_nonce(true);
        }
        if let Some(answers) = sending.answers {
            let mut reference = MessageReference::from((channel, answers));
            // What is answered may have been deleted meanwhile.
            reference.fail_if_not_exists = Some(false);
            message = message.reference_message(reference);
        }
        let said = within(self.http.send_message(channel, Vec::new(), &message)).await?;
        Ok(said.id)
    }

    /// The private channel of a person.
    pub async fn private_channel(&self, user: UserId) -> Asked<ChannelId> {
        if let Some(known) = self.channels.lock().await.get(user) {
            return Ok(known);
        }
        let asked = serde_json::json!({ "recipient_id": user.to_string() });
        let channel = within(self.http.create_private_channel(&asked)).await?.id;
        self.channels.lock().await.add(user, channel);
        Ok(channel)
    }

    /// Shows a message anew.
    pub async fn edit(&self, channel: ChannelId, message: MessageId, shown: &Shown) -> Asked<()> {
        let edit = EditMessage::new()
            .content(&shown.content)
            .components(shown.rows.clone())
            .allowed_mentions(nobody());
        within(self.http.edit_message(channel, message, &edit, Vec::new())).await?;
        Ok(())
    }

    /// The first answer to an interaction: within three seconds, and once.
    pub async fn respond(
        &self,
        (interaction, token): (InteractionId, &str),
        response: &CreateInteractionResponse,
    ) -> Asked<()> {
        let asked = self
            .http
            .create_interaction_response(interaction, token, response, Vec::new());
        within(asked).await
    }

    /// Writes the deferred answer.
    pub async fn complete(
        &self,
        (application, token): (ApplicationId, &str),
        shown: &Shown,
    ) -> Asked<()> {
        self.http.set_application_id(application);
        let edit = EditInteractionResponse::new()
            .content(&shown.content)
            .components(shown.rows.clone())
            .allowed_mentions(nobody());
        let asked = self
            .http
            .edit_original_interaction_response(token, &edit, Vec::new());
        within(asked).await?;
        Ok(())
    }

    /// A further answer to an interaction.
    pub async fn follow_up(
        &self,
        (application, token): (ApplicationId, &str),
        shown: &Shown,
        is_alone: bool,
    ) -> Asked<()> {
        self.http.set_application_id(application);
        let mut more = CreateInteractionResponseFollowup::new()
            .content(&shown.content)
            .components(shown.rows.clone())
            .allowed_mentions(nobody());
        if is_alone {
            more = more.ephemeral(true);
        }
        within(self.http.create_followup_message(token, &more, Vec::new())).await?;
        Ok(())
    }

    /// Messages after that one, the oldest first; fewer than [`PAGE`] at the end.
    pub async fn messages_after(&self, channel: ChannelId, after: u64) -> Asked<Vec<Message>> {
        let after = MessagePagination::After(MessageId::new(after.max(1)));
        let asked = self.http.get_messages(channel, Some(after), Some(PAGE));
        let mut messages = within(asked).await?;
        messages.sort_by_key(|message| message.id);
        Ok(messages)
    }

    /// The channel, or the one that a thread hangs on.
    pub async fn room(&self, channel: ChannelId) -> Asked<Channel> {
        let found = within(self.http.get_channel(channel)).await?;
        let parent = match &found {
            Channel::Guild(thread)
                if matches!(
                    thread.kind,
                    ChannelType::NewsThread
                        | ChannelType::PublicThread
                        | ChannelType::PrivateThread
                ) =>
            {
                thread.parent_id
            }
            _ => None,
        };
        match parent {
            Some(parent) => within(self.http.get_channel(parent)).await,
            None => Ok(found),
        }
    }

    pub async fn roles(&self, guild: GuildId) -> Asked<Vec<Role>> {
        within(self.http.get_guild_roles(guild)).await
    }

    /// The bot itself, with the `Date` that the answer bears.
    pub async fn me(&self) -> Asked<(CurrentUser, Option<String>)> {
        let asked = self
            .http
            .request(Request::new(Route::UserMe, LightMethod::Get));
        let response = within(asked).await?;
        let date = response.headers().get(DATE);
        let date = date.and_then(|date| date.to_str().ok()).map(str::to_owned);
        let answer = response.bytes().await.map_err(|_| Failure::Unknown)?;
        let me = serde_json::from_slice(&answer).map_err(|_| Failure::Garbled)?;
        Ok((me, date))
    }

    /// What the bot's application has been given.
    pub async fn flags(&self) -> Asked<ApplicationFlags> {
        let asked = Request::new(Route::Oauth2ApplicationCurrent, LightMethod::Get);
        let application: Application = within(self.http.fire(asked)).await?;
        Ok(application.flags)
    }

    pub async fn guild(&self, guild: GuildId) -> Asked<PartialGuild> {
        within(self.http.get_guild(guild)).await
    }

    pub async fn member(&self, guild: GuildId, user: UserId) -> Asked<Member> {
        within(self.http.get_member(guild, user)).await
    }

    /// All commands at once; those that are not named are gone.
    pub async fn register(
        &self,
        application: ApplicationId,
        commands: &[CreateCommand],
    ) -> Asked<()> {
        self.http.set_application_id(application);
        within(self.http.create_global_commands(&commands)).await?;
        Ok(())
    }
}

/// An answer to an interaction with that content.
pub fn message(shown: &Shown, is_alone: bool) -> CreateInteractionResponseMessage {
    let answer = CreateInteractionResponseMessage::new()
        .content(&shown.content)
        .components(shown.rows.clone())
        .allowed_mentions(nobody());
    for_whom(answer, is_alone)
}

/// That an answer will come.
pub fn deferral(is_alone: bool) -> CreateInteractionResponse {
    CreateInteractionResponse::Defer(for_whom(CreateInteractionResponseMessage::new(), is_alone))
}

fn for_whom(
    answer: CreateInteractionResponseMessage,
    is_alone: bool,
) -> CreateInteractionResponseMessage {
    match is_alone {
        true => answer.flags(InteractionResponseFlags::EPHEMERAL),
        false => answer,
    }
}

#[cfg(test)]
mod tests {
    use super::{Failure, MENDED_BY_HAND, failure};
    use crate::engine::SendError;

    #[test]
    fn a_refusal_says_whether_to_try_again() {
        let later = SendError::Later { after: None };
        let by_hand = SendError::Later {
            after: Some(MENDED_BY_HAND),
        };
        for (status, code, expected) in [
            (404, 10_003, SendError::Gone),
            (404, 10_004, SendError::Gone),
            (404, 10_013, SendError::Gone),
            (403, 50_001, SendError::Gone),
            (403, 50_007, SendError::Gone),
            (400, 50_008, SendError::Gone),
            (403, 50_013, SendError::Gone),
            (400, 50_033, SendError::Gone),
            (400, 50_083, SendError::Gone),
            (403, 50_278, SendError::Gone),
            (429, 0, later.clone()),
            (429, 20_028, later.clone()),
            (429, 30_046, later.clone()),
            (400, 40_003, later.clone()),
            (401, 40_001, later.clone()),
            (500, 0, later.clone()),
            (503, -1, later.clone()),
            (504, -1, SendError::Unknown),
            // What is over for an interaction says nothing of a person.
            (404, 10_008, by_hand.clone()),
            // A mistake of ours is no reason to call a person gone, nor is a page
            // that somebody between us and Discord has written.
            (400, 50_035, by_hand.clone()),
            (400, 30_003, by_hand.clone()),
            (403, -1, by_hand.clone()),
            (404, 0, by_hand.clone()),
        ] {
            let told = SendError::from(failure(status, code));
            assert_eq!(told, expected, "{status} {code}");
        }
        assert_eq!(failure(404, 10_062), Failure::Over);
        assert_eq!(failure(401, 50_027), Failure::Over);
        assert_eq!(failure(400, 40_060), Failure::Answered);
    }

    #[test]
    fn what_is_wrong_with_a_message_is_told_from_what_is_wrong_with_its_way() {
        for (status, code, is_of_form) in [
            (400, 50_035, true),
            (400, 50_006, true),
            (400, 200_000, true),
            (413, 40_005, true),
            (400, 30_003, false),
            (400, 50_033, false),
            (403, 50_007, false),
            (403, -1, false),
        ] {
            assert_eq!(failure(status, code).is_of_form(), is_of_form, "{code}");
        }
    }
}
