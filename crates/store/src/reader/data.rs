//! Payload, flow by flow.

use rusqlite::params;

use super::columns::Columns;
use super::filter::Filter;
use super::pages::{Limited, PAGE, Span, span};
use super::rows::DataRow;
use super::search::Grep;
use super::tables::{self, Table};
use super::{ReadError, Reader};

/// Hands over the payload of every flow that passes.
pub(super) fn visit<E: From<ReadError>>(
    reader: &Reader,
    filter: &Filter,
    limit: Limited,
    mut visit: impl FnMut(DataRow) -> Result<(), E>,
) -> Result<(), E> {
    let conditions = filter.conditions(&tables::PAYLOAD);
    let mut grep = Grep::new(&reader.connection, filter.grep.as_deref());
    let span = span(&reader.connection, &tables::PAYLOAD, &conditions, limit, &mut grep)
        .map_err(|cause| reader.failed("data", cause))?;
    let flows_of_any_time = Filter { since: None, ..filter.clone() };
    let since = filter.since.map_or(i64::MIN, |since| since.as_micros());
    let flows = reader.pages(&tables::FLOW_NUMBER, &flows_of_any_time, |columns| columns.take());
    flows.visit(Limited::All, |flow| Pieces { reader, flow, since, span }.visit(&mut visit))
}

/// The payload of one flow.
struct Pieces<'r> {
    reader: &'r Reader,
    flow: i64,
    since: i64,
    span: Span,
}

impl Pieces<'_> {
    fn visit<E: From<ReadError>>(
        mut self,
        visit: &mut impl FnMut(DataRow) -> Result<(), E>,
    ) -> Result<(), E> {
        loop {
            let page = self.page().map_err(|cause| self.reader.failed("data", cause))?;
            let Some((last, _)) = page.last() else { return Ok(()) };
            self.span.first = last + 1;
            page.into_iter().try_for_each(|(_, row)| visit(row))?;
        }
    }

    fn page(&self) -> rusqlite::Result<Vec<(i64, DataRow)>> {
        let Table { from, columns, .. } = &tables::PAYLOAD;
        let mut statement = self.reader.connection.prepare_cached(&format!(
            "SELECT payload.seq, {columns} FROM {from} WHERE payload.flow = ? \
             AND payload.seq BETWEEN ? AND ? AND payload.time >= ? \
             ORDER BY payload.seq LIMIT {PAGE}"
        ))?;
        let values = params![self.flow, self.span.first, self.span.last, self.since];
        let read = |columns: &mut Columns<'_>| Ok((columns.take()?, DataRow::read(columns)?));
        statement.query_map(values, |row| read(&mut Columns::of(row)))?.collect()
    }
}
