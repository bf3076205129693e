//! From an empty folder to the first line on two chats, by the real program and
//! its commands alone; it stops in time, and begins again where it was.
use crate::{
    discord::{
        self,
        fake::{FakeDiscord, World, private_channel},
    },
    program::{Program, koekake, run},
    telegram::fake::{Fake, TOKEN, button},
};
use koekake::engine::clock::Clock;
use std::{path::PathBuf, process::Command, time::Duration};
use tempfile::TempDir;

/// The accounts of the two who join.
const SATO: i64 = 7_001;
const ITO: u64 = 9_001;
/// A stop takes no longer.
const STOP_MAX: Duration = Duration::from_secs(10);

/// An empty folder, and both chats.
struct Ground {
    folder: TempDir,
    telegram: Fake,
    discord: FakeDiscord,
}

impl Ground {
    async fn new() -> Ground {
        let now = Clock::system(0).real();
        let ground = Ground {
            folder: tempfile::tempdir().expect("a temp folder"),
            telegram: Fake::start(now.timestamp()).await,
            discord: FakeDiscord::at(now).await,
        };
        std::fs::write(ground.authority(), ground.discord.certificate()).expect("writing");
        ground
    }

    fn authority(&self) -> PathBuf {
        self.folder.path().join("proxy.pem")
    }

    fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The command, with the office's settings in its environment.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = koekake(arguments);
        command
            .arg("--data")
            .arg(self.data())
            .env("KOEKAKE_TELEGRAM__TOKEN", TOKEN)
            .env("KOEKAKE_TELEGRAM__API_URL", &self.telegram.url)
            .env("KOEKAKE_DISCORD__TOKEN", "made.up.token")
            .env("KOEKAKE_NETWORK__PROXY", self.discord.proxy())
            .env("KOEKAKE_NETWORK__CA_FILE", self.authority());
        command
    }

    /// What the command says first.
    async fn says(&self, line: &str) -> String {
        let arguments: Vec<&str> = line.split(' ').collect();
        let command = self.command(&arguments);
        let ended = tokio::task::spawn_blocking(move || run(command, b""));
        let output = ended.await.expect("no panic");
        let errors = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{line}: {errors}");
        let said = String::from_utf8(output.stdout).expect("UTF-8");
        said.lines().next().unwrap_or_default().to_owned()
    }

    async fn starts(&self) -> Program {
        let sessions = self.discord.world().gateway.number;
        let command = self.command(&["run", "--listen", "127.0.0.1:0"]);
        let data = self.data();
        let starting = tokio::task::spawn_blocking(move || Program::started(command, &data));
        let program = starting.await.expect("a start");
        let begun = |world: &World| (world.gateway.number > sessions).then_some(());
        self.discord.until("a session", begun).await;
        program
    }

    /// Everything that was said on either chat so far.
    fn said(&self) -> (usize, usize) {
        let on_telegram = self.telegram.calls("sendMessage").len();
        let on_discord = self.discord.said_in(private_channel(ITO)).len();
        (on_telegram, on_discord)
    }
}

/// SIGTERM; what it says of errors.
async fn stops(mut program: Program) {
    let stopping = tokio::task::spawn_blocking(move || {
        let status = program.terminate();
        (status, program.errors())
    });
    let (status, errors) = tokio::time::timeout(STOP_MAX, stopping)
        .await
        .expect("a stop in time")
        .expect("no panic");
    assert_eq!(status.code(), Some(0), "{errors}");
    for word in ["ERROR", "panicked", TOKEN, "made.up.token"] {
        assert!(!errors.contains(word), "{word}: {errors}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_empty_folder_becomes_an_office_with_two_people_on_two_chats() {
    let ground = Ground::new().await;
    for line in [
        "init --office 見本市保健センター --zone Asia/Tokyo --team 第一班 --admin 小林 --language japanese",
        "person add 佐藤 --role nurse --team 第一班",
        "person add 伊藤 --role supervisor --team 第一班",
        "level telegram 3 --approval 情報第12号",
        "level discord 3 --approval 情報第12号",
    ] {
        ground.says(line).await;
    }
    let (of_sato, of_ito) = (
        ground.says("invite 佐藤").await,
        ground.says("invite 伊藤").await,
    );

    let program = ground.starts().await;
    let (telegram, discord) = (&ground.telegram, &ground.discord);
    telegram.says(SATO, &format!("参加 {of_sato}"));
    let welcome = telegram.message(SATO, 1).await;
    assert!(
        welcome.text().starts_with("佐藤さんとして参加しました"),
        "{}",
        welcome.text()
    );
    discord.types(ITO, &format!("参加 {of_ito}"));
    let welcome = discord.said(private_channel(ITO), 0).await;
    let welcome = discord::office::text(&welcome);
    assert!(
        welcome.starts_with("伊藤さんとして参加しました"),
        "{welcome}"
    );

    // The first line, of a household that nobody has registered.
    telegram.says(SATO, "H-012 訪問 不在 名刺 3か月後");
    let unknown = telegram.message(SATO, 2).await;
    telegram.presses(SATO, SATO, &button(&unknown, "新しく登録"));
    let asked = telegram.message(SATO, 3).await;
    telegram.presses(SATO, SATO, &button(&asked, "家族"));
    let recorded = telegram.message(SATO, 4).await;
    let expected = "記録しました H-012 訪問・不在・名刺投函";
    assert!(recorded.text().contains(expected), "{}", recorded.text());
    discord.types(ITO, "H-012 前回は？");
    let course = discord.said(private_channel(ITO), 1).await;
    let course = discord::office::text(&course);
    assert!(course.contains("訪問・不在・名刺投函"), "{course}");
    telegram.confirmed().await;
    stops(program).await;

    // It begins again, and says nothing twice.
    let said = ground.said();
    let program = ground.starts().await;
    telegram.says(SATO, "H-012 前回は？");
    telegram.message(SATO, said.0 + 1).await;
    discord.types(ITO, "期限超過");
    discord.said(private_channel(ITO), said.1).await;
    telegram.confirmed().await;
    stops(program).await;
    assert_eq!(ground.said(), (said.0 + 1, said.1 + 1));
}
