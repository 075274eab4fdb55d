//! Takes datagrams, whoever they were meant for.

use std::io;
use std::net::SocketAddr;
use std::os::fd::{AsFd, BorrowedFd};

use model::{OrigDst, Victim};
use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Protocol, Socket, Type};

use super::transfer::{Arrival, Inlet};
use super::{Datagram, Ends, sockaddr};
use crate::options::{Total, dropped_packets};
use crate::sockets::{self, How, SocketError, set};

/// Room asked of the kernel for datagrams that wait: some tens of milliseconds of full load.
const RECEIVE_BUFFER: usize = 8 * 1024 * 1024;

/// A UDP socket for datagrams meant for any address and port.
#[derive(Debug)]
pub struct Taker {
    socket: Socket,
    local: SocketAddr,
    inlet: Inlet,
    lost: Total,
}

/// What one call took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Datagrams handed over by this call.
    pub count: usize,
    /// Datagrams that the kernel dropped since the socket was opened, for want of room.
    pub lost_total: u64,
}

impl Taker {
    /// Opens a non-blocking socket on `address`; several on one address share its datagrams by
    /// conversation (`SO_REUSEPORT`). `[::]:PORT` takes both families.
    ///
    /// # Errors
    /// When the address is taken or a capability is missing.
    pub fn bind(address: SocketAddr, how: How) -> Result<Self, SocketError> {
        let socket = sockets::open(address, Type::DGRAM, Protocol::UDP, how)?;
        learn_destinations(&socket, address)?;
        sockets::enlarge(&socket, RECEIVE_BUFFER)?;
        sockets::bind(&socket, address, "UDP")?;
        let local = socket.local_addr().map(|local| local.as_socket().unwrap_or(address));
        let local =
            local.map_err(|cause| SocketError::SetUp { attempt: "read its own address", cause })?;
        Ok(Self { socket, local, inlet: Inlet::new(), lost: Total::default() })
    }

    /// Where it is bound.
    #[must_use]
    pub const fn local_address(&self) -> SocketAddr {
        self.local
    }

    /// Room the kernel granted for datagrams that wait, in bytes of its own accounting (a small
    /// datagram costs some 800). What was asked for needs `CAP_NET_ADMIN` outside user
    /// namespaces, or a larger `net.core.rmem_max`.
    ///
    /// # Errors
    /// Never on a socket that is open.
    pub fn receive_buffer(&self) -> io::Result<usize> {
        self.socket.recv_buffer_size()
    }

    pub(super) const fn socket(&self) -> &Socket {
        &self.socket
    }

    /// Hands over what waits, up to some tens of datagrams, without waiting for more.
    ///
    /// # Errors
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) when nothing waits.
    pub fn take(&mut self, mut each: impl FnMut(Datagram<'_>)) -> io::Result<Taken> {
        let count = self.inlet.receive(self.socket.as_fd())?;
        for (arrival, bytes) in self.inlet.arrivals().take(count) {
            if let Some(ends) = ends(arrival, self.local) {
                each(Datagram { ends, bytes });
            }
        }
        let lost_total = self.lost.update(dropped_packets(&self.socket)?);
        Ok(Taken { count, lost_total })
    }
}

impl AsFd for Taker {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.socket.as_fd()
    }
}

/// `None` never happens: an internet socket gives internet addresses.
fn ends(arrival: &Arrival, local: SocketAddr) -> Option<Ends> {
    let from = sockaddr::read(&arrival.from.bytes)?;
    let meant = arrival.control.original_destination().unwrap_or(local);
    let link = match from {
        SocketAddr::V4(_) => 0,
        SocketAddr::V6(six) => six.scope_id(),
    };
    Some(Ends { victim: Victim::new(from), orig_dst: OrigDst::new(meant), link })
}

fn learn_destinations(socket: &Socket, address: SocketAddr) -> Result<(), SocketError> {
    let four = setsockopt(socket, sockopt::Ipv4OrigDstAddr, &true);
    set("learn IPv4 destinations", four.map_err(io::Error::from))?;
    if address.is_ipv6() {
        let six = setsockopt(socket, sockopt::Ipv6OrigDstAddr, &true);
        set("learn IPv6 destinations", six.map_err(io::Error::from))?;
    }
    Ok(())
}
