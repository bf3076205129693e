//! Accounts that are nobody's: each reads the one message for strangers, for it
//! may be a resident's, and comes in by a join code alone.
//!
//! Nothing that a stranger typed is kept. What is counted here is lost with the
//! process, and bounded.
use super::{Answered, Engine, Fault, courier::Letter};
use crate::{
    conversation::{
        action::Action,
        decide::{self, Arrival, Desk, Heard, joining},
        decision::Decision,
        message::{Account, Incoming, Said},
        reading,
        scene::Scene,
    },
    store::{
        self,
        routes::{self, Standing},
        tokens::{self, Joined},
    },
};
use chrono::{DateTime, TimeDelta, Utc};
use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

/// Wrong codes of one account in an hour; after that none is tried.
const WRONG_MAX: u32 = 5;
/// Wrong codes of all accounts together in an hour.
const WRONG_OF_ALL_MAX: u32 = 100;
/// Answers to one stranger in a minute: enough for a slip in a code, and no use
/// for a flood.
const ANSWERS_MAX: u32 = 3;
/// Strangers remembered at once; with more, the oldest is forgotten.
const VISITORS_MAX: usize = 1_000;

/// The door: who has tried how often lately.
#[derive(Debug, Default)]
pub(super) struct Door(Mutex<Visits>);

#[derive(Debug, Default)]
struct Visits {
    visitors: HashMap<Account, Visitor>,
    wrong_of_all: Count,
}

#[derive(Debug, Default)]
struct Visitor {
    wrong: Count,
    answers: Count,
    last_at: Option<DateTime<Utc>>,
}

/// How often in a span of time that begins with the first.
#[derive(Debug, Default)]
struct Count {
    since: Option<DateTime<Utc>>,
    times: u32,
}

impl Count {
    /// Counts one more if that is not too many in the span.
    fn takes(&mut self, max: u32, span: TimeDelta, now: DateTime<Utc>) -> bool {
        if self.since.is_none_or(|since| since + span <= now) {
            (self.since, self.times) = (Some(now), 0);
        }
        let may = self.times < max;
        self.times += u32::from(may);
        may
    }

    fn takes_back(&mut self) {
        self.times = self.times.saturating_sub(1);
    }
}

impl Door {
    fn visits(&self) -> MutexGuard<'_, Visits> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Whether a code of that account is tried. Counted as wrong until
    /// [`Door::was_right`].
    fn may_try(&self, account: &Account, now: DateTime<Utc>) -> bool {
        let mut visits = self.visits();
        let hour = TimeDelta::hours(1);
        let visitor = visits.visitor(account, now);
        if !visitor.wrong.takes(WRONG_MAX, hour, now) {
            return false;
        }
        visits.wrong_of_all.takes(WRONG_OF_ALL_MAX, hour, now)
    }

    fn was_right(&self, account: &Account) {
        let mut visits = self.visits();
        visits.wrong_of_all.takes_back();
        visits.visitors.remove(account);
    }

    fn may_answer(&self, account: &Account, now: DateTime<Utc>) -> bool {
        let mut visits = self.visits();
        let visitor = visits.visitor(account, now);
        visitor
            .answers
            .takes(ANSWERS_MAX, TimeDelta::minutes(1), now)
    }
}

impl Visits {
    fn visitor(&mut self, account: &Account, now: DateTime<Utc>) -> &mut Visitor {
        if self.visitors.len() >= VISITORS_MAX && !self.visitors.contains_key(account) {
            let oldest = self
                .visitors
                .iter()
                .min_by_key(|(_, visitor)| visitor.last_at);
            if let Some(oldest) = oldest.map(|(account, _)| account.clone()) {
                self.visitors.remove(&oldest);
            }
        }
        let visitor = self.visitors.entry(account.clone()).or_default();
        visitor.last_at = Some(now);
        visitor
    }
}

impl Engine {
    /// The answer to a join code said in private; None where the message is to be
    /// answered as any other.
    pub(super) async fn came_in(&self, incoming: &Incoming) -> Result<Option<Answered>, Fault> {
        let Said::Words(words) = &incoming.said else {
            return Ok(None);
        };
        let Some(code) = reading::join_code(words, false) else {
            return Ok(None);
        };
        if incoming.place.room.is_some() {
            return Ok(None);
        }
        let today = self.shared.office.calendar.day_of(self.office_now());
        match routes::standing(&self.shared.db, &incoming.from, today).await? {
            Standing::Off => Err(Fault::Stranger),
            Standing::Stranger => self.let_in(incoming, &code).await.map(Some),
            Standing::Known if reading::join_code(words, true).is_none() => Ok(None),
            Standing::Known => self.is_in_already(incoming).await.map(Some),
        }
    }

