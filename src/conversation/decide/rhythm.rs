//! When somebody wants the morning's message, and on which days they work.
use super::{Desk, people, refuse, states::or_say, tell};
use crate::conversation::{
    decision::{Decision, Deed, JournalEntry, OfficeChange},
    phrase::{Phrase, RhythmLine, StaffLine},
};
use chrono::{NaiveTime, Weekday};

/// お知らせ 9:00: from the opening to the office's limit.
pub fn morning(at: Option<NaiveTime>, desk: &Desk) -> Decision {
    let opens = desk.office.calendar.opens;
    let latest = desk.office.rhythm.morning_until;
    let said = match at {
        Some(at) if at < opens || latest < at => {
            return tell(Phrase::Rhythm(RhythmLine::MorningWithin {
                from: opens,
                to: latest,
            }));
        }
        Some(at) if opens < at => RhythmLine::MorningSet { at },
        _ => RhythmLine::MorningAtOpening { opens },
    };
    let at = at.filter(|at| opens < *at);
    let mut decision = tell(Phrase::Rhythm(said));
    decision.office.push(OfficeChange::Morning(at));
    decision.journal.push(JournalEntry {
        what: Deed::Morning,
        detail: at
            .map(|at| at.format("%H:%M").to_string())
            .unwrap_or_default(),
    });
    decision
}

/// 勤務日: one's own, or a colleague's by those who oversee the team.
pub fn working_days(who: Option<&str>, days: u8, desk: &Desk) -> Decision {
    let person = or_say!(people::colleague(who, desk)).unwrap_or(&desk.scene.sender);
    if person.id != desk.sender() && !desk.scene.sender.role.oversees() {
        return refuse(Phrase::Staff(StaffLine::OverseersOnly), None);
    }
    let monday_first = std::iter::successors(Some(Weekday::Mon), |day| Some(day.succ()));
    let worked = monday_first
        .take(7)
        .filter(|day| days & (1 << day.num_days_from_monday()) != 0);
    let mut decision = tell(Phrase::Rhythm(RhythmLine::WorkingDays {
        name: person.name.clone(),
        days: worked.collect(),
    }));
    decision.office.push(OfficeChange::WorkingDays {
        person: person.id,
        days,
    });
    decision.journal.push(JournalEntry {
        what: Deed::WorkingDays,
        detail: format!("person {} {days}", person.id.0),
    });
    decision
}
