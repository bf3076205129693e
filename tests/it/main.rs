//! The one integration binary.
mod calendar;
mod reading;
