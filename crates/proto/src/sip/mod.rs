//! Calls: SIP (RFC 3261) over UDP, TCP and TLS, as a telephone server on which nobody is free.

mod machine;
mod probe;
mod reply;

use crate::logins::Accept;
use crate::{Carrier, First, Place, Protocol};

use machine::{OverTcp as TcpMachine, OverUdp as UdpMachine};

pub(crate) const OVER_TCP: Protocol = Protocol {
    name: "sip",
    carrier: Carrier::Stream,
    ports: &[5060, 5061],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(TcpMachine::default()),
};

pub(crate) const OVER_UDP: Protocol = Protocol {
    carrier: Carrier::Datagram,
    ports: &[5060],
    start: || Box::new(UdpMachine::default()),
    ..OVER_TCP
};

/// What telephone servers are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`sip.accept`).
    pub accept: Accept,
}
