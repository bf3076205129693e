//! The life of a delivery: claimed, rendered from what still stands, sent
//! outside any transaction, settled. At least once, never lost.
use super::{
    Engine, Fault,
    courier::{Courier, Parcel, SendError},
    metrics::Reason,
    pulse,
};
use crate::{
    conversation::{
        decide::joining,
        decision::Made,
        message::{Account, Level, Platform, Reply},
        phrase::Phrase,
        piece::Piece,
    },
    domain::ladder,
    store::{
        self,
        deliveries::{self, Again, Hour, Kind, Lease, Leased, Receipt, Unreached},
        routes::{self, Route},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future::BoxFuture;
use std::time::Duration;
use tokio::task::JoinSet;

/// A claimer that has not settled by then has died.
const LEASE_SECONDS: i64 = 60;
/// Deliveries in one go; what is left comes with the next.
const DELIVERIES_MAX: usize = 10_000;
/// So many are under way at once, each recipient's one after another: who hangs
/// holds up nobody else.
const UNDER_WAY_MAX: usize = 8;
/// The first wait after a failure; each further one is twice as long.
const BACK_OFF_SECONDS: i64 = 5;
/// No wait is longer.
const BACK_OFF_SECONDS_MAX: i64 = 15 * 60;

/// Which deliveries are claimed.
#[derive(Clone, Copy)]
enum Claim {
    /// To be sent.
    Any,
    /// To be sent, and never behind another kind.
    Alarms,
    /// Sent ones that show what is no longer so.
    Stale,
}

impl Claim {
    fn loop_of(self) -> &'static str {
        match self {
            Claim::Any => pulse::DELIVER,
            Claim::Alarms => pulse::ALARMS,
            Claim::Stale => pulse::RENEW,
        }
    }
}

impl Engine {
    /// Sends and renews all that waits; how many were sent.
    pub async fn deliver_all(&self) -> Result<usize, Fault> {
        let sent = self.deliver_due().await?;
        self.renew_stale().await?;
        Ok(sent)
    }

    /// Sends all that waits, alarms first; how many were sent. One that cannot be
    /// rendered is tried again later and stops no other.
    pub async fn deliver_due(&self) -> Result<usize, Fault> {
        self.work_off(Claim::Any).await
    }

    /// Sends the alarms that wait, whatever else is under way; how many were sent.
    pub async fn deliver_alarms(&self) -> Result<usize, Fault> {
        self.work_off(Claim::Alarms).await
    }

    /// Shows anew what was sent and is no longer so.
    pub async fn renew_stale(&self) -> Result<(), Fault> {
        self.work_off(Claim::Stale).await?;
        Ok(())
    }

    async fn work_off(&self, claim: Claim) -> Result<usize, Fault> {
        // Each is a task of its own: one that has its turn with the database must
        // go on while the next is claimed.
        let mut under_way = JoinSet::new();
        let mut sent = 0;
        let mut left = DELIVERIES_MAX;
        let mut ended = Ok(());
        loop {
            while ended.is_ok() && left > 0 && under_way.len() < UNDER_WAY_MAX && !self.is_ending()
            {
                let token = token();
                match self.claim(claim, &token).await {
                    Ok(Some(lease)) => {
                        let engine = self.clone();
                        under_way.spawn(async move { engine.work(claim, lease, token).await });
                    }
                    Ok(None) => break,
                    Err(fault) => ended = Err(fault),
                }
                left -= 1;
            }
            let woken = match claim {
                Claim::Any => &self.shared.to_deliver,
                Claim::Alarms => &self.shared.to_call,
                Claim::Stale => &self.shared.to_renew,
            };
            tokio::select! {
                biased;
                done = under_way.join_next() => {
                    self.goes_on(claim.loop_of());
                    match done {
                        Some(Ok(Ok(went_out))) => sent += usize::from(went_out),
                        Some(Ok(Err(fault))) => ended = Err(fault),
                        Some(Err(_)) => tracing::error!("a delivery panicked"),
                        None => return ended.map(|()| sent),
                    }
                }
                // Others need not wait for the slowest of those under way.
                () = woken.notified() => {}
            }
        }
    }

    async fn claim(&self, claim: Claim, token: &str) -> Result<Option<Lease>, Fault> {
        let (db, span) = (&self.shared.db, self.lease_span());
        Ok(match claim {
            Claim::Any => deliveries::lease(db, span, token, self.hour()).await?,
            Claim::Alarms => deliveries::lease_alarm(db, span, token).await?,
            Claim::Stale => deliveries::lease_stale(db, span, token).await?,
        })
    }

    /// Whether it went out.
    async fn work(&self, claim: Claim, lease: Lease, token: String) -> Result<bool, Fault> {
        let done = match claim {
            Claim::Any | Claim::Alarms => self.deliver(&lease, &token).await,
            Claim::Stale => self.renew(&lease, &token).await.map(|()| false),
        };
        match done {
            Ok(went_out) => Ok(went_out),
            Err(fault) => {
                self.put_aside(&lease, &token, &fault).await?;
                Ok(false)
            }
        }
    }

    fn lease_span(&self) -> (DateTime<Utc>, DateTime<Utc>) {
        let now = self.shared.clock.real();
        (now, now + TimeDelta::seconds(LEASE_SECONDS))
    }

    /// A reminder that comes late waits for the next opening.
    fn hour(&self) -> Hour {
        let office = &self.shared.office;
        let now = self.office_now();
        if ladder::is_talking_time(&office.calendar, &office.ladder, now) {
            Hour::Working(now)
        } else {
            Hour::Quiet
        }
    }

    async fn put_aside(&self, lease: &Lease, token: &str, fault: &Fault) -> Result<(), Fault> {
        tracing::error!(delivery = lease.id.0, %fault, "a delivery could not be made");
        self.shared.metrics.failed(Reason::Fault);
        self.try_later(lease, token, Later::default()).await
    }

    /// Sends one; whether it went out. A platform that is off, or for which the
    /// office has chosen no level, is passed over.
    async fn deliver(&self, lease: &Lease, token: &str) -> Result<bool, Fault> {
        let db = &self.shared.db;
        let leased = deliveries::leased(db, lease.id).await?;
        let standing = match self.is_of_the_office(&leased) {
            true => self.standing(&leased, false).await?,
            false => None,
        };
        let Some(standing) = standing else {
            deliveries::moot(db, lease.id, token).await?;
            return Ok(false);
        };
        let mut is_off = false;
        let mut has_died = false;
        let mut has_lost_chat = leased.routes.has_lost_chat;
        for route in &leased.routes.living {
            let Some(level) = self.level_of(route) else {
                is_off = true;
                continue;
            };
            let reply = self.render(&leased, &standing, level).await?;
            match self.bring(&leased, route, reply).await? {
                Ok(message_ref) => {
                    self.shared.metrics.sent.inc();
                    let receipt = Receipt {
                        route: route.id,
                        message_ref,
                        at: self.shared.clock.real(),
                    };
                    let is_alone = has_lost_chat && route.account.platform == Platform::Page;
                    let noted = match is_alone {
                        true => {
                            self.sent_to_page_alone(&leased, token, &receipt, has_died)
                                .await
                        }
                        false => self.sent(lease, token, &receipt).await,
                    };
                    self.settle_sent(lease, token, noted).await?;
                    return Ok(true);
                }
                Err(Unsent::Later(later)) => {
                    self.try_later(lease, token, later).await?;
                    return Ok(false);
                }
                Err(Unsent::Gone) => {
                    routes::died(db, route.id, self.shared.clock.real()).await?;
                    tracing::warn!(route = route.id, "route is dead");
                    has_died = true;
                    has_lost_chat |= route.account.platform != Platform::Page;
                }
            }
        }
        if is_off {
            self.try_later(lease, token, Later::default()).await?;
        } else {
            self.tell_unreached(&leased, token, has_died).await?;
        }
        Ok(false)
    }

    /// Whoever has left hears nothing more, and what they were sent stays as it is.
    fn is_of_the_office(&self, leased: &Leased) -> bool {
        let today = self.shared.office.calendar.day_of(self.office_now());
        leased.recipient.is_staff_on(today)
    }

    /// What may be sent there now; None where its platform is off.
    pub(super) fn level_of(&self, route: &Route) -> Option<Level> {
        self.courier(route.account.platform).and(route.level)
    }

    async fn sent(&self, lease: &Lease, token: &str, receipt: &Receipt) -> store::Result<()> {
        deliveries::sent(&self.shared.db, lease.id, token, receipt).await?;
        Ok(())
    }

    /// It went out; where that could not be written down, it may go out again.
    async fn settle_sent(
        &self,
        lease: &Lease,
        token: &str,
        noted: store::Result<()>,
    ) -> Result<(), Fault> {
        let Err(fault) = noted else {
            return Ok(());
        };
        tracing::error!(delivery = lease.id.0, %fault, "sent, and not noted");
        let repeat = Later {
            after: None,
            maybe_sent: true,
        };
        self.try_later(lease, token, repeat).await
    }

    /// No living route is left: the check-in stays as it is, and the team and
    /// those who lead it learn that the recipient does not.
    async fn tell_unreached(
        &self,
        leased: &Leased,
        token: &str,
        has_died: bool,
    ) -> Result<(), Fault> {
        let unreached = self.unreached(leased, has_died);
        let told = deliveries::gone(&self.shared.db, leased.id, token, &unreached).await?;
        let (delivery, person) = (leased.id.0, leased.recipient.id.0);
        if told.is_empty() {
            tracing::error!(delivery, person, "nobody can be reached");
        } else {
            tracing::warn!(delivery, person, "no living route");
        }
        self.tell_of_letters();
        self.tell_of_deliveries();
        Ok(())
    }

    /// It stands on the page alone, which calls nobody, though the recipient had
    /// chosen a chat: that is not counted as reached.
    async fn sent_to_page_alone(
        &self,
        leased: &Leased,
        token: &str,
        receipt: &Receipt,
        has_died: bool,
    ) -> store::Result<()> {
        let (db, unreached) = (&self.shared.db, self.unreached(leased, has_died));
        deliveries::sent_to_page_alone(db, leased.id, token, receipt, &unreached).await?;
        let (delivery, person) = (leased.id.0, leased.recipient.id.0);
        tracing::warn!(delivery, person, "no living chat, on the page alone");
        self.tell_of_letters();
        self.tell_of_deliveries();
        Ok(())
    }

    fn unreached(&self, leased: &Leased, has_died: bool) -> Unreached {
        let now = self.office_now();
        let recipient = &leased.recipient;
        let asked = joining::check_routes(recipient.name.clone());
        Unreached {
            person: recipient.id,
            team: recipient.team,
            at: now,
            office_day: self.shared.office.calendar.day_of(now),
            asked: self.voice(recipient).reply(&asked, &Made::default()),
            asked_at: self.shared.clock.real(),
            has_just_died: has_died,
        }
    }

    /// Shows a sent one as it stands now.
    async fn renew(&self, lease: &Lease, token: &str) -> Result<(), Fault> {
        let db = &self.shared.db;
        let leased = deliveries::leased(db, lease.id).await?;
        let standing = self.standing(&leased, true).await?;
        if let (Some(sent), Some(standing)) = (&leased.sent, standing)
            && self.is_of_the_office(&leased)
            && let Some(level) = self.level_of(&sent.route)
        {
            let reply = self.render(&leased, &standing, level).await?;
            let parcel = self.parcel(&leased, &sent.route.account, reply);
            let edited = match self.courier(parcel.to.platform) {
                Some(courier) => self.within(courier.edit(&sent.message_ref, &parcel)).await,
                None => Err(SendError::Gone),
            };
            if let Err(Unsent::Later(later)) = edited.map_err(Unsent::from) {
                return self.try_later(lease, token, later).await;
            }
        }
        deliveries::edited(db, lease.id, token).await?;
        Ok(())
    }

    fn parcel(&self, leased: &Leased, to: &Account, mut reply: Reply) -> Parcel {
        let repeats = self.courier(to.platform).is_some_and(Courier::repeats);
        let may_stand_there = leased.maybe_repeated || (leased.maybe_sent && repeats);
        if leased.sent.is_none() && may_stand_there {
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

    /// Brings it there; where the account has another id from now on, there.
    async fn bring(
        &self,
        leased: &Leased,
        route: &Route,
        reply: Reply,
    ) -> Result<Result<String, Unsent>, Fault> {
        let parcel = self.parcel(leased, &route.account, reply);
        let Some(courier) = self.courier(route.account.platform) else {
            return Ok(Err(Unsent::Later(Later::default())));
        };
        let to = match self.within(courier.send(&parcel)).await {
            Err(SendError::Moved { to }) => to,
            sent => return Ok(sent.map_err(Unsent::from)),
        };
        match routes::moved(&self.shared.db, route.id, &to).await {
            Ok(()) => {}
            // It is another route already, which is tried in its turn.
            Err(store::Fault::Duplicate) => return Ok(Err(Unsent::Gone)),
            Err(fault) => return Err(fault.into()),
        }
        tracing::info!(route = route.id, "route has moved");
        let there = Account {
            id: to,
            ..parcel.to.clone()
        };
        let parcel = Parcel {
            to: there,
            ..parcel
        };
        let sent = self.within(courier.send(&parcel)).await;
        Ok(sent.map_err(|error| match error {
            SendError::Moved { .. } => Unsent::Later(Later::default()),
            error => Unsent::from(error),
        }))
    }

    /// An answer that takes too long is none; whether it was sent is not known.
    pub(super) async fn within<T>(
        &self,
        sending: BoxFuture<'_, Result<T, SendError>>,
    ) -> Result<T, SendError> {
        let answer = tokio::time::timeout(self.shared.patience, sending);
        let answer = answer.await.unwrap_or(Err(SendError::Unknown));
        if let Err(error) = &answer {
            self.shared.metrics.failed(Reason::of(error));
        }
        answer
    }

    async fn try_later(&self, lease: &Lease, token: &str, later: Later) -> Result<(), Fault> {
        let again = Again {
            try_at: self.shared.clock.real() + wait_after(lease.attempts - 1, later.after),
            maybe_sent: later.maybe_sent,
        };
        deliveries::later(&self.shared.db, lease.id, token, &again).await?;
        Ok(())
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
