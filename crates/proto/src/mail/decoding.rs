//! What an encoding for the way (RFC 2045 §6) made of bytes is undone while they come.

/// An encoding, and what it holds back until more comes.
#[derive(Debug, Default)]
pub(super) enum Decoding {
    /// Six bits a letter; whatever is no letter of it is passed over.
    Base64 { bits: u32, count: u32 },
    /// None, or one we do not know: kept as it came.
    #[default]
    Identity,
    /// Bytes as they are, or `=` and two digits.
    QuotedPrintable(Escape),
}

/// How far an escape has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Escape {
    None,
    /// After `=`.
    Begun,
    /// After `=` and a digit.
    Digit(u8),
    /// After `=` and blanks, before the line's end that it removes.
    Soft,
}

impl Decoding {
    /// The one that the field Content-Transfer-Encoding names.
    pub(super) fn named(name: &str) -> Self {
        match name.trim().to_ascii_lowercase().as_str() {
            "base64" => Self::Base64 { bits: 0, count: 0 },
            "quoted-printable" => Self::QuotedPrintable(Escape::None),
            _ => Self::Identity,
        }
    }

    /// Decodes the next bytes.
    pub(super) fn decode(&mut self, encoded: &[u8], decoded: &mut Vec<u8>) {
        match self {
            Self::Base64 { bits, count } => {
                for byte in encoded {
                    base64(*byte, bits, count, decoded);
                }
            }
            Self::Identity => decoded.extend_from_slice(encoded),
            Self::QuotedPrintable(escape) => {
                for byte in encoded {
                    *escape = quoted(*byte, *escape, decoded);
                }
            }
        }
    }
}

fn base64(byte: u8, bits: &mut u32, count: &mut u32, decoded: &mut Vec<u8>) {
    let digit = match byte {
        b'A'..=b'Z' => byte - b'A',
        b'a'..=b'z' => byte - b'a' + 26,
        b'0'..=b'9' => byte - b'0' + 52,
        b'+' => 62,
        b'/' => 63,
        b'=' => {
            (*bits, *count) = (0, 0);
            return;
        }
        _ => return,
    };
    *bits = *bits << 6 | u32::from(digit);
    *count += 6;
    if *count >= 8 {
        *count -= 8;
        let [.., last] = (*bits >> *count).to_be_bytes();
        decoded.push(last);
    }
}

fn quoted(byte: u8, escape: Escape, decoded: &mut Vec<u8>) -> Escape {
    match (escape, byte) {
        (Escape::None, b'=') => Escape::Begun,
        (Escape::None, _) => {
            decoded.push(byte);
            Escape::None
        }
        (Escape::Begun | Escape::Soft, b'\n') => Escape::None,
        (Escape::Begun | Escape::Soft, b'\r' | b' ' | b'\t') => Escape::Soft,
        (Escape::Begun, _) if byte.is_ascii_hexdigit() => Escape::Digit(byte),
        (Escape::Begun, _) => {
            decoded.push(b'=');
            quoted(byte, Escape::None, decoded)
        }
        (Escape::Soft, _) => quoted(byte, Escape::None, decoded),
        (Escape::Digit(first), _) => match (hex(first), hex(byte)) {
            (Some(first), Some(second)) => {
                decoded.push(first << 4 | second);
                Escape::None
            }
            _ => {
                decoded.extend([b'=', first]);
                quoted(byte, Escape::None, decoded)
            }
        },
    }
}

fn hex(digit: u8) -> Option<u8> {
    let digit = char::from(digit).to_digit(16)?;
    u8::try_from(digit).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(name: &str, encoded: &str) -> String {
        let once = |cut: usize| {
            let (mut decoding, mut decoded) = (Decoding::named(name), Vec::new());
            for piece in encoded.as_bytes().chunks(cut) {
                decoding.decode(piece, &mut decoded);
            }
            String::from_utf8(decoded).unwrap()
        };
        assert_eq!(once(1), once(1_000));
        once(1)
    }

    #[test]
    fn base64_is_read_however_it_is_broken() {
        assert_eq!(decoded("Base64 ", "aGVsbG8sIHdvcmxk"), "hello, world");
        assert_eq!(decoded("base64", "aGVs\r\nbG8s I!Hdvcmxk\r\n"), "hello, world");
        assert_eq!(decoded("base64", "aGVsbG8=\r\nLCB3b3JsZA=="), "hello, world");
    }

    #[test]
    fn quoted_printable_is_read_however_it_is_broken() {
        let name = "quoted-printable";
        assert_eq!(decoded(name, "a=3Db=\r\nc =  \r\nd=\ne\r\n"), "a=bc de\r\n");
        assert_eq!(decoded(name, "=C3=bc =zz =4 ="), "ü =zz =4 ");
    }

    #[test]
    fn other_encodings_are_left_alone() {
        assert_eq!(decoded("8bit", "a=3Db"), "a=3Db");
        assert_eq!(decoded("x-uuencode", "begin 644 a"), "begin 644 a");
    }
}
