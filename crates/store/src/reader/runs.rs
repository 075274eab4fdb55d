//! Runs, each with what was recorded in it.

use model::{Run, RunId, SensorId};
use rusqlite::{Connection, params_from_iter};

use super::columns::Columns;
use super::filter::{Conditions, Filter};
use super::pages::Limited;
use super::rows::RunRow;
use super::tables;

/// Reads the runs that pass; the newest ones, if not all are wanted.
pub(super) fn read(
    connection: &Connection,
    filter: &Filter,
    limit: Limited,
) -> rusqlite::Result<Vec<RunRow>> {
    let conditions = filter.conditions(&tables::RUN);
    let mut runs = matching(connection, &conditions)?;
    if let Limited::Newest(rows) = limit {
        runs.drain(..runs.len().saturating_sub(rows));
    }
    Ok(runs)
}

/// Open flows have no end that knows their bytes: their payload does.
const RUNS: &str = "
WITH opened AS (SELECT run, count(*) AS flows FROM flow GROUP BY run),
asked AS (SELECT run, count(*) AS queries FROM dns_query GROUP BY run),
ended AS (
    SELECT flow.run AS run, sum(bytes_from_victim) AS received, sum(bytes_to_victim) AS sent
    FROM flow_end CROSS JOIN flow ON flow.seq = flow_end.flow GROUP BY flow.run
),
unended AS (
    SELECT flow.run AS run, sum(iif(direction = 0, length, 0)) AS received,
        sum(iif(direction = 1, length, 0)) AS sent
    FROM flow LEFT JOIN flow_end ON flow_end.flow = flow.seq
        CROSS JOIN payload ON payload.flow = flow.seq
    WHERE flow_end.seq IS NULL AND payload.layer = 0 GROUP BY flow.run
)
SELECT run.id, run.sensor, run.started, run.subject, run_end.stopped,
    coalesce(flows, 0), coalesce(queries, 0),
    coalesce(ended.received, 0) + coalesce(unended.received, 0),
    coalesce(ended.sent, 0) + coalesce(unended.sent, 0)
FROM run
    LEFT JOIN run_end ON run_end.run = run.seq
    LEFT JOIN opened ON opened.run = run.seq
    LEFT JOIN asked ON asked.run = run.seq
    LEFT JOIN ended ON ended.run = run.seq
    LEFT JOIN unended ON unended.run = run.seq
WHERE ";

fn matching(connection: &Connection, conditions: &Conditions) -> rusqlite::Result<Vec<RunRow>> {
    let mut statement =
        connection.prepare_cached(&format!("{RUNS} {} ORDER BY run.seq", conditions.sql))?;
    let values = params_from_iter(&conditions.values);
    statement.query_map(values, |row| read_run(&mut Columns::of(row)))?.collect()
}

fn read_run(columns: &mut Columns<'_>) -> rusqlite::Result<RunRow> {
    Ok(RunRow {
        run: read_opening(columns)?,
        stopped: columns.optional_time()?,
        flows: columns.count()?,
        dns_queries: columns.count()?,
        bytes_from_victim: columns.count()?,
        bytes_to_victim: columns.count()?,
    })
}

/// The next four columns: what was known of a run when it started.
pub(super) fn read_opening(columns: &mut Columns<'_>) -> rusqlite::Result<Run> {
    Ok(Run {
        id: RunId::from_bytes(columns.take()?),
        sensor: SensorId::from_bytes(columns.take()?),
        started: columns.time()?,
        subject: columns.take()?,
    })
}
