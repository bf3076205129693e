//! What is said in English about a chat itself.
use super::names;
use crate::{
    conversation::{
        phrase::Outside,
        phrasing::{manual, page},
    },
    domain::people::Language,
};
use chrono::NaiveDate;

pub fn say(line: &Outside, today: NaiveDate) -> String {
    match line {
        Outside::StaffOnly => "For staff only: no requests can be taken here".to_owned(),
        Outside::Counselling { at } => {
            format!("For advice please call {at}; in danger to life 110 or 119")
        }
        Outside::SendTheCode => "Staff: please send your join code".to_owned(),
        Outside::Joined { name, team, role } => {
            format!("You have joined as {name} ({team}, {})", page::role(*role, Language::English))
        }
        Outside::JoinedAlready { name } => {
            format!("You have joined as {name} already. A colleague's code has to come from their own account")
        }
        Outside::CouldNotRecord { in_part: false } => {
            "This could not be recorded, and nothing was kept. Please send it again, or use the page".to_owned()
        }
        Outside::CouldNotRecord { in_part: true } => {
            "A part of it could not be recorded. Please send the rest again, or use the page".to_owned()
        }
        Outside::NewsOnly => {
            "This chat only says that there is news. Nothing was kept: please record on the page".to_owned()
        }
        Outside::DatesOnly => {
            "This chat only shows household codes and dates. Nothing was kept: please record on the page".to_owned()
        }
        Outside::News => "There is news".to_owned(),
        Outside::NewsOf { code } => format!("There is news of {code}"),
        Outside::UrgentNews => "There is urgent news. Please open the page or call the office at once".to_owned(),
        Outside::NewsIsOver => "This has been dealt with".to_owned(),
        Outside::CodeAndDay { code, on } => format!("{code} {}", names::day(*on, today)),
        Outside::DatesTitle => "Household codes and dates".to_owned(),
        Outside::NoDates => "There is nothing of the kind".to_owned(),
        Outside::PageAt { url } => format!("The page: {url}"),
        Outside::CheckRoutes { name } => format!("{name}, please check how you are reached"),
        Outside::RoomOpenToAll { platform } => format!(
            "A registered place on {} had become readable by everyone, so nothing is posted there any more. \
             Please limit its members and register it again",
            manual::platform_name(*platform, Language::English)
        ),
        Outside::RoomLost { platform } => format!(
            "A registered place on {} cannot be posted to any more and is no longer used. \
             Please register it again if it is needed",
            manual::platform_name(*platform, Language::English)
        ),
    }
}
