//! Packets that no socket of ours takes: ICMP, every IP protocol but TCP and UDP, and UDP to groups.
//!
//! ```text
//!   victim's interface ─▶ filter, in the kernel ─▶ AF_PACKET socket ─▶ headers read ─▶ Packet
//!         both ways         TCP and UDP to one        one per              here
//!                           machine end here          interface
//! ```
//!
//! The tap stands before all rules, so it also sees what they drop. Outgoing packets are seen too:
//! what the kernel answers itself, such as echo replies.

mod filter;
mod ip;
mod packet;
mod socket;

use std::io;
use std::os::fd::{AsFd, BorrowedFd};

use nix::errno::Errno;
use nix::sys::epoll::{Epoll, EpollCreateFlags, EpollEvent, EpollFlags};
use socket2::Socket;

use crate::interface::Interface;
use crate::options::packets_lost_since_asked;
use crate::sockets::SocketError;
use crate::udp::Inlet;

pub use packet::{Packet, Shape, Way};

/// A tap on the interfaces that victims are behind.
#[derive(Debug)]
pub struct Tap {
    sockets: Vec<Socket>,
    readiness: Epoll,
    inlet: Inlet,
    lost: u64,
}

/// What one call took.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taken {
    /// Packets handed over by this call. May be 0 although packets came: of some only a second
    /// look shows that a socket takes them.
    pub count: usize,
    /// Packets that the kernel dropped since the tap was opened, for want of room.
    pub lost_total: u64,
}

impl Tap {
    /// Taps `interfaces` of the calling thread's network namespace. Needs `CAP_NET_RAW`, now but
    /// not later. An interface that goes down is tapped again when it comes up; one that is
    /// removed is not.
    ///
    /// # Errors
    /// When an interface is not there or the capability is missing.
    pub fn open(interfaces: &[Interface]) -> Result<Self, SocketError> {
        let sockets: Vec<Socket> = interfaces.iter().map(socket::open).collect::<Result<_, _>>()?;
        let readiness = readiness(&sockets);
        let attempt = "wait for several interfaces at once";
        let readiness = readiness.map_err(|cause| SocketError::SetUp { attempt, cause })?;
        Ok(Self { sockets, readiness, inlet: Inlet::new(), lost: 0 })
    }

    /// Hands over what waits, up to some tens of packets of each interface, without waiting for
    /// more.
    ///
    /// # Errors
    /// [`WouldBlock`](io::ErrorKind::WouldBlock) when nothing waits.
    pub fn take(&mut self, mut each: impl FnMut(Packet<'_>)) -> io::Result<Taken> {
        let (mut came, mut count) = (0, 0);
        for socket in &self.sockets {
            let some = receive(&mut self.inlet, socket)?;
            for (arrival, bytes) in self.inlet.arrivals().take(some) {
                let place = socket::Place::read(&arrival.from.bytes);
                if let Some(packet) = place.and_then(|place| packet::read(place, bytes)) {
                    each(packet);
                    count += 1;
                }
            }
            came += some;
        }
        if came == 0 {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        Ok(Taken { count, lost_total: self.lost_total()? })
    }

    /// The kernel forgets its number when it is asked.
    fn lost_total(&mut self) -> io::Result<u64> {
        for socket in &self.sockets {
            self.lost += u64::from(packets_lost_since_asked(socket)?);
        }
        Ok(self.lost)
    }
}

/// Readable while a packet waits on any of the interfaces.
impl AsFd for Tap {
    fn as_fd(&self) -> BorrowedFd<'_> {
        self.readiness.0.as_fd()
    }
}

fn readiness(sockets: &[Socket]) -> io::Result<Epoll> {
    let readiness = Epoll::new(EpollCreateFlags::EPOLL_CLOEXEC)?;
    for socket in sockets {
        readiness.add(socket, EpollEvent::new(EpollFlags::EPOLLIN, 0))?;
    }
    Ok(readiness)
}

fn receive(inlet: &mut Inlet, socket: &Socket) -> io::Result<usize> {
    match inlet.receive(socket.as_fd()) {
        // Said once, when the interface goes down; nothing is wrong with the socket.
        Err(error) if error.raw_os_error() == Some(Errno::ENETDOWN as i32) => Ok(0),
        Err(error) if error.kind() == io::ErrorKind::WouldBlock => Ok(0),
        outcome => outcome,
    }
}
