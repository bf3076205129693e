//! Answers on their way out: in order per chat, chats side by side, and nobody
//! who takes messages waits for them.
use crate::engine::{Address, Engine, Letter};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::FutureExt;
use std::{
    collections::{HashMap, VecDeque, hash_map::Entry},
    panic::AssertUnwindSafe,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};
use tokio::sync::Semaphore;
use tokio_util::task::TaskTracker;

/// Chats to which is sent at once.
const CHATS_AT_ONCE: usize = 64;
/// Letters that may wait for one chat; the rest is on disk, and is sent from
/// there when its time comes.
const WAITING_MAX: usize = 50;
/// What has waited longer than this is left to those who send from the disk:
/// they may take it over at any moment.
const FRESH_SECONDS: i64 = 30;

#[derive(Clone)]
pub(super) struct Outgoing {
    engine: Engine,
    tracker: TaskTracker,
    at_once: Arc<Semaphore>,
    /// Each chat that is being sent to, with what waits for it.
    chats: Arc<Mutex<HashMap<String, VecDeque<Waiting>>>>,
}

struct Waiting {
    letter: Letter,
    since: DateTime<Utc>,
}

impl Outgoing {
    pub fn new(engine: Engine, tracker: TaskTracker) -> Outgoing {
        Outgoing {
            engine,
            tracker,
            at_once: Arc::new(Semaphore::new(CHATS_AT_ONCE)),
            chats: Arc::default(),
        }
    }

    /// Sends them as soon as those before them are sent.
    pub fn push(&self, letters: Vec<Letter>) {
        let since = self.engine.clock().real();
        for letter in letters {
            let chat = chat_of(&letter.address).to_owned();
            let waiting = Waiting { letter, since };
            match self.chats().entry(chat) {
                Entry::Occupied(mut queue) if queue.get().len() < WAITING_MAX => {
                    queue.get_mut().push_back(waiting);
                }
                Entry::Occupied(_) => {}
                Entry::Vacant(place) => {
                    let outgoing = self.clone();
                    let chat = place.key().clone();
                    place.insert(VecDeque::from([waiting]));
                    self.tracker
                        .spawn(async move { outgoing.send_to(chat).await });
                }
            }
        }
    }

    async fn send_to(&self, chat: String) {
        while let Some(Waiting { letter, since }) = self.next(&chat) {
            // Closed by nobody.
            let _permit = self.at_once.acquire().await;
            if self.engine.clock().real() - since < TimeDelta::seconds(FRESH_SECONDS) {
                // A fault of ours over one letter must not stop those behind it.
                let sending = AssertUnwindSafe(self.engine.send(vec![letter]));
                if sending.catch_unwind().await.is_err() {
                    tracing::error!("a fault of ours: a letter is left to be sent later");
                }
            }
        }
    }

    /// A chat for which nothing waits is forgotten.
    fn next(&self, chat: &str) -> Option<Waiting> {
        let mut chats = self.chats();
        let next = chats.get_mut(chat).and_then(VecDeque::pop_front);
        if next.is_none() {
            chats.remove(chat);
        }
        next
    }

    fn chats(&self) -> MutexGuard<'_, HashMap<String, VecDeque<Waiting>>> {
        self.chats.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn chat_of(address: &Address) -> &str {
    match address {
        Address::Alone(chat) => chat,
        Address::Room { room, .. } => room,
    }
}
