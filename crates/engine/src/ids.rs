//! Makes ids: UUIDv7, sortable by time, never given twice.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use model::Timestamp;
use uuid::{Builder, Uuid};

/// A source of ids for one process. Method 1 of RFC 9562 §6.2: a counter in place of the random
/// bits that follow the time, behind 26 random bits that are this process's own.
#[derive(Debug)]
pub struct IdSource {
    process: u32,
    count: AtomicU64,
}

impl IdSource {
    /// A source that no other process shares.
    #[must_use]
    pub fn new() -> Self {
        let chance = RandomState::new().hash_one("sinkgate ids");
        Self { process: (chance >> 32) as u32, count: AtomicU64::new(chance & 0xff_ffff) }
    }

    /// An id for something that happened at `time`.
    pub fn next(&self, time: Timestamp) -> Uuid {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let millis = u64::try_from(time.as_micros() / 1_000).unwrap_or(0);
        let mut tail = [0; 10];
        let (counted, own) = tail.split_at_mut(6);
        counted.copy_from_slice(&count.to_be_bytes()[2..]);
        own.copy_from_slice(&self.process.to_be_bytes());
        Builder::from_unix_timestamp_millis(millis, &tail).into_uuid()
    }
}

impl Default for IdSource {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn ids_of_one_instant_differ() {
        let source = IdSource::new();
        let time = Timestamp::from_micros(1_700_000_000_000_000);
        let ids: HashSet<Uuid> = (0..100_000).map(|_| source.next(time)).collect();
        assert_eq!(ids.len(), 100_000);
        assert!(ids.iter().all(|id| id.get_version_num() == 7));
    }

    #[test]
    fn ids_of_two_processes_differ() {
        let time = Timestamp::from_micros(0);
        assert_ne!(IdSource::new().next(time), IdSource::new().next(time));
    }
}
