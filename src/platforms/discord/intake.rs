//! Events of Discord on their way to the engine: in order within a place, read
//! anew after an absence, and tracked, so that a stop waits for what is under way.
use super::{
    answering::{Interactions, Ticket},
    api::{Api, Failure, PAGE},
    completion, courier,
    places::{Event, Next, Order, Places},
    translate::{self, Asked, Ground, Spot, Step},
};
use crate::{
    conversation::{
        message::{Incoming, Platform, Said},
        phrasing::discord::Label,
    },
    engine::{Address, Begun, Cursor, Engine, Fault, Letter},
};
use serenity::all::{CreateInteractionResponse, Interaction, Message, MessageUpdateEvent, UserId};
use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};
use tokio::{sync::watch, time::sleep};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// Events are handed over in tasks of their own, in no order: those of one moment
/// are waited for.
const SETTLE: Duration = Duration::from_millis(25);
/// Discord wants an answer or a deferral within 3 seconds.
const DEFER_AFTER: Duration = Duration::from_millis(1_500);
/// Between attempts while the database or Discord does not answer.
const WAIT: Duration = Duration::from_millis(250);
const WAIT_MAX: Duration = Duration::from_secs(30);

/// Takes what is heard to the engine; cheap to clone.
#[derive(Clone)]
pub struct Intake {
    shared: Arc<Shared>,
}

struct Shared {
    engine: Engine,
    api: Arc<Api>,
    interactions: Arc<Interactions>,
    free_lines_in_rooms: bool,
    places: Mutex<Places>,
    /// The bot's own account; 0 before the first READY.
    me: AtomicU64,
    /// Absences whose places are not all known yet: nobody takes meanwhile.
    absences: watch::Sender<usize>,
    tracker: TaskTracker,
    stopping: CancellationToken,
}

impl Intake {
    pub fn new(
        engine: Engine,
        (api, interactions): (Arc<Api>, Arc<Interactions>),
        free_lines_in_rooms: bool,
    ) -> Intake {
        Intake {
            shared: Arc::new(Shared {
                engine,
                api,
                interactions,
                free_lines_in_rooms,
                places: Mutex::default(),
                me: AtomicU64::new(0),
                absences: watch::Sender::new(0),
                tracker: TaskTracker::new(),
                stopping: CancellationToken::new(),
            }),
        }
    }

    pub fn engine(&self) -> &Engine {
        &self.shared.engine
    }

    pub fn api(&self) -> &Api {
        &self.shared.api
    }

    /// A new session has begun: what was said before it is read, place by place,
    /// before anything else is taken.
    pub fn was_away(&self, me: UserId) {
        self.shared.me.store(me.get(), Ordering::Release);
        self.shared.absences.send_modify(|count| *count += 1);
        let intake = self.clone();
        self.shared.tracker.spawn(async move {
            intake.mark_places().await;
            intake.shared.absences.send_modify(|count| *count -= 1);
        });
    }

    pub fn hears_message(&self, message: Message) {
        let spot = match message.guild_id {
            Some(_) => Spot::Room(message.channel_id),
            None => Spot::Private(message.channel_id),
        };
        let id = message.id.get();
        self.push(spot, (id, id), Event::Message(Box::new(message)));
    }

    pub fn hears_edit(&self, edit: MessageUpdateEvent) {
        let spot = match edit.guild_id {
            Some(_) => Spot::Room(edit.channel_id),
            None => Spot::Private(edit.channel_id),
        };
        let at = edit
            .edited_timestamp
            .map_or(0, |at| id_at(at.timestamp_millis()));
        let order = (at.max(edit.id.get()), edit.id.get());
        self.push(spot, order, Event::Edit(Box::new(edit)));
    }

