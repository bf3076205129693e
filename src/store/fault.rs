//! What can go wrong with the database, told apart by what to do about it.
use sqlx::error::ErrorKind;

pub type Result<T> = std::result::Result<T, Fault>;

/// Why something was not read or written. Nothing of it is half done.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    /// The row was changed by somebody else meanwhile: gather and decide again.
    #[error("changed by somebody else meanwhile")]
    Stale,
    /// Another team of the office has this household code.
    #[error("the code is taken")]
    Taken,
    /// The same message or nudge is there already.
    #[error("already there")]
    Duplicate,
    /// Another writer holds what we need: the same again, a little later.
    #[error("the database is busy")]
    Busy(#[source] sqlx::Error),
    /// The database does not answer: the same again, later.
    #[error("the database does not answer")]
    Unavailable(#[source] sqlx::Error),
    /// A page cannot be read for what it is: the disk would not give it this once; or
    /// the file is damaged, and whatever waits is there when it has been restored.
    #[error("the database's file looks damaged")]
    Damaged(#[source] sqlx::Error),
    /// A statement was refused: a mistake of ours, or a foreign hand in the tables.
    #[error("the database refused")]
    Refused(#[source] sqlx::Error),
    /// A row holds what it cannot hold.
    #[error("broken row: {0}")]
    Broken(String),
    /// The tables could not be brought up to date.
    #[error("the migration failed")]
    Migration(#[from] sqlx::migrate::MigrateError),
}

impl Fault {
    /// Whether the same again, later, can succeed.
    pub fn is_transient(&self) -> bool {
        matches!(
            self,
            Fault::Busy(_) | Fault::Unavailable(_) | Fault::Damaged(_)
        )
    }
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Fault {
        use sqlx::Error;
        match &error {
            Error::Database(problem) if problem.kind() == ErrorKind::UniqueViolation => {
                Fault::Duplicate
            }
            Error::Database(problem) => match problem.code().as_deref().map(severity) {
                Some(Severity::Busy) => Fault::Busy(error),
                Some(Severity::Unavailable) => Fault::Unavailable(error),
                Some(Severity::Damaged) => Fault::Damaged(error),
                _ => Fault::Refused(error),
            },
            Error::Io(_) | Error::Tls(_) | Error::PoolTimedOut | Error::PoolClosed => {
                Fault::Unavailable(error)
            }
            // This connection is spent; the next one is not.
            Error::BeginFailed | Error::InvalidSavePointStatement | Error::WorkerCrashed => {
                Fault::Unavailable(error)
            }
            _ => Fault::Refused(error),
        }
    }
}

enum Severity {
    Busy,
    Unavailable,
    Damaged,
    Fatal,
}

/// What a code of SQLite (a number) or PostgreSQL (five characters) means.
fn severity(code: &str) -> Severity {
    if code.len() == 5 {
        return match code {
            // Serialisation failure, deadlock, lock not available, took too long,
            // kept a transaction waiting.
            "40001" | "40P01" | "55P03" | "57014" | "25P03" => Severity::Busy,
            // Connection exceptions, no resources, shutting down or starting up.
            _ if ["08", "53", "57P"]
                .iter()
                .any(|class| code.starts_with(class)) =>
            {
                Severity::Unavailable
            }
            _ => Severity::Fatal,
        };
    }
    // An extended code has the primary one in its lowest byte.
    match code.parse::<u32>().map(|code| code & 0xff) {
        // SQLITE_BUSY, SQLITE_LOCKED
        Ok(5 | 6) => Severity::Busy,
        // SQLITE_NOMEM, SQLITE_IOERR, SQLITE_FULL, SQLITE_CANTOPEN
        Ok(7 | 10 | 13 | 14) => Severity::Unavailable,
        // SQLITE_CORRUPT
        Ok(11) => Severity::Damaged,
        _ => Severity::Fatal,
    }
}

#[cfg(test)]
mod tests {
    use super::{Severity, severity};

    #[test]
    fn codes_of_both_databases_say_whether_to_try_again() {
        for code in ["5", "6", "517", "40001", "40P01", "55P03", "57014"] {
            assert!(matches!(severity(code), Severity::Busy), "{code}");
        }
        for code in ["7", "10", "13", "14", "778", "08006", "53300", "57P01"] {
            assert!(matches!(severity(code), Severity::Unavailable), "{code}");
        }
        for code in ["11", "267", "779"] {
            assert!(matches!(severity(code), Severity::Damaged), "{code}");
        }
        // A constraint, a missing table, what is no database.
        for code in ["19", "787", "1", "26", "23514", "42P01"] {
            assert!(matches!(severity(code), Severity::Fatal), "{code}");
        }
    }
}
