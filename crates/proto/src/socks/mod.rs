//! SOCKS 4, 4a and 5 (RFC 1928, RFC 1929), as a proxy that lets everybody through to everybody.

mod machine;
mod message;
mod probe;

use crate::{Carrier, First, Place, Protocol};

use machine::Socks;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "socks",
    carrier: Carrier::Stream,
    ports: &[1080, 1081, 9050, 9150, 10_808],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Socks::default()),
};
