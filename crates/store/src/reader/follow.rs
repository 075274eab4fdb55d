//! Following a database while it is written: what was committed after a cursor, in order.

use std::collections::{HashMap, VecDeque};

use model::{FlowName, Run, RunClosed, RunId, Timestamp};
use rusqlite::{Connection, params_from_iter};
use serde::{Deserialize, Serialize};

use super::columns::Columns;
use super::filter::Filter;
use super::pages::last_of;
use super::rows::{DataRow, DnsRow, EventRow, FlowContext, FlowRow, read_name};
use super::runs::read_opening;
use super::search::{Piece, Search};
use super::tables::{self, Table};
use super::{ReadError, Reader};

/// Most rows of a table in one reading: a follower far behind needs no more memory than one close
/// by.
const ROWS: usize = 1_024;

/// Most pieces of payload in one reading. A piece has up to 64 KiB.
const PIECES: usize = 256;

/// How far a follower has read: the number of the last row of each table. Rows are only ever
/// added, so nothing before it changes. Written as JSON it can be kept and taken up again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursor {
    run: i64,
    flow: i64,
    flow_name: i64,
    payload: i64,
    dns_query: i64,
    event: i64,
    flow_end: i64,
    run_end: i64,
}

/// One thing that was committed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Change {
    /// A run started.
    RunOpened(Run),
    /// A flow opened; with its name, if that was committed together with it.
    FlowOpened(FlowContext),
    /// A flow has a name.
    Named {
        /// The flow.
        context: FlowContext,
        /// The name, and where it is from.
        name: FlowName,
        /// Since when.
        time: Timestamp,
    },
    /// Bytes.
    Data(DataRow),
    /// A DNS question.
    Dns(DnsRow),
    /// Something understood.
    Event(EventRow),
    /// A flow ended.
    FlowEnded(FlowRow),
    /// A run ended.
    RunClosed(RunClosed),
}

/// Which bytes come with [`Change::Data`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PayloadBytes {
    /// Those of the first piece of each direction; the others are `None`.
    Beginning,
    /// All.
    Whole,
}

/// Reads what is committed after its cursor.
///
/// A flow comes before everything that belongs to it. Otherwise changes come in the order of their
/// times, as far as they are committed together.
#[derive(Debug)]
pub struct Follower {
    reader: Reader,
    cursor: Cursor,
    filter: Filter,
    bytes: PayloadBytes,
    /// SQLite's mark of the version that was read to its end.
    read_up_to: Option<i64>,
    /// For the filter by bytes: how far each open flow was searched.
    searches: HashMap<i64, Searched>,
}

#[derive(Debug)]
enum Searched {
    Found,
    NotYet(Search),
}

impl Follower {
    pub(super) fn new(reader: Reader, cursor: Cursor, filter: Filter, bytes: PayloadBytes) -> Self {
        let searches = HashMap::new();
        Self { reader, cursor, filter, bytes, read_up_to: None, searches }
    }

    /// How far it has read. What [`Follower::next_changes`] returned lies before it.
    #[must_use]
    pub fn cursor(&self) -> Cursor {
        self.cursor
    }

    /// The next changes: a limited number, so ask again until there are none. Asking when nothing
    /// was committed costs almost nothing.
    ///
    /// With a filter by bytes, what belongs to a flow is shown from the piece on that completes
    /// them.
    ///
    /// # Errors
    ///
    /// If reading fails. The cursor stays where it was.
    pub fn next_changes(&mut self) -> Result<Vec<Change>, ReadError> {
        self.read().map_err(|cause| self.reader.failed("what is new", cause))
    }

    fn read(&mut self) -> rusqlite::Result<Vec<Change>> {
        loop {
            let version = self.version()?;
            if self.read_up_to == Some(version) {
                return Ok(Vec::new());
            }
            let found = self.batch()?;
            self.read_up_to = found.is_all.then_some(version);
            self.cursor = found.cursor;
            let passed = found.changes.into_iter().filter(|found| self.passes(found));
            let changes: Vec<Change> = passed.map(|found| found.change).collect();
            if !changes.is_empty() {
                return Ok(changes);
            }
        }
    }

    /// Differs from the last time if somebody has committed since.
    fn version(&self) -> rusqlite::Result<i64> {
        self.reader.connection.pragma_query_value(None, "data_version", |row| row.get(0))
    }

