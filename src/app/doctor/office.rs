//! The office: who leads and administers it, who can be reached, and whether its
//! one promise holds.
use super::database::unread;
use crate::{
    conversation::{
        checkup::{Finding, OfOffice},
        message::Platform,
    },
    domain::people::{Person, Role},
    engine::clock::Clock,
    store::{self, Db, Result, checkup, office::OfficeRow, staff},
};
use chrono::{NaiveDate, TimeDelta};

/// An answer that has waited longer waits for something to be mended.
const LETTER_HOURS_MAX: i64 = 1;

pub fn itself(founded: Option<&OfficeRow>) -> Finding {
    Finding::Office(match founded {
        None => OfOffice::NotFounded,
        Some(office) if office.made_up => OfOffice::MadeUp,
        Some(office) => OfOffice::Founded {
            name: office.name.clone(),
        },
    })
}

/// Of an office that is there, with these chats switched on.
pub async fn findings(
    db: &Db,
    (on, clock): (&[Platform], &Clock),
    today: NaiveDate,
) -> Vec<Finding> {
    let looks = [
        people(db, on, today).await,
        households(db).await,
        letters(db, clock).await,
    ];
    let said = looks.into_iter().flat_map(|look| match look {
        Ok(found) => found.into_iter().map(Finding::Office).collect(),
        Err(fault) => vec![unread(&fault)],
    });
    said.collect()
}

async fn people(db: &Db, on: &[Platform], today: NaiveDate) -> Result<Vec<OfOffice>> {
    let everybody = store::office::people(db).await?;
    let staff: Vec<Person> = everybody
        .into_iter()
        .filter(|person| person.is_staff_on(today))
        .collect();
    let mut found = vec![OfOffice::Staffed {
        people: staff.len(),
    }];
    if !staff.iter().any(|person| person.role == Role::Admin) {
        found.push(OfOffice::NoAdmin);
    }
    for team in staff::teams(db).await? {
        let mut own = staff.iter().filter(|person| person.team == team.id);
        if !own.any(|person| person.role.leads()) {
            found.push(OfOffice::NobodyLeads { team: team.name });
        }
    }
    found.extend(reach(db, on, &staff).await?);
    Ok(found)
}

/// How each of them is reached.
async fn reach(db: &Db, on: &[Platform], staff: &[Person]) -> Result<Vec<OfOffice>> {
    let living = staff::routes(db).await?;
    let lost = checkup::lost_chats(db).await?;
    let mut found = Vec::new();
    let mut page_alone = Vec::new();
    for person in staff {
        let name = person.name.clone();
        let routes = living.get(&person.id).map_or(&[][..], Vec::as_slice);
        let has_chat = routes.iter().any(|platform| *platform != Platform::Page);
        match routes {
            [] => found.push(OfOffice::Unreachable { name }),
            _ if has_chat => {}
            _ if lost.contains(&person.id) => found.push(OfOffice::LostChat { name }),
            _ => page_alone.push(name),
        }
    }
    if !on.is_empty() && !page_alone.is_empty() {
        found.push(OfOffice::PageAlone { names: page_alone });
    }
    Ok(found)
}

async fn households(db: &Db) -> Result<Vec<OfOffice>> {
    let counted = checkup::households(db).await?;
    Ok(vec![match counted.unscheduled {
        0 => OfOffice::Scheduled {
            households: counted.open,
        },
        households => OfOffice::Unscheduled { households },
    }])
}

async fn letters(db: &Db, clock: &Clock) -> Result<Vec<OfOffice>> {
    let since = clock.real() - TimeDelta::hours(LETTER_HOURS_MAX);
    let waiting = checkup::letters_before(db, since).await?;
    Ok(match waiting {
        0 => Vec::new(),
        letters => vec![OfOffice::LettersWaiting { letters }],
    })
}
