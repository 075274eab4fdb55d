//! Section `irc`. What chat servers are like.

use super::Setting;
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "irc.network",
        kind: Kind::OptionalText(|config| &mut config.irc.network),
        default: "",
        meaning: "What the chat network is called; the name of its server is made from it.",
        reason: "Derived from the installation's seed; no network there is.",
        flag: None,
    },
    Setting {
        key: "irc.welcome",
        kind: Kind::OptionalText(|config| &mut config.irc.welcome),
        default: "",
        meaning: "How the welcome begins; nick, user and address follow it.",
        reason: "\"Welcome to the … IRC Network\", as the most common servers have it.",
        flag: None,
    },
    Setting {
        key: "irc.echo",
        kind: Kind::Switch(|config| &mut config.irc.echo),
        default: "false",
        meaning: "Whether a message is said back: one for a channel by who runs that, another by \
                  whom it was for.",
        reason: "No server does this. Who tests a gateway may want to see that it is answered.",
        flag: None,
    },
    Setting {
        key: "irc.channels",
        kind: Kind::Count(|config| &mut config.irc.channels, 1..=10_000),
        default: "100",
        meaning: "Most channels that a client is in; it is told so, and may not join more.",
        reason: "Bots join a few. Common servers let 10 to 120 be joined.",
        flag: None,
    },
];
