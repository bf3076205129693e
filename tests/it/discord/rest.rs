//! The fake's REST interface: what it knows of people, channels and messages, and
//! what it answers.
use super::fake::{APPLICATION, GUILD, HALL, Interaction, ROOM, World, private_channel};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::{Value, json};
use std::net::SocketAddr;

/// A request.
pub struct Asked<'a> {
    pub method: &'a str,
    pub path: &'a str,
    pub query: &'a str,
    pub body: &'a Value,
}

/// What it is answered.
pub struct Answer {
    pub status: u16,
    pub body: Value,
    headers: Vec<(&'static str, String)>,
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).expect("a status");
        let mut response = match self.body.is_null() {
            true => status.into_response(),
            false => (
                status,
                [(header::CONTENT_TYPE, "application/json")],
                self.body.to_string(),
            )
                .into_response(),
        };
        for (name, value) in self.headers {
            let value = HeaderValue::from_str(&value).expect("a header");
            response.headers_mut().insert(name, value);
        }
        response
    }
}

fn done(status: u16, body: Value) -> Answer {
    Answer {
        status,
        body,
        headers: Vec::new(),
    }
}

pub fn refused(status: u16, code: u64) -> Answer {
    done(status, json!({"message": "Refused", "code": code}))
}

pub fn limited(after: Option<f64>, is_global: bool) -> Answer {
    let mut answer = done(
        429,
        json!({"message": "You are being rate limited.", "code": 0, "retry_after": after.unwrap_or(1.0), "global": is_global}),
    );
    if let Some(after) = after {
        answer.headers.push(("retry-after", after.to_string()));
    }
    if is_global {
        answer
            .headers
            .push(("x-ratelimit-global", "true".to_owned()));
    }
    answer
}

/// What Discord would answer.
pub fn answer(world: &mut World, address: SocketAddr, asked: Asked<'_>) -> Answer {
    let parts: Vec<&str> = asked.path.trim_matches('/').split('/').collect();
    let body = asked.body;
    match (asked.method, parts.as_slice()) {
        ("GET", ["gateway"]) => done(200, json!({"url": format!("ws://{address}")})),
        ("PUT", ["applications", _, "commands"]) => {
            world.commands = registered(world, body);
            done(200, world.commands.clone())
        }
        ("POST", ["users", "@me", "channels"]) => {
            let user = body["recipient_id"]
                .as_str()
                .and_then(|id| id.parse().ok())
                .unwrap_or(0);
            done(200, private(user))
        }
        ("GET", ["channels", channel]) => match channel.parse() {
            Ok(ROOM) => done(200, room(ROOM, Some(world.denied))),
            Ok(HALL) => done(200, room(HALL, None)),
            _ => refused(404, 10_003),
        },
        ("GET", ["users", "@me"]) => done(200, me()),
        ("GET", ["oauth2", "applications", "@me"]) => done(200, application(world)),
        ("GET", ["guilds", _]) => done(200, guild_as_asked()),
        ("GET", ["guilds", _, "members", _]) => done(200, member()),
        ("GET", ["guilds", _, "roles"]) => done(200, json!([everyone(), role()])),
        ("GET", ["channels", channel, "messages"]) => done(200, page(world, channel, asked.query)),
        ("POST", ["channels", channel, "messages"]) => said(world, channel, body),
        ("PATCH", ["channels", _, "messages", message]) => edited(world, message, body),
        ("POST", ["interactions", id, token, "callback"]) => responded(world, id, token, body),
        ("PATCH", ["webhooks", _, token, "messages", "@original"]) => completed(world, token, body),
        ("POST", ["webhooks", _, token]) => followed(world, token, body),
        _ => refused(404, 0),
    }
}

fn responded(world: &mut World, id: &str, token: &str, body: &Value) -> Answer {
    let id: u64 = id.parse().unwrap_or(0);
    let Some(found) = world
        .interactions
        .get_mut(&id)
        .filter(|_| token == token_of(id))
    else {
        return refused(404, 10_062);
    };
    if found.kind.is_some() {
        return refused(400, 40_060);
    }
    found.kind = body["type"].as_u64();
    found.first = body["data"].clone();
    if found.kind == Some(4) {
        found.shown = body["data"].clone();
    }
    done(204, Value::Null)
}

fn completed(world: &mut World, token: &str, body: &Value) -> Answer {
    let id = world.new_id();
    let Some(found) = of_token(world, token).filter(|found| found.kind.is_some()) else {
        return refused(404, 10_015);
    };
    found.shown = body.clone();
    found.edits += 1;
    let channel = found.channel;
    done(200, message(id, channel, &bot(), body))
}

