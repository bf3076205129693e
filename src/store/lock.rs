//! The lock file beside a SQLite database: one running Koekake per file.
use std::{
    fs::{File, OpenOptions, TryLockError},
    io,
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

/// Who looks whether the lock is held has it for a moment, as has who is just
/// ending: so often it is tried, and so long a try waits for the next.
const TRIES: usize = 10;
const PAUSE: Duration = Duration::from_millis(50);

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
    /// Takes the lock of this database, or refuses after half a second.
    pub fn hold(database: &Path) -> Result<Lock, Refused> {
        let path = path_of(database);
        let opened = OpenOptions::new()
            .create(true)
            .write(true)
            .truncate(false)
            .open(&path);
        let file = opened.map_err(|problem| Refused::Io(path.clone(), problem))?;
        for _ in 0..TRIES {
            match file.try_lock() {
                Ok(()) => return Ok(Lock { _file: file }),
                Err(TryLockError::WouldBlock) => thread::sleep(PAUSE),
                Err(TryLockError::Error(problem)) => return Err(Refused::Io(path, problem)),
            }
        }
        Err(Refused::Held(database.to_owned()))
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
