//! `koekake restore`: puts the office back to what a backup holds. The file is
//! looked through before anything is replaced, and what was there stays beside it.
use super::{
    backup::{
        Unmade, is_one,
        part::{Part, all_beside, folder_of, sync_folder_of},
        tell,
    },
    chats, desk,
    person::By,
};
use crate::{
    config::Config,
    conversation::{
        archive::{Flaw, Refused, Summary, Told},
        message::Platform,
        phrasing,
    },
    domain::people::Language,
    engine::clock::Clock,
    store::{
        Db, Fault, Location,
        archive::{self, Mended, Restorer, Settled},
        lock::{self, Lock},
    },
};
use anyhow::Context;
use chrono::{DateTime, Utc};
use clap::Args;
use std::{
    fs::{self, File},
    io::{self, BufRead, BufReader, IsTerminal, Read, Write},
    path::{Path, PathBuf},
};

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// A backup, or an export.
    pub file: PathBuf,
    /// Do not ask.
    #[arg(long)]
    pub yes: bool,
    #[command(flatten)]
    pub who: By,
}

pub async fn run(options: Options) -> anyhow::Result<()> {
    let mut config = super::load(options.who.folders.config.as_deref())?;
    let location = desk::location(&config, &options.who.folders);
    let restoring = Restoring {
        file: &options.file,
        language: config.office.language,
        yes: options.yes,
        restorer: Restorer {
            by: options.who.by.as_deref(),
            now: Clock::system(0).real(),
        },
    };
    let (mended, former) = match &location {
        Location::File(database) => {
            let (mended, former) = restoring.replaces_file(&mut config, database).await?;
            (mended, former.map(|former| former.display().to_string()))
        }
        Location::Url(_) => (restoring.fills_server(&config, &location).await?, None),
    };
    let repeated = mended.repeated;
    tell(&Told::Restored { former, repeated }, restoring.language)?;
    for platform in chats::switched_on(&config) {
        let is_read_again = platform == Platform::Discord;
        let lines = Told::Lines {
            platform,
            is_read_again,
        };
        tell(&lines, restoring.language)?;
    }
    Ok(())
}

struct Restoring<'a> {
    file: &'a Path,
    language: Language,
    yes: bool,
    restorer: Restorer<'a>,
}

