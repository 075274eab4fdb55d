//! Shells and screens on other machines.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("ssh", Stream, &[22, 2222], ssh),
    marked("x11", Stream, &[6000, 6001], x11),
    marked("teamviewer", Stream, &[5938], teamviewer),
    shaped("ssh", Stream, &[22, 2222], ssh_after_an_empty_line),
    marked("teamviewer", Datagram, &[5938], teamviewer),
];

/// The identification string (RFC 4253 §4.2).
fn ssh(head: &mut Reader<'_>) -> Judged {
    head.literal(b"SSH-")?;
    head.byte_of(b"12")?;
    head.literal(b".")?;
    head.byte_in(b'0'..=b'9')?;
    Ok(Verdict::Yes)
}

/// An empty line may be sent first, by people who try.
fn ssh_after_an_empty_line(head: &mut Reader<'_>) -> Judged {
    head.literal(b"\r\n")?;
    Ok(Verdict::OnItsPort)
}

/// Byte order, then version 11.0 in that order (X Window System Protocol, §8).
fn x11(head: &mut Reader<'_>) -> Judged {
    let order = head.byte_of(b"lB")?;
    head.byte()?;
    match order {
        b'l' => head.literal(&[11, 0, 0, 0])?,
        _ => head.literal(&[0, 11, 0, 0])?,
    }
    Ok(Verdict::Yes)
}

/// The magic of both of its formats, with a command after it.
fn teamviewer(head: &mut Reader<'_>) -> Judged {
    match head.byte_of(&[0x17, 0x11])? {
        0x17 => head.literal(&[0x24])?,
        _ => head.literal(&[0x30])?,
    }
    head.byte_in(0x0a..=0x45)?;
    head.byte_of(&[0, 1, 2])?;
    Ok(Verdict::Likely)
}
