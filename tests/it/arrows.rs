//! The architecture, tested like behaviour: arrows between rooms point down, SQL
//! and clocks stay in their rooms, files stay small.
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::{
    fs,
    path::{Path, PathBuf},
};

/// Each room may use those of a lower floor; rooms of one floor do not know one
/// another. A new room is put here on purpose, or every use of it is a fault.
const FLOORS: &[&[&str]] = &[
    &["domain"],
    &["conversation"],
    &["store"],
    &["engine"],
    &["trial", "platforms"],
    &["app"],
];
/// Values that `app` and the binary alone read; they may name the domain's types.
const SETTINGS: &str = "config";
/// Lines of a file without its tests.
const LINES_MAX: usize = 600;

const CLOCKS: &[&str] = &["Utc", "Local", "Instant", "SystemTime"];
/// Beginnings of statements; `sqlx::` tells the rest.
const SQL: &[&str] = &[
    "SELECT ",
    "INSERT INTO ",
    "UPDATE ",
    "DELETE FROM ",
    "CREATE TABLE ",
    "CREATE INDEX ",
    "ALTER TABLE ",
    "DROP TABLE ",
    "PRAGMA ",
];

/// A source file by its path below `src/`.
struct Source {
    path: String,
    text: String,
}

/// The faults of these files, as `path:line: what is wrong`, in order.
fn faults(sources: &[Source]) -> Vec<String> {
    sources.iter().flat_map(faults_of).collect()
}

fn faults_of(source: &Source) -> Vec<String> {
    let tokens: TokenStream = match source.text.parse() {
        Ok(tokens) => tokens,
        Err(error) => return vec![format!("{}: not Rust: {error}", source.path)],
    };
    let mut reader = Reader {
        path: &source.path,
        module: module_of(&source.path),
        test_lines: 0,
        faults: Vec::new(),
    };
    reader.read(tokens);
    let lines = source.text.lines().count() - reader.test_lines;
    if lines > LINES_MAX && !is_of_tests(&source.path) {
        reader.faults.push(format!(
            "{}: {lines} lines without its tests, more than {LINES_MAX}",
            source.path
        ));
    }
    reader.faults
}

/// Tests in a file of their own, declared by the module that they try.
fn is_of_tests(path: &str) -> bool {
    Path::new(path)
        .file_name()
        .is_some_and(|name| name == "tests.rs")
}

/// `store/scene.rs` and `store/scene/mod.rs` are `store::scene`.
fn module_of(path: &str) -> Vec<String> {
    let mut module: Vec<String> = path
        .trim_end_matches(".rs")
        .split('/')
        .map(String::from)
        .collect();
    if matches!(module.last().map(String::as_str), Some("mod")) || module == ["lib"] {
        module.pop();
    }
    module
}

struct Reader<'s> {
    path: &'s str,
    module: Vec<String>,
    test_lines: usize,
    faults: Vec<String>,
}

