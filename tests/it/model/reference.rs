//! What must be so after each step, by rules of its own: simpler than the ladder's,
//! and taken from what the house promises, not from how it is built.
use super::{
    seen::{CheckIn, Home, Seen},
    step::{Press, Step, Words},
};
use crate::mortal::{MAYBE_AGAIN, Post, UNKEPT};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use koekake::domain::calendar::Calendar;
use std::collections::{BTreeMap, BTreeSet};

/// Open days after the window by which somebody who leads must know.
const LEADS_AFTER_OPEN_DAYS: u32 = 5;
/// As above, where somebody waits.
const LEADS_AFTER_OPEN_DAYS_PROMPT: u32 = 2;

pub struct Reference {
    pub seen: Seen,
    office: Calendar,
    /// Since when each household has had its check-in.
    standing_since: Vec<DateTime<Utc>>,
    /// When somebody who could have told of a date was last there: at work, in
    /// hours, with the process alive.
    talked_at: Vec<DateTime<Utc>>,
    /// When people, leaves or covers last changed.
    people_since: DateTime<Utc>,
    /// Each save's household as it was before it.
    before: BTreeMap<i64, Home>,
    /// What this step must have done.
    expected: Expected,
    /// Arrivals that were looked at, and how often each message came.
    heard: usize,
    came: BTreeMap<String, usize>,
    /// Messages that may come again because a process ended.
    process_ended: bool,
    /// Contacts that were said to be recorded, by code.
    recorded: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, PartialEq)]
enum Expected {
    Anything,
    /// The same message came again.
    Nothing,
    /// That save of a household is taken back, or nothing of it is changed.
    Undone(usize, i64),
    /// A contact that names a date so many days ahead, or nothing of it.
    Dated(usize, i64),
}

impl Reference {
    pub fn new(seen: Seen, now: DateTime<Utc>) -> Reference {
        Reference {
            standing_since: vec![now; seen.homes.len()],
            office: Calendar::japan(),
            talked_at: Vec::new(),
            people_since: now,
            before: BTreeMap::new(),
            expected: Expected::Anything,
            heard: 0,
            came: BTreeMap::new(),
            process_ended: false,
            recorded: BTreeMap::new(),
            seen,
        }
    }

    pub fn process_ended(&mut self) {
        self.process_ended = true;
    }

    pub fn expects_anything(&mut self) {
        self.expected = Expected::Anything;
    }

    pub fn expects_nothing_new(&mut self) {
        self.expected = Expected::Nothing;
    }

    pub fn hears(&mut self, step: &Step) {
        self.expected = match step {
            Step::Presses(_, Press::Undo(home, before)) => {
                let saves = &self.seen.homes[*home].saves;
                Expected::Undone(*home, saves[saves.len() - before - 1])
            }
            // While an alarm is unread its review of today stays.
            Step::Says(_, Words::Of(home, words))
                if words.ends_with("10日後") && self.seen.alarms.is_empty() =>
            {
                Expected::Dated(*home, 10)
            }
            _ => Expected::Anything,
        };
    }

    /// Time goes by with the process there: every opening in it was one to talk at.
    pub fn goes_on(&mut self, from: DateTime<Utc>, until: DateTime<Utc>) {
        let days = self.office.day_of(from).iter_days();
        let last = self.office.day_of(until);
        for day in days.take_while(|day| *day <= last) {
            let opening = self.office.opening(day);
            if self.office.is_open(day) && from < opening && opening <= until {
                self.talked_at.push(opening);
            }
        }
    }

    pub fn next_talking_time(&self, after: DateTime<Utc>) -> DateTime<Utc> {
        let day = self.office.day_of(after);
        let next = day
            .iter_days()
            .skip(1)
            .find(|day| self.office.is_open(*day));
        self.office.opening(next.expect("an open day"))
    }

    fn is_talking_time(&self, now: DateTime<Utc>) -> bool {
        let local = self.office.local(now);
        let open = self.office.opens <= local.time() && local.time() < self.office.closes;
        self.office.is_open(local.date()) && open
    }

