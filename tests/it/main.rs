//! The one integration binary: it links once, and its helpers are written once.
mod arrows;
mod config;
mod page;
mod postgres;
mod store;
