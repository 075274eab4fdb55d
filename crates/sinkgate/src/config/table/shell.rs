//! Section `shell`. How much one shell may have.

use super::Setting;
use crate::config::kind::Kind;

pub(super) static SETTINGS: &[Setting] = &[
    Setting {
        key: "shell.files",
        kind: Kind::Count(|config| &mut config.shell.files, 1..=100_000),
        default: "500",
        meaning: "Files and variables that somebody in a shell may make; then its disk is full.",
        reason: "Droppers make a few; what they write is kept as files besides.",
        flag: None,
    },
    Setting {
        key: "shell.bytes",
        kind: Kind::Memory(|config| &mut config.shell.bytes, 1_024..=1 << 30),
        default: "4MiB",
        meaning: "Bytes that they may have, all together; they are held in memory.",
        reason: "Programs that come in lines of `echo` have some tens of KiB.",
        flag: None,
    },
    Setting {
        key: "shell.output_bytes",
        kind: Kind::Memory(|config| &mut config.shell.output_bytes, 1_024..=1 << 30),
        default: "4MiB",
        meaning: "Bytes that one line may read, write and put into words; then it is killed.",
        reason: "As much as there may be in files.",
        flag: None,
    },
    Setting {
        key: "shell.commands",
        kind: Kind::Count(|config| &mut config.shell.commands, 1..=1_000_000),
        default: "1000",
        meaning: "Commands that one line may run, loops and scripts included; then it is killed.",
        reason: "The longest scripts of droppers have some hundred; an endless loop ends at once.",
        flag: None,
    },
    Setting {
        key: "shell.levels",
        kind: Kind::Count(|config| &mut config.shell.levels, 1..=64),
        default: "16",
        meaning: "How many levels of commands may be inside each other; then the line is killed.",
        reason: "Nobody writes as many by hand.",
        flag: None,
    },
];
