//! Interactions that wait for an answer: each gets one answer or a deferral
//! within three seconds, whatever the database does, and then one answer.
use super::{
    api::{self, Api, Failure},
    remembered::Remembered,
    render::{self, Shown},
};
use crate::{
    conversation::phrasing::discord::{Label, say},
    domain::people::Language,
};
use serenity::all::{ApplicationId, CreateInteractionResponse, InteractionId, UserId};
use std::{fmt, str::FromStr, sync::Arc};
use tokio::sync::Mutex;

/// Interactions that are remembered; an answer to an older one goes to the person.
const REMEMBERED: usize = 4_096;

/// Reaches one person alone: by what they have just pressed, or in private.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handle {
    User(UserId),
    Interaction(Ticket),
}

/// What an interaction is answered with, for 15 minutes.
#[derive(Clone, PartialEq, Eq)]
pub struct Ticket {
    pub application: ApplicationId,
    pub id: InteractionId,
    pub token: String,
    pub user: UserId,
    /// Others read the place: only the person may see the answer.
    pub is_alone: bool,
}

/// Without the token: whoever has it can answer as the bot.
impl fmt::Debug for Ticket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ticket")
            .field("id", &self.id)
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// What was given is no handle of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a handle")]
pub struct NotAHandle;

impl fmt::Display for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Handle::User(user) => write!(f, "user:{user}"),
            Handle::Interaction(ticket) => write!(
                f,
                "interaction:{}:{}:{}:{}:{}",
                ticket.application,
                ticket.id,
                ticket.token,
                ticket.user,
                match ticket.is_alone {
                    true => "alone",
                    false => "own",
                },
            ),
        }
    }
}

impl FromStr for Handle {
    type Err = NotAHandle;

    fn from_str(text: &str) -> Result<Handle, NotAHandle> {
        let parts: Vec<&str> = text.split(':').collect();
        match parts.as_slice() {
            ["user", user] => Ok(Handle::User(UserId::new(id(user)?))),
            ["interaction", application, interaction, token, user, whose] => {
                Ok(Handle::Interaction(Ticket {
                    application: ApplicationId::new(id(application)?),
                    id: InteractionId::new(id(interaction)?),
                    token: (*token).to_owned(),
                    user: UserId::new(id(user)?),
                    is_alone: *whose == "alone",
                }))
            }
            _ => Err(NotAHandle),
        }
    }
}

/// An id of Discord's is never 0.
pub fn id(text: &str) -> Result<u64, NotAHandle> {
    text.parse().ok().filter(|id| *id > 0).ok_or(NotAHandle)
}

/// How far an interaction has been answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Waiting,
    Deferred,
    Answered,
    /// Too late: what is said goes to the person.
    Over,
}

#[derive(Debug)]
struct Progress {
    stage: Stage,
    /// Letters that it has been answered with.
    said: Vec<i64>,
}

/// One letter for an interaction.
#[derive(Debug, Clone, Copy)]
pub struct Saying<'a> {
    pub shown: &'a Shown,
    pub letter: Option<i64>,
    /// It may have been said before.
    pub maybe_said: bool,
}

/// The interactions that this process has heard of.
pub struct Interactions {
    known: Mutex<Remembered<InteractionId, Arc<Mutex<Progress>>>>,
}

impl Interactions {
    pub fn new() -> Interactions {
        Interactions {
            known: Mutex::new(Remembered::new(REMEMBERED)),
        }
    }

    /// It waits for an answer. False: it was heard of before.
    pub async fn opens(&self, ticket: &Ticket) -> bool {
        let progress = Progress {
            stage: Stage::Waiting,
            said: Vec::new(),
        };
        let progress = Arc::new(Mutex::new(progress));
        self.known.lock().await.add(ticket.id, progress)
    }

    /// Says that an answer will come, unless there is one.
    pub async fn defers(&self, ticket: &Ticket, api: &Api) {
        let Some(progress) = self.progress(ticket).await else {
            return;
        };
        let mut progress = progress.lock().await;
        if progress.stage != Stage::Waiting {
            return;
        }
        let deferral = api::deferral(ticket.is_alone);
        match api.respond((ticket.id, &ticket.token), &deferral).await {
            Ok(()) | Err(Failure::Answered) => progress.stage = Stage::Deferred,
            Err(Failure::Over) => progress.stage = Stage::Over,
            // The answer itself tries again.
            Err(failure) => {
                tracing::warn!(interaction = %ticket.id, %failure, "an answer could not be deferred");
            }
        }
    }

