//! Whether somebody talks to a shell.

use crate::Verdict;
use crate::recognise::reader::{Judged, Reader};

pub(super) fn probe(seen: &[u8]) -> Verdict {
    judge(&mut Reader::new(seen)).unwrap_or_else(|left| left)
}

/// A line that begins with what nobody says but to a shell. A command of one word is that on a port
/// of shells alone.
fn judge(head: &mut Reader<'_>) -> Judged {
    let start = head.word(STARTS)?;
    if start.ends_with(' ') || start.ends_with('/') {
        return Ok(Verdict::Yes);
    }
    head.byte_of(b"\r\n;|&")?;
    Ok(if start.contains([' ', '/']) { Verdict::Yes } else { Verdict::OnItsPort })
}

/// How lines begin that droppers and people type first. Of two that begin alike the longer is listed
/// first.
const STARTS: &[&str] = &[
    "/bin/busybox ",
    "/bin/sh -",
    "/bin/sh",
    "#!/bin/",
    "busybox ",
    "cat /etc/",
    "cat /proc/",
    "cd /",
    "chmod 7",
    "curl -",
    "curl http",
    "echo -e ",
    "echo -n",
    "id",
    "ls -l",
    "ls",
    "nohup ",
    "rm -rf /",
    "sh -c ",
    "uname -a",
    "uname",
    "wget http",
    "wget -",
    "whoami",
];
