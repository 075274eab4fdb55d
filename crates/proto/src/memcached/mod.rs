//! Memcached: its text and binary protocols on streams, and the same in datagrams, as a server that
//! holds what this client stored.
//!
//! ```text
//!   bytes, datagrams ─▶ machine ─▶ server ─┬─▶ text      lines, and values after them
//!                                          └─▶ binary    packets, SASL
//!                                                └─▶ items   what is stored, in bounds
//! ```

mod binary;
mod items;
mod machine;
mod probe;
mod server;
mod statistics;
mod text;
mod value;

use crate::{Carrier, First, Place, Protocol};

use machine::{Datagrams, Memcached};

pub(crate) const STREAM: Protocol = Protocol {
    name: "memcached",
    carrier: Carrier::Stream,
    ports: &[11_211, 11_212],
    first: First::Client,
    place: Place::Marked,
    probe: probe::stream,
    start: || Box::new(Memcached::default()),
};

pub(crate) const DATAGRAM: Protocol = Protocol {
    name: "memcached",
    carrier: Carrier::Datagram,
    ports: &[11_211],
    first: First::Client,
    place: Place::Marked,
    probe: probe::datagram,
    start: || Box::new(Datagrams::default()),
};

/// What Memcached servers are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// Which logins are right (`memcached.accept`). Who does not log in is served as well.
    pub accept: crate::logins::Accept,
    /// How many bytes the items of one connection take (`memcached.memory`).
    pub memory: usize,
}

impl Default for Settings {
    /// As nobody has set anything.
    fn default() -> Self {
        Self { accept: crate::logins::Accept::default(), memory: 1 << 20 }
    }
}
