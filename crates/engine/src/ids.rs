//! Makes ids: UUIDv7, sortable by time, never given twice.

use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU32, Ordering};

use model::Timestamp;
use uuid::{Builder, Uuid};

/// A source of ids for one process: the time to a quarter of a microsecond (RFC 9562 §6.2, method 3),
/// a counter, and bits that are this process's own.
#[derive(Debug)]
pub struct IdSource {
    process: u32,
    count: AtomicU32,
}

impl IdSource {
    /// A source that no other process shares.
    #[must_use]
    pub fn new() -> Self {
        let chance = RandomState::new().hash_one("sinkgate ids");
        Self { process: (chance >> 32) as u32, count: AtomicU32::new(chance as u32) }
    }

    /// An id for something that happened at `time`.
    pub fn next(&self, time: Timestamp) -> Uuid {
        let count = self.count.fetch_add(1, Ordering::Relaxed);
        let micros = u64::try_from(time.as_micros()).unwrap_or(0);
        let (millis, rest) = (micros / 1_000, micros % 1_000);
        // Twelve bits for what is less than a millisecond: the flows of one differ early, so that
        // the beginning of an id is enough to name one.
        let [_, _, _, _, _, _, high, low] = (rest * 4_096 / 1_000).to_be_bytes();
        let ([a, b, c, d], [e, f, g, h]) = (count.to_be_bytes(), self.process.to_be_bytes());
        let tail = [high, low, a, b, c, d, e, f, g, h];
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
    fn ids_sort_by_time() {
        let source = IdSource::new();
        let id = |micros| source.next(Timestamp::from_micros(micros));
        let ids: Vec<Uuid> = (1_700_000_000_000_000..).take(3_000).map(id).collect();
        assert!(ids.is_sorted());
    }

    #[test]
    fn ids_of_two_processes_differ() {
        let time = Timestamp::from_micros(0);
        assert_ne!(IdSource::new().next(time), IdSource::new().next(time));
    }
}
