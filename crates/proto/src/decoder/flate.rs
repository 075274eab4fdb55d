//! gzip and zlib: deflate (RFC 1951), wrapped.

#![expect(clippy::disallowed_types, reason = "this is the decoder that all others are to use")]

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::{Outlet, Step, Unpacked};

/// What is around deflate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wrapper {
    /// gzip, several one after the other too.
    Gzip,
    /// zlib, or nothing.
    Zlib,
}

/// Unpacks one stream.
pub(super) struct Flate {
    wrapper: Wrapper,
    state: State,
}

enum State {
    /// All of it came; what follows belongs to nothing.
    Ended,
    /// Before a head, or inside one.
    Head {
        is_first: bool,
    },
    Packed {
        stream: Box<Decompress>,
        crc: Crc,
    },
    /// The sum and the length that end a part in gzip.
    Trailer {
        crc: Crc,
    },
}

/// How much comes out at once: all that the library holds back, so that no cut shows in what comes out
/// before something broken.
const PIECE: usize = 32_768;

/// How long the head of a gzip may be: names and comments in it have no other end. It is read anew
/// with each piece, so no longer than the longest file name twice.
const HEAD: usize = 8_192;

impl Flate {
    pub(super) fn new(wrapper: Wrapper) -> Self {
        Self { wrapper, state: State::Head { is_first: true } }
    }

    pub(super) fn is_at_an_end(&self) -> bool {
        matches!(self.state, State::Ended | State::Head { is_first: false })
    }

    pub(super) fn step<'a>(&mut self, rest: &'a [u8], outlet: &mut Outlet<'_>) -> Step<'a> {
        match &mut self.state {
            State::Head { .. } => self.head(rest),
            State::Packed { .. } => self.packed(rest, outlet),
            State::Trailer { .. } => self.trailer(rest),
            State::Ended if rest.is_empty() => Step::Wait,
            State::Ended => Step::On(&[]),
        }
    }

    fn head<'a>(&mut self, rest: &'a [u8]) -> Step<'a> {
        let (stream, length) = match (self.wrapper, rest) {
            (Wrapper::Zlib, [first, second, ..]) => (Decompress::new(is_zlib(*first, *second)), 0),
            (Wrapper::Zlib, _) => return Step::Wait,
            (Wrapper::Gzip, _) => match gzip_head(rest) {
                Head::Whole(length) => (Decompress::new(false), length),
                Head::Partial if rest.len() <= HEAD => return Step::Wait,
                Head::Broken | Head::Partial => return Step::Over(Unpacked::Broken),
            },
        };
        self.state = State::Packed { stream: Box::new(stream), crc: Crc::new() };
        Step::On(rest.get(length..).unwrap_or_default())
    }

    fn packed<'a>(&mut self, rest: &'a [u8], outlet: &mut Outlet<'_>) -> Step<'a> {
        let State::Packed { stream, crc } = &mut self.state else { return Step::Wait };
        let (taken, given) = (stream.total_in(), stream.total_out());
        let mut room = [0; PIECE];
        let status = stream.decompress(rest, &mut room, FlushDecompress::None);
        let taken = usize::try_from(stream.total_in() - taken).unwrap_or(usize::MAX);
        let given = usize::try_from(stream.total_out() - given).unwrap_or(usize::MAX);
        let Ok(came) = outlet.give(room.get(..given).unwrap_or_default()) else {
            return Step::Over(Unpacked::Limit);
        };
        crc.update(came);
        match status {
            Err(_) => Step::Over(Unpacked::Broken),
            Ok(Status::StreamEnd) => {
                let crc = std::mem::take(crc);
                self.state = match self.wrapper {
                    Wrapper::Gzip => State::Trailer { crc },
                    Wrapper::Zlib => State::Ended,
                };
                Step::On(rest.get(taken..).unwrap_or_default())
            }
            Ok(Status::BufError | Status::Ok) if taken == 0 && given == 0 => Step::Wait,
            Ok(Status::BufError | Status::Ok) => Step::On(rest.get(taken..).unwrap_or_default()),
        }
    }

    /// Four bytes each of sum and length; after them another gzip may follow.
    fn trailer<'a>(&mut self, rest: &'a [u8]) -> Step<'a> {
        let State::Trailer { crc } = &self.state else { return Step::Wait };
        let Some((trailer, after)) = rest.split_first_chunk::<8>() else { return Step::Wait };
        if *trailer != sums(crc) {
            return Step::Over(Unpacked::Broken);
        }
        self.state = State::Head { is_first: false };
        Step::On(after)
    }
}

/// Whether deflate is wrapped in zlib (RFC 1950 §2.2): a check that deflate alone all but never meets.
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

fn sums(crc: &Crc) -> [u8; 8] {
    let [a, b, c, d] = crc.sum().to_le_bytes();
    let [e, f, g, h] = crc.amount().to_le_bytes();
    [a, b, c, d, e, f, g, h]
}

/// How far the head of a gzip has come.
#[derive(Debug, PartialEq, Eq)]
enum Head {
    Broken,
    Partial,
    /// It is this long.
    Whole(usize),
}

/// Reads the head of a gzip (RFC 1952 §2.3).
fn gzip_head(bytes: &[u8]) -> Head {
    const FIXED: usize = 10;
    const MAGIC: [u8; 3] = [0x1f, 0x8b, 8];
    let came = bytes.len().min(MAGIC.len());
    if bytes.get(..came) != MAGIC.get(..came) {
        return Head::Broken;
    }
    let Some(flags) = bytes.get(3).filter(|_| bytes.len() >= FIXED) else { return Head::Partial };
    fields_end(bytes, FIXED, *flags).map_or(Head::Partial, Head::Whole)
}

/// Where the fields end that `flags` say are there; nothing if they have not all come.
fn fields_end(bytes: &[u8], fixed: usize, flags: u8) -> Option<usize> {
    const SUM: u8 = 0x02;
    const EXTRA: u8 = 0x04;
    const NAME: u8 = 0x08;
    const COMMENT: u8 = 0x10;
    let mut end = fixed;
    if flags & EXTRA != 0 {
        let length = bytes.get(end..)?.first_chunk()?;
        end += 2 + usize::from(u16::from_le_bytes(*length));
    }
    for text in [NAME, COMMENT] {
        if flags & text != 0 {
            end += 1 + bytes.get(end..)?.iter().position(|byte| *byte == 0)?;
        }
    }
    if flags & SUM != 0 {
        end += 2;
    }
    (end <= bytes.len()).then_some(end)
}
