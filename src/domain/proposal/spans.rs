//! The span of our settings that a proposed date comes from, so that it can be named.
use super::{Guide, Interval};
use crate::domain::check_in::{NewCheckIn, Why};

impl Guide<'_> {
    /// The span that leads from today to these terms. None where the date has
    /// another reason: a class, an earlier gap, or what stood before.
    pub fn span_of(&self, terms: &NewCheckIn) -> Option<Interval> {
        self.spans_of(terms.why).iter().copied().find(|span| {
            let day = span.after(self.today(), self.office);
            let on = if day <= self.today() {
                day
            } else {
                self.office.open_from(day)
            };
            on == terms.window.on
        })
    }

    fn spans_of(&self, why: Why) -> &[Interval] {
        use std::slice::from_ref;
        let settings = self.settings;
        match why {
            Why::Said | Why::Chosen | Why::Danger | Why::NoSignOfLife => &[],
            Why::NewHousehold | Why::Reopened => from_ref(&settings.new_household),
            Why::NoShow => from_ref(&settings.no_show),
            Why::WorryingWord => from_ref(&settings.worrying_word),
            Why::OtherWord => from_ref(&settings.other_word),
            Why::ReturnedMail => from_ref(&settings.returned_mail),
            Why::Reply => from_ref(&settings.reply),
            Why::NoAnswer => from_ref(&settings.no_answer),
            Why::MessageLeft => from_ref(&settings.message_left),
            Why::Absent => from_ref(&settings.absent),
            Why::AbsentWithLife => from_ref(&settings.absent_with_life),
            Why::PersonMet => from_ref(&settings.person_met),
            Why::FamilyMet => from_ref(&settings.family_met),
            Why::LetterSent => from_ref(&settings.letter_sent),
            Why::Declined => from_ref(&settings.declined),
            Why::Refused | Why::CardReturned => from_ref(&settings.refused),
            Why::Hostile => from_ref(&settings.hostile_review),
            Why::Linked => &settings.linked,
            Why::Hospitalised | Why::Moved | Why::Missing | Why::Died => {
                from_ref(&settings.gone_review)
            }
            Why::PauseReview => from_ref(&settings.pause),
            Why::AwaitingReceipt => from_ref(&settings.awaiting_receipt),
            Why::Other => from_ref(&settings.other),
        }
    }
}
