//! One nftables table, `inet sinkgate`, that turns the victim side to us and shuts every other way.
//!
//! ```text
//!   from a victim                                          to a victim
//!   ─────────────                                          ───────────
//!   raw      no connection tracking (but for echo)         raw      no connection tracking
//!   mangle   TCP, UDP ─▶ TPROXY, marked                    filter   answers of our sockets,
//!            nobody listens ─▶ dropped                              echo replies, neighbours
//!   dstnat   echo ─▶ the gateway answers as whoever
//!   input    marked, echo, neighbours; else dropped
//!   forward  dropped, both ways, before anything else
//! ```
//!
//! The table is complete in itself: it does not rely on `ip_forward`, `rp_filter` or anybody
//! else's rules, and while it stands without us, everything of the victim is dropped.

mod conflicts;
mod expression;
mod text;

use crate::interface::Interface;
use crate::program::{self, Program, ProgramError};

pub use conflicts::{Conflict, Weight, conflicts};

/// Name of the table, in the family `inet`.
pub const TABLE: &str = "sinkgate";

/// What the rules are about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleSettings {
    /// Interfaces behind which the victims are.
    pub interfaces: Vec<Interface>,
    /// Local port of our TCP and UDP sockets.
    pub port: u16,
    /// Mark of packets that TPROXY gave to a socket of ours. Only this table reads it.
    pub mark: u32,
}

/// Which rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Nothing is taken and nothing passes: what stays on a gateway that forwards.
    Closed,
    /// Everything is taken.
    Open,
}

/// The rules as text: one transaction that replaces a table of ours, whatever is in it.
#[must_use]
pub fn text(settings: &RuleSettings, form: Form) -> String {
    text::write(settings, form)
}

/// Applies the rules in the network namespace of the calling thread, all or none. Needs
/// `CAP_NET_ADMIN` there.
///
/// # Errors
/// When `nft` is missing or refuses.
pub fn apply(settings: &RuleSettings, form: Form) -> Result<(), ProgramError> {
    program::run(Program::Nft, &["-f", "-"], &text(settings, form)).map(drop)
}

/// Removes the table; nothing happens if there is none.
///
/// # Errors
/// When `nft` is missing or refuses.
pub fn remove() -> Result<(), ProgramError> {
    program::run(Program::Nft, &["-f", "-"], &text::removal()).map(drop)
}

/// Whether a table of ours is there: from a run that goes on, or one that crashed.
///
/// # Errors
/// When `nft` is missing or refuses.
pub fn are_present() -> Result<bool, ProgramError> {
    let tables = program::run(Program::Nft, &["list", "tables"], "")?;
    let ours = format!("table inet {TABLE}");
    Ok(tables.lines().any(|line| line.trim() == ours))
}
