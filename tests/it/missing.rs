//! Checks that need what is not at hand.
use std::{
    env,
    io::{self, Write},
};

/// Says in one line that a check is left out, past the tests' own capture, which
/// swallows what a passing test says. In CI nothing is left out: there it fails.
pub fn left_out(what: &str, missing: &str) {
    let is_ci = env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!is_ci, "{missing}: not found, and CI leaves out nothing");
    let said = writeln!(io::stderr(), "left out: {what} ({missing}: not found)");
    said.expect("writing to the standard error");
}
