//! Section `ftp`. What file servers are like.

use super::{SPANS, Setting, accept};
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    accept("ftp.accept", |config| &mut config.ftp.accept),
    Setting {
        key: "ftp.files",
        kind: Kind::Paths(|config| &mut config.ftp.files),
        default: "",
        meaning: "Files that are served by their names, in whatever folder they are asked for, over FTP \
                  and TFTP. Of any other name there is a harmless file of the type that its ending says.",
        reason: "A second stage is fetched as it is, if the analyst has it.",
        flag: None,
    },
    Setting {
        key: "ftp.changes",
        kind: Kind::Count(|config| &mut config.ftp.changes, 0..=1_000_000),
        default: "1000",
        meaning: "Most files and folders that one session puts, makes or removes so that it sees it; \
                  what is put after that is kept as evidence, and in no listing.",
        reason: "More than anything looks at again; a name takes at most 4 KiB.",
        flag: None,
    },
    Setting {
        key: "ftp.kept_bytes",
        kind: Kind::Bytes(|config| &mut config.ftp.kept_bytes, 0..=1 << 30),
        default: "1MiB",
        meaning: "How many bytes of its own uploads a session can fetch back. What is longer is kept as \
                  evidence all the same.",
        reason: "Some look whether what they put there is there, with a file of a few bytes.",
        flag: None,
    },
    Setting {
        key: "ftp.data_wait",
        kind: Kind::Span(|config| &mut config.ftp.data_wait, SPANS),
        default: "60s",
        meaning: "How long a data connection is waited for.",
        reason: "As long as usual servers wait.",
        flag: None,
    },
];
