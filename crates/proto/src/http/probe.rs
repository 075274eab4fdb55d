//! Whether a stream begins with a request.

use crate::Verdict;

/// Methods that one meets, each with the space after it.
const METHODS: &[&[u8]] = &[
    b"CONNECT ",
    b"DELETE ",
    b"GET ",
    b"HEAD ",
    b"OPTIONS ",
    b"PATCH ",
    b"POST ",
    b"PUT ",
    b"TRACE ",
];

/// Longest method of anybody's own making that is waited for.
const METHOD_BYTES: usize = 24;

/// Longest target that is waited for after such a method.
const TARGET_BYTES: usize = 2_048;

/// Empty lines that some clients send first (RFC 9112 §2.2).
const BLANK_BYTES: usize = 4;

/// Judges the first bytes: a usual method with a usual target, or anything of the shape
/// `TOKEN target HTTP/`.
pub(super) fn probe(seen: &[u8]) -> Verdict {
    let blank = seen.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    if blank > BLANK_BYTES {
        return Verdict::No;
    }
    let seen = seen.get(blank..).unwrap_or_default();
    match usual(seen) {
        Verdict::No => any_method(seen),
        verdict => verdict,
    }
}

/// A usual method in any case, then the beginning of a target.
fn usual(seen: &[u8]) -> Verdict {
    if is_method_alone(seen) {
        return Verdict::OnItsPort;
    }
    let method = METHODS.iter().find(|method| {
        let both = method.len().min(seen.len());
        method.iter().zip(seen).take(both).all(|(a, b)| a.eq_ignore_ascii_case(b))
    });
    let Some(method) = method else { return Verdict::No };
    let Some(target) = seen.get(method.len()..) else { return Verdict::NeedMore };
    match target {
        [] => Verdict::NeedMore,
        [b'/' | b'*', ..] => Verdict::Yes,
        [b'[' | b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z', ..] if *method == b"CONNECT " => {
            Verdict::Yes
        }
        _ => absolute(target),
    }
}

/// A method and the end of its line: a server says what it thinks of that, where one is expected.
fn is_method_alone(seen: &[u8]) -> bool {
    METHODS.iter().any(|method| {
        let (word, rest) = seen.split_at_checked(method.len() - 1).unwrap_or((&[], seen));
        word.eq_ignore_ascii_case(method.trim_ascii_end()) && matches!(rest, [b'\r' | b'\n', ..])
    })
}

/// `http://` or `https://`.
fn absolute(target: &[u8]) -> Verdict {
    let start = target.get(..7).unwrap_or(target).to_ascii_lowercase();
    let fits = |scheme: &[u8]| scheme.starts_with(&start);
    match fits(b"http://") || fits(b"https:/") {
        true if start.len() == 7 => Verdict::Yes,
        true => Verdict::NeedMore,
        false => Verdict::No,
    }
}

/// `TOKEN target HTTP/`, given up at the first byte that does not fit.
fn any_method(seen: &[u8]) -> Verdict {
    let is_token = |byte: &u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(byte);
    let method = seen.iter().take_while(|byte| is_token(byte)).count();
    let rest = match seen.get(method..) {
        _ if method > METHOD_BYTES => return Verdict::No,
        None | Some([]) => return Verdict::NeedMore,
        Some([b' ', rest @ ..]) if method > 0 => rest,
        Some(_) => return Verdict::No,
    };
    let target = rest.iter().take_while(|byte| **byte > b' ' && **byte != 0x7f).count();
    match rest.get(target..) {
        _ if target > TARGET_BYTES => Verdict::No,
        None | Some([]) => Verdict::NeedMore,
        Some([b' ', version @ ..]) if target > 0 => begins_version(version),
        Some(_) => Verdict::No,
    }
}

fn begins_version(version: &[u8]) -> Verdict {
    let start = version.get(..5).unwrap_or(version).to_ascii_uppercase();
    match b"HTTP/".starts_with(&start) {
        true if start.len() == 5 => Verdict::Yes,
        true => Verdict::NeedMore,
        false => Verdict::No,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The verdict, and after how many bytes it stood.
    fn verdict(stream: &str) -> (Verdict, usize) {
        let verdict = |seen| probe(&stream.as_bytes()[..seen]);
        let seen = (0..stream.len()).find(|seen| verdict(*seen) != Verdict::NeedMore);
        let seen = seen.unwrap_or(stream.len());
        (verdict(seen), seen)
    }

    #[test]
    fn requests_are_known_after_few_bytes() {
        for (stream, bytes) in [
            ("GET / HTTP/1.1", 5),
            ("get /", 5),
            ("\r\nPOST /x", 8),
            ("OPTIONS * HTTP/1.1", 9),
            ("CONNECT example.test:443", 9),
            ("GET http://example.test/", 11),
            ("PROPFIND /dav HTTP/1.1", 19),
            ("PRI * HTTP/2.0", 11),
        ] {
            assert_eq!(verdict(stream), (Verdict::Yes, bytes), "{stream}");
        }
    }

    #[test]
    fn others_are_ruled_out_at_their_first_impossible_byte() {
        for (stream, bytes) in [
            ("\x16\x03\x01", 1),
            ("\0", 1),
            ("SSH-2.0-x\r\n", 10),
            ("EHLO bot\r\n", 9),
            ("OPTIONS sip:a@b SIP/2.0", 17),
            ("GET key\r\n", 8),
            ("\r\n\r\n\r\n", 5),
        ] {
            assert_eq!(verdict(stream), (Verdict::No, bytes), "{stream:?}");
        }
    }

    #[test]
    fn no_stream_is_waited_for_without_end() {
        assert_eq!(verdict(&"A".repeat(5_000)), (Verdict::No, METHOD_BYTES + 1));
        let endless = format!("A {}", "a".repeat(5_000));
        assert_eq!(verdict(&endless), (Verdict::No, 2 + TARGET_BYTES + 1));
    }
}
