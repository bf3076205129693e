//! Answers in a chat: each is a letter, put down with what it answers, sent at
//! once, and again until the platform has taken it.
use super::{
    Engine, Fault,
    courier::{Address, Letter, SendError},
    deliver::wait_after,
    pulse,
};
use crate::{
    conversation::{
        decision::Made,
        message::{Account, Incoming, Platform, Readers, Reply},
        phrase::Phrase,
        piece::Piece,
    },
    domain::PersonId,
    store::{self, rooms, routes},
};
use chrono::{DateTime, TimeDelta, Utc};
use futures_util::future;
use std::{collections::BTreeMap, time::Duration};

/// Whoever sends a letter has it for so long: for a courier that hangs over it,
/// and over one before it.
const SENDING_SECONDS: i64 = 120;
/// Claims in one go; what is left comes with the next.
const CLAIMS_MAX: usize = 1_000;
/// An answer that could not be brought for so long helps nobody any more; what it
/// answers stands.
const GIVEN_UP_HOURS: i64 = 24;

/// The letters of an answer: the whole to the sender alone, and to a shared place
/// what all may read. None where the platform keeps a history itself.
pub(super) fn of_answer(
    incoming: &Incoming,
    person: PersonId,
    alone: Option<Reply>,
    aloud: Option<(String, Reply)>,
) -> Vec<Letter> {
    let Some(answer_to) = &incoming.answer_to else {
        return Vec::new();
    };
    let aloud = aloud.map(|(room, reply)| {
        // Elsewhere there is no such message.
        let was_said_there = incoming.place.room.as_ref() == Some(&room);
        let message = answer_to.message.clone().filter(|_| was_said_there);
        letter(
            incoming.place.platform,
            Address::Room { room, message },
            reply,
        )
    });
    let alone = alone.and_then(|reply| alone_to(incoming, reply));
    let letters = aloud.into_iter().chain(alone);
    letters
        .map(|letter| Letter {
            person: Some(person),
            ..letter
        })
        .collect()
}

/// To the sender alone and to nobody whom we know; not kept.
pub(super) fn alone_to(incoming: &Incoming, reply: Reply) -> Option<Letter> {
    let answer_to = incoming.answer_to.as_ref()?;
    let address = Address::Alone(answer_to.alone.clone());
    Some(letter(incoming.place.platform, address, reply))
}

fn letter(platform: Platform, address: Address, reply: Reply) -> Letter {
    Letter {
        id: None,
        platform,
        address,
        person: None,
        reply,
        attempts: 0,
        maybe_sent: false,
        maybe_repeated: false,
    }
}

fn place_of(letter: &Letter) -> (Platform, String) {
    let (Address::Alone(place) | Address::Room { room: place, .. }) = &letter.address;
    (letter.platform, place.clone())
}

/// What became of one attempt.
enum Posted {
    /// It was sent, or need not be sent any more.
    Settled,
    Waits {
        after: Option<Duration>,
        maybe_sent: bool,
    },
}

impl Posted {
    const LATER: Posted = Posted::Waits {
        after: None,
        maybe_sent: false,
    };
}

impl Engine {
    /// Sends letters one after another; what cannot be sent now is tried again
    /// later, and what follows it to the same place waits with it.
    pub async fn send(&self, letters: Vec<Letter>) {
        let mut waiting: Vec<(Platform, String)> = Vec::new();
        for letter in letters {
            let place = place_of(&letter);
            let posted = match waiting.contains(&place) {
                true => Posted::LATER,
                false => self.post(&letter).await,
            };
            match posted {
                Posted::Settled => self.letter_is_settled(&letter).await,
                Posted::Waits { after, maybe_sent } => {
                    self.letter_waits(&letter, after, maybe_sent).await;
                    waiting.push(place);
                }
            }
        }
    }

    /// Sends what others have left; how many were tried. Places do not wait for
    /// one another.
    pub async fn send_waiting(&self) -> Result<usize, Fault> {
        let mut tried = 0;
        for _ in 0..CLAIMS_MAX {
            self.goes_on(pulse::LETTERS);
            self.settle_letters().await?;
            if self.is_ending() {
                break;
            }
            let now = self.shared.clock.real();
            let found = store::letters::claim(&self.shared.db, now, self.letters_until()).await?;
            for (letter, fault) in &found.broken {
                tracing::error!(letter, %fault, "a letter cannot be read");
            }
            if found.rows.is_empty() && found.broken.is_empty() {
                break;
            }
            tried += found.rows.len();
            let mut places: BTreeMap<(Platform, String), Vec<Letter>> = BTreeMap::new();
            for letter in found.rows {
                places.entry(place_of(&letter)).or_default().push(letter);
            }
            future::join_all(places.into_values().map(|letters| self.send(letters))).await;
        }
        self.settle_letters().await?;
        Ok(tried)
    }

