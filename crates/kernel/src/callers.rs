//! Sockets with which a victim is called, as whoever it knows us by.
//!
//! To speak as somebody else takes a right that we give up before we serve. So the sockets are made
//! while we have it, and used again and again: a TCP socket that was taken off its peer is as new. What
//! it was bound to by its port it stays bound to, for ever, so each call has another port.

#![expect(unsafe_code, reason = "no crate takes a socket off its peer")]

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsRawFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use model::{OrigDst, Victim};
use nix::libc;
use socket2::{Protocol, Socket, Type};

use crate::sockets::{How, SocketError, open};

/// Sockets that are free, of each family: one that once spoke IPv4 in IPv6's form does so for ever.
#[derive(Debug, Default)]
pub struct Callers {
    four: Mutex<Vec<Socket>>,
    six: Mutex<Vec<Socket>>,
}

/// A socket that is in use. Dropped, it is free again, and whoever it was connected to is told.
#[derive(Debug)]
pub struct Caller {
    /// Gone only while it is dropped.
    socket: Option<Socket>,
    from: IpAddr,
    callers: Arc<Callers>,
}

impl Callers {
    /// Makes `count` sockets of each family that `addresses` are reached by. [`How::Transparent`] needs
    /// `CAP_NET_ADMIN` now, and nothing when they are used.
    ///
    /// # Errors
    /// When a capability or file descriptors are missing.
    pub fn open(
        count: usize,
        addresses: &[SocketAddr],
        how: How,
    ) -> Result<Arc<Self>, SocketError> {
        let sockets = |unspecified: IpAddr| {
            let socket = |_| open((unspecified, 0).into(), Type::STREAM, Protocol::TCP, how);
            (0..count).map(socket).collect::<Result<Vec<_>, _>>().map(Mutex::new)
        };
        let four = sockets(Ipv4Addr::UNSPECIFIED.into())?;
        let six = match addresses.iter().any(SocketAddr::is_ipv6) {
            true => sockets(Ipv6Addr::UNSPECIFIED.into())?,
            false => Mutex::default(),
        };
        Ok(Arc::new(Self { four, six }))
    }

    /// One that is free to call from this address, if any is.
    #[must_use]
    pub fn take(self: &Arc<Self>, from: OrigDst) -> Option<Caller> {
        let from = from.ip().to_canonical();
        let socket = self.free(from).pop()?;
        Some(Caller { socket: Some(socket), from, callers: Arc::clone(self) })
    }

    fn free(&self, from: IpAddr) -> MutexGuard<'_, Vec<Socket>> {
        let free = if from.is_ipv4() { &self.four } else { &self.six };
        free.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Caller {
    /// A socket that is not connected yet, from the address it was taken for; and where to connect it.
    /// If we may not speak as that address, the system chooses one.
    ///
    /// # Errors
    /// When there are no file descriptors left.
    pub fn socket(&self, to: Victim, port: u16) -> io::Result<(Socket, SocketAddr)> {
        let socket = self.socket.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        if let Err(error) = socket.bind(&SocketAddr::new(self.from, 0).into())
            && error.kind() != io::ErrorKind::AddrNotAvailable
        {
            return Err(error);
        }
        Ok((socket.try_clone()?, SocketAddr::new(to.ip().to_canonical(), port)))
    }
}

impl Drop for Caller {
    fn drop(&mut self) {
        let Some(socket) = self.socket.take() else { return };
        // One that cannot be taken off its peer is of no use any more.
        if disconnect(&socket).is_ok() {
            self.callers.free(self.from).push(socket);
        }
    }
}

/// Takes a socket off its peer, and off its address: `connect(2)` with `AF_UNSPEC`.
fn disconnect(socket: &Socket) -> io::Result<()> {
    let nobody = libc::sockaddr {
        sa_family: libc::sa_family_t::try_from(libc::AF_UNSPEC).unwrap_or_default(),
        sa_data: [0; 14],
    };
    let length = libc::socklen_t::try_from(size_of_val(&nobody)).unwrap_or_default();
    // SAFETY: the address is a whole `sockaddr` that lives until the call returns, and its length is
    // what is said.
    let outcome = unsafe { libc::connect(socket.as_raw_fd(), &raw const nobody, length) };
    if outcome == 0 { Ok(()) } else { Err(io::Error::last_os_error()) }
}

#[cfg(test)]
mod tests {
    use std::io::{Read, Write};
    use std::net::{Shutdown, TcpListener};

    use super::*;

    /// Connects; gives both ends, and who the caller is.
    fn call(caller: &Caller, listener: &TcpListener) -> (Socket, impl Read, IpAddr) {
        let address = listener.local_addr().unwrap();
        let victim = Victim::new((address.ip(), 5).into());
        let (ours, to) = caller.socket(victim, address.port()).unwrap();
        ours.set_nonblocking(false).unwrap();
        ours.connect(&to.into()).unwrap();
        let (theirs, from) = listener.accept().unwrap();
        (ours, theirs, from.ip())
    }

    #[test]
    fn a_socket_is_used_again_and_again() {
        for local in ["127.0.0.1:0", "[::1]:0"] {
            // A machine without IPv6 has none of these.
            let Ok(listener) = TcpListener::bind(local) else { continue };
            let address = listener.local_addr().unwrap();
            let callers = Callers::open(1, &[address], How::Redirected).unwrap();
            for round in 0..3 {
                let caller = callers.take(OrigDst::new(address)).expect("one is free");
                assert!(callers.take(OrigDst::new(address)).is_none());
                let (mut ours, mut theirs, from) = call(&caller, &listener);
                assert_eq!(from, address.ip());
                ours.write_all(&[round]).unwrap();
                ours.shutdown(Shutdown::Write).unwrap();
                let mut heard = Vec::new();
                theirs.read_to_end(&mut heard).unwrap();
                assert_eq!(heard, [round]);
            }
        }
    }

    #[test]
    fn a_call_that_nobody_takes_leaves_a_socket_that_can_be_used() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let callers = Callers::open(1, &[address], How::Redirected).unwrap();
        let caller = callers.take(OrigDst::new(address)).unwrap();
        let (ours, to) = caller.socket(Victim::new(address), 1).unwrap();
        ours.set_nonblocking(false).unwrap();
        let refused = ours.connect(&to.into()).unwrap_err();
        assert_eq!(refused.kind(), io::ErrorKind::ConnectionRefused);
        drop((ours, caller));
        call(&callers.take(OrigDst::new(address)).unwrap(), &listener);
    }
}
