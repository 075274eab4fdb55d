//! Whether a stream begins with a command of IRC.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader, Step, is_graphic, require};

/// Commands of a client (RFC 2812 §3) are told from others' by what follows them.
pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

fn judge(head: &mut Reader<'_>) -> Judged {
    match head.word(WORDS)? {
        "PASS " => {
            head.line(512)?;
            after_password(head)
        }
        word => judge_command(word, head),
    }
}

/// No other protocol begins with a password, and what comes next comes unasked.
fn after_password(head: &mut Reader<'_>) -> Judged {
    match head.word(WORDS).and_then(|word| judge_command(word, head)) {
        Err(Verdict::NeedMore) => Err(Verdict::NeedMore),
        Ok(Verdict::Yes) => Ok(Verdict::Yes),
        _ => Ok(Verdict::OnItsPort),
    }
}

fn judge_command(word: &str, head: &mut Reader<'_>) -> Judged {
    match word {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_told_by_what_follows_it() {
        for (seen, verdict) in [
            ("PASS x\r\n", Verdict::NeedMore),
            ("PASS x\r\nNI", Verdict::NeedMore),
            ("PASS x\r\nNICK jo\r\n", Verdict::Yes),
            ("PASS x\r\nCAP LS\r\n", Verdict::Yes),
            ("PASS x\r\nPASS y\r\n", Verdict::OnItsPort),
            ("PASS x\r\nSYST\r\n", Verdict::OnItsPort),
        ] {
            assert_eq!(probe(seen.as_bytes()), verdict, "{seen:?}");
        }
    }

    #[test]
    fn a_user_alone_may_be_another_protocols() {
        assert_eq!(probe(b"USER jo\r\n"), Verdict::OnItsPort);
        assert_eq!(probe(b"USER jo 0 * :Jo\r\n"), Verdict::Yes);
        assert_eq!(probe(b"EHLO a\r\n"), Verdict::No);
    }
}
