//! How far another database has come with the records of this one.

use crate::Timestamp;

/// What a follower has written down elsewhere, and how that went. The latest replaces earlier ones.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Followed {
    /// Its name: the URL of the database, without the password.
    pub follower: String,
    /// The cursor behind what the other side has committed, as the store writes it; empty if
    /// nothing was committed yet.
    pub cursor: String,
    /// How often a try has failed since the follower was first heard of.
    pub retries: u64,
    /// When something was last committed there, or found to be committed already.
    pub succeeded: Option<Timestamp>,
    /// The try that failed last.
    pub failed: Option<FailedTry>,
    /// Texts that the other side has not got whole.
    pub shortened: Option<Shortened>,
}

/// Texts that were longer than the other side takes. They are whole here, and there they end in an
/// ellipsis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shortened {
    /// How many; one that was sent again is counted again.
    pub texts: u64,
    /// Which was the latest, in words.
    pub latest: String,
}

/// Something that did not work, and will be tried again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FailedTry {
    /// When.
    pub time: Timestamp,
    /// Why, in words.
    pub error: String,
}