    /// Waits until there is a letter that nobody has begun to send.
    pub async fn something_to_send(&self) {
        self.shared.to_send.notified().await;
    }

    pub(super) fn tell_of_letters(&self) {
        self.shared.to_send.notify_one();
    }

    /// Gives up the letters that no chat has taken for a day; how many.
    pub async fn give_up_old_letters(&self) -> Result<usize, Fault> {
        let before = self.shared.clock.real() - TimeDelta::hours(GIVEN_UP_HOURS);
        let given_up = store::letters::give_up(&self.shared.db, before).await?;
        for (letter, platform) in &given_up {
            tracing::warn!(letter, platform, "an answer was given up after a day");
        }
        Ok(given_up.len())
    }

    /// Forgets the letters that were sent.
    pub async fn settle_letters(&self) -> Result<(), Fault> {
        let sent = {
            let mut sent = self.shared.sent_letters.lock().await;
            std::mem::take(&mut *sent)
        };
        if sent.is_empty() {
            return Ok(());
        }
        match store::letters::settled(&self.shared.db, &sent).await {
            Ok(()) => Ok(()),
            Err(fault) => {
                self.shared.sent_letters.lock().await.extend(sent);
                Err(fault.into())
            }
        }
    }

    pub(super) fn letters_until(&self) -> DateTime<Utc> {
        self.shared.clock.real() + TimeDelta::seconds(SENDING_SECONDS)
    }

    /// Tries once, and once more where the place has another id from now on.
    async fn post(&self, letter: &Letter) -> Posted {
        let error = match self.try_to_post(letter).await {
            Ok(posted) => return posted,
            Err(error) => error,
        };
        let SendError::Moved { to } = error else {
            return self.after(letter, error).await;
        };
        let letter = match self.moved(letter, &to).await {
            Ok(letter) => letter,
            Err(fault) => {
                tracing::error!(letter = letter.id, %fault, "a place's new id could not be kept");
                return Posted::LATER;
            }
        };
        match self.try_to_post(&letter).await {
            Ok(posted) => posted,
            Err(SendError::Moved { .. }) => Posted::LATER,
            Err(error) => self.after(&letter, error).await,
        }
    }

    async fn try_to_post(&self, letter: &Letter) -> Result<Posted, SendError> {
        let Some(courier) = self.courier(letter.platform) else {
            return Err(SendError::Later { after: None });
        };
        if let Address::Room { room, .. } = &letter.address {
            if !self.is_ours(letter, room).await? {
                return Ok(Posted::Settled);
            }
            // Who can read it is seen anew each time: it may have changed.
            match self.within(courier.readers(room)).await {
                Ok(Readers::Members(_)) => {}
                // Nothing was said there yet.
                Err(SendError::Unknown) => return Err(SendError::Later { after: None }),
                Err(error) => return Err(error),
                Ok(Readers::Everyone) => {
                    self.close_room(letter, room, true).await;
                    return Ok(Posted::Settled);
                }
            }
        }
        if letter.attempts > 0 && self.has_left(letter).await? {
            return Ok(Posted::Settled);
        }
        let letter = self.warned(letter).await;
        self.within(courier.post(&letter)).await?;
        Ok(Posted::Settled)
    }

    /// What is left to do when it was not sent.
    async fn after(&self, letter: &Letter, error: SendError) -> Posted {
        match error {
            SendError::Later { after } => Posted::Waits {
                after,
                maybe_sent: false,
            },
            SendError::Unknown => Posted::Waits {
                after: None,
                maybe_sent: true,
            },
            SendError::Gone | SendError::Moved { .. } => {
                self.place_is_gone(letter).await;
                Posted::Settled
            }
        }
    }

    /// Whether the room is registered and open for the team of whom it is about.
    async fn is_ours(&self, letter: &Letter, room: &str) -> Result<bool, SendError> {
        let Some(person) = letter.person else {
            return Ok(false);
        };
        let place = (letter.platform, room);
        match rooms::may_post(&self.shared.db, place, person).await {
            Ok(is_ours) => Ok(is_ours),
            Err(fault) => {
                tracing::error!(letter = letter.id, %fault, "a room could not be looked up");
                Err(SendError::Later { after: None })
            }
        }
    }

