//! Names of network interfaces.

use std::fmt;

use nix::libc;

/// The name of a network interface, safe to write into rules and paths.
///
/// The kernel allows nearly any byte. We allow what people use, so that no name can end a quote,
/// act as a pattern (`*` does in nftables) or leave its folder under `/proc/sys`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Interface(String);

/// A name that is none.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "{name:?} cannot be the name of an interface here: 1 to 15 of the characters \
     A-Z a-z 0-9 . _ - @ :"
)]
pub struct BadInterface {
    name: String,
}

impl Interface {
    /// Takes a name if it is one. Whether there is such an interface is another question.
    ///
    /// # Errors
    /// When it is empty, too long, or has a character that rules could take for something else.
    pub fn new(name: &str) -> Result<Self, BadInterface> {
        let fits = (1..libc::IFNAMSIZ).contains(&name.len());
        let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"._-@:".contains(&byte);
        if fits && name.bytes().all(plain) && !matches!(name, "." | "..") {
            Ok(Self(name.to_owned()))
        } else {
            Err(BadInterface { name: name.to_owned() })
        }
    }

    /// The name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Interface {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.pad(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_in_use_are_taken() {
        for name in ["eth0", "enp0s31f6", "br-1a2b3c", "eth0.100", "wg_0", "eth0:1"] {
            assert_eq!(Interface::new(name).unwrap().name(), name);
        }
    }

    #[test]
    fn names_that_rules_would_misread_are_refused() {
        for name in ["", "eth*", "a b", "x\"", "../lo", "..", "sixteen-letters-", "é", "a;b"] {
            assert!(Interface::new(name).is_err(), "{name:?}");
        }
    }
}
