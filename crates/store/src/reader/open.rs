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

/// Memory for pages, in KiB: every look at a flow touches four tables and their indexes.
const CACHE_KIB: i32 = 16_384;

/// Opens a database that exists and is ours.
pub(super) fn connect(path: &Path) -> Result<Connection, OpenError> {
    if !path.exists() {
        return Err(OpenError::Missing { path: path.to_owned() });
    }
    let opened = match open(path, Place::Writable) {
        Err(MigrationError::Sqlite(error)) if is_for_want_of_index(&error) => {
            open(path, if has_log(path) { Place::FrozenWithLog } else { Place::Frozen })
        }
        opened => opened,
    };
    opened.map_err(|error| OpenError::of(path, error))
}

/// What the folder of a database allows.
#[derive(Clone, Copy)]
enum Place {
    /// Files can be made beside it.
    Writable,
    /// They cannot, and all is in the database.
    Frozen,
    /// They cannot, and some is in the log that a crash has left.
    FrozenWithLog,
}

fn open(path: &Path, place: Place) -> Result<Connection, MigrationError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = match place {
        Place::Writable => Connection::open_with_flags(path, flags),
        Place::Frozen => open_uri(path, "immutable=1", flags),
        Place::FrozenWithLog => open_uri(path, "vfs=unix-none", flags),
    }?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    if let Place::FrozenWithLog = place {
        // The index of the log is then kept in memory. Locks cannot be had on files that cannot
        // be written; `unix-none` does without.
        connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    }
    check(&connection)?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    Ok(connection)
}

fn open_uri(path: &Path, option: &str, flags: OpenFlags) -> rusqlite::Result<Connection> {
    Connection::open_with_flags(uri(path, option), flags | OpenFlags::SQLITE_OPEN_URI)
}

/// A database in log mode needs its log and the index of it beside it, even to be read. In a
/// read-only place they cannot be made.
fn is_for_want_of_index(error: &rusqlite::Error) -> bool {
    matches!(error.sqlite_error_code(), Some(ErrorCode::CannotOpen | ErrorCode::ReadOnly))
}

/// An empty log says nothing.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    PathBuf::from(log).metadata().is_ok_and(|log| log.len() > 0)
}

/// The database as a URI with an option.
fn uri(path: &Path, option: &str) -> String {
    let mut uri = String::from("file:");
    for &byte in path.as_os_str().as_bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => {
                uri.push(char::from(byte));
            }
            _ => uri.push_str(&format!("%{byte:02X}")),
        }
    }
    uri + "?" + option
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_with_odd_letters_is_escaped() {
        assert_eq!(
            uri(Path::new("/a b/c?d#e%.db"), "immutable=1"),
            "file:/a%20b/c%3Fd%23e%25.db?immutable=1"
        );
    }
}
