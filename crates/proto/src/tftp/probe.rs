//! Whether a datagram asks for a transfer.

use super::message::Packet;
use crate::Verdict;

/// A request for a file has a name and a mode that are nobody else's. The rest of a transfer belongs to
/// a conversation that began with one.
pub(super) fn probe(seen: &[u8]) -> Verdict {
    match Packet::read(seen) {
        Ok(Packet::Request(_)) => Verdict::Yes,
        Ok(_) => Verdict::OnItsPort,
        Err(_) => Verdict::No,
    }
}
