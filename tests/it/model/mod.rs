//! Random histories of an office, looked at after every step by a small reference
//! model: no open household without its date, nothing due that is on nobody's desk,
//! nothing said twice without the words that say so, nothing acknowledged that is
//! lost. `KOEKAKE_HISTORIES=20000 cargo test model` runs as many as that.
mod reference;
mod seen;
mod step;

use crate::{
    bot::{home, instant},
    mortal::{self, Office, go_on, say, work},
};
use chrono::{DateTime, TimeDelta, Utc};
use koekake::{
    conversation::{action::Action, message::Incoming},
    domain::AlarmId,
};
use proptest::{
    collection::vec,
    sample::select,
    strategy::{Strategy, ValueTree},
    test_runner::{Config, RngSeed, TestCaseError, TestRunner},
};
use reference::Reference;
use seen::Seen;
use std::{env, sync::OnceLock, thread};
use step::{Step, steps};

/// In a plain test run.
const HISTORIES: u32 = 500;
const SEED: u64 = 20_261_125;
const STEPS: usize = 50;
/// A fault that was found is made shorter for no longer than this; by command,
/// somebody waits for it.
const SHRINK_MILLISECONDS_MAX: u32 = 20_000;
const SHRINK_MILLISECONDS_MAX_BY_COMMAND: u32 = 300_000;

/// Where a history begins, and the days of its four households: an ordinary week,
/// before New Year, before the transfers of April, before Golden Week, after hours
/// in a leap year's February.
const STARTS: [(&str, [&str; 4]); 5] = [
    (
        "2026-11-24 12:00",
        ["2026-11-25", "2026-11-25", "2026-11-26", "2026-12-01"],
    ),
    (
        "2026-12-22 09:00",
        ["2026-12-23", "2026-12-28", "2026-12-31", "2027-01-04"],
    ),
    (
        "2027-03-24 10:00",
        ["2027-03-24", "2027-03-31", "2027-04-01", "2027-04-05"],
    ),
    (
        "2027-04-23 16:30",
        ["2027-04-23", "2027-04-28", "2027-04-30", "2027-05-06"],
    ),
    (
        "2028-02-25 18:00",
        ["2028-02-25", "2028-02-28", "2028-02-29", "2028-03-01"],
    ),
];
const MAINS: [&str; 4] = ["佐藤", "佐藤", "鈴木", "伊藤"];
const CODES: [u32; 4] = [12, 13, 21, 31];

/// An alarm is read before more time than this goes by.
const ALARM_MINUTES_MAX: i64 = 90;
/// So many days after the last step everything that was due must have been said.
const REST_DAYS: i64 = 6;

/// Befell others: reminders that a list showed and nobody was sent.
#[test]
fn no_history_leaves_a_household_without_a_date_or_a_date_without_a_desk() {
    let histories = match env::var("KOEKAKE_HISTORIES") {
        Ok(count) => count.parse().expect("KOEKAKE_HISTORIES is a number"),
        Err(_) => HISTORIES,
    };
    let runners: Vec<_> = [histories / 2, histories - histories / 2]
        .into_iter()
        .enumerate()
        .map(|(half, cases)| thread::spawn(move || run(cases, half)))
        .collect();
    for runner in runners {
        if let Err(fault) = runner.join().expect("a runner") {
            panic!("{fault}");
        }
    }
}

/// So many histories. By command each run draws others, and says how to draw them
/// again; without one they are the same each time, so that nobody's change fails
/// over another's.
fn run(cases: u32, half: usize) -> Result<(), String> {
    let by_command = env::var("KOEKAKE_HISTORIES").is_ok();
    let seed = match env::var("KOEKAKE_HISTORIES_SEED") {
        Ok(seed) => seed.parse().expect("KOEKAKE_HISTORIES_SEED is a number"),
        Err(_) if by_command => rand::random::<u64>(),
        Err(_) => SEED,
    };
    let max_shrink_time = match by_command {
        true => SHRINK_MILLISECONDS_MAX_BY_COMMAND,
        false => SHRINK_MILLISECONDS_MAX,
    };
    let mut runner = TestRunner::new(Config {
        cases,
        failure_persistence: None,
        rng_seed: RngSeed::Fixed(seed.wrapping_add(half as u64)),
        max_shrink_time,
        ..Config::default()
    });
    let histories = (select(vec![0, 1, 2, 3, 4]), vec(steps(), STEPS));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    let ran = runner.run(&histories, |(start, steps)| {
        let told = runtime.block_on(History::of(start, &steps));
        told.map_err(TestCaseError::fail)
    });
    ran.map_err(|fault| format!("KOEKAKE_HISTORIES_SEED={seed}: {fault}"))
}

/// One office while its history is told.
struct History {
    office: Office,
    reference: Reference,
    /// Messages so far; a key for each.
    said: usize,
    last: Option<Incoming>,
    /// The next step ends after so many effects.
    ends_after: Option<u64>,
    /// Effects and the time when it was last looked at.
    looked_at: (u64, DateTime<Utc>),
}

impl History {
    async fn of(start: usize, steps: &[Step]) -> Result<(), String> {
        let (time, _) = STARTS[start];
        let office = Office::of(database(start), instant(time)).await;
        let seen = Seen::of(&office).await;
        let mut history = History {
            reference: Reference::new(seen, instant(time)),
            office,
            said: 0,
            last: None,
            ends_after: None,
            looked_at: (0, instant(time)),
        };
        for (number, step) in steps.iter().enumerate() {
            history.takes(step).await?;
            history
                .check()
                .await
                .map_err(|fault| format!("step {number}, {step:?}: {fault}"))?;
        }
        history.rests().await
    }

