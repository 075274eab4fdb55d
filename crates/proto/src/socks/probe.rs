//! Whether a stream begins with a request of SOCKS 4 or an offer of SOCKS 5.
//!
//! Both begin with one small number, as many a protocol does, so every byte has to fit that can.

use crate::Verdict;

/// Longest user, or name, that is waited for.
const TEXT_BYTES: usize = 255;

/// Most methods that a client offers; those in use are fewer than ten.
const METHODS: u8 = 10;

pub(super) fn probe(seen: &[u8]) -> Verdict {
    match seen {
        [] => Verdict::NeedMore,
        [0x04, rest @ ..] => request4(rest),
        [0x05, rest @ ..] => offer5(rest),
        _ => Verdict::No,
    }
}

/// CONNECT or BIND, a port, an address that is one, and texts as they go with it.
fn request4(seen: &[u8]) -> Verdict {
    if !matches!(seen.first(), None | Some(0x01 | 0x02)) {
        return Verdict::No;
    }
    let Some((&[_, port @ .., a, b, c, d], rest)) = seen.split_first_chunk::<7>() else {
        return Verdict::NeedMore;
    };
    match (port, [a, b, c, d]) {
        ([0, 0], _) | (_, [0, 0, 0, 0]) => Verdict::No,
        (_, [0, 0, 0, _]) => match text(rest) {
            Text::Ended([0, ..]) | Text::Not => Verdict::No,
            Text::Ended(name) => verdict_on(&text(name)),
            Text::Partial => Verdict::NeedMore,
        },
        (_, [0, ..]) => Verdict::No,
        _ => verdict_on(&text(rest)),
    }
}

/// A text that a NUL ends.
enum Text<'a> {
    Ended(&'a [u8]),
    Not,
    Partial,
}

fn text(seen: &[u8]) -> Text<'_> {
    let length = seen.iter().take_while(|byte| **byte >= b' ' && **byte != 0x7f).count();
    match seen.get(length..) {
        _ if length > TEXT_BYTES => Text::Not,
        Some([0, rest @ ..]) => Text::Ended(rest),
        None | Some([]) => Text::Partial,
        Some(_) => Text::Not,
    }
}

fn verdict_on(text: &Text<'_>) -> Verdict {
    match text {
        Text::Ended(_) => Verdict::Yes,
        Text::Not => Verdict::No,
        Text::Partial => Verdict::NeedMore,
    }
}

/// A few methods, each one that is known or free for private use, none twice.
fn offer5(seen: &[u8]) -> Verdict {
    let Some((&count, rest)) = seen.split_first() else { return Verdict::NeedMore };
    if !(1..=METHODS).contains(&count) {
        return Verdict::No;
    }
    let count = usize::from(count);
    let methods = rest.get(..count).unwrap_or(rest);
    let is_method = |method: &u8| matches!(method, 0x00..=0x03 | 0x05..=0x09 | 0x80..=0xfe);
    let mut earlier = methods.iter().enumerate();
    let fits = earlier.all(|(place, method)| {
        is_method(method) && !methods.iter().take(place).any(|before| before == method)
    });
    match fits {
        false => Verdict::No,
        true if methods.len() < count => Verdict::NeedMore,
        true => Verdict::Yes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict, and after how many bytes it stood.
    fn verdict(stream: &[u8]) -> (Verdict, usize) {
        let seen = (0..stream.len()).find(|seen| probe(&stream[..*seen]) != Verdict::NeedMore);
        let seen = seen.unwrap_or(stream.len());
        (probe(&stream[..seen]), seen)
    }

    #[test]
    fn clients_are_known_with_their_last_byte() {
        for stream in [
            &b"\x04\x01\x00\x50\x5d\xb8\xd8\x77\x00"[..],
            b"\x04\x02\x00\x50\x5d\xb8\xd8\x77bot\x00",
            b"\x04\x01\x00\x50\x00\x00\x00\x01\x00www.example.com\x00",
            b"\x04\x01\x00\x50\x00\x00\x00\x01me\x00www.example.com\x00",
            b"\x05\x01\x00",
            b"\x05\x02\x00\x01",
            b"\x05\x03\x00\x02\x80",
        ] {
            assert_eq!(verdict(stream), (Verdict::Yes, stream.len()), "{stream:?}");
        }
    }

    #[test]
    fn others_are_ruled_out_at_their_first_impossible_byte() {
        for (stream, bytes) in [
            // RTP, DCE/RPC without and with a connection, DNP3.
            (&b"\x04\xbc\x80\x88\xc6\x23\x64\x48\xec\xa9\x00\x00"[..], 2),
            (b"\x04\x00\x28\x00\x10\x00\x00\x00", 2),
            (b"\x05\x00\x0b\x03\x10\x00\x00\x00\xb8\x10", 2),
            (b"\x05\x01\x0b\x03\x10\x00\x00\x00\xb8\x10", 3),
            (b"\x05\x64\xff\xc4", 2),
            (b"\x05\x02\x00\x00", 4),
            // No port, no address, a network that is none, no text, an empty name.
            (b"\x04\x01\x00\x00\x5d\xb8\xd8\x77\x00", 8),
            (b"\x04\x01\x00\x50\x00\x00\x00\x00\x00", 8),
            (b"\x04\x01\x00\x50\x00\x01\x02\x03\x00", 8),
            (b"\x04\x01\x00\x50\x5d\xb8\xd8\x77a\x01", 10),
            (b"\x04\x01\x00\x50\x00\x00\x00\x01\x00\x00", 10),
            (b"\x16\x03\x01", 1),
        ] {
            assert_eq!(verdict(stream), (Verdict::No, bytes), "{stream:?}");
        }
    }

    #[test]
    fn no_stream_is_waited_for_without_end() {
        let endless = [b"\x04\x01\x00\x50\x5d\xb8\xd8\x77".as_slice(), &[b'a'; 1_000]].concat();
        assert_eq!(verdict(&endless), (Verdict::No, 8 + TEXT_BYTES + 1));
    }
}
