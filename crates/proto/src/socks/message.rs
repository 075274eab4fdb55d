//! What SOCKS clients send, bytes to types, and our answers to it.
//!
//! ```text
//! 4     4 command port:2 address:4 user… 0              4a: address 0.0.0.x, and name… 0 at the end
//! 5     5 count methods…                                which of them is chosen
//!       1 length user… length password…                 if that was the method (RFC 1929)
//!       5 command 0 kind address… port:2                kind 1: 4 bytes, 4: 16 bytes, 3: length name…
//! ```

use std::net::{Ipv4Addr, Ipv6Addr};

/// Why there is no message yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    /// More has to come.
    More,
    /// A text has grown longer than it may be, and its end is still to come.
    TextEnd,
}

/// What was read, and what follows it.
pub(super) type Reading<'a, T> = Result<(T, &'a [u8]), Missing>;

/// What a request wants done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Command {
    Bind,
    Connect,
    UdpAssociate,
    Unknown,
}

/// A request of SOCKS 4 or 4a.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request4 {
    pub(super) command: Command,
    pub(super) port: u16,
    pub(super) host: Host,
    pub(super) user: String,
}

/// A request of SOCKS 5.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Request5 {
    /// What should be 5.
    pub(super) version: u8,
    pub(super) command: Command,
    /// What should be 0.
    pub(super) reserved: u8,
    /// Nothing if its kind is unknown: then nothing after that can be read.
    pub(super) target: Option<(Host, u16)>,
}

/// Whom to reach.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Host {
    Name(String),
    V4(Ipv4Addr),
    V6(Ipv6Addr),
}

/// User and password.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Login {
    /// What should be 1.
    pub(super) version: u8,
    pub(super) user: String,
    pub(super) password: String,
}

/// A proof of identity that a client of SOCKS 5 offers, or none.
pub(super) mod method {
    pub(in super::super) const NONE: u8 = 0x00;
    pub(in super::super) const PASSWORD: u8 = 0x02;
    pub(in super::super) const NO_ACCEPTABLE: u8 = 0xff;
}

/// The answer to a request of SOCKS 4; the address in it says nothing for CONNECT.
#[derive(Clone, Copy)]
pub(super) enum Reply4 {
    Granted = 0x5a,
    Refused = 0x5b,
}

/// The answer to a request of SOCKS 5.
#[derive(Clone, Copy)]
pub(super) enum Reply5 {
    Granted = 0x00,
    Failure = 0x01,
    HostUnreachable = 0x04,
    CommandNotSupported = 0x07,
    AddressNotSupported = 0x08,
}

/// Reads a request of SOCKS 4; user and name are at most `limit` bytes each.
pub(super) fn read_request4(seen: &[u8], limit: usize) -> Reading<'_, Request4> {
    let ([_, command, p1, p2, a, b, c, d], rest) = array(seen)?;
    let (user, rest) = text(rest, limit)?;
    let (host, rest) = match [a, b, c, d] {
        [0, 0, 0, last] if last != 0 => {
            let (name, rest) = text(rest, limit)?;
            (Host::Name(name), rest)
        }
        address => (Host::V4(address.into()), rest),
    };
    let port = u16::from_be_bytes([p1, p2]);
    Ok((Request4 { command: Command::of(command), port, host, user }, rest))
}

/// Reads which methods a client of SOCKS 5 offers.
pub(super) fn read_methods(seen: &[u8]) -> Reading<'_, Vec<u8>> {
    let ([_version], rest) = array(seen)?;
    let (methods, rest) = counted(rest)?;
    Ok((methods.to_vec(), rest))
}

/// Reads user and password.
pub(super) fn read_login(seen: &[u8]) -> Reading<'_, Login> {
    let ([version], rest) = array(seen)?;
    let (user, rest) = counted(rest)?;
    let (password, rest) = counted(rest)?;
    Ok((Login { version, user: lossy(user), password: lossy(password) }, rest))
}

/// Reads a request of SOCKS 5.
pub(super) fn read_request5(seen: &[u8]) -> Reading<'_, Request5> {
    let ([version, command, reserved, kind], rest) = array(seen)?;
    let (target, rest) = target(kind, rest)?;
    Ok((Request5 { version, command: Command::of(command), reserved, target }, rest))
}

/// The address of a request and its port; nothing if its kind is unknown.
fn target(kind: u8, rest: &[u8]) -> Reading<'_, Option<(Host, u16)>> {
    let (host, rest) = match kind {
        0x01 => {
            let (address, rest) = array::<4>(rest)?;
            (Host::V4(address.into()), rest)
        }
        0x03 => {
            let (name, rest) = counted(rest)?;
            (Host::Name(lossy(name)), rest)
        }
        0x04 => {
            let (address, rest) = array::<16>(rest)?;
            (Host::V6(address.into()), rest)
        }
        _ => return Ok((None, rest)),
    };
    let (port, rest) = array(rest)?;
    Ok((Some((host, u16::from_be_bytes(port))), rest))
}

fn array<const COUNT: usize>(seen: &[u8]) -> Reading<'_, [u8; COUNT]> {
    seen.split_first_chunk().map(|(bytes, rest)| (*bytes, rest)).ok_or(Missing::More)
}

/// As many bytes as the first says.
fn counted(seen: &[u8]) -> Reading<'_, &[u8]> {
    let ([count], rest) = array(seen)?;
    rest.split_at_checked(count.into()).ok_or(Missing::More)
}

/// A text of at most `limit` bytes, and the NUL that ends it.
fn text(seen: &[u8], limit: usize) -> Reading<'_, String> {
    match seen.iter().take(limit + 1).position(|byte| *byte == 0) {
        Some(end) => {
            let (text, rest) = seen.split_at_checked(end).ok_or(Missing::More)?;
            Ok((lossy(text), rest.get(1..).unwrap_or_default()))
        }
        None if seen.len() > limit => Err(Missing::TextEnd),
        None => Err(Missing::More),
    }
}

fn lossy(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

impl Command {
    /// As both versions number them; SOCKS 4 has no third.
    fn of(number: u8) -> Self {
        match number {
            0x01 => Self::Connect,
            0x02 => Self::Bind,
            0x03 => Self::UdpAssociate,
            _ => Self::Unknown,
        }
    }

    /// As recorded.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Bind => "bind",
            Self::Connect => "connect",
            Self::UdpAssociate => "udp-associate",
            Self::Unknown => "unknown",
        }
    }
}

impl Host {
    /// As recorded.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Name(name) => name.clone(),
            Self::V4(address) => address.to_string(),
            Self::V6(address) => address.to_string(),
        }
    }
}

impl Reply4 {
    /// As sent, without an address: what a client connects through has none of its own.
    pub(super) fn written(self) -> Vec<u8> {
        vec![0x00, self as u8, 0, 0, 0, 0, 0, 0]
    }
}

impl Reply5 {
    /// As sent, with the IPv4 address 0.0.0.0, port 0.
    pub(super) fn written(self) -> Vec<u8> {
        vec![0x05, self as u8, 0x00, 0x01, 0, 0, 0, 0, 0, 0]
    }
}
