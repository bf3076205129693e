//! A bot to talk with: a small office, a clock that is moved, and a courier
//! that remembers. It speaks as a nurse does, and a message that nobody read,
//! or a nudge that nobody heard, fails the test.
use crate::chat_bot::{ChatCourier, unread_letters};
use chrono::{DateTime, NaiveDateTime, TimeDelta, TimeZone, Utc};
use futures_util::{FutureExt, future::BoxFuture};
use koekake::{
    config::Config,
    conversation::{
        action::Action,
        decide,
        message::{
            Account, Button, Card, Incoming, Mark, Part, Place, Platform, Readers, Reply, Said,
        },
        reading::Words,
    },
    domain::{
        DeliveryId, PersonId,
        check_in::{NewCheckIn, Pace, Plan, Purpose, Why, Window},
        household::{Code, Facts, Route, State},
        people::{Language, Person, Role},
    },
    engine::{self, Courier, Couriers, Engine, Letter, Parcel, Parts, SendError, clock::Clock},
    store::{
        self, Db, Location,
        office::{Founding, FoundingCheckIn, FoundingHousehold, FoundingPerson},
    },
};
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::Duration,
};
use tempfile::TempDir;

/// The courier of a test answers at once or never.
const AT_ONCE: Duration = Duration::ZERO;

/// The staff of the small office, in the order of their ids.
pub const STAFF: [(&str, Role); 5] = [
    ("佐藤", Role::Nurse),
    ("鈴木", Role::Nurse),
    ("伊藤", Role::Supervisor),
    ("渡辺", Role::Deputy),
    ("小林", Role::Admin),
];

/// One household of the small office.
#[derive(Debug, Clone)]
pub struct Home {
    pub code: u32,
    /// A name of [`STAFF`].
    pub main: &'static str,
    pub second: Option<&'static str>,
    pub state: State,
    /// `due_on` and `due_by` as YYYY-MM-DD.
    pub due: (&'static str, &'static str),
    pub terms: NewCheckIn,
}

/// An active household of that nurse, with an ordinary check-in on one day.
pub fn home(code: u32, main: &'static str, due_on: &'static str) -> Home {
    Home {
        code,
        main,
        second: None,
        state: State::Active,
        due: (due_on, due_on),
        terms: NewCheckIn {
            window: Window::day(day(due_on)),
            purpose: Purpose::LookIn,
            pace: Pace::Ordinary,
            why: Why::FamilyMet,
            plan: Plan::default(),
            put_off: 0,
        },
    }
}

pub fn day(text: &str) -> chrono::NaiveDate {
    text.parse().expect("a date")
}

/// What the courier has done, and whether it fails for now.
#[derive(Debug, Default)]
pub struct Sent {
    /// The newest state of each delivery.
    pub shown: BTreeMap<DeliveryId, (PersonId, Reply)>,
    /// Deliveries that nobody has read yet, in order.
    pub unread: Vec<DeliveryId>,
    /// When each of them was sent, by the office's clock.
    pub sent_at: BTreeMap<DeliveryId, DateTime<Utc>>,
    pub sends: usize,
    pub edits: usize,
    pub fails_with: Option<SendError>,
    /// Only what goes to that account fails.
    pub fails_for: BTreeMap<String, SendError>,
    /// It never answers.
    pub hangs: bool,
    /// Attempts that it has refused.
    pub failures: usize,
    /// Account of each message that is shown.
    pub accounts: BTreeMap<DeliveryId, String>,
    platforms: BTreeMap<DeliveryId, Platform>,
}

impl Sent {
    fn failure(&mut self, parcel: &Parcel) -> Option<SendError> {
        let own = self.fails_for.get(&parcel.to.id);
        let failure = own.or(self.fails_with.as_ref()).cloned();
        self.failures += usize::from(failure.is_some());
        failure
    }

    /// It has arrived.
    pub fn take(&mut self, parcel: &Parcel) {
        let id = parcel.delivery;
        self.sends += 1;
        self.unread.push(id);
        self.sent_at.insert(id, parcel.at);
        self.accounts.insert(id, parcel.to.id.clone());
        self.platforms.insert(id, parcel.to.platform);
        self.shown.insert(id, (parcel.person, parcel.reply.clone()));
    }

