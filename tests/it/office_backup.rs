//! `backup`, `restore`, `export` and `import data` on the real program: beside
//! lines that are being logged, on a full disk, killed, and with files that are
//! not as they were written.
use crate::missing::left_out;
use crate::{
    kills_chat::{Life, NURSES},
    postgres,
    program::{Program, koekake, run},
    telegram::fake::Call,
};
use sqlx::{AssertSqlSafe, Connection, SqliteConnection, sqlite::SqliteConnectOptions};
use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Duration,
};
use tempfile::TempDir;

const INIT: &str = "init --office 見本市保健センター --zone Asia/Tokyo --team 第一班 --admin 小林 --language japanese";
const STAFF: &str = "\
氏名,役割,班
伊藤,係長,第一班
佐藤,担当,第一班
";
const HOUSEHOLDS: &str = "\
code,team,nurse,state,next date
H-012,第一班,佐藤,支援中,
H-031,第一班,佐藤,支援中,
";
/// How often something is looked for that another process does, and how long.
const LOOK_EVERY: Duration = Duration::from_millis(2);
const PATIENCE: u32 = 10_000;

/// A founded office with two households, at rest.
struct Folder {
    folder: TempDir,
}

impl Folder {
    fn founded() -> Folder {
        let folder = Folder {
            folder: tempfile::tempdir().expect("a temp folder"),
        };
        let arguments: Vec<&str> = INIT.split(' ').collect();
        folder.says(&arguments);
        for (table, text) in [("staff", STAFF), ("households", HOUSEHOLDS)] {
            let file = folder.path(&format!("{table}.csv"));
            fs::write(&file, text).expect("writing");
            folder.says(&["import", table, &file]);
        }
        folder
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join("data").join("office.sqlite")
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = koekake(arguments);
        command.arg("--data").arg(self.folder.path().join("data"));
        command
    }

    fn says(&self, arguments: &[&str]) -> String {
        says(self.command(arguments))
    }

    fn refuses(&self, arguments: &[&str]) -> String {
        refuses(self.command(arguments))
    }

    fn backup(&self) -> String {
        let file = self.path("good.sqlite");
        self.says(&["backup", &file]);
        file
    }

    /// So many lines more in its journal.
    async fn grows(&self, lines: usize) {
        let statement = format!(
            "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < {lines}) \
             INSERT INTO journal (at, person_id, what, detail) \
             SELECT '2026-11-25T01:00:00+00:00', 1, 'class', 'padding ' || i FROM n"
        );
        sql(&self.database(), &statement).await;
    }

    /// All that could be changed.
    fn state(&self) -> Vec<(String, Vec<u8>)> {
        let data = self.folder.path().join("data");
        let mut files: Vec<(String, Vec<u8>)> = fs::read_dir(data)
            .expect("the folder")
            .map(|entry| entry.expect("a file").path())
            // It is made by whoever looks whether somebody runs.
            .filter(|path| path.extension().is_none_or(|kind| kind != "lock"))
            .map(|path| (path.display().to_string(), fs::read(path).expect("a file")))
            .collect();
        files.sort();
        files
    }
}

fn says(command: Command) -> String {
    let output = run(command, b"");
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn refuses(command: Command) -> String {
    let output = run(command, b"");
    let errors = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(1), "{errors}");
    assert!(!errors.contains("panicked"), "{errors}");
    errors
}

async fn sql(file: &Path, statement: &str) {
    let url = format!("sqlite:{}", file.display());
    let mut database = SqliteConnection::connect(&url).await.expect("a database");
    let done = sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut database);
    done.await.expect("a statement");
    database.close().await.expect("closing");
}

async fn count(file: &Path, query: &'static str) -> i64 {
    let options = SqliteConnectOptions::new().filename(file).immutable(true);
    let mut database = SqliteConnection::connect_with(&options)
        .await
        .expect("a database");
    let count = sqlx::query_scalar(query).fetch_one(&mut database).await;
    count.expect(query)
}

