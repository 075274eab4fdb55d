//! Text with one character for each byte: nothing a peer wrote is lost on its way through.

/// Bytes as such a text.
pub(super) fn text(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| char::from(*byte)).collect()
}

/// Such a text as the bytes it stands for.
pub(super) fn bytes(text: &str) -> Vec<u8> {
    text.chars().map(|one| u8::try_from(u32::from(one)).unwrap_or(b'?')).collect()
}

/// Such a text as people read it.
pub(super) fn shown(text: &str) -> String {
    String::from_utf8_lossy(&bytes(text)).into_owned()
}

/// What escapes of `echo -e` and `printf` stand for; `None` after `\c`, where all ends.
pub(super) fn unescaped(text: &str) -> (String, Ends) {
    let (mut out, mut rest) = (String::new(), text.chars().peekable());
    while let Some(one) = rest.next() {
        if one != '\\' {
            out.push(one);
            continue;
        }
        match rest.next() {
            Some('c') => return (out, Ends::Here),
            Some('x') => match number(&mut rest, 16, 2) {
                Some(byte) => out.push(byte),
                None => out.push_str("\\x"),
            },
            Some('0') => out.push(number(&mut rest, 8, 3).unwrap_or('\0')),
            Some(first @ '1'..='7') => {
                let mut digits = first.to_string();
                digits.extend(
                    std::iter::from_fn(|| rest.next_if(|one| ('0'..='7').contains(one))).take(2),
                );
                let byte = u32::from_str_radix(&digits, 8).unwrap_or_default();
                out.extend(char::from_u32(byte & 0xff));
            }
            Some(other) => match ESCAPES.iter().find(|(letter, _)| *letter == other) {
                Some((_, meant)) => out.push(*meant),
                None => out.extend(['\\', other]),
            },
            None => out.push('\\'),
        }
    }
    (out, Ends::Goes)
}

/// Whether output ends with an escape that says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ends {
    Goes,
    Here,
}

const ESCAPES: &[(char, char)] = &[
    ('n', '\n'),
    ('t', '\t'),
    ('r', '\r'),
    ('\\', '\\'),
    ('a', '\x07'),
    ('b', '\x08'),
    ('e', '\x1b'),
    ('f', '\x0c'),
    ('v', '\x0b'),
];

/// A byte in digits of `radix`, of which at most so many are read.
fn number(
    rest: &mut std::iter::Peekable<std::str::Chars<'_>>,
    radix: u32,
    most: usize,
) -> Option<char> {
    let mut byte: Option<u32> = None;
    for _ in 0..most {
        let Some(digit) = rest.peek().and_then(|one| one.to_digit(radix)) else { break };
        rest.next();
        byte = Some(byte.unwrap_or(0) * radix + digit);
    }
    byte.and_then(|byte| char::from_u32(byte & 0xff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_byte_comes_out_as_it_went_in() {
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(bytes(&text(&all)), all);
        assert_eq!(shown(&text("ü\u{fffd}".as_bytes())), "ü\u{fffd}");
    }

    #[test]
    fn escapes_are_bytes() {
        for (written, meant, ends) in [
            (r"\x7f\x45LF\x1", &b"\x7fELF\x01"[..], Ends::Goes),
            (r"\0377\012\0", b"\xff\x0a\0", Ends::Goes),
            (r"\177\1018\x", b"\x7fA8\\x", Ends::Goes),
            (r"a\tb\\\q\xg\", b"a\tb\\\\q\\xg\\", Ends::Goes),
            (r"a\cb", b"a", Ends::Here),
        ] {
            let (text, end) = unescaped(written);
            assert_eq!((bytes(&text).as_slice(), end), (meant, ends), "{written}");
        }
    }
}
