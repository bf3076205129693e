//! `kill -9` on the real program, again and again, in a stream of logged lines
//! and of nudges: what was acknowledged is there, nothing is there twice, and
//! nobody is forgotten. The kills wait on acknowledgements, never on time.
//! `KOEKAKE_KILLS=200 cargo test --release kills::` kills the release binary at
//! least as often as that, in the lives of so many made-up offices.
use crate::{
    kills_chat::asked,
    program::{Caller, Program},
};
use chrono::NaiveDateTime;
use reqwest::{RequestBuilder, Response, StatusCode};
use sqlx::{Connection, Row, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
};
use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
    task::{JoinHandle, JoinSet},
};

const NURSES: [i64; 4] = [1, 2, 3, 4];
const SUPERVISOR: i64 = 5;
/// Its day lies beyond the story.
const LATE: &str = "手紙 投函 3か月後";

/// When the program is killed.
#[derive(Debug, Clone, Copy)]
enum Kill {
    /// Once so many of the round's lines are answered; the others are under way.
    Answered(usize),
    /// Once every nurse's first line, or the move of the clock, is written to
    /// the network, unanswered.
    Written,
    /// Once that person has heard so often that something came, while the
    /// clock is being moved.
    Heard(i64, usize),
    /// Once the program has said its address, while it looks and delivers for
    /// the first time.
    Started,
}

/// Rounds of lines on the first day, each with its kill.
const LINES: [Kill; 14] = [
    Kill::Answered(1),
    Kill::Written,
    Kill::Answered(2),
    Kill::Answered(3),
    Kill::Answered(4),
    Kill::Started,
    Kill::Written,
    Kill::Answered(5),
    Kill::Answered(6),
    Kill::Answered(7),
    Kill::Written,
    Kill::Answered(8),
    Kill::Answered(1),
    Kill::Started,
];

/// Moves of the clock to the next nudge, each with its kill and with lines of
/// all nurses at the same time.
const MOVES: [Kill; 14] = [
    Kill::Written,
    Kill::Heard(1, 1),
    Kill::Heard(2, 1),
    Kill::Heard(SUPERVISOR, 1),
    Kill::Answered(1),
    Kill::Heard(3, 1),
    Kill::Heard(4, 1),
    Kill::Written,
    Kill::Answered(3),
    Kill::Heard(1, 2),
    Kill::Started,
    Kill::Heard(2, 2),
    Kill::Heard(SUPERVISOR, 2),
    Kill::Written,
];

/// The kills of one life.
const KILLS: usize = LINES.len() + MOVES.len();

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_acknowledged_survives_every_kill_and_no_nudge_is_lost() {
    let lives = asked("KOEKAKE_KILLS").map_or(1, |kills| kills.div_ceil(KILLS));
    let (mut lines, mut nudges) = (0, 0);
    for seed in 1..=lives {
        let calm = Life::live(seed, None).await;
        let killed = Life::live(seed, Some(&calm.clocks)).await;
        assert_eq!((calm.kills, killed.kills), (0, KILLS));

        let (calm, killed) = (calm.kept().await, killed.kept().await);
        assert!(calm.nudges.len() > 50, "{} nudges", calm.nudges.len());
        check_same(&killed.contacts, &calm.contacts);
        check_same(&killed.nudges, &calm.nudges);
        check_same(&killed.deliveries, &calm.deliveries);
        lines += killed.contacts.len();
        nudges += killed.nudges.len();
    }
    let kills = lives * KILLS;
    println!("{kills} kills: {lines} lines and {nudges} nudges, none lost");
}

/// A line with the key under which it is sent, however often.
#[derive(Debug, Clone)]
struct Line {
    key: String,
    code: String,
    words: String,
}

/// One office from its first day on, with or without kills.
struct Life {
    /// Which made-up office it is.
    seed: usize,
    folder: TempDir,
    program: Program,
    caller: Caller,
    kills: usize,
    /// Where each move of the clock ended.
    clocks: Vec<NaiveDateTime>,
    /// The households of each nurse: those whose day comes soon, and those
    /// whose day lies beyond the story.
    soon: BTreeMap<i64, Vec<String>>,
    late: BTreeMap<i64, Vec<String>>,
    sent: BTreeMap<i64, Vec<Line>>,
    /// The keys, as the program spells them, of all lines that were answered.
    acknowledged: BTreeSet<String>,
    keys: usize,
}

