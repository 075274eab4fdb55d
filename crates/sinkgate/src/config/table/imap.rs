//! Section `imap`. What servers are like where mail is read.

use proto::smtp::Offer;

use super::{Setting, accept, pick};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "imap.mechanisms",
        kind: Kind::Choice {
            words: Offer::WORDS,
            choose: |config, word| pick(&mut config.imap.offer, Offer::from_word(word)),
        },
        default: "clear",
        meaning: "Which mechanisms of AUTHENTICATE are offered: those that give away the password \
                  or the token, or those too that give only a hash (CRAM-MD5, CRAM-SHA1, NTLM). \
                  Whatever a victim uses is taken.",
        reason: "Many clients choose a hash where they may, and a password says more.",
        flag: None,
    },
    accept("imap.accept", |config| &mut config.imap.accept),
    Setting {
        key: "imap.mailbox_bytes",
        kind: Kind::Memory(|config| &mut config.imap.mailbox_bytes, 0..=1 << 30),
        default: "256KiB",
        meaning: "How much a client may add to its mailbox in one session: mails it files or \
                  copies, folders it makes. What is filed beyond it is kept as a file, and cannot \
                  be read again.",
        reason: "Malware that leaves its orders among drafts writes some kilobytes. A session holds \
                 it in memory.",
        flag: None,
    },
];
