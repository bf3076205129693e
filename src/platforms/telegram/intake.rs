//! Updates in: a batch is confirmed when each of its updates is stored or
//! answered, in order per chat; chats go side by side.
use super::{
    api::{Api, Failure},
    courier,
    outgoing::Outgoing,
    translate::{self, Bot, Ground, Heard, Request},
};
use crate::{
    conversation::message::{Incoming, Platform, Said},
    engine::Engine,
};
use futures_util::StreamExt;
use serde::{Deserialize, de::IgnoredAny};
use serde_json::value::RawValue;
use std::{collections::BTreeMap, sync::Arc, time::Duration};
use teloxide_core::{
    payloads::{AnswerCallbackQuery, GetMe, GetUpdates},
    types::{AllowedUpdate, CallbackQueryId, Update, UpdateKind},
};
use tokio::sync::OnceCell;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// How long Telegram waits for an update before it answers that there is none.
const POLL_SECONDS: u32 = 30;
/// Chats whose updates are taken at once.
const CHATS_AT_ONCE: usize = 16;
/// The wait after a failure; twice as long after each further one.
const BACK_OFF: Duration = Duration::from_millis(500);
const BACK_OFF_MAX: Duration = Duration::from_secs(30);
/// The wait after what only a person can mend.
const BACK_OFF_MENDED_BY_HAND: Duration = Duration::from_secs(30);
/// Questions that Telegram does not answer are given up then, after half a minute.
const ASKED_MAX: u32 = 6;

pub(super) struct Intake {
    api: Arc<Api>,
    engine: Engine,
    free_lines_in_rooms: bool,
    bot: OnceCell<Bot>,
    outgoing: Outgoing,
    tracker: TaskTracker,
}

/// An update as it came: read on its own, so that one which cannot be read stops
/// no other.
struct Arrived {
    id: i64,
    /// None: nobody can read it.
    update: Option<Update>,
}

/// The same update again, later.
struct NotNow;

impl Intake {
    pub fn new(api: Arc<Api>, engine: Engine, free_lines_in_rooms: bool) -> Intake {
        let tracker = TaskTracker::new();
        Intake {
            outgoing: Outgoing::new(engine.clone(), tracker.clone()),
            api,
            engine,
            free_lines_in_rooms,
            bot: OnceCell::new(),
            tracker,
        }
    }

    pub async fn run(&self, shutdown: &CancellationToken) {
        let mut next = None;
        let mut failed = 0;
        loop {
            self.engine.beats(Platform::Telegram.code());
            let polled = tokio::select! {
                () = shutdown.cancelled() => break,
                polled = self.poll(next) => polled,
            };
            match polled {
                Ok(arrived) => {
                    failed = 0;
                    let last = arrived.last().map(|arrived| arrived.id);
                    if !self.take(arrived, shutdown).await {
                        break;
                    }
                    next = last.map(|last| last + 1).max(next);
                }
                Err(failure) => {
                    let wait = back_off(&failure, failed);
                    failed += 1;
                    tokio::select! {
                        () = shutdown.cancelled() => break,
                        () = tokio::time::sleep(wait) => {}
                    }
                }
            }
        }
        self.finish(next).await;
    }

    /// Asks for what comes from `next` on, and confirms all before it.
    async fn poll(&self, next: Option<i64>) -> Result<Vec<Arrived>, Failure> {
        let mut request = GetUpdates::new();
        request.offset = next.and_then(|next| next.try_into().ok());
        request.timeout = Some(POLL_SECONDS);
        request.allowed_updates = Some(vec![
            AllowedUpdate::Message,
            AllowedUpdate::EditedMessage,
            AllowedUpdate::CallbackQuery,
            AllowedUpdate::MyChatMember,
        ]);
        let raw: Vec<Box<RawValue>> = self.api.call(&request).await?;
        let is_empty = raw.is_empty();
        let mut arrived: Vec<Arrived> = raw.iter().filter_map(|raw| arrived(raw)).collect();
        if arrived.is_empty() && !is_empty {
            // Without a number none of them can be passed.
            return Err(Failure::Unread);
        }
        arrived.sort_by_key(|arrived| arrived.id);
        arrived.dedup_by_key(|arrived| arrived.id);
        Ok(arrived)
    }

