//! Messages that were typed, and typed anew.
use super::{Spot, account, is_person, place};
use crate::{
    conversation::message::{AnswerTo, Incoming, Said},
    platforms::discord::answering::Handle,
};
use chrono::{DateTime, Utc};
use serenity::all::{ChannelId, Message, MessageId, MessageType, MessageUpdateEvent, UserId};

/// What a message is read against.
#[derive(Debug, Clone, Copy)]
pub struct Ground {
    /// The bot's own account.
    pub me: UserId,
    /// Whether lines in a room are taken that are not said to the bot.
    pub free_lines_in_rooms: bool,
}

/// Reads a message. None: it was not said to us, as those of bots and webhooks
/// never are.
pub fn message(message: &Message, spot: Spot, ground: Ground) -> Option<Incoming> {
    let is_typed = matches!(
        message.kind,
        MessageType::Regular | MessageType::InlineReply
    );
    if !is_typed || !is_person(&message.author) || message.webhook_id.is_some() {
        return None;
    }
    let is_reply_to_us = message
        .referenced_message
        .as_ref()
        .is_some_and(|answered| answered.author.id == ground.me);
    let is_mention = message.mentions.iter().any(|user| user.id == ground.me);
    let is_free = match spot {
        Spot::Private(_) => true,
        Spot::Room(_) => ground.free_lines_in_rooms,
    };
    if !(is_free || is_reply_to_us || is_mention) {
        return None;
    }
    let words = without_mention(&message.content, ground.me);
    let said = match (words.is_empty(), spot) {
        (false, _) => Said::Words(words),
        // A picture or a file: in a room it is not meant for us.
        (true, Spot::Private(_)) => Said::Unreadable,
        (true, Spot::Room(_)) => return None,
    };
    Some(Incoming {
        from: account(&message.author),
        place: place(&message.author, spot),
        said,
        key: key(spot.channel(), message.id),
        typed_at: Some(typed_at(message.id)),
        answer_to: Some(AnswerTo {
            alone: Handle::User(message.author.id).to_string(),
            message: Some(message.id.to_string()),
        }),
    })
}

/// Reads what was changed of a message. None: nothing that was typed.
pub fn edit(edit: &MessageUpdateEvent, spot: Spot) -> Option<Incoming> {
    let author = edit.author.as_ref().filter(|author| is_person(author))?;
    // Without it a link's preview was added, or a pin.
    let edited_at = edit.edited_timestamp?;
    edit.content.as_ref()?;
    let of = key(spot.channel(), edit.id);
    Some(Incoming {
        from: account(author),
        place: place(author, spot),
        key: format!(
            "discord:edit:{}:{}:{}",
            spot.channel(),
            edit.id,
            edited_at.timestamp_micros()
        ),
        said: Said::Edited { of },
        typed_at: Some(*edited_at),
        answer_to: Some(AnswerTo {
            alone: Handle::User(author.id).to_string(),
            message: Some(edit.id.to_string()),
        }),
    })
}

fn key(channel: ChannelId, message: MessageId) -> String {
    format!("discord:{channel}:{message}")
}

/// An id holds the instant at which it was made.
fn typed_at(message: MessageId) -> DateTime<Utc> {
    *message.created_at()
}

fn without_mention(content: &str, me: UserId) -> String {
    let mentions = [format!("<@{me}>"), format!("<@!{me}>")];
    let words = mentions.iter().fold(content.to_owned(), |words, mention| {
        words.replace(mention, " ")
    });
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{Ground, Spot, message};
    use crate::conversation::message::Said;
    use serde_json::{Value, json};
    use serenity::all::{ChannelId, UserId};

    const ME: u64 = 1_000;
    const ROOM: Spot = Spot::Room(ChannelId::new(3_000));
    const PRIVATE: Spot = Spot::Private(ChannelId::new(5_000));

    fn user(id: u64, is_bot: bool) -> Value {
        json!({"id": id.to_string(), "username": "u", "discriminator": "0", "avatar": null, "bot": is_bot})
    }

    fn typed(words: &str) -> Value {
        json!({
            "id": "1574952767586304001", "channel_id": "3000", "author": user(9_001, false),
            "content": words, "timestamp": "2026-11-25T01:00:00+00:00", "edited_timestamp": null,
            "tts": false, "mention_everyone": false, "mentions": [], "mention_roles": [],
            "attachments": [], "embeds": [], "pinned": false, "type": 0,
        })
    }

    fn heard(value: Value, spot: Spot, free_lines_in_rooms: bool) -> Option<String> {
        let given = serde_json::from_value(value).expect("a message");
        let ground = Ground {
            me: UserId::new(ME),
            free_lines_in_rooms,
        };
        message(&given, spot, ground).map(|incoming| match incoming.said {
            Said::Words(words) => words,
            Said::Unreadable => String::new(),
            other => panic!("{other:?}"),
        })
    }

    #[test]
    fn a_line_in_a_room_is_heard_if_it_is_free_or_said_to_us() {
        let line = || typed("H-012 訪問");
        assert_eq!(heard(line(), ROOM, true).as_deref(), Some("H-012 訪問"));
        assert_eq!(heard(line(), ROOM, false), None);
        assert_eq!(heard(line(), PRIVATE, false).as_deref(), Some("H-012 訪問"));
        let mut mention = typed("<@1000> H-012 訪問 <@!1000>");
        mention["mentions"] = json!([user(ME, true)]);
        assert_eq!(heard(mention, ROOM, false).as_deref(), Some("H-012 訪問"));
        let mut reply = line();
        reply["type"] = 19.into();
        reply["referenced_message"] = typed("?");
        assert_eq!(heard(reply.clone(), ROOM, false), None);
        reply["referenced_message"]["author"] = user(ME, true);
        assert_eq!(heard(reply, ROOM, false).as_deref(), Some("H-012 訪問"));
    }

    #[test]
    fn bots_webhooks_and_notices_are_never_heard() {
        let mut of_bot = typed("H-012 訪問");
        of_bot["author"] = user(8, true);
        assert_eq!(heard(of_bot, PRIVATE, true), None);
        let mut of_webhook = typed("H-012 訪問");
        of_webhook["webhook_id"] = "7".into();
        assert_eq!(heard(of_webhook, ROOM, true), None);
        let mut pin = typed("");
        pin["type"] = 6.into();
        assert_eq!(heard(pin, PRIVATE, true), None);
    }

    #[test]
    fn a_picture_is_unreadable_in_private_and_nothing_in_a_room() {
        assert_eq!(heard(typed(" "), PRIVATE, true).as_deref(), Some(""));
        assert_eq!(heard(typed(" "), ROOM, true), None);
    }
}
