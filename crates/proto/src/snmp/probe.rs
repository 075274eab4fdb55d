//! Whether a datagram is a message of SNMP.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// `SEQUENCE { version, community, PDU }` (RFC 1157 §4, RFC 3416 §3), or version 3's with a header
/// in a sequence of its own (RFC 3412 §6).
fn judge(head: &mut Reader<'_>) -> Judged {
    head.literal(&[0x30])?;
    head.ber_length()?;
    head.literal(&[2, 1])?;
    if head.byte_of(&[0, 1, 3])? == 3 {
        head.literal(&[0x30])?;
        head.ber_length()?;
        head.literal(&[2])?;
        return Ok(Verdict::Yes);
    }
    head.literal(&[4])?;
    let community = head.ber_length()?;
    head.take(community as usize)?;
    head.byte_in(0xa0..=0xa8)?;
    Ok(Verdict::Yes)
}
