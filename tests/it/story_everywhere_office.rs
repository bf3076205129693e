//! The small office as it runs in earnest: one engine behind the page, Telegram
//! and Discord at once, each spoken to over its own network.
use crate::{
    bot::{Home, TestBot, instant, moves, parts, person},
    chat_bot::account,
    discord::{
        self,
        fake::{FakeDiscord, private_channel},
    },
    telegram,
};
use chrono::{DateTime, Utc};
use koekake::{
    config::Config,
    conversation::message::Platform,
    domain::people::Language,
    engine::{Courier, Engine, Parts, clock::Clock},
    platforms::{
        discord::Discord,
        telegram::{Limits, Telegram},
        web::{Mode, PageCourier, Settings, serve},
    },
    store::Db,
};
use reqwest::{Client, redirect::Policy};
use serde_json::Value;
use sqlx::{AssertSqlSafe, Column, Row};
use std::{
    num::NonZeroU32,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};
use tokio_util::sync::CancellationToken;

/// No limit of ours is reached.
const MANY: NonZeroU32 = NonZeroU32::new(100_000).unwrap();
/// The couriers' own patience is shorter.
const PATIENCE: Duration = Duration::from_secs(30);
/// A stop takes no longer.
const STOP_MAX: Duration = Duration::from_secs(10);

/// One message of ours as its reader has it before their eyes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    pub text: String,
    /// Label and data of each button.
    pub buttons: Vec<(String, String)>,
}

impl Shown {
    /// What stands behind the button with that label; among several households a
    /// chat puts the code before it.
    pub fn button(&self, label: &str) -> Option<&str> {
        let behind = format!(" {label}");
        let mut buttons = self.buttons.iter();
        let found = buttons.find(|(own, _)| own == label || own.ends_with(&behind));
        found.map(|(_, data)| data.as_str())
    }
}

/// How people speak and read on one platform.
pub trait Chat {
    /// The person says a line; what they are answered.
    async fn says(&self, who: &str, words: &str) -> Shown;

    /// The person presses a button that carries that; what they are answered.
    async fn presses(&self, who: &str, data: &str) -> Shown;

    /// All that the person has been shown, as it stands now, the oldest first.
    async fn sees(&self, who: &str) -> Vec<Shown>;

    /// What is said from now on, is said at that instant.
    fn it_is(&self, now: DateTime<Utc>);
}

/// The office, and all that it is reached by.
pub struct Office {
    pub bot: TestBot,
    pub engine: Engine,
    pub page: OnPage,
    pub telegram: OnTelegram,
    pub discord: OnDiscord,
    shutdown: CancellationToken,
    listening: Vec<JoinHandle<()>>,
}

impl Office {
    /// These people are on these chats, which are tried before the page; the
    /// office allows all there. Its clock stands at that wall clock time.
    pub async fn open(time: &str, homes: &[Home], seats: &[(Platform, &str)]) -> Office {
        let mut bot = TestBot::at(time, homes).await;
        for (platform, who) in seats {
            bot.joins(*platform, who).await;
        }
        for platform in [Platform::Telegram, Platform::Discord] {
            bot.allows(platform, 3).await;
        }
        let now = instant(time);
        let telegram = telegram::fake::Fake::start(now.timestamp()).await;
        let discord = FakeDiscord::at(now).await;
        let (ours, theirs) = (of_telegram(&telegram), of_discord(&discord));
        let couriers = [
            (Platform::Telegram, ours.courier()),
            (Platform::Discord, theirs.courier()),
        ];
        let engine = engine(&bot.db, now, couriers);
        let shutdown = CancellationToken::new();
        let (page, serving) = OnPage::open(&engine, &shutdown).await;
        let (hears, stop) = (engine.clone(), shutdown.clone());
        let on_telegram = tokio::spawn(async move { ours.listen(hears, stop).await });
        let (hears, stop) = (engine.clone(), shutdown.clone());
        let on_discord = tokio::spawn(async move { theirs.listen(hears, stop).await });
        let is_there = |world: &discord::fake::World| (world.gateway.number > 0).then_some(());
        discord.until("a session", is_there).await;
        Office {
            bot,
            engine,
            page,
            telegram: OnTelegram { fake: telegram },
            discord: OnDiscord { fake: discord },
            shutdown,
            listening: vec![serving, on_telegram, on_discord],
        }
    }

