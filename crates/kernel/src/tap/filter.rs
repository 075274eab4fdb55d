//! What the kernel keeps for the tap: a classic BPF program, run on every packet of the interface.

use std::io;

use nix::libc;
use socket2::{SockFilter, Socket};

/// Puts the filter on a socket.
pub(super) fn attach(socket: &Socket) -> io::Result<()> {
    let program = PROGRAM.map(|step| SockFilter::new(step.code, step.jt, step.jf, step.k));
    socket.attach_filter(&program)
}

/// Drops TCP, and UDP meant for one machine; keeps the rest of IP, and IP in VLAN tags, at which
/// the reader of headers looks again. Where a packet ends before the byte that is asked for, the
/// kernel drops it: it has no addresses.
///
/// Jumps count the steps between, so each names the line it leads to.
const PROGRAM: [libc::sock_filter; 24] = [
    /*  0 */ load(WORD, of_packet(libc::SKF_AD_PROTOCOL)),
    /*  1 */ is(libc::ETH_P_IP, to(1, FOUR), 0),
    /*  2 */ is(libc::ETH_P_IPV6, to(2, SIX), 0),
    /*  3 */ is(libc::ETH_P_8021Q, to(3, KEEP), 0),
    /*  4 */ is(libc::ETH_P_8021AD, to(4, KEEP), 0),
    /*  5 */ finish(0),
    /*  6 */ load(BYTE, 9), // protocol
    /*  7 */ is(TCP, to(7, DROP), 0),
    /*  8 */ is(UDP, 0, to(8, KEEP)),
    /*  9 */ load(WORD, 16), // destination
    /* 10 */ is(EVERYBODY, to(10, KEEP), 0),
    /* 11 */ load(BYTE, 16),
    /* 12 */ and(0xf0),
    /* 13 */ is(0xe0, to(13, KEEP), to(13, LINK)),
    /* 14 */ load(BYTE, 6), // next header
    /* 15 */ is(TCP, to(15, DROP), 0),
    /* 16 */ is(UDP, 0, to(16, KEEP)),
    /* 17 */ load(BYTE, 24), // destination
    /* 18 */ is(0xff, to(18, KEEP), 0),
    /* 19 */ load(WORD, of_packet(libc::SKF_AD_PKTTYPE)),
    /* 20 */ is(libc::PACKET_BROADCAST as i32, to(20, KEEP), 0),
    /* 21 */ is(libc::PACKET_MULTICAST as i32, to(21, KEEP), 0),
    /* 22 */ finish(0),
    /* 23 */ finish(u32::MAX),
];

const FOUR: u8 = 6;
const SIX: u8 = 14;
/// For whom the link carried it.
const LINK: u8 = 19;
const DROP: u8 = 22;
const KEEP: u8 = 23;

/// 255.255.255.255
const EVERYBODY: i32 = -1;
const TCP: i32 = 6;
const UDP: i32 = 17;

const WORD: u32 = libc::BPF_W;
const BYTE: u32 = libc::BPF_B;

const fn load(size: u32, offset: u32) -> libc::sock_filter {
    step(libc::BPF_LD | libc::BPF_ABS | size, 0, 0, offset)
}

const fn and(mask: u32) -> libc::sock_filter {
    step(libc::BPF_ALU | libc::BPF_AND | libc::BPF_K, 0, 0, mask)
}

/// Compares what was loaded.
const fn is(value: i32, then: u8, otherwise: u8) -> libc::sock_filter {
    step(libc::BPF_JMP | libc::BPF_JEQ | libc::BPF_K, then, otherwise, value.cast_unsigned())
}

/// Keeps this many bytes of the packet.
const fn finish(keep: u32) -> libc::sock_filter {
    step(libc::BPF_RET | libc::BPF_K, 0, 0, keep)
}

const fn step(code: u32, then: u8, otherwise: u8, operand: u32) -> libc::sock_filter {
    libc::sock_filter { code: code as u16, jt: then, jf: otherwise, k: operand }
}

const fn to(here: u8, line: u8) -> u8 {
    line - here - 1
}

