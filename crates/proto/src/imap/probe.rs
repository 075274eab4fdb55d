//! Whether a stream begins with a command of IMAP.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, is_graphic, require};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A tag, then a command (RFC 3501 §2.2.1) that no other protocol has in its second place.
fn judge(head: &mut Reader<'_>) -> Judged {
    let tag = head.until(b' ', 16, is_graphic)?;
    require(tag.iter().all(|byte| byte.is_ascii_alphanumeric() || b".-_".contains(byte)))?;
    head.word(WORDS)?;
    head.end_of_word()?;
    if tag.iter().any(u8::is_ascii_digit) { Ok(Verdict::Yes) } else { Ok(Verdict::OnItsPort) }
}

const WORDS: &[&str] = &[
    "CAPABILITY",
    "LOGIN",
    "AUTHENTICATE",
    "STARTTLS",
    "NOOP",
    "LOGOUT",
    "ID",
    "SELECT",
    "EXAMINE",
    "LIST",
    "LSUB",
    "STATUS",
];
