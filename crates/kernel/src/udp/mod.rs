//! UDP meant for others: taken in batches, answered from the address it was meant for.
//!
//! ```text
//!   victim ── datagram to 203.0.113.9:53 ──▶ TPROXY ──▶ Taker     one UDP socket per worker
//!   victim ◀── answer from 203.0.113.9:53 ───────────── Replier   one raw socket per family
//! ```
//!
//! Answers of a [`Replier`] for [`How::Transparent`](crate::sockets::How) leave through raw
//! sockets whose UDP header is ours. A UDP socket per original port would need a table of up to
//! 65,535 of them, the right to bind low ports for ever, and would fail wherever a service of the
//! gateway already has the port. The raw sockets are opened once, while there are privileges,
//! need none later, and are bound to an address that nobody has, so that nothing arrives at them.

mod checksum;
mod control;
mod own;
mod replier;
mod sockaddr;
mod taker;
mod transfer;

use model::{OrigDst, Victim};

pub use own::own_address;
pub use replier::{Replier, Reply};
pub use taker::{Taken, Taker};

pub(crate) use transfer::Inlet;

/// Most payload one UDP datagram can have: 65,535 bytes less the UDP header (RFC 768), which only
/// IPv6 can fill; IPv4 ends at 65,507.
pub const LONGEST_DATAGRAM: usize = 65_527;

/// Source port, destination port, length, checksum: two bytes each (RFC 768).
pub(crate) const UDP_HEADER: usize = 8;

/// Whom a datagram is between. The same for both directions, so it names the conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ends {
    /// Who called.
    pub victim: Victim,
    /// Whom they meant.
    pub orig_dst: OrigDst,
    /// Index of the interface an IPv6 link-local victim is behind; 0 for every other address.
    /// Without it an answer to `fe80::…` has no way to go.
    pub link: u32,
}

/// One datagram from a victim.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Datagram<'a> {
    /// Whom it is between.
    pub ends: Ends,
    /// Its payload, whole.
    pub bytes: &'a [u8],
}
