//! On whose desk a check-in lies on a day, and who leads the team that day.
use super::{Case, Ladder};
use crate::domain::{
    PersonId,
    people::{Person, Role},
};
use chrono::NaiveDate;

impl Ladder<'_> {
    /// Who holds the check-in on that day: the cover of the main nurse, else
    /// the main nurse, else the second, else the supervisors, else the admins.
    /// While the main nurse is on leave without a cover who is there, the second
    /// and the supervisors hold it together, from the first day. What the
    /// supervisor decides lies with the supervisors from the beginning.
    ///
    /// Nobody only where the roster has nobody.
    pub fn holder(&self, case: &Case, day: NaiveDate) -> Vec<PersonId> {
        if case.check_in.terms.why.is_for_supervisor() {
            return self.supervisors(day);
        }
        if let Some(main) = case.main {
            if self.roster.is_present(main, day) {
                return vec![main];
            }
            if let Some(cover) = self.roster.cover_of(main, day) {
                return vec![cover];
            }
        }
        let second = case.second.filter(|id| self.roster.is_present(*id, day));
        match second {
            Some(second) if case.main.is_some_and(|main| self.is_on_leave(main, day)) => {
                let mut both = vec![second];
                for person in self.supervisors(day) {
                    push_new(&mut both, person);
                }
                both
            }
            Some(second) => vec![second],
            None => self.supervisors(day),
        }
    }

    /// The supervisors that are there; else the deputies, else the admins, else any
    /// colleague who is: a date lies with somebody who is in. In the emptiest
    /// office it lies with whoever leads, on leave or not.
    pub(super) fn supervisors(&self, day: NaiveDate) -> Vec<PersonId> {
        let groups: [&[Role]; 4] = [
            &[Role::Supervisor],
            &[Role::Deputy],
            &[Role::Admin],
            &ANYONE,
        ];
        self.first_found(&groups, day)
    }

    /// The supervisors and deputies that are there; else the admins, else whoever
    /// leads, on leave or not: what has climbed is theirs to know.
    pub(super) fn leads(&self, day: NaiveDate) -> Vec<PersonId> {
        self.first_found(&[&[Role::Supervisor, Role::Deputy], &[Role::Admin]], day)
    }

    /// The first of these groups of which somebody is there; else whoever leads, on
    /// leave or not, and else anybody.
    fn first_found(&self, groups: &[&[Role]], day: NaiveDate) -> Vec<PersonId> {
        groups
            .iter()
            .map(|roles| self.present(roles, day))
            .chain([
                self.staff(&LEADING, day),
                self.present(&ANYONE, day),
                self.staff(&ANYONE, day),
            ])
            .find(|people| !people.is_empty())
            .unwrap_or_default()
    }

    /// Those of the office with one of these roles who are not on leave.
    pub(super) fn present(&self, roles: &[Role], day: NaiveDate) -> Vec<PersonId> {
        self.staff(roles, day)
            .into_iter()
            .filter(|id| self.roster.is_present(*id, day))
            .collect()
    }

    /// Those of the office with one of these roles, on leave or not.
    pub(super) fn staff(&self, roles: &[Role], day: NaiveDate) -> Vec<PersonId> {
        roles
            .iter()
            .flat_map(|role| self.roster.with_role(*role, day))
            .map(|person| person.id)
            .collect()
    }

    /// Whether any of these people works on that day: the office is open, it is
    /// one of their weekdays, and they are not on leave.
    pub(super) fn works(&self, people: &[PersonId], day: NaiveDate) -> bool {
        self.office.is_open(day)
            && people.iter().any(|id| {
                self.roster
                    .person(*id)
                    .is_some_and(|person| comes_on_weekday_of(person, day))
                    && !self.roster.is_on_leave(*id, day)
            })
    }

    fn is_on_leave(&self, id: PersonId, day: NaiveDate) -> bool {
        self.roster
            .person(id)
            .is_some_and(|person| person.is_staff_on(day))
            && self.roster.is_on_leave(id, day)
    }
}

const LEADING: [Role; 3] = [Role::Supervisor, Role::Deputy, Role::Admin];
const ANYONE: [Role; 4] = [Role::Supervisor, Role::Deputy, Role::Admin, Role::Nurse];

/// Somebody entered without any weekday on which an office opens is taken to
/// work on all of them: a slip in the roster must not silence a date.
fn comes_on_weekday_of(person: &Person, day: NaiveDate) -> bool {
    person.working_days & Person::WEEKDAYS == 0 || person.works_on_weekday_of(day)
}

pub(super) fn push_new(people: &mut Vec<PersonId>, person: PersonId) {
    if !people.contains(&person) {
        people.push(person);
    }
}
