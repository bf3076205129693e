//! What goes in and out of a conversation, whatever the platform.
use super::action::Action;
use crate::domain::closed_list;
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use strum::VariantArray;

closed_list! {
    /// A place where people talk with the bot.
    pub enum Platform {
        Page,
        Telegram,
        Discord,
    }
}

impl Platform {
    /// Those outside the office, for each of which it chooses a level. The page is
    /// its own, and stands behind them.
    pub const CHATS: [Platform; 2] = [Platform::Telegram, Platform::Discord];
}

/// Who speaks, as the platform knows them.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Account {
    pub platform: Platform,
    /// The platform's own id of the account; on the page the person's id.
    pub id: String,
}

/// Where it was said. Questions are open per person and platform: what begins in
/// a shared place goes on in private.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Place {
    pub platform: Platform,
    /// The sender's own conversation with us on that platform: their account's id.
    pub id: String,
    /// The platform's own id of the shared place, where more than one person
    /// reads it.
    pub room: Option<String>,
}

impl Place {
    /// The conversation that this account has with us in private.
    pub fn of(account: &Account) -> Place {
        Place {
            platform: account.platform,
            id: account.id.clone(),
            room: None,
        }
    }
}

/// How a chat answers a message, in the platform's own handles.
#[derive(Clone, PartialEq, Eq)]
pub struct AnswerTo {
    /// Reaches the sender alone.
    pub alone: String,
    /// The message that is answered where it was said in a shared place.
    pub message: Option<String>,
}

/// Without the handle: on some platforms whoever has it can answer as the bot.
impl fmt::Debug for AnswerTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AnswerTo")
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

/// One message to the bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Incoming {
    pub from: Account,
    pub place: Place,
    pub said: Said,
    /// Unique to this message on its platform; the same key again is answered
    /// with the saved reply.
    pub key: String,
    /// When it was typed, if the platform knows; relative dates count from it.
    pub typed_at: Option<DateTime<Utc>>,
    /// None where the answer is read from the history, as on the page.
    pub answer_to: Option<AnswerTo>,
}

/// What was said, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Said {
    /// Free words, at most [`WORDS_MAX`] characters.
    Words(String),
    /// A button.
    Press(Action),
    /// A date or a number filled into the form of an action.
    Form { action: Action, value: String },
    /// The message with this key was typed anew: it never runs again, but its
    /// record may have to be corrected.
    Edited { of: String },
    /// An administrator wants the team to use the shared place in which it was
    /// said, and these can read it.
    Setup(Readers),
    /// A button, a command or a form that is none of ours: somebody has made it up.
    Forged,
    /// A picture, a voice, a file: nothing of it is read.
    Unreadable,
}

closed_list! {
    /// What the office allows on a platform. Without one it stays off.
    pub enum Level {
        /// That there is news, with a link to the page.
        Notice,
        /// Codes and dates as well; nothing is taken.
        Dates,
        /// All of it: lines, buttons, lists.
        Logging,
    }
}

impl Level {
    /// As offices speak of levels, and the store keeps them.
    pub fn number(self) -> u8 {
        match self {
            Level::Notice => 1,
            Level::Dates => 2,
            Level::Logging => 3,
        }
    }

    /// None: there is no such level.
    pub fn of(number: u8) -> Option<Level> {
        let mut levels = Level::VARIANTS.iter().copied();
        levels.find(|level| level.number() == number)
    }
}

/// Who can read a shared place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Readers {
    /// It is open to whoever comes.
    Everyone,
    /// Members alone; how many, if the platform says so.
    Members(Option<u32>),
}

/// How long a join code is good.
pub const JOIN_CODE_DAYS: i64 = 7;
/// How long a link to the page is good.
pub const LINK_MINUTES: i64 = 10;
/// Where the page takes a link.
pub const SIGN_IN: &str = "/sign-in";

/// The link that opens the page of this address once, with this token.
pub fn link(page: &str, token: &str) -> String {
    format!("{}{SIGN_IN}?t={token}", page.trim_end_matches('/'))
}

/// Longer messages are refused with a kind answer.
pub const WORDS_MAX: usize = 2_000;

/// An answer or a nudge, phrased in its reader's language.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reply {
    pub parts: Vec<Part>,
}

/// One piece of a reply; each platform shows it in its own manner.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    /// One line of plain text.
    Line(String),
    /// A heading over what follows.
    Heading(String),
    /// A line that must not be overlooked (danger).
    Strong(String),
    /// A quieter line: a hint, what was not kept, who has seen it.
    Quiet(String),
    /// Something that stands for itself, a household mostly.
    Card(Card),
    /// A list for a wide place; a narrow one shows each row as a card.
    Table(Table),
    /// Buttons in a row, for the message as a whole.
    Buttons(Vec<Button>),
    /// One field to fill in and send.
    Form(Form),
}

/// A household in a list or a nudge, or another thing with a title of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Card {
    pub title: String,
    pub mark: Mark,
    pub lines: Vec<String>,
    pub buttons: Vec<Button>,
}

/// Rows under a head.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    pub caption: String,
    pub head: Vec<String>,
    pub rows: Vec<Row>,
}

/// One row: as many cells as the table has heads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    pub mark: Mark,
    pub cells: Vec<String>,
    /// The household that the row stands for.
    pub code: Option<crate::domain::household::Code>,
}

/// The word and shape by which a standing is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    /// None.
    Plain,
    /// ○ 今週
    Soon,
    /// ● 声かけの時期
    Due,
    /// ▲ 過ぎています n日
    Overdue { days: i64 },
    /// Danger, or no sign of life.
    Alarm,
    /// ✓ Dealt with.
    Settled,
}

/// A button. Its action alone says what it does: it works months later and
/// across restarts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Button {
    pub label: String,
    pub action: Action,
    pub tone: Tone,
}

/// How much a button stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tone {
    Plain,
    Primary,
    Careful,
}

/// A field to fill in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Form {
    pub action: Action,
    pub label: String,
    pub field: Field,
    pub submit: String,
}

/// What a form's field takes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Field {
    /// A day, not before `from`.
    Day { from: NaiveDate },
    /// A few words, at most `max` characters.
    Words { max: usize },
}
