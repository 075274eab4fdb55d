//! Section `redis`. What Redis servers are like.

use super::{Setting, accept};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    accept("redis.accept", |config| &mut config.redis.accept),
    Setting {
        key: "redis.memory",
        kind: Kind::Memory(|config| &mut config.redis.memory, 0..=1 << 30),
        default: "1MiB",
        meaning: "How many bytes the keys of one connection take; more is refused as a server does \
                  that is full.",
        reason: "Worms store a few hundred bytes. Values are kept as they were sent in any case.",
        flag: None,
    },
];
