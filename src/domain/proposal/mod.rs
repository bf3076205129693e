//! Proposals 目安: the next check-in when the line says no date, and what
//! becomes of the one that stands.
//!
//! No official table of intervals exists; all of them are ours, and what a
//! nurse says wins. [`Guide::next`] is the whole answer to one contact;
//! [`Guide::propose`] is the part that knows nothing of the standing check-in.
mod hints;
mod settle;
mod spans;
#[cfg(test)]
mod tests;

use super::{
    alarm::Grade,
    calendar::{Calendar, days_after, fiscal_year_end, months_after},
    check_in::{CheckIn, NewCheckIn, Pace, Plan, Purpose, Why, Window},
    contact::{Details, Kind, Outcome, Signs},
    household::Class,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

pub use hints::OtherTime;
pub use settle::Settled;

/// A span of time after which somebody looks in again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interval {
    /// The n-th open day after today, to the day; 0 is today, open or closed.
    OpenDays(u8),
    Weeks(u8),
    /// Clamped to the month's end.
    Months(u8),
}

/// The intervals. All are ours, from no guideline; each one's reason stands
/// beside its value in `config/default.toml`.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    pub no_show: Interval,
    pub worrying_word: Interval,
    pub other_word: Interval,
    pub returned_mail: Interval,
    pub reply: Interval,
    pub no_answer: Interval,
    pub message_left: Interval,
    pub absent: Interval,
    pub absent_with_life: Interval,
    pub person_met: Interval,
    pub family_met: Interval,
    pub letter_sent: Interval,
    pub declined: Interval,
    pub refused: Interval,
    pub refused_not_before: Interval,
    pub hostile_review: Interval,
    pub hostile_not_before: Interval,
    /// The first, the second, and every later time.
    pub linked: [Interval; 3],
    pub gone_review: Interval,
    pub other: Interval,
    pub new_household: Interval,
    pub pause: Interval,
    pub awaiting_receipt: Interval,
    /// Open days after `due_on`.
    pub window_open_days: u32,
    pub cap_months_a: u32,
    pub cap_months_b: u32,
    pub cap_months_c: u32,
    pub conference_after_visits: usize,
}

/// The office's intervals and days, at one instant.
#[derive(Debug, Clone, Copy)]
pub struct Guide<'a> {
    pub office: &'a Calendar,
    pub settings: &'a Settings,
    pub now: DateTime<Utc>,
}

/// What the household's file says beside the contact.
#[derive(Debug, Clone, Default)]
pub struct File<'a> {
    pub class: Option<Class>,
    /// 訪問を控える期間, as it stands.
    pub not_before: Option<NaiveDate>,
    /// The check-in that stands before this contact.
    pub standing: Option<&'a CheckIn>,
    /// Earlier contacts, newest first, without this one. Twenty are plenty.
    pub recent: &'a [Details],
    /// How many contacts before this one had the outcome linked.
    pub linked_before: u32,
    /// From the day of the newest of `recent` to the `due_on` of the check-in
    /// that it made, in calendar days.
    pub last_gap_days: Option<i64>,
}

/// A date that was said in the line, resolved and moved to an open day where
/// the rules of the language say so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    pub window: Window,
    /// Agreed with the household.
    pub appointment: bool,
    pub plan: Plan,
}

/// What we propose after a contact whose line says no date.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    pub terms: NewCheckIn,
    /// No direct contact before this day; None leaves the household's as it is.
    pub not_before: Option<NaiveDate>,
    /// To be raised with it.
    pub alarm: Option<Grade>,
}

/// All that follows from one contact.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    pub check_in: Settled,
    /// No direct contact before this day; None leaves the household's as it is.
    pub not_before: Option<NaiveDate>,
    /// To be raised with the check-in.
    pub alarm: Option<Grade>,
    /// The said date did not become the check-in, for today's review comes
    /// first; the answer says so.
    pub said_is_set_aside: bool,
    /// An appointment of today or later gave way and must be cared for by hand;
    /// the answer names it.
    pub appointment_is_set_aside: bool,
    /// The new check-in lies beyond what the household's class allows.
    pub is_beyond_class: bool,
    /// A visit met nobody once more: suggest a case conference.
    pub suggest_conference: bool,
    /// Where to try next; only with a date of ours.
    pub suggest_other_time: Option<OtherTime>,
    /// The supervisor is to hear of it, without an alarm (hostility).
    pub tell_supervisor: bool,
}

