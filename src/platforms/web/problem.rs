//! What can go wrong at the page, and the kind words for it.
use super::{Page, frame, slip};
use crate::{
    conversation::phrasing::page::{Label, say},
    domain::{
        PersonId,
        people::{Language, Person},
    },
};
use axum::{
    extract::{FromRequestParts, State},
    http::{HeaderMap, StatusCode, request::Parts},
    response::{IntoResponse, Response},
};
use maud::html;
use std::{convert::Infallible, sync::Arc};

/// Why a request has no ordinary answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    NotFound,
    /// A button or field that this version cannot read.
    Unknown,
    TooLong,
    /// The engine cannot do it now.
    Unavailable,
    /// The form is of a page from before a restart.
    Stale,
    /// The form was filled in as somebody else.
    OtherPerson,
    /// It is not known who asks.
    Nobody,
    /// Nobody is signed in.
    SignedOut,
    /// The link to the page is good no longer.
    LinkSpent,
    NotForYou,
    /// Called by a foreign name, or from a foreign page.
    Foreign,
    Broken,
}

impl Problem {
    fn status(self) -> StatusCode {
        match self {
            Problem::NotFound => StatusCode::NOT_FOUND,
            Problem::Unknown => StatusCode::BAD_REQUEST,
            Problem::TooLong => StatusCode::PAYLOAD_TOO_LARGE,
            Problem::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
            Problem::Stale | Problem::NotForYou | Problem::Foreign => StatusCode::FORBIDDEN,
            Problem::OtherPerson => StatusCode::CONFLICT,
            Problem::Nobody | Problem::SignedOut | Problem::LinkSpent => StatusCode::UNAUTHORIZED,
            Problem::Broken => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn words(self) -> (Label, Label) {
        match self {
            Problem::NotFound => (Label::NotFoundTitle, Label::NotFoundText),
            Problem::Unknown => (Label::UnknownTitle, Label::UnknownText),
            Problem::TooLong => (Label::TooLongTitle, Label::TooLongText),
            Problem::Unavailable => (Label::UnavailableTitle, Label::UnavailableText),
            Problem::Stale => (Label::StaleTitle, Label::StaleText),
            Problem::OtherPerson => (Label::OtherPersonTitle, Label::OtherPersonText),
            Problem::Nobody => (Label::NobodyTitle, Label::NobodyText),
            Problem::SignedOut => (Label::SignedOutTitle, Label::SignedOutText),
            Problem::LinkSpent => (Label::LinkSpentTitle, Label::LinkSpentText),
            Problem::NotForYou => (Label::NotForYouTitle, Label::NotForYouText),
            Problem::Foreign => (Label::ForeignTitle, Label::ForeignText),
            Problem::Broken => (Label::BrokenTitle, Label::BrokenText),
        }
    }
}

/// Whether a whole page is expected, or a piece of one by the script.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    Page,
    Fragment,
}

impl Asked {
    /// The page's script marks its requests; another site cannot set this header.
    pub fn of(headers: &HeaderMap) -> Asked {
        match headers.contains_key("x-koekake") {
            true => Asked::Fragment,
            false => Asked::Page,
        }
    }
}

impl<S: Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Asked, Infallible> {
        Ok(Asked::of(&parts.headers))
    }
}

/// Words that were typed and not taken: shown again, to be sent with one press.
pub struct Kept {
    pub words: String,
    pub key: String,
    pub by: PersonId,
}

/// A problem on its way to the visitor.
pub struct Failure {
    problem: Problem,
    page: Arc<Page>,
    language: Language,
    asked: Asked,
    kept: Option<Kept>,
}

impl Failure {
    /// In the language of the office, until it is known who reads.
    pub fn new(problem: Problem, page: &Arc<Page>, asked: Asked) -> Failure {
        Failure {
            problem,
            language: page.settings.language,
            page: Arc::clone(page),
            asked,
            kept: None,
        }
    }

    pub fn to(self, person: &Person) -> Failure {
        Failure {
            language: person.language,
            ..self
        }
    }

    /// Keeps what was typed on the screen.
    pub fn keeping(self, kept: Kept) -> Failure {
        Failure {
            kept: Some(kept),
            ..self
        }
    }
}

impl IntoResponse for Failure {
    fn into_response(self) -> Response {
        let (title, text) = self.problem.words();
        let (title, text) = (say(title, self.language), say(text, self.language));
        let body = match self.asked {
            Asked::Fragment => html! { (title) "。" (text) },
            Asked::Page => frame::bare(
                &self.page,
                self.language,
                title,
                html! {
                    p { (text) }
                    @if let Some(kept) = &self.kept {
                        form.again method="post" action="/say" {
                            (slip::unseen(&self.page.secret, kept.by, &kept.key))
                            label {
                                (say(Label::Unsent, self.language))
                                textarea name="words" rows="3" { (kept.words) }
                            }
                            button.primary { (say(Label::SendAgain, self.language)) }
                        }
                    }
                    p { a href="/#latest" { (say(Label::BackToChat, self.language)) } }
                },
            ),
        };
        (self.problem.status(), body).into_response()
    }
}

/// Whatever has no page of its own.
pub async fn not_found(State(page): State<Arc<Page>>, asked: Asked) -> Failure {
    Failure::new(Problem::NotFound, &page, asked)
}
