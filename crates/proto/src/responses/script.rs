//! A fixed sequence of steps: wait for something, say something.

use std::time::Duration;

use bytes::Bytes;
use regex::bytes::Regex;

use super::pattern::regex;
use super::template::find;
use super::{Content, PatternError};

/// One step of a script.
#[derive(Clone, Debug)]
pub enum Step {
    /// The connection is closed.
    Close,
    /// Waits until this has come.
    Expect(Expected),
    /// The connection is reset.
    Reset,
    /// Sends this.
    Send(Content),
    /// Waits so long.
    Wait(Duration),
}

/// What is waited for.
#[derive(Clone, Debug)]
pub enum Expected {
    /// These bytes, wherever they stand.
    Bytes(Bytes),
    /// So many bytes.
    Count(usize),
    /// Something that this expression describes.
    Regex(Regex),
}

impl Expected {
    /// A regular expression over bytes.
    ///
    /// # Errors
    ///
    /// It is none, or would need too much memory.
    pub fn regex(pattern: &str) -> Result<Self, PatternError> {
        regex(pattern).map(Self::Regex)
    }

    /// Where what is waited for ends in what has come, if it has.
    pub(super) fn end_in(&self, seen: &[u8]) -> Option<usize> {
        match self {
            Self::Bytes(wanted) => find(seen, wanted).map(|start| start + wanted.len()),
            Self::Count(count) => Some(*count).filter(|count| *count <= seen.len()),
            Self::Regex(regex) => regex.find(seen).map(|found| found.end()),
        }
    }
}
