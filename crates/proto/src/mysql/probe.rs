//! Whether a stream begins with a client's side of a handshake.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, require};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A handshake response (Protocol::HandshakeResponse41): number 1, capabilities with the bit of version
/// 4.1, a packet size, a character set, 23 zeros (MariaDB keeps bits in the last four). Inside TLS it
/// is number 2.
fn judge(head: &mut Reader<'_>) -> Judged {
    head.little24(32..=0xffff)?;
    head.byte_of(&[1, 2])?;
    head.byte()?;
    require(head.byte()? & 0x02 != 0)?;
    head.take(2)?;
    head.little32(0..=0x4000_0000)?;
    head.byte()?;
    head.literal(&[0; 19])?;
    Ok(Verdict::Yes)
}
