//! A fake Discord: REST and gateway on loopback, reached by discord.com's own name
//! through a proxy, so that serenity runs as it does in an office. It remembers
//! every request and judges it, and its own answers, by Discord's description.
use super::{gateway, rest, specs};
use axum::{
    Router,
    body::Bytes,
    extract::{FromRequestParts, Request, State, ws::WebSocketUpgrade},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::{
    collections::{BTreeMap, HashMap, VecDeque},
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{broadcast, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_rustls::{
    TlsAcceptor,
    rustls::{ServerConfig, pki_types::PrivateKeyDer},
};

pub const APPLICATION: u64 = 1_000;
pub const GUILD: u64 = 2_000;
/// A channel that the team alone reads.
pub const ROOM: u64 = 3_000;
/// A channel that everyone reads.
pub const HALL: u64 = 3_001;
/// What a person's private channel is called: so much above their account.
const PRIVATE: u64 = 50_000;
/// A test that waits longer has failed.
const PATIENCE: Duration = Duration::from_secs(30);

/// The private channel of that account.
pub fn private_channel(user: u64) -> u64 {
    user + PRIVATE
}

/// One request that was made.
#[derive(Debug, Clone)]
pub struct Call {
    pub method: String,
    pub path: String,
    pub body: Value,
    pub status: u16,
}

/// What befalls the next request whose path contains a text.
#[derive(Debug, Clone)]
pub enum Fault {
    /// 429, with the time to wait where it is told.
    Limit { after: Option<f64>, is_global: bool },
    /// An error with that status and JSON code; nothing was done.
    Refused(u16, u64),
    /// It was done, and the connection broke over the answer.
    Lost,
    /// It was done, and no answer ever came.
    Silent,
}

/// An interaction that was made, and how it was answered.
#[derive(Debug, Clone, Default)]
pub struct Interaction {
    pub user: u64,
    pub channel: u64,
    /// The type of the first answer.
    pub kind: Option<u64>,
    /// Its data.
    pub first: Value,
    /// What the answer says now.
    pub shown: Value,
    pub edits: usize,
    pub further: Vec<Value>,
}

pub struct Inner {
    pub address: SocketAddr,
    state: Mutex<World>,
    /// Told of each change.
    changed: watch::Sender<u64>,
    pub frames: broadcast::Sender<gateway::Frame>,
}

/// All that the fake knows.
#[derive(Default)]
pub struct World {
    pub calls: Vec<Call>,
    /// Frames that came from the bot.
    pub frames: Vec<Value>,
    pub faults: VecDeque<(String, Fault)>,
    /// Every message by its id.
    pub messages: BTreeMap<u64, Value>,
    pub interactions: HashMap<u64, Interaction>,
    /// The message that each nonce stands for.
    pub nonces: HashMap<String, u64>,
    pub commands: Value,
    pub gateway: gateway::Session,
    /// The bot's application was not given the message-content intent.
    pub lacks_intent: bool,
    /// Permissions that the bot is denied in the team's channel.
    pub denied: u64,
    /// What the descriptions do not allow.
    pub wrong: Vec<String>,
    /// Unix time in milliseconds, of which ids are made.
    pub millis: i64,
    pub ids: u64,
}

impl World {
    /// An id of this moment, greater than any before it.
    pub fn new_id(&mut self) -> u64 {
        const EPOCH: i64 = 1_420_070_400_000;
        self.ids += 1;
        let since = u64::try_from(self.millis - EPOCH).expect("a time after 2015");
        (since << 22) + self.ids
    }

    /// What the bot has said in a channel so far.
    pub fn said_in(&self, channel: u64) -> impl Iterator<Item = &Value> {
        let channel = Value::from(channel.to_string());
        let is_said_there = move |message: &&Value| {
            message["channel_id"] == channel && message["author"]["bot"] == true
        };
        self.messages.values().filter(is_said_there)
    }

    /// The newest message that a person typed.
    pub fn newest_typed(&self) -> u64 {
        let mut typed = self
            .messages
            .iter()
            .rev()
            .filter(|(_, message)| message["author"]["bot"] != true);
        typed.next().map(|(id, _)| *id).expect("something typed")
    }
}

pub struct FakeDiscord {
    inner: Arc<Inner>,
    proxy: SocketAddr,
    certificate: String,
    tasks: Vec<JoinHandle<()>>,
}

impl FakeDiscord {
    /// Its clock stands at that instant.
    pub async fn at(now: chrono::DateTime<chrono::Utc>) -> FakeDiscord {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let inner = Arc::new(Inner {
            address: listener.local_addr().expect("an address"),
            state: Mutex::new(World {
                millis: now.timestamp_millis(),
                ..World::default()
            }),
            changed: watch::Sender::new(0),
            frames: broadcast::channel(1_024).0,
        });
        let router = Router::new().fallback(handle).with_state(inner.clone());
        let serving =
            tokio::spawn(async move { axum::serve(listener, router).await.expect("serving") });
        let (proxy, certificate, proxying) = serve_proxy(inner.address).await;
        FakeDiscord {
            inner,
            proxy,
            certificate,
            tasks: vec![serving, proxying],
        }
    }

    /// A client as an office behind a proxy with its own authority has it.
    pub fn client(&self) -> reqwest::Client {
        let proxy = reqwest::Proxy::all(self.proxy()).expect("a proxy");
        let authority =
            reqwest::Certificate::from_pem(self.certificate.as_bytes()).expect("a certificate");
        let builder = reqwest::Client::builder()
            .proxy(proxy)
            .add_root_certificate(authority);
        koekake::platforms::discord::client(builder).expect("a client")
    }

    /// The address of the proxy through which it is reached.
    pub fn proxy(&self) -> String {
        format!("http://{}", self.proxy)
    }

    /// The certificate of the proxy's own authority, as PEM.
    pub fn certificate(&self) -> &str {
        &self.certificate
    }

    pub fn world(&self) -> MutexGuard<'_, World> {
        self.inner.world()
    }

    /// What is typed from now on is of that instant.
    pub fn it_is(&self, now: chrono::DateTime<chrono::Utc>) {
        self.world().millis = now.timestamp_millis();
    }

    /// All that one person has been shown alone, as it stands now, the oldest first.
    pub fn shown(&self, user: u64) -> Vec<Value> {
        let world = self.world();
        let channel = private_channel(user);
        let mut shown: Vec<(u64, Value)> = Vec::new();
        for message in world.said_in(channel) {
            shown.push((id_of(message), message.clone()));
        }
        for (id, asked) in &world.interactions {
            if asked.user == user && !asked.shown.is_null() {
                shown.push((*id, asked.shown.clone()));
                shown.extend(asked.further.iter().map(|more| (*id, more.clone())));
            }
        }
        shown.sort_by_key(|(id, _)| *id);
        shown.into_iter().map(|(_, message)| message).collect()
    }

    /// The next request whose path contains that text ends so.
    pub fn fails(&self, path: &str, fault: Fault) {
        self.world().faults.push_back((path.to_owned(), fault));
    }

    /// Waits until something is so, and gives it.
    pub async fn until<T>(&self, what: &str, found: impl Fn(&World) -> Option<T>) -> T {
        let mut changed = self.inner.changed.subscribe();
        let waiting = async {
            loop {
                changed.borrow_and_update();
                let seen = found(&self.world());
                if let Some(seen) = seen {
                    return seen;
                }
                changed.changed().await.expect("the fake is there");
            }
        };
        match timeout(PATIENCE, waiting).await {
            Ok(seen) => seen,
            Err(_) => panic!("{what} never came:\n{}", self.told()),
        }
    }

    /// The requests so far, a line each.
    pub fn told(&self) -> String {
        let world = self.world();
        let calls = world.calls.iter().map(|call| {
            format!(
                "{} {} {} {}",
                call.method, call.path, call.status, call.body
            )
        });
        calls.collect::<Vec<_>>().join("\n")
    }

    /// Calls whose path contains that text.
    pub fn calls(&self, path: &str) -> Vec<Call> {
        let world = self.world();
        world
            .calls
            .iter()
            .filter(|call| call.path.contains(path))
            .cloned()
            .collect()
    }

    /// An event, to the bot if it listens and to whoever resumes its session.
    pub fn dispatch(&self, name: &str, data: Value) {
        let event = self.world().gateway.event(name, data);
        let _ = self.inner.frames.send(gateway::Frame::Send(event));
    }

    /// A frame of the gateway itself, as RECONNECT.
    pub fn sends_frame(&self, frame: Value) {
        let _ = self.inner.frames.send(gateway::Frame::Send(frame));
    }

    /// The connection ends with that code.
    pub fn closes(&self, code: u16) {
        let _ = self.inner.frames.send(gateway::Frame::Close(code));
    }

    /// The person types a line to the bot alone; the message's id. While nobody
    /// listens, it is only found by those who ask for it.
    pub fn types(&self, user: u64, words: &str) -> u64 {
        self.types_in(None, user, words)
    }

    /// The person types a line in a channel, or in private.
    pub fn types_in(&self, room: Option<u64>, user: u64, words: &str) -> u64 {
        let message = rest::typed(&mut self.world(), (room, user), words);
        self.keeps(message.clone());
        self.dispatch("MESSAGE_CREATE", in_gateway(message.clone(), room));
        id_of(&message)
    }

    /// The message again, as after a resume.
    pub fn repeats(&self, id: u64, room: Option<u64>) {
        let message = self.world().messages[&id].clone();
        self.dispatch("MESSAGE_CREATE", in_gateway(message, room));
    }

    pub fn keeps(&self, message: Value) {
        if let Some(specs) = specs::specs() {
            let wrong = specs.named("MessageResponse", &message);
            self.world().wrong.extend(wrong);
        }
        self.world().messages.insert(id_of(&message), message);
    }

    /// The person types a message anew.
    pub fn edits(&self, id: u64, words: &str, room: Option<u64>) {
        let mut message = self.world().messages[&id].clone();
        message["content"] = words.into();
        message["edited_timestamp"] = "2026-11-25T02:00:00+00:00".into();
        self.keeps(message.clone());
        self.dispatch("MESSAGE_UPDATE", in_gateway(message, room));
    }

    /// The person presses, calls or sends something; the interaction's id.
    pub fn asks(&self, (room, user): (Option<u64>, u64), kind: u64, data: Value) -> u64 {
        let (id, asked) = rest::interaction(&mut self.world(), (room, user), kind, data);
        self.dispatch("INTERACTION_CREATE", asked);
        id
    }

    /// The person presses the button with that id under a message.
    pub fn presses(&self, (room, user): (Option<u64>, u64), custom_id: &str) -> u64 {
        let data = json!({"custom_id": custom_id, "component_type": 2, "id": 1});
        self.asks((room, user), 3, data)
    }

    /// How an interaction was answered, once it was.
    pub async fn answer(&self, interaction: u64) -> Interaction {
        self.until("an answer", |world| {
            let found = world.interactions.get(&interaction)?;
            let is_deferred = found.kind == Some(5) && found.edits == 0;
            (found.kind.is_some() && !is_deferred).then(|| found.clone())
        })
        .await
    }

    /// What the bot has said in a channel so far.
    pub fn said_in(&self, channel: u64) -> Vec<Value> {
        self.world().said_in(channel).cloned().collect()
    }

    /// The bot's so manyth message in that channel, once it is there.
    pub async fn said(&self, channel: u64, nth: usize) -> Value {
        let what = format!("message {nth} in {channel}");
        self.until(&what, |world| world.said_in(channel).nth(nth).cloned())
            .await
    }
}

impl Drop for FakeDiscord {
    fn drop(&mut self) {
        for task in &self.tasks {
            task.abort();
        }
        let wrong = std::mem::take(&mut self.world().wrong);
        if !std::thread::panicking() {
            assert!(
                wrong.is_empty(),
                "against the description:\n{}",
                wrong.join("\n")
            );
        }
    }
}

impl Inner {
    pub fn world(&self) -> MutexGuard<'_, World> {
        self.state.lock().expect("no panic while it is held")
    }

    pub fn tell(&self) {
        self.changed.send_modify(|count| *count += 1);
    }
}

pub fn id_of(value: &Value) -> u64 {
    value["id"]
        .as_str()
        .and_then(|id| id.parse().ok())
        .expect("an id")
}

/// A message as the gateway tells it: with its server.
fn in_gateway(mut message: Value, room: Option<u64>) -> Value {
    if room.is_some() {
        message["guild_id"] = GUILD.to_string().into();
        message["member"] = json!({"roles": [], "joined_at": "2024-01-01T00:00:00+00:00", "deaf": false, "mute": false, "flags": 0});
    }
    message
}

async fn handle(State(inner): State<Arc<Inner>>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    if parts.headers.contains_key("upgrade") {
        let upgrade = WebSocketUpgrade::from_request_parts(&mut parts, &())
            .await
            .expect("a web socket");
        return upgrade.on_upgrade(move |socket| gateway::serve(socket, inner));
    }
    let bytes: Bytes = axum::body::to_bytes(body, 1 << 20)
        .await
        .unwrap_or_default();
    let body: Value = match bytes.is_empty() {
        true => Value::Null,
        false => serde_json::from_slice(&bytes).unwrap_or_else(|_| json!("not JSON")),
    };
    let method = parts.method.to_string();
    let path = parts.uri.path().trim_start_matches("/api/v10").to_owned();
    let query = parts.uri.query().unwrap_or_default().to_owned();
    let (answer, fault) = {
        let mut world = inner.world();
        let at = world
            .faults
            .iter()
            .position(|(part, _)| path.contains(part));
        let fault = at
            .and_then(|at| world.faults.remove(at))
            .map(|(_, fault)| fault);
        let answer = match &fault {
            Some(Fault::Limit { after, is_global }) => rest::limited(*after, *is_global),
            Some(Fault::Refused(status, code)) => rest::refused(*status, *code),
            _ => rest::answer(
                &mut world,
                inner.address,
                rest::Asked {
                    method: &method,
                    path: &path,
                    query: &query,
                    body: &body,
                },
            ),
        };
        judge(&mut world, (&method, &path), &body, &answer);
        world.calls.push(Call {
            method,
            path,
            body,
            status: answer.status,
        });
        (answer, fault)
    };
    inner.tell();
    match fault {
        Some(Fault::Silent) => std::future::pending().await,
        Some(Fault::Lost) => broken(),
        _ => answer.into_response(),
    }
}

fn judge(world: &mut World, (method, path): (&str, &str), body: &Value, answer: &rest::Answer) {
    let Some(specs) = specs::specs() else {
        return;
    };
    let mut wrong = specs.request(method, path, body);
    wrong.extend(specs.answer(method, path, (answer.status, &answer.body)));
    world.wrong.extend(
        wrong
            .into_iter()
            .map(|found| format!("{method} {path}: {found} in {body} / {}", answer.body)),
    );
}

/// An answer that breaks off.
fn broken() -> Response {
    let pieces = [
        Ok(Bytes::from_static(b"{\"id\"")),
        Err(std::io::Error::other("broken off")),
    ];
    axum::body::Body::from_stream(futures_util::stream::iter(pieces)).into_response()
}

/// A proxy that answers CONNECT to any name as that name, and hands all on.
async fn serve_proxy(target: SocketAddr) -> (SocketAddr, String, JoinHandle<()>) {
    let made =
        rcgen::generate_simple_self_signed(vec!["discord.com".to_owned()]).expect("a certificate");
    let key = PrivateKeyDer::try_from(made.signing_key.serialize_der()).expect("a key");
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)
        .expect("a server's settings");
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let serving = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(hand_on(stream, acceptor.clone(), target));
        }
    });
    (address, made.cert.pem(), serving)
}

/// Whoever leaves early is no fault of the proxy.
async fn hand_on(mut stream: TcpStream, acceptor: TlsAcceptor, target: SocketAddr) -> Option<()> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await.ok()?);
    }
    assert!(
        head.starts_with(b"CONNECT discord.com:443"),
        "the proxy is asked for another place"
    );
    stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.ok()?;
    let mut inside = acceptor.accept(stream).await.ok()?;
    let mut server = TcpStream::connect(target).await.ok()?;
    tokio::io::copy_bidirectional(&mut inside, &mut server)
        .await
        .ok()?;
    Some(())
}
