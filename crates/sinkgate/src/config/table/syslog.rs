//! Section `syslog`. The log listener.

use super::{SPANS, Setting};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "syslog.listen",
        kind: Kind::Addresses(|config| &mut config.syslog.listen),
        default: "",
        meaning: "Where `run` takes log lines of netfilter from syslog, over TCP and UDP; nowhere if \
                  it is not set.",
        reason: "Only a lab with firewall rules of its own has such lines; victims must not reach it.",
        flag: None,
    },
    Setting {
        key: "syslog.prefix",
        kind: Kind::Text(|config| &mut config.syslog.prefix),
        default: "INPUT:SINKHOLE:",
        meaning: "What a log line begins with (`--log-prefix`); other lines are counted, not stored.",
        reason: "That of the classic recipe.",
        flag: None,
    },
    Setting {
        key: "syslog.join_within",
        kind: Kind::Span(|config| &mut config.syslog.join_within, SPANS),
        default: "5s",
        meaning: "How long a log line waits for its flow before it is recorded as one of its own.",
        reason: "Two repeats of a first packet, after one and three seconds, still belong to it.",
        flag: None,
    },
    Setting {
        key: "syslog.waiting_lines",
        kind: Kind::Count(|config| &mut config.syslog.waiting_lines, 1..=10_000_000),
        default: "50_000",
        meaning: "Log lines that wait for their flow at once; then the oldest waits no longer.",
        reason: "Ten thousand unanswered packets a second, in some 30 MB of memory.",
        flag: None,
    },
    Setting {
        key: "syslog.connections",
        kind: Kind::Count(|config| &mut config.syslog.connections, 1..=10_000),
        default: "64",
        meaning: "Connections to the log listener open at once; more are refused.",
        reason: "A syslog server holds one; this is a large lab.",
        flag: None,
    },
    Setting {
        key: "syslog.idle",
        kind: Kind::Span(|config| &mut config.syslog.idle, SPANS),
        default: "24h",
        meaning: "How long a connection to the log listener may be silent before it is closed.",
        reason: "Plain syslog over TCP loses the line that finds its connection closed.",
        flag: None,
    },
];
