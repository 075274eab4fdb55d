//! Whose a name or an address is (RFC 3912), as registries say it.

use std::net::IpAddr;

use super::said::moment;
use crate::derived::{Purpose, derived, pick};
use crate::{Cx, dns, host};

/// What was asked, past the words that some registries want before it (`domain`, `n +`, `=`).
pub(super) fn answer(asked: &str, cx: &Cx<'_>) -> Vec<u8> {
    let last = asked.split_ascii_whitespace().next_back().unwrap_or_default();
    let subject = last.trim_start_matches('=').trim_matches('"');
    let said = match (subject.parse::<IpAddr>(), host::as_name(subject)) {
        (Ok(address), _) => network(address, cx),
        (_, Some(name)) if name.contains('.') => domain(dns::registered(&name), cx),
        _ => format!("No match for \"{}\".\n", subject.to_ascii_uppercase()),
    };
    said.replace('\n', "\r\n").into_bytes()
}

fn of(what: &str, name: &str, cx: &Cx<'_>) -> [u64; 2] {
    derived(&cx.persona.seed, Purpose::SmallService, &format!("{what} {name}"))
}

/// A year as registries count it, in seconds.
const YEAR: i64 = 365 * 86_400;

/// A domain: registered some years ago, renewed since, its servers those that DNS names.
fn domain(name: &str, cx: &Cx<'_>) -> String {
    let [when, which] = of("domain", name, cx);
    let Registrar { name: registrar, site, number } = pick(REGISTRARS, which);
    let now = cx.now.as_secs();
    // Between a year ago at the beginning of this decade, and twelve years before that.
    let made = 1_577_836_800 - i64::try_from(when % 378_432_000).unwrap_or_default();
    let years = (now - made).div_euclid(YEAR).max(0);
    let date = |seconds: i64| moment(seconds).strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let renewed = date(made + years * YEAR);
    let ends = date(made + (years + 1) * YEAR);
    let (upper, now) = (name.to_ascii_uppercase(), date(now));
    let made = date(made);
    format!(
        "   Domain Name: {upper}\n   Registry Domain ID: {}_DOMAIN-VRSN\n\
        \x20  Registrar WHOIS Server: whois.{site}\n   Registrar URL: http://www.{site}\n\
        \x20  Updated Date: {renewed}\n   Creation Date: {made}\n   Registry Expiry Date: {ends}\n\
        \x20  Registrar: {registrar}\n   Registrar IANA ID: {number}\n\
        \x20  Registrar Abuse Contact Email: abuse@{site}\n\
        \x20  Domain Status: clientTransferProhibited https://icann.org/epp#clientTransferProhibited\n\
        \x20  Name Server: NS1.{upper}\n   Name Server: NS2.{upper}\n   DNSSEC: unsigned\n\
        >>> Last update of whois database: {now} <<<\n",
        1_000_000_000 + which % 1_900_000_000,
    )
}

/// A network: that of the provider which reverse DNS names.
fn network(address: IpAddr, cx: &Cx<'_>) -> String {
    let IpAddr::V4(v4) = address else { return none_found() };
    let Some(domain) = dns::provider_domain(v4, &cx.persona.seed) else { return none_found() };
    let [a, b, ..] = v4.octets();
    let label = domain.split('.').next().unwrap_or_default();
    let name = label.to_ascii_uppercase();
    let [when, number] = of("network", &domain, cx);
    let made = 1_104_537_600 + i64::try_from(when % 315_360_000).unwrap_or_default();
    let made = moment(made).strftime("%Y-%m-%d");
    format!(
        "NetRange:       {a}.{b}.0.0 - {a}.{b}.255.255\nCIDR:           {a}.{b}.0.0/16\n\
         NetName:        {name}-{a}-{b}\nNetType:        Direct Allocation\n\
         OriginAS:       AS{}\nOrganization:   {name}\nRegDate:        {made}\n\
         OrgAbuseEmail:  abuse@{domain}\n",
        20_000 + number % 40_000,
    )
}

fn none_found() -> String {
    "No match found.\n".to_owned()
}

/// Who registers names for others.
#[derive(Clone, Copy, Default)]
struct Registrar {
    name: &'static str,
    site: &'static str,
    /// Its number with IANA.
    number: u16,
}

const REGISTRARS: &[Registrar] = &[
    Registrar { name: "GoDaddy.com, LLC", site: "godaddy.com", number: 146 },
    Registrar { name: "NameCheap, Inc.", site: "namecheap.com", number: 1068 },
    Registrar { name: "Tucows Domains Inc.", site: "tucows.com", number: 69 },
    Registrar { name: "OVH sas", site: "ovh.com", number: 433 },
    Registrar { name: "Gandi SAS", site: "gandi.net", number: 81 },
];
