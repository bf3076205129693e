//! People: roles, working days, leave and cover, who may do what.
use super::{LeaveId, MessageId, PersonId, TeamId, closed_list};
use chrono::{DateTime, Datelike, NaiveDate, NaiveTime, Utc};
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

    /// Admins see the team's lists as those who lead do, and decide nothing there.
    pub fn oversees(self) -> bool {
        self != Role::Nurse
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
    /// By which message it was entered; a cover divides a leave, and all its
    /// parts keep this.
    pub entered_by: Option<MessageId>,
    /// When that was; None where it is not known.
    pub entered_at: Option<DateTime<Utc>>,
}

impl Leave {
    /// Whether both are parts of one leave, as somebody entered it.
    pub fn is_entered_with(&self, other: &Leave) -> bool {
        self.id == other.id
            || (self.person == other.person
                && self.entered_by.is_some()
                && self.entered_by == other.entered_by)
    }

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
    /// When the morning's message is wanted, wall clock; None: at the opening.
    pub morning_at: Option<NaiveTime>,
}

/// The longest name of a person, a team or an office, in characters: it stands
/// in lists and on buttons.
pub const NAME_CHARS_MAX: usize = 40;

/// The name of a person, a team or an office out of what was typed, with single
/// spaces and without what nobody sees; None where it is empty, too long, or holds
/// what is no text.
pub fn name(typed: &str) -> Option<String> {
    let seen: String = typed.chars().filter(|c| !is_unseen(*c)).collect();
    let words: Vec<&str> = seen.split_whitespace().collect();
    let name = words.join(" ");
    let is_name = !name.is_empty()
        && name.chars().nth(NAME_CHARS_MAX).is_none()
        && !name.chars().any(char::is_control);
    is_name.then_some(name)
}

/// Characters without a shape, which make two names look alike or turn the text
/// around them. The selectors of a kanji's variant are none of these.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
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

    pub fn is_on_leave(&self, id: PersonId, day: NaiveDate) -> bool {
        self.leaves_on(id, day).next().is_some()
    }

    /// The last day of the absence in which that day lies: leaves that overlap
    /// or follow each other are one. None: the person is not on leave.
    pub fn away_until(&self, id: PersonId, day: NaiveDate) -> Option<NaiveDate> {
        let mut last = None;
        let mut next = Some(day);
        while let Some(to) = next.and_then(|next| self.leaves_on(id, next).map(|l| l.to).max()) {
            last = Some(to);
            next = to.succ_opt();
        }
        last
    }

    /// A person on leave is covered by whoever covers any leave that holds that
    /// day, there or not.
    pub fn covers_on(&self, id: PersonId, day: NaiveDate) -> impl Iterator<Item = PersonId> {
        self.leaves_on(id, day).filter_map(|leave| leave.cover)
    }

    /// The first of these covers who is there.
    pub fn cover_of(&self, id: PersonId, day: NaiveDate) -> Option<PersonId> {
        self.covers_on(id, day)
            .find(|cover| self.is_present(*cover, day))
    }

    fn leaves_on(&self, id: PersonId, day: NaiveDate) -> impl Iterator<Item = &Leave> {
        self.leaves
            .iter()
            .filter(move |leave| leave.person == id && leave.holds_on(day))
    }

    /// Of the office and not on leave that day. A weekday off counts as
    /// present: whoever works part-time is told on the next working day.
    pub fn is_present(&self, id: PersonId, day: NaiveDate) -> bool {
        self.person(id)
            .is_some_and(|person| person.is_staff_on(day))
            && !self.is_on_leave(id, day)
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
            nurse == person || roster.covers_on(nurse, day).any(|cover| cover == person)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NURSE: PersonId = PersonId(1);

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn leave(from: &str, to: &str, cover: Option<i64>) -> Leave {
        Leave {
            id: LeaveId(0),
            person: NURSE,
            from: day(from),
            to: day(to),
            cover: cover.map(PersonId),
            entered_by: None,
            entered_at: None,
        }
    }

    #[test]
    fn a_name_is_what_is_seen_of_it() {
        for (typed, kept) in [
            ("  佐藤\u{3000}花子 ", Some("佐藤 花子")),
            ("\u{feff}佐\u{200b}藤", Some("佐藤")),
            ("\u{202e}藤佐\u{202c}", Some("藤佐")),
            ("葛\u{e0100}城", Some("葛\u{e0100}城")),
            ("佐藤\n花子", Some("佐藤 花子")),
            ("\u{200b}\u{2060}", None),
            ("佐\u{7}藤", None),
        ] {
            assert_eq!(name(typed).as_deref(), kept, "{typed:?}");
        }
        let longest = "あ".repeat(NAME_CHARS_MAX);
        assert_eq!(name(&longest), Some(longest.clone()));
        assert_eq!(name(&format!("{longest}あ")), None);
    }

    #[test]
    fn of_leaves_that_overlap_any_may_name_the_cover() {
        let roster = Roster {
            people: Vec::new(),
            leaves: vec![
                leave("2026-12-01", "2026-12-20", None),
                leave("2026-12-05", "2026-12-10", Some(2)),
            ],
        };
        let care = Care {
            main: Some(NURSE),
            second: None,
        };
        let in_hand = |on| care.is_with(PersonId(2), &roster, day(on));
        let days = ["2026-12-04", "2026-12-05", "2026-12-10", "2026-12-11"];
        assert_eq!(days.map(in_hand), [false, true, true, false]);
    }

    #[test]
    fn leaves_that_meet_are_one_absence() {
        let roster = Roster {
            people: Vec::new(),
            leaves: vec![
                leave("2026-12-01", "2026-12-05", Some(2)),
                leave("2026-12-06", "2026-12-20", Some(3)),
                leave("2026-12-22", "2026-12-24", None),
            ],
        };
        let until = |on| roster.away_until(NURSE, day(on));
        assert_eq!(until("2026-11-30"), None);
        assert_eq!(until("2026-12-03"), Some(day("2026-12-20")));
        assert_eq!(until("2026-12-21"), None);
    }
}
