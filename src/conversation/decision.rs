//! What was decided: the changes of one message, in one transaction, and what
//! is said to whom.
use super::{dialogue::Question, message::Platform, notice::Notice, piece::Piece, secret::Secret};
use crate::domain::{
    AlarmId, CheckInId, ContactId, HouseholdId, LeaveId, PersonId, RequestId, SaveId,
    alarm::Grade,
    check_in::{NewCheckIn, Taken},
    closed_list,
    contact::Details,
    household::{Code, Facts},
    people::{Language, Role},
    request::{Status, Wish},
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// The outcome of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Decision {
    /// To the sender alone. None: silence.
    pub say: Option<Vec<Piece>>,
    /// What is kept of `say` in its place, where it holds a secret.
    pub kept: Option<Vec<Piece>>,
    /// For all who read a shared place.
    pub aloud: Option<Aloud>,
    /// What the sender is shown to have said: codes and dates, never the words
    /// that were typed.
    pub echo: Option<Vec<Piece>>,
    /// The one household that changes.
    pub change: Option<HouseholdChange>,
    /// Changes that are of no household.
    pub office: Vec<OfficeChange>,
    /// What others are told.
    pub notices: Vec<(Recipient, Notice)>,
    pub dialogue: DialogueChange,
    pub journal: Vec<JournalEntry>,
}

/// What is said in a shared place: of a household code, kind and date, no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aloud {
    /// The platform's own id of the place.
    pub room: String,
    pub pieces: Vec<Piece>,
}

/// To whom a notice goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Recipient {
    Person(PersonId),
    /// The supervisors of the team that are present, else the deputies.
    Supervisors,
}

/// Whether the open question stays.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum DialogueChange {
    #[default]
    Keep,
    Clear,
    Ask(Question),
}

/// What changes in one household. Refused as stale when the household has
/// another version by then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HouseholdChange {
    pub target: Target,
    /// The new facts; their `check_in` is set by `check_in` below.
    pub facts: Facts,
    pub check_in: CheckInChange,
    pub contacts: Vec<ContactChange>,
    pub alarms: Vec<AlarmChange>,
    pub requests: Vec<RequestChange>,
    /// The save that this one takes back.
    pub undoes: Option<SaveId>,
}

/// Which household changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Known {
        id: HouseholdId,
        version: i64,
    },
    /// It is registered now; its facts before it are `Closed`, `Mistaken`.
    New(Code),
}

/// What becomes of the open check-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CheckInChange {
    Keep,
    /// A new one; the old one is done (a contact answered it) or withdrawn.
    Set {
        terms: NewCheckIn,
        old: Ended,
    },
    /// The household is no longer open.
    End,
    /// An undo opens this one again and withdraws the one that stands.
    Restore(Option<CheckInId>),
    /// 「やります」 on the one that stands; the first keeps the supervisor's rung back.
    Take {
        taken: Taken,
        supervisor_from: Option<DateTime<Utc>>,
    },
}

closed_list! {
    /// How a check-in ended.
    pub enum Ended {
        /// A contact or an office check answered it.
        Done,
        /// Another date took its place, the household was closed, or an undo.
        Withdrawn,
    }
}

/// A contact that is recorded, corrected, taken back or brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContactChange {
    Add(Details),
    /// None takes it back.
    Put(ContactId, Option<Details>),
}

/// An alarm that is raised, confirmed, withdrawn or brought back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AlarmChange {
    Raise(Grade),
    /// By the sender, now.
    Confirm(AlarmId),
    /// Whether it stands.
    Put(AlarmId, bool),
}

/// A request that is made or answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestChange {
    Ask(Wish),
    Put(RequestId, Status),
}

/// A change that is of no household.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OfficeChange {
    Leave {
        person: PersonId,
        from: NaiveDate,
        to: NaiveDate,
        cover: Option<PersonId>,
    },
    /// It was entered by mistake.
    CancelLeave(LeaveId),
    /// Who covers the person on these days. A leave that reaches beyond them is
    /// divided; days outside any leave become one.
    Cover {
        person: PersonId,
        from: NaiveDate,
        to: NaiveDate,
        cover: PersonId,
    },
    Language {
        person: PersonId,
        language: Language,
    },
    /// The person may join by a chat with this code, and with no older one.
    Invite { person: PersonId, code: Secret },
    /// Somebody joins the sender's team. Stale where the name is taken by then.
    AddPerson {
        name: String,
        role: Role,
        language: Language,
    },
    /// The person is gone from that day on. Stale where something still hangs on
    /// them by then.
    EndPerson { person: PersonId, from: NaiveDate },
    /// The sender may open the page once with this token.
    PageLink { token: Secret },
    /// When the sender wants the morning's message; None at the opening.
    Morning(Option<NaiveTime>),
    /// On which weekdays the person works; bit 0 is Monday.
    WorkingDays { person: PersonId, days: u8 },
    /// All open households of the one are the other's from now on.
    HandOver { from: PersonId, to: PersonId },
    /// The sender's nudges go there first.
    RouteFirst(Platform),
    /// The sender's team uses that shared place, and no other team does.
    UseRoom { platform: Platform, room: String },
}

/// A line for the journal: who, what, which household; codes only.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalEntry {
    pub what: Deed,
    /// Codes and dates that say more; never free text.
    pub detail: String,
}

closed_list! {
    /// What a journal line tells of.
    pub enum Deed {
        Contact,
        Corrected,
        CheckIn,
        PutOff,
        Undone,
        Registered,
        Paused,
        Resumed,
        Watched,
        CloseAsked,
        Closed,
        TransferAsked,
        TransferConfirmed,
        Received,
        Reopened,
        Assigned,
        Class,
        Flags,
        NotBefore,
        Leave,
        Cover,
        Language,
        Taken,
        AlarmRaised,
        AlarmConfirmed,
        Asked,
        Answered,
        /// An account became a person's.
        Joined,
        /// A name, number or address was typed; no content.
        PersonalData,
        /// A command or button was refused for want of rights.
        Refused,
        /// The office, with its first team and administrator.
        Founded,
        PersonAdded,
        PersonLeft,
        /// A code for joining by a chat was made.
        Invited,
        /// A link to the page was made.
        LinkMade,
        SignedIn,
        /// What the office allows on a platform, with the number of its approval.
        LevelSet,
        /// Staff or households came out of a file.
        Imported,
        /// Every row went into a file.
        Exported,
        /// The office was put back to what a backup held.
        Restored,
        /// A team uses a shared place.
        RoomUsed,
        /// Where somebody's nudges go first.
        RouteFirst,
        /// When somebody wants the morning's message.
        Morning,
        WorkingDays,
        /// All households of somebody went to a colleague.
        HandedOver,
    }
}

/// The ids that a save made, put in the place of [`MADE`] in what is said.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Made {
    pub save: Option<SaveId>,
    /// The last contact added: the main one of a line.
    pub contact: Option<ContactId>,
    /// The check-in that stands after it.
    pub check_in: Option<CheckInId>,
    pub alarm: Option<AlarmId>,
    pub request: Option<RequestId>,
    pub leave: Option<LeaveId>,
    /// Who joined the staff.
    pub person: Option<PersonId>,
}

/// Stands for an id that the save will make.
pub const MADE: i64 = 0;