/// Something the kernel knows of the packet that is not in it.
const fn of_packet(what: libc::c_int) -> u32 {
    (libc::SKF_AD_OFF + what).cast_unsigned()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::tap::socket::Place;

    /// Runs the program as the kernel does.
    pub(in crate::tap) fn keeps(place: Place, packet: &[u8]) -> bool {
        let (mut line, mut loaded) = (0, 0_u32);
        loop {
            let step = PROGRAM[line];
            line += 1;
            match u32::from(step.code) {
                code if code & 7 == libc::BPF_RET => return step.k > 0,
                code if code & 7 == libc::BPF_ALU => loaded &= step.k,
                code if code & 7 == libc::BPF_JMP => {
                    let hit = loaded == step.k;
                    line += usize::from(if hit { step.jt } else { step.jf });
                }
                code => match word(place, packet, step.k, code & 0x18 == BYTE) {
                    Some(word) => loaded = word,
                    None => return false,
                },
            }
        }
    }

    fn word(place: Place, packet: &[u8], offset: u32, byte: bool) -> Option<u32> {
        if offset == of_packet(libc::SKF_AD_PROTOCOL) {
            return Some(place.ether_type.into());
        } else if offset == of_packet(libc::SKF_AD_PKTTYPE) {
            return Some(place.kind.into());
        }
        let bytes = packet.get(offset as usize..)?;
        if byte {
            bytes.first().map(|byte| u32::from(*byte))
        } else {
            bytes.first_chunk().map(|word| u32::from_be_bytes(*word))
        }
    }

    fn place(ether_type: i32, kind: u8) -> Place {
        Place { ether_type: ether_type.try_into().unwrap(), interface: 1, kind }
    }

    fn four(protocol: u8, destination: [u8; 4]) -> Vec<u8> {
        let start = [0x45, 0, 0, 20, 0, 0, 0, 0, 64, protocol, 0, 0, 10, 66, 0, 2];
        [&start[..], &destination].concat()
    }

    fn six(next: u8, destination: u8) -> Vec<u8> {
        let start = [0x60, 0, 0, 0, 0, 0, next, 64];
        [&start[..], &[0xfd; 16], &[destination; 16]].concat()
    }

    #[test]
    fn tcp_and_udp_for_one_machine_cost_nothing() {
        for kind in [libc::PACKET_HOST, libc::PACKET_OUTGOING, libc::PACKET_OTHERHOST] {
            for protocol in [6, 17] {
                for destination in [[203, 0, 113, 9], [10, 66, 0, 1], [240, 0, 0, 1], [127; 4]] {
                    let packet = four(protocol, destination);
                    assert!(!keeps(place(libc::ETH_P_IP, kind), &packet));
                }
                assert!(!keeps(place(libc::ETH_P_IPV6, kind), &six(protocol, 0x20)));
            }
        }
        assert!(!keeps(place(libc::ETH_P_IP, libc::PACKET_MULTICAST), &four(6, [224, 0, 0, 1])));
    }

    #[test]
    fn udp_for_groups_and_for_everybody_is_kept() {
        for destination in [[224, 0, 0, 251], [239, 255, 255, 250], [255; 4]] {
            for kind in [libc::PACKET_HOST, libc::PACKET_OUTGOING] {
                assert!(keeps(place(libc::ETH_P_IP, kind), &four(17, destination)));
            }
        }
        for kind in [libc::PACKET_BROADCAST, libc::PACKET_MULTICAST] {
            assert!(keeps(place(libc::ETH_P_IP, kind), &four(17, [10, 66, 0, 255])));
            assert!(keeps(place(libc::ETH_P_IPV6, kind), &six(17, 0xfd)));
        }
        assert!(keeps(place(libc::ETH_P_IPV6, libc::PACKET_HOST), &six(17, 0xff)));
    }

    #[test]
    fn every_other_protocol_is_kept() {
        for protocol in (0..=255).filter(|protocol| ![6, 17].contains(protocol)) {
            assert!(keeps(place(libc::ETH_P_IP, 0), &four(protocol, [203, 0, 113, 9])));
            assert!(keeps(place(libc::ETH_P_IPV6, 0), &six(protocol, 0x20)));
        }
    }

    #[test]
    fn what_is_not_ip_is_not_kept_and_tags_are() {
        assert!(!keeps(place(libc::ETH_P_ARP, 0), &[0; 60]));
        assert!(!keeps(place(libc::ETH_P_IP, 0), &[0x45; 9]));
        assert!(keeps(place(libc::ETH_P_8021Q, 0), &[0; 60]));
        assert!(keeps(place(libc::ETH_P_8021AD, 0), &[0; 60]));
    }
}