impl Reader<'_> {
    fn room(&self) -> &str {
        self.module.first().map_or("lib", String::as_str)
    }

    fn fault(&mut self, at: &TokenTree, what: String) {
        let line = at.span().start().line;
        self.faults.push(format!("{}:{line}: {what}", self.path));
    }

    fn read(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            let rest = &tokens[at..];
            if let [hash, bang, TokenTree::Group(attribute), ..] = rest
                && is(hash, "#")
                && is(bang, "!")
            {
                self.attribute(attribute.stream(), &[]);
                at += 3;
            } else if let [hash, TokenTree::Group(attribute), ..] = rest
                && is(hash, "#")
            {
                self.attribute(attribute.stream(), &rest[2..]);
                at += 2;
            } else if let [word, name, TokenTree::Group(body), ..] = rest
                && is(word, "mod")
                && body.delimiter() == Delimiter::Brace
            {
                self.module.push(name.to_string());
                self.read(body.stream());
                self.module.pop();
                at += 3;
            } else {
                at += self.step(rest);
            }
        }
    }

    /// Doc comments are attributes whose text is no code.
    fn attribute(&mut self, attribute: TokenStream, after: &[TokenTree]) {
        if attribute.to_string() == "cfg (test)"
            && let [word, _, TokenTree::Group(body), ..] = after
            && is(word, "mod")
        {
            let lines = body.span_close().end().line - word.span().start().line + 1;
            self.test_lines += lines;
        }
        let is_doc =
            matches!(attribute.clone().into_iter().next(), Some(first) if is(&first, "doc"));
        if !is_doc {
            self.read(attribute);
        }
    }

    /// Looks at what begins here; how many tokens that was.
    fn step(&mut self, rest: &[TokenTree]) -> usize {
        match &rest[0] {
            TokenTree::Group(group) => self.read(group.stream()),
            TokenTree::Literal(literal) => self.text(&rest[0], &literal.to_string()),
            TokenTree::Ident(word) => {
                let word = word.to_string();
                if let Some(length) = leads_a_path(&word, rest) {
                    return self.path_from(&word, rest, length);
                }
                self.word(&word, rest);
            }
            TokenTree::Punct(_) => {}
        }
        1
    }

    fn text(&mut self, at: &TokenTree, literal: &str) {
        let said = literal.trim_start_matches(['r', 'c', 'b', '#', '"', '\\', 'n', ' ', '\n']);
        if self.room() != "store" && SQL.iter().any(|start| said.starts_with(start)) {
            self.fault(at, "SQL outside store".into());
        }
    }

    fn word(&mut self, word: &str, rest: &[TokenTree]) {
        if word == "sqlx" && goes_on(rest, 1) && self.room() != "store" {
            self.fault(&rest[0], "sqlx outside store".into());
        }
        let reads_clock = CLOCKS.contains(&word)
            && goes_on(rest, 1)
            && matches!(rest.get(3), Some(next) if is(next, "now"));
        if reads_clock && self.room() != "engine" {
            self.fault(&rest[0], format!("{word}::now outside engine"));
        }
    }

    /// A path that begins with `crate`, `self`, `super` or the crate's own name.
    fn path_from(&mut self, word: &str, rest: &[TokenTree], length: usize) -> usize {
        let mut module = match word {
            "self" => self.module.clone(),
            "super" => self.parent(&self.module),
            _ => Vec::new(),
        };
        let mut at = length;
        while let Some(next) = rest.get(at)
            && is(next, "super")
        {
            module = self.parent(&module);
            at += if goes_on(rest, at + 1) { 3 } else { 1 };
        }
        match rest.get(at) {
            Some(TokenTree::Group(group)) if group.delimiter() == Delimiter::Brace => {
                let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                for branch in tokens.split(|token| is(token, ",")) {
                    self.branch(&module, branch);
                }
                at + 1
            }
            next => {
                if module.is_empty() {
                    let used = next.map(TokenTree::to_string).unwrap_or_default();
                    self.arrow(&rest[0], &used);
                } else {
                    self.arrow(&rest[0], &module[0]);
                }
                at
            }
        }
    }

    /// One branch of `use crate::{a, b::c}`, below the module before the brace.
    fn branch(&mut self, module: &[String], branch: &[TokenTree]) {
        match branch {
            [] => {}
            [first, ..] if is(first, "super") => {
                let module = self.parent(module);
                let after = if goes_on(branch, 1) { 3 } else { 1 };
                match &branch[after..] {
                    [TokenTree::Group(group)] => {
                        let tokens: Vec<TokenTree> = group.stream().into_iter().collect();
                        for branch in tokens.split(|token| is(token, ",")) {
                            self.branch(&module, branch);
                        }
                    }
                    [] => self.arrow(first, &used_of(&module, "the whole crate")),
                    rest => self.branch(&module, rest),
                }
            }
            [first, ..] => self.arrow(first, &used_of(module, &first.to_string())),
        }
    }

    fn parent(&self, module: &[String]) -> Vec<String> {
        module[..module.len().saturating_sub(1)].to_vec()
    }

    fn arrow(&mut self, at: &TokenTree, used: &str) {
        if !may_use(self.room(), used) {
            let room = self.room();
            self.fault(at, format!("{room} uses {used}"));
        }
    }
}

fn used_of(module: &[String], name: &str) -> String {
    module.first().map_or(name, String::as_str).to_owned()
}

/// How many tokens the first word of a path from a known place takes with its `::`.
fn leads_a_path(word: &str, rest: &[TokenTree]) -> Option<usize> {
    match word {
        "crate" | "koekake" | "super" | "self" if goes_on(rest, 1) => Some(3),
        // `use super as up`; a lone `crate` and `self` are of `pub(crate)` and methods.
        "crate" | "super" if matches!(rest.get(1), Some(next) if is(next, "as")) => Some(1),
        _ => None,
    }
}

