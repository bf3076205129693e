//! An office whose process may end at any moment. Each commit and each message
//! that arrives is an effect; after so many of them nothing takes effect any
//! more, and another process goes on with what is on the disk. The program pays
//! nothing for it: SQLite asks a hook of the test's before each commit.
use crate::bot::{self, Home, STAFF, founding, instant, person, text_of};
use chrono::{DateTime, Utc};
use futures_util::{FutureExt, future::BoxFuture};
use koekake::{
    config::Config,
    conversation::{
        action::Action,
        decide,
        message::{Account, AnswerTo, Incoming, Place, Platform, Readers, Said},
        reading::Words,
    },
    domain::PersonId,
    engine::{self, Courier, Engine, Letter, Parcel, Parts, SendError, clock::Clock},
    store::{self, Db, Location},
};
use sqlx::{
    Connection, SqliteConnection, SqlitePool,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    path::{Path, PathBuf},
    sync::{
        Arc, Mutex, MutexGuard, OnceLock,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    time::Duration,
};
use tempfile::TempDir;
use tokio::sync::Notify;

/// The words before whatever may be there already.
pub const MAYBE_AGAIN: &str = "再送かもしれません";

/// What is said to strangers, or of a message that could not be recorded.
pub const UNKEPT: &str = "a letter that nobody keeps";

const CLOSED_WITHIN: Duration = Duration::from_secs(5);

/// One process's life, in effects.
#[derive(Debug, Clone)]
struct Life(Arc<Span>);

#[derive(Debug)]
struct Span {
    had: AtomicU64,
    last: AtomicU64,
    is_over: Notify,
}

impl Life {
    fn without_end() -> Life {
        Life(Arc::new(Span {
            had: AtomicU64::new(0),
            last: AtomicU64::new(u64::MAX),
            is_over: Notify::new(),
        }))
    }

    fn ends_after(&self, effects: u64) {
        let had = self.0.had.load(Ordering::SeqCst);
        self.0.last.store(had + effects, Ordering::SeqCst);
    }

    /// Whether one more effect takes place.
    fn has_effect(&self) -> bool {
        let nth = self.0.had.fetch_add(1, Ordering::SeqCst) + 1;
        let lives = nth <= self.0.last.load(Ordering::SeqCst);
        if !lives {
            self.0.is_over.notify_one();
        }
        lives
    }

    fn is_over(&self) -> bool {
        self.0.last.load(Ordering::SeqCst) < self.0.had.load(Ordering::SeqCst)
    }
}

/// A message as it stands in somebody's chat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Arrived {
    pub to: Account,
    /// `delivery 7` or `letter 3`: the same again is the same message again.
    pub what: String,
    pub text: String,
    pub at: DateTime<Utc>,
}

/// What becomes of the first attempt to say something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// It does not arrive, and the chat says so.
    Later,
    /// It arrives, and nobody is told.
    Unheard,
    /// It does not arrive, and nobody is told.
    Unknown,
}

/// What has arrived in all chats, and what does not.
#[derive(Debug, Clone, Default)]
pub struct Post {
    pub arrived: Vec<Arrived>,
    /// What each message shows now.
    pub shown: BTreeMap<String, String>,
    /// Of the messages to come, one after another; those after them arrive.
    pub faults: VecDeque<Fault>,
    /// Accounts that are not there any more.
    pub gone: BTreeSet<String>,
    /// Messages of which somebody once did not know whether they have arrived.
    pub unsure: BTreeSet<String>,
    /// Messages that were attempted, each with the fault of its first attempt.
    attempted: BTreeMap<String, Option<Fault>>,
}

impl Post {
    /// What becomes of this attempt.
    fn fault_of(&mut self, message: &str) -> Option<Fault> {
        if self.attempted.contains_key(message) {
            return None;
        }
        let fault = self.faults.pop_front();
        self.attempted.insert(message.to_owned(), fault);
        if matches!(fault, Some(Fault::Unheard | Fault::Unknown)) {
            self.unsure.insert(message.to_owned());
        }
        fault
    }
}

#[derive(Debug, Clone)]
struct Messenger {
    post: Arc<Mutex<Post>>,
    life: Life,
}

impl Messenger {
    /// Says it; as in a process that is over, where this one's is.
    async fn says(&self, arrived: Arrived) -> Result<(), SendError> {
        if self.life.is_over() {
            return std::future::pending().await;
        }
        let is_gone = self.post().gone.contains(&arrived.to.id);
        if is_gone && arrived.to.platform != Platform::Page {
            return Err(SendError::Gone);
        }
        let fault = self.post().fault_of(&arrived.what);
        match fault {
            Some(Fault::Later) => return Err(SendError::Later { after: None }),
            Some(Fault::Unknown) => return Err(SendError::Unknown),
            Some(Fault::Unheard) | None => {}
        }
        if !self.life.has_effect() {
            return std::future::pending().await;
        }
        let mut post = self.post();
        let (what, text) = (arrived.what.clone(), arrived.text.clone());
        post.shown.insert(what, text);
        post.arrived.push(arrived);
        match fault {
            Some(_) => Err(SendError::Unknown),
            None => Ok(()),
        }
    }

