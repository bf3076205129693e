//! The process ends at every commit and at every send in turn, through one story
//! from a logged line to an alarm. Whatever comes after it stands as if it had
//! never ended; only what may have been said already is said again, and says so.
use crate::{
    bot::{home, instant, person},
    mortal::{self, Fault, MAYBE_AGAIN, Office, Post, account, go_on, line, press, say},
};
use chrono::{DateTime, Utc};
use koekake::{
    conversation::{action::Action, message::Incoming},
    domain::{AlarmId, CheckInId},
};
use sqlx::{AssertSqlSafe, Row, SqlitePool};
use std::collections::BTreeMap;

const BEGIN: &str = "2026-11-24 12:00";

/// Something that happens in the story.
enum Step {
    Says(&'static str, &'static str),
    /// 「やります」 for that household's check-in.
    Takes(&'static str, &'static str),
    /// 確認した
    Reads(&'static str, AlarmId),
    /// The clock goes on to then, with every look in between.
    Until(&'static str),
    /// What becomes of the next messages.
    Fails(&'static [Fault]),
    /// That account is not there any more, or again.
    Gone(&'static str),
    Back(&'static str),
}

/// A line, a digest, an undo, 「やります」, a leave with its cover, the ladder up to
/// the supervisor, an alarm up to its reading, a closure and a reopening.
const STORY: &[Step] = &[
    Step::Says("佐藤", "H-012 訪問 不在 名刺 明日"),
    Step::Until("2026-11-25 09:00"),
    Step::Takes("佐藤", "H-013"),
    Step::Fails(&[Fault::Later, Fault::Unheard, Fault::Unknown]),
    Step::Says("佐藤", "H-012 電話 応答なし 11/27"),
    Step::Says("佐藤", "取り消し"),
    Step::Until("2026-11-26 09:30"),
    Step::Says("鈴木", "休み 11/27から12/4 代行 佐藤"),
    Step::Gone("佐藤"),
    Step::Until("2026-12-02 09:00"),
    Step::Back("佐藤"),
    Step::Fails(&[Fault::Unheard, Fault::Later]),
    Step::Says("佐藤", "H-012 電話 本人 「死にたい」"),
    Step::Until("2026-12-02 09:20"),
    Step::Reads("伊藤", AlarmId(1)),
    Step::Says("伊藤", "H-013 終結 解決"),
    Step::Says("佐藤", "H-013 再開 12/4"),
    Step::Until("2026-12-04 09:00"),
];

/// Befell others: an escalation that was paused did not go on after a restart; what was
/// sent and not noted was sent again in every round.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_ends_at_any_commit_or_send_leaves_what_another_completes() {
    let homes = [
        home(12, "佐藤", "2026-11-25"),
        home(13, "佐藤", "2026-11-25"),
        home(21, "鈴木", "2026-11-26"),
    ];
    let begin = Moment {
        database: mortal::database(BEGIN, &homes).await,
        post: Post::default(),
        now: instant(BEGIN),
    };
    let (moments, calm) = undisturbed(begin).await;
    let effects: u64 = moments.iter().map(|(_, effects)| effects).sum();
    assert!(effects > 100, "{effects}");
    for (step, (moment, effects)) in moments.iter().enumerate() {
        for end in 0..*effects {
            let told = ended(moment, (step, end)).await;
            told.check_same(&calm, (step, end));
        }
    }
    println!("{effects} ends: nothing lost, nothing unmarked twice");
}

/// The office before a step.
struct Moment {
    database: Vec<u8>,
    post: Post,
    now: DateTime<Utc>,
}

/// Before each step, with the effects that it has; and the end.
async fn undisturbed(begin: Moment) -> (Vec<(Moment, u64)>, Told) {
    let mut office = begin.office().await;
    let mut moments = Vec::new();
    for (number, step) in STORY.iter().enumerate() {
        let moment = Moment {
            database: office.database(),
            post: office.post().clone(),
            now: office.now(),
        };
        let before = office.effects();
        let incoming = incoming(step, number, &office.pool).await;
        assert!(happens(step, incoming, &mut office).await);
        moments.push((moment, office.effects() - before));
    }
    (moments, Told::by(&office).await)
}

/// From that step on, in which the process ends after so many effects.
async fn ended(moment: &Moment, (first, end): (usize, u64)) -> Told {
    let mut office = moment.office().await;
    for (number, step) in STORY.iter().enumerate().skip(first) {
        let incoming = incoming(step, number, &office.pool).await;
        if number == first {
            office.ends_after(end);
        }
        while !happens(step, incoming.clone(), &mut office).await {}
    }
    assert_eq!(office.ends, 1, "step {first}, after {end}");
    Told::by(&office).await
}

impl Moment {
    async fn office(&self) -> Office {
        let office = Office::of(&self.database, self.now).await;
        *office.post() = self.post.clone();
        office
    }
}

/// The story once it was told.
struct Told {
    rows: BTreeMap<&'static str, Vec<String>>,
    /// What each message shows in the end.
    shown: BTreeMap<String, String>,
    /// How often each arrived, and how often it said that it may come again.
    arrived: BTreeMap<String, (usize, usize)>,
}

impl Told {
    async fn by(office: &Office) -> Told {
        let rows = rows(&office.pool).await;
        let post = office.post();
        let mut arrived: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for message in &post.arrived {
            let (times, marked) = arrived.entry(message.what.clone()).or_default();
            *times += 1;
            *marked += usize::from(message.text.starts_with(MAYBE_AGAIN));
        }
        Told {
            rows,
            shown: post.shown.clone(),
            arrived,
        }
    }

    fn check_same(&self, calm: &Told, end: (usize, u64)) {
        for (table, rows) in &self.rows {
            let calm = &calm.rows[table];
            let more: Vec<_> = rows.iter().filter(|row| !calm.contains(row)).collect();
            let less: Vec<_> = calm.iter().filter(|row| !rows.contains(row)).collect();
            assert!(
                rows == calm,
                "{table}, ended at {end:?}\nis {more:#?}\nwas {less:#?}"
            );
        }
        for (what, text) in &self.shown {
            let calm = calm.shown.get(what).map(|text| lasting(text));
            assert_eq!(Some(lasting(text)), calm, "{what}, ended at {end:?}");
        }
        assert_eq!(self.shown.len(), calm.shown.len(), "ended at {end:?}");
        for (what, (times, marked)) in &self.arrived {
            assert!(
                *times <= marked + 1,
                "{what} came {times} times and said so {marked} times, ended at {end:?}"
            );
        }
    }
}

/// Without the warning of a repeat, and without the count of what has arrived so
/// far, which tells when it was shown.
fn lasting(text: &str) -> Vec<&str> {
    text.lines()
        .filter(|line| *line != MAYBE_AGAIN && !line.contains("届かなかったお知らせ"))
        .collect()
}

/// Does a step to its end; whether the process did not end before.
async fn happens(step: &Step, incoming: Option<Incoming>, office: &mut Office) -> bool {
    let (engine, pool) = (office.engine.clone(), office.pool.clone());
    match (step, incoming) {
        (Step::Until(time), _) => {
            let until = instant(time);
            office.lives(go_on(&engine, &pool, until)).await
        }
        (Step::Fails(faults), _) => {
            office.post().faults.extend(*faults);
            true
        }
        (Step::Gone(who), _) => office.post().gone.insert(account(person(who))),
        (Step::Back(who), _) => office.post().gone.remove(&account(person(who))),
        (_, Some(incoming)) => office.lives(say(&engine, incoming)).await,
        (_, None) => unreachable!("what is said has been found"),
    }
}

async fn incoming(step: &Step, number: usize, pool: &SqlitePool) -> Option<Incoming> {
    let key = format!("story:{number}");
    match step {
        Step::Says(who, words) => Some(line(who, words, &key)),
        Step::Takes(who, code) => {
            let standing: i64 =
                sqlx::query_scalar("SELECT check_in_id FROM household WHERE code = $1")
                    .bind(code)
                    .fetch_one(pool)
                    .await
                    .expect("a check-in");
            Some(press(who, Action::Take(CheckInId(standing)), &key))
        }
        Step::Reads(who, alarm) => Some(press(who, Action::ConfirmAlarm(*alarm), &key)),
        Step::Until(_) | Step::Fails(_) | Step::Gone(_) | Step::Back(_) => None,
    }
}

/// Every row, but for what tells of attempts alone: leases, waits, and the texts
/// of messages, which may say that they come again.
async fn rows(pool: &SqlitePool) -> BTreeMap<&'static str, Vec<String>> {
    const TABLES: &[&str] = &[
        "alarm",
        "check_in",
        "contact",
        "delivery",
        "delivery_item",
        "dialogue",
        "household",
        "journal",
        "leave",
        "letter",
        "message",
        "nudge",
        "office",
        "request",
        "route",
        "save",
    ];
    const OF_ATTEMPTS: &[&str] = &[
        "attempts",
        "maybe_sent",
        "try_at",
        "sent_at",
        "reply",
        "stale",
        "dead_at",
    ];
    let mut found = BTreeMap::new();
    for table in TABLES {
        let select = format!("SELECT * FROM {table}");
        let all = sqlx::query(AssertSqlSafe(select)).fetch_all(pool).await;
        let mut lines: Vec<String> = Vec::new();
        for row in all.expect(table) {
            let columns = row.columns().iter().enumerate();
            let line = columns.filter(|(_, column)| {
                let name = sqlx::Column::name(*column);
                !OF_ATTEMPTS.contains(&name)
            });
            let line: Vec<String> = line
                .map(|(at, column)| {
                    let value: Option<String> = row.get_unchecked(at);
                    let name = sqlx::Column::name(column);
                    format!("{name}={}", value.unwrap_or_default())
                })
                .collect();
            lines.push(line.join(" "));
        }
        lines.sort();
        found.insert(*table, lines);
    }
    found
}
