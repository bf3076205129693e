//! What we say in English: short, warm, and never a reproach.
pub(super) mod archive;
mod audit;
mod chat;
pub(super) mod checkup;
mod commands;
mod labels;
pub(super) mod names;
mod outside;
mod rhythm;
mod staff;

pub use labels::label;

use crate::{
    conversation::phrase::{Because, Next, Phrase},
    domain::{
        check_in::{Pace, Purpose, Why},
        household::Code,
        request::Wish,
    },
};
use audit::scheduled;
use chrono::NaiveDate;

/// One sentence; an empty text where there is nothing to say.
pub fn say(phrase: &Phrase, today: NaiveDate) -> String {
    let day = |on: NaiveDate| names::day(on, today);
    match phrase {
        Phrase::Recorded { code, contacts, letter_number, repaired } => {
            let said: Vec<String> = contacts
                .iter()
                .enumerate()
                .map(|(index, contact)| names::contact(contact, if index == 0 { *letter_number } else { None }))
                .collect();
            let typed: Vec<String> = repaired.iter().map(|word| format!("\u{201c}{word}\u{201d}")).collect();
            let note =
                if typed.is_empty() { String::new() } else { format!(" (this is how I read {})", typed.join(", ")) };
            format!("Recorded {code}: {}{note}", said.join(" / "))
        }
        Phrase::DateSet { code } => format!("Date set for {code}"),
        Phrase::Next(next, because) => {
            let today_word = if next.window.on == today { "today, " } else { "" };
            format!(
                "{}: {today_word}{}{}",
                names::purpose(next.purpose),
                names::next(next, today),
                because_of(because, today)
            )
        }
        Phrase::Changed { code, purpose, from, to } => match from {
            Some(from) => {
                format!("Changed {code}. {}: {} → {}", names::purpose(*purpose), day(from.on), day(to.on))
            }
            None => format!("Changed {code}. {}: {}", names::purpose(*purpose), day(to.on)),
        },
        Phrase::Corrected { code, contact } => format!("Corrected {code}: {}", names::contact(contact, None)),
        Phrase::Completed { code, contact } => format!("Added to {code}: {}", names::contact(contact, None)),
        Phrase::RecordedAlready { code, contact } => format!("Recorded already {code}: {}", names::contact(contact, None)),
        Phrase::Undone { code, next, kept } => match next {
            Some(next) if *kept => {
                format!("Taken back {code}. {}: {} (as before)", names::purpose(next.purpose), names::next(next, today))
            }
            Some(next) => {
                format!("Taken back {code}. {} is {} again", names::purpose(next.purpose), names::next(next, today))
            }
            None => format!("Taken back {code}"),
        },
        Phrase::Redone { code, next } => match next {
            Some(next) => format!("Put back {code}. {}: {}", names::purpose(next.purpose), names::next(next, today)),
            None => format!("Put back {code}"),
        },
        Phrase::NoContactUntil { day: until } => format!("No direct visits or calls until {}", day(*until)),
        Phrase::NoContactSet { code, day: until } => {
            format!("{code}: no direct visits or calls until {}", day(*until))
        }
        Phrase::NoContactCleared { code } => format!("{code} may be visited again"),
        Phrase::DespiteNotBefore { day: until } => {
            format!("This household was to be left in peace until {}. Please let your supervisor know the reason", day(*until))
        }
        Phrase::ClosedDay { day: closed } => format!("{} is a closed day, so the next open day", day(*closed)),
        Phrase::BeyondClass { class, months } => {
            format!("Later than the guideline for class {} ({})", class.code().to_uppercase(), names::count(*months, "month"))
        }
        Phrase::HowWasTheHome => "How did the home look?".to_owned(),
        Phrase::AskAgencies => {
            "Before going with a commissioner or the support centre, make sure of the family's consent and of what may be shared".to_owned()
        }
        Phrase::SuggestConference { times } => {
            format!("{times} visits in a row have met nobody. A case conference could help")
        }
        Phrase::SuggestOtherTime { weekday, part } => {
            let part = part.map(|part| format!(" {}", names::part_of_day(part))).unwrap_or_default();
            format!("Another time could be {}{part}", names::weekday(*weekday))
        }
        Phrase::SetAside { said } => {
            format!("Please set {} again after today's review", day(*said))
        }
        Phrase::AppointmentSetAside => {
            "The appointment that stood was dropped. Please make sure that they are told".to_owned()
        }
        Phrase::TwoTogether => "Visit in twos. Tell your supervisor beforehand".to_owned(),
        Phrase::ReadAs(words) => {
            let typed: Vec<String> = words.iter().map(|word| format!("\u{201c}{word}\u{201d}")).collect();
            format!("{} was read so", typed.join(", "))
        }
        Phrase::DayIsAGuess => "The day is the earlier end, as a guess".to_owned(),
        Phrase::OnlyTheGist => "Only the gist was kept. Details belong in the case record".to_owned(),
        Phrase::PersonalDataSeen => "That looked like a name or contact details. The record does not keep it, but the chat may. Talk to your data protection officer before deleting it".to_owned(),
        Phrase::PausedStill { code } => format!("{code} is paused. To resume: \u{201c}{code} resume\u{201d}"),
        Phrase::FlagsToMind(flags) => {
            if flags.is_empty() { String::new() } else { format!("Mind: {}", names::flags(flags)) }
        }
        Phrase::NoSuchDay { year, month, day: wrong, until } => {
            format!(
                "There is no {wrong} {} in {year}. When shall it be? Until then it is {}",
                names::month(*month),
                day(*until)
            )
        }
        Phrase::WrongWeekday { day: said, until } => format!(
            "{} is a {}. Which is right? Until then it is {}",
            said.format("%-d %b"),
            names::weekday(chrono::Datelike::weekday(said)),
            day(*until)
        ),
        Phrase::VagueDay { typed: Some(typed), until } => {
            format!("When is \u{201c}{typed}\u{201d}? Until then it is {}", day(*until))
        }
        Phrase::VagueDay { typed: None, until } => {
            format!("When shall it be? Until then it is {}", day(*until))
        }
        Phrase::PastDay { day: said, until } => {
            format!("{} has passed. When shall it be? Until then it is {}", day(*said), day(*until))
        }
        Phrase::WasItALog { code, contacts } => {
            let said: Vec<String> = contacts.iter().map(|contact| names::contact(contact, None)).collect();
            let said = said.join(" / ");
            match code {
                Some(code) => format!("Is it to be recorded? {code} {said}").trim_end().to_owned(),
                None => format!("Is it to be recorded? {said}. Which household?"),
            }
        }
        Phrase::WhichHousehold => "Which household?".to_owned(),
        Phrase::WhichCode => "Please send the household's code (such as H-012)".to_owned(),
        Phrase::CodeMissing => {
            "Please send it again with the household's code (such as \u{201c}H-012 last time?\u{201d})".to_owned()
        }
        Phrase::WhichOfTwo { codes } => format!("Which of {}? Please send the other one on its own", list(codes)),
        Phrase::IsItThis { code, nurse } => match nurse {
            Some(nurse) => format!("{code} is in {nurse}'s care. Is it this one?"),
            None => format!("{code} has no nurse yet. Is it this one?"),
        },
        Phrase::NotRegistered { code } => format!("{code} is not registered"),
        Phrase::CannotRegister => {
            "This code cannot be registered. Please look at it again and send another one. Nothing was kept".to_owned()
        }
        Phrase::ClosedHousehold { code, state } => {
            format!("{code} is {}. Reopen it and record this?", names::state(*state))
        }
        Phrase::WhichKindOrReason { code } => {
            format!("{code}: what did you do? If only the date changes, please choose why")
        }
        Phrase::WhichKind { code } => format!("{code}: what did you do?"),
        Phrase::WhichOutcome { code, kind } => match kind {
            Some(kind) => format!("{code}, {}: how did it go?", names::kind(*kind)),
            None => format!("{code}: how did it go?"),
        },
        Phrase::WhatToCorrect { code, contact } => {
            format!("{code}, {}: what shall be corrected?", names::contact(contact, None))
        }
        Phrase::WhichDay => "When shall it be?".to_owned(),
        Phrase::WhichReason => "Why?".to_owned(),
        Phrase::WhyPaused { code } => format!("Why is {code} paused?"),
        Phrase::WhyClosed { code } => format!("Why is {code} closed?"),
        Phrase::WhichRoute { code } => format!("Who told you of {code}?"),
        Phrase::WhichNurse { code } => format!("Who shall care for {code}?"),
        Phrase::WhatHelp { code } => format!("{code}: what shall I ask your supervisor?"),
        Phrase::CallSupervisorNow => "Call your supervisor now.".to_owned(),
        Phrase::CallAnotherNow => "Call one more colleague now.".to_owned(),
        Phrase::SentToSupervisor => "Sent to the supervisor (not read yet)".to_owned(),
        Phrase::CallsUntilConfirmed => {
            "Colleagues are told again and again until somebody presses \u{201c}I have read it\u{201d}".to_owned()
        }
        Phrase::NobodyToSend => "No supervisor is registered to send this to. Please telephone".to_owned(),
        Phrase::SupervisorChecks => "The supervisor makes the next review, and was told".to_owned(),
        Phrase::OfficeCard { label, number } => format!("{label} {number}"),
        Phrase::OutOfHours => {
            "The office is closed. The supervisor may not be reached. Call the emergency contact".to_owned()
        }
        Phrase::SignsWorry { code, at_once } => {
            let when = if *at_once { "at once" } else { "today" };
            format!("{code}: somebody must make sure they are safe. Decide with your supervisor {when} how to go about it")
        }
        Phrase::AlarmTitle { code, danger } => {
            let what = if *danger { "urgent" } else { "make sure they are safe" };
            format!("{code}: {what}")
        }
        Phrase::AlarmBy { name, at } => format!("From {name}, {}", names::instant(*at, today)),
        Phrase::AlarmConfirmed { name, at } => format!("{name} has read it {}", names::instant(*at, today)),
        Phrase::AlarmConfirmedTo { code, name, at } => {
            format!("{code}: {name} has read it {}", names::instant(*at, today))
        }
        Phrase::AlarmAlready { name, at } => format!("{name} had read it {}", names::instant(*at, today)),
        Phrase::AlarmWithdrawn { code, name } => format!("{name} has taken back the alarm for {code}"),
        Phrase::AlarmOnlyLeads => "This button is for the supervisor or the deputy who reads it. Please telephone".to_owned(),
        Phrase::Taken { code, until } => {
            format!("{code} is in your hands. Without a record by {}, I will ask again", day(*until))
        }
        Phrase::TakenAlready { name } => format!("{name} is dealing with it"),
        Phrase::CannotTake { code } => {
            format!("{code} must be looked at today, so it cannot be set aside. Record it, or change the date")
        }
        Phrase::ReasonSaved => "Reason kept".to_owned(),
        Phrase::HelpAsked => "Reason kept, and your supervisor was asked for help".to_owned(),
        Phrase::Consulted => "Sent to your supervisor. I will tell you the answer".to_owned(),
        Phrase::Paused { code, reason } => format!("Paused {code}: {}", names::pause_reason(*reason)),
        Phrase::ReviewCapped { day: last } => {
            format!("A pause does not reach into the next fiscal year: reviewed on {}", day(*last))
        }
        Phrase::Resumed { code } => format!("{code} is active again"),
        Phrase::Watched { code } => format!("{code} is watched over now"),
        Phrase::CloseAsked { code, reason } => format!(
            "Your supervisor was asked to confirm closing {code} ({}). Its date stays until then",
            names::close_reason(*reason)
        ),
        Phrase::TransferAsked { code } => {
            format!("Your supervisor was asked to confirm the transfer of {code}. Its date stays until then")
        }
        Phrase::AskedAlready { code } => format!("{code} is waiting for the supervisor's answer"),
        Phrase::Closed { code } => format!("Closed {code}"),
        Phrase::TransferConfirmed { code } => format!(
            "Transfer of {code} confirmed. It is looked at until the other side has received it; then: \u{201c}{code} received\u{201d}"
        ),
        Phrase::ReceiptConfirmed { code } => format!("Transferred {code}"),
        Phrase::Reopened { code } => format!("Reopened {code}"),
        Phrase::Accepted => "Confirmed".to_owned(),
        Phrase::Declined => "Sent back".to_owned(),
        Phrase::AnsweredAlready => "This request was answered already".to_owned(),
        Phrase::Assigned { code, name, main } => {
            let what = if *main { "main" } else { "second" };
            format!("{name} is the {what} nurse of {code} now")
        }
        Phrase::Registered { code, route } => format!("Registered {code}, known by: {}", names::route(*route)),
        Phrase::RegisteredAlready { code } => format!("{code} is registered already"),
        Phrase::WhichClass(code) => format!("Which class is {code} of?"),
        Phrase::ClassSet { code, class } => match class {
            Some(class) => format!("{code} is of class {} now", class.code().to_uppercase()),
            None => format!("{code} has no class now (guidelines as for B)"),
        },
        Phrase::FlagsSet { code, flags } => {
            if flags.is_empty() {
                format!("{code} has nothing to mind now")
            } else {
                format!("{code}, mind: {}", names::flags(flags))
            }
        }
        Phrase::AlarmFirst { code } => {
            format!("Nobody has read the alarm for {code} yet. The supervisor must read it first")
        }
        Phrase::AlarmStands { code, name } => {
            format!("The alarm for {code} stands after all (from {name}). Please read it")
        }
        Phrase::LeaveCancelled { name, from, to } => {
            format!("Taken back: {name}'s leave from {} to {}", day(*from), day(*to))
        }
        Phrase::LeaveSaved { name, from, to, cover } => {
            format!("{name} is away {}. {}", names::days(*from, *to, today), cover_words(cover.as_ref()))
        }
        Phrase::LeaveToday { name, appointments, others, cover } => format!(
            "{name} is away today: {}, {}. {}",
            names::count(*appointments, "appointment"),
            names::count(*others, "check-in"),
            cover_words(cover.as_ref())
        ),
        Phrase::AskToCover { name } => format!("Shall I ask {name} to stand in?"),
        Phrase::CoverSaved { name, cover, from, to } => {
            format!("{cover} stands in for {name} {}", names::days(*from, *to, today))
        }
        Phrase::LanguageSet => "I will answer in English from now on".to_owned(),
        Phrase::QuestionSent { name } => format!("Sent to {name}"),
        Phrase::Dropped => "Dropped".to_owned(),
        Phrase::NothingToUndo => "There is nothing to take back".to_owned(),
        Phrase::ChangedSince { code } => {
            format!("{code} has changed since. Look at \u{201c}{code} history\u{201d} first")
        }
        Phrase::NotYourSave => "Only its author can take this back. Please tell them or the supervisor".to_owned(),
        Phrase::UndoneAlready => "This was taken back already".to_owned(),
        Phrase::NotYours { name } => match name {
            Some(name) => format!("This is in {name}'s care. Ask the supervisor to change the nurse or the cover"),
            None => "This household has no nurse yet. Please ask the supervisor".to_owned(),
        },
        Phrase::LeadsOnly => "The supervisor or the deputy can do this. Please tell them".to_owned(),
        Phrase::NotOpen { code } => format!("{code} is no longer supported. To reopen: \u{201c}{code} reopen\u{201d}"),
        Phrase::NotPaused { code } => format!("{code} is neither paused nor watched"),
        Phrase::NotTransferring { code } => format!("{code} is not waiting for a receipt"),
        Phrase::CheckInOver { code, next } => match next {
            Some(next) => {
                format!("That one has changed. {code}: {} {}", names::purpose(next.purpose), names::next(next, today))
            }
            None => format!("That one has changed. {code} is no longer supported"),
        },
        Phrase::QuestionOver => "This question is over. Please send it again in one line".to_owned(),
        Phrase::TooLong { max } => {
            format!("That was too long for me. Please send the gist in {max} characters. Nothing was kept")
        }
        Phrase::NoSuchButton => "This button does not work. Please have it shown again and press it there".to_owned(),
        Phrase::WordsOnly => "I can take words only, no pictures, voices or files. Nothing was kept".to_owned(),
        Phrase::UnknownColleague => "I know no colleague of that name. Please send a family name of your team".to_owned(),
        Phrase::WhoIsMeant => "Who is meant? Please add the name (such as: cover 12/1 to 12/12 Sato)".to_owned(),
        Phrase::LeaveOrder => "The leave ends before it begins. Please send the dates again".to_owned(),
        Phrase::PastDayChosen => "That day has passed. Please choose today or later".to_owned(),
        Phrase::NotADay => "I could not read that date. Please give it again (such as 2026-12-15)".to_owned(),
        Phrase::RaceLost => {
            "Others were changing this at the same moment; yours is not recorded yet. Please send it again".to_owned()
        }
        Phrase::NothingToCorrect => "I find no record to correct. Please add the household's code".to_owned(),
        Phrase::OverdueTeam { overdue, open, unscheduled } => {
            format!("Overdue: {overdue} (of {open} supported, {})", scheduled(*unscheduled))
        }
        Phrase::OverdueOwn { overdue } => format!("Households past their date: {overdue}"),
        Phrase::NothingOverdue { open, unscheduled } => {
            format!("No household is past its date ({open} supported, {})", scheduled(*unscheduled))
        }
        Phrase::OverdueRow { code, alarm, days, nurse, away, put_off } => {
            let alarm = if *alarm { ", urgent" } else { "" };
            let nurse = nurse.as_deref().unwrap_or("no nurse");
            let away = match away {
                Some(Some(cover)) => format!(" (away, covered by {cover})"),
                Some(None) => " (away, no cover)".to_owned(),
                None => String::new(),
            };
            let put_off = if *put_off > 0 { format!(", put off {put_off}×") } else { String::new() };
            format!("{code}{alarm}, {}, {nurse}{away}{put_off}", names::count(*days, "day"))
        }
        Phrase::ComingTitle(span) => format!("Plans for {}", names::span(*span)),
        Phrase::NothingComing(span) => format!("Nothing is planned for {}", names::span(*span)),
        Phrase::ComingRow { code, next, nurse } => {
            let nurse = nurse.as_ref().map(|name| format!(", {name}")).unwrap_or_default();
            format!("{code} {} {}{nurse}", names::next(next, today), short_purpose(next.purpose))
        }
        Phrase::RestOfList { count } => format!("and {count} more"),
        Phrase::SheetTitle { code, state } => format!("{code} ({})", names::state(*state)),
        Phrase::LastTime(contact) => format!("Last time: {}", names::contact_on(contact, today)),
        Phrase::BeforeThat(contact) => format!("Before that: {}", names::contact_on(contact, today)),
        Phrase::NeverYet => "No contact yet".to_owned(),
        Phrase::ContactLine { contact, author } => format!("{} ({author})", names::contact_on(contact, today)),
        Phrase::Nurses { main, second } => {
            let main = main.as_deref().unwrap_or("nobody yet");
            match second {
                Some(second) => format!("Main nurse {main}, second {second}"),
                None => format!("Main nurse {main}"),
            }
        }
        Phrase::KnownBy { route, on } => {
            let route = route.map(|route| format!("Known by: {}", names::route(route)));
            let on = on.map(|on| format!("first on {}", day(on)));
            route.into_iter().chain(on).collect::<Vec<_>>().join(", ")
        }
        Phrase::ClassIs(class) => format!("Class {}", class.code().to_uppercase()),
        Phrase::Counts { contacts, cards, letters } => {
            format!(
                "{}, {}, {}",
                names::count(*contacts, "contact"),
                names::count(*cards, "card"),
                names::count(*letters, "letter")
            )
        }
        Phrase::Course => "Course".to_owned(),
        Phrase::WaitsFor(wish) => format!("Waiting for the supervisor: {}", names::wish(*wish)),
        Phrase::GoodMorning { count: 0 } => "Good morning. All households of this message are done".to_owned(),
        Phrase::GoodMorning { count } => format!("Good morning. Households to look in on: {count}"),
        Phrase::TodaysCounts { appointments, reviews, others } => {
            format!(
                "Good morning. Today: {}, {}, {}",
                names::count(*appointments, "appointment"),
                names::count(*reviews, "review"),
                names::count(*others, "check-in")
            )
        }
        Phrase::ReminderTitle => "It is time to look in".to_owned(),
        Phrase::SupervisorTitle { count } => format!("Overdue: {count}"),
        Phrase::DueTitle { code, next } => due_title(code, next),
        Phrase::PlannedFor { next } => {
            let plan = names::plan(next);
            let comma = if plan.is_empty() { "" } else { ", " };
            let what = if next.purpose == Purpose::Review { "Review planned for" } else { "Planned for" };
            format!("{what} {}{comma}{plan}", names::window(next.window, today))
        }
        Phrase::Attempts { recent } => {
            let lines: Vec<String> = recent.iter().map(|contact| names::contact_on(contact, today)).collect();
            if lines.is_empty() { "No contact yet".to_owned() } else { format!("Last: {}", lines.join(" / ")) }
        }
        Phrase::LastMet(contact) => {
            let who = names::whom(&contact.details.whom);
            let who = if who.is_empty() { "somebody".to_owned() } else { who };
            format!("Last met {who} on {}", day(contact.details.on))
        }
        Phrase::CardsLeft { cards } => if *cards > 0 { format!("Cards left: {cards}") } else { String::new() },
        Phrase::SinceThen { name, contact } => format!("{name}, {}: {}", day(contact.on), names::contact(contact, None)),
        Phrase::HowWasAppointment { code, time } => match time {
            Some(time) => format!("{code}: how was the appointment at {}?", names::time(*time)),
            None => format!("{code}: how was today's appointment?"),
        },
        Phrase::NurseOf { name, away_until, cover } => {
            let away = away_until.map(|until| format!(", away until {}", day(until))).unwrap_or_default();
            let cover = cover.as_ref().map(|cover| format!(", covered by {cover}")).unwrap_or_default();
            format!("Nurse: {name}{away}{cover}")
        }
        Phrase::BeingDealtWith { code, name } => format!("{code}: {name} is dealing with it"),
        Phrase::Settled { code, name, on } => format!("{code}: done by {name}, {}", day(*on)),
        Phrase::NoLongerThere { code } => format!("{code}: the plan has changed"),
        Phrase::MayBeRepeated => "This may be a repetition".to_owned(),
        Phrase::NudgesHadStopped { since, count } => {
            let meanwhile = if *count == 0 {
                String::new()
            } else {
                format!(". What came due meanwhile is in this message: {count}")
            };
            format!("Nudges had stopped since {}{meanwhile}", day(*since))
        }
        Phrase::CouldNotShow { count } => {
            format!("Households that could not be read: {count}. Please tell the admin")
        }
        Phrase::LoggedFor { code, name, kind, outcome, window } => {
            let what: Vec<&str> = kind.map(names::kind).into_iter().chain(outcome.map(names::outcome)).collect();
            let next = window.map(|window| format!(". Next: {}", day(window.on))).unwrap_or_default();
            format!("{code}: {name} has recorded {}{next}", what.join(", "))
        }
        Phrase::DateChangedBy { code, name, window } => {
            format!("{code}: {name} has changed the date to {}", day(window.on))
        }
        Phrase::AskedTitle { name, code, wish } => asked_title(name, code, *wish),
        Phrase::ClosureFigures { contacts, last_on } => match last_on {
            Some(last) => format!("{}, the last on {}", names::count(*contacts, "contact"), day(*last)),
            None => names::count(*contacts, "contact"),
        },
        Phrase::AnsweredTo { code, name, wish, accepted } => {
            let verb = if *accepted { "has agreed" } else { "has sent it back" };
            format!("{code}: {name} {verb} ({})", names::wish(*wish))
        }
        Phrase::EntrustedTo { code, name, main, window } => {
            let what = if *main { "main" } else { "second" };
            let next = window.map(|window| format!(". Next: {}", day(window.on))).unwrap_or_default();
            format!("You are the {what} nurse of {code} now (by {name}){next}")
        }
        Phrase::Unreached(name) => {
            format!("Messages to {name} do not arrive. Please see to how {name} is reached")
        }
        Phrase::HandedOn { code, name, to, main } => {
            let what = if *main { "main" } else { "second" };
            format!("{to} is the {what} nurse of {code} now (by {name})")
        }
        Phrase::CoverCancelled { name, from, to } => {
            format!("You need not stand in for {name} from {} to {} after all", day(*from), day(*to))
        }
        Phrase::Covering { name, from, to, due_now, due_within } => format!(
            "You stand in for {name} {}: {} now, {due_within} in that time",
            names::days(*from, *to, today),
            names::count(*due_now, "household")
        ),
        Phrase::BoardGroup(group) => names::board_group(*group).to_owned(),
        Phrase::Column(column) => names::column_head(*column).to_owned(),
        Phrase::Code(code) => code.to_string(),
        Phrase::Name(name) => name.clone().unwrap_or_else(|| "nobody yet".to_owned()),
        Phrase::DateCell(next) => next.as_ref().map(|next| names::next(next, today)).unwrap_or_default(),
        Phrase::LastCell(contact) => {
            contact.as_ref().map_or_else(|| "none yet".to_owned(), |contact| names::contact_on(contact, today))
        }
        Phrase::FlagsCell { flags, not_before } => {
            let until = not_before.map(|until| format!("leave in peace until {}", day(until)));
            let flags = (!flags.is_empty()).then(|| names::flags(flags));
            flags.into_iter().chain(until).collect::<Vec<_>>().join(", ")
        }
        Phrase::StateCell(state) => names::state(*state).to_owned(),
        Phrase::Waiting { count } => format!("Requests waiting for an answer: {count}"),
        Phrase::WaitingRow { code, wish, name, on } => {
            format!("{code}: {name} asks {} ({})", names::wish(*wish), day(*on))
        }
        Phrase::EchoPress(pressed) => format!("[{}]", label(pressed, today)),
        Phrase::EchoContact { code, contacts, due } => {
            let code = code.iter().map(Code::to_string);
            let contacts = contacts.iter().map(|contact| names::contact(contact, None));
            let due = due.iter().map(|due| day(*due));
            code.chain(contacts).chain(due).collect::<Vec<_>>().join(" · ")
        }
        Phrase::EchoCommand { code, command } => {
            let code = code.as_ref().map(|code| format!("{code} ")).unwrap_or_default();
            format!("{code}{}", commands::name(*command))
        }
        Phrase::Help(line) => commands::help(*line).to_owned(),
        Phrase::Outside(line) => outside::say(line, today),
        Phrase::Audit(line) => audit::say(line, today),
        Phrase::Chat(line) => chat::say(line, today),
        Phrase::Rhythm(line) => rhythm::say(line, today),
        Phrase::Staff(line) => staff::say(line, today),
    }
}

