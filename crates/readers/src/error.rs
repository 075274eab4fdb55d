//! What can go wrong while rows are shown.

use std::io;

use store::ReadError;

/// Why rows cannot be shown.
#[derive(Debug, thiserror::Error)]
pub enum ShowError {
    /// They cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// They cannot be written.
    #[error("cannot write what was read")]
    Write(#[from] io::Error),
}

impl ShowError {
    /// Whether the other end of a pipe went away, which ends a reading but is no failure.
    #[must_use]
    pub fn is_closed_pipe(&self) -> bool {
        matches!(self, Self::Write(cause) if cause.kind() == io::ErrorKind::BrokenPipe)
    }
}