/// What makes a check-in without a contact and without a date said.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Occasion {
    NewHousehold,
    Reopened,
    /// 中断: reviewed within the fiscal year.
    Pause,
    /// 移管: the other side has not confirmed receipt.
    Transfer,
}

/// What a contact makes necessary, before dates are reckoned.
struct Need {
    why: Why,
    after: Interval,
    purpose: Purpose,
    pace: Pace,
    kind: Option<Kind>,
}

impl Guide<'_> {
    /// All that follows from a contact: the check-in, what must be held back,
    /// and what is suggested. A said date wins, with two exceptions of ours:
    /// after danger, or no sign of life that worries, today's review stands
    /// first; and after hostility the said date is how long the house is left
    /// in peace, while the office looks at the case before.
    pub fn next(&self, contact: &Details, said: Option<&Said>, file: &File) -> Next {
        let (proposal, said_kept) = self.weigh(contact, said, self.propose(contact, file));
        let check_in = match said_kept {
            Some(said) => self.settle_said(contact, said, &proposal, file.standing),
            None => self.settle(contact, &proposal, file.standing),
        };
        let set = match &check_in {
            Settled::Keep => None,
            Settled::Set { terms, .. } => Some(terms),
        };
        Next {
            not_before: proposal.not_before,
            alarm: proposal.alarm,
            said_is_set_aside: said.is_some() && proposal.alarm.is_some(),
            appointment_is_set_aside: said_kept.is_none()
                && self.sets_aside_appointment(contact, &check_in, file.standing),
            is_beyond_class: set
                .is_some_and(|terms| self.is_beyond_class(terms.window, file.class)),
            suggest_conference: self.suggests_conference(contact, file.recent),
            suggest_other_time: set
                .filter(|terms| terms.why == Why::Absent)
                .and_then(|terms| self.other_time(contact, file.recent, terms.window)),
            tell_supervisor: contact.outcome == Some(Outcome::Hostile) && proposal.alarm.is_none(),
            check_in,
        }
    }

    /// What we propose when the line says no date, whatever stands.
    pub fn propose(&self, contact: &Details, file: &File) -> Proposal {
        if contact.danger {
            return self.emergency(Why::Danger, Grade::Danger);
        }
        if has_no_sign_of_life(contact) {
            return self.emergency(Why::NoSignOfLife, Grade::NoSignOfLife);
        }
        if let Some(terms) = self.after_conference(contact, file) {
            return Proposal {
                terms,
                not_before: None,
                alarm: None,
            };
        }
        let need = self.need(contact, file);
        let mut on = need.after.after(self.today(), self.office);
        if let Some(gap) = shorter_gap(contact, file) {
            on = on.min(days_after(self.today(), gap));
        }
        on = on.min(self.cap(file.class));
        let mut terms = self.terms(&need, on);
        let is_held_back = file.not_before.is_some_and(|day| self.today() < day);
        if is_held_back && terms.window.on <= self.today() {
            // Somebody must act today though nobody may go: the office decides how.
            terms.purpose = Purpose::Review;
        }
        Proposal {
            not_before: self.not_before(&need, file),
            terms,
            alarm: None,
        }
    }

    /// The check-in of a household that is new, taken up again, paused or
    /// handed on, where no date was said.
    pub fn on_occasion(&self, occasion: Occasion) -> NewCheckIn {
        let settings = self.settings;
        let need = match occasion {
            Occasion::NewHousehold => look_in(Why::NewHousehold, settings.new_household),
            Occasion::Reopened => look_in(Why::Reopened, settings.new_household),
            Occasion::Pause => Need {
                purpose: Purpose::Review,
                ..look_in(Why::PauseReview, settings.pause)
            },
            Occasion::Transfer => Need {
                purpose: Purpose::Review,
                ..look_in(Why::AwaitingReceipt, settings.awaiting_receipt)
            },
        };
        let mut terms = self.terms(&need, need.after.after(self.today(), self.office));
        if occasion == Occasion::Pause {
            let last = self.office.open_until(fiscal_year_end(self.today()));
            let last = last.max(self.today());
            terms.window.on = terms.window.on.min(last);
            terms.window.by = terms.window.by.min(last);
        }
        terms
    }

    /// Whether a date lies beyond what the class allows: it is marked, never
    /// moved. The cap falling on a closed day, the next open one is within it.
    pub fn is_beyond_class(&self, window: Window, class: Option<Class>) -> bool {
        self.office.open_from(self.cap(class)) < window.on
    }

    /// What is ours and what was said, after each has changed the other; the
    /// said date only where it becomes the check-in.
    fn weigh<'s>(
        &self,
        contact: &Details,
        said: Option<&'s Said>,
        ours: Proposal,
    ) -> (Proposal, Option<&'s Said>) {
        let Some(said) = said.filter(|_| ours.alarm.is_none()) else {
            return (ours, None);
        };
        match contact.outcome {
            Some(Outcome::Hostile) if ours.terms.purpose == Purpose::Review => {
                let review_on = ours.terms.window.on.min(said.window.on).max(self.today());
                let mut ours = ours;
                ours.terms.window = Window::day(review_on);
                ours.not_before = Some(said.window.on);
                (ours, None)
            }
            Some(Outcome::Refused | Outcome::CardReturned) => {
                let not_before = ours.not_before.map(|day| day.min(said.window.on));
                (Proposal { not_before, ..ours }, Some(said))
            }
            _ => (ours, Some(said)),
        }
    }

    fn today(&self) -> NaiveDate {
        self.office.day_of(self.now)
    }

    fn cap(&self, class: Option<Class>) -> NaiveDate {
        let months = match class {
            Some(Class::A) => self.settings.cap_months_a,
            Some(Class::B) | None => self.settings.cap_months_b,
            Some(Class::C) => self.settings.cap_months_c,
        };
        months_after(self.today(), months)
    }

    /// Today, on a closed day too, with an alarm; the supervisor decides how.
    fn emergency(&self, why: Why, grade: Grade) -> Proposal {
        let need = promptly(Need {
            purpose: Purpose::Review,
            ..look_in(why, Interval::OpenDays(0))
        });
        Proposal {
            terms: self.terms(&need, self.today()),
            not_before: None,
            alarm: Some(grade),
        }
    }

    /// The conference was held: the house is called on again on the day until
    /// which it is left in peace. That day was said, or protects the nurse, so
    /// the class does not bring it forward. A conference on danger, or on
    /// somebody who is gone, leads to no such calm.
    fn after_conference(&self, contact: &Details, file: &File) -> Option<NewCheckIn> {
        let day = file
            .not_before
            .filter(|day| contact.kind == Some(Kind::Conference) && self.today() < *day)?;
        let standing = file.standing.map(|standing| standing.terms.why);
        let why = match standing {
            Some(why) if why.is_for_supervisor() => return None,
            Some(Why::Hostile) => Why::Hostile,
            _ => Why::Other,
        };
        Some(self.terms(&look_in(why, self.settings.other), day))
    }

    fn need(&self, contact: &Details, file: &File) -> Need {
        let settings = self.settings;
        let is_word = contact.kind == Some(Kind::Info) || contact.outcome == Some(Outcome::Info);
        let worries = contact.worrying_word || contact.signs == Some(Signs::Worrying);
        if worries && (is_word || has_met_nobody(contact)) {
            return promptly(look_in(Why::WorryingWord, settings.worrying_word));
        }
        if is_word {
            return promptly(look_in(Why::OtherWord, settings.other_word));
        }
        match contact.outcome {
            None => look_in(Why::Other, settings.other),
            Some(outcome) => self.need_after(outcome, contact.signs, file),
        }
    }

    fn need_after(&self, outcome: Outcome, signs: Option<Signs>, file: &File) -> Need {
        let settings = self.settings;
        match outcome {
            Outcome::Died => gone(Why::Died, settings),
            Outcome::Missing => gone(Why::Missing, settings),
            Outcome::Moved => gone(Why::Moved, settings),
            Outcome::Hospitalised => gone(Why::Hospitalised, settings),
            Outcome::Hostile => promptly(Need {
                purpose: Purpose::Review,
                kind: Some(Kind::Conference),
                ..look_in(Why::Hostile, settings.hostile_review)
            }),
            Outcome::Refused => look_in(Why::Refused, settings.refused),
            Outcome::CardReturned => look_in(Why::CardReturned, settings.refused),
            Outcome::Declined => look_in(Why::Declined, settings.declined),
            Outcome::Person | Outcome::Voice => look_in(Why::PersonMet, settings.person_met),
            Outcome::Family => look_in(Why::FamilyMet, settings.family_met),
            Outcome::Reply => promptly(look_in(Why::Reply, settings.reply)),
            Outcome::NoShow => promptly(Need {
                kind: Some(Kind::Call),
                ..look_in(Why::NoShow, settings.no_show)
            }),
            Outcome::Linked => look_in(Why::Linked, self.after_linking(file)),
            Outcome::MessageLeft => look_in(Why::MessageLeft, settings.message_left),
            Outcome::NoAnswer => look_in(Why::NoAnswer, settings.no_answer),
            Outcome::Absent | Outcome::CardLeft => match signs {
                Some(Signs::Living | Signs::Usual) => {
                    look_in(Why::AbsentWithLife, settings.absent_with_life)
                }
                Some(Signs::Worrying | Signs::NotLooked) | None => {
                    look_in(Why::Absent, settings.absent)
                }
            },
            Outcome::ReturnedMail => promptly(look_in(Why::ReturnedMail, settings.returned_mail)),
            Outcome::Sent => look_in(Why::LetterSent, settings.letter_sent),
            Outcome::Cancelled | Outcome::CalledOff | Outcome::Info | Outcome::Other => {
                look_in(Why::Other, settings.other)
            }
        }
    }

    fn after_linking(&self, file: &File) -> Interval {
        let nth = usize::try_from(file.linked_before).unwrap_or(usize::MAX);
        let [.., last] = self.settings.linked;
        self.settings.linked.get(nth).copied().unwrap_or(last)
    }

    /// Refusal and hostility keep the house in peace for a while; one that is
    /// already to be left longer stays so.
    fn not_before(&self, need: &Need, file: &File) -> Option<NaiveDate> {
        let after = match need.why {
            Why::Refused | Why::CardReturned => self.settings.refused_not_before,
            Why::Hostile => self.settings.hostile_not_before,
            _ => return None,
        };
        let day = after.after(self.today(), self.office);
        Some(file.not_before.map_or(day, |standing| standing.max(day)))
    }

    /// The terms of a need on that day, moved forward to an open one unless it
    /// is today.
    fn terms(&self, need: &Need, on: NaiveDate) -> NewCheckIn {
        let on = if on <= self.today() {
            on
        } else {
            self.office.open_from(on)
        };
        let window_days = match need.after {
            Interval::OpenDays(_) => 0,
            Interval::Weeks(_) | Interval::Months(_) => self.settings.window_open_days,
        };
        let window = Window {
            on,
            by: self.office.open_days_after(on, window_days),
        };
        NewCheckIn {
            window,
            purpose: need.purpose,
            pace: need.pace,
            why: need.why,
            plan: Plan {
                kind: need.kind,
                ..Plan::default()
            },
            put_off: 0,
        }
    }
}

