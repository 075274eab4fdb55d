//! Whether bytes begin like a message of STUN.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, Step, require};

pub(super) fn stream(seen: &[u8]) -> Verdict {
    header(&mut Reader::new(seen)).map_or_else(|left| left, |_| Verdict::Yes)
}

pub(super) fn datagram(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

fn judge(head: &mut Reader<'_>) -> Judged {
    let whole = head.rest().len();
    if let Ok(length) = header(&mut head.clone()) {
        require(length as usize + 20 == whole)?;
        return Ok(Verdict::Yes);
    }
    head.literal(&[0, 1, 0])?;
    require(usize::from(head.byte()?) + 20 == whole)?;
    Ok(Verdict::OnItsPort)
}

/// A request or an indication with the magic cookie (RFC 8489 §5). Long messages over TCP do not
/// exist.
fn header(head: &mut Reader<'_>) -> Step<u32> {
    head.byte_in(0..=0x01)?;
    head.byte_in(1..=0x19)?;
    let length = head.big16(0..=1_500)?;
    require(length % 4 == 0)?;
    head.literal(&[0x21, 0x12, 0xa4, 0x42])?;
    Ok(length)
}
