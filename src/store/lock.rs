//! The lock file beside a SQLite database: one running Koekake per file.
use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
};

/// Held as long as this value lives; the system lets go of it when the process
/// ends, however it ends. The file itself stays.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// Why the lock was not got.
#[derive(Debug, thiserror::Error)]
pub enum Refused {
    #[error("another Koekake already runs on {}; stop it first, or use another data folder", .0.display())]
    Held(PathBuf),
    #[error("cannot lock {}", .0.display())]
    Io(PathBuf, #[source] io::Error),
}

impl Lock {
    /// Takes the lock of this database, or refuses at once.
    pub fn hold(database: &Path) -> Result<Lock, Refused> {
        let path = path_of(database);
        let opened = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&path);
        let file = opened.map_err(|problem| Refused::Io(path.clone(), problem))?;
        match file.try_lock() {
            Ok(()) => Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => Err(Refused::Held(database.to_owned())),
            Err(TryLockError::Error(problem)) => Err(Refused::Io(path, problem)),
        }
    }
}

/// Whether somebody holds the lock of this database. It is taken for the blink
/// of an eye, together with others who look; none is made.
pub fn is_held(database: &Path) -> Result<bool, Refused> {
    let path = path_of(database);
    let file = match File::open(&path) {
        Ok(file) => file,
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => return Ok(false),
        Err(problem) => return Err(Refused::Io(path, problem)),
    };
    match file.try_lock_shared() {
        Ok(()) => Ok(false),
        Err(TryLockError::WouldBlock) => Ok(true),
        Err(TryLockError::Error(problem)) => Err(Refused::Io(path, problem)),
    }
}

/// Beside the database, because SQLite itself locks and replaces its own files.
fn path_of(database: &Path) -> PathBuf {
    let mut path = database.as_os_str().to_owned();
    path.push(".lock");
    PathBuf::from(path)
}
