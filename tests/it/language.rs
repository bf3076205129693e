//! The page of what can be said is the one that the tables of words make.
use koekake::conversation::reading::{Words, guide};

#[test]
fn the_page_of_the_language_is_made_from_the_tables() {
    let page = include_str!("../../docs/language.md");
    assert!(
        page == guide(&Words::built_in()),
        "made anew by: cargo run -- read --guide > docs/language.md"
    );
}

#[test]
fn every_example_of_the_page_is_a_date() {
    assert!(!guide(&Words::built_in()).contains("| ? |"));
}
