//! What is right and wrong with the bot on Discord: its token, what it has been
//! given, and each channel that it is used in. Asks, and sends nothing to anybody.
use super::{
    answering::id,
    courier::everyone_reads,
    rest::{Refusal, Rest},
};
use crate::{
    conversation::{
        checkup::{Finding, OfChat, OfRoom, Permit, Room, compared},
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
        Err(refusal) => return vec![Finding::Chat(US, unknown(refusal))],
    };
    let bot = me.name.clone();
    let mut found = vec![Finding::Chat(US, OfChat::Known { bot })];
    found.extend(date.and_then(|date| compared(US, &date, clock.real())));
    found.push(Finding::Chat(US, intents(rest).await));
    for room in rooms {
        let of_room = match room.is_open {
            true => of_room(rest, me.id, &room.place)
                .await
                .unwrap_or_else(no_room),
            false => OfRoom::Closed,
        };
        found.push(Finding::Room(US, room.spot.clone(), of_room));
    }
    found
}

async fn soon<T>(asked: impl Future<Output = Result<T, Refusal>>) -> Result<T, Refusal> {
    timeout(PATIENCE, asked)
        .await
        .unwrap_or(Err(Refusal::Unknown))
}

fn unknown(refusal: Refusal) -> OfChat {
    match refusal {
        Refusal::Token => OfChat::TokenRefused,
        Refusal::Unreached | Refusal::Unknown => OfChat::Unreached,
        _ => OfChat::Trouble,
    }
}

/// Whether it has the one intent that has to be given by hand.
async fn intents(rest: &Rest) -> OfChat {
    let given = ApplicationFlags::GATEWAY_MESSAGE_CONTENT
        | ApplicationFlags::GATEWAY_MESSAGE_CONTENT_LIMITED;
    match soon(rest.flags()).await {
        Ok(flags) if flags.intersects(given) => OfChat::ContentIntent,
        Ok(_) => OfChat::NoContentIntent,
        Err(_) => OfChat::Trouble,
    }
}

async fn of_room(rest: &Rest, me: UserId, place: &str) -> Result<OfRoom, Refusal> {
    let Ok(place) = id(place) else {
        return Ok(OfRoom::Gone);
    };
    let Channel::Guild(channel) = soon(rest.room(ChannelId::new(place))).await? else {
        return Ok(OfRoom::Gone);
    };
    let guild = soon(rest.guild(channel.guild_id)).await?;
    let roles: Vec<_> = guild.roles.values().cloned().collect();
    if everyone_reads(&channel, &roles) {
        return Ok(OfRoom::OpenToAll);
    }
    let member = soon(rest.member(channel.guild_id, me)).await?;
    let own = guild.user_permissions_in(&channel, &member);
    let lacking = Permit::VARIANTS.iter().copied();
    let lacking: Vec<Permit> = lacking
        .filter(|permit| !own.contains(permission(*permit)))
        .collect();
    Ok(match lacking.is_empty() {
        true => OfRoom::Fine,
        false => OfRoom::Lacks(lacking),
    })
}

fn permission(permit: Permit) -> Permissions {
    match permit {
        Permit::ViewChannel => Permissions::VIEW_CHANNEL,
        Permit::SendMessages => Permissions::SEND_MESSAGES,
        Permit::ReadMessageHistory => Permissions::READ_MESSAGE_HISTORY,
    }
}

fn no_room(refusal: Refusal) -> OfRoom {
    match refusal {
        Refusal::Gone => OfRoom::Gone,
        _ => OfRoom::Unasked,
    }
}

#[cfg(test)]
mod tests {
    use super::soon;
    use crate::platforms::discord::rest::Refusal;

    #[tokio::test(start_paused = true)]
    async fn an_answer_that_never_comes_is_not_waited_for() {
        let never = std::future::pending::<Result<(), Refusal>>();
        assert_eq!(soon(never).await, Err(Refusal::Unknown));
    }
}
