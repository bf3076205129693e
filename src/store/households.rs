//! Households and their check-ins: rows ↔ values.
use super::{
    Fault, Result, Tx, execute,
    value::{read, read_list, read_some},
};
use crate::domain::{
    CheckInId, HouseholdId, PersonId, TeamId,
    check_in::{CheckIn, NewCheckIn, Plan, Progress, Taken, Window},
    household::{Facts, Household},
};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use sqlx::{ColumnIndex, Decode, FromRow, Row, Type};

/// The columns of [`HouseholdRow`], from `household h`, or with another prefix:
/// what an `UPDATE` returns can have none.
macro_rules! household_columns {
    () => {
        $crate::store::households::household_columns!("h.")
    };
    ($of:literal) => {
        concat!(
            $of,
            "id AS household_id, ",
            $of,
            "code, ",
            $of,
            "team_id, ",
            $of,
            "state, ",
            $of,
            "pause_reason, ",
            $of,
            "close_reason, ",
            $of,
            "awaiting_receipt, ",
            $of,
            "class, ",
            $of,
            "flags, ",
            $of,
            "not_before, ",
            $of,
            "known_by, ",
            $of,
            "known_on, ",
            $of,
            "main_id, ",
            $of,
            "second_id, ",
            $of,
            "check_in_id AS open_check_in_id, ",
            $of,
            "version"
        )
    };
}
/// The columns of [`CheckInRow`], from `check_in c`.
macro_rules! check_in_columns {
    () => {
        "c.id AS check_in_id, c.household_id AS check_in_household_id, \
         c.state AS check_in_state, c.due_on, c.due_by, c.purpose, c.pace, c.why, c.plan_kind, \
         c.plan_time, c.plan_partner, c.put_off, c.made_at, c.made_by, c.settled_at, \
         c.settled_by, c.step, c.rung, c.weekly_on, c.taken_by, c.taken_at, c.taken_until, \
         c.supervisor_from, \
         (SELECT string_agg(CAST(told.recipient_id AS TEXT), ',') FROM \
         (SELECT DISTINCT recipient_id FROM nudge WHERE check_in_id = c.id AND alarm_id IS NULL \
         AND NOT void) \
         AS told) AS told"
    };
}
/// Whether the person ($2) has the household `h` in hand on that day ($3), as
/// `domain::people::Care` says: as main or second nurse, or as the cover of one
/// of them: a person on leave is covered by whoever covers any leave that holds
/// that day.
macro_rules! is_own {
    () => {
        "(h.main_id = $2 OR h.second_id = $2 OR EXISTS (SELECT 1 FROM leave l \
         WHERE l.cover_id = $2 AND l.person_id IN (h.main_id, h.second_id) \
         AND l.from_on <= $3 AND l.to_on >= $3))"
    };
}
pub(super) use {check_in_columns, household_columns, is_own};

/// Who is told what has changed: the whole team's open households are looked
/// at at the next tick, and the calendar with them. A look under way, which knows
/// the people as they were, finds its household changed and leaves it alone.
pub(super) async fn look_again(tx: &mut Tx, team: TeamId, now: DateTime<Utc>) -> Result<()> {
    execute!(&mut *tx, "UPDATE office SET occasion_at = NULL")?;
    execute!(
        tx,
        "UPDATE household SET next_nudge_at = $2 WHERE team_id = $1 AND next_nudge_at IS NOT NULL",
        team,
        now,
    )?;
    Ok(())
}

/// All open households of the one are the other's, with their check-ins as they
/// stand; they are looked at at the next tick. How many there were.
pub(super) async fn hand_over(
    tx: &mut Tx,
    (from, to): (PersonId, PersonId),
    now: DateTime<Utc>,
) -> Result<u64> {
    execute!(
        tx,
        "UPDATE household SET version = version + 1, next_nudge_at = $3, \
         main_id = CASE WHEN main_id = $1 THEN $2 ELSE main_id END, \
         second_id = CASE WHEN second_id = $1 AND coalesce(main_id, 0) <> $2 THEN $2 \
         WHEN second_id = $1 OR (second_id = $2 AND main_id = $1) THEN NULL ELSE second_id END \
         WHERE (main_id = $1 OR second_id = $1) AND check_in_id IS NOT NULL",
        from,
        to,
        now,
    )
}

#[derive(FromRow)]
pub(super) struct HouseholdRow {
    household_id: i64,
    code: String,
    team_id: i64,
    state: String,
    pause_reason: Option<String>,
    close_reason: Option<String>,
    awaiting_receipt: bool,
    class: Option<String>,
    flags: String,
    not_before: Option<NaiveDate>,
    known_by: Option<String>,
    known_on: Option<NaiveDate>,
    main_id: Option<i64>,
    second_id: Option<i64>,
    open_check_in_id: Option<i64>,
    version: i64,
}

