//! What becomes of the check-in that stands when a contact is recorded.
//!
//! The rules, each with its reason:
//!
//! 1. A said date sets the check-in. It ends also what only a conference would.
//! 2. Danger and no sign of life set today's review, over everything: a life
//!    comes before a plan.
//! 3. A contact that answers the standing check-in ends it, and the proposal
//!    takes its place. What answers which is in [`Guide::answers`].
//! 4. A contact that does not answer it never pushes it away: the earlier of
//!    the two holds. So a call costs nobody the visit of next week, and word
//!    from others does not count as having looked in. A review that waits for a
//!    conference comes forward to the earlier day and remains a review.
//! 5. An appointment of today or later stays, for the household expects it,
//!    unless it was cancelled: then its day stays as an ordinary date, if the
//!    proposal is no earlier.
//! 6. What has to be done the same day (a no-show's call, worrying word) goes
//!    before a later date, an appointment too. It also hurries a guideline date
//!    that is due; what climbs as fast already (today's appointment, a prompt
//!    one) stays, so that word from others never sends it back to its start.
//! 7. In hospital, moved, missing, dead, or hostile: the office's check takes
//!    the place of a look-in and of an appointment, on the earlier day, for
//!    nobody is to be sent to that door now. It never takes the place of the
//!    review after danger or no sign of life.
use super::{Guide, Occasion, Proposal, Said, hints::is_face_to_face};
use crate::domain::{
    check_in::{CheckIn, NewCheckIn, Pace, Plan, Purpose, Why, Window},
    contact::{Details, Kind, Outcome, Signs},
};
use chrono::{NaiveTime, TimeDelta};

/// What becomes of the standing check-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It stands as it is.
    Keep,
    /// A new one takes its place.
    Set {
        terms: NewCheckIn,
        /// Whether the contact was what the standing one asked for; otherwise
        /// it is withdrawn.
        answered: bool,
    },
}

/// A contact may be made some days before the day, and still be the look-in
/// that was due; an old one that is recorded late is not.
const EARLY_DAYS_MAX: i64 = 7;

/// Whoever has an appointment may be early.
const EARLY_MINUTES_MAX: i64 = 60;