fn followed(world: &mut World, token: &str, body: &Value) -> Answer {
    let id = world.new_id();
    let Some(found) = of_token(world, token).filter(|found| found.kind.is_some()) else {
        return refused(404, 10_015);
    };
    found.further.push(body.clone());
    let channel = found.channel;
    done(200, message(id, channel, &bot(), body))
}

fn token_of(interaction: u64) -> String {
    format!("token{interaction}")
}

fn of_token<'w>(world: &'w mut World, token: &str) -> Option<&'w mut Interaction> {
    let id: u64 = token.strip_prefix("token")?.parse().ok()?;
    world.interactions.get_mut(&id)
}

/// A message; with a nonce that is known, the one that has it, if nobody deleted it.
fn said(world: &mut World, channel: &str, body: &Value) -> Answer {
    let nonce = body["nonce"]
        .as_str()
        .filter(|_| body["enforce_nonce"] == true);
    if let Some(known) = nonce.and_then(|nonce| world.nonces.get(nonce)) {
        let known = world.messages.get(known).cloned();
        return known.map_or_else(|| refused(404, 10_008), |known| done(200, known));
    }
    let id = world.new_id();
    if let Some(nonce) = nonce {
        world.nonces.insert(nonce.to_owned(), id);
    }
    let channel = channel.parse().expect("a channel");
    let mut said = message(id, channel, &bot(), body);
    if let Some(answered) = body["message_reference"].as_object() {
        said["type"] = 19.into();
        said["message_reference"] = json!({"type": 0, "message_id": answered["message_id"], "channel_id": channel.to_string()});
    }
    world.messages.insert(id, said.clone());
    done(200, said)
}

fn edited(world: &mut World, message: &str, body: &Value) -> Answer {
    let known = message
        .parse()
        .ok()
        .and_then(|id: u64| world.messages.get_mut(&id));
    let Some(known) = known else {
        return refused(404, 10_008);
    };
    known["content"] = body["content"].clone();
    known["components"] = stored(&body["components"]);
    done(200, known.clone())
}

/// Messages after one, the newest first, as Discord gives them.
fn page(world: &World, channel: &str, query: &str) -> Value {
    let value = |name: &str| {
        let mut pairs = query.split('&').filter_map(|pair| pair.split_once('='));
        pairs
            .find(|(known, _)| *known == name)
            .and_then(|(_, value)| value.parse::<u64>().ok())
    };
    let after = value("after").unwrap_or(0);
    let limit = usize::try_from(value("limit").unwrap_or(50)).expect("a small number");
    let there = world
        .messages
        .range(after + 1..)
        .map(|(_, message)| message);
    let mut page: Vec<Value> = there
        .filter(|message| message["channel_id"] == channel)
        .take(limit)
        .cloned()
        .collect();
    page.reverse();
    page.into()
}

/// A message that a person types.
pub fn typed(world: &mut World, (room, user): (Option<u64>, u64), words: &str) -> Value {
    world.millis += 1_000;
    let channel = room.unwrap_or(private_channel(user));
    let mut typed = message(
        world.new_id(),
        channel,
        &person(user),
        &json!({"content": words}),
    );
    if words.contains(&format!("<@{APPLICATION}>")) {
        typed["mentions"] = json!([bot()]);
    }
    typed
}

/// An interaction of a person.
pub fn interaction(
    world: &mut World,
    (room, user): (Option<u64>, u64),
    kind: u64,
    data: Value,
) -> (u64, Value) {
    world.millis += 1_000;
    let id = world.new_id();
    let channel = room.unwrap_or(private_channel(user));
    world.interactions.insert(
        id,
        Interaction {
            user,
            channel,
            ..Interaction::default()
        },
    );
    let mut asked = json!({
        "id": id.to_string(), "application_id": APPLICATION.to_string(), "type": kind, "data": data,
        "channel_id": channel.to_string(), "token": token_of(id), "version": 1, "locale": "ja",
        "app_permissions": "2147483647", "entitlements": [], "authorizing_integration_owners": {},
        "attachment_size_limit": 10_485_760,
    });
    match room {
        Some(_) => {
            asked["guild_id"] = GUILD.to_string().into();
            asked["context"] = 0.into();
            asked["member"] = json!({
                "user": person(user), "nick": null, "roles": [], "permissions": "2147483647",
                "joined_at": "2024-01-01T00:00:00+00:00", "deaf": false, "mute": false, "flags": 0, "pending": false,
            });
        }
        None => {
            asked["user"] = person(user);
            asked["context"] = 1.into();
        }
    }
    if kind == 3 {
        asked["message"] = with_button(world, channel, &asked["data"]["custom_id"].clone());
    }
    (id, asked)
}

