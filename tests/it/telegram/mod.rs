//! Telegram as it is talked with: our side whole, over HTTP, against a small
//! Telegram of the tests' own.
mod downtime;
pub mod fake;
mod groups;
mod line;
mod specs;
mod stories;
mod troubles;
