//! One household's change: its facts, check-in, contacts, alarms and requests,
//! and the save that remembers them.
use super::{
    Fault, Result, Tx, alarms, check_ins, contacts, execute, fetch,
    households::{HouseholdRow, household_columns},
    requests,
    save::Envelope,
    saves,
    value::{json, list},
};
use crate::{
    conversation::{
        decision::{
            AlarmChange, CheckInChange, ContactChange, Ended, HouseholdChange, Made, RequestChange,
            Target,
        },
        scene::Traces,
    },
    domain::{
        AlarmId, CheckInId, ContactId, HouseholdId, PersonId, RequestId, SaveId, TeamId,
        contact::Details,
        household::{CloseReason, Code, Facts, Household, State},
        request::Status,
    },
};
use chrono::{DateTime, Utc};

/// Stands in a household's row, within its transaction alone, for the check-in
/// that is inserted next: the key to it is checked at the end.
const NOT_YET: CheckInId = CheckInId(0);

/// Writes the change. Stale when the household has another version by now, or
/// somebody registered the same code, or what is taken back was taken back.
pub(super) async fn apply(
    tx: &mut Tx,
    change: &HouseholdChange,
    envelope: &Envelope,
    message: i64,
) -> Result<(HouseholdId, Made)> {
    let Claimed {
        household,
        version,
        before,
    } = claim(tx, change, envelope).await?;
    let save = begin_save(tx, household, version, (envelope, message)).await?;
    let act = Act {
        household,
        save,
        person: envelope.person,
        now: envelope.now,
    };
    let check_in = put_facts(tx, &act, change, before.check_in).await?;
    let mut made = Made {
        save: Some(save),
        check_in,
        ..Made::default()
    };
    let after = Facts {
        check_in,
        ..change.facts.clone()
    };
    let traces = Traces {
        facts: (before, after),
        contacts: put_contacts(tx, &act, &change.contacts, &mut made).await?,
        alarms: put_alarms(tx, &act, &change.alarms, &mut made).await?,
        requests: put_requests(tx, &act, &change.requests, &mut made).await?,
    };
    end_save(tx, save, &traces).await?;
    if let Some(undone) = change.undoes {
        execute!(
            &mut *tx,
            "UPDATE save SET undoes = $2 WHERE id = $1",
            save,
            undone,
        )?;
        saves::mark_undone(tx, undone, save).await?;
    }
    Ok((household, made))
}

struct Claimed {
    household: HouseholdId,
    /// After this save.
    version: i64,
    before: Facts,
}

/// Who changes which household when, in which save.
struct Act {
    household: HouseholdId,
    save: SaveId,
    person: PersonId,
    now: DateTime<Utc>,
}

/// Locks the household for this save alone, or registers it.
async fn claim(tx: &mut Tx, change: &HouseholdChange, envelope: &Envelope) -> Result<Claimed> {
    match &change.target {
        Target::Known { id, version } => {
            let row = fetch!(
                optional,
                HouseholdRow,
                tx,
                concat!(
                    "UPDATE household SET version = version + 1 \
                     WHERE id = $1 AND version = $2 RETURNING ",
                    household_columns!(""),
                ),
                *id,
                *version,
            )?;
            let row = row.ok_or(Fault::Stale)?;
            Ok(Claimed {
                household: *id,
                version: version + 1,
                before: Household::try_from(row)?.facts,
            })
        }
        Target::New(code) => {
            if !matches!(change.check_in, CheckInChange::Set { .. }) {
                return Err(Fault::Broken(format!("{code} is new without a check-in")));
            }
            if is_of_another_team(tx, code, envelope.team).await? {
                return Err(Fault::Taken);
            }
            let now = Some(envelope.now);
            let registered = register(tx, envelope.team, code, &change.facts, now).await;
            let household = match registered {
                Err(Fault::Duplicate) => return Err(Fault::Stale),
                other => other?,
            };
            Ok(Claimed {
                household,
                version: 1,
                before: unregistered(&change.facts),
            })
        }
    }
}

async fn is_of_another_team(tx: &mut Tx, code: &Code, team: TeamId) -> Result<bool> {
    let other = fetch!(
        optional,
        (i64,),
        tx,
        "SELECT h.id FROM household h WHERE h.code = $1 AND h.team_id <> $2",
        code,
        team,
    )?;
    Ok(other.is_some())
}

