//! Section `memcached`. What Memcached servers are like.

use super::{Setting, accept};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    accept("memcached.accept", |config| &mut config.memcached.accept),
    Setting {
        key: "memcached.memory",
        kind: Kind::Memory(|config| &mut config.memcached.memory, 0..=1 << 30),
        default: "1MiB",
        meaning: "How many bytes the items of one connection take; more is refused as a server does \
                  that is full.",
        reason: "It is enough to see what is stored. Values are kept as they were sent in any case.",
        flag: None,
    },
];