    /// What is on the disk now, after a step that ended at that instant.
    pub fn follows(&mut self, seen: Seen, now: DateTime<Utc>) -> Result<(), String> {
        let expected = std::mem::replace(&mut self.expected, Expected::Anything);
        self.check_expected(&expected, &seen, now)?;
        for (at, (home, was)) in seen.homes.iter().zip(&self.seen.homes).enumerate() {
            // Whoever takes it back that she took it on had it until then.
            let stands = |home: &Home| home.check_in.as_ref().map(|it| (it.id, it.taken));
            if stands(home) != stands(was) {
                self.standing_since[at] = now;
            }
            for save in home.saves.iter().filter(|save| !was.saves.contains(save)) {
                self.before.insert(*save, was.clone());
            }
            if home.main != was.main {
                self.people_since = now;
            }
        }
        if seen.people != self.seen.people {
            self.people_since = now;
        }
        self.seen = seen;
        if self.is_talking_time(now) {
            self.talked_at.push(now);
        }
        for at in 0..self.seen.homes.len() {
            self.check_home(at)?;
        }
        self.check_alarms()?;
        match self.seen.twice.as_slice() {
            [] => Ok(()),
            twice => Err(format!("told of one date twice on a day: {twice:?}")),
        }
    }

    fn check_expected(
        &self,
        expected: &Expected,
        seen: &Seen,
        now: DateTime<Utc>,
    ) -> Result<(), String> {
        let changed = |at: usize| seen.homes[at].version != self.seen.homes[at].version;
        match expected {
            Expected::Anything => Ok(()),
            Expected::Nothing => match (0..seen.homes.len()).find(|at| changed(*at)) {
                Some(at) => Err(format!(
                    "a repeated message changed {}",
                    seen.homes[at].code
                )),
                None => Ok(()),
            },
            Expected::Undone(at, save) if changed(*at) => {
                let (is, was) = (&seen.homes[*at], &self.before[save]);
                let stands = |home: &Home| {
                    let check_in = home.check_in.as_ref();
                    let check_in = check_in.map(|it| (it.id, it.due_on, it.due_by));
                    (check_in, home.main, home.contacts.0)
                };
                // Before it was registered there is nothing to go back to.
                match stands(is) == stands(was) && is.state == was.state {
                    true => Ok(()),
                    false => Err(format!("taking back {save} gives {is:?} for {was:?}")),
                }
            }
            Expected::Dated(at, days) if changed(*at) => {
                let (is, was) = (&seen.homes[*at], &self.seen.homes[*at]);
                let said = self.office.day_of(now) + TimeDelta::days(*days);
                let due_on = is.check_in.as_ref().map(|it| it.due_on);
                let recorded = is.contacts.0 == was.contacts.0 + 1;
                match recorded && (due_on == Some(self.office.open_from(said))) {
                    true => Ok(()),
                    false => Err(format!("said {said}, and is {is:?}")),
                }
            }
            Expected::Undone(..) | Expected::Dated(..) => Ok(()),
        }
    }

    fn check_home(&self, at: usize) -> Result<(), String> {
        let home = &self.seen.homes[at];
        let is_closed = matches!(home.state.as_str(), "closed" | "transferred");
        let Some(check_in) = &home.check_in else {
            return match is_closed && home.opens == 0 && home.next_nudge_at.is_none() {
                true => Ok(()),
                false => Err(format!("open without a check-in: {home:?}")),
            };
        };
        if is_closed || home.opens != 1 || home.next_nudge_at.is_none() {
            return Err(format!("not one check-in and a next look: {home:?}"));
        }
        self.check_desk(at, check_in)?;
        self.check_leads(at, check_in)
    }

    /// The last time that somebody could have been told of it since everything about
    /// it was as it is.
    fn last_chance(&self, at: usize, from: NaiveDate) -> Option<DateTime<Utc>> {
        let since = self.standing_since[at].max(self.people_since);
        let chances = self.talked_at.iter().rev();
        chances
            .copied()
            .find(|chance| since < *chance && from <= self.office.day_of(*chance))
    }

