//! The loops of a running office: one that dies or hangs comes back and is said,
//! and whoever listens outside hears after each audit how it went.
use crate::bot::{TestBot, home, incoming, instant, text_of};
use axum::{
    Router,
    extract::{Request, State},
};
use koekake::{
    app::{
        backup::daily::Daily,
        heartbeat::Heartbeat,
        loops::{self, Duties, Loops},
    },
    config::{self, Config},
    conversation::message::Said,
    domain::calendar::Calendar,
    engine::pulse,
    store::{Db, Location},
};
use std::{ffi::OsString, time::Duration};
use tempfile::TempDir;
use tokio::{sync::mpsc, time::timeout};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Far more than anything takes here.
const LONG: Duration = Duration::from_secs(60);

/// The loops of an office while a test lasts.
struct Running {
    loops: Loops,
    tracker: TaskTracker,
    shutdown: CancellationToken,
}

impl Running {
    fn start(bot: &TestBot, duties: Duties) -> Running {
        let (tracker, shutdown) = (TaskTracker::new(), CancellationToken::new());
        Running {
            loops: loops::start(&bot.engine, &tracker, &shutdown, duties),
            tracker,
            shutdown,
        }
    }

    async fn stop(self) {
        self.shutdown.cancel();
        self.tracker.close();
        timeout(LONG, self.tracker.wait()).await.expect("an end");
    }
}

fn duties() -> Duties {
    Duties::alone(&Config::load(None, []).expect("the built-in settings"))
}

