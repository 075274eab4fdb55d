//! Whether a flow carried certain bytes, in one piece or across several.

use std::collections::HashMap;

use memchr::memmem;
use model::{Direction, Layer};
use rusqlite::Connection;

use super::columns::Columns;
use super::rows::{read_direction, read_layer};

/// Flows whose answer is remembered. Their number is up to the victims.
const REMEMBERED: usize = 65_536;

/// The filter by bytes.
pub(super) struct Grep<'r> {
    connection: &'r Connection,
    pattern: Option<&'r [u8]>,
    known: HashMap<i64, bool>,
}

impl<'r> Grep<'r> {
    /// Without a pattern it lets everything pass.
    pub(super) fn new(connection: &'r Connection, pattern: Option<&'r [u8]>) -> Self {
        Self { connection, pattern, known: HashMap::new() }
    }

    /// Whether what belongs to a flow passes.
    pub(super) fn accepts(&mut self, flow: Option<i64>) -> rusqlite::Result<bool> {
        let Some(pattern) = self.pattern else { return Ok(true) };
        let Some(flow) = flow else { return Ok(false) };
        if let Some(known) = self.known.get(&flow) {
            return Ok(*known);
        }
        if self.known.len() >= REMEMBERED {
            self.known.clear();
        }
        let carried = carried(self.connection, flow, pattern)?;
        self.known.insert(flow, carried);
        Ok(carried)
    }
}

fn carried(connection: &Connection, flow: i64, pattern: &[u8]) -> rusqlite::Result<bool> {
    let mut statement = connection.prepare_cached(
        "SELECT direction, layer, offset, bytes FROM payload WHERE flow = ? ORDER BY seq",
    )?;
    let mut rows = statement.query([flow])?;
    let mut search = Search::default();
    while let Some(row) = rows.next()? {
        let mut columns = Columns::of(row);
        let lane = (read_direction(&mut columns)?, read_layer(&mut columns)?);
        let offset = columns.count()?;
        let bytes = row.get_ref(3)?.as_blob_or_null()?.unwrap_or_default();
        if search.finds(pattern, Piece { lane, offset, bytes }) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// A direction of a layer: offsets count within it.
type Lane = (Direction, Layer);

/// Some bytes of a flow.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    pub(super) lane: Lane,
    pub(super) offset: u64,
    /// None if they were lost.
    pub(super) bytes: &'a [u8],
}

/// A search through the pieces of one flow, which come in order. It keeps less than one pattern of
/// each lane.
#[derive(Debug, Default)]
pub(super) struct Search {
    lanes: HashMap<Lane, Tail>,
}

/// The end of what was seen of a lane.
#[derive(Debug, Default)]
struct Tail {
    bytes: Vec<u8>,
    /// The offset after it.
    next: u64,
}

impl Search {
    /// Whether the pattern is in this piece, or in its beginning and what came right before.
    pub(super) fn finds(&mut self, pattern: &[u8], piece: Piece<'_>) -> bool {
        let tail = self.lanes.entry(piece.lane).or_default();
        let overlap = pattern.len().saturating_sub(1);
        if tail.next != piece.offset {
            tail.bytes.clear();
        }
        let beginning = piece.bytes.get(..overlap).unwrap_or(piece.bytes);
        tail.bytes.extend_from_slice(beginning);
        let straddles = memmem::find(&tail.bytes, pattern).is_some();
        tail.advance(piece, overlap);
        straddles || memmem::find(piece.bytes, pattern).is_some()
    }
}

impl Tail {
    /// Keeps the last `most` bytes up to the end of a piece, whose beginning is here already.
    fn advance(&mut self, piece: Piece<'_>, most: usize) {
        if piece.bytes.len() > most {
            let kept = piece.bytes.len() - most;
            self.bytes.clear();
            self.bytes.extend_from_slice(piece.bytes.get(kept..).unwrap_or_default());
        }
        let surplus = self.bytes.len().saturating_sub(most);
        self.bytes.drain(..surplus);
        self.next = piece.offset + piece.bytes.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LANE: Lane = (Direction::FromVictim, Layer::Wire);

    fn finds(pattern: &str, pieces: &[(Lane, u64, &str)]) -> bool {
        let mut search = Search::default();
        let found = pieces.iter().map(|(lane, offset, bytes)| Piece {
            lane: *lane,
            offset: *offset,
            bytes: bytes.as_bytes(),
        });
        found.into_iter().any(|piece| search.finds(pattern.as_bytes(), piece))
    }

    #[test]
    fn a_pattern_is_found_however_it_is_cut() {
        let text = "some words with a needle in them";
        for size in 1..text.len() {
            let pieces: Vec<_> = (0..text.len())
                .step_by(size)
                .map(|start| (LANE, start as u64, &text[start..text.len().min(start + size)]))
                .collect();
            assert!(finds("needle", &pieces), "cut every {size}");
            assert!(!finds("noodle", &pieces), "cut every {size}");
        }
    }

    #[test]
    fn what_is_not_adjacent_is_not_joined() {
        assert!(!finds("needle", &[(LANE, 0, "need"), (LANE, 5, "le")]));
    }

    #[test]
    fn the_other_direction_is_not_joined() {
        let other = (Direction::ToVictim, Layer::Wire);
        assert!(!finds("needle", &[(LANE, 0, "need"), (other, 4, "le")]));
        assert!(finds("needle", &[(LANE, 0, "need"), (other, 0, "nee"), (LANE, 4, "le")]));
        assert!(finds("needle", &[(other, 0, "need"), (LANE, 0, "x"), (other, 4, "le")]));
    }
}