    /// What is due lies with somebody who is there: told, or about to be.
    fn check_desk(&self, at: usize, check_in: &CheckIn) -> Result<(), String> {
        let Some(chance) = self.last_chance(at, check_in.due_on) else {
            return Ok(());
        };
        if check_in.taken.is_some_and(|(_, until)| chance < until) {
            return Ok(());
        }
        let day = self.office.day_of(chance);
        let told = self.told(check_in, |state| matches!(state, "sent" | "pending"));
        // Whoever set it for a day that had begun knows of it.
        let first = self.office.opening(self.office.open_from(check_in.due_on));
        let knows = (first <= check_in.made_at).then_some(check_in.made_by);
        let is_there = |person: &i64| self.seen.people[person].is_there_on(day);
        match told.iter().chain(&knows).any(is_there) {
            true => Ok(()),
            false => Err(format!(
                "on nobody's desk on {day}, told {told:?}: {:?}",
                self.seen.homes[at]
            )),
        }
    }

    /// What stays untouched climbs to whoever leads.
    fn check_leads(&self, at: usize, check_in: &CheckIn) -> Result<(), String> {
        let days = match check_in.pace.as_str() {
            "ordinary" => LEADS_AFTER_OPEN_DAYS,
            _ => LEADS_AFTER_OPEN_DAYS_PROMPT,
        };
        let climbs_on = self.office.open_days_after(check_in.due_by, days);
        let is_kept_back = |chance| check_in.supervisor_from.is_some_and(|from| chance < from);
        if self.last_chance(at, climbs_on).is_none_or(is_kept_back) {
            return Ok(());
        }
        let told = self.told(check_in, |_| true);
        match told.iter().any(|person| self.seen.people[person].leads) {
            true => Ok(()),
            false => Err(format!(
                "nobody who leads knows, told {told:?}: {:?}",
                self.seen.homes[at]
            )),
        }
    }

    fn told(&self, check_in: &CheckIn, stands: impl Fn(&str) -> bool) -> BTreeSet<i64> {
        let nudges = self.seen.nudges.iter();
        nudges
            .filter(|nudge| nudge.check_in_id == check_in.id && stands(&nudge.state))
            .map(|nudge| nudge.recipient_id)
            .collect()
    }

    /// An alarm has somebody at once, at any hour.
    fn check_alarms(&self) -> Result<(), String> {
        for alarm in &self.seen.alarms {
            let mut nudges = self.seen.nudges.iter();
            if !nudges.any(|nudge| nudge.alarm_id == Some(*alarm) && nudge.state != "moot") {
                return Err(format!("alarm {alarm} has nobody"));
            }
        }
        Ok(())
    }

    /// What has arrived since the last look.
    pub fn hears_post(&mut self, post: &Post) -> Result<(), String> {
        let arrivals = post.arrived[self.heard..].iter();
        for arrived in arrivals.filter(|arrived| arrived.what != UNKEPT) {
            let times = self.came.entry(arrived.what.clone()).or_default();
            *times += 1;
            let is_marked = arrived.text.starts_with(MAYBE_AGAIN);
            let may_repeat = self.process_ended || post.unsure.contains(&arrived.what);
            if *times > 1 && !is_marked {
                return Err(format!("said twice without a word: {arrived:?}"));
            }
            if is_marked && !may_repeat {
                return Err(format!("a repeat for no reason: {arrived:?}"));
            }
            let line = arrived
                .text
                .lines()
                .find(|line| line.starts_with("記録しました H-"));
            if let Some(code) = line.and_then(|line| line.split(' ').nth(1)) {
                let recorded = self.recorded.entry(code.to_owned()).or_default();
                recorded.insert(arrived.what.clone());
            }
        }
        self.heard = post.arrived.len();
        for home in &self.seen.homes {
            let acknowledged = self.recorded.get(&home.code).map_or(0, BTreeSet::len);
            if usize::try_from(home.contacts.1).unwrap_or(0) < acknowledged {
                return Err(format!("{acknowledged} acknowledged, and is {home:?}"));
            }
        }
        Ok(())
    }

    /// With every platform well for days nothing waits.
    pub fn is_at_rest(&self) -> Result<(), String> {
        match self.seen.pending {
            0 => Ok(()),
            pending => Err(format!("{pending} deliveries wait at rest")),
        }
    }
}
