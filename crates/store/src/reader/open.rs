//! A connection that only reads.

use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::{Connection, ErrorCode, OpenFlags};

use crate::error::OpenError;
use crate::migration::{MigrationError, check};

/// How long we wait while a writer that starts or stops has the database for itself.
const BUSY: Duration = Duration::from_secs(5);

/// Statements kept ready; every kind of row has a few.
const STATEMENTS: usize = 32;

/// Opens a database that exists and is ours.
pub(super) fn connect(path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing { path: path.to_owned() });
    }
    match open(path, OpenFlags::empty()) {
        Err(MigrationError::Sqlite(error)) if is_for_want_of_log(&error) && has_no_log(path) => {
            open(&frozen(path), OpenFlags::SQLITE_OPEN_URI)
        }
        opened => opened,
    }
    .map_err(|error| OpenError::of(path, error))
}

fn open(path: &Path, more: OpenFlags) -> Result<Connection, MigrationError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(path, flags | more)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    check(&connection)?;
    Ok(connection)
}

/// A database in log mode needs its log and the index of it beside it, even to be read. In a
/// read-only place they cannot be made.
fn is_for_want_of_log(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// Without a log, or with an empty one, everything is in the database itself.
fn has_no_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log).metadata().map_or(true, |log| log.len() == 0)
}

/// The database as a URI which says that nobody is going to change it.
fn frozen(path: &Path) -> PathBuf {
    let mut uri = String::from("file:");
    for &byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    PathBuf::from(uri + "?immutable=1")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_odd_letters_is_escaped() {
        assert_eq!(
            frozen(Path::new("/a b/c?d#e%.db")).to_str(),
            Some("file:/a%20b/c%3Fd%23e%25.db?immutable=1")
        );
    }
}
