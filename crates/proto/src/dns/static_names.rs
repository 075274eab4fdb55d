//! Names whose answers the analyst wrote down.

use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::ProtoError;
use hickory_proto::rr::rdata::{A, AAAA, CNAME, MX, NS, PTR, TXT};
use hickory_proto::rr::{Name, RData};

use super::name::{self, self_and_parents};

/// One row: for which names, and what is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticName {
    /// A name, or `*.` and a name for all names below it, or `*` for all names. The longest
    /// pattern that fits decides, and it decides alone: types it does not list have no records.
    pub pattern: String,
    /// What is answered.
    pub answer: StaticAnswer,
}

/// What is answered for a static name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaticAnswer {
    /// Another name; its records are answered with it.
    Alias(String),
    /// There is no such name.
    NoSuchName,
    /// These records.
    Records(StaticRecords),
}

/// Records of a static name, by type.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StaticRecords {
    /// A.
    pub a: Vec<Ipv4Addr>,
    /// AAAA.
    pub aaaa: Vec<Ipv6Addr>,
    /// MX: preference and exchange.
    pub mx: Vec<(u16, String)>,
    /// NS.
    pub ns: Vec<String>,
    /// PTR.
    pub ptr: Option<String>,
    /// TXT, one string each; more than 255 bytes become several strings of one record.
    pub txt: Vec<String>,
}

/// A static name that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum StaticNameError {
    /// Not a domain name.
    #[error("\"{name}\" is not a domain name")]
    Name {
        /// What was written.
        name: String,
        /// What is wrong with it.
        #[source]
        cause: ProtoError,
    },
    /// Two rows for one pattern.
    #[error("\"{pattern}\" is given two answers")]
    Twice {
        /// The pattern.
        pattern: String,
    },
}

/// The table, ready to be asked.
#[derive(Debug, Default)]
pub(super) struct StaticNames {
    exact: HashMap<String, Rule>,
    /// By the name above, `.` for every name.
    below: HashMap<String, Rule>,
}

/// What is said of a static name.
#[derive(Debug)]
pub(super) enum Rule {
    Alias(Name),
    NoSuchName,
    Records(Vec<RData>),
}

impl StaticNames {
    pub(super) fn new(rows: &[StaticName]) -> Result<Self, StaticNameError> {
        let mut names = Self::default();
        for row in rows {
            names.add(row)?;
        }
        Ok(names)
    }

    /// The rule for a name, written as [`name::text`] does.
    pub(super) fn rule(&self, text: &str) -> Option<&Rule> {
        if let Some(rule) = self.exact.get(text) {
            return Some(rule);
        }
        if self.below.is_empty() {
            return None;
        }
        let mut above = self_and_parents(text).skip(1).chain(["."]);
        above.find_map(|parent| self.below.get(parent))
    }

    fn add(&mut self, row: &StaticName) -> Result<(), StaticNameError> {
        let (table, above) = match row.pattern.strip_prefix('*') {
            Some("" | ".") => (&mut self.below, "."),
            Some(rest) if rest.starts_with('.') => (&mut self.below, rest.trim_start_matches('.')),
            _ => (&mut self.exact, row.pattern.as_str()),
        };
        let text = name::text(parsed(above)?.iter());
        if table.insert(text, Rule::new(&row.answer)?).is_some() {
            return Err(StaticNameError::Twice { pattern: row.pattern.clone() });
        }
        Ok(())
    }
}

impl Rule {
    fn new(answer: &StaticAnswer) -> Result<Self, StaticNameError> {
        Ok(match answer {
            StaticAnswer::Alias(target) => Self::Alias(parsed(target)?),
            StaticAnswer::NoSuchName => Self::NoSuchName,
            StaticAnswer::Records(records) => Self::Records(records.data()?),
        })
    }
}

impl StaticRecords {
    fn data(&self) -> Result<Vec<RData>, StaticNameError> {
        let mut data = Vec::new();
        data.extend(self.a.iter().map(|address| RData::A(A(*address))));
        data.extend(self.aaaa.iter().map(|address| RData::AAAA(AAAA(*address))));
        for (preference, exchange) in &self.mx {
            data.push(RData::MX(MX::new(*preference, parsed(exchange)?)));
        }
        for server in &self.ns {
            data.push(RData::NS(NS(parsed(server)?)));
        }
        if let Some(name) = &self.ptr {
            data.push(RData::PTR(PTR(parsed(name)?)));
        }
        data.extend(self.txt.iter().map(|string| txt(string)));
        Ok(data)
    }
}

/// A TXT record; its strings hold 255 bytes each (RFC 1035 §3.3).
pub(super) fn txt(string: &str) -> RData {
    let mut strings: Vec<&[u8]> = string.as_bytes().chunks(255).collect();
    if strings.is_empty() {
        strings.push(b"");
    }
    RData::TXT(TXT::from_bytes(strings))
}

/// An alias record.
pub(super) fn cname(target: &Name) -> RData {
    RData::CNAME(CNAME(target.clone()))
}

fn parsed(text: &str) -> Result<Name, StaticNameError> {
    let read = if text == "." { Ok(Name::root()) } else { Name::from_str_relaxed(text) };
    let mut name = read.map_err(|cause| StaticNameError::Name { name: text.to_owned(), cause })?;
    name.set_fqdn(true);
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(pattern: &str, address: [u8; 4]) -> StaticName {
        let records = StaticRecords { a: vec![address.into()], ..StaticRecords::default() };
        StaticName { pattern: pattern.to_owned(), answer: StaticAnswer::Records(records) }
    }

    fn address(names: &StaticNames, text: &str) -> Option<Ipv4Addr> {
        match names.rule(text) {
            Some(Rule::Records(data)) => match data.first() {
                Some(RData::A(address)) => Some(address.0),
                _ => None,
            },
            _ => None,
        }
    }

    #[test]
    fn the_longest_pattern_decides() {
        let rows = [
            row("*", [1, 1, 1, 1]),
            row("*.Example.test.", [2, 2, 2, 2]),
            row("*.b.example.test", [3, 3, 3, 3]),
            row("www.example.test", [4, 4, 4, 4]),
        ];
        let names = StaticNames::new(&rows).unwrap();
        for (text, expected) in [
            ("www.example.test", 4),
            ("x.www.example.test", 2),
            ("a.b.example.test", 3),
            ("b.example.test", 2),
            ("example.test", 1),
            (".", 1),
        ] {
            assert_eq!(address(&names, text), Some([expected; 4].into()), "{text}");
        }
    }

    #[test]
    fn what_is_not_a_name_is_refused_with_its_text() {
        let error = StaticNames::new(&[row("a..b", [1, 1, 1, 1])]).unwrap_err();
        assert_eq!(error.to_string(), "\"a..b\" is not a domain name");
        let rows = [row("a.test", [1, 1, 1, 1]), row("A.test.", [2, 2, 2, 2])];
        let error = StaticNames::new(&rows).unwrap_err();
        assert_eq!(error.to_string(), "\"A.test.\" is given two answers");
    }
}
