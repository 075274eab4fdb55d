//! `[[dns.static]]`: names with answers of their own.

use model::DnsQuery;
use proto::dns::{Denial, StaticAnswer, StaticName, StaticRecords, is_record_data};
use toml::Spanned;
use toml::de::DeValue;

use super::error::Error;
use super::fields::{Fields, entries};
use super::file::Source;
use super::written::Written;

/// Where these entries stand in the file.
pub(super) const KEY: &str = "dns.static";

/// What an entry may say, with its meaning, for the parser and the reference.
pub(super) const FIELDS: &[(&str, &str)] = &[
    (
        "name",
        "the name; `*.example.test` is every name below that one, `*` every name, a `*` elsewhere any \
         characters of a label. The name itself goes first, then the longest match",
    ),
    (
        "types",
        "list of record types the entry is about; others are for the next match. Without it the entry \
         is about all: a type that is not below has no records",
    ),
    ("ttl", "seconds that the records may be kept; without it as `dns.ttl` says"),
    ("a", "list of IPv4 addresses"),
    ("aaaa", "list of IPv6 addresses"),
    ("txt", "list of texts"),
    ("mx", "list of mail exchanges, each `\"PREFERENCE HOST\"`"),
    ("ns", "list of name servers"),
    ("ptr", "the name that a reverse name stands for"),
    ("srv", "list of services, each `\"PRIORITY WEIGHT PORT HOST\"`"),
    ("caa", "list of `\"FLAGS TAG VALUE\"`"),
    ("soa", "list of one start of authority, as in a zone file"),
    ("https", "list of `\"PRIORITY TARGET PARAMETERS\"`"),
    ("svcb", "list of `\"PRIORITY TARGET PARAMETERS\"`"),
    ("naptr", "list of records, as in a zone file"),
    ("tlsa", "list of records, as in a zone file"),
    ("cname", "the name this one stands for; nothing else may be given with it"),
    (
        "answer",
        "one of `no-such-name`, `failure` (SERVFAIL), `refused`, `silence`, `no-data`, and `as-usual`, \
         which keeps a name from entries that match less and from the walk; no record may be given \
         with it",
    ),
    ("nxdomain", "`true`: the same as `answer = \"no-such-name\"`"),
];

/// Fields that are an answer by themselves.
const LONE: &[&str] = &["cname", "answer", "nxdomain"];

/// Fields that go with every answer.
const WITH_ALL: &[&str] = &["name", "types", "ttl"];

/// Fields whose records are written as in a zone file, with the number of their type.
pub(super) const OTHER_TYPES: &[(&str, u16)] = &[
    ("srv", 33),
    ("caa", 257),
    ("soa", 6),
    ("https", 65),
    ("svcb", 64),
    ("naptr", 35),
    ("tlsa", 52),
];

/// Reads the array of entries.
pub(super) fn read(
    source: Source<'_>,
    value: &Spanned<DeValue<'_>>,
) -> Result<Vec<StaticName>, Error> {
    entries(source, value, KEY, "entries")?.iter().map(|entry| read_entry(source, entry)).collect()
}

fn read_entry(source: Source<'_>, entry: &Spanned<DeValue<'_>>) -> Result<StaticName, Error> {
    let fields = Entry(Fields::of(source, KEY, entry, FIELDS)?);
    Ok(StaticName {
        pattern: fields.pattern()?,
        types: fields.0.list("types", "a list of record types", DnsQuery::type_number)?,
        ttl: fields.ttl()?,
        answer: fields.answer()?,
    })
}

/// One entry.
struct Entry<'a>(Fields<'a>);