    /// Answers with a letter, once; a second one follows the first.
    /// [`Failure::Over`]: it has to go to the person.
    pub async fn answers(
        &self,
        ticket: &Ticket,
        saying: Saying<'_>,
        api: &Api,
    ) -> Result<(), Failure> {
        let Some(progress) = self.progress(ticket).await else {
            return answer_of_the_dead(ticket, saying, api).await;
        };
        let mut progress = progress.lock().await;
        if saying.letter.is_some_and(|id| progress.said.contains(&id)) {
            return Ok(());
        }
        let token = (ticket.application, ticket.token.as_str());
        let said = match progress.stage {
            Stage::Waiting => first_answer(ticket, saying.shown, api).await,
            Stage::Deferred => api.complete(token, saying.shown).await,
            Stage::Answered => api.follow_up(token, saying.shown, ticket.is_alone).await,
            Stage::Over => Err(Failure::Over),
        };
        match said {
            Ok(()) => {
                progress.stage = Stage::Answered;
                progress.said.extend(saying.letter);
            }
            Err(Failure::Over) => progress.stage = Stage::Over,
            Err(_) => {}
        }
        said
    }

    /// Says a sentence of our own where nothing else has answered.
    pub async fn closes(&self, ticket: &Ticket, (label, language): (Label, Language), api: &Api) {
        let shown = render::sentence(say(label, language));
        let Some(progress) = self.progress(ticket).await else {
            return;
        };
        let mut progress = progress.lock().await;
        let said = match progress.stage {
            Stage::Waiting => first_answer(ticket, &shown, api).await,
            Stage::Deferred => {
                api.complete((ticket.application, &ticket.token), &shown)
                    .await
            }
            Stage::Answered | Stage::Over => return,
        };
        progress.stage = Stage::Answered;
        if let Err(failure) = said {
            tracing::warn!(interaction = %ticket.id, %failure, "an interaction was not answered");
        }
    }

    async fn progress(&self, ticket: &Ticket) -> Option<Arc<Mutex<Progress>>> {
        self.known.lock().await.get(ticket.id)
    }
}

/// The first answer; where an earlier attempt had arrived, it is written anew.
async fn first_answer(ticket: &Ticket, shown: &Shown, api: &Api) -> Result<(), Failure> {
    let answer = CreateInteractionResponse::Message(api::message(shown, ticket.is_alone));
    match api.respond((ticket.id, &ticket.token), &answer).await {
        Err(Failure::Answered) => {
            api.complete((ticket.application, &ticket.token), shown)
                .await
        }
        answered => answered,
    }
}

/// An answer to an interaction that another process has heard, and has deferred
/// if it had time to.
async fn answer_of_the_dead(ticket: &Ticket, saying: Saying<'_>, api: &Api) -> Result<(), Failure> {
    let token = (ticket.application, ticket.token.as_str());
    match saying.maybe_said {
        true => api.complete(token, saying.shown).await,
        false => api.follow_up(token, saying.shown, ticket.is_alone).await,
    }
}

#[cfg(test)]
mod tests {
    use super::{Handle, NotAHandle, Ticket};
    use serenity::all::{ApplicationId, InteractionId, UserId};

    #[test]
    fn a_handle_is_read_as_it_was_written() {
        let ticket = |is_alone| Ticket {
            application: ApplicationId::new(1),
            id: InteractionId::new(2),
            token: "aW50ZXI=".to_owned(),
            user: UserId::new(3),
            is_alone,
        };
        for handle in [
            Handle::User(UserId::new(4)),
            Handle::Interaction(ticket(true)),
            Handle::Interaction(ticket(false)),
        ] {
            assert_eq!(handle.to_string().parse(), Ok(handle));
        }
    }

    #[test]
    fn what_is_no_handle_is_refused() {
        for text in ["", "user:0", "user:x", "interaction:1:2:t:3", "4"] {
            assert_eq!(text.parse::<Handle>(), Err(NotAHandle), "{text}");
        }
    }
}
