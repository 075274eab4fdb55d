//! Rows of one table, a page at a time.

use rusqlite::types::Value;
use rusqlite::{Connection, params_from_iter};

use super::columns::Columns;
use super::filter::{Conditions, Filter};
use super::search::Grep;
use super::tables::Table;
use super::{ReadError, Reader};

/// How many rows are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Limited {
    /// All of them.
    #[default]
    All,
    /// So many, the newest ones.
    Newest(usize),
}

/// Most rows held at once. A row of payload has up to 64 KiB.
pub(super) const PAGE: i64 = 256;

/// The rows of a table that pass a filter.
pub(super) struct Pages<'r, R> {
    pub(super) reader: &'r Reader,
    pub(super) table: &'static Table,
    pub(super) filter: &'r Filter,
    pub(super) read: fn(&mut Columns<'_>) -> rusqlite::Result<R>,
}

/// Numbers of rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Span {
    /// The first one wanted.
    pub(super) first: i64,
    /// The last one there is; a writer at work does not make the reading endless.
    pub(super) last: i64,
}

/// A row with its number and that of its flow.
pub(super) struct Placed<R> {
    pub(super) seq: i64,
    pub(super) flow: Option<i64>,
    pub(super) row: R,
}

impl<R> Pages<'_, R> {
    /// Hands over every row, oldest first.
    pub(super) fn visit<E: From<ReadError>>(
        &self,
        limit: Limited,
        mut visit: impl FnMut(R) -> Result<(), E>,
    ) -> Result<(), E> {
        let failed = |cause| self.reader.failed(self.table.what, cause);
        let conditions = self.filter.conditions(self.table);
        let mut grep = Grep::new(&self.reader.connection, self.filter.grep.as_deref());
        let mut span = span(&self.reader.connection, self.table, &conditions, limit, &mut grep)
            .map_err(failed)?;
        while span.first <= span.last {
            let page = self.page(&conditions, span).map_err(failed)?;
            let Some(last) = page.last() else { break };
            span.first = last.seq + 1;
            for placed in page {
                if grep.accepts(placed.flow).map_err(failed)? {
                    visit(placed.row)?;
                }
            }
        }
        Ok(())
    }

    fn page(&self, conditions: &Conditions, span: Span) -> rusqlite::Result<Vec<Placed<R>>> {
        let Table { from, seq, flow, time, columns, .. } = self.table;
        let mut statement = self.reader.connection.prepare_cached(&format!(
            "SELECT {seq}, {flow}, {time}, {columns} FROM {from} WHERE {} \
             AND {seq} BETWEEN ? AND ? ORDER BY {seq} LIMIT {PAGE}",
            conditions.sql
        ))?;
        let values = conditions.values.iter().cloned();
        let values = values.chain([Value::from(span.first), span.last.into()]);
        statement
            .query_map(params_from_iter(values), |row| placed(&mut Columns::of(row), self.read))?
            .collect()
    }
}

fn placed<R>(
    columns: &mut Columns<'_>,
    read: fn(&mut Columns<'_>) -> rusqlite::Result<R>,
) -> rusqlite::Result<Placed<R>> {
    let (seq, flow) = (columns.take()?, columns.take()?);
    columns.skip(1);
    Ok(Placed { seq, flow, row: read(columns)? })
}

/// Which numbers the wanted rows of a table have.
pub(super) fn span(
    connection: &Connection,
    table: &Table,
    conditions: &Conditions,
    limit: Limited,
    grep: &mut Grep<'_>,
) -> rusqlite::Result<Span> {
    let last = last_of(connection, table)?;
    let first = match limit {
        Limited::All => 0,
        Limited::Newest(0) => return Ok(Span { first: 1, last: 0 }),
        Limited::Newest(rows) => first_of_newest(connection, table, conditions, rows, grep)?,
    };
    Ok(Span { first, last })
}

/// The number of the newest row.
pub(super) fn last_of(connection: &Connection, table: &Table) -> rusqlite::Result<i64> {
    let name = table.seq.split('.').next().unwrap_or_default();
    let sql = format!("SELECT coalesce(max(seq), 0) FROM {name}");
    connection.prepare_cached(&sql)?.query_row([], |row| row.get(0))
}

fn first_of_newest(
    connection: &Connection,
    table: &Table,
    conditions: &Conditions,
    rows: usize,
    grep: &mut Grep<'_>,
) -> rusqlite::Result<i64> {
    let Table { from, seq, flow, .. } = table;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {seq}, {flow} FROM {from} WHERE {} ORDER BY {seq} DESC",
        conditions.sql
    ))?;
    let mut found = statement.query(params_from_iter(&conditions.values))?;
    let mut left = rows;
    while let Some(row) = found.next()? {
        left -= usize::from(grep.accepts(row.get(1)?)?);
        if left == 0 {
            return row.get(0);
        }
    }
    Ok(0)
}
