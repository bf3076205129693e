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
    /// Takes the lock of this database, or refuses at once. The lock is beside
    /// the database, because SQLite itself locks and replaces its own files.
    pub fn hold(database: &Path) -> Result<Lock, Refused> {
        let mut path = database.as_os_str().to_owned();
        path.push(".lock");
        let path = PathBuf::from(path);
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
