//! MP4 (ISO/IEC 14496-12) with one picture of H.264, as it comes: nothing is predicted.

use super::bits::Bits;
use super::layout::{Layout, size, size16};
use super::mark::Mark;
use super::picture::{Colour, Picture};

pub(super) fn mp4(mark: &Mark<'_>) -> Vec<u8> {
    let picture = Picture::of(mark);
    let unit = slice(&picture);
    let sample = Layout::default().be32(size(&unit)).put(unit);
    let kind = boxed(b"ftyp", b"isom\0\0\x02\0isomiso2avc1mp41");
    let at = size(&kind) + 8;
    let movie = Movie { picture, sample_size: sample.size(), sample_at: at, made: made(mark) };
    Layout::default()
        .put(kind)
        .put(boxed(b"mdat", sample))
        .put(boxed(b"moov", [movie.header(), boxed(b"trak", movie.track())].concat()))
        .done()
}

/// Seconds since 1904.
fn made(mark: &Mark<'_>) -> u32 {
    mark.seconds() + 2_082_844_800
}

struct Movie {
    picture: Picture,
    sample_size: u32,
    sample_at: u32,
    made: u32,
}

/// How long the picture is shown, in milliseconds.
const DURATION: u32 = 2_000;

/// Neither turned nor scaled.
const AS_IT_IS: [u32; 9] = [0x1_0000, 0, 0, 0, 0x1_0000, 0, 0, 0, 0x4000_0000];

impl Movie {
    fn header(&self) -> Vec<u8> {
        let times = Layout::default().be32(0).be32(self.made).be32(self.made);
        let rest = times.be32(1_000).be32(DURATION).be32(0x1_0000).be16(0x100).zeros(10);
        boxed(b"mvhd", rest.each(AS_IT_IS, Layout::be32).zeros(24).be32(2))
    }

    fn track(&self) -> Vec<u8> {
        let times = Layout::default().be32(3).be32(self.made).be32(self.made);
        let header = times
            .be32(1)
            .be32(0)
            .be32(DURATION)
            .zeros(16)
            .each(AS_IT_IS, Layout::be32)
            .be32(u32::from(self.picture.width) << 16)
            .be32(u32::from(self.picture.height) << 16);
        [boxed(b"tkhd", header), boxed(b"mdia", self.media())].concat()
    }

    fn media(&self) -> Vec<u8> {
        let times = Layout::default().be32(0).be32(self.made).be32(self.made);
        let header = times.be32(1_000).be32(DURATION).be16(0x55c4).be16(0); // no language
        let handler = Layout::default().zeros(8).put(b"vide").zeros(12).put(b"VideoHandler\0");
        let own_file = boxed(b"url ", [0, 0, 0, 1]);
        let references = Layout::default().be32(0).be32(1).put(own_file);
        let inside = [
            boxed(b"vmhd", [0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0]),
            boxed(b"dinf", boxed(b"dref", references)),
            boxed(b"stbl", self.samples()),
        ];
        [boxed(b"mdhd", header), boxed(b"hdlr", handler), boxed(b"minf", inside.concat())].concat()
    }

    /// Where the one sample is, how large, and how long it lasts.
    fn samples(&self) -> Vec<u8> {
        let table =
            |fields: &[u32]| Layout::default().each(fields, |table, field| table.be32(*field));
        let kinds = table(&[0, 1]).put(boxed(b"avc1", self.coding()));
        [
            boxed(b"stsd", kinds),
            boxed(b"stts", table(&[0, 1, 1, DURATION])),
            boxed(b"stsc", table(&[0, 1, 1, 1, 1])),
            boxed(b"stsz", table(&[0, self.sample_size, 1])),
            boxed(b"stco", table(&[0, 1, self.sample_at])),
        ]
        .concat()
    }

