//! Shells and screens on other machines.

use crate::Carrier::{Datagram, Stream};
use crate::Verdict;

use super::reader::{Judged, Reader, is_digit, is_graphic, is_printable, is_text, require};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("ssh", Stream, &[22, 2222], ssh),
    marked("adb", Stream, &[5555], adb),
    marked("x11", Stream, &[6000, 6001], x11),
    marked("teamviewer", Stream, &[5938], teamviewer),
    shaped("ssh", Stream, &[22, 2222], ssh_after_an_empty_line),
    shaped("rsh", Stream, &[514], rsh),
    shaped("rexec", Stream, &[512], rsh),
    shaped("rlogin", Stream, &[513], rlogin),
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

/// A message that opens a connection, or begins TLS: command, two arguments, and the command's
/// complement at the end.
fn adb(head: &mut Reader<'_>) -> Judged {
    match head.byte_of(b"CSA")? {
        b'C' => head.literal(b"NXN")?,
        b'S' => head.literal(b"TLS")?,
        _ => head.literal(b"UTH")?,
    }
    head.literal(&[])?;
    head.little32(0..=0x0100_ffff)?;
    Ok(Verdict::Yes)
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

/// The port for standard error, as text: 0, or one below 1024 (the manual of rcmd).
fn rsh(head: &mut Reader<'_>) -> Judged {
    let port = head.until(0, 5, is_digit)?;
    require(!port.is_empty())?;
    Ok(Verdict::OnItsPort)
}

/// A NUL, then three strings: user here, user there, terminal and speed (RFC 1282).
fn rlogin(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0])?;
    let first = head.rest().iter().take_while(|byte| is_graphic(**byte)).count();
    if first > 64 {
        return Ok(Verdict::OnItsPort);
    }
    require(!head.until(0, 64, is_graphic)?.is_empty())?;
    head.until(0, 64, is_text)?;
    let terminal = head.until(0, 64, is_printable)?;
    require(terminal.contains(&b'/'))?;
    Ok(Verdict::Yes)
}
