//! TCP listeners that take connections meant for others, and whom those were meant for.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::fd::AsFd;

use model::OrigDst;
use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Domain, Protocol, SockAddr, SockRef, Socket, Type};

/// How packets meant for others reach our sockets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A `REDIRECT` rule of the user's own rewrote the destination; conntrack remembers it.
    Redirected,
    /// Our TPROXY rule: the destination is untouched and is the socket's local address.
    Transparent,
}

/// What went wrong while a socket was made.
#[derive(Debug, thiserror::Error)]
pub enum SocketError {
    /// The address is taken, not ours, or not allowed.
    #[error("cannot listen on {address} ({what})")]
    Bind {
        /// Where.
        address: SocketAddr,
        /// `TCP` or `UDP`.
        what: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// An option was refused.
    #[error("cannot set up a socket: {attempt}")]
    SetUp {
        /// What was tried.
        attempt: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
    /// An interface cannot be tapped.
    #[error("cannot tap the interface {interface}: {attempt}")]
    Tap {
        /// Its name.
        interface: String,
        /// What was tried.
        attempt: &'static str,
        /// Why not.
        #[source]
        cause: io::Error,
    },
}

/// The mark of everything our transparent sockets send. The rules let packets with it leave to
/// victims only, and let no other TCP or UDP leave to victims. Its bits keep clear of the masks
/// that other users of marks claim (Tailscale `0xff0000`, kube-proxy `0xc000`).
pub const ANSWER_MARK: u32 = 0x1517;

/// Longest queue of connections that wait to be accepted. The kernel lowers it to
/// `net.core.somaxconn`, so this only says "as long as the system allows".
const BACKLOG: i32 = 65_535;

/// Opens a non-blocking TCP listener. Listeners on one address share its connections
/// (`SO_REUSEPORT`), so that every worker has its own.
///
/// `[::]:PORT` takes both families. [`How::Transparent`] needs `CAP_NET_ADMIN` or `CAP_NET_RAW`
/// over the network namespace. What is written to accepted connections leaves at once
/// (`TCP_NODELAY`), as servers in wide use have it: Linux hands that down from the listener.
///
/// # Errors
/// When the address is taken or a capability is missing.
pub fn tcp_listener(address: SocketAddr, how: How) -> Result<TcpListener, SocketError> {
    let socket = open(address, Type::STREAM, Protocol::TCP, how)?;
    set("reuse the address", socket.set_reuse_address(true))?;
    set("send at once", socket.set_tcp_nodelay(true))?;
    bind(&socket, address, "TCP")?;
    let listening = socket.listen(BACKLOG);
    listening.map_err(|cause| SocketError::Bind { address, what: "TCP", cause })?;
    Ok(socket.into())
}

/// Whom an accepted connection was meant for.
///
/// In [`How::Redirected`] that is what conntrack remembers; where it remembers nothing, the
/// victim meant us.
///
/// # Errors
/// When `stream` is not a connected TCP socket.
pub fn original_destination(stream: &impl AsFd, how: How) -> io::Result<OrigDst> {
    let socket = SockRef::from(stream);
    let local = internet(&socket.local_addr()?)?;
    let meant = match how {
        How::Redirected => before_redirect(&socket, local).unwrap_or(local),
        How::Transparent => local,
    };
    Ok(OrigDst::new(meant))
}

fn before_redirect(socket: &Socket, local: SocketAddr) -> Option<SocketAddr> {
    let remembered = if local.ip().to_canonical().is_ipv4() {
        socket.original_dst_v4()
    } else {
        socket.original_dst_v6()
    };
    remembered.ok()?.as_socket()
}

fn internet(address: &SockAddr) -> io::Result<SocketAddr> {
    address.as_socket().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))
}

/// A socket of the family of `address`, able to take what was meant for others.
pub(crate) fn open(
    address: SocketAddr,
    kind: Type,
    protocol: Protocol,
    how: How,
) -> Result<Socket, SocketError> {
    let socket = Socket::new(Domain::for_address(address), kind, Some(protocol));
    let socket =
        socket.map_err(|cause| SocketError::SetUp { attempt: "open an internet socket", cause })?;
    set("make it non-blocking", socket.set_nonblocking(true))?;
    set("share the port between workers", socket.set_reuse_port(true))?;
    if address.is_ipv6() {
        set("take IPv4 too", socket.set_only_v6(false))?;
    }
    if how == How::Transparent {
        make_transparent(&socket, address.is_ipv6())?;
    }
    Ok(socket)
}

/// Lets the socket speak as, and listen to, addresses that are not ours; marks what it sends.
fn make_transparent(socket: &Socket, six: bool) -> Result<(), SocketError> {
    // A dual-stack socket needs both: the IPv4 half looks at its own flag.
    set("take IPv4 packets meant for others", socket.set_ip_transparent_v4(true))?;
    if six {
        set("take IPv6 packets meant for others", socket.set_ip_transparent_v6(true))?;
    }
    // Connections inherit it from their listener.
    mark(socket)
}

/// Marks what the socket sends as an answer to a victim.
pub(crate) fn mark(socket: &Socket) -> Result<(), SocketError> {
    set("mark what it sends", socket.set_mark(ANSWER_MARK))
}

/// Asks for room for `size` bytes that wait, past the usual limit if we may.
pub(crate) fn enlarge(socket: &Socket, size: usize) -> Result<(), SocketError> {
    if setsockopt(socket, sockopt::RcvBufForce, &size).is_ok() {
        return Ok(());
    }
    set("ask for a large receive buffer", socket.set_recv_buffer_size(size))
}

pub(crate) fn bind(
    socket: &Socket,
    address: SocketAddr,
    what: &'static str,
) -> Result<(), SocketError> {
    socket.bind(&address.into()).map_err(|cause| SocketError::Bind { address, what, cause })
}

pub(crate) fn set(attempt: &'static str, outcome: io::Result<()>) -> Result<(), SocketError> {
    outcome.map_err(|cause| SocketError::SetUp { attempt, cause })
}
