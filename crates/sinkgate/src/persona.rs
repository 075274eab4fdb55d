//! Who this installation pretends to be: what is set, and for the rest what its seed says.

use model::{CertificateAuthority, Persona};

use crate::config;
use crate::installation::Seed;

/// The persona of this installation.
pub(crate) fn persona(set: &config::Persona, seed: Seed) -> Persona {
    // A byte of the seed for each choice: one seed, one persona.
    let [host, number, server, version, first, second, third, mail, ..] = seed;
    let number = 1 + u32::from(number) % 24;
    Persona {
        seed,
        host: chosen(&set.host, || format!("{}{number:02}", pick(HOSTS, host))),
        http_server: chosen(&set.http_server, || pick(HTTP_SERVERS, server).to_owned()),
        dns_version: chosen(&set.dns_version, || pick(DNS_VERSIONS, version).to_owned()),
        mail_server: chosen(&set.mail_server, || pick(MAIL_SERVERS, mail).to_owned()),
        public_address: set.public_address.unwrap_or_else(|| proto::public_address(&seed)),
        authority: authority(set, [first, second, third]),
    }
}

/// A name as companies have it that sell trust, and a host that goes with it.
fn authority(set: &config::Persona, [first, second, third]: [u8; 3]) -> CertificateAuthority {
    let derived = || {
        let (first, second) = (pick(AUTHORITY_STARTS, first), pick(AUTHORITY_ENDS, second));
        format!("{first}{second} {}", pick(AUTHORITY_KINDS, third))
    };
    let name = chosen(&set.authority, derived);
    let host = chosen(&set.authority_host, || {
        let label: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
        format!("pki.{}.net", label.to_ascii_lowercase())
    });
    CertificateAuthority { name, host }
}

fn chosen(set: &Option<String>, derived: impl FnOnce() -> String) -> String {
    set.clone().unwrap_or_else(derived)
}

fn pick(from: &[&'static str], choice: u8) -> &'static str {
    from.get(usize::from(choice) % from.len().max(1)).copied().unwrap_or_default()
}

/// What administrators call their machines.
const HOSTS: &[&str] = &["web", "srv", "host", "node", "app", "edge", "www", "s", "vps", "fra"];

/// What servers of distributions that are in wide use say of themselves.
const HTTP_SERVERS: &[&str] = &[
    "nginx",
    "nginx/1.18.0 (Ubuntu)",
    "nginx/1.22.1",
    "nginx/1.24.0 (Ubuntu)",
    "Apache",
    "Apache/2.4.41 (Ubuntu)",
    "Apache/2.4.52 (Ubuntu)",
    "Apache/2.4.62 (Debian)",
    "LiteSpeed",
];

/// The same for resolvers.
const DNS_VERSIONS: &[&str] = &[
    "9.16.50-Debian",
    "9.18.28-0ubuntu0.22.04.1-Ubuntu",
    "9.18.33-1~deb12u2-Debian",
    "dnsmasq-2.90",
    "unbound 1.17.1",
    "unbound 1.19.2",
];

/// The same for servers of mail.
const MAIL_SERVERS: &[&str] = &["Postfix", "Postfix (Debian/GNU)", "Postfix (Ubuntu)"];

/// Of no authority that there is.
const AUTHORITY_STARTS: &[&str] =
    &["Alder", "Bright", "Calder", "Fern", "Harbor", "Linden", "North", "Oak", "Ridge", "Stone"];
const AUTHORITY_ENDS: &[&str] =
    &["brook", "field", "gate", "haven", "line", "mark", "ridge", "stead", "view", "well"];
const AUTHORITY_KINDS: &[&str] =
    &["Certification", "Certificate Services", "Trust Network", "Trust Services"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_set_holds_and_the_rest_follows_from_the_seed() {
        let set = config::Persona { host: Some("mail".to_owned()), ..Default::default() };
        let ours = persona(&set, [7; 16]);
        assert_eq!(ours.host, "mail");
        assert_eq!(persona(&set, [7; 16]), ours);
        assert_ne!(persona(&set, [9; 16]).http_server, ours.http_server);
    }

    #[test]
    fn no_default_names_us() {
        let authority = [AUTHORITY_STARTS, AUTHORITY_ENDS, AUTHORITY_KINDS].concat();
        let all = [HOSTS, HTTP_SERVERS, DNS_VERSIONS, MAIL_SERVERS, &authority].concat();
        assert!(all.iter().all(|text| !text.to_ascii_lowercase().contains("sink")));
    }
}
