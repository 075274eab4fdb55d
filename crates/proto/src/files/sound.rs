//! Two seconds in which next to nothing is heard: WAV, MP3.

use super::layout::{Layout, size};
use super::mark::Mark;

/// A wave file: eight bits, mono, as telephones sound.
pub(super) fn wav(mark: &Mark<'_>) -> Vec<u8> {
    const RATE: u32 = 8_000;
    let noise = mark.bytes("noise");
    let quiet = noise.iter().flat_map(|byte| (0..8).map(move |bit| 127 + (byte >> bit & 1)));
    let samples: Vec<u8> = quiet.cycle().take(2 * 8_000).collect();
    let format = Layout::default().le16(1).le16(1).le32(RATE).le32(RATE).le16(1).le16(8);
    let chunks = Layout::default()
        .put(b"WAVEfmt ")
        .le32(format.size())
        .put(format)
        .put(b"data")
        .le32(size(&samples))
        .put(samples);
    Layout::default().put(b"RIFF").le32(chunks.size()).put(chunks).done()
}

/// MPEG-1 layer III: frames of 32 kbit/s, mono, without any spectrum.
pub(super) fn mp3(mark: &Mark<'_>) -> Vec<u8> {
    const FRAME: usize = 144 * 32_000 / 44_100;
    let header = [0xff, 0xfb, 0x10, 0xc0];
    // What nobody decodes comes behind the 17 bytes that describe the frame.
    let first = Layout::default().put(header).zeros(17).put(mark.hex("frame")).until(FRAME).done();
    let others = Layout::default().put(header).until(FRAME).done();
    [first, others.repeat(76)].concat()
}
