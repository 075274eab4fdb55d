//! Internet Relay Chat (RFC 1459, RFC 2812, <https://modern.ircdocs.horse>): one server of a network
//! with channels in which people are, whoever they are asked for.
//!
//! ```text
//!   lines ─▶ machine ─┬─▶ registration   CAP, PASS, NICK, USER, the welcome
//!                     ├─▶ login          AUTHENTICATE, by the mechanisms of `sasl`; OPER
//!                     ├─▶ channels       JOIN, PART, TOPIC, MODE, NAMES, LIST
//!                     ├─▶ talk           PRIVMSG, NOTICE
//!                     ├─▶ people         WHO, WHOIS, ISON, USERHOST, AWAY
//!                     └─▶ server         MOTD, LUSERS, VERSION, TIME, PING, QUIT
//!                           all of them: voice ─▶ replies, in the words of `network`
//! ```

mod channels;
mod login;
mod machine;
mod message;
mod network;
mod people;
mod probe;
mod registration;
mod server;
mod session;
mod talk;
mod voice;

use crate::{Carrier, First, Place, Protocol};

use machine::Irc;

pub(crate) const PROTOCOL: Protocol = Protocol {
    name: "irc",
    carrier: Carrier::Stream,
    ports: &[194, 6660, 6661, 6662, 6663, 6664, 6665, 6666, 6667, 6668, 6669, 6697, 7000],
    first: First::Client,
    place: Place::Marked,
    probe: probe::probe,
    start: || Box::new(Irc::default()),
};

/// What chat servers are like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Settings {
    /// What the network is called (`irc.network`); nothing is what the installation's seed says.
    pub network: Option<String>,
    /// How the welcome begins (`irc.welcome`); nothing is as usual servers begin it.
    pub welcome: Option<String>,
    /// Whether a message is said back by whom it was for (`irc.echo`).
    pub echo: bool,
    /// Most channels that a client is in (`irc.channels`).
    pub channels: usize,
}

impl Default for Settings {
    /// As nobody has set anything.
    fn default() -> Self {
        Self { network: None, welcome: None, echo: false, channels: 100 }
    }
}