/// The message under which a button was pressed: the newest that has it.
fn with_button(world: &mut World, channel: u64, custom_id: &Value) -> Value {
    let has = |message: &&Value| {
        let rows = message["components"].as_array().into_iter().flatten();
        let mut parts = rows.flat_map(|row| row["components"].as_array().into_iter().flatten());
        parts.any(|part| part["custom_id"] == *custom_id)
    };
    let found = world.messages.values().rev().find(has).cloned();
    let id = world.new_id();
    found.unwrap_or_else(|| message(id, channel, &bot(), &json!({"content": "?"})))
}

fn message(id: u64, channel: u64, author: &Value, body: &Value) -> Value {
    json!({
        "id": id.to_string(), "channel_id": channel.to_string(), "author": author,
        "content": body["content"].as_str().unwrap_or_default(),
        "timestamp": "2026-11-25T01:00:00+00:00", "edited_timestamp": null, "tts": false,
        "mention_everyone": false, "mentions": [], "mention_roles": [], "attachments": [],
        "embeds": [], "pinned": false, "type": 0, "components": stored(&body["components"]), "flags": 0,
    })
}

/// Discord numbers the components of a message, and tells how many may be chosen.
fn stored(components: &Value) -> Value {
    let mut stored = match components.is_null() {
        true => json!([]),
        false => components.clone(),
    };
    let mut number = 0;
    let mut give = |part: &mut Value| {
        number += 1;
        part["id"] = number.into();
    };
    for row in stored.as_array_mut().into_iter().flatten() {
        give(row);
        for part in row["components"].as_array_mut().into_iter().flatten() {
            give(part);
            if part["type"] == 3 {
                part["min_values"] = 1.into();
                part["max_values"] = 1.into();
            }
        }
    }
    stored
}

fn registered(world: &mut World, commands: &Value) -> Value {
    let commands = commands.as_array().cloned().unwrap_or_default();
    let stored = commands.into_iter().map(|mut command| {
        command["id"] = world.new_id().to_string().into();
        command["application_id"] = APPLICATION.to_string().into();
        command["version"] = world.new_id().to_string().into();
        // What was not said is left out, or told as it holds then.
        without_nulls(&mut command);
        command["type"] = 1.into();
        command["integration_types"] = json!([0]);
        command["default_member_permissions"] = Value::Null;
        command
    });
    stored.collect()
}

fn without_nulls(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            fields.retain(|_, field| !field.is_null());
            fields.values_mut().for_each(without_nulls);
        }
        Value::Array(items) => items.iter_mut().for_each(without_nulls),
        _ => {}
    }
}

fn private(user: u64) -> Value {
    json!({"id": private_channel(user).to_string(), "type": 1, "last_message_id": null, "flags": 0, "recipients": [person(user)]})
}

fn person(user: u64) -> Value {
    json!({
        "id": user.to_string(), "username": format!("user{user}"), "discriminator": "0", "global_name": null,
        "avatar": null, "bot": false, "public_flags": 0, "flags": 0, "primary_guild": null,
    })
}

pub fn bot() -> Value {
    json!({
        "id": APPLICATION.to_string(), "username": "koekake", "discriminator": "0001", "global_name": null,
        "avatar": null, "bot": true, "public_flags": 0, "flags": 0, "primary_guild": null,
        "mfa_enabled": false, "verified": true, "email": null,
    })
}

const VIEW: u64 = 1 << 10;
pub const SEND: u64 = 1 << 11;
pub const HISTORY: u64 = 1 << 16;
/// The flag of an application of few servers that may read messages.
const CONTENT_LIMITED: u64 = 1 << 19;
const ROLE: u64 = 2_001;

fn everyone() -> Value {
    json!({
        "id": GUILD.to_string(), "name": "@everyone", "description": null, "permissions": VIEW.to_string(),
        "position": 0, "color": 0, "colors": {"primary_color": 0, "secondary_color": null, "tertiary_color": null},
        "hoist": false, "managed": false, "mentionable": false, "icon": null, "unicode_emoji": null, "flags": 0,
    })
}

/// The role that the bot came with.
fn role() -> Value {
    let mut role = everyone();
    role["id"] = ROLE.to_string().into();
    role["name"] = "koekake".into();
    role["permissions"] = (VIEW | SEND | HISTORY).to_string().into();
    role["managed"] = true.into();
    role
}

