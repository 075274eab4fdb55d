//! One writer per database, held by a lock on a file beside it.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// Held while a writer has the database open.
///
/// The lock is on a file of its own (`NAME-lock`): closing any descriptor of the database itself
/// would drop the locks that SQLite holds on it for readers in this process.
#[derive(Debug)]
pub(crate) struct WriterLock {
    path: PathBuf,
    /// The kernel keeps the lock as long as this is open, and no longer: not after `kill -9`.
    _file: File,
}

/// Why the lock cannot be had.
#[derive(Debug)]
pub(crate) enum LockError {
    Held,
    Io(io::Error),
}

impl WriterLock {
    /// Takes the lock for the database at `database`, or says who cannot.
    pub(crate) fn take(database: &Path) -> Result<Self, LockError> {
        let mut name = database.as_os_str().to_owned();
        name.push("-lock");
        let path = PathBuf::from(name);
        loop {
            let file = open(&path).map_err(LockError::Io)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(LockError::Held),
                Err(TryLockError::Error(error)) => return Err(LockError::Io(error)),
            }
            // The holder before us may have removed the file between our opening and our lock:
            // then we hold a file that nobody else will find.
            if is_still_there(&path, &file).map_err(LockError::Io)? {
                return Ok(Self { path, _file: file });
            }
        }
    }
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        // Left behind, it is an empty file that does no harm.
        let _ = fs::remove_file(&self.path);
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).write(true).create(true).truncate(false).open(path)
}

fn is_still_there(path: &Path, file: &File) -> io::Result<bool> {
    let held = file.metadata()?;
    match fs::metadata(path) {
        Ok(found) => Ok((found.dev(), found.ino()) == (held.dev(), held.ino())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}
