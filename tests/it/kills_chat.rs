//! `kill -9` on the real program in a stream of lines from several chats of
//! Telegram: every line has its record, none has two, and each is answered in the
//! end; every household keeps its date, and every alarm reaches somebody. The kills
//! wait on what Telegram sees, never on time. `KOEKAKE_KILLS=200 cargo test
//! --release kills_chat` kills the release binary as often as that.
use crate::{
    mortal::MAYBE_AGAIN,
    program::{Program, koekake, run},
    telegram::fake::{Call, Fake, TOKEN},
};
use koekake::engine::clock::Clock;
use sqlx::{
    Connection, FromRow, PgConnection, SqliteConnection,
    postgres::PgRow,
    sqlite::{SqliteConnectOptions, SqliteRow},
};
use std::{
    collections::BTreeMap,
    env, fs,
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
/// Who leads: alarms go there.
pub const LEAD: (&str, i64) = ("伊藤", 7_005);
/// How a table of households begins.
pub const HOUSEHOLDS_HEAD: &str = "code,team,nurse,state,next date\n";
/// Lines of each nurse in a round.
const LINES: usize = 5;

/// How often the database is looked at for what only it can tell, and how long.
const LOOK_EVERY: Duration = Duration::from_millis(20);
const PATIENCE: Duration = Duration::from_secs(20);
const STARTS_MAX: usize = 100;

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

/// What the program's environment has more.
#[derive(Debug, Clone, Default)]
pub struct Environment {
    /// From the founding of the office on.
    pub always: Vec<(&'static str, PathBuf)>,
    /// While it runs.
    pub running: Vec<(&'static str, PathBuf)>,
}

/// The office, its program, and Telegram.
pub struct Life {
    folder: TempDir,
    pub telegram: Fake,
    pub program: Program,
    environment: Environment,
    /// The address of its PostgreSQL, if it is not on a file.
    server: Option<String>,
    /// What was said so far: the chat and the household of each line.
    said: Vec<(i64, String)>,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_line_from_a_chat_survives_every_kill_once_and_is_answered() {
    let kills = asked("KOEKAKE_KILLS").unwrap_or(ROUNDS.len());
    let mut life = Life::of(kills, Vec::new()).await;
    for kill in ROUNDS.into_iter().cycle().take(kills) {
        life.round(kill).await;
    }
    let (lines, alarms) = life.ends().await;
    println!("{kills} kills: {lines} lines and {alarms} alarms, none lost");
}

/// How often, where the environment says so.
pub fn asked(variable: &str) -> Option<usize> {
    let value = env::var(variable).ok()?;
    Some(value.parse().expect(variable))
}

impl Life {
    /// An office whose nurses are on Telegram, and its program.
    pub async fn begin() -> Life {
        Life::of(ROUNDS.len(), Vec::new()).await
    }

    /// As [`Life::begin`], with households for so many rounds.
    pub async fn of(rounds: usize, running: Vec<(&'static str, PathBuf)>) -> Life {
        let environment = Environment {
            running,
            ..Environment::default()
        };
        Life::found(&households(rounds), environment).await
    }

    /// As [`Life::of`], on that PostgreSQL.
    pub async fn on(server: String, rounds: usize) -> Life {
        let environment = Environment {
            always: vec![(SERVER, PathBuf::from(&server))],
            ..Environment::default()
        };
        let mut life = Life::found(&households(rounds), environment).await;
        life.server = Some(server);
        life
    }

    /// An office with the households of that table.
    pub async fn found(households: &str, environment: Environment) -> Life {
        let folder = tempfile::tempdir().expect("a temp folder");
        let telegram = Fake::start(Clock::system(0).real().timestamp()).await;
        found((folder.path(), &telegram.url), households, &environment);
        let program = start(folder.path(), &telegram.url, &environment);
        let program = program.expect("a start");
        Life {
            folder,
            telegram,
            program,
            environment,
            server: None,
            said: Vec::new(),
        }
    }

    /// A round's lines, all at once; it returns somewhere between the first of them
    /// and the last answer.
    pub async fn is_in_the_midst_of(&mut self, round: usize) {
        let answers = self.telegram.calls("sendMessage").len();
        self.say_lines();
        let all = answers + 1 + (round * 7) % (NURSES.len() * LINES);
        self.telegram.until(all, "sendMessage", |_| true).await;
    }

    /// One round, cut short in its midst; `undo` is done before the program goes on.
    pub async fn cut(&mut self, round: usize, undo: impl AsyncFn(&Path)) {
        self.is_in_the_midst_of(round).await;
        self.program.kill();
        undo(&data(self.folder.path())).await;
        self.goes_on();
    }

    /// As [`Life::stands`], and the program saw no fault of its own.
    pub async fn ends(mut self) -> (usize, usize) {
        let counts = self.stands().await;
        let errors = self.program.errors();
        assert!(!errors.contains("ERROR"), "{errors}");
        counts
    }

    /// All that was said is there once, and was answered; how many lines and alarms.
    /// The program is told to end.
    pub async fn stands(&mut self) -> (usize, usize) {
        self.is_answered().await;
        self.telegram.confirmed().await;
        self.is_silent().await;
        let alarms = self.alarms_arrive().await;
        let status = self.program.terminate();
        assert!(status.success(), "{status}");
        let errors = self.program.errors();
        assert!(!errors.contains("panicked"), "{errors}");
        self.stands_once().await;
        self.keeps_its_dates().await;
        (self.said.len(), alarms)
    }

    /// Every nurse says some lines, all at once; killed in their course, and left
    /// to go on by itself.
    async fn round(&mut self, kill: Kill) {
        if matches!(kill, Kill::Started) {
            self.program.kill();
        }
        let polls = self.telegram.calls("getUpdates").len();
        let answers = self.telegram.calls("sendMessage").len();
        self.say_lines();
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

    /// Some lines of every nurse; the last one of all is an alarm.
    pub fn say_lines(&mut self) {
        let all = NURSES.len() * LINES;
        for nth in 1..=all {
            let (_, chat) = NURSES[(nth - 1) % NURSES.len()];
            let code = format!("H-{:03}", self.said.len() + 1);
            let words = match nth == all {
                true => "電話 本人 「死にたい」",
                false => "手紙 投函 3か月後",
            };
            self.telegram.says(chat, &format!("{code} {words}"));
            self.said.push((chat, code));
        }
    }

    /// Every alarm stands in the chat of whoever leads; one that came again says so.
    async fn alarms_arrive(&self) -> usize {
        let alarms = "SELECT household.code FROM alarm \
                      JOIN household ON household.id = alarm.household_id";
        let codes: Vec<(String,)> = self.rows(alarms).await;
        assert_eq!(codes.len(), self.said.len() / (NURSES.len() * LINES));
        for (code,) in &codes {
            let title = format!("{code} 緊急");
            let is_of = |call: &Call| {
                call.chat() == LEAD.1 && call.was_done() && call.text().contains(&title)
            };
            let calls = self.telegram.until(1, "sendMessage", is_of).await;
            // It calls every half hour until it is read.
            let steps = "SELECT household.code, COUNT(*) FROM nudge \
                         JOIN alarm ON alarm.id = nudge.alarm_id \
                         JOIN household ON household.id = alarm.household_id GROUP BY 1";
            let steps: Vec<(String, i64)> = self.rows(steps).await;
            let steps: BTreeMap<String, i64> = steps.into_iter().collect();
            let repeats = calls
                .iter()
                .filter(|call| !call.text().starts_with(MAYBE_AGAIN));
            let unmarked = i64::try_from(repeats.count()).expect("a few");
            assert!(unmarked <= steps[code], "{code}: {calls:?}");
        }
        codes.len()
    }

    /// Every household has its one check-in and a next look, and no file is broken.
    async fn keeps_its_dates(&self) {
        let lost = "SELECT code FROM household h WHERE next_nudge_at IS NULL OR 1 <> (SELECT COUNT(*) \
                    FROM check_in c WHERE c.household_id = h.id AND c.state = 'open')";
        let lost: Vec<(String,)> = self.rows(lost).await;
        assert!(lost.is_empty(), "{lost:?}");
        if self.server.is_none() {
            let check: Vec<(String,)> = self.rows("PRAGMA integrity_check").await;
            assert_eq!(check, [("ok".to_owned(),)]);
        }
    }

    /// How many of all lines have no answer yet.
    pub fn unanswered(&self) -> usize {
        let calls = self.telegram.calls("sendMessage");
        let is_answered = |(chat, code): &&(i64, String)| {
            let recorded = format!("記録しました {code} ");
            calls
                .iter()
                .any(|call| call.chat() == *chat && call.text().contains(&recorded))
        };
        self.said.len() - self.said.iter().filter(is_answered).count()
    }

    /// Each line has an answer in its chat; one that came again says so.
    async fn is_answered(&self) {
        for (chat, code) in &self.said {
            let recorded = format!("記録しました {code} ");
            let answers = |call: &Call| {
                call.chat() == *chat && call.was_done() && call.text().contains(&recorded)
            };
            let answers = self.telegram.until(1, "sendMessage", answers).await;
            for again in &answers[1..] {
                let text = again.text();
                assert!(text.starts_with(MAYBE_AGAIN), "{text}");
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
        self.program = self.starts().expect("a start");
    }

    /// As [`Life::goes_on`], as whoever watches over it begins it anew until it
    /// stands; how often it did not.
    pub fn goes_on_at_last(&mut self) -> usize {
        for failed in 0..STARTS_MAX {
            if let Ok(program) = self.starts() {
                self.program = program;
                return failed;
            }
        }
        panic!("it does not start: {}", self.program.errors());
    }

    /// From its next start on the program's environment has this.
    pub fn meets(&mut self, running: Vec<(&'static str, PathBuf)>) {
        self.environment.running = running;
    }

    fn starts(&self) -> Result<Program, String> {
        start(self.folder.path(), &self.telegram.url, &self.environment)
    }

    /// Out of the program's own database.
    pub async fn rows<R>(&self, statement: &'static str) -> Vec<R>
    where
        R: for<'r> FromRow<'r, SqliteRow> + for<'r> FromRow<'r, PgRow> + Send + Unpin,
    {
        if let Some(server) = &self.server {
            let connection = PgConnection::connect(server).await;
            let mut connection = connection.expect("the database");
            let rows = sqlx::query_as(statement).fetch_all(&mut connection).await;
            return rows.expect(statement);
        }
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

/// What names the PostgreSQL to the program.
const SERVER: &str = "KOEKAKE_DATABASE__URL";

fn start(folder: &Path, telegram: &str, environment: &Environment) -> Result<Program, String> {
    let mut command = command(folder, telegram, &["run", "--listen", "127.0.0.1:0"]);
    let Environment { always, running } = environment;
    command.envs(always.iter().chain(running).cloned());
    // What the power cuts watch; nothing else reads it.
    command.env("PF_DIR", data(folder).join(""));
    Program::try_started(command, &data(folder))
}

/// A household for each line of so many rounds, as a table to import.
fn households(rounds: usize) -> String {
    let mut households = HOUSEHOLDS_HEAD.to_owned();
    for at in 0..NURSES.len() * LINES * rounds {
        let (nurse, _) = NURSES[at % NURSES.len()];
        households.push_str(&format!("H-{:03},第一班,{nurse},支援中,\n", at + 1));
    }
    households
}

/// An office whose nurses are on Telegram, with these households.
fn found((folder, telegram): (&Path, &str), households: &str, environment: &Environment) {
    let mut staff = "name,role,team,platform,account\n".to_owned();
    for (name, account) in NURSES {
        staff.push_str(&format!("{name},担当,第一班,telegram,{account}\n"));
    }
    let (lead, account) = LEAD;
    staff.push_str(&format!("{lead},係長,第一班,telegram,{account}\n"));
    let file = |name: &str, text: &str| {
        let path = folder.join(name);
        fs::write(&path, text).expect("writing");
        path.display().to_string()
    };
    let staff = file("staff.csv", &staff);
    let households = file("households.csv", households);
    let commands = [
        "init --office 見本市保健センター --zone Asia/Tokyo --team 第一班 --admin 小林 --language japanese".to_owned(),
        "level telegram 3 --approval 情報第12号".to_owned(),
        format!("import staff {staff}"),
        format!("import households {households}"),
    ];
    for line in commands {
        let arguments: Vec<&str> = line.split(' ').collect();
        let mut command = command(folder, telegram, &arguments);
        command.envs(environment.always.iter().cloned());
        let output = run(command, b"");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {errors}");
    }
}