/// The bot, as it asks for itself.
fn me() -> Value {
    let mut me = bot();
    me["locale"] = "ja".into();
    me
}

/// The bot among the members of the server.
fn member() -> Value {
    json!({
        "user": bot(), "nick": null, "roles": [ROLE.to_string()], "avatar": null, "banner": null,
        "joined_at": "2024-01-01T00:00:00+00:00", "premium_since": null, "deaf": false, "mute": false,
        "flags": 0, "pending": false, "communication_disabled_until": null,
    })
}

/// Its application, with the message-content intent unless it was not given.
fn application(world: &World) -> Value {
    let flags = match world.lacks_intent {
        true => 0,
        false => CONTENT_LIMITED,
    };
    json!({
        "id": APPLICATION.to_string(), "name": "koekake", "icon": null, "description": "", "type": null,
        "verify_key": "00", "flags": flags, "flags_new": flags.to_string(), "redirect_uris": [],
        "interactions_endpoint_url": null, "role_connections_verification_url": null,
        "owner": person(9_005), "approximate_guild_count": 1, "approximate_user_install_count": 0,
        "approximate_user_authorization_count": 0, "explicit_content_filter": 0, "team": null,
        "eligible_oauth2_scopes": [], "bot_public": false, "bot_require_code_grant": false,
    })
}

/// A channel; one that everyone reads, or one for its members and the bot, who is
/// denied these permissions in it.
fn room(id: u64, denied: Option<u64>) -> Value {
    let overwrites = match denied {
        Some(denied) => json!([
            {"id": GUILD.to_string(), "type": 0, "allow": "0", "deny": VIEW.to_string()},
            {"id": APPLICATION.to_string(), "type": 1, "allow": (VIEW & !denied).to_string(), "deny": denied.to_string()},
        ]),
        None => json!([]),
    };
    json!({
        "id": id.to_string(), "type": 0, "last_message_id": null, "flags": 0, "guild_id": GUILD.to_string(),
        "name": "team", "parent_id": null, "rate_limit_per_user": 0, "topic": null, "position": 0,
        "permission_overwrites": overwrites, "nsfw": false,
    })
}

/// All that a server tells of itself beside its id, roles and channels.
const GUILD_AS_TOLD: &str = r#"{
    "name": "見本", "icon": null, "splash": null, "discovery_splash": null, "owner_id": "9005",
    "afk_channel_id": null, "afk_timeout": 300, "verification_level": 0,
    "default_message_notifications": 0, "explicit_content_filter": 0, "emojis": [], "features": [],
    "mfa_level": 0, "application_id": null, "system_channel_id": null, "system_channel_flags": 0,
    "rules_channel_id": null, "max_members": 500000, "vanity_url_code": null, "description": null,
    "banner": null, "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": "ja",
    "public_updates_channel_id": null, "nsfw_level": 0, "stickers": [],
    "premium_progress_bar_enabled": false, "joined_at": "2024-01-01T00:00:00+00:00", "large": false,
    "unavailable": false, "member_count": 2, "voice_states": [], "members": [], "threads": [],
    "presences": [], "stage_instances": [], "guild_scheduled_events": [],
    "safety_alerts_channel_id": null
}"#;

pub fn guild() -> Value {
    let mut guild: Value = serde_json::from_str(GUILD_AS_TOLD).expect("JSON");
    guild["id"] = GUILD.to_string().into();
    guild["roles"] = json!([everyone(), role()]);
    guild["channels"] = json!([room(ROOM, Some(0)), room(HALL, None)]);
    guild
}

/// The server as it is told over HTTP.
fn guild_as_asked() -> Value {
    let mut guild: Value = serde_json::from_str(GUILD_AS_TOLD).expect("JSON");
    let fields = guild.as_object_mut().expect("an object");
    for of_gateway in [
        "joined_at",
        "large",
        "unavailable",
        "member_count",
        "voice_states",
        "members",
        "threads",
        "presences",
        "stage_instances",
        "guild_scheduled_events",
    ] {
        fields.remove(of_gateway);
    }
    guild["id"] = GUILD.to_string().into();
    guild["roles"] = json!([everyone(), role()]);
    guild["home_header"] = Value::Null;
    guild["region"] = "japan".into();
    guild["widget_enabled"] = false.into();
    guild["widget_channel_id"] = Value::Null;
    guild["max_presences"] = Value::Null;
    guild["max_stage_video_channel_users"] = 50.into();
    guild["max_video_channel_users"] = 25.into();
    guild["nsfw"] = false.into();
    guild["incidents_data"] = Value::Null;
    guild
}
