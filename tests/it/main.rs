//! The one integration binary: it links once, and its helpers are written once.
mod arrows;
mod bot;
mod calendar;
mod config;
mod kills;
mod page;
mod postgres;
mod program;
mod reading;
mod store;
mod store_deliveries;
mod store_lists;
mod store_nudges;
mod store_office;
mod store_refusals;
mod store_saves;
mod story_main;
