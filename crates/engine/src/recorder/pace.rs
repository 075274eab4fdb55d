//! How much may wait for the writer: no more than it commits in a moment.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// How long a commit may take. What is read waits for the commit before it, gathers, and is
/// committed: together less than the tenth of a second after which a crash loses nothing.
const MOMENT: Duration = Duration::from_millis(30);

/// Below this weight a commit says more about the disk than about the amount.
const SAMPLE: usize = 64 * 1024;

/// Least that may wait, however slow the disk is: else every read would be a commit of its own.
const FLOOR: usize = 512 * 1024;

/// What may wait before the first commit has shown what the disk can do.
const FIRST: usize = 4 * FLOOR;

/// What streams may let wait, all workers together, in the weight of the queues.
///
/// It follows the speed of the disk: a flow that may not read yet slows its victim down, and what
/// the victim was told stays ahead of what a crash could take by a moment, not by seconds.
#[derive(Debug)]
pub(crate) struct Pace {
    workers: usize,
    most: usize,
    allowed: AtomicUsize,
}

impl Pace {
    /// Lets at most `most` wait for each of so many workers, whatever the disk can do.
    pub(crate) fn new(most: usize, workers: usize) -> Self {
        let most = most.saturating_mul(workers);
        Self { workers: workers.max(1), most, allowed: AtomicUsize::new(most.min(FIRST)) }
    }

    /// What may wait now in the queue of one worker.
    pub(crate) fn share(&self) -> usize {
        self.allowed() / self.workers
    }

    fn allowed(&self) -> usize {
        self.allowed.load(Ordering::Relaxed)
    }

    /// Learns from a commit.
    pub(crate) fn learn(&self, weight: usize, took: Duration) {
        if weight < SAMPLE {
            return;
        }
        let in_a_moment = weight as f64 * MOMENT.as_secs_f64() / took.as_secs_f64().max(1e-6);
        let before = self.allowed();
        // Down at once, up by steps: one quick commit says little of the next.
        let after = (in_a_moment as usize).min(before.saturating_mul(2));
        self.allowed.store(after.max(FLOOR).min(self.most), Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: usize = 1 << 20;

    #[test]
    fn what_may_wait_follows_the_speed_of_the_disk() {
        let pace = Pace::new(32 * MIB, 2);
        for _ in 0..20 {
            pace.learn(8 * MIB, Duration::from_millis(10));
        }
        assert_eq!(pace.allowed(), 24 * MIB);
        pace.learn(8 * MIB, Duration::from_millis(120));
        assert_eq!((pace.allowed(), pace.share()), (2 * MIB, MIB));
    }

    #[test]
    fn it_stays_within_its_bounds() {
        let pace = Pace::new(4 * MIB, 1);
        for _ in 0..20 {
            pace.learn(MIB, Duration::ZERO);
        }
        assert_eq!(pace.allowed(), 4 * MIB);
        pace.learn(MIB, Duration::from_secs(60));
        assert_eq!(pace.allowed(), FLOOR);
        pace.learn(SAMPLE - 1, Duration::ZERO);
        assert_eq!(pace.allowed(), FLOOR);
    }
}