    async fn takes(&mut self, step: &Step) -> Result<(), String> {
        match step {
            Step::Fails(faults) => self.office.post().faults.extend(faults.iter().copied()),
            Step::Gone(who) => {
                self.office.post().gone.insert(mortal::account(*who));
            }
            Step::Back(who) => {
                self.office.post().gone.remove(&mortal::account(*who));
            }
            Step::EndsAfter(effects) => self.ends_after = Some(*effects),
            Step::BeginsAnew => {
                self.office.begins_anew().await;
                self.reference.process_ended();
            }
            Step::GoesOn(minutes) => {
                self.reads_alarms_before(*minutes).await?;
                let until = self.office.now() + TimeDelta::minutes(*minutes);
                self.reference.goes_on(self.office.now(), until);
                self.does(None, until).await;
            }
            Step::IsAway(minutes) => {
                self.reads_alarms_before(*minutes).await?;
                let then = self.office.now() + TimeDelta::minutes(*minutes);
                self.office.engine.clock().stand_at(then);
                self.does(None, then).await;
            }
            Step::Again => {
                if let Some(again) = self.last.clone() {
                    self.reference.expects_nothing_new();
                    let now = self.office.now();
                    self.does(Some(again), now).await;
                }
            }
            Step::Says(..) | Step::Presses(..) => {
                let key = format!("model:{}", self.said);
                self.said += 1;
                let incoming = step.message(&self.reference.seen, &key);
                if let Some(incoming) = incoming {
                    self.reference.hears(step);
                    self.last = Some(incoming.clone());
                    let now = self.office.now();
                    self.does(Some(incoming), now).await;
                }
            }
        }
        Ok(())
    }

    /// An alarm calls every half hour until it is read: days of it tell nothing more.
    async fn reads_alarms_before(&mut self, minutes: i64) -> Result<(), String> {
        if minutes <= ALARM_MINUTES_MAX {
            return Ok(());
        }
        for alarm in self.reference.seen.alarms.clone() {
            let key = format!("model:{}", self.said);
            self.said += 1;
            let action = Action::ConfirmAlarm(AlarmId(alarm));
            let now = self.office.now();
            self.does(Some(mortal::press("渡辺", action, &key)), now)
                .await;
        }
        self.check().await
    }

    /// To its end, however often the process ends before.
    async fn does(&mut self, incoming: Option<Incoming>, until: DateTime<Utc>) {
        if let Some(effects) = self.ends_after.take() {
            self.office.ends_after(effects);
        }
        loop {
            let (engine, pool) = (self.office.engine.clone(), self.office.pool.clone());
            let done = match incoming.clone() {
                Some(incoming) => self.office.lives(say(&engine, incoming)).await,
                None => self.office.lives(go_on(&engine, &pool, until)).await,
            };
            if done {
                break;
            }
            self.reference.process_ended();
        }
        // What is left of its life is not the next step's.
        self.office.ends_after(u64::MAX / 2);
    }

    async fn check(&mut self) -> Result<(), String> {
        let is_as = (self.office.effects(), self.office.now());
        if std::mem::replace(&mut self.looked_at, is_as) == is_as {
            self.reference.expects_anything();
            return Ok(());
        }
        let seen = Seen::of(&self.office).await;
        let now = self.office.now();
        self.reference.follows(seen, now)?;
        self.reference.hears_post(&self.office.post())
    }

    /// All platforms are well, and days go by: nothing waits any more.
    async fn rests(mut self) -> Result<(), String> {
        {
            let mut post = self.office.post();
            post.faults.clear();
            post.gone.clear();
        }
        self.reads_alarms_before(i64::MAX).await?;
        let start = self.office.now();
        let until = start + TimeDelta::days(REST_DAYS);
        self.reference.goes_on(start, until);
        self.does(None, until).await;
        // In the afternoon of an open day, an hour of real time after all waits.
        let then = self.reference.next_talking_time(until) + TimeDelta::hours(1);
        self.reference.goes_on(until, then);
        self.does(None, then).await;
        let engine = self.office.engine.clone();
        work(&engine).await.map_err(|fault| fault.to_string())?;
        self.check()
            .await
            .map_err(|fault| format!("at rest: {fault}"))?;
        self.reference.is_at_rest()
    }
}

/// The office of that start before its history.
fn database(start: usize) -> &'static [u8] {
    static DATABASES: [OnceLock<Vec<u8>>; STARTS.len()] = [const { OnceLock::new() }; 5];
    DATABASES[start].get_or_init(|| {
        let (time, days) = STARTS[start];
        let homes: Vec<_> = CODES
            .into_iter()
            .zip(MAINS)
            .zip(days)
            .map(|((code, main), day)| home(code, main, day))
            .collect();
        // A runtime of its own: whoever waits for this may be within another.
        let made = thread::spawn(move || {
            let runtime = tokio::runtime::Runtime::new().expect("a runtime");
            runtime.block_on(mortal::database(time, &homes))
        });
        made.join().expect("a database")
    })
}

#[test]
fn a_history_is_drawn_with_all_its_steps() {
    let mut runner = TestRunner::deterministic();
    let drawn = vec(steps(), 400).new_tree(&mut runner);
    let drawn = drawn.expect("steps").current();
    let kinds: std::collections::BTreeSet<String> = drawn
        .iter()
        .map(|step| {
            let text = format!("{step:?}");
            text.split('(').next().unwrap_or_default().to_owned()
        })
        .collect();
    assert_eq!(kinds.len(), 10, "{kinds:?}");
}
