//! The fields of one entry of a file, each read with a complaint that names it and its line.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Error;
use super::file::{Source, unknown};
use super::written::Written;

/// One table of a file.
#[derive(Clone, Debug)]
pub(super) struct Fields<'a> {
    source: Source<'a>,
    /// What it is called in complaints, such as `dns.static`.
    key: String,
    entry: &'a Spanned<DeValue<'a>>,
    table: &'a DeTable<'a>,
}

impl<'a> Fields<'a> {
    /// The fields of `entry`, none of which is called anything but one of `known`.
    pub(super) fn of(
        source: Source<'a>,
        key: &str,
        entry: &'a Spanned<DeValue<'a>>,
        known: &[(&str, &str)],
    ) -> Result<Self, Error> {
        let fields = Self::of_any(source, key, entry)?;
        fields.allow(known)?;
        Ok(fields)
    }

    /// The fields of `entry`, whatever they are called.
    pub(super) fn of_any(
        source: Source<'a>,
        key: &str,
        entry: &'a Spanned<DeValue<'a>>,
    ) -> Result<Self, Error> {
        let DeValue::Table(table) = entry.get_ref() else {
            return Err(wrong(source, entry, key, "a table of fields"));
        };
        Ok(Self { source, key: key.to_owned(), entry, table })
    }

    /// Refuses a field that is none of `known`.
    pub(super) fn allow(&self, known: &[(&str, &str)]) -> Result<(), Error> {
        let is_known = |name: &str| known.iter().any(|(known, _)| *known == name);
        match self.table.iter().find(|(name, _)| !is_known(name.get_ref())) {
            None => Ok(()),
            Some((name, _)) => {
                let mut known = known.iter().map(|(name, _)| *name);
                Err(unknown(self.source, name, name.get_ref(), &mut known))
            }
        }
    }

    /// The file it is in.
    pub(super) fn source(&self) -> Source<'a> {
        self.source
    }

    /// What a field of it is called in complaints.
    pub(super) fn key_of(&self, field: &str) -> String {
        format!("{}.{field}", self.key)
    }

    /// The names of the fields that are there.
    pub(super) fn names(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        self.table.iter().map(|(name, _)| name.get_ref().as_ref())
    }

    /// A field as it was written.
    pub(super) fn value(&self, field: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.table.get(field)
    }

    /// What `read` makes of a field, if it is there.
    pub(super) fn read<T>(
        &self,
        field: &str,
        expected: &str,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.value(field) else { return Ok(None) };
        match read(value.get_ref()) {
            Some(found) => Ok(Some(found)),
            None => Err(self.wrong(field, expected)),
        }
    }

    /// The same of a text.
    pub(super) fn text<T>(
        &self,
        field: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        self.read(field, expected, |value| value.as_str().and_then(&read))
    }

    /// The same of a text that has to be there.
    pub(super) fn one<T>(
        &self,
        field: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<T, Error> {
        self.text(field, expected, read)?.ok_or_else(|| self.incomplete(field))
    }

    /// The same of an array of texts; none if the field is not there.
    pub(super) fn list<T>(
        &self,
        field: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let read = |value: &DeValue<'_>| {
            let items = value.as_array()?.iter();
            items.map(|item| item.get_ref().as_str().and_then(&read)).collect()
        };
        self.read(field, expected, read).map(Option::unwrap_or_default)
    }

    /// The same of one thing or an array of them.
    pub(super) fn several<T>(
        &self,
        field: &str,
        expected: &str,
        read: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Result<Option<Vec<T>>, Error> {
        self.read(field, expected, |value| match value {
            DeValue::Array(items) => items.iter().map(|item| read(item.get_ref())).collect(),
            one => read(one).map(|one| vec![one]),
        })
    }

    /// The complaint about a field that cannot be understood.
    pub(super) fn wrong(&self, field: &str, expected: &str) -> Error {
        let value = self.value(field).unwrap_or(self.entry);
        wrong(self.source, value, &self.key_of(field), expected)
    }

    /// The complaint about the entry as a whole, or about a field that has to be there.
    pub(super) fn incomplete(&self, expected: &str) -> Error {
        Error::Value {
            origin: self.source.origin(self.entry.span().start),
            key: self.key.clone(),
            written: "incomplete".to_owned(),
            expected: expected.to_owned(),
        }
    }

    /// The complaint about a field that is understood, and cannot be used.
    pub(super) fn unusable(
        &self,
        field: &str,
        cause: impl std::error::Error + Send + Sync + 'static,
    ) -> Error {
        let value = self.value(field).unwrap_or(self.entry);
        Error::Unusable {
            origin: self.source.origin(value.span().start),
            key: self.key_of(field),
            cause: Box::new(cause),
        }
    }
}

/// The entries of an array of tables; `what` they are is said to whoever wrote something else.
pub(super) fn entries<'a>(
    source: Source<'_>,
    value: &'a Spanned<DeValue<'a>>,
    key: &str,
    what: &str,
) -> Result<&'a [Spanned<DeValue<'a>>], Error> {
    match value.get_ref() {
        DeValue::Array(entries) => Ok(entries),
        _ => Err(wrong(source, value, key, &format!("{what}, each under [[{key}]]"))),
    }
}

/// The complaint about a value.
pub(super) fn wrong(
    source: Source<'_>,
    value: &Spanned<DeValue<'_>>,
    key: &str,
    expected: &str,
) -> Error {
    Error::Value {
        origin: source.origin(value.span().start),
        key: key.to_owned(),
        written: Written::from_file(value.get_ref()).to_string(),
        expected: expected.to_owned(),
    }
}
