//! What is suggested beside a date: a case conference, another time to visit.
use super::Guide;
use crate::domain::{
    check_in::Window,
    contact::{Details, Kind, Outcome, PartOfDay},
};
use chrono::{Datelike, Weekday};
use strum::VariantArray;

/// Another weekday and part of the day than those at which nobody was met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct OtherTime {
    pub weekday: Weekday,
    /// None where the times of the visits are not known.
    pub part: Option<PartOfDay>,
}

/// This visit and the two before it: with more, no weekday would be left.
const VISITS_LOOKED_AT: usize = 3;

impl Guide<'_> {
    /// From the third visit in a row that met nobody. Calls, letters and word
    /// from others neither count nor break the row; meeting somebody face to
    /// face breaks it, and so does a conference, which has answered it.
    pub(super) fn suggests_conference(&self, contact: &Details, recent: &[Details]) -> bool {
        let unmet_before = recent
            .iter()
            .take_while(|earlier| {
                let met = is_face_to_face(earlier) && earlier.outcome.is_some_and(Outcome::is_met);
                !met && earlier.kind != Some(Kind::Conference)
            })
            .filter(|earlier| earlier.is_visit_unmet())
            .count();
        contact.is_visit_unmet() && self.settings.conference_after_visits <= unmet_before + 1
    }

    /// A weekday within the window and a part of the day at which the last
    /// visits have not been made.
    pub(super) fn other_time(
        &self,
        contact: &Details,
        recent: &[Details],
        window: Window,
    ) -> Option<OtherTime> {
        let visits: Vec<&Details> = std::iter::once(contact)
            .chain(recent.iter().filter(|earlier| earlier.is_visit_unmet()))
            .take(VISITS_LOOKED_AT)
            .collect();
        let weekdays: Vec<Weekday> = visits.iter().map(|visit| visit.on.weekday()).collect();
        let weekday = window
            .on
            .iter_days()
            .take_while(|day| *day <= window.by)
            .filter(|day| self.office.is_open(*day))
            .map(|day| day.weekday())
            .find(|weekday| !weekdays.contains(weekday))?;
        let parts: Vec<PartOfDay> = visits
            .iter()
            .filter_map(|visit| visit.part_of_day.or(visit.time.map(PartOfDay::of)))
            .collect();
        let untried = PartOfDay::VARIANTS
            .iter()
            .copied()
            .find(|part| !parts.contains(part));
        // With all tried, the one that was tried longest ago.
        let part = untried.or(parts.last().copied());
        Some(OtherTime {
            weekday,
            part: part.filter(|_| !parts.is_empty()),
        })
    }
}

pub(super) fn is_face_to_face(contact: &Details) -> bool {
    matches!(
        contact.kind,
        Some(Kind::Visit | Kind::Accompany | Kind::Office | Kind::Group | Kind::Clinic)
    )
}
