//! Tickets of Windows: Kerberos (RFC 4120), over TCP and UDP, as far as the proof of a password.
//!
//! ```text
//!   request of a ticket ─▶ prove who you are ─▶ request with a proof ─▶ noted, and refused
//! ```

mod answer;
mod machine;
mod request;

use crate::one_by_one::OneByOne;
use crate::recognise::reader::{Judged, Reader, require};
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::{OverTcp, OverUdp};

/// On a stream.
pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "kerberos",
    carrier: Carrier::Stream,
    ports: &[88],
    first: First::Client,
    place: Place::Marked,
    probe: probe_stream,
    start: || Box::<OneByOne<OverTcp>>::default(),
};

/// In single datagrams.
pub(crate) const OVER_UDP: Protocol = Protocol {
    carrier: Carrier::Datagram,
    probe: probe_datagram,
    start: || Box::new(OverUdp::default()),
    ..PROTOCOL
};

/// A message with its length in front (RFC 4120 §7.2.2).
fn probe_stream(seen: &[u8]) -> Verdict {
    let mut head = Reader::new(seen);
    head.big32(20..=0x4_0000).and_then(|_| judge(&mut head)).unwrap_or_else(|left| left)
}

fn probe_datagram(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// `[APPLICATION n] SEQUENCE { [1] 5, [2] type }`: a request to the KDC (RFC 4120 §5.4.1).
fn judge(head: &mut Reader<'_>) -> Judged {
    let tag = head.byte_of(&[0x6a, 0x6c])?;
    head.ber_length()?;
    head.literal(&[0x30])?;
    head.ber_length()?;
    head.literal(&[0xa1, 3, 2, 1, 5, 0xa2, 3, 2, 1])?;
    require(head.byte()? == tag - 0x60)?;
    Ok(Verdict::Yes)
}
