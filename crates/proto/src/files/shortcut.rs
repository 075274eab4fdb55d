//! A Windows shortcut (MS-SHLLINK) to a readme beside it.

use super::layout::Layout;
use super::mark::Mark;

pub(super) fn lnk(mark: &Mark<'_>) -> Vec<u8> {
    /// In Unicode, with a path relative to the shortcut's.
    const FLAGS: u32 = 0x88;
    const PATH: &str = ".\\readme.txt";
    let time = mark.windows_time();
    Layout::default()
        .le32(0x4c)
        .put(b"\x01\x14\x02\0\0\0\0\0\xc0\0\0\0\0\0\0\x46")
        .le32(FLAGS)
        .le32(0x20)
        .each([time, time + mark.number("read") % 864_000_000_000, time], Layout::le64)
        .le32(512)
        .le32(0)
        .le32(1)
        .zeros(12)
        .le16(u16::try_from(PATH.len()).unwrap_or_default())
        .each(PATH.encode_utf16(), Layout::le16)
        .le32(0)
        .done()
}
