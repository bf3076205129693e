//! How a chat hands a message over: taken, or turned away, or answered that it
//! could not be recorded. One bad message stops no other. And how far each place
//! has been taken.
use super::{Engine, Fault, answer::Answered, courier::Letter, letters};
use crate::{
    conversation::{
        decide::joining,
        decision::Made,
        message::{Incoming, Platform},
        phrasing::Voice,
        piece::Piece,
    },
    domain::people::Language,
    store,
};
use futures_util::FutureExt;
use std::panic::AssertUnwindSafe;

pub use crate::store::cursors::{Begun, Cursor};

impl Engine {
    /// Takes one message of a chat. When this returns, what was said is on disk
    /// with its answer, and the letters that bring the answer are to be given to
    /// [`Engine::send`]. The same key again changes nothing. An error is
    /// transient: the same again, later.
    pub async fn take(&self, incoming: Incoming) -> Result<Vec<Letter>, Fault> {
        // What was answered stands, whatever happens after it.
        let mut answered = Vec::new();
        let taking = AssertUnwindSafe(self.take_in(&incoming, &mut answered)).catch_unwind();
        let taken = taking.await;
        let is_first = answered.is_empty();
        let mut letters: Vec<Letter> = answered
            .into_iter()
            .flat_map(|Answered { letters, .. }| letters)
            .collect();
        let (platform, key) = (incoming.place.platform.code(), incoming.key.as_str());
        match taken {
            Ok(Ok(())) => return Ok(letters),
            Ok(Err(fault)) if fault.is_transient() => {
                // The same again finds these recorded, and does not answer them.
                self.send(letters).await;
                return Err(fault);
            }
            Ok(Err(Fault::Stranger)) => letters.extend(self.turn_away(&incoming)),
            Ok(Err(fault)) => {
                tracing::error!(platform, key, %fault, "a message could not be recorded");
                letters.extend(self.could_not_record(&incoming, is_first));
            }
            Err(_) => {
                tracing::error!(platform, key, "a message made us panic");
                letters.extend(self.could_not_record(&incoming, is_first));
            }
        }
        Ok(letters)
    }

    /// Every place that is read, of a platform that does not deliver again.
    pub async fn cursors(&self, platform: Platform) -> Result<Vec<Cursor>, Fault> {
        Ok(store::cursors::all(&self.shared.db, platform).await?)
    }

    /// Where reading begins without a cursor.
    pub async fn begun(&self, platform: Platform) -> Result<Begun, Fault> {
        Ok(store::cursors::begun(&self.shared.db, platform).await?)
    }

    /// The place has been read so far; only after [`Engine::take`] has put down
    /// what is passed.
    pub async fn move_cursor(&self, platform: Platform, cursor: &Cursor) -> Result<(), Fault> {
        Ok(store::cursors::put(&self.shared.db, platform, cursor).await?)
    }

    /// The place cannot be read any more.
    pub async fn forget_cursor(&self, platform: Platform, place: &str) -> Result<(), Fault> {
        Ok(store::cursors::forget(&self.shared.db, platform, place).await?)
    }

    async fn take_in(
        &self,
        incoming: &Incoming,
        answered: &mut Vec<Answered>,
    ) -> Result<(), Fault> {
        match self.came_in(incoming).await? {
            Some(answer) => answered.push(answer),
            None => self.answer_parts(incoming, answered).await?,
        }
        Ok(())
    }

    fn could_not_record(&self, incoming: &Incoming, is_first: bool) -> Option<Letter> {
        self.in_both_languages(incoming, &joining::could_not_record(!is_first))
    }

    /// To somebody whose language we do not know; not kept.
    pub(super) fn in_both_languages(
        &self,
        incoming: &Incoming,
        pieces: &[Piece],
    ) -> Option<Letter> {
        let today = self.shared.office.calendar.day_of(self.office_now());
        let [mut reply, more] = [Language::Japanese, Language::English]
            .map(|language| Voice { language, today }.reply(pieces, &Made::default()));
        reply.parts.extend(more.parts);
        letters::alone_to(incoming, reply)
    }
}
