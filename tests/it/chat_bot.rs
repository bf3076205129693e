//! The bot in its chats: people speak on Telegram and Discord, alone or in a
//! shared place, and a courier for each remembers what it has said there. A
//! letter that nobody read fails the test, as an unread nudge does.
use crate::bot::{STAFF, Sent, TestBot, buttons, person, text_of};
use futures_util::{FutureExt, future::BoxFuture};
use koekake::{
    conversation::{
        action::Action,
        message::{Account, AnswerTo, Incoming, Place, Platform, Readers, Said},
    },
    domain::PersonId,
    engine::{Address, Courier, Letter, Parcel, SendError},
    store::Db,
};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::sync::Notify;

/// What a chat's courier has done, and what it is told to do.
#[derive(Debug, Default)]
pub struct Chat {
    /// What was said there, in order; parcels are remembered by [`Sent`].
    pub letters: Vec<Letter>,
    /// Letters that nobody has read yet, by their place in `letters`.
    pub unread: Vec<usize>,
    /// The next attempts end so, one after another; those after them arrive.
    pub next: VecDeque<SendError>,
    pub fails_with: Option<SendError>,
    /// Only what goes to that account, handle or room fails.
    pub fails_for: BTreeMap<String, SendError>,
    /// What goes there is never answered.
    pub hangs_for: BTreeSet<String>,
    /// Who can read a room; members alone, where nothing is said.
    pub readers: BTreeMap<String, Result<Readers, SendError>>,
    /// To which account, handle or room each attempt went.
    pub attempts: Vec<String>,
}

impl Chat {
    /// What becomes of an attempt to say something there.
    fn attempt(&mut self, to: &str) -> Result<(), SendError> {
        self.attempts.push(to.to_owned());
        if let Some(error) = self.next.pop_front() {
            return Err(error);
        }
        let failure = self.fails_for.get(to).or(self.fails_with.as_ref());
        failure.cloned().map_or(Ok(()), Err)
    }
}

/// Says what it is given on one platform.
#[derive(Debug, Clone)]
pub struct ChatCourier {
    platform: Platform,
    chat: Arc<Mutex<Chat>>,
    parcels: Arc<Mutex<Sent>>,
    attempted: Arc<Notify>,
}

impl ChatCourier {
    pub fn new(platform: Platform, parcels: &Arc<Mutex<Sent>>) -> ChatCourier {
        ChatCourier {
            platform,
            chat: Arc::default(),
            attempted: Arc::default(),
            parcels: parcels.clone(),
        }
    }

    pub fn platform(&self) -> Platform {
        self.platform
    }

    pub fn chat(&self) -> MutexGuard<'_, Chat> {
        self.chat.lock().expect("no panic while it is held")
    }

    async fn attempt(&self, to: &str) -> Result<(), SendError> {
        self.attempted.notify_one();
        if self.chat().hangs_for.contains(to) {
            self.chat().attempts.push(to.to_owned());
            return std::future::pending().await;
        }
        self.chat().attempt(to)
    }
}

impl Courier for ChatCourier {
    /// Discord tells a message that is sent twice by its nonce.
    fn repeats(&self) -> bool {
        self.platform != Platform::Discord
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<String, SendError>> {
        async move {
            self.attempt(&parcel.to.id).await?;
            let mut sent = self.parcels.lock().expect("no panic while it is held");
            sent.take(parcel);
            Ok(format!("{}/{}", parcel.to.id, parcel.delivery.0))
        }
        .boxed()
    }

    fn edit<'a>(
        &'a self,
        _message: &'a str,
        parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            self.attempt(&parcel.to.id).await?;
            let mut sent = self.parcels.lock().expect("no panic while it is held");
            sent.renew(parcel);
            Ok(())
        }
        .boxed()
    }

    fn post<'a>(&'a self, letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            self.attempt(goes_to(letter)).await?;
            let mut chat = self.chat();
            let index = chat.letters.len();
            chat.letters.push(letter.clone());
            chat.unread.push(index);
            Ok(())
        }
        .boxed()
    }

    fn readers<'a>(&'a self, room: &'a str) -> BoxFuture<'a, Result<Readers, SendError>> {
        async move {
            let chat = self.chat();
            let readers = chat.readers.get(room).cloned();
            readers.unwrap_or(Ok(Readers::Members(Some(5))))
        }
        .boxed()
    }
}

