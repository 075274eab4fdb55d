//! What has to be so for a rule to match.

use std::ops::RangeInclusive;

use model::Transport;
use proto::responses::{Block, Criterion, First, Pattern, PatternError, Wildcard};
use proto::{PROTOCOLS, signatures};
use toml::de::DeValue;

use super::content;
use crate::config::error::Error;
use crate::config::fields::Fields;

/// A field of `when`.
pub(super) struct Field {
    pub(super) name: &'static str,
    pub(super) meaning: &'static str,
    read: fn(&Fields<'_>, &str) -> Result<Vec<Criterion>, Error>,
}

/// Every field, in the order of the reference.
pub(super) const FIELDS: &[Field] = &[
    Field {
        name: "transport",
        meaning: "`\"tcp\"` or `\"udp\"`",
        read: |fields, field| {
            let found = fields.text(field, "\"tcp\" or \"udp\"", |word| match word {
                "tcp" => Some(Transport::Tcp),
                "udp" => Some(Transport::Udp),
                _ => None,
            })?;
            Ok(one(found, Criterion::Transport))
        },
    },
    Field {
        name: "port",
        meaning: "the port the victim meant: a number, a range such as `\"8000-8999\"`, or a list of \
                  them; inside a proxy the one that was asked for",
        read: |fields, field| {
            const EXPECTED: &str = "a port, a range such as \"80-90\", or a list";
            Ok(one(fields.several(field, EXPECTED, ports)?, Criterion::Port))
        },
    },
    Field {
        name: "address",
        meaning: "the address the victim meant: one, a block such as `\"10.0.0.0/8\"`, or a list",
        read: |fields, field| Ok(one(blocks(fields, field)?, Criterion::Address)),
    },
    Field {
        name: "victim",
        meaning: "the victim's address, in the same forms",
        read: |fields, field| Ok(one(blocks(fields, field)?, Criterion::Victim)),
    },
    Field {
        name: "name",
        meaning: "what the victim calls the other end: the host of an HTTP request, the name in a TLS \
                  hello, the name that DNS gave this address. `*` stands for any characters, `?` for \
                  one; or a list",
        read: |fields, field| Ok(one(wildcards(fields, field)?, Criterion::Name)),
    },
    Field {
        name: "protocol",
        meaning: "what it speaks, as `sinkgate show flows` names it, or a list; `\"raw\"` is what \
                  nobody knows. Without `\"tls\"` here, what is said is said inside TLS",
        read: |fields, field| {
            let found = fields.several(field, "the name of a protocol, or a list", protocol)?;
            Ok(one(found, Criterion::Protocol))
        },
    },
    Field {
        name: "first",
        meaning: "how the victim's first bytes begin: a text, `{ hex = \"ff fe\" }`, \
                  `{ base64 = \"…\" }`, or `{ regex = '^GET /[a-z]{8} ' }`, which is looked for in \
                  them unless it begins with `^`",
        read: first,
    },
    Field {
        name: "method",
        meaning: "the method of the HTTP request, or a list",
        read: |fields, field| Ok(one(wildcards(fields, field)?, Criterion::Method)),
    },
    Field {
        name: "path",
        meaning: "the path of the HTTP request, with its query or without, in which `*` and `?` may \
                  stand; `{ regex = '…' }`; or a list",
        read: |fields, field| Ok(one(patterns(fields, field, Wildcard::exactly)?, Criterion::Path)),
    },
    Field {
        name: "header",
        meaning: "fields of the HTTP request, such as `{ user-agent = \"*curl*\" }`; each is a text in \
                  which `*` and `?` may stand, or `{ regex = '…' }`",
        read: headers,
    },
];

/// Reads `when`.
pub(super) fn read(fields: &Fields<'_>) -> Result<Vec<Criterion>, Error> {
    let known: Vec<_> = FIELDS.iter().map(|field| (field.name, field.meaning)).collect();
    fields.allow(&known)?;
    let mut criteria = Vec::new();
    for field in FIELDS {
        criteria.extend((field.read)(fields, field.name)?);
    }
    Ok(criteria)
}

fn one<T>(found: Option<T>, criterion: fn(T) -> Criterion) -> Vec<Criterion> {
    found.map(criterion).into_iter().collect()
}

fn ports(value: &DeValue<'_>) -> Option<RangeInclusive<u16>> {
    let port = |text: &str| text.trim().parse::<u16>().ok();
    match value {
        DeValue::Integer(number) => port(number.as_str()).map(|port| port..=port),
        DeValue::String(text) => {
            let (first, last) = text.split_once('-').unwrap_or((text, text));
            let range = port(first)?..=port(last)?;
            (!range.is_empty()).then_some(range)
        }
        _ => None,
    }
}

fn blocks(fields: &Fields<'_>, field: &str) -> Result<Option<Vec<Block>>, Error> {
    const EXPECTED: &str = "an IP address, a block such as \"10.0.0.0/8\", or a list";
    fields.several(field, EXPECTED, |value| value.as_str()?.parse().ok())
}

fn wildcards(fields: &Fields<'_>, field: &str) -> Result<Option<Vec<Wildcard>>, Error> {
    let read = |value: &DeValue<'_>| value.as_str().map(Wildcard::in_any_case);
    fields.several(field, "a text, in which `*` and `?` may stand, or a list", read)
}

/// The name of a protocol that we can tell.
fn protocol(value: &DeValue<'_>) -> Option<String> {
    let name = value.as_str()?;
    let mut rows = PROTOCOLS.iter().map(|row| row.name);
    let is_known = name == proto::silent_peer().name
        || rows.any(|row| row == name)
        || signatures().any(|signature| signature.name == name);
    is_known.then(|| name.to_owned())
}

fn patterns(
    fields: &Fields<'_>,
    field: &str,
    wildcard: fn(&str) -> Wildcard,
) -> Result<Option<Vec<Pattern>>, Error> {
    const EXPECTED: &str = "a text, in which `*` and `?` may stand, `{ regex = '…' }`, or a list";
    let found = fields.several(field, EXPECTED, |value| pattern(value, wildcard))?;
    let patterns = found.map(|found| found.into_iter().collect::<Result<_, PatternError>>());
    patterns.transpose().map_err(|cause| fields.unusable(field, cause))
}

fn pattern(
    value: &DeValue<'_>,
    wildcard: fn(&str) -> Wildcard,
) -> Option<Result<Pattern, PatternError>> {
    match value.as_str() {
        Some(text) => Some(Ok(Pattern::Wildcard(wildcard(text)))),
        None => content::regex(value).map(Pattern::regex),
    }
}

fn first(fields: &Fields<'_>, field: &str) -> Result<Vec<Criterion>, Error> {
    const EXPECTED: &str = "a text, `{ hex = \"…\" }`, `{ base64 = \"…\" }` or `{ regex = '…' }`";
    let found = fields.read(field, EXPECTED, |value| match content::regex(value) {
        Some(regex) => Some(First::regex(regex)),
        None => content::written(value).map(|bytes| Ok(First::Bytes(bytes.into()))),
    })?;
    let first = found.transpose().map_err(|cause| fields.unusable(field, cause))?;
    Ok(one(first, Criterion::First))
}

fn headers(fields: &Fields<'_>, field: &str) -> Result<Vec<Criterion>, Error> {
    let Some(value) = fields.value(field) else { return Ok(Vec::new()) };
    let headers = super::table_in(fields, field, value)?;
    let read = |name: &str| {
        let found = patterns(&headers, name, Wildcard::in_any_case)?.unwrap_or_default();
        Ok(Criterion::Header(name.to_ascii_lowercase(), found))
    };
    headers.names().map(read).collect()
}
