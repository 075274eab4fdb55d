//! One value of a row, of which JSON, CSV and tables are written.

use std::borrow::Cow;
use std::fmt::Write;

use model::Timestamp;
use serde::Serialize;
use serde_json::value::RawValue;

use crate::terminal;

/// A value.
#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Cell {
    /// There is none.
    Nothing,
    /// Yes or no.
    Flag(bool),
    /// A number of things.
    Number(u64),
    /// A number of bytes.
    Size(u64),
    /// Words of ours or of a peer.
    Text(String),
    /// An id.
    Id(String),
    /// A time.
    Time(#[serde(serialize_with = "as_text")] Timestamp),
    /// Several texts.
    List(Vec<String>),
    /// Several names with their sources.
    Names(Vec<Name>),
    /// JSON as it was stored.
    Json(Box<RawValue>),
}

/// A name with its source.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Name {
    pub(crate) name: String,
    pub(crate) source: &'static str,
}

fn as_text<S: serde::Serializer>(time: &Timestamp, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(time)
}

impl Cell {
    pub(crate) fn text(text: impl ToString) -> Self {
        Self::Text(text.to_string())
    }

    /// Bytes as hexadecimal digits.
    pub(crate) fn hex(bytes: &[u8]) -> Self {
        Self::Text(digits(bytes))
    }

    /// Stored JSON; text, if it is not JSON on one line after all.
    pub(crate) fn json(stored: &str) -> Self {
        let is_one_line = !stored.contains(|letter| letter < ' ');
        let json = RawValue::from_string(stored.to_owned()).ok().filter(|_| is_one_line);
        json.map_or_else(|| Self::text(stored), Self::Json)
    }

    /// As in CSV: exact, on one line, safe.
    pub(crate) fn plain(&self) -> Cow<'_, str> {
        match self {
            Self::Nothing => Cow::Borrowed(""),
            Self::Flag(flag) => Cow::Owned(flag.to_string()),
            Self::Number(number) | Self::Size(number) => Cow::Owned(number.to_string()),
            Self::Text(text) | Self::Id(text) => terminal::one_line(text),
            Self::Time(time) => Cow::Owned(time.to_string()),
            Self::List(texts) => Cow::Owned(terminal::one_line(&texts.join(" ")).into_owned()),
            Self::Names(names) => Cow::Owned(written_names(names)),
            Self::Json(json) => terminal::one_line(json.get()),
        }
    }
}

/// Bytes as hexadecimal digits.
pub(crate) fn digits(bytes: &[u8]) -> String {
    let mut digits = String::with_capacity(bytes.len() * 2);
    for byte in bytes {
        // Cannot fail: it is memory.
        let _ = write!(digits, "{byte:02x}");
    }
    digits
}

fn written_names(names: &[Name]) -> String {
    let written = names.iter().map(|one| format!("{}:{}", one.source, one.name));
    terminal::one_line(&written.collect::<Vec<_>>().join(" ")).into_owned()
}
