//! A decision in one transaction: message, changes, notices, journal and reply,
//! all of it or nothing.
use super::{
    Db, Fault, Result, Tx, changes, execute, households, journal,
    leaves::{self, NewLeave},
    letters::{self, Letter},
    messages::{self, Spoken},
    outbox, people, rooms,
    staff::{self, Newcomer},
    tokens,
    value::json,
};
use crate::{
    conversation::{
        decision::{Decision, Deed, DialogueChange, Made, OfficeChange},
        message::Place,
    },
    domain::{MessageId, PersonId, TeamId},
};
use chrono::{DateTime, NaiveDate, Utc};
use std::collections::BTreeSet;

/// The message that was decided about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Envelope {
    pub key: String,
    pub person: PersonId,
    pub team: TeamId,
    pub place: Place,
    /// Real time.
    pub heard_at: DateTime<Utc>,
    /// Where its platform says so; real time.
    pub typed_at: Option<DateTime<Utc>>,
    /// The office's clock.
    pub now: DateTime<Utc>,
    /// The office's day.
    pub today: NaiveDate,
    /// Until when its maker has the letters of the answer; real time.
    pub letters_until: DateTime<Utc>,
}

/// Saves what was decided, and the words that `phrase` finds for it once the
/// new ids are known, with the letters that bring them; gives both.
///
/// `Duplicate`: a message with this key is saved already, its reply is
/// [`messages::answered`]. `Stale`: somebody else has changed the household
/// since the scene was gathered.
pub async fn save(
    db: &Db,
    decision: &Decision,
    envelope: &Envelope,
    phrase: impl FnOnce(&Made) -> (Spoken, Vec<Letter>),
) -> Result<(Spoken, Vec<Letter>)> {
    let mut tx = db.write().await?;
    let message = messages::begin(&mut tx, envelope).await?;
    let (household, mut made) = match &decision.change {
        Some(change) => {
            let (household, made) = changes::apply(&mut tx, change, envelope, message).await?;
            (Some(household), made)
        }
        None => (None, Made::default()),
    };
    for change in &decision.office {
        put_office(&mut tx, change, (envelope, message), &mut made).await?;
    }
    notify(&mut tx, decision, envelope, &made).await?;
    put_dialogue(&mut tx, &decision.dialogue, envelope).await?;
    for entry in &decision.journal {
        journal::write(&mut tx, entry, household, (envelope.person, envelope.now)).await?;
    }
    let (spoken, mut letters) = phrase(&made);
    messages::end(&mut tx, message, &spoken).await?;
    for letter in &mut letters {
        let begun = letters::Begun {
            made_at: envelope.heard_at,
            try_at: envelope.letters_until,
            typed_at: envelope.typed_at,
        };
        letters::add(&mut tx, letter, begun).await?;
    }
    tx.commit().await?;
    Ok((spoken, letters))
}

