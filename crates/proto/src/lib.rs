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

mod access_line;
mod authority_site;
mod base64;
mod broken_rules;
mod command_text;
mod decoder;
mod derived;
pub mod dns;
pub mod files;
mod frames;
mod hexadecimal;
mod host;
pub mod http;
mod http2;
mod inbox;
pub mod irc;
pub mod logins;
mod machine;
mod mail;
mod mailbox;
pub mod memcached;
pub mod mongodb;
pub mod mysql;
mod netbios_ns;
pub mod netfilter_log;
mod ntlm;
pub mod pop3;
pub mod postgres;
#[cfg(test)]
mod properties;
mod raw;
mod recent;
mod recognise;
pub mod redis;
mod registry;
pub mod responses;
mod sasl;
mod scram;
pub mod smtp;
mod socks;
mod sql;
pub mod syslog;
#[cfg(test)]
mod testing;
pub mod tls;
mod uptime;
mod websocket;

pub use access_line::public_address;
pub use authority_site::{AuthoritySite, SiteFile};
pub use decoder::DecoderRoom;
pub use inbox::{Inbox, Line};
pub use machine::{Action, Cx, Input, Machine, Next, Out, Responses};
pub use recent::Recent;
pub use recognise::{Recognised, Signature, recognise, recognise_greeted, settle, signatures};
pub use registry::{
    Carrier, First, Greeting, PROTOCOLS, Place, Protocol, Verdict, greeter, silent_peer,
    upgraded_peer,
};
