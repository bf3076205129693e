//! The power goes while the real program works: what was written and not yet brought
//! to the disk is gone, then another process goes on. `KOEKAKE_POWER_CUTS=100 cargo
//! test power_cuts` cuts it as often as that. The writes are watched by
//! `fault/powerfail.c` of the rig, whose folder `KOEKAKE_TEST_RIG` names.
use crate::kills_chat::{Life, asked};
use crate::missing::left_out;
use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    collections::BTreeMap,
    env,
    fs::{self, File, OpenOptions},
    os::unix::fs::FileExt,
    path::{Path, PathBuf},
    process::Command,
};
use tempfile::TempDir;

/// In a plain test run.
const CUTS: usize = 5;
const SOURCE: &str = "fault/powerfail.c";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_power_cut_takes_nothing_that_was_acknowledged_and_breaks_no_file() {
    let folder = TempDir::new().expect("a temp folder");
    let Some(watcher) = watcher(folder.path()) else {
        return;
    };
    let cuts = asked("KOEKAKE_POWER_CUTS").unwrap_or(CUTS);
    let log = folder.path().join("writes");
    let mut life = Life::of(cuts, vec![("LD_PRELOAD", watcher), ("PF_LOG", log.clone())]).await;
    let mut undone = 0;
    for round in 0..cuts {
        let lost = std::cell::Cell::new(0);
        life.cut(round, async |data| {
            lost.set(undo(&log, data));
            check(data).await;
        })
        .await;
        undone += lost.get();
    }
    let (lines, alarms) = life.ends().await;
    println!(
        "{cuts} power cuts, {undone} writes gone: {lines} lines and {alarms} alarms, none lost"
    );
}

/// The library that watches the writes; None where its source is not at hand, which
/// is said once. In CI its absence is a failure.
fn watcher(folder: &Path) -> Option<PathBuf> {
    let source = rig().join(SOURCE);
    if !source.is_file() {
        let missing = format!("{SOURCE}, KOEKAKE_TEST_RIG names the rig's folder");
        left_out("power cuts", &missing);
        return None;
    }
    let library = folder.join("powerfail.so");
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-O1", "-w", "-o"])
        .args([&library, &source])
        .arg("-ldl")
        .status();
    assert!(made.expect("a C compiler").success());
    Some(library)
}

/// Beside the descriptions by which what we send is judged.
fn rig() -> PathBuf {
    let own = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/rig");
    let beside = || {
        let specs = PathBuf::from(env::var_os("KOEKAKE_TEST_SPECS")?);
        Some(specs.parent()?.join("rig"))
    };
    let given = env::var_os("KOEKAKE_TEST_RIG").map(PathBuf::from);
    given.or_else(beside).unwrap_or_else(own)
}

/// A write that had not been brought to the disk.
struct Write {
    at: u64,
    /// What stood there.
    before: Vec<u8>,
    /// How long the file was.
    length: u64,
}

/// Takes back, last ones first, what no `fsync` of its file has followed; how many
/// writes. The log has records of `u32` kind (1 a write, 2 a sync) and length of the
/// path, `i64` offset, length of what stood there and of the file; then both.
fn undo(log: &Path, data: &Path) -> usize {
    let bytes = fs::read(log).expect("the log");
    let mut rest = bytes.as_slice();
    let mut pending: BTreeMap<PathBuf, Vec<Write>> = BTreeMap::new();
    while let Some((head, more)) = rest.split_at_checked(32) {
        let word = |at: usize| u32::from_ne_bytes(head[at..at + 4].try_into().expect("4 bytes"));
        let long = |at: usize| u64::from_ne_bytes(head[at..at + 8].try_into().expect("8 bytes"));
        let (path, more) = more.split_at(word(4) as usize);
        let path = PathBuf::from(std::str::from_utf8(path).expect("a path"));
        rest = more;
        if word(0) == 2 {
            pending.remove(&path);
            continue;
        }
        let length = usize::try_from(long(16)).expect("a length");
        // It may have been killed while it wrote this; then the write was not made.
        let Some((before, more)) = more.split_at_checked(length) else {
            break;
        };
        rest = more;
        pending.entry(path).or_default().push(Write {
            at: long(8),
            before: before.to_vec(),
            length: long(24),
        });
    }
    let mut undone = 0;
    for (path, writes) in pending.iter().filter(|(path, _)| path.starts_with(data)) {
        let Ok(file) = OpenOptions::new().write(true).open(path) else {
            continue;
        };
        for write in writes.iter().rev() {
            file.write_all_at(&write.before, write.at).expect("undoing");
            file.set_len(write.length).expect("undoing");
            undone += 1;
        }
    }
    // An index of what stands in the log beside it, never brought to the disk.
    let _ = fs::remove_file(data.join("office.sqlite-shm"));
    File::create(log).expect("an empty log");
    undone
}

/// Whole, whatever was cut off: a copy, for the program is to recover by itself.
async fn check(data: &Path) {
    let copy = TempDir::new().expect("a temp folder");
    for name in ["office.sqlite", "office.sqlite-wal"] {
        let file = data.join(name);
        if file.is_file() {
            fs::copy(file, copy.path().join(name)).expect("a copy");
        }
    }
    let options = SqliteConnectOptions::new().filename(copy.path().join("office.sqlite"));
    let connection = SqliteConnection::connect_with(&options).await;
    let mut connection = connection.expect("the database");
    let found: Vec<(String,)> = sqlx::query_as("PRAGMA integrity_check")
        .fetch_all(&mut connection)
        .await
        .expect("a check");
    assert_eq!(found, [("ok".to_owned(),)]);
    connection.close().await.expect("closing it");
}
