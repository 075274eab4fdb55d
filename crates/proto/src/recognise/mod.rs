//! Who speaks? One question, asked of the first bytes of a flow: on the wire, inside TLS, behind a
//! proxy, after an upgrade.
//!
//! ```text
//!   first bytes ─▶ what has a mark ─▶ what has only a shape ─▶ the best verdict
//!                  (fixed bytes)      (anybody's look)         the port breaks ties
//! ```
//!
//! A row that we speak has a machine; a *signature* has only a name. While a row that was asked
//! earlier could still say yes, nobody is named, so how a stream is cut does not show.

mod applications;
mod databases;
mod file_transfer;
mod games_and_phones;
mod industrial;
mod mail;
mod malware;
mod messaging;
mod monitoring;
mod network;
pub(crate) mod reader;
mod remote_access;
mod tunnels;
mod voice;
mod windows;
mod wrappings;

use std::sync::LazyLock;

use model::Basis;

use crate::{Carrier, PROTOCOLS, Place, Protocol, Verdict, raw};

use reader::{Judged, Reader};

/// A protocol that we can name and do not speak.
#[derive(Clone, Copy, Debug)]
pub struct Signature {
    /// Its name in the database and in reports.
    pub name: &'static str,
    /// What carries it.
    pub carrier: Carrier,
    /// Ports where it is expected.
    pub ports: &'static [u16],
    place: Place,
    probe: fn(&mut Reader<'_>) -> Judged,
}

const fn marked(
    name: &'static str,
    carrier: Carrier,
    ports: &'static [u16],
    probe: fn(&mut Reader<'_>) -> Judged,
) -> Signature {
    Signature { name, carrier, ports, place: Place::Marked, probe }
}

const fn shaped(
    name: &'static str,
    carrier: Carrier,
    ports: &'static [u16],
    probe: fn(&mut Reader<'_>) -> Judged,
) -> Signature {
    Signature { name, carrier, ports, place: Place::Shaped, probe }
}

/// Signatures by topic. Order is precedence, as in [`PROTOCOLS`].
static TOPICS: &[&[Signature]] = &[
    wrappings::SIGNATURES,
    tunnels::SIGNATURES,
    mail::SIGNATURES,
    remote_access::SIGNATURES,
    windows::SIGNATURES,
    file_transfer::SIGNATURES,
    messaging::SIGNATURES,
    malware::SIGNATURES,
    databases::SIGNATURES,
    applications::SIGNATURES,
    voice::SIGNATURES,
    industrial::SIGNATURES,
    monitoring::SIGNATURES,
    network::SIGNATURES,
    games_and_phones::SIGNATURES,
];

/// Every protocol that we can name and do not speak.
pub fn signatures() -> impl Iterator<Item = &'static Signature> {
    TOPICS.iter().copied().flatten()
}

/// What the first bytes of a flow turned out to be.
#[derive(Clone, Copy, Debug)]
pub enum Recognised {
    /// This protocol, which we speak.
    As(&'static Protocol, Basis),
    /// This protocol, which we do not speak: it is recorded and answered with silence.
    Named(&'static Signature, Basis),
    /// Too few bytes to tell.
    NotYet,
    /// Nothing we know; this row records it and stays silent.
    Unknown(&'static Protocol),
}

impl Recognised {
    /// What it is called, once that is known.
    #[must_use]
    pub fn name(&self) -> Option<&'static str> {
        match self {
            Self::As(protocol, _) | Self::Unknown(protocol) => Some(protocol.name),
            Self::Named(signature, _) => Some(signature.name),
            Self::NotYet => None,
        }
    }
}

/// Asks everybody, in order: content first, the port as a hint.
///
/// The answer for a stream, once there is one, is the same for whatever comes after. A datagram is
/// whole, and is settled at once.
#[must_use]
pub fn recognise(seen: &[u8], carrier: Carrier, port: u16) -> Recognised {
    match carrier {
        Carrier::Datagram => settle(seen, carrier, port),
        Carrier::Stream => ask(seen, carrier, port, Patience::Waits),
    }
}

/// The same of a peer that was greeted. Who greeted goes on if what came fits, even if that is the
/// beginning of anything else as well; so it does if a whole line of text is nobody else's yet.
#[must_use]
pub fn recognise_greeted(seen: &[u8], port: u16, greeter: &'static Protocol) -> Recognised {
    let goes_on = Recognised::As(greeter, Basis::Port);
    if matches!((greeter.probe)(seen), Verdict::Yes | Verdict::Likely | Verdict::OnItsPort) {
        return goes_on;
    }
    match recognise(seen, Carrier::Stream, port) {
        Recognised::NotYet if is_line(seen) => goes_on,
        recognised => recognised,
    }
}

/// Whether there is a whole line, and only text in it.
fn is_line(seen: &[u8]) -> bool {
    let mut lines = seen.split_inclusive(|byte| *byte == b'\n');
    lines
        .next()
        .and_then(|line| line.strip_suffix(b"\n"))
        .is_some_and(|line| line.iter().all(|byte| reader::is_text(*byte)))
}

/// The answer if no more will come: the peer has ended its side, or has been silent for long. The
/// best candidate wins, even a weak one.
///
/// On a port of its own, a datagram is taken for that port's protocol even if it is broken: a good
/// server answers nonsense in its own way. A stream has to look as if it could become one.
#[must_use]
pub fn settle(seen: &[u8], carrier: Carrier, port: u16) -> Recognised {
    ask(seen, carrier, port, Patience::Spent)
}

/// Whether more bytes may come.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Patience {
    Waits,
    Spent,
}

/// How good an answer is. Order is precedence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Sure,
    /// Sure, but not where it is expected: a multicast DNS question is a DNS question.
    SureElsewhere,
    LikelyHere,
    LikelyElsewhere,
    /// The port alone speaks for it.
    Expected,
}

impl Rank {
    fn basis(self) -> Basis {
        if self == Self::Expected { Basis::Port } else { Basis::Content }
    }
}

fn ask(seen: &[u8], carrier: Carrier, port: u16, patience: Patience) -> Recognised {
    let mut best: Option<(Rank, Candidate)> = None;
    let mut undecided = false;
    for &candidate in candidates(carrier) {
        let verdict = candidate.probe(seen);
        if verdict == Verdict::No && carrier == Carrier::Stream {
            // Whatever the port; most answers are this one.
            continue;
        }
        undecided |= verdict == Verdict::NeedMore && patience == Patience::Waits;
        match rank(verdict, carrier, candidate.ports().contains(&port)) {
            Some(Rank::Sure) if !undecided => return candidate.recognised(Basis::Content),
            Some(rank) if best.is_none_or(|(best, _)| rank < best) => {
                best = Some((rank, candidate));
            }
            _ => {}
        }
    }
    match best {
        _ if undecided => Recognised::NotYet,
        Some((rank, candidate)) => candidate.recognised(rank.basis()),
        None => Recognised::Unknown(nobody(carrier)),
    }
}

/// What a verdict is worth on this port.
fn rank(verdict: Verdict, carrier: Carrier, is_expected: bool) -> Option<Rank> {
    match verdict {
        Verdict::Yes if is_expected || carrier == Carrier::Stream => Some(Rank::Sure),
        Verdict::Yes => Some(Rank::SureElsewhere),
        Verdict::Likely | Verdict::OnItsPort if is_expected => Some(Rank::LikelyHere),
        Verdict::Likely => Some(Rank::LikelyElsewhere),
        Verdict::NeedMore if is_expected => Some(Rank::Expected),
        Verdict::No if is_expected && carrier == Carrier::Datagram => Some(Rank::Expected),
        Verdict::No | Verdict::NeedMore | Verdict::OnItsPort => None,
    }
}

fn nobody(carrier: Carrier) -> &'static Protocol {
    match carrier {
        Carrier::Datagram => &raw::DATAGRAM,
        Carrier::Stream => &raw::STREAM,
    }
}

/// A row that may be asked.
#[derive(Clone, Copy, Debug)]
enum Candidate {
    Named(&'static Signature),
    Spoken(&'static Protocol),
}

/// Everybody on this carrier, in order: of those that are asked together, first whom we speak.
fn candidates(carrier: Carrier) -> &'static [Candidate] {
    static OVER_TCP: LazyLock<Vec<Candidate>> = LazyLock::new(|| in_order(Carrier::Stream));
    static OVER_UDP: LazyLock<Vec<Candidate>> = LazyLock::new(|| in_order(Carrier::Datagram));
    match carrier {
        Carrier::Stream => &OVER_TCP,
        Carrier::Datagram => &OVER_UDP,
    }
}

fn in_order(carrier: Carrier) -> Vec<Candidate> {
    let asked = |place| {
        let spoken = PROTOCOLS.iter().filter(move |row| row.place == place);
        let named = signatures().filter(move |row| row.place == place);
        spoken.map(Candidate::Spoken).chain(named.map(Candidate::Named))
    };
    let all = asked(Place::Marked).chain(asked(Place::Shaped));
    all.filter(|candidate| candidate.carrier() == carrier).collect()
}

impl Candidate {
    fn carrier(self) -> Carrier {
        match self {
            Self::Named(row) => row.carrier,
            Self::Spoken(row) => row.carrier,
        }
    }

    fn ports(self) -> &'static [u16] {
        match self {
            Self::Named(row) => row.ports,
            Self::Spoken(row) => row.ports,
        }
    }

    fn probe(self, seen: &[u8]) -> Verdict {
        match self {
            Self::Named(row) => (row.probe)(&mut Reader::new(seen)).unwrap_or_else(|left| left),
            Self::Spoken(row) => (row.probe)(seen),
        }
    }

    fn recognised(self, by: Basis) -> Recognised {
        match self {
            Self::Named(row) => Recognised::Named(row, by),
            Self::Spoken(row) => Recognised::As(row, by),
        }
    }
}
