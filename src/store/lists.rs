//! Lists of households: what comes, what is overdue, the board; and open requests.
use super::{
    Db, Fault, Result, Tx,
    contacts::{ContactRow, contact_columns},
    fetch,
    households::{
        CheckInRow, HouseholdRow, Joined, Tried, check_in_columns, household_columns, is_own,
    },
    nudges::Found,
    requests::{RequestRow, request_columns},
    value::read,
};
use crate::{
    conversation::scene::{Brief, LIST_MAX, Share, Tally},
    domain::{
        CheckInId, HouseholdId, PersonId, TeamId,
        check_in::CheckIn,
        contact::Contact,
        household::{Code, Household},
        request::Request,
    },
};
use chrono::NaiveDate;
use sqlx::FromRow;

/// Whether an alarm of the household `h` is unconfirmed.
macro_rules! has_alarm {
    () => {
        "EXISTS (SELECT 1 FROM alarm a WHERE a.household_id = h.id AND a.next_at IS NOT NULL)"
    };
}
pub(super) use has_alarm;

/// A [`BriefRow`] of each household `h`; conditions on `h` and `c` follow.
macro_rules! select_briefs {
    () => {
        concat!(
            "SELECT ",
            household_columns!(),
            ", ",
            check_in_columns!(),
            ", ",
            contact_columns!(),
            ", ",
            has_alarm!(),
            " AS alarm FROM household h LEFT JOIN check_in c ON c.id = h.check_in_id \
             LEFT JOIN contact k ON k.id = (SELECT n.id FROM contact n WHERE \
             n.household_id = h.id AND NOT n.withdrawn \
             ORDER BY n.took_place_on DESC, n.id DESC LIMIT 1) "
        )
    };
}

#[derive(FromRow)]
struct BriefRow {
    #[sqlx(flatten)]
    household: HouseholdRow,
    #[sqlx(flatten)]
    check_in: Joined<CheckInRow>,
    #[sqlx(flatten)]
    last: Joined<ContactRow>,
    alarm: bool,
}

impl TryFrom<BriefRow> for Brief {
    type Error = Fault;

    fn try_from(row: BriefRow) -> Result<Brief> {
        Ok(Brief {
            household: Household::try_from(row.household)?,
            check_in: row.check_in.0.map(CheckIn::try_from).transpose()?,
            last: row.last.0.map(Contact::try_from).transpose()?,
            alarm: row.alarm,
        })
    }
}

fn briefs(rows: Vec<BriefRow>) -> Result<Vec<Brief>> {
    rows.into_iter().map(Brief::try_from).collect()
}

/// Which households the board shows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Board<'a> {
    pub team: TeamId,
    /// Of this main or second nurse only.
    pub of: Option<PersonId>,
    /// Those whose code begins so, closed ones too; open ones only where it is None.
    pub code_prefix: Option<&'a str>,
    /// Goes on after this code.
    pub after: Option<&'a Code>,
    pub limit: i64,
}

/// A team's households by code.
pub async fn board(db: &Db, board: &Board<'_>) -> Result<Vec<Brief>> {
    let mut tx = db.read().await?;
    briefs(fetch!(
        all,
        BriefRow,
        &mut tx,
        concat!(
            select_briefs!(),
            "WHERE h.team_id = $1 AND ($2 IS NULL OR h.main_id = $2 OR h.second_id = $2) \
             AND ($3 IS NULL OR substr(h.code, 1, length($3)) = $3) \
             AND ($3 IS NOT NULL OR h.check_in_id IS NOT NULL) \
             AND ($4 IS NULL OR h.code > $4) ORDER BY h.code LIMIT $5"
        ),
        board.team,
        board.of,
        board.code_prefix,
        board.after,
        board.limit,
    )?)
}

/// Open households that are looked through for one list.
const TEAM_MAX: i64 = 5_000;

/// The team's open households by `due_on` and code.
pub async fn of_team(db: &Db, team: TeamId) -> Result<Found<Brief, HouseholdId>> {
    #[derive(FromRow)]
    struct TriedBrief {
        household_id: i64,
        #[sqlx(flatten)]
        row: Tried<BriefRow>,
    }
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        TriedBrief,
        &mut tx,
        concat!(
            select_briefs!(),
            "WHERE h.team_id = $1 AND c.state = 'open' ORDER BY c.due_on, h.code LIMIT $2"
        ),
        team,
        TEAM_MAX,
    )?;
    Ok(Found::sort(rows.into_iter().map(|row| {
        let brief = row.row.0.and_then(Brief::try_from);
        (HouseholdId(row.household_id), brief)
    })))
}

