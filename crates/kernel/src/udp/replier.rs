//! Answers datagrams, from the address they were meant for.

use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::os::fd::AsFd;

use nix::libc;
use nix::sys::socket::{setsockopt, sockopt};
use socket2::{Domain, Protocol, Socket, Type};

use super::control::Control;
use super::sockaddr::RawAddress;
use super::taker::Taker;
use super::transfer::{self, BATCH, Parcel};
use super::{Ends, LONGEST_DATAGRAM, UDP_HEADER, checksum};
use crate::options::set_int;
use crate::sockets::{SocketError, bind, mark, set};

/// Where the IPv4 socket is bound: RFC 7600 gives this address to nobody ("dummy address"), so no
/// packet is copied to the socket.
const NOBODY_FOUR: Ipv4Addr = Ipv4Addr::new(192, 0, 0, 8);

/// The same for IPv6: the discard prefix (RFC 6666).
const NOBODY_SIX: Ipv6Addr = Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 1);

/// Where the checksum is in a UDP header (RFC 768), for the kernel to fill in.
const CHECKSUM_OFFSET: libc::c_int = 6;

/// Room asked of the kernel for answers on their way out.
const SEND_BUFFER: usize = 4 * 1024 * 1024;

/// One answer.
#[derive(Clone, Copy, Debug)]
pub struct Reply<'a> {
    /// Whom it is between, as the datagram it answers said.
    pub ends: Ends,
    /// Its payload.
    pub bytes: &'a [u8],
}

/// Sends answers.
#[derive(Debug)]
pub struct Replier(Way);

#[derive(Debug)]
enum Way {
    /// Through the taker's own socket, for `How::Redirected`: conntrack turns the source back.
    Plain { socket: Socket, family: Domain },
    /// Through raw sockets that may speak as anybody.
    Transparent { four: Socket, six: Socket },
}

impl Replier {
    /// For datagrams taken by [`How::Transparent`](crate::sockets::How). Needs `CAP_NET_RAW` over
    /// the network namespace now, and no capability when sending.
    ///
    /// # Errors
    /// When the capability is missing.
    pub fn transparent() -> Result<Self, SocketError> {
        let four = raw_socket(Domain::IPV4)?;
        bind(&four, SocketAddr::from((NOBODY_FOUR, 0)), "raw UDP")?;
        let six = raw_socket(Domain::IPV6)?;
        set(
            "let the kernel sum",
            set_int(&six, libc::IPPROTO_IPV6, libc::IPV6_CHECKSUM, CHECKSUM_OFFSET),
        )?;
        bind(&six, SocketAddr::from((NOBODY_SIX, 0)), "raw UDP")?;
        Ok(Self(Way::Transparent { four, six }))
    }

    /// For datagrams taken by [`How::Redirected`](crate::sockets::How).
    ///
    /// # Errors
    /// When there are no file descriptors left.
    pub fn plain(taker: &Taker) -> Result<Self, SocketError> {
        let attempt = "share the taker's socket";
        let socket = taker.socket().try_clone();
        let socket = socket.map_err(|cause| SocketError::SetUp { attempt, cause })?;
        Ok(Self(Way::Plain { socket, family: Domain::for_address(taker.local_address()) }))
    }

    /// Sends one answer, without waiting.
    ///
    /// # Errors
    /// `EMSGSIZE` when it is too long for a datagram, `ENOBUFS` or `WouldBlock` when the way out
    /// is full, and whatever routing says.
    pub fn send(&self, reply: Reply<'_>) -> io::Result<()> {
        let mut outcome = Ok(());
        self.send_all(&[reply], |_, error| outcome = Err(error));
        outcome
    }

    /// Sends answers in order, without waiting, some tens with each system call. `unsent` is told
    /// the index of each that could not be sent, and why.
    pub fn send_all(&self, replies: &[Reply<'_>], mut unsent: impl FnMut(usize, io::Error)) {
        let mut done = 0;
        while let Some(rest) = replies.get(done..).filter(|rest| !rest.is_empty()) {
            match self.send_some(rest) {
                Ok(sent) => done += sent,
                Err(error) => {
                    unsent(done, error);
                    done += 1;
                }
            }
        }
    }

    /// Sends a first part of `replies`: as many as one socket takes with one call.
    fn send_some(&self, replies: &[Reply<'_>]) -> io::Result<usize> {
        let Some(first) = replies.first() else { return Ok(0) };
        let socket = self.socket_for(first);
        let alike = |reply: &&Reply<'_>| std::ptr::eq(self.socket_for(reply), socket);
        let mut parcels = Vec::with_capacity(replies.len().min(BATCH));
        for reply in replies.iter().take(BATCH).take_while(alike) {
            match self.parcel(reply) {
                Ok(parcel) => parcels.push(parcel),
                Err(error) if parcels.is_empty() => return Err(error),
                Err(_) => break,
            }
        }
        transfer::send(socket.as_fd(), &mut parcels)
    }

    const fn socket_for(&self, reply: &Reply<'_>) -> &Socket {
        match (&self.0, reply.ends.victim.ip()) {
            (Way::Plain { socket, .. }, _) => socket,
            (Way::Transparent { four, .. }, IpAddr::V4(_)) => four,
            (Way::Transparent { six, .. }, IpAddr::V6(_)) => six,
        }
    }

    fn parcel<'a>(&self, reply: &Reply<'a>) -> io::Result<Parcel<'a>> {
        match (&self.0, reply.ends.victim.ip(), reply.ends.orig_dst.ip()) {
            (Way::Plain { family, .. }, ..) => Ok(plain_parcel(reply, *family)),
            (_, IpAddr::V4(victim), IpAddr::V4(source)) => four_parcel(reply, source, victim),
            (_, IpAddr::V6(_), IpAddr::V6(source)) => six_parcel(reply, source),
            // No packet has ends of two families.
            _ => Err(io::ErrorKind::InvalidInput.into()),
        }
    }
}

