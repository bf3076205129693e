//! An office whose people are on Telegram: its engine, our side of Telegram and
//! the fake one, in one.
use super::fake::{Fake, TOKEN};
use crate::bot::{Home, TestBot, instant, person};
use chrono::TimeDelta;
use koekake::{
    config::Config,
    conversation::{decide, message::Platform, reading::Words},
    engine::{self, Engine, Parts, clock::Clock},
    platforms::{
        telegram::{Limits, Settings, Telegram, client},
        web::PageCourier,
    },
    store::Db,
};
use std::{num::NonZeroU32, sync::Arc, time::Duration};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

const NOW: &str = "2026-11-25 09:00";
const MANY: NonZeroU32 = NonZeroU32::new(100_000).unwrap();
/// No limit of ours is reached, unless a test is about them.
const NONE_REACHED: Limits = Limits {
    per_second: MANY,
    per_second_and_chat: MANY,
    per_minute_and_group: MANY,
};
/// The courier's own patience is shorter.
const PATIENCE: Duration = Duration::from_secs(30);

pub const SATO: i64 = 1_001;
pub const SUZUKI: i64 = 1_002;
pub const ITO: i64 = 1_003;
pub const KOBAYASHI: i64 = 1_005;
const ACCOUNTS: [(&str, i64); 4] = [
    ("佐藤", SATO),
    ("鈴木", SUZUKI),
    ("伊藤", ITO),
    ("小林", KOBAYASHI),
];

pub struct Line {
    pub fake: Fake,
    pub engine: Engine,
    bot: TestBot,
    free_lines_in_rooms: bool,
    listening: Option<Listening>,
}

struct Listening {
    shutdown: CancellationToken,
    task: JoinHandle<()>,
}

impl Line {
    /// The office, and nobody listening yet.
    pub async fn quiet(homes: &[Home]) -> Line {
        let bot = TestBot::at(NOW, homes).await;
        let fake = Fake::start(instant(NOW).timestamp()).await;
        for (name, account) in ACCOUNTS {
            join(&bot.db, name, account).await;
        }
        allow_all(&bot.db).await;
        let telegram = telegram(&fake, false, NONE_REACHED);
        Line {
            engine: engine(&bot.db, &telegram),
            fake,
            bot,
            free_lines_in_rooms: false,
            listening: None,
        }
    }

    /// The office, listening.
    pub async fn open(homes: &[Home]) -> Line {
        let mut line = Line::quiet(homes).await;
        line.listens();
        line
    }

    /// As the office wants it: lines in groups are read without a mention.
    pub fn reads_free_lines(&mut self) {
        self.free_lines_in_rooms = true;
    }

    /// A new process takes updates and sends.
    pub fn listens(&mut self) {
        let telegram = telegram(&self.fake, self.free_lines_in_rooms, NONE_REACHED);
        let engine = engine(&self.bot.db, &telegram);
        engine.clock().stand_at(self.engine.clock().real());
        self.engine = engine.clone();
        let shutdown = CancellationToken::new();
        let token = shutdown.clone();
        let task = tokio::spawn(async move { telegram.listen(engine, token).await });
        self.listening = Some(Listening { shutdown, task });
    }

    /// The process dies where it stands.
    pub async fn dies(&mut self) {
        let listening = self.listening.take().expect("somebody who listens");
        listening.task.abort();
        assert!(listening.task.await.is_err());
    }

    /// The process ends in order.
    pub async fn stops(&mut self) {
        let listening = self.listening.take().expect("somebody who listens");
        listening.shutdown.cancel();
        listening.task.await.expect("no panic");
    }

    /// Real time goes on.
    pub fn seconds_pass(&self, seconds: i64) {
        let clock = self.engine.clock();
        clock.stand_at(clock.real() + TimeDelta::seconds(seconds));
    }

    /// Somebody else writes to the store, until what is given back is awaited.
    pub async fn holds_the_store(&self) -> impl Future<Output = ()> + use<> {
        let mut connection = self.pool().acquire().await.expect("a connection");
        sqlx::query("BEGIN IMMEDIATE")
            .execute(&mut *connection)
            .await
            .expect("the lock");
        async move {
            sqlx::query("ROLLBACK")
                .execute(&mut *connection)
                .await
                .expect("the end of the lock");
        }
    }

    fn pool(&self) -> &sqlx::SqlitePool {
        match &self.bot.db {
            Db::Sqlite(pool, _) => pool,
            Db::Postgres(_) => panic!("Telegram is tried on SQLite"),
        }
    }

    /// How many contacts the office has.
    pub async fn contacts(&self) -> i64 {
        self.count("SELECT COUNT(*) FROM contact").await
    }

    /// How many answers have still to go out.
    pub async fn letters(&self) -> i64 {
        self.engine.settle_letters().await.expect("settled");
        self.count("SELECT COUNT(*) FROM letter").await
    }

    /// The number that a statement of the test's own gives.
    pub async fn count(&self, statement: &'static str) -> i64 {
        let pool = self.pool();
        let (count,): (i64,) = sqlx::query_as(statement)
            .fetch_one(pool)
            .await
            .expect(statement);
        count
    }
}

impl Drop for Line {
    fn drop(&mut self) {
        if let Some(listening) = &self.listening {
            listening.task.abort();
        }
    }
}

/// Our side of that Telegram.
pub fn telegram(fake: &Fake, free_lines_in_rooms: bool, limits: Limits) -> Telegram {
    Telegram::new(Settings {
        token: TOKEN.into(),
        api_url: fake.url.parse().expect("an address"),
        client: client(reqwest::Client::builder().no_proxy()).expect("a client"),
        free_lines_in_rooms,
        limits,
    })
}

fn engine(db: &Db, telegram: &Telegram) -> Engine {
    let config = Config::load(None, []).expect("the built-in settings");
    let changes = engine::changes();
    let page = PageCourier {
        db: db.clone(),
        changes: changes.clone(),
    };
    Engine::new(Parts {
        db: db.clone(),
        office: decide::Office {
            calendar: config.office.calendar(),
            proposals: config.proposals.clone(),
            ladder: config.ladder.clone(),
            rhythm: config.rhythm.clone(),
            card: vec![("緊急連絡先".to_owned(), "(見本)".to_owned())],
            counselling: "(見本)".to_owned(),
            page_url: "http://127.0.0.1:8080".to_owned(),
        },
        words: Words::built_in(),
        clock: Clock::standing(instant(NOW), 0),
        couriers: vec![
            (Platform::Telegram, telegram.courier()),
            (Platform::Page, Arc::new(page)),
        ],
        patience: PATIENCE,
        changes,
    })
}

/// The person has that account, which is tried before the page.
async fn join(db: &Db, name: &str, account: i64) {
    let Db::Sqlite(pool, _) = db else {
        panic!("Telegram is tried on SQLite");
    };
    let statement = "INSERT INTO route (person_id, platform, account, position) \
                     VALUES ($1, 'telegram', $2, 0)";
    sqlx::query(statement)
        .bind(person(name).0)
        .bind(account.to_string())
        .execute(pool)
        .await
        .expect("a route");
}

/// The office allows all on Telegram.
pub async fn allow_all(db: &Db) {
    let Db::Sqlite(pool, _) = db else {
        panic!("Telegram is tried on SQLite");
    };
    let statement = "INSERT INTO chat_level (platform, level, approval, set_by, set_at) \
                     VALUES ('telegram', 3, '第1号', 5, '2026-11-01T00:00:00+00:00')";
    sqlx::query(statement).execute(pool).await.expect("a level");
}
