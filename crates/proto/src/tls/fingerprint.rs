//! JA3 and JA4: what a ClientHello tells of the program that made it.
//!
//! JA4 is the part of its family that is free (BSD-3-Clause); the others are not here.

use md5::Md5;
use sha2::{Digest, Sha256};

use super::ClientHello;
use super::hello::kind;
use crate::hexadecimal::hexadecimal;

/// What carries a hello: the first letter of a JA4 fingerprint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flavour {
    /// DTLS.
    Dtls,
    /// QUIC.
    Quic,
    /// TLS over TCP.
    #[default]
    Tcp,
}

/// JA4 in its two forms.
pub(super) struct Ja4 {
    /// The fingerprint.
    pub(super) hashed: String,
    /// The same with its lists written out.
    pub(super) raw: String,
}

/// The longest count that JA4 writes.
const MOST: usize = 99;

impl ClientHello {
    /// Version, ciphers, extensions, groups and point formats, in decimal.
    pub(super) fn ja3_text(&self) -> String {
        let extensions = self.extensions.iter().map(|extension| extension.kind);
        let formats = self.point_formats().iter().map(|format| u16::from(*format));
        [
            self.version.unwrap_or_default().to_string(),
            decimal(self.ciphers.iter().copied()),
            decimal(extensions),
            decimal(self.groups().into_iter()),
            decimal(formats),
        ]
        .join(",")
    }

    /// The MD5 of that.
    pub(super) fn ja3(&self) -> String {
        hexadecimal(&Md5::digest(self.ja3_text()))
    }

    /// The JA4 fingerprint of a hello that `flavour` carried.
    pub(super) fn ja4(&self, flavour: Flavour) -> Ja4 {
        let mut ciphers: Vec<u16> = self.ciphers.iter().copied().filter(is_real).collect();
        ciphers.sort_unstable();
        let kinds = self.extensions.iter().map(|extension| extension.kind);
        let mut extensions: Vec<u16> = kinds.filter(is_real).collect();
        let head = self.ja4_head(flavour, ciphers.len(), extensions.len());
        extensions.retain(|found| ![kind::SERVER_NAME, kind::ALPN].contains(found));
        extensions.sort_unstable();
        let signatures: Vec<u16> =
            self.signature_algorithms().into_iter().filter(is_real).collect();
        let ciphers = joined(&ciphers);
        let extensions = match joined(&signatures) {
            none if none.is_empty() => joined(&extensions),
            signatures => format!("{}_{signatures}", joined(&extensions)),
        };
        Ja4 {
            hashed: format!("{head}_{}_{}", shortened(&ciphers), shortened(&extensions)),
            raw: format!("{head}_{ciphers}_{extensions}"),
        }
    }

    fn ja4_head(&self, flavour: Flavour, ciphers: usize, extensions: usize) -> String {
        let letter = match flavour {
            Flavour::Dtls => 'd',
            Flavour::Quic => 'q',
            Flavour::Tcp => 't',
        };
        let offered = self.versions().into_iter().filter(is_real);
        let best = match flavour {
            // Its versions count downwards (RFC 9147 §5.3).
            Flavour::Dtls => offered.min(),
            Flavour::Quic | Flavour::Tcp => offered.max(),
        };
        let version = version(best.or(self.version).unwrap_or_default());
        let to = if self.extension(kind::SERVER_NAME).is_some() { 'd' } else { 'i' };
        let (ciphers, extensions) = (ciphers.min(MOST), extensions.min(MOST));
        let first = self.protocols().first().map_or_else(|| "00".to_owned(), |name| ends(name));
        format!("{letter}{version}{to}{ciphers:02}{extensions:02}{first}")
    }
}

/// How JA4 writes a version.
fn version(version: u16) -> &'static str {
    match version {
        0x0304 => "13",
        0x0303 => "12",
        0x0302 => "11",
        0x0301 => "10",
        0x0300 => "s3",
        0x0002 => "s2",
        0xfeff => "d1",
        0xfefd => "d2",
        0xfefc => "d3",
        _ => "00",
    }
}

/// The first and the last character of a protocol's name; if they are not letters or digits, the
/// first and the last hexadecimal digit.
fn ends(name: &[u8]) -> String {
    let (Some(first), Some(last)) = (name.first(), name.last()) else { return "00".to_owned() };
    if first.is_ascii_alphanumeric() && last.is_ascii_alphanumeric() {
        return [char::from(*first), char::from(*last)].iter().collect();
    }
    let digits = hexadecimal(&[*first, *last]);
    let mut digits = digits.chars();
    digits.next().into_iter().chain(digits.next_back()).collect()
}

/// Values that programs make up so that servers get used to new ones (RFC 8701) are left out.
pub(super) fn is_real(value: &u16) -> bool {
    let [high, low] = value.to_be_bytes();
    !(high == low && low & 0x0f == 0x0a)
}

fn decimal(values: impl Iterator<Item = u16>) -> String {
    let values = values.filter(is_real).map(|value| value.to_string());
    values.collect::<Vec<_>>().join("-")
}

fn joined(values: &[u16]) -> String {
    values.iter().map(|value| format!("{value:04x}")).collect::<Vec<_>>().join(",")
}

/// The first twelve digits of a hash; zeros for nothing.
fn shortened(list: &str) -> String {
    match list {
        "" => "0".repeat(12),
        list => hexadecimal(&Sha256::digest(list)).chars().take(12).collect(),
    }
}

#[cfg(test)]
mod tests;
