//! Section `log`. Our own log.

use super::{Setting, pick};
use crate::config::kind::Kind;
use crate::config::{LogFormat, LogLevel};

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "log.format",
        kind: Kind::Choice {
            words: LogFormat::WORDS,
            choose: |config, word| pick(&mut config.log.format, LogFormat::from_word(word)),
        },
        default: "kv",
        meaning: "How a line of our own log is written: `kv` is key=value, or `json`.",
        reason: "Readable as it stands, and still easy to search.",
        flag: Some("--log-format"),
    },
    Setting {
        key: "log.level",
        kind: Kind::Choice {
            words: LogLevel::WORDS,
            choose: |config, word| pick(&mut config.log.level, LogLevel::from_word(word)),
        },
        default: "info",
        meaning: "The least important line that is still written.",
        reason: "Start, stop and trouble; flows belong in the database, not in the log.",
        flag: Some("--log-level"),
    },
];