impl Interval {
    /// The day after this span; weeks and months may end on a closed day.
    fn after(self, day: NaiveDate, office: &Calendar) -> NaiveDate {
        match self {
            Interval::OpenDays(count) => office.open_days_after(day, u32::from(count)),
            Interval::Weeks(count) => days_after(day, 7 * u64::from(count)),
            Interval::Months(count) => months_after(day, u32::from(count)),
        }
    }
}

fn look_in(why: Why, after: Interval) -> Need {
    Need {
        why,
        after,
        purpose: Purpose::LookIn,
        pace: Pace::Ordinary,
        kind: None,
    }
}

fn promptly(need: Need) -> Need {
    Need {
        pace: Pace::Prompt,
        ..need
    }
}

/// The supervisor checks what is to be done, and nobody is nudged to need.
fn gone(why: Why, settings: &Settings) -> Need {
    promptly(Need {
        purpose: Purpose::Review,
        ..look_in(why, settings.gone_review)
    })
}

/// Worrying signs seen at a home where nobody was met who could explain them.
/// The words of others about it are no alarm yet: somebody looks in the same day.
fn has_no_sign_of_life(contact: &Details) -> bool {
    let is_at_home = |kind: Kind| kind.is_visit() || kind == Kind::Letter;
    let is_seen = match contact.signs {
        Some(Signs::Worrying) => contact.kind.is_none_or(is_at_home),
        Some(Signs::Living | Signs::Usual | Signs::NotLooked) => false,
        None => contact.worrying_word && contact.kind.is_some_and(is_at_home),
    };
    is_seen && has_met_nobody(contact)
}

/// Nobody was met, and it is not known where they are.
fn has_met_nobody(contact: &Details) -> bool {
    contact.outcome.is_none_or(|outcome| {
        outcome.is_unmet() || matches!(outcome, Outcome::Sent | Outcome::Other)
    })
}

/// Repeated absence with nobody seen never lengthens a gap.
fn shorter_gap(contact: &Details, file: &File) -> Option<u64> {
    let is_unmet = |details: &Details| details.outcome.is_some_and(Outcome::is_unmet);
    file.last_gap_days
        .and_then(|gap| u64::try_from(gap).ok())
        .filter(|gap| *gap > 0)
        .filter(|_| is_unmet(contact) && file.recent.first().is_some_and(is_unmet))
}
