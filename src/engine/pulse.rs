//! The pulse of each loop: when it last showed life, and whether it had to be
//! begun anew. A loop that dies or hangs is missed by whoever looks here.
use super::Engine;
use chrono::{DateTime, Utc};
use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// A loop that has shown no life for so long stands still.
pub const STILL_AFTER: Duration = Duration::from_secs(180);

// The loops whose rounds may be long and show that they go on.
pub const LOOK: &str = "look";
pub const ALARMS: &str = "alarms";
pub const DELIVER: &str = "deliver";
pub const RENEW: &str = "renew";
pub const LETTERS: &str = "letters";

#[derive(Debug, Default)]
pub(super) struct Pulse {
    loops: Mutex<Loops>,
}

#[derive(Debug, Default)]
struct Loops {
    beats: BTreeMap<&'static str, Beat>,
    /// Those that had to be begun anew and were not told of yet.
    fallen: BTreeSet<&'static str>,
}

#[derive(Debug, Clone, Copy)]
struct Beat {
    /// How long the clock had run.
    at: Duration,
    told_at: DateTime<Utc>,
}

impl Pulse {
    /// Nothing breaks while it is held.
    fn loops(&self) -> MutexGuard<'_, Loops> {
        self.loops.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Engine {
    /// That loop lives.
    pub fn beats(&self, name: &'static str) {
        let beat = Beat {
            at: self.shared.clock.running(),
            told_at: self.shared.clock.real(),
        };
        self.shared.pulse.loops().beats.insert(name, beat);
    }

    /// As [`Engine::beats`], where that loop has shown life before; it need not run.
    pub fn goes_on(&self, name: &'static str) {
        let is_running = self.shared.pulse.loops().beats.contains_key(name);
        if is_running {
            self.beats(name);
        }
    }

    /// That loop had died or hung and is begun anew; the auditor hears of it at once.
    pub fn fell(&self, name: &'static str) {
        self.shared.pulse.loops().fallen.insert(name);
        self.shared.to_audit.notify_one();
    }

    /// How long ago that loop showed life.
    pub fn still_for(&self, name: &'static str) -> Duration {
        let beat = self.shared.pulse.loops().beats.get(name).copied();
        let running = self.shared.clock.running();
        beat.map_or(Duration::ZERO, |beat| running.saturating_sub(beat.at))
    }

    /// The loops that stand still.
    pub fn still(&self) -> Vec<&'static str> {
        let running = self.shared.clock.running();
        let loops = self.shared.pulse.loops();
        let still = loops
            .beats
            .iter()
            .filter(|(_, beat)| STILL_AFTER < running.saturating_sub(beat.at));
        still.map(|(name, _)| *name).collect()
    }

    /// When each loop last showed life, in real time.
    pub fn last_beats(&self) -> Vec<(&'static str, DateTime<Utc>)> {
        let loops = self.shared.pulse.loops();
        let beats = loops.beats.iter();
        beats.map(|(name, beat)| (*name, beat.told_at)).collect()
    }

    /// Waits until there is something to audit before the next interval.
    pub async fn something_to_audit(&self) {
        self.shared.to_audit.notified().await;
    }

    /// The loops that had to be begun anew and were not told of yet.
    pub(super) fn fallen(&self) -> BTreeSet<&'static str> {
        self.shared.pulse.loops().fallen.clone()
    }

    /// These were told of.
    pub(super) fn forget_fallen(&self, told: &BTreeSet<&'static str>) {
        let mut loops = self.shared.pulse.loops();
        loops.fallen.retain(|name| !told.contains(name));
    }
}
