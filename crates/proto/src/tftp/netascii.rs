//! Texts as Telnet writes them (RFC 764): CR LF ends a line, CR NUL is a CR.

/// A text as it is sent.
pub(super) fn written(text: &[u8]) -> Vec<u8> {
    let mut written = Vec::with_capacity(text.len());
    for byte in text {
        match byte {
            b'\n' => written.extend_from_slice(b"\r\n"),
            b'\r' => written.extend_from_slice(b"\r\0"),
            byte => written.push(*byte),
        }
    }
    written
}

/// Reads a text that comes in pieces.
#[derive(Debug, Default)]
pub(super) struct Reader {
    /// Whether a CR came, and what follows it has not.
    is_after_return: bool,
}

impl Reader {
    /// What a piece means.
    pub(super) fn read(&mut self, piece: &[u8]) -> Vec<u8> {
        let mut text = Vec::with_capacity(piece.len());
        for byte in piece {
            let is_after_return = std::mem::replace(&mut self.is_after_return, *byte == b'\r');
            match byte {
                b'\n' if is_after_return => text.push(b'\n'),
                0 if is_after_return => text.push(b'\r'),
                // A CR that is no part of a pair is itself.
                b'\r' if is_after_return => text.push(b'\r'),
                b'\r' => {}
                byte if is_after_return => text.extend_from_slice(&[b'\r', *byte]),
                byte => text.push(*byte),
            }
        }
        text
    }

    /// What was left at the end.
    pub(super) fn end(&mut self) -> &'static [u8] {
        if std::mem::take(&mut self.is_after_return) { b"\r" } else { b"" }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_however_it_is_cut() {
        let text = b"one\ntwo\r\n\r\rthree\0\r";
        let written = written(text);
        assert_eq!(written, b"one\r\ntwo\r\0\r\n\r\0\r\0three\0\r\0");
        for cut in 1..written.len() {
            let mut reader = Reader::default();
            let mut read: Vec<u8> =
                written.chunks(cut).flat_map(|piece| reader.read(piece)).collect();
            read.extend_from_slice(reader.end());
            assert_eq!(read, text, "{cut}");
        }
    }

    #[test]
    fn a_return_that_is_no_part_of_a_pair_is_itself() {
        let mut reader = Reader::default();
        assert_eq!(reader.read(b"a\rb\r"), b"a\rb");
        assert_eq!(reader.end(), b"\r");
    }
}
