//! Which domain controller this is, as Windows asks before it logs in (MS-ADTS §6.3.3).

use super::directory::{Domain, Entry, SITE, guid};
use super::filter::Filter;
use crate::Cx;

/// The answer to a search for `Netlogon`, about the domain that is asked for.
pub(super) fn entry(filter: &Filter, cx: &Cx<'_>) -> Entry {
    let asked = filter.wanted("DnsDomain").map(|name| name.trim_end_matches('.').to_lowercase());
    let domain = asked
        .filter(|name| !name.is_empty())
        .map_or_else(|| Domain::of("", cx), |name| Domain { name });
    let mut entry = Entry::new("", &[]);
    entry.add("netlogon", &answer(&domain, filter.wanted("User").unwrap_or_default(), cx));
    entry
}

/// `NETLOGON_SAM_LOGON_RESPONSE_EX` (§6.3.1.9).
fn answer(domain: &Domain, user: &str, cx: &Cx<'_>) -> Vec<u8> {
    /// It is there; or it is, and there is no such user.
    const FOUND: u16 = 23;
    /// A domain controller that can be written to, with LDAP, time, Kerberos and the catalogue.
    const FLAGS: u32 = 0x0003_f1fd;
    let host = &cx.persona.host;
    let mut answer = [FOUND.to_le_bytes(), [0, 0]].concat();
    answer.extend(FLAGS.to_le_bytes());
    answer.extend(guid(&domain.name, cx));
    let full_host = format!("{host}.{}", domain.name);
    for name in [&domain.name, &domain.name, &full_host] {
        answer.extend(labels(name.split('.')));
    }
    for name in [&domain.netbios(), &host.to_uppercase(), user, SITE, SITE] {
        answer.extend(labels([name].into_iter()));
    }
    // Version 5 with sites; no tokens.
    answer.extend(5_u32.to_le_bytes());
    answer.extend([0xff; 4]);
    answer
}

/// A name as DNS packs it (RFC 1035 §4.1.4), nothing compressed.
fn labels<'a>(labels: impl Iterator<Item = &'a str>) -> Vec<u8> {
    let mut packed = Vec::new();
    for label in labels.filter(|label| !label.is_empty()) {
        let label = label.as_bytes().get(..63).unwrap_or(label.as_bytes());
        packed.push(u8::try_from(label.len()).unwrap_or_default());
        packed.extend(label);
    }
    packed.push(0);
    packed
}
