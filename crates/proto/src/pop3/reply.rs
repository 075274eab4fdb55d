//! What the server says, in the words of the one that is most widely run (Dovecot).

use model::Layer;

use crate::Cx;
use crate::sasl::challenge;

/// A reply of one line, with its end.
pub(super) fn line(text: &str) -> String {
    format!("{text}\r\n")
}

/// The greeting, with the timestamp that APOP is answered with. It is built for the same system as
/// the mail server beside it.
pub(super) fn banner(cx: &Cx<'_>) -> String {
    format!("+OK Dovecot{} ready. {}\r\n", cx.persona.build(), challenge(cx))
}

/// What we can do (RFC 2449 §5).
pub(super) fn capabilities(cx: &Cx<'_>) -> String {
    let mechanisms = format!("SASL {}", cx.rules.pop3.offer.names());
    let tls = (cx.layer == Layer::Wire).then_some("STLS");
    let before = ["CAPA", "TOP", "UIDL", "RESP-CODES", "PIPELINING", "AUTH-RESP-CODE"];
    let lines = before.into_iter().chain(tls).chain(["USER", &mechanisms]);
    list("+OK", lines.map(str::to_owned))
}

/// How to log in: the answer to AUTH alone.
pub(super) fn mechanisms(cx: &Cx<'_>) -> String {
    list("+OK", cx.rules.pop3.offer.names().split(' ').map(str::to_owned))
}

/// A reply of many lines, none of which begins with a dot.
pub(super) fn list(first: &str, lines: impl Iterator<Item = String>) -> String {
    let lines: String = lines.map(|text| line(&text)).collect();
    format!("{first}\r\n{lines}.\r\n")
}

/// A text as a reply of many lines: where a line begins with a dot, with another one (RFC 1939 §3).
pub(super) fn text(first: &str, text: &str) -> String {
    let mut reply = line(first);
    for line in text.split_inclusive('\n') {
        if line.starts_with('.') {
            reply.push('.');
        }
        reply.push_str(line);
    }
    reply + ".\r\n"
}
