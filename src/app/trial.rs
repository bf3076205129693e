//! `koekake trial`: the page on a made-up office, in a file of its own.
use super::loops;
use crate::{
    config::Config,
    engine::clock::Clock,
    platforms::web::{self, Mode, Settings},
    store::{self, Db, Location, lock::Lock, office::OfficeRow},
    trial::{self, Recipe},
};
use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use std::{
    fs,
    io::{self, Write},
    net::SocketAddr,
    path::{Path, PathBuf},
};
use tokio::net::TcpListener;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

/// The file of the made-up office in the data folder.
const FILE: &str = "trial.sqlite";

/// What the command line says.
#[derive(Debug, Clone, Default)]
pub struct Options {
    pub config: Option<PathBuf>,
    pub data: Option<PathBuf>,
    pub listen: Option<SocketAddr>,
    pub seed: u64,
    pub households: u32,
    pub on: Option<NaiveDate>,
    pub fresh: bool,
}

/// Opens the office, or makes it up, and serves its page until a signal.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let config = super::load(options.config.as_deref())?;
    if config.database.url().is_some() {
        bail!(
            "a trial keeps its made-up office in a file of its own: leave `url` of [database] \
             (KOEKAKE_DATABASE__URL) empty"
        );
    }
    let listen = options.listen.unwrap_or(config.web.listen);
    if !listen.ip().is_loopback() {
        bail!("a trial has no sign-in and listens on loopback alone, not on {listen}");
    }
    let folder = options
        .data
        .clone()
        .unwrap_or_else(|| config.data.dir.clone());
    fs::create_dir_all(&folder).with_context(|| format!("cannot make {}", folder.display()))?;
    let file = folder.join(FILE);
    // Held to the end: a second trial on the same file is refused.
    let _lock = Lock::hold(&file)?;
    if options.fresh {
        remove(&file)?;
    }
    let db = open(&file).await?;
    let clock = match store::office::office(&db).await? {
        Some(office) => clock_of(&office, &config, &file)?,
        None => make_up(&options, &config, &db).await?,
    };
    // The lock says that nobody else lives who could hold a claim.
    store::deliveries::free_leases(&db).await?;
    let engine = super::engine(&config, db.clone(), clock)?;

    let shutdown = CancellationToken::new();
    let tracker = TaskTracker::new();
    super::stop_on_signal(shutdown.clone())?;
    let listener = TcpListener::bind(listen)
        .await
        .with_context(|| format!("cannot listen on {listen}"))?;
    writeln!(io::stdout(), "http://{}/", listener.local_addr()?)
        .context("cannot say where the page is")?;
    loops::start(&engine, &tracker, &shutdown);
    let settings = Settings {
        mode: Mode::Trial,
        language: config.office.language,
    };
    let served = web::serve(listener, engine, settings, shutdown.clone()).await;
    shutdown.cancel();
    tracker.close();
    tracker.wait().await;
    db.close().await;
    served.context("the page stopped")
}

async fn open(file: &Path) -> anyhow::Result<Db> {
    let location = Location::File(file.to_owned());
    Db::open(&location).await.with_context(|| {
        format!(
            "cannot open {}; --fresh throws it away and makes up a new office",
            file.display()
        )
    })
}

/// The clock of the office that is there, if a trial with these settings may go on with it.
fn clock_of(office: &OfficeRow, config: &Config, file: &Path) -> anyhow::Result<Clock> {
    if !office.made_up {
        bail!("the office in {} is not made up", file.display());
    }
    if office.zone != config.office.zone {
        // Its dates are days of its own zone.
        bail!(
            "the office in {} keeps the time of {}, `zone` of [office] is {}; \
             --fresh throws it away and makes up a new office",
            file.display(),
            office.zone,
            config.office.zone
        );
    }
    Ok(Clock::system(office.clock_offset_s))
}

/// Makes the office up; its clock begins a minute after it opens, on that day
/// or the next open one.
async fn make_up(options: &Options, config: &Config, db: &Db) -> anyhow::Result<Clock> {
    let calendar = config.office.calendar();
    let clock = Clock::system(0);
    let today = calendar.open_from(options.on.unwrap_or_else(|| calendar.day_of(clock.real())));
    let office = trial::office(&Recipe {
        seed: options.seed,
        households: options.households,
        today,
        calendar: calendar.clone(),
    });
    let begins_at: DateTime<Utc> = calendar.opening(today) + TimeDelta::minutes(1);
    let offset_s = (begins_at - clock.real()).num_seconds();
    let founding = trial::founding(office, config.office.zone, begins_at, offset_s);
    store::office::found(db, &founding).await?;
    Ok(Clock::system(offset_s))
}

/// The database and what SQLite keeps beside it.
fn remove(file: &Path) -> anyhow::Result<()> {
    for suffix in ["", "-wal", "-shm"] {
        let mut path = file.as_os_str().to_owned();
        path.push(suffix);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => {
                return Err(error)
                    .with_context(|| format!("cannot remove {}", Path::new(&path).display()));
            }
            _ => {}
        }
    }
    Ok(())
}
