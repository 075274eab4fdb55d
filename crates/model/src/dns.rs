//! One DNS question and what was answered.

use std::net::{Ipv4Addr, Ipv6Addr};

use serde::Serialize;

/// A question a victim asked, and our answer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DnsQuery {
    /// The name asked for, lower case, without a final dot; bytes that are not letters, digits,
    /// `-` or `_` escaped as `\DDD` (RFC 1035 §5.1). The root is `.`.
    pub name: String,
    /// The type asked for, as a number (1 is A, 28 is AAAA).
    pub query_type: u16,
    /// The class asked for, as a number (1 is IN, 3 is CHAOS).
    pub query_class: u16,
    /// The response code sent; `None` if no response was.
    pub response_code: Option<u16>,
    /// What was answered, one record each in presentation form without the owner name.
    pub answers: Vec<String>,
}

/// The addresses a name was given in `pool` mode. It keeps them, over restarts too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GivenAddress {
    /// The name, written as in [`DnsQuery::name`].
    pub name: String,
    /// What an A question is answered with.
    pub v4: Ipv4Addr,
    /// What an AAAA question is answered with.
    pub v6: Ipv6Addr,
}

impl DnsQuery {
    /// The mnemonic of a query type (`A`, `AAAA`, …), or `TYPEn` (RFC 3597 §5).
    #[must_use]
    pub fn type_name(query_type: u16) -> String {
        let known = TYPE_NAMES.iter().find(|(number, _)| *number == query_type);
        known.map_or_else(|| format!("TYPE{query_type}"), |(_, name)| (*name).to_owned())
    }

    /// The number of a query type, from its mnemonic in any case or `TYPEn`.
    #[must_use]
    pub fn type_number(name: &str) -> Option<u16> {
        let name = name.to_ascii_uppercase();
        let known = TYPE_NAMES.iter().find(|(_, known)| *known == name).map(|(number, _)| *number);
        known.or_else(|| name.strip_prefix("TYPE")?.parse().ok())
    }
}

/// Mnemonics of the IANA registry "Resource Record (RR) TYPEs" that are seen in practice.
const TYPE_NAMES: &[(u16, &str)] = &[
    (1, "A"),
    (2, "NS"),
    (5, "CNAME"),
    (6, "SOA"),
    (10, "NULL"),
    (12, "PTR"),
    (13, "HINFO"),
    (15, "MX"),
    (16, "TXT"),
    (28, "AAAA"),
    (29, "LOC"),
    (33, "SRV"),
    (35, "NAPTR"),
    (37, "CERT"),
    (39, "DNAME"),
    (43, "DS"),
    (44, "SSHFP"),
    (46, "RRSIG"),
    (47, "NSEC"),
    (48, "DNSKEY"),
    (52, "TLSA"),
    (64, "SVCB"),
    (65, "HTTPS"),
    (99, "SPF"),
    (249, "TKEY"),
    (250, "TSIG"),
    (251, "IXFR"),
    (252, "AXFR"),
    (255, "ANY"),
    (256, "URI"),
    (257, "CAA"),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_number_has_a_name_that_leads_back() {
        for number in 0..=u16::MAX {
            assert_eq!(DnsQuery::type_number(&DnsQuery::type_name(number)), Some(number));
        }
    }
}
