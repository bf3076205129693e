//! The chats of an office: those with a token, reached as its network wants.
use super::loops::Loops;
use crate::{
    config::{self, Config, Network},
    conversation::{
        checkup::{Finding, Room},
        message::Platform,
    },
    engine::{Couriers, Engine, clock::Clock},
    platforms::{
        discord::{self, Discord},
        telegram::{self, Limits, Telegram},
    },
};
use anyhow::{Context, bail};
use reqwest::NoProxy;
use std::{fs, sync::Arc};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Never reached through a proxy: a server of Telegram's API may run beside us.
const THIS_MACHINE: &str = "localhost, 127.0.0.0/8, ::1";

/// The platforms that have a token.
pub fn switched_on(config: &Config) -> Vec<Platform> {
    let has_token = |platform: &Platform| match platform {
        Platform::Telegram => config.telegram.token.is_some(),
        Platform::Discord => config.discord.token.is_some(),
        Platform::Page => false,
    };
    Platform::CHATS.into_iter().filter(has_token).collect()
}

/// The platforms that are switched on.
pub struct Chats {
    telegram: Option<Telegram>,
    discord: Option<Discord>,
}

impl Chats {
    /// None at all, as in a trial.
    pub fn none() -> Chats {
        Chats {
            telegram: None,
            discord: None,
        }
    }

    /// A platform without a token is off.
    pub fn of(config: &Config) -> anyhow::Result<Chats> {
        let telegram = match &config.telegram.token {
            Some(token) => Some(Telegram::new(telegram::Settings {
                token: token.clone(),
                api_url: telegram_address(&config.telegram)?,
                client: telegram::client(network(&config.network)?)
                    .context("no client for Telegram")?,
                free_lines_in_rooms: config.chat.free_lines_in_rooms,
                limits: limits(&config.telegram),
            })),
            None => None,
        };
        let discord = match &config.discord.token {
            Some(token) => Some(Discord::new(discord::Settings {
                token: token.clone(),
                client: discord::client(network(&config.network)?)
                    .context("no client for Discord")?,
                free_lines_in_rooms: config.chat.free_lines_in_rooms,
            })),
            None => None,
        };
        Ok(Chats { telegram, discord })
    }

    /// What the engine sends with.
    pub fn couriers(&self) -> Couriers {
        let telegram = self.telegram.as_ref();
        let discord = self.discord.as_ref();
        telegram
            .map(|telegram| (Platform::Telegram, telegram.courier()))
            .into_iter()
            .chain(discord.map(|discord| (Platform::Discord, discord.courier())))
            .collect()
    }

    /// What is right and wrong with the bot on that platform, and with these
    /// places there; nothing of one that is off.
    pub async fn checkup(&self, platform: Platform, clock: &Clock, rooms: &[Room]) -> Vec<Finding> {
        match (platform, &self.telegram, &self.discord) {
            (Platform::Telegram, Some(telegram), _) => telegram.checkup(clock, rooms).await,
            (Platform::Discord, _, Some(discord)) => discord.checkup(clock, rooms).await,
            (Platform::Telegram | Platform::Discord | Platform::Page, _, _) => Vec::new(),
        }
    }

    /// Listens to each until `shutdown`; a fault of ours in it is one of a loop.
    pub fn listen(
        self,
        loops: &Loops,
        (engine, tracker): (&Engine, &TaskTracker),
        shutdown: &CancellationToken,
    ) {
        if let Some(telegram) = self.telegram.map(Arc::new) {
            let (hears, until) = (engine.clone(), shutdown.clone());
            let listen = move || {
                let (telegram, engine, until) = (telegram.clone(), hears.clone(), until.clone());
                async move { telegram.listen(engine, until).await }
            };
            let name = Platform::Telegram.code();
            tracker.spawn(
                loops
                    .clone()
                    .keep(name, engine.clone(), shutdown.clone(), listen),
            );
        }
        if let Some(discord) = self.discord.map(Arc::new) {
            let (hears, until) = (engine.clone(), shutdown.clone());
            let listen = move || {
                let (discord, engine, until) = (discord.clone(), hears.clone(), until.clone());
                async move { discord.listen(engine, until).await }
            };
            let name = Platform::Discord.code();
            tracker.spawn(
                loops
                    .clone()
                    .keep(name, engine.clone(), shutdown.clone(), listen),
            );
        }
    }
}

fn telegram_address(telegram: &config::Telegram) -> anyhow::Result<reqwest::Url> {
    let own = telegram.api_url.as_ref().map(|address| address.as_str());
    own.unwrap_or(telegram::own_address())
        .parse()
        .context("no address for Telegram")
}

fn limits(telegram: &config::Telegram) -> Limits {
    Limits {
        per_second: telegram.per_second,
        per_second_and_chat: telegram.per_second_and_chat,
        per_minute_and_group: telegram.per_minute_and_group,
    }
}

/// A client as the office's network wants it; its platform adds the time-outs.
pub fn network(network: &Network) -> anyhow::Result<reqwest::ClientBuilder> {
    let mut builder = reqwest::Client::builder();
    if let Some(proxy) = &network.proxy {
        // Its address may hold a password: it is not repeated.
        let proxy = reqwest::Proxy::all(proxy.as_str())
            .map_err(|_| anyhow::anyhow!("`proxy` of [network] cannot be used"))?;
        builder = builder.proxy(proxy.no_proxy(NoProxy::from_string(THIS_MACHINE)));
    }
    if let Some(file) = &network.ca_file {
        let named = || format!("`ca_file` of [network], {}", file.display());
        let pem = fs::read(file).with_context(named)?;
        let certificates = reqwest::Certificate::from_pem_bundle(&pem).with_context(named)?;
        if certificates.is_empty() {
            bail!("{}: there is no certificate in it", named());
        }
        for certificate in certificates {
            builder = builder.add_root_certificate(certificate);
        }
    }
    Ok(builder)
}
