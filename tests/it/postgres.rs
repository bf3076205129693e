//! A PostgreSQL server for the tests of one process: found, started, and gone with it.
use crate::missing::left_out;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection, postgres::PgConnectOptions};
use std::{
    env, fs,
    net::TcpListener,
    os::unix::{
        fs::{MetadataExt, chown},
        process::CommandExt,
    },
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
};
use tempfile::TempDir;

/// A server to use instead of an own one. The databases made on it stay there.
const GIVEN: &str = "KOEKAKE_TEST_POSTGRES";
/// Another process may take the free port between our look and the server's.
const STARTS_MAX: u32 = 3;

/// The URL of a new, empty database; None where no PostgreSQL is installed,
/// which is said once. In CI its absence is a failure.
pub async fn database() -> Option<String> {
    Some(database_on(server()?).await)
}

async fn database_on(server: &PgConnectOptions) -> String {
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let name = format!("koekake_test_{}_{number}", std::process::id());
    let mut connection = PgConnection::connect_with(server)
        .await
        .expect("connecting to the test server");
    // The names are made here, of digits and known letters.
    for statement in [
        format!("DROP DATABASE IF EXISTS {name}"),
        format!("CREATE DATABASE {name}"),
    ] {
        sqlx::query(AssertSqlSafe(statement))
            .execute(&mut connection)
            .await
            .expect("making a test database");
    }
    connection.close().await.expect("closing the connection");
    server.clone().database(&name).to_url_lossy().to_string()
}

/// The one server of this process.
fn server() -> Option<&'static PgConnectOptions> {
    static SERVER: OnceLock<Option<(PgConnectOptions, Option<Cluster>)>> = OnceLock::new();
    let started = SERVER.get_or_init(|| {
        if let Ok(url) = env::var(GIVEN) {
            let options = url.parse().expect("KOEKAKE_TEST_POSTGRES is a URL");
            return Some((options, None));
        }
        // No power goes while the tests run, and nobody stops it in their midst.
        let cluster = Cluster::new("what needs a server", "off")?;
        Some((cluster.options.clone(), Some(cluster)))
    });
    started.as_ref().map(|(options, _)| options)
}

const PORTS: std::ops::Range<u16> = 20_000..30_000;

/// The folder with `initdb`, `pg_ctl` and `postgres`: in the PATH, where Debian
/// keeps them, or where `pg_config` says.
fn programs() -> Option<PathBuf> {
    let in_path = env::var_os("PATH")
        .map(|path| env::split_paths(&path).collect::<Vec<_>>())
        .unwrap_or_default();
    let debian = fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .filter_map(|version| Some(version.ok()?.path().join("bin")));
    let told = Command::new("pg_config")
        .arg("--bindir")
        .output()
        .ok()
        .and_then(|output| String::from_utf8(output.stdout).ok())
        .map(|folder| PathBuf::from(folder.trim()));
    in_path
        .into_iter()
        .chain(debian)
        .chain(told)
        .find(|folder| {
            ["initdb", "pg_ctl", "postgres"]
                .iter()
                .all(|program| folder.join(program).is_file())
        })
}

/// Stops the server and removes its folder when this process ends, however it
/// ends: then its standard input closes.
type Watchdog = Child;

/// A server with its own data, which can be stopped and started.
pub struct Cluster {
    options: PgConnectOptions,
    programs: PathBuf,
    data: PathBuf,
    user: Option<(u32, u32)>,
    settings: String,
    _watchdog: Watchdog,
}

/// How a server is stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// In order: whoever is connected is cut off.
    Fast,
    /// As by a crash.
    Immediate,
}

impl Cluster {
    /// One of a test's own; None where no PostgreSQL is installed.
    pub fn own(what: &str) -> Option<Cluster> {
        Cluster::new(what, "on")
    }

    fn new(what: &str, synchronous_commit: &str) -> Option<Cluster> {
        let Some(programs) = programs() else {
            left_out(what, "PostgreSQL");
            return None;
        };
        let folder = TempDir::with_prefix("koekake-postgres-").expect("a temp folder");
        let user = user_of_server(folder.path());
        if let Some((uid, gid)) = user {
            let given = chown(folder.path(), Some(uid), Some(gid));
            given.expect("giving the folder to the server's user");
        }
        let watchdog = watch(&programs, folder.path(), user);
        // From here on the folder is the watchdog's to remove.
        let folder = folder.keep();
        let data = folder.join("data");
        run(as_user(&programs.join("initdb"), user)
            .arg("--pgdata")
            .arg(&data)
            .args(["--username=koekake", "--auth=trust", "--no-sync"])
            .args(["--encoding=UTF8", "--no-locale"]))
        .expect("initdb");
        let mut cluster = Cluster {
            options: PgConnectOptions::new_without_pgpass()
                .host("127.0.0.1")
                .username("koekake")
                .database("postgres"),
            programs,
            data,
            user,
            settings: String::new(),
            _watchdog: watchdog,
        };
        let mut why = String::new();
        for _ in 0..STARTS_MAX {
            let port = free_port();
            cluster.settings = format!(
                "-c listen_addresses=127.0.0.1 -c port={port} -c unix_socket_directories='' \
                 -c fsync=off -c synchronous_commit={synchronous_commit} -c full_page_writes=off"
            );
            match cluster.try_start() {
                Ok(()) => {
                    cluster.options = cluster.options.port(port);
                    return Some(cluster);
                }
                Err(problem) => why = problem,
            }
        }
        panic!("the PostgreSQL server did not start: {why}");
    }

