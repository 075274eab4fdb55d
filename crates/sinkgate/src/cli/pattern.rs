//! `--grep`: the bytes to look for.

use std::str::FromStr;

use data_encoding::HEXLOWER_PERMISSIVE;

/// Bytes to look for; never none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pattern(Vec<u8>);

impl Pattern {
    /// The bytes.
    #[must_use]
    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }
}

/// Reads `hex:` and pairs of digits, or takes the text as it stands.
impl FromStr for Pattern {
    type Err = &'static str;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = match text.strip_prefix("hex:") {
            Some(digits) => from_hex(digits).ok_or("expected pairs of digits, as in hex:4d5a90")?,
            None => text.as_bytes().to_vec(),
        };
        if bytes.is_empty() { Err("expected at least one byte") } else { Ok(Self(bytes)) }
    }
}

fn from_hex(digits: &str) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(digits.replace(' ', "").as_bytes()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_hex_are_understood() {
        let read = |text: &str| text.parse::<Pattern>().map(|pattern| pattern.bytes().to_vec());
        assert_eq!(read("MZ"), Ok(b"MZ".to_vec()));
        assert_eq!(read("hex:4D5a90"), Ok(vec![0x4d, 0x5a, 0x90]));
        assert_eq!(read("hex:4d 5a"), Ok(vec![0x4d, 0x5a]));
        for wrong in ["", "hex:", "hex:4", "hex:zz"] {
            assert!(read(wrong).is_err(), "{wrong:?}");
        }
    }
}
