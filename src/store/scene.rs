//! All that one message needs, gathered in one bounded read.
use super::{
    Db, Result, Tx, alarms,
    contacts::{ContactRow, contact_columns},
    fetch, files,
    households::{CheckInRow, check_in_columns},
    leaves, lists, people, requests, rooms, saves, staffing, suggest,
};
use crate::{
    conversation::scene::{
        File, LIST_MAX, List, Pressed, Save, Scene, Staffing, Subject, Tally, Wanted,
    },
    domain::{
        CheckInId, ContactId, HouseholdId, TeamId,
        check_in::CheckIn,
        contact::Contact,
        household::Code,
        people::{Person, Roster},
    },
};

/// Gathers what is wanted. None: the account is no route of anybody of the
/// office, or they have left it, or it allows nothing on that platform.
pub async fn scene(db: &Db, wanted: &Wanted) -> Result<Option<Scene>> {
    let mut tx = db.read().await?;
    let tx = &mut tx;
    let said = people::Said {
        place: &wanted.place,
        key: wanted.key.as_deref(),
    };
    let found = people::sender(tx, &wanted.from, wanted.today, &said).await?;
    let Some(found) = found else {
        return Ok(None);
    };
    let sender = found.person;
    let roster = people::roster(tx, sender.team, wanted.today).await?;
    let newest_save = match wanted.undoes || wanted.subject == Some(Subject::NewestSave) {
        true => saves::newest(tx, sender.id, &wanted.place).await?,
        false => None,
    };
    let newest_leave = match wanted.undoes {
        true => leaves::newest(tx, sender.id, &wanted.place).await?,
        false => None,
    };
    let (pressed, file) = subject(tx, wanted, sender.team, newest_save.as_ref()).await?;
    let mut scene = Scene {
        suggestions: suggestions(tx, wanted, &sender, &roster, file.as_ref()).await?,
        dialogue: found.dialogue,
        tally: Tally::default(),
        sender,
        level: found.level,
        is_answered: found.is_answered,
        returned: found.returned,
        roster,
        file,
        newest_save,
        newest_leave,
        pressed,
        list: Vec::new(),
        list_total: 0,
        list_overdue: 0,
        shares: Vec::new(),
        course: Vec::new(),
        staffing: Staffing::NotAsked,
        room: rooms::said_in(tx, &wanted.place).await?,
    };
    list(tx, wanted, &mut scene).await?;
    Ok(Some(scene))
}

/// The row that was named, and the file of its household.
async fn subject(
    tx: &mut Tx,
    wanted: &Wanted,
    team: TeamId,
    newest_save: Option<&Save>,
) -> Result<(Pressed, Option<File>)> {
    let (pressed, household) = match &wanted.subject {
        None => return Ok((Pressed::Nothing, None)),
        Some(Subject::Code(code)) => return of_code(tx, team, code).await,
        Some(Subject::NewestSave) => (Pressed::Nothing, newest_save.map(|save| save.household)),
        Some(named) => match pressed(tx, named).await? {
            Some((pressed, household)) => (pressed, household),
            None => return Ok((Pressed::Gone, None)),
        },
    };
    let file = match household {
        Some(id) => files::file(tx, id, Some(team)).await?,
        None => None,
    };
    if household.is_some() && file.is_none() && pressed != Pressed::Nothing {
        return Ok((Pressed::Theirs(None), None));
    }
    Ok((pressed, file))
}

/// The file with that code, or that it is another team's.
async fn of_code(tx: &mut Tx, team: TeamId, code: &Code) -> Result<(Pressed, Option<File>)> {
    let file = files::by_code(tx, team, code).await?;
    let pressed = match file.is_none() && files::is_taken(tx, code).await? {
        true => Pressed::Theirs(Some(code.clone())),
        false => Pressed::Nothing,
    };
    Ok((pressed, file))
}

