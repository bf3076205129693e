//! The browser story: `tests/browser/story.mjs` on the real program, every step
//! of it, where Node.js and Chromium are installed.
use crate::missing::left_out;
use std::{
    env,
    path::Path,
    process::{Command, Stdio},
};

const STORY: &str = include_str!("../browser/story.mjs");

#[test]
fn the_story_in_the_browser_goes_well_to_its_end() {
    if let Some(missing) = missing() {
        return left_out("the story in the browser", missing);
    }
    let output = Command::new("node")
        .arg("tests/browser/story.mjs")
        .arg(env!("CARGO_BIN_EXE_koekake"))
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .stdin(Stdio::null())
        .output()
        .expect("running the story");
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    let done: Vec<&str> = said
        .lines()
        .filter_map(|line| line.strip_prefix("ok "))
        .collect();
    let steps: Vec<&str> = STORY
        .split("  await step(\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect();
    assert!(!steps.is_empty());
    assert_eq!(done, steps);
}

/// What the story needs and this machine lacks.
fn missing() -> Option<&'static str> {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/browser");
    let has_node = Command::new("node")
        .arg("--version")
        .output()
        .is_ok_and(|output| output.status.success());
    let chromium = env::var_os("CHROMIUM").unwrap_or_else(|| "/usr/bin/chromium".into());
    if !has_node {
        Some("Node.js")
    } else if !Path::new(&chromium).is_file() {
        Some("Chromium")
    } else if !tests.join("node_modules").is_dir() {
        Some("tests/browser/node_modules (npm ci --prefix tests/browser)")
    } else {
        None
    }
}
