//! The English names of codes, days and contacts.
use super::super::goes_without_year;
use crate::conversation::phrasing::comes_in;
use crate::{
    conversation::{
        action::{After, Consultation, PutOffReason},
        meaning::Span,
        phrase::{BoardGroup, Column, Next},
    },
    domain::{
        check_in::{Pace, Purpose, Why, Window},
        contact::{
            Contact, Details, Kind, Left, Outcome, PartOfDay, Partner, Promise, Signs, SmallChange,
            Whom,
        },
        household::{CloseReason, Flag, PauseReason, Route, State},
        proposal::Interval,
        request::Wish,
    },
};
use chrono::{Month, NaiveDate, NaiveDateTime, NaiveTime, Weekday};

/// Wed 2 Dec, and with its year when it is not that of `today`.
pub fn day(day: NaiveDate, today: NaiveDate) -> String {
    if goes_without_year(day, today) {
        day.format("%a %-d %b").to_string()
    } else {
        day.format("%a %-d %b %Y").to_string()
    }
}

pub fn window(window: Window, today: NaiveDate) -> String {
    if window.on == window.by {
        day(window.on, today)
    } else {
        format!("{} to {}", day(window.on, today), day(window.by, window.on))
    }
}

/// from Tue 1 Dec to Sat 12 Dec; of one day: on Tue 1 Dec
pub fn days(from: NaiveDate, to: NaiveDate, today: NaiveDate) -> String {
    if from == to {
        format!("on {}", day(from, today))
    } else {
        format!("from {} to {}", day(from, today), day(to, today))
    }
}

/// 1 day, 3 days
pub fn count<N: From<u8> + PartialEq + std::fmt::Display>(count: N, what: &str) -> String {
    let plural = if count == N::from(1) { "" } else { "s" };
    format!("{count} {what}{plural}")
}

/// The name of the month with this number.
pub fn month(number: u32) -> String {
    u8::try_from(number)
        .ok()
        .and_then(|number| Month::try_from(number).ok())
        .map_or_else(|| number.to_string(), |month| month.name().to_owned())
}

pub fn weekday(weekday: Weekday) -> &'static str {
    match weekday {
        Weekday::Mon => "Monday",
        Weekday::Tue => "Tuesday",
        Weekday::Wed => "Wednesday",
        Weekday::Thu => "Thursday",
        Weekday::Fri => "Friday",
        Weekday::Sat => "Saturday",
        Weekday::Sun => "Sunday",
    }
}

pub fn time(time: NaiveTime) -> String {
    time.format("%-H:%M").to_string()
}

pub fn instant(at: NaiveDateTime, today: NaiveDate) -> String {
    let clock = at.format("%-H:%M").to_string();
    if at.date() == today {
        format!("at {clock}")
    } else {
        format!("on {} at {clock}", day(at.date(), today))
    }
}

pub fn purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::LookIn => "Next check-in",
        Purpose::Review => "Next review",
    }
}

pub fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Visit => "visit",
        Kind::Accompany => "accompanied visit",
        Kind::Call => "call",
        Kind::Letter => "letter",
        Kind::Email => "e-mail",
        Kind::Office => "office visit",
        Kind::Group => "group meeting",
        Kind::Info => "information",
        Kind::Conference => "case conference",
        Kind::Agency => "contact with an agency",
        Kind::Clinic => "going along to a clinic",
    }
}

pub fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Died => "died",
        Outcome::Missing => "whereabouts unknown",
        Outcome::Moved => "moved away",
        Outcome::Hospitalised => "in hospital",
        Outcome::Hostile => "was shouted at",
        Outcome::Refused => "refused",
        Outcome::CardReturned => "card handed back",
        Outcome::Declined => "said all is well",
        Outcome::Person => "spoke with the person",
        Outcome::Family => "spoke with the family",
        Outcome::Voice => "voice only",
        Outcome::Reply => "reply",
        Outcome::NoShow => "did not come",
        Outcome::Cancelled => "cancelled by them",
        Outcome::CalledOff => "called off by us",
        Outcome::Linked => "linked to a service",
        Outcome::MessageLeft => "left a message",
        Outcome::Absent => "nobody home",
        Outcome::NoAnswer => "no answer",
        Outcome::ReturnedMail => "mail returned",
        Outcome::Sent => "sent",
        Outcome::CardLeft => "card left",
        Outcome::Info => "information",
        Outcome::Other => "other",
    }
}

