//! Telegram: updates become messages to the engine, its answers and nudges
//! become messages there. Decides nothing.
//!
//! Of teloxide its types and requests alone are used, neither its dispatcher,
//! which confirms an update before it is handled, nor its sending, which sleeps
//! after a 5xx and does not say whether a request was taken.
mod api;
mod checkup;
mod courier;
mod intake;
mod menu;
mod outgoing;
mod pace;
mod render;
mod translate;

pub use api::{client, own_address};
pub use pace::Limits;

use crate::{
    conversation::checkup::{Finding, Room},
    engine::{Courier, Engine, clock::Clock},
};
use api::Api;
use courier::TelegramCourier;
use intake::Intake;
use pace::Pace;
use secrecy::SecretString;
use std::sync::Arc;
use tokio_util::sync::CancellationToken;

/// What is needed to talk with Telegram, as plain values.
#[derive(Clone)]
pub struct Settings {
    pub token: SecretString,
    /// Of Telegram itself, or of an office's own Bot API server.
    pub api_url: reqwest::Url,
    /// Carries the office's proxy and certificate authority; made by [`client`].
    pub client: reqwest::Client,
    /// Whether lines that are not addressed to the bot are read in groups.
    pub free_lines_in_rooms: bool,
    pub limits: Limits,
}

/// One bot of Telegram.
pub struct Telegram {
    api: Arc<Api>,
    courier: Arc<TelegramCourier>,
    free_lines_in_rooms: bool,
}

impl Telegram {
    pub fn new(settings: Settings) -> Telegram {
        let api = Arc::new(Api::new(&settings));
        let pace = Pace::new(settings.limits);
        Telegram {
            courier: Arc::new(TelegramCourier::new(Arc::clone(&api), pace)),
            api,
            free_lines_in_rooms: settings.free_lines_in_rooms,
        }
    }

    /// What brings the engine's messages to Telegram.
    pub fn courier(&self) -> Arc<dyn Courier> {
        Arc::clone(&self.courier) as Arc<dyn Courier>
    }

    /// What is right and wrong with the bot and its registered places. Nothing is
    /// sent to anybody.
    pub async fn checkup(&self, clock: &Clock, rooms: &[Room]) -> Vec<Finding> {
        checkup::all(&self.api, self.free_lines_in_rooms, clock, rooms).await
    }

    /// Takes updates until `shutdown`, and then sends what is answered: whoever
    /// calls waits as long as they like. No fault of the world ends it sooner.
    pub async fn listen(&self, engine: Engine, shutdown: CancellationToken) {
        let intake = Intake::new(Arc::clone(&self.api), engine, self.free_lines_in_rooms);
        // In this order: the first poll goes out before anything else.
        tokio::join!(intake.run(&shutdown), menu::show(&self.api, &shutdown));
    }
}