/// The team's open requests, oldest first, with the codes of their households.
pub async fn open_requests(db: &Db, team: TeamId) -> Result<Vec<(Request, Code)>> {
    #[derive(FromRow)]
    struct CodedRow {
        #[sqlx(flatten)]
        request: RequestRow,
        code: String,
    }
    let mut tx = db.read().await?;
    let rows = fetch!(
        all,
        CodedRow,
        &mut tx,
        concat!(
            "SELECT ",
            request_columns!(),
            ", h.code FROM request q JOIN household h ON h.id = q.household_id \
             WHERE q.status = 'open' AND h.team_id = $1 ORDER BY q.id LIMIT $2"
        ),
        team,
        LIST_MAX as i64,
    )?;
    rows.into_iter()
        .map(|row| {
            Ok((
                Request::try_from(row.request)?,
                read("household.code", &row.code)?,
            ))
        })
        .collect()
}

/// A list with the count of all its rows.
pub(super) type Counted = (Vec<Brief>, i64);

/// Between which days, of whom.
pub(super) struct Coming {
    pub(super) team: TeamId,
    pub(super) of: Option<PersonId>,
    pub(super) today: NaiveDate,
    pub(super) from: NaiveDate,
    pub(super) to: NaiveDate,
}

/// By `due_on` and code; how many more of these days are past their window.
pub(super) async fn coming(tx: &mut Tx, coming: &Coming) -> Result<(Counted, i64)> {
    macro_rules! conditions {
        () => {
            concat!(
                "WHERE h.team_id = $1 AND ($2 IS NULL OR ",
                is_own!(),
                ") AND c.state = 'open' AND c.due_on BETWEEN $4 AND $5"
            )
        };
    }
    let (total, overdue) = fetch!(
        one,
        (i64, i64),
        &mut *tx,
        concat!(
            "SELECT count(*) FILTER (WHERE c.due_by >= $3), \
             count(*) FILTER (WHERE c.due_by < $3) \
             FROM household h JOIN check_in c ON c.id = h.check_in_id ",
            conditions!()
        ),
        coming.team,
        coming.of,
        coming.today,
        coming.from,
        coming.to,
    )?;
    let rows = fetch!(
        all,
        BriefRow,
        tx,
        concat!(
            select_briefs!(),
            conditions!(),
            " AND c.due_by >= $3 ORDER BY c.due_on, h.code LIMIT $6"
        ),
        coming.team,
        coming.of,
        coming.today,
        coming.from,
        coming.to,
        LIST_MAX as i64,
    )?;
    Ok(((briefs(rows)?, total), overdue))
}

/// How much of whose falls due until the last day of an absence; no more rows
/// than the team has pairs of nurses.
pub(super) async fn shares(
    tx: &mut Tx,
    (team, of): (TeamId, Option<PersonId>),
    (from, to): (NaiveDate, NaiveDate),
) -> Result<Vec<Share>> {
    #[derive(FromRow)]
    struct ShareRow {
        main_id: Option<i64>,
        second_id: Option<i64>,
        appointments: i64,
        others: i64,
        later: i64,
    }
    let rows = fetch!(
        all,
        ShareRow,
        tx,
        "SELECT h.main_id, h.second_id, \
         count(*) FILTER (WHERE c.due_on <= $2 AND c.pace = 'appointment') AS appointments, \
         count(*) FILTER (WHERE c.due_on <= $2 AND c.pace <> 'appointment') AS others, \
         count(*) FILTER (WHERE c.due_on > $2) AS later \
         FROM household h JOIN check_in c ON c.id = h.check_in_id \
         WHERE h.team_id = $1 AND c.state = 'open' AND c.due_on <= $3 \
         AND ($4 IS NULL OR h.main_id = $4) GROUP BY h.main_id, h.second_id",
        team,
        from,
        to,
        of,
    )?;
    let share = |row: ShareRow| Share {
        main: row.main_id.map(PersonId),
        second: row.second_id.map(PersonId),
        appointments: row.appointments,
        others: row.others,
        later: row.later,
    };
    Ok(rows.into_iter().map(share).collect())
}

/// Of whom, going on after which check-in.
pub(super) struct Overdue {
    pub(super) team: TeamId,
    pub(super) of: Option<PersonId>,
    pub(super) today: NaiveDate,
    pub(super) after: Option<CheckInId>,
}

