//! The one place where what is compressed is unpacked: piece by piece, and never more than a limit.

#![expect(clippy::disallowed_types, reason = "this is the decoder that all others are to use")]

use std::fmt;

use flate2::{Crc, Decompress, FlushDecompress, Status};

/// How bytes are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Coding {
    /// zlib (RFC 1950), or what many send in its place: deflate alone (RFC 1951).
    Deflate,
    /// gzip (RFC 1952), several one after the other too.
    Gzip,
}

/// How far unpacking came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unpacked {
    /// What came is not so compressed; nothing more will come out.
    Broken,
    /// As much came out as may; nothing more will.
    Limit,
    /// More may come.
    Open,
}

/// Unpacks one stream of bytes. It holds some 45 KB, however much comes out of it.
pub(crate) struct Decoder {
    coding: Coding,
    state: State,
    /// What has come and cannot be read yet.
    held: Vec<u8>,
    /// How much may still come out.
    left: u64,
}

enum State {
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
    /// All of it came; what follows belongs to nothing.
    Ended,
    Over(Unpacked),
}

impl fmt::Debug for Decoder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Decoder").field("coding", &self.coding).finish_non_exhaustive()
    }
}

/// Takes what came out.
type Sink<'a> = &'a mut dyn FnMut(&[u8]);

/// How much comes out at once: all that the library holds back, so that no cut shows in what comes out
/// before something broken.
const PIECE: usize = 32_768;

/// How long the head of a gzip may be: names and comments in it have no other end. It is read anew
/// with each piece, so no longer than the longest file name twice.
const HEAD: usize = 8_192;

impl Decoder {
    /// One that lets out `limit` bytes at most.
    pub(crate) fn new(coding: Coding, limit: u64) -> Self {
        let state = State::Head { is_first: true };
        Self { coding, state, held: Vec::new(), left: limit }
    }

    /// Unpacks the next bytes into `sink`.
    pub(crate) fn add(&mut self, piece: &[u8], sink: Sink<'_>) -> Unpacked {
        let mut held = std::mem::take(&mut self.held);
        held.extend_from_slice(piece);
        let mut rest = held.as_slice();
        while let Some(after) = self.step(rest, sink) {
            rest = after;
        }
        let taken = held.len() - rest.len();
        match self.state {
            State::Over(unpacked) => unpacked,
            State::Ended => Unpacked::Open,
            State::Head { .. } | State::Packed { .. } | State::Trailer { .. } => {
                held.drain(..taken);
                self.held = held;
                Unpacked::Open
            }
        }
    }

    /// Whether all of it came, as far as it says where its end is.
    pub(crate) fn is_whole(&self) -> bool {
        match self.state {
            State::Ended => true,
            State::Head { is_first } => !is_first && self.held.is_empty(),
            State::Over(_) | State::Packed { .. } | State::Trailer { .. } => false,
        }
    }

    /// Reads on once; gives what is left of `rest`, or nothing if more has to come first.
    fn step<'a>(&mut self, rest: &'a [u8], sink: Sink<'_>) -> Option<&'a [u8]> {
        match &mut self.state {
            State::Head { .. } => self.head(rest),
            State::Packed { .. } => self.packed(rest, sink),
            State::Trailer { .. } => self.trailer(rest),
            State::Ended | State::Over(_) => None,
        }
    }

