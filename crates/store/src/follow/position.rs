//! How far a follower has come, as it is kept.

use std::collections::BTreeMap;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

use super::tables::{Again, TABLES, Table};

/// The place of the last row of each table that the other side has committed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Position {
    /// Which database that was. If its tables were made anew, everything has to be sent again.
    #[serde(default)]
    pub(super) identity: String,
    #[serde(default)]
    places: BTreeMap<String, i64>,
}

impl Position {
    /// The beginning, for a database of this identity.
    pub(super) fn at_beginning_of(identity: &str) -> Self {
        Self { identity: identity.to_owned(), places: BTreeMap::new() }
    }

    /// As it was kept. What cannot be read is the beginning: a repeat does no harm.
    pub(crate) fn read(kept: &str) -> Self {
        serde_json::from_str(kept).unwrap_or_default()
    }

    /// To be kept.
    pub(super) fn written(&self) -> String {
        // Cannot fail: texts and numbers only.
        serde_json::to_string(self).unwrap_or_default()
    }

    pub(super) fn of(&self, table: &Table) -> i64 {
        self.of_name(table.name)
    }

    /// By the name of a table.
    pub(crate) fn of_name(&self, table: &str) -> i64 {
        self.places.get(table).copied().unwrap_or(0)
    }

    pub(super) fn reach(&mut self, table: &Table, place: i64) {
        self.places.insert(table.name.to_owned(), place);
    }

    /// How many rows were committed after it. Counters are not counted: they only change.
    pub(crate) fn lag(&self, connection: &Connection) -> rusqlite::Result<u64> {
        let mut rows = 0;
        for table in TABLES.iter().filter(|table| table.again == Again::Kept) {
            let sql = format!("SELECT coalesce(max(seq), 0) FROM {}", table.name);
            let last: i64 = connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))?;
            rows += u64::try_from(last - self.of(table)).unwrap_or(0);
        }
        Ok(rows)
    }
}