impl TryFrom<HouseholdRow> for Household {
    type Error = Fault;

    fn try_from(row: HouseholdRow) -> Result<Household> {
        Ok(Household {
            id: HouseholdId(row.household_id),
            code: read("household.code", &row.code)?,
            team: TeamId(row.team_id),
            facts: Facts {
                state: read("household.state", &row.state)?,
                pause_reason: read_some("household.pause_reason", row.pause_reason.as_deref())?,
                close_reason: read_some("household.close_reason", row.close_reason.as_deref())?,
                awaiting_receipt: row.awaiting_receipt,
                class: read_some("household.class", row.class.as_deref())?,
                flags: read_list("household.flags", &row.flags)?,
                not_before: row.not_before,
                known_by: read_some("household.known_by", row.known_by.as_deref())?,
                known_on: row.known_on,
                main: row.main_id.map(PersonId),
                second: row.second_id.map(PersonId),
                check_in: row.open_check_in_id.map(CheckInId),
            },
            version: row.version,
        })
    }
}

#[derive(FromRow)]
pub(super) struct CheckInRow {
    check_in_id: i64,
    check_in_household_id: i64,
    pub(super) check_in_state: String,
    due_on: NaiveDate,
    due_by: NaiveDate,
    purpose: String,
    pace: String,
    why: String,
    plan_kind: Option<String>,
    plan_time: Option<NaiveTime>,
    plan_partner: Option<String>,
    put_off: i64,
    made_at: DateTime<Utc>,
    made_by: i64,
    pub(super) settled_at: Option<DateTime<Utc>>,
    pub(super) settled_by: Option<i64>,
    step: i64,
    rung: Option<String>,
    weekly_on: Option<NaiveDate>,
    taken_by: Option<i64>,
    taken_at: Option<DateTime<Utc>>,
    taken_until: Option<DateTime<Utc>>,
    supervisor_from: Option<DateTime<Utc>>,
    told: Option<String>,
}

impl TryFrom<CheckInRow> for CheckIn {
    type Error = Fault;

    fn try_from(row: CheckInRow) -> Result<CheckIn> {
        let told = row.told.as_deref().unwrap_or_default();
        let mut told: Vec<i64> = read_list("nudge.recipient_id", told)?;
        told.sort_unstable();
        Ok(CheckIn {
            id: CheckInId(row.check_in_id),
            household: HouseholdId(row.check_in_household_id),
            made_at: row.made_at,
            made_by: PersonId(row.made_by),
            terms: NewCheckIn {
                window: Window {
                    on: row.due_on,
                    by: row.due_by,
                },
                purpose: read("check_in.purpose", &row.purpose)?,
                pace: read("check_in.pace", &row.pace)?,
                why: read("check_in.why", &row.why)?,
                plan: Plan {
                    kind: read_some("check_in.plan_kind", row.plan_kind.as_deref())?,
                    time: row.plan_time,
                    partner: read_some("check_in.plan_partner", row.plan_partner.as_deref())?,
                },
                put_off: row.put_off,
            },
            progress: Progress {
                step: row.step,
                rung: read_some("check_in.rung", row.rung.as_deref())?,
                weekly_on: row.weekly_on,
                told: told.into_iter().map(PersonId).collect(),
                taken: match (row.taken_by, row.taken_at, row.taken_until) {
                    (Some(by), Some(at), Some(until)) => Some(Taken {
                        by: PersonId(by),
                        at,
                        until,
                    }),
                    _ => None,
                },
                supervisor_from: row.supervisor_from,
            },
        })
    }
}

/// A row that is read by itself: what cannot be read in it stops no other one.
pub(super) struct Tried<T>(pub(super) Result<T>);

impl<'r, R, T> FromRow<'r, R> for Tried<T>
where
    R: Row,
    T: FromRow<'r, R>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Tried<T>> {
        Ok(Tried(T::from_row(row).map_err(Fault::from)))
    }
}

/// The right side of a `LEFT JOIN`: there if its key is.
pub(super) struct Joined<T>(pub(super) Option<T>);

/// A row that may be joined.
pub(super) trait Keyed {
    /// A column that is never null in a row of its own.
    const KEY: &'static str;
}

impl Keyed for CheckInRow {
    const KEY: &'static str = "check_in_id";
}

impl<'r, R, T> FromRow<'r, R> for Joined<T>
where
    R: Row,
    T: Keyed + FromRow<'r, R>,
    &'static str: ColumnIndex<R>,
    Option<i64>: Decode<'r, R::Database> + Type<R::Database>,
{
    fn from_row(row: &'r R) -> sqlx::Result<Joined<T>> {
        let key: Option<i64> = row.try_get(T::KEY)?;
        key.map(|_| T::from_row(row)).transpose().map(Joined)
    }
}
