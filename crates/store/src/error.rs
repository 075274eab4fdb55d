//! What can go wrong with our own file.

use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{ErrorCode, ffi};

use crate::migration::MigrationError;

/// Why a database cannot be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process is writing it.
    #[error("the database {path} is being written by another sinkgate")]
    InUse {
        /// The database.
        path: PathBuf,
    },
    /// The lock file beside it cannot be made.
    #[error("cannot lock the database {path}")]
    Lock {
        /// The database.
        path: PathBuf,
        /// Why.
        #[source]
        cause: io::Error,
    },
    /// There is no such file.
    #[error("there is no database {path}")]
    Missing {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// It was made by a version that knows more tables.
    #[error(
        "the database {path} was written by a newer sinkgate \
         (tables of version {found}; this one knows version {known})"
    )]
    Newer {
        /// The database.
        path: PathBuf,
        /// Version of the tables in it.
        found: usize,
        /// Newest version known here.
        known: usize,
    },
    /// It was made by another program.
    #[error("{path} is not a database of sinkgate")]
    NotOurs {
        /// The file.
        path: PathBuf,
    },
    /// SQLite or the file system refuses.
    #[error("cannot open the database {path}")]
    Sqlite {
        /// The database.
        path: PathBuf,
        /// Why.
        #[source]
        cause: rusqlite::Error,
    },
}

impl OpenError {
    pub(crate) fn of(path: &Path, error: MigrationError) -> Self {
        let path = path.to_owned();
        match error {
            MigrationError::Newer { found, known } => Self::Newer { path, found, known },
            MigrationError::NotOurs => Self::NotOurs { path },
            MigrationError::Sqlite(cause)
                if cause.sqlite_error_code() == Some(ErrorCode::NotADatabase) =>
            {
                Self::NotOurs { path }
            }
            MigrationError::Sqlite(cause) => Self::Sqlite { path, cause },
        }
    }
}

/// Why a batch was not written. Nothing of it was; it may be tried again.
#[derive(Debug, thiserror::Error)]
pub enum CommitError {
    /// The disk or the database is full, even for metadata.
    #[error("no room left for records in {path}")]
    Full {
        /// The database.
        path: PathBuf,
        /// Why.
        #[source]
        cause: rusqlite::Error,
    },
    /// SQLite or the file system refuses.
    #[error("cannot write records to {path}")]
    Write {
        /// The database.
        path: PathBuf,
        /// Why.
        #[source]
        cause: rusqlite::Error,
    },
}

impl CommitError {
    pub(crate) fn of(path: &Path, cause: rusqlite::Error) -> Self {
        let path = path.to_owned();
        if is_full(&cause) { Self::Full { path, cause } } else { Self::Write { path, cause } }
    }
}

/// Why rows cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// SQLite or the file system refuses, or a row is not as we write them.
    #[error("cannot read {what} from the database {path}")]
    Read {
        /// What was asked for.
        what: &'static str,
        /// The database.
        path: PathBuf,
        /// Why.
        #[source]
        cause: rusqlite::Error,
    },
    /// Rows of this kind have nothing that the filter could look at.
    #[error("{what} cannot be filtered by {filter}")]
    Unfit {
        /// What was asked for.
        what: &'static str,
        /// The filter that was given.
        filter: &'static str,
    },
}

/// Whether a failure is for want of room.
pub(crate) fn is_full(error: &rusqlite::Error) -> bool {
    let rusqlite::Error::SqliteFailure(failure, _) = error else { return false };
    match failure.code {
        ErrorCode::DiskFull => true,
        // A quota that is used up is reported as a write that failed, an index of the log that
        // cannot grow as a failure of its own.
        ErrorCode::SystemIoFailure => matches!(
            failure.extended_code,
            ffi::SQLITE_IOERR_WRITE | ffi::SQLITE_IOERR_SHMSIZE | ffi::SQLITE_IOERR_FSYNC
        ),
        _ => false,
    }
}