/// Waits until that is brought to that person, and gives what was.
async fn until_hears(bot: &mut TestBot, who: &str, what: &str) -> String {
    let hears = async {
        let mut heard = String::new();
        loop {
            heard.push_str(&bot.hears(who).join("\n"));
            if heard.contains(what) {
                return heard;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let heard = timeout(LONG, hears).await;
    heard.unwrap_or_else(|_| panic!("{who} never hears {what}"))
}

async fn due() -> TestBot {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-12-25"),
    ];
    TestBot::at("2026-11-24 12:00", &homes).await
}

#[tokio::test]
async fn a_sender_that_is_killed_is_said_and_back_while_commands_go_on() {
    let mut bot = due().await;
    bot.runs_from("2026-11-25 09:00");
    let running = Running::start(&bot, duties());
    until_hears(&mut bot, "佐藤", "H-012").await;

    running.loops.kill(pulse::DELIVER);
    let words = Said::Words("H-012 訪問 不在 名刺 来週".to_owned());
    let answered = bot.engine.answer(incoming("佐藤", words, "test:1")).await;
    let reply = answered.expect("an answer").reply.expect("not silence");
    assert!(text_of(&reply).starts_with("記録しました"));

    // The auditor does not wait for its five minutes, and what it says is brought
    // by the loop that was killed.
    let heard = until_hears(&mut bot, "伊藤", "止まった処理").await;
    assert!(heard.contains("(deliver)。直しました"), "{heard}");
    assert_eq!(bot.engine.still(), Vec::<&str>::new());
    running.stop().await;
    bot.all_read();
}

/// Befell others: the loop behind a bot died while its commands went on.
#[tokio::test]
async fn whichever_loop_is_killed_it_is_said_by_its_name_and_begun_anew() {
    let mut bot = due().await;
    bot.runs_from("2026-11-25 09:00");
    let folder = TempDir::new().expect("a temp folder");
    let settings = config::Backup {
        dir: folder.path().to_owned(),
        // Not in the course of this.
        at: "23:59:59".parse().expect("a time"),
        keep: 1,
    };
    let office = (bot.db.clone(), Location::File(folder.path().join("none")));
    let with_backups = Duties {
        daily: Daily::of(&settings, Calendar::japan(), office),
        ..duties()
    };
    let running = Running::start(&bot, with_backups);
    until_hears(&mut bot, "佐藤", "H-012").await;
    let began: Vec<_> = bot.engine.last_beats();
    assert_eq!(began.len(), 9, "{began:?}");
    for (name, _) in began {
        running.loops.kill(name);
        let named = format!("\"which\":\"{name}\"");
        let is_said = async {
            while !notices(&bot)
                .await
                .iter()
                .any(|notice| notice.contains(&named))
            {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let said = timeout(LONG, is_said).await;
        said.unwrap_or_else(|_| panic!("{name} is never said"));
        let killed_at = bot.engine.clock().real();
        let is_back = async {
            let beat = || {
                bot.engine
                    .last_beats()
                    .into_iter()
                    .find(|beat| beat.0 == name)
            };
            while beat().is_none_or(|(_, at)| at <= killed_at) {
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        };
        let back = timeout(LONG, is_back).await;
        back.unwrap_or_else(|_| panic!("{name} never comes back"));
    }
    running.stop().await;
    bot.all_read();
}

/// What those who lead are told of, as it is kept.
async fn notices(bot: &TestBot) -> Vec<String> {
    let Db::Sqlite(pool, _) = &bot.db else {
        panic!("this is for SQLite");
    };
    let notices = sqlx::query_scalar("SELECT notice FROM delivery WHERE notice IS NOT NULL");
    notices.fetch_all(pool).await.expect("the notices")
}

/// Befell others: the loop behind a bot died while its commands went on.
#[tokio::test]
async fn a_round_that_hangs_is_broken_off_and_said() {
    let mut bot = due().await;
    bot.has_patience();
    bot.courier().hangs = true;
    bot.engine.clock().stand_at(instant("2026-11-25 08:30"));
    let running = Running::start(&bot, duties());
    until(
        &bot,
        "SELECT count(*) FROM delivery WHERE lease IS NOT NULL",
    )
    .await;
    bot.engine.clock().stand_at(instant("2026-11-25 08:34"));
    until(
        &bot,
        "SELECT count(*) FROM delivery WHERE notice LIKE '%loop_still%deliver%'",
    )
    .await;
    // The next round hangs over it as well, and is broken off in its turn.
    bot.courier().hangs = false;
    bot.engine.clock().stand_at(instant("2026-11-25 08:38"));
    until_hears(&mut bot, "伊藤", "(deliver)").await;
    until_hears(&mut bot, "佐藤", "H-012").await;
    running.stop().await;
    bot.all_read();
}

/// Waits until that counts anything.
async fn until(bot: &TestBot, statement: &'static str) {
    let counts = async {
        while bot.count(statement).await == 0 {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    };
    let counted = timeout(LONG, counts).await;
    counted.unwrap_or_else(|_| panic!("never: {statement}"));
}

/// A server that hands on the path and the body of each request.
async fn listener() -> (String, mpsc::Receiver<(String, String)>) {
    let (said, heard) = mpsc::channel(1_000);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let listener = listener.expect("a free port");
    let at = listener.local_addr().expect("its address");
    let app = Router::new()
        .fallback(
            |State(said): State<mpsc::Sender<(String, String)>>, request: Request| async move {
                let path = format!("{} {}", request.method(), request.uri().path());
                let body = axum::body::to_bytes(request.into_body(), 10_000).await;
                let body = String::from_utf8_lossy(&body.expect("a body")).into_owned();
                said.send((path, body)).await.expect("a listener");
            },
        )
        .with_state(said);
    tokio::spawn(async move { axum::serve(listener, app).await });
    (format!("http://{at}/ping/abc"), heard)
}

fn heartbeat(url: &str) -> Heartbeat {
    let variable = |name: &str, value: &str| (OsString::from(name), OsString::from(value));
    let config = Config::load(None, [variable("KOEKAKE_AUDIT__HEARTBEAT_URL", url)]);
    let heartbeat = Heartbeat::of(&config.expect("the settings"));
    heartbeat.expect("a client").expect("an address")
}

#[tokio::test]
async fn the_heartbeat_says_that_all_is_well_and_by_codes_what_is_not() {
    let bot = due().await;
    bot.engine.clock().stand_at(instant("2026-11-24 12:00"));
    let (url, mut heard) = listener().await;
    let often = Duties {
        audit_every: Duration::from_millis(50),
        heartbeat: Some(heartbeat(&url)),
        ..duties()
    };
    let running = Running::start(&bot, often);
    let first = timeout(LONG, heard.recv()).await.expect("a heartbeat");
    let well = ("POST /ping/abc".to_owned(), String::new());
    assert_eq!(first, Some(well));

    bot.sql("UPDATE household SET flags = 'of_another_version' WHERE code = 'H-012'")
        .await;
    let trouble = (
        "POST /ping/abc/fail".to_owned(),
        "unreadable 1\n".to_owned(),
    );
    let until_trouble = async { while heard.recv().await.as_ref() != Some(&trouble) {} };
    timeout(LONG, until_trouble)
        .await
        .expect("what is not well");
    running.stop().await;
    let mut bot = bot;
    bot.all_read();
}

#[tokio::test]
async fn a_heartbeat_that_does_not_arrive_stops_nothing() {
    let mut bot = due().await;
    bot.runs_from("2026-11-25 09:00");
    // Nobody listens there.
    let closed = tokio::net::TcpListener::bind("127.0.0.1:0").await;
    let at = closed
        .expect("a free port")
        .local_addr()
        .expect("an address");
    let often = Duties {
        audit_every: Duration::from_millis(50),
        heartbeat: Some(heartbeat(&format!("http://{at}/ping"))),
        ..duties()
    };
    let running = Running::start(&bot, often);
    until_hears(&mut bot, "佐藤", "H-012").await;
    until(&bot, "SELECT count(*) FROM audit").await;
    running.stop().await;
    bot.all_read();
}