/// The row behind a button, and its household where it has one.
async fn pressed(tx: &mut Tx, named: &Subject) -> Result<Option<(Pressed, Option<HouseholdId>)>> {
    Ok(match named {
        Subject::Code(_) | Subject::NewestSave => None,
        Subject::CheckIn(id) => check_in(tx, *id).await?.map(|(check_in, open)| {
            let household = check_in.household;
            (Pressed::CheckIn { check_in, open }, Some(household))
        }),
        Subject::Contact(id) => contact(tx, *id).await?.map(|contact| {
            let household = contact.household;
            (Pressed::Contact(contact), Some(household))
        }),
        Subject::Save(id) => saves::save(tx, *id).await?.map(of_save),
        Subject::SaidAs(key) => saves::said_as(tx, key).await?.map(of_save),
        Subject::Alarm(id) => alarms::alarm(tx, *id).await?.map(|(alarm, withdrawn)| {
            let household = alarm.household;
            (Pressed::Alarm { alarm, withdrawn }, Some(household))
        }),
        Subject::Request(id) => requests::request(tx, *id).await?.map(|request| {
            let household = request.household;
            (Pressed::Request(request), Some(household))
        }),
    })
}

fn of_save(save: Save) -> (Pressed, Option<HouseholdId>) {
    let household = save.household;
    (Pressed::Save(save), Some(household))
}

/// A check-in, and whether it is open.
async fn check_in(tx: &mut Tx, id: CheckInId) -> Result<Option<(CheckIn, bool)>> {
    let row = fetch!(
        optional,
        CheckInRow,
        tx,
        concat!(
            "SELECT ",
            check_in_columns!(),
            " FROM check_in c WHERE c.id = $1"
        ),
        id,
    )?;
    row.map(|row| {
        let open = row.check_in_state == "open";
        Ok((row.try_into()?, open))
    })
    .transpose()
}

/// A contact that was not taken back.
async fn contact(tx: &mut Tx, id: ContactId) -> Result<Option<Contact>> {
    let row = fetch!(
        optional,
        ContactRow,
        tx,
        concat!(
            "SELECT ",
            contact_columns!(),
            " FROM contact k WHERE k.id = $1 AND NOT k.withdrawn"
        ),
        id,
    )?;
    row.map(Contact::try_from).transpose()
}

async fn suggestions(
    tx: &mut Tx,
    wanted: &Wanted,
    sender: &Person,
    roster: &Roster,
    file: Option<&File>,
) -> Result<Vec<crate::conversation::scene::Brief>> {
    let code: Option<&Code> = match &wanted.subject {
        Some(Subject::Code(code)) => Some(code),
        Some(_) => return Ok(Vec::new()),
        None => None,
    };
    let in_hand = |file: &File| {
        let care = file.household.facts.care();
        care.is_with(sender.id, roster, wanted.today)
    };
    match (code, file) {
        (None, _) => suggest::own(tx, sender.team, sender.id, wanted.today).await,
        (Some(code), None) => suggest::similar(tx, sender.team, None, code).await,
        (Some(_), Some(file)) if in_hand(file) => Ok(Vec::new()),
        // A colleague's household: one of the sender's own may have been meant.
        (Some(code), Some(_)) => {
            suggest::similar(tx, sender.team, Some((sender.id, wanted.today)), code).await
        }
    }
}

/// Fills in the list that was asked for.
async fn list(tx: &mut Tx, wanted: &Wanted, scene: &mut Scene) -> Result<()> {
    let (team, today) = (scene.sender.team, wanted.today);
    match wanted.list {
        None => {}
        Some(List::Coming { from, to, of }) => {
            let coming = lists::Coming {
                team,
                of,
                today,
                from,
                to,
            };
            ((scene.list, scene.list_total), scene.list_overdue) =
                lists::coming(tx, &coming).await?;
        }
        Some(List::Overdue { of, after }) => {
            let overdue = lists::Overdue {
                team,
                of,
                today,
                after,
            };
            (scene.list, scene.list_total) = lists::overdue(tx, &overdue).await?;
            scene.tally = lists::tally_of(tx, team, today).await?;
        }
        Some(List::Absence { from, to, of }) => {
            scene.shares = lists::shares(tx, (team, of), (from, to)).await?;
        }
        Some(List::Staff(ref query)) => {
            scene.staffing = staffing::asked(tx, query, (team, today)).await?;
        }
        Some(List::Course { before }) => {
            if let Some(file) = &scene.file {
                let household = file.household.id;
                scene.course = files::contacts(tx, household, before, LIST_MAX as i64).await?;
                scene.list_total = file.counts.contacts;
            }
        }
    }
    Ok(())
}
