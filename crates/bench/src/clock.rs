//! The one place here that asks what time it is.

use std::time::{Duration, Instant};

/// A stopwatch, running.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stopwatch {
    started: Instant,
}

impl Stopwatch {
    #[expect(clippy::disallowed_methods, reason = "measuring time is what this crate is for")]
    pub(crate) fn start() -> Self {
        Self { started: Instant::now() }
    }

    pub(crate) fn passed(&self) -> Duration {
        self.started.elapsed()
    }
}
