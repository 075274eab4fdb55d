//! One file made smaller: zlib, deflate, gzip, xz.

use std::io::{Result, Write as _};

use flate2::write::{DeflateEncoder, ZlibEncoder};
use flate2::{Compression, GzBuilder};

use super::checksum::crc32;
use super::layout::{Layout, size, size16};
use super::mark::Mark;
use super::text::readme;

/// RFC 1951.
pub(super) fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::default());
    whole(encoder.write_all(bytes).and_then(|()| encoder.finish()))
}

/// RFC 1950.
pub(super) fn zlib(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Compression::default());
    whole(encoder.write_all(bytes).and_then(|()| encoder.finish()))
}

/// RFC 1952.
pub(super) fn gzip(name: &str, bytes: &[u8], mark: &Mark<'_>) -> Vec<u8> {
    let named = GzBuilder::new().filename(name).mtime(mark.seconds()).operating_system(3);
    let mut encoder = named.write(Vec::new(), Compression::default());
    whole(encoder.write_all(bytes).and_then(|()| encoder.finish()))
}

pub(super) fn gz(mark: &Mark<'_>) -> Vec<u8> {
    gzip("readme.txt", &readme(mark), mark)
}

/// Encoders fail if what they write to fails; memory does not.
fn whole(written: Result<Vec<u8>>) -> Vec<u8> {
    written.unwrap_or_default()
}

/// The .xz format 1.2.1: one block, one chunk that is not compressed.
pub(super) fn xz(mark: &Mark<'_>) -> Vec<u8> {
    /// Blocks are checked with CRC-32.
    const FLAGS: [u8; 2] = [0, 1];
    let text = readme(mark);
    // Twelve bytes: no sizes, one filter, which is LZMA2 with a dictionary of 8 MiB.
    let block_header = [2, 0, 0x21, 1, 0x16, 0, 0, 0];
    let chunk = Layout::default().byte(1).be16(size16(&text).saturating_sub(1)).put(&text).byte(0);
    let unpadded = 12 + chunk.size() + 4;
    let index =
        Layout::default().put([0, 1]).put(variable(unpadded)).put(variable(size(&text))).align(4);
    let footer = Layout::default().le32(index.size() / 4).put(FLAGS);
    Layout::default()
        .put(b"\xfd7zXZ\0")
        .put(FLAGS)
        .le32(crc32(&FLAGS))
        .put(block_header)
        .le32(crc32(&block_header))
        .put(chunk)
        .align(4)
        .le32(crc32(&text))
        .put(&index)
        .le32(crc32(index.as_ref()))
        .le32(crc32(footer.as_ref()))
        .put(footer)
        .put(b"YZ")
        .done()
}

/// Seven bits at a time, the lowest first; all but the last with the highest bit set.
pub(super) fn variable(mut value: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    while value >= 0x80 {
        bytes.push(value.to_le_bytes()[0] | 0x80);
        value >>= 7;
    }
    bytes.push(value.to_le_bytes()[0]);
    bytes
}
