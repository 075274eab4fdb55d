//! An answer, before a version of HTTP gives it frames.

use std::borrow::Cow;

use bytes::Bytes;

use super::content::error_page;
use super::date::http_date;
use crate::Cx;

/// An answer to a [`Request`](super::Request).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The fields, in the order a usual server sends them; names written as in HTTP/1. Those that
    /// belong to a connection (RFC 9110 §7.6.1) are not among them, the length of the body is.
    pub fields: Vec<(Cow<'static, str>, Cow<'static, str>)>,
    /// What is to be sent after the fields: nothing for HEAD, whatever the length says.
    pub body: Bytes,
}

impl Response {
    /// An answer of the pretended server, without a body as yet.
    pub(crate) fn new(status: u16, cx: &Cx<'_>) -> Self {
        let server = Cow::Owned(cx.persona.http_server.clone());
        let fields = vec![("Server".into(), server), ("Date".into(), http_date(cx.now).into())];
        Self { status, fields, body: Bytes::new() }
    }

    /// An error with its page.
    pub(super) fn error(status: u16, cx: &Cx<'_>) -> Self {
        let title = if status == 401 { "Authorization Required" } else { reason(status) };
        let page = error_page(status, title, cx.persona);
        Self::new(status, cx).with_body(page.media_type, page.into_body())
    }

    /// No body, and it says so.
    pub(super) fn empty(status: u16, cx: &Cx<'_>) -> Self {
        Self::new(status, cx).with("Content-Length", "0")
    }

    /// Adds a field.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<Cow<'static, str>>) -> Self {
        self.fields.push((name.into(), value.into()));
        self
    }

    /// Adds a field, in the place of one that has its name.
    pub(crate) fn with_instead(mut self, name: String, value: String) -> Self {
        match self.fields.iter_mut().find(|(known, _)| known.eq_ignore_ascii_case(&name)) {
            Some(field) => *field = (name.into(), value.into()),
            None => self.fields.push((name.into(), value.into())),
        }
        self
    }

    /// Adds a body, with its type and length.
    pub(crate) fn with_body(
        self,
        media_type: impl Into<Cow<'static, str>>,
        body: impl Into<Bytes>,
    ) -> Self {
        let body = body.into();
        let length = body.len().to_string();
        let headed = self.with("Content-Type", media_type).with("Content-Length", length);
        Self { body, ..headed }
    }
}

/// What is said after a status.
pub(super) fn reason(status: u16) -> &'static str {
    let known = REASONS.binary_search_by_key(&status, |(known, _)| *known).ok();
    known.and_then(|place| REASONS.get(place)).map_or("", |(_, reason)| reason)
}

/// The words nginx has, which is what most of the net says; in the order of their numbers.
const REASONS: &[(u16, &str)] = &[
    (200, "OK"),
    (201, "Created"),
    (202, "Accepted"),
    (204, "No Content"),
    (206, "Partial Content"),
    (301, "Moved Permanently"),
    (302, "Moved Temporarily"),
    (303, "See Other"),
    (304, "Not Modified"),
    (307, "Temporary Redirect"),
    (308, "Permanent Redirect"),
    (400, "Bad Request"),
    (401, "Unauthorized"),
    (402, "Payment Required"),
    (403, "Forbidden"),
    (404, "Not Found"),
    (405, "Not Allowed"),
    (406, "Not Acceptable"),
    (407, "Proxy Authentication Required"),
    (408, "Request Time-out"),
    (409, "Conflict"),
    (410, "Gone"),
    (411, "Length Required"),
    (412, "Precondition Failed"),
    (413, "Request Entity Too Large"),
    (414, "Request-URI Too Large"),
    (415, "Unsupported Media Type"),
    (416, "Requested Range Not Satisfiable"),
    (426, "Upgrade Required"),
    (429, "Too Many Requests"),
    (431, "Request Header Fields Too Large"),
    (500, "Internal Server Error"),
    (501, "Not Implemented"),
    (502, "Bad Gateway"),
    (503, "Service Temporarily Unavailable"),
    (504, "Gateway Time-out"),
    (505, "HTTP Version Not Supported"),
];
