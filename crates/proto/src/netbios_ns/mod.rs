//! The name service of NetBIOS over UDP (RFC 1001, RFC 1002), as a Windows host on the link.

mod machine;
mod message;

use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::NameService;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "netbios-ns",
    carrier: Carrier::Datagram,
    ports: &[137],
    first: First::Client,
    place: Place::Marked,
    probe,
    start: || Box::new(NameService),
};

/// A datagram is whole: it is a request, or it is not.
fn probe(seen: &[u8]) -> Verdict {
    match message::read(seen) {
        Some(request) if request.is_question() => Verdict::Yes,
        _ => Verdict::No,
    }
}