/// What was answered: to the sender alone, and for all in the room.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Heard {
    pub alone: String,
    pub aloud: String,
}

/// Somebody of the office at a platform, in private or in a room.
#[derive(Debug, Clone, Copy)]
pub struct At<'a> {
    pub platform: Platform,
    pub room: Option<&'a str>,
}

impl At<'_> {
    fn alone(platform: Platform) -> At<'static> {
        let room = None;
        At { platform, room }
    }
}

impl TestBot {
    /// Everybody of the office has an account on that platform, which is tried
    /// before the page, and the office allows all there.
    pub async fn opens(&mut self, platform: Platform) {
        for (name, _) in STAFF {
            self.joins(platform, name).await;
        }
        self.allows(platform, 3).await;
    }

    /// The person has an account on that platform, which is tried first.
    pub async fn joins(&mut self, platform: Platform, who: &str) {
        let Db::Sqlite(pool, _) = &self.db else {
            panic!("chats are tried on SQLite");
        };
        sqlx::query(
            "INSERT INTO route (person_id, platform, account, position) VALUES ($1, $2, $3, 1)",
        )
        .bind(person(who).0)
        .bind(platform.code())
        .bind(account(platform, who))
        .execute(pool)
        .await
        .expect("a route");
    }

    /// The office allows that level there.
    pub async fn allows(&mut self, platform: Platform, level: i64) {
        let Db::Sqlite(pool, _) = &self.db else {
            panic!("chats are tried on SQLite");
        };
        sqlx::query(
            "INSERT INTO chat_level (platform, level, approval, set_by, set_at) \
             VALUES ($1, $2, '第1号', 5, '2026-11-01T00:00:00+00:00') \
             ON CONFLICT (platform) DO UPDATE SET level = excluded.level",
        )
        .bind(platform.code())
        .bind(level)
        .execute(pool)
        .await
        .expect("a level");
    }

    /// The team uses that room.
    pub async fn registers(&self, platform: Platform, room: &str) {
        let Db::Sqlite(pool, _) = &self.db else {
            panic!("chats are tried on SQLite");
        };
        sqlx::query(
            "INSERT INTO room (platform, place, team_id, registered_by, registered_at) \
             VALUES ($1, $2, 1, 5, '2026-11-01T00:00:00+00:00')",
        )
        .bind(platform.code())
        .bind(room)
        .execute(pool)
        .await
        .expect("a room");
    }

    /// The person says a line to the bot alone; what they are answered.
    pub async fn says_on(&mut self, platform: Platform, who: &str, words: &str) -> String {
        let said = Said::Words(words.to_owned());
        self.hands_over(At::alone(platform), who, said).await.alone
    }

    /// The person says a line in a room.
    pub async fn says_in_room(
        &mut self,
        (platform, room): (Platform, &str),
        who: &str,
        words: &str,
    ) -> Heard {
        let room = Some(room);
        let said = Said::Words(words.to_owned());
        self.hands_over(At { platform, room }, who, said).await
    }

    /// The person presses the newest button with these words that they see there
    /// alone.
    pub async fn presses_on(&mut self, platform: Platform, who: &str, label: &str) -> String {
        let at = At::alone(platform);
        let action = self.button_at(at, who, label);
        self.hands_over(at, who, Said::Press(action)).await.alone
    }

    /// The person presses in a room the newest button with these words that they
    /// alone see there.
    pub async fn presses_in_room(
        &mut self,
        (platform, room): (Platform, &str),
        who: &str,
        label: &str,
    ) -> Heard {
        let action = self.button_on(platform, who, label);
        let room = Some(room);
        self.hands_over(At { platform, room }, who, Said::Press(action))
            .await
    }

