//! Names whose answers the analyst wrote down.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::ProtoError;
use hickory_proto::rr::rdata::{A, AAAA, CNAME, MX, NS, PTR, TXT};
use hickory_proto::rr::{Name, RData, RecordType};
use hickory_proto::serialize::txt::ParseError;
use model::DnsQuery;

use super::denial::Denial;
use super::name::{self, self_and_parents};
use super::pattern::Pattern;

/// One row: for which names, and what is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticName {
    /// A name; `*.` in front is all names below it, `*` alone all names, and a `*` elsewhere any
    /// run of characters of its label. The name itself goes first, then the longest pattern with a
    /// `*` elsewhere, then the longest with one in front.
    pub pattern: String,
    /// Numbers of the types it is about; none means all, and then it decides alone: types it does
    /// not list have no records.
    pub types: Vec<u16>,
    /// How many seconds its records may be kept; `None` as for any name.
    pub ttl: Option<u32>,
    /// What is answered.
    pub answer: StaticAnswer,
}

/// What is answered for a static name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StaticAnswer {
    /// Another name; its records are answered with it.
    Alias(String),
    /// What would be without this row and all that come after it, except that it is not denied.
    AsUsual,
    /// The name is denied.
    Denied(Denial),
    /// These records.
    Records(StaticRecords),
}

/// Records of a static name, by type. None at all means that the name exists and has none.
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
    /// Any types: number, and data as in a zone file (`10 5 5060 sip.example.test.`).
    pub others: Vec<(u16, String)>,
}

impl StaticName {
    /// A row about all types.
    #[must_use]
    pub const fn new(pattern: String, answer: StaticAnswer) -> Self {
        Self { pattern, types: Vec::new(), ttl: None, answer }
    }
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
    /// Not the data of a record.
    #[error("\"{data}\" cannot be the data of a record of type {}", DnsQuery::type_name(*record_type))]
    Data {
        /// The number of the type.
        record_type: u16,
        /// What was written.
        data: String,
        /// What is wrong with it.
        #[source]
        cause: ParseError,
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
    exact: HashMap<String, Rules>,
    /// Patterns with a `*` elsewhere than in front, the longest first. Only the analyst adds to
    /// them, so they are few.
    patterns: Vec<(Pattern, Rules)>,
    /// By the name above, `.` for every name.
    below: HashMap<String, Rules>,
}

/// What is said of the names of one pattern. A rule about all types is the last.
#[derive(Debug, Default)]
struct Rules(Vec<Rule>);

/// What is said of a static name.
#[derive(Debug)]
pub(super) struct Rule {
    types: Vec<RecordType>,
    pub(super) ttl: Option<u32>,
    pub(super) says: Says,
}

/// What a rule says.
#[derive(Debug)]
pub(super) enum Says {
    Alias(Name),
    AsUsual,
    Denied(Denial),
    Records(Vec<RData>),
}

impl StaticNames {
    pub(super) fn new(rows: &[StaticName]) -> Result<Self, StaticNameError> {
        let mut names = Self::default();
        for row in rows {
            names.add(row)?;
        }
        names.patterns.sort_by_key(|(pattern, _)| Reverse(pattern.weight()));
        Ok(names)
    }

    /// The rule for records of this type of a name, written as [`name::text`] does.
    pub(super) fn rule(&self, text: &str, record_type: RecordType) -> Option<&Rule> {
        let exact = self.exact.get(text).into_iter();
        let patterns = self.patterns.iter().filter(|(pattern, _)| pattern.matches(text));
        let mut fitting = exact.chain(patterns.map(|(_, rules)| rules));
        fitting
            .find_map(|rules| rules.about(record_type))
            .or_else(|| self.rule_below(text, record_type))
    }

    fn rule_below(&self, text: &str, record_type: RecordType) -> Option<&Rule> {
        if self.below.is_empty() {
            return None;
        }
        let mut above = self_and_parents(text).skip(1).chain(["."]);
        above.find_map(|parent| self.below.get(parent)?.about(record_type))
    }

    fn add(&mut self, row: &StaticName) -> Result<(), StaticNameError> {
        let rule = Rule::new(row)?;
        let added = self.rules_of(&row.pattern)?.add(rule);
        added.ok_or_else(|| StaticNameError::Twice { pattern: row.pattern.clone() })
    }

