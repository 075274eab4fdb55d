//! Addresses as text, without an allocation each.

use std::fmt::{self, Write};
use std::net::IpAddr;

use rusqlite::types::{ToSql, ToSqlOutput, ValueRef};

/// Longest text of an address: an IPv4-mapped IPv6 address written in full (RFC 4291 §2.2).
const LONGEST: usize = 45;

/// The text of one IP address.
pub(super) struct AddressText {
    text: [u8; LONGEST],
    length: usize,
}

impl AddressText {
    pub(super) fn new(address: IpAddr) -> Self {
        let mut written = Self { text: [0; LONGEST], length: 0 };
        // Cannot fail: LONGEST holds every address.
        let _ = write!(written, "{address}");
        written
    }

    fn as_bytes(&self) -> &[u8] {
        self.text.get(..self.length).unwrap_or_default()
    }
}

impl Write for AddressText {
    fn write_str(&mut self, piece: &str) -> fmt::Result {
        let end = self.length + piece.len();
        let room = self.text.get_mut(self.length..end).ok_or(fmt::Error)?;
        room.copy_from_slice(piece.as_bytes());
        self.length = end;
        Ok(())
    }
}

impl ToSql for AddressText {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(ValueRef::Text(self.as_bytes())))
    }
}

/// An IPv4 address as `INET_ATON` gives it; nothing for IPv6.
pub(super) fn inet_aton(address: IpAddr) -> Option<u32> {
    match address {
        IpAddr::V4(address) => Some(address.to_bits()),
        IpAddr::V6(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_written_whole() {
        for text in [
            "0.0.0.0",
            "255.255.255.255",
            "::",
            "2001:db8::5",
            "::ffff:255.255.255.255",
            "1111:2222:3333:4444:5555:6666:7777:8888",
        ] {
            let written = AddressText::new(text.parse().unwrap());
            assert_eq!(written.as_bytes(), text.as_bytes());
        }
    }

    #[test]
    fn numbers_are_those_of_mysql() {
        assert_eq!(inet_aton("10.0.5.9".parse().unwrap()), Some(167_773_449));
        assert_eq!(inet_aton("255.255.255.255".parse().unwrap()), Some(u32::MAX));
        assert_eq!(inet_aton("::1".parse().unwrap()), None);
    }
}
