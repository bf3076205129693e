//! The way into a real office's page: a link from a chat or an administrator is
//! spent for a session, and without one there is a door alone.
//!
//! The link opens a page with one button, because chats look at links by
//! themselves; the button's form spends it. The cookie is `SameSite=Strict`: the
//! redirect after that form begins on our own page and carries it. Whoever comes
//! from elsewhere (a chat, a bookmark of another site) is seen without it at
//! first, so the door asks the browser to open the same address once more, now
//! from our own page.
use super::{
    Mode, Page, cookie, frame,
    problem::{Asked, Failure, Problem},
    slip::{self, Posted},
    visitor::{self, Visitor},
};
use crate::{
    conversation::{
        message::SIGN_IN,
        phrasing::page::{Label, moment, person, say},
    },
    domain::people::Person,
    store::tokens::SESSION_HOURS,
};
use axum::{
    Router,
    extract::{Query, Request, State, rejection::QueryRejection},
    http::{Extensions, HeaderMap, HeaderValue, Method, StatusCode, header, uri::PathAndQuery},
    middleware::Next,
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

const SIGN_OUT: &str = "/sign-out";
const ASSETS: &str = "/assets/";

/// As long as the session itself.
const COOKIE_SECONDS: i64 = SESSION_HOURS * 60 * 60;

pub fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route(SIGN_IN, get(offer).post(sign_in))
        .route(SIGN_OUT, post(sign_out))
}

/// Who signed in, as a request carries it behind the door.
#[derive(Clone)]
struct SignedIn(Person);

/// Who is signed in; None before the door and in a trial.
pub fn signed_in(extensions: &Extensions) -> Option<Person> {
    extensions
        .get::<SignedIn>()
        .map(|SignedIn(person)| person.clone())
}

/// Lets whoever is signed in through, and shows the door to everybody else. A
/// trial has none.
pub async fn admit(
    State(page): State<Arc<Page>>,
    asked: Asked,
    mut request: Request,
    next: Next,
) -> Response {
    let path = request.uri().path();
    let is_open = path.starts_with(ASSETS) || path == SIGN_IN;
    if is_open || page.settings.mode == Mode::Trial {
        return next.run(request).await;
    }
    let session = cookie::read(request.headers(), cookie_name(&page));
    let signed_in = match session {
        Some(session) => page.engine.signed_in(session).await,
        None => Ok(None),
    };
    match signed_in {
        Ok(Some(person)) => {
            request.extensions_mut().insert(SignedIn(person));
            next.run(request).await
        }
        Ok(None) if asked == Asked::Page && request.method() == Method::GET => {
            door(&page, &request)
        }
        Ok(None) => Failure::new(Problem::SignedOut, &page, asked).into_response(),
        Err(fault) => {
            tracing::error!(%fault, "the engine did not say who is signed in");
            Failure::new(visitor::problem_of(&fault), &page, asked).into_response()
        }
    }
}

/// What whoever is not signed in sees at every address.
fn door(page: &Page, request: &Request) -> Response {
    let language = page.settings.language;
    let here = request.uri().path_and_query().map(PathAndQuery::as_str);
    // Two slashes would lead to another site.
    let here = here.filter(|here| {
        !here
            .get(1..)
            .is_none_or(|rest| rest.starts_with(['/', '\\']))
    });
    let here = here.unwrap_or("/");
    let is_from_elsewhere = is_from_elsewhere(request.headers());
    let shown = frame::bare(
        page,
        language,
        say(Label::DoorTitle, language),
        html! {
            p { (say(Label::DoorByChat, language)) }
            p { (say(Label::DoorByAdmin, language)) }
            @if is_from_elsewhere {
                p { a href=(here) { (say(Label::DoorOpen, language)) } }
            }
        },
    );
    let mut response = (StatusCode::UNAUTHORIZED, shown).into_response();
    if is_from_elsewhere && let Ok(again) = HeaderValue::from_str(&format!("0; url={here}")) {
        response.headers_mut().insert(header::REFRESH, again);
    }
    response
}

/// Whether another site led here, so that the browser kept the cookie back.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    headers
        .get("sec-fetch-site")
        .is_some_and(|site| site == "cross-site" || site == "same-site")
}

#[derive(Deserialize)]
struct Link {
    #[serde(default)]
    t: String,
}

/// One button: looking at the link spends nothing.
async fn offer(
    State(page): State<Arc<Page>>,
    asked: Asked,
    link: Result<Query<Link>, QueryRejection>,
) -> Result<Markup, Failure> {
    let unknown = |_| Failure::new(Problem::Unknown, &page, asked);
    let Query(link) = link.map_err(unknown)?;
    let language = page.settings.language;
    Ok(frame::bare(
        &page,
        language,
        say(Label::SignInTitle, language),
        html! {
            p { (say(Label::SignInHow, language)) }
            form method="post" action=(SIGN_IN) {
                (slip::sealed(&page.secret))
                input type="hidden" name="t" value=(link.t);
                button.primary { (say(Label::SignIn, language)) }
            }
        },
    ))
}

/// Spends the link. A form from before a restart is as good: the link is the
/// secret, and a second one would only be in the way.
async fn sign_in(
    State(page): State<Arc<Page>>,
    asked: Asked,
    posted: Posted<Link>,
) -> Result<Response, Failure> {
    let (Ok(link) | Err(link)) = posted.open();
    let session = page.engine.sign_in(&link.t).await.map_err(|fault| {
        tracing::error!(%fault, "the engine did not spend a link");
        Failure::new(visitor::problem_of(&fault), &page, asked)
    })?;
    let session = session.ok_or_else(|| Failure::new(Problem::LinkSpent, &page, asked))?;
    let cookie = set_cookie(&page, &session, COOKIE_SECONDS);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/#latest")).into_response())
}

#[derive(Deserialize)]
struct Nothing {}

async fn sign_out(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    headers: HeaderMap,
    posted: Posted<Nothing>,
) -> Result<Response, Failure> {
    posted.open().map_err(|_| visitor.fail(Problem::Stale))?;
    if let Some(session) = cookie::read(&headers, cookie_name(&page)) {
        page.engine
            .sign_out(session)
            .await
            .map_err(|fault| visitor.fault(&fault))?;
    }
    let cookie = set_cookie(&page, "", 0);
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/")).into_response())
}

/// Who is signed in, what time it is in the office, and the way out.
pub fn controls(page: &Page, visitor: &Visitor) -> Markup {
    let language = visitor.person.language;
    html! {
        details.visitor {
            summary {
                span.who { (person(&visitor.person, language)) }
                " "
                span #clock { (moment(visitor.now, language)) }
            }
            div.visitor-controls {
                form method="post" action=(SIGN_OUT) {
                    (slip::sealed(&page.secret))
                    button { (say(Label::SignOut, language)) }
                }
            }
        }
    }
}

/// With https browsers themselves see to it that no other host and no
/// unencrypted page has set the cookie.
fn cookie_name(page: &Page) -> &'static str {
    match is_https(page) {
        true => "__Host-koekake-session",
        false => "koekake-session",
    }
}

fn set_cookie(page: &Page, session: &str, seconds: i64) -> String {
    let name = cookie_name(page);
    let secure = if is_https(page) { "; Secure" } else { "" };
    format!("{name}={session}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Strict{secure}")
}

fn is_https(page: &Page) -> bool {
    match &page.settings.mode {
        Mode::Trial => false,
        Mode::Office(office) => office.is_https(),
    }
}
