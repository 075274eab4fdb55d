//! What fits a small service on its port.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, is_digit, is_graphic, is_printable, require};

/// Whatever it is.
pub(super) fn anything(_: &[u8]) -> Verdict {
    Verdict::OnItsPort
}

pub(super) fn finger(seen: &[u8]) -> Verdict {
    judged(seen, finger_line)
}

pub(super) fn gopher(seen: &[u8]) -> Verdict {
    judged(seen, gopher_line)
}

pub(super) fn ident(seen: &[u8]) -> Verdict {
    judged(seen, ident_line)
}

pub(super) fn whois(seen: &[u8]) -> Verdict {
    judged(seen, whois_line)
}

fn judged(seen: &[u8], judge: fn(&mut Reader<'_>) -> Judged) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A line, empty for everybody (RFC 1288 §2.3). Longer than any name, it is an attack on finger.
fn finger_line(head: &mut Reader<'_>) -> Judged {
    if head.rest().len() > 256 && head.all(256, is_printable).is_ok() {
        return Ok(Verdict::OnItsPort);
    }
    head.line(256)?;
    Ok(Verdict::OnItsPort)
}

/// A selector, empty for the first menu (RFC 1436 §2).
fn gopher_line(head: &mut Reader<'_>) -> Judged {
    head.line(1_024)?;
    Ok(Verdict::OnItsPort)
}

/// Two ports with a comma between (RFC 1413 §3).
fn ident_line(head: &mut Reader<'_>) -> Judged {
    let line = head.line(32)?;
    let fits = |byte: &u8| byte.is_ascii_digit() || matches!(byte, b' ' | b',');
    require(line.iter().all(fits) && line.contains(&b','))?;
    Ok(Verdict::OnItsPort)
}

/// A line (RFC 3912 §2).
fn whois_line(head: &mut Reader<'_>) -> Judged {
    let line = head.line(512)?;
    require(line.first().is_some_and(|byte| is_graphic(*byte) || is_digit(*byte)))?;
    Ok(Verdict::OnItsPort)
}
