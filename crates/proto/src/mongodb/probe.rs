//! Whether a stream begins with a message of MongoDB.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A header: length, number, an answer to nobody, an operation that clients begin with.
fn judge(head: &mut Reader<'_>) -> Judged {
    head.little32(16..=48_000_000)?;
    head.take(4)?;
    match head.byte_of(&[0, 0xff])? {
        0 => head.literal(&[0; 3])?,
        _ => head.literal(&[0xff; 3])?,
    }
    head.byte_of(&[0xd1, 0xd2, 0xd4, 0xd5, 0xdc, 0xdd])?;
    head.literal(&[0x07, 0, 0])?;
    Ok(Verdict::Yes)
}
