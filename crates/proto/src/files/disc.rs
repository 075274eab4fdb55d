//! The image of a disc (ISO 9660, level 1) with a readme on it.

use super::layout::{Layout, size};
use super::mark::Mark;
use super::text::readme;

const SECTOR: usize = 2_048;

/// In which sectors the parts are. The first sixteen are left to the system.
const LOW_TABLE: u32 = 18;
const HIGH_TABLE: u32 = 19;
const ROOT: u32 = 20;
const FILE: u32 = 21;
const ALL: u32 = 22;

pub(super) fn iso(mark: &Mark<'_>) -> Vec<u8> {
    let text = readme(mark);
    let root = Layout::default()
        .put(entry(b"\0", Extent { sector: ROOT, size: 2_048, flags: 2 }, mark))
        .put(entry(b"\x01", Extent { sector: ROOT, size: 2_048, flags: 2 }, mark))
        .put(entry(b"README.TXT;1", Extent { sector: FILE, size: size(&text), flags: 0 }, mark));
    Layout::default()
        .zeros(16 * SECTOR)
        .put(volume(mark))
        .align(SECTOR)
        .put(b"\xffCD001\x01")
        .align(SECTOR)
        .put([1, 0])
        .le32(ROOT)
        .put([1, 0, 0, 0])
        .align(SECTOR)
        .put([1, 0])
        .be32(ROOT)
        .put([0, 1, 0, 0])
        .align(SECTOR)
        .put(root)
        .align(SECTOR)
        .put(text)
        .align(SECTOR)
        .done()
}

/// ECMA-119 §8.4.
fn volume(mark: &Mark<'_>) -> Layout {
    let name = mark.title().to_ascii_uppercase();
    let digits = mark.time().strftime("%Y%m%d%H%M%S00").to_string();
    let made = Layout::default().put(digits).byte(0);
    let never = Layout::default().put("0000000000000000").byte(0);
    let root = entry(b"\0", Extent { sector: ROOT, size: 2_048, flags: 2 }, mark);
    let head =
        Layout::default().put(b"\x01CD001\x01\0").put(blanks("LINUX", 32)).put(blanks(&name, 32));
    let sizes = both32(head.zeros(8), ALL).zeros(32);
    let sizes = both16(both16(both16(sizes, 1), 1), 2_048);
    let sizes = both32(sizes, 10);
    sizes
        .le32(LOW_TABLE)
        .le32(0)
        .be32(HIGH_TABLE)
        .be32(0)
        .put(root)
        .put(blanks("", 4 * 128 + 3 * 37))
        .put(&made)
        .put(&made)
        .put(&never)
        .put(&made)
        .put([1, 0])
        .put(mark.hex("disc")) // for whoever made the disc
}

/// A file or folder, and where it is.
struct Extent {
    sector: u32,
    size: u32,
    flags: u8,
}

/// ECMA-119 §9.1.
fn entry(name: &[u8], extent: Extent, mark: &Mark<'_>) -> Layout {
    let time = mark.time();
    let years = u8::try_from(time.year() - 1900).unwrap_or_default();
    let rest = [time.month(), time.day(), time.hour(), time.minute(), time.second(), 0];
    let [length, name_length] = [(33 + name.len()).next_multiple_of(2), name.len()]
        .map(|length| u8::try_from(length).unwrap_or_default());
    let place = both32(both32(Layout::default().put([length, 0]), extent.sector), extent.size);
    let described =
        both16(place.byte(years).put(rest.map(i8::cast_unsigned)).put([extent.flags, 0, 0]), 1);
    described.byte(name_length).put(name).until(length.into())
}

/// A number in both orders of bytes.
fn both16(layout: Layout, number: u16) -> Layout {
    layout.le16(number).be16(number)
}

/// A number in both orders of bytes.
fn both32(layout: Layout, number: u32) -> Layout {
    layout.le32(number).be32(number)
}

fn blanks(text: &str, width: usize) -> String {
    format!("{text:width$}")
}
