//! Requests that the library turned down, found in what it sends: it tells nobody else.

use h2::Reason;

/// Bytes before the payload of a frame (RFC 9113 §4.1).
const HEAD_BYTES: usize = 9;

/// The frame that ends one stream (RFC 9113 §6.4).
const RST_STREAM: u8 = 0x03;

/// Whether a request was refused because there are too many. `sent` begins and ends with a frame:
/// the pipe takes all that is written, so none is left half done.
pub(super) fn are_in(mut sent: &[u8]) -> bool {
    while let Some((head, rest)) = sent.split_first_chunk::<HEAD_BYTES>() {
        let [a, b, c, kind, ..] = *head;
        let length = usize::try_from(u32::from_be_bytes([0, a, b, c])).unwrap_or(usize::MAX);
        let (payload, next) = rest.split_at(length.min(rest.len()));
        let reason = payload.first_chunk().map(|code| Reason::from(u32::from_be_bytes(*code)));
        if kind == RST_STREAM && reason == Some(Reason::REFUSED_STREAM) {
            return true;
        }
        sent = next;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_found_among_other_frames() {
        let settings = [0, 0, 0, 4, 0, 0, 0, 0, 0];
        let refused = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 7];
        let cancelled = [0, 0, 4, 3, 0, 0, 0, 0, 1, 0, 0, 0, 8];
        assert!(are_in(&[&settings[..], &cancelled, &refused].concat()));
        assert!(!are_in(&[&settings[..], &cancelled].concat()));
        assert!(!are_in(&refused[..11]));
    }
}
