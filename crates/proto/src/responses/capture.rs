//! Captures that answers are taken from: HAR of a browser or proxy, packets in pcap or pcapng.
//!
//! ```text
//!  packets ──▶ streams, both ways of each connection ──▶ HTTP/1 messages ─┐
//!  HAR ───────────────────────────────────────────────────────────────────┴▶ exchanges
//! ```

mod har;
mod messages;
mod packets;
mod streams;

use super::{Content, Exchange, HttpAnswer, Recording};

/// Why a capture cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum CaptureError {
    /// It has no answer in it.
    #[error("there is no HTTP request with its response in it; what is encrypted cannot be read")]
    Empty,
    /// It is JSON, and not what browsers export.
    #[error("it is no HTTP archive (HAR)")]
    Har(#[source] serde_json::Error),
    /// Its packets cannot be read.
    #[error("it is no capture of packets that can be read: {0}")]
    Packets(String),
}

impl Recording {
    /// Reads a capture: an HTTP archive, or packets in pcap or pcapng.
    ///
    /// # Errors
    ///
    /// It is none of them, or no request in it has a response that can be read.
    pub fn read(capture: &[u8]) -> Result<Self, CaptureError> {
        exchanges(capture).map(Self::new)
    }
}

fn exchanges(capture: &[u8]) -> Result<Vec<Exchange>, CaptureError> {
    let exchanges: Vec<Exchange> = if is_json(capture) {
        har::exchanges(capture).map_err(CaptureError::Har)?
    } else {
        let packets = packets::read(capture).map_err(CaptureError::Packets)?;
        streams::of(packets).iter().flat_map(messages::exchanges).collect()
    };
    if exchanges.is_empty() { Err(CaptureError::Empty) } else { Ok(exchanges) }
}

/// Some archives begin with a byte order mark.
fn is_json(capture: &[u8]) -> bool {
    let text = capture.strip_prefix(har::BYTE_ORDER_MARK).unwrap_or(capture);
    text.trim_ascii_start().starts_with(b"{")
}

/// A response as it is given again: without what belonged to its connection, and with a length and
/// a media type of ours.
fn answer(status: u16, fields: Vec<(String, String)>, body: Vec<u8>) -> HttpAnswer {
    let media_type = fields
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("content-type"))
        .map_or_else(|| "application/octet-stream".to_owned(), |(_, value)| value.clone());
    let is_kept = |name: &str| !LEFT_OUT.iter().any(|left_out| name.eq_ignore_ascii_case(left_out));
    let headers = fields.into_iter().filter(|(name, _)| is_kept(name)).collect();
    HttpAnswer { status, headers, media_type, body: Content::Fixed(body.into()) }
}

/// Fields that are of one connection (RFC 9110 §7.6.1), or that we write ourselves.
const LEFT_OUT: &[&str] = &[
    "connection",
    "content-length",
    "content-type",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

#[cfg(test)]
mod tests;
