//! `kill -9` on the real program in a stream of lines from several chats of
//! Telegram: every line has its record, none has two, and each is answered in the
//! end. The kills wait on what Telegram sees, never on time.
use crate::{
    program::{Program, koekake, run},
    telegram::fake::{Call, Fake, TOKEN},
};
use koekake::engine::clock::Clock;
use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
    process::Command,
    time::Duration,
};
use tempfile::TempDir;

pub const NURSES: [(&str, i64); 4] = [
    ("佐藤", 7_001),
    ("鈴木", 7_002),
    ("高橋", 7_003),
    ("田中", 7_004),
];
/// Lines of each nurse in a round.
const LINES: usize = 5;

/// How often the database is looked at for what only it can tell, and how long.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(20);

/// When the program is killed in the course of a round.
#[derive(Debug, Clone, Copy)]
enum Kill {
    /// Once all of the round's lines have been said, and none awaited.
    Said,
    /// Once it asks for more, having taken the first of the round's lines.
    Taken,
    /// Once it has tried to send so many of the round's answers.
    Answering(usize),
    /// Once it has said its address, with lines waiting for it.
    Started,
}

/// Each round of lines with its kill.
const ROUNDS: [Kill; 10] = [
    Kill::Answering(1),
    Kill::Taken,
    Kill::Answering(3),
    Kill::Started,
    Kill::Answering(6),
    Kill::Said,
    Kill::Answering(14),
    Kill::Answering(2),
    Kill::Started,
    Kill::Answering(18),
];

/// The office, its program, and Telegram.
pub struct Life {
    folder: TempDir,
    pub telegram: Fake,
    pub program: Program,
    /// What was said so far: the chat and the household of each line.
    said: Vec<(i64, String)>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_from_a_chat_survives_every_kill_once_and_is_answered() {
    let mut life = Life::begin().await;
    for kill in ROUNDS {
        life.round(kill).await;
    }
    life.is_answered().await;
    life.telegram.confirmed().await;
    life.is_silent().await;
    let status = life.program.terminate();
    assert!(status.success(), "{status}");
    let errors = life.program.errors();
    assert!(!errors.contains("panicked"), "{errors}");
    assert!(!errors.contains("ERROR"), "{errors}");
    life.stands_once().await;
}

impl Life {
    /// An office whose nurses are on Telegram, and its program.
    pub async fn begin() -> Life {
        let folder = tempfile::tempdir().expect("a temp folder");
        let telegram = Fake::start(Clock::system(0).real().timestamp()).await;
        found(folder.path(), &telegram.url);
        let program = start(folder.path(), &telegram.url);
        Life {
            folder,
            telegram,
            program,
            said: Vec::new(),
        }
    }

    /// Every nurse says some lines, all at once; killed in their course, and left
    /// to go on by itself.
    async fn round(&mut self, kill: Kill) {
        if matches!(kill, Kill::Started) {
            self.program.kill();
        }
        let polls = self.telegram.calls("getUpdates").len();
        let answers = self.telegram.calls("sendMessage").len();
        for _ in 0..LINES {
            for (_, chat) in NURSES {
                let code = format!("H-{:03}", self.said.len() + 1);
                self.telegram
                    .says(chat, &format!("{code} 手紙 投函 3か月後"));
                self.said.push((chat, code));
            }
        }
        match kill {
            Kill::Said => {}
            Kill::Taken => {
                self.telegram.until(polls + 1, "getUpdates", |_| true).await;
            }
            Kill::Answering(count) => {
                let all = answers + count;
                self.telegram.until(all, "sendMessage", |_| true).await;
            }
            Kill::Started => {
                self.goes_on();
            }
        }
        self.program.kill();
        self.goes_on();
    }

    /// Each line has an answer in its chat; one that came again says so.
    async fn is_answered(&self) {
        for (chat, code) in &self.said {
            let recorded = format!("記録しました {code}");
            let answers = |call: &Call| {
                call.chat() == *chat && call.was_done() && call.text().contains(&recorded)
            };
            let answers = self.telegram.until(1, "sendMessage", answers).await;
            for again in &answers[1..] {
                let text = again.text();
                assert!(text.starts_with("再送かもしれません"), "{text}");
            }
        }
    }

