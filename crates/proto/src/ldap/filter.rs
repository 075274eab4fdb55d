//! Which entries a search is for (RFC 4511 §4.5.1.7).

use super::directory::Entry;
use crate::ber::{Ber, OCTETS, SEQUENCE};

/// What an entry has to be like.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Filter {
    All(Vec<Self>),
    Any(Vec<Self>),
    Not(Box<Self>),
    Compare {
        how: How,
        attribute: String,
        value: String,
    },
    Present(String),
    /// With nothing between some parts.
    Parts {
        attribute: String,
        start: String,
        between: Vec<String>,
        end: String,
    },
    /// By a rule of its own.
    Rule {
        rule: String,
        attribute: String,
        value: String,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum How {
    AtLeast,
    AtMost,
    Equal,
    Like,
}

/// Filters inside filters that are read; programs write four.
const DEEPEST: usize = 32;

/// All bits of a number are set (MS-ADTS §3.1.1.3.4.4.1).
const ALL_BITS: &str = "1.2.840.113556.1.4.803";

impl Filter {
    pub(super) fn read(ber: &mut Ber<'_>, depth: usize) -> Option<Self> {
        if depth > DEEPEST {
            return None;
        }
        let element = ber.next()?;
        let mut inside = Ber::new(element.content);
        let text = || String::from_utf8_lossy(element.content).into_owned();
        match element.tag {
            0xa0 => Self::read_all(inside, depth).map(Self::All),
            0xa1 => Self::read_all(inside, depth).map(Self::Any),
            0xa2 => Self::read(&mut inside, depth + 1).map(|filter| Self::Not(Box::new(filter))),
            0xa3 => Self::compare(How::Equal, &mut inside),
            0xa4 => Self::parts(inside),
            0xa5 => Self::compare(How::AtLeast, &mut inside),
            0xa6 => Self::compare(How::AtMost, &mut inside),
            0x87 => Some(Self::Present(text())),
            0xa8 => Self::compare(How::Like, &mut inside),
            0xa9 => Some(Self::Rule {
                rule: inside.text(0x81).unwrap_or_default(),
                attribute: inside.text(0x82).unwrap_or_default(),
                value: inside.text(0x83)?,
            }),
            _ => None,
        }
    }

    fn read_all(mut ber: Ber<'_>, depth: usize) -> Option<Vec<Self>> {
        let mut filters = Vec::new();
        while !ber.is_empty() {
            filters.push(Self::read(&mut ber, depth + 1)?);
        }
        Some(filters)
    }

    fn compare(how: How, ber: &mut Ber<'_>) -> Option<Self> {
        Some(Self::Compare { how, attribute: ber.text(OCTETS)?, value: ber.text(OCTETS)? })
    }

    fn parts(mut ber: Ber<'_>) -> Option<Self> {
        let attribute = ber.text(OCTETS)?;
        let mut inside = ber.inside(SEQUENCE)?;
        let start = inside.text(0x80).unwrap_or_default();
        let mut between = Vec::new();
        while let Some(part) = inside.text(0x81) {
            between.push(part);
        }
        let end = inside.text(0x82).unwrap_or_default();
        Some(Self::Parts { attribute, start, between, end })
    }

    pub(super) fn fits(&self, entry: &Entry) -> bool {
        match self {
            Self::All(filters) => filters.iter().all(|filter| filter.fits(entry)),
            Self::Any(filters) => filters.iter().any(|filter| filter.fits(entry)),
            Self::Not(filter) => !filter.fits(entry),
            Self::Present(attribute) => entry.values(attribute).next().is_some(),
            Self::Compare { how, attribute, value } => entry
                .values(attribute)
                .any(|known| how.holds(&known.to_lowercase(), &value.to_lowercase())),
            Self::Parts { attribute, start, between, end } => {
                entry.values(attribute).any(|known| has_parts(&known, start, between, end))
            }
            Self::Rule { rule, attribute, value } => entry.values(attribute).any(|known| {
                let bits = (known.parse::<i64>(), value.parse::<i64>());
                match bits {
                    (Ok(known), Ok(wanted)) if rule == ALL_BITS => known & wanted == wanted,
                    (Ok(known), Ok(wanted)) => known & wanted != 0,
                    _ => known.eq_ignore_ascii_case(value),
                }
            }),
        }
    }

    /// The value that a filter wants of an attribute, wherever it says so.
    pub(super) fn wanted(&self, name: &str) -> Option<&str> {
        match self {
            Self::All(filters) | Self::Any(filters) => {
                filters.iter().find_map(|filter| filter.wanted(name))
            }
            Self::Compare { attribute, value, .. } => {
                attribute.eq_ignore_ascii_case(name).then_some(value.as_str())
            }
            _ => None,
        }
    }

    /// As people write it (RFC 4515).
    pub(super) fn written(&self) -> String {
        let all = |filters: &[Self]| filters.iter().map(Self::written).collect::<String>();
        match self {
            Self::All(filters) => format!("(&{})", all(filters)),
            Self::Any(filters) => format!("(|{})", all(filters)),
            Self::Not(filter) => format!("(!{})", filter.written()),
            Self::Compare { how, attribute, value } => {
                format!("({attribute}{}{})", how.sign(), escaped(value))
            }
            Self::Present(attribute) => format!("({attribute}=*)"),
            Self::Parts { attribute, start, between, end } => {
                let between: String = between.iter().map(|part| escaped(part) + "*").collect();
                format!("({attribute}={}*{between}{})", escaped(start), escaped(end))
            }
            Self::Rule { rule, attribute, value } => {
                format!("({attribute}:{rule}:={})", escaped(value))
            }
        }
    }
}

impl How {
    fn holds(self, known: &str, wanted: &str) -> bool {
        match self {
            Self::AtLeast => in_order(wanted, known),
            Self::AtMost => in_order(known, wanted),
            // A category may be called by the first part of its name.
            Self::Equal | Self::Like => {
                known == wanted
                    || known.strip_prefix("cn=").and_then(|rest| rest.split(',').next())
                        == Some(wanted)
                        && known.contains(",cn=schema,")
            }
        }
    }

    const fn sign(self) -> &'static str {
        match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
            Self::Equal => "=",
            Self::Like => "~=",
        }
    }
}

