//! The request that turns a connection of HTTP/1.1 into a websocket (RFC 6455 §4.2).

use bytes::Bytes;
use model::Event;
use sha1::{Digest, Sha1};

use crate::base64;
use crate::http::{Request, Response, note_switch, refuse};
use crate::{Cx, Out};

/// What is answered.
pub(crate) enum Answer {
    /// HTTP goes on.
    Refuse(Response),
    /// These bytes, and then frames.
    Switch(Bytes),
}

/// Whether the peer wants to speak websocket from here on.
pub(crate) fn is_wanted(request: &Request) -> bool {
    request.method == "GET" && request.says("upgrade", "websocket")
}

/// Answers such a request, and notes it.
pub(crate) fn answer(request: &Request, cx: &Cx<'_>, out: &mut Out) -> Answer {
    if !request.says("connection", "upgrade") {
        broke("the wish to upgrade is not in Connection", out);
    }
    if request.field("sec-websocket-version") != Some(b"13") {
        broke("another version of websocket", out);
        let refusal = refuse(request, 426, cx, out);
        let refusal = refusal.with("Sec-WebSocket-Version", "13").with("Upgrade", "websocket");
        return Answer::Refuse(refusal);
    }
    match request.field("sec-websocket-key").filter(|key| is_key(key)) {
        Some(key) => {
            let response = note_switch(request, cx, out);
            Answer::Switch(switching(request, key, &response))
        }
        None => {
            broke("no key of 16 bytes", out);
            Answer::Refuse(refuse(request, 400, cx, out))
        }
    }
}

/// Sixteen bytes in base64.
fn is_key(key: &[u8]) -> bool {
    let key = std::str::from_utf8(key).ok().and_then(base64::decoded);
    key.is_some_and(|key| key.len() == 16)
}

/// The answer that opens the websocket: extensions are not mentioned, and so declined.
fn switching(request: &Request, key: &[u8], response: &Response) -> Bytes {
    let mut written = "HTTP/1.1 101 Switching Protocols\r\n".to_owned();
    for (name, value) in &response.fields {
        written.extend([&**name, ": ", &**value, "\r\n"]);
    }
    written += "Connection: upgrade\r\nUpgrade: websocket\r\n";
    written.extend(["Sec-WebSocket-Accept: ", &accept(key), "\r\n"]);
    if let Some(protocol) = request.words("sec-websocket-protocol").find_map(token) {
        written.extend(["Sec-WebSocket-Protocol: ", protocol, "\r\n"]);
    }
    (written + "\r\n").into()
}

/// Shows that the key was read by somebody who knows websockets.
fn accept(key: &[u8]) -> String {
    const MAGIC: &[u8] = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    base64::encoded(&Sha1::new().chain_update(key).chain_update(MAGIC).finalize())
}

/// A word that may stand in a field of ours.
fn token(word: &[u8]) -> Option<&str> {
    let word = std::str::from_utf8(word).ok().filter(|word| !word.is_empty())?;
    let is_token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    word.bytes().all(is_token).then_some(word)
}

fn broke(rule: &'static str, out: &mut Out) {
    out.note(Event::Broke { protocol: "websocket", rule: rule.into() });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_key_of_the_standard_is_answered_as_the_standard_says() {
        assert_eq!(accept(b"dGhlIHNhbXBsZSBub25jZQ=="), "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    }

    #[test]
    fn a_key_has_sixteen_bytes() {
        for (key, is_one) in [
            ("dGhlIHNhbXBsZSBub25jZQ==", true),
            ("zzzzzzzzzzzzzzzzzzzzzz==", true),
            ("dGhlIHNhbXBsZSBub25jZQ", true),
            ("dGhlIHNhbXBsZQ==", false),
            ("not a key", false),
            ("", false),
        ] {
            assert_eq!(is_key(key.as_bytes()), is_one, "{key}");
        }
    }
}
