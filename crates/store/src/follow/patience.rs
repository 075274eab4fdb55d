//! How long is waited for what, and how soon it is tried again.

use std::time::Duration;

/// Waiting times of a follower.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// For a connection.
    pub connect: Duration,
    /// For an answer to a statement.
    pub answer: Duration,
    /// For any sign of life from the other machine.
    pub silence: Duration,
    /// Before the first try again; twice as long before the next, and so on.
    pub first_retry: Duration,
    /// Before any later try.
    pub longest_retry: Duration,
    /// Between looks at our own database while nothing happens.
    pub between_looks: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            answer: Duration::from_secs(60),
            silence: Duration::from_secs(20),
            first_retry: Duration::from_millis(250),
            longest_retry: Duration::from_secs(30),
            between_looks: Duration::from_millis(50),
        }
    }
}

impl Patience {
    /// How long to wait after so many tries have failed in a row: between half and all of what has
    /// doubled each time, so that many followers do not come back at the same moment.
    pub(super) fn before_retry(&self, failures: u32, chance: f64) -> Duration {
        let doubled = 2_u32.saturating_pow(failures.saturating_sub(1));
        let whole = self.first_retry.saturating_mul(doubled).min(self.longest_retry);
        whole.mul_f64(0.5 + chance.clamp(0.0, 1.0) / 2.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_double_up_to_the_longest_and_vary_by_half() {
        let patience = Patience::default();
        let waits = |chance| [1, 2, 3, 99].map(|failures| patience.before_retry(failures, chance));
        let millis = |millis: [u64; 4]| millis.map(Duration::from_millis);
        assert_eq!(waits(1.0), millis([250, 500, 1_000, 30_000]));
        assert_eq!(waits(0.0), millis([125, 250, 500, 15_000]));
    }
}
