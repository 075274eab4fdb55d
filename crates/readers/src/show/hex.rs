//! Payload as a hex dump, in the form of `hexdump -C`.

use std::fmt::Write as _;
use std::io::{self, Write};

use store::DataRow;

use super::talk::{LOST, Pieces, Place, arrow, layer_note, tone};
use crate::units::exact_bytes;

/// Bytes in a line.
const LINE: usize = 16;

/// Writes every piece as a dump of its own; the offsets are those of its direction.
pub(super) struct HexDump;

impl Pieces for HexDump {
    fn write(&mut self, row: &DataRow, place: Place, out: &mut dyn Write) -> io::Result<()> {
        let time = place.dates.write(row.time);
        let length = exact_bytes(row.length);
        let arrow = arrow(row.direction);
        let mut text = format!("{arrow} {time}  {length}{}", layer_note(row.layer));
        match &row.bytes {
            Some(bytes) => write_dump(&mut text, row.offset, bytes),
            None => text = text + ", " + LOST,
        }
        writeln!(out, "{}", place.style.paint(tone(row.direction), &text))
    }

    fn finish(&mut self, _: Place, _: &mut dyn Write) -> io::Result<()> {
        Ok(())
    }
}

fn write_dump(text: &mut String, offset: u64, bytes: &[u8]) {
    for (number, line) in (0..).zip(bytes.chunks(LINE)) {
        // Cannot fail: it is memory.
        let _ = write!(text, "\n{:08x} ", offset + number * LINE as u64);
        for place in 0..LINE {
            let gap = if place % 8 == 0 { "  " } else { " " };
            let gap = if place == 0 { " " } else { gap };
            let _ = match line.get(place) {
                Some(byte) => write!(text, "{gap}{byte:02x}"),
                None => write!(text, "{gap}  "),
            };
        }
        let letters: String = line.iter().map(|byte| printable(*byte)).collect();
        let _ = write!(text, "  |{letters}|");
    }
}

fn printable(byte: u8) -> char {
    match byte {
        0x20..=0x7e => char::from(byte),
        _ => '.',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dump_is_that_of_hexdump() {
        let mut text = String::new();
        write_dump(&mut text, 0x10, b"GET / HTTP/1.1\r\n\x00\xff");
        assert_eq!(
            text,
            "\n00000010  47 45 54 20 2f 20 48 54  54 50 2f 31 2e 31 0d 0a  |GET / HTTP/1.1..|\
             \n00000020  00 ff                                             |..|"
        );
    }
}