/// Names beside that file that a half-done work would have left.
fn leftovers(file: &str) -> Vec<String> {
    let folder = Path::new(file).parent().expect("a folder");
    let names = fs::read_dir(folder).expect("the folder");
    names
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into())
        .filter(|name: &String| name.contains(".part"))
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_amid_lines_holds_every_line_that_was_answered_before_it() {
    let life = Life::begin().await;
    let mut said = 0;
    for round in 0..4 {
        for _ in 0..3 {
            for (_, chat) in NURSES {
                said += 1;
                let line = format!("H-{said:03} 手紙 投函 3か月後");
                life.telegram.says(chat, &line);
            }
        }
        // Some of them are answered, and the others are under way.
        let answers = round * 12 + 5;
        let is_answer = |call: &Call| call.was_done() && call.text().contains("記録しました");
        life.telegram.until(answers, "sendMessage", is_answer).await;
        let answered: Vec<String> = life
            .telegram
            .calls("sendMessage")
            .iter()
            .filter(|call| is_answer(call))
            .filter_map(|call| {
                let text = call.text();
                let (_, code) = text.split_once("記録しました ")?;
                Some(code.chars().take(5).collect())
            })
            .collect();
        assert!(answered.len() >= answers, "{answered:?}");
        let file = life.folder().join(format!("amid-{round}.sqlite"));
        let backup = life.command(&["backup", &file.display().to_string()]);
        let made = tokio::task::spawn_blocking(move || says(backup)).await;
        assert!(made.expect("no panic").contains("読み直して確かめました"));
        let mode = fs::metadata(&file)
            .expect("the backup")
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        let codes: Vec<String> = {
            let options = SqliteConnectOptions::new().filename(&file).immutable(true);
            let mut database = SqliteConnection::connect_with(&options)
                .await
                .expect("the backup");
            sqlx::query_scalar(
                "SELECT h.code FROM contact c JOIN household h ON h.id = c.household_id",
            )
            .fetch_all(&mut database)
            .await
            .expect("the contacts")
        };
        for code in &answered {
            assert!(
                codes.contains(code),
                "{code} was answered, and is not in it"
            );
        }
    }
}

#[tokio::test]
async fn killed_while_it_restores_it_leaves_the_office_as_it_was() {
    let office = Folder::founded();
    office.grows(100_000).await;
    let file = office.backup();
    let before = office.state();
    let part = office.database().with_file_name(".office.sqlite.part");
    for bytes in [0, 1 << 20, 4 << 20] {
        killed_once(office.command(&["restore", &file, "--yes"]), &part, bytes);
        let mut after = office.state();
        after.retain(|(path, _)| !path.contains(".part"));
        assert!(after == before, "{bytes} bytes");
    }
    office.says(&["restore", &file, "--yes"]);
    assert_eq!(leftovers(&part.display().to_string()), Vec::<String>::new());
    assert!(office.says(&["person", "list"]).contains("佐藤"));
}

/// Starts it, and kills it once that file is longer than so many bytes.
fn killed_once(mut command: Command, file: &Path, bytes: u64) {
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("starting it");
    let begun = (0..PATIENCE).any(|_| {
        thread::sleep(LOOK_EVERY);
        fs::metadata(file).is_ok_and(|file| file.len() > bytes)
    });
    child.kill().expect("killing it");
    child.wait().expect("its end");
    assert!(begun, "it wrote nothing");
}

/// A small disk, which goes with this value.
pub struct SmallDisk(pub TempDir);

impl SmallDisk {
    /// None where it cannot be mounted, which is said; in CI that is a failure.
    pub fn of(size: &str) -> Option<SmallDisk> {
        let folder = tempfile::tempdir().expect("a temp folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={size}"), "tmpfs"])
            .arg(folder.path())
            .stderr(Stdio::null())
            .status();
        if mounted.is_ok_and(|status| status.success()) {
            return Some(SmallDisk(folder));
        }
        left_out("a full disk", "leave to mount a small one");
        None
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        // Lazily: a test that failed may hold a file on it still.
        let _ = Command::new("umount").arg("-l").arg(self.0.path()).status();
    }
}

