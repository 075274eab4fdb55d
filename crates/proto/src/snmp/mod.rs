//! What a machine says of itself to those who watch it: SNMP of versions 1 (RFC 1157), 2c (RFC 3416)
//! and 3 (RFC 3412, RFC 3414), as a server that everybody may read and nobody may change.
//!
//! ```text
//!   datagram ─▶ machine ─┬─▶ message    versions 1 and 2c: a community
//!                        ├─▶ user_based version 3: a user, and a digest of the message
//!                        └─▶ pdu ─▶ mib what is asked for, by its place in the tree
//! ```

mod ber;
mod machine;
mod message;
mod mib;
mod pdu;
mod probe;
mod user_based;

use crate::{Carrier, First, Place, Protocol};

use machine::Agent;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "snmp",
    carrier: Carrier::Datagram,
    ports: &[161, 162],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Agent::default()),
};
