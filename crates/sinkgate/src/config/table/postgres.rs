//! Section `postgres`. What PostgreSQL servers are like.

use proto::postgres::Way;

use super::{Setting, accept, pick};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    accept("postgres.accept", |config| &mut config.postgres.accept),
    Setting {
        key: "postgres.login",
        kind: Kind::Choice {
            words: Way::WORDS,
            choose: |config, word| pick(&mut config.postgres.login, Way::from_word(word)),
        },
        default: "clear",
        meaning: "How clients log in: by the password itself (`clear`), by a hash that hashcat reads \
                  (`md5`), or by SCRAM (`scram`), which no client gets through: it wants to see \
                  that the server knows its password.",
        reason: "Every client tells it, and a password says more than a hash.",
        flag: None,
    },
];
