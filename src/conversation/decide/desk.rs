//! What every decision asks of the desk: rights, names, the household in hand.
use super::{DAYS_MAX, Desk, log, refuse, tell};
use crate::{
    conversation::{
        decision::{AlarmChange, CheckInChange, Decision, HouseholdChange, Target},
        phrase::{Because, Phrase},
        piece::Piece,
        scene::File,
    },
    domain::{
        PersonId,
        check_in::{NewCheckIn, Window},
        household::{Class, Code},
        ladder::Ladder,
        proposal::Guide,
    },
};
use chrono::{NaiveDate, NaiveDateTime, TimeDelta};

/// A line that has waited no longer needs no word about it.
const FRESH_MINUTES: i64 = 10;

impl Desk<'_> {
    /// Whether a day from outside can be meant: within ten years. What lies
    /// beyond is a slip of the finger, and sorts wrongly as text from the year
    /// 10000 on.
    pub(super) fn is_near(&self, day: NaiveDate) -> bool {
        (day - self.today).num_days().abs() <= DAYS_MAX
    }

    /// When it was typed, on the office's wall clock, if that was long ago: we were
    /// away meanwhile.
    pub(super) fn typed_long_ago(&self) -> Option<NaiveDateTime> {
        let typed_at = self.arrival.typed_at?;
        let age = self.now - typed_at;
        (age > TimeDelta::minutes(FRESH_MINUTES)).then(|| self.office.calendar.local(typed_at))
    }

    /// Whether today's review after an alarm stands until somebody who leads has
    /// read it: the nurse alone cannot move it away.
    pub(super) fn is_held_by_alarm(&self, file: &File) -> bool {
        let check_in = file.check_in.as_ref();
        let is_review = check_in.is_some_and(|check_in| check_in.terms.why.raises_alarm());
        !file.alarms.is_empty() && is_review && !self.leads()
    }

    /// The office's wall clock.
    pub(super) fn local(&self) -> NaiveDateTime {
        self.office.calendar.local(self.now)
    }

    /// The intervals and days by which the next check-in is proposed.
    pub(super) fn guide(&self) -> Guide<'_> {
        Guide {
            office: &self.office.calendar,
            settings: &self.office.proposals,
            now: self.now,
        }
    }

    /// That the date is ours, and by which span.
    pub(super) fn guideline(&self, terms: &NewCheckIn) -> Because {
        Because::Guideline {
            why: terms.why,
            span: self.guide().span_of(terms),
        }
    }

    pub(super) fn ladder(&self) -> Ladder<'_> {
        Ladder {
            roster: &self.scene.roster,
            office: &self.office.calendar,
            settings: &self.office.ladder,
        }
    }

    /// The mark on a date that lies beyond the household's class.
    pub(super) fn beyond_class(&self, window: Window, class: Option<Class>) -> Option<Piece> {
        if !self.guide().is_beyond_class(window, class) {
            return None;
        }
        let class = class.unwrap_or(Class::B);
        let months = match class {
            Class::A => self.office.proposals.cap_months_a,
            Class::B => self.office.proposals.cap_months_b,
            Class::C => self.office.proposals.cap_months_c,
        };
        Some(Piece::Quiet(Phrase::BeyondClass { class, months }))
    }

    pub(super) fn sender(&self) -> PersonId {
        self.scene.sender.id
    }

    pub(super) fn leads(&self) -> bool {
        self.scene.sender.role.leads()
    }

    /// Main or second nurse, cover of one of them, or one who leads the team.
    pub(super) fn may_act_on(&self, file: &File) -> bool {
        self.leads() || self.cares_for(file)
    }

    pub(super) fn cares_for(&self, file: &File) -> bool {
        file.household
            .facts
            .care()
            .is_with(self.sender(), &self.scene.roster, self.today)
    }

    pub(super) fn name(&self, person: PersonId) -> Option<String> {
        self.scene
            .roster
            .person(person)
            .map(|person| person.name.clone())
    }

    pub(super) fn sender_name(&self) -> String {
        self.scene.sender.name.clone()
    }

    /// A change of this household that changes nothing yet.
    pub(super) fn change(&self, file: &File) -> HouseholdChange {
        HouseholdChange {
            target: Target::Known {
                id: file.household.id,
                version: file.household.version,
            },
            facts: file.household.facts.clone(),
            check_in: CheckInChange::Keep,
            contacts: Vec::new(),
            alarms: Vec::<AlarmChange>::new(),
            requests: Vec::new(),
            undoes: None,
        }
    }

    /// The household named by the message, open, and in the sender's hands.
    pub(super) fn file_in_hand(&self, code: Option<&Code>) -> Result<&File, Box<Decision>> {
        let file = self.file(code)?;
        if !file.household.facts.state.is_open() {
            return Err(Box::new(tell(Phrase::NotOpen {
                code: file.household.code.clone(),
            })));
        }
        self.in_hand(file)?;
        Ok(file)
    }

    /// The household named by the message, whatever its state.
    pub(super) fn file(&self, code: Option<&Code>) -> Result<&File, Box<Decision>> {
        match (&self.scene.file, code) {
            (Some(file), _) => Ok(file),
            (None, Some(code)) => Err(Box::new(log::unknown(code, self))),
            (None, None) => Err(Box::new(tell(Phrase::CodeMissing))),
        }
    }

    /// Refuses those who neither care for the household nor lead the team.
    pub(super) fn in_hand(&self, file: &File) -> Result<(), Box<Decision>> {
        if self.may_act_on(file) {
            return Ok(());
        }
        let name = file.household.facts.main.and_then(|main| self.name(main));
        Err(Box::new(refuse(
            Phrase::NotYours { name },
            Some(&file.household.code),
        )))
    }
}