/// Whether `::` stands there.
fn goes_on(tokens: &[TokenTree], at: usize) -> bool {
    matches!(tokens.get(at..at + 2), Some([one, two]) if is(one, ":") && is(two, ":"))
}

fn is(token: &TokenTree, text: &str) -> bool {
    match token {
        TokenTree::Ident(word) => word == text,
        TokenTree::Punct(mark) => text.len() == 1 && text.starts_with(mark.as_char()),
        _ => false,
    }
}

fn may_use(room: &str, used: &str) -> bool {
    let floor = |name: &str| FLOORS.iter().position(|floor| floor.contains(&name));
    match (room, used) {
        _ if room == used => true,
        // The map of the house and the front door stand above all rooms.
        ("lib" | "main", _) => used == SETTINGS || floor(used).is_some(),
        ("app", SETTINGS) | (SETTINGS, "domain") => true,
        _ => matches!((floor(room), floor(used)), (Some(own), Some(other)) if other < own),
    }
}

fn sources_in(folder: &Path, root: &Path, found: &mut Vec<Source>) {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .expect("reading the sources")
        .map(|entry| entry.expect("reading the sources").path())
        .collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            sources_in(&path, root, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            let below = path.strip_prefix(root).expect("a path below src");
            found.push(Source {
                path: below.to_str().expect("a path of plain text").to_owned(),
                text: fs::read_to_string(&path).expect("reading a source"),
            });
        }
    }
}

#[test]
fn the_house_stands_as_its_map_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    sources_in(&root, &root, &mut sources);
    for file in ["lib.rs", "main.rs", "domain/household.rs"] {
        assert!(
            sources.iter().any(|source| source.path == file),
            "{file} was not read"
        );
    }
    let faults = faults(&sources);
    assert!(faults.is_empty(), "\n{}", faults.join("\n"));
}

fn check(path: &str, text: &str, expected: &[&str]) {
    let source = Source {
        path: path.to_owned(),
        text: text.to_owned(),
    };
    assert_eq!(faults(&[source]), expected, "in {path}: {text}");
}

#[test]
fn an_arrow_that_points_down_is_no_fault() {
    check(
        "engine/nudge.rs",
        "use crate::{domain::ladder, store::{self, Db}}; use super::deliver;
         pub(crate) fn f(&self) { crate::conversation::g(); self.x; self::h() }",
        &[],
    );
    check(
        "main.rs",
        "fn main() { koekake::app::run(koekake::config::f()) }",
        &[],
    );
    check(
        "app.rs",
        "use crate::{config::Config, platforms, trial};",
        &[],
    );
    check(
        "config.rs",
        "use crate::domain::people::Language; mod tests { use super::*; }",
        &[],
    );
    check(
        "domain/mod.rs",
        "macro_rules! m { () => { $crate::domain::Id } }",
        &[],
    );
    check("domain/a/b.rs", "use super::super::calendar;", &[]);
}

#[test]
fn an_arrow_that_points_up_is_seen_however_it_is_written() {
    check(
        "domain/a.rs",
        "use crate::store::Db;",
        &["domain/a.rs:1: domain uses store"],
    );
    check(
        "store/a.rs",
        "use crate::{\n  domain::b,\n  engine::{c, d},\n  trial,\n};",
        &[
            "store/a.rs:3: store uses engine",
            "store/a.rs:4: store uses trial",
        ],
    );
    check(
        "conversation/reading/words.rs",
        "use super::super::super::store;\nuse super::{super::super::engine::f};",
        &[
            "conversation/reading/words.rs:1: conversation uses store",
            "conversation/reading/words.rs:2: conversation uses engine",
        ],
    );
    check(
        "conversation/mod.rs",
        "use super::{domain, super::{store}};",
        &["conversation/mod.rs:1: conversation uses store"],
    );
    check(
        "domain/mod.rs",
        "fn f() -> super::store::Db { g!(crate::app::h) }",
        &[
            "domain/mod.rs:1: domain uses store",
            "domain/mod.rs:1: domain uses app",
        ],
    );
    check(
        "domain/mod.rs",
        "mod tests { use super::super::store; }",
        &["domain/mod.rs:1: domain uses store"],
    );
    check(
        "domain/a.rs",
        "pub(in crate::store) fn f() {}",
        &["domain/a.rs:1: domain uses store"],
    );
    check(
        "domain/mod.rs",
        "macro_rules! m { () => { $crate::store::Db } }",
        &["domain/mod.rs:1: domain uses store"],
    );
}

