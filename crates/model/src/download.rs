//! A file that somebody at a shell of ours wanted to have fetched.

use serde::Serialize;

/// What a dropper was told to fetch. Nobody was called for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Download {
    /// The protocol of the shell, by its registry name.
    pub protocol: &'static str,
    /// The program that was to fetch it.
    pub program: &'static str,
    /// Where from: as it was written, or put together from the program's arguments.
    pub url: String,
}
