//! Numbers and texts as Windows writes them.

use crate::Cx;

pub(super) fn little16(bytes: &[u8], place: usize) -> u16 {
    let bytes = bytes.get(place..).and_then(<[u8]>::first_chunk);
    u16::from_le_bytes(bytes.copied().unwrap_or_default())
}

/// So many bytes from a place on; fewer, if there are no more.
pub(super) fn piece(bytes: &[u8], place: usize, length: usize) -> &[u8] {
    let rest = bytes.get(place..).unwrap_or_default();
    rest.get(..length).unwrap_or(rest)
}

/// Now, in tenths of microseconds since 1601 (MS-DTYP §2.3.3).
pub(super) fn time(cx: &Cx<'_>) -> [u8; 8] {
    /// From 1601 to 1970, in microseconds.
    const EPOCH: i64 = 11_644_473_600_000_000;
    cx.now.as_micros().saturating_add(EPOCH).saturating_mul(10).to_le_bytes()
}

pub(super) fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect()
}

/// Texts that end with a NUL each, of one or two bytes a letter.
pub(super) fn texts(bytes: &[u8], encoding: Encoding) -> Vec<String> {
    match encoding {
        Encoding::Oem => bytes
            .split(|byte| *byte == 0)
            .map(|text| String::from_utf8_lossy(text).into_owned())
            .collect(),
        Encoding::Unicode => {
            let units: Vec<u16> =
                bytes.as_chunks().0.iter().map(|unit| u16::from_le_bytes(*unit)).collect();
            units.split(|unit| *unit == 0).map(String::from_utf16_lossy).collect()
        }
    }
}

/// How a client writes its texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Oem,
    Unicode,
}
