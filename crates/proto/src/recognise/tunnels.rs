//! Private networks over public ones.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, is_graphic, require};
use super::{Signature, marked};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("openvpn", Stream, &[1194, 443], openvpn_stream),
    marked("openvpn", Datagram, &[1194], openvpn_datagram),
    marked("wireguard", Datagram, &[51820], wireguard),
    marked("isakmp", Datagram, &[500], isakmp),
    marked("isakmp", Datagram, &[4500], isakmp_behind_nat),
    marked("l2tp", Datagram, &[1701], l2tp),
    marked("pptp", Stream, &[1723], pptp),
    marked("tinc", Stream, &[655], tinc),
];

/// A hard reset by a client, version 1, 2 or 3, with its length in front.
fn openvpn_stream(head: &mut Reader<'_>) -> Judged {
    let length = head.big16(14..=1_200)? as usize;
    let operation = head.byte_of(&[0x08, 0x38, 0x50])?;
    openvpn(operation, head.take(length - 1)?)
}

fn openvpn_datagram(head: &mut Reader<'_>) -> Judged {
    let operation = head.byte_of(&[0x08, 0x38, 0x50])?;
    openvpn(operation, head.rest())
}

/// What follows the operation: a session of 8 bytes, no acknowledgement, packet 0. If keys were
/// shared before, the first number against replay is in it too: tls-auth has it (with a time)
/// between its hash and the rest, tls-crypt right after the session, and encrypts the rest.
fn openvpn(operation: u8, body: &[u8]) -> Judged {
    let after_session = body.get(8..).ok_or(Verdict::No)?;
    let replay = after_session.get(..4).unwrap_or_default();
    let tail = after_session.last_chunk::<13>().map(|tail| tail.split_at(8));
    let is_plain = after_session == [0; 5];
    let is_authenticated =
        tail.is_some_and(|(number, rest)| number.starts_with(&[0, 0, 0, 1]) && rest == [0; 5]);
    let is_encrypted = replay == [0, 0, 0, 1] && after_session.len() >= 45;
    let has_own_key = operation == 0x50 && replay == [0x0f, 0, 0, 1];
    require(is_plain || is_authenticated || is_encrypted || has_own_key)?;
    Ok(Verdict::Yes)
}

/// A handshake initiation: 148 bytes, type 1, reserved bytes zero (the protocol, §5.4.2).
fn wireguard(head: &mut Reader<'_>) -> Judged {
    require(head.rest().len() == 148)?;
    head.literal(&[1, 0, 0, 0])?;
    Ok(Verdict::Yes)
}

/// The header of IKE: the responder has no cookie yet (RFC 2408 §3.1, RFC 7296 §3.1).
fn isakmp(head: &mut Reader<'_>) -> Judged {
    let whole = u32::try_from(head.rest().len()).unwrap_or(u32::MAX);
    head.take(8)?;
    head.literal(&[0; 8])?;
    head.byte_in(0..=54)?;
    head.byte_of(&[0x10, 0x20])?;
    head.byte_of(&[2, 4, 5, 34])?;
    head.byte()?;
    head.take(4)?;
    head.big32(whole..=whole)?;
    Ok(Verdict::Yes)
}

/// The same after the four zeros that tell it from ESP (RFC 3948 §2.2).
fn isakmp_behind_nat(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0; 4])?;
    isakmp(head)
}

/// A control message that begins a tunnel: T, L and S bits, version 2, no tunnel yet (RFC 2661
/// §3.1), and as its first value the type SCCRQ.
fn l2tp(head: &mut Reader<'_>) -> Judged {
    let whole = u32::try_from(head.rest().len()).unwrap_or(u32::MAX);
    head.literal(&[0xc8, 0x02])?;
    head.big16(whole..=whole)?;
    head.take(8)?;
    head.literal(&[0x80, 8, 0, 0, 0, 0, 0, 1])?;
    Ok(Verdict::Yes)
}

/// A control message with its magic cookie (RFC 2637 §1.4).
fn pptp(head: &mut Reader<'_>) -> Judged {
    head.big16(16..=220)?;
    head.literal(&[0, 1, 0x1a, 0x2b, 0x3c, 0x4d])?;
    Ok(Verdict::Yes)
}

/// The line `0 name 17` or `0 name 17.7`: who I am, and what I speak.
fn tinc(head: &mut Reader<'_>) -> Judged {
    head.literal(b"0 ")?;
    let name = head.until(b' ', 64, is_graphic)?;
    require(name.iter().all(|byte| byte.is_ascii_alphanumeric() || *byte == b'_'))?;
    let version = head.line(8)?;
    require(version.starts_with(b"17"))?;
    Ok(Verdict::Yes)
}