    /// Nothing is left to be said again: the program has seen that all has arrived.
    async fn is_silent(&self) {
        let waiting = async {
            loop {
                let letters: Vec<(i64,)> = self.rows("SELECT COUNT(*) FROM letter").await;
                if letters == [(0,)] {
                    return;
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.expect("no letter is left");
    }

    /// Each line has one record, and there is no other.
    async fn stands_once(&self) {
        let rows = self.rows(
            "SELECT household.code, COUNT(*) FROM contact \
             JOIN household ON household.id = contact.household_id GROUP BY household.code",
        );
        let found: BTreeMap<String, i64> = rows.await.into_iter().collect();
        let expected = self.said.iter().map(|(_, code)| (code.clone(), 1));
        assert_eq!(found, expected.collect());
    }

    /// A command beside it, with its settings.
    pub fn command(&self, arguments: &[&str]) -> Command {
        command(self.folder.path(), &self.telegram.url, arguments)
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The program once more on the same data.
    pub fn goes_on(&mut self) {
        self.program = start(self.folder.path(), &self.telegram.url);
    }

    /// Out of the program's own database.
    pub async fn rows<R>(&self, statement: &'static str) -> Vec<R>
    where
        R: for<'r> sqlx::FromRow<'r, SqliteRow> + Send + Unpin,
    {
        let file = data(self.folder.path()).join("office.sqlite");
        let options = SqliteConnectOptions::new().filename(file).read_only(true);
        let connection = SqliteConnection::connect_with(&options).await;
        let mut connection = connection.expect("the database");
        let rows = sqlx::query_as(statement).fetch_all(&mut connection).await;
        let rows = rows.expect(statement);
        connection.close().await.expect("closing it");
        rows
    }
}

fn data(folder: &Path) -> PathBuf {
    folder.join("data")
}

fn command(folder: &Path, telegram: &str, arguments: &[&str]) -> Command {
    let mut command = koekake(arguments);
    command
        .arg("--data")
        .arg(data(folder))
        .env("KOEKAKE_TELEGRAM__TOKEN", TOKEN)
        .env("KOEKAKE_TELEGRAM__API_URL", telegram)
        .env("KOEKAKE_TELEGRAM__PER_SECOND", "1000")
        .env("KOEKAKE_TELEGRAM__PER_SECOND_AND_CHAT", "1000");
    command
}

fn start(folder: &Path, telegram: &str) -> Program {
    let command = command(folder, telegram, &["run", "--listen", "127.0.0.1:0"]);
    Program::started(command, &data(folder))
}

/// An office whose nurses are on Telegram, with a household for each line.
fn found(folder: &Path, telegram: &str) {
    let mut staff = "name,role,team,platform,account\n".to_owned();
    for (name, account) in NURSES {
        staff.push_str(&format!("{name},担当,第一班,telegram,{account}\n"));
    }
    let mut households = "code,team,nurse,state,next date\n".to_owned();
    for at in 0..NURSES.len() * LINES * ROUNDS.len() {
        let (nurse, _) = NURSES[at % NURSES.len()];
        households.push_str(&format!("H-{:03},第一班,{nurse},支援中,\n", at + 1));
    }
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("writing");
        path.display().to_string()
    };
    let staff = file("staff.csv", &staff);
    let households = file("households.csv", &households);
    let commands = [
        "init --office 見本市保健センター --zone Asia/Tokyo --team 第一班 --admin 小林 --language japanese".to_owned(),
        "level telegram 3 --approval 情報第12号".to_owned(),
        format!("import staff {staff}"),
        format!("import households {households}"),
    ];
    for line in commands {
        let arguments: Vec<&str> = line.split(' ').collect();
        let output = run(command(folder, telegram, &arguments), b"");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {errors}");
    }
}
