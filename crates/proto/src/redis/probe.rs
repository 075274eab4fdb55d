//! Whether a stream begins with a command for Redis.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, is_digit, require};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// An array of strings, or an inline command: any line, which is nobody's elsewhere.
fn judge(head: &mut Reader<'_>) -> Judged {
    match head.byte()? {
        b'*' => array(head),
        first => line(first, head),
    }
}

fn array(head: &mut Reader<'_>) -> Judged {
    let count = head.until(b'\r', 7, is_digit)?;
    require(!count.is_empty())?;
    head.literal(b"\n$")?;
    head.all(1, is_digit)?;
    Ok(Verdict::Yes)
}

fn line(first: u8, head: &mut Reader<'_>) -> Judged {
    require(first.is_ascii_alphabetic())?;
    head.line(4_096)?;
    Ok(Verdict::OnItsPort)
}
