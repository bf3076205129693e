//! What is asked about the staff before an administrator's act is decided.
use super::{Fault, Result, Tx, fetch, people, routes};
use crate::{
    conversation::scene::{Holds, Query, Staffing},
    domain::{PersonId, TeamId, household::Code},
};
use chrono::NaiveDate;

/// Nobody has more households than are looked at here.
const CODES_MAX: i64 = 1_000;

pub(super) async fn asked(
    tx: &mut Tx,
    query: &Query,
    (team, today): (TeamId, NaiveDate),
) -> Result<Staffing> {
    Ok(match query {
        Query::Routes => routes(tx, team).await?,
        Query::Namesake(name) => Staffing::Namesake(people::is_called(tx, name, today).await?),
        Query::Holds { person, from } => Staffing::Holds(holds(tx, *person, *from).await?),
    })
}

async fn routes(tx: &mut Tx, team: TeamId) -> Result<Staffing> {
    let rows = fetch!(
        all,
        (i64, String),
        tx,
        "SELECT r.person_id, r.platform FROM route r JOIN person p ON p.id = r.person_id \
         WHERE p.team_id = $1 AND r.dead_at IS NULL ORDER BY r.person_id, r.position, r.id",
        team,
    )?;
    Ok(Staffing::Routes(routes::by_person(rows)?))
}

async fn holds(tx: &mut Tx, person: PersonId, from: NaiveDate) -> Result<Holds> {
    let rows = fetch!(
        all,
        (String, bool),
        &mut *tx,
        "SELECT code, COALESCE(main_id = $1, FALSE) FROM household \
         WHERE (main_id = $1 OR second_id = $1) AND check_in_id IS NOT NULL \
         ORDER BY code LIMIT $2",
        person,
        CODES_MAX,
    )?;
    let mut holds = Holds {
        is_last_admin: !people::has_another_admin(tx, person, from).await?,
        ..Holds::default()
    };
    for (code, is_main) in rows {
        let code: Code = code
            .parse()
            .map_err(|_| Fault::Broken("household.code is none".into()))?;
        if is_main {
            holds.main.push(code);
        } else {
            holds.second.push(code);
        }
    }
    Ok(holds)
}
