//! Every protocol we speak, in one table, and the question who speaks.

use model::Basis;

use crate::{Machine, dns, http, raw, socks, tls, websocket};

/// How sure a probe is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// These bytes are this protocol.
    Yes,
    /// Could be; more bytes would tell.
    NeedMore,
    /// They are not.
    No,
}

/// Whether a protocol sees a stream of bytes or one datagram at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Carrier {
    /// UDP.
    Datagram,
    /// TCP, or what is inside TLS.
    Stream,
}

/// One row of the table: all that the rest of the program knows of a protocol.
#[derive(Clone, Copy, Debug)]
pub struct Protocol {
    /// Its name in configuration, in the database and in reports.
    pub name: &'static str,
    /// What carries it.
    pub carrier: Carrier,
    /// Ports where it is expected.
    pub ports: &'static [u16],
    /// Judges the first bytes a peer sent.
    pub probe: fn(&[u8]) -> Verdict,
    /// Makes a machine for one flow.
    pub start: fn() -> Box<dyn Machine>,
}

/// A row is its name and what carries it.
impl PartialEq for Protocol {
    fn eq(&self, other: &Self) -> bool {
        (self.name, self.carrier) == (other.name, other.carrier)
    }
}

impl Eq for Protocol {}

/// The table. Order is precedence: the first row that says yes wins.
pub static PROTOCOLS: &[Protocol] = &[
    tls::PROTOCOL,
    http::PROTOCOL,
    socks::PROTOCOL,
    dns::OVER_TCP,
    dns::OVER_UDP,
    websocket::PROTOCOL,
];

/// What the first bytes of a flow turned out to be.
#[derive(Clone, Copy, Debug)]
pub enum Recognised {
    /// This protocol.
    As(&'static Protocol, Basis),
    /// Too few bytes to tell.
    NotYet,
    /// Nothing we speak; this row records it and stays silent.
    Unknown(&'static Protocol),
}

/// Asks every row of the table, in order: content first, the port as a hint.
///
/// A datagram is whole, so on a known port it is taken for that port's protocol even if it is
/// broken: a good server answers nonsense in its own way.
#[must_use]
pub fn recognise(seen: &[u8], carrier: Carrier, port: u16) -> Recognised {
    let mut undecided = false;
    for protocol in PROTOCOLS.iter().filter(|protocol| protocol.carrier == carrier) {
        match (protocol.probe)(seen) {
            Verdict::Yes => return Recognised::As(protocol, Basis::Content),
            Verdict::NeedMore => undecided = true,
            Verdict::No => {}
        }
    }
    match carrier {
        Carrier::Stream if undecided => Recognised::NotYet,
        Carrier::Stream => Recognised::Unknown(&raw::STREAM),
        Carrier::Datagram => expected_on(port, carrier)
            .map_or(Recognised::Unknown(&raw::DATAGRAM), |row| Recognised::As(row, Basis::Port)),
    }
}

/// The row for a peer that ended its side before it could be recognised.
#[must_use]
pub fn silent_peer() -> &'static Protocol {
    &raw::STREAM
}

fn expected_on(port: u16, carrier: Carrier) -> Option<&'static Protocol> {
    PROTOCOLS.iter().find(|row| row.carrier == carrier && row.ports.contains(&port))
}