#[tokio::test]
async fn a_full_disk_leaves_the_former_backup_and_nothing_half_done() {
    let office = Folder::founded();
    let Some(disk) = SmallDisk::of("600k") else {
        return;
    };
    let file = disk.0.path().join("backup.sqlite").display().to_string();
    office.says(&["backup", &file]);
    let good = fs::read(&file).expect("the backup");
    let export = disk.0.path().join("all.jsonl").display().to_string();
    office.grows(5_000).await;
    for (command, target) in [("backup", &file), ("export", &export)] {
        let said = office.refuses(&[command, target]);
        assert!(
            said.contains("full") || said.contains("No space left"),
            "{command}: {said}"
        );
        assert_eq!(leftovers(&file), Vec::<String>::new(), "{command}");
        assert_eq!(fs::read(&file).expect("the backup"), good, "{command}");
    }
    assert!(!Path::new(&export).exists());
    // The office itself on that disk: there is no room for another one.
    let small = disk.0.path().join("data");
    fs::remove_file(&file).expect("room");
    fs::create_dir(&small).expect("a folder");
    let here = small.join("office.sqlite");
    fs::write(&here, &good[..good.len() / 4_096 * 4_096]).expect("the office");
    let before = fs::read(&here).expect("the office");
    let big = office.backup();
    let mut restore = koekake(&["restore", &big, "--yes", "--data"]);
    restore.arg(&small);
    let said = refuses(restore);
    assert!(said.contains("No space left"), "{said}");
    assert_eq!(leftovers(&here.display().to_string()), Vec::<String>::new());
    assert_eq!(fs::read(&here).expect("the office"), before);
}

#[tokio::test]
async fn killed_while_it_writes_it_leaves_the_former_backup() {
    let office = Folder::founded();
    let file = office.backup();
    let good = fs::read(&file).expect("the backup");
    office.grows(200_000).await;
    let part = office.folder.path().join(".good.sqlite.part");
    for bytes in [0, 1 << 20, 4 << 20] {
        killed_once(office.command(&["backup", &file]), &part, bytes);
        assert_eq!(fs::read(&file).expect("the backup"), good, "{bytes} bytes");
    }
    // The next one writes over what is left.
    office.says(&["backup", &file]);
    assert_eq!(leftovers(&file), Vec::<String>::new());
    let journal = count(Path::new(&file), "SELECT count(*) FROM journal").await;
    assert!(journal > 200_000, "{journal}");
}

