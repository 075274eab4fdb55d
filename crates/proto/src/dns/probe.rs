//! Whether bytes on any port are DNS.

use hickory_proto::op::{Message, Query};

use super::message::{self, Received};
use crate::Verdict;

/// Shortest request: a header and a question for the root.
const SHORTEST: usize = 12 + 5;

/// Longest request that is taken for one. No client sends longer ones, and the first byte of most
/// other protocols, read as half of a length, gives more.
const LONGEST: usize = 4_096;

/// Judges the beginning of a stream: a length, then a header that a client would send.
pub(super) fn stream(seen: &[u8]) -> Verdict {
    let length = match *seen {
        [] => return Verdict::NeedMore,
        [high] => usize::from(high) << 8 | 0xff,
        [high, low, ..] => usize::from(high) << 8 | usize::from(low),
    };
    if !(SHORTEST..=LONGEST).contains(&length) {
        return Verdict::No;
    }
    let Some((_, message)) = seen.split_at_checked(2) else { return Verdict::NeedMore };
    let fits = HEADER.iter().skip(2).zip(message.iter().skip(2)).all(|(fits, byte)| fits(*byte));
    match (fits, message.len()) {
        (false, _) => Verdict::No,
        (true, ..13) => Verdict::NeedMore,
        (true, _) => Verdict::Yes,
    }
}

/// What the bytes of a client's header can be, and the first byte of its question.
const HEADER: [fn(u8) -> bool; 13] = [
    |_| true,
    |_| true,
    // A question; a query, a notification or an update; no answer's bits.
    |flags| flags & 0x80 == 0 && matches!(flags >> 3 & 0xf, 0 | 4 | 5) && flags & 0x06 == 0,
    // Nothing available, no error.
    |flags| flags & 0xcf == 0,
    // One question, or at most four; no answer, no authority; OPT, TSIG, a cookie.
    |high| high == 0,
    |low| (1..=4).contains(&low),
    |high| high == 0,
    |low| low <= 1,
    |high| high == 0,
    |low| low <= 1,
    |high| high == 0,
    |low| low <= 3,
    // The length of a label.
    |length| length <= 63,
];

/// Judges a datagram: it has to be a question from its first byte to its last. On DNS's own port
/// less will do, which is not for this to say.
pub(super) fn datagram(seen: &[u8]) -> Verdict {
    let header_fits = HEADER.iter().zip(seen).all(|(fits, byte)| fits(*byte));
    if seen.len() < SHORTEST || !header_fits {
        return Verdict::No;
    }
    match message::read(seen) {
        Received::Request { message, surplus_bytes: 0 } if is_likely(&message) => Verdict::Yes,
        _ => Verdict::No,
    }
}

/// Judges a datagram on mDNS's port: a question or an announcement (RFC 6762 §18), with no error and
/// nothing odd.
pub(super) fn mdns(seen: &[u8]) -> Verdict {
    let Some(([_, _, 0x00 | 0x84, 0, counts @ ..], name)) = seen.split_first_chunk::<12>() else {
        return Verdict::No;
    };
    let [questions, answers, others @ ..] = [0, 2, 4, 6].map(|at| {
        let count = counts.get(at..).and_then(<[u8]>::first_chunk);
        count.map_or(u16::MAX, |count| u16::from_be_bytes(*count))
    });
    let is_short = [questions, answers, others[0], others[1]].iter().all(|count| *count <= 64);
    if is_short && questions + answers > 0 && begins_with_a_label(name) {
        Verdict::Yes
    } else {
        Verdict::No
    }
}

/// Judges a datagram on LLMNR's port: one question, no bit of DNS's but those of LLMNR
/// (RFC 4795 §2.1.1).
pub(super) fn llmnr(seen: &[u8]) -> Verdict {
    match seen.split_first_chunk::<12>() {
        Some(([_, _, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0], name)) if begins_with_a_label(name) => {
            Verdict::Yes
        }
        _ => Verdict::No,
    }
}

fn begins_with_a_label(name: &[u8]) -> bool {
    let length = name.first().copied().unwrap_or_default();
    (1..=63).contains(&length) && name.len() > usize::from(length)
}

fn is_likely(message: &Message) -> bool {
    message.queries.iter().all(|query| {
        let class = u16::from(query.query_class()) & 0x7fff;
        matches!(class, 1 | 3 | 255) && !is_netbios(query)
    })
}

/// NetBIOS names (RFC 1002 §4.2) travel in messages that look like ours: 32 letters from A to P,
/// with types of their own.
fn is_netbios(query: &Query) -> bool {
    let first = query.name().iter().next().unwrap_or_default();
    let is_encoded = first.len() == 32 && first.iter().all(|byte| matches!(byte, b'A'..=b'P'));
    is_encoded && matches!(u16::from(query.query_type()), 32 | 33)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUERY: &[u8] = b"\x12\x34\x01\x00\0\x01\0\0\0\0\0\0\x07example\x04test\0\0\x01\0\x01";

    fn framed() -> Vec<u8> {
        [&[0, QUERY.len() as u8], QUERY].concat()
    }

    #[test]
    fn a_stream_is_known_by_the_header_of_its_first_message() {
        let framed = framed();
        for seen in 0..15 {
            assert_eq!(stream(&framed[..seen]), Verdict::NeedMore, "{seen} bytes");
        }
        assert_eq!(stream(&framed[..15]), Verdict::Yes);
    }

    #[test]
    fn other_streams_are_ruled_out_at_their_first_impossible_byte() {
        for other in [
            b"GET / HTTP/1.1".as_slice(),
            b"\x16\x03\x01\x02\0",
            b"SSH-2.0-x",
            b"\0\0\0\x54\xffSMB",
            b"\x03\0\0\x13\x0e\xe0\0\0",
        ] {
            let first_no = (0..=other.len()).find(|seen| stream(&other[..*seen]) == Verdict::No);
            assert!(first_no.is_some_and(|seen| seen <= 6), "{other:?}: {first_no:?}");
        }
    }

    #[test]
    fn a_datagram_has_to_be_a_question_to_its_last_byte() {
        assert_eq!(datagram(QUERY), Verdict::Yes);
        assert_eq!(datagram(&QUERY[..QUERY.len() - 1]), Verdict::No);
        assert_eq!(datagram(&[QUERY, b"x"].concat()), Verdict::No);
        assert_eq!(datagram(b""), Verdict::No);
    }

    #[test]
    fn a_netbios_name_query_is_not_dns() {
        let mut asked = b"\x12\x34\x01\x10\0\x01\0\0\0\0\0\0\x20".to_vec();
        asked.extend_from_slice(b"FHFAEBEECACACACACACACACACACACAAA");
        asked.extend_from_slice(b"\0\0\x20\0\x01");
        assert_eq!(datagram(&asked), Verdict::No);
    }
}
