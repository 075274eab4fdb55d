//! Printers: bytes that are printed as they come (port 9100), and the line printer daemon (RFC 1179).
//! What is printed is kept.

mod job;
mod lpd;
mod raw;

use crate::recognise::reader::{Judged, Reader, is_printable};
use crate::{Carrier, First, Place, Protocol, Verdict};

use lpd::Daemon;
use raw::Printer;

pub(crate) const RAW: Protocol = Protocol {
    name: "jetdirect",
    carrier: Carrier::Stream,
    ports: &[9100, 9101, 9102],
    first: First::Client,
    place: Place::Marked,
    probe: raw_probe,
    start: || Box::new(Printer::default()),
};

pub(crate) const LPD: Protocol = Protocol {
    name: "lpd",
    carrier: Carrier::Stream,
    ports: &[515],
    first: First::Client,
    place: Place::Marked,
    probe: |seen| lpd_line(&mut Reader::new(seen)).unwrap_or_else(|left| left),
    start: || Box::new(Daemon::default()),
};

/// What a job begins with that says in which language it is written (PJL reference §2).
const UNIVERSAL_EXIT: &[u8] = b"\x1b%-12345X";

/// Whatever comes to a printer is printed.
fn raw_probe(seen: &[u8]) -> Verdict {
    if seen.starts_with(UNIVERSAL_EXIT) {
        Verdict::Yes
    } else if UNIVERSAL_EXIT.starts_with(seen) {
        Verdict::NeedMore
    } else {
        Verdict::OnItsPort
    }
}

/// A command of one byte, and a queue (RFC 1179 §5).
fn lpd_line(head: &mut Reader<'_>) -> Judged {
    head.byte_in(1..=5)?;
    head.until(b'\n', 256, is_printable)?;
    Ok(Verdict::OnItsPort)
}
