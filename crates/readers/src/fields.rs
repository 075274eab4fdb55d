//! What JSON and CSV have of each kind of row. The keys are a promise: scripts depend on them.

use model::{Direction, Timestamp};
use store::FlowContext;

use crate::cell::Cell;

/// A value with its key.
pub(crate) struct Field<R> {
    pub(crate) key: &'static str,
    pub(crate) cell: fn(&R) -> Cell,
}

/// A kind of row.
pub(crate) trait Row: Sized + 'static {
    /// All of it, for JSON and CSV.
    const FIELDS: &'static [Field<Self>];

    /// The flow it belongs to.
    fn context(&self) -> Option<&FlowContext>;
}

/// The keys and values of a row.
pub(crate) fn fields<R: Row>(row: &R) -> impl Iterator<Item = (&'static str, Cell)> {
    R::FIELDS.iter().map(move |field| (field.key, (field.cell)(row)))
}

/// The keys alone.
pub(crate) fn keys<R: Row>() -> impl Iterator<Item = &'static str> {
    R::FIELDS.iter().map(|field| field.key)
}

/// One field.
pub(crate) const fn field<R>(key: &'static str, cell: fn(&R) -> Cell) -> Field<R> {
    Field { key, cell }
}

// What rows have to say of their flow; each of these is the cell of a field.

pub(crate) fn flow<R: Row>(row: &R) -> Cell {
    of(row, |context| Cell::Id(context.flow.id.to_string()))
}

pub(crate) fn run<R: Row>(row: &R) -> Cell {
    of(row, |context| Cell::Id(context.flow.run.to_string()))
}

pub(crate) fn transport<R: Row>(row: &R) -> Cell {
    of(row, |context| Cell::text(context.flow.transport))
}

pub(crate) fn victim<R: Row>(row: &R) -> Cell {
    of(row, |context| Cell::text(context.flow.victim.ip()))
}

pub(crate) fn victim_port<R: Row>(row: &R) -> Cell {
    of(row, |context| Cell::Number(context.flow.victim.address().port().into()))
}

pub(crate) fn orig_dst<R: Row>(row: &R) -> Cell {
    of(row, |context| Cell::text(context.flow.orig_dst.ip()))
}

pub(crate) fn orig_dst_port<R: Row>(row: &R) -> Cell {
    of(row, |context| Cell::Number(context.flow.orig_dst.port().into()))
}

pub(crate) fn name<R: Row>(row: &R) -> Cell {
    of(row, |context| optional_text(context.name.as_ref()))
}

/// Whom the victim meant, by name if there is one: `example.com:80`.
pub(crate) fn meant<R: Row>(row: &R) -> Cell {
    of(row, |context| Cell::Text(whom(context)))
}

/// Whom the victim meant, by name if there is one: `example.com:80`, `198.51.100.9:80`.
pub(crate) fn whom(context: &FlowContext) -> String {
    let meant = context.flow.orig_dst;
    match (&context.name, meant.port()) {
        (Some(name), 0) => name.clone(),
        (Some(name), port) => format!("{name}:{port}"),
        (None, 0) => meant.ip().to_string(),
        (None, _) => meant.to_string(),
    }
}

/// Who sent it, as everywhere.
pub(crate) fn sent_by(direction: Direction) -> Cell {
    Cell::text(match direction {
        Direction::FromVictim => "from-victim",
        Direction::ToVictim => "to-victim",
    })
}

pub(crate) fn optional_text(text: Option<&String>) -> Cell {
    text.map_or(Cell::Nothing, Cell::text)
}

pub(crate) fn optional_time(time: Option<Timestamp>) -> Cell {
    time.map_or(Cell::Nothing, Cell::Time)
}

fn of<R: Row>(row: &R, cell: impl FnOnce(&FlowContext) -> Cell) -> Cell {
    row.context().map_or(Cell::Nothing, cell)
}
