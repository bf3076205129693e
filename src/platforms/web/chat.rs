//! The chat: what was said, what is answered, and the line to write in.
use super::{
    Page,
    frame::{self, Spot},
    problem::{Asked, Failure, Problem},
    render::{self, Ground, Manner},
    slip::{self, Posted},
    visitor::Visitor,
};
use crate::{
    conversation::{
        action::Action,
        message::{Incoming, Said},
        phrasing::page::{Label, day, moment, say as phrase},
    },
    domain::PersonId,
    engine::{Changed, Exchange, HISTORY_MAX},
};
use axum::{
    extract::{Query, State, rejection::QueryRejection},
    http::StatusCode,
    response::{
        IntoResponse, Redirect, Response, Sse,
        sse::{Event, KeepAlive},
    },
};
use futures_util::{Stream, stream};
use maud::{Markup, html};
use serde::Deserialize;
use std::{convert::Infallible, sync::Arc};
use tokio::sync::broadcast::{Receiver, error::RecvError};

/// What the chat's address may say.
#[derive(Deserialize)]
pub struct Look {
    /// Shows what was said before this exchange.
    before: Option<String>,
    /// The last line was met with silence.
    silent: Option<String>,
}

/// The chat with its newest exchanges, or older ones without the composer.
pub async fn show(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    look: Result<Query<Look>, QueryRejection>,
) -> Result<Markup, Failure> {
    let Query(look) = look.map_err(|_| visitor.fail(Problem::Unknown))?;
    let before: Option<i64> = match look.before {
        None => None,
        Some(id) => Some(id.parse().map_err(|_| visitor.fail(Problem::Unknown))?),
    };
    let log = log(&page, &visitor, before).await?;
    let language = visitor.person.language;
    let body = html! {
        h1.unseen { (phrase(Label::Chat, language)) }
        div.scroll tabindex="0" role="region" aria-label=(phrase(Label::ChatLog, language)) {
            div.column {
                (log)
                @if before.is_some() {
                    p { a href="/#latest" { (phrase(Label::ToNewest, language)) } }
                } @else {
                    div #waiting {}
                }
                div #latest {}
            }
        }
        @if before.is_none() { (composer(&page, &visitor, look.silent.is_some())) }
    };
    let title = phrase(Label::Chat, language);
    Ok(frame::around(&page, &visitor, Spot::Chat, title, body))
}

/// The log alone, for the script.
pub async fn fragment(State(page): State<Arc<Page>>, visitor: Visitor) -> Result<Markup, Failure> {
    log(&page, &visitor, None).await
}

/// The exchanges of one conversation, oldest first. Its attributes tell the
/// script what may have changed around it.
async fn log(page: &Page, visitor: &Visitor, before: Option<i64>) -> Result<Markup, Failure> {
    let history = page
        .engine
        .history(&visitor.place(), before)
        .await
        .map_err(|fault| visitor.fault(&fault))?;
    let language = visitor.person.language;
    let ground = Ground::new(page, visitor.person.id, language, Manner::Chat);
    let older = history
        .first()
        .filter(|_| history.len() >= HISTORY_MAX)
        .map(|first| first.id);
    Ok(html! {
        div #log role="log"
            data-csrf=(page.secret.as_str()) data-by=(visitor.person.id.0)
            data-clock=(moment(visitor.now, language))
        {
            @if let Some(id) = older {
                p.older #{ "older-" (id) } {
                    a href={ "/?before=" (id) } { (phrase(Label::Older, language)) }
                }
            }
            @if history.is_empty() {
                p.quiet #nothing { (phrase(Label::NothingYet, language)) }
            }
            @for (at, exchange) in history.iter().enumerate() {
                @let on = exchange.at.date();
                @if at == 0 || history[at - 1].at.date() != on {
                    h2.day #{ "day-" (on) "-" (exchange.id) } { (day(on, language)) }
                }
                (shown(exchange, ground))
            }
        }
    })
}

fn shown(exchange: &Exchange, ground: Ground<'_>) -> Markup {
    let time = exchange.at.format("%-H:%M");
    html! {
        article.exchange #{ "exchange-" (exchange.id) } {
            @if let Some(echo) = &exchange.echo {
                div.said {
                    p { span.unseen { (phrase(Label::YouSaid, ground.language)) ": " } (echo) }
                    p.time { (time) }
                }
            }
            @if let Some(reply) = &exchange.reply {
                div.reply {
                    span.unseen { (phrase(Label::Reply, ground.language)) ": " }
                    (render::reply(reply, ground))
                    @if exchange.echo.is_none() { p.time { (time) } }
                }
            }
        }
    }
}

fn composer(page: &Page, visitor: &Visitor, was_silent: bool) -> Markup {
    let language = visitor.person.language;
    html! {
        div.composer {
            p #hint role="status" {
                @if was_silent { (phrase(Label::Silent, language)) }
            }
            form #composer method="post" action="/say" {
                (slip::unseen(&page.secret, visitor.person.id, &slip::new_key()))
                label.unseen for="words" { (phrase(Label::Compose, language)) }
                textarea #words name="words" rows="1" required autocomplete="off"
                    enterkeyhint="send" placeholder=(phrase(Label::ComposeExample, language)) {}
                button.primary { (phrase(Label::Send, language)) }
            }
        }
        // What the script shows until a message has arrived.
        template #unsent
            data-sending=(phrase(Label::Sending, language))
            data-unsent=(phrase(Label::Unsent, language))
            data-silent=(phrase(Label::Silent, language))
            data-lost=(phrase(Label::LiveLost, language))
        {
            div.said.unsent {
                p.words {}
                p.state role="status" {}
                p.reason {}
                div.buttons hidden {
                    button.again type="button" { (phrase(Label::SendAgain, language)) }
                    button.drop type="button" { (phrase(Label::Discard, language)) }
                }
            }
        }
    }
}

