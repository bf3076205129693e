//! People: roles, working days, leave and cover, who may do what.
use super::{LeaveId, PersonId, TeamId, closed_list};
use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

closed_list! {
    /// What a person is in the team.
    pub enum Role {
        /// 担当
        Nurse,
        /// 係長
        Supervisor,
        /// 代理
        Deputy,
        /// 管理者
        Admin,
    }
}

impl Role {
    /// Supervisors and their deputies confirm closures, see the team's overdue
    /// list and change what belongs to a colleague.
    pub fn leads(self) -> bool {
        matches!(self, Role::Supervisor | Role::Deputy)
    }
}

closed_list! {
    /// The language in which a person is answered.
    pub enum Language {
        /// 日本語
        Japanese,
        /// English
        English,
    }
}

/// Absent from `from` to `to`, both included; the cover 代行 stands in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leave {
    pub id: LeaveId,
    pub person: PersonId,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub cover: Option<PersonId>,
}

impl Leave {
    pub fn holds_on(&self, day: NaiveDate) -> bool {
        self.from <= day && day <= self.to
    }
}

/// A member of staff.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Person {
    pub id: PersonId,
    pub team: TeamId,
    /// As colleagues call them; staff only, never a resident.
    pub name: String,
    pub role: Role,
    pub language: Language,
    /// Bit 0 is Monday, bit 6 Sunday.
    pub working_days: u8,
    /// Gone from the office since this day.
    pub left_on: Option<NaiveDate>,
}

impl Person {
    /// Monday to Friday.
    pub const WEEKDAYS: u8 = 0b001_1111;

    /// Whether this weekday is one of the person's working days; holidays and
    /// leave are not looked at here.
    pub fn works_on_weekday_of(&self, day: NaiveDate) -> bool {
        self.working_days & (1 << day.weekday().num_days_from_monday()) != 0
    }

    /// Whether the person is still of the office on that day.
    pub fn is_staff_on(&self, day: NaiveDate) -> bool {
        self.left_on.is_none_or(|left| day < left)
    }
}

/// The people of one team with their leaves, as one reads a duty roster.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Roster {
    pub people: Vec<Person>,
    pub leaves: Vec<Leave>,
}

impl Roster {
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }

    /// The leave that holds for the person on that day.
    pub fn leave_on(&self, id: PersonId, day: NaiveDate) -> Option<&Leave> {
        self.leaves
            .iter()
            .find(|leave| leave.person == id && leave.holds_on(day))
    }

    /// Of the office and not on leave that day. A weekday off counts as
    /// present: whoever works part-time is told on the next working day.
    pub fn is_present(&self, id: PersonId, day: NaiveDate) -> bool {
        self.person(id)
            .is_some_and(|person| person.is_staff_on(day))
            && self.leave_on(id, day).is_none()
    }

    /// Those with a role, of the office on that day, in the order of the roster.
    pub fn with_role(&self, role: Role, day: NaiveDate) -> impl Iterator<Item = &Person> {
        self.people
            .iter()
            .filter(move |person| person.role == role && person.is_staff_on(day))
    }
}

/// Who has a household in hand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Care {
    pub main: Option<PersonId>,
    pub second: Option<PersonId>,
}

impl Care {
    /// Whether the person is its main or second nurse, or covers one of them
    /// on that day.
    pub fn is_with(&self, person: PersonId, roster: &Roster, day: NaiveDate) -> bool {
        [self.main, self.second].into_iter().flatten().any(|nurse| {
            nurse == person
                || roster
                    .leave_on(nurse, day)
                    .is_some_and(|leave| leave.cover == Some(person))
        })
    }
}
