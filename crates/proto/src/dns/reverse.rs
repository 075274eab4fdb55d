//! Names of addresses: `in-addr.arpa` and `ip6.arpa`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use hickory_proto::rr::rdata::PTR;
use hickory_proto::rr::{RData, RecordType};

use super::name::{from_text, labels};
use super::resolver::{Question, Reply, Resolver};
use super::zone;
use crate::derived::{Purpose, derived, pick};

/// Answers with the name of the address: the one that was given it, else what its provider would
/// call it.
pub(super) fn reply(question: Question<'_>, resolver: &mut Resolver<'_>) -> Reply {
    let text = question.text;
    let Some(address) = address(text) else {
        return if is_above_addresses(text) {
            zone::no_such_record(text, resolver)
        } else {
            zone::no_such_name(text, resolver)
        };
    };
    let Some(name) = name_of(address, resolver) else {
        return zone::no_such_name(text, resolver);
    };
    let answers = match question.record_type {
        RecordType::ANY | RecordType::PTR => from_text(&name).map(|name| RData::PTR(PTR(name))),
        _ => None,
    };
    let answers = resolver.records(question, answers);
    resolver.with_addresses_or_nothing(question, answers)
}

/// The zone of a reverse name: that of its /24 or /64, as providers cut them.
pub(super) fn zone(text: &str) -> &str {
    let kept = if text.ends_with("ip6.arpa") { 2 + 16 } else { 2 + 3 };
    let surplus = labels(text).saturating_sub(kept);
    super::name::self_and_parents(text).nth(surplus).unwrap_or(text)
}

/// The name of an address. Providers name every IPv4 address and hardly any IPv6 address; nobody
/// names private ones.
fn name_of(address: IpAddr, resolver: &Resolver<'_>) -> Option<String> {
    if address.is_loopback() {
        return Some("localhost".to_owned());
    }
    if let Some(name) = resolver.answers.name_of(address) {
        return Some(name);
    }
    let known = WELL_KNOWN.iter().find(|(known, _)| address == IpAddr::from(*known));
    if let Some((_, name)) = known {
        return Some((*name).to_owned());
    }
    match address {
        IpAddr::V4(address) if is_public(address) => {
            Some(provider_name(address, &resolver.cx.persona.seed))
        }
        _ => None,
    }
}

/// The server and the mailbox of a reverse zone.
pub(super) fn authority(zone: &str, seed: &[u8; 16]) -> (String, String) {
    let octets = zone.strip_suffix(".in-addr.arpa").map(|octets| octets.rsplit('.').map(octet));
    let octets: Vec<u8> = octets.into_iter().flatten().flatten().collect();
    match octets[..] {
        [a, b, ..] if is_public(Ipv4Addr::new(a, b, 0, 1)) => {
            let domain = provider(a, b, seed).domain;
            (format!("ns1.{domain}"), format!("hostmaster.{domain}"))
        }
        // As in the empty zones of BIND (RFC 6303 §3).
        [_, _, ..] => (zone.to_owned(), ".".to_owned()),
        _ if zone.ends_with("ip6.arpa") => ("b.ip6-servers.arpa".to_owned(), IANA.to_owned()),
        _ => ("b.in-addr-servers.arpa".to_owned(), IANA.to_owned()),
    }
}

/// Who looks after the top of the reverse tree.
const IANA: &str = "nstld.iana.org";

/// Who a network belongs to; all of a /16 belong to one.
struct Provider {
    domain: String,
    /// Which of some patterns its names of addresses have.
    pattern: u64,
}

/// The domain of the provider in whose network an address of the world lies.
pub(crate) fn provider_domain(address: Ipv4Addr, seed: &[u8; 16]) -> Option<String> {
    let [a, b, ..] = address.octets();
    is_public(address).then(|| provider(a, b, seed).domain)
}

fn provider(a: u8, b: u8, seed: &[u8; 16]) -> Provider {
    let [first, second] = derived(seed, Purpose::Provider, &format!("{a}.{b}"));
    let (start, end) = (pick(NAME_STARTS, first), pick(NAME_ENDS, first >> 32));
    let domain = format!("{start}{end}.{}", pick(&["net", "com", "net"], second));
    Provider { domain, pattern: second >> 32 & 3 }
}

/// What the provider of an address calls it.
fn provider_name(address: Ipv4Addr, seed: &[u8; 16]) -> String {
    let [a, b, c, d] = address.octets();
    let Provider { domain, pattern } = provider(a, b, seed);
    match pattern {
        0 => format!("{a}-{b}-{c}-{d}.static.{domain}"),
        1 => format!("host-{d}-{c}-{b}-{a}.{domain}"),
        2 => format!("{d}.{c}.{b}.{a}.dyn.{domain}"),
        _ => format!("ip{a}-{b}-{c}-{d}.cust.{domain}"),
    }
}