#[tokio::test]
async fn what_is_no_good_backup_is_refused_and_nothing_changes() {
    let office = Folder::founded();
    let good = fs::read(office.backup()).expect("the backup");
    let bad = office.path("bad.sqlite");
    let before = office.state();
    let mut flipped = good.clone();
    flipped[good.len() / 2] ^= 0x10;
    let other = office.path("other.sqlite");
    sql_new(&other, "CREATE TABLE household (code TEXT)").await;
    let foreign = fs::read(&other).expect("a database");
    // Their seals would be good: they were closed in order, and have none.
    let mut changed = Vec::new();
    for statement in [
        "UPDATE _sqlx_migrations SET version = 999 WHERE version = 1",
        "UPDATE office SET made_up = 1",
        "PRAGMA foreign_keys = OFF; DELETE FROM person WHERE name = '佐藤'",
        "DELETE FROM office",
    ] {
        let path = office.path("changed.sqlite");
        fs::write(&path, &good[..good.len() / 4096 * 4096]).expect("writing");
        sql(Path::new(&path), statement).await;
        changed.push(fs::read(&path).expect("a database"));
    }
    let cases: Vec<(&[u8], &str)> = vec![
        (&flipped, "書いたときと中身が違います"),
        (&good[..good.len() - 7], "書いたときと中身が違います"),
        (
            &good[..good.len() / 8192 * 4096],
            "書いたときと中身が違います",
        ),
        (b"", "控えでも、書き出したファイルでもありません"),
        (
            b"SQLite format 3",
            "控えでも、書き出したファイルでもありません",
        ),
        (&foreign, "控えでも、書き出したファイルでもありません"),
        (&changed[0], "新しい版のものです"),
        (&changed[1], "架空の事業所です"),
        (&changed[2], "書いたときと中身が違います"),
        (&changed[3], "事業所が入っていません"),
        (b"{}\n", "控えでも、書き出したファイルでもありません"),
    ];
    for (bytes, expected) in cases {
        fs::write(&bad, bytes).expect("writing");
        let said = office.refuses(&["restore", &bad, "--yes"]);
        assert!(said.contains(expected), "{expected}: {said}");
        assert!(office.state() == before, "{expected}: something changed");
    }
    let said = office.refuses(&["restore", &office.path("none.sqlite"), "--yes"]);
    assert!(said.contains("none.sqlite"), "{said}");
    let said = office.refuses(&["restore", &office.path("good.sqlite")]);
    assert!(said.contains("--yes"), "without a terminal: {said}");
    assert!(office.state() == before);
}

async fn sql_new(file: &str, statement: &str) {
    fs::write(file, b"").expect("writing");
    sql(Path::new(file), statement).await;
}

#[tokio::test]
async fn restored_it_is_as_it_was_and_the_former_stands_beside_it() {
    let office = Folder::founded();
    let file = office.backup();
    let add = "person add 鈴木 --role nurse --team 第一班";
    office.says(&add.split(' ').collect::<Vec<&str>>());
    office.says(&["link", "佐藤"]);

    let program = Program::run(&office.folder.path().join("data"), &[]);
    let said = office.refuses(&["restore", &file, "--yes"]);
    assert!(said.contains("`koekake run` が動いています"), "{said}");
    drop(program);
    // Killed, it leaves its last writes in a file beside the database.
    let said = office.says(&["restore", &file, "--yes"]);
    assert!(said.contains("戻しました"), "{said}");
    let former = said
        .lines()
        .find_map(|line| line.strip_prefix("それまでのデータベース: "))
        .expect("where the former is");
    assert!(!office.says(&["person", "list"]).contains("鈴木"));
    let here = office.database();
    let links = "SELECT count(*) FROM page_link";
    assert_eq!(count(Path::new(former), links).await, 1);
    office.says(&["person", "list"]);
    assert_eq!(count(&here, links).await, 0);
    let restored = "SELECT count(*) FROM journal WHERE what = 'restored'";
    assert_eq!(count(&here, restored).await, 1);
    assert_eq!(leftovers(&here.display().to_string()), Vec::<String>::new());

    // The way back is the same.
    office.says(&["restore", former, "--yes"]);
    assert!(office.says(&["person", "list"]).contains("鈴木"));
    let mut program = Program::run(&office.folder.path().join("data"), &[]);
    assert!(program.terminate().success(), "{}", program.errors());
    assert!(!program.errors().contains("ERROR"), "{}", program.errors());
}

#[tokio::test]
async fn while_another_command_has_the_database_open_nothing_is_restored() {
    let office = Folder::founded();
    let file = office.backup();
    let url = format!("sqlite:{}", office.database().display());
    let mut other = SqliteConnection::connect(&url).await.expect("the database");
    let begun = "PRAGMA journal_mode = WAL; BEGIN; SELECT count(*) FROM person";
    sqlx::raw_sql(begun)
        .execute(&mut other)
        .await
        .expect("begun");
    let said = office.refuses(&["restore", &file, "--yes"]);
    assert!(
        said.contains("ほかの命令がデータベースを使っています"),
        "{said}"
    );
    sqlx::raw_sql("COMMIT")
        .execute(&mut other)
        .await
        .expect("still there");
    other.close().await.expect("closing");
    office.says(&["restore", &file, "--yes"]);
}