pub fn whom(whom: &[Whom]) -> String {
    let one = |whom: &Whom| match whom {
        Whom::Person => "the person",
        Whom::Father => "the father",
        Whom::Mother => "the mother",
        Whom::Brother => "a brother",
        Whom::Sister => "a sister",
        Whom::Grandfather => "the grandfather",
        Whom::Grandmother => "the grandmother",
        Whom::Spouse => "the spouse",
        Whom::Child => "a child",
        Whom::Relative => "the family",
    };
    whom.iter().map(one).collect::<Vec<_>>().join(" and ")
}

pub fn left(left: Left) -> &'static str {
    match left {
        Left::Card => "card left",
        Left::Letter => "letter left",
        Left::Leaflet => "leaflet left",
        Left::Slip => "slip left",
    }
}

pub fn signs(signs: Signs) -> &'static str {
    match signs {
        Signs::Living => "signs of life",
        Signs::Usual => "as usual",
        Signs::Worrying => "worrying",
        Signs::NotLooked => "did not look",
    }
}

pub fn small_change(change: SmallChange) -> &'static str {
    match change {
        SmallChange::Voice => "heard the voice",
        SmallChange::Waved => "waved",
        SmallChange::Accepted => "accepted it",
        SmallChange::Face => "showed the face",
        SmallChange::Door => "opened the door",
        SmallChange::Nodded => "nodded",
    }
}

pub fn promise(promise: Promise) -> &'static str {
    match promise {
        Promise::WillCallAgain => "said we will call again",
    }
}

pub fn partner(partner: Partner) -> &'static str {
    match partner {
        Partner::Commissioner => "welfare commissioner",
        Partner::SupportCentre => "community support centre",
        Partner::CareManager => "care manager",
        Partner::WithdrawalCentre => "withdrawal support centre",
        Partner::MentalCentre => "mental-health centre",
        Partner::NeedsDesk => "desk for people in need",
        Partner::YouthStation => "youth support station",
        Partner::Clinic => "clinic",
        Partner::School => "school",
        Partner::Police => "police",
        Partner::Neighbour => "neighbour",
        Partner::Utility => "utility company",
        Partner::Family => "family",
        Partner::Colleague => "colleague",
        Partner::Supervisor => "supervisor",
        Partner::Other => "agency",
    }
}

pub fn part_of_day(part: PartOfDay) -> &'static str {
    match part {
        PartOfDay::Morning => "morning",
        PartOfDay::Afternoon => "afternoon",
        PartOfDay::Evening => "evening",
    }
}

/// visit, spoke with the mother, card left
pub fn contact(details: &Details, letter_number: Option<i64>) -> String {
    let mut words: Vec<String> = Vec::new();
    if let Some(named) = details.kind {
        let from = if comes_in(details) {
            " (from them)"
        } else {
            ""
        };
        words.push(format!("{}{from}", kind(named)));
    }
    words.extend(outcome_of(details, letter_number));
    for thing in &details.left {
        let said_already = (*thing == Left::Card && details.outcome == Some(Outcome::CardLeft))
            || (*thing == Left::Letter && details.kind == Some(Kind::Letter));
        if !said_already {
            words.push(left(*thing).to_owned());
        }
    }
    words.extend(details.also.iter().map(|also| outcome(*also).to_owned()));
    words.extend(details.partners.iter().map(|with| match details.kind {
        Some(Kind::Info) => format!("from the {}", partner(*with)),
        _ => format!("with the {}", partner(*with)),
    }));
    words.extend(
        details
            .signs
            .filter(|signs| *signs != Signs::NotLooked)
            .map(|seen| signs(seen).to_owned()),
    );
    words.extend(
        details
            .small_changes
            .iter()
            .map(|change| small_change(*change).to_owned()),
    );
    words.extend(
        details
            .promises
            .iter()
            .map(|said| promise(*said).to_owned()),
    );
    if details.worrying_word && details.signs != Some(Signs::Worrying) {
        words.push("worrying signs".to_owned());
    }
    if details.danger {
        words.push("urgent".to_owned());
    }
    if words.is_empty() {
        "contact".to_owned()
    } else {
        words.join(", ")
    }
}

