//! How fast we may send: below what Telegram bears, so that it need not tell us.
use crate::platforms::rank::Rank;
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, NotUntil, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
};
use std::{
    collections::HashMap,
    num::NonZeroU32,
    sync::{
        Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

/// An instant of the limiters' own clock: it never goes back.
type Moment = <DefaultClock as Clock>::Instant;

/// Whoever has not had a turn by then tries again later: the engine does not
/// wait for a courier without end.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// Messages to one chat that may follow one another at once.
const CHAT_BURST: NonZeroU32 = NonZeroU32::new(3).unwrap();
/// A burst in all, and in one group, is this part of what goes out in a second,
/// or in a minute; the two together stay below Telegram's limit.
const BURST_PART: u32 = 5;
const GROUP_BURST_PART: u32 = 3;
/// Chats that have been quiet are forgotten after so many messages.
const FORGET_EVERY: u32 = 512;
/// Where Telegram says that it was too fast, and not how long to wait.
const HELD: Duration = Duration::from_secs(5);

/// Messages in a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    pub per_second: NonZeroU32,
    pub per_second_and_chat: NonZeroU32,
    pub per_minute_and_group: NonZeroU32,
}

/// Gives turns to send.
pub(super) struct Pace {
    all: DefaultDirectRateLimiter,
    /// What nobody waits for may use half of it, so that answers never wait
    /// behind it.
    unasked: DefaultDirectRateLimiter,
    chats: DefaultKeyedRateLimiter<i64>,
    groups: DefaultKeyedRateLimiter<i64>,
    clock: DefaultClock,
    turns: AtomicU32,
    /// Chats in which Telegram has asked for a pause: since when, and how long.
    held: Mutex<HashMap<i64, (Moment, Duration)>>,
}

/// Not now: the same again after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotYet(pub Duration);

impl Pace {
    pub fn new(limits: Limits) -> Pace {
        let part = |of: NonZeroU32, part: u32| NonZeroU32::new(of.get() / part);
        let burst = |of, parts| part(of, parts).unwrap_or(NonZeroU32::MIN);
        let all = limits.per_second;
        let half = burst(all, 2);
        let chat = limits.per_second_and_chat;
        let group = limits.per_minute_and_group;
        let quota = |each: NonZeroU32| Quota::per_second(each).allow_burst(burst(each, BURST_PART));
        Pace {
            all: RateLimiter::direct(quota(all)),
            unasked: RateLimiter::direct(quota(half)),
            chats: RateLimiter::keyed(Quota::per_second(chat).allow_burst(chat.max(CHAT_BURST))),
            groups: RateLimiter::keyed(
                Quota::per_minute(group).allow_burst(burst(group, GROUP_BURST_PART)),
            ),
            clock: DefaultClock::default(),
            turns: AtomicU32::new(0),
            held: Mutex::default(),
        }
    }

    /// Waits for a turn to send to that chat.
    pub async fn turn(&self, chat: i64, rank: Rank) -> Result<(), NotYet> {
        if let Some(left) = self.pause_left(chat) {
            return Err(NotYet(left));
        }
        if rank == Rank::Alarm {
            // It counts, and waits for nothing.
            let _ = self.all.check();
            return Ok(());
        }
        let waited = tokio::time::timeout(WAIT_MAX, self.wait(chat, rank)).await;
        self.forget_quiet_chats();
        waited.unwrap_or(Err(NotYet(WAIT_MAX)))
    }

    async fn wait(&self, chat: i64, rank: Rank) -> Result<(), NotYet> {
        self.until(|| self.chats.check_key(&chat)).await?;
        // Telegram counts groups and channels below zero.
        if chat < 0 {
            self.until(|| self.groups.check_key(&chat)).await?;
        }
        if rank == Rank::Unasked {
            self.until(|| self.unasked.check()).await?;
        }
        self.until(|| self.all.check()).await
    }

    async fn until(
        &self,
        mut check: impl FnMut() -> Result<(), NotUntil<Moment>>,
    ) -> Result<(), NotYet> {
        while let Err(not_until) = check() {
            let wait = not_until.wait_time_from(self.clock.now());
            if wait > WAIT_MAX {
                return Err(NotYet(wait));
            }
            tokio::time::sleep(wait).await;
        }
        Ok(())
    }

    fn forget_quiet_chats(&self) {
        let turns = self.turns.fetch_add(1, Ordering::Relaxed);
        if turns.is_multiple_of(FORGET_EVERY) {
            self.chats.retain_recent();
            self.groups.retain_recent();
            let now = self.clock.now();
            self.held()
                .retain(|_, (since, pause)| left_of(*since, *pause, now).is_some());
        }
    }

    /// Telegram wants nothing more in that chat for so long.
    pub fn hold(&self, chat: i64, pause: Option<Duration>) {
        let since = self.clock.now();
        self.held().insert(chat, (since, pause.unwrap_or(HELD)));
    }

    fn pause_left(&self, chat: i64) -> Option<Duration> {
        let (since, pause) = *self.held().get(&chat)?;
        left_of(since, pause, self.clock.now())
    }

    fn held(&self) -> MutexGuard<'_, HashMap<i64, (Moment, Duration)>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn left_of(since: Moment, pause: Duration, now: Moment) -> Option<Duration> {
    let gone = now.duration_since(since);
    pause.checked_sub(gone).filter(|left| !left.is_zero())
}

#[cfg(test)]
mod tests {
    use super::{Limits, NotYet, Pace, Rank, WAIT_MAX};
    use std::{num::NonZeroU32, time::Duration};

    fn slow() -> Pace {
        // One message in a second, one in a minute in a group.
        Pace::new(Limits {
            per_second: NonZeroU32::MIN,
            per_second_and_chat: NonZeroU32::MIN,
            per_minute_and_group: NonZeroU32::MIN,
        })
    }

    #[tokio::test]
    async fn whoever_would_wait_too_long_tries_again_later() {
        let pace = slow();
        assert_eq!(pace.turn(-1, Rank::Answer).await, Ok(()));
        let Err(NotYet(after)) = pace.turn(-1, Rank::Answer).await else {
            panic!("two messages to a group at once");
        };
        assert!(after > WAIT_MAX && after <= Duration::from_secs(60));
    }

    #[tokio::test]
    async fn an_alarm_waits_for_nothing() {
        let pace = slow();
        for _ in 0..10 {
            let turn = tokio::time::timeout(Duration::from_millis(50), pace.turn(7, Rank::Alarm));
            assert_eq!(turn.await, Ok(Ok(())));
        }
    }

    #[tokio::test]
    async fn what_nobody_waits_for_leaves_half_to_the_answers() {
        let pace = Pace::new(Limits {
            per_second: NonZeroU32::new(10).expect("ten"),
            per_second_and_chat: NonZeroU32::MIN,
            per_minute_and_group: NonZeroU32::MIN,
        });
        // The nudges use up their own burst, one; the answers still have theirs.
        assert_eq!(pace.turn(1, Rank::Unasked).await, Ok(()));
        assert!(pace.unasked.check().is_err());
        assert!(pace.all.check().is_ok());
    }

    #[tokio::test]
    async fn a_chat_rests_as_long_as_telegram_asks() {
        let pace = slow();
        pace.hold(7, Some(Duration::from_secs(60)));
        pace.hold(8, Some(Duration::ZERO));
        let Err(NotYet(after)) = pace.turn(7, Rank::Alarm).await else {
            panic!("sent in a pause");
        };
        assert!(after <= Duration::from_secs(60));
        assert_eq!(pace.turn(8, Rank::Alarm).await, Ok(()));
        assert_eq!(pace.turn(9, Rank::Alarm).await, Ok(()));
    }
}
