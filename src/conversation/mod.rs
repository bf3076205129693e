//! How Koekake hears, reads, decides and speaks. Pure: text, a scene and an
//! instant go in; changes and a reply come out.
pub mod action;
pub mod archive;
pub mod audit;
pub mod checkup;
pub mod commands;
pub mod decide;
pub mod decision;
pub mod dialogue;
pub mod meaning;
pub mod message;
pub mod notice;
pub mod phrase;
pub mod phrasing;
pub mod piece;
pub mod reading;
pub mod scene;
pub mod secret;
