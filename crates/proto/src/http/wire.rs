//! Answers as HTTP/1 writes them, and what becomes of the connection.

use bytes::Bytes;

use super::Response;
use super::message::{Connection, Head, Version};
use super::response::reason;

/// What becomes of the connection after an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Afterwards {
    Close,
    KeepOpen,
}

/// The answer to CONNECT: from here on the peer speaks to whom it wanted.
pub(super) const TUNNEL_OPEN: &str = "HTTP/1.1 200 Connection established\r\n\r\n";

/// What a peer waits for that asked whether it may send a body.
pub(super) const CONTINUE: &str = "HTTP/1.1 100 Continue\r\n\r\n";

impl Afterwards {
    /// What the peer asked for, or what its version means (RFC 9112 §9.3).
    pub(super) fn wanted_by(head: &Head) -> Self {
        match (head.connection, head.version) {
            (Connection::Close, _) | (_, Version::Http09) => Self::Close,
            (Connection::KeepAlive, _) | (Connection::Unsaid, Version::Http11) => Self::KeepOpen,
            (Connection::Unsaid, _) => Self::Close,
        }
    }

    fn field(self) -> &'static str {
        match self {
            Self::Close => "Connection: close\r\n",
            Self::KeepOpen => "Connection: keep-alive\r\n",
        }
    }
}

/// Status line, fields and body; to the oldest clients the body alone.
pub(super) fn written(response: &Response, version: Version, afterwards: Afterwards) -> Bytes {
    if version == Version::Http09 {
        return response.body.clone();
    }
    let (status, reason) = (response.status, reason(response.status));
    let mut written = format!("HTTP/1.1 {status} {reason}\r\n");
    let after_usual = response.fields.iter().position(|(name, _)| !is_before_connection(name));
    let (before, after) = response.fields.split_at(after_usual.unwrap_or(response.fields.len()));
    for (name, value) in before {
        written.extend([&**name, ": ", &**value, "\r\n"]);
    }
    written += afterwards.field();
    for (name, value) in after {
        written.extend([&**name, ": ", &**value, "\r\n"]);
    }
    written += "\r\n";
    let mut written = written.into_bytes();
    written.extend_from_slice(&response.body);
    written.into()
}

/// In any case: a rule of the analyst's may write it as it likes.
fn is_before_connection(name: &str) -> bool {
    BEFORE_CONNECTION.iter().any(|usual| usual.eq_ignore_ascii_case(name))
}

/// What nginx sends before it says what becomes of the connection.
const BEFORE_CONNECTION: &[&str] =
    &["Server", "Date", "Content-Type", "Content-Length", "Last-Modified", "Location"];
