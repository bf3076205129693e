//! Lists that come by the calendar: next week's, before a long closure, before
//! the transfers, at the beginning and the end of a leave.
use super::{Engine, Fault};
use crate::{
    conversation::{notice::Notice, scene::Brief},
    domain::{
        CheckInId, HouseholdId, PersonId, TeamId,
        calendar::days_after,
        check_in::CheckIn,
        contact::Direction,
        ladder::{self, Case, Ladder},
        people::Role,
        rhythm::{self, Absence, BACK_DAYS, Occasion, Timed},
    },
    store::{
        self, lists, nudges,
        occasions::{self, Lists, Made},
        staff,
    },
};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use std::collections::BTreeMap;

/// A contact that met nobody is not forgotten for so long.
const NOT_MET_DAYS: i64 = 60;
/// Where the lists cannot be made they are tried again after so long.
const AGAIN_MINUTES: i64 = 60;

impl Engine {
    /// Makes the lists whose time has come; how many. What goes wrong here stops
    /// no nudge.
    pub(super) async fn list_by_calendar(&self, now: DateTime<Utc>) -> Result<usize, Fault> {
        let db = &self.shared.db;
        let Some(seen) = occasions::look_at(db, now).await?.filter(|at| *at <= now) else {
            return Ok(0);
        };
        let (made, next) = match self.lists_of_all(now).await {
            Err(Fault::Store(fault)) if !fault.is_transient() => {
                tracing::error!(%fault, "the lists of the calendar cannot be made");
                (0, now + TimeDelta::minutes(AGAIN_MINUTES))
            }
            made => made?,
        };
        occasions::looked(db, seen, next).await?;
        Ok(made)
    }

    /// The lists of all teams, and when to look again.
    async fn lists_of_all(&self, now: DateTime<Utc>) -> Result<(usize, DateTime<Utc>), Fault> {
        let office = &self.shared.office;
        let today = office.calendar.day_of(now);
        if !ladder::is_talking_time(&office.calendar, &office.ladder, now) {
            let today_opens = office.calendar.opening(today);
            let is_past = u64::from(today_opens <= now);
            let opens_on = office.calendar.open_from(days_after(today, is_past));
            return Ok((0, office.calendar.opening(opens_on)));
        }
        let mut made = 0;
        let mut next = office
            .calendar
            .opening(office.calendar.open_from(days_after(today, 1)));
        for team in staff::teams(&self.shared.db).await? {
            let (lists, again_at) = self.lists_of(team.id, now).await?;
            made += lists;
            next = next.min(again_at.unwrap_or(next));
        }
        Ok((made, next))
    }

    async fn lists_of(
        &self,
        team: TeamId,
        now: DateTime<Utc>,
    ) -> Result<(usize, Option<DateTime<Utc>>), Fault> {
        let db = &self.shared.db;
        let office = &self.shared.office;
        let today = office.calendar.day_of(now);
        let since = today.checked_sub_days(Days::new(BACK_DAYS));
        let roster = nudges::roster(db, team, since.unwrap_or(today)).await?;
        let mut timed = rhythm::of_calendar(&office.calendar, &office.rhythm, today);
        timed.extend(rhythm::of_leaves(&office.calendar, &roster));
        let again_at = timed
            .iter()
            .map(|timed| timed.at)
            .filter(|at| now < *at)
            .min();
        let begun_at = occasions::begun_at(db, team, now).await?;
        let due = rhythm::due(timed, (now, begun_at), today);
        let keys: Vec<_> = due.iter().map(|timed| timed.occasion.key()).collect();
        let untold = occasions::untold(db, team, &keys).await?;
        let due = due.into_iter().zip(untold).filter(|(_, untold)| *untold);
        let due: Vec<Timed> = due.map(|(timed, _)| timed).collect();
        if due.is_empty() {
            return Ok((0, again_at));
        }
        let found = lists::of_team(db, team).await?;
        for (household, fault) in &found.broken {
            tracing::error!(household = household.0, %fault, "a household cannot be listed");
        }
        let ladder = self.ladder(&roster);
        let mut made = 0;
        for timed in &due {
            made += self
                .make_lists(team, timed, (&found.rows, &ladder, now))
                .await?;
        }
        Ok((made, again_at))
    }

