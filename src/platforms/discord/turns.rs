//! Whose request goes to Discord next: it stands before serenity's limiter, which
//! lets them wait in the order in which they come.
use super::api::Failure;
use crate::platforms::rank::Rank;
use std::{
    collections::{BTreeMap, HashSet},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};
use tokio::{sync::oneshot, time::timeout};

/// Whoever has not had a turn by then tries again later: the engine does not
/// wait for a courier without end.
const WAIT_MAX: Duration = Duration::from_secs(5);
/// Requests that are on their way at once; what the limiter holds counts.
const AT_ONCE: usize = 16;
/// Of these what nobody waits for, so that answers never wait behind it.
const UNASKED_AT_ONCE: usize = AT_ONCE / 2;

/// Gives turns to send, one at a time to each person or channel.
#[derive(Debug, Clone, Default)]
pub struct Turns {
    state: Arc<Mutex<State>>,
}

#[derive(Debug, Default)]
struct State {
    /// The people and channels to whom something is on its way.
    busy: HashSet<u64>,
    /// How much of it nobody waits for.
    unasked: usize,
    /// By rank, and then as they came.
    waiting: BTreeMap<(Rank, u64), Waiting>,
    came: u64,
}

#[derive(Debug)]
struct Waiting {
    place: u64,
    wake: oneshot::Sender<Turn>,
}

/// Leave to send, for as long as it is held.
#[derive(Debug)]
pub struct Turn {
    /// None: it keeps nobody waiting.
    held: Option<(Turns, u64, Rank)>,
}

impl Turns {
    /// Waits for a turn to send to that person or channel: by the id of either,
    /// of which no two are alike. An alarm waits for nothing.
    pub async fn turn(&self, place: u64, rank: Rank) -> Result<Turn, Failure> {
        if rank == Rank::Alarm {
            return Ok(Turn { held: None });
        }
        let (wake, woken) = oneshot::channel();
        self.state().comes(rank, Waiting { place, wake });
        self.wake_next();
        match timeout(WAIT_MAX, woken).await {
            Ok(Ok(turn)) => Ok(turn),
            _ => Err(Failure::Later),
        }
    }

    fn wake_next(&self) {
        loop {
            let next = self.state().next();
            let Some((rank, Waiting { place, wake })) = next else {
                return;
            };
            let held = Some((self.clone(), place, rank));
            // Whoever has left just now gives it back: it is dropped.
            let _ = wake.send(Turn { held });
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // Nothing in there is left half changed by a panic.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn comes(&mut self, rank: Rank, waiting: Waiting) {
        self.came += 1;
        self.waiting.insert((rank, self.came), waiting);
    }

    /// The first who waits and may go.
    fn next(&mut self) -> Option<(Rank, Waiting)> {
        if self.busy.len() >= AT_ONCE {
            return None;
        }
        let mut waiting = self.waiting.iter();
        let found = waiting.find(|((rank, _), waiting)| {
            let is_crowded = *rank == Rank::Unasked && self.unasked >= UNASKED_AT_ONCE;
            !is_crowded && !self.busy.contains(&waiting.place)
        });
        let key = *found?.0;
        let waiting = self.waiting.remove(&key)?;
        self.busy.insert(waiting.place);
        self.unasked += usize::from(key.0 == Rank::Unasked);
        Some((key.0, waiting))
    }

    fn is_done(&mut self, place: u64, rank: Rank) {
        self.busy.remove(&place);
        self.unasked -= usize::from(rank == Rank::Unasked);
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        if let Some((turns, place, rank)) = self.held.take() {
            turns.state().is_done(place, rank);
            turns.wake_next();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{AT_ONCE, Rank, Turns, UNASKED_AT_ONCE};
    use futures_util::{FutureExt, future::join_all};

    #[tokio::test]
    async fn answers_go_before_what_nobody_waits_for() {
        let turns = Turns::default();
        let first = turns.turn(1, Rank::Unasked).await.expect("a turn");
        let mut nudge = Box::pin(turns.turn(1, Rank::Unasked));
        let mut answer = Box::pin(turns.turn(1, Rank::Answer));
        assert!((&mut nudge).now_or_never().is_none());
        assert!((&mut answer).now_or_never().is_none());
        // An alarm and another person do not wait for them.
        assert!(turns.turn(1, Rank::Alarm).now_or_never().is_some());
        assert!(turns.turn(2, Rank::Unasked).now_or_never().is_some());
        drop(first);
        let answered = (&mut answer).now_or_never().expect("its turn");
        assert!((&mut nudge).now_or_never().is_none());
        drop(answered);
        assert!((&mut nudge).now_or_never().is_some());
    }

    #[tokio::test]
    async fn answers_have_half_of_the_way_to_themselves() {
        let turns = Turns::default();
        let places = 1..=u64::try_from(AT_ONCE).expect("a small number");
        let mut nudges: Vec<_> = places
            .map(|place| Box::pin(turns.turn(place, Rank::Unasked)))
            .collect();
        let held = join_all(nudges.drain(..UNASKED_AT_ONCE)).await;
        assert!((&mut nudges[0]).now_or_never().is_none());
        assert!(turns.turn(100, Rank::Answer).now_or_never().is_some());
        drop(held);
        assert!((&mut nudges[0]).now_or_never().is_some());
    }

    #[tokio::test]
    async fn whoever_has_left_holds_up_nobody() {
        let turns = Turns::default();
        let first = turns.turn(1, Rank::Answer).await.expect("a turn");
        let mut leaves = Box::pin(turns.turn(1, Rank::Answer));
        let mut woken_and_leaves = Box::pin(turns.turn(1, Rank::Answer));
        assert!((&mut leaves).now_or_never().is_none());
        assert!((&mut woken_and_leaves).now_or_never().is_none());
        drop(leaves);
        drop(first);
        drop(woken_and_leaves);
        assert!(turns.turn(1, Rank::Unasked).now_or_never().is_some());
    }
}