    fn coding(&self) -> Layout {
        let sequence = sequence_parameters(&self.picture);
        let pictures = picture_parameters();
        let configuration = Layout::default()
            .put([1, BASELINE, 0xc0, LEVEL, 0xff, 0xe1])
            .be16(size16(&sequence))
            .put(sequence)
            .byte(1)
            .be16(size16(&pictures))
            .put(pictures);
        Layout::default()
            .zeros(6)
            .be16(1)
            .zeros(16)
            .be16(self.picture.width)
            .be16(self.picture.height)
            .be32(0x48_0000)
            .be32(0x48_0000)
            .zeros(4)
            .be16(1)
            .zeros(32)
            .be16(24)
            .be16(0xffff)
            .put(boxed(b"avcC", configuration))
    }
}

fn boxed(name: &[u8; 4], content: impl AsRef<[u8]>) -> Vec<u8> {
    Layout::default().be32(8 + size(&content)).put(name).put(content).done()
}

const BASELINE: u8 = 66;
const LEVEL: u8 = 10;

/// ITU-T H.264 §7.3.2.1.
fn sequence_parameters(picture: &Picture) -> Vec<u8> {
    let blocks = |side: u16| u32::from(side / 16) - 1;
    let bits = Bits::default()
        .each([0x67, BASELINE, 0xc0, LEVEL], |bits, byte| bits.highest_first(byte.into(), 8));
    // Which it is, numbers of four bits, order as decoded, no references.
    let bits = bits.each([0, 0, 2, 0], exponential).lowest_first(0, 1);
    let bits = bits.each([blocks(picture.width), blocks(picture.height)], exponential);
    ended(bits.highest_first(0b1100, 4)) // frames, direct, not cropped, nothing on usability
}

/// ITU-T H.264 §7.3.2.2.
fn picture_parameters() -> Vec<u8> {
    let bits = Bits::default().highest_first(0x68, 8).each([0, 0], exponential).lowest_first(0, 2);
    let bits = bits.each([0, 0, 0], exponential).lowest_first(0, 3);
    ended(bits.each([0, 0, 0], exponential).lowest_first(0, 3))
}

/// ITU-T H.264 §7.3.3 and §7.3.5: a slice of blocks of 16 by 16 whose samples are written out.
fn slice(picture: &Picture) -> Vec<u8> {
    /// The type of such a block.
    const WRITTEN_OUT: u32 = 25;
    let colours = picture.line();
    let header = Bits::default().highest_first(0x65, 8).each([0, 7, 0], exponential);
    let header = header.lowest_first(0, 4).each([0], exponential).lowest_first(0, 2);
    let mut bits = exponential(header, 0);
    for _ in 0..picture.height / 16 {
        for block in colours.chunks(16) {
            bits = exponential(bits, WRITTEN_OUT).fill(false);
            bits = bits.each(samples(block), |bits, sample| bits.highest_first(sample.into(), 8));
        }
    }
    ended(bits)
}

/// Sixteen lines of brightness; of both hues half as many, and half as wide.
fn samples(line: &[Colour]) -> Vec<u8> {
    // Never 0, so that nothing in it looks like the start of a unit.
    let clamped = line.iter().map(|colour| colour.brightness_and_hue().map(|it| it.clamp(16, 235)));
    let brightness: Vec<u8> = clamped.clone().map(|[brightness, ..]| brightness).collect();
    let to_blue: Vec<u8> = clamped.clone().step_by(2).map(|[_, to_blue, _]| to_blue).collect();
    let to_red: Vec<u8> = clamped.step_by(2).map(|[.., to_red]| to_red).collect();
    [brightness.repeat(16), to_blue.repeat(8), to_red.repeat(8)].concat()
}

/// A number as an exponential Golomb code (ITU-T H.264 §9.1).
fn exponential(bits: Bits, number: u32) -> Bits {
    let length = 32 - (number + 1).leading_zeros();
    bits.highest_first(number + 1, 2 * length - 1)
}

/// The bit that ends a unit, and zeros up to the end of a byte.
fn ended(bits: Bits) -> Vec<u8> {
    bits.lowest_first(1, 1).fill(false).bytes_from_highest()
}