    /// Whether all of them were taken; if not, it is time to end.
    async fn take(&self, arrived: Vec<Arrived>, shutdown: &CancellationToken) -> bool {
        let mut chats: BTreeMap<Option<i64>, Vec<Update>> = BTreeMap::new();
        for Arrived { id, update } in arrived {
            match update {
                Some(update) => {
                    let order = translate::order_of(&update);
                    chats.entry(order).or_default().push(update);
                }
                None => tracing::error!(update = id, "an update cannot be read, and is passed"),
            }
        }
        futures_util::stream::iter(chats.into_values())
            .map(|updates| self.take_in_order(updates, shutdown))
            .buffer_unordered(CHATS_AT_ONCE)
            .fold(true, |all, one| std::future::ready(all && one))
            .await
    }

    /// What is being taken at the end is finished, and nothing new is begun.
    async fn take_in_order(&self, updates: Vec<Update>, shutdown: &CancellationToken) -> bool {
        for update in updates {
            let mut failed = 0;
            loop {
                if shutdown.is_cancelled() {
                    return false;
                }
                self.engine.beats(Platform::Telegram.code());
                if self.take_one(&update, failed).await.is_ok() {
                    break;
                }
                tokio::select! {
                    () = shutdown.cancelled() => {}
                    () = tokio::time::sleep(growing(failed)) => {}
                }
                failed += 1;
            }
        }
        true
    }

    async fn take_one(&self, update: &Update, failed: u32) -> Result<(), NotNow> {
        let is_private = translate::chat_of(update).is_none_or(|chat| chat.is_private());
        let bot = match is_private {
            true => None,
            false => self.bot(failed).await?,
        };
        let ground = Ground {
            bot,
            free_lines_in_rooms: self.free_lines_in_rooms,
            now: self.engine.clock().real(),
        };
        if let UpdateKind::MyChatMember(change) = &update.kind {
            // A dead end is found at the next send; for whoever looks for it here.
            let is_present = change.new_chat_member.is_present();
            tracing::info!(chat = change.chat.id.0, is_present, "the bot came or went");
        }
        match translate::heard(update, ground) {
            Heard::Nothing => Ok(()),
            Heard::Said(incoming) => self.give(incoming, update).await,
            Heard::Pressed(query, incoming) => {
                if failed == 0 {
                    self.answer_query(query);
                }
                self.give(incoming, update).await
            }
            Heard::Setup(request) => self.set_up(request, update, failed).await,
            Heard::Moved { from, to } => self.room_moved(&from, &to).await,
        }
    }

    /// Gives it to the engine, and its answer to those who send.
    async fn give(&self, incoming: Incoming, update: &Update) -> Result<(), NotNow> {
        match self.engine.take(incoming).await {
            Ok(letters) => {
                self.outgoing.push(letters);
                Ok(())
            }
            Err(fault) if fault.is_transient() => {
                tracing::warn!(update = update.id.0, %fault, "an update waits");
                Err(NotNow)
            }
            Err(fault) => {
                tracing::error!(update = update.id.0, %fault, "an update is passed");
                Ok(())
            }
        }
    }

    /// Telegram shows a pressed button as busy until then. It works without it,
    /// so nothing waits for it.
    fn answer_query(&self, query: CallbackQueryId) {
        let api = Arc::clone(&self.api);
        self.tracker.spawn(async move {
            let answer = AnswerCallbackQuery::new(query);
            if let Err(failure) = api.call::<_, IgnoredAny>(&answer).await {
                tracing::debug!(%failure, "a press was not answered");
            }
        });
    }

    async fn set_up(&self, request: Request, update: &Update, failed: u32) -> Result<(), NotNow> {
        match courier::readers(&self.api, request.group).await {
            Ok(readers) => {
                self.give(request.saying(Said::Setup(readers)), update)
                    .await
            }
            Err(failure) if failed < ASKED_MAX => {
                tracing::warn!(update = update.id.0, %failure, "who reads a group is not known");
                Err(NotNow)
            }
            Err(failure) => {
                tracing::error!(update = update.id.0, %failure, "a group is not set up");
                Ok(())
            }
        }
    }

    async fn room_moved(&self, from: &str, to: &str) -> Result<(), NotNow> {
        match self.engine.room_moved(Platform::Telegram, from, to).await {
            Ok(()) => Ok(()),
            Err(fault) if fault.is_transient() => Err(NotNow),
            Err(fault) => {
                tracing::error!(from, to, %fault, "a group has moved, and is not followed");
                Ok(())
            }
        }
    }

    /// Who we are: asked once, when it is first needed. None: Telegram does not
    /// say, and only what needs no name is understood.
    async fn bot(&self, failed: u32) -> Result<Option<&Bot>, NotNow> {
        let ask = || async { self.api.call(&GetMe::new()).await };
        let asked: Result<&Bot, Failure> = self.bot.get_or_try_init(ask).await;
        match asked {
            Ok(bot) => Ok(Some(bot)),
            Err(failure) => {
                tracing::warn!(%failure, "who the bot is is not known");
                if failed < ASKED_MAX {
                    Err(NotNow)
                } else {
                    Ok(None)
                }
            }
        }
    }

