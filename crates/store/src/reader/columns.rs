//! The columns of one row, taken from left to right.

use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

use model::Timestamp;
use rusqlite::Row;
use rusqlite::types::{FromSql, Type};

/// A row with a finger on the next column.
pub(super) struct Columns<'a> {
    row: &'a Row<'a>,
    next: usize,
}

impl<'a> Columns<'a> {
    pub(super) fn of(row: &'a Row<'a>) -> Self {
        Self { row, next: 0 }
    }

    /// The next column, as it is stored.
    pub(super) fn take<T: FromSql>(&mut self) -> rusqlite::Result<T> {
        self.next += 1;
        self.row.get(self.next - 1)
    }

    /// Passes over columns.
    pub(super) fn skip(&mut self, columns: usize) {
        self.next += columns;
    }

    /// The next column, a text that has to be read.
    pub(super) fn parse<T>(&mut self) -> rusqlite::Result<T>
    where
        T: FromStr,
        T::Err: Error + Send + Sync + 'static,
    {
        let text: String = self.take()?;
        text.parse().map_err(|error: T::Err| self.odd(error.into()))
    }

    /// The next column, a number of things or bytes.
    pub(super) fn count(&mut self) -> rusqlite::Result<u64> {
        self.take::<i64>().map(|count| u64::try_from(count).unwrap_or(0))
    }

    /// The next column, a time.
    pub(super) fn time(&mut self) -> rusqlite::Result<Timestamp> {
        self.take().map(Timestamp::from_micros)
    }

    /// The next column, a time if there is one.
    pub(super) fn optional_time(&mut self) -> rusqlite::Result<Option<Timestamp>> {
        Ok(self.take::<Option<i64>>()?.map(Timestamp::from_micros))
    }

    /// The next two columns, an address and a port.
    pub(super) fn address(&mut self) -> rusqlite::Result<SocketAddr> {
        Ok(SocketAddr::new(self.parse::<IpAddr>()?, self.take()?))
    }

    /// The next column, JSON in a text.
    pub(super) fn json<T: serde::de::DeserializeOwned>(&mut self) -> rusqlite::Result<T> {
        let text: String = self.take()?;
        serde_json::from_str(&text).map_err(|error| self.odd(error.into()))
    }

    /// The next column, a word out of a closed list.
    pub(super) fn one_of<T: Copy, const N: usize>(
        &mut self,
        list: [T; N],
        name: fn(T) -> &'static str,
    ) -> rusqlite::Result<T> {
        let word: String = self.take()?;
        let known = list.into_iter().find(|one| name(*one) == word);
        known.ok_or_else(|| self.odd(format!("{word:?} is not a word of ours").into()))
    }

    /// The column just taken is not as we write it.
    pub(super) fn odd(&self, why: Box<dyn Error + Send + Sync>) -> rusqlite::Error {
        rusqlite::Error::FromSqlConversionFailure(self.next.saturating_sub(1), Type::Text, why)
    }
}