impl Guide<'_> {
    /// The check-in after a contact whose line said no date.
    pub(super) fn settle(
        &self,
        contact: &Details,
        proposal: &Proposal,
        standing: Option<&CheckIn>,
    ) -> Settled {
        let Some(standing) = standing else {
            return Settled::Set {
                terms: proposal.terms.clone(),
                answered: false,
            };
        };
        let terms = self.while_awaiting_receipt(proposal, standing);
        if proposal.alarm.is_some() || self.answers(contact, standing) {
            return Settled::Set {
                terms,
                answered: self.answers(contact, standing),
            };
        }
        let replaced = if self.is_called_off(contact, standing) {
            Some(self.without_appointment(standing, &terms))
        } else if terms.why.is_gone() || is_conference(&terms) {
            self.before_any_call(standing, terms)
        } else if terms.window.on <= self.today() {
            self.is_outrun_by_today(standing)
                .then(|| self.with_review(standing, terms))
        } else {
            let is_later = terms.window.on < standing.terms.window.on;
            (is_later && !self.is_coming_appointment(standing))
                .then(|| self.with_review(standing, terms))
        };
        match replaced {
            Some(terms) => Settled::Set {
                terms,
                answered: false,
            },
            None => Settled::Keep,
        }
    }

    /// The check-in on a said date. Why the office must check stays with it; and
    /// whoever says a date no later than ours keeps the pace that somebody waits for.
    pub(super) fn settle_said(
        &self,
        contact: &Details,
        said: &Said,
        proposal: &Proposal,
        standing: Option<&CheckIn>,
    ) -> Settled {
        let ours = &proposal.terms;
        let is_of_office = said.plan.kind.is_some_and(|kind| !kind.is_direct());
        let is_soon = said.window.on <= ours.window.on;
        let terms = if ours.why.is_gone() {
            NewCheckIn {
                window: said.window,
                plan: said.plan.clone(),
                ..ours.clone()
            }
        } else {
            NewCheckIn {
                window: said.window,
                purpose: if is_of_office {
                    Purpose::Review
                } else {
                    Purpose::LookIn
                },
                pace: match ours.pace {
                    _ if said.appointment => Pace::Appointment,
                    Pace::Prompt if is_soon => Pace::Prompt,
                    _ => Pace::Ordinary,
                },
                why: Why::Said,
                plan: said.plan.clone(),
                put_off: 0,
            }
        };
        Settled::Set {
            terms,
            answered: standing.is_some_and(|standing| self.answers(contact, standing)),
        }
    }

    /// Whether an appointment that is still to come gave way to something else
    /// than its own cancelling.
    pub(super) fn sets_aside_appointment(
        &self,
        contact: &Details,
        settled: &Settled,
        standing: Option<&CheckIn>,
    ) -> bool {
        matches!(
            settled,
            Settled::Set {
                answered: false,
                ..
            }
        ) && standing.is_some_and(|standing| {
            self.is_coming_appointment(standing) && !self.is_called_off(contact, standing)
        })
    }

    /// Whether the contact is what the standing check-in asked for.
    ///
    /// A look-in that is due or overdue is answered by whatever approaches the
    /// household, whether it met anybody or not; not by word from others, talks
    /// between offices, returned mail, or a visit that we called off. One of
    /// next week is not answered by a call today.
    fn answers(&self, contact: &Details, standing: &CheckIn) -> bool {
        let terms = &standing.terms;
        if contact.on < self.office.day_of(standing.made_at) {
            return false;
        }
        if terms.purpose == Purpose::Review {
            return self.answers_review(contact, terms);
        }
        if self.today() < terms.window.on {
            return false;
        }
        if terms.pace == Pace::Appointment {
            return self.answers_appointment(contact, terms);
        }
        let is_fresh = (terms.window.on - contact.on).num_days() <= EARLY_DAYS_MAX;
        // A letter or an unanswered call does not show how they are.
        let suffices = terms.why != Why::WorryingWord || has_seen_home(contact);
        approaches(contact) && is_fresh && suffices
    }

    /// A look at the case in the office is answered by one: a conference, held
    /// early too, or word with another agency once it is due. After danger
    /// nothing else will do, however well a visit went. No sign of life is
    /// answered by one as well. A pause's or a transfer's review, or one that
    /// has no conference planned, also by any approach to the household.
    fn answers_review(&self, contact: &Details, terms: &NewCheckIn) -> bool {
        let is_due = terms.window.on <= self.today();
        let is_conference = contact.kind == Some(Kind::Conference);
        let is_office = is_conference || (contact.kind == Some(Kind::Agency) && is_due);
        match terms.why {
            Why::NoSignOfLife => is_office || knows_how_they_are(contact),
            Why::Danger => is_office,
            _ if needs_conference(terms) => is_office,
            _ => is_office || (is_due && approaches(contact)),
        }
    }

    /// A call on the morning of an appointment does not stand for the
    /// appointment: it is answered on its day, from its time on (a little before
    /// for whoever is early), in the way that was planned; in another way only
    /// by somebody met after its time; or by the word that nobody came, or will.
    /// On a later day whatever approaches the household answers it.
    fn answers_appointment(&self, contact: &Details, terms: &NewCheckIn) -> bool {
        let on = terms.window.on;
        if contact.on < on || contact.outcome == Some(Outcome::CalledOff) {
            return false;
        }
        if matches!(contact.outcome, Some(Outcome::NoShow | Outcome::Cancelled)) {
            return true;
        }
        if !approaches(contact) || on < contact.on {
            return approaches(contact);
        }
        let has_come = |early_minutes| {
            terms
                .plan
                .time
                .is_none_or(|time| minutes_until(self.time_of(contact), time) <= early_minutes)
        };
        let is_as_planned = match (terms.plan.kind, contact.kind) {
            (Some(planned), Some(kind)) => {
                planned == kind || (planned.is_visit() && kind.is_visit())
            }
            _ => is_face_to_face(contact),
        };
        let is_met = contact.outcome.is_some_and(Outcome::is_met);
        (is_as_planned && has_come(EARLY_MINUTES_MAX))
            || (is_met && terms.plan.time.is_some() && has_come(0))
    }

    /// When the contact took place: as said, else now, or late on a past day.
    fn time_of(&self, contact: &Details) -> NaiveTime {
        let local = self.office.local(self.now);
        let recorded = if contact.on < local.date() {
            self.office.closes
        } else {
            local.time()
        };
        contact.time.unwrap_or(recorded)
    }

    /// The appointment will not take place, or was our own to cancel.
    fn is_called_off(&self, contact: &Details, standing: &CheckIn) -> bool {
        matches!(
            contact.outcome,
            Some(Outcome::Cancelled | Outcome::CalledOff)
        ) && self.is_coming_appointment(standing)
    }

    /// An appointment's day without the appointment, or the earlier proposal.
    fn without_appointment(&self, standing: &CheckIn, terms: &NewCheckIn) -> NewCheckIn {
        let former = &standing.terms;
        if terms.window.on < former.window.on {
            return terms.clone();
        }
        NewCheckIn {
            window: former.window,
            purpose: former.purpose,
            pace: Pace::Ordinary,
            why: Why::Other,
            plan: Plan {
                time: None,
                ..former.plan.clone()
            },
            put_off: 0,
        }
    }

    /// The office's check before anybody goes there again; None where the
    /// standing one is such a check already, and no later.
    fn before_any_call(&self, standing: &CheckIn, terms: NewCheckIn) -> Option<NewCheckIn> {
        let former = &standing.terms;
        let is_same = former.purpose == Purpose::Review && former.why == terms.why;
        if former.why.raises_alarm() || (is_same && former.window.on <= terms.window.on) {
            return None;
        }
        let is_due_look_in = former.purpose == Purpose::LookIn && former.window.on <= self.today();
        if is_due_look_in {
            return Some(terms);
        }
        let on = former.window.on.min(terms.window.on).max(self.today());
        Some(NewCheckIn {
            window: Window::day(on),
            ..terms
        })
    }

    /// Whether what must be done today goes before the standing check-in.
    fn is_outrun_by_today(&self, standing: &CheckIn) -> bool {
        let terms = &standing.terms;
        self.today() < terms.window.on || terms.pace == Pace::Ordinary
    }

    /// An earlier date brings forward a review that only a conference ends; it
    /// does not do away with it. What is for today says why it is for today.
    fn with_review(&self, standing: &CheckIn, terms: NewCheckIn) -> NewCheckIn {
        let former = &standing.terms;
        if former.purpose == Purpose::LookIn || !needs_conference(former) {
            return terms;
        }
        let is_for_today = terms.window.on <= self.today();
        NewCheckIn {
            window: Window::day(terms.window.on),
            why: if is_for_today { terms.why } else { former.why },
            put_off: 0,
            ..former.clone()
        }
    }

    /// An appointment of today or later.
    fn is_coming_appointment(&self, standing: &CheckIn) -> bool {
        standing.terms.pace == Pace::Appointment && self.today() <= standing.terms.window.on
    }

    /// While a transfer waits for its receipt its review goes on, a fortnight
    /// from now at the latest, whatever contact is made in between.
    fn while_awaiting_receipt(&self, proposal: &Proposal, standing: &CheckIn) -> NewCheckIn {
        let terms = &proposal.terms;
        let is_awaiting = standing.terms.why == Why::AwaitingReceipt;
        if !is_awaiting || terms.purpose == Purpose::Review || terms.window.on <= self.today() {
            return terms.clone();
        }
        let review = self.on_occasion(Occasion::Transfer);
        if review.window.on <= terms.window.on {
            review
        } else {
            NewCheckIn {
                window: terms.window,
                ..review
            }
        }
    }
}