    async fn let_in(&self, incoming: &Incoming, code: &str) -> Result<Answered, Fault> {
        let now = self.shared.clock.real();
        let account = &incoming.from;
        if !self.shared.door.may_try(account, now) {
            tracing::warn!(platform = account.platform.code(), "too many wrong codes");
            return Err(Fault::Stranger);
        }
        let today = self.shared.office.calendar.day_of(self.office_now());
        match tokens::join(&self.shared.db, code, account, (now, today)).await {
            Ok(Joined::As(person)) => {
                self.shared.door.was_right(account);
                let platform = account.platform.code();
                tracing::info!(person = person.0, platform, "joined");
            }
            Ok(Joined::NoSuchCode | Joined::AnotherPersons) => return Err(Fault::Stranger),
            Err(fault) => {
                self.shared.door.was_right(account);
                return Err(fault.into());
            }
        }
        // With the ways on which they are reached, this one among them.
        let heard = Heard::Press(Action::RouteFirst(account.platform));
        let scene = self.scene(&heard, incoming, self.office_now()).await?;
        let team = store::office::team_name(&self.shared.db, scene.sender.team).await?;
        let welcome = |desk: &Desk| joining::joined(account.platform, team, desk);
        self.save_of(incoming, &scene, welcome).await
    }

    async fn is_in_already(&self, incoming: &Incoming) -> Result<Answered, Fault> {
        if let Some(spoken) = store::messages::answered(&self.shared.db, &incoming.key).await? {
            return Ok(spoken.into());
        }
        let nothing = Heard::Press(Action::Help);
        let scene = self.scene(&nothing, incoming, self.office_now()).await?;
        self.save_of(incoming, &scene, joining::joined_already)
            .await
    }

    async fn save_of(
        &self,
        incoming: &Incoming,
        scene: &Scene,
        decide: impl FnOnce(&Desk) -> Decision,
    ) -> Result<Answered, Fault> {
        let now = self.office_now();
        let desk = Desk {
            scene,
            office: &self.shared.office,
            now,
            today: self.shared.office.calendar.day_of(now),
            arrival: &Arrival::default(),
        };
        self.save(decide(&desk), scene, incoming, now).await
    }

    /// The one message for strangers, whatever they typed or pressed; in a shared
    /// place silence.
    pub(super) fn turn_away(&self, incoming: &Incoming) -> Option<Letter> {
        let now = self.shared.clock.real();
        if incoming.place.room.is_some() || !self.shared.door.may_answer(&incoming.from, now) {
            return None;
        }
        let message = decide::joining::for_strangers(&self.shared.office);
        self.in_both_languages(incoming, &message)
    }
}

#[cfg(test)]
mod tests {
    use super::{Door, VISITORS_MAX, WRONG_MAX, WRONG_OF_ALL_MAX};
    use crate::conversation::message::{Account, Platform};
    use chrono::{DateTime, TimeDelta, Utc};

    fn account(number: usize) -> Account {
        Account {
            platform: Platform::Telegram,
            id: number.to_string(),
        }
    }

    #[test]
    fn codes_are_tried_a_few_times_an_hour_of_one_account_and_of_all() {
        let (door, start) = (Door::default(), DateTime::<Utc>::UNIX_EPOCH);
        for _ in 0..WRONG_MAX {
            assert!(door.may_try(&account(0), start));
        }
        assert!(!door.may_try(&account(0), start + TimeDelta::minutes(59)));
        let others = (WRONG_OF_ALL_MAX - WRONG_MAX) as usize;
        for number in 1..=others {
            assert!(door.may_try(&account(number), start));
        }
        assert!(!door.may_try(&account(others + 1), start));
        assert!(door.may_try(&account(0), start + TimeDelta::hours(1)));
    }

    #[test]
    fn no_more_strangers_are_remembered_than_there_is_room_for() {
        let (door, start) = (Door::default(), DateTime::<Utc>::UNIX_EPOCH);
        for number in 0..VISITORS_MAX + 10 {
            let seconds = i64::try_from(number).expect("few");
            assert!(door.may_answer(&account(number), start + TimeDelta::seconds(seconds)));
        }
        let visits = door.visits();
        assert_eq!(visits.visitors.len(), VISITORS_MAX);
        assert!(!visits.visitors.contains_key(&account(9)));
        assert!(visits.visitors.contains_key(&account(10)));
    }
}
