//! Answers in a chat: each is a letter, put down with what it answers, sent at
//! once, and again until the platform has taken it.
use super::{
    Answered, Engine, Fault,
    courier::{Address, Letter, SendError},
    deliver::wait_after,
};
use crate::{
    conversation::{
        decision::Made,
        message::{Incoming, Reply},
        phrase::Phrase,
        phrasing::Voice,
        piece::Piece,
    },
    domain::{PersonId, people::Language},
    store,
};
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// Whoever sends a letter has it for so long.
const SENDING_SECONDS: i64 = 60;

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
    let alone = alone.map(|reply| (Address::Alone(answer_to.alone.clone()), reply));
    let aloud = aloud.map(|(room, reply)| {
        // Elsewhere there is no such message.
        let was_said_there = incoming.place.room.as_ref() == Some(&room);
        let message = answer_to.message.clone().filter(|_| was_said_there);
        (Address::Room { room, message }, reply)
    });
    let letter = |(address, reply)| Letter {
        id: None,
        platform: incoming.place.platform,
        address,
        person: Some(person),
        reply,
        attempts: 0,
        maybe_sent: false,
    };
    aloud.into_iter().chain(alone).map(letter).collect()
}

impl Engine {
    /// Takes one message of a chat. When this returns, what was said is on disk
    /// with its answer, and the letters that bring the answer are to be given to
    /// [`Engine::send`]. The same key again changes nothing.
    pub async fn take(&self, incoming: Incoming) -> Result<Vec<Letter>, Fault> {
        self.answer(incoming)
            .await
            .map(|Answered { letters, .. }| letters)
    }

    /// Sends letters one after another; what cannot be sent now is tried again
    /// later.
    pub async fn send(&self, letters: Vec<Letter>) {
        for letter in letters {
            self.send_one(letter).await;
        }
    }

    /// Sends what others have left; how many were tried.
    pub async fn send_waiting(&self) -> Result<usize, Fault> {
        self.settle_letters().await?;
        let now = self.shared.clock.real();
        let found = store::letters::claim(&self.shared.db, now, self.letters_until()).await?;
        for (letter, fault) in &found.broken {
            tracing::error!(letter, %fault, "a letter cannot be read");
        }
        let tried = found.rows.len();
        self.send(found.rows).await;
        self.settle_letters().await?;
        Ok(tried)
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

    async fn send_one(&self, letter: Letter) {
        let letter = self.warned(letter);
        let posted = match self.courier(letter.platform) {
            Some(courier) => {
                let posting = tokio::time::timeout(self.shared.patience, courier.post(&letter));
                posting.await.unwrap_or(Err(SendError::Unknown))
            }
            None => Err(SendError::Later { after: None }),
        };
        match posted {
            Ok(()) => self.letter_is_settled(&letter).await,
            Err(SendError::Later { after }) => self.letter_waits(&letter, after, false).await,
            Err(SendError::Unknown) => self.letter_waits(&letter, None, true).await,
            Err(SendError::Gone | SendError::Moved { .. }) => {
                tracing::warn!(
                    letter = letter.id,
                    platform = letter.platform.code(),
                    "an answer has nowhere to go"
                );
                self.letter_is_settled(&letter).await;
            }
        }
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

    /// Where the chat may have it already, it says so.
    fn warned(&self, mut letter: Letter) -> Letter {
        let repeats = self
            .courier(letter.platform)
            .is_some_and(|courier| courier.repeats());
        if letter.maybe_sent && repeats {
            let voice = Voice {
                language: Language::Japanese,
                today: self.shared.office.calendar.day_of(self.office_now()),
            };
            let warning = [Piece::Quiet(Phrase::MayBeRepeated)];
            let warned = voice.reply(&warning, &Made::default());
            letter.reply.parts.splice(0..0, warned.parts);
        }
        letter
    }
}