/// What each message carries beside what it says.
#[derive(Deserialize)]
struct Envelope {
    #[serde(default)]
    key: String,
    /// As whom the form was filled in.
    #[serde(default)]
    by: String,
}

#[derive(Deserialize)]
pub struct Words {
    #[serde(default)]
    words: String,
    #[serde(flatten)]
    envelope: Envelope,
}

#[derive(Deserialize)]
pub struct Press {
    #[serde(default)]
    action: String,
    #[serde(flatten)]
    envelope: Envelope,
}

#[derive(Deserialize)]
pub struct Fill {
    #[serde(default)]
    action: String,
    #[serde(default)]
    value: String,
    #[serde(flatten)]
    envelope: Envelope,
}

/// Free words.
pub async fn say(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    posted: Posted<Words>,
) -> Result<Response, Failure> {
    let (line, is_genuine) = match posted.open() {
        Ok(line) => (line, true),
        Err(line) => (line, false),
    };
    let kept = visitor.kept(line.words.clone(), line.envelope.key.clone());
    if !is_genuine {
        return Err(visitor.fail(Problem::Stale).keeping(kept));
    }
    // Browsers send line ends as the network does.
    let said = Said::Words(line.words.replace("\r\n", "\n"));
    take(&page, &visitor, line.envelope, said)
        .await
        .map_err(|failure| failure.keeping(kept))
}

/// A button.
pub async fn press(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    posted: Posted<Press>,
) -> Result<Response, Failure> {
    let press = posted.open().map_err(|_| visitor.fail(Problem::Stale))?;
    let action = action(&visitor, &press.action)?;
    take(&page, &visitor, press.envelope, Said::Press(action)).await
}

/// A form that a reply brought.
pub async fn fill(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
    posted: Posted<Fill>,
) -> Result<Response, Failure> {
    let fill = posted.open().map_err(|_| visitor.fail(Problem::Stale))?;
    let said = Said::Form {
        action: action(&visitor, &fill.action)?,
        value: fill.value,
    };
    take(&page, &visitor, fill.envelope, said).await
}

fn action(visitor: &Visitor, text: &str) -> Result<Action, Failure> {
    text.parse().map_err(|_| visitor.fail(Problem::Unknown))
}

/// Hands one message to the engine and shows what came of it. The script gets
/// the log, or nothing where the answer was silence.
async fn take(
    page: &Page,
    visitor: &Visitor,
    envelope: Envelope,
    said: Said,
) -> Result<Response, Failure> {
    let person = visitor.person.id;
    if envelope.by != person.0.to_string() {
        return Err(visitor.fail(Problem::OtherPerson));
    }
    let key =
        slip::message_key(person, &envelope.key).ok_or_else(|| visitor.fail(Problem::Unknown))?;
    let incoming = Incoming {
        from: visitor.account(),
        place: visitor.place(),
        said,
        key,
        typed_at: None,
        answer_to: None,
    };
    let answered = page
        .engine
        .answer(incoming)
        .await
        .map_err(|fault| visitor.fault(&fault))?;
    Ok(match (visitor.asked, answered.reply) {
        (Asked::Fragment, Some(_)) => log(page, visitor, None).await?.into_response(),
        (Asked::Fragment, None) => StatusCode::NO_CONTENT.into_response(),
        (Asked::Page, Some(_)) => Redirect::to("/#latest").into_response(),
        (Asked::Page, None) => Redirect::to("/?silent=1#latest").into_response(),
    })
}

/// Tells the script that the conversation changed; it then asks for the log.
pub async fn live(
    State(page): State<Arc<Page>>,
    visitor: Visitor,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let changes = page.engine.subscribe();
    let person = visitor.person.id;
    let events = stream::unfold((page, changes), move |(page, mut changes)| async move {
        tokio::select! {
            () = page.shutdown.cancelled() => return None,
            open = next_change(&mut changes, person) => if !open { return None },
        }
        // Browsers drop an event without data.
        let event = Event::default().event("changed").data("log");
        Some((Ok(event), (page, changes)))
    });
    Sse::new(events).keep_alive(KeepAlive::default())
}

/// Waits for a change of this person's conversation; false when none will come.
async fn next_change(changes: &mut Receiver<Changed>, person: PersonId) -> bool {
    loop {
        match changes.recv().await {
            Ok(Changed {
                person: Some(other),
            }) if other != person => {}
            // Whoever missed some cannot know whose they were.
            Ok(_) | Err(RecvError::Lagged(_)) => return true,
            Err(RecvError::Closed) => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::next_change;
    use crate::{domain::PersonId, engine::Changed};
    use tokio::sync::broadcast;

    #[tokio::test]
    async fn a_stream_wakes_for_its_own_person_and_for_everybody() {
        let (changes, mut heard) = broadcast::channel(2);
        let me = PersonId(1);
        let say = |person: Option<i64>| {
            let person = person.map(PersonId);
            changes.send(Changed { person }).expect("a listener");
        };
        say(Some(2));
        say(Some(1));
        assert!(next_change(&mut heard, me).await);
        assert!(heard.is_empty(), "the change of another was passed over");

        say(None);
        assert!(next_change(&mut heard, me).await);

        // More than the channel holds: what was missed may have been ours.
        (0..3).for_each(|_| say(Some(2)));
        assert!(next_change(&mut heard, me).await);

        drop(changes);
        assert!(!next_change(&mut heard, me).await);
    }
}
