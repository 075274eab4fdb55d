//! Calls, conferences and streams of sound and pictures.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, is_digit, is_graphic, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("rtmp", Stream, &[1935], rtmp),
    marked("rtcp", Datagram, &[], rtcp),
    shaped("rtp", Datagram, &[5004], rtp),
    shaped("rtp", Stream, &[5000, 5004], rtp_stream),
    marked("h323", Stream, &[1720], h323),
    marked("skinny", Stream, &[2000], skinny),
    marked("mgcp", Datagram, &[2427, 2727], mgcp),
    marked("bfcp", Stream, &[5070], bfcp),
    marked("bfcp", Datagram, &[5070], bfcp),
    marked("icecast", Stream, &[8000], icecast),
];

/// C0 and C1 (RTMP §5.2): version 3, or 6 for its encrypted kin, a time, four zeros or the version
/// of a player.
fn rtmp(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[3, 6])?;
    head.take(4)?;
    if head.byte_of(&[0, 9, 10, 11, 0x80])? == 0 {
        head.literal(&[0, 0, 0])?;
        return Ok(Verdict::Yes);
    }
    head.literal(&[0])?;
    head.take(2)?;
    Ok(Verdict::Likely)
}

/// Reports (RFC 3550 §6): version 2, a packet type, and a length in words that ends where the
/// datagram or the next packet does.
fn rtcp(head: &mut Reader<'_>) -> Judged {
    let whole = head.rest().len();
    head.byte_in(0x80..=0xbf)?;
    head.byte_in(200..=207)?;
    let words = head.big16(1..=375)? as usize;
    require(words * 4 + 4 <= whole && whole.is_multiple_of(4))?;
    let next = (words * 4 + 4 < whole).then(|| head.rest().get(words * 4)).flatten();
    require(next.is_none_or(|byte| matches!(byte, 0x80..=0xbf)))?;
    Ok(Verdict::Yes)
}

/// A packet of telephone sound (RFC 3550 §5.1, RFC 3551 §6): a frame is a multiple of ten
/// milliseconds.
fn rtp(head: &mut Reader<'_>) -> Judged {
    let sound = head.rest().len().saturating_sub(12);
    head.literal(&[0x80])?;
    let frame = match head.byte()? & 0x7f {
        0 | 8 | 9 => 80,
        3 => 33,
        4 => 24,
        18 => 10,
        96.. => return Ok(Verdict::OnItsPort),
        _ => return Err(Verdict::No),
    };
    require(sound > 0 && sound <= 480 && sound.is_multiple_of(frame))?;
    Ok(Verdict::Likely)
}

/// A packet with its length in front (RFC 4571 §2).
fn rtp_stream(head: &mut Reader<'_>) -> Judged {
    head.big16(13..=1_500)?;
    head.byte_of(&[0x80, 0x90])?;
    let kind = head.byte()? & 0x7f;
    require(matches!(kind, 0 | 3..=18 | 25 | 26 | 28 | 31..=34 | 96..))?;
    head.take(10)?;
    Ok(Verdict::Likely)
}

/// A set-up of Q.931 in a TPKT (H.225.0): discriminator 8, a call reference of two bytes, SETUP.
fn h323(head: &mut Reader<'_>) -> Judged {
    head.literal(&[3, 0])?;
    head.big16(10..=4_096)?;
    head.literal(&[8, 2])?;
    head.take(2)?;
    head.literal(&[5])?;
    Ok(Verdict::Yes)
}

/// A station's message: a length, a version of the header, a number that exists.
fn skinny(head: &mut Reader<'_>) -> Judged {
    head.little32(4..=2_000)?;
    head.byte_of(&[0, 0x0a, 0x0b, 0x0f, 0x11, 0x12, 0x14, 0x16])?;
    head.literal(&[0; 3])?;
    head.little32(0..=0x0160)?;
    Ok(Verdict::Likely)
}

/// A verb, a transaction, an endpoint, a version (RFC 3435 §3.2.1).
fn mgcp(head: &mut Reader<'_>) -> Judged {
    head.word(&["AUEP ", "AUCX ", "CRCX ", "DLCX ", "EPCF ", "MDCX ", "NTFY ", "RQNT ", "RSIP "])?;
    head.until(b' ', 9, is_digit)?;
    head.until(b' ', 255, is_graphic)?;
    head.literal(b"MGCP ")?;
    Ok(Verdict::Yes)
}

/// The common header (RFC 8855 §5.1): version 1 or 2, a primitive, a short length, a conference.
fn bfcp(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[0x20, 0x40])?;
    head.byte_in(1..=18)?;
    head.big16(0..=256)?;
    head.take(8)?;
    Ok(Verdict::Likely)
}

fn icecast(head: &mut Reader<'_>) -> Judged {
    head.literal(b"SOURCE /")?;
    Ok(Verdict::Yes)
}
