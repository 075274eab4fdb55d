//! `[[dns.static]]`: names with answers of their own.

use proto::dns::{StaticAnswer, StaticName, StaticRecords};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Error;
use super::file::{Source, unknown};
use super::written::Written;

/// Where these entries stand in the file.
pub(super) const KEY: &str = "dns.static";

/// What an entry may say, with its meaning, for the parser and the reference.
pub(super) const FIELDS: &[(&str, &str)] = &[
    (
        "name",
        "the name; `*.example.test` is every name below that one, `*` every name. The longest match decides",
    ),
    ("a", "list of IPv4 addresses"),
    ("aaaa", "list of IPv6 addresses"),
    ("txt", "list of texts"),
    ("mx", "list of mail exchanges, each `\"PREFERENCE HOST\"`"),
    ("ns", "list of name servers"),
    ("ptr", "the name that a reverse name stands for"),
    ("cname", "the name this one stands for; nothing else may be given with it"),
    ("nxdomain", "`true`: there is no such name; nothing else may be given with it"),
];

/// Reads the array of entries.
pub(super) fn read(
    source: Source<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<StaticName>, Error> {
    let DeValue::Array(entries) = value.get_ref() else {
        return Err(wrong(source, value, KEY, "entries, each under [[dns.static]]"));
    };
    entries.iter().map(|entry| read_entry(source, entry)).collect()
}

fn read_entry(source: Source<'_>, entry: &Spanned<DeValue<'_>>) -> Result<StaticName, Error> {
    let DeValue::Table(table) = entry.get_ref() else {
        return Err(wrong(source, entry, KEY, "entries, each under [[dns.static]]"));
    };
    if let Some((name, _)) = table.iter().find(|(name, _)| !is_field(name.get_ref())) {
        let mut known = FIELDS.iter().map(|(name, _)| *name);
        return Err(unknown(source, name, name.get_ref(), &mut known));
    }
    let fields = Fields { source, entry, table };
    Ok(StaticName { pattern: fields.pattern()?, answer: fields.answer()? })
}

fn is_field(name: &str) -> bool {
    FIELDS.iter().any(|(known, _)| *known == name)
}

/// The fields of one entry.
struct Fields<'a> {
    source: Source<'a>,
    entry: &'a Spanned<DeValue<'a>>,
    table: &'a DeTable<'a>,
}