impl Entry<'_> {
    fn pattern(&self) -> Result<String, Error> {
        const EXPECTED: &str = "a host name, in which `*` may stand, or `*`";
        let read =
            |text: &str| if text == "*" { Some(text.to_owned()) } else { starred_host(text) };
        self.0.one("name", EXPECTED, read)
    }

    fn ttl(&self) -> Result<Option<u32>, Error> {
        self.0.read("ttl", "a whole number, at most 2147483647", |value| {
            let seconds: u32 = Written::from_file(value).number()?.try_into().ok()?;
            i32::try_from(seconds).is_ok().then_some(seconds)
        })
    }

    fn answer(&self) -> Result<StaticAnswer, Error> {
        let lone = LONE.iter().find(|field| self.0.value(field).is_some());
        let others = self.0.names().filter(|name| !WITH_ALL.contains(name));
        match (lone, others.count()) {
            (_, 0) => Err(self.0.incomplete("an answer: a, aaaa, txt, cname, answer, …")),
            (Some(_), 2..) => {
                const EXPECTED: &str = "`cname`, `answer` or `nxdomain` alone, beside `name`, \
                                        `types` and `ttl`";
                Err(self.0.incomplete(EXPECTED))
            }
            (Some(&"cname"), _) => {
                self.0.one("cname", "a host name", host).map(StaticAnswer::Alias)
            }
            (Some(&"answer"), _) => self.0.one("answer", ANSWERS, answer),
            (Some(_), _) => self.nxdomain(),
            (None, _) => self.records(),
        }
    }

    fn nxdomain(&self) -> Result<StaticAnswer, Error> {
        let is_true = |value: &DeValue<'_>| value.as_bool().filter(|is_true| *is_true);
        self.0.read("nxdomain", "true", is_true)?;
        Ok(StaticAnswer::Denied(Denial::NoSuchName))
    }

    fn records(&self) -> Result<StaticAnswer, Error> {
        let mut others = Vec::new();
        for (field, number) in OTHER_TYPES {
            let read =
                |text: &str| is_record_data(*number, text).then(|| (*number, text.to_owned()));
            others.extend(self.0.list(field, "a list of records as in a zone file", read)?);
        }
        Ok(StaticAnswer::Records(StaticRecords {
            a: self.0.list("a", "a list of IPv4 addresses", |text| text.parse().ok())?,
            aaaa: self.0.list("aaaa", "a list of IPv6 addresses", |text| text.parse().ok())?,
            mx: self.0.list("mx", "a list of \"PREFERENCE HOST\"", mail_exchange)?,
            ns: self.0.list("ns", "a list of host names", host)?,
            ptr: self.0.text("ptr", "a host name", host)?,
            txt: self.0.list("txt", "a list of texts", |text| Some(text.to_owned()))?,
            others,
        }))
    }
}

fn mail_exchange(text: &str) -> Option<(u16, String)> {
    let (preference, name) = text.split_once(' ')?;
    Some((preference.parse().ok()?, host(name.trim())?))
}

const ANSWERS: &str = "one of \"no-such-name\", \"failure\", \"refused\", \"silence\", \"no-data\", \
                       \"as-usual\"";

fn answer(word: &str) -> Option<StaticAnswer> {
    match word {
        "as-usual" => Some(StaticAnswer::AsUsual),
        "no-data" => Some(StaticAnswer::Records(StaticRecords::default())),
        word => Denial::from_word(word).map(StaticAnswer::Denied),
    }
}

/// As [`host`], of a name in which stars may stand.
fn starred_host(text: &str) -> Option<String> {
    // Letters and nothing else take part in the check.
    host(&text.replace('*', "x"))?;
    Some(text.strip_suffix('.').unwrap_or(text).to_ascii_lowercase())
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
        assert_eq!(read[0].answer, StaticAnswer::Denied(Denial::NoSuchName));
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
    fn an_entry_may_be_about_some_types_and_have_a_time_to_live() {
        let read = statics(
            "[[dns.static]]\nname = 'c2-*.test'\ntypes = ['TXT', 'TYPE65280']\nttl = 5\n\
             answer = 'silence'\n\
             [[dns.static]]\nname = '*'\nsrv = ['10 5 5060 sip.test.']\ncaa = ['0 issue \";\"']",
        )
        .unwrap();
        assert_eq!((read[0].types.as_slice(), read[0].ttl), ([16, 65_280].as_slice(), Some(5)));
        assert_eq!(read[0].answer, StaticAnswer::Denied(Denial::Silence));
        let StaticAnswer::Records(records) = &read[1].answer else { panic!("{read:?}") };
        let numbers: Vec<u16> = records.others.iter().map(|(number, _)| *number).collect();
        assert_eq!(numbers, [33, 257]);
    }

    #[test]
    fn what_is_wrong_is_said_with_its_line() {
        let refused = [
            ("[[dns.static]]\nname = 'a.test'\nb = 1", "s.toml line 3: there is no setting `b`"),
            ("[[dns.static]]\nname = 'a.test'\na = ['1.2.3']", "line 3: `dns.static.a` is"),
            ("[[dns.static]]\nname = 'a..test'\na = []", "line 2: `dns.static.name` is"),
            ("[[dns.static]]\na = []", "expected name"),
            ("[[dns.static]]\nname = 'a.test'\nttl = 5", "expected an answer: a, aaaa"),
            ("[[dns.static]]\nname = 'a.test'\nanswer = 'no'", "expected one of \"no-such-name\""),
            ("[[dns.static]]\nname = 'a.test'\nsrv = ['1 2 x']", "`dns.static.srv` is"),
            ("[[dns.static]]\nname = 'a.test'\nttl = -1\na = []", "`dns.static.ttl` is -1"),
            ("[[dns.static]]\nname = 'a.test'\ntypes = ['AX']\na = []", "list of record types"),
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
