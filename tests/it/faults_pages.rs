//! A page in the midst of the database's file is overwritten while the program is
//! stopped: it says so plainly and does not start, checkup and audit name it, and a backup
//! brings everything back. `KOEKAKE_DAMAGED_PAGES=100 cargo test faults_pages` damages
//! so many in turn.
use crate::{
    kills_chat::{Life, asked},
    program::{Program, run},
};
use std::{
    fs::{self, OpenOptions},
    os::unix::fs::FileExt,
    path::Path,
};

/// In a plain test run.
const PAGES: usize = 6;
const DAMAGED: &str = "データベースのファイルが壊れています";
/// What SQLite writes at once.
const PAGE_BYTES: u64 = 4_096;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_a_damaged_page_is_named_and_not_started_on_and_a_backup_brings_all_back() {
    let pages = asked("KOEKAKE_DAMAGED_PAGES").unwrap_or(PAGES);
    let mut life = Life::begin().await;
    life.is_in_the_midst_of(19).await;
    let status = life.program.terminate();
    assert!(status.success(), "{status}");
    let data = life.folder().join("data");
    let file = data.join("office.sqlite");
    let sound = fs::read(&file).expect("the database");
    let backup = life.folder().join("backup.koekake").display().to_string();
    says(&life, &["backup", &backup]);
    let all = sound.len() as u64 / PAGE_BYTES;
    // Pages of which nothing is lost, for nothing stands there.
    let free: Vec<(i64,)> = life.rows("PRAGMA freelist_count").await;
    let mut unnamed = 0;
    for nth in 0..pages {
        fs::write(&file, &sound).expect("the sound file");
        // The first one tells what the file is; without it, it is none of ours.
        let page = 1 + (nth as u64 * (all - 1)) / pages as u64;
        damage(&file, page);
        let run_it = life.command(&["run", "--listen", "127.0.0.1:0"]);
        match Program::try_started(run_it, &data) {
            Ok(mut program) => {
                unnamed += 1;
                assert!(program.terminate().success(), "page {page}");
            }
            Err(why) => {
                assert!(why.contains(DAMAGED), "page {page}: {why}");
                is_named(&life);
            }
        }
    }
    assert!(unnamed <= free[0].0, "{unnamed} pages are missed by nobody");
    fs::write(&file, &sound).expect("the sound file");
    damage(&file, all / 2);
    is_named(&life);
    says(&life, &["restore", &backup, "--yes"]);
    life.goes_on();
    let (lines, alarms) = life.stands().await;
    println!(
        "{pages} of {all} pages, {unnamed} of them empty: each other one named; \
         {lines} lines and {alarms} alarms restored"
    );
}

/// The checkup tells of the damage, and the audit.
fn is_named(life: &Life) {
    let audited = run(life.command(&["audit"]), b"");
    assert!(!audited.status.success());
    let said = String::from_utf8_lossy(&audited.stderr);
    assert!(said.contains(DAMAGED), "{said}");
    let checked = run(life.command(&["doctor"]), b"");
    assert!(!checked.status.success());
    let said = String::from_utf8_lossy(&checked.stdout);
    assert!(said.contains("ファイルが壊れています"), "{said}");
}

fn damage(file: &Path, page: u64) {
    let file = OpenOptions::new().write(true).open(file);
    let junk = [0xA5; PAGE_BYTES as usize];
    let written = file.and_then(|file| file.write_all_at(&junk, page * PAGE_BYTES));
    written.expect("overwriting");
}

/// Runs a command beside it that ends well.
fn says(life: &Life, arguments: &[&str]) {
    let output = run(life.command(arguments), b"");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
}
