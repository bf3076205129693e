//! Contacts: rows ↔ values, and how one is written.
use super::{
    Fault, Result, Tx, execute, fetch,
    households::Keyed,
    value::{list, read, read_list, read_some},
};
use crate::domain::{
    ContactId, HouseholdId, PersonId, SaveId,
    contact::{Contact, Details},
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::FromRow;

/// The columns of [`ContactRow`], from `contact k`.
macro_rules! contact_columns {
    () => {
        "k.id AS contact_id, k.household_id AS contact_household_id, k.kind, k.direction, \
         k.outcome, k.further_outcomes, k.whom, k.things_left, k.signs, k.small_changes, \
         k.promises, k.partners, k.took_place_on, k.took_place_time, k.part_of_day, \
         k.worrying_word, k.danger, k.author_id, k.recorded_at"
    };
}
pub(super) use contact_columns;

#[derive(FromRow)]
pub(super) struct ContactRow {
    contact_id: i64,
    contact_household_id: i64,
    kind: Option<String>,
    direction: String,
    outcome: Option<String>,
    further_outcomes: String,
    whom: String,
    things_left: String,
    signs: Option<String>,
    small_changes: String,
    promises: String,
    partners: String,
    took_place_on: NaiveDate,
    took_place_time: Option<NaiveTime>,
    part_of_day: Option<String>,
    worrying_word: bool,
    danger: bool,
    author_id: i64,
    recorded_at: DateTime<Utc>,
}

impl Keyed for ContactRow {
    const KEY: &'static str = "contact_id";
}

impl TryFrom<ContactRow> for Contact {
    type Error = Fault;

    fn try_from(row: ContactRow) -> Result<Contact> {
        Ok(Contact {
            id: ContactId(row.contact_id),
            household: HouseholdId(row.contact_household_id),
            author: PersonId(row.author_id),
            recorded_at: row.recorded_at,
            details: Details {
                kind: read_some("contact.kind", row.kind.as_deref())?,
                direction: read("contact.direction", &row.direction)?,
                outcome: read_some("contact.outcome", row.outcome.as_deref())?,
                also: read_list("contact.further_outcomes", &row.further_outcomes)?,
                whom: read_list("contact.whom", &row.whom)?,
                left: read_list("contact.things_left", &row.things_left)?,
                signs: read_some("contact.signs", row.signs.as_deref())?,
                small_changes: read_list("contact.small_changes", &row.small_changes)?,
                promises: read_list("contact.promises", &row.promises)?,
                partners: read_list("contact.partners", &row.partners)?,
                on: row.took_place_on,
                time: row.took_place_time,
                part_of_day: read_some("contact.part_of_day", row.part_of_day.as_deref())?,
                worrying_word: row.worrying_word,
                danger: row.danger,
            },
        })
    }
}

/// Of which household a contact is, by whom, when, and in which save.
pub(super) struct Origin {
    pub(super) household: HouseholdId,
    pub(super) author: PersonId,
    pub(super) recorded_at: DateTime<Utc>,
    pub(super) save: Option<SaveId>,
}

pub(super) async fn add(tx: &mut Tx, origin: &Origin, details: &Details) -> Result<ContactId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO contact (household_id, author_id, recorded_at, save_id, kind, direction, \
         outcome, further_outcomes, whom, things_left, signs, small_changes, promises, partners, \
         took_place_on, took_place_time, part_of_day, worrying_word, danger, withdrawn) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, \
         $18, $19, FALSE) RETURNING id",
        origin.household,
        origin.author,
        origin.recorded_at,
        origin.save,
        details.kind,
        details.direction,
        details.outcome,
        list(&details.also),
        list(&details.whom),
        list(&details.left),
        details.signs,
        list(&details.small_changes),
        list(&details.promises),
        list(&details.partners),
        details.on,
        details.time,
        details.part_of_day,
        details.worrying_word,
        details.danger,
    )?;
    Ok(ContactId(id))
}

/// What stood before, if it was not taken back; the contact is of that
/// household or this is refused.
pub(super) async fn standing(
    tx: &mut Tx,
    household: HouseholdId,
    id: ContactId,
) -> Result<Option<Details>> {
    let row = fetch!(
        optional,
        (bool,),
        tx,
        "SELECT withdrawn FROM contact WHERE id = $1 AND household_id = $2",
        id,
        household,
    )?;
    let Some((withdrawn,)) = row else {
        return Err(Fault::Broken(format!(
            "contact {} is not of household {}",
            id.0, household.0
        )));
    };
    if withdrawn {
        return Ok(None);
    }
    let row = fetch!(
        one,
        ContactRow,
        tx,
        concat!(
            "SELECT ",
            contact_columns!(),
            " FROM contact k WHERE k.id = $1"
        ),
        id,
    )?;
    Ok(Some(Contact::try_from(row)?.details))
}

/// Puts other details in its place, or takes it back.
pub(super) async fn put(tx: &mut Tx, id: ContactId, details: Option<&Details>) -> Result<()> {
    let Some(details) = details else {
        execute!(tx, "UPDATE contact SET withdrawn = TRUE WHERE id = $1", id)?;
        return Ok(());
    };
    execute!(
        tx,
        "UPDATE contact SET withdrawn = FALSE, kind = $2, direction = $3, outcome = $4, \
         further_outcomes = $5, whom = $6, things_left = $7, signs = $8, small_changes = $9, \
         promises = $10, partners = $11, took_place_on = $12, took_place_time = $13, \
         part_of_day = $14, worrying_word = $15, danger = $16 WHERE id = $1",
        id,
        details.kind,
        details.direction,
        details.outcome,
        list(&details.also),
        list(&details.whom),
        list(&details.left),
        details.signs,
        list(&details.small_changes),
        list(&details.promises),
        list(&details.partners),
        details.on,
        details.time,
        details.part_of_day,
        details.worrying_word,
        details.danger,
    )?;
    Ok(())
}
