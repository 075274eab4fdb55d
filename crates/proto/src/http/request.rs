//! A request, in whatever version of HTTP it came.

use model::HttpRequest;

use super::connectivity;
use crate::Cx;
use crate::host::as_name;

/// A request, read from its frames: what is left is alike in all versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Request {
    /// The method, as sent.
    pub method: String,
    /// The target, as sent; in HTTP/2 and later its `:path`.
    pub target: String,
    /// The host asked for, with its port if one was given: that of an absolute target, of the Host
    /// field or of `:authority`.
    pub host: Option<String>,
    /// The version, as it is recorded.
    pub version: &'static str,
    /// The fields in the order they came, names in lower case.
    pub fields: Vec<(String, Vec<u8>)>,
    /// The beginning of the body, as long as `limits.form_bytes` lets it be.
    pub body: Vec<u8>,
    /// Bytes of the whole body, decoded from its frames.
    pub body_bytes: u64,
}

impl Request {
    /// The first field of this name, written in lower case; without spaces around it.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&[u8]> {
        let field = self.fields.iter().find(|(known, _)| known == name);
        field.map(|(_, value)| value.trim_ascii())
    }

    /// The words of all fields of this name, which commas part.
    pub(crate) fn words(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        let fields = self.fields.iter().filter(move |(known, _)| known == name);
        fields.flat_map(|(_, value)| value.split(|byte| *byte == b',')).map(<[u8]>::trim_ascii)
    }

    /// Whether one of those words is this, in any case.
    pub(crate) fn says(&self, name: &str, word: &str) -> bool {
        self.words(name).any(|said| said.eq_ignore_ascii_case(word.as_bytes()))
    }

    /// Takes the next piece of the body: the beginning is kept, the rest is counted.
    pub fn add_body(&mut self, piece: &[u8], cx: &Cx<'_>) {
        let room = cx.rules.form_bytes.saturating_sub(self.body.len()).min(piece.len());
        self.body.extend_from_slice(piece.get(..room).unwrap_or_default());
        self.body_bytes += piece.len() as u64;
    }

    /// Whether it has this method, in any case.
    pub(super) fn is(&self, method: &str) -> bool {
        self.method.eq_ignore_ascii_case(method)
    }

    /// Whether a server is asked for it that is to get it elsewhere: for a tunnel, or for a whole
    /// URL (RFC 9112 §3.2.2).
    pub(super) fn is_for_a_proxy(&self) -> bool {
        let scheme = self.target.split_once("://").map(|(scheme, _)| scheme);
        let is_absolute = |scheme: &str| scheme.bytes().all(|byte| byte.is_ascii_alphabetic());
        self.is("connect") || scheme.is_some_and(is_absolute)
    }

    /// The same field as text; one that is not UTF-8 is as good as none.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.field(name).and_then(|value| std::str::from_utf8(value).ok())
    }

    /// The path: the target without scheme, host, query and fragment.
    pub(crate) fn path(&self) -> &str {
        let target = self.origin_form();
        target.split(['?', '#']).next().unwrap_or_default()
    }

    /// What follows the question mark.
    pub(crate) fn query(&self) -> &str {
        let target = self.target.split('#').next().unwrap_or_default();
        target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The target from its path on (RFC 9112 §3.2.1); a proxy's client sends more.
    fn origin_form(&self) -> &str {
        match self.target.split_once("://") {
            Some((scheme, rest)) if scheme.bytes().all(|byte| byte.is_ascii_alphabetic()) => {
                rest.find('/').and_then(|slash| rest.get(slash..)).unwrap_or("/")
            }
            _ => &self.target,
        }
    }

    /// The media type of its body, in lower case and without parameters.
    pub(super) fn media_type(&self) -> String {
        let value = self.text("content-type").unwrap_or_default();
        value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase()
    }

    /// The host asked for as a name: lower case, without port and final dot; nothing if it is an
    /// address or no name at all.
    pub(super) fn site(&self) -> Option<String> {
        let host = self.host.as_deref()?;
        let host = host.rsplit_once(':').map_or(host, |(name, _port)| name);
        as_name(host)
    }

    /// The host asked for without its port, be it a name or not.
    pub(crate) fn host_alone(&self) -> Option<&str> {
        let host = self.host.as_deref()?;
        let (name, port) = host.rsplit_once(':').unwrap_or((host, ""));
        // The colons of an IPv6 address are no beginning of a port.
        if port.bytes().all(|byte| byte.is_ascii_digit()) { Some(name) } else { Some(host) }
    }

    /// What is recorded of it.
    pub(super) fn record(&self, status: u16) -> HttpRequest {
        let lossy =
            |name| self.field(name).map(|value| String::from_utf8_lossy(value).into_owned());
        HttpRequest {
            method: self.method.clone(),
            target: self.target.clone(),
            version: self.version,
            host: self.host.clone(),
            user_agent: lossy("user-agent"),
            content_type: lossy("content-type"),
            body_bytes: self.body_bytes,
            connectivity_check: connectivity::check(self).map(|check| check.label),
            status,
        }
    }
}
