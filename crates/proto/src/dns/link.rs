//! Names asked of everyone on the link: mDNS (RFC 6762) and LLMNR (RFC 4795).
//!
//! Whoever has a name answers, and nobody says that there is none. So what has no answer is silence,
//! and so is what only asks whether a name is free: an answer would take a victim its own name.

use std::net::Ipv4Addr;

use hickory_proto::op::{Message, OpCode, Query};
use hickory_proto::rr::{DNSClass, RData, Record, RecordType};
use model::{DnsQuery, Event};

use super::name;
use super::presentation::presented;
use super::resolver::{Question, Resolver};
use crate::{Cx, Out};

/// Answers questions to a group, if that is wanted, and records them.
pub(super) fn respond(message: &Message, cx: &Cx<'_>, out: &mut Out) -> Option<Vec<u8>> {
    let way = cx.rules.dns.link_names.then(|| Way::of(cx)).flatten();
    let mut answers = Vec::new();
    for query in &message.queries {
        let records = way.map(|way| way.records(query, message, cx, out)).unwrap_or_default();
        out.note(Event::Dns(DnsQuery {
            name: name::text(query.name().iter()),
            query_type: query.query_type().into(),
            query_class: query.query_class().into(),
            response_code: (!records.is_empty()).then_some(0),
            answers: records.iter().map(|record| presented(&record.data)).collect(),
        }));
        answers.extend(records);
    }
    way.filter(|_| !answers.is_empty())?.written(message, answers)
}

/// The address of a name that is asked for without a domain, as by NetBIOS.
pub(crate) fn address_of(text: &str, cx: &Cx<'_>, out: &mut Out) -> Option<Ipv4Addr> {
    let name = name::from_text(text)?;
    let mut resolver = Resolver { answers: &cx.rules.dns, cx, out };
    match resolver.address(&name, text, RecordType::A)?.data {
        RData::A(address) if address.0 != cx.flow.orig_dst.ip() => Some(address.0),
        _ => None,
    }
}

#[derive(Clone, Copy)]
enum Way {
    Llmnr,
    /// To one who asks from mDNS's own port.
    Mdns,
    /// To one who asks as it would a DNS server (RFC 6762 §6.7).
    MdnsLegacy,
}

/// A flag in the class: of a question that it may be answered to the one who asks, of an answer that
/// it is all there is (RFC 6762 §5.4, §10.2).
const TOP_BIT: u16 = 0x8000;

impl Way {
    fn of(cx: &Cx<'_>) -> Option<Self> {
        match (cx.flow.orig_dst.port(), cx.flow.victim.address().port()) {
            (5353, 5353) => Some(Self::Mdns),
            (5353, _) => Some(Self::MdnsLegacy),
            (5355, _) => Some(Self::Llmnr),
            _ => None,
        }
    }

    fn records(self, query: &Query, message: &Message, cx: &Cx<'_>, out: &mut Out) -> Vec<Record> {
        let text = name::text(query.name().iter());
        let class = u16::from(query.query_class()) & !TOP_BIT;
        // With an authority section it is a probe for a free name (RFC 6762 §8.2); ANY is how
        // Windows looks whether another has its name (RFC 4795 §4.1).
        let is_probe = !message.authorities.is_empty() || query.query_type() == RecordType::ANY;
        let is_question = message.metadata.op_code == OpCode::Query && class == 1;
        if is_probe || !is_question || !self.knows(&text, query.query_type(), cx) {
            return Vec::new();
        }
        let question =
            Question { name: query.name(), text: &text, record_type: query.query_type() };
        let reply = Resolver { answers: &cx.rules.dns, cx, out }.followed(question);
        let records = reply.map(|reply| reply.answers).unwrap_or_default();
        let is_new = |record: &Record| {
            !message
                .answers
                .iter()
                .any(|known| known.name == record.name && known.data == record.data)
        };
        records.into_iter().filter(is_new).map(|record| self.dressed(record)).collect()
    }

    /// Hosts of the link have addresses, and whatever the analyst says they have.
    fn knows(self, text: &str, record_type: RecordType, cx: &Cx<'_>) -> bool {
        let is_of_link = match self {
            Self::Llmnr => true,
            Self::Mdns | Self::MdnsLegacy => text.ends_with(".local") || text.ends_with(".arpa"),
        };
        let is_usual = matches!(record_type, RecordType::A | RecordType::AAAA | RecordType::PTR);
        is_of_link && (is_usual || cx.rules.dns.names.rule(text, record_type).is_some())
    }

    fn dressed(self, mut record: Record) -> Record {
        match self {
            // RFC 4795 §2.8.
            Self::Llmnr => record.ttl = 30,
            // RFC 6762 §10.
            Self::Mdns => {
                record.ttl = 120;
                record.dns_class = DNSClass::from(TOP_BIT | u16::from(record.dns_class));
            }
            // RFC 6762 §6.7.
            Self::MdnsLegacy => record.ttl = 10,
        }
        record
    }

    fn written(self, request: &Message, answers: Vec<Record>) -> Option<Vec<u8>> {
        let id = if matches!(self, Self::Mdns) { 0 } else { request.metadata.id };
        let mut response = Message::response(id, OpCode::Query);
        // LLMNR has another flag in the place of this one.
        response.metadata.authoritative = !matches!(self, Self::Llmnr);
        if !matches!(self, Self::Mdns) {
            response.queries.clone_from(&request.queries);
        }
        response.answers = answers;
        response.to_vec().ok()
    }
}