    /// It is shown anew.
    pub fn renew(&mut self, parcel: &Parcel) {
        self.edits += 1;
        self.shown
            .insert(parcel.delivery, (parcel.person, parcel.reply.clone()));
    }

    /// By when they were sent, then as they were made: several are under way at
    /// once, and which of them is the first to arrive is left to chance.
    fn in_order(&self, mut deliveries: Vec<DeliveryId>) -> Vec<DeliveryId> {
        deliveries.sort_by_key(|id| (self.sent_at[id], *id));
        deliveries
    }

    /// What was brought to the person on that platform, as it stands now, the
    /// oldest first.
    pub fn brought(&self, platform: Platform, person: PersonId) -> Vec<Reply> {
        let there = |id: &DeliveryId| self.platforms.get(id) == Some(&platform);
        self.shown
            .iter()
            .filter(|(id, (to, _))| *to == person && there(id))
            .map(|(_, (_, reply))| reply.clone())
            .collect()
    }
}

#[derive(Debug, Clone, Default)]
struct RecordingCourier(Arc<Mutex<Sent>>);

impl Courier for RecordingCourier {
    fn repeats(&self) -> bool {
        true
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<String, SendError>> {
        async move {
            if self.hangs() {
                return std::future::pending().await;
            }
            let mut sent = self.0.lock().expect("no panic while it is held");
            if let Some(error) = sent.failure(parcel) {
                return Err(error);
            }
            sent.take(parcel);
            Ok(parcel.delivery.0.to_string())
        }
        .boxed()
    }

    fn edit<'a>(
        &'a self,
        _message: &'a str,
        parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            if self.hangs() {
                return std::future::pending().await;
            }
            let mut sent = self.0.lock().expect("no panic while it is held");
            if let Some(error) = sent.failure(parcel) {
                return Err(error);
            }
            sent.renew(parcel);
            Ok(())
        }
        .boxed()
    }

    fn post<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        panic!("the page has no letters: {letter:?}");
    }

    fn readers<'a>(&'a self, room: &'a str) -> BoxFuture<'a, Result<Readers, SendError>> {
        panic!("the page has no shared places: {room}");
    }
}

impl RecordingCourier {
    fn hangs(&self) -> bool {
        self.0.lock().expect("no panic while it is held").hangs
    }
}

/// The office, its engine, and what its people see.
pub struct TestBot {
    pub engine: Engine,
    pub db: Db,
    sent: Arc<Mutex<Sent>>,
    /// The courier of each chat.
    pub(crate) chats: Vec<ChatCourier>,
    /// The last answer of each person.
    answers: BTreeMap<PersonId, Reply>,
    keys: u64,
    checks_unread: bool,
    _folder: Option<TempDir>,
}

impl TestBot {
    /// The small office on SQLite; its clock stands at that wall clock time
    /// (`2026-11-25 09:00`) in Tokyo.
    pub async fn at(time: &str, homes: &[Home]) -> TestBot {
        let folder = TempDir::new().expect("a temp folder");
        let location = Location::File(folder.path().join("office.sqlite"));
        TestBot::on(location, Some(folder), time, homes).await
    }

    /// The small office in that database.
    pub async fn on(
        location: Location,
        folder: Option<TempDir>,
        time: &str,
        homes: &[Home],
    ) -> TestBot {
        let config = Config::load(None, []).expect("the built-in settings");
        let db = Db::open(&location).await.expect("a database");
        let now = instant(time);
        store::office::found(&db, &founding(homes, now))
            .await
            .expect("founding");
        let sent = Arc::default();
        let chats = Platform::CHATS
            .map(|platform| ChatCourier::new(platform, &sent))
            .to_vec();
        let couriers = couriers(&sent, &chats);
        TestBot {
            engine: engine(&config, &db, Clock::standing(now, 0), couriers, AT_ONCE),
            db,
            sent,
            chats,
            answers: BTreeMap::new(),
            keys: 0,
            checks_unread: true,
            _folder: folder,
        }
    }

