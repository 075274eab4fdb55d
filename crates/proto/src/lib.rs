//! Emulators and parsers. Bytes and time in, actions out; no socket, no clock, no dice, no `unsafe`.
//!
//! Every protocol is a [`Machine`] behind a row of [`PROTOCOLS`]. Whatever a machine needs from
//! the world comes in through [`Cx`]; whatever it wants done goes out through [`Out`]. So a talk
//! can be played again byte for byte, and no test of an emulator needs a network.
//!
//! ```text
//!            first bytes                      bytes, timers
//!  engine ──────────────▶ recognise ──▶ row ──▶ Machine::on ──▶ Out ──▶ engine
//! ```

mod derived;
pub mod dns;
pub mod files;
mod http;
mod inbox;
mod machine;
pub mod netfilter_log;
#[cfg(test)]
mod properties;
mod raw;
mod registry;
pub mod syslog;
#[cfg(test)]
mod testing;

pub use inbox::{Inbox, Line};
pub use machine::{Action, Cx, Input, Machine, Next, Out, Responses};
pub use registry::{Carrier, PROTOCOLS, Protocol, Recognised, Verdict, recognise, silent_peer};
