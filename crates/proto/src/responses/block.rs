//! Addresses that begin alike, such as `10.0.0.0/8`.

use std::net::IpAddr;
use std::str::FromStr;

/// A block of addresses; one address is a block of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    address: IpAddr,
    /// How many leading bits count.
    length: u8,
}

impl Block {
    /// Whether an address lies in it. An IPv4 address in IPv6 form is the IPv4 address.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(ours), IpAddr::V4(other)) => {
                alike(ours.to_bits().into(), other.to_bits().into(), 32 - self.length)
            }
            (IpAddr::V6(ours), IpAddr::V6(other)) => {
                alike(ours.to_bits(), other.to_bits(), 128 - self.length)
            }
            _ => false,
        }
    }
}

/// Whether two numbers are the same but for their last `free` bits.
fn alike(one: u128, other: u128, free: u8) -> bool {
    (one ^ other).checked_shr(free.into()).unwrap_or(0) == 0
}

impl FromStr for Block {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (address, length) = match text.split_once('/') {
            Some((address, length)) => (address, Some(length)),
            None => (text, None),
        };
        let address: IpAddr = address.parse().map_err(drop)?;
        let longest = if address.is_ipv4() { 32 } else { 128 };
        let length = length.map_or(Ok(longest), |length| length.parse().map_err(drop))?;
        if length > longest { Err(()) } else { Ok(Self { address, length }) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(block: &str, address: &str) -> bool {
        block.parse::<Block>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn leading_bits_decide() {
        assert!(contains("10.1.0.0/16", "10.1.255.9"));
        assert!(!contains("10.1.0.0/16", "10.2.0.0"));
        assert!(contains("6.6.6.6", "6.6.6.6") && !contains("6.6.6.6", "6.6.6.7"));
        assert!(contains("0.0.0.0/0", "255.0.0.1") && !contains("0.0.0.0/0", "::1"));
        assert!(contains("2001:db8::/33", "2001:db8:7fff::1"));
        assert!(!contains("2001:db8::/33", "2001:db8:8000::1") && contains("::/0", "ff::"));
        assert!(contains("10.0.0.0/8", "::ffff:10.9.9.9"));
    }

    #[test]
    fn what_is_no_block_is_refused() {
        for text in ["", "10.0.0", "10.0.0.0/33", "::1/129", "10.0.0.0/", "a.test", "1.2.3.4/-1"] {
            assert!(text.parse::<Block>().is_err(), "{text}");
        }
    }
}
