//! WebP, lossless (RFC 9649), with codes of eight bits throughout.

use super::bits::Bits;
use super::layout::{Layout, size};
use super::mark::Mark;
use super::picture::Picture;

pub(super) fn webp(mark: &Mark<'_>) -> Vec<u8> {
    let picture = Picture::of(mark);
    let bits = Bits::default()
        .lowest_first(0x2f, 8)
        .lowest_first(u32::from(picture.width) - 1, 14)
        .lowest_first(u32::from(picture.height) - 1, 14)
        .lowest_first(0, 4) // opaque, version 0
        .lowest_first(0, 3) // no transform, no cache, one set of codes
        .each([GREENS, OTHERS, OTHERS], |bits, codes| {
            // Of the lengths a code can have only the eleventh that is listed occurs: eight.
            let lengths = bits.lowest_first(0, 1).lowest_first(12 - 4, 4);
            let lengths = lengths
                .each([0; 11], |bits, length| bits.lowest_first(length, 3))
                .lowest_first(1, 3);
            codes.iter().fold(lengths, |bits, (value, count)| bits.lowest_first(*value, *count))
        })
        .lowest_first(0b101, 3) // one value of alpha: opaque
        .lowest_first(255, 8)
        .lowest_first(0b0001, 4) // one distance, which does not occur
        .each(picture.bytes(|colour| [colour.green, colour.red, colour.blue]), |bits, value| {
            bits.highest_first(value.into(), 8)
        });
    let image = bits.fill(false).bytes_from_lowest();
    let chunk = Layout::default().put(b"WEBPVP8L").le32(size(&image)).put(image).align(2);
    Layout::default().put(b"RIFF").le32(chunk.size()).put(chunk).done()
}

/// The first 256 of the 280 codes for green have a length (2 + 254, in eight bits).
const GREENS: &[(u32, u32)] = &[(1, 1), (3, 3), (254, 8)];

/// All 256 codes have a length.
const OTHERS: &[(u32, u32)] = &[(0, 1)];
