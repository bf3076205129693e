//! How long a logged line takes from a chat to the disk, and with how many
//! statements: `cargo bench --bench taking -- 1000`.
use chrono::{DateTime, TimeDelta, Utc};
use koekake::{
    config::Config,
    conversation::{
        decide,
        message::{Account, AnswerTo, Incoming, Place, Platform, Said},
        reading::Words,
    },
    domain::{
        check_in::{NewCheckIn, Pace, Plan, Purpose, Why, Window},
        household::{Code, Facts, Route, State},
        people::{Language, Person, Role},
    },
    engine::{self, Engine, Parts, clock::Clock},
    store::{
        self, Db, Location,
        office::{Founding, FoundingCheckIn, FoundingHousehold, FoundingPerson},
    },
};
use std::{
    io::{self, Write},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tracing_subscriber::{Layer, layer::Context, prelude::*};

/// The households of the one nurse; a line each, in turn.
const HOUSEHOLDS: u32 = 40;

/// Counts what sqlx says that it runs.
#[derive(Clone, Default)]
struct Statements(Arc<AtomicUsize>);

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn enabled(&self, metadata: &tracing::Metadata<'_>, _: Context<'_, S>) -> bool {
        metadata.target() == "sqlx::query"
    }

    fn on_event(&self, _: &tracing::Event<'_>, _: Context<'_, S>) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }
}

fn main() -> anyhow::Result<()> {
    let lines: usize = std::env::args()
        .skip(1)
        .find(|argument| argument != "--bench")
        .map_or(Ok(1_000), |lines| lines.parse())?;
    let folder = tempfile::tempdir()?;
    // SQLite works on threads of its own: a subscriber of this one would not hear.
    let statements = Statements::default();
    tracing_subscriber::registry()
        .with(statements.clone())
        .init();
    let runtime = tokio::runtime::Runtime::new()?;
    runtime.block_on(async {
        let file = folder.path().join("office.sqlite");
        let db = Db::open(&Location::File(file)).await?;
        let clock = Clock::system(0);
        store::office::found(&db, &founding(clock.real())).await?;
        let engine = engine(db, clock)?;
        // The first line opens the connections.
        take(&engine, 0).await?;
        statements.0.store(0, Ordering::Relaxed);
        let begun = engine.clock().real();
        for number in 1..=lines {
            take(&engine, number).await?;
        }
        let took = engine.clock().real() - begun;
        let each = took.num_microseconds().unwrap_or(i64::MAX) / i64::try_from(lines.max(1))?;
        writeln!(
            io::stdout(),
            "{lines} lines in {} ms, {each} µs each; {} statements a line",
            took.num_milliseconds(),
            statements.0.load(Ordering::Relaxed) / lines.max(1),
        )?;
        anyhow::Ok(())
    })
}

async fn take(engine: &Engine, number: usize) -> anyhow::Result<()> {
    let household = number % HOUSEHOLDS as usize + 1;
    let from = Account {
        platform: Platform::Page,
        id: "1".to_owned(),
    };
    let letters = engine
        .take(Incoming {
            place: Place::of(&from),
            from,
            said: Said::Words(format!("H-{household:03} 訪問 不在 名刺 3か月後")),
            key: format!("line {number}"),
            typed_at: None,
            answer_to: Some(AnswerTo {
                alone: "1".to_owned(),
                message: None,
            }),
        })
        .await?;
    let is_kept = matches!(letters.as_slice(), [letter] if letter.id.is_some());
    anyhow::ensure!(is_kept, "line {number} was not recorded");
    Ok(())
}

fn engine(db: Db, clock: Clock) -> anyhow::Result<Engine> {
    let config = Config::load(None, [])?;
    Ok(Engine::new(Parts {
        db,
        office: decide::Office {
            calendar: config.office.calendar(),
            proposals: config.proposals.clone(),
            ladder: config.ladder.clone(),
            rhythm: config.rhythm.clone(),
            card: Vec::new(),
            counselling: config.office.counselling.clone(),
            page_url: String::new(),
        },
        words: Words::built_in(),
        clock,
        couriers: Vec::new(),
        patience: Duration::from_secs(30),
        changes: engine::changes(),
    }))
}

fn founding(now: DateTime<Utc>) -> Founding {
    let on = now.date_naive();
    let terms = NewCheckIn {
        window: Window::day(on),
        purpose: Purpose::LookIn,
        pace: Pace::Ordinary,
        why: Why::FamilyMet,
        plan: Plan::default(),
        put_off: 0,
    };
    let facts = Facts {
        state: State::Active,
        pause_reason: None,
        close_reason: None,
        awaiting_receipt: false,
        class: None,
        flags: Vec::new(),
        not_before: None,
        known_by: Some(Route::Family),
        known_on: Some(on),
        main: None,
        second: None,
        check_in: None,
    };
    let person = |name: &str, role| FoundingPerson {
        name: name.to_owned(),
        role,
        language: Language::Japanese,
        working_days: Person::WEEKDAYS,
        left_on: None,
    };
    Founding {
        name: "見本センター".to_owned(),
        zone: chrono_tz::Asia::Tokyo,
        clock_offset_s: 0,
        made_up: true,
        team: "見本チーム".to_owned(),
        people: vec![
            person("佐藤", Role::Nurse),
            person("伊藤", Role::Supervisor),
        ],
        households: (1..=HOUSEHOLDS)
            .map(|number| FoundingHousehold {
                code: Code::of(number),
                facts: facts.clone(),
                main: Some(0),
                second: None,
                contacts: Vec::new(),
                check_in: Some(FoundingCheckIn {
                    terms: terms.clone(),
                    made_at: now - TimeDelta::days(30),
                    made_by: 0,
                    next_nudge_at: now + TimeDelta::days(1),
                }),
            })
            .collect(),
        page_routes: true,
    }
}
