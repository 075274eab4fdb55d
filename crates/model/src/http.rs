//! One HTTP request, as it was understood.

use serde::Serialize;

/// A request a victim made. What could not be read as text is in it lossily; the payload has the
/// bytes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct HttpRequest {
    /// The method, as sent.
    pub method: String,
    /// The request target, as sent.
    pub target: String,
    /// `1.0`, `1.1`; `0.9` for a request line without a version; `unknown` for all others.
    pub version: &'static str,
    /// The host asked for, with its port if one was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The User-Agent field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub user_agent: Option<String>,
    /// The Content-Type field.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content_type: Option<String>,
    /// Bytes of the body, decoded from chunks.
    pub body_bytes: u64,
    /// The check for an internet that this is, in words; such requests come by themselves.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connectivity_check: Option<&'static str>,
    /// The status we answered with; 0 if the victim hung up before it had an answer.
    pub status: u16,
}
