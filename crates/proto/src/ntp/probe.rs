//! Whether a datagram asks for the time.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, require};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A client's request (RFC 5905 §7.3): version 1 to 4, mode 3, 48 bytes or a digest more; delay and
/// dispersion of less than a few minutes. Others' modes only on the port.
fn judge(head: &mut Reader<'_>) -> Judged {
    let whole = head.rest().len();
    require(whole >= 48 && whole.is_multiple_of(4))?;
    let flags = head.byte()?;
    require(matches!(flags >> 3 & 7, 1..=4))?;
    head.byte_in(0..=16)?;
    head.byte_in(0..=17)?;
    head.byte()?;
    head.literal(&[0])?;
    head.take(3)?;
    head.literal(&[0])?;
    let is_request = flags & 7 == 3 && matches!(whole, 48 | 52 | 68 | 72);
    Ok(if is_request { Verdict::Yes } else { Verdict::OnItsPort })
}
