//! Packets that no ordinary program sends.

use std::net::{IpAddr, SocketAddr};

use kernel::namespace::Namespace;
use socket2::{Domain, Protocol, Socket, Type};

/// The protocol number with which a raw socket takes IPv4 packets that have their header.
pub const WITH_HEADER: u8 = 255;

/// Sends `bytes` as one packet of the IP protocol `number`, whose header the kernel writes.
pub fn send(from: &Namespace, number: u8, to: &str, bytes: &[u8]) {
    let address = SocketAddr::new(to.parse::<IpAddr>().unwrap(), 0);
    let (domain, protocol) = (Domain::for_address(address), Protocol::from(i32::from(number)));
    let open = || Socket::new(domain, Type::RAW, Some(protocol));
    let socket = from.run_inside(open).unwrap().unwrap();
    socket.send_to(bytes, &address.into()).unwrap();
}

/// Knocks at a TCP port: sends the first packet of a connection, and does not wait for the second.
#[must_use]
pub fn knock(from: &Namespace, at: &str) -> Socket {
    let address: SocketAddr = at.parse().unwrap();
    let domain = Domain::for_address(address);
    let socket = from.run_inside(|| Socket::new(domain, Type::STREAM, None)).unwrap().unwrap();
    socket.set_nonblocking(true).unwrap();
    let _ = socket.connect(&address.into());
    socket
}
