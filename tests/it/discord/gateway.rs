//! The fake's gateway: sessions that begin, resume and miss heartbeats.
use super::{
    fake::{APPLICATION, GUILD, Inner},
    rest,
};
use axum::extract::ws::{CloseFrame, Message, WebSocket};
use serde_json::{Value, json};
use std::sync::Arc;

/// What the gateway does.
#[derive(Debug, Clone)]
pub enum Frame {
    Send(Value),
    Close(u16),
}

/// The session, and what its client may still have missed.
#[derive(Debug)]
pub struct Session {
    pub number: u64,
    sequence: u64,
    history: Vec<Value>,
    pub heartbeat_ms: u64,
    /// Whether heartbeats are answered.
    pub answers_heartbeats: bool,
    /// Whether events are heard at all.
    pub is_deaf: bool,
    /// Whether a session may be gone on with.
    pub resumes: bool,
}

impl Default for Session {
    fn default() -> Session {
        Session {
            number: 0,
            sequence: 0,
            history: Vec::new(),
            heartbeat_ms: 41_250,
            answers_heartbeats: true,
            is_deaf: false,
            resumes: true,
        }
    }
}

impl Session {
    /// An event of this session. While it is deaf, nobody is ever told.
    pub fn event(&mut self, name: &str, data: Value) -> Value {
        if self.is_deaf {
            return Value::Null;
        }
        self.sequence += 1;
        let event = json!({"op": 0, "s": self.sequence, "t": name, "d": data});
        self.history.push(event.clone());
        event
    }

    /// The newest event of that name.
    pub fn told(&self, name: &str) -> Value {
        let mut told = self.history.iter().rev().filter(|event| event["t"] == name);
        told.next()
            .map(|event| event["d"].clone())
            .expect("such an event")
    }

    fn begins(&mut self, address: std::net::SocketAddr) -> [Value; 2] {
        self.number += 1;
        self.history.clear();
        self.is_deaf = false;
        self.answers_heartbeats = true;
        let ready = json!({
            "v": 10, "user": rest::bot(), "guilds": [{"id": GUILD.to_string(), "unavailable": true}],
            "session_id": format!("session{}", self.number),
            "resume_gateway_url": format!("ws://{address}"), "shard": [0, 1],
            "application": {"id": APPLICATION.to_string(), "flags": 0},
        });
        [
            self.event("READY", ready),
            self.event("GUILD_CREATE", rest::guild()),
        ]
    }

    fn missed(&mut self, resume: &Value) -> Option<Vec<Value>> {
        if !self.resumes || resume["session_id"] != format!("session{}", self.number) {
            return None;
        }
        let seen = resume["seq"].as_u64().unwrap_or(0);
        let after = |event: &&Value| event["s"].as_u64().is_some_and(|own| own > seen);
        let mut missed: Vec<Value> = self.history.iter().filter(after).cloned().collect();
        self.is_deaf = false;
        self.answers_heartbeats = true;
        missed.push(self.event("RESUMED", json!({"_trace": []})));
        Some(missed)
    }
}

/// One connection, until either side leaves.
pub async fn serve(mut socket: WebSocket, inner: Arc<Inner>) {
    let mut frames = inner.frames.subscribe();
    let heartbeat = inner.world().gateway.heartbeat_ms;
    let hello = json!({"op": 10, "d": {"heartbeat_interval": heartbeat}, "s": null, "t": null});
    let mut is_open = send(&mut socket, hello).await;
    let mut is_live = false;
    while is_open {
        is_open = tokio::select! {
            heard = socket.recv() => match heard {
                Some(Ok(Message::Text(text))) => {
                    let frame = serde_json::from_str(&text).expect("a frame in JSON");
                    hear(&mut socket, &inner, frame, &mut is_live).await
                }
                Some(Ok(_)) => true,
                Some(Err(_)) | None => false,
            },
            frame = frames.recv() => match frame {
                Ok(Frame::Send(frame)) if is_live && !frame.is_null() => send(&mut socket, frame).await,
                Ok(Frame::Close(code)) => {
                    let frame = CloseFrame { code, reason: "".into() };
                    let _ = socket.send(Message::Close(Some(frame))).await;
                    false
                }
                Ok(Frame::Send(_)) | Err(_) => true,
            },
        };
    }
}

async fn hear(socket: &mut WebSocket, inner: &Inner, frame: Value, is_live: &mut bool) -> bool {
    let answers = {
        let mut world = inner.world();
        world.frames.push(frame.clone());
        match frame["op"].as_u64() {
            Some(1) if world.gateway.answers_heartbeats => {
                vec![json!({"op": 11, "d": null, "s": null, "t": null})]
            }
            Some(2) => {
                *is_live = true;
                world.gateway.begins(inner.address).to_vec()
            }
            Some(6) => match world.gateway.missed(&frame["d"]) {
                Some(missed) => {
                    *is_live = true;
                    missed
                }
                None => vec![json!({"op": 9, "d": false, "s": null, "t": null})],
            },
            _ => Vec::new(),
        }
    };
    inner.tell();
    for answer in answers {
        if !send(socket, answer).await {
            return false;
        }
    }
    true
}

async fn send(socket: &mut WebSocket, frame: Value) -> bool {
    socket
        .send(Message::Text(frame.to_string().into()))
        .await
        .is_ok()
}
