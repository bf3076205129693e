//! A backup each day, named by the office's day, and the oldest of them gone when
//! there are enough. Whoever runs the office reads in the log, and from `koekake
//! doctor`, when a day went by without one.
use super::{Unmade, make, part};
use crate::{
    app::{desk, loops},
    config::Backup,
    domain::calendar::Calendar,
    engine::Engine,
    store::{Db, Location},
};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};
use std::{
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;

/// How often it is seen whether it is time.
const LOOK_EVERY: Duration = Duration::from_secs(60);
/// The wait after a failure; each further one is twice as long.
const BACK_OFF: Duration = Duration::from_secs(60);
const BACK_OFF_MAX: Duration = Duration::from_secs(3_600);

/// One that is not made by then hangs, on a disk that does not answer.
const MAKE_MAX: Duration = Duration::from_secs(3_600);

/// The loop's name.
pub const LOOP: &str = "backup";
const PREFIX: &str = "koekake-";

/// What the settings say of daily backups, and of what; and how it goes.
#[derive(Clone)]
pub struct Daily {
    folder: PathBuf,
    /// Wall clock of the office.
    at: NaiveTime,
    keep: usize,
    calendar: Calendar,
    office: (Db, Location),
    /// The last day for which one was tried in vain.
    failed_on: Option<NaiveDate>,
    /// The wait after the next failure.
    back_off: Duration,
}

impl Daily {
    /// None where the settings want none.
    pub fn of(settings: &Backup, calendar: Calendar, office: (Db, Location)) -> Option<Daily> {
        (settings.keep > 0).then(|| Daily {
            folder: settings.dir.clone(),
            at: settings.at,
            keep: settings.keep,
            calendar,
            office,
            failed_on: None,
            back_off: BACK_OFF,
        })
    }

    /// Makes them until the shutdown. What is under way then leaves nothing behind.
    pub async fn run(mut self, engine: Engine, shutdown: CancellationToken) {
        while !shutdown.is_cancelled() {
            let now = self.calendar.local(engine.clock().office());
            let round = async {
                let pause = self.look(now).await;
                sleep(pause).await;
            };
            tokio::select! {
                () = loops::beating(&engine, LOOP, round) => {}
                () = shutdown.cancelled() => return,
            }
        }
    }

    /// Makes the day's backup if it is time and there is none; how long to wait
    /// until the next look. By the office's wall clock.
    pub async fn look(&mut self, now: NaiveDateTime) -> Duration {
        let today = now.date();
        if now.time() < self.at || self.is_there(today) {
            return LOOK_EVERY;
        }
        if self.failed_on.is_some_and(|day| day < today) {
            tracing::error!("a day went by without a backup");
        }
        let made = timeout(MAKE_MAX, self.make(today)).await;
        if made.is_err() {
            tracing::error!("a backup was given up: its disk does not answer");
        }
        if made.unwrap_or(false) {
            self.failed_on = None;
            self.back_off = BACK_OFF;
            return LOOK_EVERY;
        }
        self.failed_on = Some(today);
        let pause = self.back_off;
        self.back_off = (pause * 2).min(BACK_OFF_MAX);
        pause
    }

    fn is_there(&self, day: NaiveDate) -> bool {
        let own = days_in(&self.folder).unwrap_or_default();
        own.iter().any(|(made_on, _)| *made_on == day)
    }

    /// Makes that day's, then takes away what is too old; whether it was made.
    async fn make(&self, day: NaiveDate) -> bool {
        let (db, location) = &self.office;
        let kind = match location {
            Location::File(_) => "sqlite",
            Location::Url(_) => "jsonl",
        };
        if let Err(problem) = desk::make_private(&self.folder) {
            tracing::error!(%problem, "no backup was made");
            return false;
        }
        let target = self.folder.join(format!("{PREFIX}{day}.{kind}"));
        match make(db, location, &target).await {
            Ok(summary) => {
                let (households, contacts) = (summary.households, summary.contacts);
                tracing::info!(%day, households, contacts, "a backup was made");
                self.prune(day);
                true
            }
            Err(unmade) => {
                let cause = cause(&unmade);
                tracing::error!(%day, %unmade, cause, "no backup was made");
                false
            }
        }
    }

    /// What a clock that was wrong has named by a day to come is left alone; what
    /// a killed process has left of an earlier day is of no use to anybody.
    fn prune(&self, today: NaiveDate) {
        let found = days_in(&self.folder).and_then(|own| Ok((own, parts_in(&self.folder)?)));
        let (mut own, parts) = match found {
            Ok(found) => found,
            Err(problem) => {
                tracing::warn!(%problem, "old backups could not be looked at");
                return;
            }
        };
        own.retain(|(day, _)| *day <= today);
        own.sort();
        let excess = own.len().saturating_sub(self.keep);
        let too_old = own.into_iter().take(excess);
        let half_done = parts.into_iter().filter(|(day, _)| *day < today);
        for (day, path) in too_old.chain(half_done) {
            match fs::remove_file(&path) {
                Ok(()) => tracing::info!(%day, "an old backup was taken away"),
                Err(problem) => tracing::warn!(%day, %problem, "an old backup stays"),
            }
        }
    }
}

/// What the database or the system said of it.
fn cause(unmade: &Unmade) -> String {
    let mut error: &dyn std::error::Error = unmade;
    while let Some(source) = error.source() {
        error = source;
    }
    error.to_string()
}

/// The backups of that folder that were named here, with their days.
pub fn days_in(folder: &Path) -> io::Result<Vec<(NaiveDate, PathBuf)>> {
    named_in(folder, day_of)
}

/// Those that are being written, or were.
fn parts_in(folder: &Path) -> io::Result<Vec<(NaiveDate, PathBuf)>> {
    named_in(folder, |name| day_of(part::target_of(name)?))
}

fn named_in(
    folder: &Path,
    day_of: impl Fn(&str) -> Option<NaiveDate>,
) -> io::Result<Vec<(NaiveDate, PathBuf)>> {
    let mut own = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let day = entry.file_name().to_str().and_then(&day_of);
        own.extend(day.map(|day| (day, entry.path())));
    }
    Ok(own)
}

fn day_of(name: &str) -> Option<NaiveDate> {
    let named = name.strip_prefix(PREFIX)?;
    let day = named
        .strip_suffix(".sqlite")
        .or_else(|| named.strip_suffix(".jsonl"))?;
    let read: NaiveDate = day.parse().ok()?;
    // As it is written here, and in no other way.
    (read.to_string() == day).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::day_of;

    #[test]
    fn only_names_that_are_given_here_are_known() {
        for name in ["koekake-2026-11-25.sqlite", "koekake-2026-11-25.jsonl"] {
            assert!(day_of(name).is_some(), "{name}");
        }
        for name in [
            "koekake-2026-11-25.sqlite-wal",
            ".koekake-2026-11-25.sqlite.part",
            "koekake-2026-11-25",
            "koekake-2026-1-5.sqlite",
            "koekake-2026-02-30.sqlite",
            "koekake-before.sqlite",
            "office.sqlite",
        ] {
            assert_eq!(day_of(name), None, "{name}");
        }
    }
}