/// How it went, with whom.
fn outcome_of(details: &Details, letter_number: Option<i64>) -> Vec<String> {
    let who = whom(&details.whom);
    match details.outcome {
        Some(Outcome::Family | Outcome::Person) if !who.is_empty() => {
            vec![format!("spoke with {who}")]
        }
        Some(said @ (Outcome::Declined | Outcome::Refused | Outcome::Hostile))
            if !who.is_empty() =>
        {
            vec![format!("spoke with {who}"), outcome(said).to_owned()]
        }
        Some(Outcome::Sent) if details.kind == Some(Kind::Letter) => vec![match letter_number {
            Some(number) => format!("sent (no. {number})"),
            None => "sent".to_owned(),
        }],
        // That a conference was held says all that can be said here.
        Some(Outcome::Other) if details.kind == Some(Kind::Conference) => Vec::new(),
        Some(Outcome::Info) | None => Vec::new(),
        Some(said) => vec![outcome(said).to_owned()],
    }
}

/// Thu 20 Aug, morning: visit, nobody home
pub fn contact_on(contact_made: &Contact, today: NaiveDate) -> String {
    let details = &contact_made.details;
    let part = details
        .time
        .map(PartOfDay::of)
        .or(details.part_of_day)
        .map(|part| format!(", {}", part_of_day(part)))
        .unwrap_or_default();
    format!(
        "{}{part}: {}",
        day(details.on, today),
        contact(details, None)
    )
}

/// Thu 10 Dec, 14:00, appointment (office visit)
pub fn next(next: &Next, today: NaiveDate) -> String {
    let mut parts = vec![day(next.window.on, today)];
    parts.extend(next.plan.time.map(time));
    parts.extend(Some(plan(next)).filter(|plan| !plan.is_empty()));
    parts.join(", ")
}

pub fn plan(next: &Next) -> String {
    let with = next
        .plan
        .partner
        .map(|with| format!(" with the {}", partner(with)))
        .unwrap_or_default();
    match (next.plan.kind, next.pace) {
        (Some(planned), Pace::Appointment) => format!("appointment ({}{with})", kind(planned)),
        (Some(planned), _) => format!("{}{with}", kind(planned)),
        (None, Pace::Appointment) => format!("appointment{with}"),
        (None, _) => with.trim_start().to_owned(),
    }
}

pub fn why(why: Why) -> &'static str {
    match why {
        Why::Said | Why::Chosen => "a date that was said",
        Why::NewHousehold => "a new household",
        Why::Danger => "danger",
        Why::NoSignOfLife => "no sign of life",
        Why::NoShow => "somebody who did not come",
        Why::WorryingWord => "worrying word",
        Why::OtherWord => "information",
        Why::ReturnedMail => "returned mail",
        Why::Reply => "a reply",
        Why::NoAnswer => "no answer",
        Why::MessageLeft => "a message left",
        Why::Absent => "nobody home",
        Why::AbsentWithLife => "nobody home, with signs of life",
        Why::PersonMet => "a talk with the person",
        Why::FamilyMet => "a talk with the family",
        Why::LetterSent => "a letter",
        Why::Declined => "\u{201c}all is well\u{201d}",
        Why::Refused => "a refusal",
        Why::CardReturned => "a card handed back",
        Why::Hostile => "the case conference",
        Why::Linked => "a link to a service",
        Why::Hospitalised => "a hospital stay",
        Why::Moved => "a move",
        Why::Missing => "unknown whereabouts",
        Why::Died => "a death",
        Why::PauseReview => "the review of a pause",
        Why::AwaitingReceipt => "a transfer awaiting receipt",
        Why::Reopened => "a reopened household",
        Why::Other => "the usual course",
    }
}

pub fn flag(flag: Flag) -> &'static str {
    match flag {
        Flag::TwoTogether => "two together",
        Flag::LeaveNothing => "leave nothing behind",
        Flag::PlainEnvelope => "plain envelope",
        Flag::NoAgencies => "tell no agency",
        Flag::CallMornings => "call in the morning",
        Flag::CallAfternoons => "call in the afternoon",
        Flag::CallEvenings => "call in the evening",
    }
}

