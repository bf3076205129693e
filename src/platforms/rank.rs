//! What may wait behind what on its way to a chat.
use crate::engine::Parcel;

/// Whatever stands first goes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    Alarm,
    /// Somebody waits for it.
    Answer,
    /// A nudge, a notice, a message shown anew.
    Unasked,
}

impl Rank {
    pub fn of(parcel: &Parcel) -> Rank {
        match parcel.is_urgent {
            true => Rank::Alarm,
            false => Rank::Unasked,
        }
    }
}
