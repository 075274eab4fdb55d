//! How far other databases have come.

use model::{FailedTry, Followed, Shortened, Timestamp};
use rusqlite::{Connection, OptionalExtension};

use super::columns::Columns;
use crate::follow::Position;

/// A follower, as it was last heard of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FollowerRow {
    /// What is kept of it.
    pub followed: Followed,
    /// Rows that are committed here and not yet there.
    pub lag: u64,
}

const COLUMNS: &str = "name, cursor, retries, succeeded, failed, error, shortened, latest";

/// Every follower there ever was, by name.
pub(super) fn read(connection: &Connection) -> rusqlite::Result<Vec<FollowerRow>> {
    let sql = format!("SELECT {COLUMNS} FROM follower ORDER BY name");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_map([], |row| read_one(&mut Columns::of(row)))?;
    let found: Vec<Followed> = found.collect::<rusqlite::Result<_>>()?;
    let row = |followed: Followed| {
        let lag = Position::read(&followed.cursor).lag(connection)?;
        Ok(FollowerRow { followed, lag })
    };
    found.into_iter().map(row).collect()
}

/// The follower of this name; one that has not begun, if there is none.
pub(super) fn of_name(connection: &Connection, name: &str) -> rusqlite::Result<Followed> {
    let sql = format!("SELECT {COLUMNS} FROM follower WHERE name = ?");
    let mut statement = connection.prepare_cached(&sql)?;
    let found = statement.query_row([name], |row| read_one(&mut Columns::of(row))).optional()?;
    Ok(found.unwrap_or_else(|| Followed {
        follower: name.to_owned(),
        cursor: String::new(),
        retries: 0,
        succeeded: None,
        failed: None,
        shortened: None,
    }))
}

fn read_one(columns: &mut Columns<'_>) -> rusqlite::Result<Followed> {
    Ok(Followed {
        follower: columns.take()?,
        cursor: columns.take()?,
        retries: columns.count()?,
        succeeded: columns.optional_time()?,
        failed: read_failed(columns)?,
        shortened: read_shortened(columns)?,
    })
}

fn read_failed(columns: &mut Columns<'_>) -> rusqlite::Result<Option<FailedTry>> {
    let time: Option<Timestamp> = columns.optional_time()?;
    let error: Option<String> = columns.take()?;
    Ok(time.map(|time| FailedTry { time, error: error.unwrap_or_default() }))
}

fn read_shortened(columns: &mut Columns<'_>) -> rusqlite::Result<Option<Shortened>> {
    let texts = columns.count()?;
    let latest: Option<String> = columns.take()?;
    Ok(latest.map(|latest| Shortened { texts, latest }))
}
