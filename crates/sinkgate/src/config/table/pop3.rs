//! Section `pop3`. What servers are like from which mail is fetched.

use proto::smtp::Offer;

use super::{Setting, accept, pick};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "pop3.mechanisms",
        kind: Kind::Choice {
            words: Offer::WORDS,
            choose: |config, word| pick(&mut config.pop3.offer, Offer::from_word(word)),
        },
        default: "clear",
        meaning: "Which mechanisms of AUTH are offered: those that give away the password or the \
                  token, or those too that give only a hash (CRAM-MD5, CRAM-SHA1, NTLM). Whatever \
                  a victim uses is taken, APOP as well.",
        reason: "Many clients choose a hash where they may, and a password says more.",
        flag: None,
    },
    accept("pop3.accept", |config| &mut config.pop3.accept),
];
