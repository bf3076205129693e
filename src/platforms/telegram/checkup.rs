//! What is right and wrong with the bot on Telegram: its token, what it is told
//! of, and each group that it is used in. Asks, and sends nothing to anybody.
use super::{
    api::{Api, Failure},
    courier::{Chat, unsent},
};
use crate::{
    conversation::{
        checkup::{Finding, OfChat, OfGroup, OfTelegram, Room, compared},
        message::Platform,
    },
    engine::{SendError, clock::Clock},
};
use serde::Deserialize;
use teloxide_core::{
    payloads::{GetChatMember, GetMe, GetWebhookInfo},
    types::{ChatId, UserId},
};

const US: Platform = Platform::Telegram;
/// A token that is not known, and one that is none at all.
const TOKEN_REFUSED: [u16; 2] = [401, 404];

/// The bot, as Telegram knows it.
#[derive(Deserialize)]
struct Me {
    id: u64,
    username: String,
    /// Privacy mode is off.
    #[serde(default)]
    can_read_all_group_messages: bool,
}

#[derive(Deserialize)]
struct Webhook {
    /// Empty where there is none.
    url: String,
    pending_update_count: u32,
}

/// The bot in a group.
#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
enum Standing {
    Creator,
    Administrator,
    Member,
    Restricted {
        is_member: bool,
        can_send_messages: bool,
    },
    Left,
    Kicked,
}

/// What of the bot decides about its groups.
struct Bot {
    id: UserId,
    /// Lines of groups are wanted, and do not come to a plain member.
    lacks_lines: bool,
}

pub(super) async fn all(
    api: &Api,
    free_lines_in_rooms: bool,
    clock: &Clock,
    rooms: &[Room],
) -> Vec<Finding> {
    let asked = api.call_dated(&GetMe::new()).await;
    let (me, date): (Me, _) = match asked {
        Ok(known) => known,
        Err(failure) => return vec![unknown(&failure)],
    };
    let bot = format!("@{}", me.username);
    let mut found = vec![Finding::Chat(US, OfChat::Known { bot })];
    found.extend(date.and_then(|date| compared(US, &date, clock.real())));
    found.extend(updates(api).await);
    let bot = Bot {
        id: UserId(me.id),
        lacks_lines: free_lines_in_rooms && !me.can_read_all_group_messages,
    };
    // With groups, each of them says whether it is heard.
    match (bot.lacks_lines, rooms) {
        (false, _) => found.push(Finding::Telegram(OfTelegram::HearsGroups)),
        (true, []) => found.push(Finding::Telegram(OfTelegram::HearsCommandsAlone)),
        (true, _) => {}
    }
    for room in rooms {
        let of_group = match room.is_open {
            true => of_group(api, &bot, &room.place).await,
            false => OfGroup::Closed,
        };
        found.push(Finding::Group(room.spot.clone(), of_group));
    }
    found
}

fn unknown(failure: &Failure) -> Finding {
    match failure {
        Failure::Refused(refusal) if TOKEN_REFUSED.contains(&refusal.code) => {
            Finding::Telegram(OfTelegram::TokenRefused)
        }
        Failure::Unreached | Failure::NoAnswer => Finding::Chat(US, OfChat::Unreached),
        Failure::Refused(_) | Failure::Trouble { .. } | Failure::Unread => {
            Finding::Chat(US, OfChat::Trouble)
        }
    }
}

/// How updates come to us.
async fn updates(api: &Api) -> Vec<Finding> {
    let asked: Result<Webhook, Failure> = api.call(&GetWebhookInfo::new()).await;
    let Ok(webhook) = asked else {
        return vec![Finding::Chat(US, OfChat::Trouble)];
    };
    let mut found = Vec::new();
    if !webhook.url.is_empty() {
        found.push(Finding::Telegram(OfTelegram::Webhook));
    }
    let updates = webhook.pending_update_count;
    found.push(Finding::Telegram(OfTelegram::Waiting { updates }));
    found
}

async fn of_group(api: &Api, bot: &Bot, place: &str) -> OfGroup {
    let Ok(place) = place.parse() else {
        return OfGroup::Gone;
    };
    let chat = match Chat::of(api, place).await {
        Ok(chat) => chat,
        Err(failure) => return no_group(failure),
    };
    if chat.is_open() {
        return OfGroup::OpenToAll;
    }
    let asked = GetChatMember::new(ChatId(place), bot.id);
    let standing: Standing = match api.call(&asked).await {
        Ok(standing) => standing,
        Err(failure) => return no_group(failure),
    };
    let (may_write, hears_all) = match standing {
        Standing::Creator | Standing::Administrator => (true, true),
        Standing::Member => (chat.lets_members_write(), !bot.lacks_lines),
        Standing::Restricted {
            is_member: true,
            can_send_messages,
        } => (can_send_messages, !bot.lacks_lines),
        Standing::Restricted { .. } | Standing::Left | Standing::Kicked => return OfGroup::Gone,
    };
    match (may_write, hears_all) {
        (false, _) => OfGroup::Mute,
        (true, false) => OfGroup::HearsCommandsAlone,
        (true, true) => OfGroup::Fine,
    }
}

fn no_group(failure: Failure) -> OfGroup {
    match unsent(failure) {
        SendError::Gone => OfGroup::Gone,
        SendError::Moved { .. } => OfGroup::Moved,
        SendError::Later { .. } | SendError::Unknown => OfGroup::Unasked,
    }
}
