//! A small Telegram on loopback: it keeps updates until they are confirmed,
//! records and judges every request, and fails as it is told.
use super::specs;
use axum::{
    Router,
    body::Bytes,
    extract::{Path, State},
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use chrono::TimeDelta;
use koekake::engine::clock::Clock;
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::{net::TcpListener, sync::Notify, task::JoinHandle};

/// What Telegram says that it bears: so many messages in a second in all; one in a
/// second in one chat, and there a short burst.
const A_SECOND: usize = 30;
const CHAT_BURST: usize = 3;
/// Methods that say something.
const MESSAGES: [&str; 2] = ["sendmessage", "editmessagetext"];

/// No test waits longer for something to happen.
const PATIENCE: Duration = Duration::from_secs(20);
pub const TOKEN: &str = "123456:made-up";
pub const BOT: i64 = 123_456;
pub const BOT_NAME: &str = "koekake_test_bot";

/// How one request ends otherwise than well.
#[derive(Debug, Clone)]
pub enum Fault {
    /// It ends well: the next one does not.
    Fine,
    /// It is refused, with these parameters.
    Refused(u16, &'static str, Value),
    /// Another server answers, with a page.
    Trouble(u16),
    /// It is never answered.
    Hang,
    /// It is done, and answered after so long.
    Slow(Duration),
    /// The connection ends before anything was done.
    Reset,
    /// It was done, and the connection ends before the answer.
    ResetAfter,
    /// It was done, and answered with something else.
    Odd,
}

impl Fault {
    fn too_fast() -> Fault {
        let after = json!({"retry_after": 1});
        Fault::Refused(429, "Too Many Requests: retry after 1", after)
    }
}

/// One request, in the order of their coming.
#[derive(Debug, Clone)]
pub struct Call {
    /// As the description spells it, in lower case.
    pub method: String,
    pub body: Value,
    /// What became of it.
    pub fault: Option<Fault>,
    /// When it came, since this Telegram began.
    pub at: Duration,
}

impl Call {
    pub fn chat(&self) -> i64 {
        self.body["chat_id"].as_i64().unwrap_or_default()
    }

    pub fn text(&self) -> &str {
        self.body["text"].as_str().unwrap_or_default()
    }

    /// Whether what it asked for was done.
    pub fn was_done(&self) -> bool {
        matches!(
            self.fault,
            None | Some(Fault::Fine | Fault::Slow(_) | Fault::ResetAfter | Fault::Odd)
        )
    }

    /// Label and data of each button.
    pub fn buttons(&self) -> Vec<(String, String)> {
        let rows = self.body["reply_markup"]["inline_keyboard"].as_array();
        let buttons = rows.into_iter().flatten().filter_map(Value::as_array);
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        buttons
            .flatten()
            .map(|button| (text(&button["text"]), text(&button["callback_data"])))
            .collect()
    }
}

#[derive(Default)]
struct Kept {
    updates: BTreeMap<i64, Value>,
    next_update: i64,
    next_message: i64,
    calls: Vec<Call>,
    faults: VecDeque<(String, i64, Fault)>,
    chats: BTreeMap<i64, Value>,
    commands: BTreeMap<String, Value>,
    /// Which long poll is the newest.
    polls: u64,
    /// Unix time, of all that is said.
    date: i64,
    /// What was wrong by the description.
    wrong: Vec<String>,
    /// Updates are handed out the newest first.
    is_shuffled: bool,
    /// Every message of the bot as it stands now, by its id.
    shown: BTreeMap<i64, Call>,
    /// Privacy mode is off.
    hears_all: bool,
    /// Where updates are sent; empty: they are fetched.
    webhook: String,
    /// What the bot is in a group, if it is no plain member.
    standings: BTreeMap<i64, Value>,
    /// Groups in which members do not write.
    silent: BTreeSet<i64>,
    /// How far its clock is ahead of this machine's.
    ahead: TimeDelta,
    /// It bears no more messages than Telegram says that it does.
    is_strict: bool,
}

struct Inner {
    kept: Mutex<Kept>,
    changed: Notify,
    clock: Clock,
}

impl Inner {
    fn kept(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().expect("no panic while it is held")
    }
}

pub struct Fake {
    pub url: String,
    inner: Arc<Inner>,
    server: JoinHandle<()>,
}

impl Drop for Fake {
    fn drop(&mut self) {
        self.server.abort();
        if !std::thread::panicking() {
            let wrong = std::mem::take(&mut self.inner.kept().wrong);
            assert!(wrong.is_empty(), "not as described:\n{}", wrong.join("\n"));
        }
    }
}

impl Fake {
    /// One whose clock stands at that Unix time.
    pub async fn start(date: i64) -> Fake {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let kept = Kept {
            next_update: 1_000,
            next_message: 500,
            date,
            ..Kept::default()
        };
        let inner = Arc::new(Inner {
            kept: Mutex::new(kept),
            changed: Notify::new(),
            clock: Clock::system(0),
        });
        let router = Router::new()
            .route("/bot{token}/{method}", axum::routing::post(answer))
            .with_state(Arc::clone(&inner));
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("a server");
        });
        Fake { url, inner, server }
    }

    /// The next request of that method for that chat (0: any) ends so.
    pub fn fails(&self, method: &str, chat: i64, fault: Fault) {
        let mut kept = self.inner.kept();
        kept.faults.push_back((method.to_lowercase(), chat, fault));
    }

    /// All requests of that method that have come so far.
    pub fn calls(&self, method: &str) -> Vec<Call> {
        let method = method.to_lowercase();
        let kept = self.inner.kept();
        let calls = kept.calls.iter().filter(|call| call.method == method);
        calls.cloned().collect()
    }

    /// Every request but the polls and those about the menu, as `method` or `sendmessage chat text`.
    pub fn story(&self) -> Vec<String> {
        let kept = self.inner.kept();
        let is_told = |call: &&Call| {
            !["getupdates", "getmycommands", "setmycommands"].contains(&call.method.as_str())
        };
        let told = kept.calls.iter().filter(is_told);
        told.map(|call| match call.method.as_str() {
            "sendmessage" | "editmessagetext" => {
                format!("{} {} {}", call.method, call.chat(), call.text())
            }
            method => method.to_owned(),
        })
        .collect()
    }

    /// Waits until so many requests fit, and gives them.
    pub async fn until(
        &self,
        count: usize,
        method: &str,
        fits: impl Fn(&Call) -> bool,
    ) -> Vec<Call> {
        self.until_within(PATIENCE, count, method, fits).await
    }

    /// As [`Fake::until`], for so long at most.
    pub async fn until_within(
        &self,
        patience: Duration,
        count: usize,
        method: &str,
        fits: impl Fn(&Call) -> bool,
    ) -> Vec<Call> {
        let waiting = async {
            loop {
                let changed = self.inner.changed.notified();
                let calls: Vec<Call> = self.calls(method).into_iter().filter(&fits).collect();
                if calls.len() >= count {
                    return calls;
                }
                changed.await;
            }
        };
        match tokio::time::timeout(patience, waiting).await {
            Ok(calls) => calls,
            Err(_) => panic!("no {count} of {method}:\n{}", self.story().join("\n")),
        }
    }

    /// Waits for the nth message to that chat that arrived, counted from 1.
    pub async fn message(&self, chat: i64, nth: usize) -> Call {
        let arrived = |call: &Call| call.chat() == chat && call.was_done();
        self.until(nth, "sendMessage", arrived)
            .await
            .swap_remove(nth - 1)
    }

    /// The bot's messages in that chat as they stand now, the oldest first.
    pub fn shown(&self, chat: i64) -> Vec<Call> {
        let kept = self.inner.kept();
        let there = kept.shown.values().filter(|call| call.chat() == chat);
        there.cloned().collect()
    }

    /// What was said from now on has that date, in Unix time.
    pub fn it_is(&self, date: i64) {
        self.inner.kept().date = date;
    }

    /// Waits until nothing is left to confirm.
    pub async fn confirmed(&self) {
        let waiting = async {
            loop {
                let changed = self.inner.changed.notified();
                if self.inner.kept().updates.is_empty() {
                    return;
                }
                changed.await;
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        assert!(waited.is_ok(), "updates are left unconfirmed");
    }

    /// Updates that nobody has confirmed.
    pub fn unconfirmed(&self) -> usize {
        self.inner.kept().updates.len()
    }

    /// Something happens; its number.
    pub fn happens(&self, what: Value) -> i64 {
        let mut kept = self.inner.kept();
        let id = kept.next_update;
        kept.next_update += 1;
        let mut update = what;
        update["update_id"] = id.into();
        let wrong = specs::faults_of_update(&update);
        kept.wrong
            .extend(wrong.iter().map(|fault| format!("update {id}: {fault}")));
        kept.updates.insert(id, update);
        self.inner.changed.notify_waiters();
        id
    }

    /// From now on updates come the newest first.
    pub fn shuffles(&self) {
        self.inner.kept().is_shuffled = true;
    }

    /// Something that no description fits.
    pub fn garbles(&self, what: Value) {
        let mut kept = self.inner.kept();
        let id = kept.next_update;
        kept.next_update += 1;
        let mut update = what;
        update["update_id"] = id.into();
        kept.updates.insert(id, update);
        self.inner.changed.notify_waiters();
    }

    /// The person writes to the bot alone; the id of the message.
    pub fn says(&self, person: i64, text: &str) -> i64 {
        let message = self.message_of(person, private(person), json!({"text": text}));
        self.says_this(message)
    }

    /// The person writes in a group.
    pub fn says_in(&self, group: i64, person: i64, text: &str) -> i64 {
        let message = self.message_of(person, self.group(group), json!({"text": text}));
        self.says_this(message)
    }

    fn says_this(&self, message: Value) -> i64 {
        let id = message["message_id"].as_i64().expect("an id");
        self.happens(json!({"message": message}));
        id
    }

    /// The person changes what they wrote to the bot alone.
    pub fn edits(&self, person: i64, message: i64, text: &str) {
        let mut edited = self.message_of(person, private(person), json!({"text": text}));
        edited["message_id"] = message.into();
        edited["edit_date"] = (self.inner.kept().date + 60).into();
        self.happens(json!({"edited_message": edited}));
    }

    /// The person presses a button with that data, in that chat.
    /// The update, to be delivered again under another number.
    pub fn presses(&self, chat: i64, person: i64, data: &str) -> Value {
        let place = match chat {
            ..0 => self.group(chat),
            _ => private(chat),
        };
        let shown = self.message_of(BOT, place, json!({"text": "…"}));
        let id = format!("press{}", self.inner.kept().next_update);
        let update = json!({"callback_query": {
            "id": id, "from": user(person), "chat_instance": "1", "data": data, "message": shown,
        }});
        self.happens(update.clone());
        update
    }

    /// Privacy mode is switched off.
    pub fn hears_all(&self) {
        self.inner.kept().hears_all = true;
    }

    /// Updates are sent there from now on.
    pub fn has_webhook(&self, url: &str) {
        self.inner.kept().webhook = url.to_owned();
    }

    /// What the bot is in that group from now on: its status, and what goes with it.
    pub fn in_group(&self, group: i64, standing: Value) {
        self.inner.kept().standings.insert(group, standing);
    }

    /// Members of that group do not write from now on.
    pub fn silences(&self, group: i64) {
        self.inner.kept().silent.insert(group);
    }

    /// From now on it refuses more messages than Telegram says that it bears.
    pub fn is_strict(&self) {
        self.inner.kept().is_strict = true;
    }

    /// Its clock is ahead of this machine's from now on.
    pub fn is_ahead(&self, by: TimeDelta) {
        self.inner.kept().ahead = by;
    }

    /// A group; with a name under which everybody finds it, if it has one.
    pub fn opens_group(&self, group: i64, name: Option<&str>) {
        let mut chat = json!({"id": group, "type": "supergroup", "title": "チーム"});
        if let Some(name) = name {
            chat["username"] = name.into();
        }
        self.inner.kept().chats.insert(group, chat);
    }

    pub fn group(&self, group: i64) -> Value {
        let known = self.inner.kept().chats.get(&group).cloned();
        known.expect("a group that was opened")
    }

    /// The bot itself, as Telegram tells of it.
    pub fn bot(&self) -> Value {
        bot()
    }

    /// A message of that person in that chat.
    pub fn message_of(&self, person: i64, chat: Value, what: Value) -> Value {
        let mut kept = self.inner.kept();
        kept.next_message += 1;
        let mut message = what;
        message["message_id"] = kept.next_message.into();
        message["date"] = kept.date.into();
        message["chat"] = chat;
        message["from"] = match person {
            BOT => bot(),
            person => user(person),
        };
        message
    }
}

/// The data of the button with that label.
pub fn button(call: &Call, label: &str) -> String {
    let buttons = call.buttons();
    let found = buttons.iter().find(|(own, _)| own == label);
    let (_, data) = found.unwrap_or_else(|| panic!("no button 「{label}」: {buttons:?}"));
    data.clone()
}

/// The labels of its buttons, in brackets.
pub fn labels(call: &Call) -> String {
    let labels: Vec<String> = call
        .buttons()
        .into_iter()
        .map(|(label, _)| format!("[{label}]"))
        .collect();
    labels.join(" ")
}

pub fn private(person: i64) -> Value {
    json!({"id": person, "type": "private", "first_name": "見本"})
}

fn user(person: i64) -> Value {
    json!({"id": person, "is_bot": false, "first_name": "見本", "language_code": "ja"})
}

fn bot() -> Value {
    json!({"id": BOT, "is_bot": true, "first_name": "声かけ", "username": BOT_NAME})
}

async fn answer(
    State(inner): State<Arc<Inner>>,
    Path((_token, method)): Path<(String, String)>,
    body: Bytes,
) -> Response {
    let method = method.to_lowercase();
    let body: Value = serde_json::from_slice(&body).expect("a body in JSON");
    let fault = inner.record(&method, &body);
    match &fault {
        Some(Fault::Refused(code, description, parameters)) => {
            return refused(*code, description, parameters);
        }
        Some(Fault::Trouble(code)) => {
            let code = StatusCode::from_u16(*code).expect("a status");
            return (code, "<html>Bad Gateway</html>").into_response();
        }
        Some(Fault::Hang) => std::future::pending().await,
        Some(Fault::Slow(wait)) => tokio::time::sleep(*wait).await,
        // Ends the connection's task, without a word.
        Some(Fault::Reset) => std::panic::resume_unwind(Box::new(())),
        Some(Fault::Fine | Fault::ResetAfter | Fault::Odd) | None => {}
    }
    let result = match method.as_str() {
        "getupdates" => match inner.updates(&body).await {
            Some(updates) => updates,
            None => {
                return refused(
                    409,
                    "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
                    &Value::Null,
                );
            }
        },
        _ => match inner.result(&method, &body) {
            Some(result) => result,
            None => return refused(404, "Not Found", &Value::Null),
        },
    };
    match fault {
        Some(Fault::ResetAfter) => std::panic::resume_unwind(Box::new(())),
        Some(Fault::Odd) => (StatusCode::OK, "not what was asked for").into_response(),
        _ => (
            StatusCode::OK,
            [(header::DATE, inner.date())],
            json!({"ok": true, "result": result}).to_string(),
        )
            .into_response(),
    }
}

fn refused(code: u16, description: &str, parameters: &Value) -> Response {
    let mut answer = json!({"ok": false, "error_code": code, "description": description});
    if !parameters.is_null() {
        answer["parameters"] = parameters.clone();
    }
    let status = StatusCode::from_u16(code).expect("a status");
    (status, answer.to_string()).into_response()
}

impl Inner {
    /// As it stands in the head of an answer.
    fn date(&self) -> String {
        let now = Clock::system(0).real() + self.kept().ahead;
        now.format("%a, %d %b %Y %H:%M:%S GMT").to_string()
    }

    /// What is to become of it.
    fn record(&self, method: &str, body: &Value) -> Option<Fault> {
        let mut kept = self.kept();
        let wrong = specs::faults_of_request(method, body);
        kept.wrong.extend(wrong);
        let chat = body["chat_id"].as_i64().unwrap_or_default();
        let at = self.clock.running();
        let is_too_fast = kept.is_strict && MESSAGES.contains(&method) && !kept.bears(chat, at);
        let fault = match is_too_fast {
            true => Some(Fault::too_fast()),
            false => kept.fault_of(method, chat),
        };
        kept.calls.push(Call {
            method: method.to_owned(),
            body: body.clone(),
            fault: fault.clone(),
            at,
        });
        drop(kept);
        self.changed.notify_waiters();
        fault
    }

    /// None: another poll has begun.
    async fn updates(&self, body: &Value) -> Option<Value> {
        let number = |key: &str| body[key].as_i64();
        let own = {
            let mut kept = self.kept();
            kept.polls += 1;
            if let Some(offset) = number("offset") {
                kept.updates = kept.updates.split_off(&offset);
            }
            kept.polls
        };
        self.changed.notify_waiters();
        let end = tokio::time::sleep(Duration::from_secs(
            number("timeout").unwrap_or_default().unsigned_abs(),
        ));
        tokio::pin!(end);
        loop {
            let changed = self.changed.notified();
            {
                let kept = self.kept();
                if kept.polls != own {
                    return None;
                }
                let limit = number("limit").unwrap_or(100).unsigned_abs() as usize;
                let mut found: Vec<&Value> = kept.updates.values().take(limit).collect();
                if kept.is_shuffled {
                    found.reverse();
                }
                if !found.is_empty() || end.is_elapsed() {
                    return Some(json!(found));
                }
            }
            tokio::select! {
                () = changed => {}
                () = &mut end => {}
            }
        }
    }

    /// None: no such method.
    fn result(&self, method: &str, body: &Value) -> Option<Value> {
        let mut kept = self.kept();
        let result = match method {
            "getme" => kept.me(),
            "sendmessage" => {
                kept.next_message += 1;
                let id = kept.next_message;
                kept.shows(id, body)
            }
            "editmessagetext" => kept.shows(body["message_id"].as_i64()?, body),
            "answercallbackquery" => json!(true),
            "getchat" => kept.full_chat(body["chat_id"].as_i64()?),
            "getchatmembercount" => json!(5),
            "getchatmember" => kept.standing(body["chat_id"].as_i64()?),
            "getwebhookinfo" => json!({
                "url": kept.webhook, "has_custom_certificate": false,
                "pending_update_count": kept.updates.len(),
            }),
            "setmycommands" => {
                let key = format!("{}/{}", body["scope"], body["language_code"]);
                kept.commands.insert(key, body["commands"].clone());
                json!(true)
            }
            "getmycommands" => {
                let key = format!("{}/{}", body["scope"], body["language_code"]);
                kept.commands.get(&key).cloned().unwrap_or(json!([]))
            }
            _ => return None,
        };
        let wrong = specs::faults_of_answer(method, &result);
        kept.wrong.extend(
            wrong
                .iter()
                .map(|fault| format!("answer to {method}: {fault}")),
        );
        Some(result)
    }
}

impl Kept {
    /// Whether one more message to that chat at that time is not too fast.
    fn bears(&self, chat: i64, at: Duration) -> bool {
        let said_since = |seconds: usize| {
            let long = Duration::from_secs(seconds as u64);
            let lately = move |call: &&Call| at < call.at + long;
            let said = |call: &&Call| MESSAGES.contains(&call.method.as_str()) && call.was_done();
            self.calls.iter().rev().take_while(lately).filter(said)
        };
        let there = said_since(CHAT_BURST).filter(|call| call.chat() == chat);
        said_since(1).count() < A_SECOND && there.count() < CHAT_BURST
    }

    /// What a test wants to become of it.
    fn fault_of(&mut self, method: &str, chat: i64) -> Option<Fault> {
        let meant = self
            .faults
            .iter()
            .position(|(of, to, _)| of == method && (*to == 0 || *to == chat));
        let (_, _, fault) = self.faults.remove(meant?)?;
        Some(fault)
    }

    fn me(&self) -> Value {
        let mut me = bot();
        for (key, value) in [
            ("can_join_groups", true),
            ("can_read_all_group_messages", self.hears_all),
            ("supports_inline_queries", false),
            ("can_connect_to_business", false),
            ("has_main_web_app", false),
        ] {
            me[key] = value.into();
        }
        me
    }

    fn shows(&mut self, id: i64, body: &Value) -> Value {
        let call = Call {
            method: "sendmessage".to_owned(),
            body: body.clone(),
            fault: None,
            at: Duration::ZERO,
        };
        self.shown.insert(id, call);
        let chat = body["chat_id"].as_i64().unwrap_or_default();
        let chat = self.chats.get(&chat).cloned().unwrap_or(private(chat));
        json!({"message_id": id, "date": self.date, "chat": chat, "from": bot(), "text": body["text"]})
    }

    fn standing(&self, group: i64) -> Value {
        let known = self.standings.get(&group).cloned();
        let mut standing = known.unwrap_or(json!({"status": "member"}));
        standing["user"] = bot();
        standing
    }

    fn full_chat(&self, chat: i64) -> Value {
        let mut full = self.chats.get(&chat).cloned().unwrap_or(private(chat));
        full["permissions"] = json!({"can_send_messages": !self.silent.contains(&chat)});
        full["accent_color_id"] = 0.into();
        full["max_reaction_count"] = 11.into();
        full["accepted_gift_types"] = json!({
            "unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
            "premium_subscription": false, "gifts_from_channels": false,
        });
        full
    }
}
