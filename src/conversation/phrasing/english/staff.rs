//! What we say in English about the staff.
use super::names;
use crate::{
    conversation::{
        phrase::StaffLine,
        phrasing::{manual, page},
    },
    domain::{household::Code, people::Language},
};
use chrono::NaiveDate;

/// One sentence.
pub fn say(line: &StaffLine, today: NaiveDate) -> String {
    match line {
        StaffLine::AdminsOnly => "This is for administrators. Please tell one of them".to_owned(),
        StaffLine::OverseersOnly => {
            "This is for supervisors, deputies and administrators. Please tell the supervisor"
                .to_owned()
        }
        StaffLine::WhomToInvite => {
            "Whom would you like to invite? Please add the name: \u{201c}invite Sato\u{201d}"
                .to_owned()
        }
        StaffLine::JoinCode { name, code } => format!("Join code for {name}: {}", code.tell()),
        StaffLine::JoinCodeHow { code, days } => format!(
            "It works once, for {days} days, in place of any older one. \
             They send it to the bot in a private chat: \u{201c}join {}\u{201d}",
            code.tell()
        ),
        StaffLine::JoinCodeMade { name } => {
            format!("A join code for {name} was made (it is not kept here)")
        }
        StaffLine::InviteElsewhere => {
            "This screen keeps the conversation, so it shows no join codes. Please ask in a chat, \
             or let an administrator use koekake invite"
                .to_owned()
        }
        StaffLine::HowToAdd => {
            "Please add the name and the role: \u{201c}add staff Yamada nurse\u{201d}".to_owned()
        }
        StaffLine::NameTaken => {
            "Somebody on the staff has this name. Please send one that tells them apart".to_owned()
        }
        StaffLine::Added { name, role } => {
            format!("Added {name} ({})", page::role(*role, Language::English))
        }
        StaffLine::Title { count } => format!("Staff: {count}"),
        StaffLine::Row {
            name,
            role,
            platforms,
            away_until,
            last_day,
        } => {
            let platforms: Vec<&str> = platforms
                .iter()
                .map(|platform| manual::platform_name(*platform, Language::English))
                .collect();
            let reached = if platforms.is_empty() {
                "not reachable yet".to_owned()
            } else {
                platforms.join(", ")
            };
            let away = away_until.map(|until| format!(", away until {}", names::day(until, today)));
            let last = last_day.map(|last| format!(", last day {}", names::day(last, today)));
            format!(
                "{name}, {}: {reached}{}{}",
                page::role(*role, Language::English),
                away.unwrap_or_default(),
                last.unwrap_or_default(),
            )
        }
        StaffLine::WhoLeaves => {
            "Who is it? Please add the name: \u{201c}staff leave Sato 3/31\u{201d}".to_owned()
        }
        StaffLine::LeftNow { name } => {
            format!("{name} is no longer on the staff. The page and the chats are closed to them")
        }
        StaffLine::LeavesOn { name, last_day } => format!(
            "{name} stays until {}. After it the page and the chats are closed to them",
            names::day(*last_day, today)
        ),
        StaffLine::StillInCharge { name, main, second } => format!(
            "{name} is main nurse of {main} and second nurse of {second} households. \
             Once they are handed on, {name} can go"
        ),
        StaffLine::SecondNurseOf { codes } => {
            let all: Vec<String> = codes.iter().map(Code::to_string).collect();
            let first = all.first().map(String::as_str).unwrap_or_default();
            format!(
                "Second nurse of {}. Change it with \u{201c}{first} second nurse Suzuki\u{201d}",
                all.join(", ")
            )
        }
        StaffLine::HandAllTo => "All of them can be handed to one colleague".to_owned(),
        StaffLine::HandedOver { name, to, count } => format!(
            "{} of {name} handed on to {to}. Their dates stay",
            names::count(*count, "household")
        ),
        StaffLine::EntrustedAll { name, by, count } => format!(
            "{by} has entrusted you with {} of {name}. Their dates stay",
            names::count(*count, "household")
        ),
        StaffLine::LastAdmin => "There is no other administrator. Please add one first".to_owned(),
        StaffLine::PageLink { url } => url.tell().to_owned(),
        StaffLine::PageLinkHow { minutes } => {
            format!("A link to your page. It works once, for {minutes} minutes")
        }
        StaffLine::PageLinkMade => "A link to the page was made (it is not kept here)".to_owned(),
        StaffLine::PageIsHere => "This screen is the page".to_owned(),
    }
}
