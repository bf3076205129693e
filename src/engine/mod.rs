//! Answers messages, keeps lists and the office's clock: what platforms may ask.
use crate::{
    conversation::message::{Incoming, Place, Reply},
    domain::{ContactId, PersonId, household::Code, people::Person},
};
use chrono::NaiveDateTime;
use tokio::sync::broadcast;

/// The most exchanges that [`Engine::history`] gives.
pub const HISTORY_MAX: usize = 50;
/// The most rows that [`Engine::board`] gives.
pub const BOARD_MAX: usize = 200;

/// The engine as platforms see it.
#[derive(Clone)]
pub struct Engine {
    changes: broadcast::Sender<Changed>,
}

/// What became of one message.
#[derive(Debug, Clone)]
pub struct Answered {
    /// None is silence: nothing was kept.
    pub reply: Option<Reply>,
    /// What the person said, normalised.
    pub echo: Option<String>,
}

/// One message and its answer, or a nudge alone.
#[derive(Debug, Clone)]
pub struct Exchange {
    pub id: i64,
    /// The office's wall clock.
    pub at: NaiveDateTime,
    /// What the person said, normalised.
    pub echo: Option<String>,
    pub reply: Option<Reply>,
}

/// Which households the board shows.
#[derive(Debug, Clone, Default)]
pub struct BoardFilter {
    pub nurse: Option<PersonId>,
    /// A code or its beginning, as typed.
    pub code: Option<String>,
    /// Going on after this household.
    pub after: Option<Code>,
}

/// The conversation of that person changed; None: of everybody.
#[derive(Debug, Clone, Copy)]
pub struct Changed {
    pub person: Option<PersonId>,
}

/// How far the office's clock is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Move {
    Day,
    Week,
    NextNudge,
}

/// The engine could not do it now; nothing was half done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the store does not answer")]
    Store,
}

impl Default for Engine {
    fn default() -> Engine {
        let (changes, _) = broadcast::channel(64);
        Engine { changes }
    }
}

impl Engine {
    pub async fn answer(&self, _incoming: Incoming) -> Result<Answered, Fault> {
        Ok(Answered {
            reply: None,
            echo: None,
        })
    }

    pub async fn history(
        &self,
        _place: &Place,
        _before: Option<i64>,
    ) -> Result<Vec<Exchange>, Fault> {
        Ok(Vec::new())
    }

    pub async fn people(&self) -> Result<Vec<Person>, Fault> {
        Ok(Vec::new())
    }

    pub async fn board(&self, _viewer: PersonId, _filter: &BoardFilter) -> Result<Reply, Fault> {
        Ok(Reply::default())
    }

    pub async fn sheet(
        &self,
        _viewer: PersonId,
        _code: &Code,
        _before: Option<ContactId>,
    ) -> Result<Option<Reply>, Fault> {
        Ok(None)
    }

    pub async fn coming(&self, _viewer: PersonId) -> Result<Reply, Fault> {
        Ok(Reply::default())
    }

    pub async fn supervision(&self, _viewer: PersonId) -> Result<Option<Reply>, Fault> {
        Ok(None)
    }

    pub fn subscribe(&self) -> broadcast::Receiver<Changed> {
        self.changes.subscribe()
    }

    pub async fn now(&self) -> NaiveDateTime {
        NaiveDateTime::default()
    }

    pub async fn move_clock(&self, _to: Move) -> Result<NaiveDateTime, Fault> {
        Ok(NaiveDateTime::default())
    }
}