    fn head<'a>(&mut self, rest: &'a [u8]) -> Option<&'a [u8]> {
        let (stream, length) = match (self.coding, rest) {
            (Coding::Deflate, [first, second, ..]) => {
                (Decompress::new(is_zlib(*first, *second)), 0)
            }
            (Coding::Deflate, _) => return None,
            (Coding::Gzip, _) => match gzip_head(rest) {
                Head::Whole(length) => (Decompress::new(false), length),
                Head::Partial if rest.len() <= HEAD => return None,
                Head::Broken | Head::Partial => return self.over(Unpacked::Broken),
            },
        };
        self.state = State::Packed { stream: Box::new(stream), crc: Crc::new() };
        rest.get(length..)
    }

    fn packed<'a>(&mut self, rest: &'a [u8], sink: Sink<'_>) -> Option<&'a [u8]> {
        let State::Packed { stream, crc } = &mut self.state else { return None };
        let (taken, given) = (stream.total_in(), stream.total_out());
        let mut room = [0; PIECE];
        let status = stream.decompress(rest, &mut room, FlushDecompress::None);
        let taken = usize::try_from(stream.total_in() - taken).unwrap_or(usize::MAX);
        let given = usize::try_from(stream.total_out() - given).unwrap_or(usize::MAX);
        let allowed = usize::try_from(self.left).unwrap_or(usize::MAX);
        let came = room.get(..given.min(allowed)).unwrap_or_default();
        crc.update(came);
        self.left -= came.len() as u64;
        if !came.is_empty() {
            sink(came);
        }
        match status {
            _ if given > allowed => self.over(Unpacked::Limit),
            Err(_) => self.over(Unpacked::Broken),
            Ok(Status::StreamEnd) => {
                let crc = std::mem::take(crc);
                self.state = match self.coding {
                    Coding::Deflate => State::Ended,
                    Coding::Gzip => State::Trailer { crc },
                };
                rest.get(taken..)
            }
            Ok(Status::BufError | Status::Ok) if taken == 0 && given == 0 => None,
            Ok(Status::BufError | Status::Ok) => rest.get(taken..),
        }
    }

    /// Four bytes each of sum and length; after them another gzip may follow.
    fn trailer<'a>(&mut self, rest: &'a [u8]) -> Option<&'a [u8]> {
        let State::Trailer { crc } = &self.state else { return None };
        let (trailer, after) = rest.split_first_chunk::<8>()?;
        if *trailer != sums(crc) {
            return self.over(Unpacked::Broken);
        }
        self.state = State::Head { is_first: false };
        Some(after)
    }

    fn over<'a>(&mut self, unpacked: Unpacked) -> Option<&'a [u8]> {
        self.state = State::Over(unpacked);
        None
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

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use flate2::{Compression, GzBuilder};
    use proptest::prelude::*;

    use super::*;

    const NO_LIMIT: u64 = u64::MAX;

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn zlib(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    fn deflate(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(bytes).unwrap();
        encoder.finish().unwrap()
    }

    /// What comes out if `packed` comes in pieces of `size`.
    fn unpacked(decoder: &mut Decoder, packed: &[u8], size: usize) -> (Vec<u8>, Unpacked) {
        let (mut came, mut last) = (Vec::new(), Unpacked::Open);
        for piece in packed.chunks(size) {
            last = decoder.add(piece, &mut |bytes| came.extend_from_slice(bytes));
        }
        (came, last)
    }

    proptest! {
        #[test]
        fn what_was_packed_comes_out_however_it_is_cut(bytes: Vec<u8>, size in 1_usize..40) {
            for (coding, packed) in [
                (Coding::Gzip, gzip(&bytes)),
                (Coding::Deflate, zlib(&bytes)),
                (Coding::Deflate, deflate(&bytes)),
            ] {
                let mut decoder = Decoder::new(coding, NO_LIMIT);
                let (came, last) = unpacked(&mut decoder, &packed, size);
                prop_assert_eq!((&came, last), (&bytes, Unpacked::Open));
                prop_assert!(decoder.is_whole());
            }
        }

        #[test]
        fn any_bytes_are_taken_and_no_cut_shows(bytes: Vec<u8>, size in 1_usize..9) {
            for coding in [Coding::Gzip, Coding::Deflate] {
                let [mut whole, mut cut] = [(); 2].map(|()| Decoder::new(coding, 100));
                let of_whole = unpacked(&mut whole, &bytes, bytes.len().max(1));
                prop_assert_eq!(of_whole, unpacked(&mut cut, &bytes, size));
                prop_assert_eq!(whole.is_whole(), cut.is_whole());
            }
        }
    }

    #[test]
    fn a_bomb_stops_at_the_limit() {
        let packed = gzip(&vec![0; 4_000_000]);
        for size in [1, 7, packed.len()] {
            let mut decoder = Decoder::new(Coding::Gzip, 100_000);
            let (came, last) = unpacked(&mut decoder, &packed, size);
            assert_eq!((came.len(), last), (100_000, Unpacked::Limit));
        }
    }

    #[test]
    fn as_much_as_the_limit_is_not_too_much() {
        let mut decoder = Decoder::new(Coding::Gzip, 5);
        let (came, last) = unpacked(&mut decoder, &gzip(b"hello"), 3);
        assert_eq!((came.as_slice(), last), (b"hello".as_slice(), Unpacked::Open));
        assert!(decoder.is_whole());
    }

    #[test]
    fn gzips_with_names_and_gzips_in_a_row_are_read() {
        let mut packed = GzBuilder::new()
            .filename("a.txt")
            .comment("c")
            .extra(vec![1, 2, 3])
            .write(Vec::new(), Compression::default());
        packed.write_all(b"one ").unwrap();
        let packed = [packed.finish().unwrap(), gzip(b"two")].concat();
        let mut decoder = Decoder::new(Coding::Gzip, NO_LIMIT);
        let (came, last) = unpacked(&mut decoder, &packed, 2);
        assert_eq!((came.as_slice(), last), (b"one two".as_slice(), Unpacked::Open));
    }

    #[test]
    fn what_is_cut_or_changed_is_not_whole() {
        let mut packed = gzip(b"hello, hello, hello");
        let mut cut = Decoder::new(Coding::Gzip, NO_LIMIT);
        let (came, _) = unpacked(&mut cut, &packed[..packed.len() - 3], 4);
        assert_eq!(came, b"hello, hello, hello");
        assert!(!cut.is_whole());
        let sum = packed.len() - 8;
        packed[sum] ^= 1;
        let mut changed = Decoder::new(Coding::Gzip, NO_LIMIT);
        assert_eq!(unpacked(&mut changed, &packed, 4).1, Unpacked::Broken);
        let mut other = Decoder::new(Coding::Gzip, NO_LIMIT);
        assert_eq!(unpacked(&mut other, b"<html>", 1).1, Unpacked::Broken);
    }
}
