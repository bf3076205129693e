//! The life of a message: heard, read, decided, saved, answered.
use super::{Engine, Fault, courier::Letter, letters, secrets};
use crate::{
    conversation::{
        action::Action,
        decide::{self, Arrival, Desk, Heard},
        decision::{Decision, DialogueChange, Made, OfficeChange},
        message::{Incoming, Level, Platform, Reply, Said, WORDS_MAX},
        phrasing::Voice,
        piece::Piece,
        reading,
        scene::Scene,
    },
    domain::people::Language,
    store::{self, messages::Spoken, save::Envelope},
};
use chrono::{DateTime, Utc};
use std::time::Duration;

/// Two people on one household, or a database that is busy: what was gathered
/// is gathered and decided again, so often at most.
const TRIES_MAX: u32 = 5;
/// Before the second try while the database is busy; longer before each later one.
const WAIT: Duration = Duration::from_millis(50);

/// What became of one message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answered {
    /// None is silence: nothing was kept.
    pub reply: Option<Reply>,
    /// What the person said, normalised.
    pub echo: Option<String>,
    /// What brings the answer into a chat; none for a message that was answered
    /// before.
    pub letters: Vec<Letter>,
}

/// One message, or one household of its line.
struct Part<'a> {
    incoming: Incoming,
    /// None: too long to be read.
    heard: Option<&'a Heard>,
    is_first: bool,
}

impl From<Spoken> for Answered {
    fn from(spoken: Spoken) -> Answered {
        Answered {
            reply: spoken.reply,
            echo: spoken.echo,
            letters: Vec::new(),
        }
    }
}

impl Engine {
    /// Answers one message. What is answered is on disk; the same key again
    /// gets the same answer and changes nothing.
    ///
    /// A line with a log for each of several households is recorded as so many
    /// messages, the last of them under the key itself: as long as that one is
    /// not saved, the same key does again what is missing.
    pub async fn answer(&self, incoming: Incoming) -> Result<Answered, Fault> {
        let mut answers = Vec::new();
        self.answer_parts(&incoming, &mut answers).await?;
        Ok(joined(answers))
    }

    /// As [`Engine::answer`], with what was answered before a fault.
    pub(super) async fn answer_parts(
        &self,
        incoming: &Incoming,
        answers: &mut Vec<Answered>,
    ) -> Result<(), Fault> {
        let began = self.shared.clock.running();
        let answered = self.answer_each(incoming, answers).await;
        let took = self.shared.clock.running().saturating_sub(began);
        self.shared.metrics.answers.observe(took.as_secs_f64());
        answered
    }

    async fn answer_each(
        &self,
        incoming: &Incoming,
        answers: &mut Vec<Answered>,
    ) -> Result<(), Fault> {
        let parts = match self.hear(incoming, self.office_now()) {
            Some(heard) => decide::apart(heard).into_iter().map(Some).collect(),
            None => vec![None],
        };
        for (index, heard) in parts.iter().enumerate() {
            let mut incoming = incoming.clone();
            if index + 1 < parts.len() {
                incoming.key = format!("{}/{}", incoming.key, index + 1);
            }
            let part = Part {
                incoming,
                heard: heard.as_ref(),
                is_first: index == 0,
            };
            answers.push(self.answer_part(&part).await?);
        }
        Ok(())
    }

    async fn answer_part(&self, part: &Part<'_>) -> Result<Answered, Fault> {
        let incoming = &part.incoming;
        for tried in 1..TRIES_MAX {
            match self.try_answer(part).await {
                // Gathered and decided again, or found saved.
                Err(Fault::Store(store::Fault::Stale | store::Fault::Duplicate)) => {}
                // Whether it was saved after all is seen by its key.
                Err(Fault::Store(fault)) if fault.is_transient() => {
                    tokio::time::sleep(WAIT * tried).await;
                }
                Err(Fault::Store(store::Fault::Taken)) => {
                    return self.say_alone(incoming, decide::cannot_register()).await;
                }
                answered => return answered,
            }
        }
        match self.try_answer(part).await {
            Err(Fault::Store(store::Fault::Stale)) => {
                self.say_alone(incoming, decide::race_lost()).await
            }
            answered => answered,
        }
    }

