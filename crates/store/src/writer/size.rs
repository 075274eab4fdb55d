//! How large the database may become, in pages.

use rusqlite::Connection;

/// Largest write-ahead log before it is copied into the database, in bytes. Larger saves copies
/// of pages that change often; smaller keeps each copying short.
const LOG_BYTES: u64 = 16 << 20;

/// Most that is kept back for metadata when payload may not grow any more, in bytes.
const MARGIN: u64 = 64 << 20;

/// Bounds on the number of pages, from the setting in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageLimits {
    /// Payload may grow the database up to here.
    pub(super) payload: i64,
    /// Metadata may grow it up to here.
    pub(super) metadata: i64,
    /// The log is copied into the database when it is this long.
    pub(super) log: i64,
}

impl PageLimits {
    /// Without a setting, what SQLite can address is the limit.
    pub(super) fn new(max_bytes: Option<u64>, page_size: u64) -> Self {
        const SQLITE_LIMIT: i64 = 0xffff_fffe;
        let pages = |bytes: u64| {
            i64::try_from(bytes / page_size).map_or(SQLITE_LIMIT, |pages| pages.min(SQLITE_LIMIT))
        };
        let Some(max_bytes) = max_bytes else {
            return Self { payload: SQLITE_LIMIT, metadata: SQLITE_LIMIT, log: pages(LOG_BYTES) };
        };
        let log = LOG_BYTES.min(max_bytes / 8);
        // The log is a file too: what it may take is not there for the database.
        let metadata = max_bytes.saturating_sub(log);
        let payload = metadata.saturating_sub(MARGIN.min(max_bytes / 8));
        Self { payload: pages(payload), metadata: pages(metadata), log: pages(log).max(1) }
    }

    /// Whether there is room again for a good deal of payload, once the limit was reached.
    pub(super) fn has_room(self, connection: &Connection) -> rusqlite::Result<bool> {
        Ok(Self::used(connection)? < self.payload - self.payload / 64)
    }

    /// Whether there is room for a good deal more: else old flows go to make some.
    pub(super) fn has_spare_room(self, used: i64) -> bool {
        used < self.payload - self.payload / 16
    }

    /// How many pages have something on them.
    pub(super) fn used(connection: &Connection) -> rusqlite::Result<i64> {
        let count = |name| connection.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
        Ok(count("page_count")? - count("freelist_count")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn payload_stops_before_metadata_and_metadata_before_the_limit() {
        for max_bytes in [0, 4_096, 1 << 20, 1 << 30, 1 << 40, u64::MAX] {
            let limits = PageLimits::new(Some(max_bytes), 4_096);
            assert!(limits.payload <= limits.metadata, "{max_bytes}: {limits:?}");
            let most = (limits.metadata + limits.log - 1).unsigned_abs() * 4_096;
            assert!(most <= max_bytes.max(4_096), "{max_bytes}: {limits:?}");
        }
    }
}
