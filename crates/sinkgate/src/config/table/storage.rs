//! Section `storage`. Where records go, and how long they stay.

use std::ops::RangeInclusive;
use std::time::Duration;

use super::{PETABYTE, Setting};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "storage.database",
        kind: Kind::OptionalPath(|config| &mut config.storage.database),
        default: "",
        meaning: "Database file; without it, `lab` makes a new one in the state folder and `run` \
                  uses /var/lib/sinkgate/sinkgate.db.",
        reason: "A file per sample is easy to hand over and to delete; a gateway has one history.",
        flag: Some("--db"),
    },
    Setting {
        key: "storage.max_bytes",
        kind: Kind::Bytes(|config| &mut config.storage.max_bytes, 0..=PETABYTE),
        default: "0",
        meaning: "Largest size of the database; payload beyond it is counted as lost. 0 is no limit.",
        reason: "How much disk evidence may take is for its owner to say.",
        flag: None,
    },
    Setting {
        key: "storage.keep",
        kind: Kind::OptionalSpan(|config| &mut config.storage.keep, KEPT),
        default: "",
        meaning: "How long a flow is kept after its end, with all that belongs to it; what a \
                  database of `[[database]]` does not have yet is kept longer.",
        reason: "Evidence goes only if its owner says so.",
        flag: None,
    },
    Setting {
        key: "storage.keep_bytes",
        kind: Kind::Bytes(|config| &mut config.storage.keep_bytes, 0..=PETABYTE),
        default: "0",
        meaning: "Size of the database from which on the oldest flows go, unless a database of \
                  `[[database]]` does not have them yet. 0 is no limit.",
        reason: "Evidence goes only if its owner says so; `storage.max_bytes` is the hard limit.",
        flag: None,
    },
    Setting {
        key: "storage.commit_interval",
        kind: Kind::Span(|config| &mut config.storage.commit_interval, COMMITS),
        default: "10ms",
        meaning: "Longest time a record waits for others to be committed with it.",
        reason: "Thousands of records share one commit, and a reader still sees them at once.",
        flag: None,
    },
    Setting {
        key: "storage.queue_bytes",
        kind: Kind::Bytes(|config| &mut config.storage.queue_bytes, 1 << 20..=1 << 40),
        default: "64MiB",
        meaning: "Bytes each worker may hold for the recorder before its flows have to wait.",
        reason: "Rides out a disk that stalls for a second; beyond it TCP slows the victim down.",
        flag: None,
    },
];

/// Shorter than a millisecond is a commit per record; longer than a second is no longer live.
const COMMITS: RangeInclusive<Duration> = Duration::from_millis(1)..=Duration::from_secs(1);

/// From a minute to ten years.
const KEPT: RangeInclusive<Duration> = Duration::from_secs(60)..=Duration::from_secs(315_360_000);