    /// The person says a line, and everybody hears what comes of it.
    pub async fn says(&self, chat: &impl Chat, who: &str, words: &str) -> Shown {
        let answer = chat.says(who, words).await;
        self.delivers().await;
        answer
    }

    /// The person presses the newest button with that label that they see.
    pub async fn presses(&self, chat: &impl Chat, who: &str, label: &str) -> Shown {
        let seen = chat.sees(who).await;
        let button = seen.iter().rev().find_map(|shown| shown.button(label));
        let button = button.unwrap_or_else(|| panic!("{who} sees no 「{label}」: {seen:#?}"));
        self.presses_data(chat, who, button).await
    }

    /// The person presses a button that carries that, wherever they have it from.
    pub async fn presses_data(&self, chat: &impl Chat, who: &str, data: &str) -> Shown {
        let answer = chat.presses(who, data).await;
        self.delivers().await;
        answer
    }

    /// What is waiting is brought, and what has changed is shown anew.
    pub async fn delivers(&self) {
        self.engine.deliver_all().await.expect("deliveries");
    }

    /// What is to be looked at now is looked at, and told.
    pub async fn looks(&self) {
        self.engine.tick().await.expect("a tick");
        self.delivers().await;
    }

    /// The clock goes to that wall clock time, with every look in between.
    pub async fn moves_to(&self, time: &str) {
        moves(&self.engine, &self.bot.db, instant(time)).await;
        for chat in [&self.telegram as &dyn Timed, &self.discord] {
            chat.stands_at(instant(time));
        }
    }

    /// The rows of a table in their order, all columns but some, as text.
    pub async fn rows(&self, table: &str, without: &[&str]) -> Vec<String> {
        let statement = format!("SELECT * FROM {table} ORDER BY 1, 2");
        let rows = sqlx::query(AssertSqlSafe(statement));
        let rows = rows.fetch_all(self.pool()).await.expect("rows");
        rows.iter()
            .map(|row| {
                let columns = row.columns().iter();
                let kept = columns.filter(|column| !without.contains(&column.name()));
                kept.map(|column| {
                    let value: Option<String> = row.get_unchecked(column.ordinal());
                    format!("{}={}", column.name(), value.unwrap_or_default())
                })
                .collect::<Vec<_>>()
                .join(" ")
            })
            .collect()
    }

    /// The number that a statement of the test's own gives.
    pub async fn count(&self, statement: &'static str) -> i64 {
        let count = sqlx::query_scalar(statement).fetch_one(self.pool());
        count.await.expect(statement)
    }

    pub fn pool(&self) -> &sqlx::SqlitePool {
        match &self.bot.db {
            Db::Sqlite(pool, _) => pool,
            Db::Postgres(_) => panic!("the office is on SQLite"),
        }
    }

    /// Everything ends in order, and nothing is left to be said.
    pub async fn closes(self) {
        self.shutdown.cancel();
        let ended = tokio::time::timeout(STOP_MAX, futures_util::future::join_all(self.listening));
        for task in ended.await.expect("a stop in time") {
            task.expect("no panic");
        }
        self.engine.settle_letters().await.expect("settled");
        let Db::Sqlite(pool, _) = &self.bot.db else {
            panic!("the office is on SQLite");
        };
        let waiting = "SELECT (SELECT COUNT(*) FROM letter) + (SELECT COUNT(*) FROM delivery \
                       WHERE state NOT IN ('sent', 'moot') OR stale)";
        let waiting: i64 = sqlx::query_scalar(waiting)
            .fetch_one(pool)
            .await
            .expect("a count");
        assert_eq!(waiting, 0, "something was never said");
    }
}

/// A clock beside the office's own.
trait Timed {
    fn stands_at(&self, now: DateTime<Utc>);
}

impl<C: Chat> Timed for C {
    fn stands_at(&self, now: DateTime<Utc>) {
        self.it_is(now);
    }
}

