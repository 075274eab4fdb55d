//! A shell that somebody left at a port: no greeting, no login, no prompt. Lines are taken by whoever
//! listens, and what they write is all that comes back.

mod machine;
mod probe;

use crate::{Carrier, First, Place, Protocol};

use machine::BindShell;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "bind-shell",
    carrier: Carrier::Stream,
    ports: &[1524, 4444, 31_337],
    first: First::Client,
    place: Place::Shaped,
    probe: probe::probe,
    start: || Box::new(BindShell::default()),
};
