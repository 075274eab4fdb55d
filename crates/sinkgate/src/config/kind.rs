//! What values a setting takes, and where in [`Config`] they go.

use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

use engine::ToldStart;
use model::Timestamp;
use proto::logins::Accept;

use super::Config;
use super::written::{Written, one_line, span};

/// What a setting takes, with the field it fills.
///
/// In the kinds that may be left out, the empty text means "not set".
#[derive(Debug)]
pub(crate) enum Kind {
    /// Which logins are right.
    Accept(Field<Accept>),
    /// Addresses with ports, any number of them.
    Addresses(Field<Vec<SocketAddr>>),
    /// A number of bytes.
    Bytes(Field<u64>, RangeInclusive<u64>),
    /// One of a few words.
    Choice { words: &'static [&'static str], choose: fn(&mut Config, &str) -> Option<()> },
    /// How many.
    Count(Field<usize>, RangeInclusive<usize>),
    /// A number that fits 32 bits.
    Number(Field<u32>, RangeInclusive<u32>),
    /// A number of bytes that are held in memory.
    Memory(Field<usize>, RangeInclusive<usize>),
    /// A number, or a word for "not a fixed one".
    NumberOr(&'static str, Field<Option<u32>>, RangeInclusive<u32>),
    /// A file, or nothing.
    OptionalPath(Field<Option<PathBuf>>),
    /// A length of time, or nothing.
    OptionalSpan(Field<Option<Duration>>, RangeInclusive<Duration>),
    /// One line of text, or nothing.
    OptionalText(Field<Option<String>>),
    /// An IPv4 address, or nothing.
    OptionalV4(Field<Option<Ipv4Addr>>),
    /// An IPv6 address, or nothing.
    OptionalV6(Field<Option<Ipv6Addr>>),
    /// Files, any number of them.
    Paths(Field<Vec<PathBuf>>),
    /// A port.
    Port(Field<u16>),
    /// A length of time.
    Span(Field<Duration>, RangeInclusive<Duration>),
    /// Yes or no.
    Switch(Field<bool>),
    /// One line of text.
    Text(Field<String>),
    /// Texts without commas, any number of them.
    Texts(Field<Vec<String>>),
    /// A shift of the time, a point in time, or nothing.
    ToldStart(Field<ToldStart>),
}

/// Finds one field of the configuration.
pub(crate) type Field<T> = fn(&mut Config) -> &mut T;

impl Kind {
    /// Puts a value where it belongs; `None` if it is not one of this kind.
    pub(super) fn put(&self, written: &Written, config: &mut Config) -> Option<()> {
        match self {
            Self::Accept(at) => *at(config) = Accept::read(&written.list()?.collect::<Vec<_>>())?,
            Self::Addresses(at) => *at(config) = addresses(written)?,
            Self::Bytes(..) | Self::Memory(..) => self.put_bytes(written, config)?,
            Self::Choice { choose, .. } => choose(config, written.text()?)?,
            Self::Count(at, range) => {
                *at(config) = within(range, written.number()?.try_into().ok()?)?;
            }
            Self::Number(at, range) => {
                *at(config) = within(range, written.number()?.try_into().ok()?)?;
            }
            Self::NumberOr(word, at, range) => *at(config) = number_or(word, range, written)?,
            Self::OptionalPath(_)
            | Self::OptionalSpan(..)
            | Self::OptionalText(_)
            | Self::OptionalV4(_)
            | Self::OptionalV6(_)
            | Self::ToldStart(_) => self.put_optional(written, config)?,
            Self::Paths(at) => *at(config) = written.list()?.map(PathBuf::from).collect(),
            Self::Port(at) => {
                *at(config) = within(&(1..=u16::MAX), written.number()?.try_into().ok()?)?;
            }
            Self::Span(at, range) => *at(config) = within(range, written.span()?)?,
            Self::Switch(at) => *at(config) = written.switch()?,
            Self::Text(at) => {
                *at(config) = one_line(written.text()?).filter(|text| !text.is_empty())?;
            }
            Self::Texts(at) => {
                *at(config) = written.list()?.map(one_line).collect::<Option<_>>()?
            }
        }
        Some(())
    }

    fn put_bytes(&self, written: &Written, config: &mut Config) -> Option<()> {
        let bytes = written.bytes()?;
        match self {
            Self::Bytes(at, range) => *at(config) = within(range, bytes)?,
            Self::Memory(at, range) => *at(config) = within(range, bytes.try_into().ok()?)?,
            _ => return None,
        }
        Some(())
    }

