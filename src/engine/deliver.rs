//! The life of a delivery: claimed, rendered from what still stands, sent
//! outside any transaction, settled. At least once, never lost.
use super::{
    Engine, Fault,
    courier::{Courier, Parcel, SendError},
};
use crate::{
    conversation::{
        decide::{
            Arrival, Desk,
            nudging::{self, Report},
        },
        decision::Made,
        message::{Account, Reply},
        phrase::Phrase,
        phrasing::Voice,
        piece::Piece,
        scene::{File, Scene},
    },
    domain::{HouseholdId, ladder, people::Person},
    store::{
        self,
        deliveries::{self, Again, Hour, Kind, Lease, Leased, Receipt, Unreached},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use std::{collections::BTreeMap, time::Duration};

/// A claimer that has not settled by then has died.
const LEASE_SECONDS: i64 = 60;
/// Deliveries in one go; what is left comes with the next.
const DELIVERIES_MAX: usize = 10_000;
/// The first wait after a failure; each further one is twice as long.
const BACK_OFF_SECONDS: i64 = 5;
/// No wait is longer.
const BACK_OFF_SECONDS_MAX: i64 = 15 * 60;

impl Engine {
    /// Sends and renews all that waits; how many were sent. One that cannot be
    /// rendered is tried again later and stops no other.
    pub async fn deliver_all(&self) -> Result<usize, Fault> {
        let db = &self.shared.db;
        let mut sent = 0;
        for _ in 0..DELIVERIES_MAX {
            let token = token();
            let lease = deliveries::lease(db, self.lease_span(), &token, self.hour()).await?;
            let Some(lease) = lease else {
                break;
            };
            match self.deliver(&lease, &token).await {
                Ok(went_out) => sent += usize::from(went_out),
                Err(fault) => self.put_aside(&lease, &token, &fault).await?,
            }
        }
        for _ in 0..DELIVERIES_MAX {
            let token = token();
            let lease = deliveries::lease_stale(db, self.lease_span(), &token).await?;
            let Some(lease) = lease else {
                break;
            };
            if let Err(fault) = self.renew(&lease, &token).await {
                self.put_aside(&lease, &token, &fault).await?;
            }
        }
        Ok(sent)
    }

    fn lease_span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let now = self.shared.clock.real();
        (now, now + TimeDelta::seconds(LEASE_SECONDS))
    }

    /// A reminder that comes late waits for the next opening.
    fn hour(&self) -> Hour {
        let office = &self.shared.office;
        if ladder::is_talking_time(&office.calendar, &office.ladder, self.office_now()) {
            Hour::Working
        } else {
            Hour::Quiet
        }
    }

    async fn put_aside(&self, lease: &Lease, token: &str, fault: &Fault) -> Result<(), Fault> {
        tracing::error!(delivery = lease.id.0, %fault, "a delivery could not be made");
        self.try_later(lease, token, Later::default()).await
    }

    /// Sends one; whether it went out.
    async fn deliver(&self, lease: &Lease, token: &str) -> Result<bool, Fault> {
        let db = &self.shared.db;
        let leased = deliveries::leased(db, lease.id).await?;
        let Some(reply) = self.render(&leased, false).await? else {
            deliveries::moot(db, lease.id, token).await?;
            return Ok(false);
        };
        for route in &leased.routes {
            let parcel = self.parcel(&leased, &route.account, reply.clone());
            match self.bring(&parcel).await {
                Ok(message_ref) => {
                    let receipt = Receipt {
                        route: route.id,
                        message_ref,
                        at: self.shared.clock.real(),
                    };
                    return self.settle_sent(lease, token, &receipt).await;
                }
                Err(Unsent::Later(later)) => {
                    self.try_later(lease, token, later).await?;
                    return Ok(false);
                }
                Err(Unsent::Gone) => {
                    deliveries::route_dead(db, route.id, self.shared.clock.real()).await?;
                    tracing::warn!(route = route.id, "route is dead");
                }
            }
        }
        self.tell_unreached(&leased, token).await?;
        Ok(false)
    }

    /// It went out; where that could not be written down, it may go out again.
    async fn settle_sent(
        &self,
        lease: &Lease,
        token: &str,
        receipt: &Receipt,
    ) -> Result<bool, Fault> {
        match deliveries::sent(&self.shared.db, lease.id, token, receipt).await {
            Ok(_) => Ok(true),
            Err(fault) => {
                tracing::error!(delivery = lease.id.0, %fault, "sent, and not noted");
                let repeat = Later {
                    after: None,
                    maybe_sent: true,
                };
                self.try_later(lease, token, repeat).await?;
                Ok(true)
            }
        }
    }

    /// No living route is left: the check-in stays as it is, and those who lead
    /// learn that the recipient does not.
    async fn tell_unreached(&self, leased: &Leased, token: &str) -> Result<(), Fault> {
        let now = self.office_now();
        let unreached = Unreached {
            person: leased.recipient.id,
            team: leased.recipient.team,
            at: now,
            office_day: self.shared.office.calendar.day_of(now),
        };
        let told = deliveries::gone(&self.shared.db, leased.id, token, &unreached).await?;
        let (delivery, person) = (leased.id.0, leased.recipient.id.0);
        if told.is_empty() {
            tracing::error!(delivery, person, "nobody can be reached");
        } else {
            tracing::warn!(delivery, person, "no living route");
        }
        Ok(())
    }

    /// Shows a sent one as it stands now.
    async fn renew(&self, lease: &Lease, token: &str) -> Result<(), Fault> {
        let db = &self.shared.db;
        let leased = deliveries::leased(db, lease.id).await?;
        if let (Some(sent), Some(reply)) = (&leased.sent, self.render(&leased, true).await?) {
            let parcel = self.parcel(&leased, &sent.route.account, reply);
            let edited = match self.courier(parcel.to.platform) {
                Some(courier) => self.within(courier.edit(&sent.message_ref, &parcel)).await,
                None => Err(Unsent::Gone),
            };
            if let Err(Unsent::Later(later)) = edited {
                return self.try_later(lease, token, later).await;
            }
        }
        deliveries::edited(db, lease.id, token).await?;
        Ok(())
    }

    fn parcel(&self, leased: &Leased, to: &Account, mut reply: Reply) -> Parcel {
        let repeats = self.courier(to.platform).is_some_and(Courier::repeats);
        if leased.sent.is_none() && leased.maybe_sent && repeats {
            let voice = self.voice(&leased.recipient);
            let warning = vec![Piece::Quiet(Phrase::MayBeRepeated)];
            let warned = voice.reply(&warning, &Made::default());
            reply.parts.splice(0..0, warned.parts);
        }
        Parcel {
            delivery: leased.id,
            to: to.clone(),
            person: leased.recipient.id,
            reply,
            is_urgent: leased.kind == Kind::Alarm,
            at: self.office_now(),
        }
    }

    async fn bring(&self, parcel: &Parcel) -> Result<String, Unsent> {
        match self.courier(parcel.to.platform) {
            Some(courier) => self.within(courier.send(parcel)).await,
            // The platform is switched off: everything waits until it is back.
            None => Err(Unsent::Later(Later::default())),
        }
    }

    /// An answer that takes too long is none; whether it was sent is not known.
    async fn within<T>(&self, sending: BoxFuture<'_, Result<T, SendError>>) -> Result<T, Unsent> {
        match tokio::time::timeout(self.shared.patience, sending).await {
            Ok(result) => result.map_err(Unsent::from),
            Err(_) => Err(Unsent::Later(Later {
                after: None,
                maybe_sent: true,
            })),
        }
    }

    async fn try_later(&self, lease: &Lease, token: &str, later: Later) -> Result<(), Fault> {
        let again = Again {
            try_at: self.shared.clock.real() + wait_after(lease.attempts - 1, later.after),
            maybe_sent: later.maybe_sent,
        };
        deliveries::later(&self.shared.db, lease.id, token, &again).await?;
        Ok(())
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
            arrival: &Arrival::default(),
        };
        let pieces = match (leased.kind, &leased.notice, &leased.alarm) {
            (Kind::Notice, Some(notice), _) => Some(nudging::notice(notice, &desk)),
            (Kind::Alarm, _, Some(alarm)) => {
                let is_over = alarm.withdrawn || alarm.alarm.confirmed.is_some();
                (was_sent || !is_over)
                    .then(|| nudging::alarm(&alarm.alarm, &alarm.code, alarm.withdrawn, &desk))
            }
            _ => self.render_items(leased, was_sent, &desk).await?,
        };
        let voice = self.voice(reader);
        Ok(pieces.map(|pieces| voice.reply(&pieces, &Made::default())))
    }

    fn voice(&self, reader: &Person) -> Voice {
        Voice {
            language: reader.language,
            today: self.shared.office.calendar.day_of(self.office_now()),
        }
    }

    async fn render_items(
        &self,
        leased: &Leased,
        was_sent: bool,
        desk: &Desk<'_>,
    ) -> Result<Option<Vec<Piece>>, Fault> {
        let db = &self.shared.db;
        let found = deliveries::items(db, leased.id).await?;
        for (household, fault) in &found.broken {
            tracing::error!(household = household.0, %fault, "a household cannot be read");
        }
        let mut items = found.rows;
        items.retain(|item| was_sent || item.is_open());
        if items.is_empty() && found.broken.is_empty() {
            return Ok(None);
        }
        if leased.kind == Kind::Appointment {
            let open = items.iter().filter(|item| item.is_open());
            let shown = open.map(|item| item.household.id).collect();
            let files = self.files(shown).await?;
            return Ok(Some(nudging::appointments(&items, &files, desk)));
        }
        let files = self.files(nudging::in_full(&items, desk)).await?;
        let report = Report {
            proof: deliveries::proof(db, leased.recipient.team, leased.office_day).await?,
            stopped_on: leased.stopped_on,
            unreadable: found.broken.len(),
        };
        Ok(Some(nudging::digest(&items, &files, &report, desk)))
    }

    /// The files that can be read.
    async fn files(
        &self,
        households: Vec<HouseholdId>,
    ) -> Result<BTreeMap<HouseholdId, File>, Fault> {
        let mut files = BTreeMap::new();
        for household in households {
            match deliveries::file(&self.shared.db, household).await {
                Ok(file) => files.extend(file.map(|file| (household, file))),
                Err(fault) if fault.is_transient() => return Err(fault.into()),
                Err(fault) => {
                    tracing::error!(household = household.0, %fault, "a file cannot be read");
                }
            }
        }
        Ok(files)
    }
}

