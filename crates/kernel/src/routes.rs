//! Routes that deliver what TPROXY marked to us, whatever address it was meant for.
//!
//! ```text
//!   ip rule  pref 1516 iif VICTIM lookup 1516       for IPv4 and IPv6
//!   ip route local default dev lo table 1516
//! ```
//!
//! The rule asks for the interface and not, as is customary, for the mark. So everything of a
//! victim is delivered here and nothing is ever routed on, even without our nftables table; a
//! reverse-path check that looks at marks (`src_valid_mark`, which VPN tools switch on, or
//! firewalld's) does not mistake a victim's source for one of ours; and nobody else's use of marks
//! can clash. No sysctl has to be changed for any of it.

use crate::interface::Interface;
use crate::program::{self, Program, ProgramError};

/// Number of our routing table.
pub const TABLE: u32 = 1516;

/// Place of our rules: after the kernel's local table (0), before everybody's (VPN tools take
/// places downwards from 32766, Tailscale from 5210).
pub const PREFERENCE: u32 = 1516;

const FAMILIES: [&str; 2] = ["-4", "-6"];

/// Sets up the routes in the network namespace of the calling thread, replacing ours if they are
/// there. Needs `CAP_NET_ADMIN`.
///
/// # Errors
/// When `ip` is missing or refuses.
pub fn apply(interfaces: &[Interface]) -> Result<(), ProgramError> {
    remove()?;
    add(interfaces)
}

/// Sets up the routes where there are none of ours yet, as in a new namespace: fewer programs have
/// to be started than for [`apply`].
///
/// # Errors
/// When `ip` is missing or refuses.
pub fn add(interfaces: &[Interface]) -> Result<(), ProgramError> {
    for family in FAMILIES {
        program::run(Program::Ip, &[family, "-batch", "-"], &batch(interfaces))?;
    }
    Ok(())
}

/// What [`apply`] does, as commands for people to read.
#[must_use]
pub fn text(interfaces: &[Interface]) -> String {
    FAMILIES.map(|family| format!("# ip {family} -batch -\n{}", batch(interfaces))).concat()
}

fn batch(interfaces: &[Interface]) -> String {
    let mut batch = format!("route replace local default dev lo table {TABLE}\n");
    for interface in interfaces {
        batch += &format!("rule add pref {PREFERENCE} iif {interface} lookup {TABLE}\n");
    }
    batch
}

/// Removes them; nothing happens if there are none.
///
/// # Errors
/// When `ip` is missing or refuses.
pub fn remove() -> Result<(), ProgramError> {
    for family in FAMILIES {
        program::run(Program::Ip, &[family, "rule", "flush", "pref", &PREFERENCE.to_string()], "")?;
        if has_table(family) {
            let table = TABLE.to_string();
            program::run(Program::Ip, &[family, "route", "flush", "table", &table], "")?;
        }
    }
    Ok(())
}

/// Whether rules of ours are there: from a run that goes on, or one that crashed.
///
/// # Errors
/// When `ip` is missing or refuses.
pub fn are_present() -> Result<bool, ProgramError> {
    for family in FAMILIES {
        let preference = PREFERENCE.to_string();
        let rules = program::run(Program::Ip, &[family, "rule", "show", "pref", &preference], "")?;
        if !rules.trim().is_empty() || has_table(family) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `ip` calls it an error to list a table that has never been used.
fn has_table(family: &str) -> bool {
    let listed =
        program::run(Program::Ip, &[family, "route", "show", "table", &TABLE.to_string()], "");
    listed.is_ok_and(|routes| !routes.trim().is_empty())
}
