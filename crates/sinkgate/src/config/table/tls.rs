//! Section `tls`. How TLS is terminated.

use engine::ClientCertificates;

use super::{Setting, pick};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "tls.client_certificates",
        kind: Kind::Choice {
            words: ClientCertificates::WORDS,
            choose: |config, word| {
                pick(&mut config.tls.client_certificates, ClientCertificates::from_word(word))
            },
        },
        default: "ignore",
        meaning: "Whether victims are asked for a certificate of their own, which is recorded.",
        reason: "Some programs break off or ask their user when they are asked.",
        flag: None,
    },
    Setting {
        key: "tls.leaves",
        kind: Kind::Count(|config| &mut config.tls.leaves, 1..=1_000_000),
        default: "10_000",
        meaning: "Certificates kept at hand; those not used for longest are made again if needed.",
        reason: "More than browsing for a day needs, in some 30 MB of memory.",
        flag: None,
    },
    Setting {
        key: "tls.trust_host",
        kind: Kind::OptionalText(|config| &mut config.tls.trust_host),
        default: "",
        meaning: "A host whose page hands out the authority's certificate, for whoever sits at a \
                  victim; the authority's own host does so in any case.",
        reason: "A name that answers alike on every installation would tell programs where they are; \
                 choose one of your own.",
        flag: None,
    },
];
