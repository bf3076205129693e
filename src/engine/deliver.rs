//! The life of a delivery: claimed, rendered from what still stands, sent
//! outside any transaction, settled. At least once, never lost.
use super::{Engine, Fault};
use crate::{
    conversation::{
        decide::{
            Desk,
            nudging::{self, Item, ItemState},
        },
        decision::Made,
        message::{Account, Reply},
        phrasing::Voice,
        piece::Piece,
        scene::Scene,
    },
    domain::{DeliveryId, PersonId, check_in::Rung},
    store::{
        self,
        deliveries::{self, Kind, Leased, Receipt},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use std::time::Duration;

/// A claimer that has not settled by then has died.
const LEASE_SECONDS: i64 = 60;
/// A courier that has not answered by then is tried again later.
const SEND_SECONDS_MAX: u64 = 30;
/// Deliveries in one go; what is left comes with the next.
const DELIVERIES_MAX: usize = 10_000;
/// The first wait after a failure; each further one is twice as long.
const BACK_OFF_SECONDS: i64 = 5;
/// No wait is longer.
const BACK_OFF_SECONDS_MAX: i64 = 15 * 60;

/// One message for one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// The same parcel again carries the same id.
    pub delivery: DeliveryId,
    pub to: Account,
    pub person: PersonId,
    pub reply: Reply,
    /// The office's clock.
    pub at: DateTime<Utc>,
}

/// Brings messages to the accounts of one platform.
pub trait Courier: Send + Sync {
    /// Sends it, and gives the platform's id of the message.
    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<String, SendError>>;

    /// Shows a sent message anew.
    fn edit<'a>(
        &'a self,
        message: &'a str,
        parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<(), SendError>>;
}

/// Why it could not be sent. The check-in is not touched by either.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// Try again, after this time at the earliest.
    #[error("not now")]
    Later { after: Option<Duration> },
    /// This account cannot be reached any more.
    #[error("the account is gone")]
    Gone,
}

impl Engine {
    /// Sends and renews all that waits; how many were sent.
    pub async fn deliver_all(&self) -> Result<usize, Fault> {
        let mut sent = 0;
        for _ in 0..DELIVERIES_MAX {
            let token = token();
            let (now, until) = self.lease_span();
            let Some(leased) = deliveries::lease(&self.shared.db, now, until, &token).await? else {
                break;
            };
            sent += usize::from(self.deliver(&leased, &token).await?);
        }
        for _ in 0..DELIVERIES_MAX {
            let token = token();
            let (now, until) = self.lease_span();
            let Some(leased) = deliveries::lease_stale(&self.shared.db, now, until, &token).await?
            else {
                break;
            };
            self.renew(&leased, &token).await?;
        }
        Ok(sent)
    }

