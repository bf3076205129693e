//! What we say in English in shared places, and about how a message came.
use super::names;
use crate::{
    conversation::{
        phrase::{Acknowledged, ChatLine},
        phrasing::manual,
    },
    domain::people::Language,
};
use chrono::NaiveDate;

/// One sentence.
pub fn say(line: &ChatLine, today: NaiveDate) -> String {
    match line {
        ChatLine::Acknowledged { code, what, next } => {
            let what = match what {
                Acknowledged::Contact(Some(kind)) => format!("{} recorded", names::kind(*kind)),
                Acknowledged::Contact(None) => "recorded".to_owned(),
                Acknowledged::Date => "date set".to_owned(),
            };
            let next = next.map(|(purpose, on)| {
                format!(". {}: {}", names::purpose(purpose), names::day(on, today))
            });
            format!("{code} {what}{}", next.unwrap_or_default())
        }
        ChatLine::RoomIsOpenToAll => {
            "Everyone can read this channel, so it cannot be used. Please try one for members only"
                .to_owned()
        }
        ChatLine::RoomReaders { count: Some(count) } => format!("{count} members can read this"),
        ChatLine::RoomReaders { count: None } => "Only members can read this".to_owned(),
        ChatLine::RoomMoves => {
            "Another team uses this place now. It would move to your team".to_owned()
        }
        ChatLine::RoomShowsLittle => {
            "Only codes, kinds and dates appear here. The full answer goes to the writer alone"
                .to_owned()
        }
        ChatLine::RoomUsed => "Your team can use this place now".to_owned(),
        ChatLine::RoomBegins => {
            "You can record here now, in one line such as \u{201c}H-012 visit absent 3 months\u{201d}"
                .to_owned()
        }
        ChatLine::RoomServes => {
            "Your team uses this place from now on. Please record on the page".to_owned()
        }
        ChatLine::NotARoom => "Please send this in a channel or group of your team".to_owned(),
        ChatLine::Edited => "The message was edited. The record has not changed".to_owned(),
        ChatLine::EditUnread => {
            "Edited messages are not read. To record something, please send a new one".to_owned()
        }
        ChatLine::NotRead => {
            "I could not read this as a record, and nothing was kept. Please send it in one line \
             such as \u{201c}H-012 visit absent\u{201d}"
                .to_owned()
        }
        ChatLine::NotRecorded { code } => {
            format!("This was not recorded. To record it, please send one line such as \u{201c}{code} visit absent\u{201d}")
        }
        ChatLine::UnclearCall => {
            "I could not read that. Please send it again with the code or the name it needs"
                .to_owned()
        }
        ChatLine::TypedAt { at } => {
            format!("Sent {} at {}", names::day(at.date(), today), names::time(at.time()))
        }
        ChatLine::RouteSet { platform } => {
            let platform = manual::platform_name(*platform, Language::English);
            format!("Nudges go to {platform} first")
        }
        ChatLine::WhichRoute => "Where shall your nudges go first?".to_owned(),
        ChatLine::NoChat => {
            "You have not joined by a chat yet. Your nudges appear on the page".to_owned()
        }
        ChatLine::NoRoute { platform } => {
            let platform = manual::platform_name(*platform, Language::English);
            format!("You have not joined on {platform} yet. You can choose it once you have")
        }
    }
}
