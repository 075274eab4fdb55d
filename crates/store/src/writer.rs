//! The one writer: batches of records in, one transaction each.

mod address;
mod artifacts;
mod batch;
mod details;
mod retention;
mod size;
mod space;
mod statements;

use std::path::{Path, PathBuf};
use std::time::Duration;

use model::{Record, Timestamp};
use rusqlite::{Connection, TransactionBehavior};

use crate::error::{CommitError, OpenError, is_full};
use crate::lock::{LockError, WriterLock};
use crate::migration::{MigrationError, migrate};
use batch::{Batch, Known, PayloadBytes};
use retention::Pressure;
pub use retention::{Keep, Removed};
use size::PageLimits;
use space::Space;
use statements::Statements;

/// Bytes per page. Larger than SQLite's 4 KiB: bulk uploads need fewer writes; smaller than its
/// most: a batch of a few records writes the last page of every table it touches.
const PAGE_SIZE: u32 = 16_384;

/// Memory for pages, in KiB. Rows are appended, so little more than the batch is ever needed.
const CACHE_KIB: i32 = 8_192;

/// How long somebody else's write (an analyst's `sqlite3`) may hold us up before we say so.
const BUSY: Duration = Duration::from_secs(5);

/// How a database is written.
#[derive(Clone, Copy, Debug, Default)]
pub struct WriterSettings {
    /// Largest size of the database with its log, in bytes. Payload stops growing it a little
    /// earlier, so that there is room for what happened without its bytes.
    pub max_bytes: Option<u64>,
    /// How many flows that ended may still be given events: log lines come late.
    pub remembered_flows: usize,
}

/// What a commit did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[must_use]
pub struct Committed {
    /// Records that are in the database now; what is no evidence ([`Record::Followed`]) not
    /// counted.
    pub records: u64,
    /// Records left out, because the opening of the flow or run they belong to was never
    /// committed.
    pub orphans: u64,
    /// Bytes of payload left out, because the disk or the database is full. Their records are in.
    pub payload_bytes_dropped: u64,
}

/// The only writer of a database. Readers never block it and are never blocked.
#[derive(Debug)]
pub struct Writer {
    connection: Connection,
    path: PathBuf,
    limits: PageLimits,
    page_size: u64,
    space: Space,
    known: Known,
    remembered_flows: usize,
    scratch: Vec<u8>,
    _lock: WriterLock,
}

impl Writer {
    /// Opens a database, made or brought up to date as needed.
    ///
    /// # Errors
    ///
    /// If another writer has it open, if it was written by a newer version or by another program,
    /// or if SQLite or the file system refuses.
    pub fn open(path: impl AsRef<Path>, settings: WriterSettings) -> Result<Self, OpenError> {
        let path = path.as_ref().to_owned();
        let lock = WriterLock::take(&path).map_err(|error| match error {
            LockError::Held => OpenError::InUse { path: path.clone() },
            LockError::Io(cause) => OpenError::Lock { path: path.clone(), cause },
        })?;
        let (connection, limits, page_size) =
            connect(&path, settings).map_err(|cause| OpenError::of(&path, cause))?;
        let space = Space::new(settings.max_bytes);
        let (known, scratch) = (Known::default(), Vec::new());
        let remembered_flows = settings.remembered_flows;
        Ok(Self {
            connection,
            path,
            limits,
            page_size,
            space,
            known,
            remembered_flows,
            scratch,
            _lock: lock,
        })
    }

    /// Writes a batch: all of it, or nothing of it.
    ///
    /// When there is no room for payload its bytes are left out and the rest is written.
    ///
    /// # Errors
    ///
    /// Nothing was written; the same batch may be tried again. [`CommitError::Full`] if there is
    /// no room even for metadata.
    pub fn commit(&mut self, batch: &[Record]) -> Result<Committed, CommitError> {
        if self.space.is_enough(&self.path, &self.connection, self.limits) {
            match self.attempt(batch, PayloadBytes::Kept) {
                Ok(committed) => {
                    self.space.found();
                    return Ok(committed);
                }
                Err(cause) if is_full(&cause) => self.space.ran_out(&self.path),
                Err(cause) => return Err(CommitError::of(&self.path, cause)),
            }
        }
        let committed = self
            .attempt(batch, PayloadBytes::Dropped)
            .map_err(|cause| CommitError::of(&self.path, cause))?;
        self.space.was_told();
        Ok(committed)
    }

