//! Payload, flow by flow.

use rusqlite::params_from_iter;
use rusqlite::types::Value;

use super::columns::Columns;
use super::filter::{Conditions, Filter};
use super::pages::{Limited, PAGE, Placed, Span, accepted, span};
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
    let failed = |cause| reader.failed("data", cause);
    let conditions = filter.conditions(&tables::PAYLOAD);
    let mut grep = Grep::new(&reader.connection, filter.grep.as_deref());
    let span = span(&reader.connection, &tables::PAYLOAD, &conditions, limit, &mut grep)
        .map_err(failed)?;
    let mut pieces = Pieces { reader, conditions, span, flow: 0, seq: 0 };
    loop {
        let page = pieces.page(&mut grep).map_err(failed)?;
        page.rows.into_iter().try_for_each(&mut visit)?;
        if page.is_last {
            return Ok(());
        }
    }
}

/// The payload of all flows, and how far it was read.
struct Pieces<'r> {
    reader: &'r Reader,
    conditions: Conditions,
    span: Span,
    flow: i64,
    seq: i64,
}

struct Page {
    rows: Vec<DataRow>,
    is_last: bool,
}

impl Pieces<'_> {
    /// The rest of the flow that was begun, then the next flows.
    fn page(&mut self, grep: &mut Grep<'_>) -> rusqlite::Result<Page> {
        let _view = self.reader.connection.unchecked_transaction()?;
        let mut found = self.read("flow.seq = ? AND payload.seq > ?", PAGE)?;
        let left = PAGE - found.len();
        if left > 0 {
            found.extend(self.read("flow.seq > ? AND ? IS NOT NULL", left)?);
        }
        if let Some(last) = found.last() {
            (self.flow, self.seq) = (last.flow.unwrap_or(self.flow), last.seq);
        }
        let is_last = found.len() < PAGE;
        Ok(Page { rows: accepted(found, grep)?, is_last })
    }

    /// Rows at a place that is given by two values: the flow and the piece read last.
    fn read(&self, place: &str, most: usize) -> rusqlite::Result<Vec<Placed<DataRow>>> {
        let Table { from, columns, .. } = &tables::PAYLOAD_BY_FLOW;
        let mut statement = self.reader.connection.prepare_cached(&format!(
            "SELECT payload.seq, payload.flow, payload.time, {columns} FROM {from} WHERE {} \
             AND {place} AND payload.seq BETWEEN ? AND ? \
             ORDER BY flow.seq, payload.seq LIMIT {most}",
            self.conditions.sql
        ))?;
        let place = [self.flow, self.seq, self.span.first, self.span.last].map(Value::from);
        let values = self.conditions.values.iter().cloned().chain(place);
        let read = |columns: &mut Columns<'_>| Placed::read(columns, DataRow::read);
        statement.query_map(params_from_iter(values), |row| read(&mut Columns::of(row)))?.collect()
    }
}
