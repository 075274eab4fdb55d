//! The body of a request: taken out of its frames piece by piece, however long it is.

use super::message::Framing;
use crate::{Inbox, Line};

/// A body that has not ended yet.
#[derive(Debug)]
pub(super) struct Body {
    state: State,
}

#[derive(Debug)]
enum State {
    ChunkSize,
    ChunkBytes { left: u64 },
    ChunkEnd,
    Counted { left: u64 },
    Trailer { room: usize },
}

/// How far reading came.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Progress {
    /// This rule is broken, and where the next request begins is unknown.
    Broken(&'static str),
    Ended,
    Partial,
}

/// Limits on the lines of a chunked body.
#[derive(Clone, Copy, Debug)]
pub(super) struct LineLimits {
    /// Bytes of one line.
    pub(super) line: usize,
    /// Bytes of all trailer lines.
    pub(super) trailer: usize,
}

/// Takes a piece of the body.
type Sink<'a> = &'a mut dyn FnMut(&[u8]);

impl Body {
    pub(super) fn new(framing: Framing) -> Self {
        let state = match framing {
            Framing::Chunked => State::ChunkSize,
            Framing::Length(left) => State::Counted { left },
            Framing::None | Framing::Unreadable | Framing::UnknownCoding => {
                State::Counted { left: 0 }
            }
        };
        Self { state }
    }

    /// Reads on, as far as the inbox goes; what belongs to the body goes into `sink`.
    pub(super) fn read(
        &mut self,
        inbox: &mut Inbox,
        limits: LineLimits,
        sink: Sink<'_>,
    ) -> Progress {
        loop {
            let step = match self.state {
                State::ChunkBytes { left } => self.chunk_bytes(left, inbox, sink),
                State::ChunkEnd => self.chunk_end(inbox),
                State::ChunkSize => self.chunk_size(inbox, limits),
                State::Counted { left } => match count(left, inbox, sink) {
                    0 => Some(Progress::Ended),
                    left => {
                        self.state = State::Counted { left };
                        Some(Progress::Partial)
                    }
                },
                State::Trailer { room } => self.trailer(room, inbox, limits),
            };
            if let Some(progress) = step {
                return progress;
            }
        }
    }

    /// A size in hexadecimal; what follows it are extensions (RFC 9112 §7.1.1).
    fn chunk_size(&mut self, inbox: &mut Inbox, limits: LineLimits) -> Option<Progress> {
        let line = match inbox.take_line(limits.line) {
            Line::Whole(line) => line,
            Line::Overlong(_) => return Some(Progress::Broken("a chunk's size line is too long")),
            Line::Partial => return Some(Progress::Partial),
        };
        let digits = line.trim_ascii_start();
        let end = digits.iter().position(|byte| !byte.is_ascii_hexdigit());
        let (digits, rest) = digits.split_at(end.unwrap_or(digits.len()));
        let is_alone = matches!(rest.trim_ascii_start(), [] | [b';', ..]);
        let size = std::str::from_utf8(digits).ok().filter(|_| is_alone);
        let Some(size) = size.and_then(|digits| u64::from_str_radix(digits, 16).ok()) else {
            return Some(Progress::Broken("a chunk has no readable size"));
        };
        self.state = match size {
            0 => State::Trailer { room: limits.trailer },
            left => State::ChunkBytes { left },
        };
        None
    }

    fn chunk_bytes(&mut self, left: u64, inbox: &mut Inbox, sink: Sink<'_>) -> Option<Progress> {
        match count(left, inbox, sink) {
            0 => {
                self.state = State::ChunkEnd;
                None
            }
            left => {
                self.state = State::ChunkBytes { left };
                Some(Progress::Partial)
            }
        }
    }

    fn chunk_end(&mut self, inbox: &mut Inbox) -> Option<Progress> {
        match *inbox.peek() {
            [] | [b'\r'] => return Some(Progress::Partial),
            [b'\r', b'\n', ..] => inbox.discard(2),
            [b'\n', ..] => inbox.discard(1),
            _ => return Some(Progress::Broken("a chunk is longer than its size")),
        };
        self.state = State::ChunkSize;
        None
    }

    fn trailer(&mut self, room: usize, inbox: &mut Inbox, limits: LineLimits) -> Option<Progress> {
        match inbox.take_line(limits.line) {
            Line::Whole(line) if line.is_empty() => Some(Progress::Ended),
            Line::Whole(line) if line.len() <= room => {
                self.state = State::Trailer { room: room - line.len() };
                None
            }
            Line::Whole(_) | Line::Overlong(_) => Some(Progress::Broken("the trailer is too long")),
            Line::Partial => Some(Progress::Partial),
        }
    }
}

/// Takes up to `left` bytes; says how many are still to come.
fn count(left: u64, inbox: &mut Inbox, sink: Sink<'_>) -> u64 {
    let unread = inbox.peek();
    let wanted = usize::try_from(left).unwrap_or(usize::MAX).min(unread.len());
    sink(unread.get(..wanted).unwrap_or_default());
    left - inbox.discard(wanted) as u64
}