    fn lease_span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let now = self.shared.clock.real();
        (now, now + TimeDelta::seconds(LEASE_SECONDS))
    }

    /// Sends one; whether it went out.
    async fn deliver(&self, leased: &Leased, token: &str) -> Result<bool, Fault> {
        let db = &self.shared.db;
        let Some(reply) = self.render(leased, false).await? else {
            deliveries::moot(db, leased.id, token).await?;
            return Ok(false);
        };
        for route in &leased.routes {
            let parcel = self.parcel(leased, &route.account, reply.clone());
            match self.send(&parcel).await {
                Ok(message_ref) => {
                    let receipt = Receipt {
                        route: route.id,
                        message_ref,
                        at: self.shared.clock.real(),
                    };
                    deliveries::sent(db, leased.id, token, &receipt).await?;
                    return Ok(true);
                }
                Err(SendError::Later { after }) => {
                    deliveries::later(db, leased.id, token, self.try_at(leased, after)).await?;
                    return Ok(false);
                }
                Err(SendError::Gone) => {
                    deliveries::route_dead(db, route.id, self.shared.clock.real()).await?;
                    tracing::warn!(route = route.id, "route is dead");
                }
            }
        }
        tracing::warn!(
            delivery = leased.id.0,
            person = leased.recipient.id.0,
            "no living route"
        );
        deliveries::gone(db, leased.id, token).await?;
        Ok(false)
    }

    /// Shows a sent one as it stands now.
    async fn renew(&self, leased: &Leased, token: &str) -> Result<(), Fault> {
        let db = &self.shared.db;
        if let (Some(sent), Some(reply)) = (&leased.sent, self.render(leased, true).await?) {
            let parcel = self.parcel(leased, &sent.route.account, reply);
            let edited = match self.courier(&parcel) {
                Some(courier) => within(courier.edit(&sent.message_ref, &parcel)).await,
                None => Err(SendError::Gone),
            };
            if let Err(SendError::Later { after }) = edited {
                deliveries::later(db, leased.id, token, self.try_at(leased, after)).await?;
                return Ok(());
            }
        }
        deliveries::edited(db, leased.id, token).await?;
        Ok(())
    }

    fn parcel(&self, leased: &Leased, to: &Account, reply: Reply) -> Parcel {
        Parcel {
            delivery: leased.id,
            to: to.clone(),
            person: leased.recipient.id,
            reply,
            at: self.office_now(),
        }
    }

    fn courier(&self, parcel: &Parcel) -> Option<&dyn super::Courier> {
        let found = self
            .shared
            .couriers
            .iter()
            .find(|(platform, _)| *platform == parcel.to.platform);
        found.map(|(_, courier)| courier.as_ref())
    }

    async fn send(&self, parcel: &Parcel) -> Result<String, SendError> {
        match self.courier(parcel) {
            Some(courier) => within(courier.send(parcel)).await,
            // The platform is switched off: everything waits until it is back.
            None => Err(SendError::Later { after: None }),
        }
    }

    /// When to try again: what the platform asks for, and never sooner than
    /// the back-off.
    fn try_at(&self, leased: &Leased, after: Option<Duration>) -> DateTime<Utc> {
        let doublings = u32::try_from(leased.attempts.clamp(1, 16) - 1).unwrap_or(0);
        let wait = BACK_OFF_SECONDS
            .saturating_mul(1 << doublings)
            .min(BACK_OFF_SECONDS_MAX);
        let asked = after
            .and_then(|after| TimeDelta::from_std(after).ok())
            .unwrap_or_default();
        self.shared.clock.real() + TimeDelta::seconds(wait).max(asked)
    }

    /// What it says now; None when nothing of it stands any more. One that was
    /// sent says what became of each of its parts.
    async fn render(&self, leased: &Leased, was_sent: bool) -> Result<Option<Reply>, Fault> {
        let db = &self.shared.db;
        let now = self.office_now();
        let today = self.shared.office.calendar.day_of(now);
        let reader = &leased.recipient;
        let roster = store::nudges::roster(db, reader.team, today).await?;
        let tally = store::lists::tally(db, reader.team, today).await?;
        let scene = Scene::of_reader(reader.clone(), roster, tally);
        let desk = Desk {
            scene: &scene,
            office: &self.shared.office,
            now,
            today,
        };
        let pieces = match (leased.kind, &leased.notice, &leased.alarm) {
            (Kind::Notice, Some(notice), _) => nudging::notice(notice, &desk),
            (Kind::Alarm, _, Some(alarm)) => {
                if !was_sent && (alarm.withdrawn || alarm.alarm.confirmed.is_some()) {
                    return Ok(None);
                }
                nudging::alarm(&alarm.alarm, &alarm.code, alarm.withdrawn, &desk)
            }
            _ => match self.render_items(leased, was_sent, &desk).await? {
                Some(pieces) => pieces,
                None => return Ok(None),
            },
        };
        let voice = Voice {
            language: reader.language,
            today,
        };
        Ok(Some(voice.reply(&pieces, &Made::default())))
    }

    async fn render_items(
        &self,
        leased: &Leased,
        was_sent: bool,
        desk: &Desk<'_>,
    ) -> Result<Option<Vec<Piece>>, Fault> {
        let db = &self.shared.db;
        let items: Vec<Item> = deliveries::items(db, leased.id)
            .await?
            .into_iter()
            .map(|item| Item {
                file: item.file,
                check_in: item.check_in,
                rung: item.rung.unwrap_or(Rung::First),
                state: item.state,
            })
            .filter(|item| was_sent || item.state == ItemState::Open)
            .collect();
        if items.is_empty() {
            return Ok(None);
        }
        if leased.kind == Kind::Appointment {
            return Ok(Some(nudging::appointments(&items, desk)));
        }
        let proof = deliveries::proof(db, leased.recipient.team, leased.office_day).await?;
        Ok(Some(nudging::digest(&items, proof, desk)))
    }
}

/// An answer that takes too long is none; whether it was sent is not known.
async fn within<T>(sending: BoxFuture<'_, Result<T, SendError>>) -> Result<T, SendError> {
    match tokio::time::timeout(Duration::from_secs(SEND_SECONDS_MAX), sending).await {
        Ok(result) => result,
        Err(_) => Err(SendError::Later { after: None }),
    }
}

/// A claimer's mark, unlike any other.
fn token() -> String {
    format!("{:032x}", rand::random::<u128>())
}
