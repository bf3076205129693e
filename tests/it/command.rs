//! The command line on the real program: what it reads, what it refuses, and
//! how it ends.
use crate::program::{Caller, Program, koekake, run, trial};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    process::{Command, Output, Stdio},
    time::Duration,
};
use tempfile::TempDir;

const ON: &str = "2026-11-25";

fn read(arguments: &[&str], input: &[u8]) -> Vec<String> {
    let mut command = koekake(&["read"]);
    command.args(arguments);
    let output = run(command, input);
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    said.lines().map(str::to_owned).collect()
}

fn read_json(arguments: &[&str], input: &[u8]) -> Vec<Value> {
    let arguments = [&["--json", "--on", ON], arguments].concat();
    read(&arguments, input)
        .iter()
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect()
}

/// Runs it to its end, which is a refusal; what it said.
fn refusal(command: Command) -> String {
    let Output {
        status,
        stdout,
        stderr,
    } = run(command, b"");
    assert_eq!(status.code(), Some(1));
    assert_eq!(String::from_utf8_lossy(&stdout), "");
    let said = String::from_utf8(stderr).expect("UTF-8");
    assert!(said.starts_with("koekake: "), "{said}");
    assert!(!said.contains("panicked"), "{said}");
    said
}

#[test]
fn the_lines_that_staff_type_come_out_in_their_order() {
    let lines: Vec<Value> = include_str!("utterances.jsonl")
        .lines()
        .map(|line| serde_json::from_str(line).expect("an object a line"))
        .collect();
    let mut days: BTreeMap<&str, Vec<&Value>> = BTreeMap::new();
    for line in &lines {
        let day = line["ref"].as_str().expect("a day");
        days.entry(day).or_default().push(line);
    }
    let (mut exact, mut silent) = (0, 0);
    for (day, lines) in days {
        let input: Vec<u8> = lines
            .iter()
            .flat_map(|line| [line["text"].as_str().expect("a text").as_bytes(), b"\0"].concat())
            .collect();
        let output = read(&["--json", "--null", "--on", day], &input);
        assert_eq!(output.len(), lines.len());
        for (line, found) in lines.iter().zip(output) {
            let found: Value = serde_json::from_str(&found).expect("an object");
            let same = |field: &str| found[field] == line[field];
            let scored = ["intent", "household", "kind", "outcome", "due"];
            exact += usize::from(scored.iter().all(|field| same(field)));
            let is_chatter = line["intent"] == "chatter";
            silent += usize::from(is_chatter && found["intent"] == "chatter");
            if !line["due"].is_null() && same("due") {
                assert!(same("due_open"), "{line} {found}");
            }
        }
    }
    assert_eq!(lines.len(), 95);
    assert!(exact >= 90, "{exact} of 95");
    assert_eq!(silent, 6);
}

#[test]
fn no_message_stops_the_others_whatever_it_is() {
    let long = "訪問".repeat(200_000);
    let input = [
        "H-001 訪問 不在\r\n\n".as_bytes(),
        b"H-002 \xff\xfe visit absent\n",
        long.as_bytes(),
        "\nH-003 電話 不在".as_bytes(),
    ]
    .concat();
    let found = read_json(&[], &input);
    let households: Vec<&Value> = found.iter().map(|found| &found["household"]).collect();
    assert_eq!(
        households,
        [
            &Value::from("H-001"),
            &Value::Null,
            &Value::from("H-002"),
            &Value::Null,
            &Value::from("H-003"),
        ]
    );
    let too_long: Vec<bool> = found
        .iter()
        .map(|found| found["too_long"] == true)
        .collect();
    assert_eq!(too_long, [false, false, false, true, false]);
    assert_eq!(found[0]["kind"], "visit");
    assert_eq!(found[3]["intent"], "chatter");

    // To the character: the longest that is read, and one more.
    let words = "H-012 訪問 不在 ";
    let fill = |count: usize| format!("{words}{}", "。".repeat(count - words.chars().count()));
    let found = read_json(
        &[],
        format!("{}\n{}\n", fill(2_000), fill(2_001)).as_bytes(),
    );
    assert_eq!(found[0]["household"], "H-012");
    assert_eq!(found[1]["household"], Value::Null);
    assert_eq!(found[1]["too_long"], true);
}

#[test]
fn with_null_a_message_may_hold_line_breaks() {
    let found = read_json(
        &["--null"],
        "H-012 訪問\n不在 名刺\0H-013 電話\0".as_bytes(),
    );
    assert_eq!(found.len(), 2);
    assert_eq!(found[0]["household"], "H-012");
    assert_eq!(found[0]["outcome"], "absent");
    assert_eq!(found[1]["household"], "H-013");
    assert!(read_json(&["--null"], b"").is_empty());
}

#[test]
fn a_message_is_told_to_people_in_a_few_lines() {
    let said = read(&["--on", ON], "H-012 訪問 不在 名刺 3か月後\n".as_bytes());
    assert_eq!(said[0], "> H-012 訪問 不在 名刺 3か月後");
    assert_eq!(said[1], "  log H-012");
    assert_eq!(said[2], "  contact on 2026-11-25: visit:absent");
    assert!(said[3].starts_with("  next 2027-02-25 to "), "{said:?}");
}

