//! Whether bytes begin like a message of SIP.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A request line or a status line (RFC 3261 §7); the method and `sip:` are enough.
fn judge(head: &mut Reader<'_>) -> Judged {
    let start = head.word(STARTS)?;
    if start != "SIP/2.0 " {
        head.word(&["sip:", "sips:", "tel:"])?;
    }
    Ok(Verdict::Yes)
}

const STARTS: &[&str] = &[
    "INVITE ",
    "REGISTER ",
    "OPTIONS ",
    "ACK ",
    "BYE ",
    "CANCEL ",
    "SUBSCRIBE ",
    "NOTIFY ",
    "MESSAGE ",
    "PUBLISH ",
    "INFO ",
    "REFER ",
    "PRACK ",
    "UPDATE ",
    "SIP/2.0 ",
];
