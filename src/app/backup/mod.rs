//! `koekake backup`: a copy of the office made beside whoever runs on it, looked
//! through before it takes the place of an older one.
pub mod daily;
pub mod part;

use super::{
    Folders,
    desk::{self, Desk},
    say,
};
use crate::{
    conversation::{
        archive::{Flaw, Refused, Summary, Told},
        phrasing,
    },
    domain::people::Language,
    store::{
        Db, Location,
        archive::{self, Failed},
    },
};
use clap::Args;
use part::{Part, Unwritten};
use std::{
    fs,
    io::{self, BufReader, BufWriter, Seek},
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

#[derive(Debug, Clone, Args)]
pub struct Options {
    /// Where it goes; a file that is there is replaced by a good one only.
    pub file: PathBuf,
    #[command(flatten)]
    pub folders: Folders,
}

pub async fn run(options: Options) -> anyhow::Result<()> {
    let desk = Desk::open(&options.folders).await?;
    let language = desk.config.office.language;
    let location = desk::location(&desk.config, &options.folders);
    let made = tokio::select! {
        made = make(&desk.db, &location, &options.file) => made,
        _ = tokio::signal::ctrl_c() => Err(Unmade::Interrupted),
    };
    let summary = made.map_err(|unmade| unmade.in_words(&options.file, language))?;
    desk.db.close().await;
    let file = options.file.display().to_string();
    tell(&Told::BackedUp { file, summary }, language)
}

/// A line in the language of the settings.
pub fn tell(told: &Told, language: Language) -> anyhow::Result<()> {
    say(&phrasing::archive::say(told, language))
}

/// Why there is no new file. What was there is there.
#[derive(Debug, thiserror::Error)]
pub enum Unmade {
    #[error(transparent)]
    Unwritten(#[from] Unwritten),
    #[error(transparent)]
    Failed(#[from] Failed),
    /// The file is the database itself.
    #[error("the file is the database itself")]
    Itself,
    #[error("interrupted")]
    Interrupted,
}

impl From<io::Error> for Unmade {
    fn from(problem: io::Error) -> Unmade {
        Unmade::Failed(problem.into())
    }
}

impl Unmade {
    pub fn in_words(self, file: &Path, language: Language) -> anyhow::Error {
        let named = file.display().to_string();
        let refused = match self {
            Unmade::Unwritten(Unwritten::BeingWritten(_)) => Refused::BeingWritten { file: named },
            Unmade::Failed(Failed::Flawed(flawed)) => Refused::Flawed {
                file: named,
                flawed,
            },
            Unmade::Failed(Failed::NotEmpty) => Refused::NotEmpty,
            Unmade::Itself => Refused::Itself,
            other => return anyhow::Error::new(other).context(named),
        };
        anyhow::anyhow!(phrasing::archive::say(&Told::Refused(refused), language))
    }
}

/// Writes the office there, as its database allows: a sealed copy of a SQLite
/// file, an export of PostgreSQL.
pub async fn make(db: &Db, location: &Location, target: &Path) -> Result<Summary, Unmade> {
    match location {
        Location::File(file) => copied(file, target).await,
        Location::Url(_) => exported(db, target).await,
    }
}

async fn copied(database: &Path, target: &Path) -> Result<Summary, Unmade> {
    if is_one(database, target) {
        return Err(Unmade::Itself);
    }
    let part = Part::begin(target)?;
    let copied = archive::copy(database, part.path()).await?;
    let part = off_thread(move || {
        archive::seal(part.path())?;
        part.sync()?;
        // As it will be read when it is needed.
        archive::unseal(part.path(), &mut io::sink())?;
        Ok(part)
    })
    .await?;
    let summary = archive::check(part.path(), Some(&copied)).await?;
    off_thread(move || Ok(part.finish()?)).await?;
    Ok(summary)
}

/// Every row as a line.
pub async fn exported(db: &Db, target: &Path) -> Result<Summary, Unmade> {
    let part = Part::begin(target)?;
    let summary = archive::write(db, BufWriter::new(part.file())).await?;
    off_thread(move || {
        part.sync()?;
        let mut written = part.file();
        written.rewind()?;
        if archive::inspect(BufReader::new(written))? != summary {
            return Err(Failed::from(Flaw::Counts).into());
        }
        part.finish()?;
        Ok(summary)
    })
    .await
}

/// Work on a whole file that nobody else shall wait for.
async fn off_thread<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, Unmade> + Send + 'static,
) -> Result<T, Unmade> {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(problem) => Err(io::Error::other(problem).into()),
    }
}

/// Whether both names are those of one file.
pub fn is_one(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(one), Ok(other)) => (one.dev(), one.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}
