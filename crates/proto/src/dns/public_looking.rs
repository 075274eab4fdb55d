//! Addresses that look like those of ordinary servers on the public internet.

use crate::derived::pick;
use std::net::{Ipv4Addr, Ipv6Addr};

/// An IPv4 address made from `number`, or nothing if that would land in a well-known network.
///
/// The last byte is never 0 or 255: those read as a network's own address and its broadcast.
pub(super) fn v4(number: u64) -> Option<Ipv4Addr> {
    let [.., second, third, fourth] = number.to_be_bytes();
    let address = [pick(ORDINARY_SLASH_8S, number >> 32), second, third, 1 + fourth % 254];
    let [network @ .., _] = address;
    (!WELL_KNOWN_SLASH_24S.contains(&network)).then(|| Ipv4Addr::from(address))
}

/// An IPv6 address made from `number`: a provider's prefix, a customer's subnet, a low host part
/// as servers have.
pub(super) fn v6(number: u64) -> Ipv6Addr {
    let [high, low] = pick(PROVIDER_SLASH_32S, number >> 48);
    let [.., a, b, c, d, e, f] = number.to_be_bytes();
    let subnet = u16::from_be_bytes([a, b]);
    let customer = u16::from_be_bytes([c, d]);
    let host = u16::from_be_bytes([e, f]).max(1);
    Ipv6Addr::new(high, low, subnet, customer, 0, 0, 0, host)
}

/// First bytes of networks full of hosted servers and access lines, with no reserved range inside
/// (IANA IPv4 Special-Purpose Address Registry): so 100, 169, 172, 192, 198 and 203 are not here,
/// nor are 1, 8 and 9, where everyone knows the resolvers.
const ORDINARY_SLASH_8S: &[u8] = &[
    5, 13, 18, 20, 23, 31, 34, 35, 37, 40, 44, 45, 46, 50, 51, 52, 54, 62, 63, 64, 65, 66, 67, 68,
    69, 70, 72, 74, 75, 76, 77, 78, 79, 80, 81, 82, 83, 84, 85, 86, 87, 88, 89, 91, 92, 93, 94, 95,
    104, 107, 108, 109, 129, 130, 134, 135, 137, 138, 139, 141, 142, 143, 144, 145, 146, 147, 149,
    151, 152, 155, 157, 158, 159, 161, 162, 164, 165, 166, 167, 168, 173, 174, 176, 178, 184, 185,
    188, 193, 194, 195, 199, 204, 205, 206, 207, 208, 209, 212, 213, 216, 217,
];

/// Networks inside those that somebody may know by heart: public resolvers and root servers.
const WELL_KNOWN_SLASH_24S: &[[u8; 3]] = &[
    [45, 90, 28],    // NextDNS
    [45, 90, 30],    // NextDNS
    [64, 6, 64],     // Vercara
    [64, 6, 65],     // Vercara
    [74, 82, 42],    // Hurricane Electric
    [76, 76, 2],     // Control D
    [76, 76, 10],    // Control D
    [76, 76, 19],    // Alternate DNS
    [76, 223, 122],  // Alternate DNS
    [77, 88, 8],     // Yandex
    [80, 80, 80],    // Freenom
    [80, 80, 81],    // Freenom
    [84, 200, 69],   // DNS.WATCH
    [84, 200, 70],   // DNS.WATCH
    [89, 233, 43],   // UncensoredDNS
    [91, 239, 100],  // UncensoredDNS
    [94, 140, 14],   // AdGuard
    [94, 140, 15],   // AdGuard
    [149, 112, 112], // Quad9
    [168, 63, 129],  // Azure's address inside every virtual machine
    [168, 95, 1],    // HiNet
    [168, 126, 63],  // KT
    [185, 222, 222], // DNS.SB
    [185, 228, 168], // CleanBrowsing
    [185, 228, 169], // CleanBrowsing
    [193, 0, 14],    // K root
    [193, 110, 81],  // dns0.eu
    [195, 46, 39],   // SafeDNS
    [199, 7, 83],    // L root
    [199, 7, 91],    // D root
    [199, 9, 14],    // B root
    [208, 67, 220],  // OpenDNS
    [208, 67, 222],  // OpenDNS
    [209, 244, 0],   // Lumen
    [216, 146, 35],  // Dyn
    [216, 146, 36],  // Dyn
];

/// The first 32 bits of prefixes that hosting providers announce.
const PROVIDER_SLASH_32S: &[[u16; 2]] = &[
    [0x2001, 0x41d0],
    [0x2001, 0x19f0],
    [0x2400, 0x6180],
    [0x2600, 0x3c01],
    [0x2604, 0xa880],
    [0x2607, 0x5300],
    [0x2a00, 0x1098],
    [0x2a01, 0x04f8],
    [0x2a01, 0x04f9],
    [0x2a02, 0xc207],
    [0x2a03, 0xb0c0],
    [0x2a05, 0xd014],
];

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_number_gives_a_special_address(number: u64) {
            if let Some(address) = v4(number) {
                let [first, second, .., last] = address.octets();
                prop_assert!(!address.is_private() && !address.is_loopback());
                prop_assert!(!address.is_multicast() && !address.is_documentation());
                prop_assert!(!address.is_link_local() && first != 0 && first < 224);
                prop_assert!(!(first == 100 && (64..128).contains(&second)), "CGN");
                prop_assert!(!(first == 198 && (18..20).contains(&second)), "benchmarks");
                prop_assert!(last != 0 && last != 255);
            }
            let address = v6(number);
            prop_assert_eq!(address.segments()[0] & 0xe000, 0x2000, "global unicast");
            prop_assert_ne!(&address.segments()[..2], [0x2001, 0x0db8], "documentation");
        }
    }

    #[test]
    fn the_table_holds_no_network_with_special_ranges() {
        for first in [0, 1, 8, 9, 10, 100, 127, 169, 172, 192, 198, 203] {
            assert!(!ORDINARY_SLASH_8S.contains(&first), "{first}");
        }
        assert!(ORDINARY_SLASH_8S.iter().all(|first| *first < 224));
    }

    #[test]
    fn a_well_known_network_is_passed_over() {
        let place = ORDINARY_SLASH_8S.iter().position(|first| *first == 208).unwrap();
        let number = (place as u64) << 32 | 0x0043_dedc;
        assert_eq!(v4(number), None, "208.67.222.x is OpenDNS");
        assert_eq!(v4(number ^ 0x100), Some(Ipv4Addr::new(208, 67, 223, 221)));
    }
}
