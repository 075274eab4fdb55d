//! Section `persona`. Who we pretend to be.

use super::{Setting, pick};
use crate::config::kind::Kind;
use crate::persona::Template;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "persona.template",
        kind: Kind::Choice {
            words: Template::WORDS,
            choose: |config, word| pick(&mut config.persona.template, Template::from_word(word)),
        },
        default: "linux-host",
        meaning: "What kind of machine we pretend to be. It decides which names and servers are derived, \
                  so that they go together; what is set below holds all the same. FTP, POP3 \
                  and IMAP servers are those of Linux with every template.",
        reason: "What most command servers run on.",
        flag: None,
    },
    Setting {
        key: "persona.host",
        kind: Kind::OptionalText(|config| &mut config.persona.host),
        default: "",
        meaning: "Host name of the pretended server, where a protocol has to name one.",
        reason: "Derived from the installation's seed, so that no two installations look alike.",
        flag: None,
    },
    Setting {
        key: "persona.http_server",
        kind: Kind::OptionalText(|config| &mut config.persona.http_server),
        default: "",
        meaning: "The Server field of HTTP answers.",
        reason: "Derived from the installation's seed, from what servers of its system send.",
        flag: None,
    },
    Setting {
        key: "persona.dns_version",
        kind: Kind::OptionalText(|config| &mut config.persona.dns_version),
        default: "",
        meaning: "What a name server answers to `version.bind` in class CHAOS.",
        reason: "Derived from the installation's seed, from what servers of its system send.",
        flag: None,
    },
    Setting {
        key: "persona.mail_server",
        kind: Kind::OptionalText(|config| &mut config.persona.mail_server),
        default: "",
        meaning: "What a mail server calls itself in its greeting.",
        reason: "Derived from the installation's seed, from what servers of its system send.",
        flag: None,
    },
    Setting {
        key: "persona.public_address",
        kind: Kind::OptionalV4(|config| &mut config.persona.public_address),
        default: "",
        meaning: "The address that sites such as api.ipify.org tell a victim it has.",
        reason: "Derived from the installation's seed, from networks of access lines.",
        flag: None,
    },
    Setting {
        key: "persona.authority",
        kind: Kind::OptionalText(|config| &mut config.persona.authority),
        default: "",
        meaning: "The organisation that signs our certificates; it holds for an authority made from \
                  now on.",
        reason: "Derived from the installation's seed: a name like others, of no authority there is.",
        flag: None,
    },
    Setting {
        key: "persona.authority_host",
        kind: Kind::OptionalText(|config| &mut config.persona.authority_host),
        default: "",
        meaning: "The host that our certificates point to, for revocation lists and the like.",
        reason: "Derived from the organisation's name. We answer for it, as for every other.",
        flag: None,
    },
];
