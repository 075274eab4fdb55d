//! Section `exec`. Programs of the analyst's own that answer.

use super::{PETABYTE, SPANS, Setting};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "exec.programs",
        kind: Kind::Count(|config| &mut config.exec.programs, 1..=100_000),
        default: "100",
        meaning: "Programs of `responses.toml` that run at once; the next flow is answered with \
                  silence.",
        reason: "Some ten MB each, if they are scripts.",
        flag: None,
    },
    Setting {
        key: "exec.time",
        kind: Kind::Span(|config| &mut config.exec.time, SPANS),
        default: "10m",
        meaning: "How long one of them may run; then it is killed, and its flow ends.",
        reason: "Longer than a command server is usually listened to in one go.",
        flag: None,
    },
    Setting {
        key: "exec.memory",
        kind: Kind::Bytes(|config| &mut config.exec.memory, 1 << 20..=PETABYTE),
        default: "512MiB",
        meaning: "Address space of one of them, as `ulimit -v` counts it.",
        reason: "An interpreter with its libraries fits.",
        flag: None,
    },
    Setting {
        key: "exec.waiting_datagrams",
        kind: Kind::Count(|config| &mut config.exec.waiting_datagrams, 1..=1_000_000),
        default: "256",
        meaning: "Datagrams that wait for one of them to read them; what comes then it does not hear, \
                  though it is recorded.",
        reason: "As much as a kernel keeps for a socket, roughly.",
        flag: None,
    },
    Setting {
        key: "exec.network",
        kind: Kind::Switch(|config| &mut config.exec.network),
        default: "false",
        meaning: "Whether they see the gateway's network; otherwise they have one with nothing in it.",
        reason: "What a victim says could make a program call somebody.",
        flag: None,
    },
];
