//! Section `mysql`. What MySQL servers are like.

use proto::mysql::Way;

use super::{Setting, accept, pick};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    accept("mysql.accept", |config| &mut config.mysql.accept),
    Setting {
        key: "mysql.login",
        kind: Kind::Choice {
            words: Way::WORDS,
            choose: |config, word| pick(&mut config.mysql.login, Way::from_word(word)),
        },
        default: "native",
        meaning: "How clients log in, and so who we are: `native` is MariaDB, and gives a hash that \
                  hashcat reads; `sha2` is MySQL 8, which asks for the password inside TLS; `clear` \
                  asks for it always, and most clients refuse.",
        reason: "Every client knows it, whether or not it has TLS, and the hash is a weak one.",
        flag: None,
    },
];
