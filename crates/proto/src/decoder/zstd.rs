//! Zstandard (RFC 8878), given to the library block by block.

#![expect(clippy::disallowed_types, reason = "this is the decoder that all others are to use")]

use std::io::Read as _;

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use super::{Full, Outlet, Step, Unpacked};

/// Unpacks frames, one after the other.
#[derive(Default)]
pub(super) struct Zstd {
    place: Place,
    /// There once a frame has begun.
    frame: Option<Box<FrameDecoder>>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// Before a block.
    Block { has_sum: bool },
    /// Before anything.
    #[default]
    Begin,
    /// After a frame, where another may begin.
    Between,
    /// Inside a frame to skip, with this much of it to come.
    Skip(usize),
}

/// The longest window a body may have (RFC 9659 §3).
const WINDOW: u64 = 8 << 20;

/// The longest block (RFC 8878 §3.1.1.2.4).
const BLOCK: usize = 128 << 10;

/// How much comes out at once.
const ROOM: usize = 16_384;

/// An empty block that is the last (RFC 8878 §3.1.1.2), and room for a sum after it.
const LAST_BLOCK: [u8; 7] = [1, 0, 0, 0, 0, 0, 0];

impl Zstd {
    pub(super) fn is_at_an_end(&self) -> bool {
        self.place == Place::Between
    }

    pub(super) fn step<'a>(&mut self, rest: &'a [u8], outlet: &mut Outlet<'_>) -> Step<'a> {
        match self.place {
            Place::Begin | Place::Between => self.head(rest),
            Place::Block { has_sum } => self.block(rest, has_sum, outlet),
            Place::Skip(left) => self.skip(rest, left),
        }
    }

    /// Lets out what the library holds back for repetitions, of a frame that does not end.
    pub(super) fn let_go(&mut self, outlet: &mut Outlet<'_>) -> Result<(), Full> {
        let (Place::Block { .. }, Some(frame)) = (self.place, &mut self.frame) else {
            return Ok(());
        };
        // It lets go of all once it has seen a last block.
        let _ = frame.decode_blocks(&LAST_BLOCK[..], BlockDecodingStrategy::UptoBlocks(1));
        drain(frame, outlet)
    }

    fn head<'a>(&mut self, rest: &'a [u8]) -> Step<'a> {
        let (length, place) = match Head::read(rest) {
            Head::Broken => return Step::Over(Unpacked::Broken),
            Head::Partial => return Step::Wait,
            Head::Skip(length) => (8, Place::Skip(length)),
            Head::Frame { length, has_sum } => (length, Place::Block { has_sum }),
        };
        let Some((head, after)) = rest.split_at_checked(length) else { return Step::Wait };
        if matches!(place, Place::Block { .. }) {
            let frame = self.frame.get_or_insert_default();
            frame.set_max_window_size(WINDOW);
            if frame.init(head).is_err() {
                return Step::Over(Unpacked::Broken);
            }
        }
        self.place = place;
        Step::On(after)
    }

    fn block<'a>(&mut self, rest: &'a [u8], has_sum: bool, outlet: &mut Outlet<'_>) -> Step<'a> {
        let Some(header) = rest.first_chunk().map(|bytes| BlockHeader::read(*bytes)) else {
            return Step::Wait;
        };
        if header.body > BLOCK {
            return Step::Over(Unpacked::Broken);
        }
        let sum = if header.is_last && has_sum { 4 } else { 0 };
        let Some((block, after)) = rest.split_at_checked(3 + header.body + sum) else {
            return Step::Wait;
        };
        let Some(frame) = &mut self.frame else { return Step::Over(Unpacked::Broken) };
        let decoded = frame.decode_blocks(block, BlockDecodingStrategy::UptoBlocks(1));
        if decoded.is_err() {
            return Step::Over(Unpacked::Broken);
        }
        if drain(frame, outlet).is_err() {
            return Step::Over(Unpacked::Limit);
        }
        if header.is_last {
            self.place = Place::Between;
            if has_sum && frame.get_checksum_from_data() != frame.get_calculated_checksum() {
                return Step::Over(Unpacked::Broken);
            }
        }
        Step::On(after)
    }

    fn skip<'a>(&mut self, rest: &'a [u8], left: usize) -> Step<'a> {
        let (skipped, after) = rest.split_at(left.min(rest.len()));
        self.place = match left - skipped.len() {
            0 => Place::Between,
            _ if skipped.is_empty() => return Step::Wait,
            left => Place::Skip(left),
        };
        Step::On(after)
    }
}

/// Lets out all that the library gives.
fn drain(frame: &mut FrameDecoder, outlet: &mut Outlet<'_>) -> Result<(), Full> {
    let mut room = [0; ROOM];
    while let Ok(given @ 1..) = frame.read(&mut room) {
        outlet.give(room.get(..given).unwrap_or_default())?;
    }
    Ok(())
}

/// How far the head of a frame has come.
enum Head {
    Broken,
    Frame {
        length: usize,
        has_sum: bool,
    },
    Partial,
    /// A frame to skip, with this much after its head.
    Skip(usize),
}

impl Head {
    /// Reads it as far as its length needs (RFC 8878 §3.1.1.1, §3.1.2).
    fn read(bytes: &[u8]) -> Self {
        const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];
        let Some((magic, rest)) = bytes.split_first_chunk() else { return Self::Partial };
        match (*magic, rest) {
            (MAGIC, []) => Self::Partial,
            (MAGIC, [descriptor, ..]) => Self::Frame {
                length: MAGIC.len() + 1 + fields_length(*descriptor),
                has_sum: descriptor & 0x04 != 0,
            },
            ([0x50..=0x5f, 0x2a, 0x4d, 0x18], _) => match rest.first_chunk() {
                Some(length) => {
                    u32::from_le_bytes(*length).try_into().map_or(Self::Broken, Self::Skip)
                }
                None => Self::Partial,
            },
            _ => Self::Broken,
        }
    }
}

/// How long the fields are that a descriptor says are there: window, dictionary, size of the content.
fn fields_length(descriptor: u8) -> usize {
    let is_single_segment = descriptor & 0x20 != 0;
    let dictionary = 1 << (descriptor & 0x03) >> 1;
    let content = match descriptor >> 6 {
        0 => usize::from(is_single_segment),
        size => 1 << size,
    };
    usize::from(!is_single_segment) + dictionary + content
}

/// The three bytes before a block.
struct BlockHeader {
    is_last: bool,
    /// How much follows.
    body: usize,
}

impl BlockHeader {
    fn read([first, second, third]: [u8; 3]) -> Self {
        const REPEATED: u32 = 1;
        let bits = u32::from_le_bytes([first, second, third, 0]);
        let size = usize::try_from(bits >> 3).unwrap_or(usize::MAX);
        let body = if bits >> 1 & 3 == REPEATED { 1 } else { size };
        Self { is_last: bits & 1 != 0, body }
    }
}
