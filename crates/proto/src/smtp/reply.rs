//! What the server says, in the words of the one that is most widely run (Postfix).

use model::Layer;

use crate::Cx;
use crate::derived::{Purpose, derived};

/// Largest mail that is said to be taken; a longer one is taken as well.
const SIZE: u32 = 10_240_000;

/// A reply of one line, with its end.
pub(super) fn line(text: &str) -> String {
    format!("{text}\r\n")
}

/// The greeting.
pub(super) fn banner(cx: &Cx<'_>) -> String {
    format!("220 {} ESMTP {}\r\n", cx.persona.host, cx.persona.mail_server)
}

/// Who we are, and what we can do.
pub(super) fn extensions(cx: &Cx<'_>) -> String {
    let host = &cx.persona.host;
    let size = format!("SIZE {SIZE}");
    let mechanisms = format!("AUTH {}", cx.rules.smtp.offer.names());
    let tls = (cx.layer == Layer::Wire).then_some("STARTTLS");
    let before = [host.as_str(), "PIPELINING", &size, "VRFY", "ETRN"].into_iter().chain(tls);
    let after =
        [&mechanisms, "ENHANCEDSTATUSCODES", "8BITMIME", "DSN", "SMTPUTF8"].map(String::from);
    let lines = before.map(str::to_owned).chain(after).map(|line| format!("250-{line}\r\n"));
    lines.collect::<String>() + "250 CHUNKING\r\n"
}

/// A mail is taken, and has a name in our queue.
pub(super) fn queued(mail: u32, cx: &Cx<'_>) -> String {
    let [number, _] =
        derived(&cx.persona.seed, Purpose::QueueId, &format!("{} {mail}", cx.flow.id));
    // Ten digits: microseconds and an inode, as they are on a disk of the usual size.
    format!("250 2.0.0 Ok: queued as {:010X}\r\n", number >> 24)
}
