//! `docs/reliability.md` names tests that there are, and answers every fault of our
//! field's bots by tests that name it in words.
use crate::missing::left_out;
use std::{
    collections::BTreeSet,
    env, fs,
    path::{Path, PathBuf},
};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page() -> String {
    fs::read_to_string(root().join("docs/reliability.md")).expect("the page")
}

/// What stands above such a test: `story_main::a_line…` in the file of that name, its
/// folder, or below `src/`. None: there is no such test.
fn above(test: &str) -> Option<String> {
    let (module, name) = test.rsplit_once("::")?;
    let path = module.replace("::", "/");
    let files = [
        format!("tests/it/{path}.rs"),
        format!("tests/it/{path}/mod.rs"),
        format!("src/{path}.rs"),
        format!("src/{path}/mod.rs"),
        format!("src/{path}/tests.rs"),
    ];
    let definition = format!("fn {name}(");
    let texts = files
        .iter()
        .map(|file| fs::read_to_string(root().join(file)));
    texts.flatten().find_map(|text| {
        let (above, _) = text.split_once(&definition)?;
        Some(above.to_owned())
    })
}

fn is_there(test: &str) -> bool {
    above(test).is_some()
}

/// Whether a doc comment stands above it.
fn is_explained(test: &str) -> bool {
    let above = above(test).unwrap_or_default();
    let mut lines = above.lines().rev().skip(1).map(str::trim_start);
    let comment = lines.find(|line| !line.starts_with("#["));
    comment.is_some_and(|line| line.starts_with("///"))
}

/// All between backticks that looks like the name of a test.
fn tests_of(page: &str) -> BTreeSet<&str> {
    let quoted = page.split('`').skip(1).step_by(2);
    quoted
        .filter(|text| text.contains("::") && !text.contains(char::is_whitespace))
        .collect()
}

#[test]
fn every_test_that_the_page_of_reliability_names_is_there() {
    let page = page();
    let named = tests_of(&page);
    assert!(named.len() > 50, "{named:?}");
    let missing: Vec<_> = named.iter().filter(|test| !is_there(test)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(!is_there("story_main::nothing_of_this_name"));
}

#[test]
fn every_fault_of_the_field_has_its_story_or_its_reason() {
    let beside = || {
        let specs = PathBuf::from(env::var_os("KOEKAKE_TEST_SPECS")?);
        Some(specs.parent()?.join("data"))
    };
    let own = || root().join("../shared/data");
    let file = beside().unwrap_or_else(own).join("field-faults.tsv");
    let Ok(faults) = fs::read_to_string(&file) else {
        let missing = "field-faults.tsv, KOEKAKE_TEST_SPECS names the folder beside its own";
        return left_out("the list of the field's faults", missing);
    };
    let page = page();
    let ids = faults
        .lines()
        .skip(1)
        .filter_map(|line| line.split('\t').next());
    let answered = |id: &str| {
        let row = page
            .lines()
            .find(|line| line.starts_with(&format!("| {id} |")));
        row.is_some_and(|row| row.contains('`') || row.contains("cannot"))
    };
    let unanswered: Vec<_> = ids.filter(|id| !answered(id)).collect();
    assert!(unanswered.is_empty(), "{unanswered:?}");
    let rows: String = page
        .lines()
        .filter(|line| line.starts_with("| I"))
        .collect();
    let silent: Vec<_> = tests_of(&rows)
        .into_iter()
        .filter(|test| !is_explained(test))
        .collect();
    assert!(
        silent.is_empty(),
        "nothing says what befell others, or what it shows, above {silent:#?}"
    );
}
