//! Every sentence that Koekake says.
pub mod page;
