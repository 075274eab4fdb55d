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
pub mod adb;
pub mod amqp;
mod any_file;
mod authority_site;
mod base64;
mod ber;
pub mod berkeley;
mod bind_shell;
mod broken_rules;
mod coap;
mod command_text;
mod companion;
mod decoder;
mod derived;
pub mod dns;
pub mod files;
mod frames;
pub mod ftp;
mod git;
mod headed;
mod hexadecimal;
mod host;
pub mod http;
mod http2;
pub mod imap;
mod inbox;
pub mod irc;
mod kerberos;
pub mod ldap;
pub mod logins;
mod machine;
mod mail;
mod mailbox;
pub mod memcached;
mod modbus;
pub mod mongodb;
pub mod mqtt;
pub mod mysql;
mod netbios_ns;
pub mod netfilter_log;
mod ntlm;
mod ntp;
mod one_by_one;
pub mod pop3;
pub mod postgres;
mod printing;
#[cfg(test)]
mod properties;
mod raw;
mod rdp;
mod recent;
mod recognise;
pub mod redis;
mod registry;
pub mod responses;
mod rsync;
pub mod rtsp;
mod sasl;
mod scram;
pub mod shell;
pub mod sip;
mod small;
mod smb;
pub mod smtp;
mod snmp;
mod socks;
mod spnego;
mod sql;
mod ssdp;
pub mod stratum;
mod stun;
pub mod syslog;
pub mod telnet;
#[cfg(test)]
mod testing;
mod tftp;
pub mod tls;
mod uptime;
pub mod vnc;
mod websocket;

pub use access_line::public_address;
pub use authority_site::{AuthoritySite, SiteFile};
pub use companion::{Companion, Errand, News, Outcome, Wanted, Wrap, errand};
pub use decoder::DecoderRoom;
pub use inbox::{Inbox, Line};
pub use machine::{Action, Cx, Input, Machine, Next, Out, Responses};
pub use recent::Recent;
pub use recognise::{Recognised, Signature, recognise, recognise_greeted, settle, signatures};
pub use registry::{
    Carrier, First, Greeting, PROTOCOLS, Place, Protocol, Verdict, companion, greeter, silent_peer,
    upgraded_peer,
};
