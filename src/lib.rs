//! Koekake 声かけ: a contact tracker for public-health nurses.
//!
//! The one promise: an open household always has a next check-in date, and
//! that date is always on somebody's desk.
//!
//! The rooms, each of which may use only those below it:
//!
//! ```text
//! main → app          the front hall: wiring, one shutdown signal
//!         trial       a made-up office, made by a seeded generator
//!         platforms   web: translate, decide nothing
//!         engine      answer (one message) · nudge (one tick) · deliver (one send): alone reads the clocks
//!         store       the only SQL
//!         conversation  heard → read → decided → phrased, pure
//!         domain      households, contacts, check-ins, ladder, calendar, pure
//! config              values; read by app alone, which hands plain values down
//! ```
pub mod app;
pub mod conversation;
pub mod domain;