fn in_order(one: &str, other: &str) -> bool {
    match (one.parse::<i64>(), other.parse::<i64>()) {
        (Ok(one), Ok(other)) => one <= other,
        _ => one <= other,
    }
}

fn has_parts(known: &str, start: &str, between: &[String], end: &str) -> bool {
    let (known, lower) = (known.to_lowercase(), |part: &str| part.to_lowercase());
    let Some(mut rest) = known.strip_prefix(&lower(start)) else { return false };
    for part in between {
        match rest.split_once(&lower(part)) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(&lower(end))
}

/// Letters that mean something in a filter are written as numbers.
fn escaped(text: &str) -> String {
    let letter = |letter: char| match letter {
        '(' | ')' | '*' | '\\' | '\0' => format!("\\{:02x}", u32::from(letter)),
        letter => letter.to_string(),
    };
    text.chars().map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ber::{element, group, octets};

    fn equal(attribute: &str, value: &str) -> Vec<u8> {
        group(0xa3, &[octets(attribute), octets(value)])
    }

    fn filter(bytes: &[u8]) -> Option<Filter> {
        Filter::read(&mut Ber::new(bytes), 0)
    }

    fn person() -> Entry {
        Entry::new(
            "CN=Jo,DC=a",
            &[
                ("cn", "Jo"),
                ("userAccountControl", "514"),
                ("objectCategory", "CN=Person,CN=Schema,CN=Configuration,DC=a"),
            ],
        )
    }

    #[test]
    fn filters_are_read_written_and_held_against_entries() {
        let parts = group(
            0xa4,
            &[octets("cn"), group(SEQUENCE, &[element(0x80, b"j"), element(0x82, b"O")])],
        );
        let disabled = group(
            0xa9,
            &[
                element(0x81, ALL_BITS.as_bytes()),
                element(0x82, b"userAccountControl"),
                element(0x83, b"2"),
            ],
        );
        for (bytes, written, is_fitting) in [
            (equal("CN", "jo"), "(CN=jo)", true),
            (equal("objectCategory", "person"), "(objectCategory=person)", true),
            (equal("cn", "a*(b)"), "(cn=a\\2a\\28b\\29)", false),
            (parts, "(cn=j*O)", true),
            (disabled, "(userAccountControl:1.2.840.113556.1.4.803:=2)", true),
            (group(0xa2, &[element(0x87, b"mail")]), "(!(mail=*))", true),
            (
                group(0xa0, &[equal("cn", "jo"), element(0x87, b"mail")]),
                "(&(cn=jo)(mail=*))",
                false,
            ),
            (group(0xa1, &[equal("cn", "jo"), element(0x87, b"mail")]), "(|(cn=jo)(mail=*))", true),
            (
                group(0xa5, &[octets("userAccountControl"), octets("60")]),
                "(userAccountControl>=60)",
                true,
            ),
        ] {
            let filter = filter(&bytes).unwrap();
            assert_eq!((filter.written().as_str(), filter.fits(&person())), (written, is_fitting));
        }
    }

    #[test]
    fn depth_has_an_end_and_nonsense_is_none() {
        let deep = (0..40).fold(equal("a", "b"), |inner, _| element(0xa2, &inner));
        assert_eq!(filter(&deep), None);
        assert_eq!(filter(&[0xa3, 2, 4, 9]), None);
        assert_eq!(filter(&[0x99, 0]), None);
    }
}
