//! HTTP/1 (RFC 9110, RFC 9112), as a lenient server that has every page.

mod answer;
mod body;
mod content;
mod machine;
mod message;
mod probe;

use crate::{Carrier, Protocol};

use machine::Http;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "http",
    carrier: Carrier::Stream,
    ports: &[80, 591, 3128, 5000, 5985, 7001, 8000, 8008, 8080, 8081, 8088, 8118, 8888, 9080],
    probe: probe::probe,
    start: || Box::new(Http::default()),
};