    /// Windows are opened at once, for they can be no later answer; the rest goes
    /// the way of all messages, and its deferral does not wait for anybody.
    pub async fn hears_interaction(&self, interaction: &Interaction) {
        if let Interaction::Autocomplete(typed) = interaction {
            return completion::complete(&self.shared.engine, &self.shared.api, typed).await;
        }
        let Some(asked) = translate::asked(interaction) else {
            return;
        };
        let (interactions, api) = (&self.shared.interactions, &self.shared.api);
        if !interactions.opens(&asked.ticket).await {
            return;
        }
        match asked.step {
            Step::Open(window) => {
                let window = CreateInteractionResponse::Modal(*window);
                let token = (asked.ticket.id, asked.ticket.token.as_str());
                if let Err(failure) = api.respond(token, &window).await {
                    tracing::warn!(interaction = %asked.ticket.id, %failure, "a form was not opened");
                }
            }
            Step::Take(_) | Step::Setup(_) => {
                self.defers_in_time(asked.ticket.clone());
                let order = (asked.ticket.id.get(), asked.ticket.id.get());
                self.push(asked.spot, order, Event::Asked(Box::new(asked)));
            }
        }
    }

    /// Takes no more, and ends when what is under way is done.
    pub async fn stop(&self) {
        self.shared.stopping.cancel();
        self.shared.tracker.close();
        self.shared.tracker.wait().await;
    }

    /// Runs beside the rest, and is waited for at a stop.
    pub fn spawn(&self, task: impl Future<Output = ()> + Send + 'static) {
        self.shared.tracker.spawn(task);
    }

