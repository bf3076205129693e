//! What the engine asks of a platform: to bring its messages, and to say what
//! became of them.
use crate::{
    conversation::message::{Account, Platform, Readers, Reply},
    domain::{DeliveryId, PersonId},
};
use chrono::{DateTime, Utc};
use futures_util::future::BoxFuture;
use std::time::Duration;

pub use crate::store::letters::{Address, Letter};

/// One message for one account, unasked: a nudge, an alarm, a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The same parcel again carries the same id.
    pub delivery: DeliveryId,
    pub to: Account,
    pub person: PersonId,
    pub reply: Reply,
    /// It may not wait behind others: an alarm.
    pub is_urgent: bool,
    /// The office's clock.
    pub at: DateTime<Utc>,
}

/// Brings messages to the accounts and shared places of one platform.
pub trait Courier: Send + Sync {
    /// Whether a parcel that is sent twice arrives twice.
    fn repeats(&self) -> bool;

    /// Sends it, and gives the platform's id of the message.
    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<String, SendError>>;

    /// Shows a sent message anew.
    fn edit<'a>(
        &'a self,
        message: &'a str,
        parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<(), SendError>>;

    /// Says a letter where it belongs. The same letter again carries the same id.
    fn post<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>>;

    /// Who can read that shared place now.
    fn readers<'a>(&'a self, room: &'a str) -> BoxFuture<'a, Result<Readers, SendError>>;
}

/// Why it could not be sent. No check-in is touched by any of them.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// It did not arrive: try again, after this time at the earliest.
    #[error("not now")]
    Later { after: Option<Duration> },
    /// Nobody knows whether it arrived.
    #[error("no answer")]
    Unknown,
    /// This account or place cannot be reached any more.
    #[error("gone")]
    Gone,
    /// The place has another id from now on: the same again, there.
    #[error("moved")]
    Moved { to: String },
}

/// The couriers of an office, one a platform.
pub type Couriers = Vec<(Platform, std::sync::Arc<dyn Courier>)>;
