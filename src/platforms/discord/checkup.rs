//! What is right and wrong with the bot on Discord: its token, what it has been
//! given, and each channel that it is used in. Asks, and sends nothing to anybody.
use super::{
    answering::id,
    api::{Api, Failure},
    courier::everyone_reads,
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

pub(super) async fn all(api: &Api, clock: &Clock, rooms: &[Room]) -> Vec<Finding> {
    let (me, date) = match soon(api.me()).await {
        Ok(known) => known,
        Err(failure) => return vec![unknown(failure)],
    };
    let bot = me.name.clone();
    let mut found = vec![Finding::Chat(US, OfChat::Known { bot })];
    found.extend(date.and_then(|date| compared(US, &date, clock.real())));
    found.push(intents(api).await);
    for room in rooms {
        let of_channel = match room.is_open {
            true => of_channel(api, me.id, &room.place)
                .await
                .unwrap_or_else(no_channel),
            false => OfChannel::Closed,
        };
        found.push(Finding::Channel(room.spot.clone(), of_channel));
    }
    found
}

async fn soon<T>(asked: impl Future<Output = Result<T, Failure>>) -> Result<T, Failure> {
    timeout(PATIENCE, asked)
        .await
        .unwrap_or(Err(Failure::Unknown))
}

fn unknown(failure: Failure) -> Finding {
    match failure {
        Failure::Token => Finding::Discord(OfDiscord::TokenRefused),
        Failure::Unreached | Failure::Unknown => Finding::Chat(US, OfChat::Unreached),
        _ => Finding::Chat(US, OfChat::Trouble),
    }
}

/// Whether it has the one intent that has to be given by hand.
async fn intents(api: &Api) -> Finding {
    let given = ApplicationFlags::GATEWAY_MESSAGE_CONTENT
        | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
    match soon(api.flags()).await {
        Ok(flags) if flags.intersects(given) => Finding::Discord(OfDiscord::ContentIntent),
        Ok(_) => Finding::Discord(OfDiscord::NoContentIntent),
        Err(_) => Finding::Chat(US, OfChat::Trouble),
    }
}

async fn of_channel(api: &Api, me: UserId, place: &str) -> Result<OfChannel, Failure> {
    let Ok(place) = id(place) else {
        return Ok(OfChannel::Gone);
    };
    let Channel::Guild(channel) = soon(api.room(ChannelId::new(place))).await? else {
        return Ok(OfChannel::Gone);
    };
    let guild = soon(api.guild(channel.guild_id)).await?;
    let roles: Vec<_> = guild.roles.values().cloned().collect();
    if everyone_reads(&channel, &roles) {
        return Ok(OfChannel::OpenToAll);
    }
    let member = soon(api.member(channel.guild_id, me)).await?;
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

fn no_channel(failure: Failure) -> OfChannel {
    match failure {
        Failure::Gone => OfChannel::Gone,
        _ => OfChannel::Unasked,
    }
}
