//! All that one message needs to know, gathered in one bounded read.
use super::{
    dialogue::Dialogue,
    message::{Account, Level, Place, Platform},
};
use crate::domain::{
    AlarmId, CheckInId, ContactId, HouseholdId, LeaveId, PersonId, RequestId, SaveId, TeamId,
    alarm::Alarm,
    check_in::{CheckIn, NewCheckIn},
    contact::{Contact, Details},
    household::{Code, Facts, Household},
    people::{Person, Roster},
    request::{Request, Status},
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What to gather.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub from: Account,
    pub place: Place,
    /// The office's day.
    pub today: NaiveDate,
    pub subject: Option<Subject>,
    /// The sender's newest save and leave in this place are to be taken back.
    pub undoes: bool,
    pub list: Option<List>,
    /// The message's own, where it may have been answered before.
    pub key: Option<String>,
}

/// Which household, and by what it was named.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    Code(Code),
    CheckIn(CheckInId),
    Contact(ContactId),
    Save(SaveId),
    Alarm(AlarmId),
    Request(RequestId),
    /// That of the sender's newest save in this place.
    NewestSave,
    /// That of the save which the message with this key made.
    SaidAs(String),
}

/// A list of households with their open check-ins, at most [`LIST_MAX`] of
/// them, those of the sender's team.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum List {
    /// `due_on` between the two days and not past its window, ordered by
    /// `due_on` and code; of one nurse (main, second, or covering today), or of
    /// the whole team. What is past its window is counted alone.
    Coming {
        from: NaiveDate,
        to: NaiveDate,
        of: Option<PersonId>,
    },
    /// `due_by` before today; those with an unconfirmed alarm first, then the
    /// latest first, then by code; going on after the given check-in.
    Overdue {
        of: Option<PersonId>,
        after: Option<CheckInId>,
    },
    /// No rows: how much falls due in somebody's absence, of one main nurse or
    /// of the whole team, in [`Scene::shares`].
    Absence {
        from: NaiveDate,
        to: NaiveDate,
        of: Option<PersonId>,
    },
    /// The contacts of the subject before this one, newest first.
    Course { before: Option<ContactId> },
    /// No rows: something about the staff, in [`Scene::staffing`].
    Staff(Query),
}

/// What is asked about the staff.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Query {
    /// Where each of the team is reached.
    Routes,
    /// Whether somebody of the office is called so.
    Namesake(String),
    /// What still hangs on somebody who would be gone from that day on.
    Holds { person: PersonId, from: NaiveDate },
}

/// The answer to a [`Query`].
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Staffing {
    #[default]
    NotAsked,
    /// The platforms on which each is reached, first ones first.
    Routes(BTreeMap<PersonId, Vec<Platform>>),
    Namesake(bool),
    /// What still hangs on somebody.
    Holds(Holds),
}

/// What still hangs on somebody.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holds {
    /// Open households of which they are main nurse, by code.
    pub main: Vec<Code>,
    /// And second nurse.
    pub second: Vec<Code>,
    /// Nobody else could administer the office.
    pub is_last_admin: bool,
}

/// Who reads what was said, beside the sender.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Room {
    /// Nobody: it was said to us alone.
    #[default]
    Alone,
    /// A shared place that no team uses.
    Unregistered,
    /// A shared place of that team.
    Of {
        team: TeamId,
        /// Nothing is posted to one that everybody could read.
        is_open: bool,
    },
}

/// No list is longer; pages go on by key.
pub const LIST_MAX: usize = 50;

/// What was gathered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scene {
    pub sender: Person,
    /// What the office allows where it was said; all of it on the page.
    pub level: Level,
    /// The message was answered before.
    pub is_answered: bool,
    /// The account was given up, for nothing had arrived there, and is used again.
    pub returned: bool,
    /// The sender's team, with the leaves that end today or later.
    pub roster: Roster,
    /// The household that the message is about; None if there is none, or none
    /// of the sender's team with that code.
    pub file: Option<File>,
    /// Open households that may have been meant: with a code given and
    /// unknown, those of the team with the most similar number; with none
    /// given, the sender's own by `due_on`. At most four.
    pub suggestions: Vec<Brief>,
    pub dialogue: Option<Dialogue>,
    /// The sender's newest save in this place, where it was wanted.
    pub newest_save: Option<Save>,
    /// The leave that the sender has entered in this place since that save,
    /// where it was wanted.
    pub newest_leave: Option<LeaveId>,
    /// The row that a press names.
    pub pressed: Pressed,
    pub list: Vec<Brief>,
    /// How many rows the list has in all; `list` may be a part.
    pub list_total: i64,
    /// How many more fall between the days of [`List::Coming`] and are past
    /// their window.
    pub list_overdue: i64,
    /// What [`List::Absence`] asks for.
    pub shares: Vec<Share>,
    /// The contacts asked for by [`List::Course`], at most [`LIST_MAX`].
    pub course: Vec<Contact>,
    /// What [`List::Staff`] asks for.
    pub staffing: Staffing,
    pub room: Room,
    /// With [`List::Overdue`] alone.
    pub tally: Tally,
}

