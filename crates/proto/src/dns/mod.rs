//! DNS (RFC 1034, RFC 1035), as a server that knows every name.

use std::net::IpAddr;

use crate::{Carrier, Cx, Input, Machine, Out, Protocol, Verdict};

pub(crate) const OVER_TCP: Protocol = Protocol {
    name: "dns",
    carrier: Carrier::Stream,
    ports: &[53],
    probe: |_| Verdict::No,
    start: || Box::new(Dns),
};

pub(crate) const OVER_UDP: Protocol = Protocol {
    name: "dns",
    carrier: Carrier::Datagram,
    ports: &[53],
    probe: |_| Verdict::No,
    start: || Box::new(Dns),
};

/// How DNS questions are answered.
#[derive(Debug, Default)]
pub struct Answers {}

impl Answers {
    /// The name that was given this address, if any.
    #[must_use]
    pub fn name_of(&self, _address: IpAddr) -> Option<String> {
        None
    }
}

struct Dns;

impl Machine for Dns {
    fn on(&mut self, _input: Input<'_>, _cx: &Cx<'_>, _out: &mut Out) {}
}