    async fn try_answer(&self, part: &Part<'_>) -> Result<Answered, Fault> {
        let incoming = &part.incoming;
        let Some(heard) = part.heard else {
            return self.refuse_length(incoming).await;
        };
        let now = self.office_now();
        let scene = self.scene(heard, incoming, now).await?;
        if let Some(spoken) = self.answered_before(&scene, incoming).await? {
            return Ok(spoken.into());
        }
        let answering = decide::answering(heard, &scene, now);
        let (heard, scene) = match &answering {
            Some(heard) => (heard, self.scene(heard, incoming, now).await?),
            None => (heard, scene),
        };
        if !part.is_first && scene.level != Level::Logging {
            // The first was answered that nothing is logged there.
            return Ok(Answered::default());
        }
        let today = self.shared.office.calendar.day_of(now);
        let desk = Desk {
            scene: &scene,
            office: &self.shared.office,
            now,
            today,
            arrival: &self.arrival(incoming, now),
        };
        let decision = decide::decide(heard, &desk);
        self.save(decision, &scene, incoming, now).await
    }

    fn arrival(&self, incoming: &Incoming, now: DateTime<Utc>) -> Arrival {
        let ahead = now - self.shared.clock.real();
        // The page's answers are read from its history.
        let may_hold_secrets = incoming.place.platform != Platform::Page;
        Arrival {
            place: Some(incoming.place.clone()),
            typed_at: incoming.typed_at.map(|at| at + ahead),
            secrets: may_hold_secrets.then(secrets::draw),
        }
    }

    /// What was said the first time, where the same message comes again.
    pub(super) async fn answered_before(
        &self,
        scene: &Scene,
        incoming: &Incoming,
    ) -> Result<Option<Spoken>, Fault> {
        match scene.is_answered {
            true => Ok(store::messages::answered(&self.shared.db, &incoming.key).await?),
            false => Ok(None),
        }
    }

    /// None: too long to be read.
    fn hear(&self, incoming: &Incoming, now: DateTime<Utc>) -> Option<Heard> {
        let typed_on = self
            .shared
            .office
            .calendar
            .day_of(incoming.typed_at.unwrap_or(now));
        let setting = reading::Setting {
            today: typed_on,
            calendar: &self.shared.office.calendar,
            words: &self.shared.words,
        };
        Some(match &incoming.said {
            Said::Words(words) if words.chars().nth(WORDS_MAX).is_some() => return None,
            Said::Words(words) => match reading::household(words) {
                Some(code) => Heard::Code(code),
                None => Heard::Line(Box::new(reading::read(words, &setting))),
            },
            Said::Press(action) => Heard::Press(action.clone()),
            // 12/2 or 来週金曜, where a chat's form takes any words for a day.
            Said::Form {
                action: action @ Action::OtherDay(_),
                value,
            } => {
                let day = reading::read(value, &setting).day_alone;
                let value = day.map_or_else(|| value.clone(), |day| day.to_string());
                Heard::Form(action.clone(), value)
            }
            Said::Form { action, value } => Heard::Form(action.clone(), value.clone()),
            Said::Edited { of } => Heard::Edited(of.clone()),
            Said::Setup(readers) => Heard::Setup(*readers),
            Said::Forged => Heard::Forged,
            Said::Unreadable => Heard::Unreadable,
        })
    }

    pub(super) async fn scene(
        &self,
        heard: &Heard,
        incoming: &Incoming,
        now: DateTime<Utc>,
    ) -> Result<Scene, Fault> {
        let db = &self.shared.db;
        let today = self.shared.office.calendar.day_of(now);
        let mut wanted =
            decide::wanted(heard, incoming.from.clone(), incoming.place.clone(), today);
        wanted.key = Some(incoming.key.clone());
        let scene = store::scene::scene(db, &wanted)
            .await?
            .ok_or(Fault::Stranger)?;
        if scene.returned {
            store::routes::returned(db, &incoming.from).await?;
        }
        // Whose list it is depends on who asks, which only the scene tells.
        wanted.list = decide::listing(heard, &scene, today);
        if wanted.list.is_none() {
            return Ok(scene);
        }
        store::scene::scene(db, &wanted)
            .await?
            .ok_or(Fault::Stranger)
    }