impl Scene {
    /// A reader of a delivery, who has said nothing.
    pub fn of_reader(reader: Person, roster: Roster, tally: Tally) -> Scene {
        Scene {
            sender: reader,
            level: Level::Logging,
            is_answered: false,
            returned: false,
            roster,
            file: None,
            suggestions: Vec::new(),
            dialogue: None,
            newest_save: None,
            newest_leave: None,
            pressed: Pressed::Nothing,
            list: Vec::new(),
            list_total: 0,
            list_overdue: 0,
            shares: Vec::new(),
            course: Vec::new(),
            staffing: Staffing::NotAsked,
            room: Room::Alone,
            tally,
        }
    }
}

/// Counts over the sender's team.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Open households.
    pub open: i64,
    /// Those of them without an open check-in: the schema refuses them, and they
    /// are counted all the same.
    pub unscheduled: i64,
    /// Open households with `due_by` before today.
    pub overdue: i64,
}

/// How many open households of one main and second nurse fall due until the
/// last day of an absence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Share {
    pub main: Option<PersonId>,
    pub second: Option<PersonId>,
    /// Appointments until its first day, overdue ones too.
    pub appointments: i64,
    /// All others until its first day.
    pub others: i64,
    /// After its first day.
    pub later: i64,
}

impl Share {
    /// Until the first day of the absence.
    pub fn due_now(&self) -> i64 {
        self.appointments + self.others
    }
}

/// The row that a press names, as it stands now.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Pressed {
    #[default]
    Nothing,
    /// Open or not.
    CheckIn {
        check_in: CheckIn,
        open: bool,
    },
    /// Taken back contacts are not found.
    Contact(Contact),
    Save(Save),
    Alarm {
        alarm: Alarm,
        withdrawn: bool,
    },
    Request(Request),
    /// There is no such row.
    Gone,
    /// It is another team's, as is the household with the code that was said:
    /// the sender is told no more than of what is not there.
    Theirs(Option<Code>),
}

/// A household with what is needed to decide about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub household: Household,
    /// The open check-in.
    pub check_in: Option<CheckIn>,
    /// The newest contacts first, at most 20; taken back ones are left out.
    pub recent: Vec<Contact>,
    /// Over all contacts.
    pub counts: Counts,
    /// Unconfirmed and not withdrawn.
    pub alarms: Vec<Alarm>,
    /// Open ones.
    pub requests: Vec<Request>,
    /// Calendar days between the newest contact and the `due_on` that it led to.
    pub last_gap_days: Option<i64>,
}

/// Counts over all contacts of a household.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts {
    pub contacts: i64,
    /// Letters sent.
    pub letters: i64,
    /// Contacts that left a card behind.
    pub cards: i64,
    /// Contacts with the outcome linked.
    pub linked: i64,
}

/// A household in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    pub household: Household,
    /// None only for households that are not open.
    pub check_in: Option<CheckIn>,
    /// The newest contact.
    pub last: Option<Contact>,
    /// An alarm is unconfirmed.
    pub alarm: bool,
}

/// All that one message changed in one household; its undo is the same save
/// with before and after exchanged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Save {
    pub id: SaveId,
    pub household: HouseholdId,
    pub person: PersonId,
    pub at: DateTime<Utc>,
    /// The household's version after it.
    pub version: i64,
    pub made: Traces,
    /// The terms of the check-in that stood before it, for the words of an undo.
    pub restores: Option<NewCheckIn>,
    /// The save that this one took back.
    pub undoes: Option<SaveId>,
    /// The save that took this one back.
    pub undone_by: Option<SaveId>,
}

/// What a save found and what it left.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traces {
    pub facts: (Facts, Facts),
    /// A contact before and after; None where it did not stand.
    pub contacts: Vec<(ContactId, Option<Details>, Option<Details>)>,
    /// An alarm: whether it stood before and after.
    pub alarms: Vec<(AlarmId, bool, bool)>,
    pub requests: Vec<(RequestId, Status, Status)>,
}