    /// The URL of a new, empty database on it.
    pub async fn database(&self) -> String {
        database_on(&self.options).await
    }

    /// Returns when it is stopped.
    pub fn stop(&self, how: Stop) {
        let mode = match how {
            Stop::Fast => "fast",
            Stop::Immediate => "immediate",
        };
        let stopped = run(self.pg_ctl().args(["--mode", mode, "--wait", "stop"]));
        stopped.expect("stopping the server");
    }

    /// Returns when it answers again.
    pub fn start(&self) {
        self.try_start().expect("starting the server again");
    }

    fn try_start(&self) -> Result<(), String> {
        let log = self.data.with_file_name("log");
        run(self.pg_ctl().arg("--log").arg(log).args([
            "--options",
            &self.settings,
            "--wait",
            "start",
        ]))
    }

    fn pg_ctl(&self) -> Command {
        let mut command = as_user(&self.programs.join("pg_ctl"), self.user);
        command.arg("--pgdata").arg(&self.data);
        command
    }
}

/// PostgreSQL refuses to run as root; then it runs as a user that it may be.
fn user_of_server(folder: &Path) -> Option<(u32, u32)> {
    let own = fs::metadata(folder).expect("the temp folder").uid();
    if own != 0 {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").expect("the list of users");
    let ids = |wanted: &str| {
        let line = users
            .lines()
            .find(|line| line.split(':').next() == Some(wanted))?;
        let mut ids = line.split(':').skip(2);
        Some((ids.next()?.parse().ok()?, ids.next()?.parse().ok()?))
    };
    Some(
        ids("postgres")
            .or_else(|| ids("nobody"))
            .expect("a user postgres or nobody"),
    )
}

fn watch(programs: &Path, folder: &Path, user: Option<(u32, u32)>) -> Watchdog {
    as_user(Path::new("sh"), user)
        .args([
            "-c",
            r#"cat; "$1/pg_ctl" --pgdata "$2/data" --mode immediate --wait stop; rm -rf "$2""#,
            "watchdog",
        ])
        .args([programs, folder])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // Ctrl-C ends the tests; the watchdog must outlive them.
        .process_group(0)
        .spawn()
        .expect("starting the watchdog")
}

fn as_user(program: &Path, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    // The working directory may be closed to the server's user.
    command.current_dir("/").env("LC_ALL", "C");
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

/// Runs it to its end without a pipe, which a server that it starts would keep open.
fn run(command: &mut Command) -> Result<(), String> {
    let output = TempDir::new().map_err(|error| error.to_string())?;
    let log = output.path().join("log");
    let file = fs::File::create(&log).map_err(|error| error.to_string())?;
    let status = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(file)
        .status()
        .map_err(|error| error.to_string())?;
    if status.success() {
        return Ok(());
    }
    let said = fs::read_to_string(&log).unwrap_or_default();
    Err(format!("{status}: {said}"))
}

/// A free port below those that a system gives to whoever asks for any: a server that
/// was stopped finds it free when it starts again.
fn free_port() -> u16 {
    (0..PORTS.len())
        .map(|_| rand::random_range(PORTS))
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .expect("a free port")
}

#[tokio::test]
async fn each_database_is_new_and_empty() {
    let (Some(first), Some(second)) = (database().await, database().await) else {
        return;
    };
    for url in [first, second] {
        let mut connection = PgConnection::connect(&url).await.expect("connecting");
        sqlx::query("CREATE TABLE household (code TEXT PRIMARY KEY)")
            .execute(&mut connection)
            .await
            .expect("the table is not there yet");
        sqlx::query("INSERT INTO household (code) VALUES ($1)")
            .bind("H-012")
            .execute(&mut connection)
            .await
            .expect("inserting");
        let code: String = sqlx::query_scalar("SELECT code FROM household")
            .fetch_one(&mut connection)
            .await
            .expect("reading");
        assert_eq!(code, "H-012");
        connection.close().await.expect("closing");
    }
}