    pub(super) async fn save(
        &self,
        mut decision: Decision,
        scene: &Scene,
        incoming: &Incoming,
        now: DateTime<Utc>,
    ) -> Result<Answered, Fault> {
        if decision.say.is_none() && decision.change.is_none() && decision.office.is_empty() {
            return Ok(Answered::default());
        }
        if scene.dialogue.is_none() && decision.dialogue == DialogueChange::Clear {
            decision.dialogue = DialogueChange::Keep;
        }
        let today = self.shared.office.calendar.day_of(now);
        let voice = Voice {
            language: language_after(&decision, scene),
            today,
        };
        let envelope = Envelope {
            key: incoming.key.clone(),
            person: scene.sender.id,
            team: scene.sender.team,
            place: incoming.place.clone(),
            heard_at: self.shared.clock.real(),
            typed_at: incoming.typed_at,
            now,
            today,
            letters_until: self.letters_until(),
        };
        let phrase = |made: &Made| {
            let said = |pieces: &Vec<Piece>| voice.reply(pieces, made);
            let kept = decision.kept.as_ref().or(decision.say.as_ref());
            let spoken = Spoken {
                echo: decision.echo.as_ref().map(|pieces| voice.lines(pieces)),
                reply: kept.map(said),
            };
            let alone = decision.say.as_ref().map(said);
            let aloud = decision
                .aloud
                .as_ref()
                .map(|aloud| (aloud.room.clone(), said(&aloud.pieces)));
            (
                spoken,
                letters::of_answer(incoming, scene.sender.id, alone, aloud),
            )
        };
        let (spoken, letters) =
            store::save::save(&self.shared.db, &decision, &envelope, phrase).await?;
        self.tell_changed(Some(scene.sender.id));
        self.shared.to_look_at.notify_one();
        self.tell_of_deliveries();
        Ok(Answered {
            letters,
            ..spoken.into()
        })
    }

    /// Nothing of a text that is too long is read or kept.
    async fn refuse_length(&self, incoming: &Incoming) -> Result<Answered, Fault> {
        self.say_alone(incoming, decide::too_long()).await
    }

    /// Words that change nothing, whatever was said.
    async fn say_alone(&self, incoming: &Incoming, decision: Decision) -> Result<Answered, Fault> {
        let now = self.office_now();
        let nothing = Heard::Press(Action::Help);
        let scene = self.scene(&nothing, incoming, now).await?;
        if let Some(spoken) = self.answered_before(&scene, incoming).await? {
            return Ok(spoken.into());
        }
        self.save(decision, &scene, incoming, now).await
    }
}

/// The answers to the parts of one message, one after another.
fn joined(answers: Vec<Answered>) -> Answered {
    let mut answers = answers.into_iter();
    let first = answers.next().unwrap_or_default();
    answers.fold(first, |mut all, next| {
        match (&mut all.reply, next.reply) {
            (Some(reply), Some(more)) => reply.parts.extend(more.parts),
            (reply @ None, more) => *reply = more,
            (Some(_), None) => {}
        }
        let echoes: Vec<String> = all.echo.take().into_iter().chain(next.echo).collect();
        all.echo = (!echoes.is_empty()).then(|| echoes.join("\n"));
        all.letters.extend(next.letters);
        all
    })
}

/// Who has just changed language is answered in the new one.
fn language_after(decision: &Decision, scene: &Scene) -> Language {
    let chosen = decision.office.iter().find_map(|change| match change {
        OfficeChange::Language { person, language } if *person == scene.sender.id => {
            Some(*language)
        }
        _ => None,
    });
    chosen.unwrap_or(scene.sender.language)
}
