//! The small office on the fake Discord: its bot listens, its people type.
use super::fake::{FakeDiscord, ROOM, private_channel};
use crate::{
    bot::{Home, TestBot, instant, parts, person},
    chat_bot,
};
use chrono::TimeDelta;
use koekake::{
    config::Config,
    conversation::message::Platform,
    engine::{Courier, Cursor, Engine, Parts, clock::Clock},
    platforms::discord::{Discord, Settings},
    store::Db,
};
use serde_json::{Value, json};
use std::{sync::Arc, time::Duration};
use tokio::{task::JoinHandle, time::timeout};
use tokio_util::sync::CancellationToken;

/// A test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The office, the fake, and the bot between them.
pub struct OnDiscord {
    pub bot: TestBot,
    pub fake: FakeDiscord,
    pub engine: Engine,
    pub courier: Arc<dyn Courier>,
    discord: Arc<Discord>,
    shutdown: CancellationToken,
    listening: Option<JoinHandle<()>>,
}

impl OnDiscord {
    /// Everybody is on Discord, and the bot listens there.
    pub async fn at(time: &str, homes: &[Home]) -> OnDiscord {
        let mut chat = OnDiscord::not_listening(time, homes).await;
        chat.starts().await;
        chat
    }

    /// Everybody is on Discord; the bot does not listen yet.
    pub async fn not_listening(time: &str, homes: &[Home]) -> OnDiscord {
        let mut bot = TestBot::at(time, homes).await;
        bot.opens(Platform::Discord).await;
        let fake = FakeDiscord::at(instant(time)).await;
        let (discord, courier, engine) = process(&bot, &fake, instant(time));
        OnDiscord {
            bot,
            fake,
            engine,
            courier,
            discord,
            shutdown: CancellationToken::new(),
            listening: None,
        }
    }

    /// Another process on the same database.
    pub fn is_another_process(&mut self) {
        assert!(self.listening.is_none(), "the first one listens");
        let now = self.engine.clock().real();
        (self.discord, self.courier, self.engine) = process(&self.bot, &self.fake, now);
    }

    /// The bot listens from now on.
    pub async fn starts(&mut self) {
        let sessions = self.fake.world().gateway.number;
        self.shutdown = CancellationToken::new();
        let (discord, engine) = (self.discord.clone(), self.engine.clone());
        let shutdown = self.shutdown.clone();
        self.listening = Some(tokio::spawn(async move {
            discord.listen(engine, shutdown).await
        }));
        self.fake
            .until("a session", |world| {
                (world.gateway.number > sessions).then_some(())
            })
            .await;
    }

    /// The bot stops; it must do so within ten seconds.
    pub async fn stops(&mut self) {
        self.shutdown.cancel();
        let listening = self.listening.take().expect("it listens");
        timeout(Duration::from_secs(10), listening)
            .await
            .expect("a stop within ten seconds")
            .expect("no panic");
    }

    /// The person types a line in private; the answer to it.
    pub async fn says(&self, who: &str, words: &str) -> Value {
        let user = user(who);
        let before = self.fake.said_in(private_channel(user)).len();
        self.fake.types(user, words);
        self.fake.said(private_channel(user), before).await
    }

    /// The person presses a button of the newest message to them that has it; what
    /// is answered.
    pub async fn presses(&self, who: &str, label: &str) -> Value {
        let user = user(who);
        let said = self.fake.said_in(private_channel(user));
        let button = said.iter().rev().find_map(|message| button(message, label));
        let button = button.unwrap_or_else(|| panic!("no button 「{label}」 in {said:?}"));
        let pressed = self.fake.presses((None, user), &button);
        self.fake.answer(pressed).await.shown
    }

    /// The team uses [`ROOM`] from now on.
    pub async fn registers_the_room(&self) {
        let admin = (Some(ROOM), user("小林"));
        let asked = self.fake.asks(admin, 2, call("setup", &[]));
        let asked = self.fake.answer(asked).await;
        let use_it = button(&asked.shown, "このチームで使う");
        let use_it = use_it.unwrap_or_else(|| panic!("{asked:?}"));
        let pressed = self.fake.presses(admin, &use_it);
        self.fake.answer(pressed).await;
        self.fake.said(ROOM, 0).await;
    }

    /// The household and day of each contact, in the order in which they were recorded.
    pub async fn contacts(&self) -> Vec<(String, String)> {
        let (pool, _) = self.sqlite();
        sqlx::query_as(
            "SELECT household.code, contact.took_place_on FROM contact \
             JOIN household ON household.id = contact.household_id \
             WHERE NOT contact.withdrawn ORDER BY contact.id",
        )
        .fetch_all(pool)
        .await
        .expect("contacts")
    }

