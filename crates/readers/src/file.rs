//! The bytes of one file taken from a flow, found by its hash.

use std::io::{self, Write};

use store::{Content, NotASha256, ReadError, Reader, Sha256Prefix};

use crate::cell::digits;
use crate::error::ShowError;

/// Names listed of files that all begin like that.
const NAMES: usize = 5;

/// Why there is no one file to write.
#[derive(Debug, thiserror::Error)]
pub enum FindError {
    /// Several files begin like that.
    #[error("several files begin with {hash}: {}", names.join(", "))]
    Several {
        /// What was asked for.
        hash: String,
        /// Some of them.
        names: Vec<String>,
    },
    /// What was asked for is no hash.
    #[error("cannot look for the file {hash:?}")]
    NotAHash {
        /// What was asked for.
        hash: String,
        /// Why not.
        #[source]
        cause: NotASha256,
    },
    /// Rows cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// No file begins like that.
    #[error("no file has the SHA-256 {hash}; `sinkgate show files` lists all there are")]
    Unknown {
        /// What was asked for.
        hash: String,
    },
}

/// Finds the one file whose SHA-256 begins like this.
///
/// # Errors
///
/// If there is none, or more than one.
pub fn find(reader: &Reader, hash: &str) -> Result<Content, FindError> {
    let prefix: Sha256Prefix =
        hash.parse().map_err(|cause| FindError::NotAHash { hash: hash.to_owned(), cause })?;
    let hash = hash.to_owned();
    let mut found = reader.contents(prefix, NAMES)?;
    match (found.pop(), found.is_empty()) {
        (None, _) => Err(FindError::Unknown { hash }),
        (Some(only), true) => Ok(only),
        (Some(last), false) => {
            Err(FindError::Several { hash, names: found.iter().chain([&last]).map(name).collect() })
        }
    }
}

/// What a file may be called: its hash, never what a peer called it.
#[must_use]
pub fn name(content: &Content) -> String {
    digits(&content.sha256)
}

/// Writes the bytes, as they are. They are hostile: `out` must be no terminal.
///
/// # Errors
///
/// If they cannot be read or written.
pub fn write(reader: &Reader, content: &Content, out: &mut dyn Write) -> Result<(), ShowError> {
    reader.content(content, |bytes| out.write_all(bytes).map_err(ShowError::from))?;
    out.flush().map_err(io::Error::into)
}