/// What the facts of a new household were before: what an undo puts back.
fn unregistered(facts: &Facts) -> Facts {
    Facts {
        state: State::Closed,
        pause_reason: None,
        close_reason: Some(CloseReason::Mistaken),
        awaiting_receipt: false,
        check_in: None,
        ..facts.clone()
    }
}

/// A row for a new household. Where it is to be looked at, it is open, and its
/// check-in must begin in the same transaction.
pub(super) async fn register(
    tx: &mut Tx,
    team: TeamId,
    code: &Code,
    facts: &Facts,
    next_nudge_at: Option<DateTime<Utc>>,
) -> Result<HouseholdId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO household (code, team_id, state, pause_reason, close_reason, \
         awaiting_receipt, class, flags, not_before, known_by, known_on, main_id, second_id, \
         check_in_id, check_in_state, next_nudge_at, version) VALUES ($1, $2, $3, $4, $5, $6, $7, \
         $8, $9, $10, $11, $12, $13, $14, CASE WHEN $14 IS NOT NULL THEN 'open' END, $15, 1) \
         RETURNING id",
        code,
        team,
        facts.state,
        facts.pause_reason,
        facts.close_reason,
        facts.awaiting_receipt,
        facts.class,
        list(&facts.flags),
        facts.not_before,
        facts.known_by,
        facts.known_on,
        facts.main,
        facts.second,
        next_nudge_at.map(|_| NOT_YET),
        next_nudge_at,
    )?;
    Ok(HouseholdId(id))
}

/// Puts the facts and the check-in in place; the one that stands afterwards.
/// The old check-in ends first. The new one begins before the facts of an open
/// household, but after those of a closed one, which has none at any moment.
async fn put_facts(
    tx: &mut Tx,
    act: &Act,
    change: &HouseholdChange,
    standing: Option<CheckInId>,
) -> Result<Option<CheckInId>> {
    let restores_standing = matches!(change.check_in, CheckInChange::Restore(id) if id == standing);
    let ended = match &change.check_in {
        CheckInChange::Keep | CheckInChange::Take { .. } => None,
        CheckInChange::Restore(_) if restores_standing => None,
        CheckInChange::Set { old, .. } => Some(*old),
        CheckInChange::End | CheckInChange::Restore(_) => Some(Ended::Withdrawn),
    };
    if let (Some(how), Some(standing)) = (ended, standing) {
        check_ins::end(tx, standing, how, (act.person, act.now)).await?;
    }
    let next = match &change.check_in {
        CheckInChange::Keep | CheckInChange::Take { .. } => standing,
        CheckInChange::Set { terms, .. } if standing.is_some() => {
            Some(check_ins::begin(tx, act.household, terms, (act.person, act.now)).await?)
        }
        CheckInChange::Set { .. } => Some(NOT_YET),
        CheckInChange::End => None,
        CheckInChange::Restore(id) => *id,
    };
    write_facts(tx, act, &change.facts, next).await?;
    match &change.check_in {
        CheckInChange::Set { terms, .. } if standing.is_none() => {
            let id = check_ins::begin(tx, act.household, terms, (act.person, act.now)).await?;
            check_ins::name(tx, act.household, id).await?;
            return Ok(Some(id));
        }
        CheckInChange::Set { .. } => {}
        CheckInChange::Restore(Some(id)) if !restores_standing => {
            check_ins::reopen(tx, act.household, *id).await?;
        }
        CheckInChange::Take {
            taken,
            supervisor_from,
        } => {
            let standing = standing.ok_or(Fault::Stale)?;
            check_ins::take(tx, standing, taken, *supervisor_from).await?
        }
        CheckInChange::Keep | CheckInChange::Restore(_) | CheckInChange::End => {
            if let (Some(undone), Some(standing)) = (change.undoes, next) {
                check_ins::untake(tx, standing, undone).await?;
            }
        }
    }
    Ok(next)
}

