//! Codes of households, for somebody who begins to type one.
use super::{Db, Result, fetch, households::is_own, people, value::read};
use crate::{conversation::message::Account, domain::household::Code};
use chrono::NaiveDate;

/// Open households of the account's team whose code begins in one of both ways, the
/// person's own first; none for an account of nobody.
pub async fn begun(
    db: &Db,
    (account, today): (&Account, NaiveDate),
    [one, other]: &[String; 2],
    limit: i64,
) -> Result<Vec<Code>> {
    let mut tx = db.read().await?;
    let Some(person) = people::sender(&mut tx, account, today).await? else {
        return Ok(Vec::new());
    };
    let rows = fetch!(
        all,
        (String,),
        &mut tx,
        concat!(
            "SELECT h.code FROM household h WHERE h.team_id = $1 \
             AND h.check_in_id IS NOT NULL AND (substr(h.code, 1, length($4)) = $4 \
             OR substr(h.code, 1, length($5)) = $5) ORDER BY CASE WHEN ",
            is_own!(),
            " THEN 0 ELSE 1 END, h.code LIMIT $6"
        ),
        person.team,
        person.id,
        today,
        one.as_str(),
        other.as_str(),
        limit,
    )?;
    rows.iter()
        .map(|(code,)| read("household.code", code))
        .collect()
}
