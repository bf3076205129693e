//! Whom a text is meant for, and what it amounts to.
use super::Ground;
use crate::conversation::{
    commands::{self, Call},
    message::{Readers, Said},
};
use teloxide_core::types::Message;

/// Telegram's own limit for the name of a command.
const COMMAND_CHARS_MAX: usize = 32;

/// What a text for us amounts to; None: it is not for us, or no text.
pub(super) fn meant(message: &Message, ground: Ground<'_>) -> Option<Call> {
    let text = message.text()?;
    let words = |words: &str| Call::Said(Said::Words(words.to_owned()));
    let is_private = message.chat.is_private();
    if let Some((name, of, rest)) = command(text) {
        let own = ground.bot.map(|bot| bot.username.as_str());
        if of
            .zip(own)
            .is_some_and(|(of, own)| !of.eq_ignore_ascii_case(own))
        {
            return None;
        }
        match called(name, rest) {
            // In a private chat there is nothing to set up: that is said.
            Some(Call::Setup) if is_private => {
                return Some(Call::Said(Said::Setup(Readers::Members(None))));
            }
            Some(call) => return Some(call),
            None if of.is_some() => return Some(words(&format!("/{name} {rest}"))),
            None => {}
        }
    }
    if is_private {
        return Some(words(text));
    }
    let bot = ground.bot?;
    if let Some(text) = without_mention(text, &bot.username) {
        return Some(words(&text));
    }
    let is_reply_to_us = message
        .reply_to_message()
        .and_then(|replied| replied.from.as_ref())
        .is_some_and(|author| author.id.0 == bot.id);
    (is_reply_to_us || ground.free_lines_in_rooms).then(|| words(text))
}

/// `/name@bot rest`: the name, the bot's, the rest.
fn command(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let text = text.strip_prefix('/')?;
    let (word, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    let (name, bot) = match word.split_once('@') {
        Some((name, bot)) => (name, Some(bot)),
        None => (word, None),
    };
    let is_name = (1..=COMMAND_CHARS_MAX).contains(&name.len()) && name.bytes().all(is_of_a_name);
    is_name.then_some((name, bot, rest.trim()))
}

/// What a command amounts to; None: it is none of ours.
fn called(name: &str, rest: &str) -> Option<Call> {
    match (name, rest) {
        // A person opens the bot, or does so by a link with a code.
        ("start", "") => commands::typed("/help"),
        ("start", code) => commands::typed(&format!("/join {code}")),
        _ => commands::typed(&format!("/{name} {rest}")),
    }
}

fn is_of_a_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// The text without the first `@name`, if it has one.
fn without_mention(text: &str, name: &str) -> Option<String> {
    let (at, _) = text.match_indices('@').find(|(at, _)| {
        let named = text.get(at + 1..at + 1 + name.len());
        let behind = text.as_bytes().get(at + 1 + name.len());
        named.is_some_and(|named| named.eq_ignore_ascii_case(name))
            && !behind.copied().is_some_and(is_of_a_name)
    })?;
    let (before, after) = (
        text[..at].trim_end(),
        text[at + 1 + name.len()..].trim_start(),
    );
    Some(format!("{before} {after}").trim().to_owned())
}
