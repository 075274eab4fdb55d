//! Archives with a readme in them, not compressed: tar, 7z, RAR, cabinet.

use super::checksum::crc32;
use super::layout::{Layout, size, size16};
use super::mark::Mark;
use super::packed::{gzip, variable};
use super::text::readme;

const NAME: &str = "readme.txt";

/// POSIX.1-1988 (ustar).
pub(super) fn tar(mark: &Mark<'_>) -> Vec<u8> {
    let text = readme(mark);
    let before = Layout::default()
        .put(NAME)
        .until(100)
        .put("0000644\x000000000\x000000000\0")
        .put(format!("{:011o}\0{:011o}\0", text.len(), mark.seconds()));
    let after = Layout::default().put("0").zeros(100).put("ustar\x0000root").zeros(28).put("root");
    // The sum is taken with blanks where it will be.
    let sum: u32 = [before.as_ref(), b"        ", after.as_ref()]
        .concat()
        .iter()
        .map(|byte| u32::from(*byte))
        .sum();
    let head = before.put(format!("{sum:06o}\0 ")).put(after);
    head.align(512).put(text).align(512).zeros(1_024).align(10_240).done()
}

pub(super) fn tgz(mark: &Mark<'_>) -> Vec<u8> {
    gzip("archive.tar", &tar(mark), mark)
}

/// 7-Zip's format, version 0.4: one file in one folder of one stream.
pub(super) fn seven_zip(mark: &Mark<'_>) -> Vec<u8> {
    let text = readme(mark);
    let name: Vec<u8> = NAME.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let packed = Layout::default().put([6, 0, 1, 9]).put(small(size(&text))).byte(0);
    let coder = [7, 11, 1, 0, 1, 1, 0, 12]; // copied as it is
    let unpacked = Layout::default().put(coder).put(small(size(&text))).put([10, 1]);
    let unpacked = unpacked.le32(crc32(&text)).put([0, 8, 0]);
    let files = Layout::default()
        .put([5, 1, 0x11])
        .put(small(3 + size(&name)))
        .byte(0)
        .put(name)
        .put([0, 0, 0x14, 10, 1, 0])
        .le64(mark.windows_time())
        .put([0, 0]);
    let header = Layout::default().put([1, 4]).put(packed).put(unpacked).byte(0).put(files);
    let start = Layout::default()
        .le64(size(&text).into())
        .le64(header.size().into())
        .le32(crc32(header.as_ref()));
    Layout::default()
        .put(b"7z\xbc\xaf\x27\x1c\0\x04")
        .le32(crc32(start.as_ref()))
        .put(start)
        .put(text)
        .put(header)
        .done()
}

/// A number below 16384 as 7-Zip writes it.
fn small(number: u32) -> Vec<u8> {
    let [low, high, ..] = number.to_le_bytes();
    if number < 0x80 { vec![low] } else { vec![0x80 | high, low] }
}

/// RAR 5: a file that is stored as it is.
pub(super) fn rar(mark: &Mark<'_>) -> Vec<u8> {
    let text = readme(mark);
    let main = Layout::default().put([1, 0, 0]);
    let file = Layout::default()
        .put([2, 2])
        .put(variable(size(&text)))
        .byte(6) // with a time and a checksum
        .put(variable(size(&text)))
        .byte(0x20)
        .le32(mark.seconds())
        .le32(crc32(&text))
        .put([0, 0])
        .put(variable(size(NAME)))
        .put(NAME);
    let end = Layout::default().put([5, 0, 0]);
    Layout::default()
        .put(b"Rar!\x1a\x07\x01\0")
        .put(rar_block(&main))
        .put(rar_block(&file))
        .put(text)
        .put(rar_block(&end))
        .done()
}

fn rar_block(content: &Layout) -> Layout {
    let block = Layout::default().put(variable(content.size())).put(content);
    Layout::default().le32(crc32(block.as_ref())).put(block)
}

/// Microsoft's cabinet: one folder, one file, not compressed.
pub(super) fn cab(mark: &Mark<'_>) -> Vec<u8> {
    /// Where the header and the folder end.
    const FILES: u32 = 36 + 8;
    let text = readme(mark);
    let (date, time) = mark.dos_time();
    let number = mark.bytes("set");
    let file = Layout::default()
        .le32(size(&text))
        .le32(0)
        .le16(0)
        .le16(date)
        .le16(time)
        .le16(0x20)
        .put(NAME)
        .byte(0);
    let data_at = FILES + file.size();
    let sizes = Layout::default().le16(size16(&text)).le16(size16(&text));
    let sum = cab_sum(sizes.as_ref()) ^ cab_sum(&text);
    Layout::default()
        .put(b"MSCF")
        .le32(0)
        .le32(data_at + 8 + size(&text))
        .le32(0)
        .le32(FILES)
        .le32(0)
        .put([3, 1, 1, 0, 1, 0, 0, 0])
        .put([number[0], number[1], 0, 0])
        .le32(data_at)
        .le16(1)
        .le16(0)
        .put(file)
        .le32(sum)
        .put(sizes)
        .put(text)
        .done()
}

/// All groups of four bytes, put together bit by bit; of an incomplete one the first byte is highest.
fn cab_sum(bytes: &[u8]) -> u32 {
    let (groups, rest) = bytes.as_chunks::<4>();
    let sum = groups.iter().fold(0, |sum, group| sum ^ u32::from_le_bytes(*group));
    sum ^ rest.iter().fold(0, |rest, byte| rest << 8 | u32::from(*byte))
}
