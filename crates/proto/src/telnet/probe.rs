//! Whether a stream is Telnet.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, require};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// Options are negotiated (RFC 854, p. 14): IAC, what about it, which one (IANA has 0 to 49, 138 to
/// 140 and 255). Or there is a line, typed or written by a bot that does not negotiate.
fn judge(head: &mut Reader<'_>) -> Judged {
    if head.rest().first().is_some_and(|first| *first != 0xff) {
        head.line(256)?;
        return Ok(Verdict::OnItsPort);
    }
    head.literal(&[0xff])?;
    if head.byte_in(0xfa..=0xfe)? == 0xfa {
        head.byte_in(0..=49)?;
        return Ok(Verdict::Likely);
    }
    let option = head.byte()?;
    require(matches!(option, 0..=49 | 138..=140 | 255))?;
    Ok(Verdict::Yes)
}
