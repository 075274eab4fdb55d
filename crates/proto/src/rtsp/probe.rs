//! Whether a stream begins like one of RTSP.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A method and a URL of its own (RFC 2326 §6.1).
fn judge(head: &mut Reader<'_>) -> Judged {
    match head.word(METHODS)? {
        "OPTIONS " if head.rest().starts_with(b"*") => {
            head.literal(b"* RTSP/")?;
        }
        _ => head.word(&["rtsp://", "rtspu://", "rtsps://"]).map(drop)?,
    }
    Ok(Verdict::Yes)
}

const METHODS: &[&str] = &[
    "OPTIONS ",
    "DESCRIBE ",
    "ANNOUNCE ",
    "SETUP ",
    "PLAY ",
    "PAUSE ",
    "TEARDOWN ",
    "RECORD ",
    "GET_PARAMETER ",
    "SET_PARAMETER ",
    "REDIRECT ",
];