    fn post(&self) -> MutexGuard<'_, Post> {
        self.post.lock().expect("no panic while it is held")
    }
}

impl Courier for Messenger {
    fn repeats(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<String, SendError>> {
        async move {
            let what = format!("delivery {}", parcel.delivery.0);
            let arrived = Arrived {
                to: parcel.to.clone(),
                what: what.clone(),
                text: text_of(&parcel.reply),
                at: parcel.at,
            };
            self.says(arrived).await.map(|()| what)
        }
        .boxed()
    }

    fn edit<'a>(
        &'a self,
        message: &'a str,
        parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            if !self.life.has_effect() {
                return std::future::pending().await;
            }
            let text = text_of(&parcel.reply);
            self.post().shown.insert(message.to_owned(), text);
            Ok(())
        }
        .boxed()
    }

    fn post<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            let engine::Address::Alone(id) = &letter.address else {
                panic!("nobody speaks in a shared place here: {letter:?}");
            };
            let id = id.clone();
            self.says(Arrived {
                to: Account {
                    platform: letter.platform,
                    id,
                },
                what: match letter.id {
                    Some(id) => format!("letter {id}"),
                    None => UNKEPT.to_owned(),
                },
                text: text_of(&letter.reply),
                at: DateTime::UNIX_EPOCH,
            })
            .await
        }
        .boxed()
    }

    fn readers<'a>(&'a self, room: &'a str) -> BoxFuture<'a, Result<Readers, SendError>> {
        panic!("there are no shared places here: {room}");
    }
}

/// An office on a file of its own: everybody is on Telegram, then on the page.
pub struct Office {
    pub engine: Engine,
    pub pool: SqlitePool,
    /// Processes that ended before their time.
    pub ends: usize,
    life: Life,
    post: Arc<Mutex<Post>>,
    file: PathBuf,
    _folder: TempDir,
}

impl Office {
    /// The office of that database, at that instant.
    pub async fn of(database: &[u8], at: DateTime<Utc>) -> Office {
        // In memory, where there is such a folder: power cuts are tried elsewhere.
        let memory = Path::new("/dev/shm");
        let folder = match memory.is_dir() {
            true => TempDir::new_in(memory),
            false => TempDir::new(),
        };
        let folder = folder.expect("a temp folder");
        let file = folder.path().join("office.sqlite");
        fs::write(&file, database).expect("a copy");
        let (life, post) = (Life::without_end(), Arc::default());
        let pool = pool(&file, &life).await;
        let engine = engine(&pool, at, &life, &post);
        Office {
            engine,
            pool,
            ends: 0,
            life,
            post,
            file,
            _folder: folder,
        }
    }

    pub fn post(&self) -> MutexGuard<'_, Post> {
        self.post.lock().expect("no panic while it is held")
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.engine.clock().real()
    }

    /// What is on the disk, while nothing is under way.
    pub fn database(&self) -> Vec<u8> {
        fs::read(&self.file).expect("the database")
    }

    /// How many effects there were in this process.
    pub fn effects(&self) -> u64 {
        self.life.0.had.load(Ordering::SeqCst)
    }

    /// The process ends after so many more effects.
    pub fn ends_after(&self, effects: u64) {
        self.life.ends_after(effects);
    }

    /// Does it to its end; whether the process did not end before. Else another
    /// has begun.
    pub async fn lives(&mut self, step: impl Future<Output = Result<(), engine::Fault>>) -> bool {
        let done = tokio::select! {
            biased;
            () = self.life.0.is_over.notified() => None,
            done = step => Some(done),
        };
        match done.filter(|_| !self.life.is_over()) {
            Some(done) => {
                done.expect("a step");
                true
            }
            None => {
                self.ends += 1;
                self.begins_anew().await;
                false
            }
        }
    }

    /// Another process on what is on the disk; it begins as `koekake run` does.
    pub async fn begins_anew(&mut self) {
        let now = self.now();
        // Whoever was cut off while a connection was made may never give it back; of
        // the process that is over nothing takes effect any more.
        let _ = tokio::time::timeout(CLOSED_WITHIN, self.pool.close()).await;
        self.life = Life::without_end();
        self.pool = pool(&self.file, &self.life).await;
        self.engine = engine(&self.pool, now, &self.life, &self.post);
        let db = Db::Sqlite(self.pool.clone(), self.pool.clone());
        store::deliveries::free_leases(&db).await.expect("leases");
        store::letters::free(&db, now).await.expect("letters");
    }
}

/// As Telegram hands a message over; brings what it causes.
pub async fn say(engine: &Engine, incoming: Incoming) -> Result<(), engine::Fault> {
    let letters = engine.take(incoming).await?;
    engine.send(letters).await;
    work(engine).await
}

/// What the loops do: looks, deliveries, letters that wait.
pub async fn work(engine: &Engine) -> Result<(), engine::Fault> {
    engine.tick().await?;
    engine.deliver_all().await?;
    engine.send_waiting().await?;
    Ok(())
}