/// Alarms first, then those that have waited longest, then by code.
pub(super) async fn overdue(tx: &mut Tx, overdue: &Overdue) -> Result<Counted> {
    macro_rules! conditions {
        () => {
            concat!(
                "WHERE h.team_id = $1 AND ($2 IS NULL OR ",
                is_own!(),
                ") AND c.state = 'open' AND c.due_by < $3"
            )
        };
    }
    let (total,) = fetch!(
        one,
        (i64,),
        &mut *tx,
        concat!(
            "SELECT count(*) FROM household h JOIN check_in c ON c.id = h.check_in_id ",
            conditions!()
        ),
        overdue.team,
        overdue.of,
        overdue.today,
    )?;
    // Where the list goes on: the place of that check-in, settled or not.
    let after = match overdue.after {
        Some(id) => fetch!(
            optional,
            (i64, NaiveDate, String),
            &mut *tx,
            concat!(
                "SELECT CASE WHEN ",
                has_alarm!(),
                " THEN CAST(0 AS BIGINT) ELSE CAST(1 AS BIGINT) END, c.due_by, h.code \
                 FROM check_in c JOIN household h ON h.id = c.household_id WHERE c.id = $1"
            ),
            id,
        )?,
        None => None,
    };
    let (calm, due_by, code) = match after {
        Some((calm, due_by, code)) => (Some(calm), Some(due_by), Some(code)),
        None => (None, None, None),
    };
    let rows = fetch!(
        all,
        BriefRow,
        tx,
        concat!(
            select_briefs!(),
            conditions!(),
            " AND ($4 IS NULL OR (CASE WHEN ",
            has_alarm!(),
            " THEN 0 ELSE 1 END, c.due_by, h.code) > ($4, $5, $6)) \
             ORDER BY CASE WHEN ",
            has_alarm!(),
            " THEN 0 ELSE 1 END, c.due_by, h.code LIMIT $7"
        ),
        overdue.team,
        overdue.of,
        overdue.today,
        calm,
        due_by,
        code.as_deref(),
        LIST_MAX as i64,
    )?;
    Ok((briefs(rows)?, total))
}

/// The open households of one nurse, those due first.
pub(super) async fn own(
    tx: &mut Tx,
    team: TeamId,
    nurse: PersonId,
    today: NaiveDate,
    limit: i64,
) -> Result<Vec<Brief>> {
    briefs(fetch!(
        all,
        BriefRow,
        tx,
        concat!(
            select_briefs!(),
            "WHERE h.team_id = $1 AND ",
            is_own!(),
            " AND c.state = 'open' ORDER BY c.due_on, h.code LIMIT $4"
        ),
        team,
        nurse,
        today,
        limit,
    )?)
}

/// Which codes are asked for, by their beginnings.
pub(super) struct Beginning<'a> {
    pub team: TeamId,
    /// Whose households come first.
    pub nurse: PersonId,
    pub today: NaiveDate,
    pub codes: &'a [String; 3],
    pub limit: i64,
}

/// Open households whose codes begin so.
pub(super) async fn beginning(tx: &mut Tx, asked: &Beginning<'_>) -> Result<Vec<Brief>> {
    let [first, second, third] = asked.codes.each_ref().map(|code| format!("{code}%"));
    briefs(fetch!(
        all,
        BriefRow,
        tx,
        concat!(
            select_briefs!(),
            "WHERE h.team_id = $1 AND c.state = 'open' \
             AND (h.code LIKE $4 OR h.code LIKE $5 OR h.code LIKE $6) \
             ORDER BY CASE WHEN ",
            is_own!(),
            " THEN 0 ELSE 1 END, h.code LIMIT $7"
        ),
        asked.team,
        asked.nurse,
        asked.today,
        first.as_str(),
        second.as_str(),
        third.as_str(),
        asked.limit,
    )?)
}

/// One household.
pub(super) async fn brief(tx: &mut Tx, household: i64) -> Result<Option<Brief>> {
    let row = fetch!(
        optional,
        BriefRow,
        tx,
        concat!(select_briefs!(), "WHERE h.id = $1"),
        household,
    )?;
    row.map(Brief::try_from).transpose()
}

/// Counts over a team, as a scene holds them.
pub async fn tally(db: &Db, team: TeamId, today: NaiveDate) -> Result<Tally> {
    tally_of(&mut db.read().await?, team, today).await
}

pub(super) async fn tally_of(tx: &mut Tx, team: TeamId, today: NaiveDate) -> Result<Tally> {
    let (open, unscheduled) = fetch!(
        one,
        (i64, i64),
        &mut *tx,
        "SELECT count(*), count(CASE WHEN NOT EXISTS (SELECT 1 FROM check_in c \
         WHERE c.household_id = h.id AND c.state = 'open') THEN 1 END) \
         FROM household h WHERE h.team_id = $1 AND h.state NOT IN ('closed', 'transferred')",
        team,
    )?;
    let (overdue,) = fetch!(
        one,
        (i64,),
        tx,
        "SELECT count(*) FROM check_in c JOIN household h ON h.check_in_id = c.id \
         WHERE c.state = 'open' AND c.due_by < $2 AND h.team_id = $1",
        team,
        today,
    )?;
    Ok(Tally {
        open,
        unscheduled,
        overdue,
    })
}