    fn batch(&self) -> rusqlite::Result<Batch> {
        // One view of all tables: what belongs together was committed together.
        let transaction = self.reader.connection.unchecked_transaction()?;
        let end = Cursor::at_end(&transaction)?;
        let payload = match (self.bytes, &self.filter.grep) {
            (PayloadBytes::Beginning, None) => &tables::PAYLOAD_BEGINNING,
            _ => &tables::PAYLOAD,
        };
        let heads = sources(payload).map(|source| self.head(&transaction, source));
        Merge { heads: heads.into_iter().collect::<rusqlite::Result<_>>()? }.run(end)
    }

    fn head(&self, connection: &Connection, source: Source) -> rusqlite::Result<Head> {
        let Source { table, rows, read, .. } = source;
        let conditions = self.filter.conditions(table);
        let mut statement = connection.prepare_cached(&format!(
            "SELECT {seq}, {flow}, {time}, {columns} FROM {from} WHERE {wanted} AND {seq} > ? \
             ORDER BY {seq} LIMIT {rows}",
            seq = table.seq,
            flow = table.flow,
            time = table.time,
            columns = table.columns,
            from = table.from,
            wanted = conditions.sql,
        ))?;
        let after = self.cursor.of(source);
        let values = params_from_iter(conditions.values.into_iter().chain([after.into()]));
        let found = statement.query_map(values, |row| Found::read(&mut Columns::of(row), read))?;
        let found: VecDeque<Found> = found.collect::<rusqlite::Result<_>>()?;
        let is_all = found.len() < rows;
        Ok(Head { source, found, is_all, passed: after })
    }

    /// The filter by bytes, which SQL knows nothing of.
    fn passes(&mut self, found: &Found) -> bool {
        let Some(pattern) = &self.filter.grep else { return true };
        let Some(flow) = found.flow else { return false };
        if let Change::FlowEnded(_) = found.change {
            return matches!(self.searches.remove(&flow), Some(Searched::Found));
        }
        let searched = self.searches.entry(flow).or_insert_with(Searched::nothing);
        if let Change::Data(row) = &found.change {
            searched.go_on(pattern, row);
        }
        matches!(searched, Searched::Found)
    }
}

impl Searched {
    fn nothing() -> Self {
        Self::NotYet(Search::default())
    }

    fn go_on(&mut self, pattern: &[u8], row: &DataRow) {
        let Self::NotYet(search) = self else { return };
        let bytes = row.bytes.as_deref().unwrap_or_default();
        let piece = Piece { lane: (row.direction, row.layer), offset: row.offset, bytes };
        if search.finds(pattern, piece) {
            *self = Self::Found;
        }
    }
}

impl Cursor {
    /// Behind the last row of every table.
    pub(super) fn at_end(connection: &Connection) -> rusqlite::Result<Self> {
        let mut cursor = Self::default();
        for source in sources(&tables::PAYLOAD) {
            *(source.place)(&mut cursor) = last_of(connection, source.table)?;
        }
        Ok(cursor)
    }

    fn of(mut self, source: Source) -> i64 {
        *(source.place)(&mut self)
    }
}

