//! The places where people talk with Koekake. Each translates, and decides nothing.
pub mod discord;
pub mod telegram;
pub mod web;
