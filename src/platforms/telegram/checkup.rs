//! What is right and wrong with the bot on Telegram: its token, what it is told
//! of, and each group that it is used in. Asks, and sends nothing to anybody.
use super::{
    api::{Api, Failure},
    courier::{Chat, unsent},
};
use crate::{
    conversation::{
        checkup::{Finding, OfChat, OfRoom, Room, compared},
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
enum Member {
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
        Err(failure) => return vec![Finding::Chat(US, unknown(&failure))],
    };
    let bot = format!("@{}", me.username);
    let mut found = vec![Finding::Chat(US, OfChat::Known { bot })];
    found.extend(date.and_then(|date| compared(US, &date, clock.real())));
    found.extend(
        updates(api)
            .await
            .into_iter()
            .map(|found| Finding::Chat(US, found)),
    );
    let bot = Bot {
        id: UserId(me.id),
        lacks_lines: free_lines_in_rooms && !me.can_read_all_group_messages,
    };
    // With groups, each of them says whether it is heard.
    match (bot.lacks_lines, rooms) {
        (false, _) => found.push(Finding::Chat(US, OfChat::HearsGroups)),
        (true, []) => found.push(Finding::Chat(US, OfChat::HearsCommandsAlone)),
        (true, _) => {}
    }
    for room in rooms {
        let of_room = match room.is_open {
            true => of_room(api, &bot, &room.place).await,
            false => OfRoom::Closed,
        };
        found.push(Finding::Room(US, room.spot.clone(), of_room));
    }
    found
}

fn unknown(failure: &Failure) -> OfChat {
    match failure {
        Failure::Refused(refusal) if TOKEN_REFUSED.contains(&refusal.code) => OfChat::TokenRefused,
        Failure::Unreached | Failure::NoAnswer => OfChat::Unreached,
        Failure::Refused(_) | Failure::Trouble { .. } | Failure::Unread => OfChat::Trouble,
    }
}

/// How updates come to us.
async fn updates(api: &Api) -> Vec<OfChat> {
    let asked: Result<Webhook, Failure> = api.call(&GetWebhookInfo::new()).await;
    let Ok(webhook) = asked else {
        return vec![OfChat::Trouble];
    };
    let waiting = OfChat::Waiting {
        updates: webhook.pending_update_count,
    };
    match webhook.url.is_empty() {
        true => vec![waiting],
        false => vec![OfChat::Webhook, waiting],
    }
}

async fn of_room(api: &Api, bot: &Bot, place: &str) -> OfRoom {
    let Ok(place) = place.parse() else {
        return OfRoom::Gone;
    };
    let chat = match Chat::of(api, place).await {
        Ok(chat) => chat,
        Err(failure) => return no_room(failure),
    };
    if chat.is_open() {
        return OfRoom::OpenToAll;
    }
    let asked = GetChatMember::new(ChatId(place), bot.id);
    let member: Member = match api.call(&asked).await {
        Ok(member) => member,
        Err(failure) => return no_room(failure),
    };
    let (may_write, hears_all) = match member {
        Member::Creator | Member::Administrator => (true, true),
        Member::Member => (chat.lets_members_write(), !bot.lacks_lines),
        Member::Restricted {
            is_member: true,
            can_send_messages,
        } => (can_send_messages, !bot.lacks_lines),
        Member::Restricted { .. } | Member::Left | Member::Kicked => return OfRoom::Gone,
    };
    match (may_write, hears_all) {
        (false, _) => OfRoom::Mute,
        (true, false) => OfRoom::HearsCommandsAlone,
        (true, true) => OfRoom::Fine,
    }
}

fn no_room(failure: Failure) -> OfRoom {
    match unsent(failure) {
        SendError::Gone => OfRoom::Gone,
        SendError::Moved { .. } => OfRoom::Moved,
        SendError::Later { .. } | SendError::Unknown => OfRoom::Unasked,
    }
}
