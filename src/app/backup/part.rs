//! A file that is written beside its place and comes into it only when it is
//! whole, for its owner alone to read.
use std::{
    ffi::OsString,
    fs::{self, File, OpenOptions, Permissions, TryLockError},
    io,
    os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt, chown},
    path::{Path, PathBuf},
};

/// What stands around the name of a file that is not yet whole.
const BEGINS: &str = ".";
const ENDS: &str = ".part";
const OWNER_ALONE: u32 = 0o600;
/// Whoever had it may be moving it into its place: then it is begun anew.
const TRIES: usize = 10;
/// What SQLite keeps beside a file.
const BESIDE: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Dropped before it is whole, it is gone; what a killed process has left is
/// written over by the next.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    target: PathBuf,
    /// Locked as long as it is written.
    file: File,
    is_whole: bool,
}

#[derive(Debug, thiserror::Error)]
pub enum Unwritten {
    /// Somebody else is writing it.
    #[error("{} is being written already", .0.display())]
    BeingWritten(PathBuf),
    #[error("cannot write {}", .0.display())]
    Io(PathBuf, #[source] io::Error),
}

impl Part {
    /// Begins a file that is to come to `target`.
    pub fn begin(target: &Path) -> Result<Part, Unwritten> {
        let path = beside(target);
        let unwritten = |problem| Unwritten::Io(target.to_owned(), problem);
        for _ in 0..TRIES {
            let file = OpenOptions::new()
                .read(true)
                .write(true)
                .create(true)
                .truncate(false)
                .mode(OWNER_ALONE)
                .open(&path)
                .map_err(unwritten)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => {
                    return Err(Unwritten::BeingWritten(target.to_owned()));
                }
                Err(TryLockError::Error(problem)) => return Err(unwritten(problem)),
            }
            // What was moved into its place meanwhile is no longer ours to empty.
            if is_same(&file, &path).map_err(unwritten)? {
                let part = Part {
                    path,
                    target: target.to_owned(),
                    file,
                    is_whole: false,
                };
                part.empty().map_err(unwritten)?;
                return Ok(part);
            }
        }
        Err(Unwritten::BeingWritten(target.to_owned()))
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn file(&self) -> &File {
        &self.file
    }

    /// On the disk.
    pub fn sync(&self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// Gives it to whom another file belongs.
    pub fn belongs_as(&self, other: &Path) -> io::Result<()> {
        let (own, other) = (self.file.metadata()?, fs::metadata(other)?);
        if (own.uid(), own.gid()) != (other.uid(), other.gid()) {
            chown(&self.path, Some(other.uid()), Some(other.gid()))?;
        }
        Ok(())
    }

    /// It is whole: it takes its place, and what was there is gone.
    pub fn finish(mut self) -> io::Result<()> {
        self.sync()?;
        fs::rename(&self.path, &self.target)?;
        self.is_whole = true;
        sync_folder_of(&self.target)
    }

    fn empty(&self) -> io::Result<()> {
        self.file
            .set_permissions(Permissions::from_mode(OWNER_ALONE))?;
        self.file.set_len(0)?;
        remove_beside(&self.path)
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        if !self.is_whole {
            // What stays is written over by the next.
            let _ = fs::remove_file(&self.path);
        }
        let _ = remove_beside(&self.path);
    }
}

/// The paths at which SQLite keeps more of that file.
pub fn all_beside(path: &Path) -> impl Iterator<Item = PathBuf> {
    BESIDE.iter().map(|suffix| {
        let mut path = path.as_os_str().to_owned();
        path.push(suffix);
        PathBuf::from(path)
    })
}

/// Makes the names in its folder last.
pub fn sync_folder_of(path: &Path) -> io::Result<()> {
    File::open(folder_of(path))?.sync_all()
}

pub fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

fn beside(target: &Path) -> PathBuf {
    let mut name = OsString::from(BEGINS);
    name.push(target.file_name().unwrap_or(target.as_os_str()));
    name.push(ENDS);
    target.with_file_name(name)
}

/// The name that a file with this one was to get; None for any other file.
pub fn target_of(part: &str) -> Option<&str> {
    part.strip_prefix(BEGINS)?.strip_suffix(ENDS)
}

fn is_same(file: &File, path: &Path) -> io::Result<bool> {
    let own = file.metadata()?;
    match fs::metadata(path) {
        Ok(there) => Ok((own.dev(), own.ino()) == (there.dev(), there.ino())),
        Err(problem) if problem.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(problem) => Err(problem),
    }
}

fn remove_beside(path: &Path) -> io::Result<()> {
    for path in all_beside(path) {
        match fs::remove_file(path) {
            Err(problem) if problem.kind() != io::ErrorKind::NotFound => return Err(problem),
            _ => {}
        }
    }
    Ok(())
}
