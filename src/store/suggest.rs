//! Households that may have been meant.
use super::{Db, Result, Tx, fetch, households::is_own, lists, people};
use crate::{
    conversation::{
        message::{Account, Level, Place},
        scene::Brief,
    },
    domain::{PersonId, TeamId, household::Code, people::Person},
};
use chrono::NaiveDate;

/// A chat shows no more of them.
const COMPLETIONS_MAX: i64 = 25;
/// More buttons than these are not read.
const SUGGESTIONS_MAX: usize = 4;
/// A team with more open households than these gets suggestions from the first.
const CODES_MAX: i64 = 5_000;

/// The sender's own open households, those due first.
pub(super) async fn own(
    tx: &mut Tx,
    team: TeamId,
    sender: PersonId,
    today: NaiveDate,
) -> Result<Vec<Brief>> {
    lists::own(tx, team, sender, today, SUGGESTIONS_MAX as i64).await
}

/// The team's open households whose numbers look most like the one given; of
/// one nurse only, where one is given.
pub(super) async fn similar(
    tx: &mut Tx,
    team: TeamId,
    of: Option<(PersonId, NaiveDate)>,
    code: &Code,
) -> Result<Vec<Brief>> {
    let rows = fetch!(
        all,
        (i64, String),
        &mut *tx,
        concat!(
            "SELECT h.id, h.code FROM household h WHERE h.team_id = $1 \
             AND h.check_in_id IS NOT NULL AND ($2 IS NULL OR ",
            is_own!(),
            ") ORDER BY h.code LIMIT $4"
        ),
        team,
        of.map(|(person, _)| person),
        of.map(|(_, today)| today),
        CODES_MAX,
    )?;
    let mut near: Vec<(usize, u32, i64)> = rows
        .into_iter()
        .filter_map(|(id, text)| {
            let other: Code = text.parse().ok()?;
            let apart = other.number().abs_diff(code.number());
            (apart > 0).then(|| (edits(code.as_str(), other.as_str()), apart, id))
        })
        .collect();
    near.sort_unstable();
    let mut found = Vec::new();
    for (_, _, id) in near.into_iter().take(SUGGESTIONS_MAX) {
        found.extend(lists::brief(tx, id).await?);
    }
    Ok(found)
}

/// Households that a person may be about to name, and who it is.
pub type Completion = (Person, Vec<Brief>);

/// The open households of the account's team whose codes begin with one of these,
/// the person's own first; at most [`COMPLETIONS_MAX`]. None for a stranger, and
/// where the office takes nothing.
pub async fn completion(
    db: &Db,
    account: &Account,
    beginnings: &[String; 3],
    today: NaiveDate,
) -> Result<Option<Completion>> {
    let mut tx = db.read().await?;
    let said = people::Said {
        place: &Place::of(account),
        key: None,
    };
    let sender = people::sender(&mut tx, account, today, &said).await?;
    let may_name = |sender: &people::Sender| sender.level == Level::Logging;
    let Some(people::Sender { person, .. }) = sender.filter(may_name) else {
        return Ok(None);
    };
    let asked = lists::Beginning {
        team: person.team,
        nurse: person.id,
        today,
        codes: beginnings,
        limit: COMPLETIONS_MAX,
    };
    let found = lists::beginning(&mut tx, &asked).await?;
    Ok(Some((person, found)))
}

/// How many characters must be typed otherwise, left out, put in, or exchanged
/// with their neighbour to get from one to the other.
fn edits(from: &str, to: &str) -> usize {
    let (from, to) = (from.as_bytes(), to.as_bytes());
    let mut table = vec![vec![0; to.len() + 1]; from.len() + 1];
    for (i, row) in table.iter_mut().enumerate() {
        row[0] = i;
    }
    table[0] = (0..=to.len()).collect();
    for i in 1..=from.len() {
        for j in 1..=to.len() {
            let other = usize::from(from[i - 1] != to[j - 1]);
            let mut least = (table[i - 1][j - 1] + other)
                .min(table[i - 1][j] + 1)
                .min(table[i][j - 1] + 1);
            if i > 1 && j > 1 && from[i - 1] == to[j - 2] && from[i - 2] == to[j - 1] {
                least = least.min(table[i - 2][j - 2] + 1);
            }
            table[i][j] = least;
        }
    }
    table[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::edits;

    #[test]
    fn one_slip_of_the_finger_is_one_edit() {
        for (typed, meant, expected) in [
            ("H-012", "H-012", 0),
            ("H-999", "H-099", 1),
            ("H-021", "H-012", 1),
            ("H-12", "H-012", 1),
            ("H-0122", "H-012", 1),
            ("H-345", "H-012", 3),
        ] {
            assert_eq!(edits(typed, meant), expected, "{typed} {meant}");
        }
    }
}
