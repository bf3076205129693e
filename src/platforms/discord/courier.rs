//! Discord's courier: private messages, answers, posts, and who can read a channel.
use super::{
    answering::{Handle, Interactions, Saying, Ticket, id},
    api::{Api, Failure, Sending},
    render::{self, Shown},
    turns::Turns,
};
use crate::{
    conversation::message::{Account, Readers},
    engine::{Address, Courier, Letter, Parcel, SendError},
    platforms::rank::Rank,
};
use futures_util::{FutureExt, future::BoxFuture};
use serenity::all::{
    Channel, ChannelId, GuildChannel, MessageId, PermissionOverwriteType, Permissions, Role, UserId,
};
use std::sync::Arc;

/// Brings messages to the people and channels of Discord.
///
/// A message carries a nonce of its delivery or letter, which Discord compares
/// for some minutes: what was sent without an answer, and is sent again by then,
/// stands there once. Tried again only later, as after a long outage, it may stand
/// there twice, unmarked. We take that: pressing the buttons of either does the same.
pub struct DiscordCourier {
    pub api: Arc<Api>,
    pub interactions: Arc<Interactions>,
    pub turns: Turns,
}

impl Courier for DiscordCourier {
    fn repeats(&self) -> bool {
        false
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<String, SendError>> {
        async move {
            let user = user_of(&parcel.to)?;
            let nonce = format!("d{}", parcel.delivery.0);
            let _turn = self.turns.turn(user.get(), Rank::of(parcel)).await?;
            match self
                .say_to(user, &render::reply(&parcel.reply), Some(nonce))
                .await
            {
                Ok((channel, message)) => Ok(format!("{channel}:{message}")),
                // It stands there, or stood there until somebody deleted it, as the
                // nonce tells; without its id it is not shown anew later.
                Err(Failure::Garbled | Failure::Over) => Ok(String::new()),
                Err(failure) => Err(failure.into()),
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
            let Some((channel, message)) = message.split_once(':') else {
                return Ok(());
            };
            let channel = ChannelId::new(known(channel)?);
            let message = MessageId::new(known(message)?);
            let shown = render::reply(&parcel.reply);
            let reader = user_of(&parcel.to)?;
            let _turn = self.turns.turn(reader.get(), Rank::Unasked).await?;
            let edited = match self.api.edit(channel, message, &shown).await {
                Err(failure) if failure.is_of_form() => {
                    not_taken(channel, failure);
                    self.api.edit(channel, message, &shown.plain()).await
                }
                edited => edited,
            };
            match edited {
                // One that is not there any more need not be shown anew.
                Ok(()) | Err(Failure::Garbled | Failure::Over) => Ok(()),
                Err(failure) => Err(failure.into()),
            }
        }
        .boxed()
    }

    fn post<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            match &letter.address {
                Address::Alone(handle) => match handle.parse() {
                    Ok(Handle::User(user)) => self.write_to(user, letter).await,
                    Ok(Handle::Interaction(ticket)) => self.answer(&ticket, letter).await,
                    Err(_) => Err(SendError::Gone),
                },
                Address::Room { room, message } => {
                    self.post_in(room, message.as_deref(), letter).await
                }
            }
        }
        .boxed()
    }

    fn readers<'a>(&'a self, room: &'a str) -> BoxFuture<'a, Result<Readers, SendError>> {
        async move { Ok(readers(&self.api, ChannelId::new(known(room)?)).await?) }.boxed()
    }
}

impl DiscordCourier {
    async fn say_to(
        &self,
        user: UserId,
        shown: &Shown,
        nonce: Option<String>,
    ) -> Result<(ChannelId, MessageId), Failure> {
        let channel = self.api.private_channel(user).await;
        let channel = channel.map_err(Failure::before_saying)?;
        let sending = Sending {
            nonce,
            answers: None,
        };
        let message = self.say(channel, shown, sending).await?;
        Ok((channel, message))
    }

    /// One message. Where Discord does not take how it looks, once more as plain
    /// text, so that what it says arrives.
    async fn say(
        &self,
        channel: ChannelId,
        shown: &Shown,
        sending: Sending,
    ) -> Result<MessageId, Failure> {
        match self.api.say(channel, shown, sending.clone()).await {
            Err(failure) if failure.is_of_form() => {
                not_taken(channel, failure);
                let sending = Sending {
                    answers: None,
                    ..sending
                };
                self.api.say(channel, &shown.plain(), sending).await
            }
            said => said,
        }
    }

