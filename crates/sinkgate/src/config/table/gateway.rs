//! Section `gateway`. How victims' packets reach us.

use super::Setting;
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "gateway.port",
        kind: Kind::Port(|config| &mut config.gateway.port),
        default: "9999",
        meaning: "Local port that victims' TCP and UDP packets are turned to.",
        reason: "The port of the classic recipe, so existing `REDIRECT --to-ports 9999` rules work.",
        flag: None,
    },
    Setting {
        key: "gateway.mark",
        kind: Kind::Number(|config| &mut config.gateway.mark, 1..=u32::MAX),
        default: "0x5347",
        meaning: "Packet mark by which our rules know what was given to our own sockets.",
        reason: "Its bits are none that VPN and container software looks at.",
        flag: None,
    },
    Setting {
        key: "gateway.user",
        kind: Kind::Text(|config| &mut config.gateway.user),
        default: "nobody",
        meaning: "Account that serves victims once the rules are in place.",
        reason: "It exists on every Linux system and owns nothing.",
        flag: None,
    },
    Setting {
        key: "gateway.workers",
        kind: Kind::Count(|config| &mut config.gateway.workers, 0..=1_024),
        default: "0",
        meaning: "Threads that serve victims; 0 is one per core.",
        reason: "Each worker keeps one core busy and shares nothing with the next.",
        flag: None,
    },
];
