//! Section `mqtt`. What brokers are like.

use super::{Setting, accept};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    accept("mqtt.accept", |config| &mut config.mqtt.accept),
    Setting {
        key: "mqtt.topics",
        kind: Kind::Count(|config| &mut config.mqtt.topics, 1..=10_000),
        default: "100",
        meaning: "Most topics that a client listens to, and as many that it leaves a message on; more are refused.",
        reason: "Devices listen to a few. Each message that is left takes memory.",
        flag: None,
    },
];