    /// The person fills a form's field in, in private.
    pub async fn fills_on(
        &mut self,
        platform: Platform,
        who: &str,
        action: Action,
        value: &str,
    ) -> String {
        let value = value.to_owned();
        let said = Said::Form { action, value };
        self.hands_over(At::alone(platform), who, said).await.alone
    }

    /// The person types the message with that key anew; see [`TestBot::last_key`].
    pub async fn edits_on(&mut self, platform: Platform, who: &str, of: &str) -> String {
        let said = Said::Edited { of: of.to_owned() };
        self.hands_over(At::alone(platform), who, said).await.alone
    }

    /// The person wants the team to use the room, which these can read.
    pub async fn sets_up(
        &mut self,
        (platform, room): (Platform, &str),
        who: &str,
        readers: Readers,
    ) -> Heard {
        let room = Some(room);
        self.hands_over(At { platform, room }, who, Said::Setup(readers))
            .await
    }

    /// Somebody with that account, whoever it is, says a line to the bot alone.
    pub async fn account_says(&mut self, platform: Platform, id: &str, words: &str) -> String {
        let key = self.new_key();
        let said = Said::Words(words.to_owned());
        let incoming = incoming_from(At::alone(platform), id, said, &key);
        self.takes(incoming).await.alone
    }

    /// The action behind the newest button with these words that the person sees
    /// there alone.
    pub fn button_on(&self, platform: Platform, who: &str, label: &str) -> Action {
        self.button_at(At::alone(platform), who, label)
    }

    /// The person presses a button that may be out of sight by now.
    pub async fn acts_on(&mut self, platform: Platform, who: &str, action: Action) -> String {
        let said = Said::Press(action);
        self.hands_over(At::alone(platform), who, said).await.alone
    }

    /// The details of the journal's lines of that kind, in order.
    pub async fn journal(&self, what: &str) -> Vec<String> {
        let Db::Sqlite(pool, _) = &self.db else {
            panic!("chats are tried on SQLite");
        };
        sqlx::query_scalar("SELECT detail FROM journal WHERE what = $1 ORDER BY id")
            .bind(what)
            .fetch_all(pool)
            .await
            .expect("the journal")
    }

    /// All that is kept of what was answered to that account, and of its letters.
    pub async fn kept(&self, platform: Platform, id: &str) -> String {
        let Db::Sqlite(pool, _) = &self.db else {
            panic!("chats are tried on SQLite");
        };
        let replies: Vec<String> = sqlx::query_scalar(
            "SELECT COALESCE(reply, '') FROM message WHERE platform = $1 AND place = $2",
        )
        .bind(platform.code())
        .bind(id)
        .fetch_all(pool)
        .await
        .expect("messages");
        replies.join("\n")
    }

    async fn hands_over(&mut self, at: At<'_>, who: &str, said: Said) -> Heard {
        let key = self.new_key();
        let id = account(at.platform, who);
        self.takes(incoming_from(at, &id, said, &key)).await
    }

    /// As a platform hands a message over: it is taken, its letters are sent, and
    /// what it causes is delivered. The sender has then read what was answered,
    /// and the room what was said aloud.
    pub async fn takes(&mut self, incoming: Incoming) -> Heard {
        let place = incoming.place.clone();
        let letters = self.engine.take(incoming).await.expect("taken");
        self.engine.send(letters).await;
        self.engine.deliver_all().await.expect("deliveries");
        let alone = self.reads(place.platform, &place.id);
        let aloud = place.room.map(|room| self.reads(place.platform, &room));
        Heard {
            alone,
            aloud: aloud.unwrap_or_default(),
        }
    }

    /// What was said to that account or room and not read yet; read from then on.
    pub fn reads(&mut self, platform: Platform, to: &str) -> String {
        let mut chat = self.chat(platform);
        let (mine, others): (Vec<usize>, Vec<usize>) = std::mem::take(&mut chat.unread)
            .into_iter()
            .partition(|index| goes_to(&chat.letters[*index]) == to);
        chat.unread = others;
        let texts = mine
            .iter()
            .map(|index| text_of(&chat.letters[*index].reply));
        texts.collect::<Vec<_>>().join("\n---\n")
    }