fn engine(db: &Db, now: DateTime<Utc>, chats: [(Platform, Arc<dyn Courier>); 2]) -> Engine {
    let config = Config::load(None, []).expect("the built-in settings");
    let parts = parts(&config, db, Clock::standing(now, 0), chats.to_vec());
    let page = PageCourier {
        db: db.clone(),
        changes: parts.changes.clone(),
    };
    let mut couriers = parts.couriers;
    couriers.push((Platform::Page, Arc::new(page)));
    Engine::new(Parts {
        couriers,
        patience: PATIENCE,
        ..parts
    })
}

fn of_telegram(fake: &telegram::fake::Fake) -> Telegram {
    Telegram::new(koekake::platforms::telegram::Settings {
        token: telegram::fake::TOKEN.into(),
        api_url: fake.url.parse().expect("an address"),
        client: koekake::platforms::telegram::client(Client::builder().no_proxy())
            .expect("a client"),
        free_lines_in_rooms: true,
        limits: Limits {
            per_second: MANY,
            per_second_and_chat: MANY,
            per_minute_and_group: MANY,
        },
    })
}

fn of_discord(fake: &FakeDiscord) -> Discord {
    Discord::new(koekake::platforms::discord::Settings {
        token: "made.up.token".to_owned().into(),
        client: fake.client(),
        free_lines_in_rooms: true,
    })
}

/// The real page, and a browser for everybody.
pub struct OnPage {
    client: Client,
    origin: String,
    keys: AtomicUsize,
}

impl OnPage {
    async fn open(engine: &Engine, shutdown: &CancellationToken) -> (OnPage, JoinHandle<()>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let origin = format!("http://{}", listener.local_addr().expect("an address"));
        let settings = Settings {
            mode: Mode::Trial,
            language: Language::Japanese,
            metrics: false,
        };
        let page = serve(listener, engine.clone(), settings, shutdown.clone());
        let serving = tokio::spawn(async move { page.await.expect("a graceful stop") });
        let client = Client::builder().no_proxy().redirect(Policy::none());
        let page = OnPage {
            client: client.build().expect("a client"),
            origin,
            keys: AtomicUsize::new(1),
        };
        (page, serving)
    }

    async fn gets(&self, who: &str, path: &str) -> String {
        let request = self.client.get(format!("{}{path}", self.origin));
        let response = request.header("cookie", cookie(who)).send().await;
        let response = response.expect("an answer");
        assert!(response.status().is_success(), "{path}");
        response.text().await.expect("a page")
    }

    /// The person sends a form of the page; what is then the last in their chat.
    async fn sends(&self, who: &str, path: &str, (field, value): (&str, &str)) -> Shown {
        let door = self.gets(who, "/who").await;
        let (_, rest) = door.split_once("name=\"csrf\" value=\"").expect("a token");
        let token = rest.split('"').next().unwrap_or_default();
        let key = format!("key-{}", self.keys.fetch_add(1, Ordering::Relaxed));
        let by = person(who).0.to_string();
        let form = [("csrf", token), ("by", &by), ("key", &key), (field, value)];
        let request = self.client.post(format!("{}{path}", self.origin));
        let request = request.header("origin", &self.origin).form(&form);
        let response = request.header("cookie", cookie(who)).send().await;
        let status = response.expect("an answer").status();
        assert!(status.is_redirection(), "{path} {value}: {status}");
        self.sees(who).await.pop().expect("an answer")
    }
}

impl Chat for OnPage {
    async fn says(&self, who: &str, words: &str) -> Shown {
        self.sends(who, "/say", ("words", words)).await
    }

    async fn presses(&self, who: &str, data: &str) -> Shown {
        self.sends(who, "/press", ("action", data)).await
    }

    async fn sees(&self, who: &str) -> Vec<Shown> {
        let html = self.gets(who, "/chat/fragment").await;
        let replies = html.split("<div class=\"reply\">").skip(1);
        replies
            .map(|reply| read(until(reply, "</article>")))
            .collect()
    }

    /// The page has no clock but the office's.
    fn it_is(&self, _: DateTime<Utc>) {}
}

