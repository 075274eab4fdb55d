//! Whether a stream begins with a command of IRC.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, Step, is_graphic, require};

/// Commands of a client (RFC 2812 §3) are told from others' by what follows them.
pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

fn judge(head: &mut Reader<'_>) -> Judged {
    match head.word(WORDS)? {
        "CAP " => head.word(&["LS", "REQ", "LIST", "END"]).map(drop)?,
        "JOIN " => head.byte_of(b"#&+!:0").map(drop)?,
        "NICK " => {
            let name = head.line(64)?;
            require(!name.is_empty() && !name.trim_ascii().contains(&b' '))?;
        }
        "NOTICE " | "PRIVMSG " | "WEBIRC " => head.all(1, is_graphic).map(drop)?,
        "USER " if has_four_words(head)? => {}
        // Other protocols have these, too.
        _ => {
            head.line(512)?;
            return Ok(Verdict::OnItsPort);
        }
    }
    Ok(Verdict::Yes)
}

/// Whether a user comes with a mode and a name. The line is left to be read.
fn has_four_words(head: &Reader<'_>) -> Step<bool> {
    let mut ahead = *head;
    let line = ahead.line(512)?;
    let words = line.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
    Ok(words.count() >= 4)
}

const WORDS: &[&str] = &[
    "CAP ", "NICK ", "USER ", "JOIN ", "PRIVMSG ", "NOTICE ", "WEBIRC ", "PASS ", "PING ", "PONG ",
    "MODE ", "OPER ", "QUIT", "WHO", "LIST",
];
