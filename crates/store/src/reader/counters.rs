//! Counters of runs, zeros too.

use std::collections::HashMap;

use model::{Counter, RunId, Timestamp};
use rusqlite::{Connection, params_from_iter};

use super::columns::Columns;
use super::filter::Filter;
use super::rows::CounterRow;
use super::tables;

/// Every counter of every run that passes.
pub(super) fn read(connection: &Connection, filter: &Filter) -> rusqlite::Result<Vec<CounterRow>> {
    let conditions = filter.conditions(&tables::RUN);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT run.seq, run.id FROM run WHERE {} ORDER BY run.seq",
        conditions.sql
    ))?;
    let mut rows = statement.query(params_from_iter(&conditions.values))?;
    let mut counters = Vec::new();
    while let Some(row) = rows.next()? {
        let run = RunId::from_bytes(row.get(1)?);
        counters.extend(of_run(connection, row.get(0)?, run)?);
    }
    Ok(counters)
}

/// Every counter of one run.
pub(super) fn of_run(
    connection: &Connection,
    seq: i64,
    run: RunId,
) -> rusqlite::Result<Vec<CounterRow>> {
    let readings = readings(connection, seq)?;
    let row = |counter: Counter| {
        let reading = readings.get(counter.name());
        let (value, time) = reading.map_or((0, None), |(value, time)| (*value, Some(*time)));
        CounterRow { run, counter, value, time }
    };
    Ok(Counter::ALL.into_iter().map(row).collect())
}

fn readings(
    connection: &Connection,
    run: i64,
) -> rusqlite::Result<HashMap<String, (u64, Timestamp)>> {
    let mut statement =
        connection.prepare_cached("SELECT name, value, time FROM counter WHERE run = ?")?;
    let read =
        |columns: &mut Columns<'_>| Ok((columns.take()?, (columns.count()?, columns.time()?)));
    statement.query_map([run], |row| read(&mut Columns::of(row)))?.collect()
}
