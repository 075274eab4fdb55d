//! Messages of versions 1 and 2c: a community, and what is asked (RFC 1157 §4, RFC 1901 §3).

use super::ber::{self, OCTETS, SEQUENCE, Values};
use super::pdu::{Dialect, Pdu};

#[derive(Debug)]
pub(super) struct Message<'a> {
    version: i64,
    pub(super) community: &'a [u8],
    pub(super) pdu: Pdu<'a>,
}

impl<'a> Message<'a> {
    /// Reads one; nothing if it is broken.
    pub(super) fn read(version: i64, mut inside: Values<'a>) -> Option<Self> {
        let community = inside.octets()?;
        let pdu = Pdu::read(inside.take()?)?;
        Some(Self { version, community, pdu })
    }

    pub(super) const fn dialect(&self) -> Dialect {
        if self.version == 0 { Dialect::First } else { Dialect::Later }
    }

    /// An answer in this version, to this community.
    pub(super) fn around(&self, pdu: Vec<u8>) -> Vec<u8> {
        let community = ber::value(OCTETS, self.community);
        ber::constructed(SEQUENCE, &[ber::integer(self.version), community, pdu])
    }
}
