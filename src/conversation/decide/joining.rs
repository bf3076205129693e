//! Who comes in: strangers, who may be residents, and people of the office with
//! their join codes; and what is said when we have made a mistake.
use super::{Desk, Office, chat, choice, say, tell};
use crate::conversation::{
    action::Action,
    decision::{Decision, Deed, JournalEntry},
    meaning::Span,
    message::{Level, Platform},
    phrase::{ChatLine, Label, Outside, Phrase},
    piece::Piece,
};

/// The one message for strangers, whatever they have typed.
pub fn for_strangers(office: &Office) -> Vec<Piece> {
    let counselling = Outside::Counselling {
        at: office.counselling.clone(),
    };
    [Outside::StaffOnly, counselling, Outside::SendTheCode]
        .map(|line| Piece::Line(Phrase::Outside(line)))
        .into()
}

/// We could not record it; whether other parts of the message are recorded.
pub fn could_not_record(in_part: bool) -> Vec<Piece> {
    vec![Piece::Line(Phrase::Outside(Outside::CouldNotRecord {
        in_part,
    }))]
}

/// To a team, about one of them whom nothing reaches; without a code.
pub fn check_routes(name: String) -> Vec<Piece> {
    vec![Piece::Line(Phrase::Outside(Outside::CheckRoutes { name }))]
}

/// The sender has just joined there. With a second chat they say where nudges go
/// first.
pub fn joined(platform: Platform, team: String, desk: &Desk) -> Decision {
    let sender = &desk.scene.sender;
    let welcome = Outside::Joined {
        name: sender.name.clone(),
        team,
        role: sender.role,
    };
    let plans = Label::Upcoming(Span::ThisWeek);
    let plans = choice(plans, Action::Upcoming(Span::ThisWeek));
    // Where news alone is told, there is no list.
    let plans = (desk.scene.level != Level::Notice).then_some(plans);
    let help = choice(Label::Help, Action::Help);
    let buttons = plans.into_iter().chain([help]).collect();
    let mut pieces = vec![
        Piece::Line(Phrase::Outside(welcome)),
        Piece::Choices(buttons),
    ];
    let chats = chat::own_chats(desk);
    if chats.len() > 1 {
        pieces.push(Piece::Line(Phrase::Chat(ChatLine::WhichRoute)));
        pieces.push(Piece::Choices(chat::route_choices(&chats)));
    }
    Decision {
        journal: vec![JournalEntry {
            what: Deed::Joined,
            detail: platform.code().to_owned(),
        }],
        ..say(pieces)
    }
}

/// Somebody of the office has sent a code; it is not even looked at.
pub fn joined_already(desk: &Desk) -> Decision {
    tell(Phrase::Outside(Outside::JoinedAlready {
        name: desk.sender_name(),
    }))
}
