//! The checksum of UDP over IPv4 (RFC 768, RFC 1071).

use std::net::Ipv4Addr;

use super::UDP_HEADER;

/// UDP's number in the pseudo-header.
const UDP: u16 = 17;

/// The two checksum bytes for a datagram with these ends, header (all but the checksum) and
/// payload.
///
/// Zero would be legal over IPv4, but ordinary hosts never send it.
pub(super) fn of_udp(
    source: Ipv4Addr,
    destination: Ipv4Addr,
    header: &[u8; UDP_HEADER - 2],
    payload: &[u8],
) -> [u8; 2] {
    let length = u16::try_from(UDP_HEADER + payload.len()).unwrap_or(u16::MAX);
    let pseudo = u64::from(UDP) + u64::from(length);
    let sum =
        pseudo + sum(&source.octets()) + sum(&destination.octets()) + sum(header) + sum(payload);
    match !folded(sum) {
        // "All zeros" means "no checksum", and its complement is the same number.
        0 => [0xff, 0xff],
        checksum => checksum.to_be_bytes(),
    }
}

/// Adds 16-bit words in network order; an odd last byte counts as followed by zero.
fn sum(bytes: &[u8]) -> u64 {
    let (words, odd) = bytes.as_chunks::<4>();
    let whole: u64 = words.iter().map(|word| u64::from(u32::from_be_bytes(*word))).sum();
    let rest = odd.iter().zip([24, 16, 8]).map(|(byte, shift)| u64::from(*byte) << shift);
    whole + rest.sum::<u64>()
}

/// Ones' complement: carries are added back in. 2³² ≡ 2¹⁶ ≡ 1, so wider words fold the same.
fn folded(mut sum: u64) -> u16 {
    while sum > u64::from(u16::MAX) {
        sum = (sum >> 16) + (sum & u64::from(u16::MAX));
    }
    u16::try_from(sum).unwrap_or(u16::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As RFC 1071 §1 says it, word by word.
    fn word_by_word(bytes: &[u8]) -> u16 {
        let mut sum = 0_u32;
        for pair in bytes.chunks(2) {
            sum += u32::from(pair[0]) << 8 | pair.get(1).map_or(0, |low| u32::from(*low));
            sum = (sum & 0xffff) + (sum >> 16);
        }
        u16::try_from(sum).unwrap()
    }

    #[test]
    fn a_datagram_with_its_checksum_adds_up_to_all_ones() {
        let (source, destination) = (Ipv4Addr::new(203, 0, 113, 9), Ipv4Addr::new(10, 66, 0, 2));
        for length in [0, 1, 2, 3, 4, 5, 512, 65_507] {
            let payload: Vec<u8> = (0..length).map(|byte| (byte * 7 % 251) as u8).collect();
            let total = u16::try_from(length + 8).unwrap().to_be_bytes();
            let header = [0, 53, 0x9c, 0x40, total[0], total[1]];
            let checksum = of_udp(source, destination, &header, &payload);
            let mut all = [&source.octets()[..], &destination.octets(), &[0, 17], &total].concat();
            all.extend([&header[..], &checksum, &payload].concat());
            assert_eq!(word_by_word(&all), 0xffff, "length {length}");
        }
    }
}