impl Life {
    /// Lives through the story. With the clocks of a life that nobody disturbed
    /// it is killed over and over, and led to the same days.
    async fn live(seed: usize, calm: Option<&[NaiveDateTime]>) -> Life {
        let folder = TempDir::new().expect("a temp folder");
        let program = start(&folder, seed);
        let caller = Caller::of(&program).await;
        let mut life = Life {
            seed,
            kills: 0,
            clocks: Vec::new(),
            soon: BTreeMap::new(),
            late: BTreeMap::new(),
            sent: BTreeMap::new(),
            acknowledged: BTreeSet::new(),
            keys: 0,
            folder,
            program,
            caller,
        };
        life.share_out().await;
        for (round, kill) in LINES.into_iter().enumerate() {
            life.log(round, calm.map(|_| kill)).await;
        }
        for (round, kill) in MOVES.into_iter().enumerate() {
            let target = calm.map(|clocks| (kill, clocks[round]));
            life.nudge(round, target).await;
        }
        // What the last kill left to be done is done by a move that nobody disturbs.
        life.move_clock().await;
        life.read_the_page().await;
        let status = life.program.terminate();
        assert!(status.success(), "{status}");
        let errors = life.program.errors();
        assert!(!errors.contains("panicked"), "{errors}");
        assert!(!errors.contains("ERROR"), "{errors}");
        life
    }

    fn file(&self) -> PathBuf {
        data(&self.folder).join("trial.sqlite")
    }

    /// Of each nurse's households with an ordinary day to come, three are kept
    /// near and two or more are put off beyond the story.
    async fn share_out(&mut self) {
        let rows = table(
            &self.file(),
            "SELECT h.main_id, h.code FROM household h JOIN check_in c ON c.id = h.check_in_id \
             WHERE h.state = 'active' AND c.pace = 'ordinary' AND c.purpose = 'look_in' \
             AND c.due_on > '2026-11-25' ORDER BY h.code",
        )
        .await;
        for row in rows {
            let (nurse, code) = row.split_once('|').expect("two columns");
            let nurse: i64 = nurse.parse().expect("an id");
            let soon = self.soon.entry(nurse).or_default();
            match soon.len() {
                3 => self.late.entry(nurse).or_default().push(code.to_owned()),
                _ => soon.push(code.to_owned()),
            }
        }
        for nurse in NURSES {
            assert_eq!(self.soon[&nurse].len(), 3, "nurse {nurse}");
            assert!(self.late[&nurse].len() >= 2, "nurse {nurse}");
        }
    }

    fn line(&mut self, nurse: i64, code: &str, words: &str) -> Line {
        self.keys += 1;
        let line = Line {
            key: format!("kill-{}", self.keys),
            code: code.to_owned(),
            words: format!("{code} {words}"),
        };
        self.sent.entry(nurse).or_default().push(line.clone());
        line
    }

    /// Two lines of every nurse.
    fn round(&mut self, round: usize) -> Vec<(i64, Vec<Line>)> {
        const SOON: [&str; 3] = [
            "訪問 不在 名刺 2週間後",
            "電話 応答なし 来週の金曜",
            "手紙 投函 10日後",
        ];
        NURSES
            .into_iter()
            .map(|nurse| {
                let soon = self.soon[&nurse][round % 3].clone();
                let late = self.late[&nurse][round % 2].clone();
                let lines = vec![
                    self.line(nurse, &soon, SOON[(round / 3) % 3]),
                    self.line(nurse, &late, LATE),
                ];
                (nurse, lines)
            })
            .collect()
    }

    /// One round of lines, killed in its course and completed after the restart.
    async fn log(&mut self, round: usize, kill: Option<Kill>) {
        let lines = self.round(round);
        match kill {
            Some(Kill::Written) => {
                for (nurse, lines) in &lines {
                    self.write(self.say(*nurse, &lines[0])).await;
                }
                self.kill().await;
            }
            Some(Kill::Started) => {
                self.kill().await;
            }
            _ => {}
        }
        let answered = match kill {
            Some(Kill::Answered(count)) => Some(count),
            _ => None,
        };
        self.say_all(lines, answered).await;
    }

