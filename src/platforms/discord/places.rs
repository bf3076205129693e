//! What waits to be taken, place by place: in the order in which it was said, as
//! much as we can hold, and from where each place has still to be read.
use super::translate::{Asked, Spot};
use serenity::all::{Message, MessageUpdateEvent};
use std::collections::{BTreeMap, HashMap};

/// Events of one place that wait; of more, what was typed is read again later.
const WAITING_MAX: usize = 256;

/// Something that was said.
#[derive(Debug)]
pub enum Event {
    Message(Box<Message>),
    Edit(Box<MessageUpdateEvent>),
    Asked(Box<Asked>),
}

/// When something was said: by its id, which holds the instant, and the message
/// that it is about.
pub type Order = (u64, u64);

/// All places in which something waits, or that are read after an absence.
#[derive(Debug, Default)]
pub struct Places {
    known: HashMap<Spot, Waiting>,
}

#[derive(Debug, Default)]
struct Waiting {
    events: BTreeMap<Order, Event>,
    /// What was typed after this message has still to be read.
    behind: Option<u64>,
    /// The newest message that was taken, where the place is read after an absence.
    seen: Option<u64>,
    /// Something before the newest could not be read: what was seen stays where it
    /// is until the next absence, and all after it is read then.
    is_broken: bool,
    is_worked_on: bool,
}

/// What a place's worker does next.
#[derive(Debug)]
pub enum Next {
    /// Reads what was typed after that message.
    Read(u64),
    Take(Event),
    /// Nothing waits: the worker has left.
    Leave,
}

impl Places {
    /// Puts an event where it belongs. True: the place needs a worker.
    ///
    /// Where too much waits, a message is left to be read later, and the rest is
    /// dropped: whoever pressed sees that nothing came.
    pub fn push(&mut self, spot: Spot, order: Order, event: Event) -> bool {
        let waiting = self.known.entry(spot).or_default();
        if waiting.events.len() < WAITING_MAX {
            waiting.events.insert(order, event);
        } else if let Event::Message(message) = &event {
            let before = message.id.get() - 1;
            waiting.behind = Some(waiting.behind.map_or(before, |known| known.min(before)));
            tracing::warn!(channel = %spot.channel(), "a channel is read again later");
        } else {
            tracing::warn!(channel = %spot.channel(), "an event was dropped");
        }
        !std::mem::replace(&mut waiting.is_worked_on, true)
    }

    /// The place was read up to that message before an absence. True: the place
    /// needs a worker.
    pub fn was_away(&mut self, spot: Spot, seen: u64) -> bool {
        let waiting = self.known.entry(spot).or_default();
        let seen = waiting.seen.map_or(seen, |known| known.max(seen));
        waiting.seen = Some(seen);
        waiting.is_broken = false;
        waiting.behind = Some(waiting.behind.map_or(seen, |known| known.min(seen)));
        !std::mem::replace(&mut waiting.is_worked_on, true)
    }

    /// What the place's worker is to do.
    pub fn next(&mut self, spot: Spot) -> Next {
        let Some(waiting) = self.known.get_mut(&spot) else {
            return Next::Leave;
        };
        if let Some(after) = waiting.behind.take() {
            return Next::Read(after);
        }
        if let Some((_, event)) = waiting.events.pop_first() {
            return Next::Take(event);
        }
        waiting.is_worked_on = false;
        if waiting.seen.is_none() {
            self.known.remove(&spot);
        }
        Next::Leave
    }

    /// A message of the place was taken. `starts`: it is read after an absence from
    /// now on. The new cursor, if it moved.
    pub fn took(&mut self, spot: Spot, message: u64, starts: bool) -> Option<u64> {
        let waiting = self.known.entry(spot).or_default();
        let is_newer = match waiting.seen {
            None => starts,
            Some(seen) => message > seen && !waiting.is_broken,
        };
        is_newer.then(|| *waiting.seen.insert(message))
    }

    /// Something was taken there that is no message: the place is read after an
    /// absence from now on. The new cursor, if it is the first.
    pub fn begins(&mut self, spot: Spot, at: u64) -> Option<u64> {
        let waiting = self.known.entry(spot).or_default();
        waiting.seen.is_none().then(|| *waiting.seen.insert(at))
    }

    /// The place could not be read, and nobody knows why.
    pub fn broke(&mut self, spot: Spot) {
        self.known.entry(spot).or_default().is_broken = true;
    }

    /// The place cannot be read any more.
    pub fn gone(&mut self, spot: Spot) {
        if let Some(waiting) = self.known.get_mut(&spot) {
            waiting.seen = None;
            waiting.behind = None;
        }
    }

    /// Only what cannot be read again stays: interactions.
    pub fn drops_messages(&mut self, spot: Spot) {
        if let Some(waiting) = self.known.get_mut(&spot) {
            waiting
                .events
                .retain(|_, event| matches!(event, Event::Asked(_)));
            waiting.behind = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Places;
    use crate::platforms::discord::translate::Spot;
    use serenity::all::ChannelId;

    const ROOM: Spot = Spot::Room(ChannelId::new(3_000));

    #[test]
    fn a_place_is_read_from_the_first_that_was_taken_there_on() {
        let mut places = Places::default();
        assert_eq!(places.took(ROOM, 5, false), None);
        assert_eq!(places.begins(ROOM, 6), Some(6));
        assert_eq!(places.begins(ROOM, 8), None);
        assert_eq!(places.took(ROOM, 7, false), Some(7));
        assert_eq!(places.took(ROOM, 6, true), None);
    }

    #[test]
    fn what_could_not_be_read_is_not_passed() {
        let mut places = Places::default();
        places.was_away(ROOM, 5);
        places.broke(ROOM);
        assert_eq!(places.took(ROOM, 9, true), None);
        places.was_away(ROOM, 5);
        assert_eq!(places.took(ROOM, 6, false), Some(6));
    }
}
