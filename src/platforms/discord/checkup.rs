//! What is right and wrong with the bot on Discord: its token, what it has been
//! given, and each channel that it is used in. Asks, and sends nothing to anybody.
use super::{
    answering::id,
    courier::everyone_reads,
    rest::{Refusal, Rest},
};
use crate::{
    conversation::{
        checkup::{Finding, OfChannel, OfChat, OfDiscord, Permit, Room, compared},
        message::Platform,
    },
    engine::clock::Clock,
};
use serenity::all::{ApplicationFlags, Channel, ChannelId, Permissions, UserId};
use std::time::Duration;
use strum::VariantArray;
use tokio::time::timeout;

const US: Platform = Platform::Discord;
/// An administrator waits no longer for one answer.
const PATIENCE: Duration = Duration::from_secs(10);

pub(super) async fn all(rest: &Rest, clock: &Clock, rooms: &[Room]) -> Vec<Finding> {
    let (me, date) = match soon(rest.me()).await {
        Ok(known) => known,
        Err(refusal) => return vec![unknown(refusal)],
    };
    let bot = me.name.clone();
    let mut found = vec![Finding::Chat(US, OfChat::Known { bot })];
    found.extend(date.and_then(|date| compared(US, &date, clock.real())));
    found.push(intents(rest).await);
    for room in rooms {
        let of_channel = match room.is_open {
            true => of_channel(rest, me.id, &room.place)
                .await
                .unwrap_or_else(no_channel),
            false => OfChannel::Closed,
        };
        found.push(Finding::Channel(room.spot.clone(), of_channel));
    }
    found
}

async fn soon<T>(asked: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    timeout(PATIENCE, asked)
        .await
        .unwrap_or(Err(Refusal::Unknown))
}

fn unknown(refusal: Refusal) -> Finding {
    match refusal {
        Refusal::Token => Finding::Discord(OfDiscord::TokenRefused),
        Refusal::Unreached | Refusal::Unknown => Finding::Chat(US, OfChat::Unreached),
        _ => Finding::Chat(US, OfChat::Trouble),
    }
}

/// Whether it has the one intent that has to be given by hand.
async fn intents(rest: &Rest) -> Finding {
    let given = ApplicationFlags::GATEWAY_MESSAGE_CONTENT
        | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
    match soon(rest.flags()).await {
        Ok(flags) if flags.intersects(given) => Finding::Discord(OfDiscord::ContentIntent),
        Ok(_) => Finding::Discord(OfDiscord::NoContentIntent),
        Err(_) => Finding::Chat(US, OfChat::Trouble),
    }
}

async fn of_channel(rest: &Rest, me: UserId, place: &str) -> Result<OfChannel, Refusal> {
    let Ok(place) = id(place) else {
        return Ok(OfChannel::Gone);
    };
    let Channel::Guild(channel) = soon(rest.room(ChannelId::new(place))).await? else {
        return Ok(OfChannel::Gone);
    };
    let guild = soon(rest.guild(channel.guild_id)).await?;
    let roles: Vec<_> = guild.roles.values().cloned().collect();
    if everyone_reads(&channel, &roles) {
        return Ok(OfChannel::OpenToAll);
    }
    let member = soon(rest.member(channel.guild_id, me)).await?;
    let own = guild.user_permissions_in(&channel, &member);
    let lacking = Permit::VARIANTS.iter().copied();
    let lacking: Vec<Permit> = lacking
        .filter(|permit| !own.contains(permission(*permit)))
        .collect();
    Ok(match lacking.is_empty() {
        true => OfChannel::Fine,
        false => OfChannel::Lacks(lacking),
    })
}

fn permission(permit: Permit) -> Permissions {
    match permit {
        Permit::ViewChannel => Permissions::VIEW_CHANNEL,
        Permit::SendMessages => Permissions::SEND_MESSAGES,
        Permit::ReadMessageHistory => Permissions::READ_MESSAGE_HISTORY,
    }
}

fn no_channel(refusal: Refusal) -> OfChannel {
    match refusal {
        Refusal::Gone => OfChannel::Gone,
        _ => OfChannel::Unasked,
    }
}
