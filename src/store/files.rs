//! A household's file: itself, its check-in, its newest contacts and counts,
//! what is open about it.
use super::{
    Result, Tx,
    alarms::{AlarmRow, alarm_columns},
    contacts::{ContactRow, contact_columns},
    fetch,
    households::{CheckInRow, HouseholdRow, Joined, check_in_columns, household_columns},
    lists::has_alarm,
    requests::{RequestRow, request_columns},
};
use crate::{
    conversation::scene::{Counts, File},
    domain::{
        ContactId, HouseholdId, TeamId,
        alarm::Alarm,
        check_in::CheckIn,
        contact::Contact,
        household::{Code, Household},
        request::Request,
    },
};
use sqlx::FromRow;

/// So many newest contacts are looked at when something is decided.
const RECENT_MAX: i64 = 20;
/// Nobody has more of them open about one household.
const OPEN_MATTERS_MAX: i64 = 50;

#[derive(FromRow)]
struct Standing {
    #[sqlx(flatten)]
    household: HouseholdRow,
    #[sqlx(flatten)]
    check_in: Joined<CheckInRow>,
    alarm: bool,
    request: bool,
}

/// A [`Standing`] of each household `h`; conditions follow.
macro_rules! select_standing {
    () => {
        concat!(
            "SELECT ",
            household_columns!(),
            ", ",
            check_in_columns!(),
            ", ",
            has_alarm!(),
            " AS alarm, EXISTS (SELECT 1 FROM request q WHERE q.household_id = h.id \
             AND q.status = 'open') AS request \
             FROM household h LEFT JOIN check_in c ON c.id = h.check_in_id "
        )
    };
}

/// The file of the team's household with that code.
pub(super) async fn by_code(tx: &mut Tx, team: TeamId, code: &Code) -> Result<Option<File>> {
    let standing = fetch!(
        optional,
        Standing,
        &mut *tx,
        concat!(select_standing!(), "WHERE h.code = $1 AND h.team_id = $2"),
        code,
        team,
    )?;
    match standing {
        Some(standing) => Ok(Some(filled(tx, standing).await?)),
        None => Ok(None),
    }
}

/// Whether a household of the office has the code, whosever it is.
pub(super) async fn is_taken(tx: &mut Tx, code: &Code) -> Result<bool> {
    let taken = fetch!(
        optional,
        (i64,),
        tx,
        "SELECT id FROM household WHERE code = $1",
        code,
    )?;
    Ok(taken.is_some())
}

/// The file of a household; of that team only, where one is given.
pub(super) async fn file(
    tx: &mut Tx,
    id: HouseholdId,
    team: Option<TeamId>,
) -> Result<Option<File>> {
    let standing = fetch!(
        optional,
        Standing,
        &mut *tx,
        concat!(
            select_standing!(),
            "WHERE h.id = $1 AND ($2 IS NULL OR h.team_id = $2)"
        ),
        id,
        team,
    )?;
    match standing {
        Some(standing) => Ok(Some(filled(tx, standing).await?)),
        None => Ok(None),
    }
}

async fn filled(tx: &mut Tx, standing: Standing) -> Result<File> {
    let household = Household::try_from(standing.household)?;
    let id = household.id;
    let check_in: Option<CheckIn> = standing.check_in.0.map(CheckIn::try_from).transpose()?;
    let recent = contacts(tx, id, None, RECENT_MAX).await?;
    let last_gap_days = match recent.first() {
        Some(newest) => last_gap_days(tx, newest, check_in.as_ref()).await?,
        None => None,
    };
    // Mostly there are none.
    let alarms = match standing.alarm {
        true => alarms(tx, id).await?,
        false => Vec::new(),
    };
    let requests = match standing.request {
        true => requests(tx, id).await?,
        false => Vec::new(),
    };
    Ok(File {
        household,
        check_in,
        counts: counts(tx, id).await?,
        alarms,
        requests,
        recent,
        last_gap_days,
    })
}

/// The contacts of a household before this one, newest first; taken back ones
/// are left out.
pub(super) async fn contacts(
    tx: &mut Tx,
    household: HouseholdId,
    before: Option<ContactId>,
    limit: i64,
) -> Result<Vec<Contact>> {
    let rows = fetch!(
        all,
        ContactRow,
        tx,
        concat!(
            "SELECT ",
            contact_columns!(),
            " FROM contact k WHERE k.household_id = $1 AND NOT k.withdrawn AND ($2 IS NULL \
             OR (k.took_place_on, k.id) < (SELECT took_place_on, id FROM contact WHERE id = $2)) \
             ORDER BY k.took_place_on DESC, k.id DESC LIMIT $3"
        ),
        household,
        before,
        limit,
    )?;
    rows.into_iter().map(Contact::try_from).collect()
}

/// From the newest contact to the day that its save set; where it was recorded
/// without one (a founded office), to the day that stands.
async fn last_gap_days(
    tx: &mut Tx,
    newest: &Contact,
    standing: Option<&CheckIn>,
) -> Result<Option<i64>> {
    let led_to = fetch!(
        optional,
        (chrono::NaiveDate,),
        tx,
        "SELECT c.due_on FROM contact k JOIN save s ON s.id = k.save_id \
         JOIN check_in c ON c.id = s.check_in_after_id WHERE k.id = $1",
        newest.id,
    )?;
    let due_on = led_to
        .map(|(on,)| on)
        .or(standing.map(|check_in| check_in.terms.window.on));
    Ok(due_on.map(|due_on| (due_on - newest.details.on).num_days()))
}

async fn counts(tx: &mut Tx, household: HouseholdId) -> Result<Counts> {
    let (contacts, letters, cards, linked) = fetch!(
        one,
        (i64, i64, i64, i64),
        tx,
        "SELECT count(*), \
         count(CASE WHEN kind = 'letter' AND direction = 'out' \
         AND coalesce(outcome, '') <> 'returned_mail' THEN 1 END), \
         count(CASE WHEN ',' || things_left || ',' LIKE '%,card,%' THEN 1 END), \
         count(CASE WHEN outcome = 'linked' THEN 1 END) \
         FROM contact WHERE household_id = $1 AND NOT withdrawn",
        household,
    )?;
    Ok(Counts {
        contacts,
        letters,
        cards,
        linked,
    })
}

async fn alarms(tx: &mut Tx, household: HouseholdId) -> Result<Vec<Alarm>> {
    let rows = fetch!(
        all,
        AlarmRow,
        tx,
        concat!(
            "SELECT ",
            alarm_columns!(),
            " FROM alarm a WHERE a.household_id = $1 AND a.next_at IS NOT NULL \
             ORDER BY a.id LIMIT $2"
        ),
        household,
        OPEN_MATTERS_MAX,
    )?;
    rows.into_iter().map(Alarm::try_from).collect()
}

async fn requests(tx: &mut Tx, household: HouseholdId) -> Result<Vec<Request>> {
    let rows = fetch!(
        all,
        RequestRow,
        tx,
        concat!(
            "SELECT ",
            request_columns!(),
            " FROM request q WHERE q.household_id = $1 AND q.status = 'open' \
             ORDER BY q.id LIMIT $2"
        ),
        household,
        OPEN_MATTERS_MAX,
    )?;
    rows.into_iter().map(Request::try_from).collect()
}
