//! What is made of packets of every kind, and of bytes that are none.

use etherparse::{IpFragOffset, Ipv4Header, Ipv6Header, PacketBuilder, ip_number};
use proptest::collection::vec;
use proptest::prelude::*;

use super::*;
use crate::tap::filter::tests::keeps;

const VICTIM: [u8; 4] = [10, 66, 0, 2];
const WORLD: [u8; 4] = [203, 0, 113, 9];
const GROUP: [u8; 4] = [239, 255, 255, 250];

const SIX: [u8; 16] = [0xfd, 0x66, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];
const SIX_WORLD: [u8; 16] = [0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7];
const SIX_ROUTERS: [u8; 16] = [0xff, 2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2];

fn place(ether_type: i32, kind: u8) -> Place {
    Place { ether_type: ether_type.try_into().unwrap(), interface: 7, kind }
}

fn in_four(bytes: &[u8]) -> Option<Packet<'_>> {
    read(place(libc::ETH_P_IP, libc::PACKET_HOST), bytes)
}

fn in_six(bytes: &[u8]) -> Option<Packet<'_>> {
    read(place(libc::ETH_P_IPV6, libc::PACKET_HOST), bytes)
}

/// An IPv4 packet as `change` leaves its header.
fn four(number: u8, body: &[u8], change: impl FnOnce(&mut Ipv4Header)) -> Vec<u8> {
    let length = body.len().try_into().unwrap();
    let mut header = Ipv4Header::new(length, 64, number.into(), VICTIM, WORLD).unwrap();
    change(&mut header);
    [&header.to_bytes()[..], body].concat()
}

fn six(number: u8, body: &[u8], change: impl FnOnce(&mut Ipv6Header)) -> Vec<u8> {
    let mut header = Ipv6Header {
        payload_length: body.len().try_into().unwrap(),
        next_header: number.into(),
        hop_limit: 255,
        source: SIX,
        destination: SIX_WORLD,
        ..Ipv6Header::default()
    };
    change(&mut header);
    [&header.to_bytes()[..], body].concat()
}

#[test]
fn a_ping_is_between_the_victim_and_whom_it_meant() {
    let bytes = four(1, b"\x08\0ping", |_| {});
    let packet = in_four(&bytes).unwrap();
    assert_eq!(packet.victim.to_string(), "10.66.0.2:0");
    assert_eq!(packet.orig_dst.to_string(), "203.0.113.9:0");
    assert_eq!(packet.transport, Transport::Icmp);
    assert_eq!((packet.way, packet.shape, packet.link), (Way::FromVictim, Shape::Whole, 7));
    assert_eq!(packet.bytes, b"\x08\0ping");
}

#[test]
fn its_answer_has_the_same_two_ends() {
    let bytes = four(1, b"\0\0pong", |header| {
        (header.source, header.destination) = (WORLD, VICTIM);
    });
    let packet = read(place(libc::ETH_P_IP, libc::PACKET_OUTGOING), &bytes).unwrap();
    assert_eq!(packet.victim.to_string(), "10.66.0.2:0");
    assert_eq!(packet.orig_dst.to_string(), "203.0.113.9:0");
    assert_eq!(packet.way, Way::ToVictim);
}

#[test]
fn udp_to_a_group_has_ports() {
    let mut bytes = Vec::new();
    let builder = PacketBuilder::ipv4(VICTIM, GROUP, 1).udp(5_000, 1_900);
    builder.write(&mut bytes, b"M-SEARCH").unwrap();
    let packet = in_four(&bytes).unwrap();
    assert_eq!(packet.victim.to_string(), "10.66.0.2:5000");
    assert_eq!(packet.orig_dst.to_string(), "239.255.255.250:1900");
    assert_eq!((packet.transport, packet.bytes), (Transport::Udp, &b"M-SEARCH"[..]));
}

#[test]
fn udp_to_everybody_on_the_link_is_known_by_the_link() {
    let bytes = four(17, b"\0\x44\0\x43\0\x09\0\0!", |header| header.destination[3] = 255);
    assert_eq!(in_four(&bytes), None);
    let packet = read(place(libc::ETH_P_IP, libc::PACKET_BROADCAST), &bytes).unwrap();
    assert_eq!((packet.orig_dst.port(), packet.bytes), (67, &b"!"[..]));
}

#[test]
fn what_sockets_take_is_not_reported() {
    for number in [6, 17] {
        assert_eq!(in_four(&four(number, &[0; 20], |_| {})), None);
        assert_eq!(in_six(&six(number, &[0; 20], |_| {})), None);
        let behind_options = [&[number, 0, 1, 4, 0, 0, 0, 0][..], &[0; 20]].concat();
        assert_eq!(in_six(&six(60, &behind_options, |_| {})), None);
        let behind_both = [&[60, 0, 1, 4, 0, 0, 0, 0][..], &behind_options].concat();
        assert_eq!(in_six(&six(0, &behind_both, |_| {})), None);
    }
}

