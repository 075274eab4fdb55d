//! Who this installation pretends to be: what is set, and for the rest what its template and its seed
//! say.

mod template;

use model::{CertificateAuthority, Persona};

use crate::config;
use crate::installation::Seed;

pub(crate) use template::Template;

/// The persona of this installation.
pub(crate) fn persona(set: &config::Persona, seed: Seed) -> Persona {
    // A byte of the seed for each choice: one seed, one persona.
    let [host, number, server, version, first, second, third, mail, ..] = seed;
    let system = system(set, seed);
    let number = 1 + u32::from(number) % 24;
    Persona {
        seed,
        host: chosen(&set.host, || format!("{}{number:02}", pick(set.template.hosts(), host))),
        http_server: chosen(&set.http_server, || pick(system.http, server).to_owned()),
        dns_version: chosen(&set.dns_version, || pick(system.dns, version).to_owned()),
        mail_server: chosen(&set.mail_server, || pick(system.mail, mail).to_owned()),
        public_address: set.public_address.unwrap_or_else(|| proto::public_address(&seed)),
        authority: authority(set, [first, second, third]),
    }
}

/// The system that all its servers are built for.
pub(crate) fn system(set: &config::Persona, seed: Seed) -> &'static template::System {
    let [_, _, _, _, _, _, _, _, which, ..] = seed;
    template::nth(set.template.systems(), usize::from(which))
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
    fn servers_of_one_persona_are_of_one_system() {
        for template in Template::ALL {
            for seed in (0..=255).map(|byte| [byte; 16]) {
                let set = config::Persona { template, ..Default::default() };
                let (ours, system) = (persona(&set, seed), system(&set, seed));
                assert!(system.http.contains(&&*ours.http_server), "{template:?} {ours:?}");
                assert!(system.dns.contains(&&*ours.dns_version), "{template:?} {ours:?}");
                assert!(system.mail.contains(&&*ours.mail_server), "{template:?} {ours:?}");
            }
        }
    }

    #[test]
    fn no_default_names_us() {
        let authority = [AUTHORITY_STARTS, AUTHORITY_ENDS, AUTHORITY_KINDS].concat();
        let templates = Template::ALL.map(|template| {
            let of = |system: &template::System| [system.http, system.dns, system.mail].concat();
            let systems: Vec<&str> = template.systems().iter().flat_map(of).collect();
            [template.hosts(), &systems].concat()
        });
        let mut all = authority.into_iter().chain(templates.concat());
        assert!(all.all(|text| !text.to_ascii_lowercase().contains("sink")));
    }
}
