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
//!         platforms   telegram · discord · web: translate, decide nothing
//!         engine      answer (one message) · nudge (one tick) · deliver (one send) · audit: alone reads the clocks
//!         store       the only SQL
//!         conversation  heard → read → decided → phrased, pure
//!         domain      households, contacts, check-ins, ladder, calendar, pure
//! config              values; read by app alone, which hands plain values down
//! ```
//!
//! **The life of a message.** A platform turns it into an `Incoming`.
//! `engine::answer` reads the clock once, `conversation::reading` says what the
//! words mean, `store::scene` gathers what is known, `conversation::decide`
//! gives changes and words, `store::save` writes all of it, the answer too, in
//! one transaction under the message's key, and the platform shows the answer.
//! In a chat the answer is a letter of that transaction: `engine::letters` has a
//! courier bring it, again and again until it is brought.
//!
//! **The life of a nudge.** Each open household says when it is to be looked at
//! next. `engine::nudge` looks at all that is due, `domain::ladder` says whom to
//! tell, and one transaction writes nudges, deliveries and the next look.
//! `engine::deliver` claims a delivery, renders what still stands, has a courier
//! bring it outside any transaction, and settles it; when a matter is settled,
//! what was sent is rendered anew.
//!
//! **The proof.** Every five minutes `engine::audit` asks the store and the ladder
//! whether anything of this was lost, mends what is safe to mend, tells those who
//! lead, and `app::heartbeat` tells whoever listens outside. `app::loops` begins anew
//! whatever dies or hangs, and `engine::pulse` remembers who still lives.
//!
//! What is absent on purpose:
//!
//! - No expiry: an overdue check-in ends by a contact, another date or a closure.
//! - No free text of a household in the store, in a log or in an echo.
//! - No clock outside `engine`, no SQL outside `store`, no rule in `platforms`.
//! - No failure of a route, a platform or a person that changes a check-in.
//! - No ranking of people.
pub mod app;
pub mod config;
pub mod conversation;
pub mod domain;
pub mod engine;
pub mod platforms;
pub mod store;
pub mod trial;