#[tokio::test]
async fn a_broken_database_is_put_aside_whole_and_replaced() {
    let office = Folder::founded();
    let file = office.backup();
    let here = office.database();
    let broken = b"this was a database once".repeat(300);
    fs::write(&here, &broken).expect("breaking it");
    fs::write(format!("{}-wal", here.display()), b"its last writes").expect("writing");
    let said = office.says(&["restore", &file, "--yes"]);
    let former = said
        .lines()
        .find_map(|line| line.strip_prefix("それまでのデータベース: "))
        .expect("where the former is");
    assert_eq!(fs::read(former).expect("the former"), broken);
    let wal = fs::read(format!("{former}-wal")).expect("what stood beside it");
    assert_eq!(wal, b"its last writes");
    assert!(office.says(&["person", "list"]).contains("佐藤"));
}

#[tokio::test]
async fn an_export_goes_to_a_server_and_back_and_loses_nothing() {
    let office = Folder::founded();
    let (first, second) = (office.path("first.jsonl"), office.path("second.jsonl"));
    office.says(&["export", &first]);
    let exported = fs::read(&first).expect("the export");
    let mode = fs::metadata(&first)
        .expect("the export")
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let said = office.refuses(&["import", "data", &first]);
    assert!(said.contains("もう事業所があります"), "{said}");

    let empty = office.path("empty");
    let into_file = |arguments: &[&str]| {
        let mut command = koekake(arguments);
        command.arg("--data").arg(&empty);
        command
    };
    let Some(url) = postgres::database().await else {
        return;
    };
    let on_server = |arguments: &[&str]| {
        let mut command = koekake(arguments);
        command.env("KOEKAKE_DATABASE__URL", &url);
        command
    };
    says(on_server(&["import", "data", &first]));
    says(on_server(&["export", &second]));
    assert!(fs::read(&second).expect("the export") == exported);
    says(into_file(&["import", "data", &second]));
    let third = office.path("third.jsonl");
    says(into_file(&["export", &third]));
    assert!(fs::read(&third).expect("the export") == exported);

    let text = String::from_utf8(exported).expect("UTF-8");
    let broken = text.replacen("\"code\":\"H-031\"", "\"code\":31", 1);
    let line = 1 + text
        .lines()
        .position(|line| line.contains("\"H-031\""))
        .expect("it");
    fs::write(&second, broken).expect("writing");
    let mut elsewhere = koekake(&["import", "data", &second, "--data"]);
    elsewhere.arg(office.path("never"));
    let said = refuses(elsewhere);
    assert!(said.contains(&format!("{line}行目")), "{said}");
}

#[tokio::test]
async fn on_a_server_a_backup_is_an_export_and_is_restored_into_an_empty_database() {
    let (Some(url), Some(other)) = (postgres::database().await, postgres::database().await) else {
        return;
    };
    let folder = tempfile::tempdir().expect("a temp folder");
    let on = |url: &str, arguments: &[&str]| {
        let mut command = koekake(arguments);
        command.env("KOEKAKE_DATABASE__URL", url);
        command
    };
    let init: Vec<&str> = INIT.split(' ').collect();
    says(on(&url, &init));
    let file = folder.path().join("server.jsonl").display().to_string();
    says(on(&url, &["backup", &file]));
    let said = refuses(on(&url, &["restore", &file, "--yes"]));
    assert!(said.contains("もう事業所があります"), "{said}");
    let copy = Folder::founded().backup_bytes();
    let sqlite = folder.path().join("copy.sqlite");
    fs::write(&sqlite, copy).expect("writing");
    let said = refuses(on(
        &other,
        &["restore", &sqlite.display().to_string(), "--yes"],
    ));
    assert!(said.contains("PostgreSQL に戻せるのは"), "{said}");
    says(on(&other, &["restore", &file, "--yes"]));
    assert!(says(on(&other, &["person", "list"])).contains("小林"));
    // And into a file, where the server is gone for good.
    let data = folder.path().join("data");
    let mut into_file = koekake(&["restore", &file, "--yes", "--data"]);
    into_file.arg(&data);
    says(into_file);
    let mut list = koekake(&["person", "list", "--data"]);
    list.arg(&data);
    assert!(says(list).contains("小林"));
}

