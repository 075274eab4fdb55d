//! What was committed here after a position, a batch at a time.

use model::Shortened;
use rusqlite::Connection;
use rusqlite::types::Value;

use super::position::Position;
use super::shorten::shorten;
use super::tables::{ARTIFACT_PART, Again, PAYLOAD, TABLES, Table};
use crate::error::ReadError;
use crate::reader::Reader;

/// Most rows of a table in one batch: enough that the other side's commit costs little, few enough
/// that a batch which has to be repeated is no loss.
const ROWS: usize = 4_096;

/// Bytes of payload and text after which a batch takes no further row.
const BYTES: usize = 4 << 20;

/// Rows of all tables, to be committed together.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) parts: Vec<Part>,
    /// Where the next batch begins once this one is committed.
    pub(super) reached: Position,
    /// What the other side will not have whole.
    pub(super) shortened: Option<Shortened>,
}

/// How long what is in one row there may be, in bytes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Most {
    /// Payload, which is cut into several rows.
    pub(super) bytes: usize,
    /// A text, which ends there.
    pub(super) text: usize,
}

/// Rows of one table, each with its columns in order.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) table: &'static Table,
    pub(super) rows: Vec<Vec<Value>>,
}

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.parts.is_empty()
    }
}

/// The local database, as it is read for followers.
#[derive(Debug)]
pub(super) struct Source<'r> {
    pub(super) reader: &'r Reader,
    most: Most,
    /// SQLite's mark of the version that was read to its end.
    read_up_to: Option<i64>,
}

impl<'r> Source<'r> {
    pub(super) fn new(reader: &'r Reader, most: Most) -> Self {
        Self { reader, most, read_up_to: None }
    }

    /// What comes after `position`; asking when nothing was committed costs almost nothing.
    pub(super) fn after(&mut self, position: &Position) -> Result<Batch, ReadError> {
        self.read(position).map_err(|cause| self.reader.failed("rows to follow", cause))
    }

    fn read(&mut self, position: &Position) -> rusqlite::Result<Batch> {
        let mut batch = Batch { parts: Vec::new(), reached: position.clone(), shortened: None };
        // One view of all tables: what belongs together was committed together.
        let view = self.reader.connection().unchecked_transaction()?;
        // Inside the view, or a commit that comes between would be taken for one that was read.
        let version = view.pragma_query_value(None, "data_version", |row| row.get(0))?;
        if self.read_up_to == Some(version) {
            return Ok(batch);
        }
        let mut room = BYTES;
        for table in TABLES {
            let rows = self.rows(&view, table, &mut batch, &mut room)?;
            if !rows.is_empty() {
                batch.parts.push(Part { table, rows });
            }
        }
        self.read_up_to = batch.is_empty().then_some(version);
        Ok(batch)
    }

    fn rows(
        &self,
        view: &Connection,
        table: &'static Table,
        batch: &mut Batch,
        room: &mut usize,
    ) -> rusqlite::Result<Vec<Vec<Value>>> {
        let mut statement = view.prepare_cached(&select(table))?;
        let mut found = statement.query([batch.reached.of(table)])?;
        let mut rows = Vec::new();
        while let Some(row) = found.next()? {
            let cells = (1..=table.columns.len()).map(|column| row.get(column));
            let mut cells: Vec<Value> = cells.collect::<rusqlite::Result<_>>()?;
            let place = row.get(0)?;
            *room = room.saturating_sub(cells.iter().map(weight).sum());
            if [PAYLOAD, ARTIFACT_PART].contains(table) {
                rows.extend(pieces(cells, self.most.bytes));
            } else {
                for cell in shorten(table, &mut cells, self.most.text) {
                    let latest = format!("{cell} of {} {place}", table.name);
                    let texts = batch.shortened.as_ref().map_or(0, |before| before.texts) + 1;
                    batch.shortened = Some(Shortened { texts, latest });
                }
                rows.push(cells);
            }
            batch.reached.reach(table, place);
            // Counters of one time belong together.
            if *room == 0 && table.again == Again::Kept {
                break;
            }
        }
        Ok(rows)
    }
}

fn select(table: &Table) -> String {
    let columns: Vec<&str> = table.columns.iter().map(|column| column.here).collect();
    let Table { from, place, .. } = table;
    let limit = match table.again {
        Again::Kept => format!("LIMIT {ROWS}"),
        Again::Replaced(_) => String::new(),
    };
    format!(
        "SELECT {place}, {} FROM {from} WHERE {place} > ? ORDER BY {place} {limit}",
        columns.join(", ")
    )
}

pub(super) fn weight(cell: &Value) -> usize {
    match cell {
        Value::Blob(bytes) => bytes.len(),
        Value::Integer(_) | Value::Null | Value::Real(_) => 8,
        Value::Text(text) => text.len(),
    }
}

/// A row of payload, or a part of a file, as rows of at most so many bytes each.
fn pieces(row: Vec<Value>, most: usize) -> Vec<Vec<Value>> {
    let [owner, seq, Value::Integer(position), _, Value::Blob(bytes), rest @ ..] = &row[..] else {
        return vec![row];
    };
    if bytes.len() <= most {
        return vec![row];
    }
    let mut position = *position;
    let mut rows = Vec::new();
    for piece in bytes.chunks(most) {
        let length = i64::try_from(piece.len()).unwrap_or(i64::MAX);
        let numbers = [Value::Integer(position), Value::Integer(length)];
        let own = numbers.into_iter().chain([Value::Blob(piece.to_owned())]);
        let key = [owner.clone(), seq.clone()].into_iter();
        rows.push(key.chain(own).chain(rest.iter().cloned()).collect());
        position += length;
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(position: i64, bytes: &[u8]) -> Vec<Value> {
        let length = Value::Integer(bytes.len() as i64);
        let bytes = Value::Blob(bytes.to_owned());
        vec![Value::Null, 7.into(), position.into(), length, bytes, "rest".to_owned().into()]
    }

    #[test]
    fn a_long_piece_becomes_several_that_make_the_whole() {
        assert_eq!(pieces(row(10, b"abcdef"), 6), [row(10, b"abcdef")]);
        assert_eq!(
            pieces(row(10, b"abcdefgh"), 3),
            [row(10, b"abc"), row(13, b"def"), row(16, b"gh")]
        );
    }

    #[test]
    fn lost_bytes_stay_lost() {
        let mut lost = row(0, b"abcdef");
        lost[4] = Value::Null;
        assert_eq!(pieces(lost.clone(), 2), [lost]);
    }
}