/// Lets the clock go there, with every look in between, in order.
pub async fn go_on(
    engine: &Engine,
    pool: &SqlitePool,
    until: DateTime<Utc>,
) -> Result<(), engine::Fault> {
    let db = Db::Sqlite(pool.clone(), pool.clone());
    work(engine).await?;
    while let Some(at) = store::nudges::next_look_at(&db).await?
        && at <= until
    {
        engine.clock().stand_at(at.max(engine.clock().real()));
        engine.tick().await?;
        engine.deliver_all().await?;
    }
    engine.clock().stand_at(until.max(engine.clock().real()));
    work(engine).await
}

/// A line or a press of somebody on Telegram.
pub fn incoming(who: PersonId, said: Said, key: &str) -> Incoming {
    let id = account(who);
    Incoming {
        from: Account {
            platform: Platform::Telegram,
            id: id.clone(),
        },
        place: Place {
            platform: Platform::Telegram,
            id: id.clone(),
            room: None,
        },
        said,
        key: key.to_owned(),
        typed_at: None,
        answer_to: Some(AnswerTo {
            alone: id,
            message: None,
        }),
    }
}

pub fn line(who: &str, words: &str, key: &str) -> Incoming {
    incoming(person(who), Said::Words(words.to_owned()), key)
}

pub fn press(who: &str, action: Action, key: &str) -> Incoming {
    incoming(person(who), Said::Press(action), key)
}

/// The person's account on Telegram.
pub fn account(who: PersonId) -> String {
    (4_000 + who.0).to_string()
}

/// The database of a new office with these households at that wall clock time.
pub async fn database(time: &str, homes: &[Home]) -> Vec<u8> {
    let folder = TempDir::new().expect("a temp folder");
    let file = folder.path().join("office.sqlite");
    let db = Db::open(&Location::File(file.clone())).await;
    let db = db.expect("a database");
    let founding = founding(homes, instant(time));
    store::office::found(&db, &founding)
        .await
        .expect("founding");
    db.close().await;
    let options = SqliteConnectOptions::new()
        .filename(&file)
        .journal_mode(SqliteJournalMode::Delete);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .expect("the database");
    for (name, _) in STAFF {
        let route = "INSERT INTO route (person_id, platform, account, position) \
                     VALUES ($1, 'telegram', $2, 1)";
        sqlx::query(route)
            .bind(person(name).0)
            .bind(account(person(name)))
            .execute(&mut connection)
            .await
            .expect("a route");
    }
    let level = "INSERT INTO chat_level (platform, level, approval, set_by, set_at) \
                 VALUES ('telegram', 3, '第1号', 5, '2026-11-01T00:00:00+00:00')";
    let done = sqlx::query(level).execute(&mut connection).await;
    done.expect("a level");
    connection.close().await.expect("closing it");
    fs::read(&file).expect("the database")
}

/// One connection that reads and writes; each commit asks `life`.
async fn pool(file: &Path, life: &Life) -> SqlitePool {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .journal_mode(SqliteJournalMode::Memory)
        .synchronous(SqliteSynchronous::Off)
        .foreign_keys(true);
    let life = life.clone();
    SqlitePoolOptions::new()
        .max_connections(1)
        .test_before_acquire(false)
        .idle_timeout(None)
        .max_lifetime(None)
        .acquire_timeout(Duration::from_secs(30))
        .after_connect(move |connection, _| {
            let life = life.clone();
            Box::pin(async move {
                let mut handle = connection.lock_handle().await?;
                // A transaction that has changed nothing has no effect.
                let changes = Arc::new(AtomicBool::new(false));
                let seen = changes.clone();
                handle.set_update_hook(move |_| changes.store(true, Ordering::SeqCst));
                handle.set_commit_hook(move || {
                    !seen.swap(false, Ordering::SeqCst) || life.has_effect()
                });
                Ok(())
            })
        })
        .connect_with(options)
        .await
        .expect("the database")
}

fn engine(pool: &SqlitePool, at: DateTime<Utc>, life: &Life, post: &Arc<Mutex<Post>>) -> Engine {
    static SETTINGS: OnceLock<(decide::Office, Words)> = OnceLock::new();
    let db = Db::Sqlite(pool.clone(), pool.clone());
    let (office, words) = SETTINGS.get_or_init(|| {
        let config = Config::load(None, []).expect("the built-in settings");
        let parts = bot::parts(&config, &db, Clock::standing(at, 0), Vec::new());
        (parts.office, parts.words)
    });
    let courier = |platform| -> (Platform, Arc<dyn Courier>) {
        let (post, life) = (post.clone(), life.clone());
        (platform, Arc::new(Messenger { post, life }))
    };
    Engine::new(Parts {
        db,
        office: office.clone(),
        words: words.clone(),
        clock: Clock::standing(at, 0),
        couriers: [Platform::Page, Platform::Telegram].map(courier).to_vec(),
        patience: Duration::from_secs(30),
        changes: engine::changes(),
    })
}
