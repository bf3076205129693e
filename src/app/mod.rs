//! The front hall: wires the rooms together, keeps the loops alive, and stops
//! everything in order on one signal.
mod loops;
pub mod read;
pub mod trial;

use crate::{
    config::Config,
    conversation::{
        decide,
        message::Platform,
        reading::{Words, WordsError},
    },
    engine::{self, Engine, Parts, clock::Clock},
    platforms::web::PageCourier,
    store::Db,
};
use anyhow::Context;
use std::{sync::Arc, time::Duration};
use tokio_util::sync::CancellationToken;

/// The settings of that folder, and those of the environment.
pub fn load(folder: Option<&std::path::Path>) -> anyhow::Result<Config> {
    Config::load(folder, std::env::vars_os()).context("the settings cannot be used")
}

/// The office's words: the base words and its own.
pub fn words(config: &Config) -> anyhow::Result<Words> {
    match &config.words {
        None => Ok(Words::built_in()),
        Some(file) => Words::with_office(&file.text)
            .map_err(|error: WordsError| anyhow::anyhow!("{}: {error}", file.path.display())),
    }
}

/// What deciding needs of the settings.
fn rules(config: &Config) -> decide::Office {
    decide::Office {
        calendar: config.office.calendar(),
        proposals: config.proposals.clone(),
        ladder: config.ladder.clone(),
        card: config
            .office
            .card
            .iter()
            .map(|line| (line.label.clone(), line.number.clone()))
            .collect(),
        page_url: match &config.web.public_url {
            Some(url) => url.text(),
            None => format!("http://{}", config.web.listen),
        },
    }
}

/// What a platform has not answered by then is tried again later.
const PATIENCE: Duration = Duration::from_secs(30);

/// An engine on that database, with the page as its platform.
fn engine(config: &Config, db: Db, clock: Clock) -> anyhow::Result<Engine> {
    let changes = engine::changes();
    let page = PageCourier {
        db: db.clone(),
        changes: changes.clone(),
    };
    Ok(Engine::new(Parts {
        db,
        office: rules(config),
        words: words(config)?,
        clock,
        couriers: vec![(Platform::Page, Arc::new(page))],
        patience: PATIENCE,
        changes,
    }))
}

/// Cancels the token on Ctrl-C or SIGTERM.
fn stop_on_signal(shutdown: CancellationToken) -> anyhow::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).context("no signal handler")?;
    tokio::spawn(async move {
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        shutdown.cancel();
    });
    Ok(())
}
