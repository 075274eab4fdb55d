//! JPEG (ITU-T T.81), baseline: blocks of one colour each, so that no transform is needed.

use super::bits::Bits;
use super::layout::{Layout, size16};
use super::mark::Mark;
use super::picture::{Colour, Picture};

pub(super) fn jpeg(mark: &Mark<'_>) -> Vec<u8> {
    let picture = Picture::of(mark);
    let frame = Layout::default()
        .byte(8)
        .be16(picture.height)
        .be16(picture.width)
        .put([3, 1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]); // three components, equally fine
    // Nine codes of four bits, for the number of bits of a difference; one code of one bit.
    let differences = [0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let block_ends = [0x10, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let codes = Layout::default().put(differences).put([0, 1, 2, 3, 4, 5, 6, 7, 8]).put(block_ends);
    let parts: [(u8, &[u8]); 5] = [
        (0xe0, b"JFIF\0\x01\x01\x01\0\x48\0\x48\0\0"),
        (0xdb, &[[0].as_slice(), &[STEP; 64]].concat()),
        (0xc0, frame.as_ref()),
        (0xc4, codes.as_ref()),
        (0xda, &[3, 1, 0, 2, 0, 3, 0, 0, 63, 0]),
    ];
    Layout::default()
        .put([0xff, 0xd8])
        .each(parts, |file, (name, content)| {
            file.put([0xff, name]).be16(2 + size16(content)).put(content)
        })
        .put(stuffed(&blocks(&picture)))
        .put([0xff, 0xd9])
        .done()
}

/// What a coefficient is a multiple of. The first of a block is eight times its mean, so that with
/// this step it is the mean itself.
const STEP: u8 = 8;

/// For each block: how much its mean differs from the block's before, and that no more comes.
fn blocks(picture: &Picture) -> Vec<u8> {
    let colours = picture.line();
    let line: Vec<Colour> = colours.chunks(8).filter_map(|block| block.get(4)).copied().collect();
    let blocks = line.repeat(usize::from(picture.height / 8));
    let mut before = [128; 3];
    let bits = Bits::default().each(blocks, |bits, colour| {
        let means = colour.brightness_and_hue().map(i32::from);
        let differences: Vec<i32> =
            means.iter().zip(before).map(|(now, then)| now - then).collect();
        before = means;
        bits.each(differences, |bits, difference| {
            let count = 32 - difference.unsigned_abs().leading_zeros();
            let value = if difference < 0 { difference - 1 } else { difference };
            bits.highest_first(count, 4)
                .highest_first(value.cast_unsigned(), count)
                .lowest_first(0, 1)
        })
    });
    bits.fill(true).bytes_from_highest()
}

/// 0xff begins a marker, unless a zero follows.
fn stuffed(bytes: &[u8]) -> Vec<u8> {
    let stuff = |byte: &u8| if *byte == 0xff { vec![0xff, 0] } else { vec![*byte] };
    bytes.iter().flat_map(stuff).collect()
}
