//! The records of a name that somebody could have registered, made up from the name alone.

use hickory_proto::rr::rdata::{A, AAAA, CAA, MX, SRV};
use hickory_proto::rr::{RData, RecordType};

use super::name::{from_text, registered};
use super::resolver::{Question, Reply, Resolver};
use super::static_names::txt;
use super::zone;

/// Answers for a name without a rule of its own.
pub(super) fn reply(question: Question<'_>, resolver: &mut Resolver<'_>) -> Reply {
    let data = match question.record_type {
        RecordType::ANY => ALL_TYPES
            .iter()
            .flat_map(|record_type| {
                data(Question { record_type: *record_type, ..question }, resolver)
            })
            .collect(),
        _ => data(question, resolver),
    };
    let answers = resolver.records(question, data);
    resolver.with_addresses_or_nothing(question, answers)
}

/// What ANY is answered with: everything, as a resolver that has been asked for each of them.
const ALL_TYPES: &[RecordType] = &[
    RecordType::A,
    RecordType::AAAA,
    RecordType::NS,
    RecordType::SOA,
    RecordType::MX,
    RecordType::TXT,
    RecordType::CAA,
];

/// The records of one type.
///
/// There are no HTTPS and SVCB records: a browser that sees one goes to TLS at once (RFC 9460
/// §9.5), and what it would have sent in the clear is not seen.
fn data(question: Question<'_>, resolver: &mut Resolver<'_>) -> Vec<RData> {
    let text = question.text;
    let is_registered = text == registered(text);
    match question.record_type {
        RecordType::A => {
            let addresses = resolver.answers.addresses_of(text, resolver.cx, resolver.out);
            addresses.v4.map(|address| RData::A(A(address))).into_iter().collect()
        }
        RecordType::AAAA => {
            let addresses = resolver.answers.addresses_of(text, resolver.cx, resolver.out);
            addresses.v6.map(|address| RData::AAAA(AAAA(address))).into_iter().collect()
        }
        RecordType::CAA if is_registered => issuer().into_iter().collect(),
        RecordType::MX => mail_exchange(text).into_iter().collect(),
        RecordType::NS if is_registered => zone::servers(text),
        RecordType::SOA if is_registered => zone::soa(text, resolver).into_iter().collect(),
        RecordType::SRV => service(text).into_iter().collect(),
        RecordType::TXT => policy(text).into_iter().collect(),
        _ => Vec::new(),
    }
}

/// The authority most sites name.
fn issuer() -> Option<RData> {
    let mut name = from_text("letsencrypt.org")?;
    // Written into the record as text, where it has no final dot (RFC 8659 §4.2).
    name.set_fqdn(false);
    Some(RData::CAA(CAA::new_issue(false, Some(name), Vec::new())))
}

/// Every name takes mail, for malware that sends to subdomains too.
fn mail_exchange(text: &str) -> Option<RData> {
    if is_service(text) {
        return None;
    }
    let exchange = from_text(&format!("mail.{}", registered(text)))?;
    Some(RData::MX(MX::new(10, exchange)))
}

/// Who may send mail for a name (RFC 7208), and what becomes of other mail (RFC 7489).
fn policy(text: &str) -> Option<RData> {
    if text.starts_with("_dmarc.") {
        return Some(txt("v=DMARC1; p=none"));
    }
    (!is_service(text)).then(|| txt("v=spf1 a mx ~all"))
}

/// The host of a service (RFC 2782), if it is one that a domain would have.
fn service(text: &str) -> Option<RData> {
    let (label, rest) = text.strip_prefix('_')?.split_once('.')?;
    let (transport, domain) = rest.strip_prefix('_')?.split_once('.')?;
    if !matches!(transport, "tcp" | "udp" | "tls") {
        return None;
    }
    let (_, port, host) = SERVICES.iter().find(|(name, ..)| *name == label)?;
    let target = from_text(&format!("{host}.{}", registered(domain)))?;
    Some(RData::SRV(SRV::new(0, 5, *port, target)))
}

/// Whether the name is that of a service or of a policy, not of a host.
fn is_service(text: &str) -> bool {
    text.starts_with('_')
}

/// Services that clients look up by SRV: name, port, host.
const SERVICES: &[(&str, u16, &str)] = &[
    ("autodiscover", 443, "mail"),
    ("caldav", 80, "mail"),
    ("caldavs", 443, "mail"),
    ("carddav", 80, "mail"),
    ("carddavs", 443, "mail"),
    ("gc", 3268, "dc1"),
    ("http", 80, "www"),
    ("https", 443, "www"),
    ("imap", 143, "mail"),
    ("imaps", 993, "mail"),
    ("jabber", 5269, "xmpp"),
    ("kerberos", 88, "dc1"),
    ("kpasswd", 464, "dc1"),
    ("ldap", 389, "dc1"),
    ("ldaps", 636, "dc1"),
    ("minecraft", 25_565, "mc"),
    ("mongodb", 27_017, "db1"),
    ("ntp", 123, "ntp"),
    ("pop3", 110, "mail"),
    ("pop3s", 995, "mail"),
    ("sip", 5060, "sip"),
    ("sips", 5061, "sip"),
    ("stun", 3478, "turn"),
    ("submission", 587, "mail"),
    ("submissions", 465, "mail"),
    ("ts3", 9987, "ts"),
    ("turn", 3478, "turn"),
    ("vlmcs", 1688, "kms"),
    ("xmpp-client", 5222, "xmpp"),
    ("xmpp-server", 5269, "xmpp"),
];
