//! The English words on buttons.
use super::names;
use crate::{
    conversation::{phrase::Label, phrasing::manual},
    domain::people::Language,
};
use chrono::NaiveDate;

/// The words on a button.
pub fn label(label: &Label, today: NaiveDate) -> String {
    let fixed = match label {
        Label::Undo => "Undo",
        Label::PutBack => "Put back",
        Label::StopUndo => "Keep it after all",
        Label::Redate => "Change the date",
        Label::Correct => "Correct",
        Label::PutOff => "Another day",
        Label::ChangeAppointment => "Change the appointment",
        Label::After(after) => return format!("In {}", names::span_of_time(*after)),
        Label::Span(after) => return names::span_of_time(*after),
        Label::OtherDay => "Another day",
        Label::Day(day) | Label::DayOfMonth(day) => return names::day(*day, today),
        Label::Signs(signs) => return names::capital(names::signs(*signs)),
        Label::Kind(kind) => return names::capital(names::kind(*kind)),
        Label::Outcome(outcome) => return names::capital(names::outcome(*outcome)),
        Label::Household { code, last } => {
            return match last {
                Some((on, kind)) => {
                    format!(
                        "{code}, last {}{}",
                        on.format("%-d %b"),
                        kind.map(|kind| format!(" {}", names::kind(kind)))
                            .unwrap_or_default()
                    )
                }
                None => code.to_string(),
            };
        }
        Label::Code(code) => return code.to_string(),
        Label::OtherOne => "Other",
        Label::YesLog => "Yes, record it",
        Label::ReopenAndLog => "Reopen and record",
        Label::Never => "Never mind",
        Label::Register => "Register it",
        Label::Route(route) => return names::capital(names::route(*route)),
        Label::Record => "Record",
        Label::Take => "I will do it",
        Label::Consult => "Ask for help",
        Label::Consultation(what) => names::consultation(*what),
        Label::Reason(reason) => names::put_off_reason(*reason),
        Label::PauseReason(reason) => return names::capital(names::pause_reason(*reason)),
        Label::CloseReason(reason) => return names::capital(names::close_reason(*reason)),
        Label::Class(Some(class)) => return format!("Class {}", class.code().to_uppercase()),
        Label::Class(None) => "No class",
        Label::Came => "They came",
        Label::DidNotCome => "They did not come",
        Label::AlarmRead => "I have read it",
        Label::Handled => "Dealt with",
        Label::AskNurse(name) => return format!("Ask {name}"),
        Label::Reassign => "Change the nurse",
        Label::Person(name) => return name.clone(),
        Label::Accept => "Confirm",
        Label::Decline => "Send back",
        Label::AskCover => "Ask them",
        Label::Open => "Open",
        Label::Course => "Course",
        Label::More => "More",
        Label::Upcoming(span) => return format!("Plans for {}", names::span(*span)),
        Label::Overdue => "Overdue",
        Label::PastDate => "Past their date",
        Label::UseRoom => "Use it for this team",
        Label::Invite => "Make a join code",
        Label::RouteFirst(platform) => {
            return format!(
                "Nudges to {}",
                manual::platform_name(*platform, Language::English)
            );
        }
        Label::Help => "Help",
        Label::Send => "Send",
    };
    fixed.to_owned()
}