impl Fields<'_> {
    fn pattern(&self) -> Result<String, Error> {
        const EXPECTED: &str = "a host name, `*.` and a host name, or `*`";
        let Some(value) = self.table.get("name") else {
            return Err(self.missing("name"));
        };
        let text = value.get_ref().as_str().unwrap_or_default();
        let pattern = match text.strip_prefix('*') {
            Some("") => Some(text.to_owned()),
            Some(rest) => rest.strip_prefix('.').and_then(host).map(|name| format!("*.{name}")),
            None => host(text),
        };
        pattern.ok_or_else(|| wrong(self.source, value, "dns.static.name", EXPECTED))
    }

    fn answer(&self) -> Result<StaticAnswer, Error> {
        let lone = ["cname", "nxdomain"].iter().any(|field| self.table.contains_key(*field));
        if lone && self.table.len() > 2 {
            const EXPECTED: &str = "`cname` or `nxdomain` alone, beside `name`";
            return Err(wrong(self.source, self.entry, KEY, EXPECTED));
        }
        if self.table.contains_key("cname") {
            let target = self.text("cname", "a host name", host)?;
            return target.map(StaticAnswer::Alias).ok_or_else(|| self.missing("cname"));
        }
        if let Some(value) = self.table.get("nxdomain") {
            let answer = value.get_ref().as_bool().filter(|yes| *yes);
            return answer
                .map(|_| StaticAnswer::NoSuchName)
                .ok_or_else(|| wrong(self.source, value, "dns.static.nxdomain", "true"));
        }
        self.records()
    }

    fn records(&self) -> Result<StaticAnswer, Error> {
        if self.table.len() < 2 {
            return Err(self.missing("a, aaaa, txt, mx, ns, ptr, cname or nxdomain"));
        }
        Ok(StaticAnswer::Records(StaticRecords {
            a: self.list("a", "a list of IPv4 addresses", |text| text.parse().ok())?,
            aaaa: self.list("aaaa", "a list of IPv6 addresses", |text| text.parse().ok())?,
            mx: self.list("mx", "a list of \"PREFERENCE HOST\"", mail_exchange)?,
            ns: self.list("ns", "a list of host names", host)?,
            ptr: self.text("ptr", "a host name", host)?,
            txt: self.list("txt", "a list of texts", |text| Some(text.to_owned()))?,
        }))
    }

    fn text<T>(
        &self,
        field: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Error> {
        let Some(value) = self.table.get(field) else {
            return Ok(None);
        };
        let found = value.get_ref().as_str().and_then(read);
        let key = format!("{KEY}.{field}");
        found.map(Some).ok_or_else(|| wrong(self.source, value, &key, expected))
    }

    fn list<T>(
        &self,
        field: &str,
        expected: &str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Vec<T>, Error> {
        let Some(value) = self.table.get(field) else {
            return Ok(Vec::new());
        };
        let items = value.get_ref().as_array().map(|items| {
            items.iter().map(|item| item.get_ref().as_str().and_then(&read)).collect()
        });
        let key = format!("{KEY}.{field}");
        items.flatten().ok_or_else(|| wrong(self.source, value, &key, expected))
    }

    fn missing(&self, what: &str) -> Error {
        Error::Value {
            origin: self.source.origin(self.entry.span().start),
            key: KEY.to_owned(),
            written: "incomplete".to_owned(),
            expected: what.to_owned(),
        }
    }
}

fn mail_exchange(text: &str) -> Option<(u16, String)> {
    let (preference, name) = text.split_once(' ')?;
    Some((preference.parse().ok()?, host(name.trim())?))
}

/// A host name as it is compared: lower case, without a final dot. Underscores are allowed,
/// because service names have them (RFC 8552).
fn host(text: &str) -> Option<String> {
    let name = text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase();
    let fits = |label: &str| {
        (1..=63).contains(&label.len())
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
    };
    (name.len() <= 253 && name.split('.').all(fits)).then_some(name)
}

fn wrong(source: Source<'_>, value: &Spanned<DeValue<'_>>, key: &str, expected: &str) -> Error {
    Error::Value {
        origin: source.origin(value.span().start),
        key: key.to_owned(),
        written: Written::from_file(value.get_ref()).to_string(),
        expected: expected.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::super::file;
    use super::*;

    fn statics(text: &str) -> Result<Vec<StaticName>, String> {
        let source = Source { path: Path::new("s.toml"), text };
        file::read(source).map(|file| file.statics).map_err(|error| error.to_string())
    }

    #[test]
    fn names_are_kept_in_the_form_they_are_compared_in() {
        let read =
            statics("[[dns.static]]\nname = '*.Example.TEST.'\na = ['198.51.100.7']").unwrap();
        assert_eq!(read[0].pattern, "*.example.test");
    }

    #[test]
    fn every_kind_of_answer_is_understood() {
        let read = statics(
            "[[dns.static]]\nname = 'gone.test'\nnxdomain = true\n\
             [[dns.static]]\nname = 'www.test'\ncname = 'web.test'\n\
             [[dns.static]]\nname = 'web.test'\naaaa = ['2001:db8::1']\ntxt = ['v=spf1 -all']\n\
             mx = ['10 mail.test']",
        )
        .unwrap();
        assert_eq!(read[0].answer, StaticAnswer::NoSuchName);
        assert_eq!(read[1].answer, StaticAnswer::Alias("web.test".to_owned()));
        let records = StaticRecords {
            aaaa: vec!["2001:db8::1".parse().unwrap()],
            txt: vec!["v=spf1 -all".to_owned()],
            mx: vec![(10, "mail.test".to_owned())],
            ..StaticRecords::default()
        };
        assert_eq!(read[2].answer, StaticAnswer::Records(records));
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let refused = [
            ("[[dns.static]]\nname = 'a.test'\nb = 1", "s.toml line 3: there is no setting `b`"),
            ("[[dns.static]]\nname = 'a.test'\na = ['1.2.3']", "line 3: `dns.static.a` is"),
            ("[[dns.static]]\nname = 'a..test'\na = []", "line 2: `dns.static.name` is"),
            ("[[dns.static]]\na = []", "expected name"),
            ("[[dns.static]]\nname = 'a.test'", "expected a, aaaa, txt"),
            ("[[dns.static]]\nname = 'a.test'\nnxdomain = false", "expected true"),
            ("[[dns.static]]\nname = 'a.test'\nnxdomain = true\na = []", "alone"),
            ("[dns]\nstatic = 7", "expected entries"),
        ];
        for (text, complaint) in refused {
            let error = statics(text).unwrap_err();
            assert!(error.contains(complaint), "{error:?} does not say {complaint:?}");
        }
    }
}
