//! Headers of IP packets, read as far as they make sense.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use etherparse::{
    IpNumber, Ipv4HeaderSlice, Ipv6FragmentHeaderSlice, Ipv6HeaderSlice, Ipv6RawExtHeaderSlice,
    ip_number,
};
use nix::libc;

use super::packet::Shape;

/// An IP packet without its headers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Content<'a> {
    pub(super) source: IpAddr,
    pub(super) destination: IpAddr,
    /// Time to live, hop limit.
    pub(super) hops: u8,
    pub(super) body: Body<'a>,
}

/// What follows a header.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Body<'a> {
    /// What that header says it is: a protocol number.
    pub(super) number: u8,
    pub(super) shape: Shape,
    pub(super) bytes: &'a [u8],
}

/// `None` if it is not IP, or shorter than the addresses of an IP header need.
pub(super) fn read(ether_type: u16, bytes: &[u8]) -> Option<Content<'_>> {
    let content = match libc::c_int::from(ether_type) {
        libc::ETH_P_IP => four(bytes),
        libc::ETH_P_IPV6 => six(bytes),
        libc::ETH_P_8021Q | libc::ETH_P_8021AD => return behind_tags(bytes),
        _ => return None,
    };
    if content.is_some_and(|content| content.is_sound()) {
        return content;
    }
    // Of a packet with two VLAN tags, kernels since 6.11 name what is behind both, and hand over
    // the second tag all the same.
    behind_tags(bytes).filter(Content::is_sound).or(content)
}

/// Each tag has two bytes, and two more that say what it was put before. A victim may nest them
/// as deep as a packet is long.
fn behind_tags(mut bytes: &[u8]) -> Option<Content<'_>> {
    loop {
        let ([_, _, high, low], inner) = bytes.split_first_chunk()?;
        match libc::c_int::from(u16::from_be_bytes([*high, *low])) {
            libc::ETH_P_IP => return four(inner),
            libc::ETH_P_IPV6 => return six(inner),
            libc::ETH_P_8021Q | libc::ETH_P_8021AD => bytes = inner,
            _ => return None,
        }
    }
}

impl Content<'_> {
    fn is_sound(&self) -> bool {
        self.body.shape != Shape::Broken
    }
}

fn four(bytes: &[u8]) -> Option<Content<'_>> {
    let (fixed, after) = bytes.split_first_chunk::<20>()?;
    let (version, words) = (fixed[0] >> 4, fixed[0] & 0xf);
    let mut fixed = *fixed;
    // The library insists on a first byte that makes sense; we look at it ourselves.
    fixed[0] = 0x45;
    let header = Ipv4HeaderSlice::from_slice(&fixed).ok()?;
    let body = if version == 4 && words >= 5 {
        bytes.get(usize::from(words) * 4..usize::from(header.total_len()))
    } else {
        None
    };
    let part = part(header.fragments_offset().value(), header.more_fragments());
    let (bytes, shape) = body.map_or((after, Shape::Broken), |body| (body, part));
    Some(Content {
        source: Ipv4Addr::from(header.source()).into(),
        destination: Ipv4Addr::from(header.destination()).into(),
        hops: header.ttl(),
        body: Body { number: header.protocol().0, shape, bytes },
    })
}

fn six(bytes: &[u8]) -> Option<Content<'_>> {
    let (fixed, after) = bytes.split_first_chunk::<40>()?;
    let version = fixed[0] >> 4;
    let mut fixed = *fixed;
    fixed[0] = 0x60;
    let header = Ipv6HeaderSlice::from_slice(&fixed).ok()?;
    let body = after.get(..usize::from(header.payload_length())).filter(|_| version == 6);
    let (bytes, shape) = body.map_or((after, Shape::Broken), |body| (body, Shape::Whole));
    let body = Body { number: header.next_header().0, shape, bytes };
    Some(Content {
        source: Ipv6Addr::from(header.source()).into(),
        destination: Ipv6Addr::from(header.destination()).into(),
        hops: header.hop_limit(),
        body: body.past_extensions(),
    })
}

const fn part(offset: u16, more: bool) -> Shape {
    match (offset, more) {
        (0, false) => Shape::Whole,
        (0, true) => Shape::FirstFragment,
        _ => Shape::LaterFragment,
    }
}

impl Body<'_> {
    /// Goes past the extension headers that the kernel goes past too. One at which it stops, such
    /// as an authentication header, is what the packet is reported as: no socket takes it.
    fn past_extensions(mut self) -> Self {
        while let Some(next) = self.past_one() {
            self = next;
        }
        self
    }

    /// `None` where there is nothing to go past.
    fn past_one(&self) -> Option<Self> {
        if matches!(self.shape, Shape::Broken | Shape::LaterFragment) {
            return None;
        }
        match IpNumber(self.number) {
            ip_number::IPV6_HOP_BY_HOP | ip_number::IPV6_DEST_OPTIONS => {
                Some(self.past_options().unwrap_or_else(|| self.broken()))
            }
            ip_number::IPV6_FRAG => Some(self.past_fragment().unwrap_or_else(|| self.broken())),
            ip_number::IPV6_ROUTE if self.segments_left() == 0 => {
                Some(self.past_options().unwrap_or_else(|| self.broken()))
            }
            _ => None,
        }
    }

    fn past_options(&self) -> Option<Self> {
        let header = Ipv6RawExtHeaderSlice::from_slice(self.bytes).ok()?;
        let bytes = self.bytes.get(header.slice().len()..)?;
        Some(Self { number: header.next_header().0, bytes, ..*self })
    }

    fn past_fragment(&self) -> Option<Self> {
        let header = Ipv6FragmentHeaderSlice::from_slice(self.bytes).ok()?;
        let bytes = self.bytes.get(header.slice().len()..)?;
        let shape = part(header.fragment_offset().value(), header.more_fragments());
        Some(Self { number: header.next_header().0, shape, bytes })
    }

    /// Of a routing header (RFC 8200 §4.4): with any left, the packet is for somebody else.
    fn segments_left(&self) -> u8 {
        self.bytes.get(3).copied().unwrap_or_default()
    }

    const fn broken(&self) -> Self {
        Self { shape: Shape::Broken, ..*self }
    }
}