    /// Removes some of the flows that need not be kept any longer, the oldest first, each with all
    /// that belongs to it. To be called again while there is more.
    ///
    /// What a follower does not have stays, unless the largest size of the database is reached.
    ///
    /// # Errors
    ///
    /// Nothing was removed; it may be tried again.
    pub fn retain(&mut self, keep: &Keep, now: Timestamp) -> Result<Removed, CommitError> {
        if keep.is_for_ever() {
            return Ok(Removed::default());
        }
        let removed = self.remove(keep, now);
        removed.map_err(|cause| CommitError::of(&self.path, cause))
    }

    fn remove(&mut self, keep: &Keep, now: Timestamp) -> rusqlite::Result<Removed> {
        self.space.limit_pages(&self.connection, self.limits.metadata)?;
        let used = PageLimits::used(&self.connection)?;
        let pressure = Pressure {
            used_bytes: used.unsigned_abs() * self.page_size,
            is_forced: self.space.has_limit() && !self.limits.has_spare_room(used),
        };
        retention::step(&mut self.connection, keep, now, pressure)
    }

    fn attempt(&mut self, batch: &[Record], bytes: PayloadBytes) -> rusqlite::Result<Committed> {
        let written = self.write(batch, bytes);
        match written {
            Ok(_) => self.known.forget_closed(batch, self.remembered_flows),
            Err(_) => self.known.forget_opened(batch),
        }
        written
    }

    fn write(&mut self, records: &[Record], bytes: PayloadBytes) -> rusqlite::Result<Committed> {
        let most = match bytes {
            PayloadBytes::Kept => self.limits.payload,
            PayloadBytes::Dropped => self.limits.metadata,
        };
        self.space.limit_pages(&self.connection, most)?;
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        let mut batch = Batch {
            statements: Statements::of(&transaction)?,
            known: &mut self.known,
            payload_bytes: bytes,
            dropped: 0,
            orphans: 0,
            not_counted: 0,
            scratch: &mut self.scratch,
        };
        for record in records {
            batch.write(record)?;
        }
        if let (PayloadBytes::Dropped, Some(last)) = (bytes, records.last()) {
            self.space.tell(&mut batch, last)?;
        }
        let (orphans, payload_bytes_dropped) = (batch.orphans, batch.dropped);
        let not_counted = batch.not_counted;
        drop(batch);
        transaction.commit()?;
        let records = records.len() as u64 - orphans - not_counted;
        Ok(Committed { records, orphans, payload_bytes_dropped })
    }
}

/// Leaves one plain file, which can be read from a read-only place too. With readers at work the
/// log stays beside it, which harms nobody; the next writer tidies up.
impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.connection.busy_timeout(Duration::ZERO);
        let _ = self.connection.pragma_update(None, "journal_mode", "DELETE");
    }
}

fn connect(
    path: &Path,
    settings: WriterSettings,
) -> Result<(Connection, PageLimits, u64), MigrationError> {
    let mut connection = Connection::open(path)?;
    connection.busy_timeout(BUSY)?;
    connection.set_prepared_statement_cache_capacity(Statements::COUNT + 24);
    // Before the first page is written, or it is too late.
    connection.pragma_update(None, "page_size", PAGE_SIZE)?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    // A commit is safe from a crash of ours; of the last ones before a power cut some may miss.
    connection.pragma_update(None, "synchronous", "NORMAL")?;
    connection.pragma_update(None, "cache_size", -CACHE_KIB)?;
    connection.pragma_update(None, "temp_store", "MEMORY")?;
    // References are of our own making: every one was an insert of this connection.
    connection.pragma_update(None, "foreign_keys", "OFF")?;
    migrate(&mut connection)?;
    let page_size: i64 = connection.pragma_query_value(None, "page_size", |row| row.get(0))?;
    let limits = PageLimits::new(settings.max_bytes, page_size.unsigned_abs());
    connection.pragma_update(None, "wal_autocheckpoint", limits.log)?;
    connection.pragma_update(None, "journal_size_limit", limits.log * page_size)?;
    Ok((connection, limits, page_size.unsigned_abs()))
}
