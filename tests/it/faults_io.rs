//! One in a hundred reads, writes and syncs of the real program ends in an error, in a
//! stream of lines and alarms: what was acknowledged is there, no file is broken, and
//! whether the program goes on or is begun anew, every line is recorded once and
//! answered. The errors are libfiu's. `KOEKAKE_IO_ROUNDS=50 cargo test faults_io` has
//! as many rounds of twenty lines.
use crate::{
    kills_chat::{Life, asked},
    missing::{left_out, library},
};
use std::{path::PathBuf, time::Duration};

/// In a plain test run.
const ROUNDS: usize = 3;
const PROBABILITY: &str = "0.01";
/// Of files alone: an error of what wakes a thread is none that a disk has.
const CALLS: [&str; 4] = ["rw/pread", "rw/pwrite", "rw/ftruncate", "sync/fsync"];
const LOOK_EVERY: Duration = Duration::from_millis(50);
/// For the lines of one round.
const PATIENCE: Duration = Duration::from_secs(120);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn errors_of_the_disk_at_random_lose_nothing_and_break_no_file() {
    let libraries = ["fiu_run_preload.so", "fiu_posix_preload.so"].map(|name| library("fiu", name));
    let [Some(run), Some(posix)] = libraries else {
        return left_out("errors of the disk at random", "libfiu (fiu-utils)");
    };
    let rounds = asked("KOEKAKE_IO_ROUNDS").unwrap_or(ROUNDS);
    let mut life = Life::of(rounds, Vec::new()).await;
    let status = life.program.terminate();
    assert!(status.success(), "{status}");
    let preload = format!("{} {}", run.display(), posix.display());
    let errors =
        CALLS.map(|call| format!("enable_random name=posix/io/{call},probability={PROBABILITY}"));
    life.meets(vec![
        ("LD_PRELOAD", PathBuf::from(preload)),
        ("FIU_ENABLE", PathBuf::from(errors.join("\n"))),
    ]);
    let (mut deaths, mut refused) = (0, life.goes_on_at_last());
    for _ in 0..rounds {
        life.say_lines();
        let answered = async {
            while 0 < life.unanswered() {
                if !life.program.is_running() {
                    deaths += 1;
                    refused += life.goes_on_at_last();
                }
                tokio::time::sleep(LOOK_EVERY).await;
            }
        };
        let answered = tokio::time::timeout(PATIENCE, answered).await;
        answered.unwrap_or_else(|_| panic!("{}", life.program.errors()));
    }
    let faults = life.program.errors().matches("does not answer").count();
    life.program.kill();
    life.meets(Vec::new());
    life.goes_on();
    let (lines, alarms) = life.stands().await;
    assert!(0 < faults, "no error came about");
    println!(
        "{faults} faults said, {deaths} ends, {refused} starts that failed: \
         {lines} lines and {alarms} alarms, none lost"
    );
}
