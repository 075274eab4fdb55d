//! Runs.

use store::{FlowContext, RunRow};

use crate::cell::Cell;
use crate::fields::{Field, Row, field, optional_time};
use crate::table::{Column, Need, Tabular, left, right};
use crate::times;

impl Row for RunRow {
    const FIELDS: &'static [Field<Self>] = &[
        field("run", id),
        field("sensor", |row| Cell::Id(row.run.sensor.to_string())),
        field("started", started),
        field("stopped", |row| optional_time(row.stopped)),
        field("subject", subject),
        field("flows", |row| Cell::Number(row.flows)),
        field("dns_queries", |row| Cell::Number(row.dns_queries)),
        field("bytes_from_victim", |row| Cell::Size(row.bytes_from_victim)),
        field("bytes_to_victim", |row| Cell::Size(row.bytes_to_victim)),
    ];

    fn context(&self) -> Option<&FlowContext> {
        None
    }
}

impl Tabular for RunRow {
    const COLUMNS: &'static [Column<Self>] = &[
        left("STARTED UTC", Need::Whole, started),
        left("RUN", Need::Whole, id),
        left("TOOK", Need::Rank(1), took),
        right("FLOWS", Need::Whole, |row| Cell::Number(row.flows)),
        right("DNS", Need::Rank(0), |row| Cell::Number(row.dns_queries)),
        right("SENT", Need::Rank(2), |row| Cell::Size(row.bytes_from_victim)),
        right("GOT", Need::Rank(2), |row| Cell::Size(row.bytes_to_victim)),
        left("SUBJECT", Need::Least(16), subject),
    ];

    const NOTHING: &'static str = "no runs";
}

fn id(row: &RunRow) -> Cell {
    Cell::Id(row.run.id.to_string())
}

fn started(row: &RunRow) -> Cell {
    Cell::Time(row.run.started)
}

fn subject(row: &RunRow) -> Cell {
    Cell::text(&row.run.subject)
}

fn took(row: &RunRow) -> Cell {
    let span = |stopped: model::Timestamp| times::span(stopped.since(row.run.started));
    row.stopped.map_or_else(|| Cell::text("no end"), |stopped| Cell::Text(span(stopped)))
}