impl Folder {
    fn backup_bytes(&self) -> Vec<u8> {
        fs::read(self.backup()).expect("the backup")
    }

    /// `koekake run` with daily backups into that folder, kept by twos.
    fn runs_daily(&self, into: &Path) -> Program {
        let mut command = self.command(&["run", "--listen", "127.0.0.1:0"]);
        command
            .env("KOEKAKE_BACKUP__DIR", into)
            .env("KOEKAKE_BACKUP__AT", "00:00")
            .env("KOEKAKE_BACKUP__KEEP", "2");
        Program::started(command, &self.folder.path().join("data"))
    }

    fn doctor(&self, into: &Path) -> String {
        let mut command = self.command(&["doctor"]);
        command
            .env("KOEKAKE_BACKUP__DIR", into)
            .env("KOEKAKE_BACKUP__KEEP", "2");
        String::from_utf8(run(command, b"").stdout).expect("UTF-8")
    }
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("the folder");
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("a file").file_name().to_string_lossy().into())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_of_each_day_is_made_and_only_its_own_are_taken_away() {
    let office = Folder::founded();
    let into = office.folder.path().join("backups");
    fs::create_dir(&into).expect("the folder");
    let said = office.doctor(&into);
    assert!(said.contains("注意 控え"), "{said}");
    for old in [
        "koekake-2020-01-01.sqlite",
        "koekake-2020-01-02.sqlite",
        "koekake-2020-01-03.jsonl",
        "koekake-2999-01-01.sqlite",
        "mine-2020-01-01.sqlite",
        "koekake-before.sqlite",
    ] {
        fs::write(into.join(old), b"old").expect("writing");
    }
    let said = office.doctor(&into);
    assert!(
        said.contains("直す 控え") && said.contains("2020-01-03"),
        "{said}"
    );
    let program = office.runs_daily(&into);
    let made = (0..PATIENCE).any(|_| {
        thread::sleep(LOOK_EVERY);
        names(&into).len() == 5 && leftovers(&into.join("x").display().to_string()).is_empty()
    });
    assert!(made, "{:?}\n{}", names(&into), program.errors());
    let names = names(&into);
    assert_eq!(
        names[2..],
        [
            "koekake-2999-01-01.sqlite",
            "koekake-before.sqlite",
            "mine-2020-01-01.sqlite"
        ],
        "{names:?}"
    );
    assert_eq!(names[0], "koekake-2020-01-03.jsonl", "the two newest stay");
    let said = office.doctor(&into);
    assert!(said.contains("ok 控え: いちばん新しい控え"), "{said}");
    drop(program);
    let today = into.join(&names[1]).display().to_string();
    office.says(&["restore", &today, "--yes"]);
}

#[test]
fn where_none_can_be_made_the_log_and_the_doctor_say_so_and_the_office_goes_on() {
    let office = Folder::founded();
    let in_the_way = office.folder.path().join("in-the-way");
    fs::write(&in_the_way, b"no folder").expect("writing");
    let mut program = office.runs_daily(&in_the_way.join("backups"));
    let said = (0..PATIENCE).any(|_| {
        thread::sleep(LOOK_EVERY);
        program.errors().contains("no backup was made")
    });
    assert!(said, "{}", program.errors());
    assert!(program.terminate().success());
    let said = office.doctor(&in_the_way.join("backups"));
    assert!(said.contains("控え") && !said.contains("ok 控え"), "{said}");
}
