//! Payload as rows. `bytes` are hexadecimal digits; `text` is the same as far as it is text.

use model::Layer;
use store::{DataRow, FlowContext};

use crate::cell::Cell;
use crate::fields::{
    Field, Row, field, flow, name, orig_dst, orig_dst_port, run, sent_by, transport, victim,
    victim_port,
};

impl Row for DataRow {
    const FIELDS: &'static [Field<Self>] = &[
        field("time", |row| Cell::Time(row.time)),
        field("run", run),
        field("flow", flow),
        field("transport", transport),
        field("victim", victim),
        field("victim_port", victim_port),
        field("orig_dst", orig_dst),
        field("orig_dst_port", orig_dst_port),
        field("name", name),
        field("direction", |row| sent_by(row.direction)),
        field("layer", layer),
        field("offset", |row| Cell::Number(row.offset)),
        field("length", |row| Cell::Size(row.length)),
        field("bytes", |row| row.bytes.as_deref().map_or(Cell::Nothing, Cell::hex)),
        field("text", text),
    ];

    fn context(&self) -> Option<&FlowContext> {
        Some(&self.context)
    }
}

fn layer(row: &DataRow) -> Cell {
    Cell::text(match row.layer {
        Layer::Wire => "wire",
        Layer::Inner => "inner",
        Layer::Nested => "nested",
    })
}

fn text(row: &DataRow) -> Cell {
    let text = row.bytes.as_deref().map(String::from_utf8_lossy);
    text.map_or(Cell::Nothing, |text| Cell::Text(text.into_owned()))
}
