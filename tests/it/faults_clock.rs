//! The machine's clock jumps ten days ahead under the real program, and back: what
//! would be due then is told, nothing is skipped or said again without a word, a line
//! is recorded, and whoever leads hears of the clock. The jumps are libfaketime's.
use crate::{
    bot::instant,
    kills_chat::{Environment, HOUSEHOLDS_HEAD, LEAD, Life, NURSES},
    missing::{left_out, library},
    telegram::fake::Call,
};
use koekake::engine::clock::Clock;
use std::{fs, path::PathBuf, time::Duration};
use tempfile::TempDir;

/// A Friday, and ten days later a Monday.
const NOW: &str = "2026-11-27 08:40";
const AHEAD: &str = "2026-12-07 08:40";
/// An audit comes every minute.
const PATIENCE: Duration = Duration::from_secs(90);
const TOLD_BY_WRONG_CLOCK: &str =
    "機器の時計が合っていなかったため、前にもお知らせした世帯があります";

/// The clock of a program, by a file that libfaketime reads at each look at it.
struct Machine {
    file: PathBuf,
    _folder: TempDir,
}

impl Machine {
    fn at(time: &str) -> Machine {
        let folder = TempDir::new().expect("a temp folder");
        let machine = Machine {
            file: folder.path().join("clock"),
            _folder: folder,
        };
        machine.shows(time);
        machine
    }

    /// From now on its clock goes on from there.
    fn shows(&self, time: &str) {
        let ahead = instant(time) - Clock::system(0).real();
        let written = self.file.with_extension("new");
        fs::write(&written, format!("{:+}\n", ahead.num_seconds())).expect("writing");
        fs::rename(written, &self.file).expect("the clock's file");
    }

    fn environment(&self, library: PathBuf) -> Environment {
        let on = || PathBuf::from("1");
        Environment {
            always: vec![
                ("LD_PRELOAD", library),
                ("FAKETIME_TIMESTAMP_FILE", self.file.clone()),
                ("FAKETIME_NO_CACHE", on()),
                ("FAKETIME_DONT_FAKE_MONOTONIC", on()),
                ("KOEKAKE_AUDIT__EVERY_MINUTES", on()),
            ],
            running: Vec::new(),
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_clock_that_jumps_ten_days_and_back_under_the_program_loses_nothing_and_is_said() {
    let Some(library) = library("faketime", "libfaketimeMT.so.1") else {
        return left_out("jumps of the machine's clock", "libfaketime (faketime)");
    };
    let machine = Machine::at(NOW);
    let (nurse, chat) = NURSES[0];
    let rows = [
        ("H-001", "2026-11-27"),
        ("H-002", "2026-12-07"),
        ("H-003", "2026-12-10"),
    ];
    let rows = rows.map(|(code, on)| format!("{code},第一班,{nurse},支援中,{on}\n"));
    let households = format!("{HOUSEHOLDS_HEAD}{}", rows.concat());
    let mut life = Life::found(&households, machine.environment(library)).await;
    let is_digest = |call: &Call| call.chat() == chat && call.text().contains("おはようございます");
    let digest = async |life: &Life, nth: usize| {
        let digests = life
            .telegram
            .until_within(PATIENCE, nth, "sendMessage", is_digest);
        digests.await.swap_remove(nth - 1).text().to_owned()
    };
    let first = digest(&life, 1).await;
    assert!(
        first.contains("H-001") && !first.contains("H-002"),
        "{first}"
    );

    machine.shows(AHEAD);
    let ahead = digest(&life, 2).await;
    assert!(ahead.contains("▲ H-001"), "{ahead}");
    assert!(ahead.contains("● H-002"), "{ahead}");

    machine.shows(NOW);
    let of_clock = |call: &Call| call.chat() == LEAD.1 && call.text().contains("機械の時計");
    life.telegram
        .until_within(PATIENCE, 1, "sendMessage", of_clock)
        .await;
    life.telegram.it_is(instant(NOW).timestamp());
    life.telegram.says(chat, "H-003 手紙 投函 12/8");
    let recorded = |call: &Call| call.text().starts_with("記録しました H-003");
    let answer = life.telegram.until(1, "sendMessage", recorded).await;
    assert!(answer[0].text().contains("12月8日(火)"), "{answer:?}");

    // Its day comes, by a clock that is right.
    machine.shows(AHEAD);
    let due = digest(&life, 3).await;
    assert!(due.contains(TOLD_BY_WRONG_CLOCK), "{due}");
    assert!(due.contains("H-001") && due.contains("H-002"), "{due}");
    assert!(life.program.is_running());
    let status = life.program.terminate();
    assert!(status.success(), "{status}");
    let digests = life
        .telegram
        .calls("sendMessage")
        .into_iter()
        .filter(is_digest);
    assert_eq!(digests.count(), 3);
    let contacts: Vec<(i64,)> = life.rows("SELECT COUNT(*) FROM contact").await;
    assert_eq!(contacts, [(1,)]);
    let errors = life.program.errors();
    assert!(!errors.contains("panicked"), "{errors}");
}