fn cookie(who: &str) -> String {
    format!("koekake-person={}", person(who).0)
}

fn until<'t>(text: &'t str, end: &str) -> &'t str {
    text.split(end).next().unwrap_or_default()
}

/// A reply out of its HTML.
fn read(html: &str) -> Shown {
    let buttons = html.split("</button>").filter_map(|before| {
        let (_, label) = before.rsplit_once('>')?;
        let (_, data) = before.rsplit_once("name=\"action\" value=\"")?;
        Some((label.to_owned(), until(data, "\"").to_owned()))
    });
    let pieces = html.split('<').map(|piece| match piece.split_once('>') {
        Some((_, text)) => text,
        None => piece,
    });
    let said = pieces.filter(|piece| !piece.trim().is_empty());
    Shown {
        text: said.collect::<Vec<_>>().join("\n"),
        buttons: buttons.collect(),
    }
}

/// The fake Telegram, in private chats.
pub struct OnTelegram {
    pub fake: telegram::fake::Fake,
}

impl OnTelegram {
    async fn answer(&self, chat: i64, asks: impl FnOnce()) -> Shown {
        let arrived = self.fake.calls("sendMessage").into_iter();
        let before = arrived.filter(|call| call.chat() == chat && call.was_done());
        let nth = before.count() + 1;
        asks();
        of_call(&self.fake.message(chat, nth).await)
    }
}

impl Chat for OnTelegram {
    async fn says(&self, who: &str, words: &str) -> Shown {
        let chat = on_telegram(who);
        let says = || {
            self.fake.says(chat, words);
        };
        self.answer(chat, says).await
    }

    async fn presses(&self, who: &str, data: &str) -> Shown {
        let chat = on_telegram(who);
        let presses = || {
            self.fake.presses(chat, chat, data);
        };
        self.answer(chat, presses).await
    }

    async fn sees(&self, who: &str) -> Vec<Shown> {
        self.fake
            .shown(on_telegram(who))
            .iter()
            .map(of_call)
            .collect()
    }

    fn it_is(&self, now: DateTime<Utc>) {
        self.fake.it_is(now.timestamp());
    }
}

/// The account of somebody of the office; of anybody else it is given itself.
pub fn on_telegram(who: &str) -> i64 {
    let own = who.parse();
    own.unwrap_or_else(|_| account(Platform::Telegram, who).parse().expect("a number"))
}

/// As [`on_telegram`].
fn on_discord(who: &str) -> u64 {
    let own = who.parse();
    own.unwrap_or_else(|_| discord::office::user(who))
}

fn of_call(call: &telegram::fake::Call) -> Shown {
    Shown {
        text: call.text().to_owned(),
        buttons: call.buttons(),
    }
}

/// The fake Discord, in private channels.
pub struct OnDiscord {
    pub fake: FakeDiscord,
}

impl Chat for OnDiscord {
    async fn says(&self, who: &str, words: &str) -> Shown {
        let user = on_discord(who);
        let before = self.fake.said_in(private_channel(user)).len();
        self.fake.types(user, words);
        of_message(&self.fake.said(private_channel(user), before).await)
    }

    async fn presses(&self, who: &str, data: &str) -> Shown {
        let pressed = self.fake.presses((None, on_discord(who)), data);
        of_message(&self.fake.answer(pressed).await.shown)
    }

    async fn sees(&self, who: &str) -> Vec<Shown> {
        let shown = self.fake.shown(on_discord(who));
        shown.iter().map(of_message).collect()
    }

    fn it_is(&self, now: DateTime<Utc>) {
        self.fake.it_is(now);
    }
}

fn of_message(message: &Value) -> Shown {
    let rows = message["components"].as_array().into_iter().flatten();
    let parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut buttons = Vec::new();
    for part in parts {
        match part["options"].as_array() {
            Some(options) => {
                let chosen = |option: &Value| (text(&option["label"]), text(&option["value"]));
                buttons.extend(options.iter().map(chosen));
            }
            None => buttons.push((text(&part["label"]), text(&part["custom_id"]))),
        }
    }
    Shown {
        text: discord::office::text(message).to_owned(),
        buttons,
    }
}