    /// The same, where nothing is a value as well.
    fn put_optional(&self, written: &Written, config: &mut Config) -> Option<()> {
        match self {
            Self::OptionalPath(at) => *at(config) = optional(written, |text| Some(text.into()))?,
            Self::OptionalSpan(at, range) => {
                *at(config) = optional(written, |text| within(range, span(text)?))?;
            }
            Self::OptionalText(at) => *at(config) = optional(written, one_line)?,
            Self::OptionalV4(at) => *at(config) = optional(written, |text| text.parse().ok())?,
            Self::OptionalV6(at) => *at(config) = optional(written, |text| text.parse().ok())?,
            Self::ToldStart(at) => {
                *at(config) = optional(written, told_start)?.unwrap_or_default();
            }
            _ => return None,
        }
        Some(())
    }

    /// What is accepted, in words.
    pub(super) fn expected(&self) -> String {
        match self {
            Self::Accept(_) => Accept::EXPECTED.to_owned(),
            Self::Addresses(_) => {
                "addresses with ports, such as \"127.0.0.1:5140\" or \"[::1]:5140\"".to_owned()
            }
            Self::Bytes(_, range) => format!("a size such as \"64MiB\"{}", bounds(range)),
            Self::Memory(_, range) => format!("a size such as \"64MiB\"{}", bounds(range)),
            Self::Choice { words, .. } => format!("one of \"{}\"", words.join("\", \"")),
            Self::Count(_, range) => format!("a whole number{}", bounds(range)),
            Self::Number(_, range) => format!("a whole number{}", bounds(range)),
            Self::NumberOr(word, _, range) => {
                format!("\"{word}\" or a whole number{}", bounds(range))
            }
            Self::OptionalPath(_) => "a path".to_owned(),
            Self::OptionalText(_) | Self::Text(_) => "one line of text".to_owned(),
            Self::OptionalV4(_) => "an IPv4 address".to_owned(),
            Self::OptionalV6(_) => "an IPv6 address".to_owned(),
            Self::Paths(_) => "one path or several".to_owned(),
            Self::Port(_) => "a port, 1 to 65535".to_owned(),
            Self::Switch(_) => "true or false".to_owned(),
            Self::Texts(_) => "one text or several".to_owned(),
            Self::ToldStart(_) => {
                "a shift such as \"-90d\" or \"+2h\", or a time such as \"2019-05-01T12:00:00Z\""
                    .to_owned()
            }
            Self::OptionalSpan(_, range) | Self::Span(_, range) => format!(
                "a time such as \"10ms\", \"30m\" or \"1h30m\", {} to {}",
                whole_unit(*range.start()),
                whole_unit(*range.end())
            ),
        }
    }
}

/// A port of 0 would be another one each time, which nobody could send to.
fn addresses(written: &Written) -> Option<Vec<SocketAddr>> {
    let read = |text: &str| text.parse().ok().filter(|address: &SocketAddr| address.port() != 0);
    written.list()?.map(read).collect()
}

fn told_start(text: &str) -> Option<ToldStart> {
    if let Some(by) = text.strip_prefix('+') {
        return span(by).map(ToldStart::Later);
    }
    if let Some(by) = text.strip_prefix('-') {
        return span(by).map(ToldStart::Earlier);
    }
    let midnight = format!("{text}T00:00:00Z");
    Timestamp::parse(text).or_else(|| Timestamp::parse(&midnight)).map(ToldStart::At)
}

fn within<T: PartialOrd>(range: &RangeInclusive<T>, value: T) -> Option<T> {
    range.contains(&value).then_some(value)
}

fn number_or(word: &str, range: &RangeInclusive<u32>, written: &Written) -> Option<Option<u32>> {
    if written.text() == Some(word) {
        return Some(None);
    }
    within(range, written.number()?.try_into().ok()?).map(Some)
}

fn optional<T>(written: &Written, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
    match written.text()? {
        "" => Some(None),
        text => read(text).map(Some),
    }
}

fn bounds<T: PartialEq + From<u8> + std::fmt::Display>(range: &RangeInclusive<T>) -> String {
    if *range.start() == T::from(0) {
        return format!(", at most {}", range.end());
    }
    format!(", {} to {}", range.start(), range.end())
}

fn whole_unit(span: Duration) -> String {
    match span.as_secs() {
        seconds if seconds % 86_400 == 0 && seconds > 0 => format!("{}d", seconds / 86_400),
        seconds if seconds % 60 == 0 && seconds > 0 => format!("{}m", seconds / 60),
        _ => format!("{span:?}"),
    }
}
