//! The made-up office, put into the store.
use super::MadeUpOffice;
use crate::{
    domain::household::Facts,
    store::office::{
        Founding, FoundingCheckIn, FoundingContact, FoundingHousehold, FoundingPerson,
    },
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

/// What the store is to found. Its clock is so far ahead of real time, and every
/// open household is looked at from `opens_at` on.
pub fn founding(
    office: MadeUpOffice,
    zone: Tz,
    opens_at: DateTime<Utc>,
    clock_offset_s: i64,
) -> Founding {
    Founding {
        name: office.name,
        zone,
        clock_offset_s,
        made_up: true,
        team: office.team,
        people: office
            .people
            .into_iter()
            .map(|person| FoundingPerson {
                name: person.name,
                role: person.role,
                language: person.language,
                working_days: person.working_days,
                left_on: None,
            })
            .collect(),
        households: office
            .households
            .into_iter()
            .map(|household| FoundingHousehold {
                code: household.code,
                facts: Facts {
                    state: household.state,
                    pause_reason: household.pause_reason,
                    close_reason: household.close_reason,
                    awaiting_receipt: false,
                    class: household.class,
                    flags: household.flags,
                    not_before: household.not_before,
                    known_by: Some(household.known_by),
                    known_on: Some(household.known_on),
                    main: None,
                    second: None,
                    check_in: None,
                },
                main: Some(household.main),
                second: household.second,
                contacts: household
                    .contacts
                    .into_iter()
                    .map(|contact| FoundingContact {
                        author: contact.author,
                        recorded_at: contact.recorded_at,
                        details: contact.details,
                    })
                    .collect(),
                check_in: household.check_in.map(|check_in| FoundingCheckIn {
                    terms: check_in.terms,
                    made_at: check_in.made_at,
                    made_by: check_in.made_by,
                    next_nudge_at: opens_at,
                }),
            })
            .collect(),
        page_routes: true,
    }
}
