//! Shared places: who may use one, what all its readers see; messages that were
//! typed anew, and where nudges go first.
use super::{Desk, Heard, choice, refuse, say, tell};
use crate::{
    conversation::{
        action::Action,
        decision::{
            Aloud, CheckInChange, ContactChange, Decision, Deed, DialogueChange, HouseholdChange,
            JournalEntry, OfficeChange, Target,
        },
        dialogue::Question,
        message::{Platform, Readers},
        phrase::{Acknowledged, ChatLine, Label, Phrase, StaffLine},
        piece::{Choice, Piece},
        scene::{Pressed, Room, Save, Staffing},
    },
    domain::{
        ContactId,
        check_in::{NewCheckIn, Why},
        contact::Details,
        household::Code,
        people::Role,
    },
};

/// A free line in a place that no team uses is not for us. What is called by a
/// command there is.
pub fn is_overheard(heard: &Heard, desk: &Desk) -> bool {
    let is_free = match heard {
        Heard::Line(meaning) => !meaning.is_call,
        Heard::Code(_) => true,
        Heard::Press(_)
        | Heard::Form(..)
        | Heard::Edited(_)
        | Heard::Setup(_)
        | Heard::Forged
        | Heard::Unreadable => false,
    };
    is_free && desk.scene.room == Room::Unregistered
}

/// What all who read the team's own place may know of a contact or a date: code,
/// kind and date. A date that an alarm has set would tell of it.
pub fn acknowledged(decision: &Decision, desk: &Desk) -> Option<Aloud> {
    let room = desk.room()?;
    let of_own_team = Room::Of {
        team: desk.scene.sender.team,
        is_open: true,
    };
    if desk.scene.room != of_own_team {
        return None;
    }
    let change = decision.change.as_ref()?;
    let what = match (main_contact(change), &change.check_in) {
        (Some(contact), _) => Acknowledged::Contact(contact.kind),
        (None, CheckInChange::Set { terms, .. }) if is_said(terms) => Acknowledged::Date,
        (None, _) => return None,
    };
    let next = standing_after(change, desk).filter(|terms| !terms.why.raises_alarm());
    let line = ChatLine::Acknowledged {
        code: code_of(change, desk)?,
        what,
        next: next.map(|terms| (terms.purpose, terms.window.on)),
    };
    Some(Aloud {
        room: room.to_owned(),
        pieces: vec![Piece::Line(Phrase::Chat(line))],
    })
}

/// The contact of a line that was added last: its main one.
fn main_contact(change: &HouseholdChange) -> Option<&Details> {
    let mut newest_first = change.contacts.iter().rev();
    newest_first.find_map(|change| match change {
        ContactChange::Add(details) => Some(details),
        ContactChange::Put(..) => None,
    })
}

fn is_said(terms: &NewCheckIn) -> bool {
    matches!(terms.why, Why::Said | Why::Chosen)
}

fn standing_after<'a>(change: &'a HouseholdChange, desk: &'a Desk) -> Option<&'a NewCheckIn> {
    match &change.check_in {
        CheckInChange::Set { terms, .. } => Some(terms),
        CheckInChange::Keep | CheckInChange::Take { .. } => {
            let file = desk.scene.file.as_ref()?;
            file.check_in.as_ref().map(|check_in| &check_in.terms)
        }
        CheckInChange::End | CheckInChange::Restore(_) => None,
    }
}

fn code_of(change: &HouseholdChange, desk: &Desk) -> Option<Code> {
    match &change.target {
        Target::New(code) => Some(code.clone()),
        Target::Known { .. } => {
            let file = desk.scene.file.as_ref()?;
            Some(file.household.code.clone())
        }
    }
}

/// `setup`: who can read the place is said before the team uses it.
pub fn set_up(readers: Readers, desk: &Desk) -> Decision {
    if desk.scene.sender.role != Role::Admin {
        return refuse(Phrase::Staff(StaffLine::AdminsOnly), None);
    }
    let Some(room) = desk.room() else {
        return tell(Phrase::Chat(ChatLine::NotARoom));
    };
    let count = match readers {
        Readers::Everyone => return tell(Phrase::Chat(ChatLine::RoomIsOpenToAll)),
        Readers::Members(count) => count,
    };
    let line = |line| Piece::Line(Phrase::Chat(line));
    let mut pieces = vec![line(ChatLine::RoomReaders { count })];
    let own = desk.scene.sender.team;
    if matches!(desk.scene.room, Room::Of { team, .. } if team != own) {
        pieces.push(line(ChatLine::RoomMoves));
    }
    pieces.push(Piece::Quiet(Phrase::Chat(ChatLine::RoomShowsLittle)));
    pieces.push(Piece::Choices(vec![
        choice(Label::UseRoom, Action::UseRoom(desk.now.timestamp())),
        choice(Label::Never, Action::Never),
    ]));
    let question = Question::Room {
        room: room.to_owned(),
    };
    Decision {
        dialogue: DialogueChange::Ask(question),
        ..say(pieces)
    }
}

