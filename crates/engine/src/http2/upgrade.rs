//! A connection that was HTTP/1.1 until its first request was over (RFC 7540 §3.2).
//!
//! That request is stream 1. The library has no door for it, so behind the client's first frame,
//! whose settings hold for the answer, it is shown a request of its own making on that stream; what
//! is answered there is the answer to the real one.

use bytes::Bytes;
use h2::server::SendResponse;
use proto::http::Request;

/// The first request, until it is asked for.
pub(super) struct Upgrade {
    request: Request,
    /// What has come, up to the end of the client's first frame.
    held: Vec<u8>,
    is_spliced: bool,
}

/// `GET /` on that stream, with no body (RFC 9113 §6.2), out of the static table alone, so that the
/// client's own is as it was (RFC 7541, appendix A).
const STAND_IN: &[u8] = &[0, 0, 3, 0x01, 0x05, 0, 0, 0, 1, 0x82, 0x86, 0x84];

/// Bytes of what every connection begins with, and of what stands before a frame's payload.
const MAGIC: usize = 24;
const FRAME_HEAD: usize = 9;

/// Longest first frame that is waited for: the longest that we allow (RFC 9113 §4.2).
const FRAME: usize = 16_384;

impl Upgrade {
    pub(super) fn new(request: Request) -> Self {
        Self { request, held: Vec::new(), is_spliced: false }
    }

    /// What the library is to see of `bytes`: nothing until the first frame is whole.
    pub(super) fn splice(&mut self, bytes: Vec<u8>) -> Vec<u8> {
        if self.is_spliced {
            return bytes;
        }
        self.held.extend(bytes);
        let Some(end) = first_frame_end(&self.held) else { return Vec::new() };
        self.is_spliced = true;
        let mut seen = std::mem::take(&mut self.held);
        let rest = seen.split_off(end.min(seen.len()));
        [&seen, STAND_IN, &rest].concat()
    }

    pub(super) fn into_request(self) -> Request {
        self.request
    }
}

/// Whether this answers the first request.
pub(super) fn is_first(answer: &SendResponse<Bytes>) -> bool {
    answer.stream_id().as_u32() == 1
}

/// Where the first frame ends, if it has come; of one that is too long, where its head ends: the
/// library ends such a connection.
fn first_frame_end(bytes: &[u8]) -> Option<usize> {
    let [a, b, c] = *bytes.get(MAGIC..MAGIC + FRAME_HEAD)?.first_chunk()?;
    let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
    let end = MAGIC + FRAME_HEAD + if length > FRAME { 0 } else { length };
    (bytes.len() >= end).then_some(end)
}
