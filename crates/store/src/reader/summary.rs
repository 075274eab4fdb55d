//! What there is to say at the end of a run.

use std::path::PathBuf;

use model::{RunId, Transport};
use rusqlite::Connection;

use super::Reader;
use super::columns::Columns;
use super::counters;
use super::filter::{Filter, IdPrefix};
use super::pages::Limited;
use super::rows::{CounterRow, RunRow};
use super::runs;

/// Names listed at most: a victim can ask for millions.
const NAMES: u64 = 1_000;

/// A run in short.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    /// The run and its totals.
    pub run: RunRow,
    /// Names asked for, in the order they first were; the first thousand.
    pub names: Vec<AskedName>,
    /// How many names were asked for.
    pub different_names: u64,
    /// What the flows spoke, the most frequent first.
    pub protocols: Vec<ProtocolTotal>,
    /// Every counter.
    pub counters: Vec<CounterRow>,
    /// Where all of it is.
    pub database: PathBuf,
}

/// A name and how often it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedName {
    /// The name.
    pub name: String,
    /// How often.
    pub times: u64,
}

/// Flows that spoke the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProtocolTotal {
    /// What carried them.
    pub transport: Transport,
    /// What they were recognised as, if anything.
    pub protocol: Option<String>,
    /// How many there were.
    pub flows: u64,
    /// Bytes of the wire layer that victims sent.
    pub bytes_from_victim: u64,
    /// Bytes of the wire layer that we sent.
    pub bytes_to_victim: u64,
}

/// Reads the summary of a run, if there is such a run.
pub(super) fn read(reader: &Reader, run: RunId) -> rusqlite::Result<Option<Summary>> {
    let connection = &reader.connection;
    let filter = Filter { run: Some(IdPrefix::from(run)), ..Filter::default() };
    let Some(row) = runs::read(connection, &filter, Limited::All)?.pop() else { return Ok(None) };
    let seq =
        connection
            .query_row("SELECT seq FROM run WHERE id = ?", [run.as_bytes()], |row| row.get(0))?;
    Ok(Some(Summary {
        run: row,
        names: names(connection, seq)?,
        different_names: different_names(connection, seq)?,
        protocols: protocols(connection, seq)?,
        counters: counters::of_run(connection, seq, run)?,
        database: reader.path.clone(),
    }))
}

fn names(connection: &Connection, run: i64) -> rusqlite::Result<Vec<AskedName>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT name, count(*) FROM dns_query WHERE run = ? \
         GROUP BY name ORDER BY min(seq) LIMIT {NAMES}"
    ))?;
    let read = |columns: &mut Columns<'_>| {
        Ok(AskedName { name: columns.take()?, times: columns.count()? })
    };
    statement.query_map([run], |row| read(&mut Columns::of(row)))?.collect()
}

fn different_names(connection: &Connection, run: i64) -> rusqlite::Result<u64> {
    let sql = "SELECT count(DISTINCT name) FROM dns_query WHERE run = ?";
    connection.query_row(sql, [run], |row| Columns::of(row).count())
}

/// As for whole flows: of those without an end the payload knows the bytes.
const PROTOCOLS: &str = "
SELECT transport, protocol, count(*), sum(received), sum(sent) FROM (
    SELECT flow.transport AS transport,
        iif(flow_end.seq IS NULL, (SELECT e.details ->> 'protocol' FROM event AS e
            WHERE e.flow = flow.seq AND e.kind = 'flow.recognised'
            ORDER BY e.seq DESC LIMIT 1), flow_end.protocol) AS protocol,
        coalesce(flow_end.bytes_from_victim, (SELECT sum(p.length) FROM payload AS p
            WHERE p.flow = flow.seq AND p.direction = 0 AND p.layer = 0), 0) AS received,
        coalesce(flow_end.bytes_to_victim, (SELECT sum(p.length) FROM payload AS p
            WHERE p.flow = flow.seq AND p.direction = 1 AND p.layer = 0), 0) AS sent
    FROM flow LEFT JOIN flow_end ON flow_end.flow = flow.seq
    WHERE flow.run = ?
) GROUP BY transport, protocol ORDER BY count(*) DESC, transport, protocol";

fn protocols(connection: &Connection, run: i64) -> rusqlite::Result<Vec<ProtocolTotal>> {
    let mut statement = connection.prepare_cached(PROTOCOLS)?;
    statement.query_map([run], |row| read_protocol(&mut Columns::of(row)))?.collect()
}

fn read_protocol(columns: &mut Columns<'_>) -> rusqlite::Result<ProtocolTotal> {
    Ok(ProtocolTotal {
        transport: Transport::from_number(columns.take()?),
        protocol: columns.take()?,
        flows: columns.count()?,
        bytes_from_victim: columns.count()?,
        bytes_to_victim: columns.count()?,
    })
}
