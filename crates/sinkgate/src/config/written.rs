//! A value as written, before anyone knows what it means; sizes and times in words.

use std::fmt;
use std::time::Duration;

use toml::de::{DeArray, DeValue};

/// A value as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// From the environment, a flag or the table of defaults, where everything is text.
    Bare(String),
    /// True or false in the file.
    Boolean(bool),
    /// A whole number in the file.
    Integer(i64),
    /// An array of strings in the file, as one text with commas.
    List(String),
    /// Something in the file that no setting takes, by the name of its type.
    Other(&'static str),
    /// A string in the file.
    Text(String),
}

impl Written {
    pub(super) fn from_file(value: &DeValue<'_>) -> Self {
        match value {
            DeValue::String(text) => Self::Text(text.clone().into_owned()),
            DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
                .map_or(Self::Other("a number beyond 64 bits"), Self::Integer),
            DeValue::Array(items) => list(items).map_or(Self::Other("an array"), Self::List),
            DeValue::Boolean(yes) => Self::Boolean(*yes),
            DeValue::Datetime(_) => Self::Other("a date"),
            DeValue::Float(_) => Self::Other("a number with a fraction"),
            DeValue::Table(_) => Self::Other("a table"),
        }
    }

    /// The number this is, decimal or `0x…`.
    pub(super) fn number(&self) -> Option<u64> {
        match self {
            Self::Bare(text) => match text.strip_prefix("0x") {
                Some(digits) => u64::from_str_radix(digits, 16).ok(),
                None => text.replace('_', "").parse().ok(),
            },
            Self::Integer(number) => u64::try_from(*number).ok(),
            Self::Boolean(_) | Self::List(_) | Self::Other(_) | Self::Text(_) => None,
        }
    }

    /// The texts this is: an array, or a text with commas between them. Nothing is no text.
    pub(super) fn list(&self) -> Option<impl Iterator<Item = &str>> {
        let text = match self {
            Self::Bare(text) | Self::List(text) | Self::Text(text) => text,
            Self::Boolean(_) | Self::Integer(_) | Self::Other(_) => return None,
        };
        Some(text.split(',').map(str::trim).filter(|item| !item.is_empty()))
    }

    /// The text this is.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Bare(text) | Self::Text(text) => Some(text),
            Self::Boolean(_) | Self::Integer(_) | Self::List(_) | Self::Other(_) => None,
        }
    }

    /// Which way this switch is.
    pub(super) fn switch(&self) -> Option<bool> {
        match self {
            Self::Bare(text) => text.parse().ok(),
            Self::Boolean(yes) => Some(*yes),
            Self::Integer(_) | Self::List(_) | Self::Other(_) | Self::Text(_) => None,
        }
    }

    /// The number of bytes this is: a plain number, or a number and a unit.
    pub(super) fn bytes(&self) -> Option<u64> {
        self.number().or_else(|| bytes(self.text()?))
    }

    /// The length of time this is.
    pub(super) fn span(&self) -> Option<Duration> {
        span(self.text()?)
    }
}

/// As it would be written in the file.
impl fmt::Display for Written {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bare(text) if self.number().is_some() || self.switch().is_some() => {
                out.write_str(text)
            }
            Self::Boolean(yes) => write!(out, "{yes}"),
            Self::Bare(text) | Self::List(text) | Self::Text(text) => write!(out, "{text:?}"),
            Self::Integer(number) => write!(out, "{number}"),
            Self::Other(name) => out.write_str(name),
        }
    }
}

/// The strings of an array in one; `None` if there is anything else in it.
fn list(items: &DeArray<'_>) -> Option<String> {
    let texts = items.iter().map(|item| item.get_ref().as_str().filter(|text| !text.contains(',')));
    Some(texts.collect::<Option<Vec<&str>>>()?.join(", "))
}

/// Reads a size such as `64MiB` or `2GB`.
fn bytes(text: &str) -> Option<u64> {
    let (number, unit) = split_unit(text)?;
    let factor = UNITS_OF_BYTES.iter().find(|(name, _)| *name == unit)?.1;
    number.checked_mul(factor)
}

/// Reads a length of time such as `10ms`, `30m` or `1h30m`.
pub(crate) fn span(text: &str) -> Option<Duration> {
    let mut rest = text.trim();
    let mut sum = Duration::ZERO;
    while !rest.is_empty() {
        let digits = rest.find(|letter: char| !letter.is_ascii_digit())?;
        let letters = rest.get(digits..)?;
        let end = letters.find(|letter: char| letter.is_ascii_digit()).unwrap_or(letters.len());
        let piece = span_of_one_unit(rest.get(..digits + end)?)?;
        sum = sum.checked_add(piece)?;
        rest = letters.get(end..)?;
    }
    (!text.trim().is_empty()).then_some(sum)
}

fn span_of_one_unit(text: &str) -> Option<Duration> {
    let (number, unit) = split_unit(text)?;
    let micros = UNITS_OF_TIME.iter().find(|(name, _)| *name == unit)?.1;
    number.checked_mul(micros).map(Duration::from_micros)
}

fn split_unit(text: &str) -> Option<(u64, &str)> {
    let text = text.trim();
    let end = text.find(|letter: char| !letter.is_ascii_digit())?;
    let (number, unit) = text.split_at_checked(end)?;
    Some((number.parse().ok()?, unit.trim()))
}

/// Units of 1,024 and of 1,000; in bytes.
const UNITS_OF_BYTES: &[(&str, u64)] = &[
    ("B", 1),
    ("kB", 1_000),
    ("KB", 1_000),
    ("KiB", 1 << 10),
    ("MB", 1_000_000),
    ("MiB", 1 << 20),
    ("GB", 1_000_000_000),
    ("GiB", 1 << 30),
    ("TB", 1_000_000_000_000),
    ("TiB", 1 << 40),
];

/// In microseconds.
const UNITS_OF_TIME: &[(&str, u64)] = &[
    ("us", 1),
    ("ms", 1_000),
    ("s", 1_000_000),
    ("m", 60_000_000),
    ("h", 3_600_000_000),
    ("d", 86_400_000_000),
];

/// A text without line breaks and other control characters, which may be empty.
pub(super) fn one_line(text: &str) -> Option<String> {
    (!text.contains(char::is_control)).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_have_units_of_both_kinds() {
        let read = |text: &str| Written::Text(text.to_owned()).bytes();
        assert_eq!(read("64MiB"), Some(67_108_864));
        assert_eq!(read("64 MiB"), Some(67_108_864));
        assert_eq!(read("2GB"), Some(2_000_000_000));
        assert_eq!(Written::Integer(17).bytes(), Some(17));
        for wrong in ["", "MiB", "64mib", "-1MiB", "1.5MiB", "99999999999TiB"] {
            assert_eq!(read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn times_have_units_and_can_be_added() {
        assert_eq!(span("10ms"), Some(Duration::from_millis(10)));
        assert_eq!(span("1h30m"), Some(Duration::from_secs(5_400)));
        assert_eq!(span(" 2 d "), Some(Duration::from_secs(172_800)));
        for wrong in ["", "10", "ms", "1h30", "1y", "-1s", "1.5s", "99999999999999d", "5mé"] {
            assert_eq!(span(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_bare_number_may_be_hexadecimal() {
        assert_eq!(Written::Bare("0x5347".to_owned()).number(), Some(0x5347));
        assert_eq!(Written::Bare("100_000".to_owned()).number(), Some(100_000));
        assert_eq!(Written::Text("9999".to_owned()).number(), None);
    }
}
