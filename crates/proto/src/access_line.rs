//! Where the world is said to see the victim's network: an address of a provider of access lines,
//! and what databases of places know of it.

use std::net::Ipv4Addr;

use model::Persona;

use crate::derived::{Purpose, derived};

/// A provider's network, as those databases have it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AccessLine {
    /// The first address and the length of the prefix.
    network: (Ipv4Addr, u32),
    pub(crate) provider: &'static str,
    pub(crate) autonomous_system: &'static str,
    pub(crate) country: &'static str,
    pub(crate) country_code: &'static str,
    pub(crate) region: &'static str,
    pub(crate) region_code: &'static str,
    pub(crate) city: &'static str,
    pub(crate) postal_code: &'static str,
    /// North, then east.
    pub(crate) place: (&'static str, &'static str),
    pub(crate) time_zone: &'static str,
}

/// The address an installation with this seed is said to have, if none is set.
#[must_use]
pub fn public_address(seed: &[u8; 16]) -> Ipv4Addr {
    let [line, host] = derived(seed, Purpose::PublicAddress, "");
    let AccessLine { network: (network, prefix), .. } = chosen(line);
    let [.., second, third, fourth] = host.to_be_bytes();
    // A last byte of 0 or 255 reads as a network's own address and its broadcast.
    let host = u32::from_be_bytes([0, second, third, 1 + fourth % 254]);
    Ipv4Addr::from_bits(network.to_bits() | (host & (u32::MAX >> prefix)))
}

impl AccessLine {
    /// The one that the persona's address lies in; if that is elsewhere, any.
    pub(crate) fn of(persona: &Persona) -> Self {
        let [line, _] = derived(&persona.seed, Purpose::PublicAddress, "");
        let its = LINES.iter().find(|line| line.has(persona.public_address));
        *its.unwrap_or_else(|| chosen(line))
    }

    fn has(&self, address: Ipv4Addr) -> bool {
        let (network, prefix) = self.network;
        (network.to_bits() ^ address.to_bits()).leading_zeros() >= prefix
    }
}

fn chosen(number: u64) -> &'static AccessLine {
    let place = usize::try_from(number % LINES.len() as u64).unwrap_or_default();
    LINES.get(place).unwrap_or(const { &FIRST })
}

const FIRST: AccessLine = AccessLine {
    network: (Ipv4Addr::new(73, 0, 0, 0), 8),
    provider: "Comcast Cable Communications, LLC",
    autonomous_system: "AS7922",
    country: "United States",
    country_code: "US",
    region: "Illinois",
    region_code: "IL",
    city: "Chicago",
    postal_code: "60602",
    place: ("41.8835", "-87.6305"),
    time_zone: "America/Chicago",
};

/// Networks of access lines only, with no reserved range inside.
static LINES: &[AccessLine] = &[
    FIRST,
    AccessLine {
        network: (Ipv4Addr::new(79, 192, 0, 0), 10),
        provider: "Deutsche Telekom AG",
        autonomous_system: "AS3320",
        country: "Germany",
        country_code: "DE",
        region: "Hesse",
        region_code: "HE",
        city: "Frankfurt am Main",
        postal_code: "60313",
        place: ("50.1169", "8.6837"),
        time_zone: "Europe/Berlin",
    },
    AccessLine {
        network: (Ipv4Addr::new(81, 32, 0, 0), 12),
        provider: "Telefonica de Espana SAU",
        autonomous_system: "AS3352",
        country: "Spain",
        country_code: "ES",
        region: "Madrid",
        region_code: "MD",
        city: "Madrid",
        postal_code: "28013",
        place: ("40.4163", "-3.6934"),
        time_zone: "Europe/Madrid",
    },
    AccessLine {
        network: (Ipv4Addr::new(86, 128, 0, 0), 10),
        provider: "British Telecommunications PLC",
        autonomous_system: "AS2856",
        country: "United Kingdom",
        country_code: "GB",
        region: "England",
        region_code: "ENG",
        city: "London",
        postal_code: "W1B",
        place: ("51.5085", "-0.1257"),
        time_zone: "Europe/London",
    },
    AccessLine {
        network: (Ipv4Addr::new(90, 0, 0, 0), 9),
        provider: "Orange S.A.",
        autonomous_system: "AS3215",
        country: "France",
        country_code: "FR",
        region: "Île-de-France",
        region_code: "IDF",
        city: "Paris",
        postal_code: "75001",
        place: ("48.8534", "2.3488"),
        time_zone: "Europe/Paris",
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_seed_has_an_address_of_an_access_line() {
        let addresses = (0..=u8::MAX).map(|byte| public_address(&[byte; 16]));
        let mut seen = [0; 5];
        for address in addresses {
            let line = LINES.iter().position(|line| line.has(address)).unwrap();
            seen[line] += 1;
            assert!(!matches!(address.octets(), [.., 0 | 255]), "{address}");
        }
        assert!(seen.iter().all(|count| *count > 20), "{seen:?}");
    }
}