#[test]
fn what_only_looks_as_if_sockets_took_it_is_reported() {
    let tcp_behind_authentication = [&[6, 4][..], &[0; 42]].concat();
    for bytes in [
        in_six(&six(51, &tcp_behind_authentication, |_| {})).map(|packet| packet.transport),
        in_four(&four(51, &tcp_behind_authentication, |_| {})).map(|packet| packet.transport),
    ] {
        assert_eq!(bytes, Some(Transport::Other(51)));
    }
    let tcp_behind_a_route = [&[6, 2, 0, 1][..], &[0; 40]].concat();
    let bytes = six(43, &tcp_behind_a_route, |_| {});
    let packet = in_six(&bytes).unwrap();
    assert_eq!((packet.transport, packet.bytes), (Transport::Other(43), &tcp_behind_a_route[..]));
    let at_its_end = [&[6, 2, 0, 0][..], &[0; 40]].concat();
    assert_eq!(in_six(&six(43, &at_its_end, |_| {})), None);
}

#[test]
fn padding_of_the_link_is_not_part_of_the_packet() {
    let padded = [four(47, b"gre", |_| {}), vec![0; 23]].concat();
    assert_eq!(in_four(&padded).unwrap().bytes, b"gre");
    let padded = [six(47, b"gre", |_| {}), vec![0; 3]].concat();
    assert_eq!(in_six(&padded).unwrap().bytes, b"gre");
}

#[test]
fn options_of_the_header_are_not_part_of_the_content() {
    let bytes = four(2, b"igmp", |header| {
        header.options = [0x94, 4, 0, 0].into();
        header.total_len += 4;
    });
    assert_eq!(in_four(&bytes).unwrap().bytes, b"igmp");
}

#[test]
fn the_first_fragment_has_ports_and_later_ones_do_not() {
    let datagram = b"\x13\x88\x07\x6c\x10\0\0\0begins";
    let bytes = four(17, datagram, |header| {
        (header.destination, header.more_fragments) = (GROUP, true);
    });
    let first = in_four(&bytes).unwrap();
    assert_eq!((first.shape, first.orig_dst.port()), (Shape::FirstFragment, 1_900));
    assert_eq!(first.bytes, b"begins");
    let bytes = four(17, b"goes on and on", |header| {
        header.destination = GROUP;
        header.fragment_offset = IpFragOffset::try_new(185).unwrap();
    });
    let later = in_four(&bytes).unwrap();
    assert_eq!((later.shape, later.orig_dst.port()), (Shape::LaterFragment, 0));
    assert_eq!(later.bytes, b"goes on and on");
}

#[test]
fn fragments_of_ipv6_are_told_apart_too() {
    for (offset_and_more, shape) in
        [([0, 0], Shape::Whole), ([0, 1], Shape::FirstFragment), ([5, 0xa8], Shape::LaterFragment)]
    {
        let fragment = [&[58, 0][..], &offset_and_more, &[0, 0, 0, 9], b"\x80\0ping"].concat();
        let bytes = six(44, &fragment, |_| {});
        let packet = in_six(&bytes).unwrap();
        assert_eq!((packet.shape, packet.transport), (shape, Transport::Icmp6));
        assert_eq!(packet.bytes, b"\x80\0ping");
    }
}

#[test]
fn the_longest_packets_are_whole() {
    let body = vec![7; 65_515];
    assert_eq!(in_four(&four(132, &body, |_| {})).unwrap().bytes, body);
    let body = vec![7; 65_535];
    assert_eq!(in_six(&six(132, &body, |_| {})).unwrap().bytes, body);
}

#[test]
fn a_header_that_lies_is_reported_with_all_that_follows_it() {
    for change in [
        |header: &mut Ipv4Header| header.total_len = 4_000,
        |header: &mut Ipv4Header| header.total_len = 19,
    ] {
        let bytes = four(47, b"whatever", change);
        let packet = in_four(&bytes).unwrap();
        assert_eq!((packet.shape, packet.transport), (Shape::Broken, Transport::Other(47)));
        assert_eq!(packet.orig_dst.to_string(), "203.0.113.9:0");
        assert_eq!(packet.bytes, b"whatever");
    }
    for first in [0x4f, 0x44, 0x65, 0x00] {
        let mut bytes = four(1, b"whatever", |_| {});
        bytes[0] = first;
        let packet = in_four(&bytes).unwrap();
        assert_eq!((packet.shape, packet.bytes), (Shape::Broken, &b"whatever"[..]));
    }
    let bytes = six(47, b"whatever", |header| header.payload_length = 4_000);
    let packet = in_six(&bytes).unwrap();
    assert_eq!((packet.shape, packet.bytes), (Shape::Broken, &b"whatever"[..]));
}

#[test]
fn a_header_that_ends_too_early_is_reported() {
    let bytes = four(17, b"\x13\x88\x07", |header| header.destination = GROUP);
    let packet = in_four(&bytes).unwrap();
    assert_eq!((packet.shape, packet.orig_dst.port()), (Shape::Broken, 0));
    for extension in [0, 44, 60, 43] {
        let bytes = six(extension, &[58, 9, 0, 0], |_| {});
        let packet = in_six(&bytes).unwrap();
        assert_eq!((packet.shape, packet.transport.number()), (Shape::Broken, extension));
        assert_eq!(packet.bytes, [58, 9, 0, 0]);
    }
}

