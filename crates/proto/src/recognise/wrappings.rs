//! What other protocols travel in: TLS and its relatives, and proxies.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, Step, require};
use super::{Signature, marked};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("tls", Stream, &[443], tls_alert),
    marked("proxy-protocol", Stream, &[], proxy_protocol),
    marked("quic", Stream, &[], quic_crypto_over_tcp),
    marked("quic", Datagram, &[80, 443, 784, 853, 8443], quic),
    marked("quic", Datagram, &[443], google_quic),
    marked("dtls", Datagram, &[4433, 5349, 5684], dtls),
];

/// The alert of a client that gives up before it began (RFC 8446 §6). Nothing can come of it, so it
/// is not the row's.
fn tls_alert(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x15, 3])?;
    head.byte_in(0..=4)?;
    head.big16(2..=2)?;
    head.byte_in(1..=2)?;
    Ok(Verdict::Yes)
}

/// The line, or the magic bytes, with which a proxy says for whom it speaks.
fn proxy_protocol(head: &mut Reader<'_>) -> Judged {
    if head.rest().first() == Some(&b'\r') {
        head.literal(b"\r\n\r\n\0\r\nQUIT\n")?;
        return Ok(Verdict::Yes);
    }
    head.literal(b"PROXY ")?;
    head.word(&["TCP4 ", "TCP6 ", "UNKNOWN"])?;
    Ok(Verdict::Yes)
}

/// A hello of QUIC's first crypto, before TLS, sent over TCP with a version of its own in front.
fn quic_crypto_over_tcp(head: &mut Reader<'_>) -> Judged {
    head.literal(b"1QTV0")?;
    head.take(4)?;
    head.literal(b"CHLO")?;
    Ok(Verdict::Yes)
}

/// A long header (RFC 9000 §17.2) of a version that exists: 1, 2 (RFC 9369), a draft, Google's, or
/// one that asks for negotiation (RFC 9000 §15).
fn quic(head: &mut Reader<'_>) -> Judged {
    head.byte_in(0xc0..=0xff)?;
    require(is_quic_version(head.take(4)?))?;
    for _ in 0..2 {
        let length = head.byte_in(0..=20)?;
        head.take(usize::from(length))?;
    }
    Ok(Verdict::Yes)
}

fn is_quic_version(version: &[u8]) -> bool {
    match *version {
        [0, 0, 0, 1] | [0x6b, 0x33, 0x43, 0xcf] | [0xff, 0, 0, 1..=34] => true,
        [b'Q' | b'T', b'0', tens, ones] => tens.is_ascii_digit() && ones.is_ascii_digit(),
        [a, b, c, d] => [a, b, c, d].iter().all(|byte| byte & 0xf == 0xa),
        _ => false,
    }
}

/// The public header of Google's QUIC up to version 43: flags, connection, version.
fn google_quic(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[0x09, 0x0d])?;
    head.take(8)?;
    google_version(head)?;
    Ok(Verdict::Yes)
}

fn google_version(head: &mut Reader<'_>) -> Step<()> {
    head.literal(b"Q0")?;
    head.all(2, |byte| byte.is_ascii_digit()).map(drop)
}

/// A DTLS record (RFC 6347 §4.1) with a ClientHello; epoch 0, as nothing is encrypted yet.
fn dtls(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x16, 0xfe])?;
    head.byte_of(&[0xff, 0xfd, 0xfc])?;
    head.literal(&[0, 0])?;
    head.take(6)?;
    head.big16(12..=16_384 + 2_048)?;
    head.literal(&[1])?;
    Ok(Verdict::Yes)
}
