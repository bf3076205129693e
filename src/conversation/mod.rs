//! How Koekake hears, reads, decides and speaks. Pure: text, a scene and an
//! instant go in; changes and a reply come out.
pub mod action;
pub mod meaning;
pub mod message;
pub mod reading;