#[test]
fn every_line_that_the_readme_shows_is_understood() {
    let readme = include_str!("../../README.md");
    let (_, table) = readme.split_once("| 入力 / typed |").expect("the table");
    let typed = table
        .lines()
        .skip(2)
        .take_while(|row| row.starts_with("| `"))
        .filter_map(|row| row.split('|').nth(1));
    let lines: Vec<&str> = typed
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    assert!(lines.len() >= 8, "{lines:?}");
    let found = read_json(&[], lines.join("\n").as_bytes());
    for (line, found) in lines.iter().zip(&found) {
        assert_ne!(found["intent"], "chatter", "{line}");
        assert_eq!(found["ask"], serde_json::json!([]), "{line}");
    }
    assert_eq!(found.len(), lines.len());
}

#[test]
fn without_a_day_it_is_read_as_of_the_offices_today() {
    let today = || {
        let said = Command::new("date").arg("+%F").env("TZ", "JST-9").output();
        let said = String::from_utf8(said.expect("the date").stdout).expect("UTF-8");
        said.trim().to_owned()
    };
    let before = today();
    let found = read(&["--json"], "H-012 訪問 不在\n".as_bytes());
    let after = today();
    let found: Value = serde_json::from_str(&found[0]).expect("an object");
    let on = found["on"].as_str().expect("a day");
    assert!(on == before || on == after, "{on}");
}

#[test]
fn whoever_stops_listening_is_not_answered_with_an_error() {
    let mut child = koekake(&["read", "--json", "--on", ON])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("starting the program");
    let mut stdin = child.stdin.take().expect("its input");
    let mut first = String::new();
    let line = "H-012 訪問 不在\n";
    stdin.write_all(line.as_bytes()).expect("a line");
    let mut stdout = BufReader::new(child.stdout.take().expect("its output"));
    stdout.read_line(&mut first).expect("its first line");
    assert!(first.contains("H-012"));
    drop(stdout);
    // It may be gone before it has read everything.
    let _ = stdin.write_all(line.repeat(100).as_bytes());
    drop(stdin);
    let output = child.wait_with_output().expect("its end");
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
}

#[test]
fn a_second_trial_on_the_same_folder_is_refused() {
    let folder = TempDir::new().expect("a temp folder");
    let first = Program::start(&folder.path().join("data"), &["--on", ON]);
    let said = refusal(trial(&folder.path().join("data"), &["--fresh"]));
    assert!(said.contains("another Koekake already runs on"), "{said}");
    drop(first);
    Program::start(&folder.path().join("data"), &[]);
}

#[tokio::test]
async fn a_signal_ends_it_though_pages_listen_and_somebody_sent_half_a_request() {
    let folder = TempDir::new().expect("a temp folder");
    let mut program = Program::start(&folder.path().join("data"), &["--on", ON]);
    let caller = Caller::of(&program).await;
    let mut live = caller.get(1, "/live").await;
    let address = program.origin.trim_start_matches("http://").to_owned();
    let mut half = TcpStream::connect(&address).expect("a connection");
    let head = format!("GET /who HTTP/1.1\r\nhost: {address}\r\n");
    half.write_all(head.as_bytes()).expect("half a request");
    // Answered after it: so the half was taken in before.
    caller.page(1, "/who").await;
    let ended = tokio::task::spawn_blocking(move || (program.terminate(), program.errors()));
    let ended = tokio::time::timeout(Duration::from_secs(10), ended).await;
    let (status, errors) = ended.expect("an end within 10 s").expect("no panic");
    assert!(status.success(), "{status}");
    assert!(!errors.contains("panicked"), "{errors}");
    while live
        .chunk()
        .await
        .expect("a stream that ends well")
        .is_some()
    {}
}

#[test]
fn what_cannot_be_used_is_named_with_its_place() {
    let folder = TempDir::new().expect("a temp folder");
    let data = folder.path().join("data");
    let settings = folder.path().join("local.toml");
    fs::write(&settings, "[office]\nzone = \"Asia/Tokyo\n").expect("writing local.toml");
    let mut broken = trial(&data, &["--config"]);
    broken.arg(folder.path());
    let said = refusal(broken);
    assert!(said.contains("local.toml, line 2, column "), "{said}");

    let mut open = koekake(&["trial", "--listen", "0.0.0.0:0", "--data"]);
    open.arg(&data);
    assert!(refusal(open).contains("listens on loopback alone"));
    assert!(!data.exists(), "nothing was made before the refusal");
}

#[test]
fn a_file_that_is_no_database_is_left_as_it_is() {
    let folder = TempDir::new().expect("a temp folder");
    let data = folder.path().join("data");
    fs::create_dir(&data).expect("a folder");
    let file = data.join("trial.sqlite");
    let noise: Vec<u8> = (0..8_192_u32).map(|at| (at * 31 % 251) as u8).collect();
    fs::write(&file, &noise).expect("a file");
    let said = refusal(trial(&data, &[]));
    assert!(said.contains("cannot open"), "{said}");
    assert!(said.contains("file is not a database"), "{said}");
    assert_eq!(fs::read(&file).expect("the file"), noise);

    // Cut off in the middle.
    fs::remove_file(&file).expect("removing it");
    Program::start(&data, &["--on", ON]).terminate();
    let whole = fs::read(&file).expect("the file");
    fs::write(&file, &whole[..whole.len() / 3]).expect("a file");
    let said = refusal(trial(&data, &[]));
    assert!(said.contains("malformed"), "{said}");
    Program::start(&data, &["--fresh", "--on", ON]).terminate();
}
