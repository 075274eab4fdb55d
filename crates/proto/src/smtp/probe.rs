//! Whether a stream begins with a command of SMTP.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A hello or an envelope (RFC 5321 §4.1.1), or the hello of LMTP (RFC 2033 §4.1), is nobody
/// else's. What may come before one comes in other protocols too.
fn judge(head: &mut Reader<'_>) -> Judged {
    let word = head.word(WORDS)?;
    if word.ends_with(':') {
        return Ok(Verdict::Yes);
    }
    head.end_of_word()?;
    Ok(if word.ends_with("LO") { Verdict::Yes } else { Verdict::OnItsPort })
}

const WORDS: &[&str] = &[
    "EHLO",
    "HELO",
    "LHLO",
    "MAIL FROM:",
    "RCPT TO:",
    "STARTTLS",
    "NOOP",
    "RSET",
    "QUIT",
    "HELP",
    "VRFY",
    "EXPN",
    "ETRN",
    "AUTH",
    "DATA",
];