    fn places(&self) -> MutexGuard<'_, Places> {
        // Nothing in there is left half changed by a panic.
        let held = self.shared.places.lock();
        held.unwrap_or_else(PoisonError::into_inner)
    }

    fn push(&self, spot: Spot, order: Order, event: Event) {
        if self.shared.stopping.is_cancelled() && matches!(event, Event::Message(_)) {
            // It is read at the next start.
            return;
        }
        let needs_worker = self.places().push(spot, order, event);
        if needs_worker {
            self.spawn_worker(spot);
        }
    }

    fn spawn_worker(&self, spot: Spot) {
        let intake = self.clone();
        self.shared
            .tracker
            .spawn(async move { intake.work(spot).await });
    }

    fn defers_in_time(&self, ticket: Ticket) {
        let shared = self.shared.clone();
        self.shared.tracker.spawn(async move {
            sleep(DEFER_AFTER).await;
            shared.interactions.defers(&ticket, &shared.api).await;
        });
    }

    async fn mark_places(&self) {
        let engine = &self.shared.engine;
        let asked = || async {
            let begun = engine.begun(Platform::Discord).await?;
            Ok((begun, engine.cursors(Platform::Discord).await?))
        };
        let Some((begun, cursors)) = self.until_done(asked).await else {
            return;
        };
        for (spot, seen) in seen(&begun, &cursors) {
            let needs_worker = self.places().was_away(spot, seen);
            if needs_worker {
                self.spawn_worker(spot);
            }
        }
    }

    /// Takes what waits in one place until nothing does.
    async fn work(&self, spot: Spot) {
        let mut newest = None;
        loop {
            sleep(SETTLE).await;
            self.all_places_are_known().await;
            if self.shared.stopping.is_cancelled() {
                self.places().drops_messages(spot);
            }
            let next = self.places().next(spot);
            match next {
                Next::Read(after) => self.catch_up(spot, after, &mut newest).await,
                Next::Take(Event::Message(message)) => {
                    self.take_message(spot, *message, &mut newest).await;
                }
                Next::Take(Event::Edit(edit)) => {
                    if let Some(incoming) = translate::edit(&edit, spot) {
                        self.take(incoming).await;
                    }
                }
                Next::Take(Event::Asked(asked)) => {
                    let id = asked.ticket.id.get();
                    if self.take_asked(*asked).await == Taken::Answered {
                        newest = self.places().begins(spot, id).or(newest);
                    }
                }
                Next::Leave => break,
            }
        }
        if let Some(seen) = newest {
            self.keep_cursor(spot, seen).await;
        }
    }

    async fn all_places_are_known(&self) {
        let mut absences = self.shared.absences.subscribe();
        tokio::select! {
            _ = absences.wait_for(|count| *count == 0) => {}
            () = self.shared.stopping.cancelled() => {}
        }
    }

    /// Reads what was typed after that message, page by page.
    async fn catch_up(&self, spot: Spot, after: u64, newest: &mut Option<u64>) {
        let mut after = after;
        loop {
            let Some(page) = self.page(spot, after).await else {
                return;
            };
            let is_last = page.len() < usize::from(PAGE);
            for message in page {
                if self.shared.stopping.is_cancelled() {
                    return;
                }
                after = after.max(message.id.get());
                self.take_message(spot, message, newest).await;
            }
            if is_last {
                return;
            }
        }
    }

    /// None: the place cannot be read, or we stop.
    async fn page(&self, spot: Spot, after: u64) -> Option<Vec<Message>> {
        let asking = || self.shared.api.messages_after(spot.channel(), after);
        match self.until_answered(asking).await {
            Ok(page) => Some(page),
            Err(failure) if failure.may_pass() => None,
            Err(failure) => {
                tracing::error!(channel = %spot.channel(), %failure, "a channel cannot be read");
                self.forget_place(spot, failure).await;
                None
            }
        }
    }

    /// A channel that is gone is not read again; one that only puzzles us is.
    async fn forget_place(&self, spot: Spot, failure: Failure) {
        if failure != Failure::Gone {
            self.places().broke(spot);
            return;
        }
        self.places().gone(spot);
        let place = place_of(spot);
        self.until_done(|| self.shared.engine.forget_cursor(Platform::Discord, &place))
            .await;
    }

    async fn take_message(&self, spot: Spot, message: Message, newest: &mut Option<u64>) {
        let ground = Ground {
            me: UserId::new(self.shared.me.load(Ordering::Acquire).max(1)),
            free_lines_in_rooms: self.shared.free_lines_in_rooms,
        };
        let taken = match translate::message(&message, spot, ground) {
            Some(incoming) => self.take(incoming).await,
            None => Taken::Silence,
        };
        if taken == Taken::NotNow {
            return;
        }
        let starts = taken == Taken::Answered;
        let moved = self.places().took(spot, message.id.get(), starts);
        *newest = moved.or(*newest);
    }

    /// Takes a message; its answer has been sent, or waits in the store.
    async fn take(&self, incoming: Incoming) -> Taken {
        match self
            .until_done(|| self.shared.engine.take(incoming.clone()))
            .await
        {
            Some(letters) => {
                let taken = taken(&letters);
                self.shared.engine.send(letters).await;
                taken
            }
            None if self.shared.stopping.is_cancelled() => Taken::NotNow,
            None => Taken::Silence,
        }
    }

    async fn take_asked(&self, asked: Asked) -> Taken {
        let (interactions, api) = (&self.shared.interactions, &self.shared.api);
        let Some(incoming) = self.with_readers(asked.step, asked.spot).await else {
            let label = (Label::CannotLook, asked.language);
            interactions.closes(&asked.ticket, label, api).await;
            return Taken::Silence;
        };
        let handle = incoming.answer_to.as_ref().map(|to| to.alone.clone());
        let letters = self
            .until_done(|| self.shared.engine.take(incoming.clone()))
            .await;
        let label = match &letters {
            Some(letters) if is_for(letters, handle.as_deref()) => None,
            Some(letters) if letters.is_empty() => Some(Label::Silent),
            Some(_) => Some(Label::SaidAloud),
            None => Some(Label::Broken),
        };
        let letters = letters.unwrap_or_default();
        let taken = taken(&letters);
        self.shared.engine.send(letters).await;
        if let Some(label) = label {
            interactions
                .closes(&asked.ticket, (label, asked.language), api)
                .await;
        }
        taken
    }

    /// Who can read the channel, where that is asked. None: we may not look at it.
    async fn with_readers(&self, step: Step, spot: Spot) -> Option<Incoming> {
        match step {
            Step::Take(incoming) => Some(incoming),
            Step::Setup(mut incoming) => {
                let readers = courier::readers(&self.shared.api, spot.channel()).await;
                incoming.said = Said::Setup(readers.ok()?);
                Some(incoming)
            }
            Step::Open(_) => None,
        }
    }

    async fn keep_cursor(&self, spot: Spot, seen: u64) {
        let cursor = Cursor {
            place: place_of(spot),
            seen: seen.to_string(),
        };
        // An older cursor only reads again what its keys make harmless.
        if let Err(fault) = self
            .shared
            .engine
            .move_cursor(Platform::Discord, &cursor)
            .await
        {
            tracing::warn!(channel = %spot.channel(), %fault, "a cursor was not moved");
        }
    }

    /// Tries until it is done, while the database does not answer. None: it cannot
    /// be done, or we stop.
    pub async fn until_done<T, F>(&self, attempt: impl Fn() -> F) -> Option<T>
    where
        F: Future<Output = Result<T, Fault>>,
    {
        let mut wait = WAIT;
        loop {
            match attempt().await {
                Ok(done) => return Some(done),
                Err(fault) if fault.is_transient() => {
                    tracing::warn!(%fault, "tried again soon");
                }
                Err(fault) => {
                    tracing::error!(%fault, "a message could not be taken");
                    return None;
                }
            }
            if self.stops_within(wait).await {
                return None;
            }
            wait = (wait * 2).min(WAIT_MAX);
        }
    }

    /// Asks until Discord answers, or we stop.
    pub async fn until_answered<T, F>(&self, asked: impl Fn() -> F) -> Result<T, Failure>
    where
        F: Future<Output = Result<T, Failure>>,
    {
        let mut wait = WAIT;
        loop {
            let answer = asked().await;
            let is_open = matches!(&answer, Err(failure) if failure.may_pass());
            if !is_open || self.stops_within(wait).await {
                return answer;
            }
            wait = (wait * 2).min(WAIT_MAX);
        }
    }

    async fn stops_within(&self, wait: Duration) -> bool {
        tokio::select! {
            () = sleep(wait) => false,
            () = self.shared.stopping.cancelled() => true,
        }
    }
}