    async fn make_lists(
        &self,
        team: TeamId,
        timed: &Timed,
        (briefs, ladder, now): (&[Brief], &Ladder<'_>, DateTime<Utc>),
    ) -> Result<usize, Fault> {
        let calendar = &self.shared.office.calendar;
        let today = calendar.day_of(now);
        let lists = Lists {
            team,
            key: timed.occasion.key(),
            notice: Notice::Listed {
                occasion: timed.occasion.clone(),
                meant_for: calendar.day_of(timed.at),
                until: timed.until,
                is_again: false,
            },
            of: who_gets_what(&timed.occasion, briefs, ladder, today),
        };
        let made = Made { at: now, on: today };
        Ok(store::occasions::make(&self.shared.db, &lists, made).await?)
    }
}

/// Everybody whom an occasion concerns, with their households in the order in
/// which these fall due.
fn who_gets_what(
    occasion: &Occasion,
    briefs: &[Brief],
    ladder: &Ladder,
    today: NaiveDate,
) -> Vec<(PersonId, Vec<(HouseholdId, CheckInId)>)> {
    let mut lists: BTreeMap<PersonId, Vec<&CheckIn>> = BTreeMap::new();
    for brief in briefs {
        let Some(check_in) = &brief.check_in else {
            continue;
        };
        for person in concerned(occasion, (brief, check_in), ladder, today) {
            lists.entry(person).or_default().push(check_in);
        }
    }
    lists.retain(|person, list| !knows_already(occasion, (*person, list), ladder, today));
    let what = |check_in: &&CheckIn| (check_in.household, check_in.id);
    lists
        .into_iter()
        .map(|(person, list)| (person, list.iter().map(what).collect()))
        .collect()
}

/// At the beginning of a leave: whoever is away has just said so; and of a single
/// day all is due, so that the digest of this moment tells whoever stands in.
fn knows_already(
    occasion: &Occasion,
    (person, list): (PersonId, &[&CheckIn]),
    ladder: &Ladder,
    today: NaiveDate,
) -> bool {
    let Occasion::CoverBegins(absence) = occasion else {
        return false;
    };
    if person != absence.person {
        let is_single_day = absence.from == absence.to;
        return is_single_day && list.iter().all(|item| item.terms.window.on <= today);
    }
    let mut leaves = ladder.roster.leaves.iter();
    let entered_at =
        leaves.find_map(|leave| (leave.id == absence.leave).then_some(leave.entered_at));
    entered_at
        .flatten()
        .is_some_and(|at| ladder.office.day_of(at) == today)
}

/// Who is to see that household in the list, each once.
fn concerned(
    occasion: &Occasion,
    (brief, check_in): (&Brief, &CheckIn),
    ladder: &Ladder,
    today: NaiveDate,
) -> Vec<PersonId> {
    let due_on = check_in.terms.window.on;
    let facts = &brief.household.facts;
    let case = Case {
        check_in,
        main: facts.main,
        second: facts.second,
    };
    let mut people = match occasion {
        Occasion::Week { from, to } if (*from).max(today) <= due_on && due_on <= *to => {
            ladder.holder(&case, due_on)
        }
        Occasion::Closure { to, .. } | Occasion::Transfers { to }
            if due_on <= *to || is_not_met(brief, today) =>
        {
            let mut people = ladder.holder(&case, today);
            people.extend(supervisors(ladder, today));
            people
        }
        Occasion::CoverAhead(absence) if is_in(absence, facts.main) && due_on <= absence.to => {
            absence.cover.into_iter().collect()
        }
        Occasion::CoverBegins(absence) if is_in(absence, facts.main) && due_on <= absence.to => {
            let mut people = ladder.holder(&case, absence.from.max(today));
            people.push(absence.person);
            people
        }
        Occasion::CoverEnds(absence)
            if is_in(absence, facts.main) && has_moved(absence, (brief, check_in), today) =>
        {
            let is_back = !ladder.roster.is_on_leave(absence.person, today);
            let nurse = is_back.then_some(absence.person);
            absence.cover.into_iter().chain(nurse).collect()
        }
        _ => Vec::new(),
    };
    people.sort();
    people.dedup();
    people
}

fn is_in(absence: &Absence, main: Option<PersonId>) -> bool {
    main == Some(absence.person)
}

/// Whether it is due by now, or something was done about it meanwhile.
fn has_moved(absence: &Absence, (brief, check_in): (&Brief, &CheckIn), today: NaiveDate) -> bool {
    let last = brief.last.as_ref();
    check_in.terms.window.on <= today
        || last.is_some_and(|contact| absence.from <= contact.details.on)
}

/// Whether the last attempt met nobody.
fn is_not_met(brief: &Brief, today: NaiveDate) -> bool {
    brief.last.as_ref().is_some_and(|contact| {
        let details = &contact.details;
        details.direction == Direction::Out
            && details.outcome.is_some_and(|outcome| outcome.is_unmet())
            && (today - details.on).num_days() <= NOT_MET_DAYS
    })
}

fn supervisors(ladder: &Ladder, today: NaiveDate) -> impl Iterator<Item = PersonId> {
    let roster = ladder.roster;
    let people = roster.with_role(Role::Supervisor, today);
    people
        .map(|person| person.id)
        .filter(move |id| roster.is_present(*id, today))
}
