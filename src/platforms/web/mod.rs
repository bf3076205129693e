//! The page: a platform like the others, for an office that uses no chat.
//!
//! Everything works without script; script adds live updates and the chat's
//! comfort. Nothing is loaded from outside, and nothing a person typed is kept
//! in the browser's storage.
mod assets;
mod chat;
mod cookie;
mod courier;
mod entrance;
mod frame;
mod guard;
mod health;
mod lists;
mod problem;
mod render;
mod slip;
mod trial;
mod visitor;

pub use courier::PageCourier;

use crate::{domain::people::Language, engine::Engine};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    middleware,
    routing::{get, post},
};
use std::sync::Arc;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

/// How visitors are known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Mode {
    /// Loopback only, no sign-in: the visitor picks whom to be and moves the
    /// office's clock.
    Trial,
    /// Nothing is shown to whoever is not signed in.
    Office(Office),
}

/// A real office, as its page shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Office {
    pub name: String,
    /// Where staff reach the page, `https://koekake.example.org`; None: at the
    /// listening address.
    pub origin: Option<String>,
}

impl Office {
    /// Whether sessions are kept from unencrypted connections.
    fn is_https(&self) -> bool {
        let origin = self.origin.as_deref();
        origin.is_some_and(|origin| origin.starts_with("https://"))
    }
}

/// What the page is told at the start.
#[derive(Debug, Clone)]
pub struct Settings {
    pub mode: Mode,
    /// Spoken until it is known who reads.
    pub language: Language,
    /// Whether `/metrics` is answered.
    pub metrics: bool,
}

/// What every handler needs.
struct Page {
    engine: Engine,
    settings: Settings,
    hosts: guard::Hosts,
    secret: slip::Secret,
    shutdown: CancellationToken,
}

/// The longest request: 10,000 Japanese characters in a form take 90 KB, and
/// their writer should hear that they are too many from the conversation.
const BODY_BYTES_MAX: usize = 128 * 1024;

/// The page's routes, for a listener on this port. Event streams end
/// when `shutdown` is cancelled; without that a graceful stop would wait for ever.
pub fn router(
    engine: Engine,
    settings: Settings,
    port: u16,
    shutdown: CancellationToken,
) -> Router {
    let (ways_in, public) = match &settings.mode {
        Mode::Trial => (trial::routes(), None),
        Mode::Office(office) => (entrance::routes(), office.origin.as_deref()),
    };
    let page = Arc::new(Page {
        hosts: guard::Hosts::new(port, public),
        engine,
        settings,
        secret: slip::Secret::random(),
        shutdown,
    });
    Router::new()
        .route("/", get(chat::show))
        .route("/chat/fragment", get(chat::fragment))
        .route("/live", get(chat::live))
        .route("/say", post(chat::say))
        .route("/press", post(chat::press))
        .route("/fill", post(chat::fill))
        .route("/board", get(lists::board))
        .route("/coming", get(lists::coming))
        .route("/supervisor", get(lists::supervision))
        .route("/h/{code}", get(lists::sheet))
        .route("/assets/{version}/{name}", get(assets::serve))
        .merge(ways_in)
        .fallback(problem::not_found)
        .method_not_allowed_fallback(problem::not_found)
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&page),
            entrance::admit,
        ))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&page),
            guard::check,
        ))
        .with_state(Arc::clone(&page))
        .merge(health::routes(page))
}

/// Serves the page until `shutdown` is cancelled and the last answer is out. Half
/// a request would hold up the stop for ever: whoever calls waits as long as they
/// like.
pub async fn serve(
    listener: TcpListener,
    engine: Engine,
    settings: Settings,
    shutdown: CancellationToken,
) -> std::io::Result<()> {
    let port = listener.local_addr()?.port();
    let routes = router(engine, settings, port, shutdown.clone());
    axum::serve(listener, routes)
        .with_graceful_shutdown(shutdown.cancelled_owned())
        .await
}
