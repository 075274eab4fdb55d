//! Files taken from flows. Names and types are a peer's words.

use store::{ArtifactRow, FlowContext};

use crate::cell::{Cell, digits};
use crate::fields::{
    Field, Row, field, flow, name, optional_text, orig_dst, orig_dst_port, run, sent_by, victim,
    victim_port,
};
use crate::table::{Column, Need, Tabular, left, right};

impl Row for ArtifactRow {
    const FIELDS: &'static [Field<Self>] = &[
        field("file", |row| Cell::Id(row.id.to_string())),
        field("opened", opened),
        field("closed", |row| Cell::Time(row.closed)),
        field("run", run),
        field("flow", flow),
        field("victim", victim),
        field("victim_port", victim_port),
        field("orig_dst", orig_dst),
        field("orig_dst_port", orig_dst_port),
        field("name", name),
        field("source", source),
        field("direction", |row| sent_by(row.direction)),
        field("file_name", file_name),
        field("claimed_type", claimed_type),
        field("found_type", found_type),
        field("bytes", bytes),
        field("stored_bytes", |row| Cell::Size(row.stored_bytes)),
        field("sha256", sha256),
        field("sha1", |row| Cell::hex(&row.hashes.sha1)),
        field("md5", |row| Cell::hex(&row.hashes.md5)),
        field("part_of", |row| row.part_of.map_or(Cell::Nothing, |id| Cell::Id(id.to_string()))),
        field("completeness", |row| Cell::text(row.completeness.name())),
    ];

    fn context(&self) -> Option<&FlowContext> {
        Some(&self.context)
    }
}

impl Tabular for ArtifactRow {
    const COLUMNS: &'static [Column<Self>] = &[
        left("TIME UTC", Need::Whole, opened),
        left("FLOW", Need::Rank(3), flow),
        left("VICTIM", Need::Rank(1), victim),
        left("SOURCE", Need::Rank(4), source),
        left("NAME", Need::Least(12), file_name),
        left("CLAIMED", Need::Rank(0), claimed_type),
        left("FOUND", Need::Rank(2), found_type),
        right("BYTES", Need::Whole, bytes),
        left("SHA-256", Need::Whole, sha256),
    ];

    const NOTHING: &'static str = "no files";
}

fn opened(row: &ArtifactRow) -> Cell {
    Cell::Time(row.opened)
}

fn source(row: &ArtifactRow) -> Cell {
    Cell::text(row.source.name())
}

fn file_name(row: &ArtifactRow) -> Cell {
    optional_text(row.name.as_ref())
}

fn claimed_type(row: &ArtifactRow) -> Cell {
    optional_text(row.media_type.as_ref())
}

fn found_type(row: &ArtifactRow) -> Cell {
    optional_text(row.file_type.as_ref())
}

fn bytes(row: &ArtifactRow) -> Cell {
    Cell::Size(row.bytes)
}

/// An id, too: in a table it is as short as `show file` needs it.
fn sha256(row: &ArtifactRow) -> Cell {
    Cell::Id(digits(&row.hashes.sha256))
}
