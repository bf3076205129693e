//! What was said to us alone and could not be read: a word about it, lest its writer
//! take it for recorded. In a shared place it is passed over, as talk is everywhere.
use super::{Desk, choice, dates, log, say, tell};
use crate::conversation::{
    action::Action,
    decision::{Decision, DialogueChange},
    meaning::Meaning,
    message::Level,
    phrase::{ChatLine, Label, Phrase},
    piece::Piece,
    scene::Room,
};

/// The answer to a line that is neither a log nor a command; silence, mostly.
pub fn answer(meaning: &Meaning, desk: &Desk) -> Decision {
    if desk.scene.room != Room::Alone {
        return Decision::default();
    }
    if meaning.is_call {
        return unclear_call();
    }
    if desk.scene.level != Level::Logging {
        return Decision::default();
    }
    match dates::is_day_asked(desk.scene, desk.now) {
        Some(true) => return tell(Phrase::NotADay),
        Some(false) if meaning.day_alone.is_some() => {
            return Decision {
                dialogue: DialogueChange::Clear,
                ..tell(Phrase::QuestionOver)
            };
        }
        Some(false) | None => {}
    }
    match log::waiting_draft(desk).filter(|draft| draft.typed_on == desk.today) {
        // Its household comes first.
        Some(draft) if meaning.day_alone.is_some() => log::which(draft.clone(), desk),
        // A day for which nobody has asked was meant for something.
        _ if meaning.doubtful.is_none() && meaning.day_alone.is_some() => {
            tell(Phrase::Chat(ChatLine::NotRead))
        }
        _ => log::in_doubt(meaning, desk),
    }
}

/// A command of ours without what it needs, or none of ours.
fn unclear_call() -> Decision {
    say(vec![
        Piece::Line(Phrase::Chat(ChatLine::UnclearCall)),
        Piece::Choices(vec![choice(Label::Help, Action::Help)]),
    ])
}
