//! The front hall: what each subcommand of the command line does.
pub mod read;
