//! Section `limits`. How much is too much.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::{PETABYTE, SPANS, Setting};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "limits.open_flows",
        kind: Kind::Count(|config| &mut config.limits.open_flows, 1..=10_000_000),
        default: "100_000",
        meaning: "Flows open at once; more are recorded and refused.",
        reason: "At no more than 8 KiB each, idle flows stay below 1 GiB of memory.",
        flag: None,
    },
    Setting {
        key: "limits.open_flows_per_victim",
        kind: Kind::Count(|config| &mut config.limits.open_flows_per_victim, 1..=10_000_000),
        default: "65_536",
        meaning: "Flows of one victim open at once; more are recorded and refused.",
        reason: "One victim may use every source port it has and still leaves room for others.",
        flag: None,
    },
    Setting {
        key: "limits.stored_bytes_per_flow",
        kind: Kind::Bytes(|config| &mut config.limits.stored_bytes_per_flow, 0..=PETABYTE),
        default: "1GiB",
        meaning: "Bytes stored per flow, both directions; what follows is counted and hashed.",
        reason: "Keeps a whole stolen archive, and ends a flood before it fills the disk.",
        flag: None,
    },
    Setting {
        key: "limits.artifact_bytes",
        kind: Kind::Bytes(|config| &mut config.limits.artifact_bytes, 0..=PETABYTE),
        default: "64MiB",
        meaning: "Bytes stored of one file taken from a flow; what follows is counted and hashed.",
        reason: "Holds nearly every sample and document; the payload of the flow has more of it.",
        flag: None,
    },
    Setting {
        key: "limits.artifacts_per_flow",
        kind: Kind::Count(|config| &mut config.limits.artifacts_per_flow, 0..=1_000_000),
        default: "1000",
        meaning: "Files taken from one flow; the bytes of further ones are in the payload only.",
        reason: "More than any theft in one connection; ends a flood of empty files.",
        flag: None,
    },
    Setting {
        key: "limits.line_bytes",
        kind: Kind::Bytes(|config| &mut config.limits.line_bytes, 512..=1 << 20),
        default: "8192",
        meaning: "Longest line of a text protocol that is understood as one.",
        reason: "Eight times what mail allows and what web servers take; all bytes are kept anyway.",
        flag: None,
    },
    Setting {
        key: "limits.head_bytes",
        kind: Kind::Bytes(|config| &mut config.limits.head_bytes, 1_024..=1 << 24),
        default: "64KiB",
        meaning: "Longest head of a message, such as the fields of an HTTP request; and longest message of \
                  a protocol that has nothing else, such as LDAP.",
        reason: "More than any browser sends; malware that hides data in cookies still fits.",
        flag: None,
    },
    Setting {
        key: "limits.form_bytes",
        kind: Kind::Bytes(|config| &mut config.limits.form_bytes, 1_024..=1 << 24),
        default: "64KiB",
        meaning: "How much of a form, of a JSON document or of a DNS message that HTTP carries is \
                  read for what it says; all of it is in the payload.",
        reason: "A login is a few hundred bytes, and the longest DNS message is 64 KiB.",
        flag: None,
    },
    Setting {
        key: "limits.decoded_bytes",
        kind: Kind::Bytes(|config| &mut config.limits.decoded_bytes, 1_024..=1 << 40),
        default: "64MiB",
        meaning: "How much of a compressed body is unpacked into a copy; the body itself is kept as it \
                  came.",
        reason: "A body of 64 KiB can hold as much; what is longer is likely meant to do harm.",
        flag: None,
    },
    Setting {
        key: "limits.chargen_bytes",
        kind: Kind::Bytes(|config| &mut config.limits.chargen_bytes, 1_024..=1 << 40),
        default: "1MiB",
        meaning: "How much a character generator says on one connection before it hangs up.",
        reason: "Nobody needs more of it, and without an end a victim that asks for it would fill the \
                 database.",
        flag: None,
    },
    Setting {
        key: "limits.decoder_memory",
        kind: Kind::Bytes(|config| &mut config.limits.decoder_memory, 1 << 20..=1 << 40),
        default: "256MiB",
        meaning: "How much memory unpacking may hold at once; a body that finds none left is kept as it \
                  came, and no more.",
        reason: "Fifteen bodies in br or zstd at once, or four thousand in gzip.",
        flag: None,
    },
    Setting {
        key: "limits.login_counts",
        kind: Kind::Count(|config| &mut config.limits.login_counts, 1..=100_000_000),
        default: "65536",
        meaning: "For how many victims and services tries to log in are counted, where `accept` is a try. \
                  Who has not tried for the longest time is forgotten, and begins anew; what was tried \
                  is recorded all the same.",
        reason: "A few MiB; more victims than a gateway has addresses.",
        flag: None,
    },
    Setting {
        key: "limits.http2_streams",
        kind: Kind::Number(|config| &mut config.limits.http2_streams, 1..=65_536),
        default: "128",
        meaning: "How many requests one HTTP/2 connection may have open at once; it is told, and one \
                  beyond is refused, to be sent again.",
        reason: "What nginx offers.",
        flag: None,
    },
    Setting {
        key: "limits.undecided",
        kind: Kind::Span(|config| &mut config.limits.undecided, SPANS),
        default: "2s",
        meaning: "How long a victim may be silent while its first bytes fit several protocols; then \
                  the likeliest answers.",
        reason: "Longer than a slow network needs for a packet, shorter than anybody waits.",
        flag: None,
    },
    Setting {
        key: "limits.greeting",
        kind: Kind::Span(|config| &mut config.limits.greeting, SHORT_SPANS),
        default: "200ms",
        meaning: "How long a victim may be silent on a port whose clients wait for a greeting, such \
                  as 25; then it is greeted.",
        reason: "Who speaks first does so by then, and is answered in whatever it speaks; who waits \
                 does not notice.",
        flag: None,
    },
    Setting {
        key: "limits.guessed_greeting",
        kind: Kind::Span(|config| &mut config.limits.guessed_greeting, SHORT_SPANS),
        default: "700ms",
        meaning: "The same on ports where a greeting is a guess, such as 2526.",
        reason: "A slow victim still gets to speak first; one that waits for a greeting does so for \
                 seconds.",
        flag: None,
    },
    Setting {
        key: "limits.idle_tcp",
        kind: Kind::Span(|config| &mut config.limits.idle_tcp, SPANS),
        default: "30m",
        meaning: "How long a TCP connection may be silent before it is closed.",
        reason: "Bots that hold one connection speak every few minutes; few wait for half an hour.",
        flag: None,
    },
    Setting {
        key: "limits.idle_udp",
        kind: Kind::Span(|config| &mut config.limits.idle_udp, SPANS),
        default: "60s",
        meaning: "How long a UDP conversation may be silent before its next datagram begins another.",
        reason: "Longer than the retries of any common protocol.",
        flag: None,
    },
    Setting {
        key: "limits.life_time",
        kind: Kind::Span(|config| &mut config.limits.life_time, SPANS),
        default: "24h",
        meaning: "How long a flow may last, however busy it is.",
        reason: "A day is longer than most analyses, and gives a flow that never ends an end.",
        flag: None,
    },
    Setting {
        key: "limits.database_answer",
        kind: Kind::Span(|config| &mut config.limits.database_answer, SPANS),
        default: "1m",
        meaning: "How long a database of `[[database]]` may take to answer. Then the connection is \
                  given up, and what was not confirmed is sent again.",
        reason: "A batch has at most some 4 MiB, which even a slow line carries in a minute.",
        flag: None,
    },
];

/// Who has to wait longer for a greeting hangs up.
const SHORT_SPANS: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(60);
