//! Payload as text: lines with an arrow, control codes made visible.

use std::io::{self, Write};

use model::{Direction, Layer, Transport};
use store::DataRow;

use super::talk::{LOST, Pieces, Place, arrow, layer_note, tone};
use crate::terminal;
use crate::units::exact_bytes;

/// Writes what one side said as one text, however many pieces it came in.
#[derive(Default)]
pub(super) struct Text {
    speaker: Option<(Direction, Layer)>,
    /// The beginning of a line that may go on in the next piece.
    line: Vec<u8>,
}

/// A line without an end is written when it is this long.
const LINE: usize = 65_536;

impl Pieces for Text {
    fn write(&mut self, row: &DataRow, place: Place, out: &mut dyn Write) -> io::Result<()> {
        let speaker = (row.direction, row.layer);
        if self.speaker != Some(speaker) {
            self.finish(place, out)?;
            self.speaker = Some(speaker);
        }
        match &row.bytes {
            Some(bytes) => self.write_lines(bytes, place, out)?,
            None => self.write_lost(row, place, out)?,
        }
        // A datagram is a text of its own.
        if row.context.flow.transport == Transport::Tcp { Ok(()) } else { self.finish(place, out) }
    }

    fn finish(&mut self, place: Place, out: &mut dyn Write) -> io::Result<()> {
        let line = std::mem::take(&mut self.line);
        let rest = if line.is_empty() { Ok(()) } else { self.write_line(&line, place, out) };
        self.speaker = None;
        rest
    }
}

impl Text {
    fn write_lines(&mut self, bytes: &[u8], place: Place, out: &mut dyn Write) -> io::Result<()> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") || self.line.len() >= LINE {
                let line = std::mem::take(&mut self.line);
                self.write_line(&line, place, out)?;
            }
        }
        Ok(())
    }

    fn write_line(&self, line: &[u8], place: Place, out: &mut dyn Write) -> io::Result<()> {
        let Some((direction, layer)) = self.speaker else { return Ok(()) };
        let line = line.strip_suffix(b"\n").unwrap_or(line);
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        let text = format!("{} {}", mark(direction, layer), terminal::one_line_of(line));
        writeln!(out, "{}", place.style.paint(tone(direction), text.trim_end()))
    }

    fn write_lost(&mut self, row: &DataRow, place: Place, out: &mut dyn Write) -> io::Result<()> {
        self.finish(place, out)?;
        let length = exact_bytes(row.length);
        let text = format!("{} {length}{}, {LOST}", arrow(row.direction), layer_note(row.layer));
        writeln!(out, "{}", place.style.paint(tone(row.direction), &text))
    }
}

/// Once for the wire, once more for each wrapping that was taken off.
fn mark(direction: Direction, layer: Layer) -> String {
    match layer {
        Layer::Wire => arrow(direction).to_owned(),
        Layer::Inner => arrow(direction).repeat(2),
        Layer::Nested => arrow(direction).repeat(3),
    }
}
