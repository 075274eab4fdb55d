//! Socket addresses as the kernel writes them: `sockaddr_in` and `sockaddr_in6`, as bytes.

use std::net::Ipv4Addr;
use std::net::Ipv6Addr;
use std::net::SocketAddr;
use std::net::SocketAddrV6;

use nix::libc;

/// Size of the larger of the two, `sockaddr_in6`.
pub(super) const LONGEST: usize = size_of::<libc::sockaddr_in6>();

/// A socket address in the kernel's form.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RawAddress {
    pub(crate) bytes: [u8; LONGEST],
    pub(super) length: usize,
}

impl RawAddress {
    /// As `sockaddr_in6`; IPv4 as `::ffff:a.b.c.d`.
    pub(super) fn six(address: SocketAddr, link: u32) -> Self {
        let ip = match address {
            SocketAddr::V4(four) => four.ip().to_ipv6_mapped(),
            SocketAddr::V6(six) => *six.ip(),
        };
        let mut raw = Self { bytes: [0; LONGEST], length: LONGEST };
        let fields = [
            &family_bytes(libc::AF_INET6)[..],
            &address.port().to_be_bytes(),
            &[0; 4],
            &ip.octets(),
            &link.to_ne_bytes(),
        ];
        raw.fill(&fields);
        raw
    }

    /// As `sockaddr_in`.
    pub(super) fn four(ip: Ipv4Addr, port: u16) -> Self {
        let mut raw = Self { bytes: [0; LONGEST], length: size_of::<libc::sockaddr_in>() };
        raw.fill(&[&family_bytes(libc::AF_INET)[..], &port.to_be_bytes(), &ip.octets()]);
        raw
    }

    fn fill(&mut self, fields: &[&[u8]]) {
        let flat = fields.iter().copied().flatten();
        self.bytes.iter_mut().zip(flat).for_each(|(to, from)| *to = *from);
    }
}

/// Reads either form; `None` for any other family or if bytes are missing.
pub(super) fn read(bytes: &[u8]) -> Option<SocketAddr> {
    let family = libc::c_int::from(u16::from_ne_bytes(*bytes.first_chunk()?));
    let port = u16::from_be_bytes(*bytes.get(2..)?.first_chunk()?);
    match family {
        libc::AF_INET => {
            let ip = Ipv4Addr::from(*bytes.get(4..)?.first_chunk::<4>()?);
            Some(SocketAddr::new(ip.into(), port))
        }
        libc::AF_INET6 => {
            let ip = Ipv6Addr::from(*bytes.get(8..)?.first_chunk::<16>()?);
            let scope = u32::from_ne_bytes(*bytes.get(24..)?.first_chunk()?);
            Some(SocketAddrV6::new(ip, port, 0, scope).into())
        }
        _ => None,
    }
}

fn family_bytes(family: libc::c_int) -> [u8; 2] {
    u16::try_from(family).unwrap_or(0).to_ne_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let four: SocketAddr = "192.0.2.1:53".parse().unwrap();
        let raw = RawAddress::four(Ipv4Addr::new(192, 0, 2, 1), 53);
        assert_eq!(read(&raw.bytes[..raw.length]), Some(four));
        let six = SocketAddr::from(SocketAddrV6::new("fe80::1".parse().unwrap(), 9, 0, 3));
        let raw = RawAddress::six(six, 3);
        assert_eq!(read(&raw.bytes), Some(six));
    }

    #[test]
    fn a_short_or_foreign_address_is_none() {
        let raw = RawAddress::four(Ipv4Addr::LOCALHOST, 1);
        assert_eq!(read(&raw.bytes[..7]), None);
        assert_eq!(read(&[0; LONGEST]), None);
    }
}
