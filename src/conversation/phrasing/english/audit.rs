//! What is said in English about the office's own health.
use super::names;
use crate::conversation::{audit::Trouble, phrase::AuditLine};
use chrono::NaiveDate;

pub fn say(line: &AuditLine, today: NaiveDate) -> String {
    match line {
        AuditLine::AllWell { at } => format!(
            "Audit, {} {}: all is well",
            names::day(at.date(), today),
            at.format("%H:%M")
        ),
        AuditLine::Found { at, count } => format!(
            "Audit, {} {}: {} to look at",
            names::day(at.date(), today),
            at.format("%H:%M"),
            names::count(*count, "matter")
        ),
        AuditLine::NotYet => {
            "No audit yet (the first comes some minutes after the start)".to_owned()
        }
        AuditLine::Trouble {
            trouble,
            which,
            mended,
        } => {
            let which = which
                .as_ref()
                .map(|which| format!(" ({which})"))
                .unwrap_or_default();
            format!("Audit: {}{which}{}", found(*trouble), after(*mended))
        }
        AuditLine::OfHousehold {
            code,
            trouble,
            mended,
        } => {
            format!("{code}: {}{}", found(*trouble), after(*mended))
        }
        AuditLine::Others { count } => format!("and {count} more"),
        AuditLine::DetailsOnPage => "Details are on the page, under Supervisor".to_owned(),
        AuditLine::Proof {
            open,
            unscheduled,
            sent,
            failed,
        } => format!(
            "{open} supported, {}; nudges today: {sent}; not delivered: {failed}",
            scheduled(*unscheduled)
        ),
        AuditLine::OutOfReach {
            name,
            since: Some(since),
        } => {
            format!(
                "Nothing has reached {name} since {}. Please check how they are reached",
                names::day(*since, today)
            )
        }
        AuditLine::OutOfReach { name, since: None } => {
            format!("There is no way to reach {name}. Please check how they are reached")
        }
    }
}

fn found(trouble: Trouble) -> &'static str {
    match trouble {
        Trouble::NoCheckIn => "a household without exactly one next date",
        Trouble::LookMissed => "a household whose hour to be looked at has passed",
        Trouble::LookTooFar => "a household that was to be looked at too late",
        Trouble::NudgeMissing => "a household of which nobody had been told",
        Trouble::DeliveryLate => "a message that has not arrived after 5 minutes",
        Trouble::NotDelivered => "a nudge that has reached nobody",
        Trouble::LettersWait => "answers that have not arrived in the chat after an hour",
        Trouble::LoopStill => "a part of the program that stood still",
        Trouble::ClockJumped => "the machine's clock has jumped",
        Trouble::ClockBehind => "the machine's clock is behind the last record",
        Trouble::Unreadable => {
            "a record that cannot be read; the other households are nudged as before"
        }
        Trouble::NoAudit => "the Koekake that should be running does not audit itself",
    }
}

fn after(mended: bool) -> &'static str {
    if mended {
        ". It was put right"
    } else {
        ". Please look at it"
    }
}

/// Whether every one of them has a date.
pub fn scheduled(unscheduled: i64) -> String {
    match unscheduled {
        0 => "all with a date".to_owned(),
        some => format!("{some} without a date"),
    }
}