    /// Waits until everything that was typed so far stands under a cursor.
    pub async fn reads_up_to_here(&self) {
        let newest = self.fake.world().newest_typed().to_string();
        self.has_cursor(|cursor| cursor.seen == newest).await;
    }

    /// Waits until it is known which commands are registered.
    pub async fn keeps_the_commands(&self) {
        self.has_cursor(|cursor| cursor.place.starts_with("commands"))
            .await;
    }

    async fn has_cursor(&self, is_it: impl Fn(&Cursor) -> bool) {
        let waiting = async {
            loop {
                let cursors = self.engine.cursors(Platform::Discord).await;
                if cursors.expect("cursors").iter().any(&is_it) {
                    return;
                }
            }
        };
        timeout(PATIENCE, waiting).await.expect("such a cursor");
    }

    /// Sends what waits, later and later, until something did.
    pub async fn sends_what_waits(&self) {
        let waiting = async {
            while self.engine.send_waiting().await.expect("letters") == 0 {
                let clock = self.engine.clock();
                clock.stand_at(clock.real() + TimeDelta::minutes(5));
            }
        };
        timeout(PATIENCE, waiting).await.expect("a letter");
    }

    /// Waits until the bot has resumed its session so many times.
    pub async fn resumes(&self, times: usize) {
        self.fake
            .until("a resumed session", |world| {
                let resumed = world.frames.iter().filter(|frame| frame["op"] == 6);
                (resumed.count() >= times).then_some(())
            })
            .await;
    }

    pub fn still_listens(&self) -> bool {
        self.listening
            .as_ref()
            .is_some_and(|task| !task.is_finished())
    }

    /// Nobody writes into the database until it is let go.
    pub async fn holds_the_database(&self) -> sqlx::Transaction<'static, sqlx::Sqlite> {
        let (_, writer) = self.sqlite();
        writer.begin().await.expect("the writer's turn")
    }

    fn sqlite(&self) -> (&sqlx::SqlitePool, &sqlx::SqlitePool) {
        match &self.bot.db {
            Db::Sqlite(readers, writer) => (readers, writer),
            Db::Postgres(_) => panic!("chats are tried on SQLite"),
        }
    }
}

fn process(
    bot: &TestBot,
    fake: &FakeDiscord,
    now: chrono::DateTime<chrono::Utc>,
) -> (Arc<Discord>, Arc<dyn Courier>, Engine) {
    let discord = Arc::new(Discord::new(Settings {
        token: "made.up.token".to_owned().into(),
        client: fake.client(),
        free_lines_in_rooms: true,
    }));
    let config = Config::load(None, []).expect("the built-in settings");
    let courier = discord.courier();
    let couriers = vec![(Platform::Discord, courier.clone())];
    let engine = Engine::new(Parts {
        patience: Duration::from_secs(5),
        ..parts(&config, &bot.db, Clock::standing(now, 0), couriers)
    });
    (discord, courier, engine)
}

/// The account of somebody of the office.
pub fn user(who: &str) -> u64 {
    let account = chat_bot::account(Platform::Discord, who);
    assert!(person(who).0 > 0);
    account.parse().expect("a number")
}

/// The id of the button with that label under a message.
pub fn button(message: &Value, label: &str) -> Option<String> {
    let rows = message["components"].as_array()?.iter();
    let mut parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let found = parts.find(|part| part["label"] == label)?;
    found["custom_id"].as_str().map(str::to_owned)
}

/// The words of a message.
pub fn text(message: &Value) -> &str {
    message["content"].as_str().unwrap_or_default()
}

/// A command that is called with these values.
pub fn call(name: &str, given: &[(&str, &str)]) -> Value {
    let options: Vec<Value> = given
        .iter()
        .map(|(name, value)| json!({"name": name, "type": 3, "value": value}))
        .collect();
    json!({"id": "77", "name": name, "type": 1, "options": options})
}

/// A window that was opened, sent with these values.
pub fn fill(opened: &Value, values: &[&str]) -> Value {
    let mut rows = opened["components"].clone();
    let own = rows.as_array_mut().expect("rows");
    assert_eq!(own.len(), values.len(), "{opened}");
    for (row, value) in own.iter_mut().zip(values) {
        let field = &row["components"][0]["custom_id"];
        row["components"] = json!([{"type": 4, "id": 2, "custom_id": field, "value": value}]);
    }
    json!({"custom_id": opened["custom_id"], "components": rows})
}