/// このチームで使う, to the question that was asked at that second.
pub fn use_room(asked: i64, desk: &Desk) -> Decision {
    if desk.scene.sender.role != Role::Admin {
        return refuse(Phrase::Staff(StaffLine::AdminsOnly), None);
    }
    let dialogue = desk.scene.dialogue.as_ref();
    let dialogue = dialogue.filter(|now| now.asked_at.timestamp() == asked);
    let (Some(Question::Room { room }), Some(place)) =
        (dialogue.map(|now| &now.question), &desk.arrival.place)
    else {
        return tell(Phrase::QuestionOver);
    };
    let platform = place.platform;
    Decision {
        office: vec![OfficeChange::UseRoom {
            platform,
            room: room.clone(),
        }],
        aloud: Some(Aloud {
            room: room.clone(),
            pieces: vec![Piece::Line(Phrase::Chat(ChatLine::RoomBegins))],
        }),
        dialogue: DialogueChange::Clear,
        journal: vec![JournalEntry {
            what: Deed::RoomUsed,
            detail: format!("{} {room}", platform.code()),
        }],
        ..tell(Phrase::Chat(ChatLine::RoomUsed))
    }
}

/// A message that was typed anew changes nothing; where it has made a contact that
/// still stands, its writer may.
pub fn edited(desk: &Desk) -> Decision {
    let (Pressed::Save(save), Some(file)) = (&desk.scene.pressed, &desk.scene.file) else {
        return Decision::default();
    };
    let is_own = save.person == desk.sender() && save.undone_by.is_none();
    let Some((contact, details)) = contact_of(save).filter(|_| is_own) else {
        return Decision::default();
    };
    let now = file.recent.iter().find(|recent| recent.id == contact);
    let kept = Phrase::RecordedAlready {
        code: file.household.code.clone(),
        contact: now.map_or(details, |now| &now.details).clone(),
    };
    let redate = file
        .check_in
        .as_ref()
        .map(|check_in| choice(Label::Redate, Action::Redate(check_in.id)));
    let correct = choice(Label::Correct, Action::Correct(contact));
    say(vec![
        Piece::Line(Phrase::Chat(ChatLine::Edited)),
        Piece::Line(kept),
        Piece::Choices(std::iter::once(correct).chain(redate).collect()),
    ])
}

/// The main contact that a save has added.
fn contact_of(save: &Save) -> Option<(ContactId, &Details)> {
    let mut newest_first = save.made.contacts.iter().rev();
    newest_first.find_map(|(id, before, after)| match (before, after) {
        (None, Some(after)) => Some((*id, after)),
        _ => None,
    })
}

/// お知らせは○○へ: the page stays behind every chat.
pub fn route_first(platform: Platform, desk: &Desk) -> Decision {
    if !own_chats(desk).contains(&platform) {
        return tell(Phrase::Chat(ChatLine::NoRoute { platform }));
    }
    Decision {
        office: vec![OfficeChange::RouteFirst(platform)],
        journal: vec![JournalEntry {
            what: Deed::RouteFirst,
            detail: platform.code().to_owned(),
        }],
        ..tell(Phrase::Chat(ChatLine::RouteSet { platform }))
    }
}

/// Which of the chats shall it be?
pub fn ask_route(desk: &Desk) -> Decision {
    let chats = own_chats(desk);
    if chats.is_empty() {
        return tell(Phrase::Chat(ChatLine::NoChat));
    }
    say(vec![
        Piece::Line(Phrase::Chat(ChatLine::WhichRoute)),
        Piece::Choices(route_choices(&chats)),
    ])
}

/// A button a chat: nudges go there first.
pub fn route_choices(chats: &[Platform]) -> Vec<Choice> {
    let button = |chat: &Platform| choice(Label::RouteFirst(*chat), Action::RouteFirst(*chat));
    chats.iter().map(button).collect()
}

/// The chats in which the sender is reached.
pub(super) fn own_chats(desk: &Desk) -> Vec<Platform> {
    let Staffing::Routes(routes) = &desk.scene.staffing else {
        return Vec::new();
    };
    let own = routes.get(&desk.sender()).into_iter().flatten();
    own.copied()
        .filter(|platform| *platform != Platform::Page)
        .collect()
}

impl Desk<'_> {
    /// Others read what is said there.
    pub(super) fn is_in_a_room(&self) -> bool {
        self.room().is_some()
    }

    /// The platform's own id of the shared place in which it was said.
    fn room(&self) -> Option<&str> {
        self.arrival.place.as_ref()?.room.as_deref()
    }
}