fn is_conference(terms: &NewCheckIn) -> bool {
    terms.why == Why::Hostile && terms.purpose == Purpose::Review
}

/// Whether only a look at the case in the office ends this review.
fn needs_conference(review: &NewCheckIn) -> bool {
    review.pace == Pace::Prompt || review.plan.kind == Some(Kind::Conference)
}

/// Whether the household itself was approached, or came to us. Mail that came
/// back, word from others and what we called off have reached nobody.
fn approaches(contact: &Details) -> bool {
    contact.kind.is_none_or(Kind::is_direct)
        && !matches!(
            contact.outcome,
            Some(Outcome::Info | Outcome::ReturnedMail | Outcome::CalledOff)
        )
}

fn has_seen_home(contact: &Details) -> bool {
    contact.kind.is_some_and(Kind::is_visit) || contact.outcome.is_some_and(Outcome::is_met)
}

/// Somebody was met or heard, the home looks lived in, or it is known where
/// they are.
fn knows_how_they_are(contact: &Details) -> bool {
    let is_known = contact.outcome.is_some_and(|outcome| {
        outcome.is_met()
            || matches!(
                outcome,
                Outcome::Reply | Outcome::Hospitalised | Outcome::Moved | Outcome::Died
            )
    });
    is_known || matches!(contact.signs, Some(Signs::Living | Signs::Usual))
}

/// Negative once it is past.
fn minutes_until(from: NaiveTime, to: NaiveTime) -> i64 {
    let span: TimeDelta = to.signed_duration_since(from);
    span.num_minutes()
}