#[test]
fn a_packet_without_addresses_is_nobodys() {
    assert_eq!(in_four(&four(1, b"", |_| {})[..19]), None);
    assert_eq!(in_six(&six(58, b"", |_| {})[..39]), None);
    assert_eq!(read(place(libc::ETH_P_ARP, 0), &[0; 60]), None);
}

#[test]
fn tags_are_looked_through() {
    let inner = four(1, b"ping", |_| {});
    let once = [&[0, 7, 8, 0][..], &inner].concat();
    let twice = [&[0, 8, 0x81, 0][..], &once].concat();
    for (ether_type, bytes) in [(libc::ETH_P_8021Q, &once), (libc::ETH_P_8021AD, &twice)] {
        let packet = read(place(ether_type, 0), bytes).unwrap();
        assert_eq!((packet.transport, packet.bytes), (Transport::Icmp, &b"ping"[..]));
    }
    assert_eq!(read(place(libc::ETH_P_8021Q, 0), &[0, 7, 8]), None);
    // As newer kernels tell it; the tag's priority makes it look like the start of a header.
    let told_late = [&[0x45, 7, 8, 0][..], &inner].concat();
    assert_eq!(in_four(&told_late).unwrap().bytes, b"ping");
    let nothing_else = [0, 7, 0x81, 0].repeat(16_384);
    assert_eq!(read(place(libc::ETH_P_8021Q, 0), &nothing_else), None);
}

#[test]
fn upkeep_of_the_link_is_known_by_its_form() {
    let solicitation = [&[135][..], &[0; 31]].concat();
    let upkeep = |bytes: &[u8]| in_six(bytes).unwrap().is_link_upkeep;
    assert!(upkeep(&six(58, &solicitation, |_| {})));
    let report = [&[58, 0, 5, 2, 0, 0, 1, 0, 143][..], &[0; 27]].concat();
    assert!(upkeep(&six(0, &report, |header| {
        (header.hop_limit, header.destination) = (1, SIX_ROUTERS);
    })));
    // Through a router, to somebody, too long, a router's own, a ping.
    assert!(!upkeep(&six(58, &solicitation, |header| header.hop_limit = 64)));
    assert!(!upkeep(&six(0, &report, |header| header.hop_limit = 1)));
    assert!(!upkeep(&six(58, &[&solicitation[..], &[7; 99]].concat(), |_| {})));
    assert!(!upkeep(&six(58, &[&[134][..], &[0; 15]].concat(), |_| {})));
    assert!(!upkeep(&six(58, &[128, 0, 0, 0], |_| {})));
}

/// Bytes that begin like a packet now and then.
fn anything() -> impl Strategy<Value = (Place, Vec<u8>)> {
    let types = [libc::ETH_P_IP, libc::ETH_P_IPV6, libc::ETH_P_8021Q, libc::ETH_P_8021AD];
    let types = prop::sample::select(types.to_vec());
    let first = prop_oneof![Just(0x45), Just(0x46), Just(0x60), any::<u8>()];
    let number = prop::sample::select(vec![0, 1, 6, 17, 43, 44, 51, 58, 60, 132]);
    (types, 0..6_u8, first, number, vec(any::<u8>(), 0..120)).prop_map(
        |(ether_type, kind, first, number, mut bytes)| {
            let honest = u8::try_from(bytes.len()).unwrap();
            let like_a_header: &[(usize, u8)] = match ether_type {
                libc::ETH_P_IP => &[(0, first), (2, 0), (3, honest), (9, number)],
                libc::ETH_P_IPV6 => {
                    &[(0, first), (2, 0), (4, 0), (5, honest.saturating_sub(40)), (6, number)]
                }
                _ => &[(2, 8), (3, 0), (4, first)],
            };
            for (at, byte) in like_a_header {
                if let Some(place) = bytes.get_mut(*at) {
                    *place = *byte;
                }
            }
            (place(ether_type, kind), bytes)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_is_reported_passed_the_filter((place, bytes) in anything()) {
        if let Some(packet) = read(place, &bytes) {
            prop_assert!(keeps(place, &bytes), "{packet:?}");
            prop_assert_ne!(packet.transport, Transport::Tcp);
            prop_assert!(packet.bytes.len() + 20 <= bytes.len());
        }
    }

    #[test]
    fn no_bytes_make_it_panic(ether_type: u16, kind: u8, bytes in vec(any::<u8>(), 0..300)) {
        let _ = read(Place { ether_type, interface: 1, kind }, &bytes);
    }
}

#[test]
fn numbers_are_those_of_the_standard() {
    assert_eq!((TCP, UDP), (ip_number::TCP.0, ip_number::UDP.0));
    assert_eq!(ICMP6, ip_number::IPV6_ICMP.0);
}
