//! Completion.
use super::rest::Rest;
use crate::engine::Engine;
use serenity::all::CommandInteraction;
pub async fn complete(_engine: &Engine, _rest: &Rest, _typed: &CommandInteraction) {}
