//! Who is on the link? Searches of UPnP (Device Architecture 2.0 §1.3), as the router of a small network
//! answers them.

mod machine;

use crate::recognise::reader::Reader;
use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::Router;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "ssdp",
    carrier: Carrier::Datagram,
    ports: &[1900],
    first: First::Client,
    place: Place::Marked,
    probe,
    start: || Box::new(Router::default()),
};

/// A search or an announcement with the request line it always has.
fn probe(seen: &[u8]) -> Verdict {
    let word = Reader::new(seen).word(&["M-SEARCH * HTTP/1.", "NOTIFY * HTTP/1."]);
    word.map_or_else(|left| left, |_| Verdict::Yes)
}