impl Restoring<'_> {
    /// Makes a whole new file beside the database, which then takes its place;
    /// where the former is, if there was one.
    async fn replaces_file(
        &self,
        config: &mut Config,
        database: &Path,
    ) -> anyhow::Result<(Mended, Option<PathBuf>)> {
        if is_one(self.file, database) {
            return Err(self.refuses(Refused::Itself));
        }
        File::open(self.file).with_context(|| self.file.display().to_string())?;
        desk::make_folder(&Location::File(database.to_owned()))?;
        let _lock = match Lock::hold(database) {
            Err(lock::Refused::Held(_)) => return Err(self.refuses(Refused::Running)),
            held => held?,
        };
        let part = Part::begin(database).map_err(|unwritten| self.unmade(unwritten.into()))?;
        let fresh = Location::File(part.path().to_owned());
        let (summary, taken_in) = self.fill(&part, &fresh).await?;
        // It is brought up to this program's tables.
        let db = desk::database(&fresh).await?;
        let office = crate::store::office::office(&db).await?;
        config.office.zone = office.map_or(config.office.zone, |office| office.zone);
        self.confirm(config, &db, (summary, database.display().to_string()))
            .await?;
        let mended = match taken_in {
            Some(mended) => mended,
            None => archive::mend(&db, &self.restorer).await?,
        };
        db.close().await;
        let former = self.put_in_place(config, part, database).await?;
        Ok((mended, former))
    }

    /// Fills the new file: what it holds, and what an export was told as it was
    /// taken in.
    async fn fill(
        &self,
        part: &Part,
        fresh: &Location,
    ) -> anyhow::Result<(Summary, Option<Mended>)> {
        if is_sqlite(self.file)? {
            let unsealed = unsealed(self.file, part).map_err(|unmade| self.unmade(unmade));
            unsealed?;
            let checked = archive::check(part.path(), None).await;
            let summary = checked.map_err(|failed| self.unmade(failed.into()))?;
            return Ok((summary, None));
        }
        let summary = self.inspected()?;
        let db = desk::database(fresh).await?;
        let mended = self.taken_in(&db).await?;
        db.close().await;
        Ok((summary, Some(mended)))
    }

    /// An export into an empty database of a server; another than the former,
    /// which stays as it is.
    async fn fills_server(&self, config: &Config, location: &Location) -> anyhow::Result<Mended> {
        if is_sqlite(self.file)? {
            return Err(self.refuses(Refused::WrongKind));
        }
        let summary = self.inspected()?;
        let db = desk::database(location).await?;
        let place = desk::shown(location);
        self.confirm(config, &db, (summary, place)).await?;
        let mended = self.taken_in(&db).await?;
        db.close().await;
        Ok(mended)
    }

    fn inspected(&self) -> anyhow::Result<Summary> {
        let inspected = archive::inspect(BufReader::new(File::open(self.file)?));
        inspected.map_err(|failed| self.unmade(failed.into()))
    }

    async fn taken_in(&self, db: &Db) -> anyhow::Result<Mended> {
        let from = BufReader::new(File::open(self.file)?);
        let taken = archive::take_in(db, from, Some(&self.restorer)).await;
        let taken = taken.map_err(|failed| self.unmade(failed.into()))?;
        Ok(taken.mended)
    }

    /// Says what is to be done, and asks.
    async fn confirm(
        &self,
        config: &Config,
        db: &Db,
        (summary, place): (Summary, String),
    ) -> anyhow::Result<()> {
        let calendar = config.office.calendar();
        let last = archive::last_heard(db).await?;
        let restoring = Told::Restoring {
            summary,
            last: last.map(|last| calendar.local(last)),
            place,
        };
        tell(&restoring, self.language)?;
        if self.yes {
            return Ok(());
        }
        if !io::stdin().is_terminal() {
            return Err(self.refuses(Refused::Unconfirmed));
        }
        let mut output = io::stderr();
        write!(output, "{}", self.says(&Told::Sure))?;
        output.flush()?;
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        match ["y", "yes", "はい"].contains(&answer.trim().to_lowercase().as_str()) {
            true => Ok(()),
            false => Err(self.refuses(Refused::Declined)),
        }
    }

    /// The former is a file by itself and has another name before the new one
    /// takes its own.
    async fn put_in_place(
        &self,
        config: &Config,
        part: Part,
        database: &Path,
    ) -> anyhow::Result<Option<PathBuf>> {
        let (is_there, folder) = (database.exists(), folder_of(database));
        part.belongs_as(if is_there { database } else { folder })?;
        let former = match is_there {
            true => {
                let former = former_name(database, self.restorer.now, config);
                self.park(database, &former).await?;
                Some(former)
            }
            false => None,
        };
        part.finish()
            .with_context(|| desk::shown(&Location::File(database.to_owned())))?;
        Ok(former)
    }

    async fn park(&self, database: &Path, former: &Path) -> anyhow::Result<()> {
        match archive::settle(database).await {
            // A broken one keeps what stands beside it.
            Ok(Settled::Whole | Settled::Unreadable) => {}
            Err(Fault::Busy(_)) => return Err(self.refuses(Refused::Busy)),
            Err(fault) => return Err(fault).context("the database that is there"),
        }
        let named = || former.display().to_string();
        // A second name, so that there is no moment without a database; not every
        // disk has those.
        if fs::hard_link(database, former).is_err() {
            fs::copy(database, former).with_context(named)?;
            File::open(former)?.sync_all().with_context(named)?;
        }
        for (own, other) in all_beside(database).zip(all_beside(former)) {
            if own.exists() {
                fs::rename(own, other).with_context(named)?;
            }
        }
        sync_folder_of(database).with_context(|| folder_of(database).display().to_string())
    }

    fn unmade(&self, unmade: Unmade) -> anyhow::Error {
        unmade.in_words(self.file, self.language)
    }

    fn refuses(&self, refused: Refused) -> anyhow::Error {
        anyhow::anyhow!(self.says(&Told::Refused(refused)))
    }

    fn says(&self, told: &Told) -> String {
        phrasing::archive::say(told, self.language)
    }
}

fn is_sqlite(file: &Path) -> anyhow::Result<bool> {
    let named = || file.display().to_string();
    let mut head = Vec::new();
    let opened = File::open(file).with_context(named)?;
    opened.take(16).read_to_end(&mut head).with_context(named)?;
    // An export begins with a brace.
    Ok(!head.starts_with(b"{"))
}

/// The pages of a backup, without its seal. What stands in a file beside it would
/// be missing.
fn unsealed(file: &Path, part: &Part) -> Result<(), Unmade> {
    let mut beside = all_beside(file).filter(|path| !path.to_string_lossy().ends_with("-shm"));
    if beside.any(|path| fs::metadata(path).is_ok_and(|found| found.len() > 0)) {
        return Err(Unmade::Failed(Flaw::InUse.into()));
    }
    archive::unseal(file, &mut part.file())?;
    Ok(part.sync()?)
}

/// Beside the database, by the office's clock.
fn former_name(database: &Path, now: DateTime<Utc>, config: &Config) -> PathBuf {
    let at = config.office.calendar().local(now);
    let mut name = database.as_os_str().to_owned();
    name.push(format!(".before-{}", at.format("%Y-%m-%dT%H-%M-%S")));
    PathBuf::from(name)
}
