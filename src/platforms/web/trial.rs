//! The trial's own ways: pick whom to be, move the office's clock.
use super::{
    Page, cookie,
    frame::{self, Spot},
    problem::{Asked, Failure, Problem},
    slip::{self, Posted},
    visitor::Visitor,
};
use crate::{
    conversation::phrasing::page::{Label, moment, person, say},
    domain::{PersonId, people::Person},
    engine::Move,
};
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, header},
    response::{IntoResponse, Redirect, Response},
    routing::{get, post},
};
use maud::{Markup, html};
use serde::Deserialize;
use std::sync::Arc;

/// Where a visitor says who they are.
pub const DOOR: &str = "/who";

const COOKIE: &str = "koekake-person";

pub fn routes() -> Router<Arc<Page>> {
    Router::new()
        .route(DOOR, get(door))
        .route("/be", post(be))
        .route("/clock", post(clock))
}

/// The person whom the visitor has picked, as the cookie says.
pub fn picked(headers: &HeaderMap) -> Option<PersonId> {
    let id = cookie::read(headers, COOKIE)?;
    id.parse().ok().map(PersonId)
}

/// Who one is and what time it is in the office, with what changes both.
pub fn controls(page: &Page, visitor: &Visitor, spot: Spot) -> Markup {
    let language = visitor.person.language;
    let moves = [
        ("day", Label::ClockDay),
        ("week", Label::ClockWeek),
        ("next_nudge", Label::ClockNextNudge),
    ];
    html! {
        details.visitor {
            summary {
                span.who { (person(&visitor.person, language)) }
                " "
                span #clock { (moment(visitor.now, language)) }
                span.unseen { " " (say(Label::TrialControls, language)) }
            }
            div.visitor-controls {
                @for (to, label) in moves {
                    form method="post" action="/clock" {
                        (slip::sealed(&page.secret))
                        input type="hidden" name="back" value=(spot.code());
                        button name="to" value=(to) { (say(label, language)) }
                    }
                }
                a href=(DOOR) { (say(Label::BeSomebodyElse, language)) }
            }
        }
    }
}

async fn door(State(page): State<Arc<Page>>, asked: Asked) -> Result<Markup, Failure> {
    let language = page.settings.language;
    let people = page.engine.people().await.map_err(|fault| {
        tracing::error!(%fault, "the engine did not name the staff");
        Failure::new(Problem::Unavailable, &page, asked)
    })?;
    let today = page.engine.now().await.date();
    let staff: Vec<&Person> = people.iter().filter(|p| p.is_staff_on(today)).collect();
    Ok(frame::bare(
        &page,
        language,
        say(Label::PickPerson, language),
        html! {
            p { (say(Label::PickPersonHow, language)) }
            @if staff.is_empty() {
                p { (say(Label::NobodyYet, language)) }
            }
            form.people method="post" action="/be" {
                (slip::sealed(&page.secret))
                @for someone in staff {
                    button name="person" value=(someone.id.0) lang=(frame::lang(someone.language)) {
                        (person(someone, someone.language))
                    }
                }
            }
        },
    ))
}

#[derive(Deserialize)]
struct Be {
    #[serde(default)]
    person: String,
}

async fn be(
    State(page): State<Arc<Page>>,
    asked: Asked,
    posted: Posted<Be>,
) -> Result<Response, Failure> {
    let fail = |problem| Failure::new(problem, &page, asked);
    let be = posted.open().map_err(|_| fail(Problem::Stale))?;
    let id: i64 = be.person.parse().map_err(|_| fail(Problem::Unknown))?;
    let cookie = format!("{COOKIE}={id}; Path=/; HttpOnly; SameSite=Strict");
    Ok(([(header::SET_COOKIE, cookie)], Redirect::to("/#latest")).into_response())
}

#[derive(Deserialize)]
struct Clock {
    to: String,
    #[serde(default)]
    back: String,
}

async fn clock(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    posted: Posted<Clock>,
) -> Result<Redirect, Failure> {
    let clock = posted.open().map_err(|_| visitor.fail(Problem::Stale))?;
    let to = match clock.to.as_str() {
        "day" => Move::Day,
        "week" => Move::Week,
        "next_nudge" => Move::NextNudge,
        _ => return Err(visitor.fail(Problem::Unknown)),
    };
    page.engine
        .move_clock(to)
        .await
        .map_err(|fault| visitor.fault(&fault))?;
    let back = clock.back.parse().unwrap_or(Spot::Chat);
    Ok(Redirect::to(back.path()))
}

#[cfg(test)]
mod tests {
    use super::picked;
    use crate::domain::PersonId;
    use axum::http::{HeaderMap, HeaderValue, header::COOKIE};

    #[test]
    fn the_cookie_says_whom_the_visitor_picked() {
        let check = |cookie: &'static str, expected| {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_static(cookie));
            assert_eq!(picked(&headers), expected, "{cookie}");
        };
        check("koekake-person=3", Some(PersonId(3)));
        check("other=1; koekake-person=3", Some(PersonId(3)));
        check("koekake-person=", None);
        check("koekake-person=three", None);
        check("koekake-personal=3", None);
        assert_eq!(picked(&HeaderMap::new()), None);
    }
}
