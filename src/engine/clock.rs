//! The two clocks, read here and nowhere else: real time for leases and
//! back-off, the office's for every rule of the house.
use chrono::{DateTime, SubsecRound, TimeDelta, Utc};
use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicI64, Ordering},
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
    System,
    /// Stands still until it is set: a story's time.
    Standing(Mutex<DateTime<Utc>>),
}

impl Clock {
    /// The machine's clock; the office's is ahead of it by so many seconds.
    pub fn system(offset_s: i64) -> Clock {
        Clock {
            source: Source::System,
            offset_s: AtomicI64::new(offset_s),
        }
    }

    /// A clock whose real time stands at that instant until it is moved; the
    /// office's is ahead of it by so many seconds.
    pub fn standing(at: DateTime<Utc>, offset_s: i64) -> Clock {
        Clock {
            source: Source::Standing(Mutex::new(at)),
            offset_s: AtomicI64::new(offset_s),
        }
    }

    /// Real time, to the microsecond, as the databases keep it.
    pub fn real(&self) -> DateTime<Utc> {
        match &self.source {
            Source::System => system_now(),
            Source::Standing(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }

    /// The office's time.
    pub fn office(&self) -> DateTime<Utc> {
        self.real() + TimeDelta::seconds(self.offset_s.load(Ordering::SeqCst))
    }

    /// Lets a standing clock stand at another instant; a running one is left alone.
    pub fn stand_at(&self, instant: DateTime<Utc>) {
        if let Source::Standing(at) = &self.source {
            *at.lock().unwrap_or_else(PoisonError::into_inner) = instant;
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
fn system_now() -> DateTime<Utc> {
    Utc::now().trunc_subsecs(6)
}
