//! `localhost`, which every resolver knows by itself (RFC 6761 §6.3).

use std::net::{Ipv4Addr, Ipv6Addr};

use hickory_proto::rr::rdata::{A, AAAA};
use hickory_proto::rr::{RData, RecordType};

use super::resolver::{Question, Reply, Resolver};

/// The loopback addresses, and nothing else.
pub(super) fn reply(question: Question<'_>, resolver: &mut Resolver<'_>) -> Reply {
    let v4 = RData::A(A(Ipv4Addr::LOCALHOST));
    let v6 = RData::AAAA(AAAA(Ipv6Addr::LOCALHOST));
    let data = match question.record_type {
        RecordType::A => vec![v4],
        RecordType::AAAA => vec![v6],
        RecordType::ANY => vec![v4, v6],
        _ => Vec::new(),
    };
    let answers = resolver.records(question, data);
    resolver.with_addresses_or_nothing(question, answers)
}