    /// Another process on the same database, with the office's stored time; real
    /// time has gone on as this one's has.
    pub async fn restarts(&mut self) {
        let config = Config::load(None, []).expect("the built-in settings");
        let office = store::office::office(&self.db).await.expect("the office");
        let offset_s = office.expect("an office").clock_offset_s;
        let clock = Clock::standing(self.engine.clock().real(), offset_s);
        let couriers = couriers(&self.sent, &self.chats);
        self.engine = engine(&config, &self.db, clock, couriers, AT_ONCE);
    }

    /// From now on its clock runs by itself, from that wall clock time of the office.
    pub fn runs_from(&mut self, time: &str) {
        let config = Config::load(None, []).expect("the built-in settings");
        let real = Clock::system(0).real();
        let clock = Clock::system((instant(time) - real).num_seconds());
        let couriers = couriers(&self.sent, &self.chats);
        let patience = Duration::from_secs(30);
        self.engine = engine(&config, &self.db, clock, couriers, patience);
    }

    /// From now on a courier that hangs is waited for.
    pub fn has_patience(&mut self) {
        let config = Config::load(None, []).expect("the built-in settings");
        let clock = Clock::standing(self.engine.clock().real(), 0);
        let couriers = couriers(&self.sent, &self.chats);
        let patience = Duration::from_secs(30);
        self.engine = engine(&config, &self.db, clock, couriers, patience);
    }

    /// Runs a statement of the test's own on the bot's SQLite.
    pub async fn sql(&self, statement: &'static str) {
        let Db::Sqlite(pool, _) = &self.db else {
            panic!("{statement} is for SQLite");
        };
        let done = sqlx::query(statement).execute(pool).await;
        let changed = done.expect(statement).rows_affected();
        assert!(changed > 0, "{statement} changed nothing");
    }

    /// The number that a statement of the test's own gives on the bot's SQLite.
    pub async fn count(&self, statement: &'static str) -> i64 {
        let Db::Sqlite(pool, _) = &self.db else {
            panic!("{statement} is for SQLite");
        };
        let counted = sqlx::query_scalar(statement).fetch_one(pool).await;
        counted.expect(statement)
    }

    /// The person says a line; the answer as text. Silence is an empty text.
    pub async fn says(&mut self, who: &str, words: &str) -> String {
        self.send(who, Said::Words(words.to_owned())).await
    }

    /// The person presses the button with these words: the newest one that
    /// they can see, in their last answer first, then in what was brought.
    pub async fn presses(&mut self, who: &str, label: &str) -> String {
        let action = self
            .button(who, label)
            .unwrap_or_else(|| panic!("{who} sees no button 「{label}」:\n{}", self.sees(who)));
        self.send(who, Said::Press(action)).await
    }

    /// The person presses that action, wherever it was shown.
    pub async fn presses_action(&mut self, who: &str, action: Action) -> String {
        self.send(who, Said::Press(action)).await
    }

    /// The person fills a form's field in.
    pub async fn fills(&mut self, who: &str, action: Action, value: &str) -> String {
        self.send(
            who,
            Said::Form {
                action,
                value: value.to_owned(),
            },
        )
        .await
    }

    /// The action behind a button that the person can see.
    pub fn button(&self, who: &str, label: &str) -> Option<Action> {
        let person = person(who);
        let sent = self.sent.lock().expect("no panic while it is held");
        let brought = sent
            .shown
            .values()
            .rev()
            .filter(|(to, _)| *to == person)
            .map(|(_, reply)| reply);
        self.answers
            .get(&person)
            .into_iter()
            .chain(brought)
            .flat_map(buttons)
            .find(|button| button.label == label)
            .map(|button| button.action.clone())
    }

    async fn send(&mut self, who: &str, said: Said) -> String {
        let key = self.new_key();
        self.send_with_key(who, said, &key).await
    }

    /// A key that no message has had.
    pub fn new_key(&mut self) -> String {
        self.keys += 1;
        self.last_key()
    }

    /// The key of the newest message.
    pub fn last_key(&self) -> String {
        format!("test:{}", self.keys)
    }

