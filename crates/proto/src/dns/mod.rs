//! DNS (RFC 1034, RFC 1035), as a resolver that knows every name.
//!
//! ```text
//!   bytes ─▶ machine ─▶ plain ──────────────────────────────┐  one A or AAAA question: by hand
//!               │                                           │
//!               └─▶ message ─▶ resolver ─▶ static_names     │  everything else
//!                                 │        walk ◀───────────┤  names that are denied
//!                                 │        made_up, zone,   │
//!                                 │        reverse, …       │
//!                                 └──────▶ answers ◀────────┘  addresses and times to live
//!                                             │
//!                                        address_book          every name has its own
//! ```

mod address_book;
mod answers;
mod chaos;
mod connectivity;
mod denial;
mod import;
mod link;
mod localhost;
mod machine;
mod made_up;
mod message;
mod name;
mod pattern;
mod place;
mod plain;
mod presentation;
mod probe;
#[cfg(test)]
mod properties;
mod public_looking;
mod random_looking;
mod resolver;
mod reverse;
mod static_names;
mod walk;
mod zone;

use crate::{Carrier, First, Place, Protocol};

pub use answers::{Answers, Mode, Settings, Ttl};
pub use denial::Denial;
pub use import::{ListError, ListFormat, read_list};
pub use machine::answer_message;
pub use static_names::{StaticAnswer, StaticName, StaticNameError, StaticRecords, is_record_data};
pub use walk::WalkSettings;

pub(crate) use link::address_of as link_address_of;
pub(crate) use name::registered;
pub(crate) use name::text as text_of;
pub(crate) use reverse::provider_domain;

use machine::{OverTcp, OverUdp};

pub(crate) const OVER_TCP: Protocol = Protocol {
    name: "dns",
    carrier: Carrier::Stream,
    ports: &[53],
    first: First::Client,
    place: Place::Shaped,
    probe: probe::stream,
    start: || Box::new(OverTcp::default()),
};

pub(crate) const OVER_UDP: Protocol = Protocol {
    name: "dns",
    carrier: Carrier::Datagram,
    ports: &[53],
    first: First::Client,
    place: Place::Shaped,
    probe: probe::datagram,
    start: || Box::new(OverUdp),
};

/// Names asked of everyone on the link (RFC 6762); on other ports such a message is DNS.
pub(crate) const MDNS: Protocol =
    Protocol { name: "mdns", ports: &[5353], probe: probe::mdns, ..OVER_UDP };

/// The same, as Windows does it (RFC 4795).
pub(crate) const LLMNR: Protocol =
    Protocol { name: "llmnr", ports: &[5355], probe: probe::llmnr, ..OVER_UDP };
