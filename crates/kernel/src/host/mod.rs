//! What has to be known of this host before it becomes a gateway.

mod ssh;

use std::fs;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, UdpSocket};

use nix::errno::Errno;
use nix::ifaddrs::getifaddrs;
use nix::net::if_::if_nameindex;
use nix::sys::socket::SockaddrStorage;

use crate::interface::Interface;
use crate::sockets::SocketError;

pub use ssh::{SshError, ssh_interface};

/// Where the kernel keeps the settings of interfaces; each has a file `forwarding`.
const SETTINGS: [&str; 2] = ["/proc/sys/net/ipv4/conf", "/proc/sys/net/ipv6/conf"];

/// Whether this host passes on packets of any interface, over IPv4 or IPv6.
///
/// What cannot be read counts as yes, since that is the answer after which more is shut.
#[must_use]
pub fn forwards() -> bool {
    SETTINGS.iter().any(|folder| match fs::read_dir(folder) {
        Ok(interfaces) => interfaces.into_iter().any(is_forwarding),
        // Without IPv6 there is no such folder.
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    })
}

fn is_forwarding(interface: io::Result<fs::DirEntry>) -> bool {
    let setting = interface.and_then(|entry| fs::read_to_string(entry.path().join("forwarding")));
    match setting {
        Ok(setting) => setting.trim() != "0",
        // It went away just now.
        Err(error) => error.kind() != io::ErrorKind::NotFound,
    }
}

/// Whether there is an interface of this name. The other names that an interface may have besides
/// (`altname`) do not count: rules would not know it by them.
///
/// # Errors
/// When the kernel does not tell.
pub fn interface_exists(interface: &Interface) -> io::Result<bool> {
    let all = if_nameindex()?;
    Ok(all.iter().any(|one| one.name().to_bytes() == interface.name().as_bytes()))
}

/// The addresses of an interface, of both families.
///
/// # Errors
/// When the kernel does not tell.
pub fn addresses(interface: &Interface) -> io::Result<Vec<IpAddr>> {
    let all = getifaddrs()?.filter(|one| one.interface_name == interface.name());
    Ok(all.filter_map(|one| address(&one.address?)).collect())
}

fn address(storage: &SockaddrStorage) -> Option<IpAddr> {
    let four = storage.as_sockaddr_in().map(|four| IpAddr::V4(four.ip()));
    four.or_else(|| storage.as_sockaddr_in6().map(|six| IpAddr::V6(six.ip())))
}

/// Finds out whether a local port is ours to use: nobody, not even another sinkgate, may have it
/// for TCP or UDP, over IPv4 or IPv6.
///
/// # Errors
/// When somebody has it, or it is not allowed; the error says which.
pub fn check_port(port: u16) -> Result<(), SocketError> {
    let addresses = [(Ipv4Addr::UNSPECIFIED, port).into(), (Ipv6Addr::UNSPECIFIED, port).into()];
    for address in addresses {
        is_free(address, "TCP", TcpListener::bind(address).map(drop))?;
        is_free(address, "UDP", UdpSocket::bind(address).map(drop))?;
    }
    Ok(())
}

fn is_free(
    address: SocketAddr,
    what: &'static str,
    bound: io::Result<()>,
) -> Result<(), SocketError> {
    match bound {
        // Without IPv6 nobody can have its ports.
        Err(error) if error.raw_os_error() == Some(Errno::EAFNOSUPPORT as i32) => Ok(()),
        Err(error) if error.raw_os_error() == Some(Errno::EADDRNOTAVAIL as i32) => Ok(()),
        Err(cause) => Err(SocketError::Bind { address, what, cause }),
        Ok(()) => Ok(()),
    }
}

/// Whether this process may do everything on this host, or in its user namespace.
#[must_use]
pub fn is_root() -> bool {
    nix::unistd::geteuid().is_root()
}
