//! Discord: a bot by the gateway. Whatever befalls the connection, it is made
//! again, and what was said meanwhile is read.
mod answering;
mod api;
mod checkup;
mod completion;
mod courier;
mod forms;
mod intake;
mod markdown;
mod menu;
mod places;
mod remembered;
mod render;
mod translate;
mod turns;

use crate::{
    conversation::checkup::{Finding, Room},
    engine::{Courier, Engine, clock::Clock},
};
use answering::Interactions;
use api::Api;
use courier::DiscordCourier;
use intake::Intake;
use secrecy::{ExposeSecret, SecretString};
use serenity::{
    all::{
        ClientBuilder, Context, EventHandler, GatewayIntents, Guild, Http, HttpBuilder,
        Interaction, Message, MessageUpdateEvent, Ready, UnavailableGuild,
    },
    async_trait,
    gateway::GatewayError,
};
use std::{sync::Arc, time::Duration};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;
use turns::Turns;

/// Before the connection is made again; longer after each failure.
const WAIT: Duration = Duration::from_secs(2);
const WAIT_MAX: Duration = Duration::from_secs(60);
/// A refused token or intent is an administrator's turn: it is tried again slowly.
const WAIT_FOR_ADMINISTRATOR: Duration = Duration::from_secs(300);
/// A stop waits so long for the gateway's farewell.
const FAREWELL_WAIT: Duration = Duration::from_secs(1);

/// Whoever cannot be connected to by then is away.
const CONNECT_PATIENCE: Duration = Duration::from_secs(5);
/// An answer that takes longer is none; shorter than what the engine waits.
const ANSWER_PATIENCE: Duration = Duration::from_secs(20);

/// The client for Discord: an office's proxy and certificates are put into the
/// builder before.
pub fn client(builder: reqwest::ClientBuilder) -> reqwest::Result<reqwest::Client> {
    builder
        .connect_timeout(CONNECT_PATIENCE)
        .timeout(ANSWER_PATIENCE)
        .build()
}

/// What Discord is reached with.
pub struct Settings {
    pub token: SecretString,
    /// Carries the office's proxy and certificate authority; made by [`client`].
    pub client: reqwest::Client,
    /// Whether lines in a registered channel are taken that are not said to the bot.
    pub free_lines_in_rooms: bool,
}

/// The office's bot on Discord.
pub struct Discord {
    settings: Settings,
    api: Arc<Api>,
    interactions: Arc<Interactions>,
    turns: Turns,
}

impl Discord {
    pub fn new(settings: Settings) -> Discord {
        Discord {
            api: Arc::new(Api::new(http(&settings))),
            interactions: Arc::new(Interactions::new()),
            turns: Turns::default(),
            settings,
        }
    }

    /// What the engine sends with.
    pub fn courier(&self) -> Arc<dyn Courier> {
        Arc::new(DiscordCourier {
            api: self.api.clone(),
            interactions: self.interactions.clone(),
            turns: self.turns.clone(),
        })
    }

    /// What is right and wrong with the bot and its registered places. Nothing is
    /// sent to anybody.
    pub async fn checkup(&self, clock: &Clock, rooms: &[Room]) -> Vec<Finding> {
        checkup::all(&self.api, clock, rooms).await
    }

    /// Hears what is said until the shutdown, and then finishes what it has heard:
    /// whoever calls waits as long as they like.
    pub async fn listen(&self, engine: Engine, shutdown: CancellationToken) {
        let intake = Intake::new(
            engine,
            (self.api.clone(), self.interactions.clone()),
            self.settings.free_lines_in_rooms,
        );
        let mut wait = WAIT;
        while !shutdown.is_cancelled() {
            let fault = self.connect(&intake, &shutdown).await;
            let pause = match fault {
                Some(Trouble::Administrator) => WAIT_FOR_ADMINISTRATOR,
                Some(Trouble::Connection) => {
                    wait = (wait * 2).min(WAIT_MAX);
                    wait
                }
                None => break,
            };
            tokio::select! {
                () = sleep(pause) => {}
                () = shutdown.cancelled() => {}
            }
        }
        intake.stop().await;
    }

    /// Holds one connection, which serenity makes again by itself after most
    /// faults. None: the shutdown ended it.
    async fn connect(&self, intake: &Intake, shutdown: &CancellationToken) -> Option<Trouble> {
        let intents = GatewayIntents::GUILDS
            | GatewayIntents::GUILD_MESSAGES
            | GatewayIntents::DIRECT_MESSAGES
            | GatewayIntents::MESSAGE_CONTENT;
        let building = ClientBuilder::new_with_http(http(&self.settings), intents)
            .event_handler(Ears(intake.clone()));
        let built = tokio::select! {
            built = building.into_future() => built,
            () = shutdown.cancelled() => return None,
        };
        let mut client = match built {
            Ok(client) => client,
            Err(error) => return Some(trouble(&error)),
        };
        let shards = client.shard_manager.clone();
        let ended = tokio::select! {
            ended = client.start() => Some(ended),
            () = shutdown.cancelled() => None,
        };
        // Without it serenity's own tasks would go on.
        tokio::select! {
            () = shards.shutdown_all() => {}
            () = async { shutdown.cancelled().await; sleep(FAREWELL_WAIT).await } => {}
        }
        match ended? {
            Ok(()) => Some(Trouble::Connection),
            Err(error) => Some(trouble(&error)),
        }
    }
}

fn http(settings: &Settings) -> Http {
    HttpBuilder::new(settings.token.expose_secret())
        .client(settings.client.clone())
        .build()
}

/// Why a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Trouble {
    Connection,
    Administrator,
}

fn trouble(error: &serenity::Error) -> Trouble {
    match error {
        serenity::Error::Gateway(GatewayError::InvalidAuthentication) => {
            tracing::error!("Discord refuses the token: set discord.token anew");
            Trouble::Administrator
        }
        serenity::Error::Gateway(
            GatewayError::DisallowedGatewayIntents | GatewayError::InvalidGatewayIntents,
        ) => {
            tracing::error!(
                "Discord refuses the intents: switch on the Message Content Intent for the bot in the Developer Portal"
            );
            Trouble::Administrator
        }
        _ => {
            tracing::warn!("the connection to Discord ended");
            Trouble::Connection
        }
    }
}

/// Hears serenity's events. Each is a task of its own, in no order: they are only
/// handed on.
struct Ears(Intake);

#[async_trait]
impl EventHandler for Ears {
    async fn ready(&self, _: Context, ready: Ready) {
        self.0.was_away(ready.user.id);
        tracing::info!(guilds = ready.guilds.len(), "connected to Discord");
        let intake = self.0.clone();
        let application = ready.application.id;
        self.0
            .spawn(async move { menu::register(&intake, application).await });
    }

    async fn message(&self, _: Context, message: Message) {
        self.0.hears_message(message);
    }

    async fn message_update(
        &self,
        _: Context,
        _: Option<Message>,
        _: Option<Message>,
        edit: MessageUpdateEvent,
    ) {
        self.0.hears_edit(edit);
    }

    async fn interaction_create(&self, _: Context, interaction: Interaction) {
        self.0.hears_interaction(&interaction).await;
    }

    /// An outage of a server is none of its channels: what waits for them waits.
    async fn guild_delete(&self, _: Context, guild: UnavailableGuild, _: Option<Guild>) {
        let id = guild.id;
        match guild.unavailable {
            true => tracing::warn!(guild = %id, "a server is not available"),
            false => tracing::warn!(guild = %id, "the bot was taken out of a server"),
        }
    }
}
