//! Whether a stream begins with a start-up message.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, is_graphic};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A length, then version 2 or 3, or the codes that ask for TLS, for GSSAPI, or to cancel (Message
/// Formats).
fn judge(head: &mut Reader<'_>) -> Judged {
    head.big32(8..=10_000)?;
    match head.byte_of(&[0, 4])? {
        0 => {
            head.byte_in(2..=3)?;
            head.literal(&[0])?;
            head.byte_in(0..=2)?;
            head.all(1, is_graphic)?;
        }
        _ => {
            head.literal(&[0xd2, 0x16])?;
            head.byte_of(&[0x2e, 0x2f, 0x30])?;
        }
    }
    Ok(Verdict::Yes)
}
