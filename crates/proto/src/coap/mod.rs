//! Small devices: CoAP (RFC 7252) over UDP, as one that measures a room and lets itself be set.

mod machine;
mod message;
mod probe;

use crate::{Carrier, First, Place, Protocol};

use machine::Device;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "coap",
    carrier: Carrier::Datagram,
    ports: &[5683],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Device::default()),
};
