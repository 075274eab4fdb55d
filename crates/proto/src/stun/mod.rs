//! What is my address? STUN (RFC 8489, RFC 3489) over UDP and TCP, as a server that sees the victim where the
//! world does; a relay (RFC 8656) it is asked to be asks for a login.

mod machine;
mod message;
mod probe;

use crate::{Carrier, First, Place, Protocol};

use machine::{OverTcp as TcpMachine, OverUdp as UdpMachine};

pub(crate) const OVER_TCP: Protocol = Protocol {
    name: "stun",
    carrier: Carrier::Stream,
    ports: &[3478, 5349],
    first: First::Client,
    place: Place::Marked,
    probe: probe::stream,
    start: || Box::new(TcpMachine::default()),
};

pub(crate) const OVER_UDP: Protocol = Protocol {
    carrier: Carrier::Datagram,
    ports: &[3478, 3479, 19302],
    probe: probe::datagram,
    start: || Box::new(UdpMachine::default()),
    ..OVER_TCP
};
