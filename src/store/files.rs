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
use chrono::NaiveDate;
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
    contacts: i64,
    letters: i64,
    cards: i64,
    linked: i64,
}

/// A contact, and the day that its save set.
#[derive(FromRow)]
struct RecentRow {
    #[sqlx(flatten)]
    contact: ContactRow,
    led_to: Option<NaiveDate>,
}

/// How many contacts of the household `h` were not taken back; a condition
/// may follow.
macro_rules! count_contacts {
    ($condition:literal) => {
        concat!(
            "(SELECT count(*) FROM contact k WHERE k.household_id = h.id AND NOT k.withdrawn ",
            $condition,
            ")"
        )
    };
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
             AND q.status = 'open') AS request, ",
            count_contacts!(""),
            " AS contacts, ",
            count_contacts!(
                "AND k.kind = 'letter' AND k.direction = 'out' \
                 AND coalesce(k.outcome, '') <> 'returned_mail'"
            ),
            " AS letters, ",
            count_contacts!("AND ',' || k.things_left || ',' LIKE '%,card,%'"),
            " AS cards, ",
            count_contacts!("AND k.outcome = 'linked'"),
            " AS linked FROM household h LEFT JOIN check_in c ON c.id = h.check_in_id "
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
    let (recent, led_to) = recent(tx, id).await?;
    // Where the newest was recorded without a day (a founded office), to the one
    // that stands.
    let led_to = led_to.or(check_in.as_ref().map(|check_in| check_in.terms.window.on));
    let newest_on = recent.first().map(|newest| newest.details.on);
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
        counts: Counts {
            contacts: standing.contacts,
            letters: standing.letters,
            cards: standing.cards,
            linked: standing.linked,
        },
        alarms,
        requests,
        recent,
        last_gap_days: led_to
            .zip(newest_on)
            .map(|(led_to, newest_on)| (led_to - newest_on).num_days()),
    })
}

/// The newest contacts, and the day that the save of the newest set.
async fn recent(tx: &mut Tx, household: HouseholdId) -> Result<(Vec<Contact>, Option<NaiveDate>)> {
    let rows = fetch!(
        all,
        RecentRow,
        tx,
        concat!(
            "SELECT ",
            contact_columns!(),
            ", c.due_on AS led_to FROM contact k LEFT JOIN save s ON s.id = k.save_id \
             LEFT JOIN check_in c ON c.id = s.check_in_after_id \
             WHERE k.household_id = $1 AND NOT k.withdrawn \
             ORDER BY k.took_place_on DESC, k.id DESC LIMIT $2"
        ),
        household,
        RECENT_MAX,
    )?;
    let led_to = rows.first().and_then(|newest| newest.led_to);
    let contacts: Result<Vec<Contact>> = rows
        .into_iter()
        .map(|row| Contact::try_from(row.contact))
        .collect();
    Ok((contacts?, led_to))
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