fn is_public(address: Ipv4Addr) -> bool {
    let [first, second, ..] = address.octets();
    let is_shared = first == 100 && (64..128).contains(&second);
    let is_special =
        address.is_private() || address.is_link_local() || address.is_documentation() || is_shared;
    first != 0 && first < 224 && !is_special
}

/// The address a reverse name stands for.
fn address(text: &str) -> Option<IpAddr> {
    if let Some(octets) = text.strip_suffix(".in-addr.arpa") {
        let octets: Vec<u8> = octets.rsplit('.').map(octet).collect::<Option<_>>()?;
        return <[u8; 4]>::try_from(octets).ok().map(|octets| Ipv4Addr::from(octets).into());
    }
    let nibbles = text.strip_suffix(".ip6.arpa")?;
    let nibbles: Vec<u128> = nibbles.rsplit('.').map(nibble).collect::<Option<_>>()?;
    let whole = (nibbles.len() == 32).then_some(nibbles)?;
    let bits = whole.iter().fold(0, |bits, nibble| bits << 4 | nibble);
    Some(Ipv6Addr::from_bits(bits).into())
}

/// Whether a reverse name that is no address has addresses below it.
fn is_above_addresses(text: &str) -> bool {
    if let Some(octets) = text.strip_suffix("in-addr.arpa") {
        return octets.split_terminator('.').all(|label| octet(label).is_some())
            && labels(text) < 2 + 4;
    }
    let nibbles = text.strip_suffix("ip6.arpa").unwrap_or_default();
    nibbles.split_terminator('.').all(|label| nibble(label).is_some()) && labels(text) < 2 + 32
}

fn octet(label: &str) -> Option<u8> {
    let is_number = label.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| label.parse().ok())?
}

fn nibble(label: &str) -> Option<u128> {
    if label.len() != 1 {
        return None;
    }
    label.chars().next()?.to_digit(16).map(u128::from)
}

/// Names that people know by heart; some programs ask for that of their resolver before all else.
const WELL_KNOWN: &[([u8; 4], &str)] = &[
    ([1, 0, 0, 1], "one.one.one.one"),
    ([1, 1, 1, 1], "one.one.one.one"),
    ([8, 8, 4, 4], "dns.google"),
    ([8, 8, 8, 8], "dns.google"),
    ([9, 9, 9, 9], "dns9.quad9.net"),
    ([208, 67, 220, 220], "dns.umbrella.com"),
    ([208, 67, 222, 222], "dns.umbrella.com"),
];

/// First halves of names that providers have.
const NAME_STARTS: &[&str] = &[
    "alto", "arc", "axia", "bay", "blue", "cable", "delta", "east", "fiber", "giga", "iber", "kom",
    "lux", "metro", "nord", "omni", "pan", "quad", "rapid", "sky", "swift", "tele", "terra", "uni",
    "vero", "west", "xen", "zen",
];

/// Second halves.
const NAME_ENDS: &[&str] = &[
    "band", "base", "cast", "com", "connect", "data", "grid", "host", "lane", "line", "link",
    "nap", "net", "path", "port", "span", "tel", "wave", "web", "wire",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reverse_name_is_read_back_to_its_address() {
        let v6 = "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa";
        assert_eq!(address("4.3.2.1.in-addr.arpa"), Some([1, 2, 3, 4].into()));
        assert_eq!(address(v6), Some("2001:db8::2".parse().unwrap()));
        for broken in ["3.2.1.in-addr.arpa", "256.3.2.1.in-addr.arpa", "+4.3.2.1.in-addr.arpa"] {
            assert_eq!(address(broken), None, "{broken}");
        }
        assert_eq!(zone("4.3.2.1.in-addr.arpa"), "3.2.1.in-addr.arpa");
        assert_eq!(zone(v6), "0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa");
        assert_eq!(zone("in-addr.arpa"), "in-addr.arpa");
    }

    #[test]
    fn names_above_addresses_exist_and_others_do_not() {
        assert!(is_above_addresses("in-addr.arpa"));
        assert!(is_above_addresses("2.1.in-addr.arpa"));
        assert!(!is_above_addresses("x.1.in-addr.arpa"));
        assert!(!is_above_addresses("5.4.3.2.1.in-addr.arpa"));
        assert!(is_above_addresses("1.0.0.2.ip6.arpa"));
    }

    #[test]
    fn a_provider_names_all_of_its_addresses_alike() {
        let name = |address: [u8; 4]| provider_name(address.into(), &[7; 16]);
        let domain =
            |name: &str| name.rsplitn(3, '.').take(2).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(domain(&name([5, 6, 7, 8])), domain(&name([5, 6, 200, 1])));
        assert_ne!(name([5, 6, 7, 8]), name([5, 6, 7, 9]));
    }
}
