//! Whether there is room for payload, and what happens when there is none.

use std::path::Path;

use fs4::available_space;
use model::Record;
use rusqlite::Connection;
use serde::Serialize;

use super::batch::Batch;
use super::size::PageLimits;

/// Room a disk that was full has to have before payload is tried again, in bytes.
const DISK_ROOM: u64 = 8 << 20;

/// What is known of the room there is.
#[derive(Debug)]
pub(super) struct Space {
    has_limit: bool,
    state: State,
    /// The limit on pages that SQLite was last given.
    page_limit: Option<i64>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Enough,
    Short { of: Shortage, told: Told },
}

/// What is full.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Shortage {
    /// The database has reached the setting `storage.max_bytes`.
    Database,
    /// The disk is full.
    Disk,
}

/// Whether the event about it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    NotYet,
    Once,
}

impl Space {
    pub(super) fn new(max_bytes: Option<u64>) -> Self {
        Self { has_limit: max_bytes.is_some(), state: State::Enough, page_limit: None }
    }

    /// Whether the database has a largest size.
    pub(super) fn has_limit(&self) -> bool {
        self.has_limit
    }

    /// Whether payload is worth a try.
    ///
    /// After a shortage that takes more than a little room: else every small batch would end the
    /// shortage and the next one begin a new one.
    pub(super) fn is_enough(
        &self,
        path: &Path,
        connection: &Connection,
        limits: PageLimits,
    ) -> bool {
        match self.state {
            State::Enough => true,
            State::Short { of: Shortage::Database, .. } => {
                limits.has_room(connection).unwrap_or(false)
            }
            State::Short { of: Shortage::Disk, .. } => has_disk_room(path),
        }
    }

    /// A batch was written with its payload.
    pub(super) fn found(&mut self) {
        self.state = State::Enough;
    }

    /// A batch could not be written with its payload.
    pub(super) fn ran_out(&mut self, path: &Path) {
        let of = match self.has_limit && has_disk_room(path) {
            true => Shortage::Database,
            false => Shortage::Disk,
        };
        let told = match self.state {
            State::Enough => Told::NotYet,
            State::Short { told, .. } => told,
        };
        self.state = State::Short { of, told };
    }

    /// Adds the event about the shortage to a batch, if it was not written before.
    pub(super) fn tell(&self, batch: &mut Batch<'_>, last: &Record) -> rusqlite::Result<()> {
        match self.state {
            State::Short { of, told: Told::NotYet } => batch.space_ran_out(of, last),
            State::Enough | State::Short { .. } => Ok(()),
        }
    }

    /// A batch was written without its payload; the event about it is in.
    pub(super) fn was_told(&mut self) {
        if let State::Short { told, .. } = &mut self.state {
            *told = Told::Once;
        }
    }

    /// Tells SQLite how many pages there may be.
    pub(super) fn limit_pages(
        &mut self,
        connection: &Connection,
        most: i64,
    ) -> rusqlite::Result<()> {
        if self.page_limit != Some(most) {
            connection.pragma_update(None, "max_page_count", most)?;
            self.page_limit = Some(most);
        }
        Ok(())
    }
}

fn has_disk_room(path: &Path) -> bool {
    // Unknown counts as room: the next try will tell.
    available_space(path).map_or(true, |bytes| bytes >= DISK_ROOM)
}
