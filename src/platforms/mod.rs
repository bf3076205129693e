//! The places where people talk with Koekake. Each translates, and decides nothing.
pub mod discord;
mod rank;
pub mod telegram;
pub mod web;
