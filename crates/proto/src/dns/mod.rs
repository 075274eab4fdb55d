//! DNS (RFC 1034, RFC 1035), as a resolver that knows every name.
//!
//! ```text
//!   bytes ─▶ machine ─▶ plain ──────────────────────────────┐  one A or AAAA question: by hand
//!               │                                           │
//!               └─▶ message ─▶ resolver ─▶ static_names     │  everything else
//!                                 │        made_up, zone,   │
//!                                 │        reverse, …       │
//!                                 └──────▶ answers ◀────────┘  addresses and times to live
//!                                             │
//!                                        address_book          every name has its own
//! ```

mod address_book;
mod answers;
mod chaos;
mod localhost;
mod machine;
mod made_up;
mod message;
mod name;
mod place;
mod plain;
mod presentation;
mod probe;
#[cfg(test)]
mod properties;
mod public_looking;
mod resolver;
mod reverse;
mod static_names;
mod zone;

use crate::{Carrier, First, Protocol};

pub use answers::{Answers, Mode, Settings, Ttl};
pub use machine::answer_message;
pub use static_names::{StaticAnswer, StaticName, StaticNameError, StaticRecords};

use machine::{OverTcp, OverUdp};

pub(crate) const OVER_TCP: Protocol = Protocol {
    name: "dns",
    carrier: Carrier::Stream,
    ports: &[53],
    first: First::Client,
    probe: probe::stream,
    start: || Box::new(OverTcp::default()),
};

pub(crate) const OVER_UDP: Protocol = Protocol {
    name: "dns",
    carrier: Carrier::Datagram,
    ports: &[53],
    first: First::Client,
    probe: probe::datagram,
    start: || Box::new(OverUdp),
};
