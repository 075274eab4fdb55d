//! Control data of datagrams (`cmsg(3)`), read and written as bytes.
//!
//! A message is a header (length as `size_t`, level and type as `int`) and its content, each
//! rounded up to eight bytes on 64-bit systems, four on 32-bit ones.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};

use nix::libc;

use super::sockaddr;

/// Room for one `sockaddr_in6` or `in6_pktinfo` with its header.
pub(super) const ROOM: usize = 64;

const HEADER: usize = size_of::<libc::cmsghdr>();
const WORD: usize = size_of::<usize>();

/// Control data of one datagram, aligned as the kernel wants it.
#[derive(Clone, Copy, Debug)]
#[repr(C, align(8))]
pub(super) struct Control {
    pub(super) bytes: [u8; ROOM],
    pub(super) length: usize,
}

impl Default for Control {
    fn default() -> Self {
        Self { bytes: [0; ROOM], length: 0 }
    }
}

impl Control {
    /// "Send from this IPv4 address", for an IPv4 socket.
    pub(super) fn source_four(source: Ipv4Addr) -> Self {
        // struct in_pktinfo: interface index, source, and a field only used when receiving.
        let mut content = [0; 12];
        content[4..8].copy_from_slice(&source.octets());
        Self::one(libc::IPPROTO_IP, libc::IP_PKTINFO, &content)
    }

    /// "Send from this IPv6 address", for an IPv6 socket; there it also takes `::ffff:a.b.c.d`.
    pub(super) fn source_six(source: Ipv6Addr, link: u32) -> Self {
        // struct in6_pktinfo: source, interface index.
        let mut content = [0; 20];
        content[..16].copy_from_slice(&source.octets());
        content[16..].copy_from_slice(&link.to_ne_bytes());
        Self::one(libc::IPPROTO_IPV6, libc::IPV6_PKTINFO, &content)
    }

    fn one(level: libc::c_int, kind: libc::c_int, content: &[u8]) -> Self {
        let mut bytes = [0; ROOM];
        let size = (HEADER + content.len()).to_ne_bytes();
        let (level, kind) = (level.to_ne_bytes(), kind.to_ne_bytes());
        let flat = [&size[..], &level, &kind, content].into_iter().flatten();
        bytes.iter_mut().zip(flat).for_each(|(to, from)| *to = *from);
        Self { bytes, length: rounded(HEADER + content.len()) }
    }

    /// The destination a datagram had when it came in.
    pub(super) fn original_destination(&self) -> Option<SocketAddr> {
        let mut rest = self.bytes.get(..self.length)?;
        loop {
            let (message, after) = split_message(rest)?;
            if let Some(destination) = message.original_destination() {
                return Some(destination);
            }
            rest = after;
        }
    }
}

struct Message<'a> {
    level: libc::c_int,
    kind: libc::c_int,
    content: &'a [u8],
}

impl Message<'_> {
    fn original_destination(&self) -> Option<SocketAddr> {
        match (self.level, self.kind) {
            (libc::IPPROTO_IP, libc::IP_ORIGDSTADDR)
            | (libc::IPPROTO_IPV6, libc::IPV6_ORIGDSTADDR) => sockaddr::read(self.content),
            _ => None,
        }
    }
}

fn split_message(bytes: &[u8]) -> Option<(Message<'_>, &[u8])> {
    let size = usize::from_ne_bytes(*bytes.first_chunk()?);
    let level = libc::c_int::from_ne_bytes(*bytes.get(WORD..)?.first_chunk()?);
    let kind = libc::c_int::from_ne_bytes(*bytes.get(WORD + 4..)?.first_chunk()?);
    let content = bytes.get(HEADER..size)?;
    let after = bytes.get(rounded(size)..).unwrap_or_default();
    Some((Message { level, kind, content }, after))
}

const fn rounded(size: usize) -> usize {
    size.next_multiple_of(WORD)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::udp::sockaddr::RawAddress;

    #[test]
    fn the_destination_is_found_behind_other_messages() {
        let other = Control::source_four(Ipv4Addr::LOCALHOST);
        let raw = RawAddress::four(Ipv4Addr::new(203, 0, 113, 9), 53);
        let meant = Control::one(libc::IPPROTO_IP, libc::IP_ORIGDSTADDR, &raw.bytes[..raw.length]);
        let mut both = Control::default();
        both.bytes[..other.length].copy_from_slice(&other.bytes[..other.length]);
        both.length = (other.length + meant.length).min(ROOM);
        let room = both.length - other.length;
        both.bytes[other.length..both.length].copy_from_slice(&meant.bytes[..room]);
        assert_eq!(both.original_destination(), Some("203.0.113.9:53".parse().unwrap()));
    }

    #[test]
    fn nonsense_has_no_destination() {
        assert_eq!(Control::default().original_destination(), None);
        assert_eq!(Control { bytes: [0xff; ROOM], length: ROOM }.original_destination(), None);
        assert_eq!(Control { bytes: [0; ROOM], length: ROOM }.original_destination(), None);
    }
}
