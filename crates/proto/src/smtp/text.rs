//! The text of a mail as DATA brings it (RFC 5321 §4.5.2): up to a line with a dot alone, and a dot
//! less where a line begins with one.

use crate::Inbox;

/// Longest line that the standard allows, its end included (RFC 5321 §4.5.3.1.6).
const LONGEST_LINE: usize = 1_000;

/// Where in its lines a text is.
#[derive(Debug, Default)]
pub(super) struct Text {
    /// Bytes of the line so far.
    line: usize,
    /// Whether the byte before was a CR.
    is_after_cr: bool,
}

/// What comes next of a text.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A line, or the next piece of one, and the rule it breaks.
    Line(Vec<u8>, Option<&'static str>),
    /// The line that ends it, and the rule that one breaks.
    End(Option<&'static str>),
    /// More has to come first.
    Partial,
}

const BARE_LF: &str = "a line that ends in LF alone";
const LONG_LINE: &str = "a line of text longer than 1000 bytes";

impl Text {
    pub(super) fn read(&mut self, inbox: &mut Inbox) -> Piece {
        if self.line == 0 {
            match inbox.peek() {
                [] | [b'.'] | [b'.', b'\r'] => return Piece::Partial,
                [b'.', b'\r', b'\n', ..] => {
                    inbox.discard(3);
                    return Piece::End(None);
                }
                [b'.', b'\n', ..] => {
                    inbox.discard(2);
                    return Piece::End(Some(BARE_LF));
                }
                [b'.', ..] => {
                    inbox.discard(1);
                }
                _ => {}
            }
        }
        let unread = inbox.peek();
        let end = unread.iter().position(|byte| *byte == b'\n').map(|end| end + 1);
        let Some(piece) = inbox.take(end.unwrap_or(unread.len())).filter(|one| !one.is_empty())
        else {
            return Piece::Partial;
        };
        let broken = self.judge(&piece);
        Piece::Line(piece, broken)
    }

    fn judge(&mut self, piece: &[u8]) -> Option<&'static str> {
        let was_short = self.line <= LONGEST_LINE;
        self.line += piece.len();
        let is_long = was_short && self.line > LONGEST_LINE;
        let before = match piece {
            [.., before, _] => *before == b'\r',
            _ => self.is_after_cr,
        };
        self.is_after_cr = piece.ends_with(b"\r");
        let is_over = piece.ends_with(b"\n");
        if is_over {
            self.line = 0;
        }
        match (is_long, is_over && !before) {
            (true, _) => Some(LONG_LINE),
            (false, true) => Some(BARE_LF),
            (false, false) => None,
        }
    }
}
