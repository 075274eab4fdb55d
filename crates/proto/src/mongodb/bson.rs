//! Documents in binary form (<https://bsonspec.org/spec.html>), read to a depth and written.

use std::fmt::Write;

use crate::hexadecimal::hexadecimal;

/// Names and values, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Document(pub(super) Vec<(String, Value)>);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Value {
    Array(Vec<Self>),
    Binary(Vec<u8>),
    Boolean(bool),
    /// Milliseconds since 1970.
    Date(i64),
    Document(Document),
    Double(f64),
    Int(i32),
    Long(i64),
    Null,
    ObjectId([u8; 12]),
    /// A kind that is not read further: its number, its bytes.
    Other(u8, Vec<u8>),
    Text(String),
}

/// How deep documents are read.
const DEPTH: usize = 32;

impl Document {
    /// Reads a document, and how long it is.
    pub(super) fn read(bytes: &[u8]) -> Option<(Self, usize)> {
        read(bytes, DEPTH)
    }

    pub(super) fn find(&self, name: &str) -> Option<&Value> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value)
    }

    /// A text of this name.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        match self.find(name)? {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(super) fn write(&self, out: &mut Vec<u8>) {
        let start = out.len();
        out.extend([0; 4]);
        for (name, value) in &self.0 {
            out.push(value.kind());
            out.extend(name.bytes().filter(|byte| *byte != 0));
            out.push(0);
            value.write(out);
        }
        out.push(0);
        let length = length(out.len() - start);
        if let Some(place) = out.get_mut(start..start + 4) {
            place.copy_from_slice(&length);
        }
    }

    /// As people read it.
    pub(super) fn shown(&self, out: &mut String) {
        out.push('{');
        for (place, (name, value)) in self.0.iter().enumerate() {
            if place > 0 {
                out.push_str(", ");
            }
            let _ = write!(out, "{name:?}: ");
            value.shown(out);
        }
        out.push('}');
    }
}

fn length(count: usize) -> [u8; 4] {
    u32::try_from(count).unwrap_or(u32::MAX).to_le_bytes()
}

fn read(bytes: &[u8], depth: usize) -> Option<(Document, usize)> {
    let length = usize::try_from(i32::from_le_bytes(*bytes.first_chunk()?)).ok()?;
    let inside = bytes.get(..length)?.get(4..length.checked_sub(1)?)?;
    let depth = depth.checked_sub(1)?;
    let (mut rest, mut fields) = (inside, Vec::new());
    while let Some((kind, after)) = rest.split_first() {
        let end = after.iter().position(|byte| *byte == 0)?;
        let name = String::from_utf8_lossy(after.get(..end)?).into_owned();
        let (value, taken) = Value::read(*kind, after.get(end + 1..)?, depth)?;
        fields.push((name, value));
        rest = after.get(end + 1 + taken..)?;
    }
    Some((Document(fields), length))
}