    /// As a platform that delivers again sends it: with a key of its own.
    pub async fn send_with_key(&mut self, who: &str, said: Said, key: &str) -> String {
        let incoming = incoming(who, said, key);
        let answered = self.engine.answer(incoming).await.expect("an answer");
        self.engine.deliver_all().await.expect("deliveries");
        match answered.reply {
            Some(reply) => {
                let text = text_of(&reply);
                self.answers.insert(person(who), reply);
                text
            }
            None => String::new(),
        }
    }

    /// Moves the clock to that wall clock time, with every look in between, in
    /// order.
    pub async fn moves_to(&mut self, time: &str) {
        moves(&self.engine, &self.db, instant(time)).await;
    }

    /// So much later; nobody has looked or delivered yet.
    pub fn real_seconds_pass(&self, seconds: i64) {
        let clock = self.engine.clock();
        clock.stand_at(clock.real() + TimeDelta::seconds(seconds));
    }

    /// The clock jumps there without a look in between: the process was down.
    pub async fn is_down_until(&mut self, time: &str) {
        self.engine.clock().stand_at(instant(time));
        self.engine.tick().await.expect("a tick");
        self.engine.deliver_all().await.expect("deliveries");
    }

    /// What was brought to the person since they last heard something, oldest
    /// first, as it stands now.
    pub fn hears(&mut self, who: &str) -> Vec<String> {
        let person = person(who);
        let mut sent = self.sent.lock().expect("no panic while it is held");
        let (mine, others): (Vec<_>, Vec<_>) = std::mem::take(&mut sent.unread)
            .into_iter()
            .partition(|id| sent.shown[id].0 == person);
        sent.unread = others;
        let mine = sent.in_order(mine);
        mine.iter().map(|id| text_of(&sent.shown[id].1)).collect()
    }

    /// Moves the clock to that wall clock time, and tells what was brought to
    /// whom when: the first words of each message and its cards. Everybody has
    /// then read it.
    pub async fn told_until(&mut self, time: &str) -> String {
        self.moves_to(time).await;
        self.told()
    }

    /// The couriers of this office, for another engine on it.
    pub fn couriers(&self) -> Couriers {
        couriers(&self.sent, &self.chats)
    }

    /// What nobody has read yet, a line each; read from then on.
    pub fn told(&mut self) -> String {
        self.told_in(chrono_tz::Asia::Tokyo)
    }

    /// As [`TestBot::told`], by the wall clock of that zone.
    pub fn told_in(&mut self, zone: chrono_tz::Tz) -> String {
        let mut sent = self.sent.lock().expect("no panic while it is held");
        let unread = std::mem::take(&mut sent.unread);
        let lines: Vec<String> = sent
            .in_order(unread)
            .into_iter()
            .map(|id| {
                let (to, reply) = &sent.shown[&id];
                let at = sent.sent_at[&id].with_timezone(&zone);
                let when = at.format("%Y-%m-%d %a %H:%M");
                format!("{when} {} {}", name(*to), brief_of(reply))
            })
            .collect();
        lines.join("\n")
    }

    /// Everything that was brought to the person so far, as it stands now.
    pub fn sees(&self, who: &str) -> String {
        let person = person(who);
        let sent = self.sent.lock().expect("no panic while it is held");
        let shown = sent.shown.values().filter(|(to, _)| *to == person);
        shown
            .map(|(_, reply)| text_of(reply))
            .collect::<Vec<_>>()
            .join("\n---\n")
    }

    /// Everybody has read everything so far, whatever it was.
    pub fn all_read(&mut self) {
        self.sent
            .lock()
            .expect("no panic while it is held")
            .unread
            .clear();
        for courier in &self.chats {
            courier.chat().unread.clear();
        }
    }

    /// What the courier has done; also to make it fail.
    pub fn courier(&self) -> std::sync::MutexGuard<'_, Sent> {
        self.sent.lock().expect("no panic while it is held")
    }

    /// The office's wall clock.
    pub fn wall(&self) -> NaiveDateTime {
        self.engine
            .clock()
            .office()
            .with_timezone(&chrono_tz::Asia::Tokyo)
            .naive_local()
    }
}

