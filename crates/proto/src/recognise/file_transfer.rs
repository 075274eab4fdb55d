//! Files from one machine to another.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, is_digit, is_printable, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    shaped("ftp-data", Stream, &[20], directory_listing),
    marked("svn", Stream, &[3690], svn),
    marked("bittorrent", Stream, &[6881, 6882, 6883, 6889, 6969, 51413], bittorrent),
    marked("bittorrent", Stream, &[], sync),
    shaped("bittorrent", Stream, &[6881, 6882, 6883, 6889, 51413], encrypted_peer),
    marked("bittorrent-dht", Datagram, &[6881], dht),
    marked("bittorrent-utp", Datagram, &[], utp),
    marked("bittorrent-tracker", Datagram, &[6969, 1337, 2710], udp_tracker),
    marked("edonkey", Stream, &[4661, 4662], edonkey),
    marked("gnutella", Stream, &[6346, 6347], gnutella),
    marked("afp", Stream, &[548], apple_filing),
    marked("iscsi", Stream, &[860, 3260], iscsi),
    marked("lustre", Stream, &[988], lustre),
];

/// What `ls -l` prints, sent to where the other side said it listens.
fn directory_listing(head: &mut Reader<'_>) -> Judged {
    if head.rest().first() == Some(&b't') {
        head.literal(b"total ")?;
        let blocks = head.line(12)?;
        require(blocks.iter().all(u8::is_ascii_digit))?;
    }
    head.byte_of(b"-dlbcps")?;
    head.all(9, |letter| b"-rwxsStT".contains(&letter))?;
    Ok(Verdict::Yes)
}

/// The client's version and capabilities, after the server's.
fn svn(head: &mut Reader<'_>) -> Judged {
    head.literal(b"( ")?;
    head.all(1, is_digit)?;
    head.literal(b" ( ")?;
    Ok(Verdict::Yes)
}

/// A handshake (BEP 3).
fn bittorrent(head: &mut Reader<'_>) -> Judged {
    head.literal(b"\x13BitTorrent protocol")?;
    Ok(Verdict::Yes)
}

/// The handshake of BitTorrent Sync.
fn sync(head: &mut Reader<'_>) -> Judged {
    head.literal(b"BSYNC\0")?;
    Ok(Verdict::Yes)
}

/// A public key of 96 bytes and padding: nothing but chance, and the port.
fn encrypted_peer(head: &mut Reader<'_>) -> Judged {
    let key = head.take(96)?;
    let zeros = key.iter().filter(|byte| **byte == 0).count();
    let text = key.iter().filter(|byte| is_printable(**byte)).count();
    require(zeros < 8 && text < 64)?;
    Ok(Verdict::OnItsPort)
}

/// A dictionary (BEP 5) whose first key is one of a query, an answer or an error.
fn dht(head: &mut Reader<'_>) -> Judged {
    head.literal(b"d1:")?;
    head.byte_of(b"arel")?;
    head.byte_of(b"dl0123456789")?;
    require(head.rest().ends_with(b"e"))?;
    Ok(Verdict::Yes)
}

/// A SYN (BEP 29): type 4, version 1, number 1 and nothing to acknowledge.
fn utp(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x41])?;
    head.byte_in(0..=2)?;
    head.take(6)?;
    head.literal(&[0; 4])?;
    head.take(4)?;
    head.literal(&[0, 1, 0, 0])?;
    Ok(Verdict::Yes)
}

/// A connection request: a magic number and action 0 (BEP 15).
fn udp_tracker(head: &mut Reader<'_>) -> Judged {
    require(head.rest().len() == 16)?;
    head.literal(&[0, 0, 4, 0x17, 0x27, 0x10, 0x19, 0x80, 0, 0, 0, 0])?;
    Ok(Verdict::Yes)
}

/// A hello to a server or to a peer, with its length and a user's hash.
fn edonkey(head: &mut Reader<'_>) -> Judged {
    head.byte_of(&[0xe3, 0xc5, 0xd4])?;
    head.little32(18..=4_096)?;
    match head.byte_of(&[0x01])? {
        1 => Ok(Verdict::Likely),
        _ => Err(Verdict::No),
    }
}

fn gnutella(head: &mut Reader<'_>) -> Judged {
    head.literal(b"GNUTELLA CONNECT/")?;
    Ok(Verdict::Yes)
}

/// A DSI request to open a session or to ask for status; no error code, reserved zero.
fn apple_filing(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0])?;
    head.byte_of(&[3, 4])?;
    head.take(2)?;
    head.literal(&[0; 4])?;
    head.big32(0..=64)?;
    head.literal(&[0; 4])?;
    Ok(Verdict::Yes)
}

/// A login request (RFC 7143 §11.12): immediate, some stage, version 0, text after it.
fn iscsi(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x43])?;
    head.byte_of(&[0x81, 0x83, 0x87, 0x01, 0x41, 0x04, 0x00])?;
    head.literal(&[0, 0, 0])?;
    head.big24(1..=0x2000)?;
    Ok(Verdict::Yes)
}

/// LNET's request to be accepted: its magic in the sender's byte order, version 1.
fn lustre(head: &mut Reader<'_>) -> Judged {
    if head.byte_of(&[0x00, 0xac])? == 0 {
        head.literal(&[0x71, 0xce, 0xac, 1, 0, 0, 0])?;
    } else {
        head.literal(&[0xce, 0x71, 0x00, 0, 0, 0, 1])?;
    }
    Ok(Verdict::Yes)
}