    /// What was answered goes out, and what was taken is confirmed: it is on disk,
    /// and need not wait for that.
    async fn finish(&self, next: Option<i64>) {
        self.tracker.close();
        tokio::join!(self.tracker.wait(), self.confirm(next));
    }

    async fn confirm(&self, next: Option<i64>) {
        let Some(next) = next.and_then(|next| next.try_into().ok()) else {
            return;
        };
        let mut request = GetUpdates::new();
        request.offset = Some(next);
        request.limit = Some(1);
        request.timeout = Some(0);
        // Unconfirmed, they come again, and change nothing.
        if let Err(failure) = self.api.call::<_, IgnoredAny>(&request).await {
            tracing::warn!(%failure, "what was taken is not confirmed");
        }
    }
}

fn arrived(raw: &RawValue) -> Option<Arrived> {
    #[derive(Deserialize)]
    struct Numbered {
        update_id: i64,
    }
    match serde_json::from_str::<Numbered>(raw.get()) {
        Ok(Numbered { update_id }) => Some(Arrived {
            id: update_id,
            update: serde_json::from_str(raw.get())
                .ok()
                .filter(|update: &Update| !matches!(update.kind, UpdateKind::Error(_))),
        }),
        Err(_) => {
            tracing::error!("an update without a number cannot be read");
            None
        }
    }
}

/// Says plainly what is wrong, and how long to wait.
fn back_off(failure: &Failure, failed: u32) -> Duration {
    match failure {
        Failure::Refused(refusal) => match refusal.code {
            401 | 404 => {
                tracing::error!("Telegram does not know this token");
                BACK_OFF_MENDED_BY_HAND
            }
            409 => {
                tracing::error!("another program takes this bot's updates, or a web hook is set");
                BACK_OFF_MENDED_BY_HAND
            }
            code => {
                tracing::warn!(code, "updates are refused");
                refusal.retry_after.unwrap_or_default().max(growing(failed))
            }
        },
        failure => {
            tracing::warn!(%failure, "no updates");
            growing(failed)
        }
    }
}

fn growing(failed: u32) -> Duration {
    BACK_OFF
        .saturating_mul(2_u32.saturating_pow(failed))
        .min(BACK_OFF_MAX)
}

#[cfg(test)]
mod tests {
    use super::{BACK_OFF, BACK_OFF_MAX, BACK_OFF_MENDED_BY_HAND, Failure, arrived, back_off};
    use crate::platforms::telegram::api::Refusal;
    use serde_json::value::RawValue;
    use std::time::Duration;

    fn refused(code: u16, retry_after: Option<u64>) -> Failure {
        Failure::Refused(Refusal {
            code,
            error: None,
            retry_after: retry_after.map(Duration::from_secs),
            moved_to: None,
        })
    }

    /// Befell others: with the network off the listener spun on errors without a pause.
    #[test]
    fn the_longer_it_fails_the_longer_we_wait() {
        for (failure, failed, wait) in [
            (Failure::Unreached, 0, BACK_OFF),
            (Failure::Trouble { status: 502 }, 1, BACK_OFF * 2),
            (Failure::NoAnswer, 100, BACK_OFF_MAX),
            (refused(429, Some(90)), 0, Duration::from_secs(90)),
            (refused(429, None), 0, BACK_OFF),
            // A second instance, and a token that nobody knows: slowly.
            (refused(409, None), 0, BACK_OFF_MENDED_BY_HAND),
            (refused(401, None), 0, BACK_OFF_MENDED_BY_HAND),
        ] {
            assert_eq!(back_off(&failure, failed), wait, "{failure} {failed}");
        }
    }

    #[test]
    fn an_update_that_cannot_be_read_still_has_its_number() {
        let read = |text: &str| {
            let raw: Box<RawValue> = serde_json::from_str(text).expect("JSON");
            arrived(&raw).map(|arrived| (arrived.id, arrived.update.is_some()))
        };
        let message = r#"{"message_id": 1, "date": 1, "chat": {"id": 5, "type": "private"}}"#;
        assert_eq!(
            read(&format!(r#"{{"update_id": 7, "message": {message}}}"#)),
            Some((7, true))
        );
        assert_eq!(read(r#"{"update_id": 8, "message": 1}"#), Some((8, false)));
        assert_eq!(read(r#"{"update_id": 9, "new": {}}"#), Some((9, false)));
        assert_eq!(read(r#"{"message": {}}"#), None);
    }
}
