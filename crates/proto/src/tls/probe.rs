//! Whether a stream begins with a ClientHello.

use super::RECORD_BYTES;
use crate::Verdict;

/// Judges the first bytes: a record that holds the beginning of a ClientHello, or one in the form
/// SSLv2 gave it.
pub(super) fn probe(seen: &[u8]) -> Verdict {
    let fits: &[fn(&[u8]) -> bool] = match seen.first() {
        Some(0x80..) => SSLV2,
        _ => RECORD,
    };
    for (place, fits) in fits.iter().enumerate() {
        match seen.get(..=place) {
            Some(seen) if !fits(seen) => return Verdict::No,
            Some(_) => {}
            None => return Verdict::NeedMore,
        }
    }
    Verdict::Yes
}

/// What has to hold once each byte of a record and its first message is there.
const RECORD: &[fn(&[u8]) -> bool] = &[
    |seen| seen == [0x16],
    |seen| seen.last() == Some(&3),
    |seen| matches!(seen.last(), Some(0..=4)),
    |seen| seen.last().is_some_and(|high| usize::from(*high) << 8 <= RECORD_BYTES),
    |seen| (1..=RECORD_BYTES).contains(&usize::from(number(seen))),
    |seen| seen.last() == Some(&1),
];

/// The same of SSLv2: three lengths that add up are as good as a signature.
const SSLV2: &[fn(&[u8]) -> bool] = &[
    |_| true,
    |seen| number(seen) & 0x7fff > SSLV2_HEAD,
    |seen| seen.last() == Some(&1),
    |seen| matches!(seen.last(), Some(0 | 3)),
    |seen| matches!(number(seen), 2 | 0x0300..=0x0304),
    |_| true,
    |seen| number(seen).is_multiple_of(3) && number(seen) > 0,
    |_| true,
    |seen| number(seen) <= 32,
    |_| true,
    |seen| (16..=32).contains(&number(seen)) && sslv2_adds_up(seen),
];

/// Type, version and the lengths of ciphers, session and challenge.
const SSLV2_HEAD: u16 = 9;

fn sslv2_adds_up(seen: &[u8]) -> bool {
    let at = |place: usize| u32::from(seen.get(..place + 2).map_or(0, number));
    at(0) & 0x7fff == u32::from(SSLV2_HEAD) + at(5) + at(7) + at(9)
}

/// The last two bytes of `seen`; the last one alone if there is no other.
fn number(seen: &[u8]) -> u16 {
    seen.iter().rev().take(2).rev().fold(0, |number, byte| number << 8 | u16::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict, and after how many bytes it stood.
    fn verdict(stream: &[u8]) -> (Verdict, usize) {
        let verdict = |seen| probe(&stream[..seen]);
        let seen = (0..stream.len()).find(|seen| verdict(*seen) != Verdict::NeedMore);
        let seen = seen.unwrap_or(stream.len());
        (verdict(seen), seen)
    }

    #[test]
    fn hellos_are_known_in_both_forms() {
        assert_eq!(verdict(b"\x16\x03\x01\x02\x00\x01\x00"), (Verdict::Yes, 6));
        let sslv2 = b"\x80\x2e\x01\x00\x02\x00\x15\x00\x00\x00\x10";
        assert_eq!(verdict(sslv2), (Verdict::Yes, 11));
    }

    #[test]
    fn others_are_ruled_out_at_their_first_impossible_byte() {
        for (stream, bytes) in [
            (&b"GET / HTTP/1.1"[..], 1),
            (b"\x16\x02", 2),
            (b"\x16\x03\x05", 3),
            (b"\x16\x03\x01\x41", 4),
            (b"\x16\x03\x01\x00\x00", 5),
            (b"\x16\x03\x01\x00\x40\x02", 6),
            (b"\x80\x2e\x02", 3),
            (b"\xff\xff\xff", 3),
        ] {
            assert_eq!(verdict(stream), (Verdict::No, bytes), "{stream:?}");
        }
    }
}