impl Value {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(text.to_owned())
    }

    fn read(kind: u8, bytes: &[u8], depth: usize) -> Option<(Self, usize)> {
        let long = || Some(i64::from_le_bytes(*bytes.first_chunk()?));
        let count = || usize::try_from(i32::from_le_bytes(*bytes.first_chunk()?)).ok();
        Some(match kind {
            0x01 => (Self::Double(f64::from_le_bytes(*bytes.first_chunk()?)), 8),
            0x02 | 0x0d | 0x0e => {
                let length = count()?;
                let text = bytes.get(4..4 + length.checked_sub(1)?)?;
                (Self::Text(String::from_utf8_lossy(text).into_owned()), 4 + length)
            }
            0x03 => {
                let (document, length) = read(bytes, depth)?;
                (Self::Document(document), length)
            }
            0x04 => {
                let (document, length) = read(bytes, depth)?;
                (Self::Array(document.0.into_iter().map(|(_, value)| value).collect()), length)
            }
            0x05 => {
                let length = count()?;
                (Self::Binary(bytes.get(5..5 + length)?.to_vec()), 5 + length)
            }
            0x07 => (Self::ObjectId(*bytes.first_chunk()?), 12),
            0x08 => (Self::Boolean(*bytes.first()? != 0), 1),
            0x09 => (Self::Date(long()?), 8),
            0x06 | 0x0a => (Self::Null, 0),
            0x10 => (Self::Int(i32::from_le_bytes(*bytes.first_chunk()?)), 4),
            0x12 => (Self::Long(long()?), 8),
            0x11 => (Self::Other(kind, bytes.get(..8)?.to_vec()), 8),
            0x13 => (Self::Other(kind, bytes.get(..16)?.to_vec()), 16),
            0x7f | 0xff => (Self::Other(kind, Vec::new()), 0),
            _ => return None,
        })
    }

    const fn kind(&self) -> u8 {
        match self {
            Self::Array(_) => 0x04,
            Self::Binary(_) => 0x05,
            Self::Boolean(_) => 0x08,
            Self::Date(_) => 0x09,
            Self::Document(_) => 0x03,
            Self::Double(_) => 0x01,
            Self::Int(_) => 0x10,
            Self::Long(_) => 0x12,
            Self::Null => 0x0a,
            Self::ObjectId(_) => 0x07,
            Self::Other(kind, _) => *kind,
            Self::Text(_) => 0x02,
        }
    }

    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Array(values) => {
                let numbered = values.iter().cloned().enumerate();
                let fields = numbered.map(|(place, value)| (place.to_string(), value));
                Document(fields.collect()).write(out);
            }
            Self::Binary(bytes) => {
                out.extend(length(bytes.len()));
                out.push(0);
                out.extend(bytes);
            }
            Self::Boolean(is_so) => out.push(u8::from(*is_so)),
            Self::Date(number) | Self::Long(number) => out.extend(number.to_le_bytes()),
            Self::Document(document) => document.write(out),
            Self::Double(number) => out.extend(number.to_le_bytes()),
            Self::Int(number) => out.extend(number.to_le_bytes()),
            Self::Null => {}
            Self::ObjectId(bytes) => out.extend(bytes),
            Self::Other(_, bytes) => out.extend(bytes),
            Self::Text(text) => {
                out.extend(length(text.len() + 1));
                out.extend(text.bytes());
                out.push(0);
            }
        }
    }

    fn shown(&self, out: &mut String) {
        let _ = match self {
            Self::Array(values) => {
                out.push('[');
                for (place, value) in values.iter().enumerate() {
                    out.push_str(if place > 0 { ", " } else { "" });
                    value.shown(out);
                }
                write!(out, "]")
            }
            Self::Binary(bytes) => write!(out, "Binary({})", hexadecimal(bytes)),
            Self::Boolean(is_so) => write!(out, "{is_so}"),
            Self::Date(number) => write!(out, "Date({number})"),
            Self::Document(document) => {
                document.shown(out);
                Ok(())
            }
            Self::Double(number) => write!(out, "{number}"),
            Self::Int(number) => write!(out, "{number}"),
            Self::Long(number) => write!(out, "{number}"),
            Self::Null => write!(out, "null"),
            Self::ObjectId(bytes) => write!(out, "ObjectId({})", hexadecimal(bytes)),
            Self::Other(kind, bytes) => write!(out, "Kind{kind}({})", hexadecimal(bytes)),
            Self::Text(text) => write!(out, "{text:?}"),
        };
    }
}

/// A document of these fields.
pub(super) fn document<const N: usize>(fields: [(&str, Value); N]) -> Document {
    Document(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_can_be_read_and_shown() {
        let inner = document([("$x", Value::Null), ("l", Value::Long(-1))]);
        let all = document([
            ("a", Value::text("b\"")),
            ("list", Value::Array(vec![Value::Int(1), Value::Document(inner)])),
            ("d", Value::Double(1.5)),
            ("bytes", Value::Binary(vec![1, 255])),
            ("yes", Value::Boolean(true)),
            ("at", Value::Date(5)),
            ("id", Value::ObjectId([7; 12])),
        ]);
        let mut bytes = Vec::new();
        all.write(&mut bytes);
        assert_eq!(Document::read(&bytes), Some((all.clone(), bytes.len())));
        let mut shown = String::new();
        all.shown(&mut shown);
        assert!(shown.starts_with(r#"{"a": "b\"", "list": [1, {"$x": null, "l": -1}], "d": 1.5"#));
        for end in 0..bytes.len() {
            assert_eq!(Document::read(&bytes[..end]), None, "{end}");
        }
    }
}
