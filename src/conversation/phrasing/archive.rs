//! What the commands say that back up, restore, export and take in.
use super::{english, japanese};
use crate::{conversation::archive::Told, domain::people::Language};

/// One line or a few; a question without the end of its line.
pub fn say(told: &Told, language: Language) -> String {
    match language {
        Language::Japanese => japanese::archive::say(told),
        Language::English => english::archive::say(told),
    }
}
