//! A run: the period between start and stop of one analysis.

use crate::{RunId, SensorId, Timestamp};

/// What is known of a run when it starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Run {
    /// Its name.
    pub id: RunId,
    /// The process that records it.
    pub sensor: SensorId,
    /// When it started.
    pub started: Timestamp,
    /// What was asked for: the command behind the gateway, or the interfaces.
    pub subject: String,
}

/// The end of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunClosed {
    /// The run.
    pub run: RunId,
    /// When it stopped.
    pub stopped: Timestamp,
}