    /// Sends each nurse's lines one after another, all nurses at once; killed
    /// after so many answers. What was answered must be there then; after that
    /// everything is sent again with its keys, what was answered too.
    async fn say_all(&mut self, lines: Vec<(i64, Vec<Line>)>, kill_after: Option<usize>) {
        let (answers, mut answered) = mpsc::unbounded_channel();
        let mut senders = JoinSet::new();
        for (nurse, lines) in lines.clone() {
            let requests: Vec<_> = lines
                .iter()
                .map(|line| (format!("page:{nurse}:{}", line.key), self.say(nurse, line)))
                .collect();
            let answers = answers.clone();
            senders.spawn(async move {
                for (key, request) in requests {
                    match request.send().await {
                        Ok(answer) => assert_eq!(answer.status(), StatusCode::OK),
                        Err(_) => return false,
                    }
                    answers.send(key).expect("somebody who counts");
                }
                true
            });
        }
        drop(answers);
        for _ in 0..kill_after.unwrap_or(0) {
            let key = answered.recv().await.expect("an answer");
            self.acknowledged.insert(key);
        }
        if kill_after.is_some() {
            self.kill().await;
        }
        let are_answered = senders.join_all().await;
        while let Some(key) = answered.recv().await {
            self.acknowledged.insert(key);
        }
        match kill_after {
            Some(_) => {
                self.find_acknowledged().await;
                Box::pin(self.say_all(lines, None)).await;
            }
            None => assert!(!are_answered.contains(&false), "a line was not answered"),
        }
    }

    /// Every line that was ever answered has its contact.
    async fn find_acknowledged(&self) {
        let found = table(
            &self.file(),
            "SELECT m.key FROM message m JOIN save s ON s.message_id = m.id \
             JOIN contact k ON k.save_id = s.id WHERE NOT k.withdrawn",
        )
        .await;
        let found: BTreeSet<String> = found.into_iter().collect();
        let lost: Vec<_> = self.acknowledged.difference(&found).collect();
        assert!(lost.is_empty(), "answered and not there: {lost:?}");
    }

    /// The clock goes to the next nudge, and every nurse logs a line.
    async fn nudge(&mut self, round: usize, killed: Option<(Kill, NaiveDateTime)>) {
        let lines: Vec<_> = NURSES
            .into_iter()
            .map(|nurse| {
                let code = self.late[&nurse][round % 2].clone();
                (nurse, vec![self.line(nurse, &code, LATE)])
            })
            .collect();
        match killed {
            None => self.move_clock().await,
            Some((kill, target)) => {
                self.move_and_kill(kill, &lines).await;
                while self.clock().await < target {
                    self.move_clock().await;
                }
            }
        }
        self.clocks.push(self.clock().await);
        self.say_all(lines, None).await;
    }

    async fn move_and_kill(&mut self, kill: Kill, lines: &[(i64, Vec<Line>)]) {
        match kill {
            Kill::Heard(person, count) => {
                let mut live = self.caller.get(person, "/live").await;
                let moved = self.write(self.to_next_nudge()).await;
                let heard = async {
                    for _ in 0..count {
                        hear(&mut live).await;
                    }
                };
                // A day may have less to say to that person.
                tokio::select! {
                    () = heard => {}
                    moved = moved => moved.expect("no panic"),
                }
                self.kill().await;
            }
            Kill::Answered(count) => {
                self.write(self.to_next_nudge()).await;
                self.say_all(lines.to_vec(), Some(count)).await;
            }
            Kill::Written => {
                self.write(self.to_next_nudge()).await;
                self.kill().await;
            }
            Kill::Started => self.kill().await,
        }
    }

    async fn move_clock(&self) {
        let moved = self.to_next_nudge().send().await.expect("an answer");
        assert_eq!(moved.status(), StatusCode::SEE_OTHER);
    }

    fn say(&self, nurse: i64, line: &Line) -> RequestBuilder {
        let fields = [("key", line.key.as_str()), ("words", line.words.as_str())];
        self.caller.post(nurse, "/say", &fields)
    }

    fn to_next_nudge(&self) -> RequestBuilder {
        let fields = [("to", "next_nudge")];
        self.caller.post(SUPERVISOR, "/clock", &fields)
    }

    /// The office's clock as the page shows it, to the minute.
    async fn clock(&self) -> NaiveDateTime {
        shown_clock(&self.caller.page(SUPERVISOR, "/chat/fragment").await)
    }