/// A change that is of no household; what it made is noted in `made`.
async fn put_office(
    tx: &mut Tx,
    change: &OfficeChange,
    (envelope, message): (&Envelope, i64),
    made: &mut Made,
) -> Result<()> {
    match change {
        OfficeChange::Leave {
            person,
            from,
            to,
            cover,
        } => {
            let leave = NewLeave {
                person: *person,
                from: *from,
                to: *to,
                cover: *cover,
                entered_by: Some(MessageId(message)),
            };
            made.leave = Some(leaves::add(tx, &leave).await?);
            look_again(tx, envelope).await?;
        }
        OfficeChange::CancelLeave(leave) => {
            leaves::remove(tx, *leave).await?;
            look_again(tx, envelope).await?;
        }
        OfficeChange::Cover {
            person,
            from,
            to,
            cover,
        } => {
            let days = NewLeave {
                person: *person,
                from: *from,
                to: *to,
                cover: Some(*cover),
                entered_by: Some(MessageId(message)),
            };
            if let Some(leave) = leaves::cover(tx, &days).await? {
                made.leave = Some(leave);
            }
            look_again(tx, envelope).await?;
        }
        OfficeChange::Language { person, language } => {
            execute!(
                tx,
                "UPDATE person SET language = $2 WHERE id = $1",
                *person,
                *language,
            )?;
        }
        OfficeChange::Invite { person, code } => {
            let pair = (*person, envelope.person);
            tokens::invite(tx, code.tell(), pair, envelope.heard_at).await?;
        }
        OfficeChange::PageLink { token } => {
            tokens::link(tx, token.tell(), envelope.person, envelope.heard_at).await?;
        }
        OfficeChange::AddPerson {
            name,
            role,
            language,
        } => {
            let newcomer = Newcomer {
                name: name.clone(),
                role: *role,
                language: *language,
            };
            made.person = Some(join_staff(tx, &newcomer, envelope).await?);
        }
        OfficeChange::EndPerson { person, from } => {
            let act = act_of(envelope);
            let ended = staff::end_person(tx, *person, *from, &act).await?;
            // Refused by what has changed since it was decided.
            ended.map_err(|_| Fault::Stale)?;
        }
        OfficeChange::Morning(at) => people::set_morning(tx, envelope.person, *at).await?,
        OfficeChange::WorkingDays { person, days } => {
            people::set_working_days(tx, *person, *days).await?;
            look_again(tx, envelope).await?;
        }
        OfficeChange::HandOver { from, to } => {
            households::hand_over(tx, (*from, *to), envelope.now).await?;
        }
        OfficeChange::RouteFirst(platform) => {
            people::route_first(tx, envelope.person, *platform).await?;
        }
        OfficeChange::UseRoom { platform, room } => {
            let by = (envelope.person, envelope.heard_at);
            rooms::register(tx, (*platform, room), envelope.team, by).await?;
        }
    }
    Ok(())
}

/// Somebody joins the sender's team; only now there is an id for the journal.
async fn join_staff(tx: &mut Tx, newcomer: &Newcomer, envelope: &Envelope) -> Result<PersonId> {
    let act = act_of(envelope);
    let added = staff::add_person(tx, envelope.team, newcomer, &act).await?;
    // Refused by what has changed since it was decided.
    let person = added.map_err(|_| Fault::Stale)?;
    let (role, team) = (newcomer.role.code(), envelope.team.0);
    let detail = format!("person {} {role} team {team}", person.0);
    staff::write(tx, Deed::PersonAdded, detail, &act).await?;
    Ok(person)
}

fn act_of(envelope: &Envelope) -> staff::Act {
    staff::Act {
        by: envelope.person,
        now: envelope.now,
        today: envelope.today,
    }
}

async fn look_again(tx: &mut Tx, envelope: &Envelope) -> Result<()> {
    households::look_again(tx, envelope.team, envelope.now).await
}

/// Each notice becomes a delivery of its own.
async fn notify(tx: &mut Tx, decision: &Decision, envelope: &Envelope, made: &Made) -> Result<()> {
    if decision.notices.is_empty() {
        return Ok(());
    }
    let roster = people::roster(tx, envelope.team, envelope.today).await?;
    let mut told = BTreeSet::new();
    for (recipient, notice) in &decision.notices {
        let words = json(&notice.clone().resolved(made))?;
        for person in people::recipients(&roster, *recipient, envelope.today) {
            told.insert((person, words.clone()));
        }
    }
    for (recipient, notice) in told {
        let delivery = outbox::NewDelivery {
            recipient,
            office_day: envelope.today,
            made_at: envelope.now,
            hold_until: None,
            content: outbox::Content::Notice(notice),
        };
        outbox::add(tx, &delivery).await?;
    }
    Ok(())
}

async fn put_dialogue(tx: &mut Tx, change: &DialogueChange, envelope: &Envelope) -> Result<()> {
    let (platform, place) = (envelope.place.platform, envelope.place.id.as_str());
    match change {
        DialogueChange::Keep => {}
        DialogueChange::Clear => {
            execute!(
                tx,
                "DELETE FROM dialogue WHERE platform = $1 AND place = $2 AND person_id = $3",
                platform,
                place,
                envelope.person,
            )?;
        }
        DialogueChange::Ask(question) => {
            execute!(
                tx,
                "INSERT INTO dialogue (platform, place, person_id, question, asked_at) \
                 VALUES ($1, $2, $3, $4, $5) ON CONFLICT (platform, place, person_id) \
                 DO UPDATE SET question = excluded.question, asked_at = excluded.asked_at",
                platform,
                place,
                envelope.person,
                json(question)?,
                envelope.now,
            )?;
        }
    }
    Ok(())
}
