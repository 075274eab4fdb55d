//! The sums by which formats tell whether a file is whole.

use sha1::{Digest as _, Sha1};

/// CRC-32 as zip, PNG and most archives use it.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut sum = flate2::Crc::new();
    sum.update(bytes);
    sum.sum()
}

/// Adler-32 (RFC 1950 §8.2).
pub(super) fn adler32(bytes: &[u8]) -> u32 {
    const LARGEST_PRIME: u32 = 65_521;
    let (low, high) = bytes.iter().fold((1, 0), |(low, high), byte| {
        let low = (low + u32::from(*byte)) % LARGEST_PRIME;
        (low, (high + low) % LARGEST_PRIME)
    });
    high << 16 | low
}

pub(super) fn sha1(bytes: &[u8]) -> [u8; 20] {
    Sha1::digest(bytes).into()
}