    async fn write_to(&self, user: UserId, letter: &Letter) -> Result<(), SendError> {
        let shown = render::reply(&letter.reply);
        let _turn = self.turns.turn(user.get(), Rank::Answer).await?;
        settled(self.say_to(user, &shown, nonce_of(letter)).await)
    }

    /// Of interactions Discord takes as many as are made: no turn is waited for.
    async fn answer(&self, ticket: &Ticket, letter: &Letter) -> Result<(), SendError> {
        let shown = render::reply(&letter.reply);
        let saying = Saying {
            shown: &shown,
            letter: letter.id,
            maybe_said: letter.maybe_sent,
        };
        let answered = match self.interactions.answers(ticket, saying, &self.api).await {
            Err(failure) if failure.is_of_form() => {
                tracing::error!(interaction = %ticket.id, %failure, "{NOT_TAKEN}");
                let shown = &shown.plain();
                let saying = Saying { shown, ..saying };
                self.interactions.answers(ticket, saying, &self.api).await
            }
            answered => answered,
        };
        match answered {
            Err(Failure::Over) => self.write_to(ticket.user, letter).await,
            answered => settled(answered),
        }
    }

    async fn post_in(
        &self,
        room: &str,
        message: Option<&str>,
        letter: &Letter,
    ) -> Result<(), SendError> {
        let channel = ChannelId::new(known(room)?);
        let answers = message.map(known).transpose()?.map(MessageId::new);
        let sending = Sending {
            nonce: nonce_of(letter),
            answers,
        };
        let shown = render::reply(&letter.reply);
        let _turn = self.turns.turn(channel.get(), Rank::Answer).await?;
        settled(self.say(channel, &shown, sending).await)
    }
}

const NOT_TAKEN: &str = "a message was not taken as it is; its text alone is sent";

fn not_taken(channel: ChannelId, failure: Failure) {
    tracing::error!(%channel, %failure, "{NOT_TAKEN}");
}

/// What was said in a way that only its answer cannot be read stands there, and what
/// was deleted before it was said again has been said.
fn settled<T>(said: Result<T, Failure>) -> Result<(), SendError> {
    match said {
        Ok(_) | Err(Failure::Garbled | Failure::Over) => Ok(()),
        Err(failure) => Err(failure.into()),
    }
}

/// Who can read a channel: everyone in the server, or some of them. How many, no
/// bot is told without the list of members.
pub async fn readers(api: &Api, channel: ChannelId) -> Result<Readers, Failure> {
    match api.room(channel).await? {
        Channel::Guild(room) => {
            let roles = api.roles(room.guild_id).await?;
            Ok(match everyone_reads(&room, &roles) {
                true => Readers::Everyone,
                false => Readers::Members(None),
            })
        }
        // The person and the bot.
        _ => Ok(Readers::Members(Some(2))),
    }
}

/// Whether @everyone, the role that has the server's own id, may view it. A role
/// that is not told counts as one that may.
pub(super) fn everyone_reads(room: &GuildChannel, roles: &[Role]) -> bool {
    let everyone = room.guild_id.everyone_role();
    let own = roles.iter().find(|role| role.id == everyone);
    let base = own.map_or(Permissions::VIEW_CHANNEL, |role| role.permissions);
    let overwrite = room
        .permission_overwrites
        .iter()
        .find(|overwrite| overwrite.kind == PermissionOverwriteType::Role(everyone));
    let (allow, deny) = overwrite.map_or((Permissions::empty(), Permissions::empty()), |found| {
        (found.allow, found.deny)
    });
    base.difference(deny)
        .union(allow)
        .intersects(Permissions::VIEW_CHANNEL | Permissions::ADMINISTRATOR)
}

fn user_of(account: &Account) -> Result<UserId, SendError> {
    Ok(UserId::new(known(&account.id)?))
}

fn known(text: &str) -> Result<u64, SendError> {
    id(text).map_err(|_| SendError::Gone)
}

fn nonce_of(letter: &Letter) -> Option<String> {
    letter.id.map(|id| format!("l{id}"))
}