impl Drop for TestBot {
    fn drop(&mut self) {
        if std::thread::panicking() || !self.checks_unread {
            return;
        }
        let sent = self.sent.lock().expect("no panic while it is held");
        let unread: Vec<String> = sent
            .unread
            .iter()
            .map(|id| {
                let (to, reply) = &sent.shown[id];
                format!("{}: {}", name(*to), text_of(reply))
            })
            .chain(unread_letters(&self.chats))
            .collect();
        assert!(
            unread.is_empty(),
            "nobody has heard:\n{}",
            unread.join("\n---\n")
        );
    }
}

/// The message as the page would hand it over.
pub fn incoming(who: &str, said: Said, key: &str) -> Incoming {
    let id = person(who).0.to_string();
    Incoming {
        from: Account {
            platform: Platform::Page,
            id: id.clone(),
        },
        place: Place {
            platform: Platform::Page,
            id,
            room: None,
        },
        said,
        key: key.to_owned(),
        typed_at: None,
        answer_to: None,
    }
}

/// The id of somebody of [`STAFF`].
pub fn person(name: &str) -> PersonId {
    let index = STAFF.iter().position(|(known, _)| *known == name);
    let index = index.unwrap_or_else(|| panic!("nobody is called {name}"));
    PersonId(i64::try_from(index).expect("a small office") + 1)
}

fn name(person: PersonId) -> &'static str {
    STAFF[usize::try_from(person.0 - 1).expect("an id")].0
}

/// The cards of a reply on one line, or its first words where it has none.
fn brief_of(reply: &Reply) -> String {
    let cards: Vec<String> = reply
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::Card(card) => Some(format!("{}{}", mark_text(card.mark), card.title)),
            _ => None,
        })
        .collect();
    if cards.is_empty() {
        return text_of(reply).lines().next().unwrap_or_default().to_owned();
    }
    cards.join(" / ")
}

/// Moves the engine's clock there, with every look in between, in order.
pub async fn moves(engine: &Engine, db: &Db, target: DateTime<Utc>) {
    engine.tick().await.expect("a tick");
    engine.deliver_all().await.expect("deliveries");
    loop {
        let looked = store::nudges::next_look_at(db).await.expect("a look");
        let held = store::nudges::next_held_after(db, engine.clock().office());
        let next = looked.into_iter().chain(held.await.expect("a look")).min();
        let Some(at) = next.filter(|at| *at <= target) else {
            break;
        };
        engine.clock().stand_at(at.max(engine.clock().office()));
        engine.tick().await.expect("a tick");
        engine.deliver_all().await.expect("deliveries");
    }
    engine.clock().stand_at(target);
    engine.deliver_all().await.expect("deliveries");
}

/// One courier a platform.
fn couriers(sent: &Arc<Mutex<Sent>>, chats: &[ChatCourier]) -> Couriers {
    let page: Arc<dyn Courier> = Arc::new(RecordingCourier(sent.clone()));
    let mut couriers = vec![(Platform::Page, page)];
    for chat in chats {
        couriers.push((chat.platform(), Arc::new(chat.clone())));
    }
    couriers
}

/// An engine with the built-in settings.
fn engine(
    config: &Config,
    db: &Db,
    clock: Clock,
    couriers: Couriers,
    patience: Duration,
) -> Engine {
    Engine::new(Parts {
        patience,
        ..parts(config, db, clock, couriers)
    })
}

/// What an engine with the built-in settings is made of.
pub fn parts(config: &Config, db: &Db, clock: Clock, couriers: Couriers) -> Parts {
    let office = decide::Office {
        calendar: config.office.calendar(),
        proposals: config.proposals.clone(),
        ladder: config.ladder.clone(),
        rhythm: config.rhythm.clone(),
        card: vec![("緊急連絡先".to_owned(), "(見本)".to_owned())],
        counselling: "見本相談窓口(平日9時から17時)".to_owned(),
        page_url: "https://koekake.test/".to_owned(),
    };
    Parts {
        db: db.clone(),
        office,
        words: Words::built_in(),
        clock,
        couriers,
        // The courier of a test answers at once or never.
        patience: Duration::ZERO,
        changes: engine::changes(),
    }
}

