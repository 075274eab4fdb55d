//! Telnet (RFC 854, 855): options, a login, and behind it a shell.
//!
//! ```text
//!   bytes ─▶ options ─┬─▶ what was typed ─▶ terminal ─▶ login, then shell
//!                     └─▶ what is known of the client (RFC 1073, 1091, 1572)
//! ```

mod machine;
mod options;
mod probe;

use crate::logins::Accept;
use crate::{Carrier, First, Place, Protocol};

use machine::Telnet;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "telnet",
    carrier: Carrier::Stream,
    ports: &[23, 992, 2323],
    first: First::Server { also: &[223, 2223, 2332, 5358, 6789, 9527, 12_323, 23_023, 23_231] },
    place: Place::Shaped,
    probe: probe::probe,
    start: || Box::new(Telnet::default()),
};

/// What Telnet servers are like.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`telnet.accept`).
    pub accept: Accept,
}
