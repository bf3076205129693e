//! The page's own files, built into the binary.
use super::Page;
use super::problem::{self, Asked};
use axum::{
    extract::{Path, State},
    http::header,
    response::{IntoResponse, Response},
};
use std::sync::Arc;

struct Asset {
    name: &'static str,
    kind: &'static str,
    content: &'static str,
}

const ASSETS: [Asset; 4] = [
    Asset {
        name: "style.css",
        kind: "text/css; charset=utf-8",
        content: include_str!("style.css"),
    },
    Asset {
        name: "print.css",
        kind: "text/css; charset=utf-8",
        content: include_str!("print.css"),
    },
    Asset {
        name: "chat.js",
        kind: "text/javascript; charset=utf-8",
        content: include_str!("chat.js"),
    },
    Asset {
        name: "icon.svg",
        kind: "image/svg+xml",
        content: include_str!("icon.svg"),
    },
];

/// Changes whenever one of the files does, so that they may be kept for ever.
const VERSION: u64 = fingerprint();

/// Where a file is found.
pub fn path(name: &str) -> String {
    format!("/assets/{VERSION:016x}/{name}")
}

/// One file, of this version alone.
pub async fn serve(
    State(page): State<Arc<Page>>,
    asked: Asked,
    Path((version, name)): Path<(String, String)>,
) -> Response {
    let is_current = version == format!("{VERSION:016x}");
    match ASSETS.iter().find(|asset| is_current && asset.name == name) {
        Some(asset) => {
            let headers = [
                (header::CONTENT_TYPE, asset.kind),
                (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
            ];
            (headers, asset.content).into_response()
        }
        None => problem::not_found(State(page), asked).await.into_response(),
    }
}

/// FNV-1a over all files: no secret, only a name for this set of bytes.
const fn fingerprint() -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    let mut file = 0;
    while file < ASSETS.len() {
        let bytes = ASSETS[file].content.as_bytes();
        let mut at = 0;
        while at < bytes.len() {
            hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
            at += 1;
        }
        file += 1;
    }
    hash
}
