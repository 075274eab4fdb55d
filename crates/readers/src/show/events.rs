//! Events: what was understood.

use store::{EventRow, FlowContext};

use crate::cell::Cell;
use crate::events::sentence;
use crate::fields::{
    Field, Row, field, flow, meant, name, orig_dst, orig_dst_port, victim, victim_port,
};
use crate::table::{Column, Need, Tabular, left};

impl Row for EventRow {
    const FIELDS: &'static [Field<Self>] = &[
        field("time", |row| Cell::Time(row.time)),
        field("run", |row| Cell::Id(row.run.to_string())),
        field("flow", flow),
        field("victim", victim),
        field("victim_port", victim_port),
        field("orig_dst", orig_dst),
        field("orig_dst_port", orig_dst_port),
        field("name", name),
        field("kind", kind),
        field("details", |row| Cell::json(&row.details)),
    ];

    fn context(&self) -> Option<&FlowContext> {
        self.context.as_ref()
    }
}

impl Tabular for EventRow {
    const COLUMNS: &'static [Column<Self>] = &[
        left("TIME UTC", Need::Whole, |row| Cell::Time(row.time)),
        left("FLOW", Need::Rank(2), flow),
        left("VICTIM", Need::Rank(1), victim),
        left("TO", Need::Rank(0), meant),
        left("EVENT", Need::Whole, kind),
        left("WHAT", Need::Least(34), |row| Cell::Text(sentence(&row.kind, &row.details))),
    ];

    const NOTHING: &'static str = "no events";
}

fn kind(row: &EventRow) -> Cell {
    Cell::text(&row.kind)
}
