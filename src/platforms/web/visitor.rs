//! Who is looking at the page.
use super::{
    Mode, Page, entrance,
    problem::{Asked, Failure, Kept, Problem},
    trial,
};
use crate::{
    conversation::message::{Account, Place, Platform},
    domain::people::Person,
    engine::Fault,
};
use axum::{
    extract::FromRequestParts,
    http::{Method, request::Parts},
    response::{IntoResponse, Redirect, Response},
};
use chrono::NaiveDateTime;
use std::sync::Arc;

/// A member of staff at the page.
pub struct Visitor {
    pub person: Person,
    /// The office's wall clock when the page was asked for.
    pub now: NaiveDateTime,
    pub asked: Asked,
    page: Arc<Page>,
}

/// Why there is no visitor: off to where they say who they are, or a failure.
pub enum Turned {
    ToDoor,
    Away(Failure),
}

impl Visitor {
    pub fn account(&self) -> Account {
        Account {
            platform: Platform::Page,
            id: self.person.id.0.to_string(),
        }
    }

    pub fn place(&self) -> Place {
        Place {
            platform: Platform::Page,
            id: self.person.id.0.to_string(),
            room: None,
        }
    }

    /// Whether the page of the supervisors is offered; the engine decides
    /// whether it is given.
    pub fn is_offered_supervision(&self) -> bool {
        self.person.role.oversees()
    }

    pub fn fail(&self, problem: Problem) -> Failure {
        Failure::new(problem, &self.page, self.asked).to(&self.person)
    }

    pub fn fault(&self, fault: &Fault) -> Failure {
        tracing::error!(person = self.person.id.0, %fault, "the engine did not answer the page");
        self.fail(problem_of(fault))
    }

    /// Words that could not be taken, to be shown again.
    pub fn kept(&self, words: String, key: String) -> Kept {
        Kept {
            words,
            key,
            by: self.person.id,
        }
    }
}

impl FromRequestParts<Arc<Page>> for Visitor {
    type Rejection = Turned;

    async fn from_request_parts(parts: &mut Parts, page: &Arc<Page>) -> Result<Self, Turned> {
        let asked = Asked::of(&parts.headers);
        let away = |problem| Turned::Away(Failure::new(problem, page, asked));
        let now = page.engine.now().await;
        let person = match page.settings.mode {
            Mode::Trial => {
                let picked = trial::picked(&parts.headers);
                let people = page.engine.people().await.map_err(|fault| {
                    tracing::error!(%fault, "the engine did not name the staff");
                    away(problem_of(&fault))
                })?;
                people
                    .into_iter()
                    .find(|person| Some(person.id) == picked && person.is_staff_on(now.date()))
            }
            Mode::Office(_) => entrance::signed_in(&parts.extensions),
        };
        match person {
            Some(person) => Ok(Visitor {
                person,
                now,
                asked,
                page: Arc::clone(page),
            }),
            None if asked == Asked::Page && parts.method == Method::GET => Err(Turned::ToDoor),
            None => Err(away(Problem::Nobody)),
        }
    }
}

impl IntoResponse for Turned {
    fn into_response(self) -> Response {
        match self {
            Turned::ToDoor => Redirect::to(trial::DOOR).into_response(),
            Turned::Away(failure) => failure.into_response(),
        }
    }
}

/// What passes by itself may be sent again; what does not, is ours to mend.
pub fn problem_of(fault: &Fault) -> Problem {
    if fault.is_transient() {
        Problem::Unavailable
    } else {
        Problem::Broken
    }
}
