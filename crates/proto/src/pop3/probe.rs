//! Whether a stream begins with a command of POP3.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// Commands before and after a login (RFC 1939 §§4-7, RFC 2449, RFC 2595). `APOP`, `CAPA` and `STLS`
/// are nobody else's. `USER` and `PASS` are FTP's and IRC's as well, `AUTH` and `QUIT` SMTP's.
fn judge(head: &mut Reader<'_>) -> Judged {
    let command = head.word(WORDS)?;
    head.end_of_word()?;
    Ok(match command {
        "APOP" | "CAPA" | "STLS" => Verdict::Yes,
        _ => Verdict::OnItsPort,
    })
}

const WORDS: &[&str] = &[
    "APOP", "CAPA", "STLS", "USER", "PASS", "AUTH", "QUIT", "STAT", "LIST", "UIDL", "RETR", "DELE",
    "NOOP", "RSET", "TOP", "XTND", "UTF8", "LANG",
];