    fn rules_of(&mut self, pattern: &str) -> Result<&mut Rules, StaticNameError> {
        let (table, above) = match pattern.strip_prefix('*') {
            Some("" | ".") => (&mut self.below, "."),
            Some(rest) if rest.starts_with('.') => (&mut self.below, rest.trim_start_matches('.')),
            _ => (&mut self.exact, pattern),
        };
        if !above.contains('*') {
            return Ok(table.entry(name::text(parsed(above)?.iter())).or_default());
        }
        // A letter is as good as any.
        parsed(&above.replace('*', "x"))?;
        let meant = Pattern::new(pattern);
        let known = self.patterns.iter().position(|(pattern, _)| *pattern == meant);
        let place = known.unwrap_or(self.patterns.len());
        if known.is_none() {
            self.patterns.push((meant, Rules::default()));
        }
        let found = self.patterns.get_mut(place).map(|(_, rules)| rules);
        found.ok_or_else(|| StaticNameError::Twice { pattern: pattern.to_owned() })
    }
}

impl Rules {
    fn about(&self, record_type: RecordType) -> Option<&Rule> {
        self.0.iter().find(|rule| rule.types.is_empty() || rule.types.contains(&record_type))
    }

    /// `None` if one of its types has a rule already.
    fn add(&mut self, rule: Rule) -> Option<()> {
        let is_taken = |had: &Rule| match rule.types.as_slice() {
            [] => had.types.is_empty(),
            types => types.iter().any(|one| had.types.contains(one)),
        };
        if self.0.iter().any(is_taken) {
            return None;
        }
        self.0.push(rule);
        self.0.sort_by_key(|rule| rule.types.is_empty());
        Some(())
    }
}

impl Rule {
    fn new(row: &StaticName) -> Result<Self, StaticNameError> {
        let says = match &row.answer {
            StaticAnswer::Alias(target) => Says::Alias(parsed(target)?),
            StaticAnswer::AsUsual => Says::AsUsual,
            StaticAnswer::Denied(denial) => Says::Denied(*denial),
            StaticAnswer::Records(records) => Says::Records(records.data()?),
        };
        let types = row.types.iter().map(|number| RecordType::from(*number)).collect();
        Ok(Self { types, ttl: row.ttl, says })
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
        for (record_type, text) in &self.others {
            data.push(read_data(*record_type, text)?);
        }
        Ok(data)
    }
}

/// Whether this can be the data of a record of the type with this number.
#[must_use]
pub fn is_record_data(record_type: u16, data: &str) -> bool {
    read_data(record_type, data).is_ok()
}

/// Reads the data of a record as it stands in a zone file.
pub(super) fn read_data(record_type: u16, data: &str) -> Result<RData, StaticNameError> {
    let read = RData::try_from_str(RecordType::from(record_type), data);
    read.map_err(|cause| StaticNameError::Data { record_type, data: data.to_owned(), cause })
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
        StaticName::new(pattern.to_owned(), StaticAnswer::Records(records))
    }

    fn address(names: &StaticNames, text: &str) -> Option<Ipv4Addr> {
        match &names.rule(text, RecordType::A)?.says {
            Says::Records(data) => match data.first() {
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
            row("c2-*.example.test", [5, 5, 5, 5]),
            row("*.ads.*.test", [6, 6, 6, 6]),
        ];
        let names = StaticNames::new(&rows).unwrap();
        for (text, expected) in [
            ("www.example.test", 4),
            ("x.www.example.test", 2),
            ("a.b.example.test", 3),
            ("b.example.test", 2),
            ("example.test", 1),
            (".", 1),
            ("c2-7.example.test", 5),
            ("a.ads.b.test", 6),
            ("ads.b.test", 1),
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

    #[test]
    fn a_row_about_some_types_leaves_the_others_to_the_next() {
        let mut texts = row("*", [1, 1, 1, 1]);
        texts.types = vec![16];
        let rows = [texts.clone(), row("*.a.test", [2, 2, 2, 2])];
        let names = StaticNames::new(&rows).unwrap();
        assert_eq!(address(&names, "b.test"), None);
        assert!(names.rule("b.test", RecordType::TXT).is_some());
        assert_eq!(address(&names, "b.a.test"), Some([2; 4].into()));
        let both = [texts.clone(), row("*", [2, 2, 2, 2])];
        assert!(StaticNames::new(&both).is_ok(), "the rest may be said of all types");
        let error = StaticNames::new(&[texts.clone(), texts]).unwrap_err();
        assert_eq!(error.to_string(), "\"*\" is given two answers");
    }

    #[test]
    fn data_is_read_as_it_stands_in_a_zone_file() {
        for (record_type, data) in [
            (33, "10 5 5060 sip.example.test."),
            (257, "0 issue \"ca.example.test\""),
            (65, "1 . alpn=h2"),
            (6, "ns.example.test. mail.example.test. 1 2 3 4 5"),
        ] {
            assert!(read_data(record_type, data).is_ok(), "{data}");
        }
        let error = read_data(33, "10 5 sip.example.test.").unwrap_err();
        let said = "\"10 5 sip.example.test.\" cannot be the data of a record of type SRV";
        assert_eq!(error.to_string(), said);
    }
}
