//! Discord: the bot against a fake of it, and every request by its description.
pub mod fake;
mod gateway;
pub mod office;
pub mod rest;
mod specs;
mod story_answers;
mod story_commands;
mod story_gaps;
mod story_rooms;
mod story_sending;
