//! Where in the tree of names a name is.

use super::name::{is_public_suffix, self_and_parents};

/// Which rules hold for a name that no static row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// `localhost` and all below it (RFC 6761 §6.3).
    Localhost,
    /// Below a name that is promised never to exist: `invalid` (RFC 6761 §6.4), `onion`
    /// (RFC 7686 §2).
    Nowhere,
    /// Somebody's name.
    Ordinary,
    /// Addresses as names: `in-addr.arpa` and `ip6.arpa` (RFC 1035 §3.5, RFC 3596 §2.5).
    Reverse,
    /// The root.
    Root,
    /// A name below which names are registered.
    TopLevel,
}

impl Place {
    pub(super) fn of(text: &str) -> Self {
        let last = text.rsplit('.').next().unwrap_or_default();
        match last {
            "" => Self::Root,
            "localhost" => Self::Localhost,
            "invalid" | "onion" => Self::Nowhere,
            "arpa" if self_and_parents(text).any(is_reverse) => Self::Reverse,
            _ if is_public_suffix(text) => Self::TopLevel,
            _ => Self::Ordinary,
        }
    }
}

fn is_reverse(text: &str) -> bool {
    matches!(text, "in-addr.arpa" | "ip6.arpa")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_its_place() {
        for (text, place) in [
            (".", Place::Root),
            ("com", Place::TopLevel),
            ("co.uk", Place::TopLevel),
            ("localhost", Place::Localhost),
            ("a.localhost", Place::Localhost),
            ("x.onion", Place::Nowhere),
            ("4.3.2.1.in-addr.arpa", Place::Reverse),
            ("ip6.arpa", Place::Reverse),
            ("home.arpa", Place::Ordinary),
            ("example.com", Place::Ordinary),
            ("wpad", Place::Ordinary),
        ] {
            assert_eq!(Place::of(text), place, "{text}");
        }
    }
}
