//! The one place that asks what time it is.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use model::Timestamp;
use tokio::time::Instant;

/// Real time, or a simulated one for tests.
#[derive(Clone, Copy, Debug)]
pub enum Clock {
    /// The system's clock.
    Real,
    /// Stands still but for tokio's (pausable) timers, from this point on.
    Simulated {
        /// What the clock showed …
        epoch: Timestamp,
        /// … at this instant.
        since: Instant,
    },
}

impl Clock {
    /// A clock that moves only when tokio's does.
    #[must_use]
    pub fn simulated(epoch: Timestamp) -> Self {
        Self::Simulated { epoch, since: Instant::now() }
    }

    /// The time now.
    #[must_use]
    pub fn now(self) -> Timestamp {
        match self {
            Self::Real => real_now(),
            Self::Simulated { epoch, since } => epoch.plus(since.elapsed()),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "this is the clock that others are told to use")]
fn real_now() -> Timestamp {
    let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or(Duration::ZERO);
    Timestamp::from_micros(0).plus(since_epoch)
}