    /// All that the person sees in their own chat there: answers, then what was
    /// brought, as it stands now.
    pub fn sees_on(&self, platform: Platform, who: &str) -> String {
        let id = account(platform, who);
        let answers: Vec<String> = self
            .chat(platform)
            .letters
            .iter()
            .filter(|letter| goes_to(letter) == id)
            .map(|letter| text_of(&letter.reply))
            .collect();
        let brought = self.courier().brought(platform, person(who));
        let brought = brought.iter().map(text_of);
        answers
            .into_iter()
            .chain(brought)
            .collect::<Vec<_>>()
            .join("\n---\n")
    }

    /// Sends what waits: letters and deliveries whose time has come.
    pub async fn sends_what_waits(&self) {
        self.engine.send_waiting().await.expect("letters");
        self.engine.deliver_all().await.expect("deliveries");
    }

    /// Waits until that chat's courier was asked so many times in all.
    pub async fn until_attempted(&self, platform: Platform, times: usize) {
        let courier = self.courier_of(platform);
        while courier.chat().attempts.len() < times {
            courier.attempted.notified().await;
        }
    }

    /// What a chat's courier has done; also to make it fail.
    pub fn chat(&self, platform: Platform) -> MutexGuard<'_, Chat> {
        self.courier_of(platform).chat()
    }

    fn courier_of(&self, platform: Platform) -> &ChatCourier {
        let mut chats = self.chats.iter();
        let found = chats.find(|courier| courier.platform() == platform);
        found.expect("the page is no chat")
    }

    fn button_at(&self, at: At<'_>, who: &str, label: &str) -> Action {
        let to = at
            .room
            .map_or_else(|| account(at.platform, who), str::to_owned);
        let mut replies = self.courier().brought(at.platform, person(who));
        let chat = self.chat(at.platform);
        let said = chat.letters.iter().filter(|letter| goes_to(letter) == to);
        replies.extend(said.map(|letter| letter.reply.clone()));
        let mut shown = replies.iter().rev().flat_map(buttons);
        match shown.find(|button| button.label == label) {
            Some(button) => button.action.clone(),
            None => {
                let seen: Vec<String> = replies.iter().map(text_of).collect();
                panic!(
                    "{who} sees no button 「{label}」:\n{}",
                    seen.join("\n---\n")
                )
            }
        }
    }
}

/// What nobody has read yet.
pub fn unread_letters(chats: &[ChatCourier]) -> Vec<String> {
    let unread = |courier: &ChatCourier| -> Vec<String> {
        let chat = courier.chat();
        let letters = chat.unread.iter().map(|index| &chat.letters[*index]);
        letters
            .map(|letter| format!("{}: {}", goes_to(letter), text_of(&letter.reply)))
            .collect()
    };
    chats.iter().flat_map(unread).collect()
}

/// The account of somebody of [`STAFF`] on that platform.
pub fn account(platform: Platform, who: &str) -> String {
    account_of(platform, person(who))
}

fn account_of(platform: Platform, person: PersonId) -> String {
    let first = match platform {
        Platform::Page => 0,
        Platform::Telegram => 4_000,
        Platform::Discord => 9_000,
    };
    (first + person.0).to_string()
}

/// The message as a chat would hand it over.
pub fn incoming_from(at: At<'_>, account: &str, said: Said, key: &str) -> Incoming {
    let platform = at.platform;
    Incoming {
        from: Account {
            platform,
            id: account.to_owned(),
        },
        place: Place {
            platform,
            id: account.to_owned(),
            room: at.room.map(str::to_owned),
        },
        said,
        key: key.to_owned(),
        typed_at: None,
        answer_to: Some(AnswerTo {
            alone: account.to_owned(),
            message: at.room.map(|_| key.to_owned()),
        }),
    }
}

/// The account or room that a letter is for.
fn goes_to(letter: &Letter) -> &str {
    match &letter.address {
        Address::Alone(handle) => handle,
        Address::Room { room, .. } => room,
    }
}
