//! For whoever watches the process from outside: whether it lives, whether it can
//! work, and its figures. Without sign-in, and without any data of the office.
//!
//! The first two are answered under any name: they tell nothing that a foreign site
//! could use. The figures only where the settings say so, and by a loopback name.
use super::Page;
use axum::{
    Router,
    extract::State,
    http::{HeaderMap, StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use std::sync::Arc;

const OPEN_METRICS: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

pub fn routes(page: Arc<Page>) -> Router {
    Router::new()
        .route("/healthz", get(lives))
        .route("/readyz", get(is_ready))
        .route("/metrics", get(figures))
        .with_state(page)
}

async fn lives() -> Response {
    plain(StatusCode::OK, "lives\n".to_owned())
}

async fn is_ready(State(page): State<Arc<Page>>) -> Response {
    let unready = page.engine.unready().await;
    if unready.is_empty() {
        return plain(StatusCode::OK, "ready\n".to_owned());
    }
    let names: String = unready.iter().map(|name| format!("{name}\n")).collect();
    plain(StatusCode::SERVICE_UNAVAILABLE, names)
}

async fn figures(State(page): State<Arc<Page>>, headers: HeaderMap) -> Response {
    if !page.settings.metrics || !page.hosts.is_loopback(&headers) {
        return plain(StatusCode::NOT_FOUND, "no figures here\n".to_owned());
    }
    match page.engine.figures().await {
        Ok(text) => {
            let headers = [
                (header::CONTENT_TYPE, OPEN_METRICS),
                (header::CACHE_CONTROL, "no-store"),
            ];
            (headers, text).into_response()
        }
        Err(fault) => {
            tracing::error!(%fault, "the figures could not be read");
            plain(StatusCode::SERVICE_UNAVAILABLE, "database\n".to_owned())
        }
    }
}

fn plain(status: StatusCode, text: String) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
        (header::CACHE_CONTROL, "no-store"),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    ];
    (status, headers, text).into_response()
}
