//! Section `smtp`. What mail servers are like.

use proto::smtp::Offer;

use super::{Setting, accept, pick};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "smtp.mechanisms",
        kind: Kind::Choice {
            words: Offer::WORDS,
            choose: |config, word| pick(&mut config.smtp.offer, Offer::from_word(word)),
        },
        default: "clear",
        meaning: "Which mechanisms of AUTH are offered: those that give away the password or the \
                  token, or those too that give only a hash (CRAM-MD5, CRAM-SHA1, NTLM). Whatever \
                  a victim uses is taken.",
        reason: "Many clients choose a hash where they may, and a password says more.",
        flag: None,
    },
    accept("smtp.accept", |config| &mut config.smtp.accept),
    Setting {
        key: "smtp.recipients",
        kind: Kind::Count(|config| &mut config.smtp.recipients, 1..=1_000_000),
        default: "1000",
        meaning: "Most recipients of one mail; more are refused, and may be sent to with the next.",
        reason: "What the most common mail server takes.",
        flag: None,
    },
];
