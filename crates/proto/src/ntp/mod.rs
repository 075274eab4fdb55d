//! The time over UDP: NTP and SNTP of versions 1 to 4 (RFC 5905, RFC 4330), and what is asked of a
//! server about itself (RFC 9327), as a server that has its time from a better one.

mod control;
mod machine;
mod message;
mod probe;
mod upstream;

use crate::{Carrier, First, Place, Protocol};

use machine::Ntp;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "ntp",
    carrier: Carrier::Datagram,
    ports: &[123],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Ntp::default()),
};
