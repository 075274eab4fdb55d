//! HTTP/1 (RFC 9110, RFC 9112), as a server that has every page.

use crate::{Carrier, Cx, Input, Machine, Out, Protocol, Verdict};

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "http",
    carrier: Carrier::Stream,
    ports: &[80, 8080],
    probe: |_| Verdict::No,
    start: || Box::new(Http),
};

struct Http;

impl Machine for Http {
    fn on(&mut self, _input: Input<'_>, _cx: &Cx<'_>, _out: &mut Out) {}
}