fn four_parcel<'a>(
    reply: &Reply<'a>,
    source: Ipv4Addr,
    victim: Ipv4Addr,
) -> io::Result<Parcel<'a>> {
    let [head @ .., _, _] = udp_header(reply)?;
    let [high, low] = checksum::of_udp(source, victim, &head, reply.bytes);
    let [a, b, c, d, e, f] = head;
    Ok(Parcel {
        to: RawAddress::four(victim, 0),
        control: Control::source_four(source),
        head: [a, b, c, d, e, f, high, low],
        head_length: UDP_HEADER,
        bytes: reply.bytes,
    })
}

/// The kernel puts the checksum in.
fn six_parcel<'a>(reply: &Reply<'a>, source: Ipv6Addr) -> io::Result<Parcel<'a>> {
    let ends = reply.ends;
    let to = SocketAddr::new(ends.victim.ip(), 0);
    Ok(Parcel {
        to: RawAddress::six(to, ends.link),
        control: Control::source_six(source, ends.link),
        head: udp_header(reply)?,
        head_length: UDP_HEADER,
        bytes: reply.bytes,
    })
}

fn plain_parcel<'a>(reply: &Reply<'a>, family: Domain) -> Parcel<'a> {
    let victim = reply.ends.victim.address();
    let source = reply.ends.orig_dst.ip();
    let (to, control) = match (family, victim, source) {
        (Domain::IPV4, SocketAddr::V4(victim), IpAddr::V4(source)) => {
            (RawAddress::four(*victim.ip(), victim.port()), Control::source_four(source))
        }
        (_, _, source) => {
            let link = reply.ends.link;
            (RawAddress::six(victim, link), Control::source_six(mapped(source), link))
        }
    };
    let control = if speaks_for_one(source) { control } else { Control::default() };
    Parcel { to, control, head: [0; UDP_HEADER], head_length: 0, bytes: reply.bytes }
}

/// Whether an answer can come from there: a question to a group or to everybody is answered from
/// whatever address the route gives.
const fn speaks_for_one(source: IpAddr) -> bool {
    match source {
        IpAddr::V4(four) => !four.is_broadcast() && !four.is_multicast(),
        IpAddr::V6(six) => !six.is_multicast(),
    }
}

const fn mapped(address: IpAddr) -> Ipv6Addr {
    match address {
        IpAddr::V4(four) => four.to_ipv6_mapped(),
        IpAddr::V6(six) => six,
    }
}

/// RFC 768, with a checksum of zero.
fn udp_header(reply: &Reply<'_>) -> io::Result<[u8; UDP_HEADER]> {
    if reply.bytes.len() > LONGEST_DATAGRAM {
        return Err(io::Error::from_raw_os_error(libc::EMSGSIZE));
    }
    let length = u16::try_from(reply.bytes.len() + UDP_HEADER).unwrap_or(u16::MAX);
    let [from, to] = [reply.ends.orig_dst.port(), reply.ends.victim.address().port()];
    let ([a, b], [c, d], [e, f]) = (from.to_be_bytes(), to.to_be_bytes(), length.to_be_bytes());
    Ok([a, b, c, d, e, f, 0, 0])
}

fn raw_socket(family: Domain) -> Result<Socket, SocketError> {
    let socket = Socket::new(family, Type::RAW, Some(Protocol::UDP));
    let socket =
        socket.map_err(|cause| SocketError::SetUp { attempt: "open a raw socket", cause })?;
    set("make it non-blocking", socket.set_nonblocking(true))?;
    let speaking = match family {
        Domain::IPV6 => socket.set_ip_transparent_v6(true),
        _ => socket.set_ip_transparent_v4(true),
    };
    set("speak as anybody", speaking)?;
    mark(&socket)?;
    if setsockopt(&socket, sockopt::SndBufForce, &SEND_BUFFER).is_err() {
        set("ask for a large send buffer", socket.set_send_buffer_size(SEND_BUFFER))?;
    }
    Ok(socket)
}