/// What became of a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Taken {
    Answered,
    Silence,
    /// It has to be read again.
    NotNow,
}

/// A stranger is answered, too, and nothing of theirs is kept.
fn taken(letters: &[Letter]) -> Taken {
    match letters.iter().any(|letter| letter.person.is_some()) {
        true => Taken::Answered,
        false => Taken::Silence,
    }
}

fn is_for(letters: &[Letter], handle: Option<&str>) -> bool {
    letters.iter().any(|letter| match &letter.address {
        Address::Alone(to) => Some(to.as_str()) == handle,
        Address::Room { .. } => false,
    })
}

/// The smallest id of that instant.
fn id_at(millis: i64) -> u64 {
    const EPOCH_MILLIS: i64 = 1_420_070_400_000;
    let since = u64::try_from(millis - EPOCH_MILLIS).unwrap_or(0);
    since << 22
}

/// Each place that is read, and the last that was seen of it: where nothing was
/// taken yet, from its registration or from our own first message on.
fn seen(begun: &Begun, cursors: &[Cursor]) -> BTreeMap<Spot, u64> {
    let rooms = begun.rooms.iter().filter_map(|(room, since)| {
        let channel = super::answering::id(room).ok()?.into();
        Some((Spot::Room(channel), id_at(since.timestamp_millis())))
    });
    let private = begun.messages.iter().filter_map(|message| {
        let (channel, message) = message.split_once(':')?;
        let channel = super::answering::id(channel).ok()?.into();
        Some((Spot::Private(channel), message.parse().ok()?))
    });
    let cursors = cursors.iter().filter_map(spot_of);
    rooms.chain(private).chain(cursors).collect()
}

/// How a cursor names a place.
fn place_of(spot: Spot) -> String {
    match spot {
        Spot::Private(channel) => format!("private:{channel}"),
        Spot::Room(channel) => format!("room:{channel}"),
    }
}

fn spot_of(cursor: &Cursor) -> Option<(Spot, u64)> {
    let (kind, channel) = cursor.place.split_once(':')?;
    let channel = super::answering::id(channel).ok()?.into();
    let spot = match kind {
        "private" => Spot::Private(channel),
        "room" => Spot::Room(channel),
        _ => return None,
    };
    Some((spot, cursor.seen.parse().ok()?))
}
