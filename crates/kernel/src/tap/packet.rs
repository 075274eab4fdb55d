//! One packet that was seen, told from the victim's side.

use std::net::{IpAddr, SocketAddr};

use model::{OrigDst, Transport, Victim};
use nix::libc;

use super::ip::{self, Content};
use super::socket::Place;
use crate::udp::UDP_HEADER;

/// A packet between a victim and whomever it meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packet<'a> {
    /// The victim's side, whichever way the packet goes. The port is 0 but for UDP.
    pub victim: Victim,
    /// The other side, whichever way the packet goes. The port is 0 but for UDP.
    pub orig_dst: OrigDst,
    /// Index of the interface it was seen on.
    pub link: u32,
    /// What its IP header says it carries, whether or not that is true. Never TCP.
    pub transport: Transport,
    /// Which way it goes.
    pub way: Way,
    /// How much of the message it is.
    pub shape: Shape,
    /// Whether it is neighbour discovery or multicast membership over IPv6, in the form in which
    /// it keeps a link working. Every host sends it all the time; nobody means anybody by it.
    pub is_link_upkeep: bool,
    /// What follows the IP header and its extensions; for UDP, what follows the UDP header.
    pub bytes: &'a [u8],
}

/// Which way a packet goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// The victim sent it.
    FromVictim,
    /// This host sent it, in the name of `orig_dst`.
    ToVictim,
}

/// How much of a message a packet is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Shape {
    /// A header contradicts itself or ends too early. The bytes are all that follow the fixed part
    /// of the last header that could be read; there is no port.
    Broken,
    /// It begins here and goes on in other packets.
    FirstFragment,
    /// It began in another packet, which has the ports.
    LaterFragment,
    /// All of it.
    Whole,
}

const TCP: u8 = 6;
const UDP: u8 = 17;
const ICMP6: u8 = 58;

/// Most bytes of a message of neighbour discovery that is link upkeep: type to target address, a
/// link-layer address, a nonce (RFC 4861 §4.3, RFC 7527 §4.2). More would be for somebody.
const LONGEST_SOLICITATION: usize = 24 + 8 + 8;

/// `None` if a socket takes it, or it is not IP.
pub(super) fn read(place: Place, bytes: &[u8]) -> Option<Packet<'_>> {
    let content = ip::read(place.ether_type, bytes)?;
    let number = content.body.number;
    if number == TCP || (number == UDP && !is_for_many(place.kind, content.destination)) {
        return None;
    }
    let message = Message::of(&content);
    let source = SocketAddr::new(content.source, message.source_port);
    let destination = SocketAddr::new(content.destination, message.destination_port);
    let (way, victim, other) = if place.kind == libc::PACKET_OUTGOING {
        (Way::ToVictim, destination, source)
    } else {
        (Way::FromVictim, source, destination)
    };
    Some(Packet {
        victim: Victim::new(victim),
        orig_dst: OrigDst::new(other),
        link: place.interface,
        transport: Transport::from_number(number),
        way,
        shape: message.shape,
        is_link_upkeep: is_link_upkeep(&content),
        bytes: message.bytes,
    })
}

/// The UDP that our rules leave to the tap: for a group or for everybody, by its address or by
/// that of the link.
fn is_for_many(kind: u8, destination: IpAddr) -> bool {
    let by_link = matches!(kind, libc::PACKET_BROADCAST | libc::PACKET_MULTICAST);
    let by_address = match destination {
        IpAddr::V4(four) => four.is_multicast() || four.is_broadcast(),
        IpAddr::V6(six) => six.is_multicast(),
    };
    by_link || by_address
}

/// The content with its ports, if it has any.
struct Message<'a> {
    source_port: u16,
    destination_port: u16,
    shape: Shape,
    bytes: &'a [u8],
}

impl<'a> Message<'a> {
    fn of(content: &Content<'a>) -> Self {
        let body = content.body;
        let has_ports = matches!(body.shape, Shape::Whole | Shape::FirstFragment);
        if body.number == UDP && has_ports {
            Self::udp(body.shape, body.bytes)
        } else {
            Self { source_port: 0, destination_port: 0, shape: body.shape, bytes: body.bytes }
        }
    }

    fn udp(shape: Shape, bytes: &'a [u8]) -> Self {
        let Some((header, bytes)) = bytes.split_first_chunk::<UDP_HEADER>() else {
            return Self { source_port: 0, destination_port: 0, shape: Shape::Broken, bytes };
        };
        let source_port = u16::from_be_bytes([header[0], header[1]]);
        let destination_port = u16::from_be_bytes([header[2], header[3]]);
        Self { source_port, destination_port, shape, bytes }
    }
}

/// As the kernel checks it (hop limit 255, or 1), so that nobody can pass evidence off as upkeep
/// by sending it through a router. Advertisements of routers and redirects are no upkeep: a victim
/// routes nobody.
fn is_link_upkeep(content: &Content<'_>) -> bool {
    let body = content.body;
    if body.number != ICMP6 || body.shape != Shape::Whole {
        return false;
    }
    match body.bytes.first() {
        // Queries and reports of multicast membership (RFC 2710, RFC 3810).
        Some(130..=132 | 143) => content.hops == 1 && content.destination.is_multicast(),
        // Solicitations of routers and neighbours, advertisements of neighbours (RFC 4861).
        Some(133 | 135 | 136) => content.hops == 255 && body.bytes.len() <= LONGEST_SOLICITATION,
        _ => false,
    }
}

#[cfg(test)]
#[path = "packet_tests.rs"]
mod tests;
