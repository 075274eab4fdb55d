//! A copy of this process.

#![expect(unsafe_code, reason = "fork has no safe form")]

use std::io;

use nix::unistd::{ForkResult, fork};

/// Makes it; both return from here. The caller has seen to it that there is one thread.
pub(crate) fn copy_this_process() -> io::Result<ForkResult> {
    // SAFETY: with one thread nobody holds a lock, and nothing is half done, that the copy would
    // find so for ever; so the copy may do whatever this process may.
    Ok(unsafe { fork() }?)
}
