//! What is said on Discord as messages to the bot: typed, or asked by a command,
//! a button, a menu or a window.
mod asked;
mod typed;

pub use asked::{Asked, Step, language, read as asked};
pub use typed::{Ground, edit, message};

use crate::conversation::message::{Account, Place, Platform};
use serenity::all::{ChannelId, User};

/// Where people talk with us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Spot {
    /// The private channel of one person.
    Private(ChannelId),
    /// A channel of a server.
    Room(ChannelId),
}

impl Spot {
    pub fn channel(self) -> ChannelId {
        match self {
            Spot::Private(channel) | Spot::Room(channel) => channel,
        }
    }

    /// The shared place's id in our terms.
    pub fn room(self) -> Option<String> {
        match self {
            Spot::Private(_) => None,
            Spot::Room(channel) => Some(channel.to_string()),
        }
    }
}

pub fn account(user: &User) -> Account {
    Account {
        platform: Platform::Discord,
        id: user.id.to_string(),
    }
}

fn place(user: &User, spot: Spot) -> Place {
    Place {
        platform: Platform::Discord,
        id: user.id.to_string(),
        room: spot.room(),
    }
}

fn is_person(user: &User) -> bool {
    !user.bot && !user.system
}