/// What a failed attempt leaves to do.
enum Unsent {
    Later(Later),
    /// The next route.
    Gone,
}

/// A further attempt.
#[derive(Default)]
struct Later {
    /// Not sooner.
    after: Option<Duration>,
    /// The one that failed may have arrived.
    maybe_sent: bool,
}

impl From<SendError> for Unsent {
    fn from(error: SendError) -> Unsent {
        match error {
            SendError::Later { after } => Unsent::Later(Later {
                after,
                maybe_sent: false,
            }),
            SendError::Unknown => Unsent::Later(Later {
                after: None,
                maybe_sent: true,
            }),
            SendError::Gone | SendError::Moved { .. } => Unsent::Gone,
        }
    }
}

/// How long to wait after so many failed attempts and this one: what the
/// platform asks for, and never shorter than the back-off.
pub(super) fn wait_after(attempts: i64, asked: Option<Duration>) -> TimeDelta {
    let doublings = u32::try_from(attempts.clamp(0, 15)).unwrap_or(0);
    let wait = BACK_OFF_SECONDS
        .saturating_mul(1 << doublings)
        .min(BACK_OFF_SECONDS_MAX);
    let asked = asked
        .and_then(|asked| TimeDelta::from_std(asked).ok())
        .unwrap_or_default();
    TimeDelta::seconds(wait).max(asked)
}

/// A claimer's mark, unlike any other.
fn token() -> String {
    format!("{:032x}", rand::random::<u128>())
}
