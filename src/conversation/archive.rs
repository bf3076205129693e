//! What the commands that back up, restore, export and take in have to say, as data.
use super::message::Platform;
use chrono::NaiveDateTime;

/// Why a file is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::VariantNames)]
pub enum Flaw {
    /// Neither a backup nor an export of ours.
    NotOurs,
    /// Something in it is not as it was written.
    Damaged,
    /// Its end is missing.
    Cut,
    /// Something stands behind its end.
    Continued,
    /// A newer program has made its tables.
    Newer,
    /// An export of other tables than this program's.
    OtherTables {
        file: i64,
        own: i64,
    },
    /// Its last writes stand in a file beside it.
    InUse,
    NoOffice,
    /// Of a trial.
    MadeUp,
    /// No line of an export.
    Unreadable,
    UnknownTable,
    /// A column lacks, is not known, or holds what it cannot hold.
    Columns,
    /// The database refused the row.
    Refused,
    /// There are more or fewer rows than its beginning says.
    Counts,
}

/// A flaw, and in which line of an export.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Flawed {
    pub line: Option<u64>,
    pub flaw: Flaw,
}

/// What a backup or an export holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The name of its office.
    pub office: String,
    pub households: i64,
    pub contacts: i64,
}

/// What is said to whoever sits at the command line.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum Told {
    BackedUp {
        file: String,
        summary: Summary,
    },
    Exported {
        file: String,
        summary: Summary,
    },
    TakenIn {
        rows: u64,
    },
    /// Before it is confirmed: what comes, the last that is known of it, and what
    /// is there now.
    Restoring {
        summary: Summary,
        last: Option<NaiveDateTime>,
        place: String,
    },
    /// The question behind it.
    Sure,
    Restored {
        /// Where the former database is.
        former: Option<String>,
        /// Nudges that may have been sent before.
        repeated: u64,
    },
    /// What became of the lines that were typed since.
    Lines {
        platform: Platform,
        is_read_again: bool,
    },
    Refused(Refused),
}

/// Why nothing was done.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum Refused {
    Flawed {
        file: String,
        flawed: Flawed,
    },
    /// `koekake run` is at work on the database.
    Running,
    /// Another program has the database open.
    Busy,
    /// Another backup is being written to the same file.
    BeingWritten {
        file: String,
    },
    /// The file is the database itself.
    Itself,
    /// The database that was to take it holds an office.
    NotEmpty,
    /// A copy of a SQLite file is no way into PostgreSQL.
    WrongKind,
    /// Nobody is there to say yes.
    Unconfirmed,
    /// The answer was no.
    Declined,
}
