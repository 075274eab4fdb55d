//! Whether a stream begins with a command of FTP.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// Commands before a login (RFC 959 §4.1, RFC 2228, RFC 2389). Mail has `USER` and `AUTH` too, with other
/// words after them.
fn judge(head: &mut Reader<'_>) -> Judged {
    let command = head.word(WORDS)?;
    head.end_of_word()?;
    match command {
        "AUTH" => {
            head.word(&["TLS", "SSL", "GSSAPI", "KERBEROS"])?;
            head.end_of_word()?;
            Ok(Verdict::Yes)
        }
        "CLNT" | "EPRT" | "EPSV" | "FEAT" | "PASV" | "PBSZ" | "SYST" | "USER" => {
            Ok(Verdict::Likely)
        }
        _ => Ok(Verdict::OnItsPort),
    }
}

const WORDS: &[&str] = &[
    "AUTH", "USER", "PASS", "FEAT", "SYST", "PASV", "EPSV", "PORT", "EPRT", "PBSZ", "OPTS", "HOST",
    "CLNT", "ADAT", "ACCT", "LIST", "NLST", "RETR", "STOR", "TYPE", "CWD", "PWD", "HELP", "NOOP",
    "STAT", "QUIT", "SITE", "LANG",
];
