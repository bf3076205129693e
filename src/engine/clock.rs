//! The two clocks, read here and nowhere else: real time for leases and
//! back-off, the office's for every rule of the house.
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::{
    sync::{
        Mutex, PoisonError,
        atomic::{AtomicI64, Ordering},
    },
    time::{Duration, Instant},
};

/// Tells the time. In a trial the office's clock runs ahead of real time by an
/// offset that its visitor sets; everywhere else they are one.
#[derive(Debug)]
pub struct Clock {
    source: Source,
    offset_s: AtomicI64,
}

#[derive(Debug)]
enum Source {
    /// The machine's, and since when it is read.
    System(Instant),
    /// Stands still until it is set: a story's time.
    Standing(Mutex<Standing>),
}

#[derive(Debug)]
struct Standing {
    at: DateTime<Utc>,
    /// How long it has run, whatever it shows.
    running: TimeDelta,
}

impl Clock {
    /// The machine's clock; the office's is ahead of it by so many seconds.
    pub fn system(offset_s: i64) -> Clock {
        Clock {
            source: Source::System(system_start()),
            offset_s: AtomicI64::new(offset_s),
        }
    }

    /// A clock whose real time stands at that instant until it is moved; the
    /// office's is ahead of it by so many seconds.
    pub fn standing(at: DateTime<Utc>, offset_s: i64) -> Clock {
        Clock {
            source: Source::Standing(Mutex::new(Standing {
                at,
                running: TimeDelta::zero(),
            })),
            offset_s: AtomicI64::new(offset_s),
        }
    }

    /// Real time, to the microsecond, as the databases keep it.
    pub fn real(&self) -> DateTime<Utc> {
        match &self.source {
            Source::System(_) => system_now(),
            Source::Standing(own) => own.lock().unwrap_or_else(PoisonError::into_inner).at,
        }
    }

    /// The office's time.
    pub fn office(&self) -> DateTime<Utc> {
        self.real() + TimeDelta::seconds(self.offset_s.load(Ordering::SeqCst))
    }

    /// How long it has run, whatever was made of what it shows.
    pub fn running(&self) -> Duration {
        match &self.source {
            Source::System(since) => since.elapsed(),
            Source::Standing(own) => {
                let running = own.lock().unwrap_or_else(PoisonError::into_inner).running;
                running.to_std().unwrap_or_default()
            }
        }
    }

    /// Lets a standing clock stand at another instant, the time between gone by; a
    /// running one is left alone.
    pub fn stand_at(&self, instant: DateTime<Utc>) {
        if let Source::Standing(own) = &self.source {
            let mut own = own.lock().unwrap_or_else(PoisonError::into_inner);
            let gone_by = (instant - own.at).max(TimeDelta::zero());
            own.running += gone_by;
            own.at = instant;
        }
    }

    /// Lets a standing clock show another instant, as if somebody had set it wrong.
    pub fn jump_to(&self, instant: DateTime<Utc>) {
        if let Source::Standing(own) = &self.source {
            own.lock().unwrap_or_else(PoisonError::into_inner).at = instant;
        }
    }

    /// The offset with which the office's clock shows that instant, or the next
    /// full second after it.
    pub(super) fn offset_to(&self, office: DateTime<Utc>) -> i64 {
        let ahead = office - self.real();
        let whole = ahead.num_seconds();
        whole + i64::from(TimeDelta::seconds(whole) < ahead)
    }

    pub(super) fn set_offset(&self, offset_s: i64) {
        self.offset_s.store(offset_s, Ordering::SeqCst);
    }
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
fn system_start() -> Instant {
    Instant::now()
}

#[expect(
    clippy::disallowed_methods,
    reason = "the one place that reads the machine's clock"
)]
fn system_now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
