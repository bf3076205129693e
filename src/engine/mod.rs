//! Answers messages, ticks, delivers, and keeps the office's clock: all that
//! platforms may ask for. Decides by the pure rooms, and alone reads the clocks.
mod answer;
mod audit;
pub mod clock;
mod completion;
mod courier;
mod deliver;
mod letters;
mod lookout;
mod metrics;
mod nudge;
mod pages;
pub mod pulse;
mod render;
mod report;
mod rhythm;
pub mod secrets;
mod sessions;
mod strangers;
mod take;

pub use answer::Answered;
pub use audit::Auditor;
pub use courier::{Address, Courier, Couriers, Letter, Parcel, SendError};
pub use nudge::Ticked;
pub use pages::{BOARD_MAX, BoardFilter, Exchange, HISTORY_MAX};
pub use take::{Begun, Cursor};

use crate::{
    conversation::{decide::Office, message::Platform, reading::Words},
    domain::PersonId,
    store::{self, Db},
};
use audit::Clocks;
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use clock::Clock;
use metrics::Metrics;
use pulse::Pulse;
use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use strangers::Door;
use tokio::sync::{Mutex, Notify, broadcast};

/// Changes that a slow listener may miss before it is told to look at everything.
const CHANGES_KEPT: usize = 256;
const KEYS_KEPT_DAYS: i64 = 90;

/// The engine as platforms see it; cheap to clone.
#[derive(Clone)]
pub struct Engine {
    shared: Arc<Shared>,
}

struct Shared {
    db: Db,
    office: Office,
    words: Words,
    clock: Clock,
    couriers: Couriers,
    patience: Duration,
    changes: broadcast::Sender<Changed>,
    /// Something may have to be looked at before the next interval.
    to_look_at: Notify,
    /// Something may have to be delivered before the next interval.
    to_deliver: Notify,
    /// As above, for whoever brings alarms alone.
    to_call: Notify,
    /// A sent delivery may have to be shown anew.
    to_renew: Notify,
    /// A letter was left that nobody has begun to send.
    to_send: Notify,
    /// Something is to be audited before the next interval.
    to_audit: Notify,
    pulse: Pulse,
    metrics: Metrics,
    /// Both clocks at the last audit.
    clocks: Mutex<Option<Clocks>>,
    /// A tick has found the clock gone back, and no audit has said so yet.
    has_clock_gone_back: AtomicBool,
    /// Who has knocked lately.
    door: Door,
    /// Held while the office's clock is moved, so that nobody ticks meanwhile.
    turn: Mutex<()>,
    /// Letters that were sent and not yet forgotten.
    sent_letters: Mutex<Vec<i64>>,
    /// What is under way is finished, and nothing new is begun.
    is_ending: AtomicBool,
}

/// What an engine is made of.
pub struct Parts {
    pub db: Db,
    pub office: Office,
    pub words: Words,
    pub clock: Clock,
    pub couriers: Couriers,
    /// A courier that has not answered by then is tried again later; shorter
    /// than the minute for which a delivery is leased.
    pub patience: Duration,
    pub changes: broadcast::Sender<Changed>,
}

/// The conversation of that person changed; None: of everybody.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Changed {
    pub person: Option<PersonId>,
}

/// How far the office's clock is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Day,
    Week,
    NextNudge,
}

/// The engine could not do it now; nothing was half done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the store: {0}")]
    Store(#[from] store::Fault),
    /// The account belongs to nobody of the office.
    #[error("not a member of staff")]
    Stranger,
}

impl Fault {
    /// Whether the same message may succeed when it is sent again.
    pub fn is_transient(&self) -> bool {
        match self {
            Fault::Store(fault) => fault.is_transient(),
            Fault::Stranger => false,
        }
    }
}

/// A channel on which changes are told.
pub fn changes() -> broadcast::Sender<Changed> {
    broadcast::channel(CHANGES_KEPT).0
}

impl Engine {
    pub fn new(parts: Parts) -> Engine {
        Engine {
            shared: Arc::new(Shared {
                db: parts.db,
                office: parts.office,
                words: parts.words,
                clock: parts.clock,
                couriers: parts.couriers,
                patience: parts.patience,
                changes: parts.changes,
                to_look_at: Notify::new(),
                to_deliver: Notify::new(),
                to_call: Notify::new(),
                to_renew: Notify::new(),
                to_send: Notify::new(),
                to_audit: Notify::new(),
                pulse: Pulse::default(),
                metrics: Metrics::default(),
                clocks: Mutex::default(),
                has_clock_gone_back: AtomicBool::default(),
                door: Door::default(),
                turn: Mutex::new(()),
                sent_letters: Mutex::default(),
                is_ending: AtomicBool::new(false),
            }),
        }
    }

    /// Hears of every conversation that changes.
    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.shared.changes.subscribe()
    }

    /// The office's wall clock.
    pub async fn now(&self) -> NaiveDateTime {
        self.shared.office.calendar.local(self.office_now())
    }

    /// The clock of this engine.
    pub fn clock(&self) -> &Clock {
        &self.shared.clock
    }

    /// Waits until something may have to be looked at.
    pub async fn something_to_look_at(&self) {
        self.shared.to_look_at.notified().await;
    }

    /// Waits until something may have to be delivered.
    pub async fn something_to_deliver(&self) {
        self.shared.to_deliver.notified().await;
    }

    /// Waits until a sent delivery may have to be shown anew.
    pub async fn something_to_renew(&self) {
        self.shared.to_renew.notified().await;
    }

    /// Waits until an alarm may have to be delivered.
    pub async fn something_to_call(&self) {
        self.shared.to_call.notified().await;
    }

    /// From now on nothing is sent that nobody has begun to send: it is found by the
    /// next start.
    pub fn ends(&self) {
        self.shared.is_ending.store(true, Ordering::Relaxed);
    }

    fn is_ending(&self) -> bool {
        self.shared.is_ending.load(Ordering::Relaxed)
    }

    /// Forgets codes, links and sessions that have run out.
    pub async fn forget_old_tokens(&self) -> Result<(), Fault> {
        let now = self.shared.clock.real();
        Ok(store::tokens::forget_old(&self.shared.db, now).await?)
    }

    /// Forgets the keys of messages that are 90 days old in real time: no
    /// platform delivers one again so late.
    pub async fn forget_old_keys(&self) -> Result<u64, Fault> {
        let before = self.shared.clock.real() - TimeDelta::days(KEYS_KEPT_DAYS);
        Ok(store::messages::forget_keys(&self.shared.db, before).await?)
    }

    fn courier(&self, platform: Platform) -> Option<&dyn Courier> {
        let mut couriers = self.shared.couriers.iter();
        let found = couriers.find(|(own, _)| *own == platform);
        found.map(|(_, courier)| courier.as_ref())
    }

    fn office_now(&self) -> DateTime<Utc> {
        self.shared.clock.office()
    }

    fn tell_of_deliveries(&self) {
        self.shared.to_deliver.notify_one();
        self.shared.to_call.notify_one();
        self.shared.to_renew.notify_one();
    }

    /// Nobody listening is no fault.
    fn tell_changed(&self, person: Option<PersonId>) {
        let _ = self.shared.changes.send(Changed { person });
    }
}
