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
/// or in a minute; the two together stay below Telegram's limit, and by so much that
/// what the way bunches together does not go beyond it.
const BURST_PART: u32 = 10;
const GROUP_BURST_PART: u32 = 3;
/// Turns that whatever nobody waits for leaves to answers before it takes one: it must
/// come too.
const GIVEN_WAY_MAX: u32 = 5;
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
    /// How long one turn of all takes.
    one: Duration,
    /// Answers that wait for a turn of all: what nobody waits for gives way to them,
    /// and has all of it while there are none.
    answers: AtomicU32,
    chats: DefaultKeyedRateLimiter<i64>,
    groups: DefaultKeyedRateLimiter<i64>,
    clock: DefaultClock,
    turns: AtomicU32,
    /// Chats in which Telegram has asked for a pause: since when, and how long.
    held: Mutex<HashMap<i64, (Moment, Duration)>>,
}

/// One more that waits, as long as it does.
struct Waiting<'a>(&'a AtomicU32);

impl Waiting<'_> {
    fn among(waiting: &AtomicU32) -> Waiting<'_> {
        waiting.fetch_add(1, Ordering::Relaxed);
        Waiting(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// Not now: the same again after this time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct NotYet(pub Duration);

impl Pace {
    pub fn new(limits: Limits) -> Pace {
        let part = |of: NonZeroU32, part: u32| NonZeroU32::new(of.get() / part);
        let burst = |of, parts| part(of, parts).unwrap_or(NonZeroU32::MIN);
        let all = limits.per_second;
        let chat = limits.per_second_and_chat;
        let group = limits.per_minute_and_group;
        let quota = |each: NonZeroU32| Quota::per_second(each).allow_burst(burst(each, BURST_PART));
        Pace {
            all: RateLimiter::direct(quota(all)),
            one: Duration::from_secs(1) / all.get(),
            answers: AtomicU32::new(0),
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
        let _waiting = (rank == Rank::Answer).then(|| Waiting::among(&self.answers));
        let mut given_way = 0;
        loop {
            let is_behind = 0 < self.answers.load(Ordering::Relaxed);
            if rank == Rank::Unasked && is_behind && given_way < GIVEN_WAY_MAX {
                given_way += 1;
                tokio::time::sleep(self.one).await;
                continue;
            }
            match self.all.check() {
                Ok(()) => return Ok(()),
                Err(not_until) => self.pause(&not_until).await?,
            }
        }
    }

    async fn until(
        &self,
        mut check: impl FnMut() -> Result<(), NotUntil<Moment>>,
    ) -> Result<(), NotYet> {
        while let Err(not_until) = check() {
            self.pause(&not_until).await?;
        }
        Ok(())
    }

    async fn pause(&self, not_until: &NotUntil<Moment>) -> Result<(), NotYet> {
        let wait = not_until.wait_time_from(self.clock.now());
        if wait > WAIT_MAX {
            return Err(NotYet(wait));
        }
        tokio::time::sleep(wait).await;
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
    use super::{Limits, NotYet, Pace, Rank, WAIT_MAX, Waiting};
    use std::{num::NonZeroU32, sync::Mutex, time::Duration};

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
    async fn an_answer_goes_before_what_nobody_waits_for() {
        let pace = Pace::new(Limits {
            per_second: NonZeroU32::new(2).expect("two"),
            per_second_and_chat: NonZeroU32::MIN,
            per_minute_and_group: NonZeroU32::MIN,
        });
        let order = Mutex::new(Vec::new());
        let turn = async |chat, rank| {
            assert_eq!(pace.turn(chat, rank).await, Ok(()));
            order.lock().expect("no panic").push(chat);
        };
        // The burst is used up when they come.
        turn(1, Rank::Unasked).await;
        let nudges = (2..=3).map(|chat| turn(chat, Rank::Unasked));
        tokio::join!(
            futures_util::future::join_all(nudges),
            turn(9, Rank::Answer)
        );
        let order = order.into_inner().expect("no panic");
        assert_eq!(order[1], 9, "{order:?}");
        assert_eq!(order.len(), 4);
    }

    #[tokio::test]
    async fn what_nobody_waits_for_gives_way_to_answers_and_not_without_end() {
        let pace = Pace::new(Limits {
            per_second: NonZeroU32::new(10).expect("ten"),
            per_second_and_chat: NonZeroU32::MIN,
            per_minute_and_group: NonZeroU32::MIN,
        });
        let _more_without_end = Waiting::among(&pace.answers);
        assert_eq!(pace.turn(1, Rank::Unasked).await, Ok(()));
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