/// A wall clock time of Tokyo, `2026-11-25 09:00`.
pub fn instant(text: &str) -> DateTime<Utc> {
    let wall = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").expect("a wall clock time");
    chrono_tz::Asia::Tokyo
        .from_local_datetime(&wall)
        .earliest()
        .expect("an instant")
        .with_timezone(&Utc)
}

pub fn founding(homes: &[Home], now: DateTime<Utc>) -> Founding {
    let index = |name: &str| {
        STAFF
            .iter()
            .position(|(known, _)| *known == name)
            .expect("a member of staff")
    };
    Founding {
        name: "見本センター".to_owned(),
        zone: chrono_tz::Asia::Tokyo,
        clock_offset_s: 0,
        made_up: true,
        team: "見本チーム".to_owned(),
        people: STAFF
            .iter()
            .map(|(name, role)| FoundingPerson {
                name: (*name).to_owned(),
                role: *role,
                language: Language::Japanese,
                working_days: Person::WEEKDAYS,
                left_on: None,
            })
            .collect(),
        households: homes
            .iter()
            .map(|home| FoundingHousehold {
                code: Code::of(home.code),
                facts: Facts {
                    state: home.state,
                    pause_reason: None,
                    close_reason: None,
                    awaiting_receipt: false,
                    class: None,
                    flags: Vec::new(),
                    not_before: None,
                    known_by: Some(Route::Family),
                    known_on: Some(day("2025-04-01")),
                    main: None,
                    second: None,
                    check_in: None,
                },
                main: Some(index(home.main)),
                second: home.second.map(index),
                contacts: Vec::new(),
                check_in: Some(FoundingCheckIn {
                    terms: NewCheckIn {
                        window: Window {
                            on: day(home.due.0),
                            by: day(home.due.1),
                        },
                        ..home.terms.clone()
                    },
                    made_at: now - TimeDelta::days(30),
                    made_by: index(home.main),
                    next_nudge_at: now,
                }),
            })
            .collect(),
        page_routes: true,
    }
}

/// Every button of a reply, in order.
pub fn buttons(reply: &Reply) -> Vec<&Button> {
    reply
        .parts
        .iter()
        .flat_map(|part| match part {
            Part::Buttons(buttons) => buttons.iter().collect::<Vec<_>>(),
            Part::Card(card) => card.buttons.iter().collect(),
            _ => Vec::new(),
        })
        .collect()
}

/// A reply as plain text: one line a sentence, buttons in brackets.
pub fn text_of(reply: &Reply) -> String {
    let lines: Vec<String> = reply.parts.iter().map(part_text).collect();
    lines.join("\n")
}

fn part_text(part: &Part) -> String {
    match part {
        Part::Line(line) | Part::Quiet(line) => line.clone(),
        Part::Strong(line) => format!("**{line}**"),
        Part::Heading(line) => format!("# {line}"),
        Part::Buttons(buttons) => button_text(buttons),
        Part::Card(card) => card_text(card),
        Part::Form(form) => format!("{} <{}>", form.label, form.submit),
        Part::Table(table) => {
            let rows = table
                .rows
                .iter()
                .map(|row| format!("{}{}", mark_text(row.mark), row.cells.join(" | ")));
            rows.collect::<Vec<_>>().join("\n")
        }
    }
}

fn card_text(card: &Card) -> String {
    let mut lines = vec![format!("* {}{}", mark_text(card.mark), card.title)];
    lines.extend(card.lines.iter().map(|line| format!("  {line}")));
    if !card.buttons.is_empty() {
        lines.push(format!("  {}", button_text(&card.buttons)));
    }
    lines.join("\n")
}

fn mark_text(mark: Mark) -> String {
    match mark {
        Mark::Plain => String::new(),
        Mark::Soon => "○ ".to_owned(),
        Mark::Due => "● ".to_owned(),
        Mark::Overdue { days } => format!("▲{days} "),
        Mark::Alarm => "■ ".to_owned(),
        Mark::Settled => "✓ ".to_owned(),
    }
}

fn button_text(buttons: &[Button]) -> String {
    buttons
        .iter()
        .map(|button| format!("[{}]", button.label))
        .collect::<Vec<_>>()
        .join(" ")
}
