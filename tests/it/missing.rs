//! Checks that need what is not at hand.
use std::{
    env, fs,
    io::{self, Write},
    path::PathBuf,
};

/// Says in one line that a check is left out, past the tests' own capture, which
/// swallows what a passing test says. In CI nothing is left out: there it fails.
pub fn left_out(what: &str, missing: &str) {
    let is_ci = env::var_os("CI").is_some_and(|value| value == "true");
    assert!(!is_ci, "{missing}: not found, and CI leaves out nothing");
    let said = writeln!(io::stderr(), "left out: {what} ({missing}: not found)");
    said.expect("writing to the standard error");
}

/// A library that a program is started with, where Debian and others keep it: in a
/// folder of its own below `/usr/lib`, or below that of the machine's architecture.
pub fn library(folder: &str, name: &str) -> Option<PathBuf> {
    let lib = PathBuf::from("/usr/lib");
    let below = fs::read_dir(&lib).into_iter().flatten().flatten();
    let places = std::iter::once(lib).chain(below.map(|entry| entry.path()));
    let mut files = places.map(|place| place.join(folder).join(name));
    files.find(|file| file.is_file())
}
