//! The configuration file: TOML, taken apart into rows of the table.

use std::path::Path;

use proto::dns::StaticName;
use store::follow::Target;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::{Error, NotToml, Origin};
use super::nearest::nearest;
use super::table::{Setting, settings};
use super::written::Written;
use super::{databases, static_names};

/// What a file says.
#[derive(Debug, Default)]
pub(super) struct File {
    pub(super) values: Vec<(&'static Setting, Written, Origin)>,
    pub(super) statics: Vec<StaticName>,
    pub(super) databases: Vec<Target>,
}

/// The text of a file with its name, to say where things are.
#[derive(Clone, Copy, Debug)]
pub(super) struct Source<'a> {
    pub(super) path: &'a Path,
    pub(super) text: &'a str,
}

impl Source<'_> {
    /// The line of a byte of the text.
    pub(super) fn origin(self, byte: usize) -> Origin {
        let before = self.text.as_bytes().get(..byte).unwrap_or_default();
        let line = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        Origin::File { path: self.path.to_owned(), line }
    }
}

impl<'a> Source<'a> {
    /// The tables of the text.
    pub(super) fn parse(self) -> Result<Spanned<DeTable<'a>>, Error> {
        DeTable::parse(self.text).map_err(|cause| {
            let origin = self.origin(cause.span().map_or(0, |span| span.start));
            Error::Syntax { origin, cause: NotToml(cause.message().to_owned()) }
        })
    }
}

/// Reads a file. Nothing unknown is passed over.
pub(super) fn read(source: Source<'_>) -> Result<File, Error> {
    let root = source.parse()?;
    let mut file = File::default();
    for (name, value) in root.get_ref() {
        file.read_section(source, name, value)?;
    }
    Ok(file)
}

type Name<'i> = Spanned<std::borrow::Cow<'i, str>>;

impl File {
    fn read_section(
        &mut self,
        source: Source<'_>,
        name: &Name<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), Error> {
        let section = name.get_ref().as_ref();
        if section == databases::KEY {
            self.databases = databases::read(source, value)?;
            return Ok(());
        }
        if !sections().any(|known| known == section) {
            let mut known = sections().chain([databases::KEY]);
            return Err(unknown(source, name, section, &mut known));
        }
        let DeValue::Table(table) = value.get_ref() else {
            return Err(Error::Value {
                origin: source.origin(value.span().start),
                key: section.to_owned(),
                written: Written::from_file(value.get_ref()).to_string(),
                expected: format!("a section, [{section}]"),
            });
        };
        table.iter().try_for_each(|(name, value)| self.read_entry(source, section, name, value))
    }

    fn read_entry(
        &mut self,
        source: Source<'_>,
        section: &str,
        name: &Name<'_>,
        value: &Spanned<DeValue<'_>>,
    ) -> Result<(), Error> {
        let key = format!("{section}.{}", name.get_ref());
        if key == static_names::KEY {
            self.statics = static_names::read(source, value)?;
            return Ok(());
        }
        let Some(setting) = Setting::find(&key) else {
            return Err(unknown(source, name, &key, &mut keys()));
        };
        let written = Written::from_file(value.get_ref());
        self.values.push((setting, written, source.origin(name.span().start)));
        Ok(())
    }
}

/// The error for a name that is not known.
pub(super) fn unknown(
    source: Source<'_>,
    name: &Name<'_>,
    key: &str,
    known: &mut dyn Iterator<Item = &str>,
) -> Error {
    Error::Unknown {
        origin: source.origin(name.span().start),
        key: key.to_owned(),
        nearest: nearest(key, known),
    }
}

/// Every key that can be written.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    settings().map(|setting| setting.key).chain([static_names::KEY])
}

/// Every section, once or more.
pub(super) fn sections() -> impl Iterator<Item = &'static str> {
    settings().map(Setting::section)
}