    /// Whether the reader has left the office since it was written.
    async fn has_left(&self, letter: &Letter) -> Result<bool, SendError> {
        let Some(person) = letter.person else {
            return Ok(false);
        };
        let today = self.shared.office.calendar.day_of(self.office_now());
        match store::office::person(&self.shared.db, person).await {
            Ok(reader) => Ok(!reader.is_staff_on(today)),
            Err(fault) => {
                tracing::error!(letter = letter.id, %fault, "its reader could not be looked up");
                Err(SendError::Later { after: None })
            }
        }
    }

    async fn place_is_gone(&self, letter: &Letter) {
        let platform = letter.platform;
        tracing::warn!(
            letter = letter.id,
            platform = platform.code(),
            "a letter has nowhere to go"
        );
        match &letter.address {
            Address::Room { room, .. } => self.close_room(letter, room, false).await,
            Address::Alone(handle) => {
                let account = Account {
                    platform,
                    id: handle.clone(),
                };
                let now = self.shared.clock.real();
                if let Err(fault) = routes::account_died(&self.shared.db, &account, now).await {
                    tracing::error!(letter = letter.id, %fault, "a dead route could not be kept");
                }
            }
        }
    }

    /// Nothing is posted there any more, and the administrators hear of it.
    async fn close_room(&self, letter: &Letter, room: &str, open_to_all: bool) {
        let now = self.office_now();
        let closing = rooms::Closing {
            platform: letter.platform,
            room,
            open_to_all,
            closed_at: self.shared.clock.real(),
            now,
            office_day: self.shared.office.calendar.day_of(now),
        };
        match rooms::close(&self.shared.db, &closing).await {
            Ok(_) => self.tell_of_deliveries(),
            Err(fault) => tracing::error!(%fault, "a room could not be closed"),
        }
    }

    /// The same letter to where its place is now.
    async fn moved(&self, letter: &Letter, to: &str) -> Result<Letter, Fault> {
        let db = &self.shared.db;
        let address = match &letter.address {
            Address::Alone(_) => Address::Alone(to.to_owned()),
            Address::Room { room, .. } => {
                self.room_moved(letter.platform, room, to).await?;
                // A message's id is of the old place.
                Address::Room {
                    room: to.to_owned(),
                    message: None,
                }
            }
        };
        if let Some(id) = letter.id {
            store::letters::readdress(db, id, &address).await?;
        }
        Ok(Letter {
            address,
            ..letter.clone()
        })
    }

    /// A shared place has another id from now on.
    pub async fn room_moved(&self, platform: Platform, from: &str, to: &str) -> Result<(), Fault> {
        Ok(rooms::moved(&self.shared.db, platform, from, to).await?)
    }

    async fn letter_is_settled(&self, letter: &Letter) {
        if let Some(id) = letter.id {
            self.shared.sent_letters.lock().await.push(id);
        }
    }

    async fn letter_waits(&self, letter: &Letter, after: Option<Duration>, maybe_sent: bool) {
        let Some(id) = letter.id else {
            return;
        };
        let again = store::letters::Again {
            try_at: self.shared.clock.real() + wait_after(letter.attempts, after),
            maybe_sent,
        };
        // Where this cannot be written down, it is tried again when our time with
        // it has run out.
        if let Err(fault) = store::letters::later(&self.shared.db, id, &again).await {
            tracing::error!(letter = id, %fault, "a letter could not be put back");
        }
    }

    /// Where the chat may have it already, it says so in its reader's language.
    async fn warned(&self, letter: &Letter) -> Letter {
        let mut letter = letter.clone();
        let repeats = self
            .courier(letter.platform)
            .is_some_and(|courier| courier.repeats());
        let may_stand_there = letter.maybe_repeated || (letter.maybe_sent && repeats);
        let Some(person) = letter.person.filter(|_| may_stand_there) else {
            return letter;
        };
        match store::office::person(&self.shared.db, person).await {
            Ok(reader) => {
                let warning = [Piece::Quiet(Phrase::MayBeRepeated)];
                let warned = self.voice(&reader).reply(&warning, &Made::default());
                letter.reply.parts.splice(0..0, warned.parts);
            }
            Err(fault) => tracing::error!(letter = letter.id, %fault, "its reader is not known"),
        }
        letter
    }
}