type Read = fn(&mut Columns<'_>) -> rusqlite::Result<Change>;

/// A table that is followed.
#[derive(Clone, Copy)]
struct Source {
    table: &'static Table,
    /// Most rows read at once.
    rows: usize,
    read: Read,
    /// Its place in the cursor.
    place: fn(&mut Cursor) -> &mut i64,
}

/// Every table, in the order in which rows of the same time come.
fn sources(payload: &'static Table) -> [Source; 8] {
    let source = |table, read, place| Source { table, rows: ROWS, read, place };
    let of_payload = Source {
        table: payload,
        rows: PIECES,
        read: |columns| DataRow::read(columns).map(Change::Data),
        place: |cursor| &mut cursor.payload,
    };
    [
        source(&tables::RUN, read_run, |cursor| &mut cursor.run),
        source(&tables::FLOW_OPENED, read_flow, |cursor| &mut cursor.flow),
        source(&tables::FLOW_NAME, read_named, |cursor| &mut cursor.flow_name),
        of_payload,
        source(&tables::DNS_QUERY, read_dns, |cursor| &mut cursor.dns_query),
        source(&tables::EVENT, read_event, |cursor| &mut cursor.event),
        source(&tables::FLOW_END, read_flow_end, |cursor| &mut cursor.flow_end),
        source(&tables::RUN_END, read_run_end, |cursor| &mut cursor.run_end),
    ]
}

fn read_run(columns: &mut Columns<'_>) -> rusqlite::Result<Change> {
    read_opening(columns).map(Change::RunOpened)
}

fn read_flow(columns: &mut Columns<'_>) -> rusqlite::Result<Change> {
    FlowContext::read(columns).map(Change::FlowOpened)
}

fn read_named(columns: &mut Columns<'_>) -> rusqlite::Result<Change> {
    let context = FlowContext::read(columns)?;
    Ok(Change::Named { context, name: read_name(columns)?, time: columns.time()? })
}

fn read_dns(columns: &mut Columns<'_>) -> rusqlite::Result<Change> {
    DnsRow::read(columns).map(Change::Dns)
}

fn read_event(columns: &mut Columns<'_>) -> rusqlite::Result<Change> {
    EventRow::read(columns).map(Change::Event)
}

fn read_flow_end(columns: &mut Columns<'_>) -> rusqlite::Result<Change> {
    FlowRow::read(columns).map(Change::FlowEnded)
}

fn read_run_end(columns: &mut Columns<'_>) -> rusqlite::Result<Change> {
    let run = RunId::from_bytes(columns.take()?);
    Ok(Change::RunClosed(RunClosed { run, stopped: columns.time()? }))
}

/// A change with its place.
struct Found {
    seq: i64,
    flow: Option<i64>,
    time: i64,
    change: Change,
}

impl Found {
    fn read(columns: &mut Columns<'_>, read: Read) -> rusqlite::Result<Self> {
        let (seq, flow, time) = (columns.take()?, columns.take()?, columns.take()?);
        Ok(Self { seq, flow, time, change: read(columns)? })
    }
}

/// What was read of one table and not passed on yet.
struct Head {
    source: Source,
    found: VecDeque<Found>,
    /// Whether that is all there is in the table.
    is_all: bool,
    /// The number of the last row passed on.
    passed: i64,
}

/// What one reading gives.
struct Batch {
    changes: Vec<Found>,
    cursor: Cursor,
    /// Whether nothing is left.
    is_all: bool,
}

/// Puts the rows of all tables into one order.
struct Merge {
    heads: Vec<Head>,
}

impl Merge {
    /// Goes on until a table has run out of which there is more: what comes next is not known then.
    fn run(mut self, end: Cursor) -> rusqlite::Result<Batch> {
        let mut changes = Vec::new();
        while !self.heads.iter().any(Head::is_in_the_dark) {
            let Some(found) = self.next() else { break };
            changes.push(found);
        }
        let mut cursor = end;
        for head in &self.heads {
            *(head.source.place)(&mut cursor) = head.reached(end);
        }
        Ok(Batch { changes, cursor, is_all: self.heads.iter().all(Head::is_done) })
    }

    fn next(&mut self) -> Option<Found> {
        let earliest = self.earliest_flow();
        let ready = self.heads.iter_mut().filter(|head| head.is_ready(earliest));
        let first = ready.min_by_key(|head| head.found.front().map(|found| found.time))?;
        let found = first.found.pop_front()?;
        first.passed = found.seq;
        Some(found)
    }

    /// The number of the next flow to open.
    fn earliest_flow(&self) -> i64 {
        let opening = self.heads.iter().find_map(|head| head.found.front()?.opens());
        opening.unwrap_or(i64::MAX)
    }
}

impl Found {
    /// The number of the flow that opens with it.
    fn opens(&self) -> Option<i64> {
        matches!(self.change, Change::FlowOpened(_)).then_some(self.seq)
    }
}

impl Head {
    fn is_in_the_dark(&self) -> bool {
        self.found.is_empty() && !self.is_all
    }

    fn is_done(&self) -> bool {
        self.found.is_empty() && self.is_all
    }

    /// Whether its next row may come, when the flows from `earliest` on are still to open.
    fn is_ready(&self, earliest: i64) -> bool {
        let Some(next) = self.found.front() else { return false };
        next.opens().is_some() || next.flow.is_none_or(|flow| flow < earliest)
    }

    /// How far the table was read, with what the filter left out.
    fn reached(&self, end: Cursor) -> i64 {
        match self.found.front() {
            Some(next) => next.seq - 1,
            None if self.is_all => end.of(self.source),
            None => self.passed,
        }
    }
}
