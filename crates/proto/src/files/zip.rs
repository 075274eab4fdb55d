//! Zip archives, and all that is one inside.
//!
//! Written by hand, since the libraries for it ask for a source of chance, which this crate has not.

use super::checksum::crc32;
use super::layout::{Layout, size, size16};
use super::mark::Mark;
use super::packed::deflate;
use super::text::readme;

/// A file in an archive.
pub(super) struct Member<'a> {
    pub(super) name: &'a str,
    pub(super) content: Vec<u8>,
}

pub(super) fn readme_in_zip(mark: &Mark<'_>) -> Vec<u8> {
    zip(&[Member { name: "readme.txt", content: readme(mark) }], mark)
}

/// An archive of `members` (APPNOTE 4.3).
pub(super) fn zip(members: &[Member<'_>], mark: &Mark<'_>) -> Vec<u8> {
    let mut files = Layout::default();
    let mut directory = Layout::default();
    for member in members {
        let at = files.size();
        let packed = deflate(&member.content);
        let described = described(member, &packed, mark);
        directory =
            directory.put(b"PK\x01\x02\x14\0").put(&described).zeros(10).le32(at).put(member.name);
        files = files.put(b"PK\x03\x04").put(described).put(member.name).put(packed);
    }
    let count = u16::try_from(members.len()).unwrap_or(u16::MAX);
    let end = Layout::default()
        .put(b"PK\x05\x06\0\0\0\0")
        .le16(count)
        .le16(count)
        .le32(directory.size())
        .le32(files.size())
        .le16(0);
    files.put(directory).put(end).done()
}

/// What a member's own header and the directory both say.
fn described(member: &Member<'_>, packed: &[u8], mark: &Mark<'_>) -> Layout {
    const DEFLATED: u16 = 8;
    let (date, time) = mark.dos_time();
    Layout::default()
        .le16(20)
        .le16(0)
        .le16(DEFLATED)
        .le16(time)
        .le16(date)
        .le32(crc32(&member.content))
        .le32(size(packed))
        .le32(size(&member.content))
        .le16(size16(member.name))
        .le16(0)
}
