//! The request that turns a connection of HTTP/1.1 into HTTP/2, without TLS (RFC 7540 §3.2).

use super::Request;
use super::message::{Head, Version};
use crate::base64;

/// What is answered to it; the answer to the request itself is the first thing said over HTTP/2.
pub(super) const SWITCHING: &str =
    "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n";

/// What a peer wants of us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// HTTP/2, in a way that leaves us HTTP/1.1.
    Broken(&'static str),
    Http2,
    None,
}

impl Wish {
    pub(super) fn of(head: &Head) -> Self {
        let request = &head.request;
        match (request.says("upgrade", "h2c"), head.version) {
            (true, Version::Http11) if !is_named_in_connection(request) => {
                Self::Broken("the wish for h2c is not in Connection")
            }
            (true, Version::Http11) if !has_settings(request) => {
                Self::Broken("the wish for h2c has no settings that can be read")
            }
            (true, Version::Http11) => Self::Http2,
            _ => Self::None,
        }
    }
}

fn is_named_in_connection(request: &Request) -> bool {
    ["upgrade", "http2-settings"].into_iter().all(|word| request.says("connection", word))
}

/// Exactly one field, the payload of a frame of settings in base64: six bytes each. Their values
/// come once more, in the first frame, and count from there.
fn has_settings(request: &Request) -> bool {
    let mut fields = request.fields.iter().filter(|(name, _)| name == "http2-settings");
    let (Some((_, value)), None) = (fields.next(), fields.next()) else { return false };
    let payload = std::str::from_utf8(value).ok().and_then(base64::decoded);
    payload.is_some_and(|payload| payload.len().is_multiple_of(6))
}
