//! What we answer: a status, the fields a common server sends, a body.

use bytes::Bytes;
use model::{HttpRequest, Persona, Timestamp};

use super::content::{Content, content, error_page};
use super::message::{Connection, Head, Version};
use crate::Cx;
use crate::derived::{Purpose, derived};

/// An answer, ready to be written.
pub(super) struct Answer {
    pub(super) status: u16,
    /// Fields beyond the usual ones, each with its line end.
    extra: &'static str,
    content: Option<Content>,
    /// When the content was last changed.
    changed: Option<Timestamp>,
}

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

impl Answer {
    /// The answer to a request that could be read.
    pub(super) fn to(request: &HttpRequest, site: Option<&str>, cx: &Cx<'_>) -> Self {
        match request.method.to_ascii_uppercase().as_str() {
            "DELETE" => Self::bare(204, ""),
            "GET" | "HEAD" => Self::page(request, site, cx),
            "OPTIONS" => Self::bare(200, ALLOW),
            // What a script answers has no date of its last change.
            "PATCH" | "POST" => Self { extra: "", changed: None, ..Self::page(request, site, cx) },
            "PUT" => Self::bare(201, ""),
            _ => Self { extra: ALLOW, ..Self::error(405, cx.persona) },
        }
    }

    /// An error with its page.
    pub(super) fn error(status: u16, persona: &Persona) -> Self {
        let content = Some(error_page(status, reason(status), persona));
        Self { status, extra: "", content, changed: None }
    }

    fn page(request: &HttpRequest, site: Option<&str>, cx: &Cx<'_>) -> Self {
        let content = Some(content(&request.target, site, cx.persona));
        let changed = Some(last_change(&request.target, cx));
        Self { status: 200, extra: "Accept-Ranges: bytes\r\n", content, changed }
    }

    fn bare(status: u16, extra: &'static str) -> Self {
        Self { status, extra, content: None, changed: None }
    }

    /// Writes the answer to `head`.
    pub(super) fn write(&self, head: &Head, afterwards: Afterwards, cx: &Cx<'_>) -> Bytes {
        let body = self.content.as_ref().map_or([].as_slice(), |content| &content.bytes);
        if head.version == Version::Http09 {
            return Bytes::copy_from_slice(body);
        }
        let mut written = self.fields(afterwards, cx).into_bytes();
        if !head.request.method.eq_ignore_ascii_case("head") {
            written.extend_from_slice(body);
        }
        written.into()
    }

    /// Status line and fields, in the order nginx sends them.
    fn fields(&self, afterwards: Afterwards, cx: &Cx<'_>) -> String {
        let (status, reason) = (self.status, reason(self.status));
        let (server, date) = (&cx.persona.http_server, http_date(cx.now));
        let mut fields =
            format!("HTTP/1.1 {status} {reason}\r\nServer: {server}\r\nDate: {date}\r\n");
        let mut length = 0;
        if let Some(content) = &self.content {
            length = content.bytes.len();
            fields += &format!("Content-Type: {}\r\n", content.media_type);
        }
        if self.status != 204 {
            fields += &format!("Content-Length: {length}\r\n");
        }
        if let Some(changed) = self.changed {
            let (date, seconds) = (http_date(changed), changed.as_secs());
            fields += &format!("Last-Modified: {date}\r\nETag: \"{seconds:x}-{length:x}\"\r\n");
        }
        fields += match afterwards {
            Afterwards::Close => "Connection: close\r\n",
            Afterwards::KeepOpen => "Connection: keep-alive\r\n",
        };
        fields + self.extra + "\r\n"
    }
}

impl Afterwards {
    /// What the peer asked for, or what its version means (RFC 9112 §9.3).
    pub(super) fn wanted_by(head: &Head) -> Self {
        match (head.connection, head.version) {
            (Connection::Close, _) | (_, Version::Http09) => Self::Close,
            (Connection::KeepAlive, _) | (Connection::Unsaid, Version::Http11) => Self::KeepOpen,
            (Connection::Unsaid, _) => Self::Close,
        }
    }
}

const ALLOW: &str = "Allow: GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS\r\n";

fn reason(status: u16) -> &'static str {
    match status {
        200 => "OK",
        201 => "Created",
        204 => "No Content",
        405 => "Not Allowed",
        414 => "Request-URI Too Large",
        431 => "Request Header Fields Too Large",
        501 => "Not Implemented",
        505 => "HTTP Version Not Supported",
        _ => "Bad Request",
    }
}

/// A day in the past that depends on the target alone, so that it is the same on every ask.
fn last_change(target: &str, cx: &Cx<'_>) -> Timestamp {
    /// 2023-01-01.
    const FIRST: u64 = 1_672_531_200;
    const TWO_YEARS: u64 = 2 * 365 * 86_400;
    let [_, chance] = derived(&cx.persona.seed, Purpose::Page, target);
    let seconds = i64::try_from(FIRST + chance % TWO_YEARS).unwrap_or_default();
    Timestamp::from_micros(seconds * 1_000_000).min(cx.now)
}

/// `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 §5.6.7).
fn http_date(time: Timestamp) -> String {
    let time = jiff::Timestamp::from_second(time.as_secs()).unwrap_or_default();
    time.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}
