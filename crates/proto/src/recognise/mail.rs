//! Mail and news: what clients say to servers that greeted them, or ought to have.

use crate::Carrier::Stream;
use crate::Verdict;

use super::reader::{Judged, Reader};
use super::{Signature, marked, shaped};

pub(super) const SIGNATURES: &[Signature] = &[
    marked("nntp", Stream, &[119, 563], nntp),
    shaped("nntp", Stream, &[119], nntp_command),
    shaped("sieve", Stream, &[4190], sieve),
];

/// Commands that only a news server knows (RFC 3977 §5, RFC 4643 §2).
fn nntp(head: &mut Reader<'_>) -> Judged {
    head.word(&[
        "MODE READER",
        "MODE STREAM",
        "AUTHINFO ",
        "IHAVE <",
        "CHECK <",
        "TAKETHIS <",
        "NEWGROUPS ",
        "NEWNEWS ",
        "LIST ACTIVE",
        "LIST NEWSGROUPS",
        "LIST OVERVIEW",
        "XOVER ",
        "XHDR ",
    ])?;
    Ok(Verdict::Yes)
}

/// Those that others have too.
fn nntp_command(head: &mut Reader<'_>) -> Judged {
    head.word(&[
        "CAPABILITIES",
        "GROUP",
        "LISTGROUP",
        "ARTICLE",
        "HEAD",
        "BODY",
        "STAT",
        "POST",
        "HELP",
        "DATE",
        "QUIT",
        "LIST",
        "STARTTLS",
        "SLAVE",
        "NEXT",
        "LAST",
    ])?;
    head.end_of_word()?;
    Ok(Verdict::OnItsPort)
}

/// ManageSieve (RFC 5804 §2).
fn sieve(head: &mut Reader<'_>) -> Judged {
    head.word(&["AUTHENTICATE \"", "CAPABILITY\r\n", "STARTTLS\r\n", "LISTSCRIPTS"])?;
    Ok(Verdict::OnItsPort)
}
