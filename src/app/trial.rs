//! `koekake trial`: the page on a made-up office, in a file of its own.
use super::{Folders, chats::Chats, loops::Duties};
use crate::{
    config::Config,
    engine::clock::Clock,
    platforms::web::{Mode, Settings},
    store::{self, Db, Location, lock::Lock, office::OfficeRow},
    trial::{self, Recipe},
};
use anyhow::{Context, bail};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use clap::Args;
use std::{fs, io, net::SocketAddr, path::Path};

/// The file of the made-up office in the data folder.
const FILE: &str = "trial.sqlite";

/// Above this a slip of the finger would fill the disk.
const HOUSEHOLDS_MAX: i64 = 10_000;

#[derive(Debug, Clone, Args)]
pub struct Options {
    #[command(flatten)]
    pub folders: Folders,
    /// Where to listen, on this machine alone; port 0 picks a free one. The
    /// page's address is printed.
    #[arg(long, value_name = "ADDR:PORT")]
    pub listen: Option<SocketAddr>,
    /// Another seed makes another new office.
    #[arg(long, value_name = "N", default_value_t = 1)]
    pub seed: u64,
    /// How many households a new office has.
    #[arg(long, value_name = "N", default_value_t = 60, value_parser = clap::value_parser!(u32).range(..=HOUSEHOLDS_MAX))]
    pub households: u32,
    /// The first day of a new office, or the next open day after it; today if
    /// it is not said.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub on: Option<NaiveDate>,
    /// Throw the office of that folder away and make up a new one.
    #[arg(long)]
    pub fresh: bool,
}

/// Opens the office, or makes it up, and serves its page until a signal.
pub async fn run(options: Options) -> anyhow::Result<()> {
    let config = super::load(options.folders.config.as_deref())?;
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
        .folders
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
    let settings = Settings {
        mode: Mode::Trial,
        language: config.office.language,
        metrics: config.web.metrics,
    };
    let chats = Chats::none();
    let (listener, page_at) = super::page_at(listen).await?;
    let engine = super::engine(&config, (db.clone(), clock), page_at, &chats)?;
    let duties = Duties::alone(&config);
    super::serve((engine, db, chats), listener, settings, duties).await
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