    /// Hands the request's bytes to the network and waits for no answer; the
    /// handle tells when it came, or that the program is gone.
    async fn write(&self, request: RequestBuilder) -> JoinHandle<()> {
        let request = request.build().expect("a request");
        let body = request.body().and_then(|body| body.as_bytes());
        let body = body.expect("a form");
        let address = self.caller.origin.trim_start_matches("http://");
        let mut head = format!(
            "POST {} HTTP/1.1\r\nhost: {address}\r\ncontent-length: {}\r\n",
            request.url().path(),
            body.len()
        );
        for (name, value) in request.headers() {
            let value = value.to_str().expect("a plain header");
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let mut stream = TcpStream::connect(address).await.expect("a connection");
        let bytes = [head.as_bytes(), body].concat();
        stream.write_all(&bytes).await.expect("writing");
        tokio::spawn(async move {
            // The first byte of an answer, or the end of the connection.
            let _ = stream.read(&mut [0]).await;
        })
    }

    /// Kills it, and starts it again on what it left.
    async fn kill(&mut self) {
        self.program.kill();
        self.kills += 1;
        self.program = start(&self.folder, self.seed);
        self.caller = Caller::of(&self.program).await;
        self.let_leases_run_out().await;
    }

    /// What the dead had claimed is free after a minute; here at once.
    async fn let_leases_run_out(&self) {
        let options = SqliteConnectOptions::new().filename(self.file());
        let mut connection = SqliteConnection::connect_with(&options)
            .await
            .expect("the database");
        sqlx::query(
            "UPDATE delivery SET leased_until = '2000-01-01T00:00:00.000000+00:00' \
             WHERE leased_until IS NOT NULL",
        )
        .execute(&mut connection)
        .await
        .expect("an update");
        connection.close().await.expect("closing it");
    }

    /// On the page every line stands once, with its answer.
    async fn read_the_page(&self) {
        for nurse in NURSES {
            let mut path = "/".to_owned();
            let mut exchanges = BTreeSet::new();
            let mut said: BTreeMap<String, usize> = BTreeMap::new();
            loop {
                let page = self.caller.page(nurse, &path).await;
                for part in page.split("<article class=\"exchange\" id=\"").skip(1) {
                    let id = part.split('"').next().unwrap_or_default();
                    assert!(exchanges.insert(id.to_owned()), "{id} stands twice");
                    let recorded = part.split("<p>記録しました ").nth(1);
                    let code = recorded.and_then(|rest| rest.get(..5));
                    if let Some(code) = code {
                        *said.entry(code.to_owned()).or_default() += 1;
                    }
                }
                let older = page.split("href=\"/?before=").nth(1);
                let Some(older) = older.and_then(|rest| rest.split('"').next()) else {
                    break;
                };
                path = format!("/?before={older}");
            }
            let mut expected: BTreeMap<String, usize> = BTreeMap::new();
            for line in &self.sent[&nurse] {
                *expected.entry(line.code.clone()).or_default() += 1;
            }
            assert_eq!(said, expected, "nurse {nurse}");
        }
    }

    /// What the database holds at the end, checked for what must hold.
    async fn kept(&self) -> Kept {
        let file = self.file();
        let check = |sql| table(&file, sql);
        assert_eq!(check("PRAGMA integrity_check").await, ["ok"]);
        assert_eq!(
            check("SELECT \"table\" FROM pragma_foreign_key_check").await,
            [""; 0]
        );
        let unsettled = "SELECT state FROM delivery WHERE state NOT IN ('sent', 'moot') \
                         OR lease IS NOT NULL OR stale";
        assert_eq!(check(unsettled).await, [""; 0]);
        let unsaid = "SELECT 'delivery ' || d.id FROM delivery d WHERE d.state = 'sent' AND \
                      (SELECT count(*) FROM message m WHERE m.delivery_id = d.id \
                       AND m.person_id = d.recipient_id AND m.reply IS NOT NULL) <> 1";
        assert_eq!(check(unsaid).await, [""; 0]);
        let unborne = "SELECT 'nudge ' || n.id FROM nudge n JOIN delivery d ON d.id = n.delivery_id \
                       WHERE d.recipient_id <> n.recipient_id OR NOT EXISTS (SELECT 1 \
                       FROM delivery_item i WHERE i.delivery_id = d.id \
                       AND i.check_in_id = n.check_in_id AND i.fired)";
        assert_eq!(check(unborne).await, [""; 0]);
        Kept {
            contacts: self.contacts().await,
            nudges: table(
                &file,
                "SELECT h.code, n.step, n.rung, n.recipient_id, d.office_day FROM nudge n \
                 JOIN check_in c ON c.id = n.check_in_id JOIN household h ON h.id = c.household_id \
                 JOIN delivery d ON d.id = n.delivery_id",
            )
            .await,
            deliveries: table(
                &file,
                "SELECT recipient_id, kind, office_day, number, state FROM delivery",
            )
            .await,
        }
    }

    /// One message, one save and one contact of each line, and no others.
    async fn contacts(&self) -> Vec<String> {
        let found = table(
            &self.file(),
            "SELECT m.key, h.code, k.kind, k.author_id, count(DISTINCT s.id), count(*) \
             FROM message m LEFT JOIN save s ON s.message_id = m.id \
             LEFT JOIN contact k ON k.save_id = s.id LEFT JOIN household h ON h.id = k.household_id \
             WHERE m.delivery_id IS NULL GROUP BY m.id",
        )
        .await;
        let mut expected: Vec<String> = self
            .sent
            .iter()
            .flat_map(|(nurse, lines)| lines.iter().map(move |line| (nurse, line)))
            .map(|(nurse, line)| {
                let kinds = [("訪問", "visit"), ("電話", "call"), ("手紙", "letter")];
                let kind = kinds.iter().find(|(word, _)| line.words.contains(word));
                let (_, kind) = kind.expect("a known kind");
                format!("page:{nurse}:{}|{}|{kind}|{nurse}|1|1", line.key, line.code)
            })
            .collect();
        expected.sort();
        check_same(&found, &expected);
        found
    }
}

/// Starts it on the office of that seed.
fn start(folder: &TempDir, seed: usize) -> Program {
    let seed = seed.to_string();
    let office = ["--on", "2026-11-25", "--households", "120"];
    let more = [&office[..], &["--seed", &seed]].concat();
    Program::start(&data(folder), &more)
}

/// What must be the same with and without kills.
struct Kept {
    contacts: Vec<String>,
    nudges: Vec<String>,
    deliveries: Vec<String>,
}

/// The same lines as often; says only where they differ.
fn check_same(found: &[String], expected: &[String]) {
    let counted = |lines: &[String]| {
        let mut counts: BTreeMap<String, usize> = BTreeMap::new();
        for line in lines {
            *counts.entry(line.clone()).or_default() += 1;
        }
        counts
    };
    let (found, expected) = (counted(found), counted(expected));
    let all: BTreeSet<&String> = found.keys().chain(expected.keys()).collect();
    let differ: Vec<_> = all
        .into_iter()
        .filter(|line| found.get(*line) != expected.get(*line))
        .map(|line| (line, found.get(line), expected.get(line)))
        .collect();
    assert!(differ.is_empty(), "found, expected: {differ:#?}");
}

fn data(folder: &TempDir) -> PathBuf {
    folder.path().join("data")
}

/// Waits for one more event of the stream.
async fn hear(live: &mut Response) {
    loop {
        let piece = live.chunk().await.expect("an open stream");
        let piece = piece.expect("a stream without end");
        if piece.starts_with(b"event: changed") {
            return;
        }
    }
}

/// `data-clock="2026年11月25日(水) 8:31"`
fn shown_clock(log: &str) -> NaiveDateTime {
    let (_, rest) = log.split_once("data-clock=\"").expect("a clock");
    let numbers: String = rest
        .chars()
        .take_while(|&c| c != '"')
        .map(|c| if c.is_ascii_digit() { c } else { ' ' })
        .collect();
    let numbers: Vec<&str> = numbers.split_whitespace().collect();
    NaiveDateTime::parse_from_str(&numbers.join(" "), "%Y %m %d %H %M").expect("a moment")
}

/// The rows of a query in the order of their text, columns between bars, read
/// from a database that may be in use.
async fn table(file: &Path, sql: &'static str) -> Vec<String> {
    let options = SqliteConnectOptions::new().filename(file).read_only(true);
    let mut connection = SqliteConnection::connect_with(&options)
        .await
        .expect("the database");
    let rows = sqlx::query(sql).fetch_all(&mut connection).await;
    let rows = rows.expect("an answer");
    connection.close().await.expect("closing it");
    let mut lines: Vec<String> = rows
        .iter()
        .map(|row| {
            let columns: Vec<String> = (0..row.len())
                .map(|column| {
                    let value: Option<String> = row.get_unchecked(column);
                    value.unwrap_or_default()
                })
                .collect();
            columns.join("|")
        })
        .collect();
    lines.sort();
    lines
}
