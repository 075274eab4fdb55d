//! Flows: whom victims called.

use store::{FlowContext, FlowEnd, FlowRow, UnstoredBytes};

use crate::cell::{Cell, Name};
use crate::fields::{
    Field, Row, field, flow, meant, name, optional_text, optional_time, orig_dst, orig_dst_port,
    run, transport, victim, victim_port,
};
use crate::table::{Column, Need, Tabular, left, right};

impl Row for FlowRow {
    const FIELDS: &'static [Field<Self>] = &[
        field("flow", flow),
        field("run", run),
        field("opened", opened),
        field("closed", |row| optional_time(row.end.as_ref().map(|end| end.closed))),
        field("transport", transport),
        field("victim", victim),
        field("victim_port", victim_port),
        field("orig_dst", orig_dst),
        field("orig_dst_port", orig_dst_port),
        field("name", name),
        field("names", names),
        field("protocol", |row| optional_text(row.protocol.as_ref())),
        field("bytes_from_victim", |row| Cell::Size(row.bytes_from_victim)),
        field("bytes_to_victim", |row| Cell::Size(row.bytes_to_victim)),
        field("ending", |row| row.end.as_ref().map_or(Cell::Nothing, ending_of)),
        field("unstored_limit", |row| unstored(row, |cut| Cell::text(&cut.limit))),
        field("unstored_bytes", |row| unstored(row, |cut| Cell::Size(cut.bytes))),
        field("unstored_sha256", |row| unstored(row, |cut| Cell::hex(&cut.sha256_from_victim))),
    ];

    fn context(&self) -> Option<&FlowContext> {
        Some(&self.context)
    }
}

impl Tabular for FlowRow {
    const COLUMNS: &'static [Column<Self>] = &[
        left("TIME UTC", Need::Whole, opened),
        left("FLOW", Need::Rank(3), flow),
        left("VICTIM", Need::Rank(1), victim),
        left("PROTO", Need::Whole, speaks),
        left("TO", Need::Least(24), meant),
        left("ADDRESS", Need::Rank(0), |row| named(row, orig_dst)),
        right("SENT", Need::Whole, |row| Cell::Size(row.bytes_from_victim)),
        right("GOT", Need::Rank(4), |row| Cell::Size(row.bytes_to_victim)),
        left("ENDING", Need::Rank(2), ending),
    ];

    const NOTHING: &'static str = "no flows";
}

fn opened(row: &FlowRow) -> Cell {
    Cell::Time(row.context.flow.opened)
}

/// What it was recognised as, else what carried it.
fn speaks(row: &FlowRow) -> Cell {
    row.protocol.as_ref().map_or_else(|| transport(row), Cell::text)
}

/// An address that the name has not shown already.
fn named(row: &FlowRow, cell: fn(&FlowRow) -> Cell) -> Cell {
    row.context.name.as_ref().map_or(Cell::Nothing, |_| cell(row))
}

fn names(row: &FlowRow) -> Cell {
    let name = |one: &model::FlowName| Name { name: one.name.clone(), source: one.source.name() };
    Cell::Names(row.names.iter().map(name).collect())
}

fn ending(row: &FlowRow) -> Cell {
    row.end.as_ref().map_or_else(|| Cell::text("open"), ending_of)
}

fn ending_of(end: &FlowEnd) -> Cell {
    Cell::text(end.ending)
}

fn unstored(row: &FlowRow, cell: impl FnOnce(&UnstoredBytes) -> Cell) -> Cell {
    let unstored = row.end.as_ref().and_then(|end| end.unstored.as_ref());
    unstored.map_or(Cell::Nothing, cell)
}