#[test]
fn the_crate_by_another_name_and_unknown_rooms_are_faults() {
    check(
        "domain/a.rs",
        "use crate as house;",
        &["domain/a.rs:1: domain uses as"],
    );
    check(
        "domain/a.rs",
        "use crate::{self as house};",
        &["domain/a.rs:1: domain uses self"],
    );
    check(
        "domain/a.rs",
        "use crate::*;",
        &["domain/a.rs:1: domain uses *"],
    );
    check(
        "domain/mod.rs",
        "use super as house;",
        &["domain/mod.rs:1: domain uses as"],
    );
    check(
        "engine/a.rs",
        "use crate::utils::f;",
        &["engine/a.rs:1: engine uses utils"],
    );
    check(
        "utils.rs",
        "use crate::domain;",
        &["utils.rs:1: utils uses domain"],
    );
}

#[test]
fn rooms_of_one_floor_and_the_settings_are_kept_apart() {
    check(
        "platforms/web.rs",
        "use crate::trial;",
        &["platforms/web.rs:1: platforms uses trial"],
    );
    check(
        "trial/mod.rs",
        "use crate::platforms;",
        &["trial/mod.rs:1: trial uses platforms"],
    );
    check(
        "engine/a.rs",
        "use crate::config::Config;",
        &["engine/a.rs:1: engine uses config"],
    );
    check(
        "config.rs",
        "use crate::store::Db;",
        &["config.rs:1: config uses store"],
    );
}

#[test]
fn sql_outside_the_store_is_seen() {
    check(
        "store/a.rs",
        "use sqlx::query; const A: &str = \"SELECT id FROM household\";",
        &[],
    );
    check(
        "engine/a.rs",
        "use sqlx::query;",
        &["engine/a.rs:1: sqlx outside store"],
    );
    check(
        "app.rs",
        "fn f(e: sqlx::Error) {}",
        &["app.rs:1: sqlx outside store"],
    );
    check(
        "engine/a.rs",
        "const A: &str = \"SELECT id FROM household\";\nfn f() { g(concat!(r#\"\n  UPDATE household SET x\"#)) }",
        &[
            "engine/a.rs:1: SQL outside store",
            "engine/a.rs:2: SQL outside store",
        ],
    );
    check(
        "domain/a.rs",
        "//! SELECT is a word.\n/// SELECT is a word.\nconst A: &str = \"Please select a household\";",
        &[],
    );
}

#[test]
fn a_clock_outside_the_engine_is_seen() {
    check(
        "engine/a.rs",
        "fn f() { Utc::now(); std::time::Instant::now(); }",
        &[],
    );
    check(
        "domain/a.rs",
        "fn f() { chrono::Utc::now(); Local::now();\n tokio::time::Instant::now(); m!(SystemTime::now()) }",
        &[
            "domain/a.rs:1: Utc::now outside engine",
            "domain/a.rs:1: Local::now outside engine",
            "domain/a.rs:2: Instant::now outside engine",
            "domain/a.rs:2: SystemTime::now outside engine",
        ],
    );
    check(
        "domain/a.rs",
        "fn f(now: DateTime<Utc>) { Utc.from_utc_datetime(now); }",
        &[],
    );
}

#[test]
fn a_file_that_has_grown_too_long_is_seen_and_its_tests_do_not_count() {
    let code = "const A: u8 = 1;\n";
    let tests = format!("#[cfg(test)]\nmod tests {{\n{}}}\n", code.repeat(LINES_MAX));
    let full = code.repeat(LINES_MAX - 1);
    check("domain/a.rs", &format!("{full}{tests}"), &[]);
    check(
        "domain/a.rs",
        &format!("{full}{code}{tests}"),
        &["domain/a.rs: 601 lines without its tests, more than 600"],
    );
    check("domain/a/tests.rs", &format!("{full}{code}{code}"), &[]);
}
