//! Whom a flow is between. Two newtypes, so that a function cannot be given the wrong end.

use std::fmt;
use std::net::{IpAddr, SocketAddr};

/// The machine or program behind the gateway: the client of every flow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Victim(SocketAddr);

/// The address and port the victim meant, before the kernel turned the packet to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OrigDst(SocketAddr);

impl Victim {
    /// Takes an address as a socket gives it; `::ffff:a.b.c.d` becomes `a.b.c.d`.
    #[must_use]
    pub const fn new(address: SocketAddr) -> Self {
        Self(canonical(address))
    }

    /// Address and port. For protocols without ports the port is 0.
    #[must_use]
    pub const fn address(self) -> SocketAddr {
        self.0
    }

    /// The address alone.
    #[must_use]
    pub const fn ip(self) -> IpAddr {
        self.0.ip()
    }
}

impl OrigDst {
    /// Takes an address as a socket gives it; `::ffff:a.b.c.d` becomes `a.b.c.d`.
    #[must_use]
    pub const fn new(address: SocketAddr) -> Self {
        Self(canonical(address))
    }

    /// Address and port. For protocols without ports the port is 0.
    #[must_use]
    pub const fn address(self) -> SocketAddr {
        self.0
    }

    /// The address alone.
    #[must_use]
    pub const fn ip(self) -> IpAddr {
        self.0.ip()
    }

    /// The port alone.
    #[must_use]
    pub const fn port(self) -> u16 {
        self.0.port()
    }
}

impl fmt::Display for Victim {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

impl fmt::Display for OrigDst {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(out)
    }
}

/// What carries the bytes, by IANA protocol number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Transport {
    /// 1
    Icmp,
    /// 58
    Icmp6,
    /// Any other number.
    Other(u8),
    /// 6
    Tcp,
    /// 17
    Udp,
}

impl Transport {
    /// From the protocol number of an IP header.
    #[must_use]
    pub const fn from_number(number: u8) -> Self {
        match number {
            1 => Self::Icmp,
            6 => Self::Tcp,
            17 => Self::Udp,
            58 => Self::Icmp6,
            other => Self::Other(other),
        }
    }

    /// The protocol number of an IP header.
    #[must_use]
    pub const fn number(self) -> u8 {
        match self {
            Self::Icmp => 1,
            Self::Tcp => 6,
            Self::Udp => 17,
            Self::Icmp6 => 58,
            Self::Other(number) => number,
        }
    }
}

/// The usual short name, or `ip-N`.
impl fmt::Display for Transport {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = match self {
            Self::Icmp => "icmp",
            Self::Icmp6 => "icmp6",
            Self::Tcp => "tcp",
            Self::Udp => "udp",
            Self::Other(2) => "igmp",
            Self::Other(4) => "ipip",
            Self::Other(47) => "gre",
            Self::Other(50) => "esp",
            Self::Other(51) => "ah",
            Self::Other(103) => "pim",
            Self::Other(132) => "sctp",
            Self::Other(136) => "udplite",
            Self::Other(number) => return write!(out, "ip-{number}"),
        };
        out.pad(name)
    }
}

const fn canonical(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mapped_address_is_the_address_it_maps() {
        let mapped = "[::ffff:10.0.0.7]:4000".parse().unwrap();
        assert_eq!(Victim::new(mapped).to_string(), "10.0.0.7:4000");
        assert_eq!(OrigDst::new(mapped).to_string(), "10.0.0.7:4000");
    }

    #[test]
    fn every_number_survives_its_name() {
        for number in 0..=u8::MAX {
            assert_eq!(Transport::from_number(number).number(), number);
        }
    }
}
