//! One `AF_PACKET` socket on one interface, and what it says of where a packet was.

#![expect(unsafe_code, reason = "no library binds packet sockets without it")]

use std::io;
use std::os::fd::{AsFd, AsRawFd};

use nix::libc;
use nix::net::if_::if_nametoindex;
use socket2::{Domain, Socket, Type};

use super::filter;
use crate::interface::Interface;
use crate::options;
use crate::sockets::{SocketError, enlarge};

/// Room asked of the kernel for packets that wait. What comes here is little unless somebody
/// floods us.
const RECEIVE_BUFFER: usize = 4 * 1024 * 1024;

/// Opens one that holds nothing but what the filter kept: it is made deaf, and hears only once
/// the filter is in its place.
pub(super) fn open(interface: &Interface) -> Result<Socket, SocketError> {
    let because = |attempt: &'static str| {
        move |cause| SocketError::Tap { interface: interface.name().to_owned(), attempt, cause }
    };
    let index = if_nametoindex(interface.name()).map_err(io::Error::from);
    let index = index.map_err(because("find it"))?;
    let socket = Socket::new(Domain::PACKET, Type::DGRAM, None);
    let socket = socket.map_err(because("open a packet socket"))?;
    socket.set_nonblocking(true).map_err(because("make the socket non-blocking"))?;
    filter::attach(&socket).map_err(because("attach the filter"))?;
    enlarge(&socket, RECEIVE_BUFFER)?;
    bind(&socket, index).map_err(because("listen to everything"))?;
    hear_groups(&socket, index).map_err(because("listen to groups"))?;
    Ok(socket)
}

/// Has the interface let groups through that nobody here has joined; it is as before when the
/// socket is gone.
fn hear_groups(socket: &Socket, index: u32) -> io::Result<()> {
    let out_of_range = |_| io::Error::from(io::ErrorKind::InvalidInput);
    let membership = libc::packet_mreq {
        mr_ifindex: i32::try_from(index).map_err(out_of_range)?,
        mr_type: u16::try_from(libc::PACKET_MR_ALLMULTI).map_err(out_of_range)?,
        mr_alen: 0,
        mr_address: [0; 8],
    };
    options::set(socket, libc::SOL_PACKET, libc::PACKET_ADD_MEMBERSHIP, &membership)
}

fn bind(socket: &Socket, index: u32) -> io::Result<()> {
    let out_of_range = |_| io::Error::from(io::ErrorKind::InvalidInput);
    let address = libc::sockaddr_ll {
        sll_family: u16::try_from(libc::AF_PACKET).map_err(out_of_range)?,
        sll_protocol: u16::try_from(libc::ETH_P_ALL).map_err(out_of_range)?.to_be(),
        sll_ifindex: i32::try_from(index).map_err(out_of_range)?,
        sll_hatype: 0,
        sll_pkttype: 0,
        sll_halen: 0,
        sll_addr: [0; 8],
    };
    let length = u32::try_from(size_of_val(&address)).map_err(out_of_range)?;
    let fd = socket.as_fd().as_raw_fd();
    // SAFETY: the pointer and the length describe `address`, which outlives the call; the kernel
    // only reads from it.
    let outcome = unsafe { libc::bind(fd, (&raw const address).cast(), length) };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

/// Where on the link a packet was (`packet(7)`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// What the link carried, an `ETH_P_…`.
    pub(super) ether_type: u16,
    /// Index of the interface.
    pub(super) interface: u32,
    /// For whom the link carried it, a `PACKET_…`.
    pub(super) kind: u8,
}

impl Place {
    /// Reads a `sockaddr_ll`: family, protocol, interface, hardware type, kind of packet.
    pub(super) fn read(address: &[u8]) -> Option<Self> {
        Some(Self {
            ether_type: u16::from_be_bytes(*address.get(2..)?.first_chunk()?),
            interface: u32::from_ne_bytes(*address.get(4..)?.first_chunk()?),
            kind: *address.get(10)?,
        })
    }
}
