//! How many threads this process has: some things must be done while there is only one.

use std::fs;
use std::io;

/// Counts them, the calling one included.
pub(crate) fn count() -> io::Result<usize> {
    Ok(fs::read_dir("/proc/self/task")?.count())
}