/// Writes the facts; every change says: look again now.
async fn write_facts(
    tx: &mut Tx,
    act: &Act,
    facts: &Facts,
    check_in: Option<CheckInId>,
) -> Result<()> {
    execute!(
        tx,
        "UPDATE household SET state = $2, pause_reason = $3, close_reason = $4, \
         awaiting_receipt = $5, class = $6, flags = $7, not_before = $8, known_by = $9, \
         known_on = $10, main_id = $11, second_id = $12, check_in_id = $13, \
         check_in_state = CASE WHEN $13 IS NOT NULL THEN 'open' END, next_nudge_at = $14 \
         WHERE id = $1",
        act.household,
        facts.state,
        facts.pause_reason,
        facts.close_reason,
        facts.awaiting_receipt,
        facts.class,
        list(&facts.flags),
        facts.not_before,
        facts.known_by,
        facts.known_on,
        facts.main,
        facts.second,
        check_in,
        check_in.map(|_| act.now),
    )?;
    Ok(())
}

/// The row is there before what it remembers, which names it.
async fn begin_save(
    tx: &mut Tx,
    household: HouseholdId,
    version: i64,
    (envelope, message): (&Envelope, i64),
) -> Result<SaveId> {
    let (id,) = fetch!(
        one,
        (i64,),
        tx,
        "INSERT INTO save (household_id, person_id, platform, place, message_id, at, version, \
         traces) VALUES ($1, $2, $3, $4, $5, $6, $7, '') RETURNING id",
        household,
        envelope.person,
        envelope.place.platform,
        envelope.place.id.as_str(),
        message,
        envelope.now,
        version,
    )?;
    Ok(SaveId(id))
}

async fn end_save(tx: &mut Tx, save: SaveId, traces: &Traces) -> Result<()> {
    let (before, after) = &traces.facts;
    execute!(
        tx,
        "UPDATE save SET check_in_before_id = $2, check_in_after_id = $3, traces = $4 \
         WHERE id = $1",
        save,
        before.check_in,
        after.check_in,
        json(traces)?,
    )?;
    Ok(())
}

async fn put_contacts(
    tx: &mut Tx,
    act: &Act,
    changes: &[ContactChange],
    made: &mut Made,
) -> Result<Vec<(ContactId, Option<Details>, Option<Details>)>> {
    let mut traces = Vec::new();
    for change in changes {
        match change {
            ContactChange::Add(details) => {
                let origin = contacts::Origin {
                    household: act.household,
                    author: act.person,
                    recorded_at: act.now,
                    save: Some(act.save),
                };
                let id = contacts::add(tx, &origin, details).await?;
                made.contact = Some(id);
                traces.push((id, None, Some(details.clone())));
            }
            ContactChange::Put(id, details) => {
                let before = contacts::standing(tx, act.household, *id).await?;
                contacts::put(tx, *id, details.as_ref()).await?;
                traces.push((*id, before, details.clone()));
            }
        }
    }
    Ok(traces)
}

async fn put_alarms(
    tx: &mut Tx,
    act: &Act,
    changes: &[AlarmChange],
    made: &mut Made,
) -> Result<Vec<(AlarmId, bool, bool)>> {
    let mut traces = Vec::new();
    for change in changes {
        match *change {
            AlarmChange::Raise(grade) => {
                let check_in = made
                    .check_in
                    .ok_or_else(|| Fault::Broken("an alarm of a closed household".into()))?;
                let raised = alarms::Raised {
                    household: act.household,
                    check_in,
                    save: act.save,
                    by: act.person,
                    at: act.now,
                };
                let id = alarms::raise(tx, grade, &raised).await?;
                made.alarm.get_or_insert(id);
                traces.push((id, false, true));
            }
            // What was read cannot be unread: it leaves nothing for an undo.
            AlarmChange::Confirm(id) => alarms::confirm(tx, id, act.person, act.now).await?,
            AlarmChange::Put(id, stands) => {
                let stood = alarms::put(tx, id, stands, act.now).await?;
                traces.push((id, stood, stands));
            }
        }
    }
    Ok(traces)
}

async fn put_requests(
    tx: &mut Tx,
    act: &Act,
    changes: &[RequestChange],
    made: &mut Made,
) -> Result<Vec<(RequestId, Status, Status)>> {
    let asking = requests::Asking {
        household: act.household,
        save: act.save,
        by: act.person,
        at: act.now,
    };
    let mut traces = Vec::new();
    for change in changes {
        let trace = requests::change(tx, &asking, change).await?;
        if let RequestChange::Ask(_) = change {
            made.request.get_or_insert(trace.0);
        }
        traces.push(trace);
    }
    Ok(traces)
}