fn because_of(because: &Because, today: NaiveDate) -> String {
    match because {
        Because::Said
        | Because::Guideline {
            why: Why::Said | Why::Chosen | Why::Hostile | Why::Danger | Why::NoSignOfLife,
            ..
        } => String::new(),
        Because::Guessed => " ← the earlier end, as a guess".to_owned(),
        Because::Guideline { why, span } => {
            let span = span
                .map(|span| format!(" ({})", names::interval(span)))
                .unwrap_or_default();
            format!(" ← our guideline for {}{span}", names::why(*why))
        }
        Because::EndOfPeace => " ← the end of the time without visits".to_owned(),
        Because::Kept => " (as before)".to_owned(),
        Because::MovedBack { from } => format!(
            " ← {} is a closed day, so the last open day before it",
            names::day(*from, today)
        ),
        Because::MovedForward { from } => format!(
            " ← {} is a closed day, so the next open day",
            names::day(*from, today)
        ),
    }
}

fn short_purpose(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::LookIn => "check-in",
        Purpose::Review => "review",
    }
}

fn due_title(code: &Code, next: &Next) -> String {
    match (next.pace, next.purpose) {
        (Pace::Appointment, _) => {
            let time = next
                .plan
                .time
                .map(|at| format!(" {}", names::time(at)))
                .unwrap_or_default();
            let kind = next
                .plan
                .kind
                .map(|kind| format!(", {}", names::kind(kind)))
                .unwrap_or_default();
            format!("{code} appointment{time}{kind}")
        }
        (_, Purpose::Review) => {
            let kind = next
                .plan
                .kind
                .map(|kind| format!(", {}", names::kind(kind)))
                .unwrap_or_default();
            format!("{code} review{kind}")
        }
        (_, Purpose::LookIn) => code.to_string(),
    }
}

fn asked_title(name: &str, code: &Code, wish: Wish) -> String {
    match wish {
        Wish::HowIsIt => {
            format!(
                "{code}: how is it going? If you are short of hands, we will arrange it together"
            )
        }
        _ => format!("{code}: {name} asks {}", names::wish(wish)),
    }
}

fn cover_words(cover: Option<&String>) -> String {
    match cover {
        Some(cover) => format!("{cover} stands in"),
        None => "Until somebody stands in, the second nurse and the supervisor are told".to_owned(),
    }
}

fn list(codes: &[Code]) -> String {
    codes
        .iter()
        .map(Code::to_string)
        .collect::<Vec<_>>()
        .join(" and ")
}
