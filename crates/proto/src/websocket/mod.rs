//! Websockets (RFC 6455), as a server that listens and says nothing of its own accord.
//!
//! They begin as a request of HTTP/1.1, which that machine hands to [`answer`]; if the peer may
//! switch, the flow becomes this row's.

mod handshake;
mod machine;
mod message;

pub(crate) use handshake::{Answer, answer, is_wanted};

use crate::{Carrier, First, Place, Protocol, Verdict};

use machine::Websocket;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "websocket",
    carrier: Carrier::Stream,
    ports: &[],
    first: First::Client,
    place: Place::Shaped,
    // No stream begins with frames: a handshake comes first.
    probe: |_| Verdict::No,
    start: || Box::new(Websocket::default()),
};