pub fn flags(flags: &[Flag]) -> String {
    flags
        .iter()
        .map(|one| flag(*one))
        .collect::<Vec<_>>()
        .join(", ")
}

pub fn state(state: State) -> &'static str {
    match state {
        State::Intake => "intake",
        State::Active => "active",
        State::Watching => "watched",
        State::Paused => "paused",
        State::Closed => "closed",
        State::Transferred => "transferred",
    }
}

pub fn pause_reason(reason: PauseReason) -> &'static str {
    match reason {
        PauseReason::FamilyWill => "the family's will to consult has faded",
        PauseReason::FamilyDisagreement => "the parents disagree",
        PauseReason::FamilyExpectation => "a quick cure was hoped for",
        PauseReason::FamilyFatigue => "the family's fatigue or low mood",
        PauseReason::Person => "the person refuses",
        PauseReason::Office => "the office's own reasons",
    }
}

pub fn close_reason(reason: CloseReason) -> &'static str {
    match reason {
        CloseReason::Solved => "the problem is solved",
        CloseReason::SocialLife => "social life resumed",
        CloseReason::PassedOn => "passed on to a specialist service",
        CloseReason::WillFaded => "the will to consult has faded",
        CloseReason::Died => "died",
        CloseReason::MovedAway => "moved away (handed over)",
        CloseReason::Mistaken => "registered by mistake",
        CloseReason::Other => "other",
    }
}

pub fn route(route: Route) -> &'static str {
    match route {
        Route::Neighbour => "neighbour",
        Route::Commissioner => "welfare commissioner",
        Route::SupportCentre => "community support centre",
        Route::CareManager => "care manager",
        Route::Family => "family",
        Route::Person => "the person",
        Route::Utility => "utility company",
        Route::Other => "other",
    }
}

pub fn wish(wish: Wish) -> String {
    match wish {
        Wish::Close { reason } => format!("to confirm closing it ({})", close_reason(reason)),
        Wish::Transfer => "to confirm its transfer".to_owned(),
        Wish::StandInOnce => "to stand in this once".to_owned(),
        Wish::ComeAlong => "to come along".to_owned(),
        Wish::HandOver => "to talk about handing it over".to_owned(),
        Wish::ShortHanded => "for help, being short-handed".to_owned(),
        Wish::HowIsIt => "how it is going".to_owned(),
    }
}

pub fn span(span: Span) -> &'static str {
    match span {
        Span::Today => "today",
        Span::ThisWeek => "this week",
        Span::NextWeek => "next week",
    }
}

pub fn span_of_time(after: After) -> String {
    match after {
        After::Days(n) => count(n, "day"),
        After::Weeks(n) => count(n, "week"),
        After::Months(n) => count(n, "month"),
    }
}

pub fn interval(interval: Interval) -> String {
    match interval {
        Interval::OpenDays(0) => "the same day".to_owned(),
        Interval::OpenDays(n) => count(n, "open day"),
        Interval::Weeks(n) => span_of_time(After::Weeks(n.into())),
        Interval::Months(n) => span_of_time(After::Months(n.into())),
    }
}

pub fn consultation(what: Consultation) -> &'static str {
    match what {
        Consultation::StandInOnce => "Stand in this once",
        Consultation::ComeAlong => "Come along",
        Consultation::HandOver => "Talk about handing over",
    }
}

pub fn put_off_reason(reason: PutOffReason) -> &'static str {
    match reason {
        PutOffReason::Household => "The household's wish",
        PutOffReason::ShortHanded => "Short-handed",
        PutOffReason::Circumstances => "Weather, health",
        PutOffReason::Other => "Other",
    }
}

/// The word on a button begins with a capital letter.
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

pub fn board_group(group: BoardGroup) -> &'static str {
    match group {
        BoardGroup::Alarm => "Urgent",
        BoardGroup::Overdue => "Past their date",
        BoardGroup::Due => "Time to look in",
        BoardGroup::ThisWeek => "This week",
        BoardGroup::Later => "Later",
        BoardGroup::NotOpen => "Closed or transferred",
    }
}

pub fn column_head(column: Column) -> &'static str {
    match column {
        Column::Household => "Household",
        Column::Next => "Next",
        Column::Nurse => "Nurse",
        Column::Last => "Last time",
        Column::Mind => "Mind",
        Column::State => "State",
    }
}
